//! A text as words, numbers and what stands between them, and the numbers in it that are days, times, sums and rates.

use std::ops::Range;

use super::vocabulary::{folded, is_money};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Number,
    Sign(char),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug)]
pub(super) struct Tokens<'a> {
    pub(super) text: &'a str,
    pub(super) all: Vec<Token>,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut all: Vec<Token> = Vec::new();
        for (at, character) in text.char_indices() {
            let kind = match character {
                '0'..='9' => Kind::Number,
                letter if letter.is_alphabetic() => Kind::Word,
                other => Kind::Sign(other),
            };
            let end = at + character.len_utf8();
            match all.last_mut() {
                Some(last) if last.kind == kind && !matches!(kind, Kind::Sign(_)) => last.range.end = end,
                _ => all.push(Token { kind, range: at..end }),
            }
        }
        Self { text, all }
    }

    pub(super) fn str(&self, at: usize) -> &'a str {
        self.all.get(at).map_or("", |token| &self.text[token.range.clone()])
    }

    pub(super) fn number(&self, at: usize) -> Option<&'a str> {
        self.all
            .get(at)
            .filter(|token| token.kind == Kind::Number)
            .map(|_| self.str(at))
    }

    pub(super) fn word(&self, at: usize) -> Option<&'a str> {
        self.all
            .get(at)
            .filter(|token| token.kind == Kind::Word)
            .map(|_| self.str(at))
    }

    pub(super) fn sign(&self, at: usize) -> Option<char> {
        match self.all.get(at)?.kind {
            Kind::Sign(sign) => Some(sign),
            Kind::Word | Kind::Number => None,
        }
    }

    fn sign_before(&self, at: usize) -> Option<char> {
        self.sign(at.checked_sub(1)?)
    }

    fn number_before(&self, at: usize) -> Option<&'a str> {
        self.number(at.checked_sub(2)?)
    }

    /// The nearest words before, at most `reach` tokens away, the nearest first.
    pub(super) fn words_before(&self, at: usize, reach: usize) -> impl Iterator<Item = &'a str> {
        (at.saturating_sub(reach)..at)
            .rev()
            .filter_map(|before| self.word(before))
    }

    /// One past the last token of the day or the time that begins here.
    pub(super) fn day_or_time(&self, at: usize) -> Option<usize> {
        let (first, sign, second) = (self.number(at)?, self.sign(at + 1)?, self.number(at + 2)?);
        let value = |digits: &str| digits.parse::<u32>().unwrap_or(u32::MAX);
        if sign == ':' && first.len() <= 2 && second.len() == 2 {
            let seconds = self.sign(at + 3) == Some(':') && self.number(at + 4).is_some_and(|it| it.len() == 2);
            return Some(if seconds { at + 5 } else { at + 3 });
        }
        let third = self.number(at + 4).filter(|_| self.sign(at + 3) == Some(sign))?;
        let is_day = match (first.len(), sign) {
            (1..=2, '.' | '/' | '-') => {
                value(first) <= 31 && value(second) <= 12 && matches!(third.len(), 2 | 4) && second.len() <= 2
            }
            (4, '-' | '.' | '/') => second.len() == 2 && third.len() == 2 && value(second) <= 12 && value(third) <= 31,
            _ => false,
        };
        (is_day && self.sign_before(at) != Some(sign)).then_some(at + 5)
    }

    /// One past the last token of the sum or the rate that begins here. `money`: the words before speak of money.
    pub(super) fn sum_or_rate(&self, at: usize, money: bool) -> Option<usize> {
        const DIGITS_MAX: usize = 12;
        const WHOLE_DIGITS_MAX: usize = 8;
        const GROUPS_MAX: usize = 5;
        let first = self.number(at).filter(|digits| digits.len() <= DIGITS_MAX)?;
        let mut end = at + 1;
        let is_gap = |at| matches!(self.sign(at), Some(' ' | '\u{a0}' | '\u{202f}' | '\''));
        if first.len() <= 3 {
            let group = |end| is_gap(end) && self.number(end + 1).is_some_and(|digits| digits.len() == 3);
            while group(end) && end < at + 2 * GROUPS_MAX {
                end += 2;
            }
        }
        let fraction = self.number(end + 1).is_some_and(|digits| digits.len() <= 2);
        let joined = |at| matches!(self.sign(at), Some('.' | ',' | '-')) && self.number(at + 1).is_some();
        let alone = |end| {
            let after = matches!(self.sign_before(at), Some('.' | '-')) && self.number_before(at).is_some();
            !joined(end) && !after
        };
        match self.sign(end) {
            Some('.' | ',') if fraction && alone(end + 2) => return Some(end + 2),
            Some('-') if self.number(end + 1).is_some_and(|it| it.len() == 2) && alone(end + 2) => {
                return Some(end + 2);
            }
            Some('=') => return Some(end),
            _ => {}
        }
        let next = if is_gap(end) { end + 1 } else { end };
        let before_money = self.sign(next) == Some('%')
            || self
                .word(next)
                .is_some_and(|word| is_money(&folded(word)) || folded(word) == "р");
        let after_currency = at > 0
            && self
                .word(at - 1)
                .is_some_and(|word| word.len() == 3 && is_money(&folded(word)));
        if first.len() <= WHOLE_DIGITS_MAX && (before_money || after_currency || money) {
            return Some(end);
        }
        None
    }

    /// One past the last token of the telephone number that begins here: seven to fifteen digits in groups.
    pub(super) fn telephone(&self, at: usize, labelled: bool) -> Option<usize> {
        let (mut digits, mut end, mut groups) = (0, at, 0);
        let mut next = at;
        while let Some(token) = self.all.get(next) {
            match token.kind {
                Kind::Number if digits < 11 => {
                    digits += token.range.len();
                    groups += 1;
                    end = next + 1;
                }
                Kind::Sign(' ' | '(' | ')' | '-' | '\u{a0}') if digits < 11 => {}
                Kind::Number | Kind::Word | Kind::Sign(_) => break,
            }
            next += 1;
        }
        let plus = self.sign_before(at) == Some('+');
        let pairs = self.number(at).is_some_and(|first| first.len() == 3)
            && self.sign(at + 1) == Some('-')
            && self.number(at + 2).is_some_and(|it| it.len() == 2)
            && self.sign(at + 3) == Some('-')
            && self.number(at + 4).is_some_and(|it| it.len() == 2);
        let fits = match (plus || labelled, pairs) {
            (true, _) => (6..=15).contains(&digits),
            (false, true) => return Some(at + 5),
            (false, false) => (10..=11).contains(&digits) && groups >= 4 && matches!(self.number(at), Some("7" | "8")),
        };
        fits.then_some(end)
    }

    /// The tokens of each e-mail address, and how many of them at the end are its zone.
    pub(super) fn addresses(&self) -> Vec<Range<usize>> {
        let part = |at: usize| match self.all.get(at).map(|token| token.kind) {
            Some(Kind::Word | Kind::Number) => true,
            Some(Kind::Sign(sign)) => matches!(sign, '.' | '_' | '-' | '+'),
            None => false,
        };
        let mut found = Vec::new();
        for at in (0..self.all.len()).filter(|at| self.sign(*at) == Some('@')) {
            let start = (0..at).rev().take_while(|before| part(*before)).last();
            let end = (at + 1..self.all.len()).take_while(|after| part(*after)).last();
            if let (Some(start), Some(end)) = (start, end) {
                found.push(start..end + 1);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, money: bool) -> Option<&str> {
        let tokens = Tokens::of(text);
        let end = tokens.day_or_time(0).or_else(|| tokens.sum_or_rate(0, money))?;
        Some(&text[..tokens.all[end - 1].range.end])
    }

    #[test]
    fn days_times_sums_and_rates_are_found() {
        for (text, whole) in [
            ("25.06.2024 x", "25.06.2024"),
            ("5/6/24", "5/6/24"),
            ("2024-06-25T", "2024-06-25"),
            ("09:15:00", "09:15:00"),
            ("2500.08 x", "2500.08"),
            ("1 234,56 x", "1 234,56"),
            ("2593-22.", "2593-22"),
            ("15000=", "15000"),
            ("20% x", "20"),
            ("20 %", "20"),
            ("500 руб", "500"),
            ("12 500 р.", "12 500"),
        ] {
            assert_eq!(kept(text, false), Some(whole), "{text}");
        }
        for text in ["145 от", "145", "12-345", "123-45-67", "2024/145", "7-Л", "99.99.2024"] {
            assert_eq!(kept(text, false), None, "{text}");
        }
        assert_eq!(kept("2500 x", true), Some("2500"));
    }

    #[test]
    fn telephones_and_addresses_are_found() {
        let end = |text: &str, at| Tokens::of(text).telephone(at, false);
        assert_eq!(end("+7 (495) 123-45-67 x", 1), Some(12));
        assert_eq!(end("8 916 123 45 67", 0), Some(9));
        assert_eq!(end("123-45-67", 0), Some(5));
        assert_eq!(end("145 от", 0), None);
        let tokens = Tokens::of("на ivan.petrov@mail.ru, a@");
        assert_eq!(tokens.addresses().first(), Some(&(2..9)));
        assert_eq!(tokens.str(2), "ivan");
    }
}
