//! What the engine answers, and its JSON (the lines of `sverka match`).

use domain::{Allocation, InvoiceId, Money, Text};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{
    purpose::slice,
    reasons::{AgainstKind, EvidenceKind},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Posted without a person.
    Auto,
    /// At least one candidate; a person decides.
    Review,
    /// Not a customer's payment, or nothing fits.
    None,
}

/// The engine's answer about one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The payment's id.
    pub payment: String,
    #[serde(rename = "decision")]
    pub verdict: Verdict,
    /// The row of the [table](crate::table::TABLE) that the best candidate stands in: what a payer's autonomy is
    /// earned by. `None` without a candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<&'static str>,
    /// Decided without a person, or would be if this payer had earned the class: a person's confirmation counts.
    #[serde(skip)]
    pub earns: bool,
    /// Filled only for [`Verdict::Auto`].
    #[serde(serialize_with = "allocations")]
    pub allocations: Vec<Allocation>,
    /// What of the payment is not allocated.
    #[serde(serialize_with = "decimal")]
    pub remainder: Money,
    /// Of the decision (auto), of the best candidate (review), of what the payment is instead (none).
    pub evidence: Vec<Evidence>,
    /// Why no machine decided.
    pub against: Vec<Against>,
    /// Best first.
    pub candidates: Vec<Candidate>,
    /// The earlier payment of this run that this one takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Undoes>,
    /// It takes back one of these, and nothing tells which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub may_undo: Vec<String>,
}

impl Decided {
    /// A reason that holds whatever the candidate.
    pub(crate) fn add_to_all(&mut self, evidence: &Evidence) {
        self.evidence.push(evidence.clone());
        for candidate in &mut self.candidates {
            candidate.evidence.push(evidence.clone());
        }
    }

    /// Said to be something else than a customer's payment; that nothing fits is no such knowledge.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.verdict == Verdict::None
            && self
                .evidence
                .iter()
                .any(|evidence| evidence.kind != EvidenceKind::NothingFits)
    }
}

/// Money that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undoes {
    /// The id of the payment that is taken back.
    pub payment: String,
    /// Whether nothing of that payment is left.
    pub full: bool,
}

/// One way to allocate the payment. No allocations: what the payment names is closed, the money would stay an advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    #[serde(serialize_with = "allocations")]
    pub allocations: Vec<Allocation>,
    /// Counted from 1.
    pub rank: u32,
    /// What of the payment no invoice takes: an advance («аванс»), for which a payer of VAT owes an advance invoice.
    #[serde(serialize_with = "some_decimal", skip_serializing_if = "Option::is_none")]
    pub advance: Option<Money>,
    pub evidence: Vec<Evidence>,
    pub against: Vec<Against>,
}

/// A reason for. With a place, `text` is the purpose's characters from `start` up to `end`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub kind: EvidenceKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_invoice: Option<InvoiceId>,
}

impl Evidence {
    pub(crate) const fn plain(kind: EvidenceKind) -> Self {
        Self {
            kind,
            text: None,
            start: None,
            end: None,
            for_invoice: None,
        }
    }

    /// With the words it rests on: the purpose's characters from `start` up to `end`.
    pub(crate) fn placed(kind: EvidenceKind, purpose: &str, start: usize, end: usize) -> Self {
        Self {
            text: Some(slice(purpose, start, end)),
            start: Some(start),
            end: Some(end),
            ..Self::plain(kind)
        }
    }
}

/// A reason against, in a sentence about this very case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    pub kind: AgainstKind,
    pub text: Text,
}

impl Against {
    pub(crate) fn plain(kind: AgainstKind) -> Self {
        Self {
            kind,
            text: kind.text(),
        }
    }
}

impl Serialize for Against {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Line<'a> {
            kind: AgainstKind,
            text: &'a str,
            text_en: &'a str,
        }
        Line {
            kind: self.kind,
            text: &self.text.ru,
            text_en: &self.text.en,
        }
        .serialize(serializer)
    }
}

fn allocations<S: Serializer>(allocations: &[Allocation], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Line<'a> {
        invoice: &'a InvoiceId,
        amount: String,
    }
    let mut lines = serializer.serialize_seq(Some(allocations.len()))?;
    for Allocation { invoice, amount } in allocations {
        lines.serialize_element(&Line {
            invoice,
            amount: amount.decimal(),
        })?;
    }
    lines.end()
}

fn decimal<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&money.decimal())
}

/// Left out where there is none.
fn some_decimal<S: Serializer>(money: &Option<Money>, serializer: S) -> Result<S::Ok, S::Error> {
    match money {
        Some(money) => decimal(money, serializer),
        None => serializer.serialize_none(),
    }
}
