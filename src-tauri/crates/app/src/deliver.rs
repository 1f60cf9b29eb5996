//! Telling the CRM: the queue's machine with its hands, the ledger and the line.
//!
//! One process delivers at a time (a lock file in the ledger's folder says which). Every attempt is stored before it
//! is sent, every outcome before the next one goes, so that a power cut at any moment leaves a queue that goes on.

use std::{collections::HashMap, fs::File, sync::Arc, time::Duration};

use domain::{Actor, AuditEvent, Message, MessageId, Operation, Outcome, Text};
use outbox::{Condition, Item, ItemState, Machine, NextState, Policy};
use store::{AttemptEnd, MessageState, StoreError, StoredMessage};
use tokio::task::JoinSet;

use crate::{
    connect::{Connection, Portal24},
    crm_state,
    failure::Failure,
    pull::not_connected,
    session::Session,
    wire::CrmState,
};

/// However far off the next attempt is, look at the queue and the clock again.
const SLEEP_MAX_MS: u64 = 60_000;
/// How often a queue that other processes may write to is looked at.
const LOOK_MS: u64 = 1_000;
/// Events of the audit log read in one go.
const EVENTS_AT_ONCE: u64 = 1_000;

/// A portal on this machine needs no patience.
fn impatient() -> Policy {
    Policy {
        backoff_first_ms: 200,
        backoff_max_ms: 3_000,
        offline_probe_first_ms: 200,
        offline_probe_max_ms: 1_000,
        unknown_wait_ms: 1_000,
        retry_after_max_ms: 10_000,
        ..Policy::default()
    }
}

/// When delivering stops by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// What is due now has been tried.
    TriedOnce,
    /// Nothing waits but what a person must look at.
    Empty,
    /// Never.
    Stopped,
}

/// What became of the queue in one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    pub delivered: u64,
    pub parked: u64,
    pub attempts: u64,
}

/// What became of the messages whose moment had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    All,
    /// Another process was faster with one: the queue must be taken up anew.
    Overtaken,
}

pub struct Delivery {
    session: Arc<Session>,
    client: Arc<Portal24>,
    machine: Machine,
    held: HashMap<MessageId, StoredMessage>,
    on_the_wire: JoinSet<(MessageId, u32, Outcome)>,
    report: Delivered,
    /// The ledger's change counter when the queue was last taken up; `None`: take it up in any case.
    seen: Option<u64>,
    /// The last event of the audit log that was looked at.
    audited: u64,
    /// The connection that `client` speaks over.
    connection: Connection,
    /// How often the CRM had answered when the machine was last told.
    answers: u64,
    /// Unlocked when dropped.
    _lock: File,
}

impl Delivery {
    /// # Errors
    /// No CRM is connected; another process delivers; the keyring is locked.
    pub fn open(session: &Arc<Session>) -> Result<Self, Failure> {
        let connection = session.connection()?;
        let client = session.client()?.ok_or_else(not_connected)?;
        let lock = lock(session)?;
        let mut seed = [0; 8];
        session.host.fill_random(&mut seed);
        let policy = if client.transport().is_loopback() {
            impatient()
        } else {
            Policy::default()
        };
        Ok(Self {
            session: Arc::clone(session),
            client: Arc::new(client),
            machine: Machine::new(policy, u64::from_le_bytes(seed)),
            held: HashMap::new(),
            on_the_wire: JoinSet::new(),
            report: Delivered::default(),
            seen: None,
            // The queue is read whole once, after this.
            audited: session.ledger.audit_len()?,
            connection,
            answers: session.crm_answers(),
            _lock: lock,
        })
    }

    /// Delivers until told. Dropping the future stops it; what is on the wire is then looked at in the next run.
    ///
    /// # Errors
    /// The ledger cannot be read or written; the CRM was disconnected meanwhile.
    pub async fn run(&mut self, until: Until) -> Result<Delivered, Failure> {
        let mut look = true;
        loop {
            if look {
                self.take_up_the_connection()?;
                self.take_up_the_queue()?;
            }
            look = self.send_what_may_go()? == Sent::Overtaken;
            if look {
                continue;
            }
            if self.on_the_wire.is_empty() && self.may_stop(until) {
                return Ok(self.report);
            }
            let sleep = self.sleep_ms();
            let session = Arc::clone(&self.session);
            // Our own outcomes change the ledger too, and the machine knows them already: only then nothing is looked up.
            look = tokio::select! {
                Some(landed) = self.on_the_wire.join_next() => {
                    self.land(landed)?;
                    false
                }
                () = tokio::time::sleep(Duration::from_millis(sleep)) => true,
                () = session.deliver_bell.notified() => true,
            };
        }
    }

    /// A person may have connected the CRM anew, here or in another process, or it answered again.
    fn take_up_the_connection(&mut self) -> Result<(), Failure> {
        let now = self.session.host.now();
        let connection = self.session.connection()?;
        if connection != self.connection {
            self.client = Arc::new(self.session.client()?.ok_or_else(not_connected)?);
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
    fn take_up_the_queue(&mut self) -> Result<(), Failure> {
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
                detail: "the program was ended while sending".to_owned(),
            };
            self.store(&change, change.attempts, &outcome)?;
        }
        Ok(())
    }

    fn send_what_may_go(&mut self) -> Result<Sent, Failure> {
        while let Some(transmit) = self.machine.poll_transmit(self.session.host.now()) {
            let now = self.session.host.now();
            let started = match self.held.get(&transmit.id) {
                None => Err(None),
                Some(stored) => match self.session.ledger.attempt_started(&transmit.id, transmit.attempt, now) {
                    Ok(()) => Ok(stored.message.clone()),
                    Err(error @ StoreError::MessageState { .. }) => Err(Some(error)),
                    Err(error) => return Err(error.into()),
                },
            };
            let message = match started {
                Ok(message) => message,
                Err(why) => {
                    tracing::info!(message = %transmit.id, ?why, "a message was withdrawn or parked a moment ago");
                    self.forget(&transmit.id);
                    return Ok(Sent::Overtaken);
                }
            };
            let earlier = earlier_receipt(&self.session, &message)?;
            let client = Arc::clone(&self.client);
            self.report.attempts += 1;
            self.on_the_wire.spawn(async move {
                let outcome = client.deliver(&message, earlier.as_ref()).await;
                (message.id, transmit.attempt, outcome)
            });
        }
        Ok(Sent::All)
    }

    /// Lets go of a message that another process has changed; the ledger says what it is now.
    fn forget(&mut self, id: &MessageId) {
        let nothing_sent = Outcome::Unknown {
            detail: "not sent".to_owned(),
        };
        let now = self.session.host.now();
        self.machine.handle_outcome(id, &nothing_sent, now);
        self.machine.handle_withdrawn(id);
        self.held.remove(id);
        self.seen = None;
    }

    fn land(&mut self, landed: Result<(MessageId, u32, Outcome), tokio::task::JoinError>) -> Result<(), Failure> {
        let (id, attempt, outcome) = landed.map_err(|error| {
            Failure::new(
                "outbox/task",
                Text::new(
                    format!("отправка прервалась: {error}"),
                    format!("the delivery broke off: {error}"),
                ),
                Text::new(
                    "перезапустите программу; ничего не потеряно",
                    "restart the program; nothing is lost",
                ),
            )
        })?;
        let Some(change) = self.machine.handle_outcome(&id, &outcome, self.session.host.now()) else {
            return Ok(());
        };
        self.store(&change, attempt, &outcome)?;
        match change.state {
            NextState::Delivered => {
                self.report.delivered += 1;
                self.held.remove(&id);
            }
            NextState::Parked => self.report.parked += 1,
            NextState::Queued => {}
        }
        self.tell_condition(&outcome);
        self.session.changed();
        Ok(())
    }

    fn store(&self, change: &outbox::Change, attempt: u32, outcome: &Outcome) -> Result<(), Failure> {
        let next = match change.state {
            NextState::Queued => MessageState::Queued,
            NextState::Parked => MessageState::Parked,
            NextState::Delivered => MessageState::Delivered,
        };
        let end = AttemptEnd {
            number: attempt,
            outcome,
            attempts: change.attempts,
            next,
            due: change.due,
            reason: change.reason.as_ref(),
        };
        Ok(self
            .session
            .ledger
            .attempt_ended(&change.id, &end, self.session.host.now())?)
    }

    fn tell_condition(&self, outcome: &Outcome) {
        let (state, message) = match self.machine.condition() {
            Condition::Ok => (CrmState::Ok, Text::same("")),
            Condition::Offline { .. } => (CrmState::Offline, crm_state::offline()),
            Condition::Unauthorised => {
                let detail = match outcome {
                    Outcome::Unauthorised { detail } => detail.as_str(),
                    _ => "",
                };
                (CrmState::Unauthorised, crm_state::key_refused(detail))
            }
        };
        self.session.crm_is(state, message);
    }

    fn may_stop(&self, until: Until) -> bool {
        match until {
            Until::Stopped => false,
            Until::TriedOnce => true,
            Until::Empty => self.machine.poll_timeout().is_none(),
        }
    }

    fn sleep_ms(&self) -> u64 {
        let now = self.session.host.now();
        let due = self
            .machine
            .poll_timeout()
            .map_or(SLEEP_MAX_MS, |due| due.ms_since(now));
        due.clamp(1, LOOK_MS)
    }
}

/// What is told of by the program itself is our own doing.
fn changes_the_queue(event: &AuditEvent) -> bool {
    match event.action.as_str() {
        "decision.made" | "decision.undone" | "message.retried" => true,
        "message.parked" => event.actor != Actor::Program,
        _ => false,
    }
}

/// The receipt that says which stage was ours, for a message that takes a payment back.
fn earlier_receipt(session: &Session, message: &Message) -> Result<Option<domain::Receipt>, Failure> {
    let Operation::ReversePayment {
        settled_by: Some(settled_by),
        ..
    } = &message.operation
    else {
        return Ok(None);
    };
    Ok(session.ledger.receipt(settled_by)?)
}

/// Two processes that deliver would each send the other's messages once more.
fn lock(session: &Session) -> Result<File, Failure> {
    crate::files::lock(&session.folder().join("delivery.lock"), || {
        Failure::new(
            "outbox/elsewhere",
            Text::new(
                "очередь уже отправляет другая запущенная «Сверка»",
                "another running Sverka delivers this queue",
            ),
            Text::new(
                "ничего делать не нужно: записи уйдут оттуда",
                "nothing needs doing: it is delivered there",
            ),
        )
    })
}
