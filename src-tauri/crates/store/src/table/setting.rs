//! Settings, sealed secrets and the sealed journal of calls. What is sealed is opaque here: the key is the host's.

use domain::{Actor, Timestamp};
use rusqlite::{Connection, OptionalExtension as _};

use crate::{
    Ledger, StoreError,
    columns::{clamp, to_json},
    table::audit,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE call (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
";

/// Calls kept in the journal; older ones make room.
const CALLS_KEPT_MAX: u64 = 100_000;

impl Ledger {
    /// # Errors
    /// The ledger cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|connection| setting(connection, key))
    }

    /// Settings are no place for secrets: the value stands in the audit chain for ever. The value it already has
    /// changes nothing.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn set_setting(&self, key: &str, value: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let before = setting(transaction, key)?;
            if before.as_deref() == Some(value) {
                return Ok(());
            }
            transaction.execute(
                "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
                [key, value],
            )?;
            let body = to_json(&serde_json::json!({ "before": before, "value": value }))?;
            audit::event(transaction, "setting.changed", key, body, actor, at)
        })
    }

    /// A secret as it was sealed.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT sealed FROM secret WHERE name = ?1")?
                .query_row([name], |row| row.get(0))
                .optional()?)
        })
    }

    /// # Errors
    /// The ledger cannot be written to.
    pub fn set_secret(&self, name: &str, sealed: &[u8], actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO secret (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = ?2",
                (name, sealed),
            )?;
            audit::event(transaction, "secret.changed", name, "{}".to_owned(), actor, at)
        })
    }

    /// Puts a secret in the place of the one that is there. `false`: there is none, and none is made.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn replace_secret(&self, name: &str, sealed: &[u8], actor: &Actor, at: Timestamp) -> Result<bool, StoreError> {
        self.write(|transaction| {
            let there = transaction.execute("UPDATE secret SET sealed = ?2 WHERE name = ?1", (name, sealed))?;
            if there > 0 {
                audit::event(transaction, "secret.changed", name, "{}".to_owned(), actor, at)?;
            }
            Ok(there > 0)
        })
    }

    /// # Errors
    /// The ledger cannot be written to. A secret that is not there is no error.
    pub fn delete_secret(&self, name: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let deleted = transaction.execute("DELETE FROM secret WHERE name = ?1", [name])?;
            if deleted == 0 {
                return Ok(());
            }
            audit::event(transaction, "secret.deleted", name, "{}".to_owned(), actor, at)
        })
    }

    /// Adds a call to the journal.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn append_call(&self, sealed: &[u8], at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("INSERT INTO call (at, sealed) VALUES (?1, ?2)")?
                .execute((at.0, sealed))?;
            transaction
                .prepare_cached("DELETE FROM call WHERE seq <= ?1")?
                .execute([transaction.last_insert_rowid() - clamp(CALLS_KEPT_MAX)])?;
            Ok(())
        })
    }

    /// The latest calls, the newest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn calls(&self, limit: u64) -> Result<Vec<(Timestamp, Vec<u8>)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT at, sealed FROM call ORDER BY seq DESC LIMIT ?1")?;
            statement
                .query_and_then([clamp(limit)], |row| Ok((Timestamp(row.get(0)?), row.get(1)?)))?
                .collect()
        })
    }
}

fn setting(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}
