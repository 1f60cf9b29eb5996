//! A line to each connected CRM with the machine that says what may go over it: kept at what the ledger says is connected.

use std::sync::Arc;

use outbox::{Machine, Policy};
use store::ConnectionRow;

use super::{Counts, Delivery};
use crate::{
    connect::{Line, name_of},
    failure::Failure,
    pull::not_connected,
    wire::CrmState,
};

pub(super) struct Wire {
    pub line: Arc<Line>,
    pub machine: Machine,
    pub counts: Counts,
    /// Disconnected: nothing goes any more, and what is on its way is waited for.
    pub gone: bool,
    /// What `line` was made of.
    made_of: MadeOf,
    /// How often its CRM had answered when the machine was last told.
    answers: u64,
}

/// A connection whose line cannot be opened.
pub(super) struct Shut {
    pub name: String,
    pub why: Failure,
}

/// What a line is made of, to see whether it is still the same. Sealed anew, the same key looks different: that only costs
/// a new line.
#[derive(Clone, PartialEq, Eq)]
struct MadeOf {
    portal: String,
    key: Option<Vec<u8>>,
    parts: [Option<String>; 4],
}

impl MadeOf {
    fn of(row: &ConnectionRow) -> Self {
        let ConnectionRow {
            name,
            remembered,
            mapping,
            extras,
            ..
        } = row.clone();
        Self {
            portal: row.portal.clone(),
            key: row.key.clone(),
            parts: [name, remembered, mapping, extras],
        }
    }
}

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

impl Delivery {
    /// A person may have connected a CRM, or connected one anew, here or in another process; or one answered again.
    ///
    /// # Errors
    /// None is connected any more; the ledger cannot be read; the only one cannot be opened.
    pub(super) fn take_up_the_connections(&mut self) -> Result<(), Failure> {
        let rows = self.session.connected()?;
        if rows.is_empty() {
            return Err(not_connected());
        }
        self.shut.clear();
        for row in &rows {
            let made_of = MadeOf::of(row);
            let known = self.wires.get(&row.id);
            if known.is_none_or(|wire| wire.gone || wire.made_of != made_of) {
                match self.session.line_of(row) {
                    Ok(Some(line)) => self.take_up(line, made_of),
                    Ok(None) => {}
                    Err(why) => self.shut(row, why),
                }
            }
        }
        for (id, wire) in &mut self.wires {
            wire.gone = rows.iter().all(|row| row.id != *id) || self.shut.contains_key(id);
        }
        self.let_go_of_the_gone();
        let now = self.session.host.now();
        for (id, wire) in &mut self.wires {
            let answers = self.session.crm_answers(id);
            if answers != wire.answers {
                wire.answers = answers;
                wire.machine.handle_credentials_changed(now);
                wire.machine.handle_online(now);
            }
        }
        match self.shut.values().next() {
            Some(shut) if self.wires.is_empty() => Err(shut.why.clone()),
            _ => Ok(()),
        }
    }

    fn take_up(&mut self, line: Line, made_of: MadeOf) {
        let now = self.session.host.now();
        if let Some(wire) = self.wires.get_mut(&line.id) {
            wire.gone = false;
            wire.line = Arc::new(line);
            wire.made_of = made_of;
            wire.machine.handle_credentials_changed(now);
            wire.machine.handle_online(now);
            return;
        }
        let mut seed = [0; 8];
        self.session.host.fill_random(&mut seed);
        let mut policy = if line.loopback { impatient() } else { Policy::default() };
        policy.in_flight_max = policy.in_flight_max.max(line.crm.together_max());
        let wire = Wire {
            machine: Machine::new(policy, u64::from_le_bytes(seed)),
            counts: Counts::default(),
            gone: false,
            made_of,
            answers: self.session.crm_answers(&line.id),
            line: Arc::new(line),
        };
        self.wires.insert(wire.line.id.clone(), wire);
        // Its messages were passed over until now.
        self.seen = None;
    }

    fn shut(&mut self, row: &ConnectionRow, why: Failure) {
        self.session.crm_is(&row.id, CrmState::Failing, why.message.clone());
        let name = name_of(row);
        self.shut.insert(row.id.clone(), Shut { name, why });
    }

    /// Lines that were taken away and have nothing on their way.
    pub(super) fn let_go_of_the_gone(&mut self) {
        let ended = |wire: &Wire| wire.gone && wire.machine.in_flight() == 0;
        if !self.wires.values().any(ended) {
            return;
        }
        self.wires.retain(|_, wire| !ended(wire));
        self.held
            .retain(|_, stored| self.wires.contains_key(stored.message.operation.invoice().connection()));
    }
}
