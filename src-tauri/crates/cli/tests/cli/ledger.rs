//! Commands on a ledger that need neither people nor a CRM.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Ledger, fixture};

#[test]
fn a_ledger_is_made_once() {
    let ledger = Ledger::none();
    let made = ledger.run("init").done().line();
    assert_eq!(made["ledger"], ledger.folder().display().to_string());
    assert_eq!(ledger.run("init").refusal(), "ledger/exists");
}

#[test]
fn without_a_ledger_every_command_says_so() {
    let ledger = Ledger::none();
    for command in [
        "status",
        "inbox",
        "inbox e1",
        "rematch",
        "decide e1",
        "undo",
        "reject e1 i1",
        "rules list",
        "facts list",
        "replay",
        "import x.txt",
        "watch",
        "invoices list",
        "invoices pull",
        "orders list",
        "people list",
        "sync --once",
        "outbox list",
        "audit verify",
        "connect bitrix24 --webhook-stdin",
        "connect amocrm firm.amocrm.ru --token-stdin",
        "disconnect",
        "health",
        "stages",
        "settings",
        "release 40702810100000000101 2024-07-01",
    ] {
        let ran = ledger.run(command);
        assert_eq!(ran.refusal(), "ledger/none", "{command}");
        assert!(
            ran.failure()["remedy"]["en"].as_str().unwrap().contains("sverka init"),
            "{command}"
        );
    }
    // Looking for a ledger leaves nothing behind.
    assert!(!ledger.folder().exists());
    std::fs::create_dir(ledger.folder()).unwrap();
    assert_eq!(ledger.run("status").refusal(), "ledger/none");
    assert_eq!(std::fs::read_dir(ledger.folder()).unwrap().count(), 0);
}

#[test]
fn import_says_what_is_new_and_adds_nothing_twice() {
    let ledger = Ledger::new();
    let file = fixture("onec/ok/two_accounts_and_a_transfer_between_them.txt");
    let first = ledger.run_on("import", &file).done().line();
    let keys: BTreeSet<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    for key in [
        "file",
        "content",
        "entries_new",
        "entries_known",
        "entries_asked",
        "diagnostics",
    ] {
        assert!(keys.contains(key), "{first}");
    }
    assert_eq!(first["file"], "two_accounts_and_a_transfer_between_them.txt");
    assert_eq!(first["content"], "statement");
    assert_eq!(counts(&first), [4, 0, 0]);
    let again = ledger.run_on("import", &file).done().line();
    assert_eq!(counts(&again), [0, 4, 0]);
    // An overlapping statement adds what is new only.
    let listed = ledger.run("inbox --limit 500").done().lines().len();
    ledger.run_on("import", &file).done();
    assert_eq!(ledger.run("inbox --limit 500").done().lines().len(), listed);
}

fn counts(line: &Value) -> [u64; 3] {
    ["entries_new", "entries_known", "entries_asked"].map(|key| line[key].as_u64().unwrap())
}

#[test]
fn orders_for_the_bank_are_never_booked() {
    let ledger = Ledger::new();
    let line = ledger
        .run_on("import", fixture("onec/ok/orders_from_1c.txt"))
        .done()
        .line();
    assert_eq!(line["content"], "orders");
    assert_eq!(counts(&line), [0, 0, 0]);
    assert_eq!(line["diagnostics"][0]["code"], "onec/orders");
    assert_eq!(ledger.run("inbox").done().out, "");
    assert_eq!(ledger.run("status").done().line()["accounts"], json!([]));
}

#[test]
fn what_cannot_be_used_of_a_file_is_said_and_the_rest_is_booked() {
    let ledger = Ledger::new();
    let ran = ledger.run_on("import", fixture("onec/err/letter_in_amount.txt"));
    assert_eq!(counts(&ran.line()), [1, 0, 0]);
    assert_eq!(ran.refusal(), "onec/amount");
    // The same words as `read` has for it.
    let read = ledger.run_on("read", fixture("onec/err/letter_in_amount.txt")).line();
    let error = |line: &Value| {
        let of = |one: &&Value| one["code"] == "onec/amount";
        let mut error = line["diagnostics"].as_array().unwrap().iter().find(of).unwrap().clone();
        error.as_object_mut().unwrap().remove("excerpt");
        error
    };
    assert_eq!(error(&ran.line()), error(&read));
}

#[test]
fn a_file_that_cannot_be_read_has_no_content_and_stops_no_other() {
    let ledger = Ledger::new();
    let files = [
        ledger.dir.path().join("none.txt"),
        ledger.dir.path().to_owned(),
        fixture("onec/err/pdf.txt"),
        fixture("onec/ok/no_movements.txt"),
    ];
    let ran = ledger.run_with("import", &files, "");
    assert_eq!(ran.code, Some(1));
    let contents: Vec<Value> = ran.lines().iter().map(|line| line["content"].clone()).collect();
    assert_eq!(contents, [Value::Null, Value::Null, Value::Null, json!("statement")]);
    assert_eq!(ran.err.lines().count(), 3, "{ran:?}");
}

#[test]
fn a_statement_of_nobody_is_not_booked() {
    let ledger = Ledger::new();
    let ran = ledger.run_on("import", fixture("onec/ok/header_missing.txt"));
    assert_eq!(ran.line()["content"], Value::Null);
    assert_eq!(ran.refusal(), "import/no-account");
    assert_eq!(ledger.run("inbox").done().out, "");
}

#[test]
fn status_speaks_of_folder_crm_and_accounts() {
    let ledger = Ledger::new();
    let status = ledger.run("status").done().line();
    assert_eq!(
        [&status["folder"]["state"], &status["crm"]["state"]],
        ["not_chosen", "not_connected"]
    );
    ledger
        .run_on("import", fixture("onec/ok/chain_of_days_broken.txt"))
        .done();
    let account = &ledger.run("status").done().line()["accounts"][0];
    assert_eq!(account["proven"], false);
    let (number, day) = (
        account["account"].as_str().unwrap(),
        account["blocked_from"].as_str().unwrap(),
    );
    ledger.run(&format!("release {number} {day}")).done().line();
    assert_eq!(ledger.run("status").line()["accounts"][0]["blocked_from"], Value::Null);
    let said = ledger.says("status", "ru").done().out;
    assert!(said.contains("◐ не сходится"), "{said}");
}

#[test]
fn settings_are_kept_and_checked() {
    let ledger = Ledger::new();
    assert_eq!(ledger.run("settings").done().line()["folder"], Value::Null);
    let folder = ledger.dir.path().to_owned();
    let set = ledger.run_on("settings --folder", &folder).done().line();
    assert_eq!(set["folder"], folder.display().to_string());
    ledger.run_on("settings --export-folder", &folder).done();
    let order: Value = serde_json::from_slice(&std::fs::read(fixture("demo/order.json")).unwrap()).unwrap();
    let payer = folder.join("payer.json");
    std::fs::write(&payer, order["payer"].to_string()).unwrap();
    ledger.run_on("settings --payer", &payer).done();
    let kept = ledger.run("settings").done().line();
    assert_eq!(kept["folder"], set["folder"]);
    assert_eq!(kept["export_folder"], set["folder"]);
    assert_eq!(kept["payer"]["inn"], "7802641756");
    // Wrong ones change nothing.
    assert_eq!(
        ledger.run_on("settings --folder", folder.join("none")).refusal(),
        "file/not-found"
    );
    assert_eq!(
        ledger.run_on("settings --folder", &payer).refusal(),
        "file/not-a-folder"
    );
    std::fs::write(&payer, "[]").unwrap();
    assert_eq!(ledger.run_on("settings --payer", &payer).refusal(), "settings/payer");
    assert_eq!(ledger.run("settings").done().line(), kept);
}

#[test]
fn the_audit_log_lists_and_verifies() {
    let ledger = Ledger::new();
    ledger.run_on("import", fixture("onec/ok/no_movements.txt")).done();
    let verdict = ledger.run("audit verify").done().line();
    assert_eq!((&verdict["sound"], &verdict["broken_at"]), (&json!(true), &Value::Null));
    let listed = ledger.run("audit list").done().lines();
    assert_eq!(verdict["links"], listed.len());
    assert_eq!(listed[0]["action"], "ledger.created");
    let rest = ledger.run("audit list --after 1 --limit 1").done().lines();
    assert_eq!(rest, listed[1..2]);
}

#[test]
fn what_is_not_there_is_named() {
    let ledger = Ledger::new();
    for command in [
        "inbox e1-none",
        "decide e1-none",
        "decide e1-none --dismiss",
        "undo none",
        "undo",
        "orders show none",
        "outbox show none",
        "outbox retry none",
        "outbox park none",
        "invoices pull",
        "release 40702810100000000101 2024-07-01",
        "watch",
        "orders export",
    ] {
        assert!(!ledger.run(command).refusal().is_empty(), "{command}");
    }
}

#[test]
fn lists_of_nothing_are_empty() {
    let ledger = Ledger::new();
    for command in [
        "inbox",
        "orders list",
        "outbox list",
        "invoices list",
        "audit list --after 1000",
    ] {
        assert_eq!(ledger.run(command).done().out, "", "{command}");
        assert_eq!(ledger.says(command, "ru").code, Some(0), "{command}");
    }
}
