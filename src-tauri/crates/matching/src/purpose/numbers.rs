//! What a number is: its shape may say it, else the words before it, else nothing does.

use domain::Inn;

use super::{
    FindingKind,
    context::Context,
    dates, enumeration,
    money::{self, Sum},
    percent,
    reading::Reader,
    shapes::{self, is_digits},
    tokens::TokenKind,
    vat,
    words::{self, Meaning, meaning},
};
use crate::{
    fold::{folded, is_letter},
    number,
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

    /// «сч145», «N145», «дог-12»: a word and its number without a space.
    fn prefixed(&mut self, at: usize, announced: Option<FindingKind>, signed: bool) -> Option<usize> {
        let text = self.tokens.text(at);
        let front = text.find(|character: char| character.is_ascii_digit())?;
        let word = text[..front].trim_end_matches(['-', '/', '_', '\\']);
        if word.is_empty() {
            return None;
        }
        let of_word = meaning(word);
        let dashed = word.len() < front;
        if of_word == Meaning::Unknown
            && let Some(letters) = words::letters_behind_invoice(word)
        {
            // «СЧУТ-145»: the word is typed together with the letters of the number.
            let start = self.tokens.list[at].start + word.chars().count() - letters.chars().count();
            let last = enumeration::end_of_compound(&self.tokens, at, false);
            let key = number::key(self.tokens.folded(start, self.tokens.list[last].end));
            let whole = number::key(
                self.tokens
                    .folded(self.tokens.list[at].start, self.tokens.list[last].end),
            );
            if announced.is_none() && !self.continues_list() {
                self.context = Some(Context::new(FindingKind::InvoiceNumber, self.tokens.list[at].start));
            }
            self.announced_with_keys(at, last, start, vec![key, whole]);
            return Some(last + 1);
        }
        let invoice = announced == Some(FindingKind::InvoiceNumber);
        let start = self.tokens.list[at].start;
        // «счёт NСЧ-145»: the sign is typed together with the letters of the number.
        let says_nothing = matches!(
            of_word,
            Meaning::Unknown | Meaning::Preposition | Meaning::And | Meaning::Unit | Meaning::Filler
        );
        if invoice && !signed && says_nothing && text.starts_with('n') && front > 1 {
            let last = enumeration::end_of_compound(&self.tokens, at, false);
            let end = self.tokens.list[last].end;
            let without_sign = self.tokens.folded(start + 1, end);
            let mut keys = vec![number::key(without_sign), number::key(text)];
            keys.extend(own_digits(without_sign));
            self.announced_with_keys(at, last, start, keys);
            return Some(last + 1);
        }
        // «договор № СЧ-145», «счёт СП-43»: what was announced has a number that may look like anything.
        let taken = match announced {
            Some(FindingKind::InvoiceNumber) => {
                !of_word.is_invoice() && !of_word.is_number_sign() && (signed || dashed)
            }
            Some(_) => signed || of_word.is_invoice() && dashed && self.stands_behind_word(at),
            None => dashed && self.continues_others(at),
        };
        if taken {
            return None;
        }
        let offset = text[..front].chars().count();
        let whole = number::key(text);
        match of_word {
            _ if of_word.is_invoice() => {
                if let Some(next) = self.prefixed_range(at, front) {
                    return Some(next);
                }
                // «счёт № СЧ-145»: the word before already announced it, and its place is the one to show.
                if !invoice && !self.continues_list() {
                    let mut context = Context::new(FindingKind::InvoiceNumber, start);
                    context.several = of_word == Meaning::AnnouncesSeveral;
                    self.context = Some(context);
                }
            }
            Meaning::Announces(kind) => self.context = Some(Context::new(kind, start)),
            Meaning::NumberSign | Meaning::NumberSigns => {
                self.sign.get_or_insert(at);
                self.signs |= of_word == Meaning::NumberSigns;
            }
            _ => return None,
        }
        let last = enumeration::end_of_compound(&self.tokens, at, false);
        // «счету 145 и СЧ-146»: its letters say what it is, however unlike its neighbour it looks.
        let goes_on = of_word.is_invoice() && self.continues_list();
        let several = self.context.is_some_and(|context| context.several);
        if let Some(context) = &mut self.context {
            context.several |= goes_on;
        }
        let letters = self.letters_behind(last).filter(|_| of_word.is_number_sign());
        if let Some(letters) = letters {
            let key = |last: usize| number::key(self.tokens.folded(start + offset, self.tokens.list[last].end));
            let keys = vec![key(letters), key(last)];
            self.announced_with_keys(at, letters, start + offset, keys);
        } else {
            self.announced_number(at, last, start + offset, of_word.is_invoice().then_some(whole));
        }
        if let Some(context) = &mut self.context
            && goes_on
        {
            context.several = several;
        }
        Some(letters.unwrap_or(last) + 1)
    }

    /// «дог. СЧ-145»: nothing but a full stop between the number and the word that announced it.
    fn stands_behind_word(&self, at: usize) -> bool {
        let before = at.checked_sub(1);
        let before = before
            .filter(|before| self.tokens.mark_at(*before) != Some('.'))
            .or_else(|| at.checked_sub(2));
        before.is_some_and(|before| self.tokens.kind_at(before) == Some(TokenKind::Word))
    }

    /// «акты СЧ-5, СЧ-6»: the list of other documents goes on.
    fn continues_others(&self, at: usize) -> bool {
        self.context.is_some_and(|context| {
            context.kind != FindingKind::InvoiceNumber
                && context.separated
                && self.has_letters_of_last(context.kind, at)
        })
    }

    /// «СЧ-27-СЧ-31», «счетам СЧ-27-31», «с СЧ-27 по СЧ-31»: the word of which ends at byte `front` of the token.
    fn prefixed_range(&mut self, at: usize, front: usize) -> Option<usize> {
        let (word, rest) = self.tokens.text(at).split_at(front);
        if let Some(numbers) = self.range_to(at, rest, true) {
            return Some(self.whole_range(at, at, &numbers));
        }
        let (first, last) = rest.split_once('-')?;
        let (last, repeated) = last.strip_prefix(word).map_or((last, false), |last| (last, true));
        let sure = repeated || self.expects_several() && shapes::whole_year(first).is_none();
        let numbers = enumeration::range(first, last).filter(|_| sure && is_digits(first))?;
        if self
            .context
            .is_none_or(|context| context.kind != FindingKind::InvoiceNumber)
        {
            self.context = Some(Context::new(FindingKind::InvoiceNumber, self.tokens.list[at].start));
        }
        Some(self.whole_range(at, at, &numbers))
    }

    pub fn continues_list(&self) -> bool {
        self.context
            .is_some_and(|context| context.kind == FindingKind::InvoiceNumber && context.separated)
    }

    /// «№ УТ 145», «№ А - 17», «счёт ТВ 145»: letters of the number that stand apart. At the letters.
    pub fn lettered_number(&mut self, at: usize) -> Option<usize> {
        const LETTERS_MAX: usize = 4;
        const GAP_MAX: usize = 8;
        let (start, end) = (self.tokens.list[at].start, self.tokens.list[at].end);
        let of_word = self.tokens.list[at].meaning;
        let dash = self.tokens.mark_at(at + 1) == Some('-');
        let marked = dash || self.tokens.mark_at(at + 1) == Some('/');
        let number_at = at + 1 + usize::from(marked);
        let number = self.tokens.number_at(number_at)?;
        let signed = self.sign.is_some_and(|sign| sign + 1 == at);
        let waits = self.context.is_some_and(|context| {
            context.is_waiting() && context.kind == FindingKind::InvoiceNumber && context.unknown_words == 0
        });
        let listed = self.continues_list();
        let short = end - start <= LETTERS_MAX && !self.tokens.text(at).contains(['/', '.']);
        let close = self.tokens.gap(at, number_at).is_some_and(|gap| gap <= GAP_MAX);
        let upper = self.tokens.typed(start, end).chars().all(char::is_uppercase);
        let letters = upper || of_word == Meaning::Unknown && dash;
        let plausible = match of_word {
            Meaning::Unknown | Meaning::Unit | Meaning::Preposition | Meaning::Filler => letters && is_digits(number),
            _ if of_word.is_invoice() => marked,
            // «№ КВ - 145» is no flat.
            Meaning::Announces(_) => {
                dash && is_digits(number) && (signed || self.has_these_letters(self.tokens.text(at)))
            }
            _ => false,
        };
        // In capitals «К» and «С» are letters of a number only where a sign or a dash says so.
        let in_list = listed && (dash || self.has_these_letters(self.tokens.text(at)));
        let expected =
            signed || of_word == Meaning::Unknown && (waits || in_list) || in_list && dash && !of_word.is_invoice();
        if !(short && close && plausible && expected)
            || words::is_legal_form(self.tokens.text(at))
            || dates::day_at(&self.tokens, number_at, false).is_some()
        {
            return None;
        }
        let apart = of_word.is_invoice() || !self.expects_several();
        let last = enumeration::end_of_compound(&self.tokens, number_at, apart);
        let stop = self.tokens.list[last].end;
        let whole = number::key(self.tokens.folded(start, stop));
        let alone = number::key(self.tokens.folded(self.tokens.list[number_at].start, stop));
        let mut keys = vec![whole];
        if of_word.is_invoice() || !signed {
            keys.push(alone);
        }
        // The letters may be what the list is of, and no likeness of digits has to show it.
        let several = self.context.is_some_and(|context| context.several);
        if let Some(context) = self.context.as_mut().filter(|_| listed) {
            context.several = true;
        }
        self.announced_with_keys(number_at, last, start, keys);
        if let Some(context) = self.context.as_mut().filter(|_| listed) {
            context.several = several;
        }
        self.forget_sign();
        Some(last + 1)
    }

    /// Whether the invoice number before begins with these letters.
    fn has_these_letters(&self, letters: &str) -> bool {
        self.findings
            .iter()
            .rev()
            .find(|finding| finding.kind == FindingKind::InvoiceNumber)
            .is_some_and(|last| {
                folded(&last.value)
                    .strip_prefix(letters)
                    .is_some_and(|rest| !rest.starts_with(is_letter))
            })
    }

    /// Adds the tokens from `first` to `last` as what they are, and says where to go on.
    fn add(&mut self, kind: FindingKind, first: usize, last: usize) -> usize {
        let (start, end) = (self.tokens.list[first].start, self.tokens.list[last].end);
        let finding = self.finding(kind, start, end);
        self.findings.push(finding);
        last + 1
    }
}

/// The key without the word for an invoice in front: «СЧ-145» may be called 145.
fn own_digits(text: &str) -> Option<String> {
    let front = text.find(|character: char| character.is_ascii_digit())?;
    let word = text[..front].trim_end_matches(['-', '/', '_']);
    meaning(word).is_invoice().then(|| number::key(&text[front..]))
}
