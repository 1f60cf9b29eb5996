//! Words typed without spaces between them: «145от12.03.2025», «12марта2025г», «145и146», «145заУслуги».

use std::ops::Range;

use domain::ShortText;
use smallvec::{SmallVec, smallvec};

use super::{shapes, words};

/// Longer tails of letters are not a number's: «145а», «145-ОП» are.
const TAIL_MAX: usize = 4;

/// Nearly every chunk is one piece, or two.
type Parts = SmallVec<[Range<usize>; 4]>;

/// The pieces of a chunk of letters and digits.
pub fn parts(characters: &[char], start: usize, end: usize) -> Parts {
    let mut parts = Parts::new();
    let mut from = start;
    if let Some(dash) = dash_between_days(&characters[start..end]) {
        return smallvec![
            start..start + dash,
            start + dash..start + dash + 1,
            start + dash + 1..end,
        ];
    }
    if let Some(mark) = underscore_of_words(&characters[start..end]) {
        let mut parts: Parts = smallvec![start..start + mark, start + mark..start + mark + 1];
        parts.extend(self::parts(characters, start + mark + 1, end));
        return parts;
    }
    let mut at = start;
    let is_digit = |at: usize| characters[at].is_ascii_digit();
    while at < end {
        if !characters[at].is_alphabetic() {
            at += 1;
            continue;
        }
        let run = at;
        while at < end && characters[at].is_alphabetic() {
            at += 1;
        }
        let after_digit = run > start && is_digit(run - 1);
        let before_digit = at < end && is_digit(at);
        let word: ShortText = characters[run..at].iter().collect();
        if !is_word(&word, after_digit, before_digit, run == start, at == end) {
            continue;
        }
        if from < run {
            parts.push(from..run);
        }
        parts.push(run..at);
        from = at;
        // «145-от», «12-мар-2025»
        if at < end && !characters[at].is_alphanumeric() {
            parts.push(at..at + 1);
            from = at + 1;
        }
    }
    if from < end {
        parts.push(from..end);
    }
    for part in &mut parts {
        while part.len() > 1 && !characters[part.end - 1].is_alphanumeric() {
            part.end -= 1;
        }
    }
    parts
}

/// «01.03.2025-31.03.2025»: two days, and no number.
fn dash_between_days(chunk: &[char]) -> Option<usize> {
    const DAYS_LENGTH: std::ops::RangeInclusive<usize> = 9..=21;
    if !DAYS_LENGTH.contains(&chunk.len()) {
        return None;
    }
    let mut dashes = chunk
        .iter()
        .enumerate()
        .filter(|(_, mark)| **mark == '-')
        .map(|(at, _)| at);
    let (dash, more) = (dashes.next()?, dashes.next());
    let points = |side: &[char]| side.iter().filter(|mark| **mark == '.').count();
    let days = chunk
        .iter()
        .all(|mark| mark.is_ascii_digit() || matches!(mark, '.' | '-'));
    (more.is_none() && days && points(&chunk[..dash]) >= 1 && points(&chunk[dash + 1..]) == 2).then_some(dash)
}

/// «СЧЕТ_УТ-145», «145_12.03.2025»: an underscore for a space, where a word or a day is on one side of it.
fn underscore_of_words(chunk: &[char]) -> Option<usize> {
    let mark = chunk.iter().position(|mark| *mark == '_')?;
    let text = |side: &[char]| -> ShortText { side.iter().collect() };
    let (before, after) = (text(&chunk[..mark]), text(&chunk[mark + 1..]));
    let day = after.contains('.') && shapes::date(&after).is_some();
    (day || words::meaning(&before) != words::Meaning::Unknown).then_some(mark)
}

fn is_word(word: &str, after_digit: bool, before_digit: bool, first: bool, last: bool) -> bool {
    if word == "от" || word == "оt" {
        return (first || after_digit) && (last || before_digit);
    }
    if words::month(word).is_some() && word.chars().count() > 2 {
        return !last || after_digit;
    }
    match word {
        "и" | "по" => after_digit && before_digit,
        "за" | "на" | "без" | "ндс" | "согл" => after_digit,
        _ => after_digit && last && word.chars().count() > TAIL_MAX && !words::is_money_word(word),
    }
}
