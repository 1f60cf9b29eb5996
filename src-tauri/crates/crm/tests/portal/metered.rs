//! A line to the portal in memory as a host would lay it: a budget on our side, the portal's own leaky bucket on the
//! other, and a clock that jumps. It counts what that refuses.

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use crm::{CallError, Transport};
use domain::{Text, Timestamp};
use outbox::{Budget, BudgetPolicy};
use serde_json::Value;
use tokio::time::Instant;

use crate::fake::Fake;

/// The portal's own: X requests at once, Y a second, in thousandths.
const BUCKET_MILLI: u64 = 50_000;
const DRAIN_PER_MS: u64 = 2;
/// A round trip.
const ANSWER_MS: u64 = 150;

#[derive(Default)]
pub struct Counts {
    pub refused: u64,
    level_milli: u64,
    levelled_at_ms: u64,
}

pub struct Metered<'a> {
    fake: &'a Fake,
    budget: tokio::sync::Mutex<Budget>,
    counts: Mutex<Counts>,
    started: Instant,
}

impl<'a> Metered<'a> {
    pub fn new(fake: &'a Fake) -> Self {
        Self {
            fake,
            budget: tokio::sync::Mutex::new(Budget::new(BudgetPolicy::BITRIX24)),
            counts: Mutex::default(),
            started: Instant::now(),
        }
    }

    pub fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap()
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }

    fn now(&self) -> Timestamp {
        Timestamp(1_800_000_000_000 + i64::try_from(self.elapsed_ms()).unwrap())
    }
}

impl Transport for &Metered<'_> {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        {
            let mut budget = self.budget.lock().await;
            while let Err(free_at) = budget.take(self.now(), 1) {
                tokio::time::sleep(Duration::from_millis(free_at.ms_since(self.now()).max(1))).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(ANSWER_MS)).await;
        let at_ms = self.elapsed_ms();
        let refused = {
            let mut counts = self.counts();
            let drained = (at_ms - counts.levelled_at_ms) * DRAIN_PER_MS;
            counts.level_milli = counts.level_milli.saturating_sub(drained) + 1_000;
            counts.levelled_at_ms = at_ms;
            let refused = counts.level_milli > BUCKET_MILLI;
            counts.refused += u64::from(refused);
            refused
        };
        if refused {
            return Err(CallError::Limited {
                detail: Text::same("QUERY_LIMIT_EXCEEDED"),
                retry_after_ms: None,
            });
        }
        (&self.fake).call(method, params).await
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
