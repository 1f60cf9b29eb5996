//! Where the ledger and the logs of this user are.

use std::path::{Path, PathBuf};

use app::Failure;
use domain::Text;
use tracing_appender::{non_blocking::WorkerGuard, rolling};

/// # Errors
/// The system names no folder for application data.
pub fn ledger(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    named.or_else(app::default_ledger).ok_or_else(|| {
        Failure::new(
            "ledger/no-place",
            Text::new(
                "у пользователя нет папки для данных программ",
                "the user has no folder for application data",
            ),
            Text::new(
                "назовите папку учёта: --ledger ПАПКА",
                "name the ledger's folder: --ledger DIR",
            ),
        )
    })
}

/// Logs as JSON lines beside the ledger, a file a day, two weeks kept. Where they cannot be written the work goes on.
#[must_use]
pub fn log_to(ledger: &Path) -> Option<WorkerGuard> {
    if !ledger.is_dir() {
        return None;
    }
    let folder = ledger.join("logs");
    std::fs::create_dir_all(&folder).ok()?;
    let appender = rolling::Builder::new()
        .rotation(rolling::Rotation::DAILY)
        .filename_prefix("sverka")
        .filename_suffix("jsonl")
        .max_log_files(14)
        .build(folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let filter = tracing_subscriber::EnvFilter::try_from_env("SVERKA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(writer)
        .with_env_filter(filter)
        .finish();
    tracing::subscriber::set_global_default(subscriber).ok()?;
    Some(guard)
}
