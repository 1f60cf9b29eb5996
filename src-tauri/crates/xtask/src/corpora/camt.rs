//! camt.052, 053 and 054 against `camt/EXPECTED.jsonl`: dates, signed amounts, currencies and status of all entries, both
//! balances of each statement.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    align::align,
    by_hand,
    decimal::Decimal,
    mt::modern,
    reading::{EntryRead, FileRead, StatementRead, list, text},
    table::{Bar, Table},
    verdict::{Deviation, Outcome, lines_of, of_gaps, told_at},
};

pub fn judge(root: &Path, table: &mut Table) -> Result<()> {
    let folder = root.join("camt");
    let path = folder.join("EXPECTED.jsonl");
    let expectations = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    for line in expectations.lines() {
        let expected: Value = serde_json::from_str(line)?;
        let name = text(&expected["path"]).context("an expectation names its file")?;
        let read = FileRead::of(&folder.join(&name))?;
        let entries = read.entries().count();
        if by_hand::expected(&name).is_some() {
            continue;
        }
        let Some(wanted) = Wanted::of(&expected)? else {
            broken(&name, &read, table);
            continue;
        };
        let deviations = against(&wanted, &read);
        let row = wanted[0].kind.row();
        table.count(
            row,
            Bar::AllRight,
            &name,
            entries,
            Outcome::of(&deviations),
            &deviations,
        );
    }
    for name in by_hand::listed("camt-") {
        broken(name, &FileRead::of(&folder.join(name))?, table);
    }
    Ok(())
}

fn broken(name: &str, read: &FileRead, table: &mut Table) {
    let (outcome, deviations) = Outcome::of_broken(name, read);
    let entries = read.entries().count();
    table.count("camt broken", Bar::AllRight, name, entries, outcome, &deviations);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Statement,
    Report,
    Notification,
}

impl Kind {
    fn row(self) -> &'static str {
        match self {
            Self::Statement => "camt.053",
            Self::Report => "camt.052",
            Self::Notification => "camt.054",
        }
    }
}

#[derive(Debug)]
struct Wanted {
    kind: Kind,
    opening: Option<Decimal>,
    closing: Option<Decimal>,
    entries: Vec<Expected>,
}

#[derive(Debug)]
struct Expected {
    booked: Option<String>,
    value: Option<String>,
    signed: Decimal,
    currency: String,
    status: &'static str,
}

impl Wanted {
    /// `None`: the file holds no statement, or something in the place of an amount: nobody can read it whole.
    fn of(expected: &Value) -> Result<Option<Vec<Self>>> {
        let statements = list(expected, "stmts")?;
        let mut wanted = Vec::new();
        for statement in statements {
            let kind = match statement["kind"].as_str() {
                Some("Rpt") => Kind::Report,
                Some("Ntfctn") => Kind::Notification,
                _ => Kind::Statement,
            };
            let entries: Option<Vec<Expected>> = list(statement, "entries")?
                .iter()
                .map(|entry| Expected::of(entry, kind))
                .collect();
            let Some(entries) = entries else {
                return Ok(None);
            };
            let balance = |key: &str| statement[key].as_str().map(Decimal::parse);
            let (opening, closing) = (balance("open"), balance("close"));
            if opening == Some(None) || closing == Some(None) {
                return Ok(None);
            }
            wanted.push(Self {
                kind,
                opening: opening.flatten(),
                closing: closing.flatten(),
                entries,
            });
        }
        Ok((!wanted.is_empty()).then_some(wanted))
    }
}

impl Expected {
    fn of(entry: &Value, kind: Kind) -> Option<Self> {
        let status = match (kind, entry["sts"].as_str()) {
            (Kind::Report, _) => "pending",
            (Kind::Notification, _) | (Kind::Statement, Some("INFO")) => "info",
            (Kind::Statement, Some("PDNG" | "FUTR")) => "pending",
            (Kind::Statement, Some("BOOK") | None) => "booked",
            (Kind::Statement, Some(_)) => return None,
        };
        Some(Self {
            booked: text(&entry["b"]),
            value: text(&entry["v"]),
            signed: Decimal::parse(entry["amt"].as_str()?)?,
            currency: text(&entry["ccy"])?,
            status,
        })
    }

    /// The day it counts: where the entry names none, the reader has to take one from elsewhere.
    fn day(&self) -> Option<&str> {
        self.booked.as_deref().or(self.value.as_deref())
    }

    fn differs(&self, read: &EntryRead) -> Option<String> {
        if self.day().is_some_and(|day| day != read.booked) {
            return Some(format!("booked {:?}, read {}", self.day(), read.booked));
        }
        if self.value != read.value {
            return Some(format!("value date {:?}, read {:?}", self.value, read.value));
        }
        if modern(&self.currency) != modern(&read.currency) {
            return Some(format!("in {}, read {}", self.currency, read.currency));
        }
        (self.status != read.status).then(|| format!("{}, read {}", self.status, read.status))
    }
}

fn against(wanted: &[Wanted], read: &FileRead) -> Vec<Deviation> {
    let entries: Vec<&EntryRead> = read.entries().collect();
    let expected: Vec<&Expected> = wanted.iter().flat_map(|statement| &statement.entries).collect();
    let wanted_keys: Vec<Option<Decimal>> = expected.iter().map(|entry| Some(entry.signed)).collect();
    let read_keys: Vec<Option<Decimal>> = entries.iter().map(|entry| entry.signed).collect();
    let alignment = align(&wanted_keys, &read_keys);
    let mut deviations = of_gaps(read, &entries, &alignment.gaps, |at| {
        format!("{} {}", expected[at].day().unwrap_or("-"), expected[at].signed)
    });
    for (i, j) in alignment.pairs {
        if let Some(what) = expected[i].differs(entries[j]) {
            deviations.push(Deviation {
                what: format!("line {}: {what}", entries[j].line),
                told: told_at(read, &lines_of(&entries, j)),
            });
        }
    }
    if wanted.len() == read.statements.len() {
        for (wanted, found) in wanted.iter().zip(&read.statements) {
            deviations.extend(balances(wanted, found, read));
        }
    } else {
        deviations.push(Deviation {
            what: format!("{} statements, read {}", wanted.len(), read.statements.len()),
            told: told_at(read, &(1..=u64::MAX)),
        });
    }
    deviations
}

/// Whether the balances and the entries are the statement's own.
fn balances(wanted: &Wanted, found: &StatementRead, read: &FileRead) -> Vec<Deviation> {
    let begin = found.entries.first().map_or(1, |entry| entry.line);
    let whole = 1..=found.entries.last().map_or(u64::MAX, |entry| entry.line.max(begin));
    let mut deviations = Vec::new();
    let mut hold = |what: &str, expected: Option<Decimal>, found: Option<Decimal>| {
        if expected != found {
            let shown = |sum: Option<Decimal>| sum.map_or_else(|| "-".to_owned(), |sum| sum.to_string());
            deviations.push(Deviation {
                what: format!("{what}: expected {}, read {}", shown(expected), shown(found)),
                told: told_at(read, &whole),
            });
        }
    };
    hold("opening", wanted.opening, found.opening);
    hold("closing", wanted.closing, found.closing);
    if wanted.entries.len() != found.entries.len() {
        deviations.push(Deviation {
            what: format!("{} entries, read {}", wanted.entries.len(), found.entries.len()),
            told: told_at(read, &whole),
        });
    }
    deviations
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn expected(status: Option<&str>, booked: Option<&str>) -> Value {
        json!({ "stmts": [{ "kind": "Stmt", "open": "1.00", "close": "-4.00", "entries": [
            { "b": booked, "v": null, "amt": "-5.00", "ccy": "EUR", "sts": status },
        ]}]})
    }

    fn read(status: &str, closing: &str, error_line: Option<u64>) -> FileRead {
        let diagnostics = error_line.map(|line| json!({ "severity": "error", "code": "camt/x", "line": line }));
        let line = json!({
            "opening": "1.00", "closing": closing, "entries": [{
                "direction": "debit", "status": status, "amount": "5.00", "currency": "EUR", "booked": "2024-01-02",
                "value": null, "line": 9,
            }],
            "diagnostics": diagnostics.into_iter().collect::<Vec<_>>(),
        });
        FileRead::parse(&line.to_string()).unwrap()
    }

    fn outcome(expected: &Value, read: &FileRead) -> Outcome {
        Outcome::of(&against(&Wanted::of(expected).unwrap().unwrap(), read))
    }

    #[test]
    fn all_of_an_entry_is_held_against_what_is_expected() {
        let day = Some("2024-01-02");
        assert_eq!(
            outcome(&expected(None, day), &read("booked", "-4", None)),
            Outcome::Right
        );
        assert_eq!(
            outcome(&expected(None, None), &read("booked", "-4", None)),
            Outcome::Right
        );
        assert_eq!(
            outcome(&expected(Some("PDNG"), day), &read("booked", "-4", None)),
            Outcome::Silent
        );
        assert_eq!(
            outcome(&expected(None, Some("2024-01-03")), &read("booked", "-4", Some(10))),
            Outcome::Told
        );
        assert_eq!(
            outcome(&expected(None, day), &read("booked", "4", None)),
            Outcome::Silent
        );
        assert_eq!(
            outcome(&expected(None, day), &read("booked", "4", Some(3))),
            Outcome::Told
        );
    }

    #[test]
    fn nobody_can_read_a_file_without_a_statement_or_an_amount() {
        assert!(Wanted::of(&json!({ "stmts": [] })).unwrap().is_none());
        assert!(Wanted::of(&expected(Some("{{status}}"), None)).unwrap().is_none());
    }
}
