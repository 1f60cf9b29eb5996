//! The control address as somebody steers it who knows its page only: bodies without a type, firms by hand, every refusal.

use serde_json::{Value, json};

use crate::desk::Desk;

/// Status and answer of a body as `curl -d` sends it.
async fn by_hand(desk: &Desk, path: &str, body: &str) -> (u16, Value) {
    let url = format!("{}{path}", desk.sandbox.control_url());
    let form = "application/x-www-form-urlencoded";
    let request = desk.http.post(url).header("content-type", form).body(body.to_owned());
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_body_is_json_whatever_it_says_it_is() {
    let desk = Desk::demo();
    assert_eq!(
        by_hand(
            &desk,
            "/faults",
            r#"{"what": "status_503", "where": "profile", "how_often": 2}"#
        )
        .await
        .0,
        200
    );
    for _ in 0..2 {
        assert_eq!(desk.refusal("profile", json!({})).await.0, 503);
    }
    desk.result("profile", json!({})).await;
    let (status, answer) = by_hand(&desk, "/faults", "{not json").await;
    assert_eq!((status, &answer["done"]), (400, &json!(false)));
    let (status, answer) = by_hand(&desk, "/nowhere", "").await;
    assert_eq!(status, 404);
    assert!(answer["error"].as_str().unwrap().contains("/faults"), "{answer}");
    let (_, answer) = by_hand(&desk, "/clock", r#"{"now": "2027-01-15T10:00:00+03:00"}"#).await;
    assert_eq!(answer["now"], "2027-01-15T10:00:00+03:00");
    assert_eq!(desk.result("server.time", json!({})).await, "2027-01-15T10:00:00+03:00");
}

#[tokio::test]
async fn a_fault_without_a_method_is_for_everything() {
    let desk = Desk::demo();
    assert_eq!(by_hand(&desk, "/faults", r#"{"kind": "status_500"}"#).await.0, 200);
    let url = format!("{}/faults", desk.sandbox.control_url());
    let text = desk.http.get(url).send().await.unwrap().text().await.unwrap();
    let faults: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&faults["orders"][0]["method"], &faults["amocrm"]["orders"][0]["kind"]),
        (&json!("*"), &json!("status_500"))
    );
    assert_eq!(desk.refusal("crm.deal.list", json!({})).await.0, 500);
}

#[tokio::test]
async fn a_firm_by_hand_needs_neither_numbers_nor_our_names() {
    let desk = Desk::demo();
    let firm = r#"{"companies": [{"name": "ООО «Ромашка»", "inn": "7801234564", "account": "40702810900000000001", "bik": "044525225"}],
                   "invoices": [{"accountNumber": "А-1", "opportunity": 1500.5, "companyId": 1}, {"number": "А-2", "sum": "10", "company": 1, "stageId": "DT31_5:UC_1", "category": 5}],
                   "categories": [{"id": 5, "name": "Опт", "default": true}],
                   "stages": [{"id": "DT31_5:N", "name": "Новый"}, {"id": "DT31_5:UC_1", "name": "Ждём"}]}"#;
    let (status, answer) = by_hand(&desk, "/load", firm).await;
    assert_eq!(status, 200, "{answer}");
    let invoices = desk.result("crm.item.list", json!({"entityTypeId": 31})).await;
    let seen: Vec<_> = invoices["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["accountNumber"].as_str().unwrap(), one["stageId"].as_str().unwrap()))
        .collect();
    assert_eq!(seen, [("А-1", "DT31_5:N"), ("А-2", "DT31_5:UC_1")]);
    assert_eq!(invoices["items"][0]["opportunity"], 1500.5);
    let requisite = desk
        .result("crm.requisite.list", json!({"filter": {"RQ_INN": "7801234564"}}))
        .await;
    assert_eq!(requisite[0]["ENTITY_ID"], "1");
    let account = json!({"filter": {"RQ_ACC_NUM": "40702810900000000001"}});
    assert_eq!(
        desk.result("crm.requisite.bankdetail.list", account).await[0]["ENTITY_ID"],
        requisite[0]["ID"]
    );
    let (status, answer) = by_hand(&desk, "/load", r#"{"keep": true, "companies": [{"name": "x"}]}"#).await;
    assert_eq!(status, 400, "a number would be a guess: {answer}");
}

#[tokio::test]
async fn every_refusal_of_the_portal_comes_on_request() {
    let desk = Desk::demo();
    for (code, status) in [
        ("user_access_error", 403),
        ("allowed_only_intranet_user", 403),
        ("ERROR_OAUTH", 401),
        ("APPLICATION_NOT_FOUND", 401),
        ("AUTHORIZATION_ERROR", 401),
        ("WRONG_AUTH_TYPE", 403),
        ("METHOD_CONFIRM_WAITING", 401),
        ("METHOD_CONFIRM_DENIED", 403),
        ("ACCESS_DENIED", 403),
        ("PORTAL_DELETED", 410),
        ("INVALID_REQUEST", 400),
        ("ERROR_UNEXPECTED_ANSWER", 500),
        ("OVERLOAD_LIMIT", 503),
    ] {
        let fault = json!({"method": "profile", "kind": "refusal", "code": code});
        desk.control("/faults", fault).await;
        assert_eq!(desk.refusal("profile", json!({})).await, (status, code.to_owned()));
    }
    // Where the sources do not agree, and what is nobody's.
    let fault = json!({"method": "profile", "kind": "refusal", "code": "PORTAL_DELETED", "status": 500});
    desk.control("/faults", fault).await;
    assert_eq!(
        desk.refusal("profile", json!({})).await,
        (500, "PORTAL_DELETED".to_owned())
    );
    let fault = json!({"method": "crm.deal.update", "kind": "refusal", "code": "", "text": "Стадия обязательна"});
    desk.control("/faults", fault).await;
    let (status, body) = desk.reply("crm.deal.update", json!({"id": 501, "fields": {}})).await;
    assert_eq!(
        (status, &body["error_description"]),
        (400, &json!("Стадия обязательна"))
    );
    // Inside a batch, and in the third generation's words.
    let fault = json!({"method": "crm.item.get", "kind": "refusal", "code": "user_access_error"});
    desk.control("/faults", fault).await;
    let batch = json!({"cmd": {"a": "crm.item.get?entityTypeId=31&id=1003"}});
    assert_eq!(
        desk.result("batch", batch).await["result_error"]["a"]["error"],
        "user_access_error"
    );
}

#[tokio::test]
async fn what_portals_differ_in_is_switched() {
    let desk = Desk::open(sandbox::Options {
        demo: true,
        limits: true,
        ..sandbox::Options::default()
    });
    let batch = json!({"cmd": {"a": "crm.timeline.comment.add?fields[ENTITY_TYPE]=deal&fields[ENTITY_ID]=501&fields[COMMENT]=to $result[gone][0] and on"}});
    let written = async || {
        desk.result("batch", batch.clone()).await;
        let state = desk.state().await;
        let comments = state["bitrix24"]["comments"].as_array().unwrap().clone();
        comments.last().unwrap()["COMMENT"].clone()
    };
    assert_eq!(written().await, "to  and on");
    assert!(desk.body("profile", json!({})).await["time"]["operating"].is_number());
    let portal = json!({"on_premise": true, "enterprise": true, "missing_reference": "kept"});
    desk.control("/load", json!({"keep": true, "portal": portal})).await;
    assert_eq!(written().await, "to $result[gone][0] and on");
    let told = desk.body("profile", json!({})).await;
    assert!(
        told["time"]["duration"].is_number() && told["time"].get("operating").is_none(),
        "{told}"
    );
    desk.control("/clock", json!({"stopped": true})).await;
    let mut admitted = 0;
    while desk.reply("profile", json!({})).await.0 == 200 {
        admitted += 1;
    }
    assert!((240..=250).contains(&admitted), "{admitted}");
    desk.control("/reset", json!({})).await;
    assert!(desk.body("profile", json!({})).await["time"]["operating"].is_number());
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_inside_a_runtime_too() {
    let desk = Desk::demo();
    let taken = sandbox::Options {
        http_port: desk.sandbox.addresses.bitrix24.port(),
        ..sandbox::Options::default()
    };
    let error = sandbox::start(taken).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
