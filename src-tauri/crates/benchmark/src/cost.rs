//! What an answer costs. One is the minute of an accountant who is asked about what a machine could have decided; the
//! rest is counted in such minutes.

use crate::{
    score::{Outcome, Posting, SHOWN},
    shape::Verdict,
    truth::{Autonomy, Truth},
};

/// The right answer is shown, but not first.
const NOT_FIRST: u32 = 2;
/// It is not among the three that are looked at.
const NOT_SHOWN: u32 = 5;
/// A customer's payment that has an answer is put aside as nobody's.
const PUT_ASIDE: u32 = 10;
/// Somebody is asked to which invoice a loan belongs.
const ASKED_IN_VAIN: u32 = 3;

pub fn cost(truth: &Truth, outcome: &Outcome, severity: u32) -> u32 {
    match outcome.posting {
        Posting::Wrong => return severity,
        // The next such guess is wrong.
        Posting::Guessed => return severity / 2,
        Posting::Right => return 0,
        Posting::Nothing => {}
    }
    if !truth.reasons.is_empty() {
        return match outcome.verdict {
            Verdict::None if outcome.reason_right => 0,
            Verdict::None => 1,
            _ => ASKED_IN_VAIN,
        };
    }
    if truth.solutions.is_empty() {
        return 0;
    }
    if outcome.verdict == Verdict::None {
        return PUT_ASIDE;
    }
    let found = if truth.is_tie() {
        outcome.all_shown.then_some(0)
    } else {
        outcome.found
    };
    let asked = u32::from(truth.autonomy == Autonomy::Decidable);
    match found {
        Some(0) => asked,
        Some(at) if at < SHOWN => NOT_FIRST,
        _ => NOT_SHOWN,
    }
}
