//! Many reads in one request: a batch counts as one against the portal's limit.
//!
//! Only what may be repeated goes into a batch. A write of money goes alone, because a batch whose answer is lost leaves
//! fifty questions open instead of one.

use std::collections::BTreeMap;

use domain::Text;
use serde_json::{Map, Value, json};

use super::{Client, CrmError, READ_PAUSE_MS, READ_RETRIES_MAX};
use crate::{
    answer,
    call::{CallError, Transport},
    php,
};

pub const BATCH: &str = "batch";
/// Commands that a portal takes in one batch.
pub const COMMANDS_MAX: usize = 50;

/// One read that waits to be asked.
pub struct Read {
    pub method: &'static str,
    pub params: Value,
}

/// What a command's answer is called inside its batch. Never a bare number: those come back as an array with holes. Two
/// digits, so that the order of the names is the order of the commands: what refers to another comes behind it.
pub fn key(at: usize) -> String {
    format!("c{at:02}")
}

/// The parameters of a batch. With `halt`, nothing after a failed command is done.
pub fn request<'a>(commands: impl IntoIterator<Item = (&'a str, &'a Value)>, halt: bool) -> Value {
    let commands = commands.into_iter().enumerate();
    let commands = commands.map(|(at, (method, params))| {
        let command = format!("{method}?{}", php::query(params));
        (key(at), Value::String(command))
    });
    json!({"halt": u8::from(halt), "cmd": commands.collect::<Map<String, Value>>()})
}

/// The answers in the order of the commands, each shaped as if it had been asked alone.
pub fn answers(body: &Value, commands: usize) -> Vec<Result<Value, CallError>> {
    let batch = &body["result"];
    let of = |part: &str, key: &str| batch.get(part).and_then(|part| part.get(key)).cloned();
    let one = |at: usize| {
        let key = key(at);
        if let Some(told) = of("result_error", &key) {
            return Err(answer::command_refusal(&told));
        }
        let Some(result) = of("result", &key) else {
            return Err(CallError::NoAnswer {
                detail: Text::new(
                    "в ответе на пакет запросов этого запроса нет",
                    "the answer to a batch leaves this command out",
                ),
            });
        };
        let mut alone = Map::from_iter([("result".to_owned(), result)]);
        for (part, name) in [
            ("result_total", "total"),
            ("result_next", "next"),
            ("result_time", "time"),
        ] {
            if let Some(value) = of(part, &key) {
                alone.insert(name.to_owned(), value);
            }
        }
        Ok(Value::Object(alone))
    };
    (0..commands).map(one).collect()
}

/// Whether a portal takes this only outside of a batch; which methods those are differs and is not all written down.
pub fn wants_to_be_alone(error: &CallError) -> bool {
    let CallError::Refused { code, .. } = error else {
        return false;
    };
    ["ERROR_BATCH_METHOD_NOT_ALLOWED", "ERROR_BATCH_LENGTH_EXCEEDED"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(code))
}

impl<T: Transport> Client<T> {
    /// One batch of at most [`COMMANDS_MAX`] reads; what may not be in one is asked again alone.
    ///
    /// # Errors
    /// The batch could not be asked. What became of each command is in its own answer.
    pub(super) async fn batch(
        &self,
        reads: &[(&'static str, &Value)],
    ) -> Result<Vec<Result<Value, CallError>>, CrmError> {
        let asked = request(reads.iter().copied(), false);
        let body = self.read(BATCH, &asked).await?;
        let mut answers = answers(&body, reads.len());
        for (answer, (method, params)) in answers.iter_mut().zip(reads) {
            if answer.as_ref().is_err_and(wants_to_be_alone) {
                *answer = match self.read(method, params).await {
                    Ok(body) => Ok(body),
                    Err(CrmError::Call { error, .. }) => Err(error),
                    Err(error) => return Err(error),
                };
            }
        }
        Ok(answers)
    }

    /// Asks all of it in as few requests as it takes, repeats what may pass, and answers in the order asked. A command
    /// that the portal refuses is told apart from a portal that could not be asked.
    pub(super) async fn read_together(&self, reads: &[Read]) -> Result<Vec<Result<Value, CallError>>, CrmError> {
        let mut answered: BTreeMap<usize, Result<Value, CallError>> = BTreeMap::new();
        let mut pause_ms = READ_PAUSE_MS;
        for retries in 0..=READ_RETRIES_MAX {
            let open: Vec<(usize, &Read)> = reads
                .iter()
                .enumerate()
                .filter(|(at, _)| !matches!(answered.get(at), Some(Ok(_) | Err(CallError::Refused { .. }))))
                .collect();
            let failed = answered.values().find_map(|answer| {
                answer
                    .as_ref()
                    .err()
                    .filter(|error| !matches!(error, CallError::Refused { .. }))
            });
            match failed {
                _ if open.is_empty() => break,
                Some(error) if !error.may_pass() => break,
                Some(_) => {
                    self.transport.pause(pause_ms).await;
                    pause_ms *= 2;
                }
                None => debug_assert_eq!(retries, 0),
            }
            for part in open.chunks(COMMANDS_MAX) {
                if let [(at, alone)] = part {
                    let answer = match self.read(alone.method, &alone.params).await {
                        Ok(body) => Ok(body),
                        Err(CrmError::Call {
                            error: error @ CallError::Refused { .. },
                            ..
                        }) => Err(error),
                        Err(error) => return Err(error),
                    };
                    answered.insert(*at, answer);
                    continue;
                }
                let asked: Vec<_> = part.iter().map(|(_, read)| (read.method, &read.params)).collect();
                let answers = self.batch(&asked).await?;
                answered.extend(part.iter().map(|(at, _)| *at).zip(answers));
            }
        }
        let mut whole = Vec::with_capacity(reads.len());
        for (read, answer) in reads.iter().zip(answered.into_values()) {
            match answer {
                Ok(_) | Err(CallError::Refused { .. }) => whole.push(answer),
                Err(error) => {
                    let method = read.method;
                    return Err(CrmError::Call { method, error });
                }
            }
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_has_its_own_answer_its_refusal_or_none() {
        let body = json!({"result": {
            "result": {"c00": {"items": []}, "c03": null},
            "result_error": {"c01": {"error": "NOT_FOUND", "error_description": "x"}, "c04": {"error": "QUERY_LIMIT_EXCEEDED"}},
            "result_total": {"c00": 7}, "result_next": [], "result_time": [],
        }});
        let answers = answers(&body, 5);
        assert_eq!(answers[0], Ok(json!({"result": {"items": []}, "total": 7})));
        assert!(answers[1].as_ref().is_err_and(CallError::is_not_found));
        assert!(matches!(answers[2], Err(CallError::NoAnswer { .. })));
        assert_eq!(answers[3], Ok(json!({"result": null})));
        assert!(matches!(answers[4], Err(CallError::Limited { .. })));
    }

    #[test]
    fn maps_that_php_wrote_as_lists_hold_nothing() {
        let body = json!({"result": {"result": [], "result_error": []}});
        assert!(matches!(answers(&body, 1)[..], [Err(CallError::NoAnswer { .. })]));
    }
}
