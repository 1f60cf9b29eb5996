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
    M::up(table::refund::SCHEMA),
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

    /// The ledger of the version that had `steps` steps, with what a decision leaves behind.
    fn of_old(steps: usize) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        MIGRATIONS.to_version(&mut connection, steps).unwrap();
        connection
            .execute_batch(
                "INSERT INTO source_file (seq, name, sha256, size, format, encoding, content, at)
                     VALUES (1, 'f', 'h', 1, 'onec', 'utf-8', 'statement', 1);
                 INSERT INTO statement (seq, file, account, body) VALUES (1, 1, 'a', '{}');
                 INSERT INTO entry (id, payment, identity, key, occurrence, statement, format, account, direction,
                     amount, currency, booked, number, counter_account, purpose, body)
                     VALUES ('e', 'p', 1, 'k', 1, 1, 'onec', 'a', 'credit', 900, 'RUB', '2024-07-03', '1', '', '', '{}');
                 INSERT INTO invoice (id, connection, number, date, amount, currency, customer, status, words, at)
                     VALUES ('i', 'b24', '1', '2024-07-01', 1000, 'RUB', '{}', 'open', '', 1);
                 INSERT INTO decision (seq, id, entry, kind, actor, automatic, evidence, at)
                     VALUES (7, 'd', 'e', 'allocated', '{}', 0, '{}', 1);
                 INSERT INTO allocation (decision, invoice, amount, currency) VALUES ('d', 'i', 800, 'RUB');
                 INSERT INTO proposal (entry, verdict, reason, body) VALUES ('e', 'review', 'why', '{}');",
            )
            .unwrap();
        connection
    }

    /// The first version that had decisions, messages, proposals and the inbox.
    const FIRST_WITH_DECISIONS: usize = 13;

    #[test]
    fn a_ledger_of_any_older_version_keeps_what_it_says() {
        for steps in FIRST_WITH_DECISIONS..STEPS.len() {
            let mut connection = of_old(steps);
            run(&mut connection).unwrap();
            let says = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(says("SELECT open FROM invoice_open"), 200, "{steps}");
            assert_eq!(
                says("SELECT advance FROM inbox WHERE state = 'decided'"),
                100,
                "{steps}"
            );
            assert_eq!(says("SELECT went_back FROM inbox"), 0, "{steps}");
            let standing = says("SELECT count(*) FROM live_decision WHERE seq = 7 AND refund_of IS NULL");
            assert_eq!(standing, 1, "{steps}");
            connection.execute("UPDATE allocation SET amount = 1", []).unwrap_err();
            connection.execute("DELETE FROM decision", []).unwrap_err();
        }
    }
}
