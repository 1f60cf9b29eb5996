//! The order inside lanes, and which lanes' first messages are ready. Knows nothing of outcomes or conditions.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Lane, MessageId};

/// One message as the machine holds it. Moments are internal ([`crate::elapsed`]).
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) attempts: u32,
    pub(crate) state: SlotState,
    /// A request whose end nobody knows may take effect until then; before that not even a person's retry goes, or its
    /// look would come too early.
    pub(crate) landing_until_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SlotState {
    Queued { due_ms: u64 },
    Out(Flight),
    Parked,
}

impl SlotState {
    fn is_out(&self) -> bool {
        matches!(self, Self::Out(_))
    }
}

/// One attempt on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flight {
    /// Sent while offline, to see whether the network is back.
    pub(crate) probe: bool,
    /// Which credentials it went with: a late refusal of old ones says nothing about new ones.
    pub(crate) credentials: u64,
    /// A person asked to park it while it was out.
    pub(crate) park_on_return: bool,
}

/// Within a lane messages stand by number; the id only separates equal numbers.
type Place = (u64, MessageId);
type Ready = (u64, u64, MessageId);

#[derive(Debug, Default)]
struct Queue {
    slots: BTreeMap<Place, Slot>,
    /// How many of them are on the wire: counted, since looking through a long lane at every change is quadratic.
    out: usize,
    /// This lane's entry in `Lanes::ready`, to be able to take it out again.
    ready: Option<Ready>,
}

#[derive(Debug, Default)]
pub(crate) struct Lanes {
    queues: BTreeMap<Lane, Queue>,
    places: BTreeMap<MessageId, (Lane, u64)>,
    /// The first message of every lane that waits for nothing but its moment: (moment, seq, id).
    ready: BTreeSet<Ready>,
}

impl Lanes {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// `false`: this message is held already and stays as it is.
    pub(crate) fn insert(&mut self, id: MessageId, lane: Lane, seq: u64, slot: Slot) -> bool {
        if self.places.contains_key(&id) {
            return false;
        }
        self.places.insert(id.clone(), (lane.clone(), seq));
        let queue = self.queues.entry(lane.clone()).or_default();
        queue.out += usize::from(slot.state.is_out());
        queue.slots.insert((seq, id), slot);
        self.refresh(&lane);
        true
    }

    pub(crate) fn get(&self, id: &MessageId) -> Option<&Slot> {
        let (lane, seq) = self.places.get(id)?;
        self.queues.get(lane)?.slots.get(&(*seq, id.clone()))
    }

    /// Every change of a slot goes through here, so that the index of ready lanes cannot fall behind.
    pub(crate) fn change<T>(&mut self, id: &MessageId, change: impl FnOnce(&mut Slot) -> T) -> Option<T> {
        let (lane, seq) = self.places.get(id)?.clone();
        let queue = self.queues.get_mut(&lane)?;
        let slot = queue.slots.get_mut(&(seq, id.clone()))?;
        queue.out -= usize::from(slot.state.is_out());
        let result = change(slot);
        queue.out += usize::from(slot.state.is_out());
        self.refresh(&lane);
        Some(result)
    }

    pub(crate) fn remove(&mut self, id: &MessageId) -> Option<Slot> {
        let (lane, seq) = self.places.remove(id)?;
        let queue = self.queues.get_mut(&lane)?;
        let slot = queue.slots.remove(&(seq, id.clone()))?;
        queue.out -= usize::from(slot.state.is_out());
        self.refresh(&lane);
        Some(slot)
    }

    /// The lane head that is due first, and when.
    pub(crate) fn first_ready(&self) -> Option<(u64, &MessageId)> {
        self.ready.first().map(|(due_ms, _, id)| (*due_ms, id))
    }

    pub(crate) fn is_stopped(&self, lane: &Lane) -> bool {
        self.queues
            .get(lane)
            .and_then(|queue| queue.slots.first_key_value())
            .is_some_and(|(_, slot)| slot.state == SlotState::Parked)
    }

    fn refresh(&mut self, lane: &Lane) {
        let Some(queue) = self.queues.get_mut(lane) else {
            return;
        };
        if let Some(old) = queue.ready.take() {
            self.ready.remove(&old);
        }
        if queue.slots.is_empty() {
            self.queues.remove(lane);
            return;
        }
        // A message that arrives with a smaller number than one on the wire must still not overtake it.
        if queue.out > 0 {
            return;
        }
        if let Some(((seq, id), slot)) = queue.slots.first_key_value()
            && let SlotState::Queued { due_ms } = slot.state
        {
            let entry = (due_ms, *seq, id.clone());
            queue.ready = Some(entry.clone());
            self.ready.insert(entry);
        }
    }
}
