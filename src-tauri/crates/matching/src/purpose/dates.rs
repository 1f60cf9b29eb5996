//! Days and periods as people write them: «12.03.2025», «12 марта 2025 г.», «12 03 25», «07ЯНВ19», «I кв. 2025».

use chrono::NaiveDate;

use super::{
    shapes::{self, is_digits},
    tokens::Tokens,
    words::{self, Meaning},
};

/// A day; `date` is `None` where its year is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub last: usize,
    pub date: Option<NaiveDate>,
}

/// The day that begins with the number at `at`. `from` says that «от» stands before it, where less is enough.
pub fn day_at(tokens: &Tokens, at: usize, from: bool) -> Option<Day> {
    let text = tokens.text(at);
    if let Some(date) = shapes::date(text) {
        return Some(Day {
            last: at,
            date: Some(date),
        });
    }
    if let Some(day) = with_month_word(tokens, at).or_else(|| in_pieces(tokens, at, from)) {
        return Some(day);
    }
    if !from {
        return None;
    }
    if let Some(date) = shapes::compact_date(text) {
        return Some(Day {
            last: at,
            date: Some(date),
        });
    }
    shapes::is_day_and_month(text).then_some(Day { last: at, date: None })
}

/// «12 марта 2025», «12-мар-25», «12-го марта»
fn with_month_word(tokens: &Tokens, at: usize) -> Option<Day> {
    let number = day_number(tokens.text(at))?;
    let mut place = at + 1;
    if matches!(tokens.mark_at(place), Some('-' | '/' | '.' | '"' | '»')) {
        place += 1;
    }
    let month = tokens.month_at(place)?;
    let mut year_at = place + 1;
    let marked = matches!(tokens.mark_at(year_at), Some('.' | '-' | '/' | ','));
    if marked {
        year_at += 1;
    }
    let text = tokens.text(year_at);
    let year = shapes::whole_year(text).or_else(|| {
        let said = (marked && tokens.mark_at(place + 1) != Some(','))
            || tokens.is_beside(place, year_at)
            || text.ends_with('г')
            || tokens.word_at(year_at + 1).is_some_and(words::is_year_word);
        said.then(|| shapes::short_year(text)).flatten()
    });
    Some(year.map_or(
        Day {
            last: place,
            date: None,
        },
        |year| Day {
            last: year_at,
            date: shapes::day(year, month, number),
        },
    ))
}

fn day_number(text: &str) -> Option<u32> {
    // «12-го», and «12th» as it is folded.
    let digits = ["-го", "го", "тн"]
        .iter()
        .find_map(|end| text.strip_suffix(end))
        .unwrap_or(text);
    (is_digits(digits) && digits.len() <= 2)
        .then(|| digits.parse().ok())
        .flatten()
        .filter(|day| (1..=31).contains(day))
}

/// «12. 03. 2025», and after «от» «12 03 2025»
fn in_pieces(tokens: &Tokens, at: usize, from: bool) -> Option<Day> {
    let day = day_number(tokens.text(at))?;
    let pointed = tokens.mark_at(at + 1) == Some('.') && tokens.mark_at(at + 3) == Some('.');
    let (month_at, year_at) = match pointed {
        true => (at + 2, at + 4),
        false if from => (at + 1, at + 2),
        false => return None,
    };
    let close = tokens.gap(at, year_at)? <= "  .  03  .  ".len();
    let month = tokens
        .number_at(month_at)
        .filter(|text| is_digits(text) && text.len() == 2)?;
    let year = tokens.number_at(year_at)?;
    let year = shapes::whole_year(year).or_else(|| shapes::short_year(year))?;
    let date = shapes::day(year, month.parse().ok()?, day)?;
    close.then_some(Day {
        last: year_at,
        date: Some(date),
    })
}

/// «March 12, 2025», «մարտի 12, 2025», «2025 թ. մարտի 12»: a day that begins with its month at `at`.
pub fn month_first(tokens: &Tokens, at: usize, year_before: Option<i32>) -> Option<Day> {
    let month = tokens.month_at(at)?;
    let place = at + 1 + usize::from(tokens.mark_at(at + 1) == Some('.'));
    let text = tokens.number_at(place)?;
    let number = day_number(text.strip_suffix("-ին").unwrap_or(text))?;
    let year_at = place + 1 + usize::from(tokens.mark_at(place + 1) == Some(','));
    if let Some(year) = tokens.number_at(year_at).and_then(shapes::whole_year) {
        return Some(Day {
            last: year_at,
            date: shapes::day(year, month, number),
        });
    }
    year_before.map(|year| Day {
        last: place,
        date: shapes::day(year, month, number),
    })
}

/// The last token of a period that begins with the number at `at`: «2025 г.», «1 кв. 2025», «03.2025» after «за».
pub fn period_at(tokens: &Tokens, at: usize, after_for: bool) -> Option<usize> {
    let text = tokens.text(at);
    if shapes::whole_year(text).is_some() {
        let month_before = at
            .checked_sub(1)
            .is_some_and(|before| tokens.month_at(before).is_some());
        let named = tokens.word_at(at + 1).is_some_and(words::is_year_word) || text.ends_with('г') || month_before;
        return (named || after_for).then_some(at);
    }
    if after_for && shapes::is_month_and_year(text) {
        return Some(at);
    }
    let ordinal = text.trim_end_matches(['-', 'й', 'г', 'о', 'е', 'м', 'у']);
    let word = tokens.word_at(at + 1)?;
    let quarter = matches!(ordinal, "1" | "2" | "3" | "4") && (word.starts_with("квартал") || word == "кв");
    let half = matches!(ordinal, "1" | "2") && word.starts_with("полугод");
    if !(quarter || half) {
        return None;
    }
    let year_at = at + 2 + usize::from(tokens.mark_at(at + 2) == Some('.'));
    let year = tokens
        .number_at(year_at)
        .is_some_and(|text| shapes::whole_year(text).is_some());
    if word == "кв" && !year {
        return None;
    }
    Some(if year { year_at } else { at + 1 })
}

/// Whether «от» and a day follow the number at `at`: then it is no day itself, whatever it looks like.
pub fn is_dated(tokens: &Tokens, at: usize) -> bool {
    let from = tokens.meaning_at(at + 1) == Some(Meaning::Preposition) && is_from(tokens.text(at + 1));
    from && tokens.number_at(at + 2).is_some() && day_at(tokens, at + 2, true).is_some()
}

/// «от», «from», «dated».
pub fn is_from(word: &str) -> bool {
    word == "от"
        || ["from", "of", "dated", "dd", "dtd"]
            .iter()
            .any(|from| words::is_latin(word, from))
}
