//! Telling the CRM: the queue's machine with its hands, the ledger and the line.
//!
//! One process delivers at a time (a lock file in the ledger's folder says which). Every attempt is stored before it
//! is sent, every outcome before the next one goes, so that a power cut at any moment leaves a queue that goes on.

mod queue;

use std::{collections::HashMap, fs::File, sync::Arc, time::Duration};

use crm::Earlier;
use domain::{Message, MessageId, Operation, Outcome, Text};
use outbox::{Condition, Machine, NextState, Policy};
use store::{AttemptEnd, MessageState, StoreError, StoredMessage};
use tokio::task::JoinSet;

use crate::{
    connect::{Connection, Line},
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

/// A message with the receipts it needs.
type Parcel = (Message, Earlier);
/// How one attempt ended.
type Landed = (MessageId, u32, Outcome);

/// What became of the messages whose moment had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    All,
    /// Another process was faster with one: the queue must be taken up anew.
    Overtaken,
}

pub struct Delivery {
    session: Arc<Session>,
    line: Arc<Line>,
    machine: Machine,
    held: HashMap<MessageId, StoredMessage>,
    on_the_wire: JoinSet<Vec<Landed>>,
    report: Delivered,
    /// The ledger's change counter when the queue was last taken up; `None`: take it up in any case.
    seen: Option<u64>,
    /// The last event of the audit log that was looked at.
    audited: u64,
    /// What `line` was made of.
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
        let line = session.line()?.ok_or_else(not_connected)?;
        let lock = lock(session)?;
        let mut seed = [0; 8];
        session.host.fill_random(&mut seed);
        let mut policy = if line.loopback { impatient() } else { Policy::default() };
        policy.in_flight_max = policy.in_flight_max.max(line.crm.together_max());
        Ok(Self {
            session: Arc::clone(session),
            line: Arc::new(line),
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
                return match self.machine.condition() {
                    Condition::Unauthorised => Err(self.refused_key()),
                    Condition::Ok | Condition::Offline { .. } => Ok(self.report),
                };
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

    fn send_what_may_go(&mut self) -> Result<Sent, Failure> {
        let mut started = Vec::new();
        let sent = self.start_what_may_go(&mut started);
        // What is stored as started goes, whatever stopped those behind it.
        let together = self.line.crm.together_max().max(1);
        while !started.is_empty() {
            let rest = started.split_off(together.min(started.len()));
            let group = std::mem::replace(&mut started, rest);
            let line = Arc::clone(&self.line);
            self.on_the_wire.spawn(async move {
                let (attempts, parcels): (Vec<u32>, Vec<Parcel>) = group.into_iter().unzip();
                let outcomes = line.crm.deliver_together(&parcels).await;
                let landed = parcels.into_iter().zip(attempts).zip(outcomes);
                landed
                    .map(|(((message, _), attempt), outcome)| (message.id, attempt, outcome))
                    .collect()
            });
        }
        sent
    }

    fn start_what_may_go(&mut self, started: &mut Vec<(u32, Parcel)>) -> Result<Sent, Failure> {
        while let Some(transmit) = self.machine.poll_transmit(self.session.host.now()) {
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
                    self.forget(&transmit.id);
                    return Ok(Sent::Overtaken);
                }
            };
            let earlier = earlier(&self.session, &message)?;
            self.report.attempts += 1;
            started.push((transmit.attempt, (message, earlier)));
        }
        Ok(Sent::All)
    }

    fn land(&mut self, landed: Result<Vec<Landed>, tokio::task::JoinError>) -> Result<(), Failure> {
        let landed = landed.map_err(|error| {
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
            self.land_one(&id, attempt, &outcome)?;
        }
        self.session.changed();
        Ok(())
    }

    fn land_one(&mut self, id: &MessageId, attempt: u32, outcome: &Outcome) -> Result<(), Failure> {
        let Some(change) = self.machine.handle_outcome(id, outcome, self.session.host.now()) else {
            return Ok(());
        };
        self.store(&change, attempt, outcome)?;
        match change.state {
            NextState::Delivered => {
                self.report.delivered += 1;
                self.held.remove(id);
            }
            NextState::Parked => {
                self.report.parked += 1;
                self.session.mapping_bell.notify_one();
            }
            NextState::Queued => {}
        }
        self.tell_condition(outcome);
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
                    Outcome::Unauthorised { detail } => Some(detail),
                    _ => None,
                };
                (CrmState::Unauthorised, crm_state::key_refused(detail))
            }
        };
        self.session.crm_is(state, message);
    }

    /// A queue that stands still because of the key did not empty, and whoever waits for that must hear it.
    fn refused_key(&self) -> Failure {
        let heard = self.session.live().crm.clone();
        let message = heard.map_or_else(|| crm_state::key_refused(None), |heard| heard.message);
        Failure::new("crm/unauthorised", message, self.line.crm.new_key())
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

/// The receipts that say which stage was ours, for a message that takes another one back or follows one.
fn earlier(session: &Session, message: &Message) -> Result<Earlier, Failure> {
    let (settled_by, undoes) = match &message.operation {
        Operation::RecordPayment { .. } => return Ok(Earlier::default()),
        Operation::ReversePayment { settled_by, undoes, .. } => (settled_by.as_ref(), Some(undoes)),
        Operation::RestorePayment { undoes, .. } => (None, Some(undoes)),
        Operation::MarkStatus { follows, began, .. } => (began.as_ref(), follows.as_ref()),
    };
    let receipt = |id: Option<&MessageId>| id.map_or(Ok(None), |id| session.ledger.receipt(id));
    Ok(Earlier {
        settling: receipt(settled_by)?,
        undone: receipt(undoes)?,
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
