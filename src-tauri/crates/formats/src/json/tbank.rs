//! T-Bank, `/api/v1/statement`: `operations[]`, with `balances` of the whole period.

use domain::{Counterparty, Currency, Direction, Entry, EntryStatus, ShortText};

use super::reader::{Object, Refused, blank, same_currency};

pub(super) fn entry(of: Object<'_>, currency: Currency) -> Refused<Entry> {
    let direction = of.direction("typeOfOperation")?;
    let code = "accountCurrencyDigitalCode";
    same_currency(&of, of.text(code), code, currency)?;
    let amount = of.amount("accountAmount", currency)?;
    // A hold on a card is no entry yet.
    let status = match of
        .text("operationStatus")
        .map(|status| status.to_ascii_lowercase())
        .as_deref()
    {
        Some("transaction") | None => EntryStatus::Booked,
        Some("authorization") => EntryStatus::Pending,
        Some(other) => return Err(of.refuse("operationStatus", other)),
    };
    // The day it was posted; what is not posted yet has only the day it was made.
    let booked = of.booked(&["trxnPostDate", "operationDate", "authorizationDate"])?;
    let other = match direction {
        Direction::Credit => "payer",
        Direction::Debit => "receiver",
    };
    let words = |field: &str, of_side: &[&str]| {
        let sides = of_side.iter().map(|field| format!("{other}.{field}"));
        std::iter::once(format!("counterParty.{field}"))
            .chain(sides)
            .find_map(|path| of.present(&path))
    };
    Ok(Entry {
        direction: Some(direction),
        status,
        kind: of.text("payVo").map(ShortText::from),
        number: of.text("documentNumber").map(ShortText::from),
        document_date: of.day("docDate")?,
        counterparty: Counterparty {
            name: words("name", &["name"]),
            inn: words("inn", &["inn"]).map(ShortText::from),
            kpp: words("kpp", &["kpp"]).map(ShortText::from),
            account: words("account", &["acct", "account"]).map(ShortText::from),
            bank: words("bankBic", &["bicRu", "bic"]).map(ShortText::from),
            bank_name: words("bankName", &["bankName"]),
        },
        purpose: ["payPurpose", "description"]
            .iter()
            .find_map(|path| of.text(path))
            .unwrap_or_default(),
        bank_reference: of.text("operationId").map(ShortText::from),
        raw: of.raw(),
        ..blank(amount, booked, of.line)
    })
}
