//! What goes into the machine and what comes out of it.

use domain::{Lane, MessageId, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// A message as the caller stored it, to rebuild the machine after a start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub id: MessageId,
    pub lane: Lane,
    /// The order inside the lane: the smaller goes first.
    pub seq: u64,
    pub attempts: u32,
    pub state: ItemState,
    pub due: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    Queued,
    /// Stored before the attempt goes out; found after a start, it means «outcome unknown».
    InFlight,
    Parked,
}

/// Go and send this message. `attempt` counts from 1 and is the same again after an attempt that counted nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    pub id: MessageId,
    pub attempt: u32,
}

/// What the caller must store of a message now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub id: MessageId,
    pub state: NextState,
    pub attempts: u32,
    /// Not before this moment; `None`: at the next occasion. Of a parked message: a retry goes not before it, because a
    /// request with an unknown end may still take effect.
    pub due: Option<Timestamp>,
    /// Why it is not delivered, for a person.
    pub reason: Option<Text>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextState {
    Queued,
    Parked,
    /// Done: the machine holds it no longer.
    Delivered,
}

/// What became of the wish to withdraw a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// Out of the queue, its lane goes on. `attempted`: a counted attempt was made, so the CRM may hold it all the same.
    Removed { attempted: bool },
    /// It is on the wire: withdraw it after its outcome.
    InFlight,
    /// The machine does not hold it.
    NotHere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Condition {
    Ok,
    /// The CRM cannot be reached since then; one message at a time probes.
    Offline {
        since: Timestamp,
    },
    /// The CRM rejects the key; nothing goes until it changes.
    Unauthorised,
}
