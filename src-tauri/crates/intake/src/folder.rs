//! The watching thread: when to go round. What a round does is in [`crate::rounds`].

use std::{
    collections::BTreeSet,
    io, iter,
    path::{self, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use domain::Timestamp;
use notify::RecommendedWatcher;
use thiserror::Error;

use crate::{
    arrival::Arrival,
    options::{Mode, Options},
    rounds::{Asked, NobodyListens, Rounds},
    settling::EndMark,
    signals::{self, Signal},
    sorrows,
};

/// A clock that stands still (in a test) must not make the thread spin.
const SLEEP_LEAST_MS: u64 = 10;
/// A system that reports an event for every arming must not make the rounds follow each other without a pause.
const ROUND_GAP_LEAST_MS: u64 = 100;

#[derive(Debug, Error)]
pub enum WatchError {
    #[error("«{}» is not a path that can be watched: {source}", path.display())]
    Path { path: PathBuf, source: io::Error },
    #[error("cannot start the thread that watches the folder: {0}")]
    Thread(#[source] io::Error),
}

/// A watched folder. Dropping it ends the watching.
#[derive(Debug)]
pub struct Folder {
    signals: Sender<Signal>,
    thread: Option<JoinHandle<()>>,
}

impl Folder {
    /// Starts watching; the folder need not be there yet.
    ///
    /// `end_mark` is shown the last bytes of a file that lies still. `clock` brings the time. `known` says whether a
    /// content (by its SHA-256) needs no arrival: it is the caller's ledger that remembers, so a file whose import failed
    /// arrives again after a restart, and a copy under another name does not.
    ///
    /// # Errors
    /// The path is empty, or the OS gives no thread.
    pub fn watch(
        path: impl Into<PathBuf>,
        options: &Options,
        end_mark: impl Fn(&[u8]) -> EndMark + Send + 'static,
        clock: impl Fn() -> Timestamp + Send + 'static,
        known: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<(Self, Receiver<Arrival>), WatchError> {
        let path = path.into();
        // Events come with absolute paths; two names for one file would make it two files.
        let root = path::absolute(&path).map_err(|source| WatchError::Path { path, source })?;
        let (arrivals, arrived) = mpsc::channel();
        let (signals, signalled) = mpsc::channel();
        let asked = Asked {
            end_mark: Box::new(end_mark),
            known: Box::new(known),
            clock: Box::new(clock),
        };
        let mut watching = Watching {
            rounds: Rounds::new(root, options, asked, arrivals),
            options: options.clone(),
            signals: signals.clone(),
            signalled,
            events: None,
            events_refused: false,
        };
        let thread = thread::Builder::new()
            .name("intake".to_owned())
            .spawn(move || watching.run())
            .map_err(WatchError::Thread)?;
        let folder = Self {
            signals,
            thread: Some(thread),
        };
        Ok((folder, arrived))
    }

    /// The import of this file failed for a reason that has passed (a full disk, say): it arrives again as if new.
    /// `false`: the watching has ended.
    pub fn report_again(&self, path: impl Into<PathBuf>) -> bool {
        self.signals.send(Signal::Again(path.into())).is_ok()
    }

    /// A person wants everything looked through now. `false`: the watching has ended.
    pub fn look_now(&self) -> bool {
        self.signals.send(Signal::Everything).is_ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.signals.send(Signal::Stop).is_ok()
            && let Some(thread) = self.thread.take()
        {
            // A panic of a closure has been printed by the thread and ended the receiver; a drop cannot tell more.
            let _ = thread.join();
        }
    }
}

struct Watching {
    rounds: Rounds,
    options: Options,
    signals: Sender<Signal>,
    signalled: Receiver<Signal>,
    /// Held for its life only: dropping it ends the events.
    events: Option<RecommendedWatcher>,
    events_refused: bool,
}

impl Watching {
    fn run(&mut self) {
        // Nobody listens any more: that is the way to end.
        let (Ok(()) | Err(NobodyListens)) = self.watch();
    }

    fn watch(&mut self) -> Result<(), NobodyListens> {
        let mut round_at = Instant::now();
        let mut not_before = round_at;
        loop {
            if Instant::now() >= round_at {
                self.whole_round()?;
                not_before = Instant::now() + Duration::from_millis(ROUND_GAP_LEAST_MS);
                round_at = Instant::now() + self.until_next_round();
            }
            self.rounds.waiting()?;
            let presence = self.events.as_ref().map(|_| self.options.gone_look_ms);
            let sleep = [self.rounds.wait_ms(), presence]
                .into_iter()
                .flatten()
                .map(|ms| Duration::from_millis(ms.max(SLEEP_LEAST_MS)))
                .fold(round_at.saturating_duration_since(Instant::now()), Duration::min);
            match self.signalled.recv_timeout(sleep) {
                Err(RecvTimeoutError::Timeout) => {
                    if presence.is_some() && self.rounds.may_be_gone() {
                        round_at = round_at.min(not_before);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Ok(signal) => {
                    // A copying of thousands of files sends many events: one look for each file is enough.
                    let mut entries = BTreeSet::new();
                    for signal in iter::once(signal).chain(self.signalled.try_iter()) {
                        match signal {
                            Signal::Entries(more) => entries.extend(more),
                            Signal::Everything => round_at = round_at.min(not_before),
                            Signal::Again(path) => self.rounds.again(&path)?,
                            Signal::Stop => return Ok(()),
                        }
                    }
                    self.rounds.entries(&entries)?;
                }
            }
        }
    }

    /// Events are armed anew each time, before the look: the folder may have been replaced by another of the same name,
    /// and what comes after the arming is told, what was before is seen. The old ones are let go of before all that, so
    /// that a folder deleted under them is seen to be gone.
    fn whole_round(&mut self) -> Result<(), NobodyListens> {
        if let Some(events) = self.events.take() {
            signals::disarm(self.rounds.root(), events);
        }
        self.rounds.find_folder()?;
        if self.options.mode == Mode::Events
            && let Some(canonical) = self.rounds.canonical()
        {
            match signals::arm(self.rounds.root(), canonical, self.signals.clone()) {
                Ok(events) => {
                    self.events = Some(events);
                    self.events_refused = false;
                }
                Err(error) if !self.events_refused => {
                    self.events_refused = true;
                    let why = sorrows::events(self.rounds.root(), &error);
                    self.rounds.report(Arrival::EventsUnavailable { why })?;
                }
                Err(_) => {}
            }
        }
        self.rounds.everything()
    }

    fn until_next_round(&self) -> Duration {
        let ms = if self.rounds.canonical().is_none() {
            self.options.gone_look_ms.min(self.options.rescan_ms)
        } else if self.events_refused {
            self.options.rescan_ms.min(Options::poll().rescan_ms)
        } else {
            self.options.rescan_ms
        };
        Duration::from_millis(ms.max(SLEEP_LEAST_MS))
    }
}
