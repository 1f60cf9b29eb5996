//! The sandbox's clock: the machine's, shifted or stopped on request, so that hours of limits pass in no time.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Clock {
    pub shift_ms: i64,
    /// Where it stands still, before the shift.
    pub stopped_at_ms: Option<i64>,
}

fn machine_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

impl Clock {
    /// One that stands still at this moment (milliseconds since 1970).
    pub fn standing_at(now_ms: i64) -> Self {
        Self {
            shift_ms: 0,
            stopped_at_ms: Some(now_ms),
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.stopped_at_ms
            .unwrap_or_else(machine_ms)
            .saturating_add(self.shift_ms)
    }

    pub fn shift_by(&mut self, ms: i64) {
        self.shift_ms = self.shift_ms.saturating_add(ms);
    }

    pub fn stop(&mut self, stopped: bool) {
        self.stopped_at_ms = stopped.then(|| self.stopped_at_ms.unwrap_or_else(machine_ms));
    }
}
