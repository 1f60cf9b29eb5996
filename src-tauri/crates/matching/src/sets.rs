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

/// What makes up the total.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sets {
    /// Places in the list, ascending: of all that were counted the best, best first. Fewer sums go before more, then
    /// those that stand earlier in the list.
    pub best: Vec<Vec<usize>>,
    /// How many subsets there are, up to [`COUNTED_MAX`].
    pub count: usize,
}

/// Whether some subset of these sums is likely to make up a total that has nothing to do with them: when there are over a
/// thousandth as many subsets as there are different totals that the sums could have.
#[must_use]
pub fn agree_by_chance(sums: &[i64]) -> bool {
    const ONE_IN: u128 = 1_000;
    let step = sums
        .iter()
        .fold(0_u64, |step, sum| greatest_divisor(step, sum.unsigned_abs()));
    let all: u128 = sums.iter().map(|sum| u128::from(sum.unsigned_abs())).sum();
    let subsets = 1_u128 << sums.len().min(SUMS_MAX + 1);
    subsets * u128::from(step) * ONE_IN > all
}

fn greatest_divisor(one: u64, other: u64) -> u64 {
    if other == 0 {
        one
    } else {
        greatest_divisor(other, one % other)
    }
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

/// Of a list that is too long for [`sets`]: all of it, or two of it that make up the total.
#[must_use]
pub fn all_or_two(sums: &[i64], total: i64, keep: usize) -> Sets {
    let mut found = Sets::default();
    if sums.iter().try_fold(0_i64, |all, sum| all.checked_add(*sum)) == Some(total) {
        found.best.push((0..sums.len()).collect());
        found.count = 1;
    }
    for (at, one) in sums.iter().enumerate() {
        for (other, sum) in sums.iter().enumerate().skip(at + 1) {
            if one.checked_add(*sum) == Some(total) && found.count < COUNTED_MAX {
                found.count += 1;
                if found.best.len() < keep {
                    found.best.push(vec![at, other]);
                }
            }
        }
    }
    found
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
    fn many_sums_and_multiples_agree_by_chance() {
        let in_kopecks: Vec<i64> = (1..=8).map(|at| at * 1_234_567 + 89).collect();
        assert!(!agree_by_chance(&in_kopecks));
        let in_steps: Vec<i64> = (1..=8).map(|at| at * 50_000).collect();
        assert!(agree_by_chance(&in_steps));
        assert!(agree_by_chance(
            &(0..SUMS_MAX as i64).map(|at| at * 1_234_567 + 89).collect::<Vec<_>>()
        ));
        assert!(!agree_by_chance(&[1_100_037, 2_050_055]));
    }

    #[test]
    fn the_work_is_bounded() {
        let found = sets(&[1; SUMS_MAX], 12, 3).unwrap();
        assert_eq!(found.count, COUNTED_MAX);
        assert_eq!(sets(&[1; SUMS_MAX + 1], 12, 3), None);
    }

    #[test]
    fn of_many_sums_all_and_two_are_tried() {
        let sums: Vec<i64> = (1..=40).collect();
        assert_eq!(all_or_two(&sums, 820, 3).best, [(0..40).collect::<Vec<_>>()]);
        let two = all_or_two(&sums, 5, 3);
        assert_eq!((two.best, two.count), (vec![vec![0, 3], vec![1, 2]], 2));
        assert_eq!(all_or_two(&sums, 80, 3), Sets::default());
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
