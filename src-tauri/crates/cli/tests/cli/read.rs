//! `sverka read`: the lines that other programs rely on.

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::{Value, json};

use crate::harness::{Ran, command, fixture, run, sverka, words};

fn read(how: &str, name: &str) -> Ran {
    sverka(words(how, &[fixture("onec").join(name)]))
}

#[test]
fn a_statement_has_exactly_these_keys_and_values() {
    let line = read("read --json", "ok/a_section_per_day.txt").done().line();
    let day = |date, opening, credits, debits, closing| json!({ "date": date, "opening": opening, "credits": credits, "debits": debits, "closing": closing, "proven": true });
    assert_eq!(
        line,
        json!({
            "file": "a_section_per_day.txt", "format": "onec", "encoding": "windows-1251",
            "detected": "первая строка 1CClientBankExchange", "content": "statement", "provisional": false,
            "account": { "number": "40702810100000000101", "bank": "044525974", "currency": "RUB" },
            "period": { "from": "2024-07-01", "to": "2024-07-31" },
            "opening": "100.00", "closing": "11900.50", "credits": "15000.50", "debits": "3200.00", "proven": true,
            "days": [
                day("2024-07-03", "100.00", "15000.50", "0.00", "15100.50"),
                day("2024-07-05", "15100.50", "0.00", "3200.00", "11900.50"),
                day("2024-07-06", "11900.50", "0.00", "0.00", "11900.50"),
            ],
            "entries": [{
                "direction": "credit", "status": "booked", "reversal": false, "amount": "15000.50", "currency": "RUB",
                "booked": "2024-07-03", "value": null, "kind": "Платежное поручение", "number": "45",
                "document_date": "2024-07-02",
                "counterparty": {
                    "name": "ООО \"Ромашка\"", "inn": "7812345675", "kpp": "781201001",
                    "account": "40702810900000004501", "bank": "044030653", "bank_name": "СЕВЕРНЫЙ УЧЕБНЫЙ БАНК",
                },
                "purpose": "Оплата по счету № 145 от 25.06.2024. В т.ч. НДС 20% - 2500.08",
                "bank_reference": null, "end_to_end_id": null, "line": 38, "details": [],
            }, {
                "direction": "debit", "status": "booked", "reversal": false, "amount": "3200.00", "currency": "RUB",
                "booked": "2024-07-05", "value": null, "kind": "Платежное поручение", "number": "0012",
                "document_date": "2024-07-05",
                "counterparty": {
                    "name": "АО \"Лесоторг\"", "inn": "5409988773", "kpp": "540901001",
                    "account": "40702810200000007702", "bank": "045004641", "bank_name": "СИБИРСКИЙ УЧЕБНЫЙ БАНК",
                },
                "purpose": "За доставку по договору 7-Л. НДС не облагается",
                "bank_reference": null, "end_to_end_id": null, "line": 67, "details": [],
            }],
            "diagnostics": [],
        })
    );
}

#[test]
fn each_account_has_its_line_and_a_transfer_stands_on_both() {
    let lines = read("read --json", "ok/two_accounts_and_a_transfer_between_them.txt")
        .done()
        .lines();
    let halves: Vec<(&str, &str, &str)> = lines
        .iter()
        .flat_map(|line| {
            let account = line["account"]["number"].as_str().unwrap();
            let entries = line["entries"].as_array().unwrap().iter();
            entries.filter(|entry| entry["number"] == "9").map(move |entry| {
                let text = |key: &str| entry[key].as_str().unwrap();
                (account, text("direction"), text("amount"))
            })
        })
        .collect();
    assert_eq!(
        halves,
        [
            ("40702810100000000101", "debit", "5000.00"),
            ("40702810400000000202", "credit", "5000.00")
        ]
    );
}

#[test]
fn each_statement_has_what_is_said_of_it() {
    let camt = |name: &str| std::fs::read(fixture("camt").join(name)).unwrap();
    let both = [camt("ok/two_statements.xml"), camt("ok/does_not_balance.xml")].concat();
    let lines = run(command().args(["read", "--json", "-"]), &both).done().lines();
    let (last, sound) = lines.split_last().unwrap();
    assert!(sound.len() > 1);
    for line in sound {
        assert_eq!((&line["proven"], &line["diagnostics"]), (&json!(true), &json!([])));
    }
    assert_eq!(
        (&last["proven"], &last["diagnostics"][0]["code"]),
        (&json!(false), &json!("proof/closing"))
    );
}

#[test]
fn a_statement_of_an_archive_has_the_format_of_its_own_file() {
    let archive = fixture("archive").join("ok/two_formats.zip");
    let lines = sverka(words("read --json", &[archive])).done().lines();
    let formats: BTreeSet<&str> = lines.iter().filter_map(|line| line["format"].as_str()).collect();
    let members: BTreeSet<&str> = lines.iter().filter_map(|line| line["member"].as_str()).collect();
    assert_eq!((formats.len(), members.len(), lines.len()), (2, 2, 2));
}

#[test]
fn balances_are_proven_disproven_or_silent() {
    for (name, proven) in [
        ("ok/a_section_per_day.txt", json!(true)),
        ("ok/closing_balance_off.txt", json!(false)),
        ("ok/orders_from_1c.txt", Value::Null),
    ] {
        assert_eq!(read("read --json", name).done().line()["proven"], proven, "{name}");
    }
    // Each day is proven for itself, and then their chain.
    let verdicts = |line: &Value| -> Vec<Value> {
        let days = line["days"].as_array().unwrap().iter();
        days.map(|day| &day["proven"])
            .chain([&line["proven"]])
            .cloned()
            .collect()
    };
    let line = read("read --json", "ok/chain_of_days_broken.txt").done().line();
    assert_eq!(verdicts(&line), [true, true, false]);
    let mut bytes = std::fs::read(fixture("onec/ok/a_section_per_day.txt")).unwrap();
    let at = bytes.windows(9).position(|nine| nine == b"=15100.50").unwrap();
    bytes[at + 8] = b'1';
    let line = run(command().args(["read", "--json", "-"]), &bytes).line();
    assert_eq!(verdicts(&line), [false, true, true, false]);
    // Overdrawn balances are negative.
    let line = read("read --json", "ok/overdrawn_and_in_dollars.txt").done().line();
    assert_eq!(line["account"]["currency"], "USD");
    let balances = [&line["opening"], &line["closing"]].map(|balance| balance.as_str().unwrap().starts_with('-'));
    assert!(balances.contains(&true), "{line}");
}

#[test]
fn a_direction_that_cannot_be_told_is_null() {
    let line = read("read --json", "ok/neither_side_is_own.txt").done().line();
    let directions: Vec<&Value> = line["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["direction"])
        .collect();
    assert_eq!(directions, [&json!("credit"), &json!("debit"), &Value::Null]);
}

#[test]
fn orders_for_the_bank_are_shown_and_named_as_such() {
    let line = read("read --json", "ok/orders_from_1c.txt").done().line();
    assert_eq!(line["content"], "orders");
    let entries = line["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry["direction"].is_null()), "{line}");
}

#[test]
fn an_own_account_said_beforehand_tells_the_direction() {
    let text = "1CClientBankExchange\nВерсияФормата=1.03\nКодировка=UTF-8\nСекцияДокумент=Платежное поручение\n\
        Номер=1\nДата=02.07.2024\nДатаПоступило=02.07.2024\nСумма=7\nПлательщикСчет=40702810900000004501\n\
        ПолучательСчет=40702810100000000101\nКонецДокумента\nКонецФайла\n";
    let of = |how: &str| run(command().args(how.split(' ')), text.as_bytes());
    let told = of("read - --json --own-account 40702810900000004501 --own-account 40702810000000000999").done();
    let line = told
        .lines()
        .into_iter()
        .find(|line| line["entries"] != json!([]))
        .unwrap();
    assert_eq!(line["file"], "-");
    assert_eq!(line["account"]["number"], "40702810900000004501");
    assert_eq!(line["entries"][0]["direction"], "debit");
    let other = of("read - --json --own-account 40702810100000000101").done().line();
    assert_eq!(other["entries"][0]["direction"], "credit");
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let path = fixture("onec/ok/utf16le_with_bom.txt");
    let piped = run(command().args(["read", "--json", "-"]), &std::fs::read(&path).unwrap()).done();
    let mut line = piped.line();
    assert_eq!(line["file"], "-");
    line["file"] = json!("utf16le_with_bom.txt");
    assert_eq!(line, sverka(words("read --json", &[path])).done().line());
}

#[test]
fn events_come_in_the_files_own_order() {
    let lines = read("read --events", "ok/a_section_per_day.txt").done().lines();
    let names: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["statement", "entry", "entry", "end"]);
    assert_eq!(lines[0]["account"]["number"], "40702810100000000101");
    assert_eq!(lines[0]["index"], 0);
    assert_eq!([&lines[1]["statement"], &lines[3]["statement"]], [&json!(0), &json!(0)]);
    assert_eq!(lines[3]["proven"], true);
    // An entry says the same in both ways.
    let whole = read("read --json", "ok/a_section_per_day.txt").line();
    let mut entry = lines[1].clone();
    for key in ["event", "statement"] {
        entry.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(entry, whole["entries"][0]);
}

#[test]
fn a_summary_is_one_line_a_file() {
    let files: Vec<PathBuf> = [
        "ok/two_accounts_and_a_transfer_between_them.txt",
        "ok/neither_side_is_own.txt",
    ]
    .map(|name| fixture("onec").join(name))
    .into();
    let lines = sverka(words("read --summary --json", &files)).done().lines();
    let sum = |side, amount| json!({ "currency": "RUB", "side": side, "amount": amount });
    assert_eq!(lines.len(), 2);
    assert_eq!(
        lines[0]["accounts"],
        json!(["40702810100000000101", "40702810400000000202"])
    );
    assert_eq!(lines[0]["entries"], 4);
    assert_eq!(
        lines[0]["sums"],
        json!([sum("credits", "20000.50"), sum("debits", "5120.00")])
    );
    assert_eq!(
        lines[1]["sums"],
        json!([sum("credits", "7.00"), sum("debits", "2.00"), sum("unknown", "1.00")])
    );
    assert_eq!(
        [&lines[1]["errors"], &lines[1]["warnings"], &lines[1]["notes"]],
        [0, 1, 2].map(|count| json!(count)).each_ref()
    );
    let said = sverka(words("read --summary --lang ru", &files)).done().out;
    assert!(
        said.contains("операций 4, поступило 20000.50 RUB, списано 5120.00 RUB"),
        "{said}"
    );
}

/// Every fixture there is, and every new one: the keys hold, sums are decimal text, and the exit code is the verdict.
#[test]
fn every_fixture_keeps_the_shape() {
    let statement = keys(
        "file format encoding detected content provisional account period opening closing credits debits proven days entries diagnostics",
    );
    let entry = keys(
        "direction status reversal amount currency booked value kind number document_date counterparty purpose \
         bank_reference end_to_end_id line details",
    );
    for (verdict, code) in [("ok", 0), ("err", 1)] {
        for file in std::fs::read_dir(fixture("onec").join(verdict)).unwrap() {
            let path = file.unwrap().path();
            let ran = sverka(words("read --json --lang en", &[path]));
            assert_eq!(ran.code, Some(code), "{ran:?}");
            assert_eq!(ran.err.is_empty(), code == 0, "{ran:?}");
            for line in ran.lines() {
                assert_eq!(keys_of(&line), statement, "{line}");
                for sum in ["opening", "closing", "credits", "debits"] {
                    assert!(line[sum].is_null() || is_decimal(&line[sum]), "{line}");
                }
                for one in line["entries"].as_array().unwrap() {
                    assert_eq!(keys_of(one), entry, "{one}");
                    assert_eq!(
                        keys_of(&one["counterparty"]),
                        keys("name inn kpp account bank bank_name"),
                        "{one}"
                    );
                    assert!(is_decimal(&one["amount"]), "{one}");
                    assert!(one["booked"].as_str().is_some_and(|day| day.len() == 10), "{one}");
                }
            }
        }
    }
}

fn keys(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(ToOwned::to_owned).collect()
}

fn keys_of(value: &Value) -> BTreeSet<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

fn is_decimal(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let (whole, rest) = text
        .strip_prefix('-')
        .unwrap_or(text)
        .split_once('.')
        .unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(rest) && rest.len() == 2
}
