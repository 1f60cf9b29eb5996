//! Other people's published MT940 and MT942 files, outside this repository: the folder is named by `SVERKA_CORPORA`.
//! Its `mt/EXPECTED.jsonl` holds what an independent reader made of each.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::{env, fs, io::Cursor, path::PathBuf};

use domain::{Currency, Direction, Entry, EntryStatus, Money};
use formats::{Collected, Format, Options, Severity, detect, read_all};
use serde_json::Value;

/// Share of entries whose dates, type and references are all as expected.
const STRICT_PER_MILLE: usize = 970;

#[derive(Default)]
struct Row {
    documents: usize,
    entries: usize,
    right: usize,
    silently_wrong: usize,
    told: usize,
    strict: usize,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn signed(entry: &Entry) -> i64 {
    match entry.direction {
        Some(Direction::Credit) => entry.amount.minor(),
        Some(Direction::Debit) => -entry.amount.minor(),
        None => panic!("an entry of a statement has a direction"),
    }
}

fn minor(decimal: &str, currency: Currency) -> i64 {
    let decimal = decimal.strip_suffix('.').unwrap_or(decimal);
    Money::parse(decimal, currency)
        .unwrap_or_else(|error| panic!("{error}"))
        .minor()
}

/// Pages that follow one another are one statement, here as there.
fn chains(expected: &Value) -> Vec<Vec<&Value>> {
    let mut chains: Vec<Vec<&Value>> = Vec::new();
    for page in expected["stmts"].as_array().unwrap() {
        let follows = chains
            .last()
            .and_then(|chain| chain.last())
            .is_some_and(|last| last["close"]["t"] == "M" && page["open"]["t"] == "M" && last["acct"] == page["acct"]);
        match chains.last_mut().filter(|_| follows) {
            Some(chain) => chain.push(page),
            None => chains.push(vec![page]),
        }
    }
    chains
}

struct Outcome {
    right: bool,
    strict: usize,
    entries: usize,
    why: Vec<String>,
}

fn compare(expected: &Value, collected: &Collected) -> Outcome {
    let chains = chains(expected);
    let mut why = Vec::new();
    let (mut strict, mut entries) = (0, 0);
    if chains.len() != collected.statements.len() {
        why.push(format!(
            "{} statements for {}",
            collected.statements.len(),
            chains.len()
        ));
    }
    for (chain, ours) in chains.iter().zip(&collected.statements) {
        let currency = text(
            &chain
                .iter()
                .find_map(|page| page["open"].get("ccy").or(page["close"].get("ccy")))
                .unwrap_or(&Value::Null)
                .clone(),
        )
        .to_owned();
        let currency = Currency::parse(&currency).unwrap_or(Currency::RUB);
        let balance = |value: &Value| value.get("amt").map(|amount| minor(text(amount), currency));
        let (opening, closing) = (balance(&chain[0]["open"]), balance(&chain[chain.len() - 1]["close"]));
        if opening != ours.statement.opening.map(Money::minor) {
            why.push(format!("opening {:?} for {opening:?}", ours.statement.opening));
        }
        if closing != ours.statement.closing.map(Money::minor) {
            why.push(format!("closing {:?} for {closing:?}", ours.statement.closing));
        }
        let theirs: Vec<&Value> = chain
            .iter()
            .flat_map(|page| page["entries"].as_array().unwrap())
            .collect();
        if theirs.len() != ours.entries.len() {
            why.push(format!("{} entries for {}", ours.entries.len(), theirs.len()));
        }
        for (theirs, ours) in theirs.iter().zip(&ours.entries) {
            entries += 1;
            if theirs.get("bad").is_some() {
                continue;
            }
            let value = ours.value.map(|date| date.to_string());
            if value.as_deref() != theirs["v"].as_str() || signed(ours) != minor(text(&theirs["amt"]), currency) {
                why.push(format!("line {}: {value:?} {} for {theirs}", ours.line, ours.amount));
            }
            let booked = theirs["e"].as_str().or(theirs["v"].as_str());
            let same = Some(ours.booked.to_string().as_str()) == booked
                && ours.kind.as_deref() == theirs["type"].as_str()
                && ours.number.as_deref() == theirs["cref"].as_str()
                && ours.bank_reference.as_deref() == theirs["bref"].as_str();
            strict += usize::from(same);
            if !same {
                println!(
                    "  line {}: {} {:?} {:?} {:?} for {} {} {} {}",
                    ours.line,
                    ours.booked,
                    ours.kind,
                    ours.number,
                    ours.bank_reference,
                    theirs["e"],
                    theirs["type"],
                    theirs["cref"],
                    theirs["bref"]
                );
            }
        }
    }
    Outcome {
        right: why.is_empty(),
        strict,
        entries,
        why,
    }
}

#[test]
fn published_mt_files_read_as_expected() {
    let Some(root) = env::var_os("SVERKA_CORPORA").map(PathBuf::from) else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let lines = fs::read_to_string(root.join("mt/EXPECTED.jsonl")).unwrap();
    let documents = || lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let reports: Vec<String> = documents()
        .filter(|document| document["kind"] == "mt942")
        .map(|document| text(&document["path"]).to_owned())
        .collect();
    let mut full = Row::default();
    let mut rest = Row::default();
    for expected in documents() {
        let (path, kind) = (text(&expected["path"]), text(&expected["kind"]));
        let Some(file) = ["mt", "camt"]
            .map(|folder| root.join(folder).join(path))
            .into_iter()
            .find(|file| file.exists())
        else {
            panic!("{path} is not there");
        };
        let bytes = fs::read(&file).unwrap();
        println!("{kind} {path}");
        let format = detect(&bytes).format;
        let original = kind.strip_prefix("dup:");
        let interim = kind == "mt942" || original.is_some_and(|original| reports.contains(&original.to_owned()));
        assert!(
            matches!(format, Some(Format::Mt940 | Format::Mt942)),
            "{path}: {format:?}"
        );
        assert_eq!(format == Some(Format::Mt942), interim, "{path}: {format:?}");
        let collected = read_all(Cursor::new(&bytes), &Options::default()).unwrap();
        let outcome = compare(&expected, &collected);
        let told = collected.diagnostics.iter().any(|it| it.severity != Severity::Note);
        let row = if kind == "full" { &mut full } else { &mut rest };
        row.documents += 1;
        row.entries += outcome.entries;
        row.strict += outcome.strict;
        row.right += usize::from(outcome.right);
        row.silently_wrong += usize::from(!outcome.right && !told);
        row.told += usize::from(!outcome.right && told);
        for why in &outcome.why {
            println!("  WRONG {why}");
        }
        for diagnostic in collected.diagnostics.iter().filter(|it| it.severity != Severity::Note) {
            println!("  {}", diagnostic.render(domain::Lang::En, ""));
        }
        let entries = || collected.statements.iter().flat_map(|it| &it.entries);
        let expected_status = if interim {
            EntryStatus::Pending
        } else {
            EntryStatus::Booked
        };
        assert!(entries().all(|entry| entry.status == expected_status), "{path}");
    }
    for (name, row) in [("mt, full", &full), ("mt, other", &rest)] {
        println!(
            "| {name} | documents {} | entries {} | right {} | told {} | silently wrong {} | strict {} |",
            row.documents, row.entries, row.right, row.told, row.silently_wrong, row.strict
        );
    }
    assert_eq!(full.right, full.documents, "complete documents");
    assert_eq!(full.silently_wrong + rest.silently_wrong, 0, "silently wrong");
    assert!(
        full.strict * 1000 >= full.entries * STRICT_PER_MILLE,
        "{} of {}",
        full.strict,
        full.entries
    );
}

/// The recommendation's own examples, read as the purpose of an entry.
#[test]
fn published_transliterations_come_back() {
    let Some(root) = env::var_os("SVERKA_CORPORA").map(PathBuf::from) else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let table: Value = serde_json::from_slice(&fs::read(root.join("mt/rur6-translit/rur6.json")).unwrap()).unwrap();
    for example in table["vectors_encode"].as_array().unwrap() {
        let (meant, written) = (text(&example[0]), text(&example[1]));
        let file = format!(
            ":20:X\n:25:40702810500000000017\n:28C:1/1\n:60F:C240702RUB0,\n:61:240703C1,00NTRF1\n:86:{written}\n:62F:C240703RUB1,\n"
        );
        let collected = read_all(Cursor::new(file), &Options::default()).unwrap();
        let entry = &collected.statements[0].entries[0];
        // Large letters only: how a word was written is lost, Latin words apart.
        assert_eq!(entry.purpose.to_uppercase(), meant.to_uppercase());
        assert!(
            entry.raw.iter().any(|field| field == ("86", written)),
            "the original stays: {:?}",
            entry.raw
        );
    }
}
