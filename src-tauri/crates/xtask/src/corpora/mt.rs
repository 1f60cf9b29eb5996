//! MT940 and MT942 against `mt/EXPECTED.jsonl`: dates and signed amounts of all entries, both balances of each statement,
//! and, as a share, what else `:61:` says.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    align::align,
    by_hand,
    decimal::Decimal,
    reading::{EntryRead, FileRead, list, text},
    table::{Bar, Table},
    verdict::{Deviation, Outcome, lines_of, of_gaps, told_at},
};

/// Percent of the entries of complete documents whose entry date, type and references must be right too.
const STRICT_BAR: u64 = 97;
/// The kind of a copy names its original.
const COPY: &str = "dup:";
/// A line of `:61:` that has no reference.
const NO_REFERENCE: &str = "NONREF";

pub fn judge(root: &Path, table: &mut Table) -> Result<()> {
    let path = root.join("mt/EXPECTED.jsonl");
    let expectations = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut strict = Strict::default();
    for line in expectations.lines() {
        let expected: Value = serde_json::from_str(line)?;
        let name = text(&expected["path"]).context("an expectation names its file")?;
        let kind = text(&expected["kind"]).context("an expectation has a kind")?;
        let read = FileRead::of(&found(root, &name)?)?;
        let entries = read.entries().count();
        let (row, bar) = match kind.as_str() {
            "full" => ("mt complete", Bar::AllRight),
            "mt942" => ("mt interim (MT942)", Bar::AllRight),
            "frag" => ("mt fragments", Bar::NoneSilent),
            "bad" => {
                let (outcome, deviations) = Outcome::of_broken(&name, &read);
                table.count("mt broken", Bar::AllRight, &name, entries, outcome, &deviations);
                continue;
            }
            copy if by_hand::expected(copy.trim_start_matches(COPY)).is_some() => {
                let (outcome, deviations) = Outcome::of_broken(copy.trim_start_matches(COPY), &read);
                table.count("mt broken", Bar::AllRight, &name, entries, outcome, &deviations);
                continue;
            }
            _ => ("mt copies", Bar::NoneSilent),
        };
        let statements = list(&expected, "stmts")?;
        let wanted: Vec<Expected> = statements.iter().map(entries_of).collect::<Result<Vec<_>>>()?.concat();
        let mut deviations = balances(statements, &read)?;
        let counted = (kind == "full").then_some(&mut strict);
        deviations.extend(entries_against(&wanted, &read, counted, table, &name));
        table.count(row, bar, &name, entries, Outcome::of(&deviations), &deviations);
    }
    table.share("mt strict, entries", strict.right, strict.all, Some(STRICT_BAR));
    Ok(())
}

/// One of them lies among the files of another corpus.
fn found(root: &Path, name: &str) -> Result<PathBuf> {
    ["mt", "camt"]
        .iter()
        .map(|corpus| root.join(corpus).join(name))
        .find(|path| path.is_file())
        .with_context(|| format!("{name} is not there"))
}

#[derive(Default)]
struct Strict {
    right: u64,
    all: u64,
}

#[derive(Debug, Clone, Default)]
struct Expected {
    value: String,
    signed: Option<Decimal>,
    /// Of the balances: the line itself names none.
    currency: Option<String>,
    entered: Option<String>,
    kind: Option<String>,
    reference: Option<String>,
    bank_reference: Option<String>,
}

fn entries_of(statement: &Value) -> Result<Vec<Expected>> {
    let currency = text(&statement["open"]["ccy"]).or_else(|| text(&statement["close"]["ccy"]));
    let entry = |entry: &Value| Expected {
        value: text(&entry["v"]).unwrap_or_default(),
        signed: entry["amt"].as_str().and_then(Decimal::parse),
        currency: currency.clone(),
        entered: text(&entry["e"]),
        kind: text(&entry["type"]),
        reference: text(&entry["cref"]),
        bank_reference: text(&entry["bref"]),
    };
    Ok(list(statement, "entries")?.iter().map(entry).collect())
}

/// What identifies an entry: the day and the effect.
type Key<'a> = (&'a str, Option<Decimal>);

fn entries_against(
    wanted: &[Expected],
    read: &FileRead,
    mut strict: Option<&mut Strict>,
    table: &Table,
    name: &str,
) -> Vec<Deviation> {
    let entries: Vec<&EntryRead> = read.entries().collect();
    let wanted_keys: Vec<Key<'_>> = wanted
        .iter()
        .map(|entry| (entry.value.as_str(), entry.signed))
        .collect();
    let read_keys: Vec<Key<'_>> = entries
        .iter()
        .map(|entry| (entry.value.as_deref().unwrap_or(&entry.booked), entry.signed))
        .collect();
    let alignment = align(&wanted_keys, &read_keys);
    let mut deviations = of_gaps(read, &entries, &alignment.gaps, |at| {
        let amount = wanted[at].signed.map_or_else(|| "?".to_owned(), |sum| sum.to_string());
        format!("{} {amount}", wanted[at].value)
    });
    if let Some(strict) = strict.as_deref_mut() {
        strict.all += wanted.len() as u64;
    }
    for (i, j) in alignment.pairs {
        let (expected, entry) = (&wanted[i], entries[j]);
        if let Some(currency) = &expected.currency
            && modern(currency) != modern(&entry.currency)
        {
            deviations.push(Deviation {
                what: format!("{} is in {currency}, not in {}", entry.line, entry.currency),
                told: told_at(read, &lines_of(&entries, j)),
            });
        }
        let Some(strict) = strict.as_deref_mut() else { continue };
        match expected.differs(entry) {
            None => strict.right += 1,
            Some(what) => table.remark(&format!("mt strict: {name}: line {}: {what}", entry.line)),
        }
    }
    deviations
}

/// The old rouble is the rouble.
pub fn modern(currency: &str) -> &str {
    if currency == "RUR" { "RUB" } else { currency }
}

impl Expected {
    /// Which of the other parts of `:61:` is not as expected.
    fn differs(&self, read: &EntryRead) -> Option<String> {
        let entered = self.entered.as_deref().unwrap_or(&self.value);
        let parts = [
            ("entry date", Some(entered), Some(read.booked.as_str())),
            ("type", said(self.kind.as_deref()), said(read.kind.as_deref())),
            (
                "reference",
                reference(self.reference.as_deref()),
                reference(read.number.as_deref()),
            ),
            (
                "bank reference",
                said(self.bank_reference.as_deref()),
                said(read.bank_reference.as_deref()),
            ),
        ];
        let differing = parts.iter().find(|(_, expected, found)| expected != found)?;
        let (what, expected, found) = differing;
        Some(format!("{what}: expected {expected:?}, read {found:?}"))
    }
}

fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// A reader may keep the word for no reference, or leave it out.
fn reference(text: Option<&str>) -> Option<&str> {
    said(text).filter(|text| *text != NO_REFERENCE)
}

/// Pages of one statement (`:62M:` to `:60M:`) are one: its opening is the first page's, its closing the last one's.
fn balances(statements: &[Value], read: &FileRead) -> Result<Vec<Deviation>> {
    let mut wanted: Vec<(Option<Decimal>, Option<Decimal>)> = Vec::new();
    let mut page_before: Option<&Value> = None;
    for statement in statements {
        if empty(statement) {
            continue;
        }
        let (opening, closing) = (balance(&statement["open"])?, balance(&statement["close"])?);
        let continued = page_before.is_some_and(|before| {
            before["close"]["t"] == "M" && statement["open"]["t"] == "M" && before["acct"] == statement["acct"]
        });
        match wanted.last_mut() {
            Some(whole) if continued => whole.1 = closing,
            _ => wanted.push((opening, closing)),
        }
        page_before = Some(statement);
    }
    let found: Vec<_> = read
        .statements
        .iter()
        .map(|statement| (statement.opening, statement.closing))
        .collect();
    let gaps = align(&wanted, &found).gaps;
    Ok(gaps
        .into_iter()
        .map(|gap| {
            let shown = |balances: &[(Option<Decimal>, Option<Decimal>)]| {
                let one = |sum: &Option<Decimal>| sum.map_or_else(|| "-".to_owned(), |sum| sum.to_string());
                let all: Vec<String> = balances
                    .iter()
                    .map(|(opening, closing)| format!("{}..{}", one(opening), one(closing)))
                    .collect();
                all.join(", ")
            };
            let lines = lines_of_statements(read, gap.read.start, gap.read.end);
            Deviation {
                what: format!(
                    "balances: expected [{}], read [{}]",
                    shown(&wanted[gap.expected.clone()]),
                    shown(&found[gap.read.clone()])
                ),
                told: told_at(read, &lines),
            }
        })
        .collect())
}

/// What is left over at the end of a file is no statement, though the expectation counts it.
fn empty(statement: &Value) -> bool {
    ["acct", "open", "close"].iter().all(|key| statement[key].is_null())
        && statement["entries"].as_array().is_none_or(Vec::is_empty)
}

/// A statement's lines are not printed: they lie between the entries of its neighbours.
fn lines_of_statements(read: &FileRead, begin: usize, end: usize) -> std::ops::RangeInclusive<u64> {
    let before = read.statements[..begin]
        .iter()
        .flat_map(|statement| &statement.entries)
        .map(|entry| entry.line)
        .max();
    let after = read.statements[end..]
        .iter()
        .flat_map(|statement| &statement.entries)
        .map(|entry| entry.line)
        .min();
    before.unwrap_or(1)..=after.unwrap_or(u64::MAX)
}

fn balance(value: &Value) -> Result<Option<Decimal>> {
    let Some(text) = value["amt"].as_str() else {
        return Ok(None);
    };
    let sum = Decimal::parse(text).with_context(|| format!("{text} is not a balance"))?;
    Ok(Some(sum))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(acct: &str, opening: (&str, &str), closing: (&str, &str)) -> Value {
        json!({
            "acct": acct, "entries": [],
            "open": { "t": opening.0, "amt": opening.1 }, "close": { "t": closing.0, "amt": closing.1 },
        })
    }

    fn read(balances: &[(&str, &str)], entries: &Value) -> FileRead {
        let lines: Vec<String> = balances
            .iter()
            .enumerate()
            .map(|(at, (opening, closing))| {
                json!({
                    "opening": opening, "closing": closing, "diagnostics": [],
                    "entries": if at == 0 { entries.clone() } else { json!([]) },
                })
                .to_string()
            })
            .collect();
        FileRead::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn pages_of_one_statement_are_one() {
        let pages = [
            page("1", ("F", "1.00"), ("M", "2.00")),
            page("1", ("M", "2.00"), ("F", "3.00")),
            page("1", ("F", "3.00"), ("F", "4.00")),
        ];
        let right = read(&[("1.00", "3.00"), ("3.00", "4.00")], &json!([]));
        assert_eq!(balances(&pages, &right).unwrap(), []);
        let apart = read(&[("1.00", "2.00"), ("2.00", "3.00"), ("3.00", "4.00")], &json!([]));
        assert_eq!(balances(&pages, &apart).unwrap().len(), 1);
    }

    #[test]
    fn a_wrong_sign_is_a_deviation_and_references_are_a_share() {
        let entry = json!({
            "direction": "credit", "status": "booked", "amount": "5.00", "currency": "RUB", "booked": "2024-01-02",
            "value": "2024-01-01", "kind": "NTRF", "number": null, "bank_reference": "B", "line": 4,
        });
        let read = read(&[("0", "5")], &json!([entry]));
        let expected = |amount: &str, bank_reference: &str| {
            entries_of(&json!({ "open": { "ccy": "RUR" }, "entries": [{
                "v": "2024-01-01", "e": "2024-01-02", "amt": amount, "type": "NTRF", "cref": "NONREF", "bref": bank_reference,
            }]}))
            .unwrap()
        };
        let table = Table::new(false);
        let mut strict = Strict::default();
        let mut judged = |wanted: &[Expected]| entries_against(wanted, &read, Some(&mut strict), &table, "x").len();
        assert_eq!(judged(&expected("5.0", "B")), 0);
        assert_eq!(judged(&expected("5.00", "C")), 0);
        assert_eq!(judged(&expected("-5.00", "B")), 1);
        assert_eq!((strict.right, strict.all), (1, 3));
    }
}
