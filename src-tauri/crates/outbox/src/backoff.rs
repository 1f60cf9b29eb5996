//! Exponential backoff with jitter, in integers.

use crate::jitter::Jitter;

/// The wait after the `failures`-th failure in a row: doubling from `first_ms`, never above `max_ms`, and at random in
/// the upper half of that, so that many lanes failing together do not come back together.
pub(crate) fn wait_ms(failures: u32, first_ms: u64, max_ms: u64, jitter: &mut Jitter) -> u64 {
    let max_ms = max_ms.max(1);
    let doublings = failures.saturating_sub(1);
    let full = match 1u64.checked_shl(doublings) {
        Some(factor) => first_ms.max(1).saturating_mul(factor).min(max_ms),
        None => max_ms,
    };
    let half = full / 2;
    (full - half).saturating_add(jitter.up_to(half))
}

#[cfg(test)]
mod tests {
    use super::wait_ms;
    use crate::jitter::Jitter;
    use proptest::prelude::*;

    #[test]
    fn doubles_up_to_the_maximum() {
        let mut jitter = Jitter::new(1);
        for (failures, low, high) in [
            (0, 500, 1000),
            (1, 500, 1000),
            (2, 1000, 2000),
            (5, 8000, 16_000),
            (6, 10_000, 20_000),
            (63, 10_000, 20_000),
            (64, 10_000, 20_000),
            (65, 10_000, 20_000),
            (u32::MAX, 10_000, 20_000),
        ] {
            for _ in 0..50 {
                let wait = wait_ms(failures, 1000, 20_000, &mut jitter);
                assert!((low..=high).contains(&wait), "{failures} failures: {wait}");
            }
        }
    }

    proptest! {
        #[test]
        fn is_never_zero_nor_above_the_maximum(failures: u32, first: u64, max: u64, seed: u64) {
            let wait = wait_ms(failures, first, max, &mut Jitter::new(seed));
            prop_assert!((1..=max.max(1)).contains(&wait));
        }
    }
}
