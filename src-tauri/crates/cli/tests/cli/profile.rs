//! Profiles of tables: what was asked once is read from then on.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Ledger, fixture};

const ASKED: &str = "table/err/sums_without_a_direction.csv";

fn codes(line: &Value) -> Vec<&str> {
    let told = line["diagnostics"].as_array().unwrap().iter();
    told.map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn a_table_is_asked_about_until_a_profile_is_saved() {
    let ledger = Ledger::none();
    let asked = ledger.run_on("read", fixture(ASKED));
    assert_eq!((asked.code, codes(&asked.line())), (Some(1), vec!["table/ask"]));
    assert!(asked.line()["entries"].as_array().unwrap().is_empty());
    assert_eq!(
        ledger.run_with("profile save bank", &[fixture(ASKED)], "").refusal(),
        "profile/uncertain"
    );
    let saved = ledger
        .run_with("profile save bank --sign credits", &[fixture(ASKED)], "")
        .done()
        .line();
    assert_eq!((&saved["name"], &saved["sign"]), (&json!("bank"), &json!("credits")));
    let listed = ledger.run("profile list").done().line();
    assert_eq!(listed, saved);
    let read = ledger.run_on("read", fixture(ASKED)).done().line();
    assert_eq!(codes(&read), ["table/profile"]);
    let sums: Vec<&str> = read["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["amount"].as_str().unwrap())
        .collect();
    assert_eq!(sums, ["100.00", "50.00"]);
    // A file of other columns is none of its business.
    let other = ledger
        .run_on("read", fixture("table/ok/debit_and_credit_cp1251.csv"))
        .done()
        .line();
    assert!(codes(&other).is_empty(), "{other}");
}

#[test]
fn profiles_may_lie_anywhere() {
    let ledger = Ledger::none();
    let folder = ledger.dir.path().join("shared");
    let path = |words: &str| format!("{words} --profiles {}", folder.display());
    assert_eq!(
        ledger.run_on(&path("read"), fixture(ASKED)).refusal(),
        "file/not-found",
        "a folder that was named must be there"
    );
    assert_eq!(ledger.run(&path("profile list")).done().out, "");
    ledger
        .run_with(&path("profile save bank --sign debits"), &[fixture(ASKED)], "")
        .done();
    assert!(folder.join("bank.json").is_file());
    ledger.run_on(&path("read"), fixture(ASKED)).done();
    assert_eq!(
        ledger.run_on("read", fixture(ASKED)).code,
        Some(1),
        "the ledger has none"
    );
    fs::write(folder.join("bank.json"), "{").unwrap();
    assert_eq!(ledger.run_on(&path("read"), fixture(ASKED)).refusal(), "profile/broken");
}

#[test]
fn a_preview_shows_what_each_column_was_taken_for() {
    let ledger = Ledger::none();
    let understood = ledger
        .run_on("profile preview", fixture("table/ok/debit_and_credit_cp1251.csv"))
        .done()
        .line();
    assert_eq!(
        (&understood["delimiter"], &understood["header_line"]),
        (&json!(";"), &json!(4))
    );
    let debit = &understood["columns"][2];
    assert_eq!((&debit["header"], &debit["field"]), (&json!("Дебет"), &json!("debit")));
    assert_eq!(understood["uncertain"], json!([]));
    let open = ledger.run_on("profile preview", fixture(ASKED));
    assert_eq!(
        (open.code, open.line()["uncertain"].as_array().unwrap().len()),
        (Some(1), 1)
    );
    let answered = ledger
        .run_with(
            "profile preview --sign signed --column purpose=#3",
            &[fixture(ASKED)],
            "",
        )
        .done()
        .line();
    assert_eq!(answered["columns"][2]["field"], "purpose");
    let wrong = ledger.run_with("profile preview --column purpose=Погода", &[fixture(ASKED)], "");
    assert_eq!(wrong.code, Some(1));
    let none = ledger.run_on("profile preview", fixture("onec/ok/dos_cp866.txt"));
    assert_eq!((none.code, &none.line()["format"]), (Some(1), &Value::Null));
}

#[test]
fn an_import_reads_by_the_profiles_of_its_ledger() {
    let ledger = Ledger::new();
    let asked = ledger.run_on("import", fixture(ASKED));
    assert_eq!((asked.code, &asked.line()["content"]), (Some(1), &Value::Null));
    ledger
        .run_with("profile save bank --sign credits", &[fixture(ASKED)], "")
        .done();
    let booked = ledger.run_on("import", fixture(ASKED)).done().line();
    assert_eq!(
        (&booked["content"], &booked["entries_new"]),
        (&json!("statement"), &json!(2))
    );
}
