//! The third generation of the API, `/rest/api/...`: JSON only, errors and answers of its own, and a key that makes a
//! write safe to repeat. Of the areas that have moved there the portal has tasks; the CRM has not moved yet.

mod batch;
mod documentation;
mod tasks;

use serde::{Deserialize, Serialize};

use crate::{
    php::Php,
    portal::{Asked, Portal},
    reply::Reply,
    rest::{Caller, RestError},
};

/// How long an answer is remembered under its key.
pub const KEY_MS: i64 = 24 * 3_600_000;
const KEY_CHARS_MAX: usize = 255;
const PREFIX: &str = "BITRIX_REST_V3_EXCEPTION_";

/// An answer under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    method: String,
    asked: String,
    status: u16,
    answer: String,
    until_ms: i64,
}

/// A refusal in this generation's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    status: u16,
    code: String,
    message: String,
    /// Fields of the request that are wrong, each with why.
    validation: Vec<(String, String)>,
}

impl Problem {
    fn exception(status: u16, name: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: format!("{PREFIX}{name}"),
            message: message.into(),
            validation: Vec::new(),
        }
    }

    fn invalid(field: &str, why: impl Into<String>) -> Self {
        Self {
            validation: vec![(field.to_owned(), why.into())],
            ..Self::exception(
                400,
                "VALIDATION_REQUESTVALIDATIONEXCEPTION",
                "Ошибка при валидации объекта запроса",
            )
        }
    }

    fn no_method() -> Self {
        Self::exception(400, "METHODNOTFOUNDEXCEPTION", "Method not found")
    }

    fn reply(&self) -> Reply {
        let mut error = Php::map([("code", Php::text(&*self.code)), ("message", Php::text(&*self.message))]);
        if !self.validation.is_empty() {
            let fields = self
                .validation
                .iter()
                .map(|(field, why)| Php::map([("message", Php::text(&**why)), ("field", Php::text(&**field))]));
            error.set("validation", Php::list(fields));
        }
        Reply::api(self.status, &Php::map([("error", error)]), false)
    }
}

impl From<RestError> for Problem {
    /// Refusals of the older generation that this one words in its own way, and those that both share.
    fn from(error: RestError) -> Self {
        match error.code.as_str() {
            "insufficient_scope" => Self::exception(403, "INSUFFICIENTSCOPEEXCEPTION", error.text),
            "ERROR_CORE" | "100" => Self::invalid("fields", error.text),
            _ => Self {
                status: error.status,
                code: error.code,
                message: error.text,
                validation: Vec::new(),
            },
        }
    }
}

type Outcome = Result<Php, Problem>;

/// An error in this generation's shape.
pub fn refusal(error: &RestError) -> Reply {
    Problem::from(error.clone()).reply()
}

/// A body that is not JSON.
pub fn not_json() -> Reply {
    Problem::exception(400, "INVALIDJSONEXCEPTION", "Invalid JSON").reply()
}

/// Runs a call, or says again what it said to the same key.
pub fn answer(portal: &mut Portal, asked: &Asked<'_>, key: Option<&str>) -> Reply {
    let reply = match key {
        Some(key) if writes(asked.method) => keyed(portal, asked, key),
        _ => run(portal, asked),
    };
    match reply {
        Ok(reply) => reply.under(key),
        Err(problem) => problem.reply().under(key),
    }
}

fn writes(method: &str) -> bool {
    crate::rest::method(method).is_some_and(|method| method.writes)
}

/// A key is one for a caller and a method: the same key elsewhere is another one.
fn place(caller: &Caller, method: &str, key: &str) -> String {
    let who = if caller.application { "application" } else { "webhook" };
    format!("{who} {} {method} {key}", caller.user)
}

fn keyed(portal: &mut Portal, asked: &Asked<'_>, key: &str) -> Result<Reply, Problem> {
    let printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if key.is_empty() || key.len() > KEY_CHARS_MAX || !printable {
        return Err(Problem::exception(
            400,
            "INVALIDIDEMPOTENCYKEYEXCEPTION",
            "Invalid Idempotency-Key",
        ));
    }
    let now_ms = portal.clock.now_ms();
    let said = serde_json::to_string(asked.params).unwrap_or_default();
    portal.world.remembered.retain(|_, old| now_ms < old.until_ms);
    let place = place(asked.caller, asked.method, key);
    if let Some(old) = portal.world.remembered.get(&place) {
        if old.asked != said {
            return Err(Problem::exception(
                422,
                "IDEMPOTENCYKEYREUSEDEXCEPTION",
                "Idempotency-Key was used with another request",
            ));
        }
        let answer = serde_json::from_str(&old.answer).unwrap_or(Php::Null);
        return Ok(Reply::api(old.status, &answer, false).replayed());
    }
    // Only what went well is remembered: a refused call may be tried again.
    let reply = run(portal, asked)?;
    let remembered = Remembered {
        method: asked.method.to_owned(),
        asked: said,
        status: reply.status,
        answer: reply.body.clone(),
        until_ms: now_ms + KEY_MS,
    };
    portal.world.remembered.insert(place, remembered);
    portal.keep()?;
    Ok(reply)
}

fn run(portal: &mut Portal, asked: &Asked<'_>) -> Result<Reply, Problem> {
    // The description of the API is a document, not an answer.
    if documentation::is_asked(asked.method) {
        return Ok(Reply::api(200, &documentation::openapi(), false));
    }
    let started_ms = portal.clock.now_ms();
    let result = match asked.method {
        "batch" => batch::run(portal, asked)?,
        _ => call(portal, asked)?,
    };
    let time = portal.time(asked.method, started_ms);
    Ok(Reply::api(200, &Php::map([("result", result), ("time", time)]), false))
}

/// One method's result.
fn call(portal: &mut Portal, asked: &Asked<'_>) -> Outcome {
    match asked.method {
        "rest.scope.list" | "scopes" => Ok(documentation::scopes()),
        "tasks.task.list" => tasks::list(portal, asked),
        _ if tasks::METHODS.contains(&asked.method) => tasks::one(portal, asked),
        _ => Err(Problem::no_method()),
    }
}
