//! Tochka, open banking API v1.91: `Data.Statement[].Transaction[]`.

use domain::{Counterparty, Currency, Direction, Entry, EntryStatus, ShortText};

use super::reader::{Object, Refused, blank, same_currency};

pub(super) fn entry(of: Object<'_>, currency: Currency) -> Refused<Entry> {
    let direction = of.direction("creditDebitIndicator")?;
    same_currency(&of, of.text("Amount.currency"), "Amount.currency", currency)?;
    let amount = of.amount("Amount.amount", currency)?;
    let booked = of.booked(&["documentProcessDate"])?;
    let status = match of.text("status").as_deref() {
        Some("Booked") | None => EntryStatus::Booked,
        Some("Pending") => EntryStatus::Pending,
        Some(other) => return Err(of.refuse("status", other)),
    };
    // The other side of a credit is the debtor.
    let side = match direction {
        Direction::Credit => "Debtor",
        Direction::Debit => "Creditor",
    };
    let of_side = |path: &str| of.present(&format!("{side}{path}"));
    Ok(Entry {
        direction: Some(direction),
        status,
        kind: of.text("transactionTypeCode").map(ShortText::from),
        number: of.text("documentNumber").map(ShortText::from),
        counterparty: Counterparty {
            name: of_side("Party.name"),
            inn: of_side("Party.inn").map(ShortText::from),
            kpp: of_side("Party.kpp").map(ShortText::from),
            account: of_side("Account.identification").map(ShortText::from),
            bank: of_side("Agent.identification").map(ShortText::from),
            bank_name: of_side("Agent.name"),
        },
        purpose: of.text("description").unwrap_or_default(),
        bank_reference: of.text("transactionId").map(ShortText::from),
        raw: of.raw(),
        ..blank(amount, booked, of.line)
    })
}
