//! A client that knows nothing but HTTP and JSON.

use std::time::Duration;

use reqwest::{Client, Response};
use sandbox::{Options, Running, Seed, start};
use serde_json::{Value, json};

/// A sandbox and a client at its two addresses.
pub struct Desk {
    pub sandbox: Running,
    pub http: Client,
}

pub const SEED: Seed = Seed {
    seed: 1,
    companies: 10,
    invoices: 120,
};

impl Desk {
    pub fn open(options: Options) -> Self {
        // A lost answer shows within this.
        let http = Client::builder()
            .timeout(Duration::from_secs(5))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            sandbox: start(options).unwrap(),
            http,
        }
    }

    pub fn demo() -> Self {
        Self::open(Options {
            demo: true,
            ..Options::default()
        })
    }

    pub fn seeded() -> Self {
        Self::open(Options {
            seed: Some(SEED),
            ..Options::default()
        })
    }

    pub fn url(&self, method: &str) -> String {
        format!("{}{method}", self.sandbox.webhook_url())
    }

    pub async fn send(&self, method: &str, params: Value) -> reqwest::Result<Response> {
        self.http
            .post(self.url(method))
            .header("content-type", "application/json")
            .body(params.to_string())
            .send()
            .await
    }

    /// Status and body.
    pub async fn reply(&self, method: &str, params: Value) -> (u16, Value) {
        let response = self.send(method, params).await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }

    /// The whole body of a call that must go well.
    pub async fn body(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.reply(method, params).await;
        assert_eq!(status, 200, "{method}: {body}");
        body
    }

    pub async fn result(&self, method: &str, params: Value) -> Value {
        self.body(method, params).await["result"].clone()
    }

    /// Status and code of a call that must be refused.
    pub async fn refusal(&self, method: &str, params: Value) -> (u16, String) {
        let (status, body) = self.reply(method, params).await;
        assert!(body.get("time").is_none(), "errors carry no time: {body}");
        (status, body["error"].as_str().unwrap().to_owned())
    }

    pub async fn invoice(&self, id: i64) -> Value {
        self.result("crm.item.get", json!({"entityTypeId": 31, "id": id})).await["item"].clone()
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.sandbox.control_url());
        let response = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn state(&self) -> Value {
        let url = format!("{}/state", self.sandbox.control_url());
        let text = self.http.get(url).send().await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

pub fn ids(items: &Value) -> Vec<i64> {
    items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}
