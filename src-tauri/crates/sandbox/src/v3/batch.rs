//! `batch` of the third generation: a JSON array of calls, each of which may take what earlier ones answered. One that
//! fails fails the whole, and what was done before it stays done.

use super::{Outcome, Problem, call};
use crate::{
    php::Php,
    portal::{Asked, HalfBatch, Portal},
    rest::{BATCH_COMMANDS_MAX, RestError},
};

/// One call of the array.
struct Command<'a> {
    method: String,
    query: &'a Php,
    /// What later calls know its result by, besides its number.
    name: Option<String>,
}

fn malformed(why: &str) -> Problem {
    Problem::exception(400, "INVALIDSELECTEXCEPTION", why)
}

/// The array may come as an object with its numbers as keys: a client in JavaScript spreads it so.
fn commands(params: &Php) -> Result<Vec<Command<'_>>, Problem> {
    static NOTHING: Php = Php::Null;
    let mut commands: Vec<Command<'_>> = Vec::new();
    for (key, entry) in params.entries() {
        if key == "auth" {
            continue;
        }
        if key.parse::<usize>().is_err() {
            return Err(malformed("Batch takes an array of calls"));
        }
        let text = |name: &str| entry.get(name).and_then(Php::as_text);
        let method = text("method").ok_or_else(|| malformed("A call of the batch has no method"))?;
        let name = text("as").filter(|name| !name.is_empty());
        if name.is_some() && commands.iter().any(|command| command.name == name) {
            return Err(malformed("Two calls of the batch have the same name"));
        }
        commands.push(Command {
            method: method.to_ascii_lowercase(),
            query: entry.get("query").unwrap_or(&NOTHING),
            name,
        });
    }
    match commands.len() {
        0 => Err(malformed("Batch is empty")),
        length if length > BATCH_COMMANDS_MAX => Err(malformed("Batch is too long")),
        _ => Ok(commands),
    }
}

pub fn run(portal: &mut Portal, asked: &Asked<'_>) -> Outcome {
    let mut results: Vec<(Option<String>, Php)> = Vec::new();
    let commands = commands(asked.params)?;
    let half = asked.half.map(|what| (commands.len() / 2, what));
    for (at, command) in commands.into_iter().enumerate() {
        match half {
            Some((half, HalfBatch::Lost)) if at >= half => break,
            Some((half, HalfBatch::Expired)) if at >= half => return Err(RestError::expired_token().into()),
            _ => {}
        }
        let counted = portal.record.by_command.entry(command.method.clone());
        *counted.or_default() += 1;
        let query = resolved(command.query, &results)?;
        // A batch in a batch is a method that is not there.
        let result = call(portal, &asked.command(&command.method, &query, results.is_empty()))?;
        results.push((command.name, result));
    }
    Ok(Php::list(results.into_iter().map(|(_, result)| result)))
}

/// The parameters with `{"$ref": "name.field"}` and `{"$refArray": "name.field"}` replaced.
fn resolved(params: &Php, results: &[(Option<String>, Php)]) -> Outcome {
    let Php::Map(entries) = params else {
        return Ok(params.clone());
    };
    if let [(key, path)] = entries.as_slice() {
        let path = path.as_text().unwrap_or_default();
        match key.as_str() {
            "$ref" => return reference(&path, results),
            "$refArray" => return gathered(&path, results),
            _ => {}
        }
    }
    let mut whole = Php::empty();
    for (key, value) in entries {
        whole.set(key, resolved(value, results)?);
    }
    Ok(whole)
}

fn unknown(path: &str) -> Problem {
    malformed(&format!("There is no result for the reference `{path}`"))
}

/// The result that a path begins with, and the rest of the path.
fn found<'a, 'b>(path: &'b str, results: &'a [(Option<String>, Php)]) -> Result<(&'a Php, &'b str), Problem> {
    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
    let by_name = results.iter().find(|(known, _)| known.as_deref() == Some(name));
    let by_number = || results.get(name.parse::<usize>().ok()?);
    let (_, result) = by_name.or_else(by_number).ok_or_else(|| unknown(path))?;
    Ok((result, rest))
}

/// A field of the object that a call answered with.
fn reference(path: &str, results: &[(Option<String>, Php)]) -> Outcome {
    let (result, rest) = found(path, results)?;
    let object = result.get("item").unwrap_or(result);
    let value = rest
        .split('.')
        .filter(|part| !part.is_empty())
        .try_fold(object, |value, part| value.get(part));
    value.cloned().ok_or_else(|| unknown(path))
}

/// One field of every object that a call listed.
fn gathered(path: &str, results: &[(Option<String>, Php)]) -> Outcome {
    let (result, field) = found(path, results)?;
    let items = result
        .get("items")
        .filter(|_| !field.is_empty())
        .ok_or_else(|| unknown(path))?;
    let values = items.entries().iter().filter_map(|(_, item)| item.get(field).cloned());
    Ok(Php::list(values))
}
