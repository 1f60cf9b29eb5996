//! Answers: hypertext, nothing, or a problem in the words of RFC 7807 as the account writes them.

use serde_json::{Value, json};

const HAL: &str = "application/hal+json";
/// Exactly so: a client compares the text.
pub const PROBLEM: &str = "application/problem+json";

#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    /// None: no body.
    pub body: Option<Value>,
}

impl Reply {
    pub fn hal(body: Value) -> Self {
        Self {
            status: 200,
            content_type: HAL,
            body: Some(body),
        }
    }

    /// Of the authorization server, which knows no hypertext.
    pub fn json(body: Value) -> Self {
        Self {
            content_type: "application/json",
            ..Self::hal(body)
        }
    }

    pub fn no_content() -> Self {
        Self::of(204, None)
    }

    pub fn of(status: u16, body: Option<Value>) -> Self {
        Self {
            status,
            content_type: HAL,
            body,
        }
    }
}

/// What is wrong with one part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    pub code: &'static str,
    pub path: String,
    pub detail: String,
}

impl Invalid {
    pub fn new(code: &'static str, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            code,
            path: path.into(),
            detail: detail.into(),
        }
    }

    pub fn choice(path: impl Into<String>) -> Self {
        Self::new(
            "NotSupportedChoice",
            path,
            "The value you selected is not a valid choice.",
        )
    }

    pub fn blank(path: impl Into<String>) -> Self {
        Self::new("NotBlank", path, "This value should not be blank.")
    }

    pub fn kind(path: impl Into<String>, kind: &str) -> Self {
        Self::new("InvalidType", path, format!("This value should be of type {kind}."))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: u16,
    pub detail: String,
    pub hint: Option<String>,
    /// By the request id of the item, as it was sent or counted.
    pub invalid: Vec<(String, Vec<Invalid>)>,
}

impl Problem {
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            hint: None,
            invalid: Vec::new(),
        }
    }

    pub fn hinted(status: u16, hint: &str) -> Self {
        Self {
            hint: Some(hint.to_owned()),
            ..Self::new(status, "The request has missing or invalid parameters")
        }
    }

    pub fn invalid(invalid: Vec<(String, Vec<Invalid>)>) -> Self {
        Self {
            invalid,
            ..Self::new(400, "Request validation failed")
        }
    }

    pub fn one(invalid: Invalid) -> Self {
        Self::invalid(vec![("0".to_owned(), vec![invalid])])
    }

    pub fn not_found() -> Self {
        Self::new(404, "Entity not found")
    }

    pub fn no_method() -> Self {
        Self::new(405, "Method Not Allowed")
    }

    fn title(&self) -> &'static str {
        match self.status {
            400 => "Bad Request",
            401 => "Unauthorized",
            402 => "Payment Required",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            422 => "Unprocessable Entity",
            429 => "Too Many Requests",
            503 => "Service Unavailable",
            504 => "Gateway Timeout",
            _ => "Internal Server Error",
        }
    }

    pub fn body(&self) -> Value {
        let mut body = json!({
            "title": self.title(),
            "type": format!("https://httpstatus.es/{}", self.status),
            "status": self.status,
            "detail": self.detail,
        });
        if let Some(hint) = &self.hint {
            body["hint"] = json!(hint);
        }
        if !self.invalid.is_empty() {
            body["validation-errors"] = self
                .invalid
                .iter()
                .map(|(request_id, errors)| {
                    let errors: Vec<Value> = errors
                        .iter()
                        .map(|error| json!({"code": error.code, "path": error.path, "detail": error.detail}))
                        .collect();
                    json!({"request_id": request_id, "errors": errors})
                })
                .collect();
        }
        body
    }
}

pub type Outcome = Result<Reply, Problem>;
