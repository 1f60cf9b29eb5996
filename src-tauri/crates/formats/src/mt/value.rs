//! The grammar of dates and sums. What is not clearly one is refused, never guessed and never rounded.

use chrono::{Datelike, NaiveDate};
use domain::{Currency, Money};

/// Two-digit years from here on are of the twentieth century.
const CENTURY_PIVOT: i32 = 80;

/// A day as a bank wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: NaiveDate,
    /// There is no such day in the calendar (30 February): the last of its month stands for it.
    pub(super) clamped: bool,
}

fn two(digits: &[u8]) -> Option<u32> {
    match digits {
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(units - b'0')),
        _ => None,
    }
}

fn day_of(year: i32, month: u32, day: u32) -> Option<Day> {
    if let Some(date) = NaiveDate::from_ymd_opt(year, month, day) {
        return Some(Day { date, clamped: false });
    }
    if !(29..=31).contains(&day) {
        return None;
    }
    let date = (28..day)
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))?;
    Some(Day { date, clamped: true })
}

/// `YYMMDD`
pub(super) fn day(text: &[u8]) -> Option<Day> {
    if text.len() != 6 {
        return None;
    }
    let short = i32::try_from(two(&text[..2])?).ok()?;
    let year = if short >= CENTURY_PIVOT { 1900 } else { 2000 } + short;
    day_of(year, two(&text[2..4])?, two(&text[4..6])?)
}

/// `MMDD`, in the year that is nearest to `value`: the two are days apart, and a year may turn between them.
pub(super) fn day_near(text: &[u8], value: NaiveDate) -> Option<Day> {
    if text.len() != 4 {
        return None;
    }
    let (month, number) = (two(&text[..2])?, two(&text[2..4])?);
    if month.abs_diff(value.month()) < 6 {
        return day_of(value.year(), month, number);
    }
    (-1..=1)
        .filter_map(|years| day_of(value.year() + years, month, number))
        .min_by_key(|day| (day.date - value).num_days().abs())
}

/// How many bytes of an amount `text` starts with: digits, at most one comma or point, digits.
pub(super) fn amount_length(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'))
        .count()
}

/// `1234,50`, `1234.5`, `5,`, `,50`, `000012,00`. More decimals than the currency has are taken only where they are
/// zeros.
pub(super) fn amount(text: &[u8], currency: Currency) -> Option<Money> {
    let places = currency.minor_digits();
    let mut minor: i64 = 0;
    let mut digits = 0_usize;
    let mut decimals: Option<u32> = None;
    for byte in text {
        match (byte, decimals) {
            (b'0'..=b'9', Some(seen)) if seen >= places => {
                if *byte != b'0' {
                    return None;
                }
            }
            (b'0'..=b'9', _) => {
                minor = minor.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                if let Some(seen) = &mut decimals {
                    *seen += 1;
                }
            }
            (b',' | b'.', None) => {
                decimals = Some(0);
                continue;
            }
            _ => return None,
        }
        digits += 1;
    }
    if digits == 0 {
        return None;
    }
    let missing = places.saturating_sub(decimals.unwrap_or(0));
    let minor = minor.checked_mul(10_i64.checked_pow(missing)?)?;
    Some(Money::from_minor(minor, currency))
}

/// Whether the amount at the end of a text is whole even if the text were cut there.
pub(super) fn has_all_decimals(text: &str, currency: Currency) -> bool {
    let decimals = text.trim_end().bytes().rev().take_while(u8::is_ascii_digit).count();
    let marked = text
        .trim_end()
        .bytes()
        .rev()
        .nth(decimals)
        .is_some_and(|byte| matches!(byte, b',' | b'.'));
    marked && decimals >= currency.minor_digits() as usize
}

/// Whether there is one to tell how much of a sum is there.
pub(super) fn has_decimal_mark(text: &str) -> bool {
    text.contains([',', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn days_and_the_century() {
        assert_eq!(
            day(b"240229").map(|day| (day.date, day.clamped)),
            Some((date(2024, 2, 29), false))
        );
        assert_eq!(
            day(b"230230").map(|day| (day.date, day.clamped)),
            Some((date(2023, 2, 28), true))
        );
        assert_eq!(
            day(b"021131").map(|day| (day.date, day.clamped)),
            Some((date(2002, 11, 30), true))
        );
        assert_eq!(day(b"791231").map(|day| day.date), Some(date(2079, 12, 31)));
        assert_eq!(day(b"800101").map(|day| day.date), Some(date(1980, 1, 1)));
        for text in [&b"241301"[..], b"240132", b"240100", b"24010", b"2401 1", b"362268"] {
            assert_eq!(day(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_near_the_value_date() {
        for (text, value, expected) in [
            (&b"0102"[..], date(2025, 12, 31), date(2026, 1, 2)),
            (b"1231", date(2026, 1, 2), date(2025, 12, 31)),
            (b"0301", date(2016, 2, 29), date(2016, 3, 1)),
            (b"0731", date(2024, 1, 31), date(2024, 7, 31)),
            (b"0229", date(2024, 12, 31), date(2025, 2, 28)),
        ] {
            assert_eq!(day_near(text, value).map(|day| day.date), Some(expected), "{text:?}");
        }
        assert_eq!(day_near(b"1301", date(2024, 1, 1)), None);
    }

    #[test]
    fn amounts_are_exact_or_refused() {
        let rub = Currency::RUB;
        let yen = Currency::parse("JPY").unwrap();
        let dinar = Currency::parse("BHD").unwrap();
        for (text, currency, minor) in [
            ("5,", rub, 500),
            (",50", rub, 50),
            ("1234", rub, 123_400),
            ("000000000300.00", rub, 30_000),
            ("1,1", rub, 110),
            ("1,1000", rub, 110),
            ("00000001560395.", yen, 1_560_395),
            ("5,00", yen, 5),
            ("1,234", dinar, 1_234),
            ("999999999999,99", rub, 99_999_999_999_999),
        ] {
            assert_eq!(
                amount(text.as_bytes(), currency).map(Money::minor),
                Some(minor),
                "{text}"
            );
        }
        for text in [
            "",
            ",",
            "1,001",
            "1,2,3",
            "1.234,56",
            "-1",
            "1 0",
            "99999999999999999,99",
        ] {
            assert_eq!(amount(text.as_bytes(), rub), None, "{text}");
        }
        assert_eq!(amount(b"5,01", yen), None);
        assert!(has_all_decimals("C240703RUB1,00 ", rub) && has_all_decimals("5,", yen));
        assert!(!has_all_decimals("C240703RUB1,0", rub) && !has_all_decimals("C240703RUB100", rub));
    }
}
