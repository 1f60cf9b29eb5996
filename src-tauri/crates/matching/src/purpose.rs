//! Reading a payment purpose: what stands where, and what it is. Knows words and shapes; knows no invoices.
//!
//! Places count characters, not bytes, from the start of the purpose; `end` is the place after the last one.

mod alone;
mod behalf;
mod context;
mod dates;
mod documents;
mod enumeration;
mod invoice_word;
mod lexicon;
mod listing;
mod money;
mod months;
mod numbers;
mod occasion;
mod part;
mod percent;
mod phrases;
mod prefixed;
mod reading;
mod refund;
mod shapes;
mod stems;
mod tokens;
mod unglue;
mod vat;
mod vocabulary;
mod words;

use chrono::NaiveDate;
use domain::ShortText;
use rust_decimal::Decimal;
use smallvec::SmallVec;

use crate::reasons::EvidenceKind;

pub(crate) use enumeration::range;
pub use months::Month;
pub(crate) use occasion::occasion;
pub use reading::read;

/// What a piece of the purpose is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// A number called an invoice's by a word («счёт») or, alone, by a number sign.
    InvoiceNumber,
    /// A number that nothing calls anything.
    BareNumber,
    /// Of a счёт-фактура or УПД: a tax document, not the invoice for payment.
    TaxInvoice,
    Contract,
    Specification,
    Act,
    Order,
    PaymentOrder,
    Account,
    /// INN.
    TaxNumber,
    /// KPP, BIK, KBK, UIN and the like; the number of a thing that is no document of a sale: a flat, a telephone, a letter.
    Code,
    /// «10 шт», «3 месяца».
    Quantity,
    Date,
    Period,
    Sum,
    Percent,
    /// The tax in the sum: its rate in `percent`, itself in `sum`; with neither there is none («без НДС»).
    Vat,
    /// Words that say that only a part is paid: which in `part`, how much of the whole in `percent`.
    Part,
    /// «за ООО «Ромашка»»: `value` is the name of the one who is paid for.
    Behalf,
    /// Money that goes back; `value` is the number of what it goes back for, empty where none is named.
    Refund,
}

/// Which part of a sum is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// «предоплата», «аванс»: before, and more may follow.
    Advance,
    /// «частичная оплата», «50 % по счёту».
    Part,
    /// «доплата», «остаток», «окончательный расчёт»: after, and nothing more is owed.
    Rest,
}

/// What a number can be compared by; most have one key.
pub type Keys = SmallVec<[ShortText; 1]>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub start: usize,
    pub end: usize,
    /// What it says without the words around it: the number as typed, the digits of an INN.
    pub value: ShortText,
    /// Of a number: the keys it can be compared by, best first.
    pub keys: Keys,
    /// Of a date: itself. Of a document's number: the date named with it.
    pub date: Option<NaiveDate>,
    /// Where that date stands.
    pub date_span: Option<(usize, usize)>,
    /// Of an invoice's number with which no day stands: the year that does («145 от 2024 г.»).
    pub year: Option<i32>,
    /// An invoice number whose own letters name it («СЧ-145»), or that a word names; not one by a bare number sign.
    pub by_word: bool,
    /// Of a bare number: nothing that is paid for has it, as «труба 57» has; it stands behind a word of payment, of a
    /// document, or by itself, or a day stands with it. It may be what the payment refers to.
    pub refers: bool,
    /// Invoice numbers of one enumeration («№№ 145, 146 и 150-152») have the same number here, counted from 0.
    pub list: Option<u32>,
    /// Of a tax, a part, a percentage: per cent of the whole.
    pub percent: Option<Decimal>,
    /// Of a tax or a sum: in minor units (kopecks).
    pub sum: Option<i64>,
    /// Of a part: which.
    pub part: Option<PartKind>,
}

impl Finding {
    pub(crate) fn new(kind: FindingKind, start: usize, end: usize, value: ShortText) -> Self {
        Self {
            kind,
            start,
            end,
            value,
            keys: Keys::new(),
            date: None,
            date_span: None,
            year: None,
            by_word: false,
            refers: false,
            list: None,
            percent: None,
            sum: None,
            part: None,
        }
    }
}

/// Everything found in one purpose, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    pub findings: Vec<Finding>,
    /// What money it is by its words, if it is no customer's («по договору займа»), and where they begin and end.
    pub money: Option<(EvidenceKind, usize, usize)>,
    /// The months that are paid for.
    pub months: Vec<Month>,
}

impl Reading {
    pub fn of(&self, kind: FindingKind) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.kind == kind)
    }
}

/// The characters from `start` up to `end`.
#[must_use]
pub fn slice(text: &str, start: usize, end: usize) -> String {
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let from = places.nth(start).unwrap_or(text.len());
    let to = match end.checked_sub(start) {
        None | Some(0) => from,
        Some(width) => places.nth(width - 1).unwrap_or(text.len()),
    };
    text[from..to].to_owned()
}
