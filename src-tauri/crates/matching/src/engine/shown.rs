//! Which suggestions a person sees, in which order, and why the first of them was not posted.

use super::{CANDIDATES_MAX, LAST_RESORTS_MAX};
use crate::{
    against, candidate,
    case::Case,
    decided::{Against, Candidate},
    reasons::AgainstKind,
    several::{self, Several, Together},
    standing::Placed,
    table::{Fact, Standing},
};

/// The candidates, best first. Those that only the payer speaks for are shown where there is nothing else.
pub(super) fn shown(case: Case<'_, '_>, placed: &[Placed<'_>], several: &Several) -> Vec<Together> {
    let mut shown = several.ways.clone();
    let better = placed.iter().any(|one| !one.standing.is_last_resort());
    let last_resorts = if better || !shown.is_empty() {
        0
    } else {
        LAST_RESORTS_MAX
    };
    // Where several make up the payment, one of them alone does only if its sum does.
    let only_exact = several.is_exact();
    let singles = placed
        .iter()
        .filter(|one| !one.standing.is_last_resort() && (one.fit.is_exact() || !only_exact || !one.can_take()));
    let last = placed
        .iter()
        .filter(|one| one.standing.is_last_resort())
        .take(last_resorts);
    for one in singles.chain(last).take(CANDIDATES_MAX) {
        let mut of_one = against::against_one(one, placed, case);
        if rests_on_sum(one.standing) && several::made_up_otherwise(one.fit.slot, case) {
            of_one.push(Against::plain(AgainstKind::Tie));
        }
        let evidence = candidate::evidence_for(&one.fit, case.said, case.book);
        shown.push(Together {
            standing: one.standing,
            candidate: candidate::candidate(one, case.payment, evidence, of_one, case.book),
        });
    }
    // What the words contradict comes after what they name.
    let named_and_right = shown
        .iter()
        .any(|one| names_a_number(one.standing) && !contradicted(one));
    // Stable: lists and sets before single invoices of the same row, which keep their order; what can take no money last.
    shown.sort_by_key(|one| {
        let contradicted = named_and_right && contradicted(one);
        (one.candidate.allocations.is_empty(), contradicted, one.standing)
    });
    shown.truncate(CANDIDATES_MAX);
    shown
}

/// Whether the purpose names another customer or another share.
fn contradicted(one: &Together) -> bool {
    let contradicts = |kind| matches!(kind, AgainstKind::OtherCustomerNamed | AgainstKind::PartDiffers);
    one.candidate.against.iter().any(|reason| contradicts(reason.kind))
}

fn names_a_number(standing: Standing) -> bool {
    let names = |fact: &Fact| matches!(fact, Fact::NumberNamed | Fact::AllNamed);
    standing.row().facts.iter().any(names)
}

/// Whether no number says which invoice is meant, and the row is certain by its sum alone.
fn rests_on_sum(standing: Standing) -> bool {
    standing.is_certain() && standing.row().facts.contains(&Fact::SumNotRound)
}

pub(super) fn why_asked(candidates: &[Candidate]) -> Vec<Against> {
    let mut reasons = candidates.first().map_or_else(Vec::new, |best| best.against.clone());
    // A named number whose invoice is closed is why the next best is only asked about.
    let closed = candidates
        .iter()
        .skip(1)
        .filter(|candidate| candidate.allocations.is_empty());
    for reason in closed.flat_map(|candidate| &candidate.against) {
        let tells = matches!(
            reason.kind,
            AgainstKind::InvoicePaid | AgainstKind::InvoiceCancelled | AgainstKind::OtherCurrency
        );
        if tells && !reasons.contains(reason) {
            reasons.push(reason.clone());
        }
    }
    reasons
}
