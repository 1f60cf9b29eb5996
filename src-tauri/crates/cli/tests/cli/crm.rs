//! The whole way with a CRM: connect, pull, import, decide, deliver, take back.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::{Value, json};

use crate::harness::{Ledger, Sandbox, fixture};

const DAY_ONE: &str = "demo/kl_to_1c-2026-11-20.txt";

fn connected(sandbox: &Sandbox) -> Ledger {
    let ledger = Ledger::new();
    ledger
        .typed("connect bitrix24 --webhook-stdin", &format!("{}\n", sandbox.address()))
        .done();
    ledger.run("invoices pull").done();
    ledger
}

#[test]
fn payments_reach_the_crm_and_come_back_on_undo() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    assert_eq!(ledger.run("invoices pull").done().line()["new"], 0);
    assert_eq!(ledger.run("invoices list --limit 500 --open").done().lines().len(), 71);
    let imported = ledger.run_on("import", fixture(DAY_ONE)).done().line();
    assert_eq!(imported["entries_new"], 12);

    let state = |state: &str| ledger.run(&format!("inbox --state {state}")).done().lines();
    assert_eq!(state("decided").len(), 5);
    assert_eq!(state("review").len(), 2);
    assert_eq!(ledger.run("inbox --search Полярный").done().lines().len(), 1);
    let waits = ledger.run("inbox --search Полярный").done().line();
    assert_eq!(waits["sum"], json!({ "amount": "36600.00", "currency": "RUB" }));

    // One payment whole, its best candidate confirmed, its queue shown.
    let entry = waits["entry"].as_str().unwrap();
    let view = ledger.run(&format!("inbox {entry}")).done().line();
    let candidates = view["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 2);
    let invoice = candidates[1]["allocations"][0]["invoice"].as_str().unwrap();
    let decided = ledger
        .run(&format!("decide {entry} --invoice {invoice}=36600.00"))
        .done()
        .line();
    assert!(decided["decision"].is_string());
    let queue = ledger.run("outbox list").done().lines();
    assert_eq!(queue.len(), 6);
    assert!(queue.iter().all(|message| message["state"] == "queued"), "{queue:?}");
    // Four are set aside: the CRM takes two requests a second, and a test has no time.
    let (ours, others): (Vec<&Value>, Vec<&Value>) = queue.iter().partition(|one| one["invoice"] == invoice);
    for other in &others[..4] {
        ledger
            .run(&format!("outbox park {}", other["message"].as_str().unwrap()))
            .done();
    }
    let synced = ledger.run("sync").done().line();
    assert_eq!([&synced["delivered"], &synced["waiting"]], [&json!(2), &json!(0)]);

    let message = ours[0];
    let show = format!("outbox show {}", message["message"].as_str().unwrap());
    let delivered = ledger.run(&show).done().line();
    assert_eq!(delivered["row"]["state"], "delivered");
    assert_ne!(
        delivered["receipt"]["stage_before"],
        delivered["receipt"]["stage_after"]
    );
    assert!(ledger.says(&show, "ru").done().out.contains("● доставлено"));

    // Undo reaches the CRM too.
    let undone = ledger.run("undo").done().line();
    assert_eq!(undone["decision"], decided["decision"]);
    assert_eq!(ledger.run("sync").done().line()["delivered"], 1);
    let reversal = ledger.run("outbox list").done().lines();
    assert!(
        reversal
            .iter()
            .any(|one| one["operation"] == "reverse_payment" && one["state"] == "delivered")
    );
    let dismissed = ledger.run(&format!("decide {entry} --dismiss")).done().line();
    assert!(dismissed["decision"].is_string(), "{dismissed}");
    assert_eq!(ledger.run("audit verify").done().line()["sound"], true);
}

#[test]
fn messages_are_set_aside_and_tried_again() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    ledger.run_on("import", fixture(DAY_ONE)).done();
    let message = ledger.run("outbox list").done().lines()[0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let parked = ledger.run(&format!("outbox park {message}")).done().line();
    assert_eq!(parked["row"]["state"], "parked");
    assert_eq!(ledger.run("sync").done().line()["delivered"], 4);
    let again = ledger.run(&format!("outbox retry {message}")).done().line();
    assert_eq!(again["row"]["state"], "queued");
    assert_eq!(ledger.run("sync").done().line()["delivered"], 1);
}

#[test]
fn a_crm_that_does_not_answer_is_said_and_loses_nothing() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    ledger.run_on("import", fixture(DAY_ONE)).done();
    drop(sandbox);
    assert!(ledger.run("invoices pull").refusal().starts_with("crm/"));
    let synced = ledger.run("sync --once").done().line();
    assert_eq!([&synced["delivered"], &synced["waiting"]], [&json!(0), &json!(5)]);
}

#[test]
fn a_webhook_that_is_wrong_is_refused_and_not_quoted() {
    let sandbox = Sandbox::start();
    let ledger = Ledger::new();
    let wrong = format!("{}/rest/1/neverthiskey/", sandbox.bitrix24);
    for typed in [wrong.as_str(), "neverthiskey", ""] {
        let ran = ledger.typed("connect bitrix24 --webhook-stdin", &format!("{typed}\n"));
        assert!(!ran.refusal().is_empty());
        assert!(!ran.err.contains("neverthiskey"), "{ran:?}");
    }
    assert_eq!(ledger.run("status").done().line()["crm"]["state"], "not_connected");
}

#[test]
fn an_amocrm_token_goes_to_no_stranger_and_is_never_printed() {
    let ledger = Ledger::new();
    for (command, typed, code) in [
        (
            "connect amocrm https://example.org --token-stdin",
            "t0ken\n",
            "crm/account",
        ),
        ("connect amocrm http://firm.amocrm.ru", "t0ken\n", "crm/account"),
        (
            "connect amocrm --token-stdin",
            "http://127.0.0.1:1\nt0ken\n",
            "crm/offline",
        ),
        ("connect amocrm http://127.0.0.1:1", "\n", "crm/token"),
        (
            "connect amocrm http://127.0.0.1:1 --client-id id --redirect-uri https://example.org",
            "s3cr3t\nt0ken\n",
            "crm/offline",
        ),
    ] {
        let ran = ledger.typed(command, typed);
        assert_eq!(ran.refusal(), code, "{command}");
        let failure = ran.failure().to_string();
        assert!(!failure.contains("t0ken") && !failure.contains("s3cr3t"), "{failure}");
    }
    assert_eq!(ledger.run("status").done().line()["crm"]["state"], "not_connected");
}

#[test]
fn a_disconnected_crm_is_forgotten() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    assert_eq!(
        ledger.run("status").line()["crm"]["portal"],
        Value::from(sandbox.bitrix24.clone())
    );
    ledger.run("disconnect").done();
    assert_eq!(ledger.run("status").line()["crm"]["state"], "not_connected");
    assert!(!ledger.run("invoices pull").refusal().is_empty());
}

/// A manager's hand in amoCRM.
fn rename(sandbox: &Sandbox, invoice: &str, name: &str) {
    let (catalog, element) = invoice.strip_prefix("amo:").unwrap().split_once(':').unwrap();
    let body = json!([{"id": element.parse::<u64>().unwrap(), "name": name}]).to_string();
    let host = sandbox.bitrix24.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "PATCH /api/v4/catalogs/{catalog}/elements HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        sandbox.amo_token,
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn an_invoice_that_cannot_be_taken_is_said_by_the_pull_that_left_it_out() {
    let sandbox = Sandbox::start();
    let ledger = Ledger::new();
    ledger
        .typed(
            &format!("connect amocrm {} --token-stdin", sandbox.bitrix24),
            &format!("{}\n", sandbox.amo_token),
        )
        .done();
    assert_eq!(ledger.says("invoices pull", "ru").done().err, "");
    let invoice = ledger.run("invoices list --limit 1 --open").done().line()["invoice"].clone();
    rename(&sandbox, invoice.as_str().unwrap(), "Счет за декабрь");
    let told = ledger.says("invoices pull", "ru").done().err;
    assert!(
        told.contains("«Счет за декабрь»") && told.contains("нет номера"),
        "{told}"
    );
    // A program reads it in the line.
    let pulled = ledger.run("invoices pull").done();
    assert_eq!(
        (pulled.line()["left_out"].as_array().unwrap().len(), pulled.err.as_str()),
        (1, "")
    );
}
