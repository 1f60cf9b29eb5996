//! Matching over the ledger: what is undecided is proposed anew, and what is certain is decided.

use std::sync::PoisonError;

use domain::{Allocation, Decision, DecisionId, DecisionKind, EntryId, Money, Text};
use matching::{Caps, Decided, Engine, Evidence, EvidenceKind, Hold, PayerKey, Payment, Policy, Verdict};
use serde::{Deserialize, Serialize};
use store::{LedgerEntry, ProposalRow, StoreError};

use crate::{
    behind::{Behind, behind},
    companies::OwnBook,
    decide::Ruling,
    failure::{Failure, broken_json},
    session::Session,
    wire::{Mark, Words},
};

/// What a proposal said, as it is kept beside the entry and, once decided, with the decision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proposed {
    pub marks: Vec<MarkKept>,
    pub reasons: Vec<Text>,
    pub against: Vec<Text>,
    pub candidates: Vec<CandidateKept>,
    /// What a confirmation of the first candidate counts for.
    #[serde(default)] // proposals made before anything could be earned
    pub class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MarkKept {
    pub start: usize,
    pub end: usize,
    pub kind: String,
    pub says: Text,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CandidateKept {
    pub allocations: Vec<Allocation>,
    pub remainder: Money,
    pub reasons: Vec<Text>,
    pub against: Vec<Text>,
    /// null for the first.
    #[serde(default)] // proposals made before it was said
    pub behind: Option<Behind>,
}

/// What a run of the engine came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchReport {
    pub automatic: u64,
    pub review: u64,
    pub none: u64,
}

impl Session {
    /// Proposes for every undecided credit, in the order of the days, and decides what is certain.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn match_new(&self) -> Result<MatchReport, Failure> {
        let _one_at_a_time = self.matching.lock().unwrap_or_else(PoisonError::into_inner);
        let undecided = self.ledger.undecided_credits()?;
        let complete = self.invoices_complete()?;
        let own = self.own_book()?;
        let policy = self.policy(&own)?;
        let mut engine = Engine::new(self.matchable(&own)?, policy.clone());
        let mut report = MatchReport::default();
        let mut rows = Vec::new();
        let payments: Vec<Payment> = undecided.iter().map(|entry| payment(entry, complete)).collect();
        // What came on one day is decided together, so that the order of a statement's lines changes nothing.
        let answers: Vec<Decided> = payments
            .chunk_by(|one, next| one.date == next.date)
            .flat_map(|day| engine.decide_day(day))
            .collect();
        for ((entry, seen), decided) in undecided.iter().zip(&payments).zip(answers) {
            match decided.verdict {
                Verdict::Auto => {
                    if self.decide_automatically(entry, &decided, &why_automatic(&decided, seen, &policy))? {
                        report.automatic += 1;
                        rows.push(row(entry, &decided, store::Verdict::Auto)?);
                    }
                }
                Verdict::Review => {
                    report.review += 1;
                    rows.push(row(entry, &decided, store::Verdict::Review)?);
                }
                Verdict::None => {
                    report.none += 1;
                    let verdict = if decided.is_hidden() {
                        store::Verdict::Stranger
                    } else {
                        store::Verdict::None
                    };
                    rows.push(row(entry, &decided, verdict)?);
                }
            }
        }
        self.ledger.save_proposals(&rows)?;
        if report.automatic > 0 {
            self.deliver_bell.notify_one();
        }
        Ok(report)
    }

    /// `false`: another process was faster; what it wrote stands, and the next run sees it.
    fn decide_automatically(&self, entry: &LedgerEntry, decided: &Decided, why: &Why) -> Result<bool, Failure> {
        let mut proposed = Proposed::of(decided, entry.entry.amount);
        proposed.reasons.extend(why.record.clone());
        let decision = Decision {
            id: DecisionId(self.host.new_id()),
            entry: entry.id.clone(),
            kind: DecisionKind::Allocated,
            allocations: decided.allocations.clone(),
            actor: domain::Actor::Rule { name: why.name.clone() },
            at: self.host.now(),
            evidence: serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?,
        };
        match self.record(&Ruling {
            decision,
            entry: entry.clone(),
            class: counted_class(decided),
            agreed: true,
        }) {
            Ok(()) => Ok(true),
            Err(
                StoreError::EntryAlreadyDecided { .. }
                | StoreError::OverAllocated { .. }
                | StoreError::InvoiceCancelled { .. }
                | StoreError::CurrencyMismatch { .. }
                | StoreError::AccountBlocked { .. },
            ) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn policy(&self, own: &OwnBook) -> Result<Policy, Failure> {
        let (facts, habits) = self.learned()?;
        Ok(Policy {
            own: own.for_engine(),
            facts,
            habits,
            rejected: self.rejected()?,
            rules: self.compiled_rules()?,
            autonomy: self.autonomy()?,
            caps: Caps {
                automatic_sum: self.automatic_cap()?,
            },
        })
    }

    pub(crate) fn proposed(&self, json: Option<&str>) -> Proposed {
        // A proposal is a cache: one of another version is made anew by the next run.
        json.and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default()
    }
}

/// What a person's confirmation of the first candidate counts for.
fn counted_class(decided: &Decided) -> Option<String> {
    decided.class.filter(|_| decided.earns).map(ToOwned::to_owned)
}

/// In whose name a machine decides.
struct Why {
    name: String,
    /// The payer's record, where it is by that.
    record: Option<Text>,
}

fn why_automatic(decided: &Decided, payment: &Payment, policy: &Policy) -> Why {
    let says = |kind: EvidenceKind| decided.evidence.iter().any(|one| one.kind == kind);
    let record = PayerKey::of(&payment.payer)
        .filter(|_| says(EvidenceKind::Earned))
        .and_then(|payer| policy.autonomy.record(&payer).map(matching::autonomy::Record::text));
    let rule = policy
        .rules
        .place_of(payment)
        .and_then(|at| policy.rules.specs().nth(at));
    Why {
        name: match (&record, rule) {
            (_, Some(rule)) => rule.name.clone(),
            (Some(_), None) => "подтверждено по этому плательщику".to_owned(),
            (None, None) => "плательщик + номер + сумма".to_owned(),
        },
        record,
    }
}

pub(crate) fn payment(entry: &LedgerEntry, invoices_complete: bool) -> Payment {
    let hold = if entry.undone {
        Some(Hold::Undone)
    } else if entry.blocked {
        Some(Hold::Unproven)
    } else if !invoices_complete {
        Some(Hold::InvoicesIncomplete)
    } else {
        None
    };
    Payment {
        id: entry.id.0.clone(),
        date: entry.entry.booked,
        amount: entry.entry.amount,
        payer: entry.entry.counterparty.clone(),
        purpose: entry.entry.purpose.clone(),
        direction: entry.entry.direction,
        kind: entry.entry.kind.clone(),
        number: entry.entry.number.clone(),
        own_account: Some(entry.account.clone()),
        reversal: entry.entry.reversal,
        hold,
    }
}

fn row(entry: &LedgerEntry, decided: &Decided, verdict: store::Verdict) -> Result<ProposalRow, Failure> {
    let proposed = Proposed::of(decided, entry.entry.amount);
    Ok(ProposalRow {
        entry: entry.id.clone(),
        verdict,
        reason: serde_json::to_string(&short_reason(decided)).map_err(|error| broken_json(&error))?,
        json: serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?,
    })
}

/// One line for the list: for a review what is missing, for a stranger what it is.
fn short_reason(decided: &Decided) -> Text {
    let against = decided.against.first().map(|against| against.text.clone());
    let evidence = decided.evidence.first().map(|evidence| evidence.kind.text());
    let chosen = match decided.verdict {
        Verdict::Auto => evidence,
        Verdict::Review => against.or(evidence),
        Verdict::None => evidence.or(against),
    };
    chosen.unwrap_or_else(|| Text::new("подходящего счёта нет", "no invoice fits"))
}

impl Proposed {
    fn of(decided: &Decided, paid: Money) -> Self {
        let marks = decided
            .evidence
            .iter()
            .chain(decided.candidates.iter().flat_map(|one| &one.evidence));
        let mut kept: Vec<MarkKept> = marks.filter_map(mark).collect();
        kept.sort_by_key(|mark| (mark.start, mark.end));
        kept.dedup_by(|a, b| a.start == b.start && a.end == b.end);
        Self {
            marks: kept,
            class: counted_class(decided),
            reasons: reasons(&decided.evidence),
            against: decided.against.iter().map(|against| against.text.clone()).collect(),
            candidates: decided
                .candidates
                .iter()
                .enumerate()
                .map(|(at, candidate)| CandidateKept {
                    remainder: remainder(paid, &candidate.allocations),
                    allocations: candidate.allocations.clone(),
                    reasons: reasons(&candidate.evidence),
                    against: candidate.against.iter().map(|against| against.text.clone()).collect(),
                    behind: decided
                        .candidates
                        .first()
                        .filter(|_| at > 0)
                        .map(|first| behind(first, candidate)),
                })
                .collect(),
        }
    }

    pub(crate) fn marks(&self) -> Vec<Mark> {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.marks
            .iter()
            .map(|mark| Mark {
                start: place(mark.start),
                end: place(mark.end),
                kind: mark.kind.clone(),
                says: mark.says.clone().into(),
            })
            .collect()
    }
}

/// What of the payment stays unallocated; the engine never allocates more than there is.
fn remainder(paid: Money, allocations: &[Allocation]) -> Money {
    let left = allocations
        .iter()
        .try_fold(paid, |left, one| left.checked_sub(one.amount));
    left.unwrap_or(Money::zero(paid.currency()))
}

fn mark(evidence: &Evidence) -> Option<MarkKept> {
    Some(MarkKept {
        start: evidence.start?,
        end: evidence.end?,
        kind: serde_json::to_value(evidence.kind).ok()?.as_str()?.to_owned(),
        says: evidence.kind.text(),
    })
}

fn reasons(evidence: &[Evidence]) -> Vec<Text> {
    let mut reasons: Vec<Text> = Vec::new();
    for text in evidence.iter().map(sentence) {
        if !reasons.contains(&text) {
            reasons.push(text);
        }
    }
    reasons
}

/// The reason with the very words it rests on.
pub(crate) fn sentence(evidence: &Evidence) -> Text {
    let says = evidence.kind.text();
    match &evidence.text {
        Some(words) => Text::new(format!("{}: «{words}»", says.ru), format!("{}: «{words}»", says.en)),
        None => says,
    }
}

pub(crate) fn words(texts: &[Text]) -> Vec<Words> {
    texts.iter().cloned().map(Words::from).collect()
}

/// The id an entry is asked for by.
pub(crate) fn entry_id(text: &str) -> EntryId {
    EntryId(text.to_owned())
}
