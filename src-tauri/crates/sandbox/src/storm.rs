//! Faults by a seed: every request may be struck, and the same seed strikes the same requests again.

use serde::{Deserialize, Serialize};

use crate::faults::{Fault, FaultKind};

/// Bad weather, until it has struck its number of times or is cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storm {
    pub seed: u64,
    /// How many requests of a thousand it strikes.
    pub per_mille: u32,
    /// What it may do; all that leaves the portal where it is when empty.
    #[serde(default)]
    pub kinds: Vec<FaultKind>,
    /// Whom it strikes, in any case; all methods when empty.
    #[serde(default)]
    pub methods: Vec<String>,
    /// How many requests it strikes at most.
    #[serde(default)]
    pub times: Option<u64>,
    /// Of its delays and lost answers, in milliseconds.
    #[serde(default = "short")]
    pub delay_ms: u64,
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

const ANY: [FaultKind; 14] = [
    FaultKind::TimeoutAfterCommit,
    FaultKind::CutBefore,
    FaultKind::CutAfter,
    FaultKind::Status503,
    FaultKind::Status500,
    FaultKind::Limit429,
    FaultKind::Truncated,
    FaultKind::Html,
    FaultKind::Gateway,
    FaultKind::GatewayAfter,
    FaultKind::EmptyBody,
    FaultKind::WrongType,
    FaultKind::PartialBatch,
    FaultKind::Delay,
];

impl Storm {
    /// The fault for this request, if it is struck.
    pub fn strike(&mut self, method: &str) -> Option<Fault> {
        let meant = self.methods.is_empty() || self.methods.iter().any(|own| own.eq_ignore_ascii_case(method));
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
        let kinds: &[FaultKind] = if self.kinds.is_empty() { &ANY } else { &self.kinds };
        let kind = kinds[random.usize(..kinds.len())];
        Some(Fault::once(method, kind, Some(self.delay_ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storm(seed: u64) -> Storm {
        serde_json::from_value(serde_json::json!({"seed": seed, "per_mille": 200})).unwrap()
    }

    fn struck(mut storm: Storm) -> Vec<Option<FaultKind>> {
        (0..500)
            .map(|_| storm.strike("crm.item.update").map(|fault| fault.kind))
            .collect()
    }

    #[test]
    fn the_same_seed_strikes_the_same_requests() {
        let first = struck(storm(7));
        assert_eq!(first, struck(storm(7)));
        assert_ne!(first, struck(storm(8)));
        let count = first.iter().flatten().count();
        assert!((60..140).contains(&count), "{count} of 500 at 200 of a thousand");
    }

    #[test]
    fn it_keeps_to_its_methods_and_its_number() {
        let mut storm = storm(1);
        storm.per_mille = 1000;
        storm.methods = vec!["crm.item.update".to_owned()];
        storm.times = Some(2);
        assert_eq!(storm.strike("profile"), None);
        let struck = (0..5).filter(|_| storm.strike("CRM.item.update").is_some()).count();
        assert_eq!(struck, 2);
    }
}
