//! The budget against a model of the CRM's own counter.

use domain::Timestamp;
use outbox::{Budget, BudgetPolicy, Spent};
use proptest::prelude::*;

const T0: i64 = 1_800_000_000_000;
const CRM_CAPACITY: i64 = 50;
const CRM_DRAIN: i64 = 2;

/// Bitrix24's own counter: +1 a request, −2 at every full second, of whichever phase.
struct CrmCounter {
    phase_ms: i64,
    second: i64,
    count: i64,
}

impl CrmCounter {
    fn new(phase_ms: i64) -> Self {
        let second = (T0 + phase_ms).div_euclid(1_000);
        Self {
            phase_ms,
            second,
            count: 0,
        }
    }

    fn request(&mut self, true_ms: i64) -> i64 {
        let second = (T0 + true_ms + self.phase_ms).div_euclid(1_000);
        self.count = (self.count - CRM_DRAIN * (second - self.second)).max(0) + 1;
        self.second = second;
        self.count
    }
}

#[test]
fn is_a_burst_and_then_a_trickle() {
    let mut budget = Budget::new(BudgetPolicy::BITRIX24);
    let now = Timestamp(T0);
    for _ in 0..40 {
        assert_eq!(budget.take(now, 1), Ok(()));
    }
    assert_eq!(budget.take(now, 1), Err(Timestamp(T0 + 500)));
    assert_eq!(budget.take(now, 3), Err(Timestamp(T0 + 1_500)));
    assert_eq!(budget.take(now, 0), Ok(()));
    assert_eq!(budget.take(Timestamp(T0 + 499), 1), Err(Timestamp(T0 + 500)));
    assert_eq!(budget.take(Timestamp(T0 + 500), 1), Ok(()));
    assert_eq!(budget.take(Timestamp(T0 + 500), 1), Err(Timestamp(T0 + 1_000)));
    for _ in 0..40 {
        assert_eq!(
            budget.take(Timestamp(T0 + 60_000), 1),
            Ok(()),
            "a rest fills it, but not above the capacity"
        );
    }
    assert!(budget.take(Timestamp(T0 + 60_000), 1).is_err());
}

#[test]
fn what_one_process_took_counts_in_the_next() {
    let now = Timestamp(T0);
    let mut first = Budget::new(BudgetPolicy::BITRIX24);
    for _ in 0..30 {
        assert_eq!(first.take(now, 1), Ok(()));
    }
    let spent = first.spent(now);
    let later = Timestamp(T0 + 5_000);
    let mut second = Budget::new(BudgetPolicy::BITRIX24);
    second.go_on_from(spent, later);
    for _ in 0..20 {
        assert_eq!(second.take(later, 1), Ok(()), "ten of thirty have drained");
    }
    assert_eq!(second.take(later, 1), Err(Timestamp(T0 + 5_500)));

    second.penalise(later, 2_000);
    let spent = second.spent(later);
    let mut third = Budget::new(BudgetPolicy::BITRIX24);
    third.go_on_from(spent, Timestamp(T0 + 6_000));
    assert_eq!(third.take(Timestamp(T0 + 6_000), 1), Err(Timestamp(T0 + 7_000)));
}

#[test]
fn a_bucket_left_in_the_future_was_left_now_and_is_never_fuller_than_full() {
    let spent = Spent {
        at: Timestamp(T0 + 3_600_000),
        level_milli: u64::MAX,
        closed_for_ms: 0,
    };
    let mut budget = Budget::new(BudgetPolicy::BITRIX24);
    budget.go_on_from(spent, Timestamp(T0));
    assert_eq!(budget.take(Timestamp(T0), 1), Err(Timestamp(T0 + 500)));
}

#[test]
fn more_than_the_whole_is_the_whole() {
    for (n, left) in [(39, true), (40, false), (41, false), (u32::MAX, false)] {
        let mut budget = Budget::new(BudgetPolicy::BITRIX24);
        assert_eq!(budget.take(Timestamp(T0), n), Ok(()), "{n}");
        assert_eq!(budget.take(Timestamp(T0), 1).is_ok(), left, "{n}");
    }
}

#[test]
fn a_penalty_closes_and_empties() {
    let mut budget = Budget::new(BudgetPolicy::BITRIX24);
    budget.penalise(Timestamp(T0), 10_000);
    budget.penalise(Timestamp(T0), 1_000);
    assert_eq!(
        budget.take(Timestamp(T0), 1),
        Err(Timestamp(T0 + 10_000)),
        "the longer one counts"
    );
    assert_eq!(budget.take(Timestamp(T0 + 9_999), 1), Err(Timestamp(T0 + 10_000)));
    // Twenty have drained meanwhile, out of a full bucket.
    assert_eq!(budget.take(Timestamp(T0 + 10_000), 20), Ok(()));
    assert_eq!(budget.take(Timestamp(T0 + 10_000), 1), Err(Timestamp(T0 + 10_500)));
}

#[test]
fn rounds_up_to_a_whole_millisecond() {
    let mut budget = Budget::new(BudgetPolicy {
        capacity: 1,
        drain_per_second: 3,
        gap_ms: 0,
    });
    assert_eq!(budget.take(Timestamp(T0), 1), Ok(()));
    assert_eq!(budget.take(Timestamp(T0), 1), Err(Timestamp(T0 + 334)));
    assert!(budget.take(Timestamp(T0 + 333), 1).is_err());
    assert_eq!(budget.take(Timestamp(T0 + 334), 1), Ok(()));
}

#[test]
fn zeros_still_move() {
    let mut budget = Budget::new(BudgetPolicy {
        capacity: 0,
        drain_per_second: 0,
        gap_ms: 0,
    });
    assert_eq!(budget.take(Timestamp(T0), 1), Ok(()));
    assert_eq!(budget.take(Timestamp(T0), 1), Err(Timestamp(T0 + 1_000)));
}

#[test]
fn no_second_holds_more_than_a_crm_that_counts_seconds_grants_and_little_is_left_unused() {
    const A_SECOND: usize = 7;
    let mut budget = Budget::new(BudgetPolicy::AMOCRM);
    let mut gone = Vec::new();
    let mut now = Timestamp(T0);
    while now < Timestamp(T0 + 60_000) {
        match budget.take(now, 1) {
            Ok(()) => gone.push(now),
            Err(then) => now = then,
        }
    }
    let fits = |window: &[Timestamp]| window[A_SECOND].ms_since(window[0]) > 1_000;
    assert!(gone.windows(A_SECOND + 1).all(fits));
    assert!(gone.len() >= 60 * A_SECOND * 9 / 10, "{}", gone.len());
    // Two at once leave twice the gap.
    let mut budget = Budget::new(BudgetPolicy::AMOCRM);
    assert_eq!(budget.take(Timestamp(T0), 2), Ok(()));
    assert_eq!(budget.take(Timestamp(T0), 1), Err(Timestamp(T0 + 300)));
}

proptest! {
    /// However we ask, and however the clock is set back, the CRM never counts above its limit.
    #[test]
    fn the_crm_never_has_to_refuse(
        phase_ms in 0i64..1_000,
        asks in prop::collection::vec((0i64..3_000, 1u32..4, prop::option::weighted(0.05, 1i64..100_000)), 1..400),
        eager in any::<bool>(),
    ) {
        let mut budget = Budget::new(BudgetPolicy::BITRIX24);
        let mut crm = CrmCounter::new(phase_ms);
        let (mut true_ms, mut set_back_ms) = (0, 0);
        for (pause_ms, n, set_back) in asks {
            true_ms += if eager { pause_ms / 100 } else { pause_ms };
            set_back_ms += set_back.unwrap_or(0);
            if budget.take(Timestamp(T0 + true_ms - set_back_ms), n).is_ok() {
                for _ in 0..n {
                    let count = crm.request(true_ms);
                    prop_assert!(count <= CRM_CAPACITY, "the CRM counts {count}");
                }
            }
        }
    }

    /// The moment named is exactly the first at which the same question is answered with yes, and it is never far.
    #[test]
    fn the_moment_named_is_true(
        capacity in 1u32..60,
        drain in 1u32..9,
        asks in prop::collection::vec((0i64..2_000, 1u32..70, prop::option::weighted(0.1, 0u64..20_000)), 1..100),
    ) {
        let mut budget = Budget::new(BudgetPolicy { capacity, drain_per_second: drain, gap_ms: 0 });
        let mut now = T0;
        for (pause_ms, n, penalty_ms) in asks {
            now += pause_ms;
            if let Some(ms) = penalty_ms {
                budget.penalise(Timestamp(now), ms);
            }
            if let Err(then) = budget.take(Timestamp(now), n) {
                prop_assert!(then > Timestamp(now));
                prop_assert!(then.ms_since(Timestamp(now)) <= 20_000.max(u64::from(capacity) * 1_000 / u64::from(drain) + 1));
                prop_assert!(budget.clone().take(Timestamp(then.0 - 1), n).is_err(), "early");
                prop_assert!(budget.clone().take(then, n).is_ok(), "late");
            }
        }
    }
}
