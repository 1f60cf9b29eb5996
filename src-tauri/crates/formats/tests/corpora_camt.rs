//! Other people's published camt files, outside this repository: the folder is named by `SVERKA_CORPORA`.
//! Its `camt/EXPECTED.jsonl` holds an independent reader's entries and balances.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use std::{collections::BTreeMap, env, fs, io::Cursor, path::PathBuf};

use domain::{Direction, Entry, EntryStatus, Money};
use formats::{Code, Collected, CollectedStatement, Format, Options, Severity, read_all};
use serde_json::Value;

/// Files that are broken or not by the schema in what matters, and what must be told of them. Found with the schemas of
/// `camt-xsd`, and by hand.
const BROKEN: &[(&str, &[Code])] = &[
    (
        "camt-bsp/tests/test_data/golden/camt053_garbled_amount.xml",
        &[Code::CamtAmount],
    ),
    ("camt-bsp/tests/test_data/invalid.xml", &[Code::FormatNotAStatement]),
    (
        "camt-bsp/tests/test_data/pain.001.001.03.xml",
        &[Code::FormatNotAStatement],
    ),
    ("camt-genkgo/test/data/camt053.v2.wrong.xml", &[Code::CamtNoStatement]),
    (
        "camt-viafintech/spec/fixtures/052/valid_namespace.xml",
        &[Code::CamtNoStatement],
    ),
    (
        "camt-viafintech/spec/fixtures/053/valid_namespace.xml",
        &[Code::CamtNoStatement],
    ),
    (
        "camt-viafintech/spec/fixtures/general/invalid_namespace.xml",
        &[Code::CamtNoStatement],
    ),
    // A template of a program that was never filled in.
    (
        "camt-rousseau/camt053/templates/camt.053.001.14/statement.xml",
        &[Code::CamtCurrency, Code::CamtVersion],
    ),
    // Versions that no schema knows.
    ("camt-genkgo/test/data/camt052.v1.xml", &[Code::CamtVersion]),
    (
        "camt-rousseau/tests/gold_master/statement_ac04.xml",
        &[Code::CamtVersion, Code::CamtDateOfStatement],
    ),
    // A sum in another currency than the account's and its balances'.
    ("camt-newinnov/doc/example-camt053-b.xml", &[Code::CamtEntryCurrency]),
    (
        "camt-iso20022js/test/assets/goldman_sachs/camt_053_us_v2_sample.xml",
        &[Code::CamtEntryCurrency],
    ),
    (
        "camt-viafintech/spec/fixtures/053/valid_example_v8.xml",
        &[Code::CamtEntryCurrency],
    ),
    (
        "camt-genkgo/test/data/camt053.v2.minimal.xml",
        &[Code::CamtBalanceCurrency],
    ),
    // The closing balance was falsified.
    ("camt-newinnov/doc/error-camt053.xml", &[Code::ProofClosing]),
];

#[derive(Default, Debug)]
struct Row {
    files: u32,
    entries: u32,
    right: u32,
    silently_wrong: u32,
    refused: u32,
}

#[test]
fn published_files_read_as_an_independent_reader_says() {
    let Some(folder) = env::var_os("SVERKA_CORPORA").map(|root| PathBuf::from(root).join("camt")) else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let mut row = Row::default();
    let mut wrong = Vec::new();
    let mut seen = BTreeMap::new();
    for line in fs::read_to_string(folder.join("EXPECTED.jsonl")).unwrap().lines() {
        let expected: Value = serde_json::from_str(line).unwrap();
        let path = expected["path"].as_str().unwrap().to_owned();
        let collected = read(&folder, &path);
        assert_eq!(collected.format, Some(Format::Camt), "{path}");
        let differences = differences(&expected, &collected);
        row.files += 1;
        row.entries += u32::try_from(entries(&collected)).unwrap();
        let told = collected.diagnostics.iter().any(|it| it.severity != Severity::Note);
        match (differences.is_empty(), told) {
            (true, _) => row.right += 1,
            (false, true) => row.refused += 1,
            (false, false) => row.silently_wrong += 1,
        }
        // What the other reader did not take is told by ours, on the very entry.
        let excused = BROKEN.iter().any(|(broken, _)| *broken == path);
        if !excused || differences.iter().any(|it| !it.starts_with("untaken")) {
            wrong.extend(
                differences
                    .into_iter()
                    .map(|difference| format!("{path}: {difference}")),
            );
        }
        seen.insert(path, collected);
    }
    println!("corpus files entries right silently-wrong refused");
    println!(
        "camt {} {} {} {} {}",
        row.files, row.entries, row.right, row.silently_wrong, row.refused
    );
    assert!(row.files > 0, "nothing is expected");
    for (path, codes) in BROKEN {
        let collected = seen.remove(*path).unwrap_or_else(|| read(&folder, path));
        for code in *codes {
            let told = collected.diagnostics.iter().any(|it| it.code == *code);
            assert!(told, "{path}: {code} is not told, but {:?}", collected.diagnostics);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(row.silently_wrong, 0);
}

fn read(folder: &std::path::Path, path: &str) -> Collected {
    let bytes = fs::read(folder.join(path)).unwrap();
    read_all(Cursor::new(bytes), &Options::default()).unwrap()
}

fn entries(collected: &Collected) -> usize {
    collected.statements.iter().map(|it| it.entries.len()).sum()
}

fn differences(expected: &Value, collected: &Collected) -> Vec<String> {
    let statements = expected["stmts"].as_array().unwrap();
    let mut found = Vec::new();
    if statements.is_empty() {
        return found;
    }
    if statements.len() != collected.statements.len() {
        found.push(format!(
            "{} statements of {}",
            collected.statements.len(),
            statements.len()
        ));
    }
    for (theirs, ours) in statements.iter().zip(&collected.statements) {
        statement(theirs, ours, collected, &mut found);
    }
    found
}

fn statement(theirs: &Value, ours: &CollectedStatement, collected: &Collected, found: &mut Vec<String>) {
    let declared = &ours.statement;
    let account = declared.account.as_ref().map(|account| account.number.as_str());
    if account.map(str::to_owned) != text(&theirs["acct"]) && !is_template(&theirs["acct"]) {
        found.push(format!("account {account:?} and not {}", theirs["acct"]));
    }
    for (name, sum) in [("open", declared.opening), ("close", declared.closing)] {
        if !same(sum, &theirs[name]) {
            found.push(format!("{name} {sum:?} and not {}", theirs[name]));
        }
    }
    let all = theirs["entries"].as_array().unwrap();
    let taken: Vec<&Value> = all.iter().filter(|entry| is_sum(&entry["amt"])).collect();
    let told = collected
        .diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Error)
        .count();
    if taken.len() < all.len() && told < all.len() - taken.len() {
        found.push("an unreadable entry is not told".to_owned());
    }
    if taken.len() != ours.entries.len() {
        found.push(format!("{} entries of {}", ours.entries.len(), taken.len()));
    }
    for (theirs_entry, entry) in taken.into_iter().zip(&ours.entries) {
        for difference in entry_differences(theirs["kind"].as_str().unwrap(), theirs_entry, entry, collected) {
            found.push(format!("line {}: {difference}", entry.line));
        }
    }
}

fn entry_differences(kind: &str, theirs: &Value, ours: &Entry, collected: &Collected) -> Vec<String> {
    let mut found = Vec::new();
    let mut check = |name: &str, ours: Option<String>, theirs: Option<String>| {
        if ours != theirs {
            found.push(format!("{name} {ours:?} and not {theirs:?}"));
        }
    };
    let signed = match ours.direction {
        Some(Direction::Debit) => ours.amount.checked_neg().ok(),
        _ => Some(ours.amount),
    };
    if !same(signed, &theirs["amt"]) {
        check("amount", signed.map(Money::decimal), text(&theirs["amt"]));
    }
    let currency = text(&theirs["ccy"]).map(|code| code.replace("RUR", "RUB"));
    check("currency", Some(ours.amount.currency().code().to_owned()), currency);
    let direction = ours
        .direction
        .map(|it| if it == Direction::Credit { "CRDT" } else { "DBIT" });
    check("direction", direction.map(str::to_owned), text(&theirs["ind"]));
    check("value", ours.value.map(|day| day.to_string()), text(&theirs["v"]));
    let own_day = text(&theirs["b"]).or(text(&theirs["v"]));
    if own_day.is_some() {
        check("booked", Some(ours.booked.to_string()), own_day);
    } else {
        let told = |it: &&formats::Diagnostic| it.code == Code::CamtDateOfStatement && it.line == ours.line;
        let told = collected.diagnostics.iter().find(told).map(|_| "told".to_owned());
        check("missing date", told, Some("told".to_owned()));
    }
    let status = match (kind, theirs["sts"].as_str()) {
        ("Ntfctn", _) | (_, Some("INFO")) => EntryStatus::Info,
        ("Rpt", _) | (_, Some("PDNG" | "FUTR")) => EntryStatus::Pending,
        _ => EntryStatus::Booked,
    };
    check(
        "status",
        Some(format!("{:?}", ours.status)),
        Some(format!("{status:?}")),
    );
    let payments = theirs["tx"].as_array().unwrap();
    let returned = payments.len() == 1 && !payments[0]["rtr"].is_null();
    let reversal = theirs["rvsl"] == "true" || returned;
    check("reversal", Some(ours.reversal.to_string()), Some(reversal.to_string()));
    check("number", ours.number.clone().map(Into::into), reference(&theirs["ref"]));
    check(
        "bank reference",
        ours.bank_reference.clone().map(Into::into),
        reference(&theirs["asr"]),
    );
    if let [payment] = payments.as_slice() {
        check(
            "end to end",
            ours.end_to_end_id.clone().map(Into::into),
            reference(&payment["e2e"]),
        );
        check_purpose(&ours.purpose, payment, &mut found);
    } else if payments.len() > 1 {
        let (payments, sumless): (Vec<&Value>, Vec<&Value>) = payments.iter().partition(|it| !it["amt"].is_null());
        let told = collected
            .diagnostics
            .iter()
            .filter(|it| it.code == Code::CamtDetailNoSum);
        check(
            "payments without a sum",
            Some(told.count().to_string()),
            Some(sumless.len().to_string()),
        );
        check(
            "payments",
            Some(ours.details.len().to_string()),
            Some(payments.len().to_string()),
        );
        for (theirs_payment, detail) in payments.into_iter().zip(&ours.details) {
            let against = !theirs_payment["ind"].is_null() && theirs_payment["ind"] != theirs["ind"];
            let amount = if against {
                detail.amount.checked_neg().unwrap()
            } else {
                detail.amount
            };
            if !same(Some(amount), &theirs_payment["amt"]) {
                found.push(format!("payment {amount:?} and not {}", theirs_payment["amt"]));
            }
            if detail.end_to_end_id != reference(&theirs_payment["e2e"]).map(Into::into) {
                found.push(format!(
                    "payment's {:?} and not {}",
                    detail.end_to_end_id, theirs_payment["e2e"]
                ));
            }
            check_purpose(&detail.purpose, theirs_payment, &mut found);
        }
    }
    found
}

/// All words that were sent with the payment are in its purpose.
fn check_purpose(ours: &str, payment: &Value, found: &mut Vec<String>) {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    for line in payment["ustrd"].as_array().unwrap() {
        if !bare(ours).contains(&bare(line.as_str().unwrap_or(""))) {
            found.push(format!("purpose {ours:?} without {line}"));
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn reference(value: &Value) -> Option<String> {
    text(value).filter(|text| !["NOTPROVIDED", "NONREF", ""].contains(&text.trim()))
}

fn is_template(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("{{"))
}

fn is_sum(value: &Value) -> bool {
    let digits = |text: &str| text.trim_start_matches('-').parse::<u128>().is_ok();
    value.as_str().is_some_and(|text| match text.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(text),
    })
}

fn same(ours: Option<Money>, theirs: &Value) -> bool {
    match (ours, theirs.as_str()) {
        (None, None) => true,
        (Some(ours), Some(theirs)) => {
            let whole = if theirs.starts_with('.') {
                format!("0{theirs}")
            } else {
                theirs.to_owned()
            };
            Money::parse(&whole, ours.currency()) == Ok(ours)
        }
        _ => false,
    }
}
