//! The program around a client: a queue in rows that survive it, the machine that says what goes, and groups of messages
//! on the wire, as the host drives them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crm::{Crm, Earlier};
use domain::{Message, MessageId, Operation, Outcome, Receipt, Text, Timestamp};
use outbox::{Change, Item, ItemState, Machine, NextState, Policy};
use tokio::{task::JoinSet, time::sleep};

use crate::line::Shore;

/// How long it takes a person to hear of a refused key and to do something about it.
const NEW_KEY_MS: u64 = 30_000;

/// A message as the ledger keeps it.
pub struct Row {
    pub message: Message,
    pub seq: u64,
    pub state: ItemState,
    pub attempts: u32,
    pub due: Option<Timestamp>,
    pub delivered: Option<Receipt>,
    pub reason: Option<Text>,
}

impl Row {
    pub fn new(seq: u64, message: Message) -> Self {
        Self {
            message,
            seq,
            state: ItemState::Queued,
            attempts: 0,
            due: None,
            delivered: None,
            reason: None,
        }
    }
}

/// What is on the disk.
#[derive(Default)]
pub struct Disk {
    pub rows: BTreeMap<MessageId, Row>,
    /// Of messages that were delivered before.
    pub receipts: BTreeMap<MessageId, Receipt>,
}

impl Disk {
    pub fn of(messages: impl IntoIterator<Item = Message>) -> Self {
        let rows = (1..).zip(messages).map(|(seq, message)| Row::new(seq, message));
        Self {
            rows: rows.map(|row| (row.message.id.clone(), row)).collect(),
            receipts: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, seq: u64, message: Message) {
        self.rows.insert(message.id.clone(), Row::new(seq, message));
    }

    fn store(&mut self, change: Change) {
        let row = self.rows.get_mut(&change.id).unwrap();
        row.attempts = change.attempts;
        row.due = change.due;
        row.reason = change.reason;
        match change.state {
            NextState::Queued => row.state = ItemState::Queued,
            NextState::Parked => row.state = ItemState::Parked,
            NextState::Delivered => {}
        }
    }

    /// The receipts that say which stage was ours, for a message that takes a payment back.
    fn earlier(&self, message: &Message) -> Earlier {
        let (settled_by, undoes) = match &message.operation {
            Operation::ReversePayment { settled_by, undoes, .. } => (settled_by.as_ref(), undoes),
            Operation::RestorePayment { undoes, .. } => (None, undoes),
            Operation::RemoveRepeats { of, .. } => (None, of),
            Operation::RecordPayment { .. } | Operation::MarkStatus { .. } | Operation::AskResponsible { .. } => {
                return Earlier::default();
            }
        };
        let receipt = |id: &MessageId| {
            let delivered = self.rows.get(id).and_then(|row| row.delivered.clone());
            delivered.or_else(|| self.receipts.get(id).cloned())
        };
        Earlier {
            settling: settled_by.and_then(receipt),
            undone: receipt(undoes),
            ..Earlier::default()
        }
    }
}

type Landed = Vec<(MessageId, Outcome)>;

/// One life of the program.
pub struct Program {
    crm: Arc<dyn Crm>,
    shore: Shore,
    machine: Machine,
    on_the_wire: JoinSet<Landed>,
}

impl Program {
    pub fn start(crm: Arc<dyn Crm>, shore: &Shore, policy: Policy, seed: u64, disk: &mut Disk) -> Self {
        let policy = Policy {
            in_flight_max: policy.in_flight_max.max(crm.together_max()),
            ..policy
        };
        let mut machine = Machine::new(policy, seed);
        let changes: Vec<Change> = disk
            .rows
            .values()
            .filter(|row| row.delivered.is_none())
            .filter_map(|row| {
                let item = Item {
                    id: row.message.id.clone(),
                    lane: row.message.lane.clone(),
                    seq: row.seq,
                    attempts: row.attempts,
                    state: row.state,
                    due: row.due,
                };
                machine.restore(item, shore.now())
            })
            .collect();
        changes.into_iter().for_each(|change| disk.store(change));
        Self {
            crm,
            shore: shore.clone(),
            machine,
            on_the_wire: JoinSet::new(),
        }
    }

    /// Delivers until nothing goes by itself any more.
    pub async fn run(&mut self, disk: &mut Disk) {
        loop {
            self.send(disk);
            let due = self.machine.poll_timeout();
            if self.on_the_wire.is_empty() && due.is_none() {
                if self.machine.condition() != outbox::Condition::Unauthorised {
                    return;
                }
                sleep(Duration::from_millis(NEW_KEY_MS)).await;
                self.machine.handle_credentials_changed(self.shore.now());
                continue;
            }
            let wait_ms = due.map_or(u64::MAX / 2, |due| due.ms_since(self.shore.now()).max(1));
            tokio::select! {
                Some(landed) = self.on_the_wire.join_next() => self.land(landed.unwrap(), disk),
                () = sleep(Duration::from_millis(wait_ms)), if due.is_some() => {}
            }
        }
    }

    fn send(&mut self, disk: &mut Disk) {
        let mut started = Vec::new();
        while let Some(transmit) = self.machine.poll_transmit(self.shore.now()) {
            let row = disk.rows.get_mut(&transmit.id).unwrap();
            row.state = ItemState::InFlight;
            let message = row.message.clone();
            let earlier = disk.earlier(&message);
            started.push((message, earlier));
        }
        let together = self.crm.together_max().max(1);
        while !started.is_empty() {
            let rest = started.split_off(together.min(started.len()));
            let group = std::mem::replace(&mut started, rest);
            let crm = Arc::clone(&self.crm);
            self.on_the_wire.spawn(async move {
                let outcomes = crm.deliver_together(&group).await;
                let ids = group.into_iter().map(|(message, _)| message.id);
                ids.zip(outcomes).collect()
            });
        }
    }

    fn land(&mut self, landed: Landed, disk: &mut Disk) {
        for (id, outcome) in landed {
            if let Some(change) = self.machine.handle_outcome(&id, &outcome, self.shore.now()) {
                disk.store(change);
            }
            if let Outcome::Delivered { receipt } = outcome {
                disk.rows.get_mut(&id).unwrap().delivered = Some(receipt);
            }
        }
    }

    /// A person says: try again.
    pub fn retry(&mut self, id: &MessageId, disk: &mut Disk) {
        let change = self.machine.handle_retry(id, self.shore.now()).unwrap();
        disk.store(change);
    }
}
