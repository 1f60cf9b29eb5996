//! OAuth: from the browser to a spent token, and what only an application may do.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use sandbox::Options;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::desk::Desk;

pub struct App {
    pub desk: Desk,
    id: String,
    secret: String,
    refresh: Vec<String>,
    expired: String,
}

impl App {
    pub fn open() -> Self {
        Self::of(Desk::demo())
    }

    fn of(desk: Desk) -> Self {
        let oauth = desk.sandbox.announcement()["oauth"].clone();
        let text = |key: &str| oauth[key].as_str().unwrap().to_owned();
        Self {
            id: text("id"),
            secret: text("secret"),
            refresh: oauth["refresh"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| one.as_str().unwrap().to_owned())
                .collect(),
            expired: text("expired_token"),
            desk,
        }
    }

    fn query(&self, parts: &[(&str, &str)]) -> String {
        let own = [("client_id", &*self.id), ("client_secret", &*self.secret)];
        let all = own.iter().chain(parts);
        all.map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    }

    async fn token(&self, query: &str) -> (u16, Value) {
        let url = format!("{}/oauth/token/?{query}", self.desk.sandbox.bitrix24_url());
        let response = self.desk.http.get(url).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    pub async fn refreshed(&self, nth: usize) -> Value {
        let query = self.query(&[("grant_type", "refresh_token"), ("refresh_token", &self.refresh[nth])]);
        let (status, pair) = self.token(&query).await;
        assert_eq!(status, 200, "{pair}");
        pair
    }

    pub async fn call(&self, token: &str, method: &str, mut params: Value) -> (u16, Value) {
        params["auth"] = json!(token);
        let url = format!("{}/rest/{method}", self.desk.sandbox.bitrix24_url());
        let request = self
            .desk
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(params.to_string());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }
}

#[tokio::test]
async fn the_browser_brings_a_code_that_buys_a_pair() {
    let app = App::open();
    let browser = Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
    let url = format!(
        "{}/oauth/authorize/?client_id={}&state=s+1",
        app.desk.sandbox.bitrix24_url(),
        app.id
    );
    let page = browser.get(&url).send().await.unwrap().text().await.unwrap();
    let shown = page
        .split("<code>")
        .nth(1)
        .unwrap()
        .split("</code>")
        .next()
        .unwrap()
        .to_owned();
    let (status, pair) = app
        .token(&app.query(&[("grant_type", "authorization_code"), ("code", &shown)]))
        .await;
    assert_eq!(
        (status, pair["expires_in"].as_i64(), pair["status"].as_str()),
        (200, Some(3600), Some("L"))
    );
    assert_eq!(
        pair["client_endpoint"],
        format!("{}/rest/", app.desk.sandbox.bitrix24_url())
    );

    app.desk
        .control(
            "/load",
            json!({"keep": true, "app": {"redirect": "http://127.0.0.1:9/back?x=1"}}),
        )
        .await;
    let answer = browser.get(&url).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(
        back.starts_with("http://127.0.0.1:9/back?x=1&code=") && back.contains("&state=s%201&"),
        "{back}"
    );
    let code = back
        .split("code=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    app.desk.control("/clock", json!({"advance_ms": 30_000})).await;
    let late = app
        .token(&app.query(&[("grant_type", "authorization_code"), ("code", &code)]))
        .await;
    assert_eq!((late.0, &late.1["error"]), (400, &json!("invalid_grant")));
    let stranger = browser.get(url.replace(&app.id, "app.stranger")).send().await.unwrap();
    assert_eq!(stranger.status(), 400);
}

#[tokio::test]
async fn a_token_lives_an_hour_and_is_taken_from_anywhere() {
    let app = App::open();
    let pair = app.refreshed(0).await;
    let token = pair["access_token"].as_str().unwrap();
    assert_eq!(app.call(token, "profile", json!({})).await.0, 200);
    let base = app.desk.sandbox.bitrix24_url();
    let by_query = app
        .desk
        .http
        .get(format!("{base}/rest/profile.json?auth={token}"))
        .send()
        .await
        .unwrap();
    assert_eq!(by_query.status(), 200);
    let form = app.desk.http.post(format!("{base}/rest/profile/"));
    let form = form
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("auth={token}"));
    assert_eq!(form.send().await.unwrap().status(), 200);
    for (token, code) in [
        (&*app.expired, "expired_token"),
        ("nobody", "invalid_token"),
        ("", "NO_AUTH_FOUND"),
    ] {
        let (status, body) = app.call(token, "profile", json!({})).await;
        assert_eq!((status, body["error"].as_str().unwrap()), (401, code));
    }
    app.desk.control("/clock", json!({"advance_ms": 3_600_000})).await;
    assert_eq!(app.call(token, "profile", json!({})).await.1["error"], "expired_token");
}

#[tokio::test]
async fn a_refresh_token_serves_once_by_get_and_by_post() {
    let app = App::open();
    let pair = app.refreshed(0).await;
    let spent = app.query(&[("grant_type", "refresh_token"), ("refresh_token", &app.refresh[0])]);
    assert_eq!(app.token(&spent).await.1["error"], "invalid_grant");
    let next = app.query(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", pair["refresh_token"].as_str().unwrap()),
    ]);
    let post = app
        .desk
        .http
        .post(format!("{}/oauth/token/", app.desk.sandbox.bitrix24_url()));
    let post = post
        .header("content-type", "application/x-www-form-urlencoded")
        .body(next.clone());
    assert_eq!(post.send().await.unwrap().status(), 200);
    let stranger = next.replace(&app.secret, "guess");
    assert_eq!(app.token(&stranger).await.1["error"], "invalid_client");
    let state = app.desk.state().await;
    assert_eq!(state["requests"]["by_method"]["oauth.token"], 4);
}

#[tokio::test]
async fn some_methods_answer_applications_only() {
    let app = App::open();
    let token = app.refreshed(0).await["access_token"].as_str().unwrap().to_owned();
    let info = app.call(&token, "app.info", json!({})).await.1;
    assert_eq!(info["result"]["install"]["status"], "L");
    assert_eq!(
        app.desk.refusal("app.info", json!({})).await,
        (403, "WRONG_AUTH_TYPE".to_owned())
    );
    app.desk
        .control("/load", json!({"keep": true, "app": {"scopes": ["crm"]}}))
        .await;
    let (status, body) = app.call(&token, "tasks.task.list", json!({})).await;
    assert_eq!((status, body["error"].as_str().unwrap()), (401, "insufficient_scope"));
}

#[tokio::test]
async fn the_offline_queue_hands_out_packs_and_keeps_the_last_state() {
    let app = App::open();
    let token = app.refreshed(0).await["access_token"].as_str().unwrap().to_owned();
    let result = async |method: &str, params: Value| {
        let (status, body) = app.call(&token, method, params).await;
        assert_eq!(status, 200, "{method}: {body}");
        body["result"].clone()
    };
    let unknown = app
        .call(
            &token,
            "event.bind",
            json!({"event": "ONMOON", "event_type": "offline"}),
        )
        .await;
    assert_eq!((unknown.0, &unknown.1["error"]), (400, &json!("ERROR_EVENT_NOT_FOUND")));
    let bind = json!({"event": "onCrmDynamicItemUpdate_31", "event_type": "offline", "auth_connector": "bank"});
    assert_eq!(result("event.bind", bind).await, true);
    let write = |id: i64, comments: &str| json!({"entityTypeId": 31, "id": id, "fields": {"comments": comments}});
    for (id, comments) in [(1003, "a"), (1003, "b"), (1012, "c")] {
        result("crm.item.update", write(id, comments)).await;
    }
    let mut own = write(1008, "d");
    own["auth_connector"] = json!("bank");
    result("crm.item.update", own).await;
    app.desk
        .control(
            "/change",
            json!({"update": {"entity_type_id": 31, "id": 1009, "fields": {"opportunity": "1.00"}}}),
        )
        .await;

    let get = json!({"clear": 0, "limit": 2, "auth_connector": "bank"});
    let first = result("event.offline.get", get.clone()).await;
    let second = result("event.offline.get", get.clone()).await;
    let objects = |pack: &Value| -> Vec<String> {
        let events = pack["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["EVENT_DATA"]["FIELDS"]["ID"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        (objects(&first), objects(&second)),
        (vec!["1003".to_owned(), "1012".to_owned()], vec!["1009".to_owned()])
    );
    assert_ne!(first["process_id"], second["process_id"]);
    let message = first["events"][0]["MESSAGE_ID"].clone();
    result(
        "event.offline.clear",
        json!({"process_id": first["process_id"], "message_id": [message]}),
    )
    .await;
    result("event.offline.error", json!({"process_id": second["process_id"]})).await;
    let left = result("event.offline.list", json!({"auth_connector": "bank"})).await;
    let errors: Vec<&str> = left
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["ERROR"].as_str().unwrap())
        .collect();
    assert_eq!(errors, ["0", "1"]);
    assert_eq!(
        objects(&result("event.offline.get", get.clone()).await),
        Vec::<String>::new()
    );
    let failed = json!({"clear": false, "error": 1, "auth_connector": "bank"});
    assert_eq!(objects(&result("event.offline.get", failed).await), ["1009"]);
    let other = json!({"clear": 0, "auth_connector": "bank", "filter": {"EVENT_NAME": "ONCRMDEALADD"}});
    assert_eq!(objects(&result("event.offline.get", other).await), Vec::<String>::new());
    app.desk.control("/change", json!({"redeliver": {}})).await;
    assert_eq!(
        objects(&result("event.offline.get", get).await),
        ["1003", "1012"],
        "once more"
    );
}

/// What one connection brings.
async fn heard(listener: tokio::net::TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut told = String::new();
    let mut part = [0; 4096];
    while !told.contains("application_token") {
        let read = stream.read(&mut part).await.unwrap();
        assert_ne!(read, 0, "{told}");
        told.push_str(std::str::from_utf8(&part[..read]).unwrap());
    }
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(answer).await.unwrap();
    told
}

#[tokio::test]
async fn a_handler_hears_what_happens_to_an_invoice() {
    let app = App::open();
    let token = app.refreshed(0).await["access_token"].as_str().unwrap().to_owned();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let handler = format!("http://{}/heard", listener.local_addr().unwrap());
    let bind = json!({"event": "OnCrmDynamicItemUpdate_31", "handler": handler});
    assert_eq!(app.call(&token, "event.bind", bind).await.1["result"], true);
    let waiting = tokio::spawn(tokio::time::timeout(Duration::from_secs(10), heard(listener)));
    let fields = json!({"entityTypeId": 31, "id": 1003, "fields": {"comments": "x"}});
    assert_eq!(app.call(&token, "crm.item.update", fields).await.0, 200);
    let told = waiting.await.unwrap().unwrap();
    assert!(told.starts_with("POST /heard HTTP/1.1\r\n"), "{told}");
    for part in [
        "event=ONCRMDYNAMICITEMUPDATE_31",
        "data%5BFIELDS%5D%5BID%5D=1003",
        "data%5BFIELDS%5D%5BENTITY_TYPE_ID%5D=31",
        "auth%5Bmember_id%5D=a223",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn a_sandbox_that_goes_on_announces_what_nobody_has_used() {
    let dir = tempfile::tempdir().unwrap();
    let open = || {
        App::of(Desk::open(Options {
            demo: true,
            state_dir: Some(dir.path().to_owned()),
            ..Options::default()
        }))
    };
    let app = open();
    let pair = app.refreshed(0).await;
    let spent = app.refresh[0].clone();
    app.desk.sandbox.shutdown();
    let app = open();
    assert!(!app.refresh.contains(&spent), "it serves once, restarts or not");
    let rotated = pair["refresh_token"].as_str().unwrap();
    assert!(app.refresh.iter().any(|token| token == rotated));
    let access = pair["access_token"].as_str().unwrap();
    assert_eq!(app.call(access, "profile", json!({})).await.0, 200);
    app.refreshed(0).await;
}
