//! A whole file: a JSON line or a table a statement.

use std::{fs::File, io::BufReader};

use domain::{Content, Direction, Lang, Proof, Statement};
use formats::CollectedStatement;

use super::{
    Asked,
    shape::{Head, WholeLine},
};
use crate::{
    findings::{Finding, FindingLine, Findings},
    output::{Done, Output},
};

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let output = asked.output;
    let collected = formats::read_all(file, asked.options).map_err(|error| asked.unreadable(&error))?;
    let found: Vec<Finding> = collected.diagnostics.iter().map(Finding::from).collect();
    if output.json {
        let (format, detected) = (collected.format, &collected.detected);
        let head = Head::new(&asked.name, format, collected.encoding, detected, output);
        let nobodys = [nobodys(collected.content)];
        let statements = match collected.statements.as_slice() {
            [] => &nobodys,
            statements => statements,
        };
        let mut by_statement: Vec<Vec<FindingLine<'_>>> = statements.iter().map(|_| Vec::new()).collect();
        for (finding, diagnostic) in found.iter().zip(&collected.diagnostics) {
            let of = diagnostic.statement.unwrap_or(0).min(statements.len() - 1);
            by_statement[of].push(finding.line(output));
        }
        for (read, diagnostics) in statements.iter().zip(by_statement) {
            let head = head.of_member(read.member.as_ref());
            output.line(&WholeLine::of(&head, read, diagnostics))?;
        }
    } else {
        output.say(&asked.format(collected.format, &collected.detected))?;
        for statement in &collected.statements {
            show(statement, output)?;
        }
    }
    // Whoever stopped reading is told no more on standard error either.
    output.flush()?;
    found.into_iter().for_each(|finding| findings.tell(finding));
    Ok(())
}

/// A file without a statement still has a line.
fn nobodys(content: Content) -> CollectedStatement {
    CollectedStatement {
        member: None,
        statement: Statement::of(None, content),
        entries: Vec::new(),
        proof: Proof::Silent,
        days: Vec::new(),
    }
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
                entry.number.as_deref().unwrap_or_default().to_owned(),
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
