//! The best of all programs: it answers the truth.

use benchmark::{
    shape::{CandidateLine, DecisionLine, EvidenceLine, Verdict},
    truth::{Autonomy, Proof, Truth},
};

pub fn answer(truth: &Truth) -> DecisionLine {
    let evidence: Vec<EvidenceLine> = truth
        .places
        .iter()
        .map(|place| EvidenceLine {
            kind: match place.what {
                Proof::Number => "invoice_number",
                Proof::Date => "invoice_date",
                Proof::Inn => "customer_inn_in_text",
            }
            .to_owned(),
            text: None,
            start: Some(place.start),
            end: Some(place.end),
            for_invoice: place.invoice.clone(),
        })
        .chain(truth.reasons.first().map(|reason| EvidenceLine::plain(reason)))
        .collect();
    let candidates: Vec<CandidateLine> = (1..)
        .zip(&truth.solutions)
        .map(|(rank, way)| CandidateLine {
            allocations: way.clone(),
            rank,
            evidence: Vec::new(),
        })
        .collect();
    let decision = match (truth.autonomy, candidates.is_empty()) {
        (Autonomy::Decidable, _) => Verdict::Auto,
        (_, true) => Verdict::None,
        (_, false) => Verdict::Review,
    };
    let posted = truth.solutions.first().filter(|_| decision == Verdict::Auto);
    DecisionLine {
        payment: truth.payment.clone(),
        decision,
        allocations: posted.cloned().unwrap_or_default(),
        remainder: None,
        evidence,
        against: Vec::new(),
        candidates,
    }
}
