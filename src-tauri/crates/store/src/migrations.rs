//! The whole history of the schema on one screen. Published steps never change: a new need is a new step at the end.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::{StoreError, table};

/// `SVKA`: how a ledger is told apart from other SQLite files.
pub(crate) const APPLICATION_ID: i64 = 0x5356_4B41;

const STEPS: &[M<'static>] = &[
    M::up("PRAGMA application_id = 1398164289;"),
    M::up(table::audit::SCHEMA),
    M::up(table::file::SCHEMA),
    M::up(table::declared::SCHEMA),
    M::up(table::balance::SCHEMA),
    M::up(table::entry::SCHEMA),
    M::up(table::asked::SCHEMA),
    M::up(table::invoice::SCHEMA),
    M::up(table::decision::SCHEMA),
    M::up(table::message::SCHEMA),
    M::up(table::attempt::SCHEMA),
    M::up(table::proposal::SCHEMA),
    M::up(table::inbox::SCHEMA),
    M::up(table::setting::SCHEMA),
    M::up(table::person::SCHEMA),
    M::up(table::order::SCHEMA),
    M::up(table::advice::SCHEMA),
    M::up(table::lesson::SCHEMA),
    M::up(table::rejection::SCHEMA),
    M::up(table::rule::SCHEMA),
    M::up(table::inbox::ADVANCES),
    M::up(table::pull::SCHEMA),
    M::up(table::drift::SCHEMA),
];

const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The version of a ledger that has every step.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// All missing steps in one transaction.
pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    MIGRATIONS.to_latest(connection).map_err(|error| StoreError::Database {
        detail: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_valid_and_mark_the_file() {
        MIGRATIONS.validate().unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        let id: i64 = connection
            .pragma_query_value(None, "application_id", |row| row.get(0))
            .unwrap();
        assert_eq!(id, APPLICATION_ID);
        let version: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, latest());
    }
}
