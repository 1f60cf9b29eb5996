//! Matching over the ledger: what is undecided is proposed anew, and what is certain is decided.

use std::{collections::BTreeMap, sync::PoisonError};

use domain::{Allocation, Decision, DecisionId, DecisionKind, EntryId, Money, Text};
use matching::{Caps, Decided, Engine, Evidence, EvidenceKind, Hold, PayerKey, Payment, Policy, Verdict};
use serde::{Deserialize, Serialize};
use store::{LedgerEntry, ProposalRow, StoreError};

use crate::{
    behind::{Behind, behind},
    companies::OwnBook,
    decide::Ruling,
    failure::{Failure, broken_json},
    refunds::{Looked, UndoesKept, looked},
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
    /// Of money that goes back: what it takes back. The allocations then go out of the invoices.
    #[serde(default)] // proposals made before refunds were
    pub undoes: Option<UndoesKept>,
}

/// What a run of the engine came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchReport {
    pub automatic: u64,
    pub review: u64,
    pub none: u64,
}

impl Session {
    /// Proposes for every undecided credit and for every debit that takes one back, in the order of the days, and decides
    /// what is certain.
    ///
    /// # Errors
    /// The ledger cannot be read or written.
    pub fn match_new(&self) -> Result<MatchReport, Failure> {
        let _one_at_a_time = self.matching.lock().unwrap_or_else(PoisonError::into_inner);
        let complete = self.invoices_complete()?;
        let mut run = self.debits_going_back()?;
        let credits = self.ledger.undecided_credits()?;
        run.extend(credits.into_iter().map(|entry| looked(entry, complete)));
        run.sort_by(|one, other| (one.seen.date, &one.seen.id).cmp(&(other.seen.date, &other.seen.id)));
        let own = self.own_book()?;
        let policy = self.policy(&own)?;
        let mut engine = Engine::new(self.matchable(&own)?, policy.clone());
        self.recall(&mut engine, &run)?;
        let mut report = MatchReport::default();
        let mut rows = Vec::new();
        let mut verdicts = BTreeMap::new();
        let mut going_back = Vec::new();
        let answers = answers(&mut engine, &mut run);
        for (looked, decided) in run.iter().zip(answers) {
            if looked.goes_back() && decided.verdict == Verdict::None {
                going_back.push((looked, decided));
                continue;
            }
            let entry = &looked.entry;
            let verdict = match decided.verdict {
                Verdict::Auto => {
                    if !self.decide_automatically(looked, &decided, &why_automatic(&decided, &looked.seen, &policy))? {
                        continue;
                    }
                    report.automatic += 1;
                    store::Verdict::Auto
                }
                Verdict::Review => {
                    report.review += 1;
                    store::Verdict::Review
                }
                Verdict::None => {
                    report.none += 1;
                    if decided.is_hidden() {
                        store::Verdict::Stranger
                    } else {
                        store::Verdict::None
                    }
                }
            };
            verdicts.insert(entry.id.clone(), verdict);
            rows.push(row(looked, &decided, verdict)?);
        }
        // After what came, so that what they take back was ruled where it could be.
        for (looked, decided) in going_back {
            let plain = if decided.is_hidden() {
                store::Verdict::Stranger
            } else {
                store::Verdict::None
            };
            let row = match self.refund_row(looked, &decided, &verdicts)? {
                Some(refund) => refund,
                None => row(looked, &decided, plain)?,
            };
            match row.verdict {
                store::Verdict::Review => report.review += 1,
                _ => report.none += 1,
            }
            rows.push(row);
        }
        self.ledger.save_proposals(&rows)?;
        self.tell_statuses(&rows)?;
        if report.automatic > 0 {
            self.deliver_bell.notify_one();
        }
        Ok(report)
    }

    /// `false`: another process was faster; what it wrote stands, and the next run sees it.
    fn decide_automatically(&self, looked: &Looked, decided: &Decided, why: &Why) -> Result<bool, Failure> {
        let entry = &looked.entry;
        let mut proposed = Proposed::of(decided, looked.seen.amount);
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

/// What came on one day is decided together, so that the order of a statement's lines changes nothing.
fn answers(engine: &mut Engine, run: &mut [Looked]) -> Vec<Decided> {
    run.chunk_by_mut(|one, next| one.seen.date == next.seen.date)
        .flat_map(|day| {
            let payments: Vec<Payment> = day.iter().map(|one| one.seen.clone()).collect();
            let readings = day.iter_mut().map(Looked::take_reading).collect();
            engine.decide_day_read(&payments, readings)
        })
        .collect()
}

fn row(looked: &Looked, decided: &Decided, verdict: store::Verdict) -> Result<ProposalRow, Failure> {
    let proposed = Proposed::of(decided, looked.seen.amount);
    Ok(ProposalRow {
        entry: looked.entry.id.clone(),
        verdict,
        reason: serde_json::to_string(&short_reason(decided)).map_err(|error| broken_json(&error))?,
        json: serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?,
        goes_back: false,
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
    pub(crate) fn of(decided: &Decided, paid: Money) -> Self {
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
                    undoes: None,
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
