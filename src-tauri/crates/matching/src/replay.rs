//! The past once more: what would have become of confirmed payments under other rules, or with another engine. Pure.
//!
//! Each payment is looked at as on its day, in the order of its day: with what was open then, and with the truth of the payments before it
//! posted, whatever the engine under trial would have made of them. So one change is never blamed for another's.

use domain::{Allocation, Invoice};
use serde::{Deserialize, Serialize};

use crate::{
    decided::{Decided, Verdict},
    engine::Engine,
    payment::Payment,
    policy::Policy,
};

/// Raised whenever the engine may decide otherwise than the one before: ledgers then replay their past once.
pub const ENGINE_VERSION: u32 = 5;

/// A payment with what people made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    pub payment: Payment,
    /// Empty: not a customer's payment, or an advance.
    pub confirmed: Vec<Allocation>,
}

/// How an answer stood to the truth, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Decided without a person as the person would have.
    Right,
    /// Asked, and the first suggestion was right.
    AskedRight,
    /// Asked or nothing found, and a person had to look for it.
    Asked,
    /// Decided otherwise, or a customer's payment hidden as something else.
    Wrong,
}

impl Answer {
    #[must_use]
    pub fn of(decided: &Decided, confirmed: &[Allocation]) -> Self {
        let first = decided.candidates.first().map(|first| first.allocations.as_slice());
        match decided.verdict {
            Verdict::Auto if same(&decided.allocations, confirmed) => Self::Right,
            Verdict::Auto => Self::Wrong,
            Verdict::Review if first.is_some_and(|first| same(first, confirmed)) => Self::AskedRight,
            Verdict::Review => Self::Asked,
            Verdict::None if confirmed.is_empty() => Self::Right,
            Verdict::None if decided.is_hidden() => Self::Wrong,
            Verdict::None => Self::Asked,
        }
    }
}

/// Whether two lists give the same to the same invoices.
#[must_use]
pub fn same(one: &[Allocation], other: &[Allocation]) -> bool {
    one.len() == other.len() && one.iter().all(|allocation| other.contains(allocation))
}

/// What a change does to one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Same,
    /// Nearer to the truth.
    Better,
    /// Still suggested rightly, but asked about, where it was decided rightly before. Nothing is broken by that.
    AskedNow,
    /// Wrong now, or no longer suggested rightly.
    Broken,
}

impl Change {
    #[must_use]
    pub fn between(before: Answer, after: Answer) -> Self {
        match (before, after) {
            (before, after) if before == after => Self::Same,
            (before, after) if after < before => Self::Better,
            (Answer::Right, Answer::AskedRight) => Self::AskedNow,
            _ => Self::Broken,
        }
    }
}

/// One payment under both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// The payment's id.
    pub payment: String,
    pub before: Answer,
    pub after: Answer,
    pub change: Change,
}

/// What the engine says of each past payment, in their order. `past` is by day; `invoices` as they were before all of
/// it, with all of their sum open.
#[must_use]
pub fn answers(invoices: Vec<Invoice>, past: &[Past], policy: Policy) -> Vec<(Answer, Decided)> {
    let mut engine = Engine::new(invoices, policy);
    let mut answers = Vec::with_capacity(past.len());
    for day in past.chunk_by(|one, next| one.payment.date == next.payment.date) {
        let payments: Vec<Payment> = day.iter().map(|one| one.payment.clone()).collect();
        let truth: Vec<&[Allocation]> = day.iter().map(|one| one.confirmed.as_slice()).collect();
        let decided = engine.look_at_day(&payments, &truth);
        answers.extend(
            day.iter()
                .zip(decided)
                .map(|(one, decided)| (Answer::of(&decided, &one.confirmed), decided)),
        );
    }
    answers
}

/// The past under two policies.
#[must_use]
pub fn replay(invoices: &[Invoice], past: &[Past], before: Policy, after: Policy) -> Vec<Replayed> {
    let before = answers(invoices.to_vec(), past, before);
    let after = answers(invoices.to_vec(), past, after);
    past.iter()
        .zip(before.into_iter().zip(after))
        .map(|(one, ((before, _), (after, _)))| Replayed {
            payment: one.payment.id.clone(),
            before,
            after,
            change: Change::between(before, after),
        })
        .collect()
}
