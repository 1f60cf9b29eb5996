//! Whose turn it is to ask a CRM: what it grants, shared by everything in this ledger that asks it.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError},
    time::Duration,
};

use crm::amocrm::Pace;
use domain::Timestamp;
use outbox::{Budget, BudgetPolicy};
use serde_json::json;
use tokio::sync::Mutex;

use crate::{connect::Kind, session::Session};

/// After «too many requests» without a time, nothing goes for so long.
const LIMITED_PAUSE_MS: u64 = 2_000;

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

/// The turns of one connection.
pub(crate) struct Turns {
    session: Arc<Session>,
    connection: String,
    budget: Arc<Mutex<Budget>>,
}

impl Turns {
    pub(crate) fn new(session: Arc<Session>, connection: &str, kind: Kind) -> Self {
        Self {
            budget: session.budgets.of(connection, kind.budget()),
            session,
            connection: connection.to_owned(),
        }
    }

    /// Holds the budget while waiting, so that calls go in the order they asked.
    pub(crate) async fn take(&self) {
        let mut budget = self.budget.lock().await;
        while let Err(free_at) = self.of_the_grant(&mut budget, |budget, now| budget.take(now, 1)) {
            let wait_ms = free_at.ms_since(self.session.host.now()).max(1);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// The CRM said «too many requests», and perhaps for how long.
    pub(crate) async fn refused(&self, retry_after_ms: Option<u64>) {
        let pause_ms = retry_after_ms.unwrap_or(LIMITED_PAUSE_MS);
        let mut budget = self.budget.lock().await;
        self.of_the_grant(&mut budget, |budget, now| budget.penalise(now, pause_ms));
    }

    /// Changes what is left of the grant. Commands follow one another faster than a bucket drains, and a window may be
    /// open beside them: what each took is kept in the ledger. Where it cannot be, this process counts for itself.
    fn of_the_grant<T>(&self, budget: &mut Budget, mut change: impl FnMut(&mut Budget, Timestamp) -> T) -> T {
        let now = self.session.host.now();
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
}

impl Pace for Turns {
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.take())
    }
}
