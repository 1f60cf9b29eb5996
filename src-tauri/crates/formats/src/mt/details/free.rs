//! A text without fields, of a Russian account: the numbers of the other side may be in it, its name cannot be told.

use super::{Found, party};

pub(super) fn read(text: &str) -> Found<'_> {
    let party = party::read(text).unwrap_or_default();
    Found {
        purpose: text,
        inn: party.inn.unwrap_or(""),
        kpp: party.kpp.unwrap_or(""),
        bank: party.bik.unwrap_or(""),
        account: party.account.unwrap_or(""),
        ..Found::default()
    }
}
