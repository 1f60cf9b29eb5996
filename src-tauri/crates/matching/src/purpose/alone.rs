//! A number that nothing announced: the number of some thing («труба 57»), or what the payment refers to («основание 57»).

use super::{
    FindingKind, dates, invoice_word,
    reading::Reader,
    tokens::TokenKind,
    vat,
    words::{self, Meaning},
};

/// Beginnings of words after which a number is that of a document, whatever kind it is.
const DOCUMENTS: [&str; 8] = ["основан", "осн", "докум", "док", "реф", "ссылк", "referen", "ref"];

impl Reader<'_> {
    /// Whether the bare number from `at` to `last` may be what the payment refers to.
    pub fn refers(&self, at: usize, last: usize) -> bool {
        if self.is_dated_number(last) {
            return true;
        }
        !self.counts(last) && self.is_nobodys(self.sign.unwrap_or(at))
    }

    /// «17 вагонов», «17 рейса»: the word behind the number that ends at `last` is what it counts, or what has it.
    pub fn counts(&self, last: usize) -> bool {
        let next = last + 1;
        let Some(word) = self
            .tokens
            .word_at(next)
            .filter(|_| self.tokens.gap(last, next) == Some(1))
        else {
            return false;
        };
        let end = self.tokens.list[last].end;
        let has_number = matches!(self.tokens.kind_at(next + 1), Some(TokenKind::Number | TokenKind::Sign));
        let wrapped = self.tokens.typed(end, end + 1) == "\n";
        let tells_more = vat::is_vat_word(word) || matches!(word, "без" | "вкл" | "включая" | "дата");
        match self.tokens.list[next].meaning {
            Meaning::Unknown => !wrapped && !tells_more,
            Meaning::Unit => true,
            Meaning::Announces(FindingKind::Code | FindingKind::Order) => !has_number,
            _ => false,
        }
    }

    /// «145 от 12.03.2025», «145 12.03.2025»
    fn is_dated_number(&self, last: usize) -> bool {
        let next = last + 1;
        let behind = self.tokens.number_at(next).is_some() && dates::day_at(&self.tokens, next, false).is_some();
        behind || dates::is_dated(&self.tokens, last)
    }

    /// Whether no noun stands before what begins at `at` that could have the number.
    fn is_nobodys(&self, at: usize) -> bool {
        let mut before = at;
        loop {
            let Some(place) = before.checked_sub(1) else {
                return true;
            };
            match self.tokens.kind_at(place) {
                Some(TokenKind::Mark('.' | ':')) => before = place,
                Some(TokenKind::Word) => {
                    let word = self.tokens.text(place);
                    let document = DOCUMENTS
                        .iter()
                        .any(|stem| word.starts_with(stem) || words::starts_latin(word, stem));
                    return document
                        || self.tokens.list[place].meaning != Meaning::Unknown
                        || invoice_word::is_slip_of_invoice(word);
                }
                _ => return true,
            }
        }
    }
}
