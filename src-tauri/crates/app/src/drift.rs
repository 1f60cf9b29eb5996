//! What somebody changed in the CRM after our write: shown with what may be done, and done as a person says.
//!
//! Whatever is written goes through the queue: it waits for the network like everything else, and is looked up first.

use domain::{Drift, DriftChoice, Invoice, InvoiceId, Lane, Message, MessageId, Operation, PaymentId, Text, drift};
use store::{DriftRecord, DriftRuling, MessageState, StoredMessage};

use crate::{
    connect::CrmNames,
    failure::Failure,
    session::Session,
    wire::{Done, DriftAnswer, DriftAnswerRequest, DriftList, DriftRow, UndoRequest},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn drift_list(&self) -> Result<DriftList, Failure> {
        let (drifts, names) = (self.ledger.drifts()?, self.crm_names()?);
        let rows = drifts.iter().map(|found| self.drift_row(found, &names));
        Ok(DriftList {
            rows: rows.collect::<Result<_, _>>()?,
        })
    }

    /// The one about this invoice, where there is one.
    pub(crate) fn drift_of(&self, invoice: &InvoiceId) -> Result<Option<DriftRow>, Failure> {
        let drifts = self.ledger.drifts()?;
        let names = self.crm_names()?;
        let found = drifts.iter().find(|one| one.invoice.id == *invoice);
        found.map(|found| self.drift_row(found, &names)).transpose()
    }

    /// A person says what is to be done about a drift.
    ///
    /// # Errors
    /// No such drift, or it is settled; an answer that makes no sense for it.
    pub fn drift_answer(&self, request: &DriftAnswerRequest) -> Result<Done, Failure> {
        let found = self.ledger.drift(&request.drift)?;
        if !self.answers(&found)?.contains(&request.answer) {
            return Err(no_answer());
        }
        let number = &found.invoice.number;
        let message = match request.answer {
            DriftAnswer::WriteAgain => {
                let messages = self.again(&found)?;
                self.settle(&found, DriftRuling::WrittenAgain, &messages)?;
                self.deliver_bell.notify_one();
                Text::new(
                    format!("оплата счёта {number} уйдёт в CRM заново"),
                    format!("the payment of invoice {number} goes to the CRM once more"),
                )
            }
            DriftAnswer::LeaveIt => {
                self.settle(&found, DriftRuling::Left, &[])?;
                Text::new(
                    format!("счёт {number} оставлен таким, какой он в CRM"),
                    format!("invoice {number} is left as it is in the CRM"),
                )
            }
            DriftAnswer::Later => {
                self.settle(&found, DriftRuling::Later, &[])?;
                Text::new(
                    format!("счёт {number} отложен: он остался в списке"),
                    format!("invoice {number} is put off: it stays in the list"),
                )
            }
            DriftAnswer::Ask => {
                let question = self.question(&found)?;
                self.settle(&found, DriftRuling::Later, &[question])?;
                self.deliver_bell.notify_one();
                Text::new(
                    format!("вопрос о счёте {number} уйдёт ответственному задачей в CRM"),
                    format!("whoever answers for invoice {number} is asked by a task in the CRM"),
                )
            }
            DriftAnswer::Undo => self.undo_all(&found)?,
        };
        self.changed();
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }

    fn settle(&self, found: &DriftRecord, ruling: DriftRuling, messages: &[Message]) -> Result<(), Failure> {
        let actor = self.operator()?;
        Ok(self
            .ledger
            .rule_drift(&found.id, ruling, messages, &actor, self.host.now())?)
    }

    /// Takes back every decision that pays this invoice, and the refunds before what they took from; the last one settles
    /// the drift with it.
    fn undo_all(&self, found: &DriftRecord) -> Result<Text, Failure> {
        let mut decisions = Vec::new();
        for stored in self.ledger.messages_of_lane(&Lane::of_invoice(&found.invoice.id))? {
            let Some(decision) = stored.message.decision else {
                continue;
            };
            let known = self.ledger.decision(&decision)?;
            let stands = known.is_some_and(|record| record.reversal.is_none());
            if stands && !decisions.contains(&decision) {
                decisions.push(decision);
            }
        }
        // A refund comes after what it takes from.
        decisions.reverse();
        for decision in &decisions {
            let decision = Some(decision.0.clone());
            self.undo(&UndoRequest { decision })?;
        }
        let number = &found.invoice.number;
        Ok(Text::new(
            format!("оплата счёта {number} отменена, платёж снова ждёт решения"),
            format!("the payment of invoice {number} is undone and waits for a decision again"),
        ))
    }

    /// What was delivered of decisions that stand, in the order of the queue.
    fn standing(&self, invoice: &InvoiceId) -> Result<Vec<StoredMessage>, Failure> {
        let mut standing = Vec::new();
        for stored in self.ledger.messages_of_lane(&Lane::of_invoice(invoice))? {
            let records = matches!(stored.message.operation, Operation::RecordPayment { .. });
            let Some(decision) = stored.message.decision.as_ref().filter(|_| records) else {
                continue;
            };
            let stands = || -> Result<bool, Failure> {
                let record = self.ledger.decision(decision)?;
                Ok(record.is_some_and(|record| record.reversal.is_none()))
            };
            if stored.state == MessageState::Delivered && stands()? {
                standing.push(stored);
            }
        }
        Ok(standing)
    }

    /// The messages that make the CRM hold again what our writes left there.
    fn again(&self, found: &DriftRecord) -> Result<Vec<Message>, Failure> {
        let standing = self.standing(&found.invoice.id)?;
        let mut payments: Vec<&PaymentId> = Vec::new();
        for drift in &found.drifts {
            match drift {
                Drift::CodesGone { payments: gone } => payments.extend(gone),
                Drift::Reopened { .. } => {
                    // The one that closed it; where none did, the last one said that a part is paid.
                    let closed = |stored: &&StoredMessage| {
                        matches!(stored.message.operation, Operation::RecordPayment { settles: true, .. })
                    };
                    let last = standing.iter().rev().find(closed).or_else(|| standing.last());
                    payments.extend(last.and_then(|stored| stored.message.operation.payment()));
                }
                Drift::Deleted | Drift::Cancelled { .. } | Drift::RePriced { .. } | Drift::PaidByHand { .. } => {}
            }
        }
        let mut again: Vec<Message> = Vec::new();
        for stored in &standing {
            let Message { operation, .. } = &stored.message;
            let meant = operation.payment().is_some_and(|payment| payments.contains(&payment));
            if meant && again.iter().all(|one| one.operation.payment() != operation.payment()) {
                again.push(self.once_more(&stored.message, &found.invoice)?);
            }
        }
        if again.is_empty() { Err(no_answer()) } else { Ok(again) }
    }

    /// The task that asks whoever answers for the invoice.
    fn question(&self, found: &DriftRecord) -> Result<Message, Failure> {
        let standing = self.standing(&found.invoice.id)?;
        let last = &standing.last().ok_or_else(no_answer)?.message;
        let number = &found.invoice.number;
        let texts = found.drifts.iter().map(|drift| drift.text(number));
        let (ru, en): (Vec<String>, Vec<String>) = texts.map(|text| (text.ru, text.en)).unzip();
        Ok(Message {
            id: question_id(found),
            lane: last.lane.clone(),
            decision: last.decision.clone(),
            created: self.host.now(),
            operation: Operation::AskResponsible {
                invoice: found.invoice.id.clone(),
                invoice_number: number.clone(),
                deal: found
                    .invoice
                    .deal
                    .clone()
                    .or_else(|| last.operation.deal().map(str::to_owned)),
                payment: last.operation.payment().cloned().ok_or_else(no_answer)?,
                amount: last.operation.amount().ok_or_else(no_answer)?,
                says: Text::new(ru.join(" "), en.join(" ")),
            },
        })
    }

    fn drift_row(&self, found: &DriftRecord, names: &CrmNames) -> Result<DriftRow, Failure> {
        let number = &found.invoice.number;
        Ok(DriftRow {
            drift: found.id.clone(),
            invoice: found.invoice.id.to_string(),
            invoice_number: number.clone(),
            crm: names.of_invoice(&found.invoice.id),
            customer: found.invoice.customer.name.clone(),
            found: found.at.iso(),
            says: found.drifts.iter().map(|drift| drift.text(number).into()).collect(),
            answers: self.answers(found)?,
            later: found.later,
        })
    }

    fn answers(&self, found: &DriftRecord) -> Result<Vec<DriftAnswer>, Failure> {
        // Nobody is asked the same thing twice, or beside an invoice that is gone without a deal.
        let is_gone = found.drifts.contains(&Drift::Deleted) && found.invoice.deal.is_none();
        let may_ask = !is_gone && self.ledger.message_record(&question_id(found))?.is_none();
        let choices = drift::choices(&found.drifts)
            .into_iter()
            .filter(|choice| may_ask || *choice != DriftChoice::Ask)
            .map(|choice| match choice {
                DriftChoice::WriteAgain => DriftAnswer::WriteAgain,
                DriftChoice::LeaveIt => DriftAnswer::LeaveIt,
                DriftChoice::Ask => DriftAnswer::Ask,
                DriftChoice::Undo => DriftAnswer::Undo,
            });
        Ok(choices.chain([DriftAnswer::Later]).collect())
    }

    /// As it was told, for what no refund has taken out since.
    fn once_more(&self, told: &Message, invoice: &Invoice) -> Result<Message, Failure> {
        let mut operation = told.operation.clone();
        if let Operation::RecordPayment {
            restores,
            settles,
            amount,
            ..
        } = &mut operation
        {
            restores.get_or_insert_with(|| told.id.clone());
            let still = match &told.decision {
                Some(decision) => self.ledger.still_allocated(decision)?,
                None => Vec::new(),
            };
            if let Some(one) = still
                .iter()
                .find(|one| one.invoice == invoice.id && one.amount < *amount)
            {
                (*amount, *settles) = (one.amount, *settles && invoice.open.is_zero());
            }
        }
        Ok(Message {
            id: MessageId(self.host.new_id()),
            created: self.host.now(),
            operation,
            ..told.clone()
        })
    }
}

/// One question a drift, whoever asks it again.
fn question_id(found: &DriftRecord) -> MessageId {
    MessageId(format!("ask-{}", found.id))
}

fn no_answer() -> Failure {
    Failure::new(
        "drift/answer",
        Text::new(
            "с таким изменением в CRM так поступить нельзя",
            "this cannot be done about such a change in the CRM",
        ),
        Text::new(
            "выберите один из предложенных ответов: `sverka outbox changed`",
            "choose one of the answers offered: `sverka outbox changed`",
        ),
    )
}
