//! The portal's two speed limits: requests a second, and seconds of work a method.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::settings::PortalSettings;

/// Work is counted in baskets of a minute.
const BASKET_MS: i64 = 60_000;
const BASKETS: i64 = 10;
/// What a call costs here, near what live portals report. The machine's own speed must not matter.
const READ_COST_MS: u64 = 60;
const WRITE_COST_MS: u64 = 300;

#[derive(Debug, Clone, Default, Serialize)]
pub struct Limits {
    pub on: bool,
    /// How far they go.
    #[serde(skip)]
    pub settings: PortalSettings,
    /// Thousandths of a request in the bucket.
    level: u64,
    leaked_at_ms: i64,
    /// By method, by basket (minutes since 1970): milliseconds of work.
    work: BTreeMap<String, BTreeMap<i64, u64>>,
    pub admitted: u64,
    first_at_ms: Option<i64>,
    last_at_ms: i64,
    pub refused_503: u64,
    pub refused_429: u64,
}

/// What `time` says about a method's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operating {
    pub spent_ms: u64,
    /// When the oldest counted minute is forgotten, in seconds.
    pub reset_at_s: i64,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    /// Counts a request; `false`: refused.
    pub fn admit(&mut self, now_ms: i64) -> bool {
        let passed = u64::try_from(now_ms.saturating_sub(self.leaked_at_ms)).unwrap_or(0);
        self.level = self
            .level
            .saturating_sub(passed.saturating_mul(self.settings.leak_per_second()));
        self.leaked_at_ms = now_ms;
        // A refused request does not fill the bucket, or a client that keeps asking would never get in again.
        if self.on && self.level + 1000 > self.settings.bucket() * 1000 {
            self.refused_503 += 1;
            return false;
        }
        self.level += 1000;
        self.admitted += 1;
        self.first_at_ms.get_or_insert(now_ms);
        self.last_at_ms = now_ms;
        true
    }

    /// How much of what the bucket allowed between the first and the last request was used, in thousandths: a client
    /// with work to do wants it near 1000. `None` before the first.
    pub fn used_per_mille(&self) -> Option<u64> {
        let passed = u64::try_from(self.last_at_ms.saturating_sub(self.first_at_ms?)).unwrap_or(0);
        let allowed = self.settings.bucket() * 1000 + passed.saturating_mul(self.settings.leak_per_second());
        Some(self.admitted.saturating_mul(1_000_000) / allowed)
    }

    /// What was let in and what was not.
    pub fn counts(&self) -> Value {
        json!({"on": self.on, "admitted": self.admitted, "refused_503": self.refused_503, "refused_429": self.refused_429})
    }

    /// Whether a method's ten minutes are used up.
    pub fn is_blocked(&mut self, method: &str, now_ms: i64) -> bool {
        let blocked = self.on && self.operating(method, now_ms).spent_ms > self.settings.operating_ms_max();
        if blocked {
            self.refused_429 += 1;
        }
        blocked
    }

    pub fn spend(&mut self, method: &str, writes: bool, now_ms: i64) {
        let cost = if writes { WRITE_COST_MS } else { READ_COST_MS };
        let basket = now_ms / BASKET_MS;
        *self
            .work
            .entry(method.to_owned())
            .or_default()
            .entry(basket)
            .or_default() += cost;
    }

    pub fn operating(&mut self, method: &str, now_ms: i64) -> Operating {
        let basket = now_ms / BASKET_MS;
        let reset_at = |basket: i64| (basket + BASKETS) * BASKET_MS / 1000;
        let Some(baskets) = self.work.get_mut(method) else {
            return Operating {
                spent_ms: 0,
                reset_at_s: reset_at(basket),
            };
        };
        baskets.retain(|minute, _| *minute > basket - BASKETS);
        Operating {
            spent_ms: baskets.values().sum(),
            reset_at_s: reset_at(baskets.keys().next().copied().unwrap_or(basket)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_at_once_then_two_a_second() {
        let mut limits = Limits::new(true);
        let admitted = (0..60).filter(|_| limits.admit(1_000_000)).count();
        assert_eq!(admitted, 50);
        assert_eq!(limits.refused_503, 10);
        assert!(!limits.admit(1_000_499));
        assert!(limits.admit(1_000_500));
        assert!(!limits.admit(1_000_500));
    }

    #[test]
    fn use_is_counted_against_what_was_allowed() {
        let mut limits = Limits::new(true);
        assert_eq!(limits.used_per_mille(), None);
        for _ in 0..50 {
            limits.admit(0);
        }
        assert_eq!(limits.used_per_mille(), Some(1000));
        for at in 1..=50 {
            limits.admit(at * 1000);
        }
        assert_eq!(limits.used_per_mille(), Some(666), "half of what leaked out");
    }

    #[test]
    fn off_means_off() {
        let mut limits = Limits::new(false);
        assert!((0..200).all(|_| limits.admit(0)));
    }

    #[test]
    fn work_is_forgotten_minute_by_minute() {
        let mut limits = Limits::new(true);
        let calls = PortalSettings::default().operating_ms_max() / WRITE_COST_MS;
        for _ in 0..calls {
            limits.spend("crm.item.update", true, 30_000);
        }
        assert!(!limits.is_blocked("crm.item.update", 30_000), "at the limit");
        limits.spend("crm.item.update", true, 90_000);
        assert!(limits.is_blocked("crm.item.update", 90_000), "one past it");
        assert!(!limits.is_blocked("crm.item.get", 90_000), "another method");
        assert_eq!(limits.operating("crm.item.update", 90_000).reset_at_s, 600);
        assert!(limits.is_blocked("crm.item.update", 599_999));
        assert!(!limits.is_blocked("crm.item.update", 600_000));
    }
}
