//! How patient the queue is. Plain numbers, so that a test or a sandbox can be impatient.

use serde::{Deserialize, Serialize};

/// Waits are in milliseconds. A zero is read as 1 wherever zero would mean a hot loop or a queue that never moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// The wait after the first failed attempt; it doubles with every further one.
    pub backoff_first_ms: u64,
    /// The doubling ends here.
    pub backoff_max_ms: u64,
    /// After so many counted attempts a person must look. Offline and refused credentials count nothing.
    pub attempts_before_park: u32,
    /// How soon after losing the network the first probe goes.
    pub offline_probe_first_ms: u64,
    /// Probes never wait longer than this.
    pub offline_probe_max_ms: u64,
    /// How many messages, each of its own lane, may be on the wire together.
    pub in_flight_max: usize,
    /// The least wait after an unknown outcome. Must exceed the longest time a request of ours can still take effect
    /// after we gave it up, or the look before the next write may come too early.
    pub unknown_wait_ms: u64,
    /// A longer «retry after» of the CRM is cut to this.
    pub retry_after_max_ms: u64,
}

impl Default for Policy {
    /// Sixteen attempts over about three hours; a CRM that is down for a lunch break costs nobody a click.
    fn default() -> Self {
        Self {
            backoff_first_ms: 5_000,
            backoff_max_ms: 30 * 60_000,
            attempts_before_park: 16,
            offline_probe_first_ms: 2_000,
            offline_probe_max_ms: 60_000,
            in_flight_max: 4,
            unknown_wait_ms: 60_000,
            retry_after_max_ms: 60 * 60_000,
        }
    }
}

impl Policy {
    /// No message ever waits longer than this by its own schedule, whatever the clock did.
    #[must_use]
    pub fn wait_max_ms(&self) -> u64 {
        self.backoff_max_ms
            .max(self.retry_after_max_ms)
            .max(self.unknown_wait_ms)
            .max(1)
    }
}
