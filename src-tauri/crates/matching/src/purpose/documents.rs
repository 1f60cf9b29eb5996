//! Numbers that only words tell what they are: the one that was announced, the next of a list, or nobody's.

use domain::ShortText;
use smallvec::smallvec;

use super::{
    Finding, FindingKind, Keys,
    context::Context,
    enumeration,
    reading::{ABBREVIATION_MAX, Reader},
    shapes::{self, is_digits},
    tokens::TokenKind,
    words::Meaning,
};
use crate::{fold::is_letter, number};

impl Reader<'_> {
    /// A number that its shape does not give away: the words decide.
    pub fn document_number(&mut self, at: usize) -> usize {
        let invoice = self
            .context
            .is_some_and(|context| context.kind == FindingKind::InvoiceNumber);
        let several = self.expects_several();
        if invoice || self.signs {
            if let Some(numbers) = self.range_here(at) {
                let compound = number::key(self.tokens.text(at));
                let found = self.findings.len();
                let doubted = !several && !self.continues_list();
                let next = self.whole_range(at, at, &numbers);
                // It may be one number after all.
                if doubted && let Some(first) = self.findings.get_mut(found) {
                    first.keys.push(compound);
                }
                return next;
            }
            if let Some(numbers) = self.split_list(at) {
                return self.whole_list(at, &numbers);
            }
            let lettered = self.tokens.text(at).starts_with(is_letter);
            if let Some(numbers) = self.range_to(at, self.tokens.text(at), lettered) {
                return self.rest_of_range(at, &numbers);
            }
        }
        let last = enumeration::end_of_compound(&self.tokens, at, invoice && !several);
        let start = self.tokens.list[at].start;
        if let Some(letters) = self.letters_behind(last) {
            // Nobody knows whether they are the number's, so it has both keys.
            let alone = number::key(self.tokens.folded(start, self.tokens.list[last].end));
            let whole = number::key(self.tokens.folded(start, self.tokens.list[letters].end));
            self.announced_with_keys(at, letters, start, smallvec![whole, alone]);
            return letters + 1;
        }
        self.announced_number(at, last, start, None);
        last + 1
    }

    pub fn expects_several(&self) -> bool {
        self.signs
            || self
                .context
                .is_some_and(|context| context.several || context.perhaps_several)
    }

    /// «145 А», «145 - Т», «145- ОП»: capitals of the number behind it, where it ends.
    pub fn letters_behind(&self, at: usize) -> Option<usize> {
        const LETTERS_MAX: usize = 2;
        const GAP_MAX: usize = 6;
        let expected = self.sign.is_some()
            || self
                .context
                .is_some_and(|context| context.is_waiting() || context.separated || context.several);
        let dash = matches!(self.tokens.mark_at(at + 1), Some('-' | '/'));
        let letters = at + 1 + usize::from(dash);
        let token = self
            .tokens
            .list
            .get(letters)
            .filter(|token| token.kind == TokenKind::Word)?;
        let typed = self.tokens.typed(token.start, token.end);
        let count = typed.chars().count();
        let capitals = typed.chars().all(char::is_uppercase) && count <= LETTERS_MAX;
        // «145- э», but «145 - а также».
        let also = self.tokens.text(letters) == "а" && self.tokens.meaning_at(letters + 1) == Some(Meaning::And);
        let small = dash && count == 1 && !also;
        let next = self.tokens.kind_at(letters + 1);
        // Where the text ends after them «И», «К» and «С» are no words.
        let stops = matches!(next, None | Some(TokenKind::Mark(',' | ';' | ')')));
        let letter = match token.meaning {
            Meaning::Unknown | Meaning::Unit => capitals && (dash || count == 1) || small || stops && count == 1,
            Meaning::Preposition | Meaning::And => capitals && dash || stops && count == 1,
            _ => false,
        };
        let ends = dash
            || stops
            || match next {
                None => true,
                Some(TokenKind::Mark(mark)) => mark != '.',
                Some(TokenKind::Word) => matches!(self.tokens.text(letters + 1), "от" | "за" | "и" | "по" | "на"),
                _ => false,
            };
        let close = self
            .tokens
            .gap(at, letters)
            .is_some_and(|gap| gap <= if dash { GAP_MAX } else { 1 });
        (expected && letter && ends && close).then_some(letters)
    }

    /// The number of the tokens up to `last` whose own text begins at `start`.
    pub fn announced_number(&mut self, at: usize, last: usize, start: usize, whole: Option<ShortText>) {
        let end = self.tokens.list[last].end;
        let mut keys: Keys = smallvec![number::key(self.tokens.folded(start, end))];
        keys.extend(whole.filter(|whole| *whole != keys[0]));
        // «№ 145г. от»: of a year that is left out.
        if let Some(number) = keys[0].strip_suffix('г').filter(|number| is_digits(number)) {
            keys.push(number.into());
        }
        self.announced_with_keys(at, last, start, keys);
    }

    pub fn announced_with_keys(&mut self, at: usize, last: usize, start: usize, keys: Keys) {
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
                goes_on = self.goes_on(context, at, last);
                goes_on.then_some(context.kind)
            }
            None => None,
        };
        let kind = kind.map(|kind| match kind {
            FindingKind::Account if !self.may_be_account(start, end) => FindingKind::BareNumber,
            _ => kind,
        });
        let announced = self.context.is_some_and(|context| context.is_waiting());
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
        let value = self.tokens.typed(start, end).into();
        let refers = kind == FindingKind::BareNumber && (announced || self.refers(at, last));
        self.findings.push(Finding {
            keys,
            refers,
            date: date.map(|(date, _, _)| date),
            date_span: date.map(|(_, start, end)| (start, end)),
            by_word,
            list,
            ..Finding::new(kind, shown, end, value)
        });
    }

    /// «к/сч УТ-145», «к/сч 145»: no correspondent account looks so, and «к счёту» is shortened so.
    fn may_be_account(&self, start: usize, end: usize) -> bool {
        let word = self
            .context
            .map_or("", |context| self.tokens.folded(context.start, start));
        shapes::is_account(self.tokens.folded(start, end)) || !word.starts_with("к/с")
    }

    /// «киоск № 5», «отдел N 12», «док. № 5»: something that is not an invoice has the number.
    fn noun_before_sign(&self) -> bool {
        let Some(before) = self.sign.and_then(|sign| sign.checked_sub(1)) else {
            return false;
        };
        let shortened = self.tokens.mark_at(before) == Some('.');
        let noun = before.checked_sub(usize::from(shortened));
        noun.is_some_and(|noun| {
            self.tokens.meaning_at(noun) == Some(Meaning::Unknown)
                && (!shortened || self.tokens.text(noun).chars().count() <= ABBREVIATION_MAX)
        })
    }
}
