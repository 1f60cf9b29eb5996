//! What a number is: its shape may say it, else the words before it, else nothing does.

use domain::Inn;

use super::{
    FindingKind,
    context::Context,
    dates,
    money::{self, Sum},
    percent,
    reading::Reader,
    shapes::{self, is_digits},
    tokens::TokenKind,
    vat,
    words::{self, Meaning, meaning},
};

impl Reader<'_> {
    /// Reads the number at `at` and says where to go on.
    pub fn number(&mut self, at: usize) -> usize {
        let signed = self.sign.is_some();
        let waiting = self.context.filter(Context::is_waiting);
        if !signed && let Some(vat) = vat::vat_at(&self.tokens, at) {
            return self.vat(vat);
        }
        if !signed && let Some(next) = self.plain_shape(at, waiting) {
            return next;
        }
        let announced = waiting
            .filter(|context| context.unknown_words == 0 || signed)
            .map(|context| context.kind);
        if shapes::is_account(self.tokens.text(at)) && announced != Some(FindingKind::Code) {
            return self.add(FindingKind::Account, at, at);
        }
        if let Some(sum) = self.sum(at, waiting, signed) {
            let next = self.add(FindingKind::Sum, at, sum.last);
            if let Some(finding) = self.findings.last_mut() {
                finding.sum = Some(sum.minor);
            }
            if self.context.is_some_and(|context| context.kind == FindingKind::Sum) {
                self.context = self.resume.take();
            }
            return next;
        }
        if let Some(length) = self.tax_number(at, waiting) {
            let start = self.tokens.list[at].start;
            let finding = self.finding(FindingKind::TaxNumber, start, start + length);
            self.findings.push(finding);
            return at + 1;
        }
        if let Some(next) = self.prefixed(at, announced, signed) {
            return next;
        }
        self.document_number(at)
    }

    /// Dates, percentages, periods, quantities, telephones: what a sign before it would deny.
    fn plain_shape(&mut self, at: usize, waiting: Option<Context>) -> Option<usize> {
        let before = at.checked_sub(1).and_then(|before| self.tokens.word_at(before));
        let from = before.is_some_and(dates::is_from);
        let after_for = matches!(before, Some("за"));
        let is_number = waiting.is_some() && !from && dates::is_dated(&self.tokens, at);
        let in_list = self.context.is_some_and(|context| context.separated) && self.after_date();
        if !is_number && let Some(day) = dates::day_at(&self.tokens, at, from || in_list) {
            self.date_found(at, day);
            return Some(day.last + 1);
        }
        if let Some((last, rate)) = percent::at(&self.tokens, at) {
            self.add(FindingKind::Percent, at, last);
            if let Some(percentage) = self.findings.last_mut() {
                percentage.percent = Some(rate);
            }
            return Some(last + 1);
        }
        if let Some(last) = dates::period_at(&self.tokens, at, after_for) {
            self.give_year(at, from);
            return Some(self.add(FindingKind::Period, at, last));
        }
        if let Some(last) = self.quantity(at, waiting) {
            return Some(self.add(FindingKind::Quantity, at, last));
        }
        let text = self.tokens.text(at);
        if self.is_bank_code(at) {
            return Some(self.add(FindingKind::Code, at, at));
        }
        if waiting.is_none() && (shapes::is_phone(text) || shapes::is_plate(text)) || text.ends_with("-фз") {
            return Some(self.add(FindingKind::Code, at, at));
        }
        if waiting.is_none()
            && let Some(last) = self.dialled(at)
        {
            return Some(self.add(FindingKind::Code, at, last));
        }
        // «ТОРГ-12 № 145», «акт КС-2 № 145»: a form, not its number.
        let Some(Meaning::Announces(kind)) = words::listed(text) else {
            return None;
        };
        self.context = Some(Context::new(kind, self.tokens.list[at].start));
        Some(at + 1)
    }

    /// «145 от 2024 г.», «145 2024 года»: the year of the invoice before it.
    fn give_year(&mut self, at: usize, from: bool) {
        let listed = self
            .context
            .is_some_and(|context| context.kind == FindingKind::InvoiceNumber && !context.is_waiting());
        let beside = at
            .checked_sub(1)
            .is_some_and(|before| self.tokens.number_at(before).is_some());
        let year = shapes::whole_year(self.tokens.text(at)).filter(|_| listed && (from || beside));
        if let (Some(year), Some(number)) = (year, self.findings.last_mut())
            && number.kind == FindingKind::InvoiceNumber
        {
            number.year = Some(year);
        }
    }

    /// «{VO11100}», «(01)» before everything else: what banks write for banks.
    fn is_bank_code(&self, at: usize) -> bool {
        let opens = at.checked_sub(1).and_then(|before| self.tokens.mark_at(before));
        opens == Some('{')
            || opens == Some('(')
                && at == 1
                && self.tokens.mark_at(at + 1) == Some(')')
                && self.tokens.text(at).len() == 2
    }

    /// Whether the last finding is a day of the list that goes on.
    pub fn after_date(&self) -> bool {
        self.findings.last().is_some_and(|last| last.kind == FindingKind::Date)
    }

    /// «10 шт», «3 месяца», «30м3»: its last token.
    fn quantity(&self, at: usize, waiting: Option<Context>) -> Option<usize> {
        let text = self.tokens.text(at);
        let digits = text
            .find(|character: char| !(character.is_ascii_digit() || matches!(character, '.' | ',')))
            .unwrap_or(text.len());
        let (count, unit) = text.split_at(digits);
        if !count.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        if !unit.is_empty() {
            let long = unit.chars().count() > 1;
            return (long && meaning(unit) == Meaning::Unit).then_some(at);
        }
        let unit = self.tokens.text(at + 1);
        // «11 м3»
        if self.tokens.number_at(at + 1).is_some() {
            return (self.tokens.gap(at, at + 1) == Some(1) && words::listed(unit) == Some(Meaning::Unit))
                .then_some(at + 1);
        }
        // «11 тн», but «11 ТН № 5».
        let tonnes = unit == "тн" && !matches!(self.tokens.kind_at(at + 2), Some(TokenKind::Number | TokenKind::Sign));
        // «счёт 145 м…»: right behind its word a number is a number, unless pieces are counted.
        let adjacent = waiting
            .is_some_and(|context| context.unknown_words == 0 && context.kind == FindingKind::InvoiceNumber)
            && at
                .checked_sub(1)
                .is_some_and(|before| self.tokens.meaning_at(before) != Some(Meaning::Preposition));
        let counts = ["шт", "мес", "кг"].iter().any(|stem| unit.starts_with(stem));
        let is_unit = tonnes || self.tokens.meaning_at(at + 1) == Some(Meaning::Unit);
        (is_unit && (counts || !adjacent)).then_some(at + 1)
    }

    /// «+7 (495) 123-45-67»: its last token.
    fn dialled(&self, at: usize) -> Option<usize> {
        const DIGITS: std::ops::RangeInclusive<usize> = 10..=12;
        const TOKENS_MAX: usize = 10;
        let plus = at.checked_sub(1).and_then(|before| self.tokens.mark_at(before)) == Some('+');
        let trunk = matches!(self.tokens.text(at), "8" | "7") && self.tokens.mark_at(at + 1) == Some('(');
        let international = plus && self.tokens.is_beside(at - 1, at);
        if !international && !trunk {
            return None;
        }
        let mut digits = 0;
        let mut last = at;
        for place in at..at + TOKENS_MAX {
            match self.tokens.kind_at(place) {
                Some(TokenKind::Number) => {
                    digits += self.tokens.text(place).bytes().filter(u8::is_ascii_digit).count();
                    last = place;
                }
                Some(TokenKind::Mark('(' | ')' | '-')) => {}
                _ => break,
            }
            if DIGITS.contains(&digits) {
                break;
            }
        }
        DIGITS.contains(&digits).then_some(last)
    }

    /// A sum that begins at `at` and that something says to be one.
    fn sum(&self, at: usize, waiting: Option<Context>, signed: bool) -> Option<Sum> {
        const NUMBER_WITH_DASH_MAX: usize = "999-00".len();
        if signed {
            return None;
        }
        let sum = money::sum_at(&self.tokens, at)?;
        // «2025-04 / 563»
        if self.tokens.mark_at(sum.last + 1) == Some('/') && self.tokens.number_at(sum.last + 2).is_some() {
            return None;
        }
        let announced = self.context.is_some_and(|context| context.kind == FindingKind::Sum);
        let marked = |place: Option<usize>| {
            place
                .and_then(|place| self.tokens.mark_at(place))
                .is_some_and(words::is_money_mark)
        };
        if announced || sum.sign == money::Sign::Word || marked(at.checked_sub(1)) || marked(Some(sum.last + 1)) {
            return Some(sum);
        }
        let length = self.tokens.list[sum.last].end - self.tokens.list[at].start;
        let waits_for = waiting.map(|context| context.kind);
        let is_sum = match (sum.sign, waits_for) {
            (money::Sign::Kopecks('.' | ','), None | Some(FindingKind::InvoiceNumber)) => {
                // «счёт 23.05 от 30.05.2025»
                waits_for.is_none() || !dates::is_dated(&self.tokens, sum.last)
            }
            (money::Sign::Kopecks(_), None) => length > NUMBER_WITH_DASH_MAX || sum.last > at,
            (money::Sign::Kopecks(_), Some(FindingKind::InvoiceNumber)) => {
                sum.minor % 100 == 0 && length > NUMBER_WITH_DASH_MAX
            }
            (money::Sign::Groups, None) => self.context.is_none_or(|context| !context.several),
            _ => false,
        };
        is_sum.then_some(sum)
    }

    /// The characters of an INN: announced, or right in its control digits where nothing else is announced.
    fn tax_number(&self, at: usize, waiting: Option<Context>) -> Option<usize> {
        let text = self.tokens.text(at);
        let (inn, rest) = text.split_once(['/', '\\']).unwrap_or((text, ""));
        if !is_digits(inn) || !(rest.is_empty() || rest.len() == "770701001".len()) {
            return None;
        }
        let is_one = match waiting.map(|context| context.kind) {
            Some(FindingKind::TaxNumber) => (8..=12).contains(&inn.len()),
            None => matches!(inn.len(), 10 | 12) && Inn::parse(inn).is_ok(),
            Some(_) => false,
        };
        is_one.then_some(inn.len())
    }

    /// Adds the tokens from `first` to `last` as what they are, and says where to go on.
    fn add(&mut self, kind: FindingKind, first: usize, last: usize) -> usize {
        let (start, end) = (self.tokens.list[first].start, self.tokens.list[last].end);
        let finding = self.finding(kind, start, end);
        self.findings.push(finding);
        last + 1
    }
}
