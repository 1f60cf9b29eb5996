//! The grammar of values: dates and sums as banks write them. What is not clearly one is refused, never guessed.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate};
use domain::{Currency, Money};

/// Years a statement can be of; beyond them a date is a typing error (`23.08.201819202122`).
const YEARS: std::ops::RangeInclusive<i32> = 1991..=2099;

/// `дд.мм.гггг`, also with a time after it, also `гггг-мм-дд`.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    if let [d, e, b'.', m, n, b'.', year @ ..] = text.as_bytes()
        && let [c, a, y, r] = year
        && let Some([d, e, m, n, c, a, y, r]) = digits([d, e, m, n, c, a, y, r])
    {
        let year = i32::try_from(c * 1000 + a * 100 + y * 10 + r).ok()?;
        return day_of(year, m * 10 + n, d * 10 + e);
    }
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    if !time
        .chars()
        .all(|character| character.is_ascii_digit() || matches!(character, ':' | '.' | ' '))
    {
        return None;
    }
    let (day, month, year) = if let Some((year, rest)) = day.split_once('-') {
        let (month, day) = rest.split_once('-')?;
        (day, month, year)
    } else {
        let (day, rest) = day.split_once('.')?;
        let (month, year) = rest.split_once('.')?;
        (day, month, year)
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| text.parse().ok())?
    };
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    day_of(year, number(month, 1..=2)?, number(day, 1..=2)?)
}

fn day_of(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    YEARS.contains(&date.year()).then_some(date)
}

fn digits<const N: usize>(bytes: [&u8; N]) -> Option<[u32; N]> {
    let all = bytes.iter().all(|byte| byte.is_ascii_digit());
    all.then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

/// A sum that is not negative: digits, perhaps in groups of three, and perhaps one or two more after a point or a comma.
pub(crate) fn amount(text: &str, currency: Currency) -> Option<Money> {
    let text = text.trim();
    if text.contains('.') && text.contains(',') {
        return None;
    }
    // Nearly all are so.
    if text.len() > 3
        && text.as_bytes()[text.len() - 3] == b'.'
        && text.bytes().filter(|byte| !byte.is_ascii_digit()).count() == 1
    {
        return Money::parse(text, currency).ok();
    }
    let (whole, fraction) = match text.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut plain = grouped_digits(whole)?;
    if let Some(fraction) = fraction {
        let fits = (1..=2).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
        if !fits {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    Money::parse(&plain, currency).ok()
}

/// As [`amount`]; an overdrawn balance has a minus before it.
pub(crate) fn balance(text: &str, currency: Currency) -> Option<Money> {
    match text.trim().strip_prefix(['-', '−']) {
        Some(rest) => amount(rest, currency)?.checked_neg().ok(),
        None => amount(text, currency),
    }
}

fn grouped_digits(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split([' ', '\u{a0}', '\u{202f}', '\u{2009}']).collect();
    let all_digits = groups
        .iter()
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    let by_three = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    (all_digits && by_three).then(|| groups.concat())
}

/// `0`, zeros and blanks are how banks write «none».
pub(crate) fn present(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty() && text.bytes().any(|byte| byte != b'0')).then_some(text)
}

/// An account number without the blanks some banks put in.
pub(crate) fn compact(text: &str) -> Cow<'_, str> {
    // All bytes are looked at without a branch: the compiler makes vectors of it.
    if text
        .bytes()
        .fold(true, |plain, byte| plain & (byte > b' ') & byte.is_ascii())
    {
        return Cow::Borrowed(text);
    }
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let third = NaiveDate::from_ymd_opt(2024, 7, 3);
        for text in [
            "03.07.2024",
            " 3.7.2024 ",
            "2024-07-03",
            "03.07.2024 0:00:00",
            "2024-07-03T10:00:00",
        ] {
            assert_eq!(date(text), third, "{text}");
        }
        for text in [
            "",
            "0",
            "23.08.201819202122",
            "31.02.2024",
            "03.07.24",
            "03.07",
            "03/07/2024",
            "03.07.2024 г.",
            "+3.07.2024",
            "01.01.1990",
            "01.01.2100",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn amounts() {
        for (text, minor) in [
            ("0", 0),
            ("200", 20_000),
            ("9654678.7", 965_467_870),
            ("100.05", 10_005),
            ("1 000 000,50", 100_000_050),
            ("50 000.75", 5_000_075),
            ("1\u{a0}000", 100_000),
            (" 12.00 ", 1_200),
        ] {
            assert_eq!(amount(text, Currency::RUB).map(Money::minor), Some(minor), "{text}");
        }
        for text in [
            "",
            ".",
            "-1.00",
            "12O0.00",
            "1.000",
            "1,000.50",
            "1.000,50",
            "1.",
            ".5",
            "1 00",
            "12 34",
            "1  000",
            "1000 000",
            "+5",
            "1e3",
            "99999999999999999999",
            "1.5.5",
            "5-00",
        ] {
            assert_eq!(amount(text, Currency::RUB), None, "{text}");
        }
        assert_eq!(balance("-12,30", Currency::RUB).map(Money::minor), Some(-1_230));
        assert_eq!(balance("--1", Currency::RUB), None);
    }

    #[test]
    fn zeros_and_blanks_are_none() {
        assert_eq!(["0", "", " ", "000000000"].map(present), [None; 4]);
        assert_eq!(present(" 00123 "), Some("00123"));
    }
}
