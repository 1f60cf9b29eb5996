//! Whose account a statement is of: the exchange names both sides of every document.

use domain::{Direction, Entry};

use super::{field::Field, read_orders::raw};

/// The INN of the account's owner as this entry names it: the payee's of what came in, the payer's of what went out. Text
/// as the bank wrote it; `None` where it is silent, and for entries of other formats.
#[must_use]
pub fn owner_inn(entry: &Entry) -> Option<&str> {
    let field = match entry.direction? {
        Direction::Credit => Field::PayeeInn,
        Direction::Debit => Field::PayerInn,
    };
    Some(raw(entry, field).trim()).filter(|inn| !inn.is_empty())
}
