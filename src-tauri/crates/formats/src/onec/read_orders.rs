//! A file of payment orders read back, field by field, so that an export is proven by reading what was written.

use std::io::{self, Cursor};

use chrono::NaiveDate;
use domain::{Content, Currency, Entry, Money, PartyDraft, PaymentOrder, Text};

use crate::{
    Options,
    diagnostic::{Diagnostic, Severity},
    read_all,
};

use super::field::{Field, normalised};

/// One order as a bank will read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOrder {
    pub number: String,
    pub date: NaiveDate,
    pub amount: Money,
    pub payer: PartyDraft,
    pub payee: PartyDraft,
    pub purpose: String,
    pub priority: String,
    /// Empty where there is none.
    pub uin: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadOrdersError {
    #[error("the bytes cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("the file is not one of payment orders")]
    NotOrders,
    #[error("the file does not read cleanly: {}", .0.message.en)]
    Unclean(Box<Diagnostic>),
}

impl ReadOrdersError {
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Io(error) => Text::new(format!("файл не читается: {error}"), self.to_string()),
            Self::NotOrders => Text::new("это не файл платёжек", self.to_string()),
            Self::Unclean(diagnostic) => Text::new(
                format!("файл прочитан с замечанием: {}", diagnostic.message.ru),
                self.to_string(),
            ),
        }
    }
}

impl ReadOrder {
    /// What this order must read back as.
    #[must_use]
    pub fn of(order: &PaymentOrder) -> Self {
        let party = |party: &domain::OrderParty| PartyDraft {
            name: party.name.clone(),
            inn: party.inn.as_ref().map(ToString::to_string).unwrap_or_default(),
            kpp: party.kpp.as_ref().map(ToString::to_string).unwrap_or_default(),
            account: party.account.to_string(),
            bik: party.bank.bik.to_string(),
            bank_name: party.bank.name.clone(),
            bank_city: party.bank.city.clone(),
            correspondent_account: party
                .bank
                .correspondent_account
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default(),
        };
        Self {
            number: order.number.clone(),
            date: order.date,
            amount: Money::from_minor(order.amount.minor(), Currency::RUB),
            payer: party(&order.payer),
            payee: party(&order.payee),
            purpose: order.purpose.clone(),
            priority: order.priority.to_string(),
            uin: order.uin.clone().unwrap_or_default(),
        }
    }

    fn of_entry(entry: &Entry) -> Self {
        let raw = |field: Field| raw(entry, field).to_owned();
        Self {
            number: raw(Field::Number),
            date: entry.booked,
            amount: entry.amount,
            payer: PartyDraft {
                name: raw(Field::Payer1),
                inn: raw(Field::PayerInn),
                kpp: raw(Field::PayerKpp),
                account: raw(Field::PayerAccount),
                bik: raw(Field::PayerBik),
                bank_name: raw(Field::PayerBank1),
                bank_city: raw(Field::PayerBank2),
                correspondent_account: raw(Field::PayerCorrespondent),
            },
            payee: PartyDraft {
                name: raw(Field::Payee1),
                inn: raw(Field::PayeeInn),
                kpp: raw(Field::PayeeKpp),
                account: raw(Field::PayeeAccount),
                bik: raw(Field::PayeeBik),
                bank_name: raw(Field::PayeeBank1),
                bank_city: raw(Field::PayeeBank2),
                correspondent_account: raw(Field::PayeeCorrespondent),
            },
            purpose: raw(Field::Purpose),
            priority: raw(Field::Priority),
            uin: raw(Field::Uin),
        }
    }
}

pub(super) fn raw(entry: &Entry, field: Field) -> &str {
    let of_field = |(key, _): &(&str, &str)| Field::of(&normalised(key)) == Some(field);
    entry.raw.iter().find(of_field).map_or("", |(_, value)| value)
}

/// # Errors
/// The bytes are no order file, or anything in them gave a warning or an error: what a bank might read otherwise.
pub fn read_orders(bytes: &[u8]) -> Result<Vec<ReadOrder>, ReadOrdersError> {
    let collected = read_all(Cursor::new(bytes), &Options::default())?;
    if let Some(grave) = collected
        .diagnostics
        .iter()
        .find(|diagnostic| diagnostic.severity != Severity::Note)
    {
        return Err(ReadOrdersError::Unclean(Box::new(grave.clone())));
    }
    if collected.content != Content::Orders {
        return Err(ReadOrdersError::NotOrders);
    }
    let mut entries: Vec<&Entry> = collected
        .statements
        .iter()
        .flat_map(|statement| &statement.entries)
        .collect();
    entries.sort_by_key(|entry| entry.line);
    Ok(entries.into_iter().map(ReadOrder::of_entry).collect())
}
