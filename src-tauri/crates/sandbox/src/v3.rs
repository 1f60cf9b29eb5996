//! The third generation of the API, `/rest/api/...`: JSON only, errors and answers of its own, and a key that makes a
//! write safe to repeat. Of the areas that have moved there the portal has tasks; the CRM has not moved yet.

use serde::{Deserialize, Serialize};

use crate::{
    php::Php,
    portal::{Asked, Portal},
    reply::Reply,
    rest::RestError,
};

/// How long an answer is remembered under its key.
pub const KEY_MS: i64 = 24 * 3_600_000;
const KEY_CHARS_MAX: usize = 255;
const PREFIX: &str = "BITRIX_REST_V3_EXCEPTION_";
/// Methods that have moved.
const MOVED: [&str; 5] = [
    "tasks.task.add",
    "tasks.task.get",
    "tasks.task.list",
    "tasks.task.update",
    "tasks.task.delete",
];

/// An answer under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    method: String,
    asked: String,
    status: u16,
    answer: String,
    until_ms: i64,
}

/// An error in this generation's shape.
pub fn refusal(error: &RestError) -> Reply {
    let body = Php::map([(
        "error",
        Php::map([("code", Php::text(&*error.code)), ("message", Php::text(&*error.text))]),
    )]);
    Reply::api(error.status, &body, false)
}

fn exception(status: u16, name: &str, text: &str) -> RestError {
    RestError::new(status, &format!("{PREFIX}{name}"), text)
}

/// Runs a call, or says again what it said to the same key.
pub fn answer(portal: &mut Portal, asked: &Asked<'_>, key: Option<&str>) -> Reply {
    match keyed(portal, asked, key) {
        Ok(reply) => reply,
        Err(error) => refusal(&error),
    }
}

fn keyed(portal: &mut Portal, asked: &Asked<'_>, key: Option<&str>) -> Result<Reply, RestError> {
    let Some(key) = key else {
        return run(portal, asked);
    };
    let printable = key.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if key.is_empty() || key.len() > KEY_CHARS_MAX || !printable {
        return Err(exception(
            400,
            "INVALIDIDEMPOTENCYKEYEXCEPTION",
            "Invalid Idempotency-Key",
        ));
    }
    let now_ms = portal.clock.now_ms();
    let said = serde_json::to_string(asked.params).unwrap_or_default();
    portal.world.remembered.retain(|_, old| now_ms < old.until_ms);
    if let Some(old) = portal.world.remembered.get(key) {
        if old.method != asked.method || old.asked != said {
            return Err(exception(
                422,
                "IDEMPOTENCYKEYREUSEDEXCEPTION",
                "Idempotency-Key was used with another request",
            ));
        }
        let answer = serde_json::from_str(&old.answer).unwrap_or(Php::Null);
        return Ok(Reply::api(old.status, &answer, false).replayed());
    }
    let reply = run(portal, asked)?;
    let remembered = Remembered {
        method: asked.method.to_owned(),
        asked: said,
        status: reply.status,
        answer: reply.body.clone(),
        until_ms: now_ms + KEY_MS,
    };
    portal.world.remembered.insert(key.to_owned(), remembered);
    portal.keep()?;
    Ok(reply)
}

fn run(portal: &mut Portal, asked: &Asked<'_>) -> Result<Reply, RestError> {
    if !MOVED.contains(&asked.method) {
        return Err(exception(404, "METHODNOTFOUNDEXCEPTION", "Method not found"));
    }
    let params = as_before(asked.params)?;
    let (status, body) = portal.answer(&asked.with(&params));
    if status != 200 {
        let text = |name: &str| body.get(name).and_then(Php::as_text).unwrap_or_default();
        let (code, message) = (text("error"), text("error_description"));
        return Err(match code.as_str() {
            "ERROR_CORE" if message.contains("not found") => exception(404, "ENTITYNOTFOUNDEXCEPTION", &message),
            "ERROR_CORE" | "100" => exception(400, "VALIDATION_REQUESTVALIDATIONEXCEPTION", &message),
            _ => RestError::new(status, &code, message),
        });
    }
    let result = body.get("result").cloned().unwrap_or(Php::Null);
    let shown = match (result.get("task"), result.get("tasks")) {
        (Some(Php::Bool(done)), _) => Php::map([("result", Php::Bool(*done))]),
        (Some(task), _) => Php::map([("item", typed(task))]),
        (None, Some(tasks)) => {
            let items = tasks.entries().iter().map(|(_, task)| typed(task));
            Php::map([("items", Php::list(items))])
        }
        (None, None) => result,
    };
    let time = body.get("time").cloned().unwrap_or_else(Php::empty);
    Ok(Reply::api(200, &Php::map([("result", shown), ("time", time)]), false))
}

/// Ids are numbers here, and links have another name.
fn typed(task: &Php) -> Php {
    Php::map(task.entries().iter().map(|(key, value)| {
        let number = ["id", "responsibleId", "createdBy", "groupId"].contains(&key.as_str());
        match (key.as_str(), value.as_int()) {
            ("createdBy", Some(id)) => ("creatorId".to_owned(), Php::Number(id.into())),
            ("ufCrmTask", _) => (
                "crmItemIds".to_owned(),
                if value.is_map() { value.clone() } else { Php::empty() },
            ),
            (_, Some(id)) if number => (key.clone(), Php::Number(id.into())),
            _ => (key.clone(), value.clone()),
        }
    }))
}

/// The request in the words of the second generation.
fn as_before(params: &Php) -> Result<Php, RestError> {
    let mut before = Php::empty();
    for (key, value) in params.entries() {
        match key.as_str() {
            "fields" => {
                let fields = value.entries().iter().map(|(name, value)| (field(name), value.clone()));
                before.set("fields", Php::map(fields));
            }
            "filter" => before.set("filter", filter(value)?),
            "select" | "pagination" => {}
            _ => before.set(key, value.clone()),
        }
    }
    let offset = params.get("pagination").and_then(|pages| pages.get("offset"));
    if let Some(offset) = offset {
        before.set("start", offset.clone());
    }
    Ok(before)
}

fn field(name: &str) -> String {
    match name {
        "creatorId" => "CREATED_BY".to_owned(),
        "crmItemIds" => "UF_CRM_TASK".to_owned(),
        other => other.to_owned(),
    }
}

/// `[["id", "in", [1, 2]], ["title", "=", "x"]]`, or with two words where `=` is meant.
fn filter(conditions: &Php) -> Result<Php, RestError> {
    let invalid = || exception(400, "INVALIDFILTEREXCEPTION", "Invalid filter");
    let mut filter = Php::empty();
    for (_, condition) in conditions.entries() {
        let part = |at: &str| condition.get(at).ok_or_else(invalid);
        let name = part("0")?.as_text().ok_or_else(invalid)?;
        let (operator, value) = match condition.get("2") {
            Some(value) => (part("1")?.as_text().ok_or_else(invalid)?, value),
            None => ("=".to_owned(), part("1")?),
        };
        let prefix = match operator.as_str() {
            "in" => "@",
            "=" | "!=" | ">" | ">=" | "<" | "<=" => operator.as_str(),
            _ => return Err(invalid()),
        };
        filter.set(&format!("{prefix}{}", field(&name)), value.clone());
    }
    Ok(filter)
}
