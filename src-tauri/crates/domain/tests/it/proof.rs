use domain::{DayCheck, Money, Proof};
use proptest::prelude::*;

use crate::sample::{day, roubles};

fn check(opening: Option<i64>, credits: i64, debits: i64, closing: Option<i64>) -> DayCheck {
    DayCheck {
        date: Some(day("2026-11-20")),
        opening: opening.map(roubles),
        closing: closing.map(roubles),
        credits: None,
        debits: None,
        counted_credits: roubles(credits),
        counted_debits: roubles(debits),
    }
}

fn broken(difference: Money) -> Proof {
    Proof::Broken {
        day: Some(day("2026-11-20")),
        difference,
    }
}

#[test]
fn balances_prove_break_or_keep_silent() {
    assert_eq!(check(Some(100), 200, 50, Some(250)).proof(), Proof::Proven);
    assert_eq!(check(Some(-100), 50, 0, Some(-50)).proof(), Proof::Proven);
    assert_eq!(check(Some(100), 200, 50, Some(251)).proof(), broken(roubles(1)));
    assert_eq!(check(None, 200, 50, Some(250)).proof(), Proof::Silent);
    assert_eq!(check(Some(100), 200, 50, None).proof(), Proof::Silent);
    assert_eq!(Proof::Silent.as_flag(), None);
}

#[test]
fn a_turnover_that_disagrees_breaks_by_itself() {
    let silent = DayCheck {
        credits: Some(roubles(199)),
        ..check(None, 200, 50, None)
    };
    assert_eq!(silent.proof(), broken(roubles(-1)));
    let balanced = DayCheck {
        debits: Some(roubles(40)),
        ..check(Some(100), 200, 50, Some(250))
    };
    assert_eq!(balanced.proof(), broken(roubles(-10)));
}

#[test]
fn a_sum_that_does_not_fit_is_broken_not_a_panic() {
    assert!(matches!(
        check(Some(i64::MAX), 1, 0, Some(0)).proof(),
        Proof::Broken { .. }
    ));
}

proptest! {
    #[test]
    fn what_adds_up_is_proven_and_a_kopeck_breaks_it(
        opening in -1_000_000_000_i64..1_000_000_000, credits in 0..1_000_000_000_i64, debits in 0..1_000_000_000_i64,
    ) {
        let closing = opening + credits - debits;
        prop_assert_eq!(check(Some(opening), credits, debits, Some(closing)).proof(), Proof::Proven);
        prop_assert_eq!(check(Some(opening), credits, debits, Some(closing + 1)).proof(), broken(roubles(1)));
    }
}
