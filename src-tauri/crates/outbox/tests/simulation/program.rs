//! The program around the machine: it stores what the machine says before and after every request, and may die between.

use domain::{Lane, MessageId, Outcome, Receipt, Text, Timestamp};
use outbox::{Change, Condition, Item, ItemState, Machine, NextState};

use crate::{crm::Fault, world::World};

/// No request takes effect later than this after it was sent; the program gives it up sooner.
pub(crate) const ON_THE_WIRE_MAX_MS: u64 = 40_000;
pub(crate) const GIVES_UP_AFTER_MS: u64 = 30_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowState {
    Held(ItemState),
    Delivered,
    Withdrawn,
}

/// A row of the program's queue table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) lane: Lane,
    pub(crate) seq: u64,
    pub(crate) attempts: u32,
    pub(crate) state: RowState,
    pub(crate) due: Option<Timestamp>,
    /// Attempts since the last click of a person that the machine counts.
    pub(crate) counted: u32,
}

/// A request of the living program.
#[derive(Debug)]
pub(crate) struct Flight {
    pub(crate) id: MessageId,
    pub(crate) answer_at_ms: u64,
    pub(crate) outcome: Outcome,
    /// Sent while the machine called itself offline.
    pub(crate) probe: bool,
}

impl World {
    pub(crate) fn row(&mut self, id: &MessageId) -> Result<&mut Row, String> {
        self.rows.get_mut(id).ok_or_else(|| format!("no row {id}"))
    }

    /// The program dies and starts again: only the rows are left, and requests on the wire go their way.
    pub(crate) fn crash(&mut self) -> Result<(), String> {
        self.tally.crashes += 1;
        self.flights.clear();
        let now = self.now();
        self.machine = Machine::new(self.policy.clone(), self.rng.u64(..));
        let mut items: Vec<Item> = self
            .rows
            .iter()
            .filter_map(|(id, row)| match row.state {
                RowState::Delivered | RowState::Withdrawn => None,
                RowState::Held(state) => Some(Item {
                    id: id.clone(),
                    lane: row.lane.clone(),
                    seq: row.seq,
                    attempts: row.attempts,
                    state,
                    due: row.due,
                }),
            })
            .collect();
        self.rng.shuffle(&mut items);
        for item in items {
            let (id, was) = (item.id.clone(), item.state);
            let change = self.machine.restore(item, now);
            if change.is_some() != (was == ItemState::InFlight) {
                return Err(format!("{id} restored from {was:?} says {change:?}"));
            }
            if let Some(change) = change {
                self.count(&id)?;
                self.store(change)?;
            }
        }
        Ok(())
    }

    pub(crate) fn send_all(&mut self) -> Result<(), String> {
        let mut sent = 0;
        while let Some(transmit) = self.machine.poll_transmit(self.now()) {
            let probe = match self.machine.condition() {
                Condition::Ok => false,
                Condition::Offline { .. } => true,
                Condition::Unauthorised => return Err("goes with refused credentials".into()),
            };
            if probe && self.flights.iter().any(|flight| flight.probe) {
                return Err("two probes at once".into());
            }
            sent += 1;
            if sent > self.policy.in_flight_max {
                return Err(format!("a burst of {sent} messages"));
            }
            let row = self.rows.get_mut(&transmit.id).ok_or("an unknown message goes")?;
            if transmit.attempt != row.attempts + 1 || transmit.attempt > self.policy.attempts_before_park {
                return Err(format!("{transmit:?} after {} attempts", row.attempts));
            }
            row.state = RowState::Held(ItemState::InFlight);
            // The program may die between storing and sending, too.
            let crash = self.plan_crash_permille / 4;
            if self.plan_fault_permille > 0 && self.chance(crash) {
                return self.crash();
            }
            self.send(transmit.id, probe)?;
        }
        if self.flights.len() > self.policy.in_flight_max {
            return Err(format!("{} in flight", self.flights.len()));
        }
        Ok(())
    }

    fn send(&mut self, id: MessageId, probe: bool) -> Result<(), String> {
        let took_ms = self.rng.u64(10..GIVES_UP_AFTER_MS);
        let late_ms = self.rng.u64(0..ON_THE_WIRE_MAX_MS);
        let fault = if !self.network_up {
            Some(Fault::Offline)
        } else if !self.key_good {
            Some(Fault::Unauthorised)
        } else if self.poison.contains(&id) {
            Some(Fault::Refused)
        } else if self.chance(self.plan_fault_permille) {
            self.rng.choice(Fault::ANY)
        } else {
            None
        };
        let row = &self.rows[&id];
        let (lane, seq) = (row.lane.clone(), row.seq);
        let detail = || Text::same(format!("{fault:?}"));
        let (outcome, lands_at_ms) = match fault {
            None => {
                let receipt = Receipt::default();
                (Outcome::Delivered { receipt }, Some(self.true_ms + took_ms))
            }
            Some(Fault::LostAfterCommit) => (Outcome::Unknown { detail: detail() }, Some(self.true_ms + late_ms)),
            Some(Fault::LostBeforeCommit) => (Outcome::Unknown { detail: detail() }, None),
            Some(Fault::Busy) => {
                let retry_after_ms = self.rng.bool().then(|| self.rng.u64(0..10_000_000));
                let detail = detail();
                (Outcome::Transient { detail, retry_after_ms }, None)
            }
            Some(Fault::Offline) => (Outcome::Offline { detail: detail() }, None),
            Some(Fault::Unauthorised) => (Outcome::Unauthorised { detail: detail() }, None),
            Some(Fault::Refused) => (Outcome::Refused { detail: detail() }, None),
        };
        self.tally.fault(fault);
        if let Some(at_ms) = lands_at_ms {
            self.crm.send(&id, &lane, seq, self.true_ms, at_ms)?;
        }
        self.flights.push(Flight {
            id,
            answer_at_ms: self.true_ms + took_ms,
            outcome,
            probe,
        });
        Ok(())
    }

    /// True time goes on, and what was under way happens in its order.
    pub(crate) fn pass(&mut self, ms: u64) -> Result<(), String> {
        let until_ms = self.true_ms + ms;
        loop {
            self.flights.sort_by_key(|flight| flight.answer_at_ms);
            if self.flights.first().is_none_or(|flight| flight.answer_at_ms > until_ms) {
                break;
            }
            let flight = self.flights.remove(0);
            self.true_ms = self.true_ms.max(flight.answer_at_ms);
            self.crm.land(self.true_ms)?;
            self.answer(flight)?;
        }
        self.true_ms = until_ms;
        self.crm.land(self.true_ms)
    }

    fn answer(&mut self, flight: Flight) -> Result<(), String> {
        let now = self.now();
        let id = flight.id;
        let change = self
            .machine
            .handle_outcome(&id, &flight.outcome, now)
            .ok_or_else(|| format!("{id} was not on the wire"))?;
        let counts = !matches!(
            flight.outcome,
            Outcome::Offline { .. } | Outcome::Unauthorised { .. } | Outcome::Delivered { .. }
        );
        // The program may die between the answer and storing what follows from it.
        let crash = self.plan_crash_permille / 4;
        if self.plan_fault_permille > 0 && self.chance(crash) {
            return self.crash();
        }
        if counts {
            self.count(&id)?;
        } else if change.state != NextState::Delivered && change.attempts != self.row(&id)?.attempts {
            return Err(format!("{:?} counts as an attempt", flight.outcome));
        }
        let refused = matches!(flight.outcome, Outcome::Refused { .. });
        if counts && !refused && change.state == NextState::Parked {
            self.tally.parked += 1;
        }
        if refused && change.state != NextState::Parked {
            return Err(format!("refused {id} is not parked: {change:?}"));
        }
        if let Some(due) = change.due
            && due.ms_since(now) > self.policy.wait_max_ms()
        {
            return Err(format!("{id} waits too long: {change:?}"));
        }
        self.store(change)
    }

    fn count(&mut self, id: &MessageId) -> Result<(), String> {
        let limit = self.policy.attempts_before_park;
        let row = self.row(id)?;
        row.counted += 1;
        if row.counted > limit {
            return Err(format!("{id} was tried {} times", row.counted));
        }
        Ok(())
    }

    pub(crate) fn store(&mut self, change: Change) -> Result<(), String> {
        let row = self.row(&change.id)?;
        row.attempts = change.attempts;
        row.due = change.due;
        match change.state {
            NextState::Delivered => {
                row.state = RowState::Delivered;
                self.tally.delivered += 1;
                if self.crm.times_applied(&change.id) != 1 {
                    return Err(format!("{} is called delivered and is not", change.id));
                }
            }
            NextState::Queued => row.state = RowState::Held(ItemState::Queued),
            NextState::Parked => row.state = RowState::Held(ItemState::Parked),
        }
        Ok(())
    }
}
