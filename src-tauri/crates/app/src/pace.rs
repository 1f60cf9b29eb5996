//! How fast a CRM is asked: what it grants is one for a pull and a delivery at the same time, here and in other processes
//! on the same ledger. Another CRM grants its own.

use std::{
    collections::BTreeMap,
    fs::File,
    future::Future,
    io::{Read, Seek, SeekFrom, Write},
    path::PathBuf,
    pin::Pin,
    sync::{Arc, PoisonError},
    time::Duration,
};

use crm::amocrm::Pace;
use domain::Timestamp;
use outbox::{Budget, BudgetPolicy, Granted};
use tokio::sync::Mutex;

use crate::{connect::Kind, session::Session};

/// The budget of a connection.
pub(crate) struct Turns {
    session: Arc<Session>,
    budget: Arc<Mutex<Budget>>,
    /// Where other processes find what is granted. `None`: the CRM's own counter has room for them, or it would be asked
    /// slower than it lets us.
    shared: Option<PathBuf>,
}

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

impl Turns {
    pub(crate) fn new(session: Arc<Session>, connection: &str, kind: Kind) -> Self {
        let policy = kind.budget();
        let budget = session.budgets.of(connection, policy);
        let file = || session.folder().join(format!("budget-{connection}.json"));
        let shared = (policy.gap_ms > 0).then(file);
        Self {
            session,
            budget,
            shared,
        }
    }

    /// Waits until one more request may go. Holds the budget while waiting, so that calls go in the order they asked.
    pub(crate) async fn take(&self) {
        let mut budget = self.budget.lock().await;
        while let Err(free_at) = self.with(&mut budget, |budget, now| budget.take(now, 1)) {
            let wait_ms = free_at.ms_since(self.session.host.now()).max(1);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// The CRM said there were too many: nothing goes for so long, from anywhere.
    pub(crate) async fn penalise(&self, pause_ms: u64) {
        let mut budget = self.budget.lock().await;
        self.with(&mut budget, |budget, now| budget.penalise(now, pause_ms));
    }

    /// Does something with the budget as all processes have left it. Where the file cannot be used this process keeps to
    /// its own: the CRM's limiter still stands behind it.
    fn with<R>(&self, budget: &mut Budget, act: impl FnOnce(&mut Budget, Timestamp) -> R) -> R {
        let opened = self.shared.as_ref().map(|path| {
            let mut file = File::options()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .open(path)?;
            // Held for as long as it takes to read and write a line.
            file.lock()?;
            let mut line = String::new();
            file.read_to_string(&mut line)?;
            Ok::<_, std::io::Error>((file, line))
        });
        let mut opened = opened.and_then(|opened| {
            opened
                .inspect_err(|error| tracing::warn!(%error, "what a CRM grants is not shared with other processes"))
                .ok()
        });
        let now = self.session.host.now();
        // A line that was cut off by a full disk says nothing.
        let left = opened
            .as_ref()
            .and_then(|(_, line)| serde_json::from_str::<Granted>(line).ok());
        if let Some(left) = left {
            budget.resume(left, now);
        }
        let done = act(budget, now);
        if let Some((file, _)) = &mut opened
            && let Err(error) = write_over(file, budget.granted(now))
        {
            tracing::warn!(%error, "what a CRM grants is not shared with other processes");
        }
        done
    }
}

fn write_over(file: &mut File, granted: Granted) -> std::io::Result<()> {
    let line = serde_json::to_string(&granted)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(line.as_bytes())?;
    file.set_len(u64::try_from(line.len()).unwrap_or_default())
}

impl Pace for Turns {
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHost;

    #[test]
    fn what_one_process_asks_another_does_not_ask_at_the_same_moment() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("ledger");
        let one = Arc::new(Session::create(&folder, Arc::new(TestHost::new(1))).unwrap());
        let other = Arc::new(Session::open(&folder, Arc::new(TestHost::new(2))).unwrap());
        let took = |session: &Arc<Session>, kind: Kind| {
            let connection = if kind == Kind::Amocrm { "amo" } else { "b24" };
            let turns = Turns::new(Arc::clone(session), connection, kind);
            let mut budget = turns.budget.try_lock().unwrap();
            turns.with(&mut budget, |budget, now| budget.take(now, 1)).is_ok()
        };
        assert!(took(&one, Kind::Amocrm));
        assert!(!took(&other, Kind::Amocrm), "the other has just asked");
        // A line that a full disk cut off is as good as none, and each keeps to what it knows.
        let third = Arc::new(Session::open(&folder, Arc::new(TestHost::new(3))).unwrap());
        std::fs::write(folder.join("budget-amo.json"), "{\"as_of\":17").unwrap();
        assert!(!took(&other, Kind::Amocrm));
        std::fs::write(folder.join("budget-amo.json"), "").unwrap();
        assert!(took(&third, Kind::Amocrm));
        // Bitrix24's counter has room for others.
        assert!(took(&one, Kind::Bitrix24) && took(&other, Kind::Bitrix24));
    }
}
