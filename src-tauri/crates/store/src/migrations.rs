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
    M::up(table::refund::SCHEMA),
    M::up(table::mark::SCHEMA).foreign_key_check(),
    M::up(table::company::ISSUERS),
    M::up(table::spent::SCHEMA),
];

const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// The version of a ledger that has every step.
pub(crate) fn latest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// All missing steps in one transaction.
pub(crate) fn run(connection: &mut Connection) -> Result<(), StoreError> {
    // A table that is made anew under its old name would be missed by those that refer to it in between. Inside of a
    // transaction the switch does nothing; whoever makes a table anew has the references checked at the end.
    let checked: bool = connection.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
    connection.pragma_update(None, "foreign_keys", false)?;
    let done = MIGRATIONS.to_latest(connection);
    connection.pragma_update(None, "foreign_keys", checked)?;
    done.map_err(|error| StoreError::Database {
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
    fn of_old(mut connection: Connection, steps: usize) -> Connection {
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
                 INSERT INTO proposal (entry, verdict, reason, body) VALUES ('e', 'review', 'why', '{}');
                 INSERT INTO message (seq, id, lane, decision, body) VALUES (5, 'm', 'i', 'd', '{}'), (9, 'n', 'i', 'd', '{}');
                 INSERT INTO message_state (message, state, attempts) VALUES ('m', 'delivered', 1), ('n', 'queued', 0);
                 INSERT INTO attempt (message, n, at) VALUES ('m', 1, 1);
                 UPDATE sqlite_sequence SET seq = 20 WHERE name = 'message';",
            )
            .unwrap();
        connection
    }

    /// The first version that had decisions, messages, proposals and the inbox.
    const FIRST_WITH_DECISIONS: usize = 13;

    #[test]
    fn a_ledger_of_any_older_version_keeps_what_it_says() {
        for steps in FIRST_WITH_DECISIONS..STEPS.len() {
            let mut connection = of_old(Connection::open_in_memory().unwrap(), steps);
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

    #[test]
    fn the_outbox_of_an_older_ledger_keeps_its_order_and_needs_no_decision_any_more() {
        for steps in FIRST_WITH_DECISIONS..STEPS.len() {
            let folder = tempfile::tempdir().unwrap();
            drop(of_old(
                Connection::open(folder.path().join("ledger.sqlite")).unwrap(),
                steps,
            ));
            // As every start does it, with references checked.
            crate::Ledger::open(folder.path()).unwrap();
            let ledger = crate::Ledger::open(folder.path()).unwrap();
            assert_eq!(ledger.integrity_check().unwrap(), Vec::<String>::new(), "{steps}");
            let connection = ledger.lock_writer();
            let texts = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
            let rows =
                "SELECT group_concat(seq || id || lane || decision, ' ') FROM (SELECT * FROM message ORDER BY seq)";
            assert_eq!(texts(rows), "5mid 9nid", "{steps}");
            let joined =
                "SELECT group_concat(s.state || a.n, ' ') FROM message m JOIN message_state s ON s.message = m.id
                JOIN attempt a ON a.message = m.id";
            assert_eq!(texts(joined), "delivered1", "{steps}");
            let add = "INSERT INTO message (id, lane, decision, body) VALUES (?1, 'i', ?2, '{}') RETURNING seq";
            let seq: i64 = connection
                .query_row(add, ("o", None::<&str>), |row| row.get(0))
                .unwrap();
            assert_eq!(seq, 21, "after the last that ever was, {steps}");
            connection
                .query_row(add, ("p", Some("nothing")), |row| row.get::<_, i64>(0))
                .unwrap_err();
            for refused in [
                "UPDATE message SET lane = 'j'",
                "DELETE FROM message WHERE id = 'o'",
                "INSERT INTO message_state (message, state, attempts) VALUES ('nothing', 'queued', 0)",
                "INSERT INTO attempt (message, n, at) VALUES ('nothing', 1, 1)",
            ] {
                connection.execute(refused, []).unwrap_err();
            }
        }
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
