//! One call of one method: who calls, with what, and whether they may.

use super::{Outcome, RestError};
use crate::{php::Php, world::World};

/// Who is behind a request: the user of a webhook, or an application in the name of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub user: i64,
    pub scopes: Vec<String>,
    /// Whether it is an application. Some methods answer nobody else.
    pub application: bool,
}

/// One call of one method.
pub struct Call<'a> {
    pub world: &'a mut World,
    pub now_ms: i64,
    pub params: &'a Php,
    pub caller: &'a Caller,
}

impl Call<'_> {
    pub fn param(&self, name: &str) -> Option<&Php> {
        self.params.get_any_case(name)
    }

    pub fn int(&self, name: &str) -> Result<i64, RestError> {
        self.param(name)
            .and_then(Php::as_int)
            .ok_or_else(|| RestError::missing(name))
    }

    pub fn text(&self, name: &str) -> Result<String, RestError> {
        self.param(name)
            .and_then(Php::as_text)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| RestError::missing(name))
    }

    pub fn fields(&self) -> Result<&Php, RestError> {
        self.param("fields")
            .filter(|fields| fields.is_map())
            .ok_or_else(|| RestError::missing("fields"))
    }

    /// In whose name an application writes, so that the offline queue does not bring it back.
    pub fn connector(&self) -> Option<String> {
        self.param("auth_connector").and_then(Php::as_text)
    }

    /// What `filter` says about a field, plainly or with `=`.
    pub fn wanted(&self, name: &str) -> Option<String> {
        let filter = self.param("filter")?;
        filter
            .get_any_case(name)
            .or_else(|| filter.get_any_case(&format!("={name}")))
            .and_then(Php::as_text)
    }
}

/// A method of the portal.
pub struct Method {
    pub name: &'static str,
    pub writes: bool,
    /// Any of these lets a caller in; none: everybody may.
    pub scopes: &'static [&'static str],
    /// Answers applications only.
    application: bool,
    /// Cannot stand in a batch.
    pub alone: bool,
    run: fn(&mut Call<'_>) -> Outcome,
}

impl Method {
    pub fn run(&self, call: &mut Call<'_>) -> Outcome {
        if !self.allows(call.caller) {
            let token = if call.caller.application { "access" } else { "webhook" };
            return Err(RestError::insufficient_scope(call.world.forbidden(), token));
        }
        if self.application && !call.caller.application {
            return Err(RestError::new(
                403,
                "WRONG_AUTH_TYPE",
                "Current authorization type is denied for this method",
            ));
        }
        (self.run)(call)
    }

    /// Whether the caller has one of the scopes.
    pub fn allows(&self, caller: &Caller) -> bool {
        self.scopes.is_empty()
            || self
                .scopes
                .iter()
                .any(|scope| caller.scopes.iter().any(|has| has == scope))
    }

    /// Answers applications only.
    pub const fn for_applications(mut self) -> Self {
        self.application = true;
        self
    }

    /// Cannot stand in a batch.
    pub const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }
}

pub const CRM: &[&str] = &["crm"];

pub const fn read(name: &'static str, scopes: &'static [&'static str], run: fn(&mut Call<'_>) -> Outcome) -> Method {
    Method {
        name,
        writes: false,
        scopes,
        application: false,
        alone: false,
        run,
    }
}

pub const fn write(name: &'static str, scopes: &'static [&'static str], run: fn(&mut Call<'_>) -> Outcome) -> Method {
    Method {
        name,
        writes: true,
        scopes,
        application: false,
        alone: false,
        run,
    }
}
