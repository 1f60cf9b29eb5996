//! The audit chain: append-only, every link holding the hash of the one before.

use domain::{Actor, AuditEvent, AuditLink, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{clamp, count, json, to_json, whole},
};

// AUTOINCREMENT: SQLite then remembers the highest number given, so that links cut off the end are missed too.
pub(crate) const SCHEMA: &str = "
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'audit is append-only'); END;
";

/// What a walk along the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditVerdict {
    /// Links that hold, from the first on.
    pub links: u64,
    /// The first number that does not hold.
    pub broken_at: Option<u64>,
    pub why: Option<String>,
}

impl Ledger {
    /// For what happens outside the ledger's own writes, which bring their events themselves.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn append_audit(&self, event: &AuditEvent) -> Result<AuditLink, StoreError> {
        self.write(|transaction| append(transaction, event.clone()))
    }

    /// Walks the chain from the first link to the last.
    ///
    /// # Errors
    /// The ledger cannot be read. A chain that does not hold is a verdict, not an error.
    pub fn audit_verify(&self) -> Result<AuditVerdict, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare("SELECT * FROM audit ORDER BY seq")?;
            let mut rows = statement.query([])?;
            let mut last: Option<AuditLink> = None;
            while let Some(row) = rows.next()? {
                let seq = count(row, "seq")?;
                let next = match link(row) {
                    Ok(next) => next,
                    Err(error) => return Ok(broken(last.as_ref(), seq, &error.to_string())),
                };
                if !next.holds_after(last.as_ref()) {
                    return Ok(broken(last.as_ref(), seq, why(last.as_ref(), &next)));
                }
                last = Some(next);
            }
            let links = last.as_ref().map_or(0, |link| link.seq);
            let given: Option<i64> = connection
                .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'audit'", [], |row| {
                    row.get(0)
                })
                .optional()?;
            if whole(given.unwrap_or(0))? != links {
                return Ok(broken(last.as_ref(), links + 1, "links are missing at the end"));
            }
            Ok(AuditVerdict {
                links,
                broken_at: None,
                why: None,
            })
        })
    }

    /// The number of the last link.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn audit_len(&self) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut last = connection.prepare_cached("SELECT coalesce(max(seq), 0) FROM audit")?;
            whole(last.query_row([], |row| row.get(0))?)
        })
    }

    /// Links after number `after`, the oldest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn audit_list(&self, after: u64, limit: u64) -> Result<Vec<AuditLink>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT * FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
            let links = statement.query_and_then([clamp(after), clamp(limit)], link)?;
            links.collect()
        })
    }
}

fn broken(last: Option<&AuditLink>, seq: u64, why: &str) -> AuditVerdict {
    AuditVerdict {
        links: last.map_or(0, |link| link.seq),
        broken_at: Some(seq),
        why: Some(why.to_owned()),
    }
}

fn why(last: Option<&AuditLink>, next: &AuditLink) -> &'static str {
    if next.seq != last.map_or(0, |link| link.seq) + 1 {
        "links are missing before it"
    } else if next.previous != last.map_or("", |link| link.hash.as_str()) {
        "it does not follow the link before it"
    } else {
        "it does not say what it said when it was written"
    }
}

fn link(row: &Row<'_>) -> Result<AuditLink, StoreError> {
    Ok(AuditLink {
        seq: count(row, "seq")?,
        event: AuditEvent {
            at: Timestamp(row.get("at")?),
            actor: json(row, "actor")?,
            action: row.get("action")?,
            subject: row.get("subject")?,
            body: row.get("body")?,
        },
        previous: row.get("previous")?,
        hash: row.get("hash")?,
    })
}

/// Puts what somebody did at the end of the chain, beside what it did, in the same transaction.
pub(crate) fn event(
    connection: &Connection,
    action: &str,
    subject: &str,
    body: String,
    actor: &Actor,
    at: Timestamp,
) -> Result<(), StoreError> {
    let event = AuditEvent {
        at,
        actor: actor.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        body,
    };
    append(connection, event).map(|_| ())
}

/// Puts an event at the end of the chain. Only inside a write transaction: the last link must stay the last.
pub(crate) fn append(connection: &Connection, event: AuditEvent) -> Result<AuditLink, StoreError> {
    let last = connection
        .prepare_cached("SELECT * FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_and_then([], link)?
        .next()
        .transpose()?;
    let next = AuditLink::after(last.as_ref(), event);
    connection
        .prepare_cached(
            "INSERT INTO audit (seq, at, actor, action, subject, body, previous, hash)
             VALUES (:seq, :at, :actor, :action, :subject, :body, :previous, :hash)",
        )?
        .execute(named_params! {
            ":seq": clamp(next.seq),
            ":at": next.event.at.0,
            ":actor": to_json(&next.event.actor)?,
            ":action": next.event.action,
            ":subject": next.event.subject,
            ":body": next.event.body,
            ":previous": next.previous,
            ":hash": next.hash,
        })?;
    Ok(next)
}
