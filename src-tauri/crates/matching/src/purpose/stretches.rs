//! What only several tokens together say: «12 марта 2025», «15 000,00», «145 / 25». Knows nothing of announcing words.

use chrono::NaiveDate;

use super::{
    shapes::{self, fraction_mark, is_digits},
    tokens::{Token, TokenKind},
    words,
};

/// The tokens of one purpose.
pub struct Tokens {
    pub list: Vec<Token>,
}

impl Tokens {
    pub fn kind_at(&self, at: usize) -> Option<TokenKind> {
        self.list.get(at).map(|token| token.kind)
    }

    pub fn word_at(&self, at: usize) -> Option<&str> {
        self.list
            .get(at)
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| token.text.as_str())
    }

    /// Folded; empty beyond the end.
    pub fn text(&self, at: usize) -> &str {
        self.list.get(at).map_or("", |token| token.text.as_str())
    }

    pub fn mark_at(&self, at: usize) -> Option<char> {
        match self.kind_at(at)? {
            TokenKind::Mark(mark) => Some(mark),
            TokenKind::Word | TokenKind::Number | TokenKind::Sign => None,
        }
    }

    /// Characters between the end of one token and the start of a later one.
    pub fn gap(&self, one: usize, later: usize) -> Option<usize> {
        self.list.get(later)?.start.checked_sub(self.list.get(one)?.end)
    }

    pub fn is_beside(&self, one: usize, later: usize) -> bool {
        self.gap(one, later) == Some(0)
    }

    /// «145 / 25» with spaces is the same number as «145/25», and not 145.
    pub fn end_of_slashes(&self, at: usize) -> usize {
        let mut end = at;
        while self.kind_at(end + 1) == Some(TokenKind::Mark('/')) && self.kind_at(end + 2) == Some(TokenKind::Number) {
            end += 2;
        }
        end
    }

    /// A date at `at`, and the last token of it.
    pub fn date_at(&self, at: usize) -> Option<(usize, Option<NaiveDate>)> {
        let text = self.list[at].text.as_str();
        if let Some(date) = shapes::date(text) {
            return Some((at, Some(date)));
        }
        let month = self.word_at(at + 1).and_then(words::month)?;
        let day: u32 = (is_digits(text) && text.len() <= 2)
            .then(|| text.parse().ok())
            .flatten()?;
        let year = self.list.get(at + 2).and_then(|token| shapes::whole_year(&token.text));
        Some(match year {
            Some(year) => (at + 2, shapes::day(year, month, day)),
            None => (at + 1, None),
        })
    }

    /// «за март 2025», «2025 г.»
    pub fn is_period(&self, at: usize) -> bool {
        let text = self.list[at].text.as_str();
        let named = self.word_at(at + 1).is_some_and(words::is_year_word)
            || text.ends_with('г')
            || at
                .checked_sub(1)
                .and_then(|before| self.word_at(before))
                .is_some_and(|word| words::month(word).is_some());
        named && shapes::whole_year(text).is_some()
    }

    /// «15 000,00», «1 200 000»: groups of three digits, one space between.
    pub fn end_of_groups(&self, at: usize) -> usize {
        let first = self.list[at].text.as_str();
        if !is_digits(first) || first.len() > 3 {
            return at;
        }
        let mut end = at;
        while let (Some(last), Some(next)) = (self.list.get(end), self.list.get(end + 1)) {
            let text = next.text.as_str();
            let group = next.kind == TokenKind::Number && next.start == last.end + 1;
            let whole = is_digits(text) && text.len() == 3;
            let broken = fraction_mark(text).is_some() && text.len() == "000,00".len();
            if !group || !(whole || broken) {
                break;
            }
            end += 1;
            if broken {
                break;
            }
        }
        end
    }
}
