//! The sandbox without ports: a question goes in, an answer comes out, on a clock that the caller moves. Hours of limits
//! and thousands of portals then take seconds, and a seed repeats them exactly.

use std::io;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::Value;
use tower::ServiceExt;

use crate::{
    amo::{self, SharedSite},
    clock::Clock,
    control::{self, Control},
    listener::Peer,
    running::{Options, opened},
    server::{self, Shared},
    world::{WEBHOOK_CODE, WEBHOOK_USER},
};

/// What a client sends.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub verb: &'a str,
    /// Path and query.
    pub target: &'a str,
    pub bearer: Option<&'a str>,
    /// Sent as JSON.
    pub body: Option<&'a Value>,
}

/// What comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub location: Option<String>,
    pub retry_after: Option<String>,
    pub body: Vec<u8>,
}

/// Both CRMs in this process.
pub struct Inside {
    shared: Shared,
    site: SharedSite,
    crms: Router,
    control: Router,
    bearer: String,
}

impl Inside {
    /// Ports of the options mean nothing here.
    ///
    /// # Errors
    /// As [`crate::start`]: the state folder cannot be read or written; the firm to load is none.
    pub fn open(options: &Options) -> io::Result<Self> {
        let (portal, site) = opened(options)?;
        let bearer = site.announcement()["bearer"].as_str().unwrap_or_default().to_owned();
        let (shared, site) = (Shared::new(portal), SharedSite::new(site));
        let control = control::router(Control {
            shared: shared.clone(),
            site: site.clone(),
            gates: Vec::new(),
        });
        Ok(Self {
            crms: server::router(shared.clone()).merge(amo::router(site.clone())),
            control,
            shared,
            site,
            bearer,
        })
    }

    /// The path of the webhook, with a slash at the end.
    #[must_use]
    pub fn webhook_path(&self) -> String {
        format!("/rest/{WEBHOOK_USER}/{WEBHOOK_CODE}/")
    }

    /// The long-lived token of the amoCRM account.
    #[must_use]
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// From now on it is this moment (milliseconds since 1970), until it is told another.
    pub fn set_now_ms(&self, now_ms: i64) {
        let clock = Clock::standing_at(now_ms);
        self.site.lock().clock = clock.clone();
        self.shared.lock().clock = clock;
    }

    /// Asks a CRM. `None`: the connection was cut.
    pub async fn ask(&self, question: Question<'_>) -> Option<Answered> {
        asked(&self.crms, question).await
    }

    /// Asks the control address, see the crate's page.
    pub async fn steer(&self, verb: &str, target: &str, body: Option<&Value>) -> Option<Answered> {
        let question = Question {
            verb,
            target,
            bearer: None,
            body,
        };
        asked(&self.control, question).await
    }
}

async fn asked(router: &Router, question: Question<'_>) -> Option<Answered> {
    let peer = Peer::default();
    let mut request = Request::builder()
        .method(question.verb)
        .uri(question.target)
        .header(header::HOST, "sandbox")
        .extension(ConnectInfo(peer.clone()));
    if let Some(bearer) = question.bearer {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    let body = match question.body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    // A target that is none of HTTP never leaves a client.
    let request = request.body(body).ok()?;
    let Ok(response) = router.clone().oneshot(request).await;
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.ok()?;
    let header = |name| parts.headers.get(name)?.to_str().ok().map(str::to_owned);
    (!peer.was_cut()).then(|| Answered {
        status: parts.status.as_u16(),
        location: header(header::LOCATION),
        retry_after: header(header::RETRY_AFTER),
        body: body.to_vec(),
    })
}
