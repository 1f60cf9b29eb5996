//! What numbers of a list may stand for that are no invoice's as they are written: «145-147» for all from the first to
//! the last where one number is expected, «251,2,3» for 251, 252 and 253. Only the sum shows whether they do.

use std::borrow::Cow;

use domain::Text;

use super::{Listed, Number, meant};
use crate::{
    book::Book,
    case::Case,
    decided::Against,
    fold::folded,
    number,
    purpose::{Finding, range},
    reasons::AgainstKind,
};

impl<'a> Listed<'a> {
    /// Adds the invoices that the number may stand for; `false` where it stands for none of the customer's.
    pub(super) fn guess(&mut self, finding: &'a Finding, case: Case<'_, 'a>) -> bool {
        self.whole_range(finding, case) || self.abridged(finding, case)
    }

    fn whole_range(&mut self, finding: &'a Finding, case: Case<'_, 'a>) -> bool {
        let value = folded(&finding.value);
        let ends = value.split_once('-');
        let numbers = ends.and_then(|(first, last)| range(first.trim(), last.trim()));
        let numbers = numbers.unwrap_or_default();
        let meant: Vec<Number<'a>> = numbers
            .iter()
            .map(|text| self.number(finding, text, false, case))
            .collect();
        if meant.is_empty() || meant.iter().any(|number| number.slots.is_empty()) {
            return false;
        }
        meant.into_iter().for_each(|number| self.add(number));
        true
    }

    /// The last digits, where those before are the same as of the number before it.
    fn abridged(&mut self, finding: &'a Finding, case: Case<'_, 'a>) -> bool {
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let tail = finding.value.as_str();
        let Some(before) = self.options.iter().rev().find(|number| !number.abridged) else {
            return false;
        };
        let whole = before.finding.value.as_str();
        if !(is_digits(tail) && is_digits(whole) && tail.len() < whole.len()) {
            return false;
        }
        let text = [&whole[..whole.len() - tail.len()], tail].concat();
        let number = self.number(finding, &text, true, case);
        let found = !number.slots.is_empty();
        if found {
            self.add(number);
        }
        found
    }

    fn number(&self, finding: &'a Finding, text: &str, abridged: bool, case: Case<'_, 'a>) -> Number<'a> {
        let keys = vec![number::key(text)];
        let slots = meant(finding, &keys, self.customer, case);
        Number {
            finding,
            keys: Cow::Owned(keys),
            slots,
            abridged,
        }
    }
}

/// Why a person looks at a number of which only the end is written.
pub(super) fn abridged(finding: &Finding, slot: usize, book: &Book) -> Against {
    let (typed, number) = (&finding.value, &book.slot(slot).invoice.number);
    Against {
        kind: AgainstKind::NumberAbridged,
        text: Text::new(
            format!("назван № {typed}, а счёт — № {number}: похоже, написан только конец номера"),
            format!(
                "No. {typed} is named, the invoice is No. {number}: it looks as if only the end of the number is written"
            ),
        ),
    }
}
