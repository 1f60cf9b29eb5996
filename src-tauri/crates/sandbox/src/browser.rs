//! The product's own page in a plain browser, over a real ledger: for people who want to look, and for tests.
//!
//! It answers the same contract as the desktop (`POST /rpc/{command}`, server-sent events at `/events`). It listens on
//! loopback only and answers no other site's page: the host must be its own, and a request must be JSON, which a
//! foreign page cannot send without asking first.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use app::{Event as News, Session, wire};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{get, post},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::broadcast::error::RecvError, task::JoinHandle};

use crate::listener::loopback;

/// What the desktop allows its page, but for the desktop's own channel.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Bytes of one request: an order's draft is the largest, and far smaller.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// The page being served; stops when dropped.
pub struct PageServer {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for PageServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone)]
struct Host {
    session: Arc<Session>,
    page: PathBuf,
    address: SocketAddr,
}

/// Serves the built page in `page` (`ui/dist`) over `session`, on the current runtime; port 0 is any.
///
/// # Errors
/// There is no built page; the port is taken.
pub async fn serve_page(session: Arc<Session>, page: &Path, port: u16) -> io::Result<PageServer> {
    let page = page.canonicalize()?;
    if !page.join("index.html").is_file() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "no index.html in this folder: build the page first",
        ));
    }
    let listener = TcpListener::bind(loopback(port)).await?;
    let address = listener.local_addr()?;
    let host = Host { session, page, address };
    let routes = Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(events))
        .fallback(get(file))
        .layer(middleware::from_fn_with_state(host.clone(), own_host_only))
        .with_state(host);
    let task = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            eprintln!("the page is not served any more: {error}");
        }
    });
    Ok(PageServer { address, task })
}

async fn own_host_only(State(host): State<Host>, request: Request, next: Next) -> Response {
    let named = request.headers().get(header::HOST).and_then(|name| name.to_str().ok());
    let own = [host.address.to_string(), format!("localhost:{}", host.address.port())];
    if !named.is_some_and(|named| own.iter().any(|own| own == named)) {
        return (
            StatusCode::MISDIRECTED_REQUEST,
            "not the host this page is served under",
        )
            .into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn rpc(
    State(host): State<Host>,
    axum::extract::Path(command): axum::extract::Path<String>,
    request: Request,
) -> Response {
    let json = HeaderValue::from_static("application/json");
    if request.headers().get(header::CONTENT_TYPE) != Some(&json) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "send JSON").into_response();
    }
    let body = match axum::body::to_bytes(request.into_body(), REQUEST_BYTES_MAX).await {
        Ok(body) => body,
        Err(error) => return (StatusCode::PAYLOAD_TOO_LARGE, error.to_string()).into_response(),
    };
    let request: Value = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    match app::rpc::answer(&host.session, &command, request).await {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(failure) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            axum::Json(wire::Failure::from(failure)),
        )
            .into_response(),
    }
}

async fn events(State(host): State<Host>) -> impl IntoResponse {
    let news = host.session.events();
    let stream = futures_util::stream::unfold(news, |mut news| async move {
        let event = match news.recv().await {
            Ok(News::MoneyCame(came)) => Event::default()
                .event("money_came")
                .json_data(&came)
                .unwrap_or_default(),
            // Whoever lagged reads everything anew.
            Ok(News::Changed) | Err(RecvError::Lagged(_)) => Event::default().event("changed").data("null"),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(event), news))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

async fn file(State(host): State<Host>, request: Request) -> Response {
    let asked = request.uri().path().trim_start_matches('/');
    let relative = Path::new(if asked.is_empty() { "index.html" } else { asked });
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let kind = match relative.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    match tokio::fs::read(host.page.join(relative)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], Body::from(bytes)).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}
