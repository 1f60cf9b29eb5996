//! Faults that spoil answers, batches and the portal itself; changes behind a client's back; storms by a seed.

use serde_json::{Value, json};

use crate::desk::Desk;

const INVOICE: i64 = 1003;

fn comment(text: &str) -> Value {
    json!({"fields": {"ENTITY_ID": INVOICE, "ENTITY_TYPE": "dynamic_31", "COMMENT": text}})
}

async fn comments(desk: &Desk) -> usize {
    desk.state().await["bitrix24"]["comments"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_answer_can_be_anything() {
    let desk = Desk::demo();
    for (kind, status, content, kept) in [
        ("gateway", 502, "text/html", 0),
        ("gateway_after", 504, "text/html", 1),
        ("empty_body", 200, "text/html", 0),
        ("wrong_type", 200, "text/html", 1),
        ("duplicate", 200, "application/json", 2),
        ("overload", 503, "application/json", 0),
        ("access_denied", 403, "application/json", 0),
        ("portal_deleted", 410, "application/json", 0),
    ] {
        let before = comments(&desk).await;
        desk.control("/faults", json!({"method": "crm.timeline.comment.add", "kind": kind}))
            .await;
        let response = desk.send("crm.timeline.comment.add", comment(kind)).await.unwrap();
        assert_eq!(response.status(), status, "{kind}");
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with(content),
            "{kind}"
        );
        assert_eq!(comments(&desk).await - before, kept, "{kind}");
    }
}

#[tokio::test]
async fn a_renamed_portal_says_where_it_is_now() {
    let desk = Desk::demo();
    desk.control(
        "/faults",
        json!({"method": "*", "kind": "moved", "to": "http://new.portal"}),
    )
    .await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let response = client.post(desk.url("profile")).send().await.unwrap();
    assert_eq!(response.status(), 302);
    assert_eq!(
        response.headers()["location"],
        "http://new.portal/rest/1/sverka0sandbox00/profile"
    );
}

#[tokio::test]
async fn half_a_batch_is_done() {
    let desk = Desk::demo();
    let add = format!(
        "crm.timeline.comment.add?fields[ENTITY_ID]={INVOICE}&fields[ENTITY_TYPE]=dynamic_31&fields[COMMENT]=x"
    );
    let cmd = json!({"a": add, "b": add, "c": add, "d": add});
    desk.control("/faults", json!({"method": "batch", "kind": "partial_batch"}))
        .await;
    let silent = desk.result("batch", json!({"cmd": cmd})).await;
    assert_eq!(
        (silent["result"].as_object().unwrap().len(), &silent["result_error"]),
        (2, &json!([]))
    );
    desk.control("/faults", json!({"method": "batch", "kind": "expired_mid_batch"}))
        .await;
    let expired = desk.result("batch", json!({"cmd": cmd})).await;
    assert_eq!(expired["result_error"]["c"]["error"], "expired_token");
    assert_eq!(comments(&desk).await, 4);
}

#[tokio::test]
async fn a_manager_works_behind_our_back() {
    let desk = Desk::demo();
    let price = json!({"update": {"entity_type_id": 31, "id": INVOICE, "fields": {"opportunity": "1.50", "stageId": "DT31_3:D"}}});
    desk.control("/change", price).await;
    let changed = desk.invoice(INVOICE).await;
    assert_eq!(
        (changed["opportunity"].to_string(), &changed["updatedBy"]),
        ("1.5".to_owned(), &json!(7))
    );

    // Between the look and the write.
    let gone = json!({"delete": {"entity_type_id": 31, "id": INVOICE}});
    desk.control(
        "/faults",
        json!({"method": "crm.item.update", "kind": "change", "change": gone}),
    )
    .await;
    let update = json!({"entityTypeId": 31, "id": INVOICE, "fields": {"stageId": "DT31_3:P"}});
    assert_eq!(desk.refusal("crm.item.update", update).await.1, "NOT_FOUND");

    let stages = json!([
        {"stage": {"entity_type_id": 31, "category": 3, "id": "DT31_3:UC_OURS", "name": "Деньги", "semantics": "S"}},
        {"remove_stage": {"entity_type_id": 31, "category": 3, "id": "DT31_3:P"}},
    ]);
    desk.control("/change", stages).await;
    let filter = json!({"filter": {"ENTITY_ID": "SMART_INVOICE_STAGE_3", "SEMANTICS": "S"}});
    let paid = desk.result("crm.status.list", filter).await;
    assert_eq!(
        (paid.as_array().unwrap().len(), &paid[0]["STATUS_ID"]),
        (1, &json!("DT31_3:UC_OURS"))
    );

    let url = format!("{}/change", desk.sandbox.control_url());
    let nobody = json!({"delete": {"entity_type_id": 4, "id": 404}});
    let request = desk
        .http
        .post(url)
        .header("content-type", "application/json")
        .body(nobody.to_string());
    assert_eq!(request.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_storm_is_the_same_for_the_same_seed() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let desk = Desk::demo();
        let kinds = ["status_500", "cut_before", "truncated"];
        desk.control(
            "/faults",
            json!([{"storm": {"seed": seed, "per_mille": 300, "kinds": kinds}}]),
        )
        .await;
        for _ in 0..60 {
            // What becomes of each is in the log.
            let _ = desk.send("profile", json!({})).await;
        }
        let log = desk.state().await["log"].clone();
        let faults = log
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["fault"]["kind"].as_str().map(str::to_owned));
        runs.push(faults.collect::<Vec<_>>());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].iter().flatten().count() > 5);
}
