//! Numbers that only words tell what they are: the one that was announced, the next of a list, or nobody's.

use super::{
    Finding, FindingKind, context::Context, enumeration, reading::Reader, shapes::is_digits, tokens::TokenKind,
    words::Meaning,
};
use crate::{fold::fold, number};

impl Reader<'_> {
    /// A number that its shape does not give away: the words decide.
    pub fn document_number(&mut self, at: usize) -> usize {
        let invoice = self
            .context
            .is_some_and(|context| context.kind == FindingKind::InvoiceNumber);
        let several = self.signs
            || self
                .context
                .is_some_and(|context| context.several || context.perhaps_several);
        if invoice || self.signs {
            if several && let Some(numbers) = enumeration::range_token(&self.tokens, at) {
                return self.whole_range(at, at, &numbers);
            }
            if let Some(numbers) = self.split_list(at) {
                return self.whole_list(at, &numbers);
            }
            if let Some(numbers) = self.range_to(at) {
                return self.whole_range(at, at, &numbers);
            }
        }
        let mut last = enumeration::end_of_compound(&self.tokens, at, invoice && !several);
        let start = self.tokens.list[at].start;
        if self.letter_behind(last) {
            last += 1;
        }
        self.announced_number(at, last, start, None);
        last + 1
    }

    /// «145 А»: one letter of the number behind it.
    fn letter_behind(&self, at: usize) -> bool {
        let waits = self.sign.is_some() || self.context.is_some_and(|context| context.is_waiting());
        let Some(token) = self
            .tokens
            .list
            .get(at + 1)
            .filter(|token| token.kind == TokenKind::Word)
        else {
            return false;
        };
        let letter = matches!(self.tokens.text(at + 1), "а" | "б")
            && self
                .tokens
                .typed(token.start, token.end)
                .chars()
                .all(char::is_uppercase);
        let ends = match self.tokens.kind_at(at + 2) {
            None => true,
            Some(TokenKind::Mark(mark)) => mark != '.',
            Some(TokenKind::Word) => self.tokens.text(at + 2) == "от",
            _ => false,
        };
        waits && letter && ends && self.tokens.gap(at, at + 1) == Some(1)
    }

    /// «145,46» where several invoices are expected: the places of its numbers, in characters.
    fn split_list(&self, at: usize) -> Option<Vec<(usize, usize)>> {
        let several = self.signs
            || self.continues_list()
            || self
                .context
                .is_some_and(|context| context.several || context.perhaps_several);
        let text = self.tokens.text(at);
        if !several || !text.contains(',') {
            return None;
        }
        let mut from = self.tokens.list[at].start;
        text.split(',')
            .map(|number| {
                let place = (from, from + number.len());
                from = place.1 + 1;
                is_digits(number).then_some(place)
            })
            .collect()
    }

    fn whole_list(&mut self, at: usize, numbers: &[(usize, usize)]) -> usize {
        for (start, end) in numbers {
            self.announced_with_keys(at, at, *start, vec![number::key(self.tokens.folded(*start, *end))]);
            if self.is_no_invoice(at, at) {
                break;
            }
            if let Some(last) = self.findings.last_mut() {
                self.tokens.typed(*start, *end).clone_into(&mut last.value);
                last.end = *end;
            }
            if let Some(context) = &mut self.context {
                context.separated = true;
                context.last_length = Some(end - start);
            }
        }
        if let Some(context) = &mut self.context {
            context.separated = false;
        }
        at + 1
    }

    /// «с 145 по 150», «№ 145 - № 150»: the numbers after the last one up to that at `at`.
    fn range_to(&self, at: usize) -> Option<Vec<String>> {
        let context = self.context.filter(|context| !context.is_waiting())?;
        let mut joint = self.sign.unwrap_or(at).checked_sub(1)?;
        while self.tokens.mark_at(joint) == Some('.') && self.tokens.mark_at(joint.checked_sub(1)?) == Some('.') {
            joint -= 1;
        }
        let dash = matches!(self.tokens.mark_at(joint), Some('-' | '…'))
            || (self.tokens.mark_at(joint) == Some('.') && self.tokens.is_beside(joint.checked_sub(1)?, joint));
        let until = self.tokens.word_at(joint) == Some("по");
        let last = self.findings.last().filter(|last| last.kind == context.kind)?;
        let close = self.tokens.list[joint.checked_sub(1)?].end == last.end;
        if !(dash || until) || !close || (dash && self.sign.is_none() && !(context.several || context.perhaps_several))
        {
            return None;
        }
        let mut numbers = enumeration::range(&last.value, self.tokens.text(at))?;
        numbers.remove(0);
        Some(numbers)
    }

    /// «с 145 по 150»
    fn is_start_of_range(&self, at: usize) -> bool {
        self.context
            .is_some_and(|context| context.several || context.perhaps_several)
            && at.checked_sub(1).and_then(|before| self.tokens.word_at(before)) == Some("с")
            && self.tokens.word_at(at + 1) == Some("по")
    }

    /// One finding for each number of a range, all at the place of the range.
    fn whole_range(&mut self, first: usize, last: usize, numbers: &[String]) -> usize {
        let start = self.tokens.list[first].start;
        for number in numbers {
            if let Some(context) = &mut self.context
                && !context.is_waiting()
            {
                context.several = true;
                context.separated = true;
            }
            self.announced_with_keys(first, last, start, vec![number::key(number)]);
            if self.is_no_invoice(first, last) {
                break;
            }
            if let Some(finding) = self.findings.last_mut() {
                finding.value.clone_from(number);
            }
        }
        if let Some(context) = &mut self.context {
            context.separated = false;
        }
        last + 1
    }

    /// Whether what was taken for the first of several invoices is no invoice's; then it is one number, as it is typed.
    fn is_no_invoice(&mut self, first: usize, last: usize) -> bool {
        let (start, end) = (self.tokens.list[first].start, self.tokens.list[last].end);
        match self.findings.last_mut() {
            Some(finding) if finding.kind != FindingKind::InvoiceNumber => {
                self.tokens.typed(start, end).clone_into(&mut finding.value);
                finding.keys = vec![number::key(self.tokens.folded(start, end))];
                finding.end = end;
                true
            }
            _ => false,
        }
    }

    /// The number of the tokens up to `last` whose own text begins at `start`.
    pub fn announced_number(&mut self, at: usize, last: usize, start: usize, whole: Option<String>) {
        let end = self.tokens.list[last].end;
        let mut keys = vec![number::key(self.tokens.folded(start, end))];
        keys.extend(whole.filter(|whole| *whole != keys[0]));
        self.announced_with_keys(at, last, start, keys);
    }

    pub fn announced_with_keys(&mut self, at: usize, last: usize, start: usize, keys: Vec<String>) {
        let signed = self.sign.is_some();
        let end = self.tokens.list[last].end;
        let length = end - start;
        let before = at.checked_sub(1).and_then(|before| self.tokens.meaning_at(before));
        let free = before == Some(Meaning::Preposition) && !self.is_start_of_range(at);
        let mut by_word = true;
        let mut goes_on = false;
        let mut date = None;
        let mut shown = self.sign.map_or(self.tokens.list[at].start.min(start), |sign| {
            self.tokens.list[sign].start.min(start)
        });
        let kind = match &self.context {
            Some(context) if context.is_waiting() => context.expected(signed, free).map(|(kind, announced)| {
                shown = shown.min(announced);
                date = context.date;
                kind
            }),
            Some(context) => {
                goes_on = self.goes_on(context, at, last, length);
                goes_on.then_some(context.kind)
            }
            None => None,
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
        let signs = self.signs;
        if self.context.is_none() && kind == FindingKind::InvoiceNumber {
            self.context = Some(Context::new(kind, shown));
        }
        if let Some(context) = &mut self.context {
            context.kind = kind;
            context.last_length = Some(length);
            context.separated = false;
            context.unknown_words = 0;
            context.several |= signs;
        }
        let list = if goes_on && kind == FindingKind::InvoiceNumber {
            self.list_of_last()
        } else {
            None
        };
        let value = self.tokens.typed(start, end).to_owned();
        self.findings.push(Finding {
            keys,
            date: date.map(|(date, _, _)| date),
            date_span: date.map(|(_, start, end)| (start, end)),
            by_word,
            list,
            ..Finding::new(kind, shown, end, value)
        });
    }

    /// Whether the number at `at` belongs to the list before it.
    fn goes_on(&self, context: &Context, at: usize, last: usize, length: usize) -> bool {
        let next_is_noun = self.tokens.meaning_at(last + 1) == Some(Meaning::Unknown)
            || self.tokens.meaning_at(last + 1) == Some(Meaning::Unit);
        if !context.separated {
            // «счетам 145 146»
            return context.several
                && at
                    .checked_sub(1)
                    .is_some_and(|before| self.tokens.number_at(before).is_some());
        }
        // «счёт 5, 6», but «счёт 12, 5» may be five of something.
        let single = context.last_length == Some(1) && self.closes(last);
        let alike = context
            .last_length
            .is_some_and(|before| before.abs_diff(length) <= 1 && (length >= 2 || context.perhaps_several || single));
        self.sign.is_some() || context.several || (alike && !next_is_noun && self.looks_like_last(at))
    }

    /// Nothing that the number at `at` could count comes after it.
    fn closes(&self, at: usize) -> bool {
        match self.tokens.kind_at(at + 1) {
            None | Some(TokenKind::Mark(',' | ';' | '.' | ')')) => true,
            Some(TokenKind::Word) => matches!(self.tokens.text(at + 1), "от" | "и"),
            _ => false,
        }
    }

    /// «145/2» after «145/1», «ВН-78» after «ВН-77».
    fn looks_like_last(&self, at: usize) -> bool {
        let front = |text: &str| -> String {
            text.chars()
                .take_while(|character| !character.is_ascii_digit())
                .map(fold)
                .collect()
        };
        let last = self
            .findings
            .iter()
            .rev()
            .find(|finding| finding.kind != FindingKind::Date);
        let text = self.tokens.text(at);
        last.is_some_and(|last| front(&last.value) == front(text)) && fraction_free(text)
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

    /// «киоск № 5», «отдел N 12»: something that is not an invoice has the number.
    fn noun_before_sign(&self) -> bool {
        self.sign
            .and_then(|sign| sign.checked_sub(1))
            .is_some_and(|before| self.tokens.meaning_at(before) == Some(Meaning::Unknown))
    }
}

fn fraction_free(text: &str) -> bool {
    !text.contains([',', '.'])
}
