//! The portal over HTTP: addresses, bodies, faults. Decides nothing about the CRM itself.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    faults::{Fault, FaultKind},
    listener::Peer,
    php::{Php, parse_form},
    portal::Portal,
    rest::RestError,
    world::{WEBHOOK_CODE, WEBHOOK_USER},
};

/// Bodies above this are refused.
pub const BODY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a lost answer holds its connection, where the fault does not say.
pub const HOLD_MS: u64 = 60_000;
const DELAY_MS: u64 = 1000;

/// The portal, shared between its own server and the control server.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Portal>>);

impl Shared {
    pub fn new(portal: Portal) -> Self {
        Self(Arc::new(Mutex::new(portal)))
    }

    pub fn lock(&self) -> MutexGuard<'_, Portal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn router(shared: Shared) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

/// Takes a request off the list of unanswered ones however it ends, a client that went away included.
struct Open {
    shared: Shared,
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.shared.lock().record.in_progress.remove(&self.number);
    }
}

async fn serve(State(shared): State<Shared>, ConnectInfo(peer): ConnectInfo<Peer>, request: Request) -> Response {
    let Some(address) = Address::of(request.uri().path()) else {
        return html(StatusCode::NOT_FOUND, "<h1>404 Not Found</h1>");
    };
    let params = match params(request).await {
        Ok(params) => params,
        Err(error) => return refuse(&error),
    };
    let (open, fault) = match admit(&shared, &address, &params) {
        Ok(admitted) => admitted,
        Err(error) => return refuse(&error),
    };
    let pause = |default: u64| {
        let ms = fault.as_ref().and_then(|fault| fault.delay_ms).unwrap_or(default);
        tokio::time::sleep(Duration::from_millis(ms))
    };
    let kind = fault.as_ref().map(|fault| fault.kind);
    match kind {
        Some(FaultKind::CutBefore) => {
            shared.lock().log(open.number, 0, fault.clone());
            return cut(&peer);
        }
        Some(FaultKind::Html) => {
            shared.lock().log(open.number, 200, fault.clone());
            return html(StatusCode::OK, "<html><body><h1>Портал обновляется</h1></body></html>");
        }
        Some(FaultKind::Delay) => {
            shared.lock().set_phase(open.number, "delayed");
            pause(DELAY_MS).await;
        }
        _ => {}
    }
    let (status, body) = {
        let mut portal = shared.lock();
        let (status, body) = match kind.and_then(FaultKind::as_error) {
            Some(error) => (error.status, error.body().to_string()),
            None => portal.answer(&address.method, &params),
        };
        portal.log(open.number, status, fault.clone());
        if kind == Some(FaultKind::TimeoutAfterCommit) {
            portal.set_phase(open.number, "held");
        }
        (status, body)
    };
    match kind {
        Some(FaultKind::TimeoutAfterCommit) => {
            pause(HOLD_MS).await;
            cut(&peer)
        }
        Some(FaultKind::CutAfter) => cut(&peer),
        Some(FaultKind::Truncated) => {
            let half = body.chars().take(body.chars().count() / 2).collect();
            json(status, half)
        }
        _ => json(status, body),
    }
}

/// Counts the request, asks the limiter, the credentials and the faults, in this order.
fn admit(shared: &Shared, address: &Address, params: &Php) -> Result<(Open, Option<Fault>), RestError> {
    let mut portal = shared.lock();
    let number = portal.receive(&address.method, params);
    let open = |shared: &Shared| Open {
        shared: shared.clone(),
        number,
    };
    let now_ms = portal.clock.now_ms();
    let refused = if !portal.limits.admit(now_ms) {
        Some(RestError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"))
    } else {
        address.refusal()
    };
    if let Some(error) = refused {
        portal.log(number, error.status, None);
        portal.record.in_progress.remove(&number);
        return Err(error);
    }
    let fault = portal.faults.strike(&address.method, false);
    Ok((open(shared), fault))
}

/// `/rest/{user}/{code}/{method}` or, for applications, `/rest/{method}`.
struct Address {
    credentials: Option<(String, String)>,
    method: String,
}

impl Address {
    fn of(path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = path.strip_prefix("/rest/")?.trim_end_matches('/').split('/').collect();
        let method = parts.pop()?.to_ascii_lowercase();
        let method = method.strip_suffix(".json").unwrap_or(&method).to_owned();
        let credentials = match parts.as_slice() {
            [] => None,
            [user, code] => Some(((*user).to_owned(), (*code).to_owned())),
            _ => return None,
        };
        Some(Self { credentials, method })
    }

    /// `None`: the webhook is right.
    fn refusal(&self) -> Option<RestError> {
        match &self.credentials {
            None => Some(RestError::new(401, "NO_AUTH_FOUND", "Wrong authorization data")),
            Some((user, code)) if *user == WEBHOOK_USER.to_string() && code == WEBHOOK_CODE => None,
            Some(_) => Some(RestError::new(
                401,
                "INVALID_CREDENTIALS",
                "Invalid request credentials",
            )),
        }
    }
}

/// The query, and over it the body.
async fn params(request: Request) -> Result<Php, RestError> {
    let mut params = parse_form(request.uri().query().unwrap_or_default());
    let content_type = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let too_large = |_| RestError::new(413, "INVALID_REQUEST", "Request body is too large or incomplete");
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX).await.map_err(too_large)?;
    let text = String::from_utf8_lossy(&body);
    if text.trim().is_empty() {
        return Ok(params);
    }
    let sent = if content_type.contains("json") {
        serde_json::from_str::<Php>(&text)
            .map_err(|_| RestError::new(400, "INVALID_REQUEST", "Request body is not valid JSON"))?
    } else if content_type.is_empty() || content_type.starts_with("application/x-www-form-urlencoded") {
        parse_form(&text)
    } else {
        return Err(RestError::new(415, "INVALID_REQUEST", "Unsupported content type"));
    };
    for (key, value) in sent.entries() {
        params.set(key, value.clone());
    }
    Ok(params)
}

fn refuse(error: &RestError) -> Response {
    json(error.status, error.body().to_string())
}

fn json(status: u16, body: String) -> Response {
    (
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        [(header::CONTENT_TYPE, "application/json; charset=utf-8")],
        body,
    )
        .into_response()
}

fn html(status: StatusCode, body: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

/// Nothing of what is returned arrives: the socket is shut before.
fn cut(peer: &Peer) -> Response {
    peer.cut();
    Response::new(Body::empty())
}
