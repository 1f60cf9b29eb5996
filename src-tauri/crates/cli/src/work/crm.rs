//! The CRM: connect, pull, deliver.

use std::{process::ExitCode, sync::Arc};

use app::{
    ApplicationKeys, Delivery, Session, Until,
    wire::{ConnectRequest, InvoicesPageRequest},
};
use serde_json::json;

use super::credentials::{asked, is_piped, line_of_stdin};
use crate::{
    args::{ConnectCommand, InvoicesCommand},
    output::{Done, Output, money},
};

pub async fn connect(session: &Arc<Session>, command: &ConnectCommand, output: &Output) -> Done {
    let ConnectCommand::Bitrix24 {
        webhook_stdin,
        application,
    } = command;
    let piped = *webhook_stdin || is_piped();
    let told = |ru, en| {
        if piped {
            line_of_stdin()
        } else {
            asked(output.pick(ru, en))
        }
    };
    let connected = match application {
        None => {
            let webhook = told("адрес входящего вебхука: ", "the inbound webhook's address: ")?;
            session.connect(&ConnectRequest { webhook }).await?
        }
        Some(client_id) => {
            let keys = ApplicationKeys {
                client_id: client_id.clone(),
                client_secret: told(
                    "ключ приложения (client_secret): ",
                    "the application's key (client_secret): ",
                )?,
                code: told("код с портала: ", "the portal's code: ")?,
            };
            session.connect_application(keys).await?
        }
    };
    output.either(&connected, |connected| {
        let found = connected.found.iter().map(|one| format!("● {}", output.words(one)));
        let missing = connected.missing.iter().map(|one| format!("◐ {}", output.words(one)));
        let lines: Vec<String> = std::iter::once(format!(
            "{} {}",
            output.pick("подключено:", "connected:"),
            connected.portal
        ))
        .chain(found)
        .chain(missing)
        .collect();
        lines.join("\n")
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn disconnect(session: &Session, output: &Output) -> Done {
    let done = session.disconnect()?;
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

pub async fn invoices(session: &Arc<Session>, command: InvoicesCommand, output: &Output) -> Done {
    match command {
        InvoicesCommand::Pull => {
            let pulled = session.pull_invoices().await?;
            let report = &pulled.report;
            let line = json!({ "new": report.new, "changed": report.changed, "unchanged": report.unchanged, "gone": report.gone,
                "complete": pulled.complete, "left_out": pulled.left_out.iter().map(|why| why.get(output.lang)).collect::<Vec<_>>() });
            output.either(&line, |_| match output.lang {
                domain::Lang::Ru => format!(
                    "счета: новых {}, изменённых {}, прежних {}",
                    report.new, report.changed, report.unchanged
                ),
                domain::Lang::En => format!(
                    "invoices: {} new, {} changed, {} as before",
                    report.new, report.changed, report.unchanged
                ),
            })?;
        }
        InvoicesCommand::List { search, open, page } => {
            let page = session.invoices_page(&InvoicesPageRequest {
                search,
                only_open: open,
                offset: page.offset,
                limit: page.limit,
            })?;
            output.list(
                &page.rows,
                (
                    ["номер", "дата", "сумма", "открыто", "покупатель", "счёт"],
                    ["number", "date", "sum", "open", "customer", "invoice"],
                ),
                |row| {
                    let sum = |sum| money(sum, output.lang);
                    vec![
                        row.number.clone(),
                        row.date.clone(),
                        sum(&row.amount),
                        sum(&row.open),
                        row.customer.clone(),
                        row.invoice.clone(),
                    ]
                },
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn sync(session: &Arc<Session>, once: bool, output: &Output) -> Done {
    let until = if once { Until::TriedOnce } else { Until::Empty };
    let delivered = Delivery::open(session)?.run(until).await?;
    let waiting = session.status()?.outbox.waiting;
    let line = json!({
        "delivered": delivered.delivered, "parked": delivered.parked, "attempts": delivered.attempts, "waiting": waiting,
    });
    output.either(&line, |_| match output.lang {
        domain::Lang::Ru => format!(
            "доставлено: {}, отложено: {}, ждут: {waiting}",
            delivered.delivered, delivered.parked
        ),
        domain::Lang::En => format!(
            "delivered: {}, parked: {}, waiting: {waiting}",
            delivered.delivered, delivered.parked
        ),
    })?;
    Ok(ExitCode::SUCCESS)
}
