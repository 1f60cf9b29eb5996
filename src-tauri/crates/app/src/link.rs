//! The line to the CRM: HTTP, paced by the budget the CRM grants, every call written to the encrypted journal.

use std::{future::Future, sync::Arc, time::Duration};

use crm::{CallError, Transport};
use domain::Timestamp;
use serde_json::{Value, json};

use crate::{connect::Kind, failure::Failure, session::Session, turns::Turns, vault};

/// Name under which journal lines are sealed.
pub(crate) const JOURNAL: &str = "crm.journal";

pub(crate) struct Link<H> {
    http: H,
    session: Arc<Session>,
    connection: String,
    key: vault::DataKey,
    turns: Turns,
}

impl<H> Link<H> {
    pub(crate) fn new(session: Arc<Session>, http: H, connection: &str, kind: Kind) -> Result<Self, Failure> {
        Ok(Self {
            http,
            key: session.data_key()?,
            turns: Turns::new(Arc::clone(&session), connection, kind),
            session,
            connection: connection.to_owned(),
        })
    }

    fn now(&self) -> Timestamp {
        self.session.host.now()
    }

    /// The ledger's call journal. A full disk must not stop a delivery that is under way: it is told to the log, and
    /// the delivery itself will meet the same disk when it stores its outcome.
    fn journal(&self, method: &str, params: &Value, outcome: &str, ms: u64) {
        let line = json!({ "connection": self.connection, "method": method, "ids": ids(params), "fields": keys(params),
            "outcome": outcome, "ms": ms });
        let sealed = vault::seal(
            self.session.host.as_ref(),
            &self.key,
            JOURNAL,
            line.to_string().as_bytes(),
        );
        let written = sealed
            .map_err(Failure::from)
            .and_then(|sealed| Ok(self.session.ledger.append_call(&sealed, self.now())?));
        if let Err(failure) = written {
            tracing::warn!(code = failure.code, "the call journal was not written");
        }
    }
}

impl<H: Transport + Send> Transport for Link<H> {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        self.turns.take().await;
        let started = self.now();
        let answer = self.http.call(method, params).await;
        let outcome = match &answer {
            Ok(_) => "ok",
            Err(CallError::NotSent { .. }) => "not_sent",
            Err(CallError::NoAnswer { .. }) => "no_answer",
            Err(CallError::Limited { .. }) => "limited",
            Err(CallError::Unauthorised { .. }) => "unauthorised",
            Err(CallError::Refused { .. }) => "refused",
            Err(CallError::ServerFailed { .. }) => "server_failed",
            Err(CallError::Moved { .. }) => "moved",
        };
        if let Err(CallError::Limited { retry_after_ms, .. }) = &answer {
            self.turns.refused(*retry_after_ms).await;
        }
        self.journal(method, params, outcome, self.now().ms_since(started));
        answer
    }

    fn pause(&self, ms: u64) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(Duration::from_millis(ms))
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.http.server_time()
    }
}

/// The ids a call names, which are what a support case needs; texts and sums stay out.
fn ids(params: &Value) -> Value {
    let mut found = serde_json::Map::new();
    gather(params, &mut |key, value| {
        let is_id = key.eq_ignore_ascii_case("id") || key.to_ascii_lowercase().ends_with("id");
        if is_id && (value.is_number() || value.is_string()) {
            found.insert(key.to_owned(), value.clone());
        }
    });
    Value::Object(found)
}

/// The names of the fields a call carries.
fn keys(params: &Value) -> Value {
    let mut found = Vec::new();
    gather(params, &mut |key, _| {
        if !found.iter().any(|known| known == key) {
            found.push(key.to_owned());
        }
    });
    json!(found)
}

fn gather(value: &Value, take: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                take(key, value);
                gather(value, take);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, take)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn the_journal_holds_ids_and_names_and_no_words() {
        let params =
            json!({ "entityTypeId": 31, "id": 315, "fields": { "stageId": "DT31_3:P", "COMMENT": "ООО Ромашка" } });
        assert_eq!(
            super::ids(&params),
            json!({ "entityTypeId": 31, "id": 315, "stageId": "DT31_3:P" })
        );
        assert!(!super::keys(&params).to_string().contains("Ромашка"));
    }
}
