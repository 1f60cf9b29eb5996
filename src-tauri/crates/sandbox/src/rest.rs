//! The portal's methods: one table of names, scopes and functions over the world.
//!
//! Knows nothing of HTTP, faults and limits; [`crate::portal`] wraps it.

mod batch;
mod call;
mod items;
mod legacy;
mod requisites;
mod stages;
mod timeline;
mod user_fields;
mod visitor;

pub use batch::{BATCH_COMMANDS_MAX, commands, resolve, split_command};
pub use call::{Call, Caller, Method};
use call::{CRM, read, write};
use serde_json::{Value, json};

use crate::{filter::UnknownField, listing::Page, php::Php};

/// A refusal, as the portal words it. The code may be empty: legacy methods send it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestError {
    pub status: u16,
    pub code: String,
    pub text: String,
}

impl RestError {
    pub fn new(status: u16, code: &str, text: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            text: text.into(),
        }
    }

    /// Legacy methods: 400 with an empty code.
    pub fn legacy(text: impl Into<String>) -> Self {
        Self::new(400, "", text)
    }

    pub fn missing(parameter: &str) -> Self {
        Self::new(
            400,
            "100",
            format!("Could not find value for parameter {{{parameter}}}"),
        )
    }

    pub fn operation_time_limit() -> Self {
        Self::new(
            429,
            "OPERATION_TIME_LIMIT",
            "Method is blocked due to operation time limit.",
        )
    }

    pub fn expired_token() -> Self {
        Self::new(401, "expired_token", "The access token provided has expired.")
    }

    /// `token`: `webhook` or `access`.
    pub fn insufficient_scope(token: &str) -> Self {
        Self::new(
            401,
            "insufficient_scope",
            format!("The request requires higher privileges than provided by the {token} token"),
        )
    }

    pub fn method_not_found() -> Self {
        Self::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
    }

    pub fn body(&self) -> Value {
        json!({"error": self.code, "error_description": self.text})
    }
}

impl From<UnknownField> for RestError {
    fn from(UnknownField(name): UnknownField) -> Self {
        Self::new(
            400,
            "INVALID_ARG_VALUE",
            format!("Invalid filter: field '{name}' is not allowed in filter"),
        )
    }
}

/// What a method answers with.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub result: Php,
    pub total: Option<usize>,
    pub next: Option<usize>,
}

impl From<Php> for Answer {
    fn from(result: Php) -> Self {
        Self {
            result,
            total: None,
            next: None,
        }
    }
}

impl Answer {
    /// A page's count beside a result made of it.
    fn page(result: Php, page: &Page<'_>) -> Self {
        Self {
            result,
            total: page.total,
            next: page.next,
        }
    }
}

type Outcome = Result<Answer, RestError>;

/// Every method, a table a subject.
static TABLES: &[&[Method]] = &[
    visitor::METHODS,
    stages::METHODS,
    items::METHODS,
    legacy::METHODS,
    requisites::METHODS,
    user_fields::METHODS,
    timeline::METHODS,
];

/// Names are compared without case.
pub fn method(name: &str) -> Option<&'static Method> {
    methods().find(|method| method.name.eq_ignore_ascii_case(name))
}

fn methods() -> impl Iterator<Item = &'static Method> {
    TABLES.iter().copied().flatten()
}
