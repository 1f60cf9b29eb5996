//! A client that knows nothing but HTTP and JSON, with the account's long-lived token.

use reqwest::{Method, Response};
use sandbox::{AmoSettings, Options};
use serde_json::Value;

use crate::desk::{Desk, SEED};

pub struct AmoDesk {
    pub desk: Desk,
    pub bearer: String,
}

/// Status, content type and body (null where there is none).
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub status: u16,
    pub content_type: String,
    pub body: Value,
}

impl AmoDesk {
    pub fn open(options: Options) -> Self {
        let desk = Desk::open(options);
        let bearer = desk.sandbox.amo_bearer().to_owned();
        Self { desk, bearer }
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

    pub fn with(amo: AmoSettings) -> Self {
        Self::open(Options {
            demo: true,
            amo,
            ..Options::default()
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v4/{path}", self.desk.sandbox.amocrm_url())
    }

    pub async fn send(&self, method: Method, path: &str, body: Value) -> reqwest::Result<Response> {
        let mut request = self.desk.http.request(method, self.url(path)).bearer_auth(&self.bearer);
        if !body.is_null() {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        request.send().await
    }

    pub async fn said(&self, method: Method, path: &str, body: Value) -> Said {
        said(self.send(method, path, body).await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Said {
        self.said(Method::GET, path, Value::Null).await
    }

    /// The body of a call that must go well.
    pub async fn ok(&self, method: Method, path: &str, body: Value) -> Value {
        let said = self.said(method, path, body).await;
        assert_eq!(said.status, 200, "{path}: {}", said.body);
        assert_eq!(said.content_type, "application/hal+json");
        said.body
    }

    pub async fn read(&self, path: &str) -> Value {
        self.ok(Method::GET, path, Value::Null).await
    }

    /// The first row that a writing call answers with.
    pub async fn write(&self, method: Method, path: &str, name: &str, body: Value) -> Value {
        self.ok(method, path, body).await["_embedded"][name][0].clone()
    }

    /// Every row of a list, page by page.
    pub async fn all(&self, path: &str, name: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut next = Some(self.url(path));
        while let Some(url) = next {
            let request = self.desk.http.get(&url).bearer_auth(&self.bearer);
            let said = said(request.send().await.unwrap()).await;
            if said.status == 204 {
                break;
            }
            rows.extend(said.body["_embedded"][name].as_array().unwrap().clone());
            next = said.body["_links"]["next"]["href"].as_str().map(str::to_owned);
        }
        rows
    }

    /// Code and path of the first thing wrong with a refused call.
    pub async fn refusal(&self, method: Method, path: &str, body: Value) -> (u16, String, String) {
        let said = self.said(method, path, body).await;
        assert_eq!(said.content_type, "application/problem+json", "{}", said.body);
        assert_eq!(said.body["status"], said.status);
        let error = &said.body["validation-errors"][0]["errors"][0];
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        (said.status, text("code"), text("path"))
    }

    pub async fn state(&self) -> Value {
        self.desk.state().await["amocrm"].clone()
    }
}

pub async fn said(response: Response) -> Said {
    let status = response.status().as_u16();
    let content_type = response
        .headers()
        .get("content-type")
        .map_or("", |value| value.to_str().unwrap())
        .to_owned();
    let text = response.text().await.unwrap();
    let body = if text.is_empty() {
        Value::Null
    } else {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    };
    Said {
        status,
        content_type,
        body,
    }
}

pub fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// The values of a field, by its code or its type.
pub fn values<'a>(card: &'a Value, field: &str) -> &'a Value {
    let fields = card["custom_fields_values"].as_array();
    fields
        .into_iter()
        .flatten()
        .find(|own| own["field_code"] == field || own["field_type"] == field)
        .map_or(&Value::Null, |own| &own["values"])
}
