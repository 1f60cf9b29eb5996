//! Decisions: what is ruled, what it allocates, what the CRM must be told and the audit event are one transaction.

use domain::{
    Allocation, AuditEvent, Decision, DecisionId, DecisionKind, Direction, Invoice, InvoiceId, Lane, Message,
    MessageId, Operation, Text,
};
use matching::replay::same;
use store::{LedgerEntry, StoreError};

use crate::{
    failure::{Failure, broken_json},
    proposals::{Proposed, entry_id},
    session::Session,
    wire::{AllocationRequest, DecideRequest, Done, EntryRequest},
    words::{plural, typed_money},
};

/// A decision with the entry it is about.
pub(crate) struct Ruling {
    pub decision: Decision,
    pub entry: LedgerEntry,
    /// What a confirmation of the suggestion counts for.
    pub class: Option<String>,
    /// Ruled as it was suggested.
    pub agreed: bool,
}

impl Session {
    /// A person confirms: these invoices are paid by this entry; without a list, the best candidate's. Of money that goes
    /// back: it takes that entry back, out of these invoices.
    ///
    /// # Errors
    /// The entry is decided already or unknown; an invoice would be paid beyond its sum; more would go back than is left.
    pub fn decide(&self, request: &DecideRequest) -> Result<Done, Failure> {
        let record = self.entry_record(&request.entry)?;
        let proposed = self.proposed(record.proposal_json.as_deref());
        let is_debit = record.ledger_entry.entry.direction == Some(Direction::Debit);
        if request.undoes.is_some() || is_debit {
            return self.decide_refund(request, record, &proposed);
        }
        let allocations = if request.allocations.is_empty() {
            let best = proposed.candidates.first();
            best.map(|candidate| candidate.allocations.clone())
                .ok_or_else(nothing_to_confirm)?
        } else {
            let currency = record.ledger_entry.entry.amount.currency();
            request
                .allocations
                .iter()
                .map(|line| self.allocation(line, currency))
                .collect::<Result<_, _>>()?
        };
        self.rule(record.ledger_entry, DecisionKind::Allocated, allocations, &proposed)
    }

    /// A person says: this pays no invoice.
    ///
    /// # Errors
    /// The entry is decided already or unknown.
    pub fn dismiss(&self, request: &EntryRequest) -> Result<Done, Failure> {
        let record = self.entry_record(&request.entry)?;
        let proposed = self.proposed(record.proposal_json.as_deref());
        self.rule(
            record.ledger_entry,
            DecisionKind::NotACustomersPayment,
            Vec::new(),
            &proposed,
        )
    }

    pub(crate) fn rule(
        &self,
        entry: LedgerEntry,
        kind: DecisionKind,
        allocations: Vec<Allocation>,
        proposed: &Proposed,
    ) -> Result<Done, Failure> {
        let suggested = proposed.candidates.first();
        let agreed =
            kind == DecisionKind::Allocated && suggested.is_some_and(|first| same(&first.allocations, &allocations));
        let decision = Decision {
            id: DecisionId(self.host.new_id()),
            entry: entry.id.clone(),
            kind,
            allocations,
            actor: self.operator()?,
            at: self.host.now(),
            evidence: serde_json::to_string(proposed).map_err(|error| broken_json(&error))?,
        };
        let id = decision.id.0.clone();
        let message = done_text(&decision, &entry);
        let reopened: Vec<InvoiceId> = match &decision.kind {
            DecisionKind::Refund { .. } => decision.allocations.iter().map(|one| one.invoice.clone()).collect(),
            DecisionKind::Allocated | DecisionKind::NotACustomersPayment => Vec::new(),
        };
        let recorded = self.record(&Ruling {
            decision,
            entry,
            class: proposed.class.clone(),
            agreed,
        });
        if recorded.is_ok() {
            for invoice in &reopened {
                self.open_again(invoice)?;
            }
        }
        // What is decided changes what other payments may be; and what could not be decided was looked at too late.
        self.match_new()?;
        recorded.map_err(|error| self.not_decided(error))?;
        self.deliver_bell.notify_one();
        self.changed();
        Ok(Done {
            message: message.into(),
            decision: Some(id),
        })
    }

    /// Writes a ruling with its messages and its audit event.
    pub(crate) fn record(&self, ruling: &Ruling) -> Result<(), StoreError> {
        let Ruling { decision, entry, .. } = ruling;
        let tell = |invoices: &[Invoice]| {
            let allocated = decision.allocations.iter().zip(invoices);
            allocated
                .map(|(allocation, invoice)| self.payment_message(decision, entry, allocation, invoice))
                .collect()
        };
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
        if let DecisionKind::Refund { of } = &decision.kind {
            let messages = self.refund_messages(decision, entry, of)?;
            return self.ledger.record_decision(decision, &messages, &event);
        }
        let teach = |invoices: &[Invoice]| Self::lesson(ruling, invoices);
        self.ledger.record_decision_teaching(decision, tell, teach, &event)
    }

    fn payment_message(
        &self,
        decision: &Decision,
        entry: &LedgerEntry,
        allocation: &Allocation,
        invoice: &Invoice,
    ) -> Message {
        Message {
            id: MessageId(self.host.new_id()),
            lane: Lane::of_invoice(&invoice.id),
            decision: Some(decision.id.clone()),
            created: decision.at,
            operation: Operation::RecordPayment {
                invoice: invoice.id.clone(),
                invoice_number: invoice.number.clone(),
                deal: invoice.deal.clone(),
                payment: entry.payment.clone(),
                amount: allocation.amount,
                booked: entry.entry.booked,
                document_number: entry.entry.number.as_deref().map(str::to_owned),
                payer: entry.entry.counterparty.name.clone(),
                settles: allocation.amount == invoice.open,
                restores: None,
            },
        }
    }

    /// Why a person's decision was not taken, with the invoice's number instead of its id.
    fn not_decided(&self, error: StoreError) -> Failure {
        let StoreError::OverAllocated { invoice, open } = &error else {
            return error.into();
        };
        let number = match self.ledger.invoice(invoice) {
            Ok(Some(found)) => found.number,
            Ok(None) | Err(_) => invoice.to_string(),
        };
        let open = open.text();
        Failure::new(
            error.code(),
            Text::new(
                format!("по счёту {number} осталось оплатить {}", open.ru),
                format!("invoice {number} has {} left to pay", open.en),
            ),
            Text::new(
                "посмотрите на платёж ещё раз: уменьшите сумму или выберите другой счёт",
                "look at the payment once more: lower the sum, or choose another invoice",
            ),
        )
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

impl Session {
    pub(crate) fn allocation(
        &self,
        line: &AllocationRequest,
        currency: domain::Currency,
    ) -> Result<Allocation, Failure> {
        let amount = amount(line, currency)?;
        let invoice = self.named_invoice(&line.invoice)?.id;
        Ok(Allocation { invoice, amount })
    }

    /// The invoice by its id, or by its number where only one open invoice has it.
    pub(crate) fn named_invoice(&self, name: &str) -> Result<Invoice, Failure> {
        if let Some(known) = self.ledger.invoice(&InvoiceId::from(name))? {
            return Ok(known);
        }
        let mut named = self.ledger.open_invoices()?;
        named.retain(|invoice| invoice.number == name);
        if named.len() > 1 {
            return Err(no_such_invoice(name, named.len()));
        }
        named.pop().ok_or_else(|| no_such_invoice(name, 0))
    }
}

fn no_such_invoice(named: &str, found: usize) -> Failure {
    let (ru, en) = if found == 0 {
        (
            format!("открытого счёта «{named}» нет"),
            format!("there is no open invoice «{named}»"),
        )
    } else {
        (
            format!("открытых счетов с номером «{named}» несколько: {found}"),
            format!("several open invoices have the number «{named}»: {found}"),
        )
    };
    Failure::new(
        "decide/no-such-invoice",
        Text::new(ru, en),
        Text::new(
            "возьмите код счёта из списка: `sverka invoices list`",
            "take the invoice's id from the list: `sverka invoices list`",
        ),
    )
}

fn amount(line: &AllocationRequest, currency: domain::Currency) -> Result<domain::Money, Failure> {
    typed_money(&line.amount, currency).map_err(|error| {
        Failure::new(
            "decide/amount",
            Text::new(
                format!("«{}» — не сумма", line.amount),
                format!("«{}» is no sum: {error}", line.amount),
            ),
            Text::new("впишите сумму цифрами: 1200,00", "write the sum in digits: 1200.00"),
        )
    })
}

fn done_text(decision: &Decision, entry: &LedgerEntry) -> Text {
    let sum = entry.entry.amount.text();
    let invoices = decision.allocations.len() as u64;
    match &decision.kind {
        DecisionKind::Allocated => Text::new(
            format!(
                "платёж на {} отнесён на {invoices} {}",
                sum.ru,
                plural(invoices, ["счёт", "счёта", "счетов"])
            ),
            format!(
                "the payment of {} goes to {invoices} {}",
                sum.en,
                if invoices == 1 { "invoice" } else { "invoices" }
            ),
        ),
        DecisionKind::Refund { .. } => match &decision.allocations[..] {
            [] => Text::new(
                format!("возврат на {} проведён, оплата счетов не изменилась", sum.ru),
                format!("the refund of {} is recorded, no invoice is touched", sum.en),
            ),
            _ => Text::new(
                format!(
                    "возврат на {} проведён: {invoices} {} снова к оплате, в CRM уйдёт возврат",
                    sum.ru,
                    plural(invoices, ["счёт", "счёта", "счетов"])
                ),
                format!(
                    "the refund of {} is recorded: {invoices} {} again, the CRM will be told",
                    sum.en,
                    if invoices == 1 {
                        "invoice is open"
                    } else {
                        "invoices are open"
                    }
                ),
            ),
        },
        DecisionKind::NotACustomersPayment if entry.entry.direction == Some(Direction::Debit) => Text::new(
            format!("списание на {} отмечено: не возврат покупателю", sum.ru),
            format!("the debit of {} is marked as no refund to a customer", sum.en),
        ),
        DecisionKind::NotACustomersPayment => Text::new(
            format!("платёж на {} отмечен: не оплата счёта", sum.ru),
            format!("the payment of {} is marked as paying no invoice", sum.en),
        ),
    }
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
