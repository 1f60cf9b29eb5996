//! Numbers of JSON and of workbooks, from their text to exact money: never through a float.

use domain::{Currency, Money};

/// Significant digits that Excel keeps. What stands behind them in a file is the trace of a binary float
/// (`1234.5600000000001`), not something a bank wrote.
pub(crate) const EXCEL_DIGITS: usize = 15;
/// Beyond this an exponent is no sum.
const EXPONENT_MAX: i32 = 30;

/// `-?digits[.digits][e[+-]digits]`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) negative: bool,
    /// Without leading zeros.
    digits: String,
    /// Where the point stands, counted from the left end of `digits`; may lie outside of them.
    point: i32,
}

impl Decimal {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty()
            && all_digits
            && mantissa.len() <= 60
            && (-EXPONENT_MAX..=EXPONENT_MAX).contains(&exponent)
            && (fraction.is_empty() != mantissa.contains('.'));
        if !fits {
            return None;
        }
        let together = [whole, fraction].concat();
        let digits = together.trim_start_matches('0');
        let shift = i32::try_from(whole.len()).ok()? - i32::try_from(together.len() - digits.len()).ok()?;
        Some(Self {
            negative,
            digits: digits.to_owned(),
            point: shift + exponent,
        })
    }

    /// The decimal that was meant: rounded to [`EXCEL_DIGITS`] significant digits, as Excel itself shows it, but never
    /// short of the kopecks: other programs write them out for sums that are larger.
    pub(crate) fn meant(mut self) -> Self {
        let to_kopecks = usize::try_from(self.point).map_or(0, |whole| whole.saturating_add(2));
        let kept = to_kopecks.max(EXCEL_DIGITS);
        if self.digits.len() > kept {
            let up = self.digits.as_bytes()[kept] >= b'5';
            self.digits.truncate(kept);
            if up {
                self.round_up();
            }
        }
        self
    }

    fn round_up(&mut self) {
        let mut digits = std::mem::take(&mut self.digits).into_bytes();
        for digit in digits.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                self.digits = digits.iter().map(|digit| char::from(*digit)).collect();
                return;
            }
        }
        self.digits = std::iter::once('1')
            .chain(digits.iter().map(|digit| char::from(*digit)))
            .collect();
        self.point += 1;
    }

    /// Written out: `-1234.56`.
    pub(crate) fn plain(&self) -> String {
        let sign = if self.negative && !self.digits.is_empty() {
            "-"
        } else {
            ""
        };
        let digits = self.digits.trim_end_matches('0');
        let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        if digits.is_empty() {
            return "0".to_owned();
        }
        if self.point <= 0 {
            return format!("{sign}0.{}{digits}", zeros(-self.point));
        }
        if self.point >= count {
            return format!("{sign}{digits}{}", zeros(self.point - count));
        }
        let (whole, fraction) = digits.split_at(usize::try_from(self.point).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }

    /// `None`: it has more digits after the point than the currency, or is too large.
    pub(crate) fn money(&self, currency: Currency) -> Option<Money> {
        Money::parse(&self.plain(), currency).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_number_is_exact() {
        for (text, plain) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("65624.0", "65624"),
            ("6.5624E7", "65624000"),
            ("1.5e-1", "0.15"),
            ("1E-2", "0.01"),
            ("0.10", "0.1"),
            ("-1234.56", "-1234.56"),
            ("00012.5", "12.5"),
            ("9007199254740993.01", "9007199254740993.01"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().plain(), plain, "{text}");
        }
        for text in [
            "", "-", ".5", "5.", "1e", "1e99", "0x1", "1,5", "1 000", "NaN", "+5", "--1",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_trace_of_a_binary_float_is_taken_for_what_was_meant() {
        for (text, meant) in [
            ("1234.5600000000001", "1234.56"),
            ("1234.5599999999999", "1234.56"),
            ("0.30000000000000004", "0.3"),
            ("9999999999999.9999", "10000000000000"),
            ("123456789012.34", "123456789012.34"),
            ("12345678901234.56", "12345678901234.56"),
            ("12345678901234.559", "12345678901234.56"),
            ("123456789012345.67", "123456789012345.67"),
            ("0.1", "0.1"),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().meant().plain(), meant, "{text}");
        }
        let third = Decimal::parse("0.333").unwrap();
        assert_eq!(third.money(Currency::RUB), None, "more than kopecks");
    }
}
