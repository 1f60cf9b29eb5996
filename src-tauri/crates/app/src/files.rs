//! Small dealings with files that several use cases share.

use std::{fs::File, path::Path};

use sha2::{Digest, Sha256};

use crate::failure::{Failure, io_failure};

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub(crate) fn sha256(bytes: &[u8]) -> String {
    domain::audit::hex(&Sha256::digest(bytes))
}

/// Makes the name of a file in its folder last through a power cut. Windows does that by itself and opens no folders.
pub(crate) fn sync_folder(file: &Path) -> std::io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Takes a lock that ends with the file's being dropped, also by the death of the process.
///
/// # Errors
/// `held`: somebody has it; the file cannot be made.
pub(crate) fn lock(path: &Path, held: impl FnOnce() -> Failure) -> Result<File, Failure> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| io_failure(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(held()),
        Err(std::fs::TryLockError::Error(error)) => Err(io_failure(path, &error)),
    }
}
