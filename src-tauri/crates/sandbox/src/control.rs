//! The sandbox's own address: what it holds, what goes wrong, whether it can be reached, what time it is.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Path as AxumPath, Request, State},
    http::StatusCode,
    response::Html,
    routing::{get, post},
};
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    amo::{self, SharedSite},
    body::BODY_BYTES_MAX,
    cell::portal_time,
    change::Change,
    clock::Clock,
    firm::Firm,
    gate::Gate,
    page,
    server::Shared,
    view,
};

#[derive(Clone)]
pub struct Control {
    pub shared: Shared,
    pub site: SharedSite,
    /// Every way in: HTTP, and HTTPS where there is any.
    pub gates: Vec<Gate>,
}

impl Control {
    async fn open(&self) -> std::io::Result<()> {
        for gate in &self.gates {
            gate.open().await?;
        }
        Ok(())
    }

    async fn is_online(&self) -> bool {
        match self.gates.first() {
            Some(gate) => gate.is_online().await,
            // Nothing to close: it is asked without a socket.
            None => true,
        }
    }
}

type Reply = (StatusCode, Json<Value>);

pub fn router(control: Control) -> Router {
    Router::new()
        .route("/", get(human_page))
        .route("/state", get(state))
        .route("/state/{crm}", get(holdings))
        .route("/requests", get(requests))
        .route("/reset", post(reset))
        .route("/load", post(load))
        .route("/change", post(change))
        .route("/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/offline", post(offline))
        .route("/online", post(online))
        .route("/clock", get(now).post(clock))
        .route("/amocrm/change", post(amo_change))
        .route("/amocrm/delete", post(amo_delete))
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(control)
}

/// A body of JSON, whatever it is said to be: those who steer by hand name no type, or that of a form.
struct Body<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Reply;

    async fn from_request(request: Request, state: &S) -> Result<Self, Reply> {
        let refuse = |error: &dyn std::fmt::Display| refused(StatusCode::BAD_REQUEST, error);
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| refuse(&error))?;
        serde_json::from_slice(&body).map(Self).map_err(|error| refuse(&error))
    }
}

fn done() -> Reply {
    (StatusCode::OK, Json(json!({"done": true})))
}

fn refused(status: StatusCode, error: impl ToString) -> Reply {
    (status, Json(json!({"done": false, "error": error.to_string()})))
}

fn from_io(result: std::io::Result<()>) -> Reply {
    match result {
        Ok(()) => done(),
        Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, error),
    }
}

async fn human_page(State(control): State<Control>) -> Html<String> {
    let online = control.is_online().await;
    let portal = view::crm(&control.shared.lock());
    let account = amo::crm(&control.site.lock());
    Html(page::render(online, &[portal, account]))
}

async fn state(State(control): State<Control>) -> Json<Value> {
    let online = control.is_online().await;
    let mut state = control.shared.lock().state();
    amo::merge_into(&mut state, &control.site.lock());
    state["online"] = Value::Bool(online);
    Json(state)
}

/// What one of the two holds, without the log.
async fn holdings(State(control): State<Control>, AxumPath(crm): AxumPath<String>) -> Reply {
    match crm.as_str() {
        "bitrix24" => (StatusCode::OK, Json(view::world(&control.shared.lock().world))),
        "amocrm" => (StatusCode::OK, Json(amo::holdings(&control.site.lock()))),
        other => refused(StatusCode::NOT_FOUND, format!("there is no «{other}» here")),
    }
}

/// What was asked of both, counted, without what they hold.
async fn requests(State(control): State<Control>) -> Json<Value> {
    let mut counts = control.shared.lock().counts();
    counts["amocrm"] = control.site.lock().counts();
    Json(counts)
}

async fn reset(State(control): State<Control>) -> Reply {
    if let Err(error) = control.open().await {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, error);
    }
    let portal = control.shared.lock().reset();
    from_io(portal.and_then(|()| control.site.lock().reset()))
}

async fn load(State(control): State<Control>, Body(body): Body<Value>) -> Reply {
    let firm = match Firm::parse(&body) {
        Ok(firm) => firm,
        Err(error) => return refused(StatusCode::BAD_REQUEST, error),
    };
    let portal = control.shared.lock().load(&firm);
    match portal.and_then(|kept| Ok((kept, control.site.lock().load(&firm)?))) {
        Ok((portal, account)) => from_io(portal.and(account)),
        Err(error) => refused(StatusCode::BAD_REQUEST, error),
    }
}

/// One change or a list of them, made one after the other until one cannot be.
async fn change(State(control): State<Control>, Body(body): Body<Value>) -> Reply {
    let changes: Result<Vec<Change>, _> = match body {
        Value::Array(changes) => changes.into_iter().map(serde_json::from_value).collect(),
        change => serde_json::from_value(change).map(|change| vec![change]),
    };
    let changes = match changes {
        Ok(changes) => changes,
        Err(error) => return refused(StatusCode::BAD_REQUEST, error),
    };
    let mut portal = control.shared.lock();
    for change in &changes {
        match portal.change(change) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return refused(StatusCode::INTERNAL_SERVER_ERROR, error),
            Err(error) => return refused(StatusCode::BAD_REQUEST, error),
        }
        portal.tell_handlers();
    }
    done()
}

/// One fault or a list of them, for the CRM they are addressed to.
async fn add_faults(State(control): State<Control>, Body(body): Body<Value>) -> Reply {
    match amo::sorted_faults(body) {
        Ok((portal, account)) => {
            let mut shared = control.shared.lock();
            portal.into_iter().for_each(|fault| shared.faults.add(fault));
            drop(shared);
            let mut site = control.site.lock();
            account.into_iter().for_each(|fault| site.add_fault(fault));
            done()
        }
        Err(error) => refused(StatusCode::BAD_REQUEST, error),
    }
}

/// Cards that a person in the account deleted.
async fn amo_delete(State(control): State<Control>, Body(order): Body<Value>) -> Reply {
    let deleted = control.site.lock().delete(&order);
    match deleted {
        Ok(kept) => from_io(kept),
        Err(error) => refused(StatusCode::BAD_REQUEST, error),
    }
}

/// One deed of a person in the account or a list of them, done one after the other until one cannot be.
async fn amo_change(State(control): State<Control>, Body(body): Body<Value>) -> Reply {
    let deeds = match body {
        Value::Array(deeds) => deeds,
        deed => vec![deed],
    };
    let mut site = control.site.lock();
    for deed in deeds {
        let done = serde_json::from_value(deed).map_err(|error| error.to_string());
        match done.and_then(|deed| site.change(deed)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return refused(StatusCode::INTERNAL_SERVER_ERROR, error),
            Err(error) => return refused(StatusCode::BAD_REQUEST, error),
        }
    }
    done()
}

/// The orders that are still to strike, and the storms.
async fn faults(State(control): State<Control>) -> Json<Value> {
    let portal = control.shared.lock();
    let mut faults = json!({"orders": portal.faults.orders, "storm": portal.faults.storm});
    drop(portal);
    faults["amocrm"] = control.site.lock().fault_orders();
    Json(faults)
}

async fn nowhere() -> Reply {
    let known = "GET / /state /state/bitrix24 /state/amocrm /requests /faults /clock, POST /reset /load /change /faults \
                 /offline /online /clock /amocrm/change /amocrm/delete, DELETE /faults";
    refused(StatusCode::NOT_FOUND, format!("the control address takes {known}"))
}

async fn clear_faults(State(control): State<Control>) -> Reply {
    control.shared.lock().faults.clear();
    control.site.lock().clear_faults();
    done()
}

async fn offline(State(control): State<Control>) -> Reply {
    for gate in &control.gates {
        gate.close().await;
    }
    done()
}

async fn online(State(control): State<Control>) -> Reply {
    from_io(control.open().await)
}

async fn now(State(control): State<Control>) -> Json<Value> {
    let now_ms = control.shared.lock().clock.now_ms();
    Json(json!({"now": portal_time(now_ms), "now_ms": now_ms}))
}

/// `shift_ms` sets the shift, `advance_ms` adds to it, `stopped` makes the clock stand still, `now_ms` or `now`
/// (as RFC 3339 writes it) makes it stand still at that moment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift_ms: Option<i64>,
    advance_ms: Option<i64>,
    stopped: Option<bool>,
    now_ms: Option<i64>,
    now: Option<DateTime<FixedOffset>>,
}

async fn clock(State(control): State<Control>, Body(order): Body<ClockOrder>) -> Reply {
    let mut portal = control.shared.lock();
    let clock = &mut portal.clock;
    let moment = order.now.map(|now| now.timestamp_millis());
    if let Some(now_ms) = order.now_ms.or(moment) {
        *clock = Clock::standing_at(now_ms);
    }
    if let Some(stopped) = order.stopped {
        clock.stop(stopped);
    }
    if let Some(shift_ms) = order.shift_ms {
        clock.shift_ms = shift_ms;
    }
    if let Some(advance_ms) = order.advance_ms {
        clock.shift_by(advance_ms);
    }
    // Both CRMs live by one clock.
    control.site.lock().clock = clock.clone();
    let now_ms = clock.now_ms();
    (
        StatusCode::OK,
        Json(json!({"done": true, "now": portal_time(now_ms), "now_ms": now_ms})),
    )
}
