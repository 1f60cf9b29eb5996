//! One stretch of a file, treated in its manner.

use std::ops::Range;

use super::{
    identifiers::is_valid_iban,
    piece::Manner,
    raw::Edit,
    substitutes::{Replaced, Substitutes, compact, is_of_account},
    tokens::{Kind, Token, Tokens},
    vocabulary::{folded, is_legal, is_money, is_numbering, is_phone_label, is_service},
};

/// Digits of an account number, a card, a unique number of an accrual: nobody's sum has as many.
const LONG_DIGITS: usize = 13;
/// Nobody was born on it more than on others.
const BIRTH: &str = "1980-01-01";
/// It has 34 characters at most.
const IBAN_TOKENS_MAX: usize = 35;
/// Tokens before a number among which its label is looked for.
const LABEL_REACH: usize = 4;

/// The edits to `text`, in order.
pub(super) fn rewritten(text: &str, manner: &Manner, known: &mut Substitutes) -> Vec<Edit> {
    let mut rewriting = Rewriting {
        tokens: Tokens::of(text),
        manner,
        known,
        edits: Vec::new(),
    };
    match manner {
        Manner::Account { .. } => rewriting.account(),
        Manner::Inn | Manner::Kpp | Manner::Identifier => rewriting.numbers_of_somebody(),
        Manner::Birth => rewriting.birth(),
        _ => rewriting.text(),
    }
    let edits = rewriting.edits;
    if !edits.is_empty() {
        match manner {
            Manner::Name => known.count(Replaced::Names),
            Manner::Purpose | Manner::Loose => known.count(Replaced::Purposes),
            Manner::Contact => known.count(Replaced::Contacts),
            _ => {}
        }
    }
    edits
}

/// `text` with its edits made.
pub(super) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        out.push_str(&text[copied..edit.range.start]);
        out.push_str(&edit.text);
        copied = edit.range.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// `4,07028E+19`
fn is_exponential(text: &str) -> bool {
    text.trim().split_once(['E', 'e']).is_some_and(|(number, power)| {
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b',' | b'.'));
        digits(number) && power.strip_prefix('+').is_some_and(digits)
    })
}

struct Rewriting<'a> {
    tokens: Tokens<'a>,
    manner: &'a Manner,
    known: &'a mut Substitutes,
    edits: Vec<Edit>,
}

impl<'a> Rewriting<'a> {
    fn replace(&mut self, range: Range<usize>, text: String) {
        if self.tokens.text[range.clone()] != text {
            self.edits.push(Edit { range, text });
        }
    }

    fn range(&self, at: usize) -> Range<usize> {
        self.tokens.all[at].range.clone()
    }

    /// The whole stretch is one account, with blanks or not, unless it holds whole ones among other things.
    fn account(&mut self) {
        let text = self.tokens.text;
        let several = (0..self.tokens.all.len()).any(|at| self.tokens.number(at).is_some_and(|it| it.len() == 20));
        let account = compact(text);
        if several || !account.is_ascii() || text.contains(['\n', '\r']) {
            self.text();
            return;
        }
        // Zeros, and what a spreadsheet made of a number, are nobody's any more.
        if account.bytes().all(|byte| byte == b'0') || is_exponential(text) {
            return;
        }
        let mut substitute = self.known.account(&account).into_bytes().into_iter().map(char::from);
        let start = text.find(is_of_account).unwrap_or(0);
        let end = text.rfind(is_of_account).map_or(0, |at| at + 1);
        let take = |original: char| {
            if is_of_account(original) {
                substitute.next().unwrap_or(original)
            } else {
                original
            }
        };
        let text = text[start..end].chars().map(take).collect();
        self.replace(start..end, text);
    }

    fn numbers_of_somebody(&mut self) {
        for at in 0..self.tokens.all.len() {
            if let Some(digits) = self.tokens.number(at) {
                let substitute = match digits.len() {
                    _ if digits.bytes().all(|byte| byte == b'0') => continue,
                    10 | 12 => self.known.inn(digits),
                    9 => self.known.kpp(digits),
                    20 => self.known.account(digits),
                    _ => self.known.number(digits),
                };
                self.replace(self.range(at), substitute);
            } else if let Some(word) = self.tokens.word(at)
                && word.chars().count() > 2
            {
                let substitute = self.known.word(word);
                self.replace(self.range(at), substitute);
            }
        }
    }

    fn birth(&mut self) {
        let text = self.tokens.text;
        let start = text.len() - text.trim_start().len();
        let end = start + text.trim().len();
        if start < end {
            self.known.count(Replaced::Numbers);
            self.replace(start..end, BIRTH.to_owned());
        }
    }

    fn text(&mut self) {
        let mut addresses = self.tokens.addresses().into_iter().peekable();
        let mut at = 0;
        let mut money = false;
        while at < self.tokens.all.len() {
            if let Some(address) = addresses.next_if(|address| address.start <= at) {
                // What stands before may have taken some of it already.
                at = self.address(address.start.max(at)..address.end.max(at));
                continue;
            }
            if let Some(end) = self.account_within(at) {
                at = end;
                continue;
            }
            at = match self.tokens.all[at] {
                Token { kind: Kind::Word, .. } => self.word(at, &mut money),
                Token { kind: Kind::Number, .. } => self.number(at, money),
                Token {
                    kind: Kind::Sign(sign), ..
                } => {
                    money &= sign != '№' && sign != ';';
                    at + 1
                }
            };
        }
    }

    /// All of an e-mail address but its zone. One past its last token.
    fn address(&mut self, tokens: Range<usize>) -> usize {
        let zone = tokens.clone().rev().find(|at| self.tokens.word(*at).is_some());
        for at in tokens.clone() {
            let substitute = match (self.tokens.word(at), self.tokens.number(at)) {
                (Some(word), _) if Some(at) != zone => self.known.word(word),
                (_, Some(digits)) => self.known.number(digits),
                _ => continue,
            };
            self.replace(self.range(at), substitute);
        }
        if *self.manner != Manner::Contact {
            self.known.count(Replaced::Contacts);
        }
        tokens.end
    }

    fn word(&mut self, at: usize, money: &mut bool) -> usize {
        let word = self.tokens.str(at);
        let folded = folded(word);
        *money = match () {
            () if is_money(&folded) => true,
            () if is_numbering(&folded) => false,
            () => *money && (is_service(&folded) || word.chars().count() < 3),
        };
        if self.goes(word, &folded) {
            let substitute = self.known.word(word);
            self.replace(self.range(at), substitute);
        }
        at + 1
    }

    fn goes(&self, word: &str, folded: &str) -> bool {
        let letters = word.chars().count();
        let small = || word.chars().all(char::is_lowercase);
        let named = || self.known.is_name(folded) && !(letters < 3 && small());
        match self.manner {
            Manner::Name => letters > 1 && !is_legal(folded),
            Manner::Contact => letters > 2 && !is_service(folded),
            Manner::Purpose | Manner::Loose => match letters {
                0..=1 => false,
                _ if is_service(folded) || is_legal(folded) => false,
                2 => named(),
                3 => named() || !small(),
                _ => true,
            },
            _ => letters > 2 && named() && !is_service(folded) && !is_legal(folded),
        }
    }

    /// `DE89370400440532013000`, or an account that the file names elsewhere. One past its last token.
    fn account_within(&mut self, at: usize) -> Option<usize> {
        let glued = |at: usize| self.tokens.word(at).or(self.tokens.number(at)).is_some();
        if at.checked_sub(1).is_some_and(glued) {
            return None;
        }
        let last = (at..self.tokens.all.len().min(at + IBAN_TOKENS_MAX))
            .take_while(|at| glued(*at))
            .last()?;
        let range = self.range(at).start..self.range(last).end;
        let text = &self.tokens.text[range.clone()];
        let whole = is_valid_iban(text).then_some(0..text.len());
        let within = whole.or_else(|| self.known.account_in(text))?;
        let range = range.start + within.start..range.start + within.end;
        let text = &self.tokens.text[range.clone()];
        let substitute = self.known.account(text);
        self.replace(range, substitute);
        Some(last + 1)
    }

    /// One past the last token of what the number belongs to.
    fn number(&mut self, at: usize, money: bool) -> usize {
        let digits = self.tokens.str(at);
        if digits.bytes().all(|byte| byte == b'0') {
            return at + 1;
        }
        let labels: Vec<String> = self.tokens.words_before(at, LABEL_REACH).map(folded).collect();
        let label = labels.first().map_or("", String::as_str);
        let whole_text = matches!(self.manner, Manner::Purpose | Manner::Name | Manner::Contact);
        let surely = matches!(self.manner, Manner::Reference | Manner::Bank);
        let plus = at > 0 && self.tokens.sign(at - 1) == Some('+');
        if (whole_text || plus)
            && let Some(end) = self
                .tokens
                .telephone(at, is_phone_label(label) || *self.manner == Manner::Contact)
        {
            self.telephone(at..end);
            return end;
        }
        if let Some(end) = self.tokens.day_or_time(at) {
            return end;
        }
        if let Some(end) = self.large_sum(at, money, label) {
            return end;
        }
        match digits.len() {
            20 => {
                let substitute = self.known.account(digits);
                self.replace(self.range(at), substitute);
            }
            10 | 12 if self.known.is_inn(digits, surely) || label == "инн" || label == "inn" => {
                let substitute = self.known.inn(digits);
                self.replace(self.range(at), substitute);
            }
            9 if self.known.is_kpp(digits) || matches!(label, "кпп" | "kpp") => {
                let substitute = self.known.kpp(digits);
                self.replace(self.range(at), substitute);
            }
            9 if self.known.is_bik(digits) || matches!(label, "бик" | "bic") => {}
            // The code of a currency operation: `{VO20200}`.
            5 if label == "vo" => {}
            _ if *self.manner == Manner::Name || *self.manner == Manner::Contact => self.plain(at),
            _ => {
                if let Some(end) = self.tokens.sum_or_rate(at, money) {
                    return end;
                }
                let year = digits.len() == 4 && (1990..=2099).contains(&digits.parse::<u32>().unwrap_or(0));
                let goes = match self.manner {
                    Manner::Purpose => digits.len() > 2 && !year,
                    Manner::Loose => digits.len() >= LONG_DIGITS,
                    _ => false,
                };
                if goes {
                    self.plain(at);
                }
            }
        }
        at + 1
    }

    /// A sum of billions has as many digits as an INN: its kopecks tell it, or the words before, unless they name a code.
    fn large_sum(&self, at: usize, money: bool, label: &str) -> Option<usize> {
        let digits = self
            .tokens
            .number(at)
            .filter(|digits| (9..=12).contains(&digits.len()))?;
        if matches!(label, "инн" | "inn" | "кпп" | "kpp" | "бик" | "bic") || digits.starts_with('0') {
            return None;
        }
        let kopecks = matches!(self.tokens.sign(at + 1), Some('.' | ',' | '-'))
            && self.tokens.number(at + 2).is_some_and(|digits| digits.len() == 2);
        if kopecks {
            return self.tokens.sum_or_rate(at, false);
        }
        (money && *self.manner == Manner::Loose).then_some(at + 1)
    }

    fn plain(&mut self, at: usize) {
        let substitute = self.known.number(self.tokens.str(at));
        self.known.count(Replaced::Numbers);
        self.replace(self.range(at), substitute);
    }

    /// All but the country's digit.
    fn telephone(&mut self, tokens: Range<usize>) {
        for at in tokens {
            let digits = self.tokens.number(at).filter(|digits| digits.len() > 1);
            if let Some(digits) = digits {
                let substitute = self.known.number(digits);
                self.replace(self.range(at), substitute);
            }
        }
        if *self.manner != Manner::Contact {
            self.known.count(Replaced::Contacts);
        }
    }
}
