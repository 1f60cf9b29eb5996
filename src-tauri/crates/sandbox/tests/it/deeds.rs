//! What goes wrong with what a CRM holds: every kind by an order and by a seed, for both CRMs.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{amo::AmoDesk, desk::Desk};

fn order(kind: &str) -> Value {
    json!({"crm": "bitrix24", "method": "profile", "kind": kind, "choice": 5, "shift_ms": 7_200_000})
}

fn storm(crm: &str, seed: u64, kinds: &[&str]) -> Value {
    json!({"storm": {"crm": crm, "seed": seed, "per_mille": 1000, "kinds": kinds, "delay_ms": 1}})
}

/// What one part of the portal's state was and is.
async fn differs(desk: &Desk, before: &Value, part: &str) -> bool {
    desk.state().await["bitrix24"][part] != before["bitrix24"][part]
}

#[tokio::test]
async fn a_portals_invoices_stages_and_companies_change_under_a_call() {
    for (kind, part) in [
        ("invoice_repriced", "invoices"),
        ("invoice_moved", "invoices"),
        ("invoice_deleted", "invoices"),
        ("company_archived", "companies"),
        ("stage_renamed", "stages"),
        ("stage_removed", "stages"),
    ] {
        for order in [order(kind), storm("bitrix24", 3, &[kind])] {
            let desk = Desk::demo();
            let before = desk.state().await;
            desk.control("/faults", order).await;
            // The call itself goes well.
            assert_eq!(desk.result("profile", json!({})).await["ID"], "1", "{kind}");
            desk.control("/faults", json!([])).await;
            assert!(differs(&desk, &before, part).await, "{kind}");
            let others = ["invoices", "companies", "stages", "comments"]
                .into_iter()
                .filter(|other| *other != part);
            for other in others {
                let is_shown_there = kind == "stage_renamed" || kind == "company_archived" || kind == "stage_removed";
                assert!(
                    !differs(&desk, &before, other).await || is_shown_there && other == "invoices",
                    "{kind}: {other}"
                );
            }
            let log = desk.state().await["log"].clone();
            assert!(
                log[0]["fault"]["change"].is_object(),
                "{kind}: the log says what was done"
            );
        }
    }
}

#[tokio::test]
async fn a_renamed_stage_keeps_its_meaning_and_its_place() {
    let desk = Desk::demo();
    let stages = async || {
        desk.result(
            "crm.status.list",
            json!({"filter": {"ENTITY_ID": "SMART_INVOICE_STAGE_3"}, "order": {"SORT": "ASC"}}),
        )
        .await
    };
    let before = stages().await;
    desk.control("/faults", order("stage_renamed")).await;
    desk.result("profile", json!({})).await;
    let after = stages().await;
    let changed: Vec<(&Value, &Value)> = before
        .as_array()
        .unwrap()
        .iter()
        .zip(after.as_array().unwrap())
        .filter(|(old, new)| old != new)
        .collect();
    let [(old, new)] = changed[..] else {
        panic!("{changed:?}")
    };
    assert_ne!(old["NAME"], new["NAME"]);
    for key in ["ID", "STATUS_ID", "SORT", "SEMANTICS"] {
        assert_eq!(old[key], new[key], "{key}");
    }
}

#[tokio::test]
async fn clocks_go_wrong_and_stay_wrong() {
    let desk = AmoDesk::demo();
    let portal = async || {
        let told = desk.desk.result("server.time", json!({})).await;
        chrono::DateTime::parse_from_rfc3339(told.as_str().unwrap())
            .unwrap()
            .timestamp()
    };
    let account = async || {
        let answer = desk.send(Method::GET, "account", Value::Null).await.unwrap();
        let date = answer.headers()["date"].to_str().unwrap().to_owned();
        chrono::DateTime::parse_from_rfc2822(&date).unwrap().timestamp()
    };
    desk.desk.control("/clock", json!({"stopped": true})).await;
    let (of_portal, of_account) = (portal().await, account().await);
    let skew = |crm: &str, ms: i64| json!({"crm": crm, "method": "*", "kind": "clock_skew", "shift_ms": ms});
    desk.desk.control("/faults", skew("bitrix24", 7_200_000)).await;
    desk.desk.control("/faults", skew("amocrm", -600_000)).await;
    assert_eq!((portal().await - of_portal, portal().await - of_portal), (7_200, 7_200));
    assert_eq!(
        (account().await - of_account, account().await - of_account),
        (-600, -600)
    );
    desk.desk
        .control(
            "/faults",
            json!([
                storm("bitrix24", 1, &["clock_skew"]),
                storm("amocrm", 1, &["clock_skew"])
            ]),
        )
        .await;
    let (portal, account) = (portal().await - of_portal - 7_200, account().await - of_account + 600);
    assert!(
        portal != 0 && portal.abs() <= 3_600 && account != 0 && account.abs() <= 3_600,
        "{portal} {account}"
    );
}

#[tokio::test]
async fn an_accounts_invoices_stages_and_companies_change_under_a_call() {
    let part_of = |kind: &str| match kind {
        "company_archived" => "companies",
        "stage_renamed" | "stage_removed" => "pipelines",
        _ => "invoices",
    };
    for kind in [
        "invoice_repriced",
        "invoice_moved",
        "invoice_deleted",
        "company_archived",
        "stage_renamed",
        "stage_removed",
    ] {
        let orders = [
            json!({"crm": "amocrm", "method": "GET /api/v4/account", "kind": kind, "choice": 5}),
            storm("amocrm", 3, &[kind]),
        ];
        for order in orders {
            let desk = AmoDesk::demo();
            let before = look(&desk).await;
            desk.desk.control("/faults", order).await;
            assert_eq!(desk.get("account").await.status, 200, "{kind}");
            let log = desk.state().await["log"].clone();
            let logged = log.as_array().unwrap().last().unwrap();
            assert!(logged["fault"]["done"].is_object(), "{kind}: {logged}");
            let url = format!("{}/faults", desk.desk.sandbox.control_url());
            desk.desk.http.delete(url).send().await.unwrap();
            let after = look(&desk).await;
            for part in ["invoices", "companies", "pipelines"] {
                assert_eq!(before[part] != after[part], part == part_of(kind), "{kind}: {part}");
            }
        }
    }
}

async fn look(desk: &AmoDesk) -> Value {
    let state = desk.state().await;
    json!({
        "invoices": state["invoices"],
        "companies": state["companies"],
        "pipelines": desk.read("leads/pipelines").await["_embedded"]["pipelines"],
    })
}

#[tokio::test]
async fn a_person_in_the_account_changes_what_is_named() {
    let desk = AmoDesk::demo();
    let price = async || desk.read("catalogs/5001/elements/1003").await;
    let before = price().await;
    let deeds = json!([{"kind": "invoice_repriced", "target": 1003}, {"kind": "invoice_moved", "target": 1003}]);
    desk.desk.control("/amocrm/change", deeds).await;
    let after = price().await;
    for code in ["BILL_PRICE", "BILL_STATUS"] {
        let of = |card: &Value| super::amo::values(card, code).clone();
        assert_ne!(of(&before), of(&after), "{code}");
    }
    assert_eq!(after["updated_by"], 7002);
    let url = format!("{}/amocrm/change", desk.desk.sandbox.control_url());
    for wrong in [
        json!({"kind": "invoice_deleted", "target": 404}),
        json!({"kind": "cut_after"}),
    ] {
        let request = desk
            .desk
            .http
            .post(&url)
            .header("content-type", "application/json")
            .body(wrong.to_string());
        assert_eq!(request.send().await.unwrap().status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn an_accounts_writes_come_twice_or_by_half() {
    let note = |text: &str| json!({"entity_id": 501, "note_type": "common", "params": {"text": text}});
    let notes = json!([note("a"), note("b"), note("c"), note("d")]);
    for (kind, status, kept) in [
        ("duplicate", 200, 8),
        ("partial_batch", 504, 2),
        ("expired_mid_batch", 401, 2),
        ("empty_body", 200, 0),
    ] {
        for order in [
            json!({"method": "POST /api/v4/leads/notes", "kind": kind}),
            storm("amocrm", 1, &[kind]),
        ] {
            let desk = AmoDesk::demo();
            desk.desk.control("/faults", order).await;
            let said = desk.said(Method::POST, "leads/notes", notes.clone()).await;
            assert_eq!(said.status, status, "{kind}");
            assert_eq!(desk.state().await["notes"].as_array().unwrap().len(), kept, "{kind}");
        }
    }
    // Half of one thing is none.
    let desk = AmoDesk::demo();
    desk.desk
        .control(
            "/faults",
            json!({"method": "POST /api/v4/leads/notes", "kind": "partial_batch"}),
        )
        .await;
    assert_eq!(
        desk.said(Method::POST, "leads/notes", json!([note("a")])).await.status,
        504
    );
    assert_eq!(desk.state().await["notes"], json!([]));
}

#[tokio::test]
async fn an_account_has_weather_of_its_own() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let desk = AmoDesk::demo();
        let kinds = ["status_500", "limit_429", "truncated", "duplicate"];
        desk.desk
            .control(
                "/faults",
                json!({"storm": {"crm": "amocrm", "seed": seed, "per_mille": 300, "kinds": kinds}}),
            )
            .await;
        for _ in 0..60 {
            // What becomes of each is in the log.
            let _ = desk.send(Method::GET, "account", Value::Null).await;
        }
        assert_eq!(
            desk.desk.reply("profile", json!({})).await.0,
            200,
            "the portal has no part in it"
        );
        let log = desk.state().await["log"].clone();
        let faults = log.as_array().unwrap().iter();
        runs.push(
            faults
                .map(|entry| entry["fault"]["kind"].as_str().map(str::to_owned))
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].iter().flatten().count() > 5);
}

#[tokio::test]
async fn a_storm_without_a_name_is_over_both() {
    let desk = AmoDesk::demo();
    desk.desk
        .control(
            "/faults",
            json!({"storm": {"seed": 1, "per_mille": 1000, "kinds": ["status_500"]}}),
        )
        .await;
    assert_eq!(desk.get("account").await.status, 500);
    assert_eq!(desk.desk.reply("profile", json!({})).await.0, 500);
    // One CRM has a kind that the other has not.
    let url = format!("{}/faults", desk.desk.sandbox.control_url());
    desk.desk.http.delete(&url).send().await.unwrap();
    desk.desk
        .control(
            "/faults",
            json!({"storm": {"seed": 1, "per_mille": 1000, "kinds": ["overload"]}}),
        )
        .await;
    assert_eq!(desk.get("account").await.status, 200);
    assert_eq!(desk.desk.reply("profile", json!({})).await.0, 503);
    let request = desk.desk.http.post(url).header("content-type", "application/json");
    let nobody = json!({"storm": {"seed": 1, "per_mille": 1000, "kinds": ["hail"]}});
    assert_eq!(request.body(nobody.to_string()).send().await.unwrap().status(), 400);
}
