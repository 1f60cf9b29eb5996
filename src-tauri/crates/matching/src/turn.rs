//! In which order the payments of one day are decided. It does not know what comes of them.

use domain::Direction;

use crate::{
    book::Book,
    facts::Learned,
    payment::Payment,
    purpose::{FindingKind, Reading},
};

/// When a payment has its turn: the surer words first, so that a payment without a number does not stand in the way of
/// one that names its invoice, nor a payer known by name, or a slip, in the way of the customer who names his; what goes
/// back after what it takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    NumberOfKnownPayer,
    Number,
    NoNumber,
    Outgoing,
    GoesBack,
}

pub fn of(payment: &Payment, reading: &Reading, learned: &Learned, book: &Book) -> Turn {
    match (goes_back(payment, reading), payment.direction) {
        (true, _) => return Turn::GoesBack,
        (false, Some(Direction::Debit)) => return Turn::Outgoing,
        (false, _) => {}
    }
    let mut named = reading.of(FindingKind::InvoiceNumber).peekable();
    if named.peek().is_none() {
        return Turn::NoNumber;
    }
    let is_some_invoices = named
        .flat_map(|finding| &finding.keys)
        .any(|key| !book.numbered(key).is_empty());
    if is_some_invoices && is_known(payment, learned, book) {
        Turn::NumberOfKnownPayer
    } else {
        Turn::Number
    }
}

/// As identifiers are written nearly always; one that is written otherwise is decided with the rest.
fn is_known(payment: &Payment, learned: &Learned, book: &Book) -> bool {
    let inn = payment.payer.inn.as_deref();
    let account = payment.payer.account.as_deref();
    inn.is_some_and(|inn| book.customer_by_inn(inn).is_some())
        || account.is_some_and(|account| !book.customers_by_account(account).is_empty())
        || learned.knows(inn, account)
}

/// The bank took it back, or its words say that money goes back: what it undoes is looked for.
#[must_use]
pub fn goes_back(payment: &Payment, reading: &Reading) -> bool {
    payment.reversal || reading.of(FindingKind::Refund).next().is_some()
}

/// For payments that a caller gave one id.
pub fn content(payment: &Payment) -> [Option<&str>; 5] {
    let payer = &payment.payer;
    [
        Some(&payment.purpose),
        payment.number.as_deref(),
        payer.inn.as_deref(),
        payer.account.as_deref(),
        payer.name.as_deref(),
    ]
}
