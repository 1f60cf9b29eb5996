//! The program's own log: JSON lines beside the ledger, a file a day. What is secret never gets here: its types do not print.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// How many days are kept.
const DAYS_KEPT: usize = 14;
/// What is written when `SVERKA_LOG` says nothing.
const FILTER: &str = "info";

/// Starts writing under the ledger's folder; where that cannot be written, to stderr, and the window says the rest.
pub fn start(ledger: &Path) {
    let filter = EnvFilter::try_from_env("SVERKA_LOG").unwrap_or_else(|_| EnvFilter::new(FILTER));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter);
    let folder = ledger.join("logs");
    // Made here, because the appender complains about a folder that is not there yet and then makes it.
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("{} cannot be made: {error}", folder.display());
    }
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("desktop")
        .filename_suffix("jsonl")
        .max_log_files(DAYS_KEPT)
        .build(folder);
    let started = match file {
        Ok(file) => log.with_writer(file).try_init(),
        Err(error) => {
            eprintln!("the log goes to stderr: {error}");
            log.with_writer(std::io::stderr).try_init()
        }
    };
    if let Err(error) = started {
        eprintln!("there is no log: {error}");
    }
}
