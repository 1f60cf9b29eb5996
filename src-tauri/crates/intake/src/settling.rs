//! When is a file complete? The core, without IO and without a clock.
//!
//! A file is asked about when two looks at least a gap apart showed the same size and change time. It is taken when it
//! opens exclusively and its end mark is there, or when it has rested long without one. Everything else waits. A file
//! that was taken is remembered as it was and not touched again until size or time differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::SystemTime,
};

use domain::Timestamp;

/// What a look at the disk showed, without opening the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub size: u64,
    /// Compared for equality only: it is the file system's clock, not ours.
    pub modified: SystemTime,
}

/// What the last bytes of a file say about its being finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndMark {
    Present,
    Absent,
    /// The format has none, or is not known.
    Unknown,
}

/// Whether the file could be opened with nobody else having it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusive {
    Yes,
    /// Somebody is still writing (or reading) it.
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Look again then.
    Wait { until: Timestamp },
    /// Still for two looks: open it, show its tail, and say what came of it with [`Settling::answer`].
    Ask,
    /// Taken before and unchanged since.
    Known,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// Read it, look once more and say so with [`Settling::taken`].
    Complete,
    /// Look again then.
    Wait { until: Timestamp },
}

#[derive(Debug, Clone)]
struct Watched {
    look: Look,
    /// Since when every look showed the same.
    still_since: Timestamp,
    /// Before this moment there is nothing to ask.
    not_before: Timestamp,
    taken: bool,
    reported: bool,
}

#[derive(Debug)]
pub struct Settling {
    look_gap_ms: u64,
    rest_ms: u64,
    files: BTreeMap<PathBuf, Watched>,
}

impl Settling {
    /// A gap of zero is read as 1: one look never suffices.
    #[must_use]
    pub fn new(look_gap_ms: u64, rest_ms: u64) -> Self {
        let look_gap_ms = look_gap_ms.max(1);
        Self {
            look_gap_ms,
            rest_ms: rest_ms.max(look_gap_ms),
            files: BTreeMap::new(),
        }
    }

    /// A look at a file, on whatever occasion; looks may come as often as events do.
    pub fn look(&mut self, path: &Path, look: Look, now: Timestamp) -> Verdict {
        let first_wait = now.plus_ms(self.look_gap_ms);
        let Some(file) = self.files.get_mut(path) else {
            self.files.insert(path.to_owned(), Watched::new(look, now, first_wait));
            return Verdict::Wait { until: first_wait };
        };
        if file.look != look {
            *file = Watched::new(look, now, first_wait);
            return Verdict::Wait { until: first_wait };
        }
        if file.taken {
            return Verdict::Known;
        }
        file.mind_the_clock(now, self.rest_ms);
        if now < file.not_before {
            return Verdict::Wait { until: file.not_before };
        }
        if look.size == 0 {
            // Banks create the file first. An empty one is never complete, however long it rests.
            file.not_before = now.plus_ms(self.rest_ms);
            return Verdict::Wait { until: file.not_before };
        }
        Verdict::Ask
    }

    /// What opening showed, after [`Verdict::Ask`].
    pub fn answer(&mut self, path: &Path, exclusive: Exclusive, end_mark: EndMark, now: Timestamp) -> Completeness {
        let again = now.plus_ms(self.look_gap_ms);
        let Some(file) = self.files.get_mut(path) else {
            return Completeness::Wait { until: again };
        };
        let rested_at = file.still_since.plus_ms(self.rest_ms);
        let until = match (exclusive, end_mark) {
            (Exclusive::No, _) => again,
            (Exclusive::Yes, EndMark::Present) => return Completeness::Complete,
            (Exclusive::Yes, EndMark::Absent | EndMark::Unknown) if now >= rested_at => return Completeness::Complete,
            (Exclusive::Yes, EndMark::Absent | EndMark::Unknown) => rested_at,
        };
        file.not_before = until;
        Completeness::Wait { until }
    }

    /// It lies still for the long rest already: whoever holds it does not write.
    #[must_use]
    pub fn has_rested(&self, path: &Path, now: Timestamp) -> bool {
        self.files
            .get(path)
            .is_some_and(|file| now >= file.still_since.plus_ms(self.rest_ms))
    }

    /// It was read whole; `after` is a look from after the reading. `false`: it changed meanwhile, what was read is worth
    /// nothing and it settles anew.
    pub fn taken(&mut self, path: &Path, after: Look, now: Timestamp) -> bool {
        let first_wait = now.plus_ms(self.look_gap_ms);
        match self.files.get_mut(path) {
            Some(file) if file.look == after => {
                file.taken = true;
                true
            }
            _ => {
                self.files.insert(path.to_owned(), Watched::new(after, now, first_wait));
                false
            }
        }
    }

    /// It could not be read. `true` once for each version of the file: time to tell somebody. It is tried again at the
    /// next look that comes after `retry_ms`.
    pub fn unreadable(&mut self, path: &Path, now: Timestamp, retry_ms: u64) -> bool {
        let Some(file) = self.files.get_mut(path) else {
            return false;
        };
        file.not_before = now.plus_ms(retry_ms.max(self.look_gap_ms));
        !std::mem::replace(&mut file.reported, true)
    }

    /// It is not there any more.
    pub fn forget(&mut self, path: &Path) {
        self.files.remove(path);
    }

    /// After a look through the whole folder: what was not there is forgotten.
    pub fn keep_only(&mut self, present: &BTreeSet<PathBuf>) {
        self.files.retain(|path, _| present.contains(path));
    }

    /// The files to look at by now.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Vec<PathBuf> {
        self.waiting()
            .filter(|(_, file)| file.not_before <= now)
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// When [`Settling::due`] is worth asking.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.waiting().map(|(_, file)| file.not_before).min()
    }

    fn waiting(&self) -> impl Iterator<Item = (&PathBuf, &Watched)> {
        self.files.iter().filter(|(_, file)| !file.taken)
    }
}

impl Watched {
    fn new(look: Look, now: Timestamp, not_before: Timestamp) -> Self {
        Self {
            look,
            still_since: now,
            not_before,
            taken: false,
            reported: false,
        }
    }

    /// A clock that was set back must neither hold a file for long nor count as rest.
    fn mind_the_clock(&mut self, now: Timestamp, rest_ms: u64) {
        if now < self.still_since {
            self.still_since = now;
            self.not_before = self.not_before.min(now.plus_ms(rest_ms));
        }
    }
}
