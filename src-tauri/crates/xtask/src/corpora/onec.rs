//! 1C files against `1c/INDEX.tsv`: encodings, numbers of documents, sums by direction and declared turnovers.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

use super::{
    decimal::Decimal,
    reading::{EntryRead, FileRead},
    table::{Bar, Table},
    verdict::{Deviation, Outcome},
};

/// The index counts what its own accounts name; what only a date told is beyond it.
const DIRECTION_BY_DATE: &str = "onec/direction-by-date";

pub fn judge(root: &Path, table: &mut Table) -> Result<()> {
    let folder = root.join("1c");
    let path = folder.join("INDEX.tsv");
    let index = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut lines = index.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let columns = lines.next().context("the index is empty")?;
    for line in lines {
        let row: BTreeMap<&str, &str> = columns.iter().copied().zip(line).collect();
        let name = row.get("file").context("the index names its files")?;
        let read = FileRead::of(&folder.join(name))?;
        let deviations = against(&row, &read)?;
        let (entries, outcome) = (read.entries().count(), Outcome::of(&deviations));
        table.count("1c", Bar::AllRight, name, entries, outcome, &deviations);
    }
    Ok(())
}

fn against(row: &BTreeMap<&str, &str>, read: &FileRead) -> Result<Vec<Deviation>> {
    let column = |name: &str| {
        row.get(name)
            .copied()
            .with_context(|| format!("the index has no {name}"))
    };
    let sum_of = |name: &str| {
        let text = column(name)?;
        Decimal::parse(text).with_context(|| format!("{name}: {text} is not a sum"))
    };
    // A transfer between two accounts of the file is two entries of one document.
    let mut documents: Vec<u64> = read.entries().map(|entry| entry.line).collect();
    documents.sort_unstable();
    documents.dedup();
    let encoding = read
        .encoding
        .as_deref()
        .unwrap_or("-")
        .replace("windows-1251", "cp1251");
    let declared = |of: fn(&super::reading::StatementRead) -> Option<Decimal>| {
        Decimal(read.statements.iter().filter_map(of).map(|sum| sum.0).sum()).to_string()
    };
    let mut parts = vec![
        ("encoding", column("real_encoding")?.to_owned(), encoding),
        ("documents", column("docs")?.to_owned(), documents.len().to_string()),
        (
            "debits",
            (-sum_of("debit_sum_own")?).to_string(),
            sum(read, |units| units < 0),
        ),
        (
            "credits",
            sum_of("credit_sum_own")?.to_string(),
            sum(read, |units| units > 0),
        ),
    ];
    if column("account_sections")? != "0" {
        parts.push((
            "declared debits",
            sum_of("declared_debit")?.to_string(),
            declared(|statement| statement.debits),
        ));
        parts.push((
            "declared credits",
            sum_of("declared_credit")?.to_string(),
            declared(|statement| statement.credits),
        ));
    }
    // An index does not say where: any error of the file speaks for a difference.
    let told = read.errors().next().is_some();
    Ok(parts
        .into_iter()
        .filter(|(_, expected, found)| expected != found)
        .map(|(what, expected, found)| Deviation {
            what: format!("{what}: expected {expected}, read {found}"),
            told,
        })
        .collect())
}

fn sum(read: &FileRead, side: fn(i128) -> bool) -> String {
    let by_date = |entry: &EntryRead| {
        read.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == DIRECTION_BY_DATE && diagnostic.line == entry.line)
    };
    let units = read
        .entries()
        .filter(|entry| !by_date(entry))
        .filter_map(|entry| entry.signed)
        .map(|sum| sum.0)
        .filter(|units| side(*units))
        .sum();
    Decimal(units).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn counts_and_sums_are_held_against_the_index() {
        let entry = |direction: &str, amount: &str, line: u64| {
            json!({
                "direction": direction, "status": "booked", "amount": amount, "currency": "RUB", "booked": "2024-01-02",
                "line": line,
            })
        };
        let line = json!({
            "encoding": "windows-1251", "credits": "10.90", "debits": null, "diagnostics": [
                { "severity": "warning", "code": DIRECTION_BY_DATE, "line": 9 },
            ],
            "entries": [entry("credit", "10.00", 3), entry("debit", "1.50", 5), entry("debit", "7.00", 9)],
        });
        let read = FileRead::parse(&line.to_string()).unwrap();
        let mut row = BTreeMap::from([
            ("real_encoding", "cp1251"),
            ("docs", "3"),
            ("debit_sum_own", "1.50"),
            ("credit_sum_own", "10"),
            ("account_sections", "1"),
            ("declared_debit", "0"),
            ("declared_credit", "10.90"),
        ]);
        assert_eq!(against(&row, &read).unwrap(), []);
        row.insert("docs", "2");
        row.insert("credit_sum_own", "10.01");
        assert_eq!(Outcome::of(&against(&row, &read).unwrap()), Outcome::Silent);
    }
}
