//! Faults, the network off and on, limits, the state between runs.

use sandbox::{Options, Seed};
use serde_json::{Value, json};

use crate::desk::Desk;

fn comment(text: &str) -> Value {
    json!({"fields": {"ENTITY_ID": 1003, "ENTITY_TYPE": "dynamic_31", "COMMENT": text}})
}

async fn comments(desk: &Desk) -> usize {
    desk.state().await["bitrix24"]["comments"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_lost_answer_leaves_the_write() {
    let desk = Desk::demo();
    for (kind, kept) in [("cut_before", 0), ("cut_after", 1), ("timeout_after_commit", 2)] {
        let fault = json!({"method": "crm.timeline.comment.add", "kind": kind, "delay_ms": 30});
        desk.control("/faults", fault).await;
        let error = desk.send("crm.timeline.comment.add", comment(kind)).await.unwrap_err();
        assert!(!error.is_connect(), "{kind}: {error:?}");
        assert_eq!(comments(&desk).await, kept, "{kind}");
    }
    desk.result("crm.timeline.comment.add", comment("the fault is spent"))
        .await;
    assert_eq!(comments(&desk).await, 3);
}

#[tokio::test]
async fn a_held_request_shows_until_its_client_is_gone() {
    let desk = Desk::demo();
    desk.control(
        "/faults",
        json!({"method": "crm.timeline.comment.add", "kind": "timeout_after_commit"}),
    )
    .await;
    let client = tokio::spawn({
        let request = desk
            .http
            .post(desk.url("crm.timeline.comment.add"))
            .header("content-type", "application/json")
            .body(comment("x").to_string());
        request.send()
    });
    let phases = async |wanted: &[&str]| {
        loop {
            let state = desk.state().await;
            let phases: Vec<&str> = state["in_progress"]
                .as_array()
                .unwrap()
                .iter()
                .map(|request| request["phase"].as_str().unwrap())
                .collect();
            if phases == wanted {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    phases(&["held"]).await;
    assert_eq!(comments(&desk).await, 1, "kept while the answer is held");
    client.abort();
    phases(&[]).await;
}

#[tokio::test]
async fn error_faults_look_like_the_portals_own() {
    let desk = Desk::demo();
    for (kind, status, code) in [
        ("status_503", 503, "QUERY_LIMIT_EXCEEDED"),
        ("status_500", 500, "INTERNAL_SERVER_ERROR"),
        ("limit_429", 429, "OPERATION_TIME_LIMIT"),
        ("expired", 401, "expired_token"),
    ] {
        desk.control("/faults", json!([{"method": "*", "kind": kind}])).await;
        assert_eq!(desk.refusal("profile", json!({})).await, (status, code.to_owned()));
    }
    desk.control("/faults", json!({"method": "profile", "kind": "truncated"}))
        .await;
    let half = desk.send("profile", json!({})).await.unwrap();
    assert_eq!(half.status(), 200);
    assert!(serde_json::from_str::<Value>(&half.text().await.unwrap()).is_err());
    desk.control("/faults", json!({"method": "profile", "kind": "html"}))
        .await;
    let page = desk.send("profile", json!({})).await.unwrap();
    assert!(
        page.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    desk.control("/faults", json!({"method": "profile", "kind": "delay", "delay_ms": 1}))
        .await;
    desk.result("profile", json!({})).await;

    desk.control(
        "/faults",
        json!({"method": "profile", "kind": "status_500", "times": 9}),
    )
    .await;
    let url = format!("{}/faults", desk.sandbox.control_url());
    desk.http.delete(url).send().await.unwrap();
    desk.result("profile", json!({})).await;
    let log = desk.state().await["log"].clone();
    assert_eq!(log[0]["fault"]["kind"], "status_503");
}

#[tokio::test]
async fn faults_can_wait_from_the_start() {
    let faults = serde_json::from_str(r#"[{"method": "profile", "kind": "status_500"}]"#).unwrap();
    let desk = Desk::open(Options {
        faults,
        ..Options::default()
    });
    assert_eq!(desk.refusal("profile", json!({})).await.0, 500);
    desk.result("profile", json!({})).await;
}

#[tokio::test]
async fn offline_refuses_and_online_returns_on_the_same_port() {
    let desk = Desk::demo();
    desk.result("profile", json!({})).await;
    desk.control("/offline", json!({})).await;
    for _ in 0..3 {
        assert!(desk.send("profile", json!({})).await.unwrap_err().is_connect());
    }
    assert_eq!(desk.state().await["online"], false);
    desk.control("/online", json!({})).await;
    desk.control("/online", json!({})).await;
    desk.result("profile", json!({})).await;
    assert_eq!(desk.state().await["requests"]["total"], 2);
}

#[tokio::test]
async fn limits_hold_on_the_sandboxs_own_clock() {
    let desk = Desk::open(Options {
        demo: true,
        limits: true,
        ..Options::default()
    });
    desk.control("/clock", json!({"stopped": true})).await;
    for _ in 0..50 {
        desk.result("profile", json!({})).await;
    }
    assert_eq!(
        desk.refusal("profile", json!({})).await,
        (503, "QUERY_LIMIT_EXCEEDED".to_owned())
    );
    desk.control("/clock", json!({"advance_ms": 500})).await;
    desk.result("profile", json!({})).await;
    assert_eq!(desk.refusal("profile", json!({})).await.0, 503);

    desk.control("/clock", json!({"advance_ms": 60_000})).await;
    // A write is 0.3 seconds of work: 32 batches of 50 are the 480 that ten minutes allow.
    let cmd = vec!["crm.timeline.comment.delete?id=1"; 50];
    let mut codes = Vec::new();
    for _ in 0..34 {
        desk.control("/clock", json!({"advance_ms": 500})).await;
        let result = desk.result("batch", json!({"cmd": cmd})).await;
        codes.push(result["result_error"][1]["error"].as_str().unwrap().to_owned());
    }
    assert!(codes[..32].iter().all(|code| code == "NOT_FOUND"), "{codes:?}");
    assert_eq!(codes[33], "OPERATION_TIME_LIMIT");
    let blocked = desk.refusal("crm.timeline.comment.delete", json!({"id": 1})).await;
    assert_eq!(blocked, (429, "OPERATION_TIME_LIMIT".to_owned()));
    desk.control("/clock", json!({"advance_ms": 600_000})).await;
    let free = desk.refusal("crm.timeline.comment.delete", json!({"id": 1})).await;
    assert_eq!(free.1, "NOT_FOUND");
}

#[tokio::test]
async fn the_state_survives_a_restart_and_a_reset_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        Desk::open(Options {
            demo: true,
            state_dir: Some(dir.path().to_owned()),
            ..Options::default()
        })
    };
    let desk = open();
    let update = json!({"entityTypeId": 31, "id": 1003, "fields": {"stageId": "DT31_3:P"}});
    desk.result("crm.item.update", update).await;
    desk.result("batch", json!({"cmd": ["crm.timeline.comment.add?fields[ENTITY_ID]=1003&fields[ENTITY_TYPE]=dynamic_31&fields[COMMENT]=x"]})).await;
    let before = desk.state().await["bitrix24"].clone();
    let port = desk.sandbox.addresses.bitrix24.port();
    desk.sandbox.shutdown();
    assert!(
        std::net::TcpListener::bind(("127.0.0.1", port)).is_ok(),
        "the port is free"
    );

    let desk = open();
    assert_eq!(desk.state().await["bitrix24"], before);
    assert_eq!(desk.invoice(1003).await["previousStageId"], "DT31_3:S");
    desk.control("/reset", json!({})).await;
    assert_eq!(desk.invoice(1003).await["stageId"], "DT31_3:S");
    assert_eq!(comments(&desk).await, 0);
}

#[tokio::test]
async fn a_firm_is_loaded_or_refused_whole() {
    let desk = Desk::demo();
    let invoice = |id: i64, number: &str| json!({"id": id, "number": number, "amount": "10.00", "stage": "DT31_3:N"});
    desk.control("/load", json!({"keep": true, "invoices": [invoice(9001, "Н-1")]}))
        .await;
    assert_eq!(desk.invoice(9001).await["accountNumber"], "Н-1");
    assert_eq!(desk.invoice(1003).await["accountNumber"], "СЧ-145");
    for bad in [
        json!({"keep": true, "invoices": [invoice(9002, "Н-2"), invoice(9003, "СЧ-145")]}),
        json!({"invoices": [{"id": 1, "number": "1", "amount": "много"}]}),
        json!({"invoices": [{"id": 1, "number": "1", "amount": 1, "stage": "DT31_9:P"}]}),
        json!({"invoces": []}),
    ] {
        let url = format!("{}/load", desk.sandbox.control_url());
        let request = desk
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(bad.to_string());
        assert_eq!(request.send().await.unwrap().status(), 400, "{bad}");
    }
    assert_eq!(
        desk.refusal("crm.item.get", json!({"entityTypeId": 31, "id": 9002}))
            .await
            .1,
        "NOT_FOUND"
    );
    let again = json!({"id": 11, "title": "ООО «Ромашка»", "requisites": [{"inn": "7813641821"}]});
    desk.control("/load", json!({"keep": true, "companies": [again]})).await;
    let filter = json!({"filter": {"ENTITY_ID": 11}});
    let requisites = desk.body("crm.requisite.list", filter).await;
    assert_eq!(
        (&requisites["total"], &requisites["result"][0]["RQ_KPP"]),
        (&json!(1), &json!(""))
    );
    desk.control("/load", json!({"invoices": [invoice(1, "1")]})).await;
    assert_eq!(desk.state().await["bitrix24"]["invoices"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn refusals_have_the_status_of_the_clients_or_of_the_documentation() {
    let desk = Desk::demo();
    for (firm, status) in [
        (json!({"keep": true, "scopes": ["crm"]}), 401),
        (json!({"keep": true, "forbidden_status": 403}), 403),
    ] {
        desk.control("/load", firm).await;
        let refusal = desk.refusal("tasks.task.list", json!({})).await;
        assert_eq!(refusal, (status, "insufficient_scope".to_owned()));
        let wrong = desk
            .http
            .get(desk.url("profile").replace("/1/", "/2/"))
            .send()
            .await
            .unwrap();
        assert_eq!(wrong.status(), status);
    }
}

#[tokio::test]
async fn the_page_shows_what_was_written() {
    let desk = Desk::demo();
    desk.result("crm.timeline.comment.add", comment("<script>Оплата</script>"))
        .await;
    let page = desk
        .http
        .get(desk.sandbox.control_url())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("СЧ-145") && page.contains("&lt;script&gt;Оплата"),
        "{page}"
    );
    let line = desk.sandbox.announcement();
    assert_eq!(line["webhook"], "1/sverka0sandbox00");
    assert_eq!(line["amocrm"], line["bitrix24"], "one port for both");
    assert!(line["amocrm_https"].is_null() && line["control"].as_str().unwrap().starts_with("http://127.0.0.1:"));
}

#[tokio::test]
async fn the_page_shows_first_what_was_written_to() {
    let firm = Seed {
        seed: 1,
        companies: 5,
        invoices: 310,
    };
    let desk = Desk::open(Options {
        seed: Some(firm),
        ..Options::default()
    });
    let last = json!({"entityTypeId": 31, "order": {"id": "DESC"}, "select": ["id"]});
    let last = desk.result("crm.item.list", last).await["items"][0]["id"].clone();
    let fields = json!({"ENTITY_ID": last, "ENTITY_TYPE": "dynamic_31", "COMMENT": "[b]Оплата[/b] последнего"});
    desk.result("crm.timeline.comment.add", json!({"fields": fields})).await;
    let page = desk.http.get(desk.sandbox.control_url()).send().await.unwrap();
    let page = page.text().await.unwrap();
    let (comment, rest) = (page.find("<b>Оплата</b> последнего"), page.find("С-1<"));
    assert!(comment.is_some() && comment < rest, "{comment:?} {rest:?}");
    assert!(page.contains("Показано 300 из 310"));
}
