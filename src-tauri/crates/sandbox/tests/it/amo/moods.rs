//! Faults, the network off and on, the state between runs.

use reqwest::Method;
use sandbox::Options;
use serde_json::{Value, json};

use super::desk::{AmoDesk, values};

fn note(text: &str) -> Value {
    json!([{"entity_id": 501, "note_type": "common", "params": {"text": text}}])
}

async fn notes(desk: &AmoDesk) -> usize {
    desk.state().await["notes"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_lost_answer_leaves_the_write() {
    let desk = AmoDesk::demo();
    for (kind, kept) in [("cut_before", 0), ("cut_after", 1), ("timeout_after_commit", 2)] {
        let fault = json!({"method": "POST /api/v4/leads/notes", "kind": kind, "delay_ms": 30});
        desk.desk.control("/faults", fault).await;
        let error = desk.send(Method::POST, "leads/notes", note(kind)).await.unwrap_err();
        assert!(!error.is_connect(), "{kind}: {error:?}");
        assert_eq!(notes(&desk).await, kept, "{kind}");
    }
    desk.write(Method::POST, "leads/notes", "notes", note("spent")).await;
}

#[tokio::test]
async fn faults_look_like_the_accounts_own() {
    let desk = AmoDesk::demo();
    for (kind, status, content_type) in [
        ("status_500", 500, "application/problem+json"),
        ("status_502", 502, "text/html; charset=UTF-8"),
        ("status_503", 503, "text/html; charset=UTF-8"),
        ("limit_429", 429, "text/html; charset=UTF-8"),
        ("ban_403", 403, "text/html; charset=UTF-8"),
        ("unpaid_402", 402, "application/problem+json"),
        ("moved_404", 404, "application/problem+json"),
        ("expired", 401, "application/problem+json"),
        ("html", 200, "text/html; charset=UTF-8"),
        ("wrong_type", 200, "text/html; charset=UTF-8"),
        ("truncated", 200, "application/hal+json"),
        ("delay", 200, "application/hal+json"),
    ] {
        let order = json!([{"crm": "amocrm", "method": "*", "kind": kind, "delay_ms": 1}]);
        desk.desk.control("/faults", order).await;
        let said = desk.get("account").await;
        assert_eq!(
            (said.status, said.content_type.as_str()),
            (status, content_type),
            "{kind}"
        );
        assert_eq!(
            said.body.is_object(),
            !matches!(kind, "html" | "truncated") && content_type != "text/html; charset=UTF-8" || kind == "wrong_type",
            "{kind}"
        );
    }
    // A gateway that gave up: the write is there all the same.
    desk.desk
        .control(
            "/faults",
            json!({"method": "/api/v4/leads/notes", "kind": "status_504"}),
        )
        .await;
    assert_eq!(desk.said(Method::POST, "leads/notes", note("late")).await.status, 504);
    assert_eq!(notes(&desk).await, 1);
    // By number of the address, and only after some have passed.
    desk.desk
        .control(
            "/faults",
            json!({"method": "GET /api/v4/leads/{id}", "kind": "status_500", "skip": 1}),
        )
        .await;
    let statuses = [
        desk.get("leads/501").await.status,
        desk.get("leads/502").await.status,
        desk.get("leads/501").await.status,
    ];
    assert_eq!(statuses, [200, 500, 200]);
    // The portal beside it has no part in this, unless it is named.
    assert_eq!(desk.desk.reply("profile", json!({})).await.0, 200);
    desk.desk
        .control(
            "/faults",
            json!({"crm": "bitrix24", "method": "*", "kind": "status_500"}),
        )
        .await;
    assert_eq!(desk.get("account").await.status, 200);
    assert_eq!(desk.desk.reply("profile", json!({})).await.0, 500);
    let log = desk.state().await["log"].clone();
    assert_eq!(log[0]["fault"]["kind"], "status_500");
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_has_spent_its_token() {
    let desk = AmoDesk::demo();
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    desk.desk
        .control(
            "/faults",
            json!({"method": "/oauth2/access_token", "kind": "cut_after"}),
        )
        .await;
    let url = format!("{}/oauth2/access_token", desk.desk.sandbox.amocrm_url());
    let body = json!({"client_id": keys["id"], "client_secret": keys["secret"], "redirect_uri": "https://x.test/",
        "grant_type": "refresh_token", "refresh_token": keys["refresh"][0]});
    let send = || {
        desk.desk
            .http
            .post(&url)
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
    };
    assert!(send().await.is_err());
    assert_eq!(send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn requests_are_counted_by_method_and_ids_are_echoed() {
    let desk = AmoDesk::demo();
    let request = desk
        .desk
        .http
        .get(desk.url("leads/501"))
        .bearer_auth(&desk.bearer)
        .header("X-Request-Id", "mine-1");
    assert_eq!(request.send().await.unwrap().headers()["x-request-id"], "mine-1");
    let own = desk.send(Method::GET, "leads/502", Value::Null).await.unwrap();
    assert!(!own.headers()["x-request-id"].is_empty());
    desk.desk.result("profile", json!({})).await;
    let state = desk.desk.state().await;
    assert_eq!(state["requests"]["by_method"]["GET /api/v4/leads/{id}"], 2);
    assert_eq!(state["requests"]["by_method"]["profile"], 1);
    assert_eq!(
        (&state["requests"]["total"], &state["amocrm"]["requests"]["total"]),
        (&json!(3), &json!(2))
    );
    let page = desk
        .desk
        .http
        .get(desk.desk.sandbox.control_url())
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("amoCRM") && page.contains("Счет №СЧ-145") && page.ends_with("</html>"));
}

#[tokio::test]
async fn offline_closes_both() {
    let desk = AmoDesk::demo();
    desk.desk.control("/offline", json!({})).await;
    assert!(
        desk.send(Method::GET, "account", Value::Null)
            .await
            .unwrap_err()
            .is_connect()
    );
    desk.desk.control("/online", json!({})).await;
    assert_eq!(desk.get("account").await.status, 200);
}

#[tokio::test]
async fn what_was_written_outlives_the_process() {
    let place = tempfile::tempdir().unwrap();
    let open = || {
        AmoDesk::open(Options {
            demo: true,
            state_dir: Some(place.path().to_owned()),
            ..Options::default()
        })
    };
    let desk = open();
    let bearer = desk.bearer.clone();
    let paid = |code: &str| json!([{"id": 1003, "custom_fields_values": [{"field_code": "BILL_STATUS", "values": [{"enum_code": code}]}]}]);
    desk.ok(Method::PATCH, "catalogs/5001/elements", paid("partially_paid"))
        .await;
    desk.desk.control("/clock", json!({"advance_ms": 5_000_000})).await;
    let made = desk.write(Method::POST, "leads/notes", "notes", note("Оплата")).await;
    desk.ok(Method::PATCH, "catalogs/5001/elements", paid("paid")).await;
    let (before, spent) = (desk.state().await, refresh(&desk).await);
    // What is on the disk now is all that a kill would leave, with a last line that did not get through.
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(place.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let journal = copy.path().join("amocrm-1.jsonl");
    let mut lines = std::fs::read(&journal).unwrap();
    lines.extend(b"{\"now_s\": 1, \"request\": {\"verb\": \"PATCH\"");
    std::fs::write(&journal, lines).unwrap();
    drop(desk);

    for place in [copy.path(), place.path()] {
        for _ in 0..2 {
            let desk = AmoDesk::open(Options {
                state_dir: Some(place.to_owned()),
                ..Options::default()
            });
            assert_eq!(desk.bearer, bearer);
            assert!(
                !desk.desk.sandbox.announcement()["amo"]["refresh"]
                    .as_array()
                    .unwrap()
                    .contains(&spent)
            );
            let bill = desk.read("catalogs/5001/elements/1003").await;
            assert_eq!(values(&bill, "BILL_STATUS")[0]["enum_code"], "paid");
            let after = desk.state().await;
            for part in ["invoices", "notes", "leads", "fields", "links"] {
                assert_eq!(after[part], before[part], "{part}");
            }
            assert_eq!(after["notes"][0]["id"], made["id"]);
        }
    }
}

/// Spends a refresh token and gives it.
async fn refresh(desk: &AmoDesk) -> Value {
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    let url = format!("{}/oauth2/access_token", desk.desk.sandbox.amocrm_url());
    let body = json!({"client_id": keys["id"], "client_secret": keys["secret"], "redirect_uri": "https://x.test/",
        "grant_type": "refresh_token", "refresh_token": keys["refresh"][0]});
    let request = desk.desk.http.post(url).header("content-type", "application/json");
    assert_eq!(request.body(body.to_string()).send().await.unwrap().status(), 200);
    keys["refresh"][0].clone()
}

#[tokio::test]
async fn lists_tell_what_is_new_since_a_moment() {
    let desk = AmoDesk::demo();
    let since = |moment: &'static str| {
        let request = desk.desk.http.get(desk.url("companies")).bearer_auth(&desk.bearer);
        request.header("If-Modified-Since", moment).send()
    };
    assert_eq!(since("Mon, 01 Jan 2024 00:00:00 GMT").await.unwrap().status(), 200);
    assert_eq!(since("Mon, 01 Jan 2080 00:00:00 GMT").await.unwrap().status(), 304);
}

#[tokio::test]
async fn answers_carry_the_time_of_the_sandboxs_clock() {
    let desk = AmoDesk::demo();
    let at = |moment: &str| chrono::DateTime::parse_from_rfc2822(moment).unwrap().timestamp();
    desk.desk.control("/clock", json!({"stopped": true})).await;
    let dated = async || {
        let answer = desk.send(Method::GET, "account", Value::Null).await.unwrap();
        at(answer.headers()["date"].to_str().unwrap())
    };
    let before = dated().await;
    desk.desk.control("/clock", json!({"advance_ms": 86_400_000})).await;
    assert_eq!(dated().await - before, 86_400);
}
