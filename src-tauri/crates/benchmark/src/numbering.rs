//! How firms number their invoices, and how people type those numbers.

use chrono::{Datelike, NaiveDate};
use fastrand::Rng;

/// One firm numbers all its invoices in one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    /// «000145»
    Padded,
    /// «СЧ-145»
    Prefix(&'static str),
    /// «СЧ-000145»
    PrefixPadded(&'static str),
    /// «INV-2025-0145»
    PrefixYear(&'static str),
    /// «145/25»
    SlashYear,
    /// «2025-145»
    YearDash,
    /// «А-145», the letter Cyrillic
    Letter(&'static str),
}

const STYLES: [Style; 12] = [
    Style::Plain,
    Style::Padded,
    Style::Plain,
    Style::Prefix("СЧ-"),
    Style::PrefixPadded("СЧ-"),
    Style::PrefixPadded("УТ-"),
    Style::PrefixYear("INV-"),
    Style::SlashYear,
    Style::YearDash,
    Style::Letter("А-"),
    Style::Letter("ВС"),
    Style::PrefixPadded("0000-"),
];

impl Style {
    pub fn any(rng: &mut Rng) -> Self {
        rng.choice(STYLES).unwrap_or(Self::Plain)
    }

    #[must_use]
    pub fn number(self, sequence: u32, date: NaiveDate) -> String {
        let year = date.year();
        let short = year % 100;
        match self {
            Self::Plain => sequence.to_string(),
            Self::Padded => format!("{sequence:06}"),
            Self::Prefix(prefix) | Self::Letter(prefix) => format!("{prefix}{sequence}"),
            Self::PrefixPadded(prefix) => format!("{prefix}{sequence:06}"),
            Self::PrefixYear(prefix) => format!("{prefix}{year}-{sequence:04}"),
            Self::SlashYear => format!("{sequence}/{short}"),
            Self::YearDash => format!("{year}-{sequence}"),
        }
    }

    /// Whether the number alone says its year.
    #[must_use]
    pub fn has_year(self) -> bool {
        matches!(self, Self::PrefixYear(_) | Self::SlashYear | Self::YearDash)
    }
}

/// How a person types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    AsWritten,
    /// The number alone, without letters, zeros and year.
    Digits,
    /// Latin letters for Cyrillic ones, another case, other dashes, spaces.
    Careless,
}

#[must_use]
pub fn typed(number: &str, sequence: u32, typing: Typing, rng: &mut Rng) -> String {
    match typing {
        Typing::AsWritten => number.to_owned(),
        Typing::Digits => sequence.to_string(),
        Typing::Careless => careless(number, rng),
    }
}

fn careless(number: &str, rng: &mut Rng) -> String {
    let way = rng.u8(..5);
    let mut text: String = match way {
        0 => number.chars().map(latin).collect(),
        1 => number.to_lowercase(),
        2 => after_letters(number, " "),
        3 => number.replace('-', "–"),
        _ => after_letters(number, ""),
    };
    // A number without letters and dashes has but its zeros to be careless about.
    if text == number {
        let kept = number.trim_start_matches('0');
        text = if kept.len() < number.len() && kept.starts_with(|first: char| first.is_ascii_digit()) {
            kept.to_owned()
        } else if number.starts_with(|first: char| first.is_ascii_digit()) {
            format!("0{number}")
        } else {
            number.to_lowercase()
        };
    }
    text
}

/// Only the dash after letters: without the one between digits nobody could tell where a number ends.
fn after_letters(number: &str, instead: &str) -> String {
    match number.split_once('-') {
        Some((letters, rest)) if letters.chars().all(char::is_alphabetic) => format!("{letters}{instead}{rest}"),
        _ => number.to_owned(),
    }
}

fn latin(letter: char) -> char {
    match letter {
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'У' => 'Y',
        'Т' => 'T',
        other => other,
    }
}

/// One typing slip in the digits of `digits`: two neighbours swapped, one wrong, lost or doubled, a letter for a digit.
/// `None` where the kind of slip would change nothing or leave too little.
pub fn slip(digits: &str, rng: &mut Rng) -> Option<String> {
    let mut letters: Vec<char> = digits.chars().collect();
    let at = rng.usize(..letters.len());
    match rng.u8(..5) {
        0 => {
            let next = letters.get(at + 1).copied()?;
            (letters[at] != next).then(|| letters.swap(at, at + 1))?;
        }
        1 => {
            let wrong = char::from_digit((letters[at].to_digit(10)? + rng.u32(1..10)) % 10, 10)?;
            letters[at] = wrong;
        }
        2 => {
            letters.remove(at);
        }
        3 => letters.insert(at, letters[at]),
        _ => {
            let at = letters.iter().position(|letter| matches!(letter, '0' | '3'))?;
            letters[at] = if letters[at] == '0' { 'О' } else { 'З' };
        }
    }
    let slipped: String = letters.into_iter().collect();
    (!slipped.starts_with('0') && slipped != digits).then_some(slipped)
}

/// Characters as numbers are compared: letters that look alike are one, case and separators do not count, zeros in front
/// of a run neither. Written anew here: a judge does not borrow the judged engine's eyes.
#[must_use]
pub fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = false;
    for letter in text.chars().flat_map(char::to_lowercase) {
        let letter = match letter {
            'a' => 'а',
            'b' => 'в',
            'c' => 'с',
            'y' => 'у',
            't' => 'т',
            'e' | 'ё' => 'е',
            'o' => 'о',
            'p' => 'р',
            'x' => 'х',
            'k' => 'к',
            'm' => 'м',
            'h' => 'н',
            other => other,
        };
        if !letter.is_alphanumeric() {
            open = false;
            continue;
        }
        let continues = open
            && parts.last().is_some_and(|part| {
                part.chars().next_back().is_some_and(|last| last.is_ascii_digit()) == letter.is_ascii_digit()
            });
        match parts.last_mut() {
            Some(part) if continues => part.push(letter),
            _ => parts.push(letter.to_string()),
        }
        open = true;
    }
    for part in &mut parts {
        if part.starts_with('0') {
            let kept = part.trim_start_matches('0');
            *part = if kept.is_empty() { "0" } else { kept }.to_owned();
        }
    }
    parts
}

/// Whether somebody who typed `text` may have meant this number: whole, or its digits, or its digits without the year.
#[must_use]
pub fn may_mean(text: &str, number: &str, sequence: u32) -> bool {
    let typed = parts(text);
    let whole = parts(number);
    let digits: Vec<String> = whole
        .iter()
        .skip_while(|part| !part.starts_with(|first: char| first.is_ascii_digit()))
        .cloned()
        .collect();
    typed.concat() == whole.concat() || typed == digits || typed == [sequence.to_string()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_firms_way() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 12).unwrap();
        let written: Vec<String> = STYLES.iter().map(|style| style.number(145, day)).collect();
        assert_eq!(
            written,
            [
                "145",
                "000145",
                "145",
                "СЧ-145",
                "СЧ-000145",
                "УТ-000145",
                "INV-2025-0145",
                "145/25",
                "2025-145",
                "А-145",
                "ВС145",
                "0000-000145"
            ]
        );
    }

    #[test]
    fn what_is_typed_carelessly_still_means_its_number() {
        let day = NaiveDate::from_ymd_opt(2025, 3, 12).unwrap();
        let mut rng = Rng::with_seed(3);
        for style in STYLES {
            let number = style.number(145, day);
            for typing in [Typing::AsWritten, Typing::Digits, Typing::Careless] {
                for _ in 0..20 {
                    let text = typed(&number, 145, typing, &mut rng);
                    assert!(may_mean(&text, &number, 145), "{text} {number}");
                    assert!(!may_mean(&text, &style.number(1450, day), 1450), "{text} {number}");
                }
            }
        }
    }

    #[test]
    fn a_slip_is_another_number() {
        let mut rng = Rng::with_seed(4);
        let slips: Vec<String> = (0..200).filter_map(|_| slip("1405", &mut rng)).collect();
        assert!(slips.len() > 100);
        assert!(slips.iter().all(|slip| slip != "1405"));
    }
}
