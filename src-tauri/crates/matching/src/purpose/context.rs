//! What words announced and the number that is waited for, or the list that goes on.

use chrono::NaiveDate;

use super::FindingKind;

/// Unknown words that may stand between «счёт» and «№ 145» («счёту покупателя ООО Ромашка № 145»).
pub const WORDS_BEFORE_SIGN_MAX: usize = 4;
/// Unknown words that may stand between «договор» and a number without a sign («договору поставки товара 17/25»).
const WORDS_BEFORE_NUMBER_MAX: usize = 3;

#[derive(Debug, Clone, Copy)]
pub struct Context {
    pub kind: FindingKind,
    /// More than one number is expected, whatever they look like.
    pub several: bool,
    /// Perhaps more than one: what looks like its neighbours.
    pub perhaps_several: bool,
    /// «сч.»: nobody can tell whether one or more.
    pub abbreviated: bool,
    /// Where the announcing words start.
    pub start: usize,
    pub unknown_words: usize,
    /// How long the last number that came is.
    pub last_length: Option<usize>,
    /// A comma or «и» stands after it.
    pub separated: bool,
    /// «счёту от 12.03.2025 № 145»: the date that came before the number.
    pub date: Option<(NaiveDate, usize, usize)>,
    /// What was waited for before a thing with a number of its own came up («счёту за склад Север № 145»).
    pub instead_of_invoice: Option<usize>,
}

impl Context {
    pub const fn new(kind: FindingKind, start: usize) -> Self {
        Self {
            kind,
            several: false,
            perhaps_several: false,
            abbreviated: false,
            start,
            unknown_words: 0,
            last_length: None,
            separated: false,
            date: None,
            instead_of_invoice: None,
        }
    }

    pub const fn is_waiting(&self) -> bool {
        self.last_length.is_none()
    }

    /// The kind and the start of a number that comes now; `free` where a preposition stands between.
    pub fn expected(&self, signed: bool, free: bool) -> Option<(FindingKind, usize)> {
        if let Some(start) = self.instead_of_invoice
            && signed
            && self.unknown_words > 0
        {
            return Some((FindingKind::InvoiceNumber, start));
        }
        let near = match self.kind {
            FindingKind::InvoiceNumber | FindingKind::Code | FindingKind::Sum | FindingKind::Period => {
                self.unknown_words == 0
            }
            _ => self.unknown_words <= WORDS_BEFORE_NUMBER_MAX,
        };
        (signed || (near && !free)).then_some((self.kind, self.start))
    }
}
