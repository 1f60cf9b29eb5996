//! `sverka read`: what bank files say.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom, Write},
    path::Path,
    process::ExitCode,
};

use app::Failure;
use domain::{Direction, Lang, Text};
use formats::{Diagnostic, Event, Format, Options, Reading, Severity};
use serde_json::{Value, json};

use super::read_shape as shape;
use crate::{
    args::ReadArgs,
    output::{Done, Output},
};

pub fn run(arguments: &ReadArgs, output: &Output) -> Done {
    let format = arguments.format.as_deref().map(format_named).transpose()?;
    let options = Options {
        own_accounts: arguments.own_accounts.clone(),
        format,
    };
    let mut all_used = true;
    for path in &arguments.files {
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        match open(path) {
            Ok(source) => all_used &= one(source, &name, &options, arguments, output)?,
            Err(error) => {
                output.failure(&app::io_failure(path, &error));
                all_used = false;
            }
        }
    }
    Ok(if all_used { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// `true`: everything in it could be used.
fn one(source: impl Read + Seek, name: &str, options: &Options, arguments: &ReadArgs, output: &Output) -> Done<bool> {
    let shown = if arguments.events {
        events(source, name, options, output)?
    } else if arguments.summary {
        summary(source, name, options, output)?
    } else {
        whole(source, name, options, output)?
    };
    if !output.json && !arguments.events {
        for diagnostic in &shown.diagnostics {
            output.complain(&diagnostic.render(output.lang, name));
        }
    }
    Ok(shown.readable && !shown.diagnostics.iter().any(|one| one.severity == Severity::Error))
}

struct Shown {
    readable: bool,
    /// With `--events` only the errors: the rest were printed as they came.
    diagnostics: Vec<Diagnostic>,
}

fn whole(source: impl Read + Seek, name: &str, options: &Options, output: &Output) -> Done<Shown> {
    let collected = formats::read_all(source, options)?;
    let readable = collected.statements.iter().any(|one| one.statement.account.is_some())
        || collected.content == domain::Content::Orders;
    let lines = shape::statements(name, &collected, output.lang);
    if output.json {
        for line in &lines {
            output.line(line)?;
        }
    } else {
        for statement in &collected.statements {
            show(statement, output)?;
        }
    }
    Ok(Shown {
        readable,
        diagnostics: collected.diagnostics,
    })
}

/// A statement for a person: the account, its entries as a table, its proof.
fn show(read: &formats::CollectedStatement, output: &Output) -> Done<()> {
    let account = read
        .statement
        .account
        .as_ref()
        .map_or("—", |account| account.number.as_str());
    output.say(&format!("{} {account}", output.pick("счёт", "account")))?;
    let rows: Vec<Vec<String>> = read
        .entries
        .iter()
        .map(|entry| {
            let sign = match entry.direction {
                Some(Direction::Credit) => "+",
                Some(Direction::Debit) => "−",
                None => "?",
            };
            vec![
                entry.booked.to_string(),
                entry.number.clone().unwrap_or_default(),
                format!("{sign}{}", app::money(entry.amount).get(output.lang)),
                entry.counterparty.name.clone().unwrap_or_default(),
                entry.purpose.clone(),
            ]
        })
        .collect();
    let head = match output.lang {
        Lang::Ru => ["дата", "номер", "сумма", "контрагент", "назначение"],
        Lang::En => ["date", "number", "sum", "counterparty", "purpose"],
    };
    output.table(&head, &rows)?;
    let proof = match read.proof.as_flag() {
        Some(true) => output.pick("● остатки сходятся", "● the balances add up"),
        Some(false) => output.pick("◐ остатки не сходятся", "◐ the balances do not add up"),
        None => output.pick("○ остатков в файле нет", "○ no balances in the file"),
    };
    output.say(proof)
}

fn events(source: impl Read + Seek, name: &str, options: &Options, output: &Output) -> Done<Shown> {
    let reading = formats::open(source, options)?;
    let readable = is_readable(&reading);
    let head = shape::Head::of(name, &reading);
    let mut diagnostics = Vec::new();
    for event in reading {
        let line = match event? {
            Event::Statement { index, statement } => {
                let mut line = shape::statement(&head, &statement);
                line["event"] = json!("statement");
                line["index"] = json!(index);
                line
            }
            Event::Entry { statement, entry } => {
                let mut line = shape::entry(&entry);
                line["event"] = json!("entry");
                line["statement"] = json!(statement);
                line
            }
            Event::End { statement, proof, days } => json!({
                "event": "end", "statement": statement, "proven": proof.as_flag(),
                "days": days.iter().map(|(date, proof)| json!({ "date": date, "proven": proof.as_flag() })).collect::<Vec<Value>>(),
            }),
            Event::Diagnostic(diagnostic) => {
                let mut line = shape::diagnostic(&diagnostic, output.lang);
                line["event"] = json!("diagnostic");
                if diagnostic.severity == Severity::Error {
                    diagnostics.push(diagnostic);
                }
                line
            }
        };
        output.line(&line)?;
    }
    Ok(Shown { readable, diagnostics })
}

fn summary(source: impl Read + Seek, name: &str, options: &Options, output: &Output) -> Done<Shown> {
    let reading = formats::open(source, options)?;
    let readable = is_readable(&reading);
    let head = shape::Head::of(name, &reading);
    let accounts: Vec<String> = reading
        .statements()
        .iter()
        .filter_map(|one| one.account.as_ref())
        .map(|one| one.number.clone())
        .collect();
    let mut diagnostics = Vec::new();
    let (mut entries, mut unproven) = (0_u64, 0_u64);
    let mut sums: std::collections::BTreeMap<(String, &str), i128> = std::collections::BTreeMap::new();
    for event in reading {
        match event? {
            Event::Entry { entry, .. } => {
                entries += 1;
                let side = match entry.direction {
                    Some(Direction::Credit) => "credits",
                    Some(Direction::Debit) => "debits",
                    None => "unknown",
                };
                *sums.entry((entry.amount.currency().to_string(), side)).or_default() +=
                    i128::from(entry.amount.minor());
            }
            Event::End { proof, .. } => unproven += u64::from(proof.as_flag() == Some(false)),
            Event::Diagnostic(diagnostic) => diagnostics.push(diagnostic),
            Event::Statement { .. } => {}
        }
    }
    let count = |severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    let line = json!({
        "file": name, "format": head.format, "encoding": head.encoding, "content": head.content, "accounts": accounts,
        "entries": entries, "unproven": unproven,
        "sums": sums.iter().map(|((currency, side), minor)| json!({
            "currency": currency, "side": side, "amount": shape::decimal(*minor, currency),
        })).collect::<Vec<Value>>(),
        "errors": count(Severity::Error), "warnings": count(Severity::Warning), "notes": count(Severity::Note),
    });
    output.either(&line, |_| {
        let sums: Vec<String> = sums
            .iter()
            .map(|((currency, side), minor)| format!("{side} {} {currency}", shape::decimal(*minor, currency)))
            .collect();
        format!(
            "{name}: {} {entries}, {}; {} {}, {} {}",
            output.pick("операций", "entries"),
            sums.join(", "),
            output.pick("ошибок", "errors"),
            count(Severity::Error),
            output.pick("предупреждений", "warnings"),
            count(Severity::Warning),
        )
    })?;
    Ok(Shown { readable, diagnostics })
}

fn is_readable(reading: &Reading<'_>) -> bool {
    reading.statements().iter().any(|one| one.account.is_some()) || reading.content() == domain::Content::Orders
}

fn format_named(name: &str) -> Result<Format, Failure> {
    Format::of_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        Failure::new(
            "read/unknown-format",
            Text::new(format!("формата «{name}» нет"), format!("there is no format «{name}»")),
            Text::new(
                format!("известны: {}", known.join(", ")),
                format!("known: {}", known.join(", ")),
            ),
        )
    })
}

/// A file, or standard input spooled to one: it is read twice.
fn open(path: &Path) -> io::Result<BufReader<File>> {
    if path != Path::new("-") {
        return File::open(path).map(BufReader::new);
    }
    let mut spool = tempfile::tempfile()?;
    io::copy(&mut io::stdin().lock(), &mut spool)?;
    spool.flush()?;
    spool.seek(SeekFrom::Start(0))?;
    Ok(BufReader::new(spool))
}
