//! The outbox: what the CRM must be told, every attempt at it, and the proof that it was. What a message says and what
//! was tried is only ever added; where it stands is its one changeable row. When to try is the queue's business.

use std::collections::BTreeMap;

use domain::{Actor, DecisionId, EntryId, Lane, Message, MessageId, Operation, Outcome, Receipt, Text, Timestamp};
use rusqlite::{Connection, Row, named_params};
use serde::Serialize;

use crate::{
    Ledger, Page, StoreError,
    columns::{clamp, count, from_json, json, to_json, whole, word, words},
    table::{
        attempt::{self, AttemptRecord},
        audit,
    },
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE message (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    decision TEXT NOT NULL REFERENCES decision (id),
    body TEXT NOT NULL
) STRICT;
CREATE INDEX message_decision ON message (decision);
CREATE INDEX message_lane ON message (lane);
CREATE TABLE message_state (
    message TEXT PRIMARY KEY REFERENCES message (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'in_flight', 'delivered', 'parked', 'withdrawn')),
    attempts INTEGER NOT NULL,
    due INTEGER,
    reason TEXT,
    receipt TEXT
) STRICT;
CREATE INDEX message_state_state ON message_state (state);
CREATE TRIGGER message_no_update BEFORE UPDATE ON message BEGIN SELECT raise(ABORT, 'message is append-only'); END;
CREATE TRIGGER message_no_delete BEFORE DELETE ON message BEGIN SELECT raise(ABORT, 'message is append-only'); END;
CREATE TRIGGER message_state_no_delete BEFORE DELETE ON message_state BEGIN SELECT raise(ABORT, 'messages stay'); END;
CREATE TRIGGER message_state_final BEFORE UPDATE ON message_state WHEN old.state IN ('delivered', 'withdrawn')
    BEGIN SELECT raise(ABORT, 'a delivered or withdrawn message stays so'); END;
";

words! {
    MessageState {
        Queued = "queued",
        /// An attempt has begun and has not ended; after a crash nobody knows how it did.
        InFlight = "in_flight",
        Delivered = "delivered",
        /// It needs a person, and stops its lane.
        Parked = "parked",
        /// Its decision was undone before the CRM could see it.
        Withdrawn = "withdrawn",
    }
}

impl MessageState {
    pub(crate) fn ru(self) -> &'static str {
        match self {
            Self::Queued => "в очереди",
            Self::InFlight => "отправляется",
            Self::Delivered => "доставлено",
            Self::Parked => "отложено",
            Self::Withdrawn => "отозвано",
        }
    }
}

/// A message and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredMessage {
    /// The order of the queue.
    pub seq: u64,
    pub message: Message,
    pub state: MessageState,
    /// Ended attempts that count: not those that never reached the CRM, nor those before a person's retry.
    pub attempts: u32,
    pub due: Option<Timestamp>,
    /// Why it is not delivered.
    pub reason: Option<Text>,
}

/// A message with everything that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageRecord {
    pub stored: StoredMessage,
    pub attempts: Vec<AttemptRecord>,
    pub receipt: Option<Receipt>,
    /// Why it is not delivered.
    pub detail: Option<Text>,
}

/// Which messages a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageQuery {
    pub state: Option<MessageState>,
    /// Only of this connection.
    pub connection: Option<String>,
    pub offset: u64,
    pub limit: u64,
}

impl Default for MessageQuery {
    fn default() -> Self {
        Self {
            state: None,
            connection: None,
            offset: 0,
            limit: 100,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct OutboxCounts {
    pub queued: u64,
    pub in_flight: u64,
    pub parked: u64,
    pub delivered: u64,
    pub withdrawn: u64,
}

impl Ledger {
    /// What is queued, in flight or parked, in the order of the queue.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn messages_live(&self) -> Result<Vec<StoredMessage>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE s.state IN ('queued', 'in_flight', 'parked') ORDER BY m.seq"
            ))?;
            statement.query_and_then([], stored)?.collect()
        })
    }

    /// Everything ever queued for this lane, in the order of the queue.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn messages_of_lane(&self, lane: &Lane) -> Result<Vec<StoredMessage>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE m.lane = ?1 ORDER BY m.seq"))?;
            statement.query_and_then([&lane.0], stored)?.collect()
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn message_record(&self, id: &MessageId) -> Result<Option<MessageRecord>, StoreError> {
        self.read(|connection| {
            connection
                .prepare_cached(&format!("{SELECT} WHERE m.id = ?1"))?
                .query_and_then([id.as_str()], |row| record(connection, row))?
                .next()
                .transpose()
        })
    }

    /// The latest first.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn messages(&self, query: &MessageQuery) -> Result<Page<MessageRecord>, StoreError> {
        self.read(|connection| {
            let state = query.state.map(MessageState::as_str);
            let of = query.connection.as_deref();
            let total = match of {
                None => connection
                    .prepare_cached("SELECT count(*) FROM message_state WHERE ?1 IS NULL OR state = ?1")?
                    .query_row([state], |row| row.get(0))?,
                Some(of) => connection
                    .prepare_cached(&format!(
                        "SELECT count(*) FROM message m JOIN message_state s ON s.message = m.id WHERE {OF_QUERY}"
                    ))?
                    .query_row((state, of), |row| row.get(0))?,
            };
            let rows = connection
                .prepare_cached(&format!(
                    "{SELECT} WHERE {OF_QUERY} ORDER BY m.seq DESC LIMIT ?3 OFFSET ?4"
                ))?
                .query_and_then((state, of, clamp(query.limit), clamp(query.offset)), |row| {
                    record(connection, row)
                })?
                .collect::<Result<_, _>>()?;
            Ok(Page {
                total: whole(total)?,
                rows,
            })
        })
    }

    /// # Errors
    /// The ledger cannot be read.
    pub fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        self.read(counts)
    }

    /// Queues what no decision of a person asks for: the program found out by itself that it is to be done.
    ///
    /// # Errors
    /// A message of that id is there, or the decision it names is not.
    pub fn queue_messages(&self, messages: &[Message], at: Timestamp) -> Result<(), StoreError> {
        self.write(|transaction| {
            for message in messages {
                insert(transaction, message)?;
                let body = to_json(&serde_json::json!({ "operation": message.operation }))?;
                audit::event(transaction, "message.queued", &message.id.0, body, &Actor::Program, at)?;
            }
            Ok(())
        })
    }

    /// How many messages each connection still waits for, those set aside left out.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn outbox_waiting(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT substr(m.lane, 1, instr(m.lane, ':') - 1) AS connection, count(*) AS n
                 FROM message_state s JOIN message m ON m.id = s.message
                 WHERE s.state IN ('queued', 'in_flight') GROUP BY 1",
            )?;
            statement
                .query_and_then([], |row| Ok((row.get("connection")?, count(row, "n")?)))?
                .collect()
        })
    }

    /// A person lets a parked message try again, or a queued one at once.
    ///
    /// # Errors
    /// It is in flight, delivered or withdrawn.
    pub fn retry_message(&self, id: &MessageId, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.move_message(id, MessageState::Queued, None, "message.retried", actor, at)
    }

    /// A person takes a message out of the queue; its lane stops.
    ///
    /// # Errors
    /// It is in flight, delivered or withdrawn.
    pub fn park_message(&self, id: &MessageId, reason: &Text, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.move_message(id, MessageState::Parked, Some(reason), "message.parked", actor, at)
    }

    fn move_message(
        &self,
        id: &MessageId,
        state: MessageState,
        reason: Option<&Text>,
        action: &str,
        actor: &Actor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let known = get(transaction, id)?;
            if !matches!(known.state, MessageState::Queued | MessageState::Parked) {
                return Err(wrong_state(&known));
            }
            let change = Change {
                state,
                // A retry starts the count anew. The wait stays: a request with an unknown end may still take effect.
                attempts: if state == MessageState::Queued {
                    0
                } else {
                    known.attempts
                },
                due: known.due,
                reason: reason
                    .or(known.reason.as_ref())
                    .filter(|_| state == MessageState::Parked),
                receipt: None,
            };
            change.write(transaction, id)?;
            let body = to_json(&serde_json::json!({ "reason": reason }))?;
            audit::event(transaction, action, &id.0, body, actor, at)
        })
    }
}

pub(crate) struct Change<'a> {
    pub state: MessageState,
    pub attempts: u32,
    pub due: Option<Timestamp>,
    pub reason: Option<&'a Text>,
    pub receipt: Option<&'a Receipt>,
}

impl Change<'_> {
    pub fn write(&self, connection: &Connection, id: &MessageId) -> Result<(), StoreError> {
        connection
            .prepare_cached(
                "UPDATE message_state SET state = :state, attempts = :attempts, due = :due, reason = :reason,
                     receipt = coalesce(:receipt, receipt) WHERE message = :message",
            )?
            .execute(named_params! {
                ":message": id.as_str(),
                ":state": self.state.as_str(),
                ":attempts": self.attempts,
                ":due": self.due.map(|due| due.0),
                ":reason": self.reason.map(to_json).transpose()?,
                ":receipt": self.receipt.map(to_json).transpose()?,
            })?;
        Ok(())
    }
}

pub(crate) fn wrong_state(known: &StoredMessage) -> StoreError {
    StoreError::MessageState {
        message: known.message.id.clone(),
        state: known.state,
    }
}

pub(crate) const SELECT: &str = "SELECT m.seq, m.id, m.body, s.state, s.attempts, s.due, s.reason, s.receipt
    FROM message m JOIN message_state s ON s.message = m.id";

/// A lane is named like its invoice, and that begins with the connection.
const OF_QUERY: &str = "(?1 IS NULL OR s.state = ?1) AND (?2 IS NULL OR substr(m.lane, 1, length(?2) + 1) = ?2 || ':')";

pub(crate) fn stored(row: &Row<'_>) -> Result<StoredMessage, StoreError> {
    let due: Option<i64> = row.get("due")?;
    let reason: Option<String> = row.get("reason")?;
    Ok(StoredMessage {
        seq: count(row, "seq")?,
        message: json(row, "body")?,
        state: word(row, "state", MessageState::parse)?,
        attempts: row.get("attempts")?,
        due: due.map(Timestamp),
        reason: reason.as_deref().map(from_json).transpose()?,
    })
}

fn record(connection: &Connection, row: &Row<'_>) -> Result<MessageRecord, StoreError> {
    let stored = stored(row)?;
    let receipt: Option<String> = row.get("receipt")?;
    let attempts = attempt::of(connection, &stored.message.id)?;
    Ok(MessageRecord {
        attempts,
        receipt: receipt.as_deref().map(from_json).transpose()?,
        detail: stored.reason.clone(),
        stored,
    })
}

pub(crate) fn get(connection: &Connection, id: &MessageId) -> Result<StoredMessage, StoreError> {
    connection
        .prepare_cached(&format!("{SELECT} WHERE m.id = ?1"))?
        .query_and_then([id.as_str()], stored)?
        .next()
        .transpose()?
        .ok_or_else(|| StoreError::NotFound {
            what: "message",
            id: id.0.clone(),
        })
}

pub(crate) fn insert(connection: &Connection, message: &Message) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO message (id, lane, decision, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute((
            message.id.as_str(),
            &message.lane.0,
            message.decision.as_ref().map(DecisionId::as_str),
            to_json(message)?,
        ))?;
    connection
        .prepare_cached("INSERT INTO message_state (message, state, attempts) VALUES (?1, 'queued', 0)")?
        .execute([message.id.as_str()])?;
    Ok(())
}

pub(crate) fn undoes(message: &Message) -> Option<&MessageId> {
    match &message.operation {
        Operation::ReversePayment { undoes, .. } | Operation::RestorePayment { undoes, .. } => Some(undoes),
        Operation::RecordPayment { .. }
        | Operation::MarkStatus { .. }
        | Operation::AskResponsible { .. }
        | Operation::RemoveRepeats { .. } => None,
    }
}

/// A message that will not be sent (again).
pub(crate) struct Withdrawn {
    pub id: MessageId,
    /// The CRM has certainly not seen it.
    pub unseen: bool,
    /// Until then a lost request of it may still take effect.
    pub due: Option<Timestamp>,
}

/// Withdraws a decision's messages that the CRM has certainly not seen, and parked ones: these are not sent any more
/// without a person. The others stay, to be delivered and then undone.
pub(crate) fn withdraw(connection: &Connection, decision: &DecisionId) -> Result<Vec<Withdrawn>, StoreError> {
    let records = connection
        .prepare_cached(&format!(
            "{SELECT} WHERE m.decision = ?1 AND s.state IN ('queued', 'parked') ORDER BY m.seq"
        ))?
        .query_and_then([decision.as_str()], |row| record(connection, row))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut withdrawn = Vec::new();
    for record in records {
        // A refusal, of the message or of the key, may have come after a first write.
        let unseen = record.attempts.iter().all(|attempt| {
            matches!(
                attempt.outcome,
                Some(Outcome::Offline { .. } | Outcome::Transient { .. })
            )
        });
        if !unseen && record.stored.state != MessageState::Parked {
            continue;
        }
        let id = record.stored.message.id;
        let change = Change {
            state: MessageState::Withdrawn,
            attempts: record.stored.attempts,
            due: None,
            reason: None,
            receipt: None,
        };
        change.write(connection, &id)?;
        withdrawn.push(Withdrawn {
            id,
            unseen,
            due: record.stored.due,
        });
    }
    Ok(withdrawn)
}

pub(crate) fn wait_until(connection: &Connection, id: &MessageId, due: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE message_state SET due = ?2 WHERE message = ?1")?
        .execute((id.as_str(), due.0))?;
    Ok(())
}

/// What the CRM was told of an entry.
pub(crate) fn of_entry(connection: &Connection, entry: &EntryId) -> Result<Vec<MessageRecord>, StoreError> {
    connection
        .prepare_cached(&format!(
            "{SELECT} JOIN decision d ON d.id = m.decision WHERE d.entry = ?1 ORDER BY m.seq"
        ))?
        .query_and_then([entry.as_str()], |row| record(connection, row))?
        .collect()
}

pub(crate) fn counts(connection: &Connection) -> Result<OutboxCounts, StoreError> {
    let mut counts = OutboxCounts::default();
    let mut statement = connection.prepare_cached("SELECT state, count(*) AS n FROM message_state GROUP BY state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let n = count(row, "n")?;
        match word(row, "state", MessageState::parse)? {
            MessageState::Queued => counts.queued = n,
            MessageState::InFlight => counts.in_flight = n,
            MessageState::Delivered => counts.delivered = n,
            MessageState::Parked => counts.parked = n,
            MessageState::Withdrawn => counts.withdrawn = n,
        }
    }
    Ok(counts)
}
