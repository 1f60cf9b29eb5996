//! Calls of API v4 over HTTP. A call is a verb and a path under `/api/v4/`: `GET leads`, `PATCH catalogs/1/elements`; its
//! parameters are the query of a GET and the body of everything else.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{Text, Timestamp};
use reqwest::{RequestBuilder, Url};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{
    AccountUrl, answer, query,
    tokens::{Kept, Keys, Vault},
};
use crate::{
    answer::HttpAnswer,
    call::{CallError, Transport},
    http::{Timeouts, TransportError},
};

/// Bytes of an answer that are read; a page of 250 rows is far below.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Calls with the keys of a vault.
pub struct AmocrmHttp {
    pub(super) client: reqwest::Client,
    pub(super) vault: Arc<dyn Vault>,
    pub(super) held: tokio::sync::Mutex<Kept>,
    /// The CRM's clock as the last answer told it.
    server_time: Mutex<Option<Timestamp>>,
}

impl AmocrmHttp {
    /// `kept` is what the vault holds, or will hold once the connection was found good.
    ///
    /// # Errors
    /// The TLS or proxy settings of this machine cannot be used.
    pub fn new(kept: Kept, vault: Arc<dyn Vault>, timeouts: Timeouts) -> Result<Self, TransportError> {
        let loopback = AccountUrl::parse(&kept.account).is_ok_and(|account| account.is_loopback());
        Ok(Self {
            client: client(loopback, timeouts)?,
            vault,
            held: tokio::sync::Mutex::new(kept),
            server_time: Mutex::default(),
        })
    }

    async fn once(&self, kept: &Kept, call: &str, params: &Value) -> Result<Value, CallError> {
        let (verb, path) = call.split_once(' ').unwrap_or(("GET", call));
        let mut url = Url::parse(&format!("{}/api/v4/{path}", kept.account)).map_err(|error| CallError::NotSent {
            detail: Text::same(error.to_string()),
        })?;
        if verb == "GET" {
            url.query_pairs_mut().extend_pairs(query::pairs(params));
        }
        let request = match verb {
            "POST" => self.client.post(url).json(params),
            "PATCH" => self.client.patch(url).json(params),
            "DELETE" => self.client.delete(url).json(params),
            _ => self.client.get(url),
        };
        let answer = self.send(request.bearer_auth(kept.bearer().expose_secret())).await;
        answer.map_err(|error| masked(kept, error))
    }

    /// One request, and what its answer means.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Value, CallError> {
        let mut response = request.send().await.map_err(failure)?;
        let status = response.status().as_u16();
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let location = header(reqwest::header::LOCATION);
        let retry_after = header(reqwest::header::RETRY_AFTER);
        if let Some(told) = header(reqwest::header::DATE).as_deref().and_then(http_date) {
            *self.server_time.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        }
        let mut body = Vec::new();
        loop {
            // Headers came, so it was sent: whatever breaks now leaves the outcome open.
            let chunk = response
                .chunk()
                .await
                .map_err(|error| CallError::NoAnswer { detail: words(error) })?;
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(CallError::NoAnswer {
                    detail: Text::new(
                        format!("ответ длиннее {ANSWER_BYTES_MAX} байт"),
                        format!("an answer longer than {ANSWER_BYTES_MAX} bytes"),
                    ),
                });
            }
            body.extend_from_slice(&chunk);
        }
        answer::read(&HttpAnswer {
            status,
            location: location.as_deref(),
            retry_after: retry_after.as_deref(),
            body: &body,
        })
    }
}

impl Transport for AmocrmHttp {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let kept = self.held.lock().await.clone();
        match self.once(&kept, method, params).await {
            // Refused for its key, it has done nothing: with a new key even a write may be sent again.
            Err(CallError::Unauthorised { code, .. }) if code == "401" && matches!(kept.keys, Keys::OAuth { .. }) => {
                let renewed = self.renewed(&kept).await?;
                self.once(&renewed, method, params).await
            }
            answer => answer,
        }
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn server_time(&self) -> Option<Timestamp> {
        *self.server_time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn client(loopback: bool, timeouts: Timeouts) -> Result<reqwest::Client, TransportError> {
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // Repeating is the queue's business: only it knows which call may be repeated.
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_millis(timeouts.connect_ms))
        .timeout(Duration::from_millis(timeouts.answer_ms));
    if loopback {
        builder = builder.no_proxy();
    }
    Ok(builder.build()?)
}

fn failure(error: reqwest::Error) -> CallError {
    let unsent = error.is_connect() || error.is_builder();
    let detail = words(error);
    if unsent {
        CallError::NotSent { detail }
    } else {
        CallError::NoAnswer { detail }
    }
}

/// What broke, in the innermost cause's own words and without the address.
fn words(error: reqwest::Error) -> Text {
    if error.is_timeout() {
        return Text::new("время ожидания истекло", "timed out");
    }
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    Text::same(innermost.to_string())
}

/// The CRM or a proxy may quote what it was sent.
pub(super) fn masked(kept: &Kept, error: CallError) -> CallError {
    let plain = |text: String| {
        let secrets = kept.secrets().into_iter().map(ExposeSecret::expose_secret);
        secrets
            .filter(|secret| !secret.is_empty())
            .fold(text, |text, secret| text.replace(secret, "***"))
    };
    let mask = |text: Text| Text::new(plain(text.ru), plain(text.en));
    match error {
        CallError::NotSent { detail } => CallError::NotSent { detail: mask(detail) },
        CallError::NoAnswer { detail } => CallError::NoAnswer { detail: mask(detail) },
        CallError::Limited { detail, retry_after_ms } => CallError::Limited {
            detail: mask(detail),
            retry_after_ms,
        },
        CallError::Unauthorised { code, detail } => CallError::Unauthorised {
            code: plain(code),
            detail: mask(detail),
        },
        CallError::Refused { status, code, detail } => CallError::Refused {
            status,
            code: plain(code),
            detail: mask(detail),
        },
        CallError::ServerFailed { status, detail } => CallError::ServerFailed {
            status,
            detail: mask(detail),
        },
        CallError::Moved { to } => CallError::Moved { to: plain(to) },
    }
}

/// `Wed, 25 Nov 2026 16:22:01 GMT`
fn http_date(text: &str) -> Option<Timestamp> {
    let told = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(Timestamp(told.timestamp_millis()))
}
