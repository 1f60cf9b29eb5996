//! The work that goes on by itself: watching the folder, importing, pulling invoices, delivering. It needs no window.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::task::{AbortHandle, JoinHandle, JoinSet};

use crate::{
    connect::Kind,
    deliver::{Delivery, Until},
    events::Event,
    session::Session,
    watch,
};

/// After a first failure (no CRM yet, another process delivers), when to try again.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// A CRM that stays away is not asked for invoices more often than this.
const PULL_RETRY_MAX: Duration = Duration::from_secs(60);
/// How often the stages that the user chose are looked for in the CRM.
const CHECK_MAPPING_EVERY: Duration = Duration::from_secs(3_600);
/// How often it is looked whether another process wrote to the ledger.
const LOOK_AT_OTHERS_EVERY: Duration = Duration::from_secs(1);

/// Stops when dropped.
pub struct Worker {
    tasks: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

impl Worker {
    /// Starts on the current tokio runtime.
    #[must_use]
    pub fn start(session: &Arc<Session>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let watching = {
            let (session, stop) = (Arc::clone(session), Arc::clone(&stop));
            tokio::task::spawn_blocking(move || {
                if let Err(failure) = session.catch_up() {
                    tracing::error!(code = failure.code, message = failure.message.en, "catching up failed");
                    session.notice("catch up", failure.message);
                }
                watch::watch_until(&session, &|| stop.load(Ordering::SeqCst));
            })
        };
        let tasks = vec![
            watching,
            tokio::spawn(deliver_for_ever(Arc::clone(session))),
            tokio::spawn(pull_for_ever(Arc::clone(session))),
            tokio::spawn(check_mapping_for_ever(Arc::clone(session))),
            tokio::spawn(notice_others(Arc::clone(session))),
        ];
        Self { tasks, stop }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn deliver_for_ever(session: Arc<Session>) {
    const ABOUT: &str = "delivery";
    loop {
        let run = async { Delivery::open(&session)?.run(Until::Stopped).await };
        match run.await {
            Ok(_) => session.settled(ABOUT),
            // Normal until a CRM is connected, or while another process delivers.
            Err(failure) if failure.code == "crm/not-connected" || failure.code == "outbox/elsewhere" => {
                session.settled(ABOUT);
            }
            Err(failure) => {
                tracing::error!(code = failure.code, message = failure.message.en, "delivering stopped");
                session.notice(ABOUT, failure.told());
            }
        }
        tokio::select! {
            () = tokio::time::sleep(RETRY_AFTER) => {}
            () = session.deliver_bell.notified() => {}
        }
    }
}

/// Each CRM has its own rhythm: one that stays away is asked less and less, and the others go on.
async fn pull_for_ever(session: Arc<Session>) {
    let mut pulled: BTreeMap<String, AbortHandle> = BTreeMap::new();
    let mut pulls = JoinSet::new();
    loop {
        match session.connected() {
            Ok(rows) => {
                for row in rows {
                    if pulled.get(&row.id).is_none_or(AbortHandle::is_finished) {
                        let pull = pull_one_for_ever(Arc::clone(&session), row.id.clone(), Kind::of(row.kind));
                        pulled.insert(row.id, pulls.spawn(pull));
                    }
                }
            }
            Err(failure) => tracing::debug!(code = failure.code, "the connections were not read"),
        }
        while pulls.try_join_next().is_some() {}
        tokio::time::sleep(RETRY_AFTER).await;
    }
}

/// Until its connection is taken away.
async fn pull_one_for_ever(session: Arc<Session>, connection: String, kind: Kind) {
    let mut retry = RETRY_AFTER;
    loop {
        let wait = match session.pull_changes_of(&connection).await {
            Ok(_) => {
                retry = RETRY_AFTER;
                kind.changes_every()
            }
            Err(failure) if failure.code == "crm/not-connected" => return,
            Err(failure) => {
                tracing::debug!(code = failure.code, connection, "no invoices were pulled");
                let wait = retry;
                retry = (retry * 2).min(PULL_RETRY_MAX);
                wait
            }
        };
        tokio::time::sleep(wait).await;
    }
}

/// Stages are removed by whoever keeps the CRM; a message that is refused is the first to notice.
async fn check_mapping_for_ever(session: Arc<Session>) {
    loop {
        let wait = match session.check_mapping().await {
            Ok(()) => CHECK_MAPPING_EVERY,
            Err(failure) => {
                tracing::debug!(code = failure.code, "the chosen stages were not looked at");
                PULL_RETRY_MAX
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = session.mapping_bell.notified() => {}
        }
    }
}

/// What another process wrote to the ledger is shown here too.
async fn notice_others(session: Arc<Session>) {
    let mut seen = None;
    loop {
        match session.ledger.change_counter() {
            Ok(counter) => {
                if seen.replace(counter).is_some_and(|before| before != counter) {
                    session.tell(Event::Changed);
                }
            }
            Err(error) => tracing::warn!(%error, "the ledger does not answer"),
        }
        tokio::time::sleep(LOOK_AT_OTHERS_EVERY).await;
    }
}
