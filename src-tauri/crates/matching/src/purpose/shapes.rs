//! Numbers that give themselves away by their shape: dates, sums, accounts, tax numbers.

use chrono::NaiveDate;

/// Two-digit years are of this century.
const CENTURY: i32 = 2000;
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// `12.03.2025`, `12.03.25`, `12/03/2025`, `12-03-2025`, `2025-03-12`, with a «г» at the end or without.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim_end_matches(['г', '.']);
    let separator = text.chars().find(|character| !character.is_ascii_digit())?;
    if !matches!(separator, '.' | '/' | '-') {
        return None;
    }
    let mut parts = text.split(separator);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || ![first, month, last].iter().all(|part| is_digits(part)) || month.len() > 2 {
        return None;
    }
    let month = month.parse().ok()?;
    if first.len() == 4 && last.len() <= 2 {
        return day(first.parse().ok()?, month, last.parse().ok()?);
    }
    if first.len() > 2 {
        return None;
    }
    day(year(last)?, month, first.parse().ok()?)
}

/// A year of two or four digits.
fn year(text: &str) -> Option<i32> {
    match text.len() {
        2 => text.parse().ok().map(|year: i32| CENTURY + year),
        4 => text.parse().ok(),
        _ => None,
    }
}

/// «2025», «2025г», as a whole year.
pub fn whole_year(text: &str) -> Option<i32> {
    let text = text.trim_end_matches('г');
    let year = (text.len() == 4).then(|| text.parse().ok()).flatten()?;
    YEARS.contains(&year).then_some(year)
}

pub fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    YEARS
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, month, day))
        .flatten()
}

pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits, a separator, two digits: `15000.00`, `15000,00`, `15000-00`, `15000=00`.
pub fn fraction_mark(text: &str) -> Option<char> {
    let (mark_at, mark) = text.char_indices().rev().nth(2)?;
    let (rest, kopecks) = (text.get(..mark_at)?, text.get(mark_at + mark.len_utf8()..)?);
    (matches!(mark, '.' | ',' | '-') && is_digits(kopecks) && is_digits(rest)).then_some(mark)
}

/// `15000руб`, `15000р`.
pub fn ends_in_money(text: &str) -> bool {
    ["руб", "р", "коп", "тр"].iter().any(|word| {
        text.strip_suffix(word)
            .is_some_and(|sum| is_digits(sum) || fraction_mark(sum).is_some())
    })
}

/// Twenty digits, or nineteen with a clearing letter.
pub fn is_account(text: &str) -> bool {
    text.chars().count() == 20 && text.chars().filter(char::is_ascii_digit).count() >= 19
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_their_forms() {
        for text in [
            "12.03.2025",
            "12.03.25",
            "12/03/2025",
            "12-03-2025",
            "2025-03-12",
            "12.03.2025г",
            "12.3.2025",
        ] {
            assert_eq!(date(text), day(2025, 3, 12), "{text}");
            assert!(date(text).is_some());
        }
        for text in [
            "29/09/7",
            "32.01.2025",
            "145",
            "12.05",
            "12.13.2025",
            "1.2.3.4",
            "12.03.20255",
            "",
            "г",
            "12/05",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn sums_by_their_kopecks() {
        assert_eq!(fraction_mark("15000-00"), Some('-'));
        assert_eq!(fraction_mark("15000,00"), Some(','));
        for text in ["15000", "12-123", "а-17", "-00", "5,0", "", "я00"] {
            assert_eq!(fraction_mark(text), None, "{text}");
        }
    }
}
