//! Decisions and their undoing. A decision, what it allocates, what the CRM must be told and the audit event are one
//! transaction; undo is a decision of its own that reaches the CRM too.

use domain::{
    Allocation, AuditEvent, Decision, DecisionId, DecisionKind, InvoiceId, Lane, Message, MessageId, Money, Operation,
    Reversal, Text,
};
use store::LedgerEntry;

use crate::{
    failure::{Failure, broken_json},
    proposals::{RecordError, entry_id},
    session::Session,
    wire::{AllocationRequest, DecideRequest, Done, EntryRequest, UndoRequest},
};

/// A decision with the entry it is about.
pub(crate) struct Ruling {
    pub decision: Decision,
    pub entry: LedgerEntry,
}

impl Session {
    /// A person confirms: these invoices are paid by this entry; without a list, the best candidate's.
    ///
    /// # Errors
    /// The entry is decided already or unknown; an invoice would be paid beyond its sum.
    pub fn decide(&self, request: &DecideRequest) -> Result<Done, Failure> {
        let record = self.entry_record(&request.entry)?;
        let proposed = self.proposed(record.proposal_json.as_deref());
        let allocations = if request.allocations.is_empty() {
            let best = proposed.candidates.first();
            best.map(|candidate| candidate.allocations.clone())
                .ok_or_else(nothing_to_confirm)?
        } else {
            let currency = record.ledger_entry.entry.amount.currency();
            request
                .allocations
                .iter()
                .map(|line| allocation(line, currency))
                .collect::<Result<_, _>>()?
        };
        let evidence = serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?;
        self.rule(record.ledger_entry, DecisionKind::Allocated, allocations, evidence)
    }

    /// A person says: this pays no invoice.
    ///
    /// # Errors
    /// The entry is decided already or unknown.
    pub fn dismiss(&self, request: &EntryRequest) -> Result<Done, Failure> {
        let record = self.entry_record(&request.entry)?;
        let proposed = self.proposed(record.proposal_json.as_deref());
        let evidence = serde_json::to_string(&proposed).map_err(|error| broken_json(&error))?;
        self.rule(
            record.ledger_entry,
            DecisionKind::NotACustomersPayment,
            Vec::new(),
            evidence,
        )
    }

    fn rule(
        &self,
        entry: LedgerEntry,
        kind: DecisionKind,
        allocations: Vec<Allocation>,
        evidence: String,
    ) -> Result<Done, Failure> {
        let decision = Decision {
            id: DecisionId(self.host.new_id()),
            entry: entry.id.clone(),
            kind,
            allocations,
            actor: self.operator()?,
            at: self.host.now(),
            evidence,
        };
        let id = decision.id.0.clone();
        let message = done_text(&decision, &entry);
        self.record(&Ruling { decision, entry }).map_err(|error| match error {
            RecordError::Raced => raced(),
            RecordError::Failed(failure) => failure,
        })?;
        // What is decided changes what other payments may be.
        self.match_new()?;
        self.deliver_bell.notify_one();
        self.changed();
        Ok(Done {
            message: message.into(),
            decision: Some(id),
        })
    }

    /// Writes a ruling with its messages and its audit event.
    pub(crate) fn record(&self, ruling: &Ruling) -> Result<(), RecordError> {
        let decision = &ruling.decision;
        let mut messages = Vec::new();
        for allocation in &decision.allocations {
            let invoice = self.ledger.invoice(&allocation.invoice)?.ok_or(RecordError::Raced)?;
            let left = invoice
                .open
                .checked_sub(allocation.amount)
                .map_err(|_| RecordError::Raced)?;
            messages.push(Message {
                id: MessageId(self.host.new_id()),
                lane: Lane::of_invoice(&invoice.id),
                decision: decision.id.clone(),
                created: decision.at,
                operation: Operation::RecordPayment {
                    invoice: invoice.id,
                    invoice_number: invoice.number,
                    deal: invoice.deal,
                    payment: ruling.entry.payment.clone(),
                    amount: allocation.amount,
                    booked: ruling.entry.entry.booked,
                    document_number: ruling.entry.entry.number.clone(),
                    payer: ruling.entry.entry.counterparty.name.clone(),
                    settles: left.is_zero(),
                },
            });
        }
        let body = serde_json::json!({
            "entry": decision.entry,
            "kind": decision.kind,
            "allocations": decision.allocations.iter().map(|one| serde_json::json!({
                "invoice": one.invoice, "amount": one.amount.decimal(), "currency": one.amount.currency(),
            })).collect::<Vec<_>>(),
        });
        let event = AuditEvent {
            at: decision.at,
            actor: decision.actor.clone(),
            action: "decision.made".to_owned(),
            subject: decision.id.0.clone(),
            body: body.to_string(),
        };
        Ok(self.ledger.record_decision(decision, &messages, &event)?)
    }

    /// Takes a decision back, here and in the CRM; without a name, the last one that stands.
    ///
    /// # Errors
    /// There is nothing to undo; it was undone already.
    pub fn undo(&self, request: &UndoRequest) -> Result<Done, Failure> {
        let decision = match &request.decision {
            Some(id) => self
                .ledger
                .decision(&DecisionId(id.clone()))?
                .map(|record| record.decision),
            None => self.ledger.last_decision()?,
        }
        .ok_or_else(nothing_to_undo)?;
        let record = self.entry_record(decision.entry.as_str())?;
        let actor = self.operator()?;
        let at = self.host.now();
        let mut messages = Vec::new();
        for told in record.messages.iter().map(|record| &record.stored.message) {
            if told.decision == decision.id
                && let Some(message) = self.reversal_of(told, at)?
            {
                messages.push(message);
            }
        }
        let reversal = Reversal {
            decision: decision.id.clone(),
            actor: actor.clone(),
            at,
            reason: "undo".to_owned(),
        };
        let event = AuditEvent {
            at,
            actor,
            action: "decision.undone".to_owned(),
            subject: decision.id.0.clone(),
            body: serde_json::json!({ "entry": decision.entry }).to_string(),
        };
        self.ledger.record_reversal(&reversal, &messages, &event)?;
        self.match_new()?;
        self.deliver_bell.notify_one();
        self.changed();
        let sum = crate::words::money(record.ledger_entry.entry.amount);
        let message = Text::new(
            format!("решение по платежу на {} отменено, в CRM уйдёт отмена", sum.ru),
            format!(
                "the decision about the payment of {} is undone, the CRM will be told",
                sum.en
            ),
        );
        Ok(Done {
            message: message.into(),
            decision: Some(decision.id.0),
        })
    }

    /// The message that takes `told` back in the CRM.
    fn reversal_of(&self, told: &Message, at: domain::Timestamp) -> Result<Option<Message>, Failure> {
        let Operation::RecordPayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            booked,
            document_number,
            ..
        } = told.operation.clone()
        else {
            return Ok(None);
        };
        Ok(Some(Message {
            id: MessageId(self.host.new_id()),
            lane: told.lane.clone(),
            decision: told.decision.clone(),
            created: at,
            operation: Operation::ReversePayment {
                settled_by: self.settled_by(&told.lane, &invoice)?,
                invoice,
                invoice_number,
                deal,
                payment,
                amount,
                booked,
                document_number,
                undoes: told.id.clone(),
            },
        }))
    }

    /// The latest message that closed this invoice and whose decision stands.
    fn settled_by(&self, lane: &Lane, invoice: &InvoiceId) -> Result<Option<MessageId>, Failure> {
        let mut found = None;
        for stored in self.ledger.messages_of_lane(lane)? {
            let message = stored.message;
            let closes = matches!(&message.operation,
                Operation::RecordPayment { invoice: of, settles: true, .. } if of == invoice);
            let stands = self
                .ledger
                .decision(&message.decision)?
                .is_some_and(|record| record.reversal.is_none());
            if closes && stands {
                found = Some(message.id);
            }
        }
        Ok(found)
    }

    pub(crate) fn entry_record(&self, id: &str) -> Result<store::EntryRecord, Failure> {
        self.ledger.entry_record(&entry_id(id))?.ok_or_else(|| {
            Failure::new(
                "inbox/unknown-entry",
                Text::new(
                    format!("платежа «{id}» в учёте нет"),
                    format!("there is no entry «{id}» in the ledger"),
                ),
                Text::new("список: `sverka inbox`", "the list: `sverka inbox`"),
            )
        })
    }
}

fn allocation(line: &AllocationRequest, currency: domain::Currency) -> Result<Allocation, Failure> {
    let amount = Money::parse(&line.amount, currency).map_err(|error| {
        Failure::new(
            "decide/amount",
            Text::new(format!("«{}» — не сумма", line.amount), error.to_string()),
            Text::new("впишите сумму цифрами: 1200.00", "write the sum in digits: 1200.00"),
        )
    })?;
    Ok(Allocation {
        invoice: InvoiceId(line.invoice.clone()),
        amount,
    })
}

fn done_text(decision: &Decision, entry: &LedgerEntry) -> Text {
    let sum = crate::words::money(entry.entry.amount);
    match decision.kind {
        DecisionKind::Allocated => Text::new(
            format!("платёж на {} отнесён на счета: {}", sum.ru, decision.allocations.len()),
            format!(
                "the payment of {} settles invoices: {}",
                sum.en,
                decision.allocations.len()
            ),
        ),
        DecisionKind::NotACustomersPayment => Text::new(
            format!("платёж на {} отмечен: не оплата счёта", sum.ru),
            format!("the payment of {} is marked as paying no invoice", sum.en),
        ),
    }
}

fn raced() -> Failure {
    Failure::new(
        "decide/overtaken",
        Text::new(
            "пока вы смотрели, этот платёж решили или счёт оплатили иначе",
            "meanwhile this payment was decided, or the invoice paid otherwise",
        ),
        Text::new("посмотрите на платёж ещё раз", "look at the payment once more"),
    )
}

fn nothing_to_confirm() -> Failure {
    Failure::new(
        "decide/no-candidate",
        Text::new("у этого платежа нет подходящего счёта", "no invoice fits this payment"),
        Text::new(
            "назовите счёт: --invoice НОМЕР=СУММА",
            "name the invoice: --invoice ID=SUM",
        ),
    )
}

fn nothing_to_undo() -> Failure {
    Failure::new(
        "undo/nothing",
        Text::new(
            "отменять нечего: такого решения нет",
            "there is nothing to undo: no such decision",
        ),
        Text::new(
            "решения видны в `sverka inbox --state decided`",
            "decisions are seen in `sverka inbox --state decided`",
        ),
    )
}
