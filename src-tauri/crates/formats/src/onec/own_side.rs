//! The account's owner in a document of the exchange.

use std::borrow::Cow;

use domain::{Entry, PartyDraft};

use super::{
    field::Field,
    parties::{Party, Side},
    read_orders::raw,
    value::{compact, present},
};

pub(crate) fn own_side(entry: &Entry, came_in: bool) -> PartyDraft {
    let (side, city, correspondent) = if came_in {
        (Side::Payee, Field::PayeeBank2, Field::PayeeCorrespondent)
    } else {
        (Side::Payer, Field::PayerBank2, Field::PayerCorrespondent)
    };
    let fields = side.fields();
    let words = |field: Field| present(raw(entry, field)).unwrap_or_default();
    let first = |fields: [Field; 2]| fields.into_iter().map(words).find(|text| !text.is_empty());
    let party = first(fields.names).map(Party::of).unwrap_or_default();
    let of_name = |part: Option<&str>| part.and_then(present).unwrap_or_default().to_owned();
    let or_of_name = |text: &str, part: Option<&str>| {
        if text.is_empty() {
            of_name(part)
        } else {
            text.to_owned()
        }
    };
    PartyDraft {
        inn: or_of_name(words(fields.inn), party.inn),
        kpp: or_of_name(words(fields.kpp), party.kpp),
        name: party.name.map(Cow::into_owned).unwrap_or_default(),
        account: compact(first(fields.accounts).unwrap_or_default()).into_owned(),
        bik: words(fields.bik).to_owned(),
        bank_name: words(fields.bank).to_owned(),
        bank_city: words(city).to_owned(),
        correspondent_account: compact(words(correspondent)).into_owned(),
    }
}
