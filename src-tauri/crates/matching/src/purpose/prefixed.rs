//! Numbers with letters in front: «сч145», «дог-12», «СЧ-145», «УТ 145», «А - 17».

use domain::ShortText;
use smallvec::smallvec;

use super::{
    FindingKind, Keys,
    context::Context,
    dates, enumeration, invoice_word,
    reading::Reader,
    shapes::{self, is_digits},
    tokens::TokenKind,
    words::{self, Meaning, meaning},
};
use crate::{
    fold::{folded, is_letter},
    number,
};

impl Reader<'_> {
    /// «сч145», «N145», «дог-12»: a word and its number without a space.
    pub fn prefixed(&mut self, at: usize, announced: Option<FindingKind>, signed: bool) -> Option<usize> {
        let text = self.tokens.text(at);
        let front = text.find(|character: char| character.is_ascii_digit())?;
        let word = text[..front].trim_end_matches(['-', '/', '_', '\\']);
        if word.is_empty() {
            return None;
        }
        let of_word = meaning(word);
        let dashed = word.len() < front;
        if of_word == Meaning::Unknown
            && let Some(letters) = invoice_word::letters_behind_invoice(word)
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
            self.announced_with_keys(at, last, start, smallvec![key, whole]);
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
            let mut keys: Keys = smallvec![number::key(without_sign), number::key(text)];
            keys.extend(own_digits(without_sign));
            // «счету NoINV-145»
            if text.starts_with("nо") {
                let without_sign = self.tokens.folded(start + 2, end);
                keys.push(number::key(without_sign));
                keys.extend(own_digits(without_sign));
            }
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
            let keys = smallvec![key(letters), key(last)];
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
            return Some(self.rest_of_range(at, &numbers));
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
        let mut keys: Keys = smallvec![whole];
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
}

/// The key without the word for an invoice in front: «СЧ-145» may be called 145.
fn own_digits(text: &str) -> Option<ShortText> {
    let front = text.find(|character: char| character.is_ascii_digit())?;
    let word = text[..front].trim_end_matches(['-', '/', '_']);
    meaning(word).is_invoice().then(|| number::key(&text[front..]))
}
