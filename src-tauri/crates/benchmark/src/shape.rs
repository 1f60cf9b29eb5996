//! The lines of `sverka match`, read and written: what a judged program gets and what it answers.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    pub id: String,
    pub number: String,
    pub date: NaiveDate,
    pub amount: String,
    pub open: String,
    pub currency: String,
    pub customer: CustomerLine,
    pub status: Status,
    pub due: Option<NaiveDate>,
    pub contract: Option<String>,
    pub company: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Open,
    Paid,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerLine {
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub accounts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentLine {
    pub id: String,
    pub date: NaiveDate,
    pub amount: String,
    pub currency: String,
    pub payer: PayerLine,
    pub purpose: String,
    pub direction: Direction,
    pub kind: Option<String>,
    pub number: Option<String>,
    pub own_account: Option<String>,
    pub reversal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Credit,
    Debit,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PayerLine {
    pub name: Option<String>,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub account: Option<String>,
    pub bic: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PolicyFile {
    pub own: Vec<OwnLine>,
    pub facts: Vec<FactLine>,
    pub caps: CapsLine,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnLine {
    pub inn: Option<String>,
    pub accounts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FactLine {
    pub payer_inn: Option<String>,
    pub payer_account: Option<String>,
    pub pays_for_inn: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CapsLine {
    pub automatic_sum: Option<String>,
}

/// One answer. What a program does not say counts as silence, and fields beyond these are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionLine {
    pub payment: String,
    pub decision: Verdict,
    #[serde(default)]
    pub allocations: Vec<AllocationLine>,
    #[serde(default)]
    pub remainder: Option<String>,
    #[serde(default)]
    pub evidence: Vec<EvidenceLine>,
    #[serde(default)]
    pub against: Vec<AgainstLine>,
    #[serde(default)]
    pub candidates: Vec<CandidateLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Auto,
    Review,
    None,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AllocationLine {
    pub invoice: String,
    pub amount: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceLine {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<usize>,
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_invoice: Option<String>,
}

impl EvidenceLine {
    #[must_use]
    pub fn plain(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            text: None,
            start: None,
            end: None,
            for_invoice: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgainstLine {
    pub kind: String,
    #[serde(default)]
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateLine {
    #[serde(default)]
    pub allocations: Vec<AllocationLine>,
    #[serde(default)]
    pub rank: u32,
    #[serde(default)]
    pub evidence: Vec<EvidenceLine>,
}

/// Kopecks as a decimal text.
#[must_use]
pub fn sum(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// A decimal text as kopecks; `None` for what is no sum.
#[must_use]
pub fn minor(text: &str) -> Option<i64> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let cents: i64 = match cents.len() {
        1 => cents.parse::<i64>().ok()?.checked_mul(10)?,
        2 => cents.parse().ok()?,
        _ => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}
