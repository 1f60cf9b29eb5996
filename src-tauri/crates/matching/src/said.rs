//! What the purpose says beside numbers that concerns every invoice alike: parts, other occasions, other people.

use std::{cell::OnceCell, hash::Hasher};

use chrono::NaiveDate;
use domain::Money;
use rust_decimal::Decimal;
use rustc_hash::FxHasher;

use crate::{
    decided::Evidence,
    fold::{folded, name_key},
    names::differ_in_form,
    payment::Payment,
    purchase,
    purpose::{Finding, FindingKind, PartKind, Reading, occasion},
    reasons::EvidenceKind,
};

/// What was read, and what is asked of it more than once.
#[derive(Debug)]
pub struct Said<'a> {
    pub reading: &'a Reading,
    payment: &'a Payment,
    occasion: OnceCell<Option<(usize, usize)>>,
    invoice_date: OnceCell<Option<NaiveDate>>,
    purchase: OnceCell<bool>,
}

impl<'a> Said<'a> {
    pub const fn new(payment: &'a Payment, reading: &'a Reading) -> Self {
        Self {
            reading,
            payment,
            occasion: OnceCell::new(),
            invoice_date: OnceCell::new(),
            purchase: OnceCell::new(),
        }
    }

    /// The first word of another occasion, with its place.
    pub fn occasion(&self) -> Option<(usize, usize)> {
        *self.occasion.get_or_init(|| occasion(&self.payment.purpose))
    }

    /// Whether it says that something is paid for, or says nothing at all.
    pub fn names_a_purchase(&self) -> bool {
        *self
            .purchase
            .get_or_init(|| purchase::is_named(&self.payment.purpose, self.reading))
    }

    /// The purpose as one number, to tell whether it came before. Spaces are left out: banks wrap lines.
    pub fn words(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for word in self.payment.purpose.split_ascii_whitespace() {
            hasher.write(word.as_bytes());
        }
        hasher.finish()
    }

    /// Whether an advance or a part is named, and no rest.
    pub fn names_advance(&self) -> bool {
        let mut parts = self
            .reading
            .of(FindingKind::Part)
            .filter_map(|finding| finding.part)
            .peekable();
        parts.peek().is_some() && parts.all(|part| part != PartKind::Rest)
    }

    /// A reason with the words it rests on.
    pub fn quote(&self, kind: EvidenceKind, start: usize, end: usize) -> Evidence {
        Evidence::placed(kind, &self.payment.purpose, start, end)
    }

    /// A date that is called an invoice's by «счёт от», without a number.
    pub fn invoice_date(&self) -> Option<NaiveDate> {
        *self
            .invoice_date
            .get_or_init(|| invoice_date(&self.payment.purpose, self.reading))
    }
}

/// What the words about a part come to, for one invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartFact {
    /// No part is named, or nothing that could agree or not.
    Silent,
    /// The sum is the part that stands from .. to ..
    Agrees(usize, usize),
    /// Another share is named than was paid.
    Differs,
}

/// Whether the part that the words name is what was paid.
pub fn part_fact(reading: &Reading, paid: Money, whole: Money, open: Money) -> PartFact {
    let mut percentages = false;
    for part in reading.of(FindingKind::Part) {
        if let Some(percent) = part.percent {
            percentages = true;
            if is_share(paid, whole, percent) {
                return PartFact::Agrees(part.start, part.end);
            }
        }
    }
    if percentages {
        return PartFact::Differs;
    }
    let Some(part) = reading.of(FindingKind::Part).next() else {
        return PartFact::Silent;
    };
    let less = paid.minor() < open.minor();
    match part.part {
        Some(PartKind::Advance | PartKind::Part) if less && !names_both(reading) => {
            PartFact::Agrees(part.start, part.end)
        }
        // All of it is no part.
        Some(PartKind::Part) if paid == open && open == whole => PartFact::Differs,
        Some(PartKind::Rest) if paid == open => PartFact::Agrees(part.start, part.end),
        _ => PartFact::Silent,
    }
}

/// «Аванс, остаток после отгрузки»: nobody knows which one this is.
fn names_both(reading: &Reading) -> bool {
    reading
        .of(FindingKind::Part)
        .any(|part| part.part == Some(PartKind::Rest))
}

/// Whether so many per cent of the whole are so much, whichever way a part of a kopeck was rounded.
fn is_share(paid: Money, whole: Money, percent: Decimal) -> bool {
    let hundredfold = Decimal::from(paid.minor()).checked_mul(Decimal::ONE_HUNDRED);
    let share = Decimal::from(whole.minor()).checked_mul(percent);
    paid.currency() == whole.currency()
        && hundredfold
            .zip(share)
            .and_then(|(paid, share)| paid.checked_sub(share))
            .is_some_and(|difference| difference.abs() < Decimal::ONE_HUNDRED)
}

fn invoice_date(purpose: &str, reading: &Reading) -> Option<NaiveDate> {
    let called = |finding: &&Finding| {
        let before: String = purpose.chars().take(finding.start).collect();
        let mut words = before.split_whitespace().rev().map(folded);
        words.next().is_some_and(|word| word == "от")
            && words
                .next()
                .is_some_and(|word| word.starts_with("счет") || word.starts_with("сч"))
    };
    reading
        .of(FindingKind::Date)
        .find(called)
        .and_then(|finding| finding.date)
}

/// Whether somebody is paid for who has not this name.
pub fn for_another(reading: &Reading, customer_name: &str) -> bool {
    let mut named = reading.of(FindingKind::Behalf).peekable();
    if named.peek().is_none() {
        return false;
    }
    let customer = name_key(customer_name);
    named.any(|behalf| name_key(&behalf.value) != customer || differ_in_form(&behalf.value, customer_name))
}

#[cfg(test)]
mod tests {
    use domain::Currency;

    use super::*;
    use crate::purpose::read;

    fn roubles(minor: i64) -> Money {
        Money::from_minor(minor, Currency::RUB)
    }

    fn part(purpose: &str, paid: i64, whole: i64, open: i64) -> PartFact {
        part_fact(&read(purpose), roubles(paid), roubles(whole), roubles(open))
    }

    #[test]
    fn a_percentage_is_of_the_whole_and_rounded_either_way() {
        for paid in [333, 334] {
            assert!(matches!(
                part("предоплата 50 % сч 145", paid, 667, 667),
                PartFact::Agrees(..)
            ));
        }
        assert_eq!(part("предоплата 50 % сч 145", 332, 667, 667), PartFact::Differs);
        assert_eq!(part("предоплата 50 % сч 145", 335, 667, 667), PartFact::Differs);
        assert_eq!(part("предоплата 50 % сч 145", 667, 667, 667), PartFact::Differs);
    }

    #[test]
    fn words_without_a_percentage_name_a_part_or_the_rest() {
        assert!(matches!(part("аванс сч 145", 100, 667, 667), PartFact::Agrees(..)));
        assert!(matches!(part("доплата сч 145", 100, 667, 100), PartFact::Agrees(..)));
        assert_eq!(part("доплата сч 145", 100, 667, 667), PartFact::Silent);
        assert_eq!(part("аванс сч 145", 667, 667, 667), PartFact::Silent);
        assert_eq!(part("частичная оплата сч 145", 667, 667, 667), PartFact::Differs);
        assert_eq!(part("сч 145", 100, 667, 667), PartFact::Silent);
    }

    #[test]
    fn only_a_date_of_the_invoice_is_one() {
        for (purpose, found) in [
            ("Оплата по счету от 12.03.2025", true),
            ("Оплата по договору от 12.03.2025", false),
            ("12.03.2025", false),
        ] {
            assert_eq!(invoice_date(purpose, &read(purpose)).is_some(), found, "{purpose}");
        }
    }
}
