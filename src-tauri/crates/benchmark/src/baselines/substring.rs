//! The number as a substring (Invoice Ninja, 2024): the first open invoice whose number stands anywhere in the description
//! is matched. The sum is not looked at, and neither is who pays.

use super::{
    Rules,
    ledger::{Ledger, Way},
};
use crate::shape::{PaymentLine, Verdict};

pub struct Substring;

impl Rules for Substring {
    fn decide(&self, payment: &PaymentLine, ledger: &Ledger) -> (Verdict, Vec<Way>) {
        let found = ledger
            .open(payment)
            .find(|(_, entry)| payment.purpose.contains(&entry.invoice.number));
        match found {
            Some((at, _)) => (Verdict::Auto, vec![vec![at]]),
            None => (Verdict::None, Vec::new()),
        }
    }
}
