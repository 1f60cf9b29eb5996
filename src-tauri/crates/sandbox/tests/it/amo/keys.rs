//! Tokens: the long-lived one, the rotating ones, codes.

use reqwest::redirect::Policy;
use serde_json::{Value, json};

use super::desk::{AmoDesk, Said, said};

async fn token(desk: &AmoDesk, part: Value) -> Said {
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    let mut body = json!({"client_id": keys["id"], "client_secret": keys["secret"], "redirect_uri": keys["redirect"]});
    body.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
    let url = format!("{}/oauth2/access_token", desk.desk.sandbox.amocrm_url());
    let request = desk.desk.http.post(url).header("content-type", "application/json");
    said(request.body(body.to_string()).send().await.unwrap()).await
}

async fn status_with(desk: &AmoDesk, bearer: &str) -> u16 {
    let request = desk.desk.http.get(desk.url("account")).bearer_auth(bearer);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_refresh_token_is_spent_by_its_first_use() {
    let desk = AmoDesk::demo();
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    let first = keys["refresh"][0].clone();
    let pair = token(&desk, json!({"grant_type": "refresh_token", "refresh_token": first})).await;
    assert_eq!((pair.status, &pair.body["expires_in"]), (200, &json!(86_400)));
    assert_eq!(pair.body["token_type"], "Bearer");
    assert_eq!(pair.content_type, "application/json");
    let access = pair.body["access_token"].as_str().unwrap();
    assert_eq!(access.split('.').count(), 3);
    assert_eq!(status_with(&desk, access).await, 200);

    let again = token(&desk, json!({"grant_type": "refresh_token", "refresh_token": first})).await;
    assert_eq!(
        (again.status, &again.body["hint"]),
        (401, &json!("Token has been revoked"))
    );
    assert_eq!(again.content_type, "application/problem+json");
    assert_eq!(
        status_with(&desk, access).await,
        200,
        "what the first use gave goes on working"
    );

    desk.desk.control("/clock", json!({"advance_ms": 86_400_000})).await;
    assert_eq!(status_with(&desk, access).await, 401);
    let second = pair.body["refresh_token"].clone();
    let renewed = token(&desk, json!({"grant_type": "refresh_token", "refresh_token": second})).await;
    assert_eq!(
        status_with(&desk, renewed.body["access_token"].as_str().unwrap()).await,
        200
    );
    let third = renewed.body["refresh_token"].clone();
    desk.desk
        .control("/clock", json!({"advance_ms": 92 * 86_400_000_i64}))
        .await;
    let late = token(&desk, json!({"grant_type": "refresh_token", "refresh_token": third})).await;
    assert_eq!((late.status, &late.body["hint"]), (401, &json!("Token has expired")));
    assert_eq!(
        status_with(&desk, &desk.bearer).await,
        200,
        "the long-lived one lives longer"
    );
}

#[tokio::test]
async fn a_code_comes_by_the_browser_and_works_once() {
    let desk = AmoDesk::demo();
    let keys = desk.desk.sandbox.announcement()["amo"].clone();
    let url = format!(
        "{}/oauth?client_id={}&state=s1&mode=post_message",
        desk.desk.sandbox.amocrm_url(),
        keys["id"].as_str().unwrap()
    );
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .unwrap();
    let sent = browser.get(url).send().await.unwrap();
    assert_eq!(sent.status(), 302);
    let location = sent.headers()["location"].to_str().unwrap().to_owned();
    assert!(
        location.contains("&referer=sverka.amocrm.ru") && location.ends_with("&state=s1"),
        "{location}"
    );
    let code = location.split_once("code=").unwrap().1.split_once('&').unwrap().0;
    let part = json!({"grant_type": "authorization_code", "code": code});
    assert_eq!(token(&desk, part.clone()).await.status, 200);
    assert_eq!(
        token(&desk, part).await.body["hint"],
        "Authorization code has been revoked"
    );
}

#[tokio::test]
async fn who_is_not_known_is_told_so() {
    let desk = AmoDesk::demo();
    let wrong = token(
        &desk,
        json!({"grant_type": "refresh_token", "refresh_token": "x", "client_secret": "no"}),
    )
    .await;
    assert_eq!(wrong.status, 401);
    assert_eq!(token(&desk, json!({"grant_type": "password"})).await.status, 400);
    let expired = desk.desk.sandbox.announcement()["amo"]["expired_token"].clone();
    for bearer in ["", "nonsense", expired.as_str().unwrap()] {
        assert_eq!(status_with(&desk, bearer).await, 401, "{bearer}");
    }
    let moved = desk.desk.http.get(format!(
        "{}/oauth2/account/current/subdomain",
        desk.desk.sandbox.amocrm_url()
    ));
    let good = desk.desk.sandbox.announcement()["amo"]["refresh"][0].clone();
    let said = said(
        moved
            .header("X-Refresh-Token", good.as_str().unwrap())
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(said.body["domain"], "sverka.amocrm.ru");
    assert!(
        !desk.desk.state().await.to_string().contains(&desk.bearer),
        "the state shows no tokens"
    );
}

#[tokio::test]
async fn the_browser_brings_the_state_back_as_it_was() {
    let desk = AmoDesk::demo();
    let id = desk.desk.sandbox.announcement()["amo"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let browser = reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap();
    let asked = [
        ("client_id", id.as_str()),
        ("state", "eyJhIjoxfQ=="),
        ("redirect_uri", "http://127.0.0.1:9/cb?tab=1"),
    ];
    let url = format!("{}/oauth", desk.desk.sandbox.amocrm_url());
    let url = reqwest::Url::parse_with_params(&url, asked).unwrap();
    let sent = browser.get(url).send().await.unwrap();
    let back = reqwest::Url::parse(sent.headers()["location"].to_str().unwrap()).unwrap();
    let told: std::collections::HashMap<_, _> = back.query_pairs().into_owned().collect();
    assert_eq!((&*told["state"], &*told["tab"]), ("eyJhIjoxfQ==", "1"));
}

#[tokio::test]
async fn a_careless_client_is_understood() {
    let desk = AmoDesk::demo();
    // It glues addresses with two slashes and calls its JSON a form.
    let url = format!("{}//api/v4//leads", desk.desk.sandbox.amocrm_url());
    let request = desk.desk.http.post(url).bearer_auth(&desk.bearer);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let made = said(
        request
            .body(r#" [{"name": "Сделка", "price": 10}]"#)
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(made.status, 200, "{}", made.body);
    let id = made.body["_embedded"]["leads"][0]["id"].as_i64().unwrap();
    assert_eq!(desk.read(&format!("leads/{id}")).await["price"], 10);
    let counted = desk.desk.state().await["requests"]["by_method"]["POST /api/v4/leads"].clone();
    assert_eq!(counted, 1, "one address for one thing");
}
