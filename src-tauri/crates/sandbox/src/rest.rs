//! The portal's methods: one table of names, scopes and functions over the world.
//!
//! Knows nothing of HTTP, faults and limits; [`crate::portal`] wraps it.

mod activities;
mod addresses;
mod batch;
mod call;
mod currencies;
mod documents;
mod events;
mod funnels;
mod items;
mod legacy;
mod lists;
mod multifields;
mod old_invoices;
mod options;
mod payments;
mod product_rows;
mod references;
mod relations;
mod requisites;
mod rows;
mod stage_history;
mod stages;
mod tasks;
mod timeline;
mod triggers;
mod user_fields;
mod visitor;
mod workflows;

pub use batch::{BATCH_COMMANDS_MAX, commands, resolve, split_command};
use call::{CRM, read, write};
pub use call::{Call, Caller, Method};
pub use multifields::Multifields;
pub use old_invoices::STATUS_ENTITY as OLD_INVOICE_STATUS_ENTITY;
pub use payments::bill;
use serde_json::{Value, json};
pub use tasks::shown as shown_task;

use crate::{filter::UnknownField, listing::Page, php::Php};

/// A refusal, as the portal words it. The code may be empty: legacy methods send it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestError {
    pub status: u16,
    pub code: String,
    pub text: String,
    /// Written as a number: the shop and the newer parts of the CRM have such codes.
    numbered: bool,
}

impl RestError {
    pub fn new(status: u16, code: &str, text: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            text: text.into(),
            numbered: false,
        }
    }

    pub fn numbered(status: u16, code: u64, text: impl Into<String>) -> Self {
        Self {
            numbered: true,
            ..Self::new(status, &code.to_string(), text)
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

    /// `token`: `webhook` or `access`. Sources do not agree on the status.
    pub fn insufficient_scope(status: u16, token: &str) -> Self {
        Self::new(
            status,
            "insufficient_scope",
            format!("The request requires higher privileges than provided by the {token} token"),
        )
    }

    pub fn method_not_found() -> Self {
        Self::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
    }

    pub fn body(&self) -> Value {
        let code = match self.code.parse::<u64>() {
            Ok(code) if self.numbered => Value::from(code),
            _ => Value::from(self.code.as_str()),
        };
        json!({"error": code, "error_description": self.text})
    }
}

impl From<UnknownField> for RestError {
    fn from(UnknownField { name, place }: UnknownField) -> Self {
        Self::new(
            400,
            "INVALID_ARG_VALUE",
            format!("Invalid {place}: field '{name}' is not allowed in {place}"),
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
    options::METHODS,
    funnels::METHODS,
    stages::METHODS,
    currencies::METHODS,
    items::METHODS,
    legacy::METHODS,
    relations::METHODS,
    stage_history::METHODS,
    multifields::METHODS,
    requisites::METHODS,
    addresses::METHODS,
    user_fields::METHODS,
    timeline::METHODS,
    activities::METHODS,
    tasks::METHODS,
    payments::METHODS,
    product_rows::METHODS,
    references::METHODS,
    documents::METHODS,
    old_invoices::METHODS,
    events::METHODS,
    triggers::METHODS,
    lists::METHODS,
    workflows::METHODS,
];

/// Names are compared without case.
pub fn method(name: &str) -> Option<&'static Method> {
    methods().find(|method| method.name.eq_ignore_ascii_case(name))
}

fn methods() -> impl Iterator<Item = &'static Method> {
    TABLES.iter().copied().flatten()
}
