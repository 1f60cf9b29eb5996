//! The contract as JSON: every command answers, and every failure says in both languages what happened and what to do.

use std::sync::Arc;

use serde_json::{Value, json};

use super::firm::unconnected;
use crate::{Failure, Session, rpc::answer};

macro_rules! names {
    ($($name:ident($request:ty) -> $answer:ty,)*) => {
        const COMMANDS: &[&str] = &[$(stringify!($name)),*];
    };
}
crate::with_commands!(names);

/// A request of the right shape for each command that needs one.
fn request(command: &str) -> Value {
    let who = json!({"name": "Ольга", "passphrase": "длинная фраза"});
    match command {
        "inbox_page" => json!({"state": null, "search": "", "offset": 0, "limit": 0}),
        "invoices_page" => json!({"search": "", "only_open": false, "offset": 0, "limit": 0}),
        "orders_page" | "outbox_page" => json!({"state": null, "offset": 0, "limit": 0}),
        "entry_view" | "dismiss" => json!({"entry": "x"}),
        "decide" => json!({"entry": "x", "allocations": []}),
        "undo" | "refund" => json!({"decision": null}),
        "reject" => json!({"entry": "x", "invoice": "x", "scope": "payment"}),
        "fact_view" | "fact_remove" => json!({"fact": "x"}),
        "autonomy_cap" => json!({"sum": null}),
        "rule_draft" => json!({"entry": "x"}),
        "rule_preview" => json!({"change": {"remove": {"rule": "x"}}}),
        "rule_save" => json!({"change": {"move": {"rule": "x", "place": 1}}, "breaks_accepted": false}),
        "import_files" => json!({"paths": ["nowhere.txt"]}),
        "order_view" => json!({"order": "x"}),
        "order_check" | "order_save" => {
            let party = json!({});
            json!({"order": null, "draft": {"number": "", "date": null, "amount": "", "payer": party, "payee": party,
                "purpose": "", "priority": "", "uin": ""}})
        }
        "asked_answer" => json!({"asked": 1, "answer": "credit"}),
        "order_submit" | "order_approve" => json!({"order": "x", "content_hash": "", "who": who}),
        "order_approve_alone" => json!({"order": "x", "content_hash": "", "who": who, "repeated_amount": "1"}),
        "order_reject" => json!({"order": "x", "who": who, "reason": ""}),
        "orders_export" => json!({"orders": [], "folder": null}),
        "person_add" => json!({"person": who, "role": "owner", "owner": null}),
        "sole_operator_set" => json!({"on": true, "owner": who}),
        "message_view" | "message_retry" | "message_park" => json!({"message": "x"}),
        "settings_save" => serde_json::to_value(crate::wire::Settings::default()).unwrap(),
        "connect" => json!({"webhook": "https://x/"}),
        "connect_amocrm" => json!({ "account": "example.org", "token": "t", "integration": null, "lead_paid": null }),
        "drift_answer" => json!({"drift": "x", "answer": "later"}),
        "connect_application" => json!({"client_id": "x", "client_secret": "x", "code": " "}),
        "authorise_address" => json!({"portal": "http://firm.bitrix24.ru", "client_id": "x"}),
        "mapping_save" => json!({"choices": [], "extras": null}),
        "company_save" => json!({"inn": "7707083893", "name": "ООО «Наша»", "kpp": null}),
        "company_remove" => json!({"inn": "500100732259"}),
        "account_company" => json!({"account": "x", "company": null}),
        "connection_companies" => json!({"connection": "b24", "companies": []}),
        "watch_pause" => json!({"paused": true}),
        _ => Value::Null,
    }
}

/// What each says on an empty ledger; `None`: it answers.
fn expected(command: &str) -> Option<&'static str> {
    match command {
        "entry_view" | "dismiss" | "decide" | "reject" | "rule_draft" => Some("inbox/unknown-entry"),
        "undo" | "refund" => Some("undo/nothing"),
        "order_view" => Some("orders/unknown"),
        "order_submit" | "order_approve" | "order_approve_alone" | "order_reject" => Some("orders/unknown"),
        "orders_export" => Some("orders/no-folder"),
        "message_view" => Some("outbox/unknown-message"),
        "fact_view" | "fact_remove" | "rule_preview" | "rule_save" => Some("ledger/not-found"),
        "company_remove" | "connection_companies" => Some("ledger/not-found"),
        "account_company" => Some("companies/unknown-account"),
        "message_retry" | "message_park" | "asked_answer" | "drift_answer" => Some("ledger/not-found"),
        "sync_now" | "mapping" | "mapping_save" | "connection_check" => Some("crm/not-connected"),
        "connect" => Some("crm/webhook"),
        "connect_application" | "authorise_address" => Some("crm/application"),
        "connect_amocrm" => Some("crm/account"),
        _ => None,
    }
}

fn is_complete(failure: &Failure) {
    for text in [&failure.message, &failure.remedy] {
        assert!(!text.ru.is_empty() && !text.en.is_empty(), "{}", failure.code);
        assert!(
            text.ru.chars().any(|letter| ('а'..='я').contains(&letter)),
            "{}: {}",
            failure.code,
            text.ru
        );
        assert!(
            !text.en.chars().any(|letter| ('а'..='я').contains(&letter)),
            "{}: {}",
            failure.code,
            text.en
        );
    }
}

async fn code(session: &Arc<Session>, command: &str, request: Value) -> Option<&'static str> {
    let failure = answer(session, command, request).await.err()?;
    is_complete(&failure);
    let shown = serde_json::to_value(crate::wire::Failure::from(failure.clone())).unwrap();
    assert_eq!(shown["code"], failure.code);
    Some(failure.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_answers_on_an_empty_ledger() {
    let (_place, session) = unconnected();
    code(&session, "person_add", request("person_add")).await;
    for command in COMMANDS.iter().filter(|command| **command != "person_add") {
        assert_eq!(
            code(&session, command, request(command)).await,
            expected(command),
            "{command}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_shape_is_refused_and_never_quoted() {
    let (_place, session) = unconnected();
    const SECRET: &str = "https://firm.bitrix24.ru/rest/1/abcdef";
    for command in COMMANDS {
        // A command without a request takes any object, so a text is the wrong shape for all.
        let failure = answer(&session, command, json!(SECRET)).await.unwrap_err();
        is_complete(&failure);
        assert_eq!(failure.code, "request/malformed", "{command}");
        assert!(!format!("{failure:?}").contains("abcdef"), "{command}");
    }
    assert_eq!(code(&session, "connect", json!({})).await, Some("request/malformed"));
    assert_eq!(
        code(&session, "no_such", Value::Null).await,
        Some("request/unknown-command")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_said_in_its_place() {
    let (place, session) = unconnected();
    let pdf = place.path().join("vypiska.pdf");
    std::fs::write(&pdf, b"%PDF-1.7\n\x00\xff").unwrap();
    let paths = json!({"paths": [pdf, place.path().join("nowhere.txt"), place.path()]});
    let files = answer(&session, "import_files", paths).await.unwrap()["files"].clone();
    for file in files.as_array().unwrap() {
        assert_eq!(file["content"], Value::Null);
        let told = &file["diagnostics"][0];
        assert!(!told["message"]["ru"].as_str().unwrap().is_empty(), "{file}");
        assert!(!told["remedy"]["ru"].as_str().unwrap().is_empty(), "{file}");
    }
    let sha256 = crate::files::sha256(&std::fs::read(&pdf).unwrap());
    let known = session.ledger.file_known(&sha256).unwrap().unwrap();
    assert_eq!(known.outcome, store::FileOutcome::Unusable);
}
