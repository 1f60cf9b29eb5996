//! Очередь, as it is shown: what waits and why, every attempt, the receipt.

use domain::{MessageId, Operation, Outcome, Receipt, Text, Touched, Trace};
use store::{AttemptRecord, MessageQuery, MessageRecord, MessageState as Stored};

use crate::{
    connect::CrmNames,
    failure::Failure,
    session::Session,
    wire::{
        AttemptView, MessageRequest, MessageRow, MessageState, MessageView, OutboxCounts, OutboxPage,
        OutboxPageRequest, ReceiptView,
    },
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn outbox_page(&self, request: &OutboxPageRequest) -> Result<OutboxPage, Failure> {
        let query = MessageQuery {
            state: request.state.map(stored_state),
            connection: None,
            offset: u64::from(request.offset),
            limit: crate::paging::rows(request.limit) as u64,
        };
        let page = self.ledger.messages(&query)?;
        let names = self.crm_names()?;
        Ok(OutboxPage {
            total: page.total,
            counts: self.outbox_counts()?,
            rows: page.rows.iter().map(|record| row(record, &names)).collect(),
        })
    }

    pub(crate) fn outbox_counts(&self) -> Result<OutboxCounts, Failure> {
        let counts = self.ledger.outbox_counts()?;
        Ok(OutboxCounts {
            waiting: counts.queued + counts.in_flight,
            parked: counts.parked,
            delivered: counts.delivered,
            withdrawn: counts.withdrawn,
            drifts: self.ledger.drifts_waiting()?,
        })
    }

    /// # Errors
    /// No such message.
    pub fn message_view(&self, request: &MessageRequest) -> Result<MessageView, Failure> {
        let id = MessageId(request.message.clone());
        let record = self.ledger.message_record(&id)?.ok_or_else(|| unknown(&id))?;
        Ok(MessageView {
            row: row(&record, &self.crm_names()?),
            payment_id: record
                .stored
                .message
                .operation
                .payment()
                .map(|payment| payment.0.clone()),
            attempts: record.attempts.iter().map(attempt).collect(),
            receipt: record.receipt.as_ref().map(receipt),
            drift: self.drift_of(record.stored.message.operation.invoice())?,
        })
    }

    /// A person says: try again now.
    ///
    /// # Errors
    /// No such message, or it is delivered.
    pub fn message_retry(&self, request: &MessageRequest) -> Result<MessageView, Failure> {
        let id = MessageId(request.message.clone());
        self.ledger.retry_message(&id, &self.operator()?, self.host.now())?;
        self.deliver_bell.notify_one();
        self.changed();
        self.message_view(request)
    }

    /// A person says: set it aside. Its invoice waits, the others go on.
    ///
    /// # Errors
    /// No such message, or it is delivered or on its way.
    pub fn message_park(&self, request: &MessageRequest) -> Result<MessageView, Failure> {
        let id = MessageId(request.message.clone());
        self.ledger.park_message(
            &id,
            &Text::new("отложено человеком", "set aside by a person"),
            &self.operator()?,
            self.host.now(),
        )?;
        self.deliver_bell.notify_one();
        self.changed();
        self.message_view(request)
    }
}

pub(crate) fn row(record: &MessageRecord, names: &CrmNames) -> MessageRow {
    let stored = &record.stored;
    let message = &stored.message;
    let (operation, status) = match &message.operation {
        Operation::RecordPayment { .. } => ("record_payment", None),
        Operation::ReversePayment { recalled: true, .. } => ("recall_payment", None),
        Operation::ReversePayment { refund: true, .. } => ("refund_payment", None),
        Operation::ReversePayment { .. } => ("reverse_payment", None),
        Operation::RestorePayment { .. } => ("restore_payment", None),
        Operation::MarkStatus { status, .. } => ("mark_status", Some(status.text())),
        Operation::AskResponsible { .. } => ("ask_responsible", None),
        Operation::RemoveRepeats { .. } => ("remove_repeats", None),
    };
    MessageRow {
        message: message.id.0.clone(),
        operation: operation.to_owned(),
        invoice: message.operation.invoice().to_string(),
        invoice_number: message.operation.invoice_number().to_owned(),
        crm: names.of_invoice(message.operation.invoice()),
        sum: message.operation.amount().map(Into::into),
        status: status.map(Into::into),
        state: shown_state(stored.state),
        attempts: stored.attempts,
        created: message.created.iso(),
        due: stored.due.map(domain::Timestamp::iso),
        says: stored.reason.clone().unwrap_or_else(|| calm(stored.state)).into(),
    }
}

fn calm(state: Stored) -> Text {
    match state {
        Stored::Queued => Text::new("ждёт отправки", "waits to be sent"),
        Stored::InFlight => Text::new("отправляется", "is being sent"),
        Stored::Delivered => Text::new("доставлено и проверено", "delivered and checked"),
        Stored::Parked => Text::new("отложено, нужен человек", "parked, needs a person"),
        Stored::Withdrawn => Text::new("отозвано отменой решения", "withdrawn, the decision was undone"),
    }
}

fn attempt(attempt: &AttemptRecord) -> AttemptView {
    AttemptView {
        number: attempt.number,
        started: attempt.started.iso(),
        ended: attempt.ended.map(domain::Timestamp::iso),
        outcome: attempt
            .outcome
            .as_ref()
            .map_or_else(|| Text::new("ещё идёт", "still going"), outcome)
            .into(),
    }
}

fn outcome(outcome: &Outcome) -> Text {
    match outcome {
        Outcome::Delivered { receipt } if receipt.found_done => {
            Text::new("уже было сделано прошлой попыткой", "an earlier attempt had done it")
        }
        Outcome::Delivered { .. } => Text::new("доставлено и проверено", "delivered and checked"),
        Outcome::Unknown { detail } => because("исход неизвестен", "the outcome is unknown", detail),
        Outcome::Transient { detail, .. } => because("пока не записано", "not recorded yet", detail),
        Outcome::Offline { detail } => because("нет связи", "offline", detail),
        Outcome::Unauthorised { detail } => because("CRM не пускает", "the CRM lets nothing through", detail),
        Outcome::Refused { detail } => because("не принято", "refused", detail),
    }
}

fn because(ru: &str, en: &str, detail: &Text) -> Text {
    Text::new(format!("{ru}: {}", detail.ru), format!("{en}: {}", detail.en))
}

fn receipt(receipt: &Receipt) -> ReceiptView {
    ReceiptView {
        stage_before: receipt.stage_before.clone(),
        stage_after: receipt.stage_after.clone(),
        payments: receipt.payments.iter().map(|payment| payment.0.clone()).collect(),
        comment: receipt.comment.clone(),
        found_done: receipt.found_done,
        notes: receipt.notes.iter().cloned().map(Into::into).collect(),
        traces: receipt.traces.iter().map(|trace| self::trace(trace).into()).collect(),
    }
}

/// `счёт № 315: DT31_3:S → DT31_3:P, 2026-11-25T10:00:00+03:00`
fn trace(trace: &Trace) -> Text {
    let (ru, en) = match trace.what {
        Touched::Invoice => ("счёт", "invoice"),
        Touched::Deal => ("сделка", "deal"),
        Touched::Comment => ("комментарий", "comment"),
        Touched::Voucher => ("платёжка в оплате", "voucher of payment"),
        Touched::Document => ("акт", "act"),
        Touched::Notification => ("уведомление", "notification"),
        Touched::Task => ("задача", "task"),
    };
    let moved = match (&trace.before, &trace.after) {
        (Some(before), Some(after)) if before != after => format!(": {before} → {after}"),
        (None, Some(after)) => format!(": {after}"),
        _ => String::new(),
    };
    let at = trace.at.as_ref().map(|at| format!(", {at}")).unwrap_or_default();
    let id = &trace.id;
    Text::new(format!("{ru} № {id}{moved}{at}"), format!("{en} {id}{moved}{at}"))
}

fn unknown(id: &MessageId) -> Failure {
    Failure::new(
        "outbox/unknown-message",
        Text::new(
            format!("записи «{id}» в очереди нет"),
            format!("there is no message «{id}»"),
        ),
        Text::new("список: `sverka outbox list`", "the list: `sverka outbox list`"),
    )
}

fn shown_state(state: Stored) -> MessageState {
    match state {
        Stored::Queued => MessageState::Queued,
        Stored::InFlight => MessageState::InFlight,
        Stored::Delivered => MessageState::Delivered,
        Stored::Parked => MessageState::Parked,
        Stored::Withdrawn => MessageState::Withdrawn,
    }
}

fn stored_state(state: MessageState) -> Stored {
    match state {
        MessageState::Queued => Stored::Queued,
        MessageState::InFlight => Stored::InFlight,
        MessageState::Delivered => Stored::Delivered,
        MessageState::Parked => Stored::Parked,
        MessageState::Withdrawn => Stored::Withdrawn,
    }
}
