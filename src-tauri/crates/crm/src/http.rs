//! Calls over HTTP, with the operating system's TLS. Redirects are off: following one turns a POST into a GET.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use chrono::DateTime;
use domain::{Text, Timestamp};
use serde_json::Value;

use crate::{
    answer::{self, HttpAnswer},
    call::{CallError, Transport},
    php, renamed,
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

/// Posts and reads answers; knows how far each got, and no secret.
pub(crate) struct Wire {
    client: reqwest::Client,
    /// By method: how long its work limit had still to run when it last answered. The refusal itself does not say.
    resets_ms: Mutex<HashMap<String, u64>>,
    clock: ServerClock,
    /// Where the portal said that it is now.
    moved_to: Mutex<Option<String>>,
}

/// What came back, whatever it means.
pub(crate) struct Raw {
    pub status: u16,
    location: Option<String>,
    retry_after: Option<String>,
    /// The server's clock, as the header says it.
    date: Option<String>,
    pub body: Vec<u8>,
}

/// The server's clock as the last answer told it.
#[derive(Default)]
pub(crate) struct ServerClock(Mutex<Option<Timestamp>>);

impl ServerClock {
    pub(crate) fn hear(&self, raw: &Raw) {
        // `Wed, 25 Nov 2026 16:22:01 GMT`
        let told = raw
            .date
            .as_deref()
            .and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        if let Some(told) = told {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Timestamp(told.timestamp_millis()));
        }
    }

    pub(crate) fn told(&self) -> Option<Timestamp> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Raw {
    pub fn answer(&self) -> HttpAnswer<'_> {
        HttpAnswer {
            status: self.status,
            location: self.location.as_deref(),
            retry_after: self.retry_after.as_deref(),
            body: &self.body,
        }
    }
}

/// Takes secrets out of a text that came from elsewhere.
pub(crate) type Mask<'a> = &'a (dyn Fn(&str) -> String + Sync);

impl Wire {
    pub(crate) fn new(timeouts: Timeouts, loopback: bool) -> Result<Self, TransportError> {
        Ok(Self {
            client: client(timeouts, loopback)?,
            resets_ms: Mutex::default(),
            clock: ServerClock::default(),
            moved_to: Mutex::default(),
        })
    }

    /// One call of a method, its parameters as JSON. A portal that was renamed is called under its new name.
    pub(crate) async fn call(
        &self,
        method: &str,
        address: String,
        params: &Value,
        mask: Mask<'_>,
    ) -> Result<Value, CallError> {
        let moved_to = self.moved_to.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let address = moved_to.and_then(|to| renamed::at(&address, &to)).unwrap_or(address);
        match self.call_once(method, address.clone(), params, mask).await {
            // It was turned away and has done nothing: even a write may go there.
            Err(CallError::Moved { to }) => match renamed::at(&address, &to) {
                Some(address) => {
                    *self.moved_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(to);
                    self.call_once(method, address, params, mask).await
                }
                None => Err(CallError::Moved { to }),
            },
            answer => answer,
        }
    }

    async fn call_once(
        &self,
        method: &str,
        address: String,
        params: &Value,
        mask: Mask<'_>,
    ) -> Result<Value, CallError> {
        let raw = exchange(self.client.post(address).json(params), ANSWER_BYTES_MAX, mask).await?;
        self.clock.hear(&raw);
        match answer::read(&raw.answer()).map_err(|error| masked(error, mask)) {
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

    /// One form, posted.
    pub(crate) async fn form(&self, address: String, form: &Value, mask: Mask<'_>) -> Result<Raw, CallError> {
        let request = self
            .client
            .post(address)
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(php::query(form));
        exchange(request, ANSWER_BYTES_MAX, mask).await
    }

    pub(crate) fn server_time(&self) -> Option<Timestamp> {
        self.clock.told()
    }

    fn resets(&self) -> std::sync::MutexGuard<'_, HashMap<String, u64>> {
        // A map of numbers is whole even if a thread died with it.
        self.resets_ms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn client(timeouts: Timeouts, loopback: bool) -> Result<reqwest::Client, TransportError> {
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

/// One request, and how far it got. An answer of more than `bytes_max` is not read.
pub(crate) async fn exchange(
    request: reqwest::RequestBuilder,
    bytes_max: usize,
    mask: Mask<'_>,
) -> Result<Raw, CallError> {
    let mut response = request.send().await.map_err(|error| failure(error, mask))?;
    let status = response.status().as_u16();
    let header = |name| {
        let value = response.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let location = header(reqwest::header::LOCATION);
    let retry_after = header(reqwest::header::RETRY_AFTER);
    let date = header(reqwest::header::DATE);
    let mut body = Vec::new();
    loop {
        // Headers came, so it was sent: whatever breaks now leaves the outcome open.
        let chunk = response.chunk().await.map_err(|error| CallError::NoAnswer {
            detail: words(error, mask),
        })?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > bytes_max {
            return Err(CallError::NoAnswer {
                detail: Text::new(
                    format!("ответ длиннее {bytes_max} байт"),
                    format!("an answer longer than {bytes_max} bytes"),
                ),
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Raw {
        status,
        location,
        retry_after,
        date,
        body,
    })
}

/// A portal or a proxy may quote the address it was asked at.
pub(crate) fn masked(error: CallError, plain: Mask<'_>) -> CallError {
    let mask = |text: Text| Text::new(plain(&text.ru), plain(&text.en));
    match error {
        CallError::NotSent { detail } => CallError::NotSent { detail: mask(detail) },
        CallError::NoAnswer { detail } => CallError::NoAnswer { detail: mask(detail) },
        CallError::Limited { detail, retry_after_ms } => CallError::Limited {
            detail: mask(detail),
            retry_after_ms,
        },
        CallError::Unauthorised { code, detail } => CallError::Unauthorised {
            code: plain(&code),
            detail: mask(detail),
        },
        CallError::Refused { status, code, detail } => CallError::Refused {
            status,
            code: plain(&code),
            detail: mask(detail),
        },
        CallError::ServerFailed { status, detail } => CallError::ServerFailed {
            status,
            detail: mask(detail),
        },
        CallError::Moved { to } => CallError::Moved { to: plain(&to) },
    }
}

/// How the detail of a refused certificate begins.
const CERTIFICATE: (&str, &str) = (
    "сертификат сервера не принят",
    "the server's certificate is not accepted",
);

/// Whether a call was not sent because the other side could not prove who it is.
pub(crate) fn is_certificate(detail: &Text) -> bool {
    detail.en.starts_with(CERTIFICATE.1)
}

fn failure(error: reqwest::Error, mask: Mask<'_>) -> CallError {
    let unsent = error.is_connect() || error.is_builder();
    let distrusted = error.is_connect() && !error.is_timeout() && is_about_tls(&error);
    let mut detail = words(error, mask);
    if distrusted {
        detail = Text::new(
            format!("{}: {}", CERTIFICATE.0, detail.ru),
            format!("{}: {}", CERTIFICATE.1, detail.en),
        );
    }
    if unsent {
        CallError::NotSent { detail }
    } else {
        CallError::NoAnswer { detail }
    }
}

/// A connection that broke without the operating system saying so: the handshake did it. The TLS of each system has its
/// own words, in its own language, so words are no help.
fn is_about_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<std::io::Error>() {
            return false;
        }
        cause = error.source();
    }
    true
}

/// What broke, without the address. Of a chain of causes the innermost says it («connection refused»), in the system's
/// own words; those around it only say that a request failed.
fn words(error: reqwest::Error, mask: Mask<'_>) -> Text {
    if error.is_timeout() {
        return Text::new("время ожидания истекло", "timed out");
    }
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    Text::same(mask(&innermost.to_string()))
}

/// Calls by an inbound webhook.
pub struct HttpTransport {
    webhook: WebhookUrl,
    wire: Wire,
}

impl HttpTransport {
    /// # Errors
    /// The TLS or proxy settings of this machine cannot be used.
    pub fn new(webhook: WebhookUrl, timeouts: Timeouts) -> Result<Self, TransportError> {
        let wire = Wire::new(timeouts, webhook.is_loopback())?;
        Ok(Self { webhook, wire })
    }

    #[must_use]
    pub fn webhook(&self) -> &WebhookUrl {
        &self.webhook
    }
}

impl Transport for HttpTransport {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let address = self.webhook.of_method(method);
        let mask = |text: &str| self.webhook.mask(text);
        self.wire.call(method, address, params, &mask).await
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.wire.server_time()
    }
}
