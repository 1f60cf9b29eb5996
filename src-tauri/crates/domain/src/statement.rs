//! A bank statement and its booked lines, as the bank wrote them (ISO 20022 camt.053: `Stmt`, `Ntry`, `TxDtls`).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    money::{Currency, Money},
    raw::RawFields,
    text::ShortText,
};

/// The effect on the account's balance, seen from its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Credit,
    Debit,
}

/// Only what is booked counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryStatus {
    Booked,
    Pending,
    Info,
}

/// What a file holds: a statement, or orders on their way to the bank, which are never booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    Statement,
    Orders,
}

/// First and last day, both included. Banks do write them reversed: the reader keeps that and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The account a statement is of. `number` and `bank` are text: statements carry IBANs, short and masked numbers too.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatementAccount {
    pub number: String,
    /// BIK or BIC, where the file names it.
    pub bank: Option<String>,
    pub currency: Currency,
}

/// One account over one period from one file. Balances and turnovers are what the file declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// `None`: the file does not say whose statement it is.
    pub account: Option<StatementAccount>,
    pub content: Content,
    /// An interim report (MT942, camt.052) or an advice (camt.054): nothing of it is booked, its balances prove nothing.
    #[serde(default)]
    pub provisional: bool,
    pub period: Option<Period>,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub credits: Option<Money>,
    pub debits: Option<Money>,
    /// In the order of the days; only where the file speaks by the day.
    pub days: Vec<Day>,
}

impl Statement {
    /// One that declares nothing yet.
    #[must_use]
    pub fn of(account: Option<StatementAccount>, content: Content) -> Self {
        Self {
            account,
            content,
            provisional: false,
            period: None,
            opening: None,
            closing: None,
            credits: None,
            debits: None,
            days: Vec::new(),
        }
    }
}

/// What a file declares about one day (or a stretch of days: `date` is its last) of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub from: NaiveDate,
    pub date: NaiveDate,
    pub opening: Option<Money>,
    pub credits: Option<Money>,
    pub debits: Option<Money>,
    pub closing: Option<Money>,
    /// The section's first line in the file, counted from 1.
    pub line: u64,
}

/// The other side of an entry, as the bank wrote it. `0`, zeros and blanks are read as silence (`None`); nothing is
/// refused for failing a checksum.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Counterparty {
    pub name: Option<String>,
    pub inn: Option<ShortText>,
    pub kpp: Option<ShortText>,
    pub account: Option<ShortText>,
    /// BIK or BIC.
    pub bank: Option<ShortText>,
    pub bank_name: Option<String>,
}

/// One booked line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// `None` where the file does not let it be told: such an entry is asked about, never booked by itself.
    pub direction: Option<Direction>,
    pub status: EntryStatus,
    /// The bank takes an earlier entry back.
    pub reversal: bool,
    /// Never negative: the direction says which way.
    pub amount: Money,
    /// The day it changed the balance.
    pub booked: NaiveDate,
    pub value: Option<NaiveDate>,
    /// «Платежное поручение», an MT940 type code: an open set.
    pub kind: Option<ShortText>,
    /// The document's number, as text: leading zeros and letters are the bank's own.
    pub number: Option<ShortText>,
    pub document_date: Option<NaiveDate>,
    pub counterparty: Counterparty,
    /// Payment purpose (`RmtInf`).
    pub purpose: String,
    pub bank_reference: Option<ShortText>,
    pub end_to_end_id: Option<ShortText>,
    /// First line of the entry in its file, counted from 1.
    pub line: u64,
    pub details: Vec<EntryDetail>,
    /// The file's own keys and values, in its order.
    pub raw: RawFields,
}

/// A payment inside a batch entry (`TxDtls`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryDetail {
    /// Its part of the entry's amount: negative where it goes against the entry's direction (a batch may mix payments
    /// and what came back of them).
    pub amount: Money,
    pub counterparty: Counterparty,
    pub purpose: String,
    pub end_to_end_id: Option<ShortText>,
}

impl Entry {
    /// The effect on the balance: positive for a credit; `None` where the direction is unknown or it is not booked.
    #[must_use]
    pub fn effect(&self) -> Option<Money> {
        match (self.status, self.direction?) {
            (EntryStatus::Booked, Direction::Credit) => Some(self.amount),
            (EntryStatus::Booked, Direction::Debit) => self.amount.checked_neg().ok(),
            (EntryStatus::Pending | EntryStatus::Info, _) => None,
        }
    }
}
