//! Lists of invoice numbers: «145–150» as all its numbers, and dates that belong to several of them.

use super::{
    Finding, FindingKind, money,
    shapes::{self, is_digits, whole_year},
    tokens::Tokens,
};

/// Numbers of one range; a longer one is no range.
pub const RANGE_MAX: u64 = 50;
/// Findings that a list of numbers and its dates may have; looking back further would take ever longer in a strange text.
const LIST_FINDINGS_MAX: usize = 128;
/// How far the neighbours of «1-25» are asked whether they end in 25 as well.
const NEIGHBOURS: usize = 8;

/// Every number from `first` to `last`, both with the same letters in front; `None` where that is no range.
pub fn range(first: &str, last: &str) -> Option<Vec<String>> {
    let digits_at = |text: &str| {
        text.rfind(|character: char| !character.is_ascii_digit())
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8))
    };
    let (front, from) = first.split_at(digits_at(first));
    let (back, to) = last.split_at(digits_at(last));
    if !(back.is_empty() || back == front) {
        return None;
    }
    let (low, high): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
    let width = from.len();
    let count = high.checked_sub(low)?.checked_add(1)?;
    ((2..=RANGE_MAX).contains(&count) && to.len() >= width)
        .then(|| (low..=high).map(|number| format!("{front}{number:0width$}")).collect())
}

/// «145-150» as one token, where several numbers are expected. «1-25, 2-25» are numbers with a year.
pub fn range_token(tokens: &Tokens, at: usize) -> Option<Vec<String>> {
    let text = tokens.text(at);
    let (first, last) = text.split_once('-')?;
    if !is_digits(first) || !is_digits(last) {
        return None;
    }
    let numbers = range(first, last)?;
    let beside = at.saturating_sub(NEIGHBOURS)..at + NEIGHBOURS;
    let tail = &text[first.len()..];
    let repeated = beside
        .filter(|place| *place != at)
        .filter_map(|place| tokens.number_at(place))
        .any(|other| other.ends_with(tail) && other.len() > tail.len() || ends_in_year(other, last));
    (!repeated).then_some(numbers)
}

/// «12.03.2025» ends in the year of «1-25».
fn ends_in_year(text: &str, year: &str) -> bool {
    use chrono::Datelike;
    year.len() == 2
        && shapes::date(text).is_some_and(|date| year.parse::<i32>().is_ok_and(|year| date.year() % 100 == year))
}

/// Whether a range by its ends can hardly be one number with a year or a part: «27-31», but not «145-2» or «12-25».
pub fn is_plain_range(numbers: &[String]) -> bool {
    const YEARS: std::ops::RangeInclusive<u32> = 20..=30;
    const DIGITS_MIN: usize = 2;
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return false;
    };
    let is_year =
        last.len() == DIGITS_MIN && last.parse().is_ok_and(|last| YEARS.contains(&last)) || whole_year(last).is_some();
    first.len() >= DIGITS_MIN && first.len() == last.len() && !is_year
}

/// The last token of «145 / 25» or «145 - 25» from `at`: the same number as «145/25», and not 145. So are «00БП - 145»
/// and, where `dashes` may stand for nothing else, «2025 145».
pub fn end_of_compound(tokens: &Tokens, at: usize, dashes: bool) -> usize {
    const CLOSE: usize = 8;
    const TAIL_LENGTH_MAX: usize = 4;
    const PIECE_LENGTH_MAX: usize = 6;
    let mut end = at;
    loop {
        let marked = matches!(tokens.mark_at(end + 1), Some('-' | '/'));
        let next = end + 1 + usize::from(marked);
        let Some(tail) = tokens.number_at(next) else { return end };
        let close = tokens.gap(end, next).is_some_and(|gap| gap <= CLOSE);
        let head = tokens.text(end);
        // «2025 - 0145» is no range of years, even where several are expected.
        let year_first = whole_year(head).is_some() && (tail.len() != head.len() || tail.starts_with('0'));
        let pieces = || {
            let longest = if year_first || tail.contains('/') {
                PIECE_LENGTH_MAX
            } else {
                TAIL_LENGTH_MAX
            };
            tail.split('/').all(|piece| is_digits(piece) && piece.len() <= longest)
        };
        let is_thing = tokens.mark_at(next + 1) == Some('%')
            || tokens.word_at(next + 1).is_some_and(|word| {
                super::words::is_money_word(word) || super::words::meaning(word) == super::words::Meaning::Unit
            });
        // «145 - 40 345,95» is followed by its sum.
        let is_sum = money::sum_at(tokens, next).is_some_and(|sum| sum.sign != money::Sign::None);
        let plain = !(is_thing || is_sum) && shapes::date(tail).is_none();
        let joined = match tokens.mark_at(end + 1) {
            _ if ends_in_letters(head) && is_digits(tail) && tokens.gap(end, next) != Some(0) => !is_thing,
            Some('/') => shapes::date(tail).is_none() && (dashes || !are_two(tokens, end, next)),
            Some('-') => (dashes || year_first) && plain && pieces(),
            None => dashes && plain && is_digits(tail) && whole_year(head).is_some(),
            _ => false,
        };
        if !(joined && close) {
            return end;
        }
        end = next;
    }
}

/// «00БП»: more than one letter of a number goes before its digits.
fn ends_in_letters(text: &str) -> bool {
    const LETTERS_MIN: usize = 2;
    let digits = text
        .rfind(|character: char| character.is_ascii_digit())
        .map_or(0, |at| at + 1);
    let letters = &text[digits..];
    let is_word =
        || super::words::meaning(letters) != super::words::Meaning::Unknown || super::words::is_money_word(letters);
    digits > 0
        && letters.chars().count() >= LETTERS_MIN
        && letters.chars().all(char::is_alphabetic)
        && !is_word()
        && !super::words::is_year_word(letters)
        && super::words::month(letters).is_none()
}

/// «1484 / 1487»: two numbers as long as each other, with spaces around the stroke.
fn are_two(tokens: &Tokens, one: usize, other: usize) -> bool {
    const DIGITS_MIN: usize = 3;
    let (first, second) = (tokens.text(one), tokens.text(other));
    tokens.gap(one, other).is_some_and(|gap| gap > 1)
        && is_digits(first)
        && is_digits(second)
        && first.len() == second.len()
        && first.len() >= DIGITS_MIN
        && whole_year(first).is_none()
        && whole_year(second).is_none()
}

/// A date was found: the last number has it, or, after as many dates as numbers, each has its own.
pub fn give_date(findings: &mut [Finding], kind: FindingKind) {
    let recent = findings.len().saturating_sub(LIST_FINDINGS_MAX);
    let findings = &mut findings[recent..];
    let Some(numbers_end) = findings
        .iter()
        .rposition(|finding| finding.kind == kind)
        .map(|at| at + 1)
    else {
        return;
    };
    let (numbers, after) = findings.split_at_mut(numbers_end);
    let days: Vec<_> = after
        .iter()
        .filter(|finding| finding.kind == FindingKind::Date)
        .filter_map(|finding| Some((finding.date?, (finding.start, finding.end))))
        .collect();
    let Some(last) = numbers.last_mut() else { return };
    if let [(date, span)] = days.as_slice() {
        if last.date.is_none() {
            (last.date, last.date_span) = (Some(*date), Some(*span));
        }
        return;
    }
    let list = last.list;
    let dateless = numbers
        .iter()
        .rev()
        .enumerate()
        .take_while(|(at, number)| number.kind == kind && number.list == list && (*at == 0 || number.date.is_none()))
        .count();
    if list.is_some() && dateless == days.len() {
        for (number, (date, span)) in numbers.iter_mut().rev().zip(days.into_iter().rev()) {
            (number.date, number.date_span) = (Some(date), Some(span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_all_its_numbers() {
        assert_eq!(range("150", "152").unwrap(), ["150", "151", "152"]);
        assert_eq!(range("098", "101").unwrap(), ["098", "099", "100", "101"]);
        assert_eq!(range("сч-9", "сч-10").unwrap(), ["сч-9", "сч-10"]);
        for (first, last) in [
            ("152", "150"),
            ("1", "100"),
            ("145", "25"),
            ("а1", "б2"),
            ("145", "145"),
            ("", "5"),
        ] {
            assert_eq!(range(first, last), None, "{first}-{last}");
        }
    }

    #[test]
    fn a_number_with_its_year_is_no_range() {
        let numbers = |text: &str, at| range_token(&Tokens::cut(text), at).map(|numbers| numbers.len());
        assert_eq!(numbers("145-150", 0), Some(6));
        assert_eq!(numbers("1-25, 2-25", 0), None);
        assert_eq!(numbers("1-25 от 12.03.2025", 0), None);
    }
}
