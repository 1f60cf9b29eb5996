//! Reading of purposes: our own table, and other people's texts where they are at hand.

use std::path::PathBuf;

use matching::{
    Engine, Policy, Verdict,
    purpose::{Finding, FindingKind, read, slice},
};
use serde_json::json;

use crate::cases::{invoice, json_lines, lines, payment, strings};

fn named(text: &str) -> Vec<Finding> {
    read(text).of(FindingKind::InvoiceNumber).cloned().collect()
}

#[test]
fn every_purpose_is_read_as_written() {
    let mut wrong = Vec::new();
    for case in lines("purposes.jsonl") {
        let text = case["text"].as_str().unwrap();
        let found = named(text);
        let keys: Vec<String> = found.iter().map(|finding| finding.keys[0].clone()).collect();
        if !keys_agree(&found, &strings(&case["invoices"])) {
            wrong.push(format!("«{text}»: {keys:?} is not {}", case["invoices"]));
        }
        let quotes: Vec<String> = found
            .iter()
            .map(|finding| slice(text, finding.start, finding.end))
            .collect();
        if case.get("quotes").is_some() && quotes != strings(&case["quotes"]) {
            wrong.push(format!("«{text}»: quotes {quotes:?}"));
        }
        let dates: Vec<String> = found
            .iter()
            .filter_map(|finding| finding.date)
            .map(|date| date.to_string())
            .collect();
        if case.get("dates").is_some() && dates != strings(&case["dates"]) {
            wrong.push(format!("«{text}»: dates {dates:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// One of a finding's keys has to be the expected one, and as many findings as are expected.
fn keys_agree(found: &[Finding], expected: &[String]) -> bool {
    found.len() == expected.len()
        && found
            .iter()
            .zip(expected)
            .all(|(finding, key)| finding.keys.contains(key))
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
