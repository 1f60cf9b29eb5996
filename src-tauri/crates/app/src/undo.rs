//! Undoing a decision: a decision of its own, which reaches the CRM too and leaves the payment to a person.

use domain::{
    AuditEvent, DecisionId, DecisionKind, InvoiceId, InvoiceStatus, Lane, Message, MessageId, Operation, Reversal,
    Text, Timestamp,
};

use store::StoreError;

use crate::{
    failure::Failure,
    session::Session,
    wire::{Done, UndoRequest},
};

impl Session {
    /// Takes a decision back, here and in the CRM; without a name, the last one that stands.
    ///
    /// # Errors
    /// There is nothing to undo; it was undone already.
    pub fn undo(&self, request: &UndoRequest) -> Result<Done, Failure> {
        self.take_back(request, false)
    }

    /// The money went back to the customer: the decision is taken back as by [`Session::undo`], and the CRM is told that
    /// it was a refund.
    ///
    /// # Errors
    /// As [`Session::undo`].
    pub fn refund(&self, request: &UndoRequest) -> Result<Done, Failure> {
        self.take_back(request, true)
    }

    fn take_back(&self, request: &UndoRequest, refund: bool) -> Result<Done, Failure> {
        let decision = match &request.decision {
            Some(id) => self
                .ledger
                .decision(&DecisionId(id.clone()))?
                .map(|record| record.decision),
            None => self.ledger.last_decision()?,
        }
        .ok_or_else(nothing_to_undo)?;
        let undoes_a_refund = matches!(decision.kind, DecisionKind::Refund { .. });
        if refund && undoes_a_refund {
            return Err(no_payment());
        }
        let record = self.entry_record(decision.entry.as_str())?;
        let actor = self.operator()?;
        let at = self.host.now();
        let mut messages = Vec::new();
        for told in record.messages.iter().map(|record| &record.stored.message) {
            if told.decision.as_ref() != Some(&decision.id) {
                continue;
            }
            messages.extend(if undoes_a_refund {
                self.restoring(told, at)?
            } else {
                self.reversal_of(told, at, refund)?
            });
        }
        let reversal = Reversal {
            decision: decision.id.clone(),
            actor: actor.clone(),
            at,
            reason: if refund { "refund" } else { "undo" }.to_owned(),
        };
        let event = AuditEvent {
            at,
            actor,
            action: "decision.undone".to_owned(),
            subject: decision.id.0.clone(),
            body: serde_json::json!({ "entry": decision.entry }).to_string(),
        };
        let report = self.ledger.record_reversal(&reversal, &messages, &event)?;
        if !undoes_a_refund {
            for allocation in &decision.allocations {
                self.open_again(&allocation.invoice)?;
            }
        }
        self.match_new()?;
        self.deliver_bell.notify_one();
        self.changed();
        let sum = record.ledger_entry.entry.amount.text();
        let (what_ru, what_en) = if undoes_a_refund {
            ("возврат на", "the refund of")
        } else {
            ("решение по платежу на", "the decision about the payment of")
        };
        let done_ru = if undoes_a_refund {
            "отменён"
        } else {
            "отменено"
        };
        let (crm_ru, crm_en) = if report.queued.is_empty() {
            ("CRM о нём ещё не знает", "the CRM had not been told")
        } else if refund {
            ("в CRM уйдёт возврат", "the CRM will be told of the refund")
        } else {
            ("в CRM уйдёт отмена", "the CRM will be told")
        };
        let message = Text::new(
            format!("{what_ru} {} {done_ru}, {crm_ru}", sum.ru),
            format!("{what_en} {} is undone, {crm_en}", sum.en),
        );
        Ok(Done {
            message: message.into(),
            decision: Some(decision.id.0),
        })
    }

    /// The mirror may say «paid» because of our own message. Until the next pull says what it is now, the payment must
    /// find its invoice.
    pub(crate) fn open_again(&self, invoice: &InvoiceId) -> Result<(), Failure> {
        let known = self.ledger.invoice(invoice)?;
        if known.is_some_and(|known| known.status == InvoiceStatus::Paid) {
            self.ledger
                .set_invoice_status(invoice, InvoiceStatus::Open, self.host.now())?;
        }
        Ok(())
    }

    /// The message that takes `told` back in the CRM.
    fn reversal_of(&self, told: &Message, at: Timestamp, refund: bool) -> Result<Option<Message>, Failure> {
        // What was written once more is taken back with the message it restored.
        let Operation::RecordPayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            booked,
            document_number,
            restores: None,
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
                refund,
                recalled: false,
                partly: false,
            },
        }))
    }

    /// The latest message that closed this invoice and whose decision stands.
    pub(crate) fn settled_by(&self, lane: &Lane, invoice: &InvoiceId) -> Result<Option<MessageId>, StoreError> {
        let mut found = None;
        for stored in self.ledger.messages_of_lane(lane)? {
            let message = stored.message;
            let Operation::RecordPayment {
                invoice: of,
                settles: true,
                restores,
                ..
            } = &message.operation
            else {
                continue;
            };
            let Some(decision) = &message.decision else { continue };
            let stands = self
                .ledger
                .decision(decision)?
                .is_some_and(|record| record.reversal.is_none());
            if of == invoice && stands {
                // The message it restores knows what was there before both.
                found = restores.clone().or(Some(message.id));
            }
        }
        Ok(found)
    }
}

fn no_payment() -> Failure {
    Failure::new(
        "undo/no-payment",
        Text::new(
            "это решение само о возврате денег",
            "this decision is about money that went back itself",
        ),
        Text::new(
            "чтобы отменить возврат, отмените решение без пометки о возврате",
            "to undo the refund, undo the decision without calling it a refund",
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
