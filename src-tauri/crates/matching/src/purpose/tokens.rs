//! Cutting a purpose into words, numbers and marks. «29/09/7», «СЧ-145» and «12.03.2025» stay whole; «сч.145» does not.

use crate::fold::fold;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with dashes and slashes inside.
    Word,
    /// Anything with a digit in it.
    Number,
    /// «№», «#».
    Sign,
    Mark(char),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
    /// Folded, as many characters as there are from `start` to `end`.
    pub text: String,
}

/// A longer run of letters after a dash is a word of its own: «145-оплата».
const LETTERS_AFTER_DASH_MAX: usize = 4;

pub fn cut(purpose: &str) -> Vec<Token> {
    let characters: Vec<char> = purpose.chars().map(fold).collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let start = at;
        at += 1;
        let kind = if character.is_alphanumeric() {
            at = end_of_chunk(&characters, start);
            if characters[start..at].iter().any(char::is_ascii_digit) {
                TokenKind::Number
            } else {
                TokenKind::Word
            }
        } else if matches!(character, '№' | '#') {
            TokenKind::Sign
        } else if character.is_whitespace() || character.is_control() {
            continue;
        } else {
            TokenKind::Mark(character)
        };
        if kind == TokenKind::Number {
            push_unglued(&characters, start, at, &mut tokens);
        } else {
            tokens.push(token(&characters, kind, start, at));
        }
    }
    tokens
}

fn token(characters: &[char], kind: TokenKind, start: usize, end: usize) -> Token {
    Token {
        kind,
        start,
        end,
        text: characters[start..end].iter().collect(),
    }
}

/// «145от 12.03.2025», «от12.03.2025»: the word «от» is typed without its spaces.
fn push_unglued(characters: &[char], start: usize, end: usize, tokens: &mut Vec<Token>) {
    let is_digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
    let glued = (start..end.saturating_sub(1)).find(|at| {
        characters[*at..*at + 2] == ['о', 'т']
            && (*at == start || is_digit(at.checked_sub(1)))
            && (*at + 2 == end || is_digit(Some(*at + 2)))
    });
    let Some(at) = glued else {
        tokens.push(token(characters, TokenKind::Number, start, end));
        return;
    };
    if at > start {
        tokens.push(token(characters, TokenKind::Number, start, at));
    }
    tokens.push(token(characters, TokenKind::Word, at, at + 2));
    if at + 2 < end {
        tokens.push(token(characters, TokenKind::Number, at + 2, end));
    }
}

fn end_of_chunk(characters: &[char], start: usize) -> usize {
    let mut at = start;
    loop {
        while characters.get(at).is_some_and(|character| character.is_alphanumeric()) {
            at += 1;
        }
        let joined = characters
            .get(at)
            .is_some_and(|joiner| joins(characters, start, at, *joiner));
        if !joined {
            return at;
        }
        at += 1;
    }
}

/// Whether the mark at `at` holds together what stands on both its sides.
fn joins(characters: &[char], start: usize, at: usize, joiner: char) -> bool {
    let before_is_digit = characters[at - 1].is_ascii_digit();
    let Some(after) = characters.get(at + 1).copied().filter(|after| after.is_alphanumeric()) else {
        return false;
    };
    let run_after = || {
        characters[at + 1..]
            .iter()
            .take_while(|character| character.is_alphanumeric())
    };
    match joiner {
        '-' | '/' | '\\' | '_' => {
            !before_is_digit
                || after.is_ascii_digit()
                || run_after().take(LETTERS_AFTER_DASH_MAX + 1).count() <= LETTERS_AFTER_DASH_MAX
        }
        '.' => before_is_digit && after.is_ascii_digit(),
        // «15000,00» is a sum, «145,146» is a list.
        ',' => {
            before_is_digit
                && characters[start..at]
                    .iter()
                    .all(|before| before.is_ascii_digit() || *before == '.')
                && run_after()
                    .take(3)
                    .filter(|character| character.is_ascii_digit())
                    .count()
                    == 2
                && characters.get(at + 3).is_none_or(|third| !third.is_ascii_digit())
        }
        _ => false,
    }
}
