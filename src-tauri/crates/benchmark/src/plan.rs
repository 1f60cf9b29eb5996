//! What is to be: a payment, before its purpose is written. The invoices are there first, and the payment is made from
//! them, so its truth is known and not guessed back from the text.

use chrono::NaiveDate;

use crate::{
    numbering::Typing,
    shape::{Direction, PayerLine},
    truth::Autonomy,
};

/// A place in the firm's list of invoices.
pub type InvoiceAt = usize;

#[derive(Debug, Clone)]
pub struct Plan {
    pub class: &'static str,
    pub autonomy: Autonomy,
    pub date: NaiveDate,
    /// Kopecks.
    pub amount: i64,
    pub currency: &'static str,
    pub payer: PayerLine,
    /// The customers that the payment names: by INN, account, learned fact, an INN in the text, or by name.
    pub linked: Vec<usize>,
    pub direction: Direction,
    pub reversal: bool,
    pub kind: Option<&'static str>,
    pub saying: Saying,
    pub solutions: Vec<Vec<(InvoiceAt, i64)>>,
    pub reasons: &'static [&'static str],
}

/// What the purpose says.
#[derive(Debug, Clone)]
pub struct Saying {
    pub language: Language,
    /// Of the texts.
    pub section: &'static str,
    /// The invoices whose numbers stand in it.
    pub named: Vec<InvoiceAt>,
    /// The last so many of them as a range.
    pub range: usize,
    pub typing: Typing,
    pub slip: bool,
    /// Another date than the invoice's stands with the number.
    pub other_date: bool,
    pub trap: Trap,
    pub percent: u32,
    /// The customer that somebody pays for.
    pub behalf: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Russian,
    English,
    Armenian,
}

/// The number that is none of the paid invoice's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    Any,
    /// That of this invoice.
    Of(InvoiceAt),
    /// A longer one with that of this invoice inside; no invoice has it.
    Around(InvoiceAt),
    /// No invoice has it.
    Nobodys,
}

impl Saying {
    #[must_use]
    pub fn new(section: &'static str) -> Self {
        Self {
            language: Language::Russian,
            section,
            named: Vec::new(),
            range: 0,
            typing: Typing::AsWritten,
            slip: false,
            other_date: false,
            trap: Trap::Any,
            percent: 0,
            behalf: None,
        }
    }

    #[must_use]
    pub fn naming(section: &'static str, invoice: InvoiceAt) -> Self {
        Self {
            named: vec![invoice],
            ..Self::new(section)
        }
    }

    #[must_use]
    pub fn typing(self, typing: Typing) -> Self {
        Self { typing, ..self }
    }

    #[must_use]
    pub fn trap(self, trap: Trap) -> Self {
        Self { trap, ..self }
    }
}
