//! From words to findings: a word announces a kind, the next number is of that kind, lists go on until a word ends them.

use chrono::NaiveDate;
use domain::Inn;

use super::{
    Finding, FindingKind, Reading, behalf, money, part, percent, refund,
    shapes::{self, fraction_mark, is_digits},
    stretches::Tokens,
    tokens::{Token, TokenKind, cut},
    vat::{self, Vat},
    words::{self, Meaning, meaning},
};
use crate::number;

/// Unknown words that may stand between «счёт» and «№ 145» («счёту покупателя ООО Ромашка № 145»).
const WORDS_BEFORE_SIGN_MAX: usize = 4;

/// Reads a payment purpose. Any text has a reading; most of a strange one is no finding at all.
#[must_use]
pub fn read(purpose: &str) -> Reading {
    let mut reader = Reader {
        characters: purpose.chars().collect(),
        tokens: Tokens { list: cut(purpose) },
        findings: Vec::new(),
        context: None,
        sign: None,
        lists: 0,
    };
    let mut at = 0;
    while at < reader.tokens.list.len() {
        at = reader.step(at).max(at + 1);
    }
    reader.whole()
}

/// What was announced and is waited for.
#[derive(Debug, Clone, Copy)]
struct Context {
    kind: FindingKind,
    several: bool,
    start: usize,
    unknown_words: usize,
    /// Digits of the last number that came.
    last_digits: Option<usize>,
    /// A comma or «и» stands after it.
    separated: bool,
    /// «счёту от 12.03.2025 № 145»: the date that came before the number.
    date: Option<(NaiveDate, usize, usize)>,
}

impl Context {
    const fn new(kind: FindingKind, several: bool, start: usize) -> Self {
        Self {
            kind,
            several,
            start,
            unknown_words: 0,
            last_digits: None,
            separated: false,
            date: None,
        }
    }
}

struct Reader {
    characters: Vec<char>,
    tokens: Tokens,
    findings: Vec<Finding>,
    context: Option<Context>,
    /// The token of a number sign that directly precedes.
    sign: Option<usize>,
    /// Enumerations so far.
    lists: u32,
}

impl Reader {
    /// Everything found, with what only the whole text says.
    fn whole(self) -> Reading {
        let mut findings = self.findings;
        let parts = part::parts(&self.tokens, &findings);
        let refunds = refund::refunds(&self.tokens, &findings);
        findings.extend(parts);
        findings.extend(refunds);
        findings.extend(behalf::behalf(&self.tokens, &self.characters));
        findings.sort_by_key(|finding| (finding.start, finding.end));
        Reading { findings }
    }

    fn vat(&mut self, vat: Vat) -> usize {
        let (start, end) = (self.tokens.list[vat.first].start, self.tokens.list[vat.last].end);
        let value = self.characters[start..end].iter().collect();
        // «20% НДС»: the percentage turned out to be the tax's.
        while self.findings.last().is_some_and(|last| last.start >= start) {
            self.findings.pop();
        }
        self.findings.push(Finding {
            percent: vat.percent,
            sum: vat.sum,
            ..Finding::new(FindingKind::Vat, start, end, value)
        });
        self.context = None;
        vat.last + 1
    }

    /// Reads the token at `at` and says where to go on.
    fn step(&mut self, at: usize) -> usize {
        match self.tokens.list[at].kind {
            TokenKind::Sign => {
                self.sign.get_or_insert(at);
                at + 1
            }
            TokenKind::Mark(mark) => {
                self.mark(at, mark);
                at + 1
            }
            TokenKind::Word => {
                let next = self.word(at);
                if self.sign.is_some_and(|sign| sign < at) {
                    self.sign = None;
                }
                next
            }
            TokenKind::Number => {
                let next = self.number(at);
                self.sign = None;
                next
            }
        }
    }

    fn mark(&mut self, at: usize, mark: char) {
        let Some(context) = &mut self.context else { return };
        let listed = context.last_digits.is_some();
        match mark {
            ',' | ';' | '+' | '&' if listed => context.separated = true,
            // «сч.», «г.» are short words; after anything else a full stop ends what was announced.
            '.' => {
                let unknown = context.unknown_words > 0;
                let after_year = at > 0 && self.tokens.word_at(at - 1).is_some_and(words::is_year_word);
                if (listed || unknown) && !after_year {
                    self.context = None;
                }
            }
            ',' | ';' if context.unknown_words > 0 => self.context = None,
            _ => {}
        }
    }

    fn word(&mut self, at: usize) -> usize {
        if let Some(vat) = vat::vat_at(&self.tokens, at) {
            return self.vat(vat);
        }
        let (start, text) = (self.tokens.list[at].start, self.tokens.list[at].text.clone());
        if let Some(tail) = self.tax_tail(at, &text) {
            self.context = Some(Context::new(FindingKind::TaxInvoice, false, start));
            return tail + 1;
        }
        match meaning(&text) {
            Meaning::Announces(FindingKind::InvoiceNumber) if self.is_account_word(at) => {
                self.context = Some(Context::new(FindingKind::Account, false, start));
            }
            Meaning::Announces(kind) => self.context = Some(Context::new(kind, false, start)),
            Meaning::AnnouncesSeveral => {
                self.context = Some(Context::new(FindingKind::InvoiceNumber, true, start));
            }
            Meaning::NumberSign => {
                self.sign = Some(at);
            }
            Meaning::Filler => {
                if let Some(context) = &mut self.context
                    && text == "и"
                {
                    context.separated = true;
                }
            }
            Meaning::Unknown => self.unknown_word(),
        }
        at + 1
    }

    fn unknown_word(&mut self) {
        let Some(context) = &mut self.context else { return };
        context.unknown_words += 1;
        if context.last_digits.is_some() || context.unknown_words > WORDS_BEFORE_SIGN_MAX {
            self.context = None;
        }
    }

    /// «сч. ф.», «счёт - фактура», «с.ф.»: where the tail stands.
    fn tax_tail(&self, at: usize, word: &str) -> Option<usize> {
        let marked = matches!(self.tokens.kind_at(at + 1), Some(TokenKind::Mark('.' | '-' | '/')));
        let head = match meaning(word) {
            Meaning::Announces(FindingKind::InvoiceNumber) | Meaning::AnnouncesSeveral => true,
            _ => word == "с" && marked,
        };
        let mut tail = if marked { at + 2 } else { at + 1 };
        // «сч.-ф.»
        if matches!(self.tokens.kind_at(tail), Some(TokenKind::Mark('-' | '/'))) {
            tail += 1;
        }
        (head && self.tokens.word_at(tail).is_some_and(words::is_tax_tail)).then_some(tail)
    }

    fn is_account_word(&self, at: usize) -> bool {
        let before = match at.checked_sub(1).and_then(|before| self.tokens.kind_at(before)) {
            Some(TokenKind::Mark('.' | '/')) => at.checked_sub(2),
            _ => at.checked_sub(1),
        };
        before
            .and_then(|before| self.tokens.word_at(before))
            .is_some_and(words::makes_it_an_account)
    }

    fn number(&mut self, at: usize) -> usize {
        if let Some(vat) = vat::vat_at(&self.tokens, at) {
            return self.vat(vat);
        }
        let token = self.tokens.list[at].clone();
        let text = token.text.as_str();
        let signed = self.sign.is_some();
        let waiting = self.context.filter(|context| context.last_digits.is_none());
        let foreign_wait = waiting.is_some_and(|context| context.kind != FindingKind::InvoiceNumber);
        if !signed && let Some((end, date)) = self.tokens.date_at(at) {
            self.date_found(at, end, date);
            return end + 1;
        }
        if matches!(self.tokens.kind_at(at + 1), Some(TokenKind::Mark('%'))) {
            self.add(FindingKind::Percent, &token, token.start);
            if let Some(percentage) = self.findings.last_mut() {
                percentage.percent = percent::decimal(text);
            }
            return at + 2;
        }
        if !signed && self.tokens.is_period(at) {
            self.add(FindingKind::Period, &token, token.start);
            return at + 1;
        }
        if shapes::is_account(text) {
            self.add(FindingKind::Account, &token, token.start);
            return at + 1;
        }
        if let Some(end) = self.sum_at(at, waiting, signed) {
            let whole = Token {
                end: self.tokens.list[end].end,
                ..token
            };
            self.add(FindingKind::Sum, &whole, whole.start);
            if let Some(sum) = self.findings.last_mut() {
                sum.sum = money::sum_at(&self.tokens, at).map(|sum| sum.minor);
            }
            return end + 1;
        }
        if let Some(tax) = tax_number(text, waiting) {
            let end = token.start + tax.chars().count();
            self.add(FindingKind::TaxNumber, &Token { end, ..token }, token.start);
            return at + 1;
        }
        // «договор № СЧ-145»: the contract was announced, its number may look like anything.
        if !(foreign_wait && signed)
            && let Some(prefix) = prefix_of(text)
        {
            self.prefixed(&token, prefix);
            return at + 1;
        }
        let end = self.tokens.end_of_slashes(at);
        let number = Token {
            end: self.tokens.list[end].end,
            text: self.tokens.list[at..=end]
                .iter()
                .map(|part| part.text.as_str())
                .collect(),
            ..token
        };
        self.plain_number(end, &number, number.start, None);
        end + 1
    }

    /// «сч145», «N145», «дог-12»: a word and its number without a space.
    fn prefixed(&mut self, token: &Token, prefix: Prefix) {
        let number = Token {
            start: token.start + prefix.characters,
            text: token.text.chars().skip(prefix.characters).collect(),
            ..*token
        };
        let whole = number::key(&token.text);
        // «счёт № СЧ-145»: the word before already announced it, and its place is the one to show.
        let announced = self
            .context
            .is_some_and(|context| context.last_digits.is_none() && context.kind == FindingKind::InvoiceNumber);
        match prefix.meaning {
            Meaning::Announces(FindingKind::InvoiceNumber) if announced => {}
            Meaning::Announces(kind) => self.context = Some(Context::new(kind, false, token.start)),
            Meaning::AnnouncesSeveral => {
                self.context = Some(Context::new(FindingKind::InvoiceNumber, true, token.start));
            }
            Meaning::NumberSign | Meaning::Filler | Meaning::Unknown => {}
        }
        let at = self
            .tokens
            .list
            .iter()
            .position(|other| other.start == token.start)
            .unwrap_or(0);
        if prefix.meaning == Meaning::NumberSign {
            self.sign = Some(at);
        }
        self.plain_number(at, &number, token.start, Some(whole));
    }

    /// A number that its shape does not give away: the words decide.
    fn plain_number(&mut self, at: usize, number: &Token, start: usize, whole: Option<String>) {
        let signed = self.sign.is_some();
        let sign_start = self.sign.map(|sign| self.tokens.list[sign].start);
        let next_is_noun = self
            .tokens
            .word_at(at + 1)
            .is_some_and(|word| meaning(word) == Meaning::Unknown);
        let digits = number.text.chars().count();
        let mut start = sign_start.map_or(start, |sign| sign.min(start));
        let mut by_word = true;
        let mut date = None;
        let mut goes_on = false;
        let kind = match &mut self.context {
            Some(context) if context.last_digits.is_none() && (context.unknown_words == 0 || signed) => {
                start = start.min(context.start);
                date = context.date;
                Some(context.kind)
            }
            Some(context) if context.separated && context.last_digits.is_some() => {
                let alike = context
                    .last_digits
                    .is_some_and(|last| digits >= 2 && last.abs_diff(digits) <= 1);
                goes_on = signed || context.several || (alike && is_digits(&number.text) && !next_is_noun);
                goes_on.then_some(context.kind)
            }
            _ => None,
        };
        let kind = kind.unwrap_or_else(|| {
            by_word = false;
            self.context = None;
            if signed && !self.noun_before_sign() {
                FindingKind::InvoiceNumber
            } else {
                FindingKind::BareNumber
            }
        });
        if let Some(context) = &mut self.context {
            context.last_digits = Some(digits);
            context.separated = false;
            context.unknown_words = 0;
        } else if kind == FindingKind::InvoiceNumber {
            let mut context = Context::new(kind, false, start);
            context.last_digits = Some(digits);
            self.context = Some(context);
        }
        let mut keys = vec![number::key(&number.text)];
        if let Some(whole) = whole
            && whole != keys[0]
        {
            keys.push(whole);
        }
        let list = if goes_on && kind == FindingKind::InvoiceNumber {
            self.list_of_last()
        } else {
            None
        };
        let value = self.characters[number.start..number.end].iter().collect();
        self.findings.push(Finding {
            keys,
            date: date.map(|(date, _, _)| date),
            date_span: date.map(|(_, start, end)| (start, end)),
            by_word,
            list,
            ..Finding::new(kind, start, number.end, value)
        });
    }

    /// The enumeration that the last invoice number begins or continues.
    fn list_of_last(&mut self) -> Option<u32> {
        let last = self
            .findings
            .iter_mut()
            .rev()
            .find(|finding| finding.kind == FindingKind::InvoiceNumber)?;
        let list = *last.list.get_or_insert(self.lists);
        self.lists = self.lists.max(list + 1);
        Some(list)
    }

    /// «магазин № 5», «рейс N 12»: something that is not an invoice has the number.
    fn noun_before_sign(&self) -> bool {
        self.sign
            .and_then(|sign| sign.checked_sub(1))
            .and_then(|before| self.tokens.word_at(before))
            .is_some_and(|word| meaning(word) == Meaning::Unknown)
    }

    fn add(&mut self, kind: FindingKind, token: &Token, start: usize) {
        let value = self.characters[token.start..token.end].iter().collect();
        self.findings.push(Finding::new(kind, start, token.end, value));
    }

    fn date_found(&mut self, at: usize, end: usize, date: Option<NaiveDate>) {
        let (start, end) = (self.tokens.list[at].start, self.tokens.list[end].end);
        if let (Some(date), Some(context)) = (date, &mut self.context)
            && context.kind == FindingKind::InvoiceNumber
        {
            let last = self.findings.last_mut();
            match (context.last_digits, last) {
                (Some(_), Some(number)) if number.kind == FindingKind::InvoiceNumber && number.date.is_none() => {
                    number.date = Some(date);
                    number.date_span = Some((start, end));
                }
                (None, _) => context.date = Some((date, start, end)),
                _ => {}
            }
        }
        let value = self.characters[start..end].iter().collect();
        self.findings.push(Finding {
            date,
            ..Finding::new(FindingKind::Date, start, end, value)
        });
    }

    /// The last token of a sum that starts at `at`.
    fn sum_at(&self, at: usize, waiting: Option<Context>, signed: bool) -> Option<usize> {
        let text = self.tokens.list[at].text.as_str();
        let sum_announced = self.context.is_some_and(|context| context.kind == FindingKind::Sum) && !signed;
        if signed {
            return None;
        }
        let end = self.tokens.end_of_groups(at);
        let last = self.tokens.list[end].text.as_str();
        let money_follows = self.tokens.word_at(end + 1).is_some_and(words::is_money_word);
        let fraction = fraction_mark(last);
        if end > at {
            return (sum_announced || money_follows || fraction.is_some()).then_some(end);
        }
        if sum_announced || money_follows || shapes::ends_in_money(text) {
            return Some(at);
        }
        match (fraction?, waiting.map(|context| context.kind)) {
            // «договор 23.05», «акт 12,01»: what was announced comes first.
            (_, Some(kind)) if kind != FindingKind::InvoiceNumber => None,
            ('.' | ',', _) => Some(at),
            // «счёт 145-25» is a number; «76000-00» in no context is a sum.
            (_, None) if text.len() > "999-00".len() => Some(at),
            _ => None,
        }
    }
}

/// The digits of an INN: announced, or right in its control digits where nothing else is announced.
fn tax_number(text: &str, waiting: Option<Context>) -> Option<&str> {
    let (inn, rest) = text.split_once('/').unwrap_or((text, ""));
    if !is_digits(inn) || !matches!(inn.len(), 10 | 12) || !(rest.is_empty() || rest.chars().count() == 9) {
        return None;
    }
    match waiting.map(|context| context.kind) {
        Some(FindingKind::TaxNumber) => Some(inn),
        None => Inn::parse(inn).is_ok().then_some(inn),
        Some(_) => None,
    }
}

struct Prefix {
    /// With the mark after it.
    characters: usize,
    meaning: Meaning,
}

/// The known word that a number is written together with.
fn prefix_of(text: &str) -> Option<Prefix> {
    let characters = text.chars().take_while(|character| !character.is_ascii_digit()).count();
    let front: String = text.chars().take(characters).collect();
    let word = front.trim_end_matches(['-', '/', '_', '\\']);
    let meaning = meaning(word);
    matches!(
        meaning,
        Meaning::Announces(_) | Meaning::AnnouncesSeveral | Meaning::NumberSign
    )
    .then_some(Prefix { characters, meaning })
}
