//! Calls over HTTP, with the operating system's TLS. Redirects are off: following one turns a POST into a GET.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::Text;
use serde_json::Value;

use crate::{
    answer::{self, HttpAnswer},
    call::{CallError, Transport},
    webhook::WebhookUrl,
};

/// Bytes of an answer that are read; a page of fifty rows is far below.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long to wait. A portal itself gives up after 60 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    pub connect_ms: u64,
    /// From sending to the last byte of the answer.
    pub answer_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect_ms: 10_000,
            answer_ms: 70_000,
        }
    }
}

/// The machine's TLS or proxy settings do not allow any HTTP at all.
#[derive(Debug, thiserror::Error)]
#[error("HTTP cannot be set up here: {0}")]
pub struct TransportError(#[from] reqwest::Error);

/// Calls by an inbound webhook.
pub struct HttpTransport {
    webhook: WebhookUrl,
    client: reqwest::Client,
    /// By method: how long its work limit had still to run when it last answered. The refusal itself does not say.
    resets_ms: Mutex<HashMap<String, u64>>,
}

impl HttpTransport {
    /// # Errors
    /// The TLS or proxy settings of this machine cannot be used.
    pub fn new(webhook: WebhookUrl, timeouts: Timeouts) -> Result<Self, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // Repeating is the queue's business: only it knows which call may be repeated.
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_millis(timeouts.connect_ms))
            .timeout(Duration::from_millis(timeouts.answer_ms));
        if webhook.is_loopback() {
            builder = builder.no_proxy();
        }
        Ok(Self {
            webhook,
            client: builder.build()?,
            resets_ms: Mutex::default(),
        })
    }

    #[must_use]
    pub fn webhook(&self) -> &WebhookUrl {
        &self.webhook
    }

    async fn post(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let request = self.client.post(self.webhook.of_method(method)).json(params);
        let mut response = request.send().await.map_err(|error| self.failure(error))?;
        let status = response.status().as_u16();
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let location = header(reqwest::header::LOCATION);
        let retry_after = header(reqwest::header::RETRY_AFTER);
        let mut body = Vec::new();
        loop {
            // Headers came, so it was sent: whatever breaks now leaves the outcome open.
            let chunk = response.chunk().await.map_err(|error| CallError::NoAnswer {
                detail: self.words(error),
            })?;
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
        .map_err(|error| self.masked(error))
    }

    /// A portal or a proxy may quote the address it was asked at.
    fn masked(&self, error: CallError) -> CallError {
        let plain = |text: String| self.webhook.mask(&text);
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

    fn failure(&self, error: reqwest::Error) -> CallError {
        let unsent = error.is_connect() || error.is_builder();
        let detail = self.words(error);
        if unsent {
            CallError::NotSent { detail }
        } else {
            CallError::NoAnswer { detail }
        }
    }

    /// What broke, without the address. Of a chain of causes the innermost says it («connection refused»), in the
    /// system's own words; those around it only say that a request failed.
    fn words(&self, error: reqwest::Error) -> Text {
        if error.is_timeout() {
            return Text::new("время ожидания истекло", "timed out");
        }
        let error = error.without_url();
        let mut innermost: &dyn std::error::Error = &error;
        while let Some(cause) = innermost.source() {
            innermost = cause;
        }
        Text::same(self.webhook.mask(&innermost.to_string()))
    }

    fn resets(&self) -> std::sync::MutexGuard<'_, HashMap<String, u64>> {
        // A map of numbers is whole even if a thread died with it.
        self.resets_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for HttpTransport {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let answer = self.post(method, params).await;
        match answer {
            Ok(body) => {
                if let Some(reset_ms) = body.get("time").and_then(answer::reset_in_ms) {
                    self.resets().insert(method.to_owned(), reset_ms);
                }
                Ok(body)
            }
            Err(CallError::Limited {
                detail,
                retry_after_ms: None,
            }) if detail.en.starts_with("OPERATION_TIME_LIMIT") => {
                let retry_after_ms = self.resets().get(method).copied();
                Err(CallError::Limited { detail, retry_after_ms })
            }
            Err(error) => Err(error),
        }
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
