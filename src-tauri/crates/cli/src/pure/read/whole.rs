//! A whole file: a JSON line or a table a statement.

use std::{fs::File, io::BufReader};

use domain::{Direction, Lang};
use formats::CollectedStatement;

use super::{Asked, shape};
use crate::{
    findings::{Finding, Findings},
    output::{Done, Output},
};

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let output = asked.output;
    let collected = formats::read_all(file, asked.options).map_err(|error| asked.unreadable(&error))?;
    if output.json {
        for line in shape::statements(&asked.name, &collected, output) {
            output.line(&line)?;
        }
    } else {
        for statement in &collected.statements {
            show(statement, output)?;
        }
    }
    for diagnostic in &collected.diagnostics {
        findings.tell(Finding::from(diagnostic));
    }
    Ok(())
}

/// A statement for a person: the account, its entries as a table, its proof.
fn show(read: &CollectedStatement, output: &Output) -> Done<()> {
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
                format!("{sign}{}", entry.amount.text().get(output.lang)),
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
