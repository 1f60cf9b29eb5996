//! What changed, told by the portal itself: the queue of offline events, which needs no public address. Only a local
//! application of an administrator has one; a webhook asks by time instead ([`Client::changes`]).
//!
//! A pack is reserved for whoever got it, and nobody else is told it again; it stays so until it is
//! [cleared](Client::clear), or for thirty days. So an event is a hint that comes early, and never the only way to know:
//! what a program that died had reserved is found by time, and a deletion by the next full [`Client::pull`].

use std::collections::BTreeSet;

use domain::InvoiceId;
use serde_json::{Value, json};

use super::{Client, CrmError, kind};
use crate::{
    call::{CallError, Transport},
    interface::Told,
    php,
};

/// The name of our queue on the portal. Our own writes come back through it as well: where a portal can keep them away
/// depends on its plan.
const CONNECTOR: &str = "sverka";
const BIND: &str = "event.bind";
const GET: &str = "event.offline.get";
const CLEAR: &str = "event.offline.clear";
const PACK: u64 = 50;
const PROCESS: &str = "process_id";
const MESSAGES: &str = "message_id";

/// A pack of events, each invoice once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard {
    pub changed: Vec<InvoiceId>,
    pub deleted: Vec<InvoiceId>,
    /// By which the pack is cleared; `None`: there was nothing.
    process: Option<String>,
    messages: Vec<String>,
}

impl Heard {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// By which the host has the pack [cleared](Client::clear) once it is stored.
    pub(super) fn told(&self) -> Told {
        let process = self.process.as_ref().filter(|_| !self.is_empty());
        Told {
            receipt: process.map(|process| json!({PROCESS: process, MESSAGES: self.messages})),
            more: self.messages.len() as u64 >= PACK,
        }
    }
}

impl<T: Transport> Client<T> {
    /// Asks the portal to queue what happens to invoices. Safe to repeat.
    ///
    /// # Errors
    /// The portal could not be asked; the key is a webhook's, or no administrator's.
    pub async fn listen(&self) -> Result<(), CrmError> {
        const EVENTS: &str = "events";
        let known = self.read(EVENTS, &json!({})).await?;
        let known = php::texts(&known["result"]);
        for what in ["ADD", "UPDATE", "DELETE"] {
            let all = format!("ONCRMDYNAMICITEM{what}");
            let ours = format!("{all}_{}", kind::INVOICE);
            let event = if known.iter().any(|event| event.eq_ignore_ascii_case(&ours)) {
                ours
            } else {
                all
            };
            let params = json!({"event": event, "event_type": "offline", "auth_connector": CONNECTOR});
            match self.read(BIND, &params).await {
                // Bound already: the portal has no code of its own for that.
                Ok(_)
                | Err(CrmError::Call {
                    error: CallError::Refused { .. },
                    ..
                }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next pack; empty where nothing happened.
    ///
    /// # Errors
    /// The portal could not be asked, or answers something else.
    pub async fn heard(&self) -> Result<Heard, CrmError> {
        let params = json!({"clear": 0, "limit": PACK, "auth_connector": CONNECTOR});
        let body = self.read(GET, &params).await?;
        let events = body["result"].get("events").filter(|events| php::is_list(events));
        let events = php::rows(events.ok_or(CrmError::Shape {
            method: GET,
            what: "events",
        })?);
        let (mut changed, mut deleted) = (BTreeSet::new(), BTreeSet::new());
        let mut messages = Vec::new();
        for event in events {
            messages.extend(php::text(&event["MESSAGE_ID"]));
            // Some events come without their data; the next full pull finds what they were about.
            let Some(invoice) = invoice_of(event) else { continue };
            let name = php::text(&event["EVENT_NAME"]).unwrap_or_default();
            if name.to_ascii_uppercase().contains("DELETE") {
                deleted.insert(invoice);
            } else {
                changed.insert(invoice);
            }
        }
        changed.retain(|invoice| !deleted.contains(invoice));
        let ids = |numbers: BTreeSet<u64>| {
            numbers
                .into_iter()
                .map(|number| self.portal.invoice_id(number))
                .collect()
        };
        Ok(Heard {
            changed: ids(changed),
            deleted: ids(deleted),
            process: php::text(&body["result"]["process_id"]),
            messages,
        })
    }

    /// What was heard is dealt with, for good.
    ///
    /// # Errors
    /// The portal could not be asked: the pack stays reserved, which does no harm.
    pub async fn clear(&self, heard: &Heard) -> Result<(), CrmError> {
        self.clear_told(&heard.told()).await
    }

    pub(super) async fn clear_told(&self, told: &Told) -> Result<(), CrmError> {
        if let Some(receipt) = &told.receipt {
            self.read(CLEAR, receipt).await?;
        }
        Ok(())
    }
}

fn invoice_of(event: &Value) -> Option<u64> {
    let fields = &event["EVENT_DATA"]["FIELDS"];
    let of = php::id(&fields["ENTITY_TYPE_ID"]);
    (of == Some(kind::INVOICE)).then(|| php::id(&fields["ID"])).flatten()
}
