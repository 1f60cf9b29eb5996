//! Numbers that give themselves away by their shape: dates, sums, accounts, tax numbers.

use chrono::NaiveDate;

/// Two-digit years are of this century.
const CENTURY: i32 = 2000;
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// `12.03.2025`, `12.03.25`, `12/03/2025`, `12-03-2025`, `2025-03-12`, with a «г» at the end or without.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text
        .strip_suffix("года")
        .or_else(|| text.strip_suffix("год"))
        .unwrap_or(text)
        .trim_end_matches(['г', '.', 'թ']);
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

/// `12032025`, `20250312`, `120325`: only where a day is expected.
pub fn compact_date(text: &str) -> Option<NaiveDate> {
    let text = text.trim_end_matches('г');
    if !is_digits(text) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok());
    let year = |range: std::ops::Range<usize>| text.get(range).and_then(year);
    match text.len() {
        8 => day(year(4..8)?, part(2..4)?, part(0..2)?).or_else(|| day(year(0..4)?, part(4..6)?, part(6..8)?)),
        6 => day(year(4..6)?, part(2..4)?, part(0..2)?),
        _ => None,
    }
}

/// `12.03`: a day whose year is not said.
pub fn is_day_and_month(text: &str) -> bool {
    let Some((first, month)) = text.split_once(['.', '/']) else {
        return false;
    };
    let number = |text: &str| {
        (is_digits(text) && text.len() <= 2)
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    number(first).is_some_and(|day| (1..=31).contains(&day))
        && number(month).is_some_and(|month| (1..=12).contains(&month))
}

/// `03.2025`, `03/2025`.
pub fn is_month_and_year(text: &str) -> bool {
    text.split_once(['.', '/', '-']).is_some_and(|(month, year)| {
        is_digits(month)
            && month.len() <= 2
            && month.parse::<u32>().is_ok_and(|month| (1..=12).contains(&month))
            && whole_year(year).is_some()
    })
}

/// Twenty-five as in «12.03.25».
pub fn short_year(text: &str) -> Option<i32> {
    let text = text.trim_end_matches('г');
    (text.len() == 2 && is_digits(text)).then(|| year(text)).flatten()
}

/// Whether it is a car's plate: «а123вс77».
pub fn is_plate(text: &str) -> bool {
    const LETTERS: &str = "авекмнорстух";
    let characters: Vec<char> = text.chars().take(10).collect();
    let letter = |at: usize| characters.get(at).is_some_and(|letter| LETTERS.contains(*letter));
    let digits = |range: std::ops::Range<usize>| {
        characters
            .get(range)
            .is_some_and(|digits| digits.iter().all(char::is_ascii_digit))
    };
    matches!(characters.len(), 8 | 9)
        && letter(0)
        && digits(1..4)
        && letter(4)
        && letter(5)
        && digits(6..characters.len())
}

/// Whether it is a telephone's number: «89161234567», «8-495-123-45-67», «123-45-67».
pub fn is_phone(text: &str) -> bool {
    let digits = || text.bytes().filter(u8::is_ascii_digit);
    let count = digits().count();
    if is_digits(text) {
        return count == 11 && matches!(text.get(..2), Some("79" | "89" | "84" | "74" | "88" | "83"));
    }
    let mut groups = text.rsplit('-');
    let pairs = groups.next().is_some_and(|last| last.len() == 2) && groups.next().is_some_and(|last| last.len() == 2);
    let triple = groups.next().is_some_and(|group| group.len() == 3);
    pairs && triple && matches!(count, 7 | 10 | 11) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
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

/// Twenty digits, or nineteen with a clearing letter; an IBAN.
pub fn is_account(text: &str) -> bool {
    text.chars().count() == 20
        && text.chars().all(char::is_alphanumeric)
        && text.chars().filter(char::is_ascii_digit).count() >= 19
        || is_iban(text)
}

/// Two letters, two digits, at least eleven of either.
fn is_iban(text: &str) -> bool {
    const LENGTH: std::ops::RangeInclusive<usize> = 15..=34;
    const DIGITS_MIN: usize = 10;
    let mut characters = text.chars();
    let letters = characters.by_ref().take(2).all(char::is_alphabetic);
    let digits = characters.by_ref().take(2).all(|digit| digit.is_ascii_digit());
    letters
        && digits
        && characters.all(char::is_alphanumeric)
        && LENGTH.contains(&text.chars().count())
        && text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN
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
    fn shapes_that_are_no_numbers_of_documents() {
        assert_eq!(compact_date("12032025"), day(2025, 3, 12));
        assert_eq!(compact_date("20250312"), day(2025, 3, 12));
        assert_eq!(compact_date("99999999"), None);
        assert!(is_plate("а123вс77") && is_plate("а123вс777") && !is_plate("а123") && !is_plate("аб12345"));
        assert!(is_phone("89161234567") && is_phone("8-495-123-45-67") && is_phone("123-45-67"));
        assert!(!is_phone("12-03-2025") && !is_phone("145-25") && !is_phone("12345678901"));
        assert!(is_account("40702810900000000145") && is_account("ам12345678901234567"));
        assert!(!is_account("4070281090000000014") && !is_account("инв2025000145"));
        assert!(is_month_and_year("03.2025") && !is_month_and_year("13.2025"));
        assert!(is_day_and_month("12.03") && !is_day_and_month("12.13"));
    }
}
