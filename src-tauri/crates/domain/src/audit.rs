//! Who did what, when: events chained by hash, so that a change of the past shows.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{ids::PersonId, time::Timestamp};

/// Who acts. A rule acts in the name of the person who set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    Person {
        id: PersonId,
    },
    Rule {
        name: String,
    },
    /// The program by itself: an import, a delivery.
    Program,
}

/// One thing that happened. `body` is JSON text, hashed as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    pub at: Timestamp,
    pub actor: Actor,
    /// What happened, as `decision.made`, `order.exported`.
    pub action: String,
    /// The id of what it happened to.
    pub subject: String,
    pub body: String,
}

/// An event in its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLink {
    /// Counted from 1 without gaps.
    pub seq: u64,
    pub event: AuditEvent,
    /// The hash of the link before; the empty text for the first.
    pub previous: String,
    pub hash: String,
}

impl AuditLink {
    #[must_use]
    pub fn after(previous: Option<&Self>, event: AuditEvent) -> Self {
        let (seq, previous) = previous.map_or((1, String::new()), |link| (link.seq + 1, link.hash.clone()));
        let hash = chain_hash(seq, &previous, &event);
        Self {
            seq,
            event,
            previous,
            hash,
        }
    }

    /// Whether this link follows `previous` and says what it said when it was made.
    #[must_use]
    pub fn holds_after(&self, previous: Option<&Self>) -> bool {
        let (seq, before) = previous.map_or((1, ""), |link| (link.seq + 1, link.hash.as_str()));
        self.seq == seq && self.previous == before && self.hash == chain_hash(seq, before, &self.event)
    }
}

fn chain_hash(seq: u64, previous: &str, event: &AuditEvent) -> String {
    let actor = match &event.actor {
        Actor::Person { id } => format!("person:{id}"),
        Actor::Rule { name } => format!("rule:{name}"),
        Actor::Program => "program".to_owned(),
    };
    let at = event.at.0.to_string();
    let seq = seq.to_string();
    hash_of(&[&seq, previous, &at, &actor, &event.action, &event.subject, &event.body])
}

/// SHA-256 over the parts, each behind its length, so that no two lists of parts read the same. Lower-case hexadecimal.
#[must_use]
pub fn hash_of(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_string().as_bytes());
        hasher.update(b":");
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize())
}

/// Lower-case hexadecimal of bytes.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
