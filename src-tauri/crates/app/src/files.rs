//! Small dealings with files that several use cases share.

use std::path::Path;

use sha2::{Digest, Sha256};

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
    std::fs::File::open(folder)?.sync_all()
}
