//! The grammar of values. Looser than the schema where only one meaning is possible, and nowhere else.

use chrono::{Datelike, NaiveDate};
use domain::{Currency, Direction, Money};

/// Years a statement can be of; beyond them a date is a typing error.
const YEARS: std::ops::RangeInclusive<i32> = 1991..=2099;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    Exact(NaiveDate),
    /// The month has no such day: its last one.
    Clamped(NaiveDate),
}

/// `ISODate` or `ISODateTime`: the date as it is written, which is the local one of the offset given.
pub(super) fn day(text: &str) -> Option<Day> {
    let (date, rest) = text.split_at_checked(10)?;
    match rest.as_bytes().first() {
        None | Some(b'T' | b't' | b'Z' | b'z' | b'+' | b'-' | b' ') => {}
        Some(_) => return None,
    }
    let time = |byte: u8| byte.is_ascii_digit() || b"TtZz+-:. ,".contains(&byte);
    if !rest.bytes().all(time) {
        return None;
    }
    let bytes = date.as_bytes();
    let [.., b'-', _, _, b'-', _, _] = bytes else {
        return None;
    };
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0u32, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
        })
    };
    let (year, month, of_month) = (i32::try_from(number(0..4)?).ok()?, number(5..7)?, number(8..10)?);
    if let Some(date) = NaiveDate::from_ymd_opt(year, month, of_month) {
        return YEARS.contains(&date.year()).then_some(Day::Exact(date));
    }
    let clamped = (29..=31).contains(&of_month).then(|| {
        let mut last = (28..of_month).rev();
        last.find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
    })??;
    YEARS.contains(&clamped.year()).then_some(Day::Clamped(clamped))
}

/// A sum that is not negative: `xs:decimal`, also with one decimal comma. More digits than the currency has are no sum.
pub(super) fn amount(text: &str, currency: Currency) -> Option<Money> {
    let text = text.strip_prefix('+').unwrap_or(text);
    if !text.as_bytes().first()?.is_ascii_digit() && !text.starts_with('.') {
        return None;
    }
    let plain = |text: &str| Money::parse(text, currency).ok();
    if let Some(money) = plain(text) {
        return Some(money);
    }
    if let Some((whole, fraction)) = text.split_once(',') {
        // `1,234` may be a thousand.
        let cents = (1..=2).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
        return cents.then(|| plain(&format!("{whole}.{fraction}")))?;
    }
    match text.split_once('.')? {
        ("", "") => None,
        ("", fraction) => plain(&format!("0.{fraction}")),
        (whole, "") => plain(whole),
        _ => None,
    }
}

pub(super) fn direction(text: &str) -> Option<Direction> {
    match text {
        "CRDT" => Some(Direction::Credit),
        "DBIT" => Some(Direction::Debit),
        _ => None,
    }
}

pub(super) fn flag(text: &str) -> bool {
    matches!(text, "true" | "1" | "TRUE" | "True")
}

/// What banks write where they have nothing to write.
pub(super) fn reference(text: &str) -> Option<&str> {
    let none = ["NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOTAVAILABLE"];
    (!text.is_empty() && !none.iter().any(|none| text.eq_ignore_ascii_case(none))).then_some(text)
}

/// As [`reference`]; zeros are silence too.
pub(super) fn identifier(text: &str) -> Option<&str> {
    reference(text).filter(|text| text.bytes().any(|byte| byte != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_local_ones_and_impossible_ones_are_clamped() {
        let exact = |text| match day(text) {
            Some(Day::Exact(date)) => Some(date.to_string()),
            _ => None,
        };
        for text in [
            "2024-03-08",
            "2024-03-08T23:30:00+03:00",
            "2024-03-08T00:30:00-05:00",
            "2024-03-08Z",
            "2024-03-08+03:00",
            "2024-03-08T00:00:00:000",
            "2024-03-08T10:27:07.213294607Z",
        ] {
            assert_eq!(exact(text).as_deref(), Some("2024-03-08"), "{text}");
        }
        let last = NaiveDate::from_ymd_opt(2024, 2, 29).map(Day::Clamped);
        assert_eq!(day("2024-02-30"), last);
        assert_eq!(day("2024-02-31T00:00:00"), last);
        for text in [
            "",
            "2024-3-8",
            "08.03.2024",
            "2024-13-01",
            "2024-00-10",
            "2024-02-32",
            "2024-02-00",
            "1024-01-01",
            "2024-03-081",
            "2024-03-08x",
            "2024/03/08",
            "2024-03-0я",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn amounts_are_exact_or_refused() {
        let eur = Currency::parse("EUR").unwrap();
        for (text, minor) in [
            ("0", 0),
            ("2545", 254_500),
            ("8.850", 885),
            ("5442.09000", 544_209),
            ("+5.00", 500),
            (".5", 50),
            ("5.", 500),
            ("1234,56", 123_456),
            ("00012.30", 1_230),
        ] {
            assert_eq!(amount(text, eur).map(Money::minor), Some(minor), "{text}");
        }
        for text in [
            "",
            ".",
            ",",
            "12..34",
            "-5.00",
            "+-5",
            "1.001",
            "1,234",
            "1,234.50",
            "1.234,50",
            "1 000",
            "1e3",
            "NaN",
            "٣",
            "99999999999999999999",
            "++5",
            "5,",
            ",5,",
        ] {
            assert_eq!(amount(text, eur), None, "{text}");
        }
    }

    #[test]
    fn nothing_provided_is_nothing() {
        assert_eq!(["", "NOTPROVIDED", "NonRef", "not provided"].map(reference), [None; 4]);
        assert_eq!(
            (reference("0"), identifier("000"), identifier("0010")),
            (Some("0"), None, Some("0010"))
        );
    }
}
