//! Alfa-Bank, `/jp/v1/statement/transactions`: `transactions[]`, in roubles with `rurTransfer`, otherwise with
//! `swiftTransfer` or `curTransfer`.

use domain::{Counterparty, Currency, Direction, Entry, ShortText};

use super::reader::{Object, Refused, blank, same_currency};

/// Prefixes of the fields of a side, and the names of SWIFT for the same.
struct Side {
    prefix: &'static str,
    swift: &'static str,
    swift_bank: &'static str,
}

const PAYER: Side = Side {
    prefix: "payer",
    swift: "orderingCustomer",
    swift_bank: "orderingInstitution",
};
const PAYEE: Side = Side {
    prefix: "payee",
    swift: "beneficiaryCustomer",
    swift_bank: "beneficiaryBank",
};

impl Side {
    fn words(&self, of: Object<'_>, part: &str, swift: Option<&str>) -> Option<String> {
        let russian = ["rurTransfer", "curTransfer"].map(|block| format!("{block}.{}{part}", self.prefix));
        let foreign = swift.map(|part| ["swiftTransfer", "curTransfer"].map(|block| format!("{block}.{part}")));
        let paths = russian.into_iter().chain(foreign.into_iter().flatten());
        paths.into_iter().find_map(|path| of.present(&path))
    }

    /// SWIFT puts a stroke before an account.
    fn account(&self, of: Object<'_>) -> Option<String> {
        let account = self.words(of, "Account", Some(&format!("{}Account", self.swift)))?;
        Some(account.trim_start_matches('/').to_owned())
    }

    fn party(&self, of: Object<'_>) -> Counterparty {
        Counterparty {
            name: self.words(of, "Name", Some(&format!("{}Name", self.swift))),
            inn: self.words(of, "Inn", None).map(ShortText::from),
            kpp: self.words(of, "Kpp", None).map(ShortText::from),
            account: self.account(of).map(ShortText::from),
            bank: self.words(of, "BankBic", None).map(ShortText::from),
            bank_name: self.words(of, "BankName", Some(&format!("{}Name", self.swift_bank))),
        }
    }
}

/// The side that is the account's owner.
pub(super) fn own_account(of: Object<'_>) -> Option<String> {
    match of.direction("direction").ok()? {
        Direction::Credit => PAYEE.account(of),
        Direction::Debit => PAYER.account(of),
    }
}

pub(super) fn entry(of: Object<'_>, currency: Currency) -> Refused<Entry> {
    let direction = of.direction("direction")?;
    same_currency(&of, of.text("amount.currencyName"), "amount.currencyName", currency)?;
    let amount = of.amount("amount.amount", currency)?;
    let booked = of.booked(&["operationDate"])?;
    let other = match direction {
        Direction::Credit => PAYER,
        Direction::Debit => PAYEE,
    };
    let purpose = [
        "paymentPurpose",
        "swiftTransfer.remittanceInformation",
        "curTransfer.remittanceInformation",
    ];
    Ok(Entry {
        direction: Some(direction),
        value: of.day("rurTransfer.valueDate")?,
        kind: of.text("operationCode").map(ShortText::from),
        number: of.text("number").map(ShortText::from),
        document_date: of.day("documentDate")?,
        counterparty: other.party(of),
        purpose: purpose.iter().find_map(|path| of.text(path)).unwrap_or_default(),
        bank_reference: of.first(&["transactionId", "uuid"]).map(ShortText::from),
        raw: of.raw(),
        ..blank(amount, booked, of.line)
    })
}
