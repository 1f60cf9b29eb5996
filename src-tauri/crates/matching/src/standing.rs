//! The table: which facts together stand where. Only the first row is ever automatic.

use crate::{
    book::Book,
    facts::{DateFact, Fit, SumFact},
    number::Agreement,
    payment::Payment,
};

/// How well an invoice fits, best first. Only the first is ever decided without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The number is named, the payer is sure, the sum is exact.
    Whole,
    NumberMentionedPayerSum,
    NumberNameSum,
    NumberPayer,
    NumberSum,
    PayerSum,
    MentionedNameSum,
    MentionedPayer,
    NumberName,
    NameSum,
    MentionedSum,
    PayerOnly,
    NumberOnly,
    NameOnly,
}

impl Standing {
    /// The row's name: in JSON, in the ledger, in what a payer earned. Names never change their meaning.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::NumberMentionedPayerSum => "number_mentioned_payer_sum",
            Self::NumberNameSum => "number_name_sum",
            Self::NumberPayer => "number_payer",
            Self::NumberSum => "number_sum",
            Self::PayerSum => "payer_sum",
            Self::MentionedNameSum => "mentioned_name_sum",
            Self::MentionedPayer => "mentioned_payer",
            Self::NumberName => "number_name",
            Self::NameSum => "name_sum",
            Self::MentionedSum => "mentioned_sum",
            Self::PayerOnly => "payer_only",
            Self::NumberOnly => "number_only",
            Self::NameOnly => "name_only",
        }
    }

    /// `None`: too little to be shown to anybody.
    pub fn of(fit: &Fit<'_>) -> Option<Self> {
        #[derive(PartialEq, Eq)]
        enum Number {
            Named,
            Mentioned,
            Silent,
        }
        enum Payer {
            Sure,
            Maybe,
            Unknown,
        }
        let number = match fit.number {
            Some(number) if number.named => Number::Named,
            Some(_) => Number::Mentioned,
            None => Number::Silent,
        };
        let payer = match fit.link {
            Some(link) if link.is_sure() => Payer::Sure,
            Some(_) => Payer::Maybe,
            None => Payer::Unknown,
        };
        Some(match (number, payer, fit.is_exact()) {
            (Number::Named, Payer::Sure, true) => Self::Whole,
            (Number::Mentioned, Payer::Sure, true) => Self::NumberMentionedPayerSum,
            (Number::Named, Payer::Maybe, true) => Self::NumberNameSum,
            (Number::Named, Payer::Sure, false) => Self::NumberPayer,
            (Number::Named, Payer::Unknown, true) => Self::NumberSum,
            (Number::Silent, Payer::Sure, true) => Self::PayerSum,
            (Number::Mentioned, Payer::Maybe, true) => Self::MentionedNameSum,
            (Number::Mentioned, Payer::Sure, false) => Self::MentionedPayer,
            (Number::Named, Payer::Maybe, false) => Self::NumberName,
            (Number::Silent, Payer::Maybe, true) => Self::NameSum,
            (Number::Mentioned, Payer::Unknown, true) => Self::MentionedSum,
            (Number::Silent, Payer::Sure, false) => Self::PayerOnly,
            (Number::Named, Payer::Unknown, false) => Self::NumberOnly,
            (_, Payer::Maybe, false) => Self::NameOnly,
            (Number::Mentioned, Payer::Unknown, false) | (Number::Silent, Payer::Unknown, _) => return None,
        })
    }

    /// Enough of a customer's payment to be asked about even where the words speak of a loan or a refund.
    pub const fn speaks_for_a_customer(self) -> bool {
        matches!(
            self,
            Self::Whole
                | Self::NumberMentionedPayerSum
                | Self::NumberNameSum
                | Self::NumberPayer
                | Self::NumberSum
                | Self::PayerSum
                | Self::NumberName
        )
    }
}

/// An invoice with its place in the table.
#[derive(Debug, Clone)]
pub struct Placed<'a> {
    pub fit: Fit<'a>,
    pub standing: Standing,
}

impl Placed<'_> {
    /// Whether a person could post the payment to it.
    pub fn can_take(&self) -> bool {
        self.fit.open && self.fit.sum != SumFact::OtherCurrency
    }

    /// Two that agree in this fit equally: nothing in the payment tells them apart.
    pub fn fits_like(&self, other: &Self) -> bool {
        self.standing == other.standing
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
pub fn sort(placed: &mut [Placed<'_>], payment: &Payment, book: &Book) {
    placed.sort_by_cached_key(|one| {
        let days_apart = (payment.date - book.slot(one.fit.slot).invoice.date).num_days();
        let agreement = one.fit.number.map_or(Agreement::Digits, |number| number.agreement);
        let date = match one.fit.date {
            DateFact::Named(..) => 0,
            DateFact::Mentioned(..) => 1,
            DateFact::Silent => 2,
            DateFact::Differs => 3,
        };
        (
            !one.can_take(),
            one.standing,
            one.fit.after_payment,
            date,
            agreement,
            one.fit.link,
            // What is owed longest is paid first.
            std::cmp::Reverse(days_apart),
            one.fit.slot,
        )
    });
}

/// Whether the words alone may not hide this payment.
pub fn is_a_customers(placed: &[Placed<'_>]) -> bool {
    placed.iter().any(|one| one.standing.speaks_for_a_customer())
}
