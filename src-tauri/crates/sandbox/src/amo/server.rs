//! The account over HTTP: addresses, headers, bodies, faults. Decides nothing about the CRM itself.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request as HttpRequest, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use chrono::DateTime;
use serde_json::Value;

use super::{
    faults::{AmoFault, AmoFaultKind},
    reply::{Invalid, Outcome, PROBLEM, Problem},
    site::{Request, Site},
};
use crate::{body::BODY_BYTES_MAX, listener::Peer, php::parse_form, server::HOLD_MS};

const DELAY_MS: u64 = 1000;
const REQUEST_ID: &str = "x-request-id";

/// The account, shared between its own server and the control server.
#[derive(Clone)]
pub(crate) struct SharedSite(Arc<Mutex<Site>>);

impl SharedSite {
    pub(crate) fn new(site: Site) -> Self {
        Self(Arc::new(Mutex::new(site)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Site> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The account's addresses; the portal's are the other router's.
pub(crate) fn router(site: SharedSite) -> Router {
    Router::new()
        .route("/api/{*path}", any(serve))
        .route("/oauth2/{*path}", any(serve))
        .route("/oauth", any(serve))
        // Doubled slashes count once, as for any web server; a client's own carelessness makes them.
        .route("//api/{*path}", any(serve))
        .route("//oauth2/{*path}", any(serve))
        .with_state(site)
}

/// Takes a request off the list of unanswered ones however it ends, a client that went away included.
struct Open {
    site: SharedSite,
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.site.lock().forget(self.number);
    }
}

async fn serve(State(site): State<SharedSite>, ConnectInfo(peer): ConnectInfo<Peer>, request: HttpRequest) -> Response {
    let given_id = request.headers().get(REQUEST_ID).cloned();
    let (request, body_problem) = read(request, peer.is_tls()).await;
    let open = {
        let number = site.lock().receive(&request);
        Open {
            site: site.clone(),
            number,
        }
    };
    let mut response = answer(&site, &peer, &request, body_problem, open.number).await;
    let own_id = HeaderValue::try_from(format!("sandbox-{}", open.number)).ok();
    if let Some(id) = given_id.or(own_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    // The account's clock, which need not be the machine's.
    let date = DateTime::from_timestamp(site.lock().now_s(), 0)
        .and_then(|now| HeaderValue::try_from(now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok());
    if let Some(date) = date {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

async fn answer(
    site: &SharedSite,
    peer: &Peer,
    request: &Request,
    body_problem: Option<Problem>,
    number: u64,
) -> Response {
    let refused = site.lock().admit(request).err().or(body_problem);
    if let Some(problem) = refused {
        let mut site = site.lock();
        site.log(number, problem.status, None);
        return refusal(&site, &problem);
    }
    let struck = site.lock().strike(request);
    let fault = match struck {
        Ok(fault) => fault,
        Err(error) => return respond(Err(Problem::new(500, error.to_string())), None),
    };
    let kind = fault.as_ref().map(|fault| fault.kind);
    let pause = |default: u64| {
        let ms = fault.as_ref().and_then(|fault| fault.delay_ms).unwrap_or(default);
        tokio::time::sleep(Duration::from_millis(ms))
    };
    if let Some(kind) = kind.filter(|kind| !kind.lets_do()) {
        return instead(site, peer, number, kind, fault.as_ref());
    }
    if kind == Some(AmoFaultKind::Delay) {
        site.lock().set_phase(number, "delayed");
        pause(DELAY_MS).await;
    }
    let outcome = {
        let mut site = site.lock();
        let outcome = done(&mut site, request, kind);
        let status = outcome
            .as_ref()
            .map_or_else(|problem| problem.status, |reply| reply.status);
        site.log(number, status, fault.as_ref());
        if kind == Some(AmoFaultKind::TimeoutAfterCommit) {
            site.set_phase(number, "held");
        }
        outcome
    };
    match kind {
        Some(AmoFaultKind::TimeoutAfterCommit) => {
            pause(HOLD_MS).await;
            cut(peer)
        }
        Some(AmoFaultKind::CutAfter) => cut(peer),
        Some(AmoFaultKind::Status504 | AmoFaultKind::PartialBatch) => page(AmoFaultKind::Status504),
        _ => respond(outcome, kind),
    }
}

/// Runs the request as often and as far as the fault lets it.
fn done(site: &mut Site, request: &Request, kind: Option<AmoFaultKind>) -> Outcome {
    match kind {
        Some(AmoFaultKind::PartialBatch | AmoFaultKind::ExpiredMidBatch) => {
            let half = request.first_half().map(|half| site.answer(&half));
            // Half of something that is wrong is refused as the whole would be.
            half.transpose()?;
            Err(match kind {
                Some(AmoFaultKind::PartialBatch) => Problem::new(504, "Gateway Time-out"),
                _ => Problem::new(401, "Token has expired"),
            })
        }
        Some(AmoFaultKind::Duplicate) => {
            // What became of the first nobody hears.
            let _ = site.answer(request);
            site.answer(request)
        }
        _ => site.answer(request),
    }
}

/// What comes in place of an answer; nothing is done.
fn instead(site: &SharedSite, peer: &Peer, number: u64, kind: AmoFaultKind, fault: Option<&AmoFault>) -> Response {
    let problem = kind.as_problem();
    let status = match (&problem, kind.as_page()) {
        (Some(problem), _) => problem.status,
        (None, Some((status, _))) => status,
        (None, None) => 0,
    };
    site.lock().log(number, status, fault);
    match problem {
        Some(problem) => respond(Err(problem), None),
        None if kind == AmoFaultKind::CutBefore => cut(peer),
        None if kind == AmoFaultKind::EmptyBody => StatusCode::OK.into_response(),
        None => page(kind),
    }
}

fn respond(outcome: Outcome, kind: Option<AmoFaultKind>) -> Response {
    let (status, content_type, body) = match outcome {
        Ok(reply) if reply.status == 302 => {
            let to = reply.body.as_ref().and_then(Value::as_str).unwrap_or_default();
            return (StatusCode::FOUND, [(header::LOCATION, to.to_owned())]).into_response();
        }
        Ok(reply) => (reply.status, reply.content_type, reply.body),
        Err(problem) => (problem.status, PROBLEM, Some(problem.body())),
    };
    let Some(body) = body else {
        return status_of(status).into_response();
    };
    let text = body.to_string();
    let (content_type, text) = match kind {
        Some(AmoFaultKind::Truncated) => (content_type, text.chars().take(text.chars().count() / 2).collect()),
        Some(AmoFaultKind::WrongType) => ("text/html; charset=UTF-8", text),
        _ => (content_type, text),
    };
    (status_of(status), [(header::CONTENT_TYPE, content_type)], text).into_response()
}

/// A refusal of before the account: of limits, tokens, bodies.
fn refusal(site: &Site, problem: &Problem) -> Response {
    let settings = &site.world.settings;
    let mut response = match problem.status {
        429 if !settings.limit_as_problem => page(AmoFaultKind::Limit429),
        403 => page(AmoFaultKind::Ban403),
        _ => respond(Err(problem.clone()), None),
    };
    if problem.status == 429 && settings.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn page(kind: AmoFaultKind) -> Response {
    let (status, body) = kind.as_page().unwrap_or((500, "<html></html>"));
    (
        status_of(status),
        [(header::CONTENT_TYPE, "text/html; charset=UTF-8")],
        body,
    )
        .into_response()
}

/// Nothing of what is returned arrives: the socket is shut before.
fn cut(peer: &Peer) -> Response {
    peer.cut();
    Response::new(Body::empty())
}

async fn read(request: HttpRequest, is_tls: bool) -> (Request, Option<Problem>) {
    let headers = request.headers();
    let host = text(headers, header::HOST.as_str())
        .map(str::to_owned)
        .or_else(|| request.uri().authority().map(ToString::to_string));
    let scheme = if is_tls { "https" } else { "http" };
    let content_type = text(headers, "content-type").unwrap_or_default().to_ascii_lowercase();
    let mut read = Request {
        verb: request.method().to_string(),
        path: single_slashes(request.uri().path()),
        raw_query: request.uri().query().unwrap_or_default().to_owned(),
        base: format!("{scheme}://{}", host.unwrap_or_else(|| "127.0.0.1".to_owned())),
        body: Value::Null,
        bearer: text(headers, "authorization")
            .and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("bearer ")))
            .map(|token| token.trim().to_owned()),
        refresh_token: text(headers, "x-refresh-token").map(str::to_owned),
        modified_since: text(headers, "if-modified-since")
            .and_then(|value| DateTime::parse_from_rfc2822(value).ok())
            .map(|moment| moment.timestamp()),
    };
    let body = match to_bytes(request.into_body(), BODY_BYTES_MAX).await {
        Ok(body) => body,
        Err(_) => return (read, Some(Problem::new(413, "Request body is too large or incomplete"))),
    };
    if body.is_empty() {
        return (read, None);
    }
    // JSON that is said to be a form is JSON: clients send it so, and no form begins like it.
    let is_json = matches!(body.trim_ascii_start().first(), Some(b'[' | b'{'));
    if content_type.starts_with("application/x-www-form-urlencoded") && !is_json {
        let form = parse_form(&String::from_utf8_lossy(&body));
        // A form has text and lists only: JSON takes both.
        read.body = serde_json::to_value(form).unwrap_or_default();
        return (read, None);
    }
    match serde_json::from_slice(&body) {
        Ok(value) => {
            read.body = value;
            (read, None)
        }
        Err(_) => {
            let invalid = Invalid::new("InvalidJson", "", "Syntax error");
            (read, Some(Problem::one(invalid)))
        }
    }
}

/// A path without empty parts.
fn single_slashes(path: &str) -> String {
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts.fold(String::with_capacity(path.len()), |path, part| path + "/" + part)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
