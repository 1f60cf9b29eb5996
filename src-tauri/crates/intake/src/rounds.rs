//! Rounds through the folder: looks at the disk, tells [`Settling`], reports what is complete. No thread and no waiting.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc::Sender,
    time::{Duration, SystemTime},
};

use domain::{Text, Timestamp};

use crate::{
    arrival::Arrival,
    digest::sha256_of,
    look::{self, Seen},
    options::Options,
    settling::{Completeness, EndMark, Exclusive, Look, Settling, Verdict},
    sorrows,
};

/// Nobody listens any more: the watching ends.
#[derive(Debug)]
pub(crate) struct NobodyListens;

type EndMarkOf = Box<dyn Fn(&[u8]) -> EndMark + Send>;

/// What the host brings.
pub(crate) struct Asked {
    pub(crate) end_mark: EndMarkOf,
    pub(crate) known: Box<dyn Fn(&str) -> bool + Send>,
    pub(crate) clock: Box<dyn Fn() -> Timestamp + Send>,
}

pub(crate) struct Rounds {
    root: PathBuf,
    /// The folder as the disk knows it; `None` while it is away.
    canonical: Option<PathBuf>,
    gone_reported: bool,
    retry_ms: u64,
    rest_ms: u64,
    settling: Settling,
    asked: Asked,
    arrivals: Sender<Arrival>,
}

impl Rounds {
    pub(crate) fn new(root: PathBuf, options: &Options, asked: Asked, arrivals: Sender<Arrival>) -> Self {
        Self {
            root,
            canonical: None,
            gone_reported: false,
            retry_ms: options.rescan_ms,
            rest_ms: options.rest_ms,
            settling: Settling::new(options.look_gap_ms, options.rest_ms),
            asked,
            arrivals,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder, if it is there, as of the last full round.
    pub(crate) fn canonical(&self) -> Option<&Path> {
        self.canonical.as_deref()
    }

    /// Whether it is worth letting go of the folder to see if it is still there. Windows tells nobody that a watched
    /// folder was deleted, and may keep it, empty, until nobody watches it.
    pub(crate) fn may_be_gone(&self) -> bool {
        find(&self.root)
            .and_then(fs::read_dir)
            .map_or(true, |mut entries| entries.next().is_none())
    }

    /// Finds the folder anew: it may have gone, or another may stand in its place. To be called before events are armed,
    /// so that nothing falls between.
    pub(crate) fn find_folder(&mut self) -> Result<(), NobodyListens> {
        match find(&self.root) {
            Ok(canonical) => {
                self.canonical = Some(canonical);
                if std::mem::take(&mut self.gone_reported) {
                    self.report(Arrival::FolderBack)?;
                }
                Ok(())
            }
            Err(error) => self.folder_is_gone(&error),
        }
    }

    /// A look at everything in the folder.
    pub(crate) fn everything(&mut self) -> Result<(), NobodyListens> {
        if self.canonical.is_none() {
            return Ok(());
        }
        match look::list(&self.root) {
            Ok(present) => {
                self.settling.keep_only(&present);
                present.iter().try_for_each(|path| self.visit(path))
            }
            Err(error) => self.folder_is_gone(&error),
        }
    }

    pub(crate) fn entries<'a>(&mut self, paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), NobodyListens> {
        paths.into_iter().try_for_each(|path| self.visit(path))
    }

    /// As if it had never been seen.
    pub(crate) fn again(&mut self, path: &Path) -> Result<(), NobodyListens> {
        self.settling.forget(path);
        self.visit(path)
    }

    /// A second look at what had to wait until now.
    pub(crate) fn waiting(&mut self) -> Result<(), NobodyListens> {
        let due = self.settling.due((self.asked.clock)());
        self.entries(&due)
    }

    /// How long until somebody waits no more; `None`: nobody waits.
    pub(crate) fn wait_ms(&self) -> Option<u64> {
        let until = self.settling.poll_timeout()?;
        Some(until.ms_since((self.asked.clock)()))
    }

    pub(crate) fn report(&self, arrival: Arrival) -> Result<(), NobodyListens> {
        self.arrivals.send(arrival).map_err(|_| NobodyListens)
    }

    fn folder_is_gone(&mut self, error: &io::Error) -> Result<(), NobodyListens> {
        self.canonical = None;
        if std::mem::replace(&mut self.gone_reported, true) {
            return Ok(());
        }
        self.report(Arrival::FolderGone {
            why: sorrows::folder(&self.root, error),
        })
    }

    fn visit(&mut self, path: &Path) -> Result<(), NobodyListens> {
        let ignored = path
            .file_name()
            .is_none_or(|name| crate::names::is_ignored(&name.to_string_lossy()));
        let Some(root) = &self.canonical else {
            return Ok(());
        };
        if ignored {
            return Ok(());
        }
        let now = (self.asked.clock)();
        match look::look_at(root, path) {
            Ok(Seen::File(look)) => match self.settling.look(path, look, now) {
                Verdict::Ask => self.ask(path, look),
                Verdict::Wait { .. } | Verdict::Known => Ok(()),
            },
            Ok(Seen::InTheCloud(look)) => {
                self.settling.look(path, look, now);
                self.unreadable(path, sorrows::in_the_cloud(path), self.retry_ms)
            }
            Ok(Seen::NotOurs) => {
                self.settling.forget(path);
                Ok(())
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    // Nothing was seen of it; an empty look gives the trouble a name to be remembered by.
                    let nothing = Look {
                        size: 0,
                        modified: SystemTime::UNIX_EPOCH,
                    };
                    self.settling.look(path, nothing, now);
                }
                self.trouble(path, &error)
            }
        }
    }

    fn ask(&mut self, path: &Path, look: Look) -> Result<(), NobodyListens> {
        let (exclusive, end_mark) = match look::tail_if_free(path) {
            Ok(Some(tail)) => (Exclusive::Yes, (self.asked.end_mark)(&tail)),
            Ok(None) if self.settling.has_rested(path, (self.asked.clock)()) => {
                return self.unreadable(path, sorrows::busy(path), self.rest_ms);
            }
            Ok(None) => (Exclusive::No, EndMark::Unknown),
            Err(error) => return self.trouble(path, &error),
        };
        match self.settling.answer(path, exclusive, end_mark, (self.asked.clock)()) {
            Completeness::Complete => self.take(path, look),
            Completeness::Wait { .. } => Ok(()),
        }
    }

    fn take(&mut self, path: &Path, look: Look) -> Result<(), NobodyListens> {
        let Some(root) = &self.canonical else {
            return Ok(());
        };
        let read = sha256_of(path).and_then(|sha256| Ok((sha256, look::look_at(root, path)?)));
        let (sha256, after) = match read {
            Ok((sha256, Seen::File(after))) => (sha256, after),
            Ok((_, Seen::InTheCloud(_) | Seen::NotOurs)) => {
                self.settling.forget(path);
                return Ok(());
            }
            Err(error) => return self.trouble(path, &error),
        };
        if !self.settling.taken(path, after, (self.asked.clock)()) || (self.asked.known)(&sha256) {
            return Ok(());
        }
        self.report(Arrival::File {
            path: path.to_owned(),
            name: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            size: look.size,
            modified: on_the_calendar(look.modified),
            sha256,
        })
    }

    fn trouble(&mut self, path: &Path, error: &io::Error) -> Result<(), NobodyListens> {
        // Deleted or renamed while it settled, or a link to nothing.
        if error.kind() == io::ErrorKind::NotFound {
            self.settling.forget(path);
            return Ok(());
        }
        // A network that went in the middle of a round is one trouble, not one for each file.
        if let Err(error) = find(&self.root) {
            return self.folder_is_gone(&error);
        }
        self.unreadable(path, sorrows::file(path, error), self.retry_ms)
    }

    fn unreadable(&mut self, path: &Path, why: Text, retry_ms: u64) -> Result<(), NobodyListens> {
        if !self.settling.unreadable(path, (self.asked.clock)(), retry_ms) {
            return Ok(());
        }
        self.report(Arrival::Unreadable {
            path: path.to_owned(),
            why,
        })
    }
}

/// The canonical folder; what is there but is no folder is an error too.
fn find(root: &Path) -> io::Result<PathBuf> {
    let canonical = fs::canonicalize(root)?;
    if fs::metadata(&canonical)?.is_dir() {
        Ok(canonical)
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

fn on_the_calendar(moment: SystemTime) -> Timestamp {
    let ms = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
    Timestamp(match moment.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => ms(after),
        Err(before) => -ms(before.duration()),
    })
}
