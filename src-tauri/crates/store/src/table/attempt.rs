//! Every try at telling the CRM, its beginning written before anything is sent.

use domain::{Actor, MessageId, Outcome, Text, Timestamp};
use rusqlite::Connection;
use serde::Serialize;

use crate::{
    Ledger, MessageState, StoreError,
    columns::{from_json, to_json},
    table::{
        audit,
        message::{Change, get, wrong_state},
    },
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE attempt (
    seq INTEGER PRIMARY KEY,
    message TEXT NOT NULL REFERENCES message (id),
    n INTEGER NOT NULL CHECK (n > 0),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_message ON attempt (message);
CREATE TABLE attempt_end (
    attempt INTEGER PRIMARY KEY REFERENCES attempt (seq),
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER attempt_no_update BEFORE UPDATE ON attempt BEGIN SELECT raise(ABORT, 'attempt is append-only'); END;
CREATE TRIGGER attempt_no_delete BEFORE DELETE ON attempt BEGIN SELECT raise(ABORT, 'attempt is append-only'); END;
CREATE TRIGGER attempt_end_no_update BEFORE UPDATE ON attempt_end BEGIN SELECT raise(ABORT, 'attempt_end is append-only'); END;
CREATE TRIGGER attempt_end_no_delete BEFORE DELETE ON attempt_end BEGIN SELECT raise(ABORT, 'attempt_end is append-only'); END;
";

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttemptRecord {
    pub number: u32,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub outcome: Option<Outcome>,
}

/// How an attempt ended, and what the queue made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptEnd<'a> {
    /// Of the attempt, as it was started.
    pub number: u32,
    pub outcome: &'a Outcome,
    /// Attempts that count now.
    pub attempts: u32,
    pub next: MessageState,
    pub due: Option<Timestamp>,
    /// Why it is not delivered.
    pub reason: Option<&'a Text>,
}

impl Ledger {
    /// Written before anything is sent. Of two processes only one gets the message. What a crash leaves in flight ends
    /// as [`Outcome::Unknown`] first.
    ///
    /// # Errors
    /// The message is not waiting: [`StoreError::MessageState`].
    pub fn attempt_started(&self, id: &MessageId, n: u32, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = get(transaction, id)?;
            if known.state != MessageState::Queued {
                return Err(wrong_state(&known));
            }
            transaction
                .prepare_cached("INSERT INTO attempt (message, n, at) VALUES (?1, ?2, ?3)")?
                .execute((id.as_str(), n, at.0))?;
            let change = Change {
                state: MessageState::InFlight,
                attempts: known.attempts,
                due: None,
                reason: known.reason.as_ref(),
                receipt: None,
            };
            change.write(transaction, id)
        })
    }

    /// How the attempt ended and what follows, as the queue decided.
    ///
    /// # Errors
    /// No attempt of this number is under way.
    pub fn attempt_ended(&self, id: &MessageId, end: &AttemptEnd<'_>, at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = get(transaction, id)?;
            let outcome = to_json(end.outcome)?;
            let ended = transaction
                .prepare_cached(
                    "INSERT INTO attempt_end (attempt, outcome, at)
                     SELECT a.seq, ?3, ?4 FROM attempt a
                     WHERE a.message = ?1 AND a.n = ?2 AND NOT EXISTS (SELECT 1 FROM attempt_end e WHERE e.attempt = a.seq)
                     ORDER BY a.seq DESC LIMIT 1",
                )?
                .execute((id.as_str(), end.number, &outcome, at.0))?;
            if known.state != MessageState::InFlight || ended == 0 {
                return Err(wrong_state(&known));
            }
            let receipt = match end.outcome {
                Outcome::Delivered { receipt } => Some(receipt),
                _ => None,
            };
            let change = Change {
                state: end.next,
                attempts: end.attempts,
                due: end.due,
                reason: end.reason,
                receipt,
            };
            change.write(transaction, id)?;
            let action = match end.next {
                MessageState::Delivered => "message.delivered",
                MessageState::Parked => "message.parked",
                MessageState::Queued | MessageState::InFlight | MessageState::Withdrawn => return Ok(()),
            };
            audit::event(transaction, action, &id.0, outcome, &Actor::Program, at)
        })
    }
}

/// Every try at a message, the oldest first.
pub(crate) fn of(connection: &Connection, id: &MessageId) -> Result<Vec<AttemptRecord>, StoreError> {
    connection
        .prepare_cached(
            "SELECT a.n, a.at AS started, e.at AS ended, e.outcome FROM attempt a
             LEFT JOIN attempt_end e ON e.attempt = a.seq WHERE a.message = ?1 ORDER BY a.seq",
        )?
        .query_and_then([id.as_str()], |row| -> Result<_, StoreError> {
            let ended: Option<i64> = row.get("ended")?;
            let outcome: Option<String> = row.get("outcome")?;
            Ok(AttemptRecord {
                number: row.get("n")?,
                started: Timestamp(row.get("started")?),
                ended: ended.map(Timestamp),
                outcome: outcome.as_deref().map(from_json).transpose()?,
            })
        })?
        .collect()
}
