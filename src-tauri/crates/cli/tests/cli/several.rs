//! Several CRMs on one ledger: each line says whose it is, and with one alone nothing is said of it.

use serde_json::{Value, json};

use crate::harness::{Ledger, Sandbox, fixture};

const CONNECT: &str = "connect bitrix24 --webhook-stdin";

fn connect(ledger: &Ledger, sandbox: &Sandbox, words: &str) -> Value {
    let typed = format!("{}\n", sandbox.address());
    ledger.typed(&format!("{CONNECT} {words}"), &typed).done().line()
}

fn connections(lines: &[Value]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["connection"].as_str()).collect()
}

#[test]
fn a_second_portal_is_connected_beside_the_first_and_every_line_says_whose_it_is() {
    let (first, second) = (Sandbox::start(), Sandbox::start());
    let ledger = Ledger::new();
    assert_eq!(connect(&ledger, &first, "")["connection"], "b24");
    assert_eq!(
        connect(&ledger, &first, "")["connection"],
        "b24",
        "the same portal gets the new key"
    );
    let added = connect(&ledger, &second, "--name Branch");
    assert_eq!(
        [&added["connection"], &added["name"]],
        [&json!("b24-2"), &json!("Branch")]
    );
    assert_eq!(
        connections(&ledger.run("invoices pull").done().lines()),
        ["b24", "b24-2"]
    );
    assert_eq!(connections(&ledger.run("health").done().lines()), ["b24", "b24-2"]);
    assert!(
        ledger
            .says("health", "en")
            .done()
            .out
            .contains("b24-2 · Branch: http://")
    );
    let status = ledger.run("status").done().line();
    assert_eq!(connections(status["crms"].as_array().unwrap()), ["b24", "b24-2"]);
    assert_eq!(ledger.says("status", "en").done().out.matches("CRM: ").count(), 2);

    ledger.run_on("import", fixture("demo/kl_to_1c-2026-11-20.txt")).done();
    let entry = ledger.run("inbox --search Ромашка").done().lines()[0]["entry"].clone();
    let entry = entry.as_str().unwrap();
    ledger
        .run(&format!("decide {entry} --invoice b24-2:31:1003=146400.00"))
        .done();
    let queue = ledger.says("outbox list", "en").done().out;
    assert!(queue.contains("СЧ-145 · Branch"), "{queue}");
    let synced = ledger.run("sync").done().lines();
    assert_eq!(connections(&synced), ["b24", "b24-2"]);
    assert_eq!(
        [&synced[0]["delivered"], &synced[1]["delivered"]],
        [&json!(0), &json!(1)]
    );

    // Of several one must be named.
    assert_eq!(ledger.run("stages").refusal(), "crm/which");
    ledger.run("stages --connection b24-2").done();
    assert_eq!(ledger.run("disconnect").refusal(), "crm/which");
    assert_eq!(ledger.run("disconnect b24-7").refusal(), "crm/unknown-connection");
}

#[test]
fn one_that_is_down_is_said_and_the_other_goes_on() {
    let (first, second) = (Sandbox::start(), Sandbox::start());
    let ledger = Ledger::new();
    connect(&ledger, &first, "");
    connect(&ledger, &second, "--name Branch");
    drop(second);
    let pulled = ledger.run("invoices pull");
    assert_eq!(pulled.code, Some(1));
    assert_eq!(connections(&pulled.lines()), ["b24"]);
    assert_eq!(pulled.refusal(), "crm/offline");
    assert!(
        pulled.failure()["message"]["ru"]
            .as_str()
            .unwrap()
            .starts_with("Branch: ")
    );
    let health = ledger.run("health");
    assert_eq!(health.code, Some(1));
    let states: Vec<Value> = health.lines().iter().map(|line| line["state"].clone()).collect();
    assert_eq!(states, ["ok", "offline"]);
    ledger.run("disconnect b24-2").done();
    // Alone again, it goes without saying.
    assert_eq!(ledger.run("invoices pull").done().lines().len(), 1);
    assert!(ledger.says("health", "ru").done().out.starts_with("CRM: http://"));
    ledger.run("disconnect").done();
    assert_eq!(ledger.run("status").done().line()["crm"]["state"], "not_connected");
}

#[test]
fn our_own_companies_are_named_and_what_is_none_is_refused() {
    let sandbox = Sandbox::start();
    let ledger = Ledger::new();
    connect(&ledger, &sandbox, "");
    let inns = |view: &Value| -> Vec<String> {
        let companies = view["companies"].as_array().unwrap().iter();
        companies
            .map(|company| company["inn"].as_str().unwrap().to_owned())
            .collect()
    };
    let added = ledger
        .run("companies add 7707083893 --name South --kpp 770701001")
        .done()
        .line();
    assert_eq!(inns(&added), ["7707083893"]);
    assert_eq!(
        ledger.run("companies add 7707083890 --name South").refusal(),
        "companies/invalid"
    );
    ledger.run_on("import", fixture("demo/kl_to_1c-2026-11-20.txt")).done();
    // The statement names its owner, and a person may know better.
    let listed = ledger.run("companies list").done().line();
    let account = &listed["accounts"][0];
    assert_eq!(
        [&account["named"], &account["company"]],
        [&json!("7802641756"), &json!("7802641756")]
    );
    let number = account["account"].as_str().unwrap();
    let said = ledger
        .run(&format!("companies account {number} 7707083893"))
        .done()
        .line();
    assert_eq!(
        [&said["accounts"][0]["company"], &said["accounts"][0]["chosen"]],
        [&json!("7707083893"), &json!(true)]
    );
    let serves = ledger.run("companies serves b24 7707083893").done().line();
    assert_eq!(serves["connections"][0]["companies"], json!(["7707083893"]));
    let shown = ledger.says("companies list", "ru").done().out;
    assert!(
        shown.contains("● 7707083893 / 770701001  South") && shown.contains("○ 7802641756"),
        "{shown}"
    );
    assert_eq!(
        ledger.run("companies serves b24 7802641756").refusal(),
        "ledger/not-found"
    );
    assert_eq!(
        ledger.run("companies account 40702810900000000001").refusal(),
        "companies/unknown-account"
    );
    let removed = ledger.run("companies remove 7707083893").done().line();
    assert_eq!(removed["connections"][0]["companies"], json!([]));
}
