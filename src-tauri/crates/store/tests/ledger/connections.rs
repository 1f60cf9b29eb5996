//! Several CRMs at once: each keeps its id, its key and what is known of its list, and waits for its own messages.

use std::collections::BTreeMap;

use store::{ConnectionPart, MessageQuery, PullScope, Pulled, StoreError};

use crate::given::{AT, a_ledger, connection, decision, invoice, person};

#[test]
fn a_connection_is_made_once_and_its_id_is_never_another_portals() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let first = connection("b24");
    ledger.connect(&first, None, b"one", &person(), AT).unwrap();
    let known = ledger.connection("b24").unwrap().unwrap();
    assert_eq!((known.portal, known.key), (first.portal.clone(), Some(b"one".to_vec())));
    // Two programs that connect two portals at once choose the same id: the slower one is refused.
    let other = store::ConnectionRow {
        portal: "https://other.bitrix24.ru".to_owned(),
        ..first.clone()
    };
    let refused = ledger.connect(&other, None, b"two", &person(), AT).unwrap_err();
    assert!(
        matches!(refused, StoreError::Exists { what: "connection", .. }),
        "{refused}"
    );
    assert_eq!(ledger.connection("b24").unwrap().unwrap().key, Some(b"one".to_vec()));
    // The same portal gets a new key.
    ledger
        .connect(&first, Some(&first.portal), b"three", &person(), AT)
        .unwrap();
    assert_eq!(ledger.connection("b24").unwrap().unwrap().key, Some(b"three".to_vec()));
    ledger.delete_secret(&first.secret, &person(), AT).unwrap();
    assert_eq!(ledger.connections().unwrap().len(), 1, "it stays");
    assert_eq!(ledger.connection("b24").unwrap().unwrap().key, None);
    let raw = given.raw();
    for sql in [
        "DELETE FROM connection",
        "UPDATE connection SET id = 'x'",
        "UPDATE connection SET secret = 'x'",
    ] {
        assert!(raw.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn what_is_changed_of_a_connection_is_told_to_the_audit_log_once() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let change = |id: &str, value: &str| ledger.change_connection(id, ConnectionPart::Mapping, value, &person(), AT);
    assert!(matches!(
        change("b24", "[]"),
        Err(StoreError::NotFound { what: "connection", .. })
    ));
    ledger.connect(&connection("b24"), None, b"key", &person(), AT).unwrap();
    change("b24", "[1]").unwrap();
    change("b24", "[1]").unwrap();
    assert_eq!(
        ledger.connection("b24").unwrap().unwrap().mapping.as_deref(),
        Some("[1]")
    );
    let events = ledger.audit_list(0, 100).unwrap();
    let changed = events.iter().filter(|link| link.event.action == "connection.changed");
    assert_eq!(changed.count(), 1);
}

#[test]
fn a_list_that_broke_off_is_known_of_its_own_connection_only() {
    let given = a_ledger();
    let ledger = &given.ledger;
    for id in ["b24", "b24-2"] {
        ledger.connect(&connection(id), None, b"key", &person(), AT).unwrap();
    }
    let whole = || -> Vec<bool> { ledger.connections().unwrap().into_iter().map(|row| row.whole).collect() };
    let pull = |scope| {
        let pulled = Pulled {
            connection: "b24-2",
            scope,
            invoices: &[],
            deleted: &[],
            until: None,
            looks: &[],
        };
        ledger.store_pull(&pulled, AT).unwrap();
    };
    pull(PullScope::Part);
    assert_eq!(whole(), [true, false]);
    pull(PullScope::Changes);
    assert_eq!(whole(), [true, false], "changes say nothing of the rest");
    pull(PullScope::Whole);
    assert_eq!(whole(), [true, true]);
}

#[test]
fn the_queue_is_counted_by_connection() {
    let given = a_ledger();
    let ids = ["b24:31:1", "b24:31:2", "b24-2:31:1"];
    for (at, id) in ids.iter().enumerate() {
        let connection = id.split(':').next().unwrap();
        let one = invoice(id, 100);
        given
            .ledger
            .replace_invoices(connection, std::slice::from_ref(&one), false, AT)
            .unwrap();
        let entry = given.credit(&format!("p{at}"), 100);
        given
            .decide(&decision(&format!("d{at}"), &entry, &[(id, 100)]))
            .unwrap();
    }
    let waiting = given.ledger.outbox_waiting().unwrap();
    assert_eq!(
        waiting,
        BTreeMap::from([("b24".to_owned(), 2), ("b24-2".to_owned(), 1)])
    );
    let of = |connection: &str| {
        let query = MessageQuery {
            connection: Some(connection.to_owned()),
            ..MessageQuery::default()
        };
        given.ledger.messages(&query).unwrap().total
    };
    assert_eq!([of("b24"), of("b24-2"), of("b2"), of("")], [2, 1, 0, 0]);
}
