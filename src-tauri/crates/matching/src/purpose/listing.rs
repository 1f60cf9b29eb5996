//! One number after another: whether a number goes on the list before it, and where a range ends.

use smallvec::smallvec;

use super::{
    Finding, FindingKind,
    context::Context,
    dates, enumeration,
    reading::Reader,
    shapes::{is_digits, whole_year},
    tokens::TokenKind,
    words::{self, Meaning},
};
use crate::{
    fold::{folded, is_letter},
    number,
};

impl Reader<'_> {
    /// «145,46» where several invoices are expected: the places of its numbers, in characters.
    pub fn split_list(&self, at: usize) -> Option<Vec<(usize, usize)>> {
        // No number of an invoice has a comma: «№ 145,146».
        let several = self.continues_list() || self.expects_several() || self.sign.is_some();
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

    pub fn whole_list(&mut self, at: usize, numbers: &[(usize, usize)]) -> usize {
        for (start, end) in numbers {
            self.announced_with_keys(at, at, *start, smallvec![number::key(self.tokens.folded(*start, *end))]);
            if self.is_no_invoice(at, at) {
                break;
            }
            if let Some(last) = self.findings.last_mut() {
                last.value = self.tokens.typed(*start, *end).into();
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

    /// «145-150» as one token: all its numbers.
    pub fn range_here(&self, at: usize) -> Option<Vec<String>> {
        let numbers = enumeration::range_token(&self.tokens, at)?;
        let goes_on = self
            .continues_list()
            .then(|| self.last_listed(FindingKind::InvoiceNumber))
            .flatten();
        let sure = self.expects_several()
            // «сч. 145, 147-149»: as long as its neighbour.
            || goes_on.is_some_and(|last| last.value.len() == numbers[0].len())
            // «сч. 145-150» is a number with a year or a part too often to take every one for a range.
            || self.context.is_some_and(|context| context.abbreviated) && enumeration::is_plain_range(&numbers);
        sure.then_some(numbers)
    }

    /// «с 145 по 150», «№ 145 - № 150», «СЧ-145 - СЧ-150»: the numbers after the last one up to `text`, which stands at
    /// `at`. `lettered`: its own letters say that it is a number.
    pub fn range_to(&self, at: usize, text: &str, lettered: bool) -> Option<Vec<String>> {
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
        let named = lettered || self.sign.is_some() || context.several || context.perhaps_several;
        if !(dash && named || until) || !close {
            return None;
        }
        let mut numbers = enumeration::range(&folded(&last.value), text)?;
        numbers.remove(0);
        Some(numbers)
    }

    /// «с 145 по 150», but not «с 1 по 15 марта».
    pub fn is_start_of_range(&self, at: usize) -> bool {
        let Some(context) = self.context else { return false };
        let from = at.checked_sub(1).and_then(|before| self.tokens.word_at(before)) == Some("с")
            && self.tokens.word_at(at + 1) == Some("по");
        let to = at + 2;
        let numbers = || {
            let plain = dates::day_at(&self.tokens, to, false).is_none()
                && self.tokens.meaning_at(to + 1) != Some(Meaning::Unit);
            plain && enumeration::range(self.tokens.text(at), self.tokens.text(to)).is_some()
        };
        from && (context.several
            || context.perhaps_several
            || context.kind == FindingKind::InvoiceNumber && context.unknown_words == 0 && numbers())
    }

    /// One finding for each number of a range, all at the place of the range.
    pub fn whole_range(&mut self, first: usize, last: usize, numbers: &[String]) -> usize {
        let start = self.tokens.list[first].start;
        for number in numbers {
            if let Some(context) = &mut self.context
                && !context.is_waiting()
            {
                context.several = true;
                context.separated = true;
            }
            self.announced_with_keys(first, last, start, smallvec![number::key(number)]);
            if self.is_no_invoice(first, last) {
                break;
            }
            if let Some(finding) = self.findings.last_mut() {
                finding.value = number.as_str().into();
            }
        }
        if let Some(context) = &mut self.context {
            context.separated = false;
        }
        last + 1
    }

    /// «145 - 150»: the numbers after the first one, which was read already; all stand where the whole range does.
    pub fn rest_of_range(&mut self, at: usize, numbers: &[String]) -> usize {
        let read = self.findings.len();
        let next = self.whole_range(at, at, numbers);
        let (before, rest) = self.findings.split_at_mut(read);
        if let (Some(first), Some(last)) = (before.last_mut(), rest.last())
            && first.kind == last.kind
        {
            let start = first.end.saturating_sub(first.value.chars().count());
            first.end = last.end;
            for finding in rest {
                finding.start = start;
            }
        }
        next
    }

    /// Whether what was taken for the first of several invoices is no invoice's; then it is one number, as it is typed.
    fn is_no_invoice(&mut self, first: usize, last: usize) -> bool {
        let (start, end) = (self.tokens.list[first].start, self.tokens.list[last].end);
        match self.findings.last_mut() {
            Some(finding) if finding.kind != FindingKind::InvoiceNumber => {
                finding.value = self.tokens.typed(start, end).into();
                finding.keys = smallvec![number::key(self.tokens.folded(start, end))];
                finding.end = end;
                true
            }
            _ => false,
        }
    }

    /// Whether the number at `at` belongs to the list before it.
    pub fn goes_on(&self, context: &Context, at: usize, last: usize) -> bool {
        if !context.separated {
            // «счетам 145 146»
            let beside = at
                .checked_sub(1)
                .is_some_and(|before| self.tokens.number_at(before).is_some());
            // «УТ-145 от 12.03.2025 УТ-146 от 14.03.2025», «145 от 12.03.2025 146 от 14.03.2025»
            let dated = self.after_date() && dates::is_dated(&self.tokens, last);
            return context.several && beside
                || context.kind == FindingKind::InvoiceNumber
                    && self
                        .likeness(context.kind, at, last)
                        .is_some_and(|likeness| likeness.letters || dated && likeness.digits);
        }
        let alike = || {
            let likeness = self.likeness(context.kind, at, last)?;
            // «счёт 5, 6», but «счёт 12, 5» may be five of something.
            let single =
                likeness.count > 1 || context.perhaps_several || context.last_length == Some(1) && self.closes(last);
            Some(likeness.letters || likeness.digits && single)
        };
        self.sign.is_some() || context.several || !self.counts(last) && alike() == Some(true)
    }

    /// Nothing that the number at `at` could count comes after it.
    fn closes(&self, at: usize) -> bool {
        match self.tokens.kind_at(at + 1) {
            None | Some(TokenKind::Mark(',' | ';' | '.' | ')')) => true,
            Some(TokenKind::Word) => matches!(self.tokens.text(at + 1), "от" | "и"),
            _ => false,
        }
    }

    fn last_listed(&self, kind: FindingKind) -> Option<&Finding> {
        self.findings.iter().rev().find(|finding| finding.kind == kind)
    }

    pub fn has_letters_of_last(&self, kind: FindingKind, at: usize) -> bool {
        self.likeness(kind, at, at).is_some_and(|likeness| likeness.letters)
    }

    /// How like the last number of this kind the one at `at` is: «145/2» after «145/1», «ВН-78» after «77».
    fn likeness(&self, kind: FindingKind, at: usize, last: usize) -> Option<Likeness> {
        const LETTERS_ADDED_MAX: usize = 2;
        let before = folded(&self.last_listed(kind)?.value);
        let text = self
            .tokens
            .folded(self.tokens.list[at].start, self.tokens.list[last].end);
        let front = |text: &str| -> String {
            text.chars()
                .take_while(|one| !one.is_ascii_digit())
                .filter(|one| is_letter(*one))
                .collect()
        };
        // Of the number itself: «473/2025» has three.
        let digits = |text: &str| -> usize {
            let key = number::key(text);
            let mut runs = key
                .split(|one: char| !one.is_ascii_digit())
                .filter(|run| !run.is_empty());
            let mut own = runs.clone().filter(|run| whole_year(run).is_none());
            own.next_back().or_else(|| runs.next_back()).map_or(0, str::len)
        };
        let (letters_before, letters) = (front(&before), front(text));
        let (count_before, count) = (digits(&before), digits(text));
        let same = letters_before == letters;
        let is_word = |letters: &str| words::meaning(letters).is_invoice();
        // «132, А-134», but «132, ВВГ-13» is a cable.
        let may_be_left_out = letters.is_empty()
            || is_word(&letters)
            || is_word(&letters_before)
            || letters_before.is_empty() && letters.chars().count() <= LETTERS_ADDED_MAX && count == count_before;
        Some(Likeness {
            letters: same && !letters.is_empty(),
            digits: (same || may_be_left_out) && count.abs_diff(count_before) <= 1 && fraction_free(text),
            count: number::key(text).bytes().filter(u8::is_ascii_digit).count(),
        })
    }

    /// The enumeration that the last invoice number begins or continues.
    pub fn list_of_last(&mut self) -> Option<u32> {
        let last = self
            .findings
            .iter_mut()
            .rev()
            .find(|finding| finding.kind == FindingKind::InvoiceNumber)?;
        let list = *last.list.get_or_insert(self.lists);
        self.lists = self.lists.max(list + 1);
        Some(list)
    }
}

/// What two numbers have in common.
#[derive(Debug, Clone, Copy)]
struct Likeness {
    /// The same letters in front, and there are some.
    letters: bool,
    /// About as many digits, and letters that do not part them.
    digits: bool,
    /// Digits of the second, all of them.
    count: usize,
}

fn fraction_free(text: &str) -> bool {
    !text.contains([',', '.'])
}
