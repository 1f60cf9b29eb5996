//! Lines of invoices that were not understood. One of them may be the second invoice that fits a payment, so whatever
//! they may speak of is put before a person; the rest is none of their business.

use matching::Payment;

/// Lines that are kept; with more, or with a longer one, everything is put before a person.
const LINES_MAX: usize = 100;
const LINE_BYTES_MAX: usize = 64 * 1024;
/// Shorter runs of digits stand in any line.
const DIGITS_MIN: usize = 2;

#[derive(Default)]
pub struct Unread {
    lines: Vec<String>,
    too_many: bool,
}

impl Unread {
    pub fn add(&mut self, line: &[u8]) {
        if self.lines.len() == LINES_MAX || line.len() > LINE_BYTES_MAX {
            self.too_many = true;
        } else {
            self.lines.push(String::from_utf8_lossy(line).into_owned());
        }
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && !self.too_many
    }

    /// Whether a line holds the payer's INN or account, the sum, or a number of the purpose.
    pub fn may_concern(&self, payment: &Payment) -> bool {
        if self.is_empty() {
            return false;
        }
        let payer = &payment.payer;
        let sum = payment.amount.decimal();
        let roubles = sum.trim_end_matches('0').trim_end_matches('.');
        let known = [payer.inn.as_deref(), payer.account.as_deref(), Some(roubles)];
        let numbers = payment
            .purpose
            .split(|letter: char| !letter.is_ascii_digit())
            .map(|digits| digits.trim_start_matches('0'))
            .filter(|digits| digits.len() >= DIGITS_MIN);
        let words: Vec<&str> = known
            .into_iter()
            .flatten()
            .chain(numbers)
            .filter(|word| !word.is_empty())
            .collect();
        self.too_many
            || self
                .lines
                .iter()
                .any(|line| words.iter().any(|word| line.contains(word)))
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use domain::{Counterparty, Currency, Money};

    use super::*;

    fn payment() -> Payment {
        Payment {
            id: "p".to_owned(),
            date: NaiveDate::from_ymd_opt(2025, 3, 14).unwrap(),
            amount: Money::from_minor(1_500_050, Currency::RUB),
            payer: Counterparty {
                inn: Some("7701234567".into()),
                ..Counterparty::default()
            },
            purpose: "Оплата по счету № 000145".to_owned(),
            direction: None,
            kind: None,
            number: None,
            own_account: None,
            reversal: false,
            hold: None,
        }
    }

    fn concerns(line: &[u8]) -> bool {
        let mut unread = Unread::default();
        unread.add(line);
        unread.may_concern(&payment())
    }

    #[test]
    fn a_line_concerns_whom_it_may_speak_of() {
        for line in [
            r#"{"inn":"7701234567", oops"#,
            r#"{"open":"15000.5"#,
            r#"{"number":"СЧ-145","date":"2025-02-31"}"#,
        ] {
            assert!(concerns(line.as_bytes()), "{line}");
        }
        for line in ["{bad", r#"{"inn":"7707083893","number":"77"}"#, ""] {
            assert!(!concerns(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn what_is_too_much_to_look_through_concerns_everybody() {
        assert!(!Unread::default().may_concern(&payment()));
        assert!(!concerns(&vec![b'x'; LINE_BYTES_MAX]));
        assert!(concerns(&vec![b'x'; LINE_BYTES_MAX + 1]));
        let mut unread = Unread::default();
        (0..LINES_MAX).for_each(|_| unread.add(b"x"));
        assert!(!unread.may_concern(&payment()));
        unread.add(b"x");
        assert!(unread.may_concern(&payment()));
    }
}
