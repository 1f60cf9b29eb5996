//! Which sums of a list make up a total exactly. Whole numbers of minor units; knows nothing of invoices.
//!
//! All subsets are looked at, by meeting in the middle: both halves of the list have at most 2^12 subsets, which are
//! joined by their sums. The work is bounded by [`SUMS_MAX`] and [`COUNTED_MAX`], whatever the sums are.

use std::cmp::Reverse;

/// Longer lists are not tried: 24 sums have 16.7 million subsets, and are done in less than a millisecond by halves of
/// 4096. With more, some subset makes up nearly any total by accident, and proves nothing.
pub const SUMS_MAX: usize = 24;
/// Subsets that make up the total are counted up to here.
pub const COUNTED_MAX: usize = 1_000;

/// A sum that has nothing to do with the list is made up by one of its subsets at most once in so many times.
pub const CHANCE_ONE_IN: i64 = 10_000;

/// What makes up the total.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sets {
    /// Places in the list, ascending: of all that were counted the best, best first. Fewer sums go before more, then
    /// those that stand earlier in the list.
    pub best: Vec<Vec<usize>>,
    /// How many subsets there are, up to [`COUNTED_MAX`].
    pub count: usize,
}

/// Every subset of `sums` (all positive) whose total is `total`, of which the best `keep` are kept.
///
/// `None`: the list is longer than [`SUMS_MAX`].
#[must_use]
pub fn sets(sums: &[i64], total: i64, keep: usize) -> Option<Sets> {
    if sums.len() > SUMS_MAX {
        return None;
    }
    if total <= 0 || sums.iter().any(|sum| *sum <= 0) {
        return Some(Sets::default());
    }
    let all = sums.iter().try_fold(0_i64, |all, sum| all.checked_add(*sum));
    if all.is_some_and(|all| all < total) {
        return Some(Sets::default());
    }
    let (front, back) = sums.split_at(sums.len() / 2);
    let mut of_front = subsets(front, total);
    of_front.sort_unstable();
    let mut found: Vec<u32> = Vec::new();
    for (sum, mask) in subsets(back, total) {
        let missing = total - sum;
        let from = of_front.partition_point(|(sum, _)| *sum < missing);
        let fitting = of_front[from..].iter().take_while(|(sum, _)| *sum == missing);
        found.extend(fitting.map(|(_, front_mask)| front_mask | (mask << front.len())));
        if found.len() > COUNTED_MAX {
            found.truncate(COUNTED_MAX);
            break;
        }
    }
    // The lowest bit is the first of the list: among masks of one size the one with earlier bits is the better one.
    found.sort_unstable_by_key(|mask| (mask.count_ones(), Reverse(mask.reverse_bits())));
    Some(Sets {
        best: found.iter().take(keep).map(|mask| places(*mask)).collect(),
        count: found.len(),
    })
}

/// Whether a total that has nothing to do with these sums (all positive) would be made up by some of them more often than
/// once in [`CHANCE_ONE_IN`].
///
/// `n` sums have `2^n` subsets, whose totals lie between nothing and the sum of all, in steps of the greatest number that
/// divides every sum: prices in whole roubles or hundreds have far fewer totals than prices with kopecks. Subsets by
/// steps is the chance that a total which is a whole number of steps is hit.
#[must_use]
pub fn may_be_chance(sums: &[i64], total: i64) -> bool {
    let step = sums.iter().fold(total, |step, sum| divisor(step, *sum)).max(1);
    let all = sums.iter().fold(0_i64, |all, sum| all.saturating_add(*sum));
    let subsets = u32::try_from(sums.len())
        .ok()
        .and_then(|count| 2_i64.checked_pow(count));
    subsets
        .and_then(|subsets| subsets.checked_mul(CHANCE_ONE_IN))
        .is_none_or(|needed| needed > all / step)
}

/// The greatest that divides both.
fn divisor(mut one: i64, mut other: i64) -> i64 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// The subsets of up to [`SUMS_MAX`] / 2 sums that do not go over the total, with their sums.
fn subsets(sums: &[i64], total: i64) -> Vec<(i64, u32)> {
    let mut subsets = vec![(0, 0)];
    for (at, sum) in sums.iter().enumerate() {
        for known in 0..subsets.len() {
            let (so_far, mask) = subsets[known];
            if let Some(more) = i64::checked_add(so_far, *sum).filter(|more| *more <= total) {
                subsets.push((more, mask | (1 << at)));
            }
        }
    }
    subsets
}

fn places(mask: u32) -> Vec<usize> {
    (0..SUMS_MAX).filter(|at| mask & (1 << at) != 0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_sets_are_counted_and_the_smallest_stand_first() {
        let found = sets(&[100, 200, 300, 400, 500], 500, 3).unwrap();
        assert_eq!(found.best, [vec![4], vec![0, 3], vec![1, 2]]);
        assert_eq!(found.count, 3);
    }

    #[test]
    fn equal_sums_are_taken_from_the_front() {
        let found = sets(&[4500; 12], 9000, 2).unwrap();
        assert_eq!(found.best, [vec![0, 1], vec![0, 2]]);
        assert_eq!(found.count, 66);
    }

    #[test]
    fn the_work_is_bounded() {
        let found = sets(&[1; SUMS_MAX], 12, 3).unwrap();
        assert_eq!(found.count, COUNTED_MAX);
        assert_eq!(sets(&[1; SUMS_MAX + 1], 12, 3), None);
    }

    #[test]
    fn strange_sums_make_up_nothing() {
        for (sums, total) in [
            (&[i64::MAX, i64::MAX][..], i64::MAX - 1),
            (&[1, 2], 0),
            (&[1, 2], -3),
            (&[-1, 4], 3),
            (&[], 5),
        ] {
            assert_eq!(sets(sums, total, 3), Some(Sets::default()), "{sums:?}");
        }
        assert_eq!(sets(&[i64::MAX, i64::MAX], i64::MAX, 3).unwrap().count, 2);
    }

    #[test]
    fn many_or_round_sums_agree_by_chance() {
        let kopecks = [1_234_567, 2_345_678, 3_456_781, 4_567_812];
        assert!(!may_be_chance(&kopecks, 3_580_245));
        let hundreds = kopecks.map(|sum| sum / 10_000 * 10_000);
        assert!(may_be_chance(&hundreds, 3_570_000));
        let many: Vec<i64> = (0..16).map(|at| 1_234_567 + at * 100_003).collect();
        assert!(may_be_chance(&many, 3_580_245));
        assert!(may_be_chance(&[i64::MAX; 64], 7));
        assert!(may_be_chance(&[], 7));
    }

    proptest! {
        #[test]
        fn nothing_is_missed_and_nothing_invented(list in proptest::collection::vec(1..12_i64, 0..10), total in 1..40_i64) {
            let found = sets(&list, total, usize::MAX).unwrap();
            let all = (1_u32..1 << list.len()).filter(|mask| {
                places(*mask).iter().map(|at| list[*at]).sum::<i64>() == total
            });
            prop_assert_eq!(found.count, all.count());
            prop_assert_eq!(found.best.len(), found.count);
            for set in &found.best {
                prop_assert_eq!(set.iter().map(|at| list[*at]).sum::<i64>(), total);
            }
        }
    }
}
