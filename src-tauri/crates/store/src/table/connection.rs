//! The CRMs this ledger tells of payments. A connection is never deleted and its id never given to another portal, because
//! its invoices and what waits for them go by that id; disconnecting takes its key away.

use domain::{Actor, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{to_json, word, words},
    table::audit,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE connection (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('bitrix24', 'amocrm')),
    secret TEXT NOT NULL UNIQUE,
    name TEXT,
    portal TEXT NOT NULL,
    remembered TEXT,
    mapping TEXT,
    extras TEXT,
    whole INTEGER NOT NULL
) STRICT;
CREATE TRIGGER connection_no_delete BEFORE DELETE ON connection
    BEGIN SELECT raise(ABORT, 'a connection stays: its invoices go by its id'); END;
CREATE TRIGGER connection_is_itself BEFORE UPDATE OF id, kind, secret ON connection
    BEGIN SELECT raise(ABORT, 'a connection keeps its id'); END;
";

/// The one connection there could be before goes on under the id that its invoices have. Which of the two it was, the key
/// says, and where that was taken away, the invoices.
pub(crate) const FROM_SETTINGS: &str = "
INSERT INTO connection (id, kind, secret, portal, remembered, mapping, extras, whole)
SELECT k.id, k.kind, k.secret,
    coalesce((SELECT value FROM setting WHERE key = 'crm.portal'), ''),
    (SELECT value FROM setting WHERE key = 'crm.fields'),
    coalesce(
        (SELECT value FROM setting WHERE key = k.mapping),
        (SELECT json_array(json_object(
                'of', 'deals', 'funnel', json_extract(value, '$.pipeline'), 'status', 'paid',
                'stage', CAST(json_extract(value, '$.status') AS TEXT)))
            FROM setting
            WHERE k.id = 'amo' AND key = 'crm.leads' AND json_valid(value) AND json_type(value, '$.pipeline') = 'integer'
                AND json_type(value, '$.status') = 'integer')),
    (SELECT value FROM setting WHERE k.id = 'b24' AND key = 'crm.extras'),
    NOT EXISTS (SELECT 1 FROM setting WHERE key = 'crm.list_complete' AND value = 'no')
FROM (SELECT 'b24' AS id, 'bitrix24' AS kind, 'crm.webhook' AS secret, 'crm.mapping.b24' AS mapping
    UNION ALL SELECT 'amo', 'amocrm', 'crm.amocrm', 'crm.mapping.amo') k
WHERE EXISTS (SELECT 1 FROM secret WHERE name = k.secret)
    OR (EXISTS (SELECT 1 FROM invoice WHERE connection = k.id)
        AND NOT EXISTS (SELECT 1 FROM secret WHERE name IN ('crm.webhook', 'crm.amocrm')));
DELETE FROM setting WHERE key IN
    ('crm.portal', 'crm.fields', 'crm.mapping.b24', 'crm.mapping.amo', 'crm.leads', 'crm.extras', 'crm.list_complete');
";

words! {
    /// Which CRM a connection is to.
    CrmKind {
        Bitrix24 = "bitrix24",
        /// Kommo too.
        Amocrm = "amocrm",
    }
}

/// A connection as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectionRow {
    /// The first part of the ids of its invoices.
    pub id: String,
    pub kind: CrmKind,
    /// The name its key is sealed under.
    pub secret: String,
    /// What people call it; `None`: by its portal.
    pub name: Option<String>,
    /// The portal's address, without the key.
    pub portal: String,
    /// What the CRM's own module remembers of it, as JSON.
    pub remembered: Option<String>,
    /// The chosen stages, as JSON.
    pub mapping: Option<String>,
    /// What else it is told, as JSON.
    pub extras: Option<String>,
    /// Its list of open invoices was read to its end the last time. Until then nothing is decided by any list.
    pub whole: bool,
    /// The key, sealed; `None`: it is disconnected.
    #[serde(skip)]
    pub key: Option<Vec<u8>>,
}

/// One thing about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionPart {
    Name,
    Portal,
    Remembered,
    Mapping,
    Extras,
}

impl ConnectionPart {
    fn column(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Portal => "portal",
            Self::Remembered => "remembered",
            Self::Mapping => "mapping",
            Self::Extras => "extras",
        }
    }
}

impl Ledger {
    /// All there ever were, in the order in which they were made.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn connections(&self) -> Result<Vec<ConnectionRow>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{SELECT} ORDER BY c.seq"))?
                .query_and_then([], connection_row)?
                .collect()
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn connection(&self, id: &str) -> Result<Option<ConnectionRow>, StoreError> {
        self.read(|connection| find(connection, id))
    }

    /// Makes a connection, or gives one a new key: whole, or not at all. The next pull is a whole one, because whoever asks
    /// by another key may see other invoices. `before` is the portal it is known by until now.
    ///
    /// # Errors
    /// The id is another portal's meanwhile, or the ledger cannot be written to.
    pub fn connect(
        &self,
        row: &ConnectionRow,
        before: Option<&str>,
        sealed: &[u8],
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = find(transaction, &row.id)?;
            if known.as_ref().map(|known| known.portal.as_str()) != before {
                return Err(StoreError::Exists {
                    what: "connection",
                    id: row.id.clone(),
                });
            }
            transaction.execute(
                "INSERT INTO connection (id, kind, secret, name, portal, remembered, mapping, extras, whole)
                 VALUES (:id, :kind, :secret, :name, :portal, :remembered, :mapping, :extras, :whole)
                 ON CONFLICT (id) DO UPDATE SET name = :name, portal = :portal, remembered = :remembered,
                     mapping = :mapping, extras = :extras, whole = :whole",
                named_params! {
                    ":id": row.id,
                    ":kind": row.kind.as_str(),
                    ":secret": row.secret,
                    ":name": row.name,
                    ":portal": row.portal,
                    ":remembered": row.remembered,
                    ":mapping": row.mapping,
                    ":extras": row.extras,
                    ":whole": row.whole,
                },
            )?;
            transaction.execute(
                "INSERT INTO secret (name, sealed) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET sealed = ?2",
                (&row.secret, sealed),
            )?;
            transaction.execute("DELETE FROM pull_mark WHERE connection = ?1", [&row.id])?;
            let body = to_json(&serde_json::json!({ "before": known, "value": row }))?;
            audit::event(transaction, "connection.made", &row.id, body, actor, at)
        })
    }

    /// Changes one thing; the value it already has changes nothing.
    ///
    /// # Errors
    /// There is no such connection, or the ledger cannot be written to.
    pub fn change_connection(
        &self,
        id: &str,
        part: ConnectionPart,
        value: &str,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let column = part.column();
            let before: Option<Option<String>> = transaction
                .prepare_cached(&format!("SELECT {column} FROM connection WHERE id = ?1"))?
                .query_row([id], |row| row.get(0))
                .optional()?;
            let before = before.ok_or_else(|| not_found(id))?;
            if before.as_deref() == Some(value) {
                return Ok(());
            }
            transaction.execute(
                &format!("UPDATE connection SET {column} = ?2 WHERE id = ?1"),
                [id, value],
            )?;
            let body = to_json(&serde_json::json!({ "part": column, "before": before, "value": value }))?;
            audit::event(transaction, "connection.changed", id, body, actor, at)
        })
    }
}

const SELECT: &str = "SELECT c.*, s.sealed FROM connection c LEFT JOIN secret s ON s.name = c.secret";

pub(crate) fn find(connection: &Connection, id: &str) -> Result<Option<ConnectionRow>, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE c.id = ?1"))?
        .query_and_then([id], connection_row)?
        .next()
        .transpose()
}

fn connection_row(row: &Row<'_>) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        id: row.get("id")?,
        kind: word(row, "kind", CrmKind::parse)?,
        secret: row.get("secret")?,
        name: row.get("name")?,
        portal: row.get("portal")?,
        remembered: row.get("remembered")?,
        mapping: row.get("mapping")?,
        extras: row.get("extras")?,
        whole: row.get("whole")?,
        key: row.get("sealed")?,
    })
}

pub(crate) fn not_found(id: &str) -> StoreError {
    StoreError::NotFound {
        what: "connection",
        id: id.to_owned(),
    }
}

/// What a pull says of the list: in its own transaction, so that nothing is decided by half of one.
pub(crate) fn list_is_whole(connection: &Connection, id: &str, whole: bool, at: Timestamp) -> Result<(), StoreError> {
    let changed = connection
        .prepare_cached("UPDATE connection SET whole = ?2 WHERE id = ?1 AND whole <> ?2")?
        .execute((id, whole))?;
    if changed > 0 {
        let body = to_json(&serde_json::json!({ "part": "whole", "value": whole }))?;
        audit::event(connection, "connection.changed", id, body, &Actor::Program, at)?;
    }
    Ok(())
}
