//! The ledger itself: made, filled, looked at.

use std::{path::PathBuf, process::ExitCode};

use app::{
    Failure, Session,
    wire::{ImportRequest, ImportedFile},
};
use chrono::NaiveDate;
use domain::Text;
use serde_json::json;

use crate::{
    args::AuditCommand,
    findings::{Finding, Findings},
    output::{Done, Output, money},
};

pub fn init(session: &Session, output: &Output) -> Done {
    let folder = session.folder().display().to_string();
    output.either(&json!({ "ledger": folder }), |_| {
        format!("{} {folder}", output.pick("учёт создан:", "ledger made:"))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// 1 when something in a file could not be used.
pub fn import(session: &Session, files: &[PathBuf], output: &Output) -> Done {
    let mut all_used = true;
    for file in files {
        let paths = vec![file.display().to_string()];
        for imported in session.import_files(&ImportRequest { paths })?.files {
            all_used &= imported_file(imported, output)?;
        }
    }
    Ok(if all_used { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// `true`: everything in it could be used.
fn imported_file(imported: ImportedFile, output: &Output) -> Done<bool> {
    let found: Vec<Finding> = imported.diagnostics.into_iter().map(Finding::from).collect();
    let line = json!({
        "file": imported.file, "content": imported.content, "entries_new": imported.entries_new,
        "entries_known": imported.entries_known, "entries_asked": imported.entries_asked,
        "entries_not_booked": imported.entries_not_booked, "summary": imported.summary,
        "diagnostics": found.iter().map(|finding| finding.line(output)).collect::<Vec<_>>(),
    });
    output.either(&line, |_| {
        format!("{}: {}", imported.file, output.words(&imported.summary))
    })?;
    let mut findings = Findings::new(&imported.file, output.json, output);
    found.into_iter().for_each(|finding| findings.tell(finding));
    let sound = findings.end();
    if sound && imported.content.is_none() {
        output.failure(&not_booked(&imported.file).into());
    }
    Ok(sound && imported.content.is_some())
}

/// Nothing is wrong in it, except that nobody can tell whose it is.
fn not_booked(file: &str) -> Failure {
    Failure::new(
        "import/no-account",
        Text::new(
            format!("{file}: в файле не сказано, по какому счёту выписка, в учёт ничего не попало"),
            format!("{file}: the file does not say whose account it is, nothing was booked"),
        ),
        Text::new(
            "выгрузите выписку ещё раз, выбрав счёт и период",
            "export the statement again, with an account and a period chosen",
        ),
    )
}

pub fn rematch(session: &Session, output: &Output) -> Done {
    let report = session.match_new()?;
    let line = json!({ "automatic": report.automatic, "review": report.review, "none": report.none });
    output.either(&line, |_| match output.lang {
        domain::Lang::Ru => {
            format!(
                "решено само: {}, ждут человека: {}, без счёта: {}",
                report.automatic, report.review, report.none
            )
        }
        domain::Lang::En => {
            format!(
                "decided: {}, to decide: {}, without an invoice: {}",
                report.automatic, report.review, report.none
            )
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

pub fn status(session: &Session, output: &Output) -> Done {
    let status = session.status()?;
    if output.json {
        output.line(&status)?;
        return Ok(ExitCode::SUCCESS);
    }
    output.say(output.words(&status.headline))?;
    output.say(&format!(
        "{}: {}",
        output.pick("папка", "folder"),
        output.words(&status.folder.message)
    ))?;
    if status.crms.len() > 1 {
        for crm in &status.crms {
            let (name, portal) = (crm.name.as_deref().unwrap_or("—"), crm.portal.as_deref().unwrap_or("—"));
            let of = if portal.ends_with(name) {
                portal.to_owned()
            } else {
                format!("{name} {portal}")
            };
            output.say(&format!("CRM: {of} {}", output.words(&crm.message)))?;
        }
    } else {
        let portal = status.crm.portal.as_deref().unwrap_or("—");
        output.say(&format!("CRM: {portal} {}", output.words(&status.crm.message)))?;
    }
    for account in &status.accounts {
        let closing = account
            .closing
            .as_ref()
            .map(|sum| money(sum, output.lang))
            .unwrap_or_default();
        let proof = match account.proven {
            Some(true) => output.pick("● сходится", "● adds up"),
            Some(false) => output.pick("◐ не сходится", "◐ does not add up"),
            None => output.pick("○ остатков нет", "○ no balances"),
        };
        output.say(&format!("{}  {closing}  {proof}", account.account))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn audit(session: &Session, command: &AuditCommand, output: &Output) -> Done {
    match command {
        AuditCommand::Verify => {
            let verdict = session.audit_verify()?;
            let sound = verdict.broken_at.is_none();
            if output.json {
                output.line(&json!({
                    "links": verdict.links, "sound": sound, "broken_at": verdict.broken_at, "why": verdict.why,
                }))?;
            }
            if let Some(at) = verdict.broken_at {
                return Err(broken_log(at).into());
            }
            if !output.json {
                output.say(&match output.lang {
                    domain::Lang::Ru => format!("журнал цел, событий: {}", verdict.links),
                    domain::Lang::En => format!("the log is sound, events: {}", verdict.links),
                })?;
            }
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::List { after, limit } => {
            for link in session.audit_list(*after, *limit)? {
                let line = json!({
                    "seq": link.seq, "at": link.event.at.iso(), "actor": link.event.actor, "action": link.event.action,
                    "subject": link.event.subject, "body": link.event.body, "hash": link.hash,
                });
                output.either(&line, |_| {
                    format!(
                        "{}  {}  {}  {}",
                        link.seq,
                        link.event.at.iso(),
                        link.event.action,
                        link.event.subject
                    )
                })?;
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn broken_log(at: u64) -> Failure {
    Failure::new(
        "audit/broken",
        Text::new(
            format!("журнал изменён на событии {at}"),
            format!("the log was changed at event {at}"),
        ),
        Text::new(
            "больше ничего не решайте в этом учёте и восстановите его из копии",
            "decide nothing more in this ledger, and restore it from a copy",
        ),
    )
}

pub fn release(session: &Session, account: &str, day: NaiveDate, output: &Output) -> Done {
    session.release_account(account, day)?;
    output.either(&json!({ "account": account, "day": day }), |_| {
        format!(
            "{} {account}",
            output.pick("автоматические решения снова разрешены:", "automatic decisions go on:")
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
