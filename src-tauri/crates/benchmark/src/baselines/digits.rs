//! Digits of four and more (OCA's reconcile models for Odoo 16 and 17): words of at least four characters, reduced to their
//! digits, of which four must be left, are looked for in the numbers of open entries, those of the partner where he is
//! known. Then the first single entry with the exact sum is perfect, else entries are added up in the order of dates;
//! what does not come out within the tolerance (none here) is only proposed.

use std::collections::HashSet;

use super::{
    Rules,
    ledger::{Entry, Ledger, Way, same_party},
};
use crate::shape::{PaymentLine, Verdict, minor};

const LENGTH_MIN: usize = 4;

pub struct Digits;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl Rules for Digits {
    fn decide(&self, payment: &PaymentLine, ledger: &Ledger) -> (Verdict, Vec<Way>) {
        let amount = minor(&payment.amount).unwrap_or_default();
        let tokens: HashSet<String> = payment
            .purpose
            .split_whitespace()
            .filter(|word| word.chars().count() >= LENGTH_MIN)
            .map(digits)
            .filter(|token| token.len() >= LENGTH_MIN)
            .collect();
        let partner_known = ledger
            .open(payment)
            .any(|(_, entry)| same_party(payment, &entry.invoice));
        let of_partner = |entry: &Entry| !partner_known || same_party(payment, &entry.invoice);
        let found: Vec<(usize, i64)> = ledger
            .open(payment)
            .filter(|(_, entry)| of_partner(entry) && tokens.contains(&digits(&entry.invoice.number)))
            .map(|(at, entry)| (at, entry.open))
            .collect();
        if let Some((at, _)) = found.iter().find(|(_, open)| *open == amount) {
            return (Verdict::Auto, vec![vec![*at]]);
        }
        if found.is_empty() {
            return (Verdict::None, Vec::new());
        }
        let mut total = 0;
        let mut way = Way::new();
        for (at, open) in &found {
            if total < amount {
                way.push(*at);
                total += open;
            }
        }
        let verdict = if total == amount {
            Verdict::Auto
        } else {
            Verdict::Review
        };
        (verdict, vec![way])
    }
}
