//! Entries that were not booked because only a person can tell what they are.

use domain::{Entry, Timestamp};
use rusqlite::{Connection, named_params};
use serde::Serialize;

use crate::{
    AskedReason, Ledger, StoreError,
    columns::{count, json, to_json, whole, word},
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE asked (
    seq INTEGER PRIMARY KEY,
    statement INTEGER NOT NULL REFERENCES statement (seq),
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    booked TEXT NOT NULL,
    amount INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (key, occurrence, booked, amount)
) STRICT;
CREATE TRIGGER asked_no_update BEFORE UPDATE ON asked BEGIN SELECT raise(ABORT, 'asked is append-only'); END;
CREATE TRIGGER asked_no_delete BEFORE DELETE ON asked BEGIN SELECT raise(ABORT, 'asked is append-only'); END;
";

/// An entry waiting for a person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedEntry {
    pub id: u64,
    pub account: String,
    pub reason: AskedReason,
    pub entry: Entry,
    pub file: String,
    pub at: Timestamp,
}

impl Ledger {
    /// Entries that were not booked and why, the oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn asked(&self) -> Result<Vec<AskedEntry>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT a.*, f.name FROM asked a
                 JOIN statement s ON s.seq = a.statement JOIN source_file f ON f.seq = s.file
                 ORDER BY a.seq",
            )?;
            let asked = statement.query_and_then([], |row| -> Result<_, StoreError> {
                Ok(AskedEntry {
                    id: count(row, "seq")?,
                    account: row.get("account")?,
                    reason: word(row, "reason", AskedReason::parse)?,
                    entry: json(row, "body")?,
                    file: row.get("name")?,
                    at: Timestamp(row.get("at")?),
                })
            })?;
            asked.collect()
        })
    }
}

/// Files the question; the same question from another file is the same question.
pub(crate) fn insert(
    connection: &Connection,
    statement: i64,
    account: &str,
    identity: &domain::EntryIdentity,
    reason: AskedReason,
    entry: &Entry,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let booked = entry.booked.to_string();
    let amount = entry.amount.minor();
    connection
        .prepare_cached(
            "INSERT INTO asked (statement, account, key, occurrence, booked, amount, reason, body, at)
             VALUES (:statement, :account, :key, :occurrence, :booked, :amount, :reason, :body, :at)
             ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! {
            ":statement": statement,
            ":account": account,
            ":key": identity.key.as_str(),
            ":occurrence": identity.occurrence,
            ":booked": booked,
            ":amount": amount,
            ":reason": reason.as_str(),
            ":body": to_json(entry)?,
            ":at": at.0,
        })?;
    let id = connection
        .prepare_cached("SELECT seq FROM asked WHERE key = ?1 AND occurrence = ?2 AND booked = ?3 AND amount = ?4")?
        .query_row((identity.key.as_str(), identity.occurrence, &booked, amount), |row| {
            row.get(0)
        })?;
    whole(id)
}
