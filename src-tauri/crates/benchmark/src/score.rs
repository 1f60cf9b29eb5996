//! Judges answers by the truth: what was posted rightly and wrongly, what was found, what it cost.

use crate::{
    class::{CLASSES, Class, named},
    cost::cost,
    places,
    shape::{AllocationLine, DecisionLine, Verdict},
    truth::{Autonomy, Truth},
};

/// A person looks at so many suggestions.
pub const SHOWN: usize = 3;

/// Counts of one class, or of all. Every figure is a part of another, so nothing here is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    pub payments: u64,
    pub automatic: u64,
    /// Posted where it does not belong.
    pub wrong: u64,
    /// Posted rightly, where nobody could know.
    pub guessed: u64,
    pub decidable: u64,
    /// Of the decidable: posted, and rightly.
    pub decided: u64,
    /// With one right answer.
    pub answerable: u64,
    pub first: u64,
    pub within: u64,
    pub ties: u64,
    /// Ties of which every solution is among the first three.
    pub ties_shown: u64,
    /// Places of proofs that were to be shown, plus those shown where none is.
    pub places: u64,
    pub places_right: u64,
    pub strangers: u64,
    /// No customer's money, said so with the right reason.
    pub strangers_right: u64,
    pub cost: u64,
    /// What it would cost to post every payment wrongly.
    pub cost_worst: u64,
}

impl Score {
    pub fn add(&mut self, other: &Self) {
        self.payments += other.payments;
        self.automatic += other.automatic;
        self.wrong += other.wrong;
        self.guessed += other.guessed;
        self.decidable += other.decidable;
        self.decided += other.decided;
        self.answerable += other.answerable;
        self.first += other.first;
        self.within += other.within;
        self.ties += other.ties;
        self.ties_shown += other.ties_shown;
        self.places += other.places;
        self.places_right += other.places_right;
        self.strangers += other.strangers;
        self.strangers_right += other.strangers_right;
        self.cost += other.cost;
        self.cost_worst += other.cost_worst;
    }

    /// Automatic decisions that were right and allowed.
    #[must_use]
    pub fn right(&self) -> u64 {
        self.automatic - self.wrong - self.guessed
    }
}

/// Class by class, in the order of [`CLASSES`].
#[derive(Debug, Clone)]
pub struct Scores {
    classes: Vec<Score>,
}

impl Default for Scores {
    fn default() -> Self {
        Self {
            classes: vec![Score::default(); CLASSES.len()],
        }
    }
}

impl Scores {
    /// # Panics
    /// When the truth is of a class that does not exist.
    pub fn judge(&mut self, truth: &Truth, decision: &DecisionLine) -> Outcome {
        let class = named(&truth.class);
        let at = CLASSES
            .iter()
            .position(|one| one.name == class.name)
            .unwrap_or_default();
        let outcome = Outcome::of(truth, decision);
        self.classes[at].add(&outcome.score(truth, decision, class));
        outcome
    }

    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.classes.iter_mut().zip(&other.classes) {
            mine.add(theirs);
        }
    }

    pub fn by_class(&self) -> impl Iterator<Item = (&'static Class, &Score)> {
        CLASSES.iter().zip(&self.classes)
    }

    #[must_use]
    pub fn whole(&self) -> Score {
        let mut whole = Score::default();
        for score in &self.classes {
            whole.add(score);
        }
        whole
    }
}

/// What an answer amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub posting: Posting,
    /// Among the suggestions, counted from 0, the first that is a solution. What was posted is the first suggestion.
    pub found: Option<usize>,
    pub all_shown: bool,
    /// Said to be no customer's payment, for a right reason.
    pub reason_right: bool,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posting {
    Nothing,
    Right,
    /// Right, but nobody could know.
    Guessed,
    Wrong,
}

impl Outcome {
    fn of(truth: &Truth, decision: &DecisionLine) -> Self {
        let suggestions = suggestions(decision);
        let solutions: Vec<Vec<AllocationLine>> = truth.solutions.iter().map(|way| sorted(way)).collect();
        let is_solution = |way: &Vec<AllocationLine>| solutions.contains(way);
        let posting = if decision.decision != Verdict::Auto {
            Posting::Nothing
        } else if !is_solution(&sorted(&decision.allocations)) {
            Posting::Wrong
        } else if truth.autonomy == Autonomy::Forbidden {
            Posting::Guessed
        } else {
            Posting::Right
        };
        let shown = &suggestions[..suggestions.len().min(SHOWN)];
        Self {
            posting,
            found: suggestions.iter().position(is_solution),
            all_shown: solutions.iter().all(|way| shown.contains(way)),
            reason_right: decision.decision == Verdict::None
                && decision
                    .evidence
                    .iter()
                    .any(|evidence| truth.reasons.contains(&evidence.kind)),
            verdict: decision.decision,
        }
    }

    fn score(&self, truth: &Truth, decision: &DecisionLine, class: &Class) -> Score {
        let count = u64::from;
        let automatic = self.verdict == Verdict::Auto;
        let decidable = truth.autonomy == Autonomy::Decidable;
        let answerable = truth.solutions.len() == 1;
        let strangers = !truth.reasons.is_empty();
        let first = answerable && self.found == Some(0);
        let seen = places::seen(truth, decision, first);
        Score {
            payments: 1,
            automatic: count(automatic),
            wrong: count(self.posting == Posting::Wrong),
            guessed: count(self.posting == Posting::Guessed),
            decidable: count(decidable),
            decided: count(decidable && self.posting == Posting::Right),
            answerable: count(answerable),
            first: count(first),
            within: count(answerable && self.found.is_some_and(|at| at < SHOWN)),
            ties: count(truth.is_tie()),
            ties_shown: count(truth.is_tie() && self.all_shown),
            places: seen.wanted + seen.invented,
            places_right: seen.right,
            strangers: count(strangers),
            strangers_right: count(strangers && self.reason_right),
            cost: u64::from(cost(truth, self, class.severity)),
            cost_worst: u64::from(class.severity),
        }
    }
}

fn sorted(way: &[AllocationLine]) -> Vec<AllocationLine> {
    let mut way = way.to_vec();
    way.sort();
    way
}

/// What was posted, then the candidates by rank, each way once.
fn suggestions(decision: &DecisionLine) -> Vec<Vec<AllocationLine>> {
    let mut candidates: Vec<_> = decision.candidates.iter().collect();
    candidates.sort_by_key(|candidate| candidate.rank);
    let posted = (decision.decision == Verdict::Auto).then(|| sorted(&decision.allocations));
    let mut ways: Vec<Vec<AllocationLine>> = Vec::new();
    for way in posted
        .into_iter()
        .chain(candidates.into_iter().map(|one| sorted(&one.allocations)))
    {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    if decision.decision == Verdict::None {
        Vec::new()
    } else {
        ways
    }
}
