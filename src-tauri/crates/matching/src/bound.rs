//! What a record of decisions proves: the upper bound of the share of wrong ones, with the confidence it is said with.
//!
//! The bound is the exact one of Clopper and Pearson, one-sided: the largest share of wrong decisions with which a
//! record as good as this one would still be seen in one case of twenty. With `n` decisions and none undone that is
//! `1 - 0.05^(1/n)` (about `3/n`: the rule of three). It says what the record proves, and not what is likely.
//!
//! Exact decimals throughout, no floating point: the same bound on every machine.

use rust_decimal::Decimal;

/// The bound is given in steps of 0.01 per cent, rounded up: a bound that is rounded down is none.
pub const STEPS: u32 = 10_000;
/// 5 per cent: how often a record this good comes about though the share is at the bound.
const DOUBT: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// The largest share of wrong decisions, from 0.0001 to 1, that `undone` wrong ones of `decisions` leave possible, with
/// 95 per cent confidence. Nothing decided proves nothing: 1.
#[must_use]
pub fn upper_bound(decisions: u32, undone: u32) -> Decimal {
    if undone >= decisions {
        return Decimal::ONE;
    }
    // The chance of a record this good falls as the share of wrong ones rises.
    let (mut possible, mut refuted) = (0, STEPS);
    while refuted - possible > 1 {
        let middle = possible + (refuted - possible) / 2;
        if chance(decisions, undone, share(middle)) <= DOUBT {
            refuted = middle;
        } else {
            possible = middle;
        }
    }
    share(refuted)
}

fn share(steps: u32) -> Decimal {
    Decimal::from(steps) / Decimal::from(STEPS)
}

/// The chance of at most `undone` wrong ones among `decisions`, each wrong with the chance `wrong` (above 0, below 1).
fn chance(decisions: u32, undone: u32, wrong: Decimal) -> Decimal {
    let right = Decimal::ONE - wrong;
    let odds = wrong / right;
    let mut term = Small::power(right, decisions);
    let mut sum = Decimal::ZERO;
    for wrong_ones in 0..=undone {
        sum += term.value();
        let ways = Decimal::from(decisions - wrong_ones) / Decimal::from(wrong_ones + 1);
        term = term.times(ways).times(odds);
    }
    sum
}

/// A number from 0 to 1 that may have hundreds of zeros after the point, where a decimal has room for 28 digits:
/// `digits / 10^zeros`, the digits about 1.
#[derive(Clone, Copy)]
struct Small {
    digits: Decimal,
    zeros: u32,
}

impl Small {
    /// Beyond this many zeros nothing adds up to a hundredth of a hundredth.
    const ZEROS_KEPT_MAX: u32 = 27;

    /// By squaring.
    fn power(base: Decimal, exponent: u32) -> Self {
        let mut power = Self {
            digits: Decimal::ONE,
            zeros: 0,
        };
        let mut square = Self { digits: base, zeros: 0 }.scaled();
        let mut left = exponent;
        while left > 0 {
            if left % 2 == 1 {
                power = power.with(square);
            }
            square = square.with(square);
            left /= 2;
        }
        power
    }

    fn with(self, other: Self) -> Self {
        Self {
            digits: self.digits * other.digits,
            zeros: self.zeros.saturating_add(other.zeros),
        }
        .scaled()
    }

    /// By a factor of at most a few billions.
    fn times(self, factor: Decimal) -> Self {
        Self {
            digits: self.digits * factor,
            ..self
        }
        .scaled()
    }

    fn scaled(mut self) -> Self {
        while !self.digits.is_zero() && self.digits < Decimal::ONE {
            self.digits *= Decimal::TEN;
            self.zeros = self.zeros.saturating_add(1);
        }
        while self.digits >= Decimal::TEN && self.zeros > 0 {
            self.digits /= Decimal::TEN;
            self.zeros -= 1;
        }
        self
    }

    fn value(self) -> Decimal {
        if self.zeros > Self::ZEROS_KEPT_MAX {
            return Decimal::ZERO;
        }
        (0..self.zeros).fold(self.digits, |value, _| value / Decimal::TEN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn per_10_000(decisions: u32, undone: u32) -> u32 {
        let steps = upper_bound(decisions, undone) * Decimal::from(STEPS);
        steps.normalize().to_string().parse().unwrap()
    }

    /// `share^n <= 0.05` in whole numbers of any size, as digits to the base of a billion.
    fn refuted(decisions: u32, wrong: u32) -> bool {
        let multiplied = |digits: &mut Vec<u64>, factor: u64| {
            let mut carry = 0;
            for digit in digits.iter_mut() {
                let product = *digit * factor + carry;
                *digit = product % 1_000_000_000;
                carry = product / 1_000_000_000;
            }
            if carry > 0 {
                digits.push(carry);
            }
        };
        let (mut right, mut all) = (vec![20], vec![1]);
        for _ in 0..decisions {
            multiplied(&mut right, u64::from(STEPS - wrong));
            multiplied(&mut all, u64::from(STEPS));
        }
        right
            .len()
            .cmp(&all.len())
            .then_with(|| right.iter().rev().cmp(all.iter().rev()))
            .is_le()
    }

    #[test]
    fn without_a_reversal_the_bound_is_the_formula_rounded_up() {
        for decisions in [1, 2, 3, 12, 29, 59, 60, 312, 1000, 5000] {
            let bound = per_10_000(decisions, 0);
            assert!(refuted(decisions, bound), "{decisions}: {bound}");
            assert!(
                !refuted(decisions, bound - 1),
                "{decisions}: {bound} is not the smallest"
            );
        }
        assert_eq!(
            [per_10_000(312, 0), per_10_000(29, 0), per_10_000(1, 0)],
            [96, 982, 9500]
        );
    }

    #[test]
    fn with_reversals_the_bound_is_the_table_of_clopper_and_pearson() {
        // One-sided 95 per cent, as any table of the binomial distribution gives them.
        assert_eq!(
            [per_10_000(10, 1), per_10_000(20, 1), per_10_000(100, 5)],
            [3942, 2162, 1023]
        );
        assert_eq!(per_10_000(2000, 1000), 5187);
    }

    #[test]
    fn nothing_decided_proves_nothing() {
        assert_eq!(upper_bound(0, 0), Decimal::ONE);
        assert_eq!(upper_bound(3, 3), Decimal::ONE);
        assert_eq!(upper_bound(3, 4), Decimal::ONE);
    }

    #[test]
    fn more_right_decisions_prove_more_and_a_wrong_one_less() {
        for decisions in [5, 50, 500, 5000] {
            assert!(upper_bound(decisions + 5, 0) <= upper_bound(decisions, 0));
            assert!(upper_bound(decisions, 1) > upper_bound(decisions, 0));
        }
        assert!(upper_bound(u32::MAX, 0) > Decimal::ZERO);
    }
}
