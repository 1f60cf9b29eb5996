//! Faults by a seed: every request may be struck, and the same seed strikes the same requests again.
//!
//! Knows nothing of what a kind of fault does: each CRM has kinds of its own.

use serde::{Deserialize, Serialize};

use crate::faults::FaultKind;

/// Bad weather, until it has struck its number of times or is cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(serialize = "K: Serialize", deserialize = "K: Deserialize<'de>")
)]
pub struct Storm<K = FaultKind> {
    pub seed: u64,
    /// How many requests of a thousand it strikes.
    pub per_mille: u32,
    /// What it may do; when empty all that leaves the CRM where it is and what it holds to its callers.
    #[serde(default = "Vec::new")]
    pub kinds: Vec<K>,
    /// Whom it strikes, in any case; all methods when empty.
    #[serde(default)]
    pub methods: Vec<String>,
    /// How many requests it strikes at most.
    #[serde(default)]
    pub times: Option<u64>,
    /// Of its delays and lost answers, in milliseconds.
    #[serde(default = "short")]
    pub delay_ms: u64,
    /// How far its skews of the clock go, in milliseconds.
    #[serde(default = "an_hour")]
    pub shift_ms: i64,
    /// Requests it has looked at.
    #[serde(default)]
    pub seen: u64,
    /// Requests it has struck.
    #[serde(default)]
    pub struck: u64,
}

fn short() -> u64 {
    50
}

fn an_hour() -> i64 {
    3_600_000
}

/// What a storm may do where it is not told.
pub trait Weather: Copy + 'static {
    const ANY: &'static [Self];
}

/// What the dice say of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strike<K> {
    pub kind: K,
    /// Of several things that it may happen to, which one: any number.
    pub choice: u64,
    /// Of a skew of the clock, forward or back.
    pub shift_ms: i64,
}

impl<K: Weather> Storm<K> {
    /// What becomes of a request that goes by any of these names; `None`: nothing.
    pub fn strike(&mut self, names: &[&str]) -> Option<Strike<K>> {
        let is_own = |own: &String| names.iter().any(|name| own.eq_ignore_ascii_case(name));
        let meant = self.methods.is_empty() || self.methods.iter().any(is_own);
        if !meant || self.times.is_some_and(|times| self.struck >= times) {
            return None;
        }
        self.seen += 1;
        let mut random =
            fastrand::Rng::with_seed(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(self.seen));
        if random.u32(0..1000) >= self.per_mille {
            return None;
        }
        self.struck += 1;
        let kinds: &[K] = if self.kinds.is_empty() { K::ANY } else { &self.kinds };
        let far = self.shift_ms.saturating_abs();
        Some(Strike {
            kind: kinds[random.usize(..kinds.len())],
            choice: random.u64(..),
            shift_ms: random.i64(-far..=far),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storm(seed: u64) -> Storm {
        serde_json::from_value(serde_json::json!({"seed": seed, "per_mille": 200})).unwrap()
    }

    fn struck(mut storm: Storm) -> Vec<Option<Strike<FaultKind>>> {
        (0..500).map(|_| storm.strike(&["crm.item.update"])).collect()
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let first = struck(storm(7));
        assert_eq!(first, struck(storm(7)));
        assert_ne!(first, struck(storm(8)));
        let count = first.iter().flatten().count();
        assert!((60..140).contains(&count), "{count} of 500 at 200 of a thousand");
        let ways: Vec<bool> = first.iter().flatten().map(|strike| strike.shift_ms < 0).collect();
        assert!(
            ways.contains(&true) && ways.contains(&false),
            "clocks go wrong both ways"
        );
    }

    #[test]
    fn it_keeps_to_its_methods_and_its_number() {
        let mut storm = storm(1);
        storm.per_mille = 1000;
        storm.methods = vec!["crm.item.update".to_owned()];
        storm.times = Some(2);
        assert_eq!(storm.strike(&["profile"]), None);
        let struck = (0..5).filter(|_| storm.strike(&["CRM.item.update"]).is_some()).count();
        assert_eq!(struck, 2);
    }
}
