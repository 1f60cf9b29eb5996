//! The confirmed past once more: under other rules, or with the engine of today.

use std::{collections::HashMap, sync::atomic::Ordering};

use domain::{Actor, AuditEvent, DecisionKind, Invoice, InvoiceId, InvoiceStatus, Money, Text};
use matching::{
    ENGINE_VERSION, Policy,
    replay::{self, Answer, Change, Past, Replayed, same},
};
use store::ConfirmedEntry;

use crate::{
    companies::OwnBook,
    failure::Failure,
    proposals::payment,
    session::Session,
    settings::ENGINE_SEEN,
    wire::{AnswerName, ChangeName, ReplayRow, ReplayView, Words},
    words::plural,
};

/// Decisions that are looked at, the latest: some years of a small firm, a second or two of work.
const PAST_MAX: u64 = 20_000;
/// What a notice about a new engine is about.
const ENGINE_NOTICE: &str = "engine";

/// Decisions that stand, with the invoices as they were before all of them.
pub(crate) struct ConfirmedPast {
    entries: Vec<ConfirmedEntry>,
    past: Vec<Past>,
    invoices: Vec<Invoice>,
}

impl Session {
    /// What today's engine, with today's rules and facts, would make of what was decided: better, or broken.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn replay(&self) -> Result<ReplayView, Failure> {
        let own = self.own_book()?;
        let past = self.confirmed_past(&own)?;
        let answers = replay::answers(past.invoices.clone(), &past.past, self.policy(&own)?);
        let replayed = past.entries.iter().zip(answers).map(|(one, (after, _))| {
            let before = self.answer_then(one);
            Replayed {
                payment: one.entry.id.0.clone(),
                before,
                after,
                change: Change::between(before, after),
            }
        });
        let replayed: Vec<Replayed> = replayed.collect();
        Ok(past.view(&replayed))
    }

    pub(crate) fn replayed(&self, own: &OwnBook, before: Policy, after: Policy) -> Result<ReplayView, Failure> {
        let past = self.confirmed_past(own)?;
        let replayed = replay::replay(&past.invoices, &past.past, before, after);
        Ok(past.view(&replayed))
    }

    /// On the first start of another engine: the past is replayed with it, and people are told of a difference.
    pub(crate) fn meet_the_engine(&self) -> Result<(), Failure> {
        let version = ENGINE_VERSION.to_string();
        if self.ledger.setting(ENGINE_SEEN)?.as_deref() == Some(version.as_str()) {
            return Ok(());
        }
        self.learn_from_the_past()?;
        // It may read money that goes back in other words.
        self.ledger.forget_outgoing()?;
        self.debits_seen.store(0, Ordering::SeqCst);
        let seen = self.replay()?;
        if seen.past > 0 {
            let event = AuditEvent {
                at: self.host.now(),
                actor: Actor::Program,
                action: "engine.replayed".to_owned(),
                subject: version.clone(),
                body: serde_json::json!({ "past": seen.past, "better": seen.better, "broken": seen.broken })
                    .to_string(),
            };
            self.ledger.append_audit(&event)?;
        }
        if seen.broken > 0 {
            let Words { ru, en } = &seen.summary;
            self.notice(
                ENGINE_NOTICE,
                Text::new(
                    format!("программа подбирает счета по-новому; на прежних решениях: {ru}. Список: `sverka replay`"),
                    format!("the program matches in a new way; on past decisions: {en}. The list: `sverka replay`"),
                ),
            );
        }
        Ok(self
            .ledger
            .set_setting(ENGINE_SEEN, &version, &Actor::Program, self.host.now())?)
    }

    fn confirmed_past(&self, own: &OwnBook) -> Result<ConfirmedPast, Failure> {
        let entries = self.ledger.confirmed(PAST_MAX)?;
        let mut paid: HashMap<InvoiceId, Money> = HashMap::new();
        for allocation in entries.iter().flat_map(|one| &one.decision.allocations) {
            let sum = paid
                .entry(allocation.invoice.clone())
                .or_insert(Money::zero(allocation.amount.currency()));
            *sum = sum.checked_add(allocation.amount).map_err(store::StoreError::from)?;
        }
        // What refunds took out is open already.
        for back in self.ledger.taken_out()? {
            if let Some(sum) = paid.get_mut(&back.invoice) {
                *sum = sum.checked_sub(back.amount).map_err(store::StoreError::from)?;
            }
        }
        let mut invoices = self.matchable(own)?;
        for invoice in &mut invoices {
            if let Some(paid) = paid.get(&invoice.id) {
                invoice.open = invoice.open.checked_add(*paid).map_err(store::StoreError::from)?;
                invoice.status = InvoiceStatus::Open;
            }
        }
        let past = entries
            .iter()
            .map(|one| {
                let mut seen = payment(&one.entry, true);
                // What stands in the way of a machine today stood not in the way then.
                seen.hold = None;
                Past {
                    payment: seen,
                    confirmed: one.decision.allocations.clone(),
                }
            })
            .collect();
        Ok(ConfirmedPast {
            entries,
            past,
            invoices,
        })
    }

    /// What was said of it when it was decided.
    fn answer_then(&self, one: &ConfirmedEntry) -> Answer {
        let decision = &one.decision;
        if !matches!(decision.actor, Actor::Person { .. }) {
            return Answer::Right;
        }
        let proposed = self.proposed(Some(&decision.evidence));
        match proposed.candidates.first() {
            Some(first) if same(&first.allocations, &decision.allocations) => Answer::AskedRight,
            None if decision.kind == DecisionKind::NotACustomersPayment => Answer::Right,
            Some(_) | None => Answer::Asked,
        }
    }
}

impl ConfirmedPast {
    fn view(&self, replayed: &[Replayed]) -> ReplayView {
        let count = |change: Change| {
            let found = replayed.iter().filter(|one| one.change == change).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        let (better, broken, asked_now) = (count(Change::Better), count(Change::Broken), count(Change::AskedNow));
        let numbers: HashMap<&InvoiceId, &str> = self
            .invoices
            .iter()
            .map(|invoice| (&invoice.id, invoice.number.as_str()))
            .collect();
        let mut changes: Vec<ReplayRow> = self
            .entries
            .iter()
            .zip(replayed)
            .filter_map(|(one, replayed)| row(one, replayed, &numbers))
            .collect();
        changes.sort_by_key(|row| match row.change {
            ChangeName::Broken => 0,
            ChangeName::AskedNow => 1,
            ChangeName::Better => 2,
        });
        ReplayView {
            past: u32::try_from(replayed.len()).unwrap_or(u32::MAX),
            better,
            broken,
            asked_now,
            summary: summary(better, broken, asked_now).into(),
            changes,
        }
    }
}

fn row(one: &ConfirmedEntry, replayed: &Replayed, numbers: &HashMap<&InvoiceId, &str>) -> Option<ReplayRow> {
    let change = match replayed.change {
        Change::Same => return None,
        Change::Better => ChangeName::Better,
        Change::AskedNow => ChangeName::AskedNow,
        Change::Broken => ChangeName::Broken,
    };
    let number = |id: &InvoiceId| numbers.get(id).copied().unwrap_or(&id.0).to_owned();
    let entry = &one.entry.entry;
    Some(ReplayRow {
        entry: one.entry.id.0.clone(),
        date: entry.booked.to_string(),
        sum: entry.amount.into(),
        payer: entry.counterparty.name.clone().unwrap_or_default(),
        purpose: entry.purpose.clone(),
        invoices: one
            .decision
            .allocations
            .iter()
            .map(|one| number(&one.invoice))
            .collect(),
        before: shown(replayed.before),
        after: shown(replayed.after),
        change,
    })
}

fn shown(answer: Answer) -> AnswerName {
    match answer {
        Answer::Right => AnswerName::Right,
        Answer::AskedRight => AnswerName::AskedRight,
        Answer::Asked => AnswerName::Asked,
        Answer::Wrong => AnswerName::Wrong,
    }
}

/// «+38 верных, ломает 2, спросит о 3».
fn summary(better: u32, broken: u32, asked_now: u32) -> Text {
    let right = plural(u64::from(better), ["верное", "верных", "верных"]);
    let mut text = Text::new(
        format!("+{better} {right}, ломает {broken}"),
        format!("+{better} right, breaks {broken}"),
    );
    if asked_now > 0 {
        text.ru.push_str(&format!(", станет спрашивать о {asked_now}"));
        text.en.push_str(&format!(", asks about {asked_now} more"));
    }
    text
}
