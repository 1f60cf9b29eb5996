//! Invoice numbers in a form that can be compared: «СЧ-000145», «сч 145» and «CЧ145» are one number, «1-45» is another.

mod slips;

use chrono::{Datelike, NaiveDate};

pub use slips::{Slip, slip};

use crate::fold::{fold, is_letter, is_letter_or_digit};

/// How a typed number agrees with an invoice's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// All of it; zeros in front, case and separators beside.
    Whole,
    /// Its digits: the letters in front, or the year in it, were left out.
    Digits,
}

#[derive(Debug, PartialEq, Eq)]
enum Run {
    Letters(String),
    Digits(String),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = written_runs(text);
    for at in 0..runs.len() {
        let meant_as_digit = is_digit_mistyped(&runs[..at]);
        if let Run::Digits(digits) = &mut runs[at].run
            && !meant_as_digit
        {
            let kept = digits.trim_start_matches('0');
            *digits = if kept.is_empty() {
                "0".to_owned()
            } else {
                kept.to_owned()
            };
        }
    }
    runs.into_iter().map(|written| written.run).collect()
}

/// A run as it is written, zeros and all.
#[derive(Debug)]
struct Written {
    run: Run,
    /// Nothing stands between it and the run before.
    joined: bool,
}

fn written_runs(text: &str) -> Vec<Written> {
    let mut runs: Vec<Written> = Vec::new();
    let mut joined = false;
    for character in text.chars().map(fold) {
        if !is_letter_or_digit(character) {
            joined = false;
            continue;
        }
        match (runs.last_mut().map(|last| &mut last.run), character.is_ascii_digit()) {
            (Some(Run::Digits(run)), true) | (Some(Run::Letters(run)), false) if joined => run.push(character),
            (_, digit) => {
                let run = character.to_string();
                runs.push(Written {
                    run: if digit { Run::Digits(run) } else { Run::Letters(run) },
                    joined,
                });
            }
        }
        joined = true;
    }
    runs
}

/// «1О066», «СЧ-З045»: the last of these runs is a letter where a digit was meant, so that the zeros that follow it are
/// no zeros in front.
fn is_digit_mistyped(before: &[Written]) -> bool {
    let [.., front, letter] = before else { return false };
    let lookalike = matches!(&letter.run, Run::Letters(letter) if slips::looks_like_a_digit(letter));
    lookalike && (letter.joined || matches!(front.run, Run::Letters(_)))
}

/// Runs side by side; only two runs of the same kind need a dash to stay two.
fn join<'a>(runs: impl Iterator<Item = &'a Run>) -> String {
    let mut key = String::new();
    let mut before: Option<bool> = None;
    for run in runs {
        let (text, digits) = match run {
            Run::Letters(text) => (text, false),
            Run::Digits(text) => (text, true),
        };
        if before == Some(digits) {
            key.push('-');
        }
        key.push_str(text);
        before = Some(digits);
    }
    key
}

/// The key of a number as it is written. Empty for a text without a digit.
#[must_use]
pub fn key(text: &str) -> String {
    whole(&runs(text))
}

fn whole(runs: &[Run]) -> String {
    if runs.iter().any(|run| matches!(run, Run::Digits(_))) {
        join(runs.iter())
    } else {
        String::new()
    }
}

/// Every key under which people may type this invoice's number, the whole one first.
#[must_use]
pub fn keys_of_invoice(number: &str, date: NaiveDate) -> Vec<(String, Agreement)> {
    let runs = runs(number);
    let whole = whole(&runs);
    if whole.is_empty() {
        return Vec::new();
    }
    let year = date.year().to_string();
    let short_year = year.get(2..).unwrap_or_default().trim_start_matches('0').to_owned();
    let is_year = |run: &Run| matches!(run, Run::Digits(digits) if *digits == year || *digits == short_year);
    // Only letters in front may be left out: «145а» is not «145».
    let digits = runs
        .iter()
        .position(|run| matches!(run, Run::Digits(_)))
        .map_or(&runs[..], |first| &runs[first..]);
    let mut keys = vec![(whole, Agreement::Whole)];
    let mut add = |key: String| {
        if !key.is_empty() && keys.iter().all(|(known, _)| *known != key) {
            keys.push((key, Agreement::Digits));
        }
    };
    add(join(digits.iter()));
    // «0000-000145», «00БП-000145»: accounting programs number so, people type 145.
    if let [Run::Digits(first), rest @ ..] = digits
        && first == "0"
    {
        add(join(rest.iter()));
        if let [Run::Letters(_), rest @ ..] = rest
            && !rest.is_empty()
        {
            add(join(rest.iter()));
        }
    }
    // «145/25» and «2025-0145» are typed as 145. With two year-like runs nobody knows which one is the year.
    if digits.len() == 2 && digits.iter().filter(|run| is_year(run)).count() == 1 {
        add(join(digits.iter().filter(|run| !is_year(run))));
    }
    // «INV20250145»: where the whole year comes first nobody can take it for another number.
    if matches!(digits, [Run::Digits(first), _, ..] if *first == year) {
        let text: String = number
            .chars()
            .filter(|character| is_letter_or_digit(*character))
            .collect();
        add(key(&text));
        add(key(text.trim_start_matches(is_letter)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 3, 12).unwrap()
    }

    #[test]
    fn one_number_in_many_spellings_has_one_key() {
        for spelling in ["СЧ-145", "сч 145", "CЧ000145", "Сч/145", "сч–145"] {
            assert_eq!(key(spelling), "сч145", "{spelling}");
        }
        assert_eq!(key("A-17"), key("А-17"));
    }

    #[test]
    fn different_numbers_have_different_keys() {
        for (one, other) in [
            ("1-45", "145"),
            ("145а", "145"),
            ("1450", "145"),
            ("А-17", "Б-17"),
            ("0", ""),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn an_invoice_is_found_by_its_digits_too() {
        let keys = |number| {
            keys_of_invoice(number, day())
                .into_iter()
                .map(|(key, _)| key)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("СЧ-000145"), ["сч145", "145"]);
        assert_eq!(keys("145/25"), ["145-25", "145"]);
        assert_eq!(
            keys("INV-2025-0145"),
            ["inv2025-145", "2025-145", "145", "inv20250145", "20250145"]
        );
        assert_eq!(keys("00БП-000145"), ["0бп145", "бп145", "145"]);
        assert_eq!(keys("1-45"), ["1-45"]);
        assert_eq!(keys("0145а"), ["145а"]);
        assert_eq!(keys("0000-000145"), ["0-145", "145"]);
        assert_eq!(keys("145а"), ["145а"]);
        assert_eq!(keys("25/25"), ["25-25"]);
        assert!(keys("б/н").is_empty());
    }
}
