//! The queue to the CRM, looked at and steered.

use std::process::ExitCode;

use app::{
    Session,
    wire::{
        DriftAnswer, DriftAnswerRequest, DriftRow, MessageRequest, MessageRow, MessageState, MessageView,
        OutboxPageRequest,
    },
};

use crate::{
    args::{ChangedArg, OutboxCommand, Page},
    output::{Done, Output, money, numbered},
};

pub fn run(session: &Session, command: OutboxCommand, output: &Output) -> Done {
    let view = match command {
        OutboxCommand::List { page } => return list(session, &page, output),
        OutboxCommand::Changed { change, answer } => return changed(session, change.zip(answer), output),
        OutboxCommand::Show { message } => session.message_view(&MessageRequest { message })?,
        OutboxCommand::Retry { message } => session.message_retry(&MessageRequest { message })?,
        OutboxCommand::Park { message } => session.message_park(&MessageRequest { message })?,
    };
    output.either(&view, |view| described(view, output))?;
    Ok(ExitCode::SUCCESS)
}

fn list(session: &Session, page: &Page, output: &Output) -> Done {
    let page = session.outbox_page(&OutboxPageRequest {
        state: None,
        offset: page.offset,
        limit: page.limit,
    })?;
    output.list(
        &page.rows,
        (
            ["состояние", "счёт", "сумма", "попыток", "что с ней", "запись"],
            ["state", "invoice", "sum", "attempts", "what", "message"],
        ),
        |row| {
            vec![
                shape(row.state, output).to_owned(),
                numbered(&row.invoice_number, row.crm.as_deref()),
                about(row, output),
                row.attempts.to_string(),
                output.words(&row.says).to_owned(),
                row.message.clone(),
            ]
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

fn changed(session: &Session, said: Option<(String, ChangedArg)>, output: &Output) -> Done {
    if let Some((drift, answer)) = said {
        let answer = match answer {
            ChangedArg::WriteAgain => DriftAnswer::WriteAgain,
            ChangedArg::Leave => DriftAnswer::LeaveIt,
            ChangedArg::Ask => DriftAnswer::Ask,
            ChangedArg::Undo => DriftAnswer::Undo,
            ChangedArg::Later => DriftAnswer::Later,
        };
        let done = session.drift_answer(&DriftAnswerRequest { drift, answer })?;
        output.either(&done, |done| output.words(&done.message).to_owned())?;
        return Ok(ExitCode::SUCCESS);
    }
    output.list(
        &session.drift_list()?.rows,
        (
            ["счёт", "покупатель", "что изменили", "ответы", "изменение"],
            ["invoice", "customer", "what was changed", "answers", "change"],
        ),
        |row| {
            vec![
                numbered(&row.invoice_number, row.crm.as_deref()),
                row.customer.clone(),
                sentences(row, output),
                row.answers
                    .iter()
                    .map(|answer| word(*answer))
                    .collect::<Vec<_>>()
                    .join(" "),
                row.drift.clone(),
            ]
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

fn sentences(row: &DriftRow, output: &Output) -> String {
    let says: Vec<&str> = row.says.iter().map(|says| output.words(says)).collect();
    let later = if row.later {
        output.pick(" (отложено)", " (put off)")
    } else {
        ""
    };
    format!("{}{later}", says.join(" "))
}

/// As it is typed.
fn word(answer: DriftAnswer) -> &'static str {
    match answer {
        DriftAnswer::WriteAgain => "write-again",
        DriftAnswer::LeaveIt => "leave",
        DriftAnswer::Ask => "ask",
        DriftAnswer::Undo => "undo",
        DriftAnswer::Later => "later",
    }
}

fn shape(state: MessageState, output: &Output) -> &'static str {
    match state {
        MessageState::Queued => output.pick("○ ждёт", "○ waits"),
        MessageState::InFlight => output.pick("◌ уходит", "◌ going"),
        MessageState::Delivered => output.pick("● доставлено", "● delivered"),
        MessageState::Parked => output.pick("◐ отложено", "◐ parked"),
        MessageState::Withdrawn => output.pick("– отозвано", "– withdrawn"),
    }
}

/// The sum, or how the invoice stands without one.
fn about(row: &MessageRow, output: &Output) -> String {
    let sum = row.sum.as_ref().map(|sum| money(sum, output.lang));
    let status = row.status.as_ref().map(|status| output.words(status).to_owned());
    sum.or(status).unwrap_or_default()
}

fn described(view: &MessageView, output: &Output) -> String {
    let row = &view.row;
    let mut lines = vec![format!(
        "{}  № {}  {}",
        shape(row.state, output),
        numbered(&row.invoice_number, row.crm.as_deref()),
        about(row, output)
    )];
    if let Some(payment) = &view.payment_id {
        lines.push(format!("{}: {payment}", output.pick("код платежа", "payment id")));
    }
    for attempt in &view.attempts {
        lines.push(format!(
            "{}. {}  {}",
            attempt.number,
            attempt.started,
            output.words(&attempt.outcome)
        ));
    }
    if let Some(receipt) = &view.receipt {
        let stage = |stage: &Option<String>| stage.clone().unwrap_or_else(|| "—".to_owned());
        lines.push(format!(
            "{}: {} → {}",
            output.pick("стадия", "stage"),
            stage(&receipt.stage_before),
            stage(&receipt.stage_after)
        ));
        lines.push(format!(
            "{}: {}",
            output.pick("коды в CRM", "ids in the CRM"),
            receipt.payments.join(", ")
        ));
        lines.push(format!(
            "{}: {}",
            output.pick("комментарий", "comment"),
            stage(&receipt.comment)
        ));
        lines.extend(receipt.traces.iter().map(|trace| format!("• {}", output.words(trace))));
        lines.extend(receipt.notes.iter().map(|note| format!("◐ {}", output.words(note))));
    }
    if let Some(drift) = &view.drift {
        lines.push(format!("◐ {}", sentences(drift, output)));
        lines.push(format!("  sverka outbox changed {}", drift.drift));
    }
    lines.join("\n")
}
