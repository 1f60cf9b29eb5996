//! An entry and its payments while they are being read. One of each is used again and again: a file has millions.

use chrono::NaiveDate;
use domain::{Direction, Money, RawFields};

use crate::diagnostic::Place;

use super::{
    element::Node,
    party::Party,
    value::{direction, flag, reference},
};

/// Payments of one entry that are kept. More are counted, and told.
pub const DETAILS_MAX: usize = 20_000;
/// Bytes of what is kept of an entry as the bank wrote it. A batch of that size has its payments in `details` anyway.
pub const RAW_BYTES_MAX: usize = 256 * 1024;
/// Bytes of text of one entry, after which no more of its payments are kept: they are held together until its end.
pub const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes of one payment's purpose. The schema has 140 characters a line and no end of lines.
pub const PURPOSE_BYTES_MAX: usize = 64 * 1024;
/// `PMNT/RCDT/ESCT`, and no more than a few of them.
const KIND_BYTES_MAX: usize = 64;
/// A line of `Ustrd` this long was cut by the schema and goes on in the next.
const USTRD_CHARS: usize = 140;

/// A sum that was read, or whose fault was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Sum {
    #[default]
    None,
    Known(Money),
    Unreadable,
}

impl Sum {
    pub(super) fn known(self) -> Option<Money> {
        match self {
            Self::Known(money) => Some(money),
            Self::None | Self::Unreadable => None,
        }
    }
}

/// `BkTxCd`: domain, family and sub-family, or the bank's own.
#[derive(Debug, Default)]
pub(super) struct TransactionCode {
    iso: String,
    own: String,
}

impl TransactionCode {
    fn clear(&mut self) {
        self.iso.clear();
        self.own.clear();
    }

    fn take(&mut self, node: Node, text: &str) {
        match node {
            Node::CodePart if self.iso.len() + text.len() >= KIND_BYTES_MAX => {}
            Node::CodePart => {
                if !self.iso.is_empty() {
                    self.iso.push('/');
                }
                self.iso.push_str(text);
            }
            _ => {
                self.own.clear();
                self.own.push_str(text);
            }
        }
    }

    pub(super) fn kind(&self) -> Option<&str> {
        [&self.iso, &self.own]
            .into_iter()
            .map(String::as_str)
            .find(|text| !text.is_empty())
    }
}

/// What the bank took for itself, as far as it is inside the entry's sum.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Charges {
    amount: Sum,
    credit: bool,
    inside: bool,
    /// Minor units that lower a credit and raise a debit; of the currency of `taken`.
    pub(super) included: i128,
    pub(super) taken: Option<Money>,
}

impl Charges {
    fn end_record(&mut self) {
        if let (Some(money), true) = (self.amount.known(), self.inside) {
            let minor = i128::from(money.minor());
            self.included += if self.credit { -minor } else { minor };
            self.taken.get_or_insert(money);
        }
        (self.amount, self.credit, self.inside) = (Sum::None, false, false);
    }
}

/// `TxDtls`.
#[derive(Debug, Default)]
pub(super) struct Payment {
    pub(super) place: Place,
    pub(super) debtor: Party,
    pub(super) creditor: Party,
    pub(super) amount: Sum,
    pub(super) paid: Sum,
    pub(super) instructed: Sum,
    pub(super) direction: Option<Direction>,
    pub(super) end_to_end: String,
    references: String,
    remittance: String,
    cut_line: bool,
    /// Not all of its purpose was kept.
    pub(super) shortened: bool,
    pub(super) info: String,
    pub(super) code: TransactionCode,
    pub(super) charges: Charges,
    pub(super) returned: bool,
}

impl Payment {
    pub(super) fn clear(&mut self, place: Place) {
        self.place = place;
        self.debtor.clear();
        self.creditor.clear();
        (self.amount, self.paid, self.instructed) = (Sum::None, Sum::None, Sum::None);
        self.direction = None;
        for text in [
            &mut self.end_to_end,
            &mut self.references,
            &mut self.remittance,
            &mut self.info,
        ] {
            text.clear();
        }
        (self.cut_line, self.shortened) = (false, false);
        self.code.clear();
        self.charges = Charges::default();
        self.returned = false;
    }

    pub(super) fn take(&mut self, node: Node, text: &str) {
        match node {
            Node::EndToEnd => replace(&mut self.end_to_end, text),
            Node::TransactionSign => self.direction = direction(text),
            Node::TransactionInfo => replace(&mut self.info, text),
            Node::CodePart | Node::ProprietaryCode => self.code.take(node, text),
            Node::ChargeSign => self.charges.credit = text == "CRDT",
            Node::ChargeIncluded => self.charges.inside = flag(text),
            Node::CreditorReference | Node::DocumentNumber if reference(text).is_some() => {
                self.shortened |= !append(&mut self.references, text, true);
            }
            Node::Unstructured | Node::ExtraRemittance => {
                self.shortened |= !append(&mut self.remittance, text, !self.cut_line);
                self.cut_line = text.len() >= USTRD_CHARS && text.chars().count() == USTRD_CHARS;
            }
            _ => {}
        }
    }

    pub(super) fn take_sum(&mut self, node: Node, sum: Sum) {
        match node {
            Node::TransactionAmount => self.amount = sum,
            Node::PaidAmount => self.paid = sum,
            Node::InstructedAmount => self.instructed = sum,
            Node::ChargeAmount => self.charges.amount = sum,
            _ => {}
        }
    }

    /// Structured references first: they were typed once and checked.
    pub(super) fn purpose(&self) -> Option<String> {
        match (self.references.as_str(), self.remittance.as_str()) {
            ("", "") => reference(&self.info).map(str::to_owned),
            ("", text) | (text, "") => Some(text.to_owned()),
            (references, text) if text.contains(references) => Some(text.to_owned()),
            (references, text) => Some(format!("{references} {text}")),
        }
    }

    pub(super) fn end_charge(&mut self) {
        self.charges.end_record();
    }
}

/// `Ntry`.
#[derive(Debug, Default)]
pub(super) struct EntryDraft {
    pub(super) place: Place,
    /// Its markup is broken: told already, and nothing of it can be trusted.
    pub(super) damaged: bool,
    pub(super) amount: Sum,
    pub(super) direction: Option<Direction>,
    pub(super) reversal: bool,
    pub(super) status: String,
    pub(super) booked: Option<NaiveDate>,
    pub(super) value: Option<NaiveDate>,
    pub(super) number: String,
    pub(super) bank_reference: String,
    pub(super) info: String,
    pub(super) code: TransactionCode,
    pub(super) charges: Charges,
    /// Of which the first `payments_kept` are of this entry, and one more may be read that is not kept.
    payments: Vec<Payment>,
    payments_kept: usize,
    /// The one being read.
    payment: usize,
    text_bytes: usize,
    pub(super) payments_seen: u64,
    pub(super) raw: RawFields,
    raw_bytes: usize,
    /// Not all of its text was kept.
    pub(super) shortened: bool,
    /// The element that says two different things: which of them is meant, nobody knows.
    pub(super) repeated: Option<&'static str>,
    /// What stands for a date and is none.
    pub(super) no_date: Option<(Place, String)>,
}

impl EntryDraft {
    pub(super) fn clear(&mut self, place: Place) {
        self.place = place;
        self.damaged = false;
        self.amount = Sum::None;
        self.direction = None;
        self.reversal = false;
        (self.booked, self.value) = (None, None);
        for text in [
            &mut self.status,
            &mut self.number,
            &mut self.bank_reference,
            &mut self.info,
        ] {
            text.clear();
        }
        self.code.clear();
        self.charges = Charges::default();
        // A batch's worth of them is not kept for the next entry.
        self.payments.truncate(8);
        (self.payments_kept, self.payments_seen, self.text_bytes) = (0, 0, 0);
        self.raw = RawFields::with_capacity(self.raw_bytes.min(4096));
        self.raw_bytes = 0;
        self.shortened = false;
        self.repeated = None;
        self.no_date = None;
    }

    pub(super) fn has_day(&self) -> bool {
        self.booked.or(self.value).is_some()
    }

    /// As many as are kept, in their order.
    pub(super) fn payments(&self) -> &[Payment] {
        &self.payments[..self.payments_kept]
    }

    /// Those beyond [`DETAILS_MAX`] or [`BATCH_BYTES_MAX`] are read one over the other.
    pub(super) fn begin_payment(&mut self, place: Place) {
        self.payments_seen += 1;
        self.payment = self.payments_kept;
        if self.payments.len() == self.payment {
            self.payments.push(Payment::default());
        }
        if self.payments_kept < DETAILS_MAX && self.text_bytes <= BATCH_BYTES_MAX {
            self.payments_kept += 1;
        }
        if let Some(payment) = self.payment() {
            payment.clear(place);
        }
    }

    pub(super) fn payment(&mut self) -> Option<&mut Payment> {
        self.payments.get_mut(self.payment)
    }

    pub(super) fn take(&mut self, node: Node, text: &str) {
        match node {
            Node::EntryReference => replace(&mut self.number, text),
            Node::EntrySign => {
                let direction = direction(text);
                if self.direction.is_some() && self.direction != direction {
                    self.repeated = Some("CdtDbtInd");
                }
                self.direction = direction;
            }
            Node::EntryReversal => self.reversal = flag(text),
            Node::EntryStatus => replace(&mut self.status, text),
            Node::EntryBankReference => replace(&mut self.bank_reference, text),
            Node::EntryInfo => replace(&mut self.info, text),
            Node::CodePart | Node::ProprietaryCode => self.code.take(node, text),
            Node::ChargeSign => self.charges.credit = text == "CRDT",
            Node::ChargeIncluded => self.charges.inside = flag(text),
            _ => {}
        }
    }

    pub(super) fn take_sum(&mut self, node: Node, sum: Sum) {
        match node {
            Node::EntryAmount => {
                if self.amount != Sum::None && self.amount != sum {
                    self.repeated = Some("Amt");
                }
                self.amount = sum;
            }
            Node::ChargeAmount => self.charges.amount = sum,
            _ => {}
        }
    }

    pub(super) fn end_charge(&mut self) {
        self.charges.end_record();
    }

    /// `text` is not empty; `currency`, where it has one, stands behind it.
    pub(super) fn keep_raw(&mut self, path: &str, text: &str, currency: &str) {
        let text_bytes = text.len() + currency.len() + usize::from(!currency.is_empty());
        self.text_bytes += text_bytes;
        let bytes = path.len() + text_bytes + 2;
        if self.raw_bytes + bytes > RAW_BYTES_MAX {
            self.shortened = true;
            return;
        }
        self.raw_bytes += bytes;
        self.raw.push(path, text);
        if !currency.is_empty() {
            self.raw.extend_last(currency);
        }
    }
}

fn replace(field: &mut String, text: &str) {
    field.clear();
    field.push_str(text);
}

/// `false`: there is no room for it.
fn append(to: &mut String, text: &str, apart: bool) -> bool {
    if to.len() + text.len() >= PURPOSE_BYTES_MAX {
        return false;
    }
    if apart && !to.is_empty() {
        to.push(' ');
    }
    to.push_str(text);
    true
}
