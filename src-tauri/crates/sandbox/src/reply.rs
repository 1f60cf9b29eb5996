//! What goes back over HTTP, before and after a fault has spoiled it.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use chrono::DateTime;

use crate::{body::xml, php::Php, rest::RestError};

const JSON: &str = "application/json; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub location: Option<String>,
    /// The answer to an earlier request with the same key.
    pub replayed: bool,
    /// The key that the request came with, told back.
    pub key: Option<String>,
    pub body: String,
}

impl Reply {
    pub fn api(status: u16, body: &Php, as_xml: bool) -> Self {
        let (content_type, body) = if as_xml {
            (XML, xml(body))
        } else {
            (JSON, serde_json::to_string(body).unwrap_or_default())
        };
        Self {
            status,
            content_type,
            location: None,
            replayed: false,
            key: None,
            body,
        }
    }

    pub fn refusal(error: &RestError) -> Self {
        Self::api(error.status, &error.body().into(), false)
    }

    pub fn html(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type: HTML,
            location: None,
            replayed: false,
            key: None,
            body: body.into(),
        }
    }

    pub fn redirect(location: String) -> Self {
        Self {
            location: Some(location),
            ..Self::html(302, "<html><body>302 Found</body></html>")
        }
    }

    pub fn replayed(mut self) -> Self {
        self.replayed = true;
        self
    }

    pub fn under(mut self, key: Option<&str>) -> Self {
        self.key = key.map(str::to_owned);
        self
    }

    /// Half of the body comes, and the length says that this is all.
    pub fn halved(mut self) -> Self {
        self.body = self.body.chars().take(self.body.chars().count() / 2).collect();
        self
    }

    pub fn named_html(mut self) -> Self {
        self.content_type = HTML;
        self
    }

    /// `now_ms`: the portal's clock, which the header `Date` tells as real servers do.
    pub fn send(self, now_ms: i64) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if let Some(key) = self.key.and_then(|key| HeaderValue::try_from(key).ok()) {
            headers.insert("idempotency-key", key);
        }
        if self.replayed {
            headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
        }
        let date = DateTime::from_timestamp_millis(now_ms)
            .map(|now| now.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
            .and_then(|date| HeaderValue::try_from(date).ok());
        if let Some(date) = date {
            headers.insert(header::DATE, date);
        }
        response
    }
}
