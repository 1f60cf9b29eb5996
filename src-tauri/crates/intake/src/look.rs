//! Looking at the disk: what is in the folder, and what one file shows. Reads only.

use std::{
    collections::BTreeSet,
    fs::{self, File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    time::SystemTime,
};

use crate::settling::Look;

/// How much of a file's end is shown to the formats.
pub(crate) const TAIL_BYTES: u64 = 4 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    File(Look),
    /// A placeholder of a cloud folder: opening it would download it.
    InTheCloud(Look),
    /// A directory, a hidden file, a link out of the folder.
    NotOurs,
}

/// All entries of the folder. One that cannot be listed fails the whole listing: half a list would pass for deleted files.
pub(crate) fn list(root: &Path) -> io::Result<BTreeSet<PathBuf>> {
    fs::read_dir(root)?.map(|entry| Ok(entry?.path())).collect()
}

/// `root` is canonical. A link counts as what it points to, as long as that is inside the folder.
pub(crate) fn look_at(root: &Path, path: &Path) -> io::Result<Seen> {
    let mut found = fs::symlink_metadata(path)?;
    if found.is_symlink() {
        if !fs::canonicalize(path)?.starts_with(root) {
            return Ok(Seen::NotOurs);
        }
        found = fs::metadata(path)?;
    }
    if !found.is_file() || attributes::is_hidden(&found) {
        return Ok(Seen::NotOurs);
    }
    let look = Look {
        size: found.len(),
        // A file system without change times leaves the size to tell, and the hash.
        modified: found.modified().unwrap_or(SystemTime::UNIX_EPOCH),
    };
    Ok(if attributes::is_in_the_cloud(&found) {
        Seen::InTheCloud(look)
    } else {
        Seen::File(look)
    })
}

/// The last bytes of the file, or `None` when somebody else has it open. The hold lasts for this look only.
pub(crate) fn tail_if_free(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let Some(mut file) = open_exclusively(path)? else {
        return Ok(None);
    };
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    Ok(Some(tail))
}

#[cfg(windows)]
fn open_exclusively(path: &Path) -> io::Result<Option<File>> {
    use std::os::windows::fs::OpenOptionsExt;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const ERROR_LOCK_VIOLATION: i32 = 33;
    match fs::OpenOptions::new().read(true).share_mode(0).open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error)
            if matches!(
                error.raw_os_error(),
                Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION)
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Locks are advisory here: a writer that takes none is told by the two looks and the end mark.
#[cfg(not(windows))]
fn open_exclusively(path: &Path) -> io::Result<Option<File>> {
    let file = File::open(path)?;
    match file.try_lock() {
        // An error is a file system that knows no locks (some network folders): then there is nothing to respect.
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
    }
}

#[cfg(windows)]
mod attributes {
    use super::Metadata;
    use std::os::windows::fs::MetadataExt;

    const HIDDEN: u32 = 0x2;
    const OFFLINE: u32 = 0x1000;
    const RECALL_ON_OPEN: u32 = 0x4_0000;
    const RECALL_ON_DATA_ACCESS: u32 = 0x40_0000;

    pub(super) fn is_hidden(found: &Metadata) -> bool {
        found.file_attributes() & HIDDEN != 0
    }

    pub(super) fn is_in_the_cloud(found: &Metadata) -> bool {
        found.file_attributes() & (OFFLINE | RECALL_ON_OPEN | RECALL_ON_DATA_ACCESS) != 0
    }
}

/// Elsewhere hidden files are told by their names, and cloud folders keep whole files.
#[cfg(not(windows))]
mod attributes {
    use super::Metadata;

    pub(super) fn is_hidden(_: &Metadata) -> bool {
        false
    }

    pub(super) fn is_in_the_cloud(_: &Metadata) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{TAIL_BYTES, tail_if_free};

    #[test]
    fn the_tail_is_the_end_and_no_more() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        let limit = usize::try_from(TAIL_BYTES).unwrap();
        for (size, expected) in [
            (0, 0),
            (1, 1),
            (limit - 1, limit - 1),
            (limit, limit),
            (limit + 1, limit),
            (9 * limit, limit),
        ] {
            let content: Vec<u8> = (0u8..251).cycle().take(size).collect();
            fs::write(&path, &content).unwrap();
            assert_eq!(
                tail_if_free(&path).unwrap().unwrap(),
                content[size - expected..],
                "{size} bytes"
            );
        }
        assert!(tail_if_free(&dir.path().join("nowhere")).is_err());
    }
}
