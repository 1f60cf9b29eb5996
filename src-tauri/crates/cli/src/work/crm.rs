//! The CRM: connect, pull, deliver.

use std::{process::ExitCode, sync::Arc};

use app::{
    ApplicationKeys, Delivery, Failure, Session, Until,
    wire::{ConnectAmocrmRequest, ConnectRequest, IntegrationCode, InvoicesPageRequest, LeadStatusChoice},
};
use serde_json::json;

use super::credentials::{asked, is_piped, line_of_stdin};
use crate::{
    args::{AmocrmArgs, ConnectCommand, InvoicesCommand},
    output::{Done, Output, money},
};

pub async fn connect(session: &Arc<Session>, command: &ConnectCommand, output: &Output) -> Done {
    let connected = match command {
        ConnectCommand::Bitrix24 {
            webhook_stdin,
            application: None,
        } => {
            let webhook = secret(
                *webhook_stdin,
                output.pick("адрес входящего вебхука: ", "the inbound webhook's address: "),
            )?;
            session.connect(&ConnectRequest { webhook }).await?
        }
        ConnectCommand::Bitrix24 {
            webhook_stdin,
            application: Some(client_id),
        } => {
            let told = |ru, en| secret(*webhook_stdin, output.pick(ru, en));
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
        ConnectCommand::Amocrm(args) => session.connect_amocrm(&amocrm(args, output)?).await?,
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

fn secret(from_stdin: bool, prompt: &str) -> Result<String, Failure> {
    if from_stdin || is_piped() {
        line_of_stdin()
    } else {
        asked(prompt)
    }
}

fn amocrm(args: &AmocrmArgs, output: &Output) -> Result<ConnectAmocrmRequest, Failure> {
    let ask = |ru, en| secret(args.token_stdin, output.pick(ru, en));
    let account = match &args.account {
        Some(account) => account.clone(),
        None => ask("адрес аккаунта: ", "the account's address: ")?,
    };
    let integration = match (&args.client_id, &args.redirect_uri) {
        (Some(client_id), Some(redirect_uri)) => Some(IntegrationCode {
            client_id: client_id.clone(),
            redirect_uri: redirect_uri.clone(),
            client_secret: ask("секретный ключ интеграции: ", "the integration's secret key: ")?,
            code: ask("код авторизации: ", "the authorisation code: ")?,
        }),
        _ => None,
    };
    let token = match integration {
        Some(_) => None,
        None => Some(ask("долгосрочный токен: ", "the long-lived token: ")?),
    };
    Ok(ConnectAmocrmRequest {
        account,
        token,
        integration,
        lead_paid: args.lead_status.map(|chosen| LeadStatusChoice {
            pipeline: chosen.pipeline,
            status: chosen.status,
        }),
    })
}

pub fn disconnect(session: &Session, output: &Output) -> Done {
    let done = session.disconnect()?;
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

pub async fn invoices(session: &Arc<Session>, command: InvoicesCommand, output: &Output) -> Done {
    match command {
        InvoicesCommand::Pull { changes } => {
            let pulled = if changes {
                session.pull_changes().await?
            } else {
                session.pull_invoices().await?
            };
            let report = &pulled.report;
            let line = json!({ "whole": pulled.whole.is_some(), "drifted": report.drifted,
                "new": report.new, "changed": report.changed, "unchanged": report.unchanged, "gone": report.gone,
                "complete": pulled.complete, "left_out": pulled.left_out.iter().map(|why| why.get(output.lang)).collect::<Vec<_>>() });
            output.either(&line, |_| match output.lang {
                domain::Lang::Ru => format!(
                    "счета: новых {}, изменённых {}, прежних {}{}",
                    report.new,
                    report.changed,
                    report.unchanged,
                    drifted(report.drifted, output)
                ),
                domain::Lang::En => format!(
                    "invoices: {} new, {} changed, {} as before{}",
                    report.new,
                    report.changed,
                    report.unchanged,
                    drifted(report.drifted, output)
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

/// The end of the line about a pull, where managers changed what we had written to.
fn drifted(count: u64, output: &Output) -> String {
    if count == 0 {
        return String::new();
    }
    let says = output.pick(
        "изменены в CRM после нашей записи, ждут ответа (`sverka outbox changed`)",
        "changed in the CRM after our write, to be answered (`sverka outbox changed`)",
    );
    format!("; {says}: {count}")
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
