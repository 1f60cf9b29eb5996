//! Seven requests a second, and what comes after.

use reqwest::Method;
use sandbox::{AmoSettings, Options};
use serde_json::{Value, json};

use super::desk::AmoDesk;

fn limited(amo: AmoSettings) -> AmoDesk {
    AmoDesk::open(Options {
        demo: true,
        limits: true,
        amo,
        ..Options::default()
    })
}

#[tokio::test]
async fn the_eighth_request_of_a_second_is_refused_and_hammering_shuts_out() {
    let desk = limited(AmoSettings::default());
    desk.desk.control("/clock", json!({"stopped": true})).await;
    let mut statuses = Vec::new();
    for _ in 0..9 {
        statuses.push(desk.get("account").await.status);
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 429, 429]);
    desk.desk.control("/clock", json!({"advance_ms": 1000})).await;
    assert_eq!(desk.get("account").await.status, 200);
    let mut last = 0;
    for _ in 0..30 {
        last = desk.get("account").await.status;
    }
    assert_eq!(last, 403);
    desk.desk.control("/clock", json!({"advance_ms": 60_000})).await;
    assert_eq!(desk.get("account").await.status, 200);
    let state = desk.state().await;
    assert_eq!(state["limits"]["admitted"], 15);
    assert!(state["limits"]["refused_403"].as_u64() > Some(0));
}

#[tokio::test]
async fn the_refusal_is_a_page_or_a_problem_by_a_switch() {
    for (amo, content_type, retry) in [
        (AmoSettings::default(), "text/html; charset=UTF-8", None),
        (
            AmoSettings {
                limit_as_problem: true,
                retry_after: true,
                ..AmoSettings::default()
            },
            "application/problem+json",
            Some("1"),
        ),
    ] {
        let desk = limited(amo);
        desk.desk.control("/clock", json!({"stopped": true})).await;
        for _ in 0..7 {
            desk.get("account").await;
        }
        let refused = desk.send(Method::GET, "account", Value::Null).await.unwrap();
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.headers()["content-type"], content_type);
        assert_eq!(
            refused
                .headers()
                .get("retry-after")
                .map(|value| value.to_str().unwrap()),
            retry
        );
    }
}
