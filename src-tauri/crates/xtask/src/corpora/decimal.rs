//! Amounts as text, compared exactly.

use std::{fmt, ops::Neg};

/// The corpora have amounts of at most five decimals.
const DECIMALS: usize = 5;

/// In units of 10^-5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decimal(pub i128);

impl Decimal {
    /// `None`: not a decimal number, or finer than five decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || part.len() > DECIMALS || !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let units: i128 = format!("{whole}{part:0<DECIMALS$}").parse().ok()?;
        Some(Self(if negative { -units } else { units }))
    }
}

impl Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let (whole, part) = (units / 100_000, format!("{:05}", units % 100_000));
        let part = part.trim_end_matches('0');
        write!(f, "{sign}{whole}.{part:0<2}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_number_are_equal() {
        for (left, right) in [
            ("300", "300.00"),
            ("-0.20", "-0.2"),
            ("0", "-0.0"),
            ("007.5", "7.50000"),
        ] {
            assert_eq!(Decimal::parse(left), Decimal::parse(right), "{left} {right}");
            assert!(Decimal::parse(left).is_some(), "{left}");
        }
        assert_eq!(Decimal::parse("1.5").unwrap().to_string(), "1.50");
        assert_eq!((-Decimal::parse("0.00001").unwrap()).to_string(), "-0.00001");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".5", "1,5", "1.000001", "{{amount}}", "1e5"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
