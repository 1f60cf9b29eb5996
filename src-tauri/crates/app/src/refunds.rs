//! Money that goes back: which debits take a customer's payment back, what of it comes out of which invoice, and what the
//! CRM is told of it.
//!
//! The engine says which earlier entry an entry undoes; it never decides that by itself, and neither is it done here: a
//! refund waits for a person, who confirms it with one word. What it may come out of (an advance, one invoice, several)
//! is shown as ways to choose from, the surest first.

mod record;
mod ways;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

use domain::{DecisionKind, Direction, EntryId, Text};
use matching::{
    Decided, Engine, Payment, goes_back,
    purpose::{self, Reading},
};
use serde::{Deserialize, Serialize};
use store::{EntryRecord, LedgerEntry, PastQuery, ProposalRow, Verdict};

use crate::{
    failure::{Failure, broken_json},
    proposals::{CandidateKept, Proposed, payment},
    session::Session,
};

/// Earlier entries of one other side that are looked through, the latest.
const PAST_MAX: u64 = 500;

/// What a candidate takes back, as it is kept with the proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UndoesKept {
    pub entry: EntryId,
    /// Nothing of that entry is left.
    pub full: bool,
}

/// An entry on its way through the engine.
pub(crate) struct Looked {
    pub entry: LedgerEntry,
    pub seen: Payment,
    /// What the purpose says; the engine takes it away where nothing goes back.
    reading: Reading,
    goes_back: bool,
}

impl Looked {
    pub fn goes_back(&self) -> bool {
        self.goes_back
    }

    /// For the engine.
    pub fn take_reading(&mut self) -> Reading {
        if self.goes_back {
            self.reading.clone()
        } else {
            std::mem::take(&mut self.reading)
        }
    }

    fn is_debit(&self) -> bool {
        self.seen.direction == Some(Direction::Debit)
    }
}

impl Session {
    /// Undecided debits that take something back, or say so. Of all others it is kept that they do not, so that nobody
    /// reads them again.
    pub(crate) fn debits_going_back(&self) -> Result<Vec<Looked>, Failure> {
        let seen = self.debits_seen.load(Ordering::SeqCst);
        let found = self.ledger.debits_to_look_at(seen)?;
        let looked = found.entries.into_iter().map(|entry| looked(entry, true));
        let (back, plain): (Vec<Looked>, Vec<Looked>) = looked.partition(Looked::goes_back);
        let outgoing = matching::EvidenceKind::Outgoing.text();
        let reason = serde_json::to_string(&outgoing).map_err(|error| broken_json(&error))?;
        let rows: Vec<ProposalRow> = plain
            .iter()
            .map(|one| ProposalRow {
                entry: one.entry.id.clone(),
                verdict: Verdict::Stranger,
                reason: reason.clone(),
                json: "{}".to_owned(),
                goes_back: false,
            })
            .collect();
        self.ledger.save_proposals(&rows)?;
        self.debits_seen.fetch_max(found.seen, Ordering::SeqCst);
        Ok(back)
    }

    /// Lets the engine know the earlier entries that something of this run may take back.
    pub(crate) fn recall(&self, engine: &mut Engine, run: &[Looked]) -> Result<(), Failure> {
        let mut known: BTreeSet<EntryId> = run.iter().map(|one| one.entry.id.clone()).collect();
        let mut past = Vec::new();
        for back in run.iter().filter(|one| one.goes_back()) {
            let party = &back.seen.payer;
            let earlier = self.ledger.past(&PastQuery {
                direction: match back.seen.direction {
                    Some(Direction::Credit) => Direction::Debit,
                    Some(Direction::Debit) | None => Direction::Credit,
                },
                inn: party.inn.as_deref(),
                account: party.account.as_deref(),
                name: party.name.as_deref(),
                until: back.seen.date,
                least: back.seen.amount,
                limit: PAST_MAX,
            })?;
            let left = earlier.into_iter().filter(|one| one.left().is_positive());
            past.extend(left.filter(|one| known.insert(one.id.clone())));
        }
        // The latest is looked at first where several fit.
        past.sort_by(|one, other| (one.entry.booked, &one.id).cmp(&(other.entry.booked, &other.id)));
        for one in &past {
            engine.recall(&payment(one, true), one.left());
        }
        Ok(())
    }

    /// What is proposed for an entry that takes an earlier one back, or says so. `None`: it is proposed like any other.
    pub(crate) fn refund_row(
        &self,
        looked: &Looked,
        decided: &Decided,
        verdicts: &BTreeMap<EntryId, Verdict>,
    ) -> Result<Option<ProposalRow>, Failure> {
        let one = decided.undoes.iter().map(|undoes| undoes.payment.as_str());
        let undone: Vec<&str> = one.chain(decided.may_undo.iter().map(String::as_str)).collect();
        if undone.is_empty() && !looked.is_debit() {
            return Ok(None);
        }
        let mut candidates = Vec::new();
        let mut customers = false;
        for id in &undone {
            let record = self.entry_record(id)?;
            customers |= looked.is_debit() && is_a_customers(&record, verdicts);
            candidates.extend(self.ways(looked, &record)?);
        }
        let mut proposed = Proposed::of(decided, looked.seen.amount);
        proposed.against.extend(why_asked(&undone, customers));
        let reason = short_reason(&candidates, &self.undone_record(&candidates)?);
        proposed.candidates = candidates;
        Ok(Some(ProposalRow {
            entry: looked.entry.id.clone(),
            verdict: if customers { Verdict::Review } else { Verdict::Stranger },
            reason: serde_json::to_string(&reason).map_err(|error| broken_json(&error))?,
            json: serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?,
            goes_back: true,
        }))
    }

    /// The entry that the first candidate takes back.
    fn undone_record(&self, candidates: &[CandidateKept]) -> Result<Option<EntryRecord>, Failure> {
        let first = candidates.first().and_then(|candidate| candidate.undoes.as_ref());
        first.map(|undoes| self.entry_record(undoes.entry.as_str())).transpose()
    }
}

/// Reads an entry as the engine is to see it: for as much as is left of it.
pub(crate) fn looked(entry: LedgerEntry, invoices_complete: bool) -> Looked {
    let mut seen = payment(&entry, invoices_complete);
    seen.amount = entry.left();
    let reading = purpose::read(&seen.purpose);
    Looked {
        goes_back: goes_back(&seen, &reading),
        reading,
        seen,
        entry,
    }
}

/// Whether an earlier payment is a customer's, by what was ruled, else by what is proposed for it.
fn is_a_customers(record: &EntryRecord, verdicts: &BTreeMap<EntryId, Verdict>) -> bool {
    match &record.decision {
        Some(made) => made.decision.kind == DecisionKind::Allocated,
        None => {
            let proposed = verdicts.get(&record.ledger_entry.id).copied().or(record.verdict);
            proposed != Some(Verdict::Stranger)
        }
    }
}

fn why_asked(undone: &[&str], customers: bool) -> Vec<Text> {
    let mut why = Vec::new();
    if undone.is_empty() {
        why.push(Text::new(
            "прежний платёж, который возвращён, не найден",
            "the earlier payment that went back is not found",
        ));
    }
    if undone.len() > 1 {
        why.push(Text::new(
            "возвращён может быть любой из этих платежей, выберите сами",
            "any of these payments may have gone back, choose one",
        ));
    }
    if customers {
        why.push(Text::new(
            "возврат покупателю всегда подтверждает человек",
            "a refund to a customer is always confirmed by a person",
        ));
    }
    why
}

/// One line for the list.
fn short_reason(candidates: &[CandidateKept], undone: &Option<EntryRecord>) -> Text {
    let (Some(first), Some(undone)) = (candidates.first(), undone) else {
        return Text::new(
            "возврат денег: прежний платёж не найден",
            "money goes back: the earlier payment is not found",
        );
    };
    let entry = &undone.ledger_entry.entry;
    let (day, sum) = (entry.booked, entry.amount.text());
    let full = first.undoes.as_ref().is_some_and(|undoes| undoes.full);
    let (ru, en) = match (undone.ledger_entry.entry.direction, full) {
        (Some(Direction::Debit), _) => ("возвращено наше списание", "our own payment came back, the one"),
        (_, true) => ("полный возврат платежа", "a full refund of the payment"),
        (_, false) => ("частичный возврат платежа", "a partial refund of the payment"),
    };
    Text::new(
        format!("{ru} от {} на {}", day.format("%d.%m.%Y"), sum.ru),
        format!("{en} of {day}, {}", sum.en),
    )
}
