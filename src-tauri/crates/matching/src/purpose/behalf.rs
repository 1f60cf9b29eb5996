//! Whom somebody else pays for: «за ООО «Ромашка»», «за Иванова И.И.», «за ИП Петрову Анну Сергеевну».

use super::{Finding, FindingKind, stretches::Tokens, tokens::TokenKind};

const LEGAL_FORMS: [&str; 13] = [
    "ооо", "оао", "зао", "пао", "ао", "нао", "ип", "чп", "тоо", "фгуп", "муп", "нко", "гбу",
];
/// Words of a name that is not in quotes.
const NAME_WORDS_MAX: usize = 4;

pub fn behalf(tokens: &Tokens, characters: &[char]) -> Vec<Finding> {
    (0..tokens.list.len())
        .filter(|at| tokens.word_at(*at) == Some("за"))
        .filter_map(|at| {
            let (first, last) = firm(tokens, at + 1).or_else(|| person(tokens, characters, at + 1))?;
            let (start, end) = (tokens.list[first].start, tokens.list[last].end);
            let name = characters[start..end].iter().collect();
            Some(Finding::new(FindingKind::Behalf, tokens.list[at].start, end, name))
        })
        .collect()
}

/// «ООО «Ромашка»», «ИП Иванов И.И.»
fn firm(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    tokens.word_at(at).filter(|word| LEGAL_FORMS.contains(word))?;
    let next = at + 1;
    if tokens.mark_at(next).is_some_and(is_quote) {
        let close =
            (next + 2..tokens.list.len().min(next + 12)).find(|end| tokens.mark_at(*end).is_some_and(is_quote))?;
        // «ООО «Торговый дом «Ромашка»»»
        let last = if tokens.mark_at(close + 1) == Some('»') {
            close + 1
        } else {
            close
        };
        return Some((at, last));
    }
    let last = end_of_words(tokens, next)?;
    Some((at, last))
}

const fn is_quote(mark: char) -> bool {
    matches!(mark, '"' | '«' | '»' | '“' | '”' | '„' | '\'')
}

fn end_of_words(tokens: &Tokens, from: usize) -> Option<usize> {
    let mut last = None;
    let mut at = from;
    while let Some(word) = tokens.word_at(at) {
        if super::words::meaning(word) != super::words::Meaning::Unknown || at >= from + NAME_WORDS_MAX {
            break;
        }
        last = Some(at);
        at += 1;
        // «И.И.»
        if word.chars().count() == 1 && tokens.mark_at(at) == Some('.') {
            last = Some(at);
            at += 1;
        }
    }
    last
}

/// «Иванова И.И.», «Иванова Ивана Ивановича»
fn person(tokens: &Tokens, characters: &[char], at: usize) -> Option<(usize, usize)> {
    tokens.word_at(at)?;
    if !characters[tokens.list[at].start].is_uppercase() {
        return None;
    }
    let initial = |at: usize| {
        tokens.word_at(at).is_some_and(|word| word.chars().count() == 1) && tokens.mark_at(at + 1) == Some('.')
    };
    if initial(at + 1) {
        let last = if initial(at + 3) { at + 4 } else { at + 2 };
        return Some((at, last));
    }
    let patronymic = tokens.word_at(at + 2).is_some_and(|word| {
        ["вича", "вич", "вну", "вны", "вна", "ична", "ичну", "ичны"]
            .iter()
            .any(|end| word.ends_with(end))
    });
    (patronymic && tokens.kind_at(at + 1) == Some(TokenKind::Word)).then_some((at, at + 2))
}
