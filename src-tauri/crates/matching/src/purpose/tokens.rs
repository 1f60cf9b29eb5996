//! Cutting a purpose into words, numbers and marks. «29/09/7», «СЧ-145» and «12.03.2025» stay whole; «сч.145» does not.

use std::ops::Range;

use super::{
    lexicon::{self, Topics},
    part::PartName,
    phrases::{self, Begun},
    unglue, vat,
    words::Meaning,
};
use crate::fold::{fold, is_letter_or_digit};

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
    /// In characters.
    pub start: usize,
    pub end: usize,
    /// Of a word: what it says about numbers.
    pub meaning: Meaning,
    /// Of a word: the month that it names, 1 to 12.
    month: Option<u32>,
    /// Of a word: the part of a sum that it may name.
    part: Option<PartName>,
    pub topics: Topics,
    /// Where the folded text has it, in bytes.
    folded: Range<usize>,
}

/// A purpose and its tokens.
#[derive(Debug)]
pub struct Tokens<'a> {
    typed: &'a str,
    folded: String,
    /// Where each character begins in `typed` and in `folded`, and where both end.
    bytes: Vec<(usize, usize)>,
    pub list: Vec<Token>,
    /// Which stems of phrases about money begin in it.
    pub begun: Begun,
    /// Of all tokens.
    pub topics: Topics,
}

/// A longer run of letters after a dash is a word of its own: «145-оплата».
const LETTERS_AFTER_DASH_MAX: usize = 4;

/// So long a token is, with the space after it, in Russian purposes: a guess for what is set aside at once.
const BYTES_OF_A_TOKEN: usize = 5;

impl<'a> Tokens<'a> {
    pub fn cut(typed: &'a str) -> Self {
        let mut characters = Vec::with_capacity(typed.len());
        let mut bytes = Vec::with_capacity(typed.len() + 1);
        let mut folded = String::with_capacity(typed.len());
        for (at, character) in typed.char_indices() {
            let character = fold(character);
            bytes.push((at, folded.len()));
            characters.push(character);
            folded.push(character);
        }
        bytes.push((typed.len(), folded.len()));
        let mut tokens = Self {
            typed,
            folded,
            bytes,
            list: Vec::with_capacity(typed.len() / BYTES_OF_A_TOKEN),
            begun: Begun::default(),
            topics: Topics::default(),
        };
        let mut at = 0;
        while let Some(&character) = characters.get(at) {
            let start = at;
            at += 1;
            if is_letter_or_digit(character) {
                at = end_of_chunk(&characters, start);
                if characters[start..at].iter().any(char::is_ascii_digit) {
                    for part in unglue::parts(&characters, start, at) {
                        tokens.push_chunk(&characters, part);
                    }
                } else {
                    tokens.push(TokenKind::Word, start, at);
                }
            } else if matches!(character, '№' | '#') {
                tokens.push(TokenKind::Sign, start, at);
            } else if !(character.is_whitespace() || character.is_control()) {
                tokens.push(TokenKind::Mark(character), start, at);
            }
        }
        tokens
    }

    fn push_chunk(&mut self, characters: &[char], part: Range<usize>) {
        let digit = characters[part.clone()].iter().any(char::is_ascii_digit);
        let kind = match characters[part.start] {
            _ if digit => TokenKind::Number,
            mark if !is_letter_or_digit(mark) => TokenKind::Mark(mark),
            _ => TokenKind::Word,
        };
        self.push(kind, part.start, part.end);
    }

    fn push(&mut self, kind: TokenKind, start: usize, end: usize) {
        let folded = self.bytes[start].1..self.bytes[end].1;
        let mut token = Token {
            kind,
            start,
            end,
            meaning: Meaning::Unknown,
            month: None,
            part: None,
            topics: Topics::default(),
            folded,
        };
        let text = &self.folded[token.folded.clone()];
        match kind {
            TokenKind::Word => {
                let word = lexicon::word(text);
                token.meaning = word.meaning;
                token.month = word.month;
                token.part = word.part;
                token.topics = word.topics;
                self.begun |= word.begun;
            }
            TokenKind::Number => {
                self.begun |= phrases::begun(text);
                // «НДС20»
                if vat::may_name(text) {
                    token.topics = Topics::TAX;
                }
            }
            TokenKind::Mark('%') => token.topics = Topics::PERCENTAGE,
            TokenKind::Sign | TokenKind::Mark(_) => {}
        }
        self.topics |= token.topics;
        self.list.push(token);
    }

    /// Folded; empty beyond the end.
    pub fn text(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |token| &self.folded[token.folded.clone()])
    }

    /// The characters from `start` up to `end` as they were typed.
    pub fn typed(&self, start: usize, end: usize) -> &'a str {
        &self.typed[self.bytes[start].0..self.bytes[end].0]
    }

    /// The folded characters from `start` up to `end`.
    pub fn folded(&self, start: usize, end: usize) -> &str {
        &self.folded[self.bytes[start].1..self.bytes[end].1]
    }

    pub fn kind_at(&self, at: usize) -> Option<TokenKind> {
        self.list.get(at).map(|token| token.kind)
    }

    pub fn word_at(&self, at: usize) -> Option<&str> {
        (self.kind_at(at) == Some(TokenKind::Word)).then(|| self.text(at))
    }

    pub fn number_at(&self, at: usize) -> Option<&str> {
        (self.kind_at(at) == Some(TokenKind::Number)).then(|| self.text(at))
    }

    pub fn mark_at(&self, at: usize) -> Option<char> {
        match self.kind_at(at)? {
            TokenKind::Mark(mark) => Some(mark),
            TokenKind::Word | TokenKind::Number | TokenKind::Sign => None,
        }
    }

    pub fn meaning_at(&self, at: usize) -> Option<Meaning> {
        self.list
            .get(at)
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| token.meaning)
    }

    /// The month that the word names.
    pub fn month_at(&self, at: usize) -> Option<u32> {
        self.list.get(at)?.month
    }

    /// The part of a sum that the word may name.
    pub fn part_at(&self, at: usize) -> Option<PartName> {
        self.list.get(at)?.part
    }

    /// Characters between the end of one token and the start of a later one.
    pub fn gap(&self, one: usize, later: usize) -> Option<usize> {
        self.list.get(later)?.start.checked_sub(self.list.get(one)?.end)
    }

    pub fn is_beside(&self, one: usize, later: usize) -> bool {
        self.gap(one, later) == Some(0)
    }
}

fn end_of_chunk(characters: &[char], start: usize) -> usize {
    let mut at = start;
    loop {
        let run = at;
        while characters
            .get(at)
            .is_some_and(|character| is_letter_or_digit(*character))
        {
            at += 1;
        }
        let joined = characters
            .get(at)
            .is_some_and(|joiner| joins(characters, start, run, at, *joiner));
        if !joined {
            return at;
        }
        at += 1;
    }
}

/// Whether the mark at `at` holds together the run of letters and digits before it and what stands after it.
fn joins(characters: &[char], start: usize, run: usize, at: usize, joiner: char) -> bool {
    let before_is_digit = characters[at - 1].is_ascii_digit();
    let rest = &characters[at + 1..];
    let Some(after) = rest.first().copied().filter(|after| is_letter_or_digit(*after)) else {
        return false;
    };
    // «А-335-ի»: the Armenian case ending is no part of a number.
    if joiner == '-' && before_is_digit && matches!(after, '\u{561}'..='\u{587}') {
        return false;
    }
    match joiner {
        '-' | '/' | '\\' | '_' => {
            let letters = rest
                .iter()
                .take(LETTERS_AFTER_DASH_MAX + 1)
                .take_while(|character| is_letter_or_digit(**character))
                .count();
            !before_is_digit || after.is_ascii_digit() || letters <= LETTERS_AFTER_DASH_MAX
        }
        '.' if before_is_digit => after.is_ascii_digit(),
        // «л.с.», «т.ч.»: one letter on both sides.
        '.' => {
            let alone = rest.get(1).is_none_or(|next| !is_letter_or_digit(*next));
            run == start && at - run == 1 && after.is_alphabetic() && alone
        }
        // «15'000.00»
        '\'' | '’' => before_is_digit && is_group(rest),
        // «15000,00» is a sum, «145,146» is a list, «15,000.00» is a sum again.
        ',' => {
            let amount = characters[start..at]
                .iter()
                .rev()
                .take_while(|before| !before.is_alphabetic())
                .all(|before| before.is_ascii_digit() || matches!(before, '.' | ','));
            before_is_digit && amount && (is_kopecks(rest) || are_groups(rest))
        }
        _ => false,
    }
}

/// Two digits and no more of a number.
fn is_kopecks(rest: &[char]) -> bool {
    let digits = rest
        .iter()
        .take(3)
        .take_while(|character| character.is_ascii_digit())
        .count();
    let goes_on = matches!(rest.get(2), Some('.' | '/' | '-')) && rest.get(3).is_some_and(char::is_ascii_digit);
    // «145,00БП-146»: the second number begins there.
    let letters = rest.iter().skip(2).take_while(|one| one.is_alphabetic()).count();
    let after = rest.get(2 + letters..).unwrap_or_default();
    let digits_after = after.iter().find(|one| **one != '-').is_some_and(char::is_ascii_digit);
    let goes_on = goes_on || letters > 0 && digits_after;
    digits == 2 && !goes_on
}

/// Three digits and no more.
fn is_group(rest: &[char]) -> bool {
    const LENGTH: usize = 3;
    rest.iter()
        .take(LENGTH + 1)
        .take_while(|one| one.is_ascii_digit())
        .count()
        == LENGTH
}

/// «000.00», «234,567.00»: groups of three up to a point and two digits.
fn are_groups(rest: &[char]) -> bool {
    const GROUPS_MAX: usize = 4;
    let mut rest = rest;
    for _ in 0..GROUPS_MAX {
        let (Some(group), Some(mark)) = (rest.get(..3), rest.get(3)) else {
            return false;
        };
        if !group.iter().all(char::is_ascii_digit) {
            return false;
        }
        rest = &rest[4..];
        match mark {
            ',' => {}
            '.' => return is_kopecks(rest),
            _ => return false,
        }
    }
    false
}
