//! Telling the CRMs: the queue's machine with its hands, the ledger and the line, once for each connection.
//!
//! One process delivers at a time (a lock file in the ledger's folder says which). Every attempt is stored before it
//! is sent, every outcome before the next one goes, so that a power cut at any moment leaves a queue that goes on.

mod queue;
mod wires;

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    sync::Arc,
    time::Duration,
};

use crm::Earlier;
use domain::{Message, MessageId, Operation, Outcome, Text, Timestamp};
use outbox::{Condition, NextState};
use store::{AttemptEnd, MessageState, StoreError, StoredMessage};
use tokio::task::JoinSet;

use crate::{connect::as_it_says, crm_state, failure::Failure, pull::not_connected, session::Session, wire::CrmState};
use wires::{Shut, Wire};

/// However far off the next attempt is, look at the queue and the clock again.
const SLEEP_MAX_MS: u64 = 60_000;
/// How often a queue that other processes may write to is looked at.
const LOOK_MS: u64 = 1_000;

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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivered {
    pub delivered: u64,
    pub parked: u64,
    pub attempts: u64,
    /// The same by connection.
    pub by: Vec<DeliveredTo>,
}

/// What became of the queue of one connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredTo {
    /// Its id, and what it is called.
    pub connection: String,
    pub name: String,
    pub counts: Counts,
    /// Why nothing goes there until a person does something.
    pub refused: Option<Failure>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub delivered: u64,
    pub parked: u64,
    pub attempts: u64,
}

/// A message with the receipts it needs.
type Parcel = (Message, Earlier);
/// How one attempt ended.
type Landed = (MessageId, u32, Outcome);
/// How the attempts over one line ended.
type Returned = (String, Vec<Landed>);

/// What became of the messages whose moment had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    All,
    /// Another process was faster with one: the queue must be taken up anew.
    Overtaken,
}

pub struct Delivery {
    session: Arc<Session>,
    /// A queue and a line for each connection, by its id: one that stands still stops no other.
    wires: BTreeMap<String, Wire>,
    /// Connections that cannot be opened, and why.
    shut: BTreeMap<String, Shut>,
    held: HashMap<MessageId, StoredMessage>,
    on_the_wire: JoinSet<Returned>,
    /// Of all connections, those that are gone too.
    counts: Counts,
    /// The ledger's change counter when the queue was last taken up; `None`: take it up in any case.
    seen: Option<u64>,
    /// The last event of the audit log that was looked at.
    audited: u64,
    /// Unlocked when dropped.
    _lock: File,
}

impl Delivery {
    /// # Errors
    /// No CRM is connected; another process delivers; the keyring is locked.
    pub fn open(session: &Arc<Session>) -> Result<Self, Failure> {
        if session.connected()?.is_empty() {
            return Err(not_connected());
        }
        let lock = lock(session)?;
        let mut delivery = Self {
            session: Arc::clone(session),
            wires: BTreeMap::new(),
            shut: BTreeMap::new(),
            held: HashMap::new(),
            on_the_wire: JoinSet::new(),
            counts: Counts::default(),
            seen: None,
            // The queue is read whole once, after this.
            audited: session.ledger.audit_len()?,
            _lock: lock,
        };
        delivery.take_up_the_connections()?;
        Ok(delivery)
    }

    /// Delivers until told. Dropping the future stops it; what is on the wire is then looked at in the next run.
    ///
    /// # Errors
    /// The ledger cannot be read or written; the CRM was disconnected meanwhile; the only CRM does not take the key. Of
    /// several, those that do not are told of in the answer.
    pub async fn run(&mut self, until: Until) -> Result<Delivered, Failure> {
        let mut look = true;
        loop {
            if look {
                self.take_up_the_connections()?;
                self.take_up_the_queue()?;
            }
            look = self.send_what_may_go()? == Sent::Overtaken;
            if look {
                continue;
            }
            if self.on_the_wire.is_empty() && self.may_stop(until) {
                return self.ended();
            }
            let sleep = self.sleep_ms();
            let session = Arc::clone(&self.session);
            // Our own outcomes change the ledger too, and the machine knows them already: only then nothing is looked up.
            look = tokio::select! {
                Some(returned) = self.on_the_wire.join_next() => {
                    self.land(returned)?;
                    false
                }
                () = tokio::time::sleep(Duration::from_millis(sleep)) => true,
                () = session.deliver_bell.notified() => true,
            };
        }
    }

    /// What became of the queue. A queue that stands still because of the key did not empty, and whoever waits for that
    /// must hear it.
    fn ended(&self) -> Result<Delivered, Failure> {
        let mut by: Vec<DeliveredTo> = Vec::new();
        for (id, wire) in &self.wires {
            let refused = match wire.machine.condition() {
                Condition::Unauthorised => Some(self.refused_key(wire)),
                Condition::Ok | Condition::Offline { .. } => None,
            };
            by.push(DeliveredTo {
                connection: id.clone(),
                name: wire.line.name.clone(),
                counts: wire.counts,
                refused,
            });
        }
        by.extend(self.shut.iter().map(|(id, shut)| DeliveredTo {
            connection: id.clone(),
            name: shut.name.clone(),
            counts: Counts::default(),
            refused: Some(shut.why.clone()),
        }));
        match by.as_mut_slice() {
            [only] if only.refused.is_some() => Err(only.refused.take().unwrap_or_else(not_connected)),
            _ => Ok(Delivered {
                delivered: self.counts.delivered,
                parked: self.counts.parked,
                attempts: self.counts.attempts,
                by,
            }),
        }
    }

    fn send_what_may_go(&mut self) -> Result<Sent, Failure> {
        let ids: Vec<String> = self.wires.keys().cloned().collect();
        for id in ids {
            let mut started = Vec::new();
            let sent = self.start_what_may_go(&id, &mut started);
            // What is stored as started goes, whatever stopped those behind it.
            self.send(&id, started);
            if sent? == Sent::Overtaken {
                return Ok(Sent::Overtaken);
            }
        }
        Ok(Sent::All)
    }

    fn send(&mut self, connection: &str, mut started: Vec<(u32, Parcel)>) {
        let Some(wire) = self.wires.get(connection) else {
            return;
        };
        let together = wire.line.crm.together_max().max(1);
        while !started.is_empty() {
            let rest = started.split_off(together.min(started.len()));
            let group = std::mem::replace(&mut started, rest);
            let line = Arc::clone(&wire.line);
            self.on_the_wire.spawn(async move {
                let (attempts, parcels): (Vec<u32>, Vec<Parcel>) = group.into_iter().unzip();
                let outcomes = line.crm.deliver_together(&parcels).await;
                let landed = parcels.into_iter().zip(attempts).zip(outcomes);
                let landed = landed.map(|(((message, _), attempt), outcome)| (message.id, attempt, outcome));
                (line.id.clone(), landed.collect())
            });
        }
    }

    fn start_what_may_go(&mut self, connection: &str, started: &mut Vec<(u32, Parcel)>) -> Result<Sent, Failure> {
        while let Some(wire) = self.wires.get_mut(connection).filter(|wire| !wire.gone)
            && let Some(transmit) = wire.machine.poll_transmit(self.session.host.now())
        {
            let now = self.session.host.now();
            let stored = match self.held.get(&transmit.id) {
                None => Err(None),
                Some(stored) => match self.session.ledger.attempt_started(&transmit.id, transmit.attempt, now) {
                    Ok(()) => Ok(stored.message.clone()),
                    Err(error @ StoreError::MessageState { .. }) => Err(Some(error)),
                    Err(error) => return Err(error.into()),
                },
            };
            let message = match stored {
                Ok(message) => message,
                Err(why) => {
                    tracing::info!(message = %transmit.id, ?why, "a message was withdrawn or parked a moment ago");
                    self.forget(connection, &transmit.id);
                    return Ok(Sent::Overtaken);
                }
            };
            let earlier = earlier(&self.session, &message)?;
            self.count(connection, |counts| counts.attempts += 1);
            started.push((transmit.attempt, (message, earlier)));
        }
        Ok(Sent::All)
    }

    fn count(&mut self, connection: &str, add: impl Fn(&mut Counts)) {
        if let Some(wire) = self.wires.get_mut(connection) {
            add(&mut wire.counts);
        }
        add(&mut self.counts);
    }

    fn land(&mut self, returned: Result<Returned, tokio::task::JoinError>) -> Result<(), Failure> {
        let (connection, landed) = returned.map_err(|error| {
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
        for (id, attempt, outcome) in landed {
            self.land_one(&connection, &id, attempt, &outcome)?;
        }
        self.let_go_of_the_gone();
        self.session.changed();
        Ok(())
    }

    fn land_one(&mut self, connection: &str, id: &MessageId, attempt: u32, outcome: &Outcome) -> Result<(), Failure> {
        let now = self.session.host.now();
        let wire = self.wires.get_mut(connection);
        let Some(change) = wire.and_then(|wire| wire.machine.handle_outcome(id, outcome, now)) else {
            return Ok(());
        };
        self.store(&change, attempt, outcome)?;
        match change.state {
            NextState::Delivered => {
                self.count(connection, |counts| counts.delivered += 1);
                self.held.remove(id);
            }
            NextState::Parked => {
                self.count(connection, |counts| counts.parked += 1);
                self.session.mapping_bell.notify_one();
            }
            NextState::Queued => {}
        }
        self.tell_condition(connection, outcome);
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

    fn tell_condition(&self, connection: &str, outcome: &Outcome) {
        let Some(wire) = self.wires.get(connection).filter(|wire| !wire.gone) else {
            return;
        };
        let (state, message) = match wire.machine.condition() {
            Condition::Ok => (CrmState::Ok, Text::same("")),
            Condition::Offline { .. } => (CrmState::Offline, crm_state::offline()),
            Condition::Unauthorised => {
                let detail = match outcome {
                    Outcome::Unauthorised { detail } => Some(detail),
                    _ => None,
                };
                (CrmState::Unauthorised, crm_state::not_let_in(detail))
            }
        };
        self.session.crm_is(connection, state, message);
    }

    fn refused_key(&self, wire: &Wire) -> Failure {
        let heard = self.session.live().crms.get(&wire.line.id).cloned();
        let message = heard.map_or_else(|| crm_state::not_let_in(None), |heard| heard.message);
        Failure::new("crm/unauthorised", message, as_it_says())
    }

    fn may_stop(&self, until: Until) -> bool {
        match until {
            Until::Stopped => false,
            Until::TriedOnce => true,
            Until::Empty => self.next_due().is_none(),
        }
    }

    /// When the next message of any connection may go.
    fn next_due(&self) -> Option<Timestamp> {
        let wires = self.wires.values().filter(|wire| !wire.gone);
        wires.filter_map(|wire| wire.machine.poll_timeout()).min()
    }

    fn sleep_ms(&self) -> u64 {
        let now = self.session.host.now();
        let due = self.next_due().map_or(SLEEP_MAX_MS, |due| due.ms_since(now));
        due.clamp(1, LOOK_MS)
    }
}

/// The receipts that say which stage was ours, for a message that takes another one back or follows one.
fn earlier(session: &Session, message: &Message) -> Result<Earlier, Failure> {
    let (settled_by, undoes) = match &message.operation {
        Operation::RecordPayment { .. } | Operation::AskResponsible { .. } => return Ok(Earlier::default()),
        Operation::ReversePayment { settled_by, undoes, .. } => (settled_by.as_ref(), Some(undoes)),
        Operation::RestorePayment { undoes, .. } => (None, Some(undoes)),
        Operation::MarkStatus { follows, began, .. } => (began.as_ref(), follows.as_ref()),
        Operation::RemoveRepeats { of, .. } => (None, Some(of)),
    };
    let receipt = |id: Option<&MessageId>| id.map_or(Ok(None), |id| session.ledger.receipt(id));
    Ok(Earlier {
        settling: receipt(settled_by)?,
        undone: receipt(undoes)?,
        of_money: match &message.operation {
            Operation::ReversePayment { .. } => session.ledger.receipts_of_money(message)?,
            _ => Vec::new(),
        },
    })
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
