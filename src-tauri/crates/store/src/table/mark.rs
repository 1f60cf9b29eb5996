//! How invoices stand without money: what the CRM was told of it, and what it is told now. Such a message follows from no
//! decision, so it is queued by itself, and only where nothing else of its invoice has come since it was looked at.

use std::collections::BTreeMap;

use domain::{Actor, Invoice, Lane, Message};
use rusqlite::Connection;

use crate::{
    Ledger, StoreError, StoredMessage,
    columns::{to_json, whole},
    table::{audit, invoice, message},
};

// The table of messages made anew: what the CRM is told need not follow from a decision. Rows keep their places, and the
// next one comes after the last that ever was.
pub(crate) const SCHEMA: &str = "
CREATE TABLE message_anew (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    decision TEXT REFERENCES decision (id),
    body TEXT NOT NULL
) STRICT;
INSERT INTO message_anew (seq, id, lane, decision, body) SELECT seq, id, lane, decision, body FROM message ORDER BY seq;
DELETE FROM sqlite_sequence WHERE name = 'message_anew';
INSERT INTO sqlite_sequence (name, seq) SELECT 'message_anew', seq FROM sqlite_sequence WHERE name = 'message';
DROP TABLE message;
ALTER TABLE message_anew RENAME TO message;
CREATE INDEX message_decision ON message (decision);
CREATE INDEX message_lane ON message (lane);
CREATE INDEX message_mark ON message (lane) WHERE decision IS NULL;
CREATE TRIGGER message_no_update BEFORE UPDATE ON message BEGIN SELECT raise(ABORT, 'message is append-only'); END;
CREATE TRIGGER message_no_delete BEFORE DELETE ON message BEGIN SELECT raise(ABORT, 'message is append-only'); END;
";

/// A message that says how an invoice stands, for an invoice as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkDraft {
    pub message: Message,
    /// The last message of its lane; `None`: there was none.
    pub last: Option<u64>,
}

impl Ledger {
    /// Invoices of this connection that are open in the CRM, by date and then by id.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn open_in(&self, connection: &str) -> Result<Vec<Invoice>, StoreError> {
        self.read(|reader| {
            let mut statement = reader.prepare_cached(
                "SELECT * FROM invoice_open WHERE connection = ?1 AND status = 'open' AND gone = 0 ORDER BY date, id",
            )?;
            statement.query_and_then([connection], invoice::invoice)?.collect()
        })
    }

    /// Everything ever queued for lanes that were told how their invoice stands, in the order of the queue.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn marked_lanes(&self) -> Result<BTreeMap<Lane, Vec<StoredMessage>>, StoreError> {
        self.read(|connection| {
            let mut lanes: BTreeMap<Lane, Vec<StoredMessage>> = BTreeMap::new();
            let mut statement = connection.prepare_cached(&format!(
                "{} WHERE m.lane IN (SELECT lane FROM message WHERE decision IS NULL) ORDER BY m.seq",
                message::SELECT
            ))?;
            for stored in statement.query_and_then([], message::stored)? {
                let stored = stored?;
                lanes.entry(stored.message.lane.clone()).or_default().push(stored);
            }
            Ok(lanes)
        })
    }

    /// Queues those whose lane is as it was looked at, with nothing on its way or set aside in it; how many.
    ///
    /// # Errors
    /// The ledger cannot be written to.
    pub fn queue_marks(&self, drafts: &[MarkDraft]) -> Result<u64, StoreError> {
        if drafts.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| {
            let mut queued = 0;
            for draft in drafts {
                if !is_quiet(transaction, &draft.message.lane, draft.last)? {
                    continue;
                }
                message::insert(transaction, &draft.message)?;
                let body = to_json(&draft.message.operation)?;
                let (id, at) = (&draft.message.id.0, draft.message.created);
                audit::event(transaction, "status.told", id, body, &Actor::Program, at)?;
                queued += 1;
            }
            Ok(queued)
        })
    }
}

fn is_quiet(connection: &Connection, lane: &Lane, last: Option<u64>) -> Result<bool, StoreError> {
    let (seq, busy): (Option<i64>, i64) = connection
        .prepare_cached(
            "SELECT max(m.seq), count(*) FILTER (WHERE s.state IN ('queued', 'in_flight', 'parked'))
             FROM message m JOIN message_state s ON s.message = m.id WHERE m.lane = ?1",
        )?
        .query_row([&lane.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(seq.map(whole).transpose()? == last && busy == 0)
}
