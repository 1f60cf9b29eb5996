//! Seven requests a second of one integration; who does not slow down is shut out for a while.
//!
//! The seven and the shutting out are documented; how long it lasts and what brings it about are not.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

pub const INTEGRATION_PER_SECOND: usize = 7;
/// Clients count a second by when they send, the account by when it receives: a network that delays the first of eight
/// requests and not the last must not make a patient client guilty.
const JITTER_MS: i64 = 150;
const SECOND_MS: i64 = 1000 - JITTER_MS;
/// Refusals within [`PATIENCE_MS`] that bring a ban.
pub const REFUSALS_MAX: usize = 20;
const PATIENCE_MS: i64 = 10_000;
pub const BAN_MS: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Admitted,
    /// 429.
    TooMany,
    /// 403.
    Banned,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct Limits {
    pub on: bool,
    /// By integration: when the requests of the last second came.
    #[serde(skip)]
    recent: BTreeMap<String, VecDeque<i64>>,
    #[serde(skip)]
    refusals: VecDeque<i64>,
    banned_until_ms: i64,
    pub admitted: u64,
    pub first_admitted_ms: Option<i64>,
    pub last_admitted_ms: i64,
    pub refused_429: u64,
    pub refused_403: u64,
}

impl Limits {
    pub fn new(on: bool) -> Self {
        Self { on, ..Self::default() }
    }

    pub fn admit(&mut self, integration: &str, now_ms: i64) -> Verdict {
        let is_past = |at: &i64| *at <= now_ms.saturating_sub(SECOND_MS);
        for recent in self.recent.values_mut() {
            while recent.front().is_some_and(is_past) {
                recent.pop_front();
            }
        }
        if self.on {
            if now_ms < self.banned_until_ms {
                self.refused_403 += 1;
                return Verdict::Banned;
            }
            let own = self.recent.get(integration).map_or(0, VecDeque::len);
            if own >= INTEGRATION_PER_SECOND {
                return self.refuse(now_ms);
            }
        }
        self.recent.entry(integration.to_owned()).or_default().push_back(now_ms);
        self.admitted += 1;
        self.first_admitted_ms.get_or_insert(now_ms);
        self.last_admitted_ms = now_ms;
        Verdict::Admitted
    }

    /// How much of what was granted between the first and the last request was used, in thousandths. `None` before the
    /// first.
    pub fn used_per_mille(&self) -> Option<u64> {
        let passed = u64::try_from(self.last_admitted_ms.saturating_sub(self.first_admitted_ms?)).unwrap_or(0);
        let granted = (passed + 1000).saturating_mul(INTEGRATION_PER_SECOND as u64);
        Some(self.admitted.saturating_mul(1_000_000) / granted)
    }

    fn refuse(&mut self, now_ms: i64) -> Verdict {
        self.refused_429 += 1;
        while self
            .refusals
            .front()
            .is_some_and(|at| *at <= now_ms.saturating_sub(PATIENCE_MS))
        {
            self.refusals.pop_front();
        }
        self.refusals.push_back(now_ms);
        if self.refusals.len() > REFUSALS_MAX {
            self.refusals.clear();
            self.banned_until_ms = now_ms.saturating_add(BAN_MS);
        }
        Verdict::TooMany
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_a_second_of_each_integration() {
        let mut limits = Limits::new(true);
        let of = |limits: &mut Limits, who: &str, at: i64| limits.admit(who, at) == Verdict::Admitted;
        assert_eq!((0..9).filter(|_| of(&mut limits, "a", 1000)).count(), 7);
        assert!(of(&mut limits, "b", 1000), "another integration");
        assert!(!of(&mut limits, "a", 1000 + SECOND_MS - 1));
        assert!(of(&mut limits, "a", 1000 + SECOND_MS));
        assert_eq!(limits.refused_429, 3);
    }

    #[test]
    fn who_sends_seven_a_second_is_never_refused_by_a_jittery_network() {
        let mut limits = Limits::new(true);
        let mut random = fastrand::Rng::with_seed(1);
        let admitted = (0..700_i64)
            .map(|at| at * 1000 / 7 + random.i64(0..JITTER_MS - 1))
            .filter(|at| limits.admit("a", *at) == Verdict::Admitted)
            .count();
        assert_eq!(admitted, 700);
    }

    #[test]
    fn hammering_is_answered_by_a_ban_that_ends() {
        let mut limits = Limits::new(true);
        for _ in 0..INTEGRATION_PER_SECOND + REFUSALS_MAX {
            limits.admit("a", 1000);
        }
        assert_eq!(limits.admit("a", 1000), Verdict::TooMany, "one past the patience");
        assert_eq!(limits.admit("a", 1000), Verdict::Banned);
        assert_eq!(limits.admit("a", 1000 + BAN_MS - 1), Verdict::Banned);
        assert_eq!(limits.admit("a", 1000 + BAN_MS), Verdict::Admitted);
    }

    #[test]
    fn use_is_counted_against_what_was_granted() {
        let mut limits = Limits::new(true);
        assert_eq!(limits.used_per_mille(), None);
        for at in 0..70 {
            limits.admit("a", at * 1000 / 7);
        }
        assert_eq!(
            limits.used_per_mille(),
            Some(921),
            "ten seconds and the one that has begun"
        );
        limits.admit("a", 19_000);
        assert_eq!(limits.used_per_mille(), Some(507));
    }

    #[test]
    fn off_means_off() {
        let mut limits = Limits::new(false);
        assert!((0..200).all(|_| limits.admit("a", 0) == Verdict::Admitted));
    }
}
