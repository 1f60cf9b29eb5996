//! The watched folder: whatever folder the settings name now, and every complete file in it imported. A file that
//! failed is told to the person and tried again.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use domain::Text;
use intake::{Arrival, Folder, Mode};

use crate::{
    failure::Failure,
    import::{RefusedFile, is_settled, not_read},
    session::Session,
    wire::FolderState,
};

/// How long one wait for an arrival is; between two the settings are looked at.
const ARRIVAL_WAIT: Duration = Duration::from_millis(200);
/// A file whose import failed, and a folder that cannot be watched, are tried again after this.
const RETRY_AFTER: Duration = Duration::from_secs(5);

const WATCHED_ELSEWHERE: &str = "watch/elsewhere";

/// What to watch, and how.
type Wanted = Option<(PathBuf, Mode)>;

/// Watches whatever folder the settings name, until told to stop.
pub(crate) fn watch_until(session: &Arc<Session>, stopped: &dyn Fn() -> bool) {
    let mut choice = Choice::default();
    let mut watcher = None;
    while !stopped() {
        if watcher.is_none() {
            watcher = lock(session).ok();
        }
        if watcher.is_none() {
            // Another process watches; when it ends, this one goes on for it.
            std::thread::sleep(ARRIVAL_WAIT);
            continue;
        }
        match choice.now(session) {
            Some((path, mode)) => {
                let wanted = Some((path.clone(), mode));
                watch_folder(session, &path, mode, &mut || stopped() || choice.now(session) != wanted);
            }
            None => std::thread::sleep(ARRIVAL_WAIT),
        }
    }
}

/// One process watches at a time: two would import every file twice, though nothing would be booked twice.
fn lock(session: &Session) -> Result<File, Failure> {
    crate::files::lock(&session.folder().join("watch.lock"), || {
        Failure::new(
            WATCHED_ELSEWHERE,
            Text::new(
                "за папкой следит другая запущенная «Сверка»",
                "another running Sverka watches the folder",
            ),
            Text::new("ничего делать не нужно", "nothing needs doing"),
        )
    })
}

/// What another process does, where this one does not watch.
pub(crate) fn watched_elsewhere(session: &Session) -> Option<Text> {
    lock(session)
        .err()
        .filter(|failure| failure.code == WATCHED_ELSEWHERE)
        .map(|failure| failure.message)
}

/// The choice in the ledger's settings, read again only when something was written.
#[derive(Default)]
struct Choice {
    seen: Option<u64>,
    wanted: Wanted,
}

impl Choice {
    /// A ledger that does not answer for a moment changes nothing.
    fn now(&mut self, session: &Session) -> Wanted {
        match session.ledger.change_counter() {
            Ok(counter) if self.seen != Some(counter) => match wanted(session) {
                Ok(wanted) => {
                    self.seen = Some(counter);
                    self.wanted = wanted;
                }
                Err(failure) => tracing::warn!(code = failure.code, "the settings cannot be read"),
            },
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the ledger does not answer"),
        }
        self.wanted.clone()
    }
}

fn wanted(session: &Session) -> Result<Wanted, Failure> {
    let settings = session.settings()?;
    let mode = if settings.folder_is_remote {
        Mode::Poll
    } else {
        Mode::Events
    };
    let folder = settings.folder.map(|folder| (PathBuf::from(folder), mode));
    Ok(if session.paused()? { None } else { folder })
}

fn watch_folder(session: &Arc<Session>, path: &Path, mode: Mode, done: &mut dyn FnMut() -> bool) {
    let (folder, arrivals) = match start_watching(session, path, mode) {
        Ok(started) => started,
        Err(failure) => {
            folder_is(session, FolderState::Gone, failure.told());
            std::thread::sleep(RETRY_AFTER);
            return;
        }
    };
    folder_is(session, FolderState::Watching, Text::same(""));
    tell_of_refused(session, path);
    let mut failed: Vec<(Instant, PathBuf)> = Vec::new();
    while !done() {
        match arrivals.recv_timeout(ARRIVAL_WAIT) {
            Ok(arrival) => {
                if let Some(path) = take(session, arrival) {
                    failed.push((Instant::now() + RETRY_AFTER, path));
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        let now = Instant::now();
        for (_, path) in failed.extract_if(.., |(at, _)| *at <= now) {
            try_again(session, &folder, path);
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
        // Where the ledger does not answer the file arrives, and its import says why.
        move |sha256: &str| {
            let record = known.ledger.file_known(sha256);
            record.is_ok_and(|record| record.is_some_and(|record| is_settled(&record, &known.profiles_mark())))
        },
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

/// Files of the folder that were refused before this start: they do not arrive again, and still nobody can use them.
fn tell_of_refused(session: &Session, folder: &Path) {
    let files = match session.ledger.files() {
        Ok(files) => files,
        Err(error) => return tracing::warn!(%error, "the ledger does not answer"),
    };
    let mut seen = BTreeSet::new();
    let profiles = session.profiles_mark();
    for record in files {
        // The latest look at a name is what it is now.
        let path = folder.join(&record.name);
        if seen.insert(record.name.clone())
            && path.is_file()
            && let Some(refused) = RefusedFile::of(&record, &profiles)
        {
            session.notice(about(&path), refused.why);
        }
    }
}

/// Does what an arrival asks for. The answer is a file that must be tried again.
fn take(session: &Arc<Session>, arrival: Arrival) -> Option<PathBuf> {
    match arrival {
        Arrival::File { path, name, .. } => return import(session, path, &name),
        Arrival::FolderGone { why } => folder_is(session, FolderState::Gone, why),
        Arrival::FolderBack => folder_is(session, FolderState::Watching, Text::same("")),
        Arrival::Unreadable { path, why } => {
            tracing::warn!(path = %path.display(), why = why.en, "a file in the folder cannot be read");
            session.notice(about(&path), why);
        }
        Arrival::EventsUnavailable { why } => session.notice("folder events", why),
    }
    None
}

fn import(session: &Arc<Session>, path: PathBuf, name: &str) -> Option<PathBuf> {
    match session.import_file(&path) {
        Ok(imported) if imported.readable => session.settled(&about(&path)),
        Ok(imported) => session.notice(about(&path), not_read(name, &imported.diagnostics)),
        Err(failure) => {
            tracing::error!(
                code = failure.code,
                message = failure.message.en,
                "a file was not imported"
            );
            if !path.exists() {
                session.settled(&about(&path));
                return None;
            }
            let told = failure.told();
            session.notice(
                about(&path),
                Text::new(
                    format!("Файл «{name}» пока не загружен, попытка повторится сама: {}", told.ru),
                    format!(
                        "The file «{name}» is not imported yet and will be tried again: {}",
                        told.en
                    ),
                ),
            );
            return Some(path);
        }
    }
    None
}

/// The file may have been booked before something else failed: then it does not arrive again, and the rest is done here.
fn try_again(session: &Session, folder: &Folder, path: PathBuf) {
    match session.catch_up() {
        Ok(()) => session.settled(&about(&path)),
        Err(failure) => tracing::warn!(code = failure.code, "catching up failed"),
    }
    // `false`: the watching has ended, and the next one finds the file anew.
    folder.report_again(path);
}

fn about(path: &Path) -> String {
    path.display().to_string()
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use intake::Arrival;

    use super::{import, take};
    use crate::{Session, testing::TestHost};

    #[test]
    fn the_person_hears_of_files_that_cannot_be_read_until_they_can() {
        let place = tempfile::tempdir().unwrap();
        let session = Arc::new(Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(1))).unwrap());
        let notices = || session.status().unwrap().notices;
        let file = place.path().join("statement.txt");
        std::fs::write(&file, b"%PDF-1.7").unwrap();
        assert_eq!(
            import(&session, file.clone(), "statement.txt"),
            None,
            "not tried for ever"
        );
        assert!(notices()[0].ru.contains("statement.txt"), "{:?}", notices());
        let why = domain::Text::new("занят", "busy");
        take(
            &session,
            Arrival::Unreadable {
                path: file.clone(),
                why,
            },
        );
        assert_eq!(notices()[0].ru, "занят");
        let demo = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../fixtures/demo/kl_to_1c-2026-11-21.txt"
        );
        std::fs::copy(demo, &file).unwrap();
        assert_eq!(import(&session, file.clone(), "statement.txt"), None);
        assert!(notices().is_empty());
    }

    #[test]
    fn a_file_whose_import_failed_is_told_of_and_tried_again_while_it_is_there() {
        let place = tempfile::tempdir().unwrap();
        let session = Arc::new(Session::create(&place.path().join("ledger"), Arc::new(TestHost::new(1))).unwrap());
        let path = place.path().join("a folder by now");
        std::fs::create_dir(&path).unwrap();
        assert_eq!(import(&session, path.clone(), "x"), Some(path.clone()));
        assert_eq!(session.status().unwrap().notices.len(), 1);
        std::fs::remove_dir(&path).unwrap();
        assert_eq!(import(&session, path, "x"), None);
        assert!(session.status().unwrap().notices.is_empty());
    }
}
