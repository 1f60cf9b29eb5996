//! Whether an answer shows the words that prove it, and no others.

use crate::{
    shape::{DecisionLine, EvidenceLine},
    truth::{PlaceOf, Proof, Truth},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    pub wanted: u64,
    pub right: u64,
    /// A number or a date is shown where the payment has none of this invoice.
    pub invented: u64,
}

/// Only of payments with one right answer; an answer that is not the right one shows nothing of it.
pub fn seen(truth: &Truth, decision: &DecisionLine, found: bool) -> Seen {
    if truth.solutions.len() != 1 {
        return Seen::default();
    }
    let wanted = truth.places.len() as u64;
    if !found {
        return Seen {
            wanted,
            ..Seen::default()
        };
    }
    let shown = |place: &PlaceOf| decision.evidence.iter().any(|evidence| shows(evidence, place));
    let is_known = |evidence: &EvidenceLine| truth.places.iter().any(|place| shows(evidence, place));
    Seen {
        wanted,
        right: truth.places.iter().filter(|place| shown(place)).count() as u64,
        invented: decision
            .evidence
            .iter()
            .filter(|evidence| proof(evidence) == Some(Proof::Number) && !is_known(evidence))
            .count() as u64,
    }
}

/// What a placed reason proves, by the words in its kind.
fn proof(evidence: &EvidenceLine) -> Option<Proof> {
    evidence.start?;
    let kind = evidence.kind.as_str();
    if kind.contains("date") {
        Some(Proof::Date)
    } else if kind.contains("inn") {
        Some(Proof::Inn)
    } else if kind.contains("number") {
        Some(Proof::Number)
    } else {
        None
    }
}

fn shows(evidence: &EvidenceLine, place: &PlaceOf) -> bool {
    let (Some(start), Some(end)) = (evidence.start, evidence.end) else {
        return false;
    };
    let of_invoice = match (&evidence.for_invoice, &place.invoice) {
        (Some(shown), Some(meant)) => shown == meant,
        _ => true,
    };
    proof(evidence) == Some(place.what)
        && of_invoice
        && (place.outer_start..=place.start).contains(&start)
        && (place.end..=place.outer_end).contains(&end)
}
