//! What goes wrong on an ordinary day: each has a code, a sentence and a remedy in both languages, and exit code 1.

use std::{fs, path::Path};

use domain::Lang;
use journeys::{
    bank,
    place::{Place, Ran},
    portal::Portal,
    story::{connect, expected::FIRST_DAY},
    wait,
};
use serde_json::Value;

const FAILED: Option<i32> = Some(1);
const WRONG_USAGE: Option<i32> = Some(2);

/// The failure with this code, as a program and as people of both languages are told.
fn refused(place: &Place, arguments: &[&str], input: &str, code: &str) {
    let told = place.run(&[arguments, &["--json"]].concat(), input).unwrap();
    assert_eq!(told.status.code(), FAILED, "{arguments:?}: {}{}", told.out, told.err);
    explained(&failure(&told), code);
    for (lang, remedy) in [("ru", "что делать: "), ("en", "remedy: ")] {
        let told = place.run_in(lang, arguments, input).unwrap();
        assert_eq!(told.status.code(), FAILED);
        assert!(told.err.contains(&format!("[{code}]: ")), "{}", told.err);
        assert!(told.err.contains(remedy), "{}", told.err);
        assert_eq!(has_cyrillic(&told.err), lang == "ru", "{}", told.err);
    }
}

/// What a program is told on standard error.
fn failure(told: &Ran) -> Value {
    let line: Value = serde_json::from_str(told.err.lines().last().unwrap_or_default()).unwrap();
    line["failure"].clone()
}

fn explained(failure: &Value, code: &str) {
    assert_eq!(failure["code"], code, "{failure}");
    for part in ["message", "remedy"] {
        let (ru, en) = (
            failure[part]["ru"].as_str().unwrap(),
            failure[part]["en"].as_str().unwrap(),
        );
        assert!(has_cyrillic(ru), "{failure}");
        assert!(!en.is_empty() && !has_cyrillic(en), "{failure}");
    }
}

fn has_cyrillic(text: &str) -> bool {
    text.chars().any(|letter| ('а'..='я').contains(&letter))
}

fn firm() -> Place {
    let place = Place::new(Lang::Ru).unwrap();
    connect::found_firm(&place).unwrap();
    place
}

#[test]
fn a_wrong_folder() {
    let place = firm();
    let file = bank::drop_file(place.root(), "a-file", b"x").unwrap();
    let file = file.to_str().unwrap();
    let nowhere = place.root().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    refused(&place, &["watch", nowhere], "", "file/not-found");
    refused(&place, &["watch", file], "", "file/not-a-folder");
    refused(&place, &["settings", "--folder", nowhere], "", "file/not-found");
    refused(&place, &["settings", "--folder", file], "", "file/not-a-folder");
    refused(&place, &["orders", "export", "--to", nowhere], "", "file/not-found");
}

#[test]
fn a_wrong_file() {
    let place = firm();
    let cases: [(&str, &[u8], &str); 4] = [
        ("statement.pdf", b"%PDF-1.7\n1 0 obj\n", "format/not-a-statement"),
        (
            "page.txt",
            b"<!DOCTYPE html><html><body>login</body></html>",
            "format/not-a-statement",
        ),
        ("empty.txt", b"", "format/empty"),
        ("letter.txt", b"Dear colleague, no statement today.\n", "format/unknown"),
    ];
    for (name, bytes, code) in cases {
        let path = bank::drop_file(place.root(), name, bytes).unwrap();
        let path = path.to_str().unwrap();
        let told = place.run(&["import", path, "--json"], "").unwrap();
        assert_eq!(told.status.code(), FAILED, "{name}");
        let line: Value = serde_json::from_str(&told.out).unwrap();
        assert_eq!(
            (&line["content"], &line["entries_new"]),
            (&Value::Null, &Value::from(0)),
            "{line}"
        );
        assert_eq!(line["diagnostics"][0]["code"], code, "{line}");
        explained(&failure(&told), code);
        for lang in ["ru", "en"] {
            let told = place.run_in(lang, &["import", path], "").unwrap();
            assert!(told.err.contains(code), "{}", told.err);
            assert_eq!(has_cyrillic(&told.err), lang == "ru", "{}", told.err);
        }
    }
    let missing = place.run(&["import", "missing.txt", "--json"], "").unwrap();
    assert_eq!(missing.status.code(), FAILED);
    explained(&failure(&missing), "file/not-found");
}

#[test]
fn no_network_and_a_wrong_webhook() {
    let place = firm();
    let portal = Portal::start(&place).unwrap();
    let webhook = format!("{}\n", portal.webhook());
    let connect = ["connect", "bitrix24", "--webhook-stdin"];
    let other_secret = webhook.replace("/1/", "/2/");
    assert_ne!(other_secret, webhook);
    refused(&place, &connect, &other_secret, "crm/unauthorised");
    refused(&place, &connect, "not an address\n", "crm/webhook");
    refused(&place, &["sync"], "", "crm/not-connected");
    portal.offline().unwrap();
    refused(&place, &connect, &webhook, "crm/offline");
    // A failed attempt keeps nothing.
    refused(&place, &["invoices", "pull"], "", "crm/not-connected");
    portal.online().unwrap();
    connect::connect(&place, &portal).unwrap();
    portal.offline().unwrap();
    refused(&place, &["invoices", "pull"], "", "crm/offline");
    // What waits for the network is no failure.
    let file = bank::drop_file(place.root(), bank::FIRST_NAME, bank::FIRST_DAY).unwrap();
    place.one(&["import", file.to_str().unwrap()]).unwrap();
    let tried = place.one(&["sync", "--once"]).unwrap();
    assert_eq!(
        (&tried["delivered"], &tried["parked"]),
        (&Value::from(0), &Value::from(0)),
        "{tried}"
    );
    assert_eq!(tried["waiting"], FIRST_DAY.len());
    let status = place.one(&["status"]).unwrap();
    assert_eq!(status["crm"]["state"], "offline", "{status}");
}

#[test]
fn a_second_process_that_delivers() {
    let place = firm();
    let portal = Portal::start(&place).unwrap();
    connect::connect(&place, &portal).unwrap();
    let watch = place.watch().unwrap();
    let sync = |place: &Place| -> Ran { place.run(&["sync", "--json"], "").unwrap() };
    wait::until("the watcher holds the queue", || {
        Ok((sync(&place).failure_code().as_deref() == Some("outbox/elsewhere")).then_some(()))
    })
    .unwrap();
    refused(&place, &["sync"], "", "outbox/elsewhere");
    // With the watcher gone, however it went, the queue is free.
    watch.kill().unwrap();
    assert!(sync(&place).status.success());
}

#[test]
fn a_ledger_that_is_not_there_or_cannot_be() {
    let place = Place::new(Lang::Ru).unwrap();
    refused(&place, &["status"], "", "ledger/none");
    place.one(&["init"]).unwrap();
    refused(&place, &["init"], "", "ledger/exists");
    // A file where the folder should be stops everybody, whatever their rights.
    let in_the_way = Place::new(Lang::Ru).unwrap();
    fs::write(in_the_way.ledger(), b"in the way").unwrap();
    refused(&in_the_way, &["init"], "", "ledger/not-a-folder");
    refused(&in_the_way, &["status"], "", "ledger/not-a-folder");
    let foreign = Place::new(Lang::Ru).unwrap();
    fs::create_dir(foreign.ledger()).unwrap();
    fs::write(
        foreign.ledger().join("ledger.sqlite"),
        b"this is no database, whatever its name says",
    )
    .unwrap();
    refused(&foreign, &["status"], "", "ledger/not-a-ledger");
}

/// Nobody may make folders in the kernel's own tree, not even root.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_cannot_be_written() {
    let place = Place::new(Lang::Ru).unwrap();
    assert!(Path::new("/sys").is_dir());
    refused(&place, &["init", "--ledger", "/sys/sverka"], "", "ledger/read-only");
}

#[test]
fn words_that_are_no_command() {
    let place = Place::new(Lang::Ru).unwrap();
    for arguments in [
        &["importt"][..],
        &["import"],
        &["decide"],
        &["people", "add", "Анна", "--role", "king"],
    ] {
        let told = place.run(arguments, "").unwrap();
        assert_eq!(told.status.code(), WRONG_USAGE, "{arguments:?}");
    }
}
