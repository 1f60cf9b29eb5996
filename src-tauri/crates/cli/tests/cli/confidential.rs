//! A full run leaves no secret in anything printed, and neither accounts nor purposes in the logs.

use std::fmt::Write as _;

use serde_json::Value;

use crate::harness::{Ledger, Ran, Sandbox, fixture};

const OWNER: &str = "совершенно-тайная-фраза-хозяйки";
const APPROVER: &str = "другая-тайная-фраза-бухгалтера";

/// Everything that was printed.
#[derive(Default)]
struct Printed(String);

impl Printed {
    fn take(&mut self, ran: Ran) -> Vec<Value> {
        writeln!(self.0, "{}{}", ran.out, ran.err).unwrap();
        ran.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

#[test]
fn no_secret_is_printed_and_logs_hold_neither_accounts_nor_purposes() {
    let sandbox = Sandbox::start();
    // Whatever libraries have to say as well.
    let ledger = Ledger {
        log: "trace",
        ..Ledger::none()
    };
    let mut printed = Printed::default();
    printed.take(ledger.run("init"));
    let folder = ledger.dir.path().to_owned();
    printed.take(ledger.run_on("settings --export-folder", &folder));
    printed.take(ledger.typed("connect bitrix24 --webhook-stdin", &format!("{}\n", sandbox.address())));
    printed.take(ledger.run("invoices pull"));
    for day in ["demo/kl_to_1c-2026-11-20.txt", "demo/kl_to_1c-2026-11-21.txt"] {
        printed.take(ledger.run_on("import", fixture(day)));
    }
    printed.take(ledger.run_on("import", fixture("onec/err/amounts_that_are_not.txt")));
    printed.take(ledger.run_on("import", folder.join("none.txt")));
    let entries = printed.take(ledger.run("inbox --limit 500"));
    for entry in &entries {
        printed.take(ledger.run(&format!("inbox {}", entry["entry"].as_str().unwrap())));
    }
    let waits = entries.iter().find(|entry| entry["state"] == "review").unwrap();
    printed.take(ledger.run(&format!("decide {}", waits["entry"].as_str().unwrap())));
    park_all_but_two(&ledger, &mut printed);
    printed.take(ledger.run("sync"));
    printed.take(ledger.run("undo"));
    printed.take(ledger.run("sync"));
    for message in printed.take(ledger.run("outbox list")) {
        printed.take(ledger.run(&format!("outbox show {}", message["message"].as_str().unwrap())));
    }
    orders(&ledger, &mut printed);
    printed.take(ledger.run("people list"));
    printed.take(ledger.run("status"));
    printed.take(ledger.run("audit list --limit 10000"));
    // A CRM that is gone, and a wrong address.
    printed.take(ledger.typed("connect bitrix24 --webhook-stdin", &format!("{}x\n", sandbox.address())));
    let secret = sandbox.secret().to_owned();
    drop(sandbox);
    printed.take(ledger.run("invoices pull"));
    printed.take(ledger.run("sync --once"));
    printed.take(ledger.run("disconnect"));

    let logs = logs(&ledger);
    assert!(logs.contains("\"level\""), "something was logged");
    for secret in [secret.as_str(), OWNER, APPROVER] {
        assert!(!printed.0.contains(secret), "printed: {secret}");
        assert!(!logs.contains(secret), "logged: {secret}");
    }
    let private = private(&entries);
    assert!(private.len() > 20);
    for text in private {
        assert!(!logs.contains(&text), "logged: {text}");
    }
}

/// The CRM takes two requests a second, and a test has no time.
fn park_all_but_two(ledger: &Ledger, printed: &mut Printed) {
    for message in printed.take(ledger.run("outbox list")).iter().skip(2) {
        printed.take(ledger.run(&format!("outbox park {}", message["message"].as_str().unwrap())));
    }
}

fn orders(ledger: &Ledger, printed: &mut Printed) {
    printed.take(ledger.typed("people add Анна --passphrase-stdin", &format!("{OWNER}\n")));
    let both = format!("{APPROVER}\n{OWNER}\n");
    printed.take(ledger.typed(
        "people add Борис --role approver --owner Анна --passphrase-stdin",
        &both,
    ));
    let order = &printed.take(ledger.run_on("orders draft", fixture("demo/order.json")))[0]["order"];
    let order = order.as_str().unwrap();
    let submit = format!("orders submit {order} --as Анна --passphrase-stdin");
    printed.take(ledger.typed(&submit, &format!("{APPROVER}\n")));
    printed.take(ledger.typed(&submit, &format!("{OWNER}\n")));
    let approve = format!("orders approve {order} --as Борис --passphrase-stdin");
    printed.take(ledger.typed(&approve, &format!("{APPROVER}\n")));
    printed.take(ledger.run("orders export"));
    assert_eq!(printed.take(ledger.run("orders list"))[0]["state"], "exported");
}

fn logs(ledger: &Ledger) -> String {
    let files = std::fs::read_dir(ledger.folder().join("logs")).unwrap();
    let texts = files.map(|file| {
        let path = file.unwrap().path();
        assert_eq!(path.extension().unwrap(), "jsonl");
        std::fs::read_to_string(path).unwrap()
    });
    let logs: String = texts.collect();
    for line in logs.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    logs
}

/// Every account of the statements, and every purpose.
fn private(entries: &[Value]) -> Vec<String> {
    let mut private: Vec<String> = entries
        .iter()
        .map(|entry| entry["purpose"].as_str().unwrap().to_owned())
        .collect();
    for day in ["demo/kl_to_1c-2026-11-20.txt", "demo/kl_to_1c-2026-11-21.txt"] {
        let bytes = std::fs::read(fixture(day)).unwrap();
        let numbers = bytes.split(|byte| !byte.is_ascii_digit()).filter(|run| run.len() == 20);
        private.extend(numbers.map(|run| String::from_utf8(run.to_vec()).unwrap()));
    }
    private.sort();
    private.dedup();
    private
}
