//! The shape of `sverka read --json`, which other programs rely on.

use domain::{Counterparty, Day, Entry, Money, Proof, Statement};
use formats::{Collected, Diagnostic, Reading};
use serde_json::{Value, json};

use crate::{findings::Finding, output::Output};

/// What is said of the file in every line.
pub struct Head {
    pub file: String,
    pub format: Option<&'static str>,
    pub encoding: Option<&'static str>,
    pub content: Value,
}

impl Head {
    pub fn of(file: &str, reading: &Reading<'_>) -> Self {
        Self {
            file: file.to_owned(),
            format: reading.format().map(formats::Format::name),
            encoding: reading.encoding().map(|encoding| encoding.name()),
            content: json!(reading.content()),
        }
    }
}

/// One line a statement; the diagnostics of the file ride on the first.
pub fn statements(file: &str, collected: &Collected, output: &Output) -> Vec<Value> {
    let head = Head {
        file: file.to_owned(),
        format: collected.format.map(formats::Format::name),
        encoding: collected.encoding.map(|encoding| encoding.name()),
        content: json!(collected.content),
    };
    let mut lines: Vec<Value> = collected
        .statements
        .iter()
        .map(|read| {
            let mut line = statement(&head, &read.statement);
            line["proven"] = json!(read.proof.as_flag());
            line["days"] = read
                .statement
                .days
                .iter()
                .map(|declared| day(declared, &read.days))
                .collect();
            line["entries"] = read.entries.iter().map(entry).collect();
            line["diagnostics"] = json!([]);
            line
        })
        .collect();
    if lines.is_empty() {
        lines.push(json!({
            "file": head.file, "format": head.format, "encoding": head.encoding, "content": head.content,
            "account": null, "period": null, "opening": null, "closing": null, "credits": null, "debits": null,
            "proven": null, "days": [], "entries": [],
        }));
    }
    if let Some(first) = lines.first_mut() {
        first["diagnostics"] = collected
            .diagnostics
            .iter()
            .map(|one| diagnostic(one, output))
            .collect();
    }
    lines
}

pub fn statement(head: &Head, statement: &Statement) -> Value {
    json!({
        "file": head.file, "format": head.format, "encoding": head.encoding, "content": statement.content,
        "account": statement.account.as_ref().map(|account| json!({
            "number": account.number, "bank": account.bank, "currency": account.currency,
        })),
        "period": statement.period,
        "opening": money(statement.opening), "closing": money(statement.closing),
        "credits": money(statement.credits), "debits": money(statement.debits),
    })
}

fn day(day: &Day, proofs: &[(chrono::NaiveDate, Proof)]) -> Value {
    let proof = proofs
        .iter()
        .find(|(date, _)| *date == day.date)
        .map(|(_, proof)| proof);
    json!({
        "date": day.date, "opening": money(day.opening), "credits": money(day.credits), "debits": money(day.debits),
        "closing": money(day.closing), "proven": proof.and_then(Proof::as_flag),
    })
}

pub fn entry(entry: &Entry) -> Value {
    json!({
        "direction": entry.direction, "status": entry.status, "reversal": entry.reversal,
        "amount": entry.amount.decimal(), "currency": entry.amount.currency(), "booked": entry.booked,
        "value": entry.value, "kind": entry.kind, "number": entry.number, "document_date": entry.document_date,
        "counterparty": counterparty(&entry.counterparty), "purpose": entry.purpose,
        "bank_reference": entry.bank_reference, "end_to_end_id": entry.end_to_end_id, "line": entry.line,
        "details": entry.details.iter().map(|detail| json!({
            "amount": detail.amount.decimal(), "currency": detail.amount.currency(),
            "counterparty": counterparty(&detail.counterparty), "purpose": detail.purpose,
            "end_to_end_id": detail.end_to_end_id,
        })).collect::<Vec<Value>>(),
    })
}

fn counterparty(party: &Counterparty) -> Value {
    json!({
        "name": party.name, "inn": party.inn, "kpp": party.kpp, "account": party.account, "bank": party.bank,
        "bank_name": party.bank_name,
    })
}

pub fn diagnostic(diagnostic: &Diagnostic, output: &Output) -> Value {
    let mut line = Finding::from(diagnostic).line(output);
    line["excerpt"] = json!(diagnostic.excerpt);
    line
}

fn money(sum: Option<Money>) -> Option<String> {
    sum.map(Money::decimal)
}
