//! The work that goes on by itself: watching the folder, importing, pulling invoices, delivering. It needs no window.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::Duration,
};

use domain::Text;
use intake::{Arrival, Folder, Mode};
use tokio::task::JoinHandle;

use crate::{
    deliver::{Delivery, Until},
    events::Event,
    failure::Failure,
    session::Session,
    wire::FolderState,
};

/// How often open invoices are pulled.
const PULL_EVERY: Duration = Duration::from_secs(300);
/// After a failure (no CRM yet, another process delivers), when to try again.
const RETRY_AFTER: Duration = Duration::from_secs(2);
/// How often the folder's arrivals are looked at by the thread that imports them.
const ARRIVAL_WAIT: Duration = Duration::from_millis(200);
/// Bytes at a file's end that show whether it is complete.
const POLL_OTHERS: Duration = Duration::from_secs(1);

/// Stops when dropped.
pub struct Worker {
    tasks: Vec<JoinHandle<()>>,
    stop: Arc<std::sync::atomic::AtomicBool>,
}

impl Worker {
    /// Starts on the current tokio runtime.
    #[must_use]
    pub fn start(session: &Arc<Session>) -> Self {
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let watching = {
            let (session, stop) = (Arc::clone(session), Arc::clone(&stop));
            tokio::task::spawn_blocking(move || watch_until(&session, &stop))
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
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn deliver_for_ever(session: Arc<Session>) {
    loop {
        let run = async { Delivery::open(&session)?.run(Until::Stopped).await };
        match run.await {
            Ok(_) => {}
            // Normal until a CRM is connected, or while another process delivers.
            Err(failure) if failure.code == "crm/not-connected" || failure.code == "outbox/elsewhere" => {}
            Err(failure) => tracing::error!(code = failure.code, message = failure.message.en, "delivering stopped"),
        }
        tokio::select! {
            () = tokio::time::sleep(RETRY_AFTER) => {}
            () = session.deliver_bell.notified() => {}
        }
    }
}

async fn pull_for_ever(session: Arc<Session>) {
    loop {
        let wait = match session.pull_invoices().await {
            Ok(_) => PULL_EVERY,
            Err(failure) => {
                tracing::debug!(code = failure.code, "no invoices were pulled");
                RETRY_AFTER
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
        tokio::time::sleep(POLL_OTHERS).await;
    }
}

/// Watches whatever folder the settings name, until told to stop.
fn watch_until(session: &Arc<Session>, stop: &std::sync::atomic::AtomicBool) {
    let stopped = || stop.load(std::sync::atomic::Ordering::SeqCst);
    while !stopped() {
        let chosen = wanted(session);
        if let Some((path, mode)) = &chosen {
            watch_folder(session, path, *mode, || stopped() || wanted(session) != chosen);
        } else {
            std::thread::sleep(ARRIVAL_WAIT);
        }
    }
}

/// The folder to watch now, and how.
fn wanted(session: &Session) -> Option<(PathBuf, Mode)> {
    let settings = session.settings().ok()?;
    if session.paused().ok()? {
        return None;
    }
    let mode = if settings.folder_is_remote {
        Mode::Poll
    } else {
        Mode::Events
    };
    settings.folder.map(|folder| (PathBuf::from(folder), mode))
}

fn watch_folder(session: &Arc<Session>, path: &Path, mode: Mode, done: impl Fn() -> bool) {
    let (folder, arrivals) = match start_watching(session, path, mode) {
        Ok(started) => started,
        Err(failure) => {
            folder_is(session, FolderState::Gone, failure.message);
            std::thread::sleep(RETRY_AFTER);
            return;
        }
    };
    folder_is(session, FolderState::Watching, Text::same(""));
    while !done() {
        match arrivals.recv_timeout(ARRIVAL_WAIT) {
            Ok(arrival) => take(session, arrival),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(folder);
    folder_is(session, FolderState::Idle, Text::same(""));
}

/// Starts the watcher over the session's ledger of known files.
///
/// # Errors
/// The folder's events cannot be had.
fn start_watching(
    session: &Arc<Session>,
    path: &Path,
    mode: Mode,
) -> Result<(Folder, mpsc::Receiver<Arrival>), Failure> {
    let (clock, known) = (Arc::clone(session), Arc::clone(session));
    let options = match mode {
        Mode::Events => intake::Options::default(),
        Mode::Poll => intake::Options::poll(),
    };
    Folder::watch(
        path,
        &options,
        |tail: &[u8]| match formats::ends_complete(tail) {
            formats::EndMark::Present => intake::EndMark::Present,
            formats::EndMark::Absent => intake::EndMark::Absent,
            formats::EndMark::Unknown => intake::EndMark::Unknown,
        },
        move || clock.host.now(),
        move |sha256: &str| known.ledger.file_known(sha256).is_ok_and(|known| known.is_some()),
    )
    .map_err(|error| {
        Failure::new(
            "watch/failed",
            Text::new(
                format!("за папкой «{}» не удаётся следить: {error}", path.display()),
                error.to_string(),
            ),
            Text::new(
                "проверьте папку; для сетевого диска включите опрос",
                "check the folder; for a network drive switch polling on",
            ),
        )
    })
}

fn take(session: &Arc<Session>, arrival: Arrival) {
    match arrival {
        Arrival::File { path, .. } => match session.import_file(&path) {
            Ok(_) => {}
            Err(failure) => tracing::error!(
                code = failure.code,
                message = failure.message.en,
                "a file was not imported"
            ),
        },
        Arrival::FolderGone { why } => folder_is(session, FolderState::Gone, why),
        Arrival::FolderBack => folder_is(session, FolderState::Watching, Text::same("")),
        Arrival::Unreadable { path, why } => {
            tracing::warn!(path = %path.display(), why = why.en, "a file in the folder cannot be read");
        }
        Arrival::EventsUnavailable { why } => tracing::info!(why = why.en, "the folder is looked through regularly"),
    }
}

/// Watching was asked for, and no folder was ever named.
#[must_use]
pub fn no_folder() -> Failure {
    Failure::new(
        "watch/no-folder",
        Text::new("папка с выписками не выбрана", "no folder with statements is chosen"),
        Text::new("назовите её: `sverka watch ПАПКА`", "name it: `sverka watch DIR`"),
    )
}

fn folder_is(session: &Session, state: FolderState, message: Text) {
    {
        let mut live = session.live();
        live.folder = state;
        live.folder_message = message;
    }
    session.changed();
}
