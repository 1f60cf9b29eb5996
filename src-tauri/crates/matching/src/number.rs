//! Invoice numbers in a form that can be compared: «СЧ-000145», «сч 145» and «CЧ145» are one number, «1-45» is another.

mod slips;

use chrono::{Datelike, NaiveDate};
use domain::ShortText;
use smallvec::{SmallVec, smallvec};

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

/// A number cut where letters and digits meet and where marks stand. Zeros in front of digits are left out.
struct Runs {
    /// Letters and digits, folded, without marks.
    text: ShortText,
    list: SmallVec<[Run; RUNS_INLINE]>,
}

/// Nearly every number has no more.
const RUNS_INLINE: usize = 6;

/// Letters or digits, from .. to in the text of all.
#[derive(Debug, Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    digits: bool,
    /// Nothing stands between it and the run before.
    joined: bool,
}

impl Runs {
    fn of(text: &str) -> Self {
        let mut runs = Self::as_written(text);
        for at in 0..runs.list.len() {
            let run = runs.list[at];
            if run.digits && !runs.is_digit_mistyped(at) {
                let digits = runs.text(&run);
                let zeros = digits.bytes().take_while(|digit| *digit == b'0').count();
                runs.list[at].start += zeros.min(digits.len() - 1);
            }
        }
        runs
    }

    /// Zeros and all.
    fn as_written(text: &str) -> Self {
        let mut runs = Self {
            text: ShortText::default(),
            list: SmallVec::new(),
        };
        let mut joined = false;
        for character in text.chars().map(fold) {
            if !is_letter_or_digit(character) {
                joined = false;
                continue;
            }
            let start = runs.text.len();
            runs.text.push(character);
            let end = runs.text.len();
            let digits = character.is_ascii_digit();
            match runs.list.last_mut() {
                Some(last) if joined && last.digits == digits => last.end = end,
                _ => runs.list.push(Run {
                    start,
                    end,
                    digits,
                    joined,
                }),
            }
            joined = true;
        }
        runs
    }

    fn text(&self, run: &Run) -> &str {
        &self.text[run.start..run.end]
    }

    /// «1О066», «СЧ-З045»: the last run before this one is a letter where a digit was meant, so that the zeros that
    /// follow it are no zeros in front.
    fn is_digit_mistyped(&self, at: usize) -> bool {
        let [.., front, letter] = &self.list[..at] else {
            return false;
        };
        let lookalike = !letter.digits && slips::looks_like_a_digit(self.text(letter));
        lookalike && (letter.joined || !front.digits)
    }

    /// All of it; empty without a digit.
    fn whole(&self) -> ShortText {
        if self.list.iter().any(|run| run.digits) {
            self.join(&self.list)
        } else {
            ShortText::default()
        }
    }

    /// These side by side; only two runs of the same kind need a dash to stay two.
    fn join<'a>(&self, runs: impl IntoIterator<Item = &'a Run>) -> ShortText {
        let mut key = ShortText::default();
        let mut before: Option<bool> = None;
        for run in runs {
            if before == Some(run.digits) {
                key.push('-');
            }
            key.push_str(self.text(run));
            before = Some(run.digits);
        }
        key
    }
}

/// The key of a number as it is written. Empty for a text without a digit.
#[must_use]
pub fn key(text: &str) -> ShortText {
    Runs::of(text).whole()
}

/// Whether these digits are the year of a day, whole or by its last two digits.
fn is_year(digits: &str, date: NaiveDate) -> bool {
    const YEAR_DIGITS: usize = 4;
    let short = date.year() % 100;
    let may_be = digits.len() <= YEAR_DIGITS && !digits.starts_with('0');
    let number: Option<i32> = may_be.then(|| digits.parse().ok()).flatten();
    number.is_some_and(|number| number == date.year() || number == short && short > 0)
}

/// What an invoice's number is found by.
pub type InvoiceKeys = SmallVec<[(ShortText, Agreement); 2]>;

/// Every key under which people may type this invoice's number, the whole one first.
#[must_use]
pub fn keys_of_invoice(number: &str, date: NaiveDate) -> InvoiceKeys {
    let runs = Runs::of(number);
    let whole = runs.whole();
    if whole.is_empty() {
        return InvoiceKeys::new();
    }
    let is_year = |run: &Run| run.digits && is_year(runs.text(run), date);
    // Only letters in front may be left out: «145а» is not «145».
    let first = runs.list.iter().position(|run| run.digits).unwrap_or_default();
    let digits = &runs.list[first..];
    let mut keys: InvoiceKeys = smallvec![(whole, Agreement::Whole)];
    let mut add = |key: ShortText| {
        if !key.is_empty() && keys.iter().all(|(known, _)| *known != key) {
            keys.push((key, Agreement::Digits));
        }
    };
    if first > 0 {
        add(runs.join(digits));
    }
    // «0000-000145», «00БП-000145»: accounting programs number so, people type 145.
    if let [first, rest @ ..] = digits
        && runs.text(first) == "0"
    {
        add(runs.join(rest));
        if let [letters, rest @ ..] = rest
            && !letters.digits
            && !rest.is_empty()
        {
            add(runs.join(rest));
        }
    }
    // «145/25» and «2025-0145» are typed as 145. With two year-like runs nobody knows which one is the year.
    if digits.len() == 2 && digits.iter().filter(|run| is_year(run)).count() == 1 {
        add(runs.join(digits.iter().filter(|run| !is_year(run))));
    }
    // «INV20250145»: where the whole year comes first nobody can take it for another number.
    if let [first, _, ..] = digits
        && runs.text(first).parse() == Ok(date.year())
    {
        let text: ShortText = number
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
