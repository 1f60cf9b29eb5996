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
    M::up(table::connection::SCHEMA),
    M::up(table::connection::FROM_SETTINGS),
    M::up(table::company::SCHEMA),
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

    /// A ledger as the program wrote it before there could be several connections.
    fn of_one_connection(fill: &str) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        let first = M::up(table::connection::SCHEMA);
        let before = STEPS.iter().position(|step| *step == first).unwrap();
        MIGRATIONS.to_version(&mut connection, before).unwrap();
        connection.execute_batch(fill).unwrap();
        run(&mut connection).unwrap();
        connection
    }

    /// Id, secret, portal, mapping, extras and whether the list is whole.
    fn connections(connection: &Connection) -> Vec<String> {
        connection
            .prepare(
                "SELECT id || ' ' || secret || ' ' || portal || ' ' || coalesce(mapping, '-') || ' ' || coalesce(extras, '-')
                     || ' ' || whole FROM connection ORDER BY seq",
            )
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn the_one_connection_of_an_older_ledger_goes_on_under_its_id() {
        const SETTINGS: &str = "
            INSERT INTO setting VALUES ('crm.portal', 'https://firm.bitrix24.ru'), ('crm.fields', '{}'),
                ('crm.mapping.b24', '[]'), ('crm.extras', '{\"notifies\":true}'), ('crm.list_complete', 'no'),
                ('settings', '{}');
            INSERT INTO secret VALUES ('crm.webhook', x'00');";
        let ledger = of_one_connection(SETTINGS);
        let b24 = r#"b24 crm.webhook https://firm.bitrix24.ru [] {"notifies":true} 0"#;
        assert_eq!(connections(&ledger), [b24]);
        let left: i64 = ledger
            .query_row("SELECT count(*) FROM setting WHERE key LIKE 'crm.%'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(left, 0, "one truth");
    }

    #[test]
    fn an_older_choice_of_leads_goes_on_and_a_key_that_was_taken_away_leaves_the_connection() {
        let ledger = of_one_connection(
            "INSERT INTO setting VALUES ('crm.portal', 'https://firm.amocrm.ru'),
                ('crm.leads', '{\"pipeline\":3,\"status\":142}');
             INSERT INTO invoice VALUES ('amo:5001:7', 'amo', '1', '2026-11-20', 1, 'RUB', '{}', 'open', NULL, NULL, NULL,
                NULL, '', 0, 0);",
        );
        let leads = r#"[{"of":"deals","funnel":3,"status":"paid","stage":"142"}]"#;
        assert_eq!(
            connections(&ledger),
            [format!("amo crm.amocrm https://firm.amocrm.ru {leads} - 1")]
        );
        // Neither a key nor an invoice: there was no connection.
        assert!(connections(&of_one_connection("")).is_empty());
    }
}
