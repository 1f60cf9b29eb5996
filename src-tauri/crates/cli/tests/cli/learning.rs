//! Rules, facts, refusals and replays on a ledger.

use serde_json::{Value, json};

use crate::harness::{Ledger, Ran, command, run};

/// A statement of two payments: one with a number, one of a lender.
const STATEMENT: &str = "1CClientBankExchange
ВерсияФормата=1.03
Кодировка=UTF-8
ДатаНачала=14.03.2025
ДатаКонца=14.03.2025
РасчСчет=40702810900000000001
СекцияДокумент=Платежное поручение
Номер=1
Дата=14.03.2025
Сумма=100000.00
ПлательщикСчет=40702810900000000002
Плательщик=ООО Заимодавец
ПлательщикИНН=7728168971
ПолучательСчет=40702810900000000001
ДатаПоступило=14.03.2025
НазначениеПлатежа=Транш 5 по соглашению
КонецДокумента
КонецФайла
";

struct Desk(Ledger);

impl Desk {
    fn new() -> Self {
        let ledger = Ledger::new();
        let file = ledger.dir.path().join("kl_to_1c.txt");
        std::fs::write(&file, STATEMENT).unwrap();
        ledger.run_on("import", file).done();
        Self(ledger)
    }

    /// Words with spaces in them.
    fn run(&self, words: &[&str]) -> Ran {
        let mut command = command();
        command.args(words).args(["--json", "--lang", "en", "--ledger"]);
        run(command.arg(self.0.folder()), b"")
    }

    fn entry(&self) -> Value {
        self.0.run("inbox").done().line()
    }
}

fn names(rules: &Value) -> Vec<&str> {
    let rules = rules["rules"].as_array().unwrap();
    rules
        .iter()
        .map(|rule| rule["body"]["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_rule_is_added_moved_and_removed() {
    let desk = Desk::new();
    assert_eq!(desk.entry()["state"], "not_found");
    let loan = [
        "rules",
        "add",
        "--name",
        "Транши",
        "--contains",
        "транш",
        "--category",
        "loan",
    ];
    let preview = desk
        .run(&[&["rules", "preview"][..], &loan[2..]].concat())
        .done()
        .line();
    assert_eq!(
        (&preview["past"], &preview["better"], &preview["broken"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!(preview["changes"], json!([]));
    let added = desk.run(&loan).done().line();
    assert_eq!(added["rules"][0]["body"]["then"], json!({ "category": "loan" }));
    let entry = desk.entry();
    assert_eq!(
        (&entry["state"], &entry["reason"]["ru"]),
        (&json!("not_customers"), &json!("заём или кредит"))
    );
    let fee = [
        "rules",
        "add",
        "--name",
        "Сборы",
        "--payer-inn",
        "7728168971",
        "--category",
        "fee",
        "--place",
        "1",
    ];
    let added = desk.run(&fee).done().line();
    assert_eq!(names(&added), ["Сборы", "Транши"]);
    assert_eq!(desk.entry()["reason"]["ru"], "комиссия");
    let first = added["rules"][0]["rule"].as_str().unwrap();
    let moved = desk.run(&["rules", "move", first, "2"]).done().line();
    assert_eq!(names(&moved), ["Транши", "Сборы"]);
    let left = desk.run(&["rules", "remove", first]).done().line();
    assert_eq!(names(&left), ["Транши"]);
    assert_eq!(desk.run(&["rules", "remove", first]).refusal(), "ledger/not-found");
    assert_eq!(names(&desk.run(&["rules", "list"]).done().line()), ["Транши"]);
    let told = desk.0.says("rules list", "ru").done().out;
    assert!(told.contains("в назначении есть «транш»"), "{told}");
}

#[test]
fn a_rule_is_begun_from_a_payment() {
    let desk = Desk::new();
    let entry = desk.entry()["entry"].as_str().unwrap().to_owned();
    let added = desk
        .run(&["rules", "add", "--entry", &entry, "--category", "loan"])
        .done()
        .line();
    let body = &added["rules"][0]["body"];
    assert_eq!(
        (&body["name"], &body["payer"]["inn"]),
        (&json!("ООО Заимодавец"), &json!("7728168971"))
    );
    assert_eq!(desk.entry()["state"], "not_customers");
}

#[test]
fn a_rule_that_says_nothing_is_refused() {
    let desk = Desk::new();
    let code = |words: &[&str]| desk.run(words).refusal();
    assert_eq!(
        code(&["rules", "add", "--name", "x", "--contains", "y"]),
        "rules/nothing-follows"
    );
    assert_eq!(
        code(&["rules", "add", "--name", "x", "--never-automatic"]),
        "rules/unusable"
    );
    assert_eq!(
        code(&["rules", "add", "--name", "x", "--matches", "(", "--category", "loan"]),
        "rules/unusable"
    );
    let two = desk.run(&[
        "rules",
        "add",
        "--name",
        "x",
        "--contains",
        "y",
        "--category",
        "loan",
        "--never-automatic",
    ]);
    assert_eq!(two.code, Some(2));
    assert_eq!(
        desk.run(&["rules", "add", "--contains", "y", "--category", "loan"])
            .code,
        Some(2)
    );
}

#[test]
fn facts_and_the_replay_speak_json_and_to_people() {
    let desk = Desk::new();
    let facts = desk.run(&["facts", "list"]).done().line();
    for list in ["facts", "rejected", "payers"] {
        assert_eq!(facts[list], json!([]), "{list}");
    }
    assert_eq!(
        (&facts["cap"], &facts["confirmations_to_earn"]),
        (&Value::Null, &json!(29))
    );
    let capped = desk.run(&["facts", "cap", "5000,50"]).done().line();
    assert_eq!(capped["cap"], json!({ "amount": "5000.50", "currency": "RUB" }));
    assert!(desk.0.says("facts list", "ru").done().out.contains("5\u{a0}000,50"));
    assert_eq!(desk.run(&["facts", "cap", "off"]).done().line()["cap"], Value::Null);
    assert_eq!(desk.run(&["facts", "cap", "сто"]).refusal(), "facts/cap");
    assert_eq!(desk.run(&["facts", "show", "x"]).refusal(), "ledger/not-found");
    assert_eq!(desk.run(&["facts", "remove", "x"]).refusal(), "ledger/not-found");
    let replay = desk.run(&["replay"]).done().line();
    assert_eq!((&replay["past"], &replay["broken"]), (&json!(0), &json!(0)));
    assert!(desk.0.says("replay", "en").done().out.contains("breaks 0"));
}
