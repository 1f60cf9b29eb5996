//! Percentages: «50%», «50 %», «50 процентов», «16,67%».

use rust_decimal::Decimal;

use super::{
    tokens::{TokenKind, Tokens},
    words,
};

/// More digits than a percentage has.
const LENGTH_MAX: usize = 8;

/// The percentage that begins at `at`, and its last token.
pub fn at(tokens: &Tokens, at: usize) -> Option<(usize, Decimal)> {
    if tokens.mark_at(at + 1) == Some('%') || tokens.word_at(at + 1).is_some_and(is_percent_word) {
        return Some((at + 1, decimal(tokens.text(at))?));
    }
    // «33,3 %» is cut at its comma.
    let split =
        tokens.mark_at(at + 1) == Some(',') && tokens.mark_at(at + 3) == Some('%') && tokens.gap(at, at + 2) == Some(1);
    if !split {
        return None;
    }
    let rate = decimal(&[tokens.text(at), ".", tokens.text(at + 2)].concat())?;
    Some((at + 3, rate))
}

/// The percentage that ends right before `at`, and its first token.
pub fn before(tokens: &Tokens, at: usize) -> Option<(usize, Decimal)> {
    let sign = at.checked_sub(1)?;
    let number = at.checked_sub(2)?;
    let is_sign = tokens.mark_at(sign) == Some('%') || tokens.word_at(sign).is_some_and(is_percent_word);
    (is_sign && tokens.kind_at(number) == Some(TokenKind::Number))
        .then(|| decimal(tokens.text(number)))
        .flatten()
        .map(|rate| (number, rate))
}

pub fn is_percent_word(word: &str) -> bool {
    word.starts_with("процент") || word == "проц" || words::is_latin(word, "percent")
}

/// Digits with at most one point or comma.
pub fn decimal(text: &str) -> Option<Decimal> {
    let begins = text.starts_with(|first: char| first.is_ascii_digit());
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !(begins && plain && text.len() <= LENGTH_MAX) {
        return None;
    }
    if text.contains(',') {
        text.replace(',', ".").parse().ok()
    } else {
        text.parse().ok()
    }
}
