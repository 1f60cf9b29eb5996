//! Whom somebody else pays for: «за ООО «Ромашка»», «за Иванова И.И.», «за ИП Петрову Анну Сергеевну».

use super::{
    Finding, FindingKind,
    tokens::{TokenKind, Tokens},
    words,
};

/// Words of a name that is not in quotes.
const NAME_WORDS_MAX: usize = 4;

pub fn behalf(tokens: &Tokens) -> Vec<Finding> {
    (0..tokens.list.len())
        .filter_map(|at| {
            let (first, last) = match tokens.word_at(at)? {
                "за" => firm(tokens, after_titles(tokens, at + 1))
                    .or_else(|| person(tokens, at + 1))
                    .or_else(|| somebody(tokens, at + 1)),
                "вместо" => firm(tokens, at + 1),
                word if words::is_latin(word, "behalf") => {
                    let of = tokens.word_at(at + 1).is_some_and(|word| words::is_latin(word, "of"));
                    named(tokens, at + 1 + usize::from(of))
                }
                word if is_order(word) => ordering(tokens, at + 1),
                _ => None,
            }?;
            let (start, end) = (tokens.list[first].start, tokens.list[last].end);
            let name = tokens.typed(start, end).into();
            Some(Finding::new(FindingKind::Behalf, tokens.list[at].start, end, name))
        })
        .collect()
}

/// Whether the folded word may stand before the one who is paid for.
pub fn may_precede(word: &str) -> bool {
    matches!(word, "за" | "вместо") || words::is_latin(word, "behalf") || is_order(word)
}

/// «по письму ООО «Ромашка»», «по распоряжению № 5 от 12.03.2025 ООО «Ромашка»»: who told the payer to pay.
fn is_order(word: &str) -> bool {
    ["письм", "распоряж", "просьб", "указани"]
        .iter()
        .any(|stem| word.starts_with(stem))
        || word.starts_with("поручени")
        || word.starts_with("поруч-ю")
}

/// The firm that gave the order whose name ends before `at`; its number and day may stand between.
fn ordering(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    const TOKENS_MAX: usize = 10;
    let next = (at..at + TOKENS_MAX).find(|at| {
        let between = match tokens.kind_at(*at) {
            Some(TokenKind::Number | TokenKind::Sign) => true,
            Some(TokenKind::Mark(mark)) => matches!(mark, '.' | '-' | '/'),
            Some(TokenKind::Word) => {
                let word = tokens.text(*at);
                matches!(word, "от" | "г" | "года" | "исх" | "n") || tokens.month_at(*at).is_some()
            }
            None => false,
        };
        !between
    })?;
    firm(tokens, next)
}

fn named(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    if tokens.mark_at(at).is_some_and(is_quote) {
        return Some((at, end_of_quotes(tokens, at)?));
    }
    firm(tokens, at).or_else(|| Some((at, end_of_words(tokens, at)?)))
}

/// «за ИНН 7707083893», «за третье лицо», «за контрагента»: somebody whose name is not said.
fn somebody(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    const OTHERS: [&str; 7] = [
        "контрагент",
        "физлиц",
        "юрлиц",
        "плательщик",
        "должник",
        "арендатор",
        "дебитор",
    ];
    let word = tokens.word_at(at)?;
    if word == "инн" && tokens.number_at(at + 1).is_some() {
        return Some((at + 1, at + 1));
    }
    let person = tokens.word_at(at + 1).is_some_and(|next| next.starts_with("лиц"));
    // «за физические нагрузки», «за третий квартал»: only with «лицо».
    let of_person = word == "физ"
        || ["трет", "физическ", "юридическ"]
            .iter()
            .any(|stem| word.starts_with(stem));
    let other = OTHERS.iter().any(|other| word.starts_with(other));
    (of_person && person || other).then_some((at, at + usize::from(person)))
}

/// «за третье лицо ООО…», «за нашего клиента ООО…»
fn after_titles(tokens: &Tokens, at: usize) -> usize {
    const TITLES: [&str; 11] = [
        "треть",
        "лиц",
        "наш",
        "клиент",
        "компани",
        "организаци",
        "фирм",
        "контрагент",
        "партнер",
        "покупател",
        "нас",
    ];
    const WORDS_MAX: usize = 3;
    (at..at + WORDS_MAX)
        .find(|at| {
            !tokens
                .word_at(*at)
                .is_some_and(|word| TITLES.iter().any(|title| word.starts_with(title)))
        })
        .unwrap_or(at + WORDS_MAX)
}

/// «ООО «Ромашка»», «ИП Иванов И.И.»
fn firm(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    tokens.word_at(at).filter(|word| words::is_legal_form(word))?;
    let next = at + 1;
    if tokens.mark_at(next).is_some_and(is_quote) {
        return Some((at, end_of_quotes(tokens, next)?));
    }
    let last = end_of_words(tokens, next)?;
    Some((at, last))
}

const fn is_quote(mark: char) -> bool {
    matches!(mark, '"' | '«' | '»' | '“' | '”' | '„' | '\'')
}

/// Of «Торговый дом «Ромашка»», with the quotes inside it.
fn end_of_quotes(tokens: &Tokens, from: usize) -> Option<usize> {
    const TOKENS_MAX: usize = 16;
    let mut open = 0_usize;
    for at in from..tokens.list.len().min(from + TOKENS_MAX) {
        let Some(mark) = tokens.mark_at(at).filter(|mark| is_quote(*mark)) else {
            continue;
        };
        let opens = match mark {
            '«' | '„' => true,
            '»' | '”' => false,
            _ => at == from || (!tokens.is_beside(at - 1, at) && tokens.is_beside(at, at + 1)),
        };
        open = if opens { open + 1 } else { open.saturating_sub(1) };
        let next_closes = tokens.is_beside(at, at + 1) && tokens.mark_at(at + 1).is_some_and(is_quote);
        if open == 0 && !next_closes {
            return Some(at);
        }
    }
    // «ООО «Торговый дом «Ромашка»» is often closed once only.
    (from..tokens.list.len().min(from + TOKENS_MAX))
        .rev()
        .find(|at| *at > from && tokens.mark_at(*at).is_some_and(is_quote))
}

fn end_of_words(tokens: &Tokens, from: usize) -> Option<usize> {
    let mut last = None;
    let mut at = from;
    while let Some(word) = tokens.word_at(at) {
        let name = is_initials(word) || words::meaning(word) == words::Meaning::Unknown;
        if !name || at >= from + NAME_WORDS_MAX {
            break;
        }
        last = Some(at);
        at += 1;
        // «И.И.»
        if is_initials(word) && tokens.mark_at(at) == Some('.') {
            last = Some(at);
            at += 1;
        }
    }
    last
}

fn is_capital(tokens: &Tokens, at: usize) -> bool {
    let start = tokens.list[at].start;
    tokens.typed(start, start + 1).chars().all(char::is_uppercase)
}

/// «И», «И.И»
fn is_initials(word: &str) -> bool {
    let length = word.chars().count();
    length == 1 || (length == 3 && word.chars().nth(1) == Some('.'))
}

/// «Иванова И.И.», «Иванова Ивана Ивановича»
fn person(tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
    tokens.word_at(at)?;
    if !is_capital(tokens, at) {
        return None;
    }
    let initial = |at: usize| tokens.word_at(at).is_some_and(is_initials) && tokens.mark_at(at + 1) == Some('.');
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
