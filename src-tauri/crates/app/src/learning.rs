//! What decisions teach the engine: facts, refusals, payers' records; shown, and deleted at a word.

use std::collections::{BTreeMap, HashMap};

use domain::{Actor, AuditEvent, Currency, DecisionId, DecisionKind, Invoice, Money, Text};
use matching::{
    Autonomy, PayerKey, Rejected,
    autonomy::{self, CONFIRMATIONS_TO_EARN, Record},
    learned::{self, CONFIRMATIONS_FOR_A_FACT, Counted, Fact, FactState},
};
use store::{FactRow, LedgerEntry, Lesson, PayerRow, Refused, Rejection};

use crate::{
    decide::Ruling,
    failure::Failure,
    proposals::payment,
    session::Session,
    settings::AUTONOMY_CAP,
    wire::{
        CapRequest, ClassView, Done, FactDetail, FactRequest, FactSourceView, FactStateName, FactView, Facts,
        PayerView, RejectRequest, RejectScope, RejectedView,
    },
    words::typed_money,
};

/// Sources of a fact that are shown.
const SOURCES_MAX: u64 = 200;
/// Earlier decisions that are looked at in one go.
const UNTAUGHT_BATCH: u64 = 1000;
/// What a refusal's name begins with, so that it is told from a fact's.
const REJECTED: &str = "rejected:";

impl Session {
    /// Facts, refusals, and payers with their records.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn facts(&self) -> Result<Facts, Failure> {
        let (counted, rows) = self.counted()?;
        let payers = self.ledger.payer_records()?;
        let names: HashMap<&str, &str> = payers
            .iter()
            .filter_map(|payer| Some((payer.payer.as_str(), payer.name.as_deref()?)))
            .collect();
        let name = |key: &PayerKey| {
            names
                .get(key.to_string().as_str())
                .copied()
                .unwrap_or_default()
                .to_owned()
        };
        let states = learned::states(&counted);
        let facts = counted.iter().zip(states).zip(&rows);
        Ok(Facts {
            facts: facts
                .map(|((counted, state), row)| fact_view(counted, state, row, name(counted.fact.payer())))
                .collect(),
            rejected: self.rejected_views()?,
            payers: payers.iter().map(payer_view).collect(),
            cap: self.automatic_cap()?.map(Into::into),
            confirmations_for_a_fact: CONFIRMATIONS_FOR_A_FACT,
            confirmations_to_earn: CONFIRMATIONS_TO_EARN,
        })
    }

    /// One fact with the decisions it comes from.
    ///
    /// # Errors
    /// Nothing is known of such a fact.
    pub fn fact_view(&self, request: &FactRequest) -> Result<FactDetail, Failure> {
        let known = self.facts()?.facts.into_iter().find(|fact| fact.fact == request.fact);
        let fact = known.ok_or_else(|| store::StoreError::NotFound {
            what: "fact",
            id: request.fact.clone(),
        })?;
        let sources = self.ledger.fact_sources(&request.fact, SOURCES_MAX)?;
        Ok(FactDetail {
            fact,
            sources: sources
                .into_iter()
                .map(|source| FactSourceView {
                    decision: source.decision.0,
                    entry: source.entry.0,
                    date: source.booked.to_string(),
                    holds: source.holds,
                })
                .collect(),
        })
    }

    /// Forgets a fact, or takes a refusal back.
    ///
    /// # Errors
    /// Nothing is known of it.
    pub fn fact_remove(&self, request: &FactRequest) -> Result<Facts, Failure> {
        let (actor, at) = (self.operator()?, self.host.now());
        match request.fact.strip_prefix(REJECTED) {
            Some(id) => self.ledger.remove_rejection(id, &actor, at)?,
            None => self.ledger.remove_fact(&request.fact, &actor, at)?,
        }
        self.match_new()?;
        self.changed();
        self.facts()
    }

    /// Sets the largest sum that is decided without a person.
    ///
    /// # Errors
    /// It is no sum.
    pub fn autonomy_cap(&self, request: &CapRequest) -> Result<Facts, Failure> {
        let cap = request.sum.as_deref().map(|text| typed_money(text, Currency::RUB));
        let cap = cap
            .transpose()
            .ok()
            .filter(|cap| cap.is_none_or(|cap| !cap.is_negative()));
        let cap = cap.ok_or_else(|| {
            Failure::new(
                "facts/cap",
                Text::new("предел — не сумма", "the limit is no sum"),
                Text::new("впишите сумму цифрами: 100000,00", "write the sum in digits: 100000.00"),
            )
        })?;
        self.put_setting(AUTONOMY_CAP, &cap.map(Money::decimal).unwrap_or_default())?;
        self.match_new()?;
        self.changed();
        self.facts()
    }

    /// A person says: not this pair. It is never offered again.
    ///
    /// # Errors
    /// The payment is decided or unknown; there is no such invoice; payer or customer has nothing to know them by.
    pub fn reject(&self, request: &RejectRequest) -> Result<Done, Failure> {
        let record = self.entry_record(&request.entry)?;
        if let Some(made) = &record.decision {
            return Err(store::StoreError::EntryAlreadyDecided {
                entry: record.ledger_entry.id.clone(),
                decision: made.decision.id.clone(),
            }
            .into());
        }
        let invoice = self.named_invoice(&request.invoice)?;
        let payer = PayerKey::of(&record.ledger_entry.entry.counterparty);
        let refused = match request.scope {
            RejectScope::Payment => Refused::Invoice(invoice.id.clone()),
            RejectScope::Payer => refused_customer(payer.as_ref(), &invoice)?,
        };
        let says = refusal_text(&refused, &invoice.number);
        let done = Done {
            message: Text::new(
                format!("запомнено: {}; больше не предлагается", says.ru),
                format!("remembered: {}; it is not offered again", says.en),
            )
            .into(),
            decision: None,
        };
        // Said twice is said once: it is taken back once, too.
        let entry = &record.ledger_entry.id;
        let said_before = |one: &Rejection| {
            let same_place = one.entry == *entry || matches!(refused, Refused::Customer { .. });
            one.refused == refused && same_place
        };
        if self.ledger.rejections()?.iter().any(said_before) {
            return Ok(done);
        }
        let proposed = self.proposed(record.proposal_json.as_deref());
        let first = proposed.candidates.first();
        let would_be_decided = proposed.class.is_some()
            && first.is_some_and(|first| first.allocations.iter().any(|one| one.invoice == invoice.id));
        let set_back = payer.filter(|_| would_be_decided).map(|payer| payer.to_string());
        let (actor, at) = (self.operator()?, self.host.now());
        let rejection = Rejection {
            id: self.host.new_id(),
            entry: record.ledger_entry.id.clone(),
            refused,
            actor: actor.clone(),
            at,
        };
        let event = AuditEvent {
            at,
            actor,
            action: "pair.rejected".to_owned(),
            subject: rejection.id.clone(),
            body: serde_json::json!({ "entry": rejection.entry, "invoice": invoice.id, "scope": request.scope })
                .to_string(),
        };
        self.ledger.reject(&rejection, set_back.as_deref(), &event)?;
        self.match_new()?;
        self.changed();
        Ok(done)
    }

    fn rejected_views(&self) -> Result<Vec<RejectedView>, Failure> {
        let mut views = Vec::new();
        for rejection in self.ledger.rejections()? {
            let number = match &rejection.refused {
                Refused::Invoice(id) => self
                    .ledger
                    .invoice(id)?
                    .map_or_else(|| id.to_string(), |found| found.number),
                Refused::Customer { .. } => String::new(),
            };
            views.push(RejectedView {
                fact: format!("{REJECTED}{}", rejection.id),
                entry: rejection.entry.0,
                says: refusal_text(&rejection.refused, &number).into(),
                by: self.name_of(&rejection.actor)?.into(),
                at: rejection.at.iso(),
            });
        }
        Ok(views)
    }

    /// What a ruling teaches, with the invoices as they stood before it.
    pub(crate) fn lesson(ruling: &Ruling, invoices: &[Invoice]) -> Option<Lesson> {
        let Ruling { decision, entry, .. } = ruling;
        let payer = PayerKey::of(&entry.entry.counterparty)?;
        let automatic = !matches!(decision.actor, Actor::Person { .. });
        let teaches = match decision.kind {
            DecisionKind::Allocated => !decision.allocations.is_empty(),
            // It says that a suggestion was wrong, where there was one.
            DecisionKind::NotACustomersPayment => ruling.class.is_some(),
            // Of who pays for whom it says nothing.
            DecisionKind::Refund { .. } => false,
        };
        // What the machine decided must not confirm what the machine goes by.
        let observed = if automatic || !teaches {
            Vec::new()
        } else {
            learned::observed(&payment(entry, true), invoices)
        };
        teaches.then(|| Lesson {
            payer: payer.to_string(),
            payer_name: entry.entry.counterparty.name.clone(),
            booked: entry.entry.booked,
            class: ruling.class.clone(),
            agreed: ruling.agreed,
            observations: observed
                .into_iter()
                .map(|one| (one.fact.to_string(), one.holds))
                .collect(),
        })
    }

    /// Learns from the decisions of versions that did not: who pays for whom and how. Records begin with this version,
    /// because nobody kept what was suggested then.
    pub(crate) fn learn_from_the_past(&self) -> Result<(), Failure> {
        // Decisions that teach nothing come again and again, so their number bounds the round.
        let mut untaught = self.ledger.untaught(u64::MAX)?;
        while !untaught.is_empty() {
            let batch = untaught.split_off(
                untaught
                    .len()
                    .saturating_sub(usize::try_from(UNTAUGHT_BATCH).unwrap_or(1)),
            );
            let mut lessons = Vec::new();
            for id in batch {
                lessons.extend(self.earlier_lesson(&id)?.map(|lesson| (id, lesson)));
            }
            let event = AuditEvent {
                at: self.host.now(),
                actor: Actor::Program,
                action: "decisions.learned".to_owned(),
                subject: String::new(),
                body: serde_json::json!({ "decisions": lessons.len() }).to_string(),
            };
            self.ledger.teach(&lessons, &event)?;
        }
        Ok(())
    }

    fn earlier_lesson(&self, id: &DecisionId) -> Result<Option<Lesson>, Failure> {
        let Some(made) = self.ledger.decision(id)? else {
            return Ok(None);
        };
        let entry: LedgerEntry = self.entry_record(made.decision.entry.as_str())?.ledger_entry;
        let mut invoices = Vec::new();
        for allocation in &made.decision.allocations {
            // What was open then nobody knows any more: as much as was paid.
            invoices.extend(self.ledger.invoice(&allocation.invoice)?.map(|invoice| Invoice {
                open: allocation.amount,
                ..invoice
            }));
        }
        let ruling = Ruling {
            decision: made.decision,
            entry,
            class: None,
            agreed: true,
        };
        Ok(Self::lesson(&ruling, &invoices))
    }

    fn counted(&self) -> Result<(Vec<Counted>, Vec<FactRow>), Failure> {
        let mut counted = Vec::new();
        let mut kept = Vec::new();
        for row in self.ledger.facts()? {
            // A newer version may have learned what this one does not know.
            let Some(fact) = Fact::parse(&row.fact) else { continue };
            counted.push(Counted {
                fact,
                count: small(row.count),
                exceptions: small(row.exceptions),
            });
            kept.push(row);
        }
        Ok((counted, kept))
    }

    pub(crate) fn learned(&self) -> Result<(Vec<matching::LearnedFact>, learned::Habits), Failure> {
        Ok(learned::in_force(&self.counted()?.0))
    }

    pub(crate) fn autonomy(&self) -> Result<Autonomy, Failure> {
        let records = self.ledger.payer_records()?;
        let records = records
            .iter()
            .filter_map(|row| Some((PayerKey::parse(&row.payer)?, record_of(row))));
        Ok(Autonomy::of(records))
    }

    pub(crate) fn rejected(&self) -> Result<Vec<Rejected>, Failure> {
        let rejections = self.ledger.rejections()?;
        Ok(rejections.into_iter().map(rejected).collect())
    }

    pub(crate) fn automatic_cap(&self) -> Result<Option<Money>, Failure> {
        let text = self.ledger.setting(AUTONOMY_CAP)?.filter(|text| !text.is_empty());
        let Some(text) = text else { return Ok(None) };
        Money::parse(&text, Currency::RUB).map(Some).map_err(|error| {
            Failure::new(
                "settings/unreadable",
                Text::new(
                    format!("предел автоматических решений в учёте повреждён: {text}"),
                    format!("the ledger's limit of automatic decisions is damaged: {error}"),
                ),
                Text::new(
                    "задайте предел заново: `sverka facts cap`",
                    "set the limit again: `sverka facts cap`",
                ),
            )
        })
    }
}

fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn record_of(row: &PayerRow) -> Record {
    let confirmed = row
        .confirmed
        .iter()
        .map(|(class, count)| (class.clone(), small(*count)));
    Record {
        decisions: small(row.decisions),
        undone: small(row.undone),
        confirmed: confirmed.collect::<BTreeMap<_, _>>(),
    }
}

fn payer_view(row: &PayerRow) -> PayerView {
    let record = record_of(row);
    PayerView {
        payer: row.payer.clone(),
        name: row.name.clone().unwrap_or_default(),
        decisions: record.decisions,
        undone: record.undone,
        bound_percent: autonomy::percent(record.bound()),
        says: record.text().into(),
        classes: autonomy::earnable()
            .map(|class| ClassView {
                class: class.to_owned(),
                confirmed: record.confirmed.get(class).copied().unwrap_or(0),
                earned: record.has_earned(class),
            })
            .collect(),
    }
}

fn fact_view(counted: &Counted, state: FactState, row: &FactRow, payer: String) -> FactView {
    let (state, says) = match state {
        FactState::InForce => (FactStateName::InForce, Text::new("учитывается", "in force")),
        FactState::TooFew => (
            FactStateName::TooFew,
            Text::new(
                format!("пока {} из {CONFIRMATIONS_FOR_A_FACT}", counted.count),
                format!("{} of {CONFIRMATIONS_FOR_A_FACT} so far", counted.count),
            ),
        ),
        FactState::Intermediary => (
            FactStateName::Intermediary,
            Text::new(
                "не учитывается: платит за многих, похоже на посредника",
                "not in force: pays for many, like an intermediary",
            ),
        ),
        FactState::Exceptions => (
            FactStateName::Exceptions,
            Text::new(
                format!("не учитывается: было и иначе ({})", counted.exceptions),
                format!("not in force: it was otherwise, too ({})", counted.exceptions),
            ),
        ),
    };
    FactView {
        fact: row.fact.clone(),
        payer,
        says: counted.fact.text().into(),
        state,
        state_says: says.into(),
        count: counted.count,
        exceptions: counted.exceptions,
        first: row.first.to_string(),
        last: row.last.to_string(),
    }
}

fn rejected(rejection: Rejection) -> Rejected {
    match rejection.refused {
        Refused::Invoice(invoice) => Rejected {
            payment: Some(rejection.entry.0),
            invoice: Some(invoice),
            ..Rejected::default()
        },
        Refused::Customer { payer, inn } => {
            let payer = PayerKey::parse(&payer);
            Rejected {
                payer_inn: payer.as_ref().and_then(PayerKey::inn).map(ToOwned::to_owned),
                payer_account: payer.as_ref().and_then(PayerKey::account).map(ToOwned::to_owned),
                customer_inn: Some(inn),
                ..Rejected::default()
            }
        }
    }
}

fn refused_customer(payer: Option<&PayerKey>, invoice: &Invoice) -> Result<Refused, Failure> {
    let customer = PayerKey::new(invoice.customer.inn.as_deref(), None);
    let pair = payer.zip(customer.as_ref().and_then(PayerKey::inn));
    let (payer, customer) = pair.ok_or_else(|| {
        Failure::new(
            "reject/nobody",
            Text::new(
                "плательщика или покупателя не узнать: нет ИНН и счёта",
                "payer or customer cannot be known: no INN, no account",
            ),
            Text::new("отклоните только для этого платежа", "refuse it for this payment only"),
        )
    })?;
    if payer.inn() == Some(customer) {
        return Err(Failure::new(
            "reject/himself",
            Text::new(
                "плательщик и есть покупатель: за себя он платить может",
                "the payer is the customer: it may pay for itself",
            ),
            Text::new("отклоните только для этого платежа", "refuse it for this payment only"),
        ));
    }
    Ok(Refused::Customer {
        payer: payer.to_string(),
        inn: customer.to_owned(),
    })
}

fn refusal_text(refused: &Refused, number: &str) -> Text {
    match refused {
        Refused::Invoice(_) => Text::new(
            format!("этот платёж — не за счёт {number}"),
            format!("this payment is not for invoice {number}"),
        ),
        Refused::Customer { payer, inn } => {
            let shown = payer.split_once(':').map_or(payer.as_str(), |(_, key)| key);
            Text::new(
                format!("плательщик {shown} не платит за покупателя с ИНН {inn}"),
                format!("payer {shown} does not pay for the customer with INN {inn}"),
            )
        }
    }
}
