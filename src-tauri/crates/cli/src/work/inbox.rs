//! Incoming payments, and what takes them back: list, look, decide, take back.

use std::process::ExitCode;

use crate::{
    args::{InvoiceSum, Page, StateArg},
    output::{Done, Output, money},
};
use app::{
    Session,
    wire::{
        AllocationRequest, DecideRequest, EntryRequest, EntryState, EntryView, InboxPageRequest, InboxRow, Sum,
        UndoRequest, UndoesView,
    },
};

pub fn list(
    session: &Session,
    state: Option<StateArg>,
    advances: bool,
    search: String,
    page: &Page,
    output: &Output,
) -> Done {
    let state = state.map(|state| match state {
        StateArg::Review => EntryState::Review,
        StateArg::NotFound => EntryState::NotFound,
        StateArg::Decided => EntryState::Decided,
        StateArg::NotCustomers => EntryState::NotCustomers,
    });
    let page = session.inbox_page(&InboxPageRequest {
        state,
        advances,
        search,
        offset: page.offset,
        limit: page.limit,
    })?;
    output.list(
        &page.rows,
        (
            ["состояние", "дата", "сумма", "плательщик", "счета", "почему", "платёж"],
            ["state", "date", "sum", "payer", "invoices", "why", "entry"],
        ),
        |row| {
            vec![
                shape(row.state, output).to_owned(),
                row.date.clone(),
                signed(&row.sum, row.outgoing, output),
                row.payer.clone(),
                invoices(row, output),
                output.words(&row.reason).to_owned(),
                row.entry.clone(),
            ]
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

fn signed(sum: &Sum, outgoing: bool, output: &Output) -> String {
    let sign = if outgoing { "−" } else { "" };
    format!("{sign}{}", money(sum, output.lang))
}

/// The payment that went back.
fn undone(undoes: &UndoesView, output: &Output) -> String {
    let what = match (undoes.outgoing, undoes.full) {
        (true, _) => output.pick("возвращено наше списание", "our own payment that came back"),
        (false, true) => output.pick("полный возврат платежа", "a full refund of the payment"),
        (false, false) => output.pick("частичный возврат платежа", "a partial refund of the payment"),
    };
    let number = undoes
        .number
        .as_deref()
        .map(|number| format!(" № {number}"))
        .unwrap_or_default();
    let (date, sum) = (&undoes.date, money(&undoes.sum, output.lang));
    format!("{what}{number} {date} {sum} {} · {}", undoes.payer, undoes.entry)
}

/// Their numbers, and what is above them.
fn invoices(row: &InboxRow, output: &Output) -> String {
    let numbers = row.invoices.join(", ");
    let Some(advance) = &row.advance else {
        return numbers;
    };
    let sum = money(&advance.sum, output.lang);
    let due = &advance.invoice_due;
    let said = output.pick("аванс", "advance");
    let until = output.pick("счёт-фактура до", "invoice by");
    format!("{numbers}; {said} {sum}, {until} {due}")
}

fn shape(state: EntryState, output: &Output) -> &'static str {
    match state {
        EntryState::Review => output.pick("◐ проверить", "◐ to decide"),
        EntryState::NotFound => output.pick("○ не найдено", "○ not found"),
        EntryState::Decided => output.pick("● готово", "● done"),
        EntryState::NotCustomers => output.pick("– не от покупателя", "– not a customer's"),
    }
}

pub fn show(session: &Session, entry: String, output: &Output) -> Done {
    let view = session.entry_view(&EntryRequest { entry })?;
    output.either(&view, |view| described(view, output))?;
    Ok(ExitCode::SUCCESS)
}

fn described(view: &EntryView, output: &Output) -> String {
    let mut lines = vec![
        format!(
            "{}  {}  {}  {}",
            shape(view.state, output),
            view.date,
            signed(&view.sum, view.outgoing, output),
            view.payer.name
        ),
        format!("{}: {}", output.pick("назначение", "purpose"), view.purpose),
    ];
    let listed = |sign: &str, words: &[app::wire::Words]| -> Vec<String> {
        words
            .iter()
            .map(|one| format!("  {sign} {}", output.words(one)))
            .collect()
    };
    lines.extend(listed("+", &view.reasons));
    lines.extend(listed("−", &view.against));
    for candidate in &view.candidates {
        lines.extend(candidate.undoes.as_ref().map(|undoes| undone(undoes, output)));
        for allocation in &candidate.allocations {
            lines.push(format!(
                "{} № {} ({}) {} {} · {}",
                output.pick("счёт", "invoice"),
                allocation.number,
                allocation.date,
                allocation.customer,
                money(&allocation.allocated, output.lang),
                allocation.invoice,
            ));
        }
        lines.extend(listed("+", &candidate.reasons));
        lines.extend(listed("−", &candidate.against));
    }
    if let Some(decision) = &view.decision {
        let who = output.words(&decision.by);
        lines.push(format!(
            "{} {} ({who}) {}",
            output.pick("решение", "decision"),
            decision.decision,
            decision.at
        ));
        lines.extend(decision.undoes.as_ref().map(|undoes| undone(undoes, output)));
    }
    for refund in &view.refunds {
        lines.push(format!(
            "{} {} {} · {}",
            output.pick("возвращено", "went back"),
            money(&refund.sum, output.lang),
            refund.date,
            refund.entry
        ));
    }
    lines.join("\n")
}

pub fn decide(
    session: &Session,
    entry: String,
    invoices: Vec<InvoiceSum>,
    undoes: Option<String>,
    dismiss: bool,
    output: &Output,
) -> Done {
    let done = if dismiss {
        session.dismiss(&EntryRequest { entry })?
    } else {
        let allocations = invoices
            .into_iter()
            .map(|InvoiceSum { invoice, sum }| AllocationRequest { invoice, amount: sum })
            .collect();
        session.decide(&DecideRequest {
            entry,
            allocations,
            undoes,
        })?
    };
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

pub fn undo(session: &Session, decision: Option<String>, refund: bool, output: &Output) -> Done {
    let request = UndoRequest { decision };
    let done = if refund {
        session.refund(&request)?
    } else {
        session.undo(&request)?
    };
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}
