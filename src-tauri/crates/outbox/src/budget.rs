//! How many requests a CRM takes: a leaky bucket kept on our side, a little smaller than the CRM's own.
//!
//! Integers only: the level is in thousandths of a request, so that `drain_per_second` is the drain of one millisecond.
//! Knows nothing of messages; one message may cost several requests, a batch costs one.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::elapsed::Elapsed;

/// Thousandths of a request in one request.
const MILLI: u64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetPolicy {
    /// So many requests may go at once when nothing went for a while. Zero is read as 1.
    pub capacity: u32,
    /// So many requests a second for ever. Zero is read as 1.
    pub drain_per_second: u32,
    /// Milliseconds between one request and the next, where a CRM counts any second and not a bucket. Zero: none.
    pub gap_ms: u32,
}

impl BudgetPolicy {
    /// Bitrix24 refuses above 50 with a drain of 2 a second; ten are left to other programs behind the same address
    /// and to its counting in whole seconds.
    pub const BITRIX24: Self = Self {
        capacity: 40,
        drain_per_second: 2,
        gap_ms: 0,
    };

    /// amoCRM refuses the eighth request within any second. Seven go evenly, with fifty milliseconds left to a network
    /// that brings two of them closer together: 0.95 of what is granted.
    pub const AMOCRM: Self = Self {
        capacity: 7,
        drain_per_second: 7,
        gap_ms: 150,
    };
}

/// What is taken of a bucket at a moment: whoever goes on with it later, in another process too, begins there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spent {
    pub at: Timestamp,
    pub level_milli: u64,
    /// Nothing goes for so long after `at`.
    pub closed_for_ms: u64,
}

#[derive(Debug, Clone)]
pub struct Budget {
    capacity_milli: u64,
    drain_per_ms: u64,
    gap_ms: u64,
    elapsed: Elapsed,
    level_milli: u64,
    /// The level as of this internal moment.
    levelled_at_ms: u64,
    /// Nothing goes before this internal moment: the gap after the last request, or a penalty.
    closed_until_ms: u64,
}

impl Budget {
    #[must_use]
    pub fn new(policy: BudgetPolicy) -> Self {
        Self {
            capacity_milli: u64::from(policy.capacity.max(1)) * MILLI,
            drain_per_ms: u64::from(policy.drain_per_second.max(1)),
            gap_ms: u64::from(policy.gap_ms),
            elapsed: Elapsed::default(),
            level_milli: 0,
            levelled_at_ms: 0,
            closed_until_ms: 0,
        }
    }

    /// Takes `n` requests, all or none; more than the whole bucket is read as the whole bucket, or it could never go.
    ///
    /// # Errors
    /// The moment, on the caller's clock, from which the same question will be answered with yes if nobody asks between.
    pub fn take(&mut self, now: Timestamp, n: u32) -> Result<(), Timestamp> {
        let at_ms = self.drain(now);
        let wanted = (u64::from(n) * MILLI).min(self.capacity_milli);
        if wanted == 0 {
            return Ok(());
        }
        let excess = (self.level_milli + wanted).saturating_sub(self.capacity_milli);
        let free_at_ms = at_ms
            .saturating_add(excess.div_ceil(self.drain_per_ms))
            .max(self.closed_until_ms);
        if free_at_ms > at_ms {
            return Err(self.elapsed.on_the_clock(free_at_ms));
        }
        self.level_milli += wanted;
        let gaps_ms = self.gap_ms.saturating_mul(u64::from(n));
        self.closed_until_ms = self.closed_until_ms.max(at_ms.saturating_add(gaps_ms));
        Ok(())
    }

    /// The CRM said there were too many (`QUERY_LIMIT_EXCEEDED`, 429): its counter is full, whatever ours says, and
    /// nothing goes for `pause_ms`.
    pub fn penalise(&mut self, now: Timestamp, pause_ms: u64) {
        let at_ms = self.drain(now);
        self.level_milli = self.capacity_milli;
        self.closed_until_ms = self.closed_until_ms.max(at_ms.saturating_add(pause_ms));
    }

    #[must_use]
    pub fn spent(&mut self, now: Timestamp) -> Spent {
        let at_ms = self.drain(now);
        Spent {
            at: now,
            level_milli: self.level_milli,
            closed_for_ms: self.closed_until_ms.saturating_sub(at_ms),
        }
    }

    /// Goes on where another left the bucket. A moment that is still to come by this clock was just now.
    pub fn go_on_from(&mut self, spent: Spent, now: Timestamp) {
        let at_ms = self.drain(now);
        let passed_ms = now.ms_since(spent.at);
        let drained = passed_ms.saturating_mul(self.drain_per_ms);
        self.level_milli = spent.level_milli.min(self.capacity_milli).saturating_sub(drained);
        self.closed_until_ms = at_ms.saturating_add(spent.closed_for_ms.saturating_sub(passed_ms));
    }

    fn drain(&mut self, now: Timestamp) -> u64 {
        let at_ms = self.elapsed.observe(now);
        let drained = (at_ms - self.levelled_at_ms).saturating_mul(self.drain_per_ms);
        self.level_milli = self.level_milli.saturating_sub(drained);
        self.levelled_at_ms = at_ms;
        at_ms
    }
}
