//! Calls of API v4 over HTTP. A call is a verb and a path under `/api/v4/`: `GET leads`, `PATCH catalogs/1/elements`; its
//! parameters are the query of a GET and the body of everything else.

use std::{sync::Arc, time::Duration};

use domain::{Text, Timestamp};
use reqwest::{RequestBuilder, Url};
use secrecy::ExposeSecret;
use serde_json::Value;

use super::{
    AccountUrl, answer,
    causes::EXPIRED,
    query,
    tokens::{self, Kept, Keys, Pace, Vault},
};
use crate::{
    call::{CallError, Transport},
    http::{ServerClock, Timeouts, TransportError, client, exchange, masked},
};

/// Bytes of an answer that are read; a page of 250 rows is far below.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Calls with the keys of a vault.
pub struct AmocrmHttp {
    pub(super) client: reqwest::Client,
    pub(super) vault: Arc<dyn Vault>,
    pub(super) held: tokio::sync::Mutex<Kept>,
    clock: ServerClock,
    pace: Option<Arc<dyn Pace>>,
}

impl AmocrmHttp {
    /// `kept` is what the vault holds, or will hold once the connection was found good.
    ///
    /// # Errors
    /// The TLS or proxy settings of this machine cannot be used.
    pub fn new(kept: Kept, vault: Arc<dyn Vault>, timeouts: Timeouts) -> Result<Self, TransportError> {
        let loopback = AccountUrl::parse(&kept.account).is_ok_and(|account| account.is_loopback());
        Ok(Self {
            client: client(timeouts, loopback)?,
            vault,
            held: tokio::sync::Mutex::new(kept),
            clock: ServerClock::default(),
            pace: None,
        })
    }

    /// Lets `pace` count what a renewal asks beyond the one call: its own request, and the call once more.
    #[must_use]
    pub fn paced(self, pace: Arc<dyn Pace>) -> Self {
        Self {
            pace: Some(pace),
            ..self
        }
    }

    /// The keys of now. While they are renewed nobody asks; whoever waited for that has let its turn go by, and all of them
    /// at once would be too many.
    async fn keys(&self) -> Kept {
        if let Ok(held) = self.held.try_lock() {
            return held.clone();
        }
        let kept = self.held.lock().await.clone();
        self.turn().await;
        kept
    }

    /// Waits for a request that the caller has not counted.
    pub(super) async fn turn(&self) {
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
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
        self.send(kept, request.bearer_auth(kept.bearer().expose_secret()))
            .await
    }

    /// By the CRM's own clock.
    fn is_over(&self, kept: &Kept) -> bool {
        let Keys::LongLived(token) = &kept.keys else {
            return false;
        };
        tokens::expires(token)
            .zip(self.server_time())
            .is_some_and(|(end, now)| end <= now)
    }

    /// One request, and what its answer means.
    pub(super) async fn send(&self, kept: &Kept, request: RequestBuilder) -> Result<Value, CallError> {
        let mask = |text: &str| plain(kept, text);
        let raw = exchange(request, ANSWER_BYTES_MAX, &mask).await?;
        self.clock.hear(&raw);
        answer::read(&raw.answer()).map_err(|error| masked(error, &mask))
    }
}

impl Transport for AmocrmHttp {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let kept = self.keys().await;
        match self.once(&kept, method, params).await {
            // Refused for its key, it has done nothing: with a new key even a write may be sent again.
            Err(CallError::Unauthorised { code, .. }) if code == "401" && matches!(kept.keys, Keys::OAuth { .. }) => {
                let renewed = self.renewed(&kept).await?;
                self.turn().await;
                self.once(&renewed, method, params).await
            }
            // The answer is the same for a token that was revoked; the token itself says until when it works.
            Err(CallError::Unauthorised { code, detail }) if code == "401" && self.is_over(&kept) => {
                let code = EXPIRED.to_owned();
                Err(CallError::Unauthorised { code, detail })
            }
            answer => answer,
        }
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.clock.told()
    }
}

/// The CRM or a proxy may quote what it was sent.
fn plain(kept: &Kept, text: &str) -> String {
    let secrets = kept.secrets().into_iter().map(ExposeSecret::expose_secret);
    secrets
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}
