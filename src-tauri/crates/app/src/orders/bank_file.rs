//! The file for the bank client on its disk: written under a temporary name, read back, given its name, or removed.

use std::{
    fs::File,
    io::Write as _,
    path::{Path, PathBuf},
};

use domain::{Approved, Text};
use formats::onec::ReadOrder;

use crate::failure::{Failure, io_failure};

/// How our files begin: unfinished ones are known by it too.
pub(super) const FILE_PREFIX: &str = "1c_to_kl-";

/// The file on the disk reads back, field by field, as what was approved.
pub(super) fn proven(file: &Path, approved: &[Approved]) -> Result<(), Failure> {
    let bytes = std::fs::read(file).map_err(|error| io_failure(file, &error))?;
    let why = match formats::onec::read_orders(&bytes) {
        Ok(read)
            if read.iter().eq(&approved
                .iter()
                .map(|one| ReadOrder::of(one.order()))
                .collect::<Vec<_>>()) =>
        {
            return Ok(());
        }
        Ok(_) => Text::new("в нём не то, что утверждено", "it does not hold what was approved"),
        Err(error) => error.text(),
    };
    Err(Failure::new(
        "orders/not-read-back",
        Text::new(
            format!("файл для банка не прошёл проверку и удалён: {}", why.ru),
            format!("the file for the bank failed its check and was removed: {}", why.en),
        ),
        Text::new(
            "повторите; если не проходит, проверьте диск и выгрузите платёжки по одной",
            "try again; if it stays, check the disk and export the orders one by one",
        ),
    ))
}

/// Hidden and `.tmp`: neither a bank client nor our own watcher takes it.
pub(super) fn waiting_name(place: &Path, mark: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{mark}.tmp"))
}

/// Unfinished files of this ledger that it never heard of: what it did hear of has its name by now. One that cannot be removed
/// does no harm where it lies.
pub(super) fn remove_unrecorded(folder: &Path, mark: &str) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&format!(".{FILE_PREFIX}")) && name.ends_with(&format!(".txt.{mark}.tmp")) {
            let removed = std::fs::remove_file(entry.path());
            tracing::info!(file = %name, removed = removed.is_ok(), "an unfinished order file");
        }
    }
}

pub(super) fn write_flushed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives the file its name, unless a file of that name is there.
pub(super) fn publish(waiting: &Path, place: &Path) -> std::io::Result<()> {
    if place.exists() {
        return Err(std::io::Error::new(
            std::io::ErrorKind::AlreadyExists,
            "a file of this name is there already",
        ));
    }
    std::fs::rename(waiting, place)?;
    crate::files::sync_folder(place)
}
