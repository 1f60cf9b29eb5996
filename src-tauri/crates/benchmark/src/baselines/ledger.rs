//! The open invoices of a run, for rules that look through all of them: a decision lowers what is open for the next.

use crate::shape::{
    AllocationLine, CandidateLine, DecisionLine, Direction, InvoiceLine, PaymentLine, Status, Verdict, minor, sum,
};

/// Places in the ledger.
pub type Way = Vec<usize>;

pub struct Entry {
    pub invoice: InvoiceLine,
    /// Kopecks.
    pub open: i64,
    /// The customer's name in small letters, and its words.
    pub name: String,
    pub words: Vec<String>,
}

/// A name in small letters, and those of its words that are as long as this.
pub fn name_and_words(name: &str, length_min: usize) -> (String, Vec<String>) {
    let name = name.to_lowercase();
    let words = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() >= length_min)
        .map(str::to_owned)
        .collect();
    (name, words)
}

/// In the order of dates, oldest first, then of ids.
pub struct Ledger {
    pub entries: Vec<Entry>,
}

impl Ledger {
    pub fn new(mut invoices: Vec<InvoiceLine>) -> Self {
        invoices.sort_by(|one, other| (one.date, &one.id).cmp(&(other.date, &other.id)));
        let entries = invoices
            .into_iter()
            .map(|invoice| {
                let (name, words) = name_and_words(&invoice.customer.name, super::business_central::LENGTH_MIN);
                Entry {
                    open: minor(&invoice.open).unwrap_or_default(),
                    invoice,
                    name,
                    words,
                }
            })
            .collect();
        Self { entries }
    }

    /// What a payment may be applied to at all: incoming money, unpaid documents in its currency.
    pub fn open(&self, payment: &PaymentLine) -> impl Iterator<Item = (usize, &Entry)> {
        let incoming = payment.direction == Direction::Credit && !payment.reversal;
        self.entries.iter().enumerate().filter(move |(_, entry)| {
            incoming
                && entry.open > 0
                && entry.invoice.status == Status::Open
                && entry.invoice.currency == payment.currency
        })
    }

    /// The answer in the common shape, each way as far as the money goes; what is posted is not open any more.
    pub fn answer(&mut self, payment: &PaymentLine, verdict: Verdict, ways: &[Way]) -> DecisionLine {
        let candidates: Vec<CandidateLine> = (1..)
            .zip(ways)
            .map(|(rank, way)| CandidateLine {
                allocations: self.allocated(payment, way).into_iter().map(|(line, _)| line).collect(),
                rank,
                evidence: Vec::new(),
            })
            .collect();
        let mut allocations = Vec::new();
        if let (Verdict::Auto, Some(best)) = (verdict, ways.first()) {
            for (line, (at, part)) in self.allocated(payment, best) {
                self.entries[at].open -= part;
                allocations.push(line);
            }
        }
        DecisionLine {
            payment: payment.id.clone(),
            decision: verdict,
            allocations,
            remainder: None,
            evidence: Vec::new(),
            against: Vec::new(),
            candidates,
        }
    }

    fn allocated(&self, payment: &PaymentLine, way: &Way) -> Vec<(AllocationLine, (usize, i64))> {
        let mut left = minor(&payment.amount).unwrap_or_default();
        let mut lines = Vec::new();
        for at in way {
            let part = left.min(self.entries[*at].open);
            if part > 0 {
                left -= part;
                let line = AllocationLine {
                    invoice: self.entries[*at].invoice.id.clone(),
                    amount: sum(part),
                };
                lines.push((line, (*at, part)));
            }
        }
        lines
    }
}

/// The same party by what both sides know: the tax number, or the account.
pub fn same_party(payment: &PaymentLine, invoice: &InvoiceLine) -> bool {
    let inn = payment.payer.inn.as_deref().filter(|inn| inn.len() > 1);
    let by_inn = inn.is_some() && inn == invoice.customer.inn.as_deref();
    let account = payment.payer.account.as_deref();
    by_inn || account.is_some_and(|account| invoice.customer.accounts.iter().any(|known| known == account))
}

/// Runs of digits.
pub fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_digit())
        .filter(|run| !run.is_empty())
}
