//! Counted identity: when an entry in one file is the same as an entry in another.
//!
//! The same, when the bank's own reference matches; else when account, direction, number, dates, amount and
//! counter-account match AND it is the same n-th such entry. Kind, name and purpose may change between exports and
//! are not in the key. Two equal payments on one day are two; a file imported again, or one that overlaps, adds nothing.
//!
//! What is hashed is fixed by [`VERSION`]: a test holds known hashes, so that an upgrade cannot change them unseen.

use serde::{Deserialize, Serialize};

use crate::{
    audit::hash_of,
    ids::{EntryId, PaymentId},
    statement::{Direction, Entry},
};

/// The rule by which the stored identities were made.
pub const VERSION: u32 = 1;

/// What makes entries alike, before counting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryKey(String);

impl EntryKey {
    /// `account` is the number of the account whose statement the entry is in.
    #[must_use]
    pub fn of(account: &str, entry: &Entry) -> Self {
        let account = compact(account);
        let direction = match entry.direction {
            Some(Direction::Credit) => "C",
            Some(Direction::Debit) => "D",
            None => "?",
        };
        if let Some(reference) = &entry.bank_reference {
            return Self(hash_of(&["bank", &account, direction, reference]));
        }
        let day = entry.booked.to_string();
        let document = entry.document_date.map(|date| date.to_string()).unwrap_or_default();
        let amount = entry.amount.minor().to_string();
        let number = entry.number.as_deref().unwrap_or("").trim();
        let counter = compact(entry.counterparty.account.as_deref().unwrap_or(""));
        let currency = entry.amount.currency();
        Self(hash_of(&[
            "counted",
            &account,
            direction,
            number,
            &document,
            &day,
            &amount,
            currency.code(),
            &counter,
        ]))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for EntryKey {
    /// From a ledger.
    fn from(text: String) -> Self {
        Self(text)
    }
}

fn compact(account: &str) -> String {
    account.chars().filter(|character| !character.is_whitespace()).collect()
}

/// An entry's identity: its key, and which of the entries alike it is (counted from 1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryIdentity {
    pub key: EntryKey,
    pub occurrence: u32,
}

impl EntryIdentity {
    #[must_use]
    pub fn entry_id(&self) -> EntryId {
        EntryId(format!("e{VERSION}-{}", self.hash()))
    }

    /// What the CRM's custom field carries.
    #[must_use]
    pub fn payment_id(&self) -> PaymentId {
        PaymentId(format!("sv{VERSION}-{}", self.hash()))
    }

    fn hash(&self) -> String {
        let mut hash = hash_of(&[self.key.as_str(), &self.occurrence.to_string()]);
        hash.truncate(32);
        hash
    }
}
