//! What wakes the watching thread: events of the OS, a person who wants a look now, the end.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{self, Sender},
    thread,
    time::Duration,
};

use notify::{
    Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};

/// How long the OS may take to let go of a folder; it takes a tenth of a second at most where nothing is wrong.
const LET_GO_MAX: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) enum Signal {
    /// Something happened to these entries of the folder.
    Entries(BTreeSet<PathBuf>),
    /// Something happened: look everything through.
    Everything,
    /// Report this one again.
    Again(PathBuf),
    Stop,
}

/// Starts the OS's events for one folder. They end when the answer is dropped.
pub(crate) fn arm(root: &Path, canonical: &Path, signals: Sender<Signal>) -> notify::Result<RecommendedWatcher> {
    let roots = [root.to_owned(), canonical.to_owned()];
    let mut watcher = notify::recommended_watcher(move |event| {
        if let Some(signal) = read(&roots, event) {
            // Refused only when the watching thread has ended, and then nobody is to be woken.
            let _ = signals.send(signal);
        }
    })?;
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

/// Ends the events, and waits until the OS has let go of the folder: on Windows a deleted folder keeps its name until
/// then. On a thread of its own, because there a watch whose folder went may never end: then it is left behind.
pub(crate) fn disarm(root: &Path, mut events: RecommendedWatcher) {
    let root = root.to_owned();
    let (ended, end) = mpsc::channel();
    let spawned = thread::Builder::new().name("intake-let-go".to_owned()).spawn(move || {
        // Refused where the OS has ended it by itself. The second call is answered after the first was carried out.
        let _ = events.unwatch(&root).and_then(|()| events.configure(Config::default()));
        drop(events);
        // Nobody waits any more where it took too long.
        let _ = ended.send(());
    });
    if spawned.is_ok() {
        let _ = end.recv_timeout(LET_GO_MAX);
    }
}

/// `roots`: the folder's name as given, and as the OS may call it.
fn read(roots: &[PathBuf; 2], event: notify::Result<Event>) -> Option<Signal> {
    let Ok(event) = event else {
        // An event was lost, nobody knows which.
        return Some(Signal::Everything);
    };
    if event.need_rescan() {
        return Some(Signal::Everything);
    }
    // Our own looks open files too: only the end of a writing is news.
    if let EventKind::Access(access) = event.kind
        && access != AccessKind::Close(AccessMode::Write)
    {
        return None;
    }
    let mut entries = BTreeSet::new();
    for path in &event.paths {
        match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if roots.iter().any(|root| root == parent) => {
                entries.insert(roots[0].join(name));
            }
            // The folder itself: moved, deleted, permissions changed.
            _ => return Some(Signal::Everything),
        }
    }
    (!entries.is_empty()).then_some(Signal::Entries(entries))
}

#[cfg(test)]
mod tests {
    use super::{Signal, read};
    use notify::{
        Error, Event, EventKind,
        event::{AccessKind, AccessMode, CreateKind, Flag, RemoveKind},
    };
    use std::path::PathBuf;

    fn told(event: notify::Result<Event>) -> String {
        let roots = [PathBuf::from("in"), PathBuf::from("/real/in")];
        match read(&roots, event) {
            None => "nothing".into(),
            Some(Signal::Everything) => "everything".into(),
            Some(other @ (Signal::Stop | Signal::Again(_))) => format!("{other:?}"),
            Some(Signal::Entries(entries)) => format!("{entries:?}"),
        }
    }

    fn event(kind: EventKind, path: &str) -> notify::Result<Event> {
        Ok(Event::new(kind).add_path(path.into()))
    }

    #[test]
    fn reads_events() {
        let created = EventKind::Create(CreateKind::File);
        let entry = format!("{:?}", [PathBuf::from("in").join("a.txt")])
            .replace('[', "{")
            .replace(']', "}");
        assert_eq!(told(event(created, "in/a.txt")), entry);
        assert_eq!(told(event(created, "/real/in/a.txt")), entry, "the OS's name is ours");
        assert_eq!(
            told(event(
                EventKind::Access(AccessKind::Close(AccessMode::Write)),
                "in/a.txt"
            )),
            entry
        );
        for own in [
            AccessKind::Open(AccessMode::Any),
            AccessKind::Close(AccessMode::Read),
            AccessKind::Read,
        ] {
            assert_eq!(told(event(EventKind::Access(own), "in/a.txt")), "nothing", "{own:?}");
        }
        assert_eq!(told(event(EventKind::Remove(RemoveKind::Folder), "in")), "everything");
        assert_eq!(told(Err(Error::generic("lost"))), "everything");
        assert_eq!(
            told(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan))),
            "everything"
        );
    }
}
