//! The parts of `batch`: its commands, and `$result[...]` references between them.

use super::RestError;
use crate::{
    php::{Php, parse_form},
    settings::MissingReference,
};

/// Commands after these are refused one by one.
pub const BATCH_COMMANDS_MAX: usize = 50;

const REFERENCE: &str = "$result[";

/// The commands in the order they came, by their keys.
pub fn commands(params: &Php) -> Result<Vec<(String, String)>, RestError> {
    let cmd = params
        .get_any_case("cmd")
        .filter(|cmd| cmd.is_map())
        .ok_or_else(|| RestError::missing("cmd"))?;
    Ok(cmd
        .entries()
        .iter()
        .map(|(key, command)| (key.clone(), command.as_text().unwrap_or_default()))
        .collect())
}

/// `method?a=b` is a method's name and its parameters.
pub fn split_command(command: &str) -> (String, Php) {
    let (method, query) = command.split_once('?').unwrap_or((command, ""));
    let method = method.trim_matches('/');
    let name = method.strip_suffix(".json").unwrap_or(method).to_ascii_lowercase();
    (name, parse_form(query))
}

/// Parameters with every reference replaced by what earlier commands answered. A value that is nothing but a reference
/// takes what is there, lists too; inside a longer text it is put in as text; `missing` says what a path is that leads
/// nowhere.
pub fn resolve(params: &Php, results: &Php, missing: MissingReference) -> Php {
    match params {
        Php::Map(entries) => Php::map(
            entries
                .iter()
                .map(|(key, value)| (resolve_text(key, results, missing), resolve(value, results, missing))),
        ),
        Php::Text(text) => match reference(text) {
            Some((path, "")) => match follow(&path, results) {
                Some(value) => value.clone(),
                None => Php::text(instead(text, missing)),
            },
            _ => Php::text(resolve_text(text, results, missing)),
        },
        other => other.clone(),
    }
}

/// What stands for a reference that leads nowhere.
fn instead(written: &str, missing: MissingReference) -> &str {
    match missing {
        MissingReference::Empty => "",
        MissingReference::Kept => written,
    }
}

fn resolve_text(text: &str, results: &Php, missing: MissingReference) -> String {
    let mut resolved = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(REFERENCE) {
        resolved.push_str(&rest[..at]);
        match reference(&rest[at..]) {
            Some((path, after)) => {
                let written = &rest[at..rest.len() - after.len()];
                match follow(&path, results).and_then(Php::as_text) {
                    Some(value) => resolved.push_str(&value),
                    None => resolved.push_str(instead(written, missing)),
                }
                rest = after;
            }
            None => {
                resolved.push_str(REFERENCE);
                rest = &rest[at + REFERENCE.len()..];
            }
        }
    }
    resolved.push_str(rest);
    resolved
}

/// The path of a reference at the start of `text`, and what follows it.
fn reference(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut rest = text.strip_prefix("$result")?;
    let mut path = Vec::new();
    while let Some(part) = rest.strip_prefix('[') {
        let (key, after) = part.split_once(']')?;
        path.push(key);
        rest = after;
    }
    (!path.is_empty()).then_some((path, rest))
}

fn follow<'a>(path: &[&str], results: &'a Php) -> Option<&'a Php> {
    path.iter().try_fold(results, |value, key| value.get(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_take_values_and_texts() {
        let results: Php = serde_json::from_str(r#"{"inv":{"items":[{"id":315},{"id":316}]},"n":7}"#).unwrap();
        for (text, expected) in [
            ("$result[inv][items][1][id]", Php::Number(316.into())),
            ("$result[n]", Php::Number(7.into())),
            (
                "no $result[n] of $result[inv][items][0][id]!",
                Php::text("no 7 of 315!"),
            ),
            ("$result[gone][id]", Php::text("")),
            ("$result", Php::text("$result")),
            ("$result[open", Php::text("$result[open")),
        ] {
            let seen = resolve(&Php::text(text), &results, MissingReference::Empty);
            assert_eq!(seen, expected, "{text}");
        }
        for text in ["$result[gone][id]", "no $result[gone] here"] {
            let seen = resolve(&Php::text(text), &results, MissingReference::Kept);
            assert_eq!(seen, Php::text(text));
        }
    }
}
