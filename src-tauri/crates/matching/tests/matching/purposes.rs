//! Reading of purposes: our own table, and other people's texts where they are at hand.

use std::path::PathBuf;

use matching::{
    Engine, Policy, Verdict,
    purpose::{Finding, FindingKind, Keys, PartKind, read, slice},
};
use serde_json::{Value, json};

use crate::cases::{invoice, json_lines, lines, payment, strings};

fn named(text: &str) -> Vec<Finding> {
    read(text).of(FindingKind::InvoiceNumber).cloned().collect()
}

#[test]
fn every_purpose_is_read_as_written() {
    check("purposes.jsonl");
}

/// Written down before the reader was tried on any of them.
#[test]
fn purposes_that_were_written_apart_are_read_as_written() {
    check("purposes_held_out.jsonl");
}

fn check(table: &str) {
    let cases = lines(table);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let faults = faults(case);
            (!faults.is_empty()).then(|| format!("{}: {}", case["text"], faults.join("; ")))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// What is read otherwise than the case says.
fn faults(case: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let text = case["text"].as_str().unwrap();
    let reading = read(text);
    let found = named(text);
    let keys: Vec<&Keys> = found.iter().map(|finding| &finding.keys).collect();
    if !keys_agree(&found, &strings(&case["invoices"])) {
        faults.push(format!("{keys:?} is not {}", case["invoices"]));
    }
    let quotes = found
        .iter()
        .map(|finding| slice(text, finding.start, finding.end))
        .collect();
    let dates = found
        .iter()
        .filter_map(|finding| finding.date)
        .map(|date| date.to_string())
        .collect();
    let years = found
        .iter()
        .filter_map(|finding| finding.year)
        .map(|year| year.to_string())
        .collect();
    for (field, read) in [
        ("years", years),
        ("quotes", quotes),
        ("dates", dates),
        ("list", longest_list(&found)),
    ] {
        let read: Vec<String> = read;
        if case.get(field).is_some() && read != strings(&case[field]) {
            faults.push(format!("{field} {read:?} is not {}", case[field]));
        }
    }
    let described: Vec<String> = reading.findings.iter().filter_map(description).collect();
    for expected in strings(&case["also"]) {
        let is_found = match expected.strip_prefix("not ") {
            Some(kind) => !described.iter().any(|one| one.starts_with(kind)),
            // Some cases do not ask whether a number refers to anything.
            None => described
                .iter()
                .any(|one| one.strip_suffix(" refers").unwrap_or(one) == expected || *one == expected),
        };
        if !is_found {
            faults.push(format!("«{expected}» is not in {described:?}"));
        }
    }
    faults
}

/// Keys of the numbers that are one enumeration.
fn longest_list(found: &[Finding]) -> Vec<String> {
    let of_list = |list: Option<u32>| -> Vec<String> {
        found
            .iter()
            .filter(|finding| finding.list == list)
            .map(whole_key)
            .collect()
    };
    let lists = found
        .iter()
        .filter(|finding| finding.list.is_some())
        .map(|finding| of_list(finding.list));
    lists.max_by_key(Vec::len).unwrap_or_default()
}

/// With its own letters, where it has some.
fn whole_key(finding: &Finding) -> String {
    finding.keys.last().unwrap().to_string()
}

/// A finding as a case names it.
fn description(finding: &Finding) -> Option<String> {
    use FindingKind as Kind;
    let money = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    let numbers = |first: &str| match (finding.percent, finding.sum.map(money)) {
        (None, None) => first.to_owned(),
        (Some(percent), None) => format!("{first} {percent}"),
        (percent, Some(sum)) => format!(
            "{first} {} {sum}",
            percent.map_or("-".to_owned(), |percent| percent.to_string())
        ),
    };
    let kind = match finding.kind {
        Kind::InvoiceNumber => return None,
        Kind::BareNumber if finding.refers => return Some(format!("bare {} refers", finding.value)),
        Kind::BareNumber => "bare",
        Kind::TaxInvoice => "tax",
        Kind::Contract => "contract",
        Kind::Specification => "spec",
        Kind::Act => "act",
        Kind::Order => "order",
        Kind::PaymentOrder => "pay",
        Kind::Account => "account",
        Kind::TaxNumber => "inn",
        Kind::Code => "code",
        Kind::Quantity => "quantity",
        Kind::Period => "period",
        Kind::Percent => "percent",
        Kind::Behalf => "behalf",
        Kind::Refund if finding.value.is_empty() => return Some("refund".to_owned()),
        Kind::Refund => "refund",
        Kind::Date => return Some(format!("date {}", finding.date?)),
        Kind::Sum => return Some(format!("sum {}", money(finding.sum?))),
        Kind::Vat if finding.percent.is_none() && finding.sum.is_none() => return Some("vat none".to_owned()),
        Kind::Vat => return Some(numbers("vat")),
        Kind::Part => {
            return Some(numbers(match finding.part? {
                PartKind::Advance => "part advance",
                PartKind::Part => "part part",
                PartKind::Rest => "part rest",
            }));
        }
    };
    Some(format!("{kind} {}", finding.value))
}

/// One of a finding's keys has to be the expected one, and as many findings as are expected.
fn keys_agree(found: &[Finding], expected: &[String]) -> bool {
    found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(finding, key)| finding.keys.iter().any(|found| found == key))
}

/// Texts of other projects, with the numbers their authors see in them.
#[test]
fn numbers_in_other_peoples_purposes() {
    let Ok(corpora) = std::env::var("SVERKA_CORPORA") else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let path = PathBuf::from(corpora).join("purposes/gold_pairs.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut expected_count, mut found_count, mut right) = (0, 0, 0);
    let mut wrong = Vec::new();
    for case in json_lines(&text) {
        let purpose = case["text"].as_str().unwrap();
        let expected: Vec<String> = strings(&case["invoices"])
            .iter()
            .map(|number| number.trim_start_matches('0').to_owned())
            .collect();
        let found: Vec<String> = named(purpose)
            .into_iter()
            .map(|finding| finding.value.trim_start_matches('0').to_owned())
            .collect();
        expected_count += expected.len();
        found_count += found.len();
        right += found.iter().filter(|number| expected.contains(number)).count();
        // The source itself lets a general reader return a compound number.
        let compound_allowed = case["note"]
            .as_str()
            .is_some_and(|note| note.contains("a general reader may return"));
        if found != expected && !compound_allowed {
            wrong.push(format!("«{purpose}»: {found:?} is not {expected:?}"));
        }
    }
    println!("expected {expected_count}, found {found_count}, right {right}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Every number in the text is tried as the number of the payer's invoice with the exact sum: only where the text's
/// authors see an invoice number may it be posted.
#[test]
fn no_other_number_in_other_peoples_purposes_is_posted() {
    let Ok(corpora) = std::env::var("SVERKA_CORPORA") else {
        println!("skipped: SVERKA_CORPORA is not set");
        return;
    };
    let path = PathBuf::from(corpora).join("purposes/gold_pairs.jsonl");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut tried, mut posted) = (0, 0);
    for case in json_lines(&text) {
        let purpose = case["text"].as_str().unwrap();
        let expected = strings(&case["invoices"]);
        let compound_allowed = case["note"]
            .as_str()
            .is_some_and(|note| note.contains("a general reader may return"));
        let invoiced = case["date"].as_str().unwrap_or("2020-01-01");
        let numbers = purpose
            .split(|character: char| character.is_whitespace() || "№N,;()".contains(character))
            .map(|piece| piece.trim_end_matches('.'))
            .filter(|piece| piece.chars().any(|character| character.is_ascii_digit()));
        for number in numbers {
            let invoices = vec![invoice(&json!({"id": "a", "number": number, "date": invoiced}))];
            let sent = payment("p", &json!({"purpose": purpose, "date": "2027-01-01"}));
            let decided = Engine::new(invoices, Policy::default()).decide(&sent);
            tried += 1;
            if decided.verdict == Verdict::Auto {
                posted += 1;
                let wanted = expected.iter().any(|one| one == number) || compound_allowed;
                assert!(wanted, "«{purpose}» was posted to {number}");
            }
        }
    }
    println!("tried {tried}, posted {posted}");
}
