//! The CRM: connect, pull, deliver.

use std::{process::ExitCode, sync::Arc};

use app::{
    Counts, Delivered, Delivery, Failure, Pulled, Session, Until,
    wire::{
        CheckState, ConnectAmocrmRequest, ConnectApplicationRequest, ConnectRequest, Connected, ConnectionRequest,
        IntegrationCode, InvoicesPageRequest, LeadStatusChoice,
    },
};
use domain::{Lang, Text};
use serde_json::json;

use super::credentials::{asked, is_piped, line_of_stdin};
use crate::{
    args::{AmocrmArgs, ConnectCommand, InvoicesCommand},
    output::{Done, Output, money, numbered},
};

pub async fn connect(session: &Arc<Session>, command: &ConnectCommand, output: &Output) -> Done {
    let connected = match command {
        ConnectCommand::Bitrix24 {
            webhook_stdin,
            application: None,
            place,
        } => {
            let webhook = secret(
                *webhook_stdin,
                output.pick("адрес входящего вебхука: ", "the inbound webhook's address: "),
            )?;
            let request = ConnectRequest {
                webhook,
                connection: place.connection.clone(),
                name: place.name.clone(),
            };
            session.connect(&request).await?
        }
        ConnectCommand::Bitrix24 {
            webhook_stdin,
            application: Some(client_id),
            place,
        } => {
            let told = |ru, en| secret(*webhook_stdin, output.pick(ru, en));
            let keys = ConnectApplicationRequest {
                client_id: client_id.clone(),
                client_secret: told(
                    "ключ приложения (client_secret): ",
                    "the application's key (client_secret): ",
                )?,
                code: told("код с портала: ", "the portal's code: ")?,
                connection: place.connection.clone(),
                name: place.name.clone(),
            };
            session.connect_application(&keys).await?
        }
        ConnectCommand::Amocrm(args) => session.connect_amocrm(&amocrm(args, output)?).await?,
    };
    shown(&connected, output.pick("подключено:", "connected:"), output)?;
    Ok(ExitCode::SUCCESS)
}

/// How each connection stands, a line a check; 1 where something needs a person.
pub async fn health(session: &Arc<Session>, output: &Output) -> Done {
    let looked = session.connections_check().await?;
    for connected in &looked {
        let title = match looked.len() {
            1 => output.pick("CRM:", "the CRM:").to_owned(),
            _ => format!("{} · {}:", connected.connection, connected.name),
        };
        shown(connected, &title, output)?;
    }
    let sound = |state| matches!(state, CheckState::Good | CheckState::NotLooked);
    let sound = looked.iter().flat_map(|one| &one.checks).all(|line| sound(line.state));
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn shown(connected: &Connected, title: &str, output: &Output) -> Done<()> {
    output.either(connected, |connected| {
        let lines = connected.checks.iter().map(|line| {
            let mark = match line.state {
                CheckState::Good => '●',
                CheckState::Lacking => '◐',
                CheckState::Failed => '○',
                CheckState::NotLooked => '·',
            };
            format!("{mark} {}", output.words(&line.says))
        });
        let lines: Vec<String> = std::iter::once(format!("{title} {}", connected.portal))
            .chain(lines)
            .collect();
        lines.join("\n")
    })
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
        connection: args.place.connection.clone(),
        name: args.place.name.clone(),
    })
}

pub fn disconnect(session: &Session, connection: Option<String>, output: &Output) -> Done {
    let done = session.disconnect(&ConnectionRequest { connection })?;
    output.either(&done, |done| output.words(&done.message).to_owned())?;
    Ok(ExitCode::SUCCESS)
}

/// 1 where one of several CRMs was not pulled.
async fn pull(session: &Arc<Session>, all: bool, output: &Output) -> Done {
    let mut pulls = session.pulls(all).await?;
    if let [_] = pulls.as_slice() {
        let only = pulls.remove(0);
        pulled(&only.connection, None, &only.pulled?, output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut all_there = true;
    for one in pulls {
        match one.pulled {
            Ok(report) => pulled(&one.connection, Some(&one.name), &report, output)?,
            Err(failure) => {
                all_there = false;
                output.failure(&of(&one.name, failure).into());
            }
        }
    }
    Ok(if all_there {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}

/// The failure of one of several CRMs, with its name.
fn of(name: &str, failure: Failure) -> Failure {
    let Text { ru, en } = failure.message;
    let message = Text::new(format!("{name}: {ru}"), format!("{name}: {en}"));
    Failure { message, ..failure }
}

fn pulled(connection: &str, name: Option<&str>, pulled: &Pulled, output: &Output) -> Done<()> {
    let report = &pulled.report;
    let line = json!({ "connection": connection, "whole": pulled.whole.is_some(), "drifted": report.drifted,
        "new": report.new, "changed": report.changed, "unchanged": report.unchanged, "gone": report.gone,
        "complete": pulled.complete, "left_out": pulled.left_out.iter().map(|why| why.get(output.lang)).collect::<Vec<_>>() });
    let title = name.map_or_else(String::new, |name| format!("{name}: "));
    output.either(&line, |_| summary(&title, pulled, output.lang))?;
    if !output.json {
        // With `--json` they are in the line. Nobody would miss what is not listed.
        for why in &pulled.left_out {
            output.complain(&format!("{title}{}", why.get(output.lang)));
        }
    }
    Ok(())
}

fn summary(title: &str, pulled: &Pulled, lang: Lang) -> String {
    let report = &pulled.report;
    let drifted = drifted(report.drifted, lang);
    let (new, changed, unchanged) = (report.new, report.changed, report.unchanged);
    match lang {
        Lang::Ru => format!("{title}счета: новых {new}, изменённых {changed}, прежних {unchanged}{drifted}"),
        Lang::En => format!("{title}invoices: {new} new, {changed} changed, {unchanged} as before{drifted}"),
    }
}

pub async fn invoices(session: &Arc<Session>, command: InvoicesCommand, output: &Output) -> Done {
    match command {
        InvoicesCommand::Pull { changes } => return pull(session, !changes, output).await,
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
                        numbered(&row.number, row.crm.as_deref()),
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
fn drifted(count: u64, lang: Lang) -> String {
    if count == 0 {
        return String::new();
    }
    let says = match lang {
        Lang::Ru => "изменены в CRM после нашей записи, ждут ответа (`sverka outbox changed`)",
        Lang::En => "changed in the CRM after our write, to be answered (`sverka outbox changed`)",
    };
    format!("; {says}: {count}")
}

/// 1 where the key of one of several CRMs is not taken.
pub async fn sync(session: &Arc<Session>, once: bool, output: &Output) -> Done {
    let until = if once { Until::TriedOnce } else { Until::Empty };
    let delivered = Delivery::open(session)?.run(until).await?;
    let status = session.status()?;
    if delivered.by.len() < 2 {
        let Delivered {
            delivered,
            parked,
            attempts,
            ..
        } = delivered;
        let counts = Counts {
            delivered,
            parked,
            attempts,
        };
        synced(None, counts, status.outbox.waiting, output)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut all_take = true;
    for one in delivered.by {
        let crm = status
            .crms
            .iter()
            .find(|crm| crm.connection.as_ref() == Some(&one.connection));
        let waiting = crm.map_or(0, |crm| crm.waiting);
        synced(Some((&one.connection, &one.name)), one.counts, waiting, output)?;
        if let Some(failure) = one.refused {
            all_take = false;
            output.failure(&of(&one.name, failure).into());
        }
    }
    Ok(if all_take { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn synced(connection: Option<(&str, &str)>, counts: Counts, waiting: u64, output: &Output) -> Done<()> {
    let Counts {
        delivered,
        parked,
        attempts,
    } = counts;
    let line = json!({ "connection": connection.map(|(id, _)| id),
        "delivered": delivered, "parked": parked, "attempts": attempts, "waiting": waiting });
    let title = connection.map_or_else(String::new, |(_, name)| format!("{name}: "));
    output.either(&line, |_| match output.lang {
        Lang::Ru => format!("{title}доставлено: {delivered}, отложено: {parked}, ждут: {waiting}"),
        Lang::En => format!("{title}delivered: {delivered}, parked: {parked}, waiting: {waiting}"),
    })
}
