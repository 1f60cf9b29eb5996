//! The work that goes on by itself: watching the folder, importing, pulling invoices, delivering. It needs no window.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::task::JoinHandle;

use crate::{
    deliver::{Delivery, Until},
    events::Event,
    session::Session,
    watch,
};

/// After a first failure (no CRM yet, another process delivers), when to try again.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// A CRM that stays away is not asked for invoices more often than this.
const PULL_RETRY_MAX: Duration = Duration::from_secs(60);
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

async fn pull_for_ever(session: Arc<Session>) {
    let mut retry = RETRY_AFTER;
    loop {
        let wait = match session.pull_changes().await {
            Ok(_) => {
                retry = RETRY_AFTER;
                match session.connected_kind() {
                    Ok(Some(kind)) => kind.changes_every(),
                    // Taken away meanwhile, or the ledger says why in the next pull.
                    Ok(None) | Err(_) => RETRY_AFTER,
                }
            }
            Err(failure) if failure.code == "crm/not-connected" => RETRY_AFTER,
            Err(failure) => {
                tracing::debug!(code = failure.code, "no invoices were pulled");
                let wait = retry;
                retry = (retry * 2).min(PULL_RETRY_MAX);
                wait
            }
        };
        tokio::time::sleep(wait).await;
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
