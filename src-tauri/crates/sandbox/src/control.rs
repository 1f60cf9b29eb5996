//! The sandbox's own address: what it holds, what goes wrong, whether it can be reached, what time it is.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    response::Html,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{body::BODY_BYTES_MAX, change::Change, faults::FaultOrder, firm::Firm, gate::Gate, page, server::Shared};

#[derive(Clone)]
pub struct Control {
    pub shared: Shared,
    pub gate: Gate,
}

type Reply = (StatusCode, Json<Value>);

pub fn router(control: Control) -> Router {
    Router::new()
        .route("/", get(human_page))
        .route("/state", get(state))
        .route("/reset", post(reset))
        .route("/load", post(load))
        .route("/change", post(change))
        .route("/faults", post(add_faults).delete(clear_faults))
        .route("/offline", post(offline))
        .route("/online", post(online))
        .route("/clock", post(clock))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(control)
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
    let online = control.gate.is_online().await;
    let portal = control.shared.lock();
    Html(page::render(&portal, online))
}

async fn state(State(control): State<Control>) -> Json<Value> {
    let online = control.gate.is_online().await;
    let mut state = control.shared.lock().state();
    state["online"] = Value::Bool(online);
    Json(state)
}

async fn reset(State(control): State<Control>) -> Reply {
    if let Err(error) = control.gate.open().await {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, error);
    }
    from_io(control.shared.lock().reset())
}

async fn load(State(control): State<Control>, Json(body): Json<Value>) -> Reply {
    let firm = match Firm::parse(&body) {
        Ok(firm) => firm,
        Err(error) => return refused(StatusCode::BAD_REQUEST, error),
    };
    match control.shared.lock().load(&firm) {
        Ok(kept) => from_io(kept),
        Err(error) => refused(StatusCode::BAD_REQUEST, error),
    }
}

/// One change or a list of them, made one after the other until one cannot be.
async fn change(State(control): State<Control>, Json(body): Json<Value>) -> Reply {
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
    }
    done()
}

/// One fault or a list of them.
async fn add_faults(State(control): State<Control>, Json(body): Json<Value>) -> Reply {
    let faults: Result<Vec<FaultOrder>, _> = match body {
        Value::Array(faults) => faults.into_iter().map(serde_json::from_value).collect(),
        fault => serde_json::from_value(fault).map(|fault| vec![fault]),
    };
    match faults {
        Ok(faults) => {
            let mut portal = control.shared.lock();
            faults.into_iter().for_each(|fault| portal.faults.add(fault));
            done()
        }
        Err(error) => refused(StatusCode::BAD_REQUEST, error),
    }
}

async fn clear_faults(State(control): State<Control>) -> Reply {
    control.shared.lock().faults.clear();
    done()
}

async fn offline(State(control): State<Control>) -> Reply {
    control.gate.close().await;
    done()
}

async fn online(State(control): State<Control>) -> Reply {
    from_io(control.gate.open().await)
}

/// `shift_ms` sets the shift, `advance_ms` adds to it, `stopped` makes the clock stand still.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockOrder {
    shift_ms: Option<i64>,
    advance_ms: Option<i64>,
    stopped: Option<bool>,
}

async fn clock(State(control): State<Control>, Json(order): Json<ClockOrder>) -> Reply {
    let mut portal = control.shared.lock();
    let clock = &mut portal.clock;
    if let Some(stopped) = order.stopped {
        clock.stop(stopped);
    }
    if let Some(shift_ms) = order.shift_ms {
        clock.shift_ms = shift_ms;
    }
    if let Some(advance_ms) = order.advance_ms {
        clock.shift_ms = clock.shift_ms.saturating_add(advance_ms);
    }
    (StatusCode::OK, Json(json!({"done": true, "now_ms": clock.now_ms()})))
}
