//! What the folder reports.

use std::path::PathBuf;

use domain::{Text, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// A complete file whose content the caller did not know.
    File {
        path: PathBuf,
        /// The file's own name, for people.
        name: String,
        size: u64,
        modified: Timestamp,
        /// SHA-256 of the content, 64 lower-case hexadecimal digits.
        sha256: String,
    },
    /// The folder cannot be read: not there, not a folder, no permission, network gone. Said once until it is back.
    FolderGone {
        why: Text,
    },
    FolderBack,
    /// This file cannot be read: no permission, in the cloud only, held by another program for long. Said once for each version of the file; it is tried again at every rescan in silence.
    Unreadable {
        path: PathBuf,
        why: Text,
    },
    /// The OS reports no events for this folder; it is looked through regularly instead. Said once.
    EventsUnavailable {
        why: Text,
    },
}
