//! Number, then counterparty (Saby): all numbers of the purpose are looked for among unpaid documents of at most three
//! years; one of the payer's own is linked, else one of somebody else's. A part is as good as the whole.

use std::collections::HashSet;

use chrono::{Months, NaiveDate};

use super::{
    Rules,
    ledger::{Ledger, Way, digit_runs, same_party},
};
use crate::shape::{PaymentLine, Verdict};

const YEARS: u32 = 3;

pub struct Counterparty;

impl Rules for Counterparty {
    fn decide(&self, payment: &PaymentLine, ledger: &Ledger) -> (Verdict, Vec<Way>) {
        let numbers: HashSet<&str> = digit_runs(&payment.purpose)
            .map(|run| run.trim_start_matches('0'))
            .collect();
        let oldest: NaiveDate = payment.date - Months::new(12 * YEARS);
        let found: Vec<(bool, usize)> = ledger
            .open(payment)
            .filter(|(_, entry)| entry.invoice.date >= oldest)
            .filter(|(_, entry)| {
                // The document's number without its prefix is its last run of digits.
                digit_runs(&entry.invoice.number)
                    .last()
                    .is_some_and(|run| numbers.contains(run.trim_start_matches('0')))
            })
            .map(|(at, entry)| (!same_party(payment, &entry.invoice), at))
            .collect();
        let mut ways: Vec<(bool, Way)> = found.into_iter().map(|(other, at)| (other, vec![at])).collect();
        ways.sort_by_key(|(other, _)| *other);
        let verdict = if ways.is_empty() { Verdict::None } else { Verdict::Auto };
        (verdict, ways.into_iter().map(|(_, way)| way).collect())
    }
}
