//! Where an invoice stands in the [table](crate::table), and in which order those that may be meant are shown.

use crate::{
    case::Case,
    decided::Evidence,
    facts::{DateFact, Fit, PayerLink, SumFact},
    number::Agreement,
    reasons::EvidenceKind,
    table::Standing,
    unnumbered,
};

/// An invoice with its place in the table.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    pub fit: Fit<'a>,
    pub standing: Standing,
}

impl<'a> Placed<'a> {
    pub fn new(fit: Fit<'a>) -> Option<Self> {
        Standing::of(fit.facts).map(|standing| Self { fit, standing })
    }

    /// Whether a person could post the payment to it.
    pub fn can_take(&self) -> bool {
        self.fit.open && self.fit.sum != SumFact::OtherCurrency
    }

    /// Two that agree in this fit equally: nothing in the payment tells them apart.
    pub fn fits_like(&self, other: &Self) -> bool {
        let by_sum = || {
            let is_sure = |one: &Self| one.fit.link.is_some_and(PayerLink::is_sure);
            self.fit.rests_on_sum() && other.fit.rests_on_sum() && is_sure(self) == is_sure(other)
        };
        (self.standing == other.standing || by_sum())
            && self.can_take()
            && other.can_take()
            && !self.fit.after_payment
            && !other.fit.after_payment
            && self.names_date() == other.names_date()
            && (self.fit.is_exact() || self.number_place() == other.number_place())
    }

    /// Only a date that stands with the number tells two invoices of one number apart.
    fn names_date(&self) -> bool {
        matches!(self.fit.date, DateFact::Named(..))
    }

    /// «счетам 145 и 146» is a list, «145» of two years is a tie.
    fn number_place(&self) -> Option<usize> {
        self.fit.number.map(|number| number.finding.start)
    }
}

/// Sorts best first, the same way whatever the order was. Invoices are numbered by id, so the last word is the id's.
pub fn sort(placed: &mut [Placed<'_>], case: Case<'_, '_>) {
    let Case {
        payment, said, book, ..
    } = case;
    if placed.len() < 2 {
        return;
    }
    placed.sort_by_cached_key(|one| {
        let days_apart = (payment.date - book.slot(one.fit.slot).invoice.date).num_days();
        let agreement = one.fit.number.map_or(Agreement::Digits, |number| number.agreement);
        let date = match one.fit.date {
            DateFact::Named(..) => 0,
            DateFact::Mentioned(..) => 1,
            DateFact::Silent => 2,
            DateFact::Differs => 3,
        };
        let sum = match one.fit.sum {
            SumFact::Exact => 0,
            SumFact::Kopecks => 1,
            SumFact::Commission => 2,
            SumFact::Less | SumFact::More | SumFact::OtherCurrency => 3,
        };
        let invoice = &book.slot(one.fit.slot).invoice;
        (
            !one.can_take(),
            one.standing,
            one.fit.after_payment,
            date,
            agreement,
            one.fit.link,
            sum,
            unnumbered::contract_order(invoice, said.reading),
            // What is owed longest is paid first.
            std::cmp::Reverse(days_apart),
            one.fit.slot,
        )
    });
}

/// Whether the words alone may not hide this payment. A loan has its own contract and often the sum of an invoice: only
/// a number says that it is one after all.
pub fn is_a_customers(placed: &[Placed<'_>], stranger: Option<&Evidence>) -> bool {
    let is_loan = stranger.is_some_and(|evidence| evidence.kind == EvidenceKind::Loan);
    placed
        .iter()
        .any(|one| one.standing.row().speaks && !(is_loan && one.fit.number.is_none()))
}
