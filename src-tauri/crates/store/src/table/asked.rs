//! Entries that were not booked because only a person can tell what they are.

use domain::{Actor, Direction, Entry, EntryId, EntryIdentity, EntryKey, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, named_params};
use serde::Serialize;

use crate::{
    AskedReason, Ledger, StoreError,
    columns::{clamp, count, json, to_json, whole, word},
    table::{
        audit,
        entry::{self, NewEntry},
    },
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
CREATE TABLE asked_ruling (
    asked INTEGER PRIMARY KEY REFERENCES asked (seq),
    entry TEXT REFERENCES entry (id),
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE VIEW asked_open AS
    SELECT * FROM asked a WHERE NOT EXISTS (SELECT 1 FROM asked_ruling r WHERE r.asked = a.seq);
CREATE TRIGGER asked_ruling_no_update BEFORE UPDATE ON asked_ruling BEGIN SELECT raise(ABORT, 'asked_ruling is append-only'); END;
CREATE TRIGGER asked_ruling_no_delete BEFORE DELETE ON asked_ruling BEGIN SELECT raise(ABORT, 'asked_ruling is append-only'); END;
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
    /// Entries nobody has said a word about yet and why they were not booked, the oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn asked(&self) -> Result<Vec<AskedEntry>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT a.*, f.name FROM asked_open a
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

    /// A person says: this is an entry of its own. `direction` is needed where the file did not tell it.
    ///
    /// # Errors
    /// No such open question; a direction that is still missing; a sum no entry can have.
    pub fn book_asked(
        &self,
        id: u64,
        direction: Option<Direction>,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<EntryId, StoreError> {
        self.write(|transaction| {
            let (asked, mut entry) = question(transaction, id)?;
            let Some(direction) = entry.direction.or(direction).filter(|_| !entry.amount.is_negative()) else {
                return Err(StoreError::CannotBeBooked { id });
            };
            entry.direction = Some(direction);
            let identity = free_identity(transaction, &asked.account, &entry)?;
            let new = NewEntry {
                identity: &identity,
                statement: asked.statement,
                format: &asked.format,
                account: &asked.account,
                direction,
                entry: &entry,
            };
            let booked = entry::insert(transaction, &new)?;
            rule(transaction, id, Some(&booked), actor, at)?;
            Ok(booked)
        })
    }

    /// A person says: this is nothing of its own (an entry the ledger has, or none).
    ///
    /// # Errors
    /// No such open question.
    pub fn dismiss_asked(&self, id: u64, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            question(transaction, id)?;
            rule(transaction, id, None, actor, at)
        })
    }
}

struct Question {
    statement: i64,
    account: String,
    format: String,
}

fn question(connection: &Connection, id: u64) -> Result<(Question, Entry), StoreError> {
    connection
        .prepare_cached(
            "SELECT a.statement, a.account, a.body, f.format FROM asked_open a
             JOIN statement s ON s.seq = a.statement JOIN source_file f ON f.seq = s.file WHERE a.seq = ?1",
        )?
        .query_and_then([clamp(id)], |row| -> Result<_, StoreError> {
            let question = Question {
                statement: row.get("statement")?,
                account: row.get("account")?,
                format: row.get("format")?,
            };
            Ok((question, json(row, "body")?))
        })?
        .next()
        .transpose()?
        .ok_or_else(|| StoreError::NotFound {
            what: "question",
            id: id.to_string(),
        })
}

/// The first occurrence the ledger does not have: where that is the one it had in its file, the file is known from
/// then on.
fn free_identity(connection: &Connection, account: &str, entry: &Entry) -> Result<EntryIdentity, StoreError> {
    let mut identity = EntryIdentity {
        key: EntryKey::of(account, entry),
        occurrence: 1,
    };
    while entry::of_identity(connection, &identity)?.is_some() {
        identity.occurrence += 1;
    }
    Ok(identity)
}

fn rule(
    connection: &Connection,
    id: u64,
    entry: Option<&EntryId>,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO asked_ruling (asked, entry, actor, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute((clamp(id), entry.map(EntryId::as_str), to_json(actor)?, at.0))?;
    let action = if entry.is_some() {
        "asked.booked"
    } else {
        "asked.dismissed"
    };
    let body = to_json(&serde_json::json!({ "entry": entry }))?;
    audit::event(connection, action, &id.to_string(), body, actor, at)
}

/// Files the question; the same question from another file is the same question.
/// What a person said of the line: the entry it became, or `None` inside where it was to be none.
pub(crate) fn ruling(connection: &Connection, id: u64) -> Result<Option<Option<EntryId>>, StoreError> {
    let said: Option<Option<String>> = connection
        .prepare_cached("SELECT entry FROM asked_ruling WHERE asked = ?1")?
        .query_row([clamp(id)], |row| row.get(0))
        .optional()?;
    Ok(said.map(|entry| entry.map(EntryId)))
}

pub(crate) fn insert(
    connection: &Connection,
    statement: i64,
    account: &str,
    identity: &EntryIdentity,
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
