//! Keeping the machine at what the ledger says, whoever wrote it: this process, another one, or the one before a crash.

use std::{collections::HashMap, sync::Arc};

use domain::{Actor, AuditEvent, MessageId, Outcome, Text};
use outbox::{Item, ItemState};
use store::{MessageState, StoredMessage};

use super::Delivery;
use crate::{failure::Failure, pull::not_connected};

/// Events of the audit log read in one go.
const EVENTS_AT_ONCE: u64 = 1_000;

impl Delivery {
    /// A person may have connected the CRM anew, here or in another process, or it answered again.
    pub(super) fn take_up_the_connection(&mut self) -> Result<(), Failure> {
        let now = self.session.host.now();
        let connection = self.session.connection()?;
        if connection != self.connection {
            self.line = Arc::new(self.session.line()?.ok_or_else(not_connected)?);
            self.connection = connection;
            self.machine.handle_credentials_changed(now);
            self.machine.handle_online(now);
        }
        let answers = self.session.crm_answers();
        if answers != self.answers {
            self.answers = answers;
            self.machine.handle_credentials_changed(now);
            self.machine.handle_online(now);
        }
        Ok(())
    }

    /// Whether somebody else may have changed the queue since it was taken up. Our own outcomes change the ledger too,
    /// and to read a queue of thousands after each of them would take longer than sending it.
    fn queue_was_changed(&mut self) -> Result<bool, Failure> {
        let counter = self.session.ledger.change_counter()?;
        let first = self.seen.is_none();
        if self.seen.replace(counter) == Some(counter) {
            return Ok(false);
        }
        let mut changed = first;
        loop {
            let links = self.session.ledger.audit_list(self.audited, EVENTS_AT_ONCE)?;
            changed |= links.iter().any(|link| changes_the_queue(&link.event));
            let Some(last) = links.last() else {
                return Ok(changed);
            };
            self.audited = last.seq;
        }
    }

    /// Brings the machine to what the ledger says: messages of any process, and what people said of them.
    pub(super) fn take_up_the_queue(&mut self) -> Result<(), Failure> {
        if !self.queue_was_changed()? {
            return Ok(());
        }
        let live = self.session.ledger.messages_live()?;
        let now = self.session.host.now();
        let mut gone: HashMap<MessageId, StoredMessage> = std::mem::take(&mut self.held);
        for stored in live {
            let id = stored.message.id.clone();
            let known = gone.remove(&id);
            match (known.is_some(), stored.state) {
                (false, _) => self.restore(&stored)?,
                (true, MessageState::Parked) if self.machine.state_of(&id) == Some(ItemState::Queued) => {
                    self.machine.handle_park(&id);
                }
                (true, MessageState::Queued) if self.machine.state_of(&id) == Some(ItemState::Parked) => {
                    self.machine.handle_retry(&id, now);
                }
                (true, _) => {}
            }
            self.held.insert(id, stored);
        }
        for (id, stored) in gone {
            // Withdrawn by an undo, or on the wire and delivered in a moment.
            if self.machine.handle_withdrawn(&id) == outbox::Withdrawal::InFlight {
                self.held.insert(id, stored);
            }
        }
        Ok(())
    }

    fn restore(&mut self, stored: &StoredMessage) -> Result<(), Failure> {
        let state = match stored.state {
            MessageState::InFlight => ItemState::InFlight,
            MessageState::Parked => ItemState::Parked,
            MessageState::Queued | MessageState::Delivered | MessageState::Withdrawn => ItemState::Queued,
        };
        let item = Item {
            id: stored.message.id.clone(),
            lane: stored.message.lane.clone(),
            seq: stored.seq,
            attempts: stored.attempts,
            state,
            due: stored.due,
        };
        if let Some(change) = self.machine.restore(item, self.session.host.now()) {
            let outcome = Outcome::Unknown {
                detail: Text::new(
                    "программа закрылась во время отправки",
                    "the program ended while sending",
                ),
            };
            self.store(&change, change.attempts, &outcome)?;
        }
        Ok(())
    }

    /// Lets go of a message that another process has changed; the ledger says what it is now.
    pub(super) fn forget(&mut self, id: &MessageId) {
        let nothing_sent = Outcome::Unknown {
            detail: Text::new("не отправлено", "not sent"),
        };
        let now = self.session.host.now();
        self.machine.handle_outcome(id, &nothing_sent, now);
        self.machine.handle_withdrawn(id);
        self.held.remove(id);
        self.seen = None;
    }
}

/// What is told of by the program itself is our own doing.
fn changes_the_queue(event: &AuditEvent) -> bool {
    match event.action.as_str() {
        "decision.made" | "decision.undone" | "message.retried" | "status.told" => true,
        // A person may have let something be written again.
        "drift.ruled" => event.actor != Actor::Program,
        "message.parked" => event.actor != Actor::Program,
        _ => false,
    }
}
