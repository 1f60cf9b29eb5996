//! The batch of the portal in memory: PHP queries are read back, references are followed, failures stand beside results.

use serde_json::{Map, Value, json};

use super::{CallError, State};

const COMMANDS_MAX: usize = 50;
/// What the reference does not name as batchable.
const ALONE: [&str; 2] = ["sale.payment.list", "crm.item.payment.list"];

impl State {
    pub(super) fn batch(&mut self, params: &Value) -> Value {
        let commands = params["cmd"].as_object().unwrap().clone();
        let halt = params["halt"] == json!(1);
        assert!(commands.len() <= COMMANDS_MAX, "{} commands", commands.len());
        let (mut results, mut errors) = (Map::new(), Map::new());
        let (mut totals, mut nexts) = (Map::new(), Map::new());
        for (key, command) in commands {
            let (method, query) = command.as_str().unwrap().split_once('?').unwrap();
            assert!(!ALONE.contains(&method), "{method} in a batch");
            let params = parse(query, &results);
            self.commands += 1;
            let alone = self.oddities.lists_want_to_be_alone
                && ["crm.item.list", "crm.timeline.comment.list"].contains(&method);
            let answer = if alone {
                Err(super::refused("ERROR_BATCH_METHOD_NOT_ALLOWED"))
            } else {
                self.answer(method, &params)
            };
            match answer {
                Ok(mut body) => {
                    results.insert(key.clone(), body["result"].take());
                    for (name, into) in [("total", &mut totals), ("next", &mut nexts)] {
                        if let Some(value) = body.get(name) {
                            into.insert(key.clone(), value.clone());
                        }
                    }
                }
                Err(CallError::Refused { code, detail, .. }) => {
                    errors.insert(key, json!({"error": code, "error_description": detail.en}));
                    if halt {
                        break;
                    }
                }
                Err(error) => panic!("{error} inside a batch"),
            }
        }
        let map = |map: Map<String, Value>| if map.is_empty() { json!([]) } else { Value::Object(map) };
        json!({"result": {"result": map(results), "result_error": map(errors), "result_total": map(totals),
                          "result_next": map(nexts), "result_time": []}})
    }
}

/// `a[b][0]=c` back into nested values; numbers stay text, as PHP has them.
fn parse(query: &str, results: &Map<String, Value>) -> Value {
    let mut root = json!({});
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        let value = reference(&decoded(value), results);
        let mut parts = name.split('[').map(|part| decoded(part.trim_end_matches(']')));
        let mut place = &mut root[parts.next().unwrap()];
        for part in parts {
            if place.is_null() {
                *place = json!({});
            }
            place = &mut place[part];
        }
        *place = json!(value);
    }
    listed(root)
}

/// Objects whose keys are 0..n-1 are lists.
fn listed(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let counted = !fields.is_empty() && (0..fields.len()).all(|at| fields.contains_key(&at.to_string()));
    if counted {
        let mut fields = fields;
        return (0..fields.len())
            .map(|at| listed(fields.remove(&at.to_string()).unwrap()))
            .collect();
    }
    Value::Object(fields.into_iter().map(|(key, value)| (key, listed(value))).collect())
}

/// `$result[c0][items][49][id]`; what is not there is nothing.
fn reference(value: &str, results: &Map<String, Value>) -> String {
    let Some(path) = value.strip_prefix("$result[").and_then(|path| path.strip_suffix(']')) else {
        return value.to_owned();
    };
    let mut parts = path.split("][");
    let mut found = results.get(parts.next().unwrap()).cloned().unwrap_or_default();
    for part in parts {
        found = match part.parse::<usize>() {
            Ok(at) if found.is_array() => found[at].take(),
            _ => found[part].take(),
        };
    }
    match found {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            b'+' => bytes.push(b' '),
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).unwrap()
}
