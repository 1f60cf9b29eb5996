//! The state machine: inputs are `handle_*`, `enqueue` and `restore`, outputs are `poll_*`, getters look.

use domain::{Lane, MessageId, Outcome, Text, Timestamp};

use crate::{
    backoff,
    elapsed::Elapsed,
    interface::{Change, Condition, Item, ItemState, NextState, Transmit, Withdrawal},
    jitter::Jitter,
    lanes::{Flight, Lanes, Slot, SlotState},
    policy::Policy,
    reasons,
};

#[derive(Debug)]
struct Offline {
    since: Timestamp,
    failures: u32,
    probe_at_ms: u64,
}

#[derive(Debug)]
pub struct Machine {
    policy: Policy,
    jitter: Jitter,
    elapsed: Elapsed,
    lanes: Lanes,
    in_flight: usize,
    /// Of these, probes; one of an earlier spell may still be out when the next begins.
    probes_out: usize,
    offline: Option<Offline>,
    unauthorised: bool,
    credentials: u64,
}

impl Machine {
    #[must_use]
    pub fn new(policy: Policy, seed: u64) -> Self {
        Self {
            policy,
            jitter: Jitter::new(seed),
            elapsed: Elapsed::default(),
            lanes: Lanes::default(),
            in_flight: 0,
            probes_out: 0,
            offline: None,
            unauthorised: false,
            credentials: 0,
        }
    }

    // Getters

    #[must_use]
    pub fn condition(&self) -> Condition {
        match &self.offline {
            _ if self.unauthorised => Condition::Unauthorised,
            Some(offline) => Condition::Offline { since: offline.since },
            None => Condition::Ok,
        }
    }

    #[must_use]
    pub fn state_of(&self, id: &MessageId) -> Option<ItemState> {
        self.lanes.get(id).map(|slot| match slot.state {
            SlotState::Queued { .. } => ItemState::Queued,
            SlotState::Out(_) => ItemState::InFlight,
            SlotState::Parked => ItemState::Parked,
        })
    }

    /// The first message of this lane is parked, so nothing in the lane goes.
    #[must_use]
    pub fn is_stopped(&self, lane: &Lane) -> bool {
        self.lanes.is_stopped(lane)
    }

    /// How many messages are held: queued, on the wire and parked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lanes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.len() == 0
    }

    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    // Inputs

    /// Takes a stored message back after a start. One that was in flight counts as an attempt with an unknown outcome
    /// (so a message whose sending kills the program is parked in the end); the answer is what to store then.
    pub fn restore(&mut self, item: Item, now: Timestamp) -> Option<Change> {
        let now_ms = self.elapsed.observe(now);
        // The clock may have been set back since: a wait is never longer than any wait this machine gives.
        let wait_ms = item
            .due
            .map_or(0, |due| due.ms_since(now))
            .min(self.policy.wait_max_ms());
        let state = match item.state {
            ItemState::Parked => SlotState::Parked,
            ItemState::Queued | ItemState::InFlight => SlotState::Queued {
                due_ms: now_ms.saturating_add(wait_ms),
            },
        };
        let slot = Slot {
            attempts: item.attempts,
            state,
            // The row does not say why it waits, so the wait is read as the careful one.
            landing_until_ms: now_ms.saturating_add(wait_ms.min(self.policy.unknown_wait_ms)),
        };
        if !self.lanes.insert(item.id.clone(), item.lane, item.seq, slot) || item.state != ItemState::InFlight {
            return None;
        }
        let reason = reasons::interrupted(item.attempts.saturating_add(1), self.attempts_limit());
        self.count_unknown(&item.id, reason, false)
    }

    /// A new message, stored by the caller before. `false`: it is held already, and nothing changes.
    pub fn enqueue(&mut self, id: MessageId, lane: Lane, seq: u64, now: Timestamp) -> bool {
        let due_ms = self.elapsed.observe(now);
        let slot = Slot {
            attempts: 0,
            state: SlotState::Queued { due_ms },
            landing_until_ms: 0,
        };
        self.lanes.insert(id, lane, seq, slot)
    }

    /// How the attempt ended. An attempt whose end nobody knows (its task died) is [`Outcome::Unknown`]: every transmit
    /// needs an outcome, or its lane waits for ever. `None`: this message is not on the wire, nothing changes.
    pub fn handle_outcome(&mut self, id: &MessageId, outcome: &Outcome, now: Timestamp) -> Option<Change> {
        let now_ms = self.elapsed.observe(now);
        let flight = self.land(id, now_ms)?;
        if !matches!(outcome, Outcome::Offline { .. }) {
            self.offline = None;
        }
        let attempt = self.lanes.get(id)?.attempts.saturating_add(1);
        let limit = self.attempts_limit();
        let park = flight.park_on_return;
        match outcome {
            Outcome::Delivered { .. } => {
                let slot = self.lanes.remove(id)?;
                Some(Change {
                    id: id.clone(),
                    state: NextState::Delivered,
                    attempts: slot.attempts.saturating_add(1),
                    due: None,
                    reason: None,
                })
            }
            Outcome::Unknown { detail } => {
                let reason = reasons::unknown(detail, attempt, limit);
                self.count_unknown(id, reason, park)
            }
            Outcome::Transient { detail, retry_after_ms } => {
                let reason = reasons::transient(detail, attempt, limit);
                let least_ms = retry_after_ms.unwrap_or(0).min(self.policy.retry_after_max_ms);
                self.count_failure(id, least_ms, reason, park)
            }
            Outcome::Offline { detail } => {
                self.lose_network(&flight, now, now_ms);
                self.put_back(id, reasons::offline(detail), park)
            }
            Outcome::Unauthorised { detail } => {
                self.unauthorised |= flight.credentials == self.credentials;
                self.put_back(id, reasons::unauthorised(detail), park)
            }
            Outcome::Refused { detail } => self.park(id, attempt, reasons::refused(detail)),
        }
    }

    /// A person says: try again. The attempts start anew and the wait ends, but for a request that may still take effect.
    /// `None`: not held, or on the wire already.
    pub fn handle_retry(&mut self, id: &MessageId, now: Timestamp) -> Option<Change> {
        let now_ms = self.elapsed.observe(now);
        self.lanes.change(id, |slot| match &mut slot.state {
            SlotState::Out(flight) => {
                flight.park_on_return = false;
                None
            }
            state @ (SlotState::Queued { .. } | SlotState::Parked) => {
                let due_ms = slot.landing_until_ms.max(now_ms);
                *state = SlotState::Queued { due_ms };
                slot.attempts = 0;
                Some(())
            }
        })??;
        Some(Change {
            id: id.clone(),
            state: NextState::Queued,
            attempts: 0,
            due: self.landing_until(id),
            reason: None,
        })
    }

    /// A person says: set it aside; its lane stops. `None`: not held, or on the wire (then it is parked when it comes
    /// back undelivered).
    pub fn handle_park(&mut self, id: &MessageId) -> Option<Change> {
        let attempts = self.lanes.change(id, |slot| match &mut slot.state {
            SlotState::Out(flight) => {
                flight.park_on_return = true;
                None
            }
            SlotState::Queued { .. } | SlotState::Parked => Some(slot.attempts),
        })??;
        self.park(id, attempts, reasons::parked_by_person())
    }

    /// A person says: this need not be told any more. The lane goes on with the next message.
    pub fn handle_withdrawn(&mut self, id: &MessageId) -> Withdrawal {
        match self.lanes.get(id) {
            None => Withdrawal::NotHere,
            Some(slot) if matches!(slot.state, SlotState::Out(_)) => Withdrawal::InFlight,
            Some(slot) => {
                let attempted = slot.attempts > 0;
                self.lanes.remove(id);
                Withdrawal::Removed { attempted }
            }
        }
    }

    /// The host noticed a network: probe at once. Only an answer of the CRM ends being offline.
    pub fn handle_online(&mut self, now: Timestamp) {
        let now_ms = self.elapsed.observe(now);
        if let Some(offline) = &mut self.offline {
            offline.failures = 0;
            offline.probe_at_ms = now_ms;
        }
    }

    /// New credentials are in place: the lanes go on, and late refusals of the old ones are not held against them.
    pub fn handle_credentials_changed(&mut self, now: Timestamp) {
        self.elapsed.observe(now);
        self.unauthorised = false;
        self.credentials += 1;
    }

    // Outputs

    /// The next message to send, if one may go now. Store it as in flight before sending it.
    pub fn poll_transmit(&mut self, now: Timestamp) -> Option<Transmit> {
        let now_ms = self.elapsed.observe(now);
        if self.next_at_ms()? > now_ms {
            return None;
        }
        let id = self.lanes.first_ready()?.1.clone();
        let flight = Flight {
            probe: self.offline.is_some(),
            credentials: self.credentials,
            park_on_return: false,
        };
        self.in_flight += 1;
        self.probes_out += usize::from(flight.probe);
        let attempts = self.lanes.change(&id, |slot| {
            slot.state = SlotState::Out(flight);
            slot.attempts
        })?;
        Some(Transmit {
            id,
            attempt: attempts.saturating_add(1),
        })
    }

    /// When [`Machine::poll_transmit`] is worth asking again, on the clock as last seen; `None`: not before an input.
    /// Ask after `poll_transmit`, and bound the sleep (a minute, say) where the clock may be set meanwhile.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        Some(self.elapsed.on_the_clock(self.next_at_ms()?))
    }

    fn next_at_ms(&self) -> Option<u64> {
        if self.unauthorised || self.in_flight >= self.policy.in_flight_max.max(1) {
            return None;
        }
        let (due_ms, _) = self.lanes.first_ready()?;
        match &self.offline {
            None => Some(due_ms),
            Some(_) if self.probes_out > 0 => None,
            Some(offline) => Some(due_ms.max(offline.probe_at_ms)),
        }
    }

    fn attempts_limit(&self) -> u32 {
        self.policy.attempts_before_park.max(1)
    }

    /// Off the wire, for the moment as if it were due: the caller of this says what follows.
    fn land(&mut self, id: &MessageId, now_ms: u64) -> Option<Flight> {
        let flight = self.lanes.change(id, |slot| {
            let SlotState::Out(flight) = slot.state.clone() else {
                return None;
            };
            slot.state = SlotState::Queued { due_ms: now_ms };
            Some(flight)
        })??;
        self.in_flight -= 1;
        self.probes_out -= usize::from(flight.probe);
        Some(flight)
    }

    /// Attempts that were out together fail together: only the first and the probes prolong the wait.
    fn lose_network(&mut self, flight: &Flight, now: Timestamp, now_ms: u64) {
        let known = self.offline.as_ref();
        if known.is_some() && !flight.probe {
            return;
        }
        let since = known.map_or(now, |offline| offline.since);
        let failures = known.map_or(0, |offline| offline.failures).saturating_add(1);
        let wait_ms = backoff::wait_ms(
            failures,
            self.policy.offline_probe_first_ms,
            self.policy.offline_probe_max_ms,
            &mut self.jitter,
        );
        self.offline = Some(Offline {
            since,
            failures,
            probe_at_ms: now_ms.saturating_add(wait_ms),
        });
    }

    /// An attempt that perhaps did its work.
    fn count_unknown(&mut self, id: &MessageId, reason: Text, park: bool) -> Option<Change> {
        let wait_ms = self.policy.unknown_wait_ms;
        let until_ms = self.elapsed.ms().saturating_add(wait_ms);
        self.lanes.change(id, |slot| slot.landing_until_ms = until_ms)?;
        self.count_failure(id, wait_ms, reason, park)
    }

    /// An attempt that counted: wait at least `least_ms`, or be parked when it was the last.
    fn count_failure(&mut self, id: &MessageId, least_ms: u64, reason: Text, park: bool) -> Option<Change> {
        let attempts = self.lanes.get(id)?.attempts.saturating_add(1);
        if attempts >= self.attempts_limit() {
            return self.park(id, attempts, reasons::exhausted(&reason, attempts));
        }
        if park {
            return self.park(id, attempts, reasons::parked_by_person());
        }
        let first_ms = self.policy.backoff_first_ms;
        let wait_ms = backoff::wait_ms(attempts, first_ms, self.policy.backoff_max_ms, &mut self.jitter).max(least_ms);
        let due_ms = self.elapsed.ms().saturating_add(wait_ms);
        self.lanes.change(id, |slot| {
            slot.attempts = attempts;
            slot.state = SlotState::Queued { due_ms };
        })?;
        Some(Change {
            id: id.clone(),
            state: NextState::Queued,
            attempts,
            due: Some(self.elapsed.on_the_clock(due_ms)),
            reason: Some(reason),
        })
    }

    /// An attempt that counted nothing: it stays due, and the condition holds it.
    fn put_back(&mut self, id: &MessageId, reason: Text, park: bool) -> Option<Change> {
        let attempts = self.lanes.get(id)?.attempts;
        if park {
            return self.park(id, attempts, reasons::parked_by_person());
        }
        Some(Change {
            id: id.clone(),
            state: NextState::Queued,
            attempts,
            due: None,
            reason: Some(reason),
        })
    }

    fn park(&mut self, id: &MessageId, attempts: u32, reason: Text) -> Option<Change> {
        self.lanes.change(id, |slot| {
            slot.attempts = attempts;
            slot.state = SlotState::Parked;
        })?;
        Some(Change {
            id: id.clone(),
            state: NextState::Parked,
            attempts,
            due: self.landing_until(id),
            reason: Some(reason),
        })
    }

    /// Until when a lost request of this message may still take effect, if that is still ahead.
    fn landing_until(&self, id: &MessageId) -> Option<Timestamp> {
        let until_ms = self.lanes.get(id)?.landing_until_ms;
        (until_ms > self.elapsed.ms()).then(|| self.elapsed.on_the_clock(until_ms))
    }
}
