//! The line to the CRM: HTTP, paced by the budget the CRM grants, every call written to the encrypted journal.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, PoisonError},
    time::Duration,
};

use crm::{CallError, Transport};
use domain::Timestamp;
use outbox::{Budget, BudgetPolicy};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{connect::Kind, failure::Failure, session::Session, vault};

/// Name under which journal lines are sealed.
pub(crate) const JOURNAL: &str = "crm.journal";
/// After «too many requests» without a time, nothing goes for so long.
const LIMITED_PAUSE_MS: u64 = 2_000;

pub(crate) struct Link<H> {
    http: H,
    session: Arc<Session>,
    connection: String,
    key: vault::DataKey,
    budget: Arc<Mutex<Budget>>,
}

/// A pull and a delivery at the same time ask the same CRM: what it grants is one, over all processes of the ledger.
/// Another CRM grants its own.
#[derive(Default)]
pub(crate) struct Budgets(std::sync::Mutex<BTreeMap<String, Arc<Mutex<Budget>>>>);

impl Budgets {
    fn of(&self, connection: &str, policy: BudgetPolicy) -> Arc<Mutex<Budget>> {
        // A map of shared handles is whole even if a thread died with it.
        let mut budgets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let budget = budgets
            .entry(connection.to_owned())
            .or_insert_with(|| Arc::new(Mutex::new(Budget::new(policy))));
        Arc::clone(budget)
    }
}

impl<H> Link<H> {
    pub(crate) fn new(session: Arc<Session>, http: H, connection: &str, kind: Kind) -> Result<Self, Failure> {
        let key = session.data_key()?;
        let budget = session.budgets.of(connection, kind.budget());
        Ok(Self {
            http,
            session,
            connection: connection.to_owned(),
            key,
            budget,
        })
    }

    fn now(&self) -> Timestamp {
        self.session.host.now()
    }

    /// Holds the budget while waiting, so that calls go in the order they asked.
    async fn wait_for_budget(&self) {
        let mut budget = self.budget.lock().await;
        while let Err(free_at) = self.of_the_grant(&mut budget, |budget, now| budget.take(now, 1)) {
            tokio::time::sleep(Duration::from_millis(free_at.ms_since(self.now()).max(1))).await;
        }
    }

    /// Changes what is left of the grant. Commands follow one another faster than a bucket drains, and a window may be
    /// open beside them: what each took is kept in the ledger. Where it cannot be, this process counts for itself.
    fn of_the_grant<T>(&self, budget: &mut Budget, mut change: impl FnMut(&mut Budget, Timestamp) -> T) -> T {
        let now = self.now();
        let mut changed = None;
        let kept = self.session.ledger.spend(&self.connection, |before| {
            // What another version wrote and this one cannot read says nothing.
            if let Some(spent) = before.and_then(|before| serde_json::from_str(before).ok()) {
                budget.go_on_from(spent, now);
            }
            changed = Some(change(budget, now));
            json!(budget.spent(now)).to_string()
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "what was taken of the CRM's grant was not kept");
        }
        changed.unwrap_or_else(|| change(budget, now))
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
        self.wait_for_budget().await;
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
            let pause_ms = retry_after_ms.unwrap_or(LIMITED_PAUSE_MS);
            let mut budget = self.budget.lock().await;
            self.of_the_grant(&mut budget, |budget, now| budget.penalise(now, pause_ms));
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
