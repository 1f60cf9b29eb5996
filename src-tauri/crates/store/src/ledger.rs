//! Opening a ledger, and how it is read and written: one writer, one reader, both behind locks, transactions only.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{Actor, AuditEvent, Timestamp};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::{
    StoreError,
    migrations::{self, APPLICATION_ID},
    table::{audit, balance},
};

const FILE_NAME: &str = "ledger.sqlite";
/// Held only while a ledger is made or its schema renewed.
const LOCK_NAME: &str = "ledger.lock";
/// How long a write waits for another process's write. An import of a large file holds the ledger for seconds.
const BUSY_TIMEOUT_MS: u64 = 30_000;
const STATEMENTS_CACHED_MAX: usize = 64;
/// Pages a connection keeps in memory: an import touches indexes all over.
const CACHE_KIB: i64 = 32 * 1024;

/// An open ledger. It can be shared between threads, and several processes may have the same one open.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    pub(crate) blocked: balance::BlockedCache,
}

impl Ledger {
    /// Makes a new ledger in the folder, and the folder where there is none.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`]; a foreign file in its place; a folder that cannot be written to.
    pub fn create(folder: &Path, at: Timestamp) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|error| StoreError::from_io(&error, folder))?;
        let made = || -> Result<(), StoreError> {
            let _lock = lock(folder)?;
            let mut connection = Connection::open(folder.join(FILE_NAME))?;
            match kind(&connection)? {
                Kind::Ledger { .. } => {
                    return Err(StoreError::AlreadyExists {
                        folder: folder.to_owned(),
                    });
                }
                Kind::Foreign => {
                    return Err(StoreError::NotALedger {
                        folder: folder.to_owned(),
                    });
                }
                // Also what a creation that was killed leaves behind.
                Kind::Empty => {}
            }
            prepare(&connection)?;
            migrations::run(&mut connection)?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            audit::append(
                &transaction,
                AuditEvent {
                    at,
                    actor: Actor::Program,
                    action: "ledger.created".to_owned(),
                    subject: String::new(),
                    body: format!("{{\"identity\":{}}}", domain::identity::VERSION),
                },
            )?;
            Ok(transaction.commit()?)
        };
        made().map_err(|error| error.located(folder))?;
        Self::open(folder)
    }

    /// Opens the ledger in the folder, and brings its schema up to date.
    ///
    /// # Errors
    /// No ledger there, or something else; one written by a newer program; a folder that cannot be written to.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_existing(folder).map_err(|error| error.located(folder))
    }

    fn open_existing(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE_NAME);
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => {
                return Err(StoreError::NotALedger {
                    folder: folder.to_owned(),
                });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::NoLedger {
                    folder: folder.to_owned(),
                });
            }
            Err(error) => return Err(StoreError::from_io(&error, folder)),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut writer = Connection::open_with_flags(&path, flags)?;
        match kind(&writer)? {
            Kind::Ledger { version } if version > migrations::latest() => {
                return Err(StoreError::Newer {
                    folder: folder.to_owned(),
                    found: version,
                    known: migrations::latest(),
                });
            }
            Kind::Ledger { version } => {
                if writer.is_readonly("main")? {
                    return Err(StoreError::ReadOnly {
                        folder: folder.to_owned(),
                    });
                }
                prepare(&writer)?;
                if version < migrations::latest() {
                    let _lock = lock(folder)?;
                    migrations::run(&mut writer)?;
                }
            }
            Kind::Foreign => {
                return Err(StoreError::NotALedger {
                    folder: folder.to_owned(),
                });
            }
            Kind::Empty => {
                return Err(StoreError::NoLedger {
                    folder: folder.to_owned(),
                });
            }
        }
        let reader = Connection::open_with_flags(&path, flags)?;
        prepare(&reader)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self {
            folder: folder.to_owned(),
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
            blocked: balance::BlockedCache::default(),
        })
    }

    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A number that changes whenever anything was written, by this process or by another.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn change_counter(&self) -> Result<u64, StoreError> {
        // The reader never writes, so every commit is another connection's to it.
        self.read(|connection| {
            let version: i64 = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
            crate::columns::whole(version)
        })
    }

    /// One consistent look.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = reader
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(StoreError::from)
            .and_then(|transaction| look(&transaction));
        seen.map_err(|error| error.located(&self.folder))
    }

    /// One write: all of it or nothing.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.lock_writer();
        let written = writer
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)
            .and_then(|transaction| {
                let outcome = change(&transaction)?;
                transaction.commit()?;
                Ok(outcome)
            });
        written.map_err(|error| error.located(&self.folder))
    }

    /// A panic in the middle of a transaction rolls it back, so a poisoned lock guards a sound connection.
    pub(crate) fn lock_writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Kind {
    Empty,
    Ledger { version: i64 },
    Foreign,
}

fn kind(connection: &Connection) -> Result<Kind, StoreError> {
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (application, version, tables) {
        (APPLICATION_ID, 1.., _) => Kind::Ledger { version },
        (0, 0, 0) => Kind::Empty,
        _ => Kind::Foreign,
    })
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Database {
            detail: format!("journal mode «{mode}» instead of «wal»"),
        });
    }
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // Negative: KiB, not pages.
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED_MAX);
    Ok(())
}

/// Two processes must not change the schema at once. Released when dropped, also by the death of the process.
fn lock(folder: &Path) -> Result<File, StoreError> {
    let locked = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK_NAME))
        .and_then(|file| file.lock().map(|()| file));
    locked.map_err(|error| StoreError::from_io(&error, folder))
}
