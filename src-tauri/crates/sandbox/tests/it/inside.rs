//! The sandbox without ports: the same answers, on a clock that stands where it was put.

use sandbox::{Answered, Inside, Options, Question};
use serde_json::{Value, json};

const NOON_MS: i64 = 1_795_176_000_000;

fn inside() -> Inside {
    let options = Options {
        limits: true,
        demo: true,
        clock_ms: Some(NOON_MS),
        ..Options::default()
    };
    Inside::open(&options).unwrap()
}

async fn profile(inside: &Inside) -> Option<Answered> {
    let target = format!("{}profile", inside.webhook_path());
    let question = Question {
        verb: "POST",
        target: &target,
        bearer: None,
        body: Some(&json!({})),
    };
    inside.ask(question).await
}

async fn counts(inside: &Inside) -> Value {
    let answered = inside.steer("GET", "/requests", None).await.unwrap();
    serde_json::from_slice(&answered.body).unwrap()
}

#[tokio::test]
async fn an_hour_of_limits_takes_no_time() {
    let inside = inside();
    let mut refused = 0;
    for second in 0..1_800_i64 {
        inside.set_now_ms(NOON_MS + second * 1_000);
        for _ in 0..2 {
            refused += i64::from(profile(&inside).await.unwrap().status == 503);
        }
    }
    assert_eq!(refused, 0, "two a second for ever");
    for _ in 0..60 {
        refused += i64::from(profile(&inside).await.unwrap().status == 503);
    }
    // 48 are left of the bucket.
    assert_eq!(refused, 12);
    let counts = counts(&inside).await;
    assert_eq!(counts["requests"]["by_method"]["profile"], 3_660);
    assert_eq!(counts["limits"]["refused_503"], 12);
    assert_eq!(counts["limit_used_per_mille"], 1_000);
    assert_eq!(counts["amocrm"]["requests"]["total"], 0);
}

#[tokio::test]
async fn both_crms_answer_at_the_hour_they_are_told() {
    let inside = inside();
    let body: Value = serde_json::from_slice(&profile(&inside).await.unwrap().body).unwrap();
    assert_eq!(body["time"]["date_start"], "2026-11-20T15:00:00+03:00");
    let question = Question {
        verb: "GET",
        target: "/api/v4/account",
        bearer: Some(inside.bearer()),
        body: None,
    };
    assert_eq!(inside.ask(question).await.unwrap().status, 200);
    let (verb, target) = ("POST", "/clock");
    let steered = inside.steer(verb, target, Some(&json!({"now_ms": NOON_MS + 1}))).await;
    let told: Value = serde_json::from_slice(&steered.unwrap().body).unwrap();
    assert_eq!(told["now_ms"], NOON_MS + 1);
}

#[tokio::test]
async fn a_cut_is_no_answer() {
    let inside = inside();
    let fault = json!({"method": "profile", "kind": "cut_after"});
    inside.steer("POST", "/faults", Some(&fault)).await.unwrap();
    assert_eq!(profile(&inside).await, None);
    assert!(profile(&inside).await.is_some());
}
