//! Keeping the machines at what the ledger says, whoever wrote it: this process, another one, or the one before a crash.

use std::collections::HashMap;

use domain::{Actor, AuditEvent, MessageId, Outcome, Text};
use outbox::{Item, ItemState};
use store::{MessageState, StoredMessage};

use super::Delivery;
use crate::failure::Failure;

/// Events of the audit log read in one go.
const EVENTS_AT_ONCE: u64 = 1_000;

impl Delivery {
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

    /// Brings the machines to what the ledger says: messages of any process, and what people said of them. A message is
    /// its connection's; where that one is not connected it waits in the ledger.
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
            let connection = connection_of(&stored);
            let Some(wire) = self
                .wires
                .get_mut(connection)
                .filter(|wire| !wire.gone || known.is_some())
            else {
                continue;
            };
            let machine = &mut wire.machine;
            match (known.is_some(), stored.state) {
                (false, _) => self.restore(&stored)?,
                (true, MessageState::Parked) if machine.state_of(&id) == Some(ItemState::Queued) => {
                    machine.handle_park(&id);
                }
                (true, MessageState::Queued) if machine.state_of(&id) == Some(ItemState::Parked) => {
                    machine.handle_retry(&id, now);
                }
                (true, _) => {}
            }
            self.held.insert(id, stored);
        }
        for (id, stored) in gone {
            // Withdrawn by an undo, or on the wire and delivered in a moment.
            let wire = self.wires.get_mut(connection_of(&stored));
            if wire.is_some_and(|wire| wire.machine.handle_withdrawn(&id) == outbox::Withdrawal::InFlight) {
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
        let now = self.session.host.now();
        let wire = self.wires.get_mut(connection_of(stored));
        if let Some(change) = wire.and_then(|wire| wire.machine.restore(item, now)) {
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
    pub(super) fn forget(&mut self, connection: &str, id: &MessageId) {
        let nothing_sent = Outcome::Unknown {
            detail: Text::new("не отправлено", "not sent"),
        };
        let now = self.session.host.now();
        if let Some(wire) = self.wires.get_mut(connection) {
            wire.machine.handle_outcome(id, &nothing_sent, now);
            wire.machine.handle_withdrawn(id);
        }
        self.held.remove(id);
        self.seen = None;
    }
}

fn connection_of(stored: &StoredMessage) -> &str {
    stored.message.operation.invoice().connection()
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
