//! The portal over HTTP: admission, faults, answers. Decides nothing about the CRM itself.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    response::Response,
};

use crate::{
    address::Address,
    authorization,
    body::{json_params, params},
    deeds::deed,
    faults::{Fault, FaultKind},
    listener::Peer,
    php::Php,
    portal::{Asked, Portal},
    reply::Reply,
    rest::{Caller, RestError},
    v3,
};

/// How long a lost answer holds its connection, where the fault does not say.
pub const HOLD_MS: u64 = 60_000;
const DELAY_MS: u64 = 1000;
/// How far a clock jumps, where the fault does not say.
pub const SKEW_MS: i64 = 3_600_000;
const MAINTENANCE: &str = "<html><body><h1>Портал обновляется</h1></body></html>";
const GATEWAY: &str = "<html><head><title>Gateway</title></head><body><center>nginx</center></body></html>";

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

/// A request that was let in.
struct Admitted {
    open: Open,
    caller: Caller,
    fault: Option<Fault>,
}

async fn serve(State(shared): State<Shared>, ConnectInfo(peer): ConnectInfo<Peer>, request: Request) -> Response {
    let send = |reply: Reply| {
        let now_ms = shared.lock().clock.now_ms();
        reply.send(now_ms)
    };
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str())
        .to_owned();
    let Some(address) = Address::of(request.uri().path()) else {
        return send(Reply::html(404, "<h1>404 Not Found</h1>"));
    };
    let host = named(request.headers(), "host").unwrap_or_default();
    let key = named(request.headers(), "idempotency-key");
    let refusal: fn(&RestError) -> Reply = if address.v3 { v3::refusal } else { Reply::refusal };
    let params = if address.v3 {
        match json_params(request).await {
            Ok(params) => params,
            Err(_) => return send(v3::not_json()),
        }
    } else {
        match params(request).await {
            Ok(params) => params,
            Err(error) => return send(refusal(&error)),
        }
    };
    let Admitted { open, caller, fault } = match admit(&shared, &address, &params) {
        Ok(admitted) => admitted,
        Err(error) => return send(refusal(&error)),
    };
    let pause = |default: u64| {
        let ms = fault.as_ref().and_then(|fault| fault.delay_ms).unwrap_or(default);
        tokio::time::sleep(Duration::from_millis(ms))
    };
    let kind = fault.as_ref().map(|fault| fault.kind);
    if kind == Some(FaultKind::Delay) {
        shared.lock().set_phase(open.number, "delayed");
        pause(DELAY_MS).await;
    }
    let undone = fault.as_ref().and_then(|fault| undone(fault, &path, refusal));
    let reply = {
        let mut portal = shared.lock();
        let reply = match undone {
            Some(reply) => reply,
            None => done(
                &mut portal,
                &address,
                &Asked::new(&address.method, &params, &caller, fault.as_ref()),
                &host,
                key.as_deref(),
            ),
        };
        let status = if kind == Some(FaultKind::CutBefore) {
            0
        } else {
            reply.status
        };
        portal.log(open.number, status, fault.clone());
        portal.tell_handlers();
        if kind == Some(FaultKind::TimeoutAfterCommit) {
            portal.set_phase(open.number, "held");
        }
        reply
    };
    match kind {
        Some(FaultKind::TimeoutAfterCommit) => {
            pause(HOLD_MS).await;
            cut(&peer)
        }
        Some(FaultKind::CutBefore | FaultKind::CutAfter) => cut(&peer),
        Some(FaultKind::Truncated) => send(reply.halved()),
        Some(FaultKind::WrongType) => send(reply.named_html()),
        Some(FaultKind::GatewayAfter) => send(Reply::html(504, GATEWAY)),
        _ => send(reply),
    }
}

fn named(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The answer of a fault that lets nothing be done.
fn undone(fault: &Fault, path: &str, refusal: fn(&RestError) -> Reply) -> Option<Reply> {
    match fault.kind {
        FaultKind::CutBefore => Some(Reply::html(200, "")),
        FaultKind::Html => Some(Reply::html(200, MAINTENANCE)),
        FaultKind::Gateway => Some(Reply::html(502, GATEWAY)),
        FaultKind::EmptyBody => Some(Reply::html(200, "")),
        FaultKind::Moved => Some(Reply::redirect(format!(
            "{}{path}",
            fault.to.as_deref().unwrap_or_default()
        ))),
        _ => fault.as_error().map(|error| refusal(&error)),
    }
}

fn done(portal: &mut Portal, address: &Address, asked: &Asked<'_>, host: &str, key: Option<&str>) -> Reply {
    if address.is_authorization() {
        return authorization::answer(portal, &address.method, asked.params, host);
    }
    if address.v3 {
        return v3::answer(portal, asked, key);
    }
    let (status, body) = portal.answer(asked);
    Reply::api(status, &body, address.xml)
}

/// Counts the request, asks the limiter, the credentials and the faults, in this order.
fn admit(shared: &Shared, address: &Address, params: &Php) -> Result<Admitted, RestError> {
    let mut portal = shared.lock();
    let number = portal.receive(&address.method, params);
    let now_ms = portal.clock.now_ms();
    // The authorization server is another machine: it has no share in the portal's bucket.
    let caller = if !address.is_authorization() && !portal.limits.admit(now_ms) {
        Err(RestError::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests"))
    } else {
        address.caller(&portal, params)
    };
    let caller = match caller {
        Ok(caller) => caller,
        Err(error) => {
            portal.log(number, error.status, None);
            portal.record.in_progress.remove(&number);
            return Err(error);
        }
    };
    let mut fault = portal.faults.strike(&address.method, false);
    if let Some(fault) = &mut fault {
        if let Some(deed) = deed(fault.kind, fault.choice.unwrap_or_default(), &portal.world) {
            fault.change = Some(deed);
        }
        if fault.kind == FaultKind::ClockSkew {
            portal.clock.shift_by(fault.shift_ms.unwrap_or(SKEW_MS));
        }
    }
    let open = Open {
        shared: shared.clone(),
        number,
    };
    Ok(Admitted { open, caller, fault })
}

/// Nothing of what is returned arrives: the socket is shut before.
fn cut(peer: &Peer) -> Response {
    peer.cut();
    Response::new(Body::empty())
}
