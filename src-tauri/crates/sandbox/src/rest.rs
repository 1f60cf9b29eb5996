//! The portal's methods: one table of names, scopes and functions over the world.
//!
//! Knows nothing of HTTP, faults and limits; [`crate::portal`] wraps it.

mod batch;
mod items;
mod legacy;
mod requisites;
mod stages;
mod timeline;
mod user_fields;
mod visitor;

pub use batch::{BATCH_COMMANDS_MAX, commands, resolve, split_command};
use serde_json::{Value, json};

use crate::{filter::UnknownField, listing::Page, php::Php, world::World};

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

/// One call of one method.
pub struct Call<'a> {
    pub world: &'a mut World,
    pub now_ms: i64,
    pub params: &'a Php,
}

impl Call<'_> {
    fn param(&self, name: &str) -> Option<&Php> {
        self.params.get_any_case(name)
    }

    fn int(&self, name: &str) -> Result<i64, RestError> {
        self.param(name)
            .and_then(Php::as_int)
            .ok_or_else(|| RestError::missing(name))
    }

    fn text(&self, name: &str) -> Result<String, RestError> {
        self.param(name)
            .and_then(Php::as_text)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| RestError::missing(name))
    }

    fn fields(&self) -> Result<&Php, RestError> {
        self.param("fields")
            .filter(|fields| fields.is_map())
            .ok_or_else(|| RestError::missing("fields"))
    }
}

/// A method of the portal.
pub struct Method {
    pub name: &'static str,
    pub writes: bool,
    /// Any of these lets a webhook call it; none: everybody may.
    pub scopes: &'static [&'static str],
    run: fn(&mut Call<'_>) -> Outcome,
}

impl Method {
    pub fn run(&self, call: &mut Call<'_>) -> Outcome {
        self.run_if_allowed(call)
    }

    fn run_if_allowed(&self, call: &mut Call<'_>) -> Outcome {
        let allowed = self.scopes.is_empty()
            || self
                .scopes
                .iter()
                .any(|scope| call.world.scopes.iter().any(|granted| granted == scope));
        if !allowed {
            return Err(RestError::new(
                401,
                "insufficient_scope",
                "The request requires higher privileges than provided by the webhook token",
            ));
        }
        (self.run)(call)
    }
}

const CRM: &[&str] = &["crm"];
const USER: &[&str] = &["user", "user_brief", "user_basic"];
const USER_FIELD_CONFIG: &[&str] = &["userfieldconfig"];

const fn read(name: &'static str, scopes: &'static [&'static str], run: fn(&mut Call<'_>) -> Outcome) -> Method {
    Method {
        name,
        writes: false,
        scopes,
        run,
    }
}

const fn write(name: &'static str, scopes: &'static [&'static str], run: fn(&mut Call<'_>) -> Outcome) -> Method {
    Method {
        name,
        writes: true,
        scopes,
        run,
    }
}

static METHODS: &[Method] = &[
    read("profile", &[], visitor::profile),
    read("user.current", USER, visitor::user_current),
    read("scope", &[], visitor::scope),
    read("server.time", &[], visitor::server_time),
    read("method.get", &[], visitor::method_get),
    read("crm.category.list", CRM, stages::category_list),
    read("crm.status.list", CRM, stages::status_list),
    read("crm.currency.list", CRM, stages::currency_list),
    read("crm.item.list", CRM, items::list),
    read("crm.item.get", CRM, items::get),
    read("crm.item.fields", CRM, items::fields),
    write("crm.item.add", CRM, items::add),
    write("crm.item.update", CRM, items::update),
    write("crm.item.delete", CRM, items::delete),
    read("crm.deal.list", CRM, legacy::deal_list),
    read("crm.deal.get", CRM, legacy::deal_get),
    write("crm.deal.update", CRM, legacy::deal_update),
    read("crm.company.list", CRM, legacy::company_list),
    read("crm.company.get", CRM, legacy::company_get),
    read("crm.requisite.list", CRM, requisites::list),
    read("crm.requisite.get", CRM, requisites::get),
    read("crm.requisite.preset.list", CRM, requisites::preset_list),
    read("crm.requisite.bankdetail.list", CRM, requisites::bank_detail_list),
    read("crm.requisite.bankdetail.get", CRM, requisites::bank_detail_get),
    read("crm.requisite.link.list", CRM, requisites::link_list),
    read("crm.requisite.link.get", CRM, requisites::link_get),
    read("userfieldconfig.list", USER_FIELD_CONFIG, user_fields::config_list),
    write("userfieldconfig.add", USER_FIELD_CONFIG, user_fields::config_add),
    read("crm.deal.userfield.list", CRM, user_fields::deal_list),
    write("crm.deal.userfield.add", CRM, user_fields::deal_add),
    write("crm.timeline.comment.add", CRM, timeline::add),
    read("crm.timeline.comment.list", CRM, timeline::list),
    read("crm.timeline.comment.get", CRM, timeline::get),
    write("crm.timeline.comment.delete", CRM, timeline::delete),
];

/// Names are compared without case.
pub fn method(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name.eq_ignore_ascii_case(name))
}
