//! The model world: true time and the program's clock, the weather, a person, and what must be true in the end.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Lane, MessageId, Timestamp};
use fastrand::Rng;
use outbox::{Condition, ItemState, Machine, Policy, Withdrawal};

use crate::{
    crm::Crm,
    program::{Flight, ON_THE_WIRE_MAX_MS, Row, RowState},
    tally::Tally,
};

const START_MS: i64 = 1_800_000_000_000;
const STEP_MAX_MS: u64 = 20_000;
/// After the faults stop everything is through within this.
const CALM_STEPS_MAX: u32 = 3_000;

/// What kind of history a seed is.
pub struct Plan {
    lanes: u64,
    messages: u64,
    steps: u32,
    /// Of a thousand requests, so many meet a fault.
    fault_permille: u32,
    crash_permille: u32,
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed ^ 0x9d1a);
        Self {
            lanes: rng.u64(1..=5),
            messages: rng.u64(3..=14),
            steps: rng.u32(60..=220),
            fault_permille: rng.u32(100..=700),
            crash_permille: rng.u32(0..=60),
        }
    }
}

pub struct World {
    pub(crate) rng: Rng,
    pub(crate) plan_fault_permille: u32,
    pub(crate) plan_crash_permille: u32,
    pub(crate) steps: u32,
    pub(crate) lanes: u64,
    pub(crate) to_enqueue: u64,
    /// The true time; the program's clock differs by `clock_off_ms`.
    pub(crate) true_ms: u64,
    pub(crate) clock_off_ms: i64,
    pub(crate) policy: Policy,
    pub(crate) machine: Machine,
    pub(crate) rows: BTreeMap<MessageId, Row>,
    pub(crate) poison: BTreeSet<MessageId>,
    pub(crate) flights: Vec<Flight>,
    pub(crate) crm: Crm,
    pub(crate) network_up: bool,
    pub(crate) key_good: bool,
    pub(crate) tally: Tally,
}

impl World {
    pub fn new(seed: u64, plan: &Plan) -> Self {
        let policy = Policy {
            backoff_first_ms: 1_000,
            backoff_max_ms: 60_000,
            attempts_before_park: 4,
            offline_probe_first_ms: 1_000,
            offline_probe_max_ms: 30_000,
            in_flight_max: 3,
            unknown_wait_ms: ON_THE_WIRE_MAX_MS + 1,
            retry_after_max_ms: 90_000,
        };
        Self {
            rng: Rng::with_seed(seed),
            plan_fault_permille: plan.fault_permille,
            plan_crash_permille: plan.crash_permille,
            steps: plan.steps,
            lanes: plan.lanes,
            to_enqueue: plan.messages,
            true_ms: 0,
            clock_off_ms: 0,
            machine: Machine::new(policy.clone(), seed),
            policy,
            rows: BTreeMap::new(),
            poison: BTreeSet::new(),
            flights: Vec::new(),
            crm: Crm::default(),
            network_up: true,
            key_good: true,
            tally: Tally::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(START_MS + i64::try_from(self.true_ms).expect("a short history") + self.clock_off_ms)
    }

    pub(crate) fn chance(&mut self, permille: u32) -> bool {
        self.rng.u32(0..1000) < permille
    }

    pub fn live_with_faults(&mut self) -> Result<(), String> {
        for _ in 0..self.steps {
            if self.to_enqueue > 0 && self.chance(300) {
                self.enqueue();
            }
            self.weather();
            if self.chance(20) {
                self.a_person_clicks()?;
            }
            let crash = self.plan_crash_permille;
            if self.chance(crash) {
                self.crash()?;
            }
            self.send_all()?;
            let step_ms = self.rng.u64(1..=STEP_MAX_MS);
            self.pass(step_ms)?;
        }
        Ok(())
    }

    /// The faults stop: the network and the key are good, a person retries what is parked and withdraws the poison.
    pub fn calm_down(&mut self) -> Result<(), String> {
        while self.to_enqueue > 0 {
            self.enqueue();
        }
        self.network_up = true;
        self.key_good = true;
        self.plan_fault_permille = 0;
        let now = self.now();
        self.machine.handle_online(now);
        self.machine.handle_credentials_changed(now);
        for _ in 0..CALM_STEPS_MAX {
            self.send_all()?;
            if self.machine.is_empty() {
                return Ok(());
            }
            // The host sleeps exactly as long as it is told, or until an answer comes.
            let wake_ms = self
                .machine
                .poll_timeout()
                .map(|at| at.ms_since(self.now()))
                .into_iter()
                .chain(
                    self.flights
                        .iter()
                        .map(|flight| flight.answer_at_ms.saturating_sub(self.true_ms)),
                )
                .min();
            match wake_ms {
                Some(ms) if ms <= self.policy.wait_max_ms() => self.pass(ms.max(1))?,
                Some(ms) => return Err(format!("told to sleep for {ms} ms")),
                None => {
                    self.only_the_parked_and_their_followers_wait()?;
                    for id in self.parked() {
                        self.settle_parked(&id)?;
                    }
                }
            }
        }
        Err(format!("does not drain: {:?}", self.rows))
    }

    fn only_the_parked_and_their_followers_wait(&self) -> Result<(), String> {
        let stops = |row: &Row, other: &Row| {
            other.state == RowState::Held(ItemState::Parked) && other.lane == row.lane && other.seq <= row.seq
        };
        for (id, row) in &self.rows {
            if matches!(row.state, RowState::Held(_)) && !self.rows.values().any(|other| stops(row, other)) {
                return Err(format!("{id} is stuck: {:?}", self.rows));
            }
        }
        Ok(())
    }

    pub fn verify(self) -> Result<Tally, String> {
        for (id, row) in &self.rows {
            let times = self.crm.times_applied(id);
            match (self.poison.contains(id), row.state, times) {
                (false, RowState::Delivered, 1) | (true, RowState::Withdrawn, 0) => {}
                other => return Err(format!("{id}: poison, state, times applied {other:?}")),
            }
        }
        if self.machine.condition() != Condition::Ok {
            return Err(format!("ends {:?}", self.machine.condition()));
        }
        Ok(self.tally)
    }

    fn parked(&self) -> Vec<MessageId> {
        let parked = |(_, row): &(&MessageId, &Row)| row.state == RowState::Held(ItemState::Parked);
        self.rows.iter().filter(parked).map(|(id, _)| id.clone()).collect()
    }

    fn settle_parked(&mut self, id: &MessageId) -> Result<(), String> {
        if !self.poison.contains(id) {
            return self.retry(id);
        }
        match self.machine.handle_withdrawn(id) {
            Withdrawal::Removed { .. } => {
                self.row(id)?.state = RowState::Withdrawn;
                Ok(())
            }
            other => Err(format!("parked {id} cannot be withdrawn: {other:?}")),
        }
    }

    pub(crate) fn retry(&mut self, id: &MessageId) -> Result<(), String> {
        let now = self.now();
        let change = self
            .machine
            .handle_retry(id, now)
            .ok_or("a parked message takes no retry")?;
        self.store(change)?;
        self.row(id)?.counted = 0;
        Ok(())
    }

    fn enqueue(&mut self) {
        let seq = 1 + u64::try_from(self.rows.len()).expect("a short history");
        let id = MessageId(format!("m{seq}"));
        let lane = Lane(format!("lane{}", self.rng.u64(0..self.lanes)));
        if self.chance(60) {
            self.poison.insert(id.clone());
        }
        self.to_enqueue -= 1;
        let row = Row {
            lane: lane.clone(),
            seq,
            attempts: 0,
            state: RowState::Held(ItemState::Queued),
            due: None,
            counted: 0,
        };
        self.rows.insert(id.clone(), row);
        // A crash between the two is a restart that finds the row.
        let now = self.now();
        assert!(self.machine.enqueue(id, lane, seq, now));
    }

    fn weather(&mut self) {
        if self.chance(if self.network_up { 60 } else { 150 }) {
            self.network_up = !self.network_up;
            if self.network_up && self.rng.bool() {
                let now = self.now();
                self.machine.handle_online(now);
            }
        }
        if self.key_good && self.chance(15) {
            self.key_good = false;
        } else if !self.key_good && self.chance(200) {
            self.key_good = true;
            let now = self.now();
            self.machine.handle_credentials_changed(now);
        }
        if self.chance(40) {
            self.tally.clock_jumps += 1;
            let day_ms = 86_400_000;
            self.clock_off_ms += match self.rng.u8(0..4) {
                0 => -day_ms,
                1 => -i64::from(self.rng.u32(1..60_000)),
                // Ahead only with nothing on the wire: a wait cut short by the clock can meet a late request.
                2 if !self.crm.is_on_the_wire(self.true_ms) => day_ms,
                _ if !self.crm.is_on_the_wire(self.true_ms) => i64::from(self.rng.u32(1..60_000)),
                _ => 0,
            };
        }
    }

    fn a_person_clicks(&mut self) -> Result<(), String> {
        let all: Vec<MessageId> = self.rows.keys().cloned().collect();
        let Some(id) = self.rng.choice(all) else {
            return Ok(());
        };
        let RowState::Held(state) = self.rows[&id].state else {
            return match self.machine.handle_retry(&id, self.now()) {
                None => Ok(()),
                Some(change) => Err(format!("a finished message goes again: {change:?}")),
            };
        };
        if self.rng.bool() {
            return self
                .machine
                .handle_park(&id)
                .map_or(Ok(()), |change| self.store(change));
        }
        if state == ItemState::InFlight {
            return Ok(());
        }
        self.retry(&id)
    }
}
