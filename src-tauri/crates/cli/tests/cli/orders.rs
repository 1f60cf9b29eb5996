//! Payment orders and the people whose consent they need. A passphrase only ever comes through standard input.

use serde_json::{Value, json};

use crate::harness::{Ledger, Ran, fixture, sverka};

const OWNER: &str = "тихая гавань у маяка";
const APPROVER: &str = "северное сияние в мае";

/// A ledger with an owner and an approver.
fn firm() -> Ledger {
    let ledger = Ledger::new();
    ledger
        .typed("people add Анна --passphrase-stdin", &format!("{OWNER}\n"))
        .done();
    let both = format!("{APPROVER}\n{OWNER}\n");
    ledger
        .typed(
            "people add Борис --role approver --owner Анна --passphrase-stdin",
            &both,
        )
        .done();
    ledger
}

fn draft(ledger: &Ledger) -> Value {
    ledger.run_on("orders draft", fixture("demo/order.json")).done().line()
}

fn sign(ledger: &Ledger, what: &str, order: &str, name: &str, passphrase: &str) -> Ran {
    let words = format!("orders {what} {order} --as {name} --passphrase-stdin");
    ledger.typed(&words, &format!("{passphrase}\n"))
}

#[test]
fn people_are_added_with_the_owners_consent() {
    let ledger = firm();
    let people = ledger.run("people list").done().line();
    let names = json!([{ "name": "Анна", "role": "owner" }, { "name": "Борис", "role": "approver" }]);
    assert_eq!(people, json!({ "people": names, "sole_operator": false }));
    let both = format!("{APPROVER}\nне та фраза совсем\n");
    let refused = ledger.typed("people add Вера --owner Анна --passphrase-stdin", &both);
    assert_eq!(refused.refusal(), "people/wrong-passphrase");
    let alone = ledger.typed("people add Вера --passphrase-stdin", &format!("{APPROVER}\n"));
    assert_eq!(alone.refusal(), "people/owner-only");
    let silent = ledger.typed("people add Вера --owner Анна --passphrase-stdin", "");
    assert_eq!(silent.refusal(), "input/unread");
    assert_eq!(ledger.run("people list").line(), people);
}

#[test]
fn an_order_goes_from_draft_to_file_with_two_people() {
    let ledger = firm();
    let view = draft(&ledger);
    assert_eq!((&view["state"], &view["defects"]), (&json!("draft"), &json!([])));
    let order = view["order"].as_str().unwrap();
    assert_eq!(
        sign(&ledger, "submit", order, "Анна", "не та фраза совсем").refusal(),
        "people/wrong-passphrase"
    );
    assert_eq!(
        sign(&ledger, "approve", order, "Борис", APPROVER).refusal(),
        "orders/not-submitted"
    );
    let submitted = sign(&ledger, "submit", order, "Анна", OWNER).done().line();
    assert_eq!(submitted["state"], "submitted");
    // The author does not approve.
    assert_eq!(
        sign(&ledger, "approve", order, "Анна", OWNER).refusal(),
        "orders/approval"
    );
    let out = tempfile::tempdir().unwrap();
    let export = format!("orders export {order} --to");
    assert_ne!(ledger.run_on(&export, out.path()).code, Some(0));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    let approved = sign(&ledger, "approve", order, "Борис", APPROVER).done().line();
    assert_eq!(
        (&approved["state"], &approved["approved_by"]),
        (&json!("approved"), &json!("Борис"))
    );
    let exported = ledger.run_on(&export, out.path()).done().line();
    assert_eq!(exported["orders"].as_array().unwrap().len(), 1);
    assert_eq!(exported["total"], json!({ "amount": "48500.00", "currency": "RUB" }));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
    // What is written is what is read, and it is never booked.
    let file = std::fs::read_dir(out.path()).unwrap().next().unwrap().unwrap().path();
    let read = ledger.run_on("read", &file).done().line();
    assert_eq!(
        (&read["content"], &read["entries"][0]["amount"]),
        (&json!("orders"), &json!("48500.00"))
    );
    assert_eq!(ledger.run_on("import", &file).done().line()["entries_new"], 0);
    // Listed and shown; never twice in a file.
    let listed = ledger.run("orders list").done().line();
    assert_eq!(
        (&listed["state"], &listed["order"]),
        (&json!("exported"), &json!(order))
    );
    assert_eq!(
        ledger.run(&format!("orders show {order}")).done().line()["history"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
    assert_ne!(ledger.run_on(&export, out.path()).code, Some(0));
    assert!(ledger.says("orders list", "ru").done().out.contains("выгружено"));
}

#[test]
fn a_draft_with_defects_is_saved_and_says_so() {
    let ledger = firm();
    let mut draft: Value = serde_json::from_slice(&std::fs::read(fixture("demo/order.json")).unwrap()).unwrap();
    draft["payee"]["account"] = json!("40702810002300011939");
    let ran = ledger.typed("orders draft -", &draft.to_string());
    assert_eq!(ran.code, Some(1));
    let view = ran.line();
    assert_eq!(view["defects"][0]["field"], "payee.account");
    assert!(ran.err.contains("payee.account"), "{ran:?}");
    let order = view["order"].as_str().unwrap();
    assert_eq!(
        sign(&ledger, "submit", order, "Анна", OWNER).refusal(),
        "orders/defects"
    );
    // The mended draft takes its place.
    let words = format!("orders draft --order {order}");
    assert_eq!(
        ledger.run_on(&words, fixture("demo/order.json")).done().line()["order"],
        order
    );
    assert_eq!(ledger.run("orders list").done().lines().len(), 1);
    assert_eq!(ledger.typed("orders draft -", "[]").refusal(), "orders/draft");
    assert_eq!(ledger.run_on("orders draft", "none.json").refusal(), "file/not-found");
}

#[test]
fn an_order_is_sent_back_with_a_reason() {
    let ledger = firm();
    let view = draft(&ledger);
    let order = view["order"].as_str().unwrap();
    sign(&ledger, "submit", order, "Анна", OWNER).done();
    let words = format!("orders reject {order} --as Борис --reason дважды --passphrase-stdin");
    let rejected = ledger.typed(&words, &format!("{APPROVER}\n")).done().line();
    assert_eq!(rejected["state"], "rejected");
    assert!(rejected["history"].to_string().contains("дважды"), "{rejected}");
}

#[test]
fn a_sole_operator_repeats_the_sum_where_the_owner_allows_it() {
    let ledger = firm();
    let view = draft(&ledger);
    let order = view["order"].as_str().unwrap();
    sign(&ledger, "submit", order, "Анна", OWNER).done();
    let alone = |sum: &str| sign(&ledger, &format!("approve --alone {sum}"), order, "Анна", OWNER);
    assert_eq!(alone("48500.00").refusal(), "orders/approval");
    let allow = "people sole-operator on --as Анна --passphrase-stdin";
    assert_eq!(
        ledger.typed(allow, &format!("{APPROVER}\n")).refusal(),
        "people/wrong-passphrase"
    );
    let people = ledger.typed(allow, &format!("{OWNER}\n")).done().line();
    assert_eq!(people["sole_operator"], true);
    assert_eq!(alone("48500.01").refusal(), "orders/approval");
    let approved = alone("48500.00").done().line();
    assert_eq!(
        (&approved["state"], &approved["alone"]),
        (&json!("approved"), &json!(true))
    );
}

#[test]
fn no_word_of_the_command_line_takes_a_passphrase() {
    for command in [
        "people add Анна",
        "people sole-operator on --as Анна",
        "orders submit 1 --as Анна",
        "orders approve 1 --as Анна",
        "orders reject 1 --as Анна --reason x",
    ] {
        for extra in ["--passphrase", "--passphrase=", "--passphrase-stdin=", ""] {
            let words = command.split(' ').map(ToOwned::to_owned);
            let ran = sverka(words.chain([format!("{extra}{OWNER}")]));
            assert_eq!(ran.code, Some(2), "{command} {extra}: {ran:?}");
        }
    }
}
