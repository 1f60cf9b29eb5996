//! The file itself refuses to change what is financial.

use domain::{MessageId, OrderDraft, OrderId, PersonId};

use crate::given::{AT, a_ledger, by_day, credit, decision, event, invoice, person, reversal};

/// Tables whose rows are only ever added, each with a column to try.
const TABLES: &[(&str, &str)] = &[
    ("audit", "body"),
    ("source_file", "name"),
    ("file_outcome", "report"),
    ("statement", "body"),
    ("declared", "closing"),
    ("released", "difference"),
    ("entry", "amount"),
    ("advice", "amount"),
    ("asked", "amount"),
    ("asked_ruling", "actor"),
    ("decision", "kind"),
    ("allocation", "amount"),
    ("reversal", "reason"),
    ("lesson", "agreed"),
    ("observation", "holds"),
    ("fact_removal", "after"),
    ("setback", "why"),
    ("rejection", "actor"),
    ("rejection_removal", "actor"),
    ("message", "body"),
    ("attempt", "n"),
    ("attempt_end", "outcome"),
    ("drift", "body"),
    ("drift_ruling", "ruling"),
    ("order_revision", "draft"),
    ("order_event", "event"),
];

#[test]
fn financial_rows_are_neither_changed_nor_deleted() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let unknown = domain::Entry {
        direction: None,
        ..credit(3, "9", 1)
    };
    let told = domain::Entry {
        status: domain::EntryStatus::Info,
        ..credit(3, "8", 1)
    };
    given.import(
        "a",
        &by_day(3, 4, &[(3, 0, 7), (4, 9, 9)]),
        &[credit(3, "1", 7), unknown, told],
    );
    ledger
        .release_account(crate::given::ACCOUNT, crate::given::day(4), &person(), AT)
        .unwrap();
    let question = ledger.asked().unwrap()[0].id;
    ledger.dismiss_asked(question, &person(), AT).unwrap();
    let entry = ledger.entry_ids().unwrap().remove(0);
    given.invoices(&[invoice("i", 7)]);
    let made = decision("d", &entry, &[("i", 7)]);
    let telling = crate::given::message(
        "d-m0",
        &made.id,
        &made.allocations[0].invoice,
        made.allocations[0].amount,
    );
    let lesson = |_: &[domain::Invoice]| Some(crate::lessons::lesson(false));
    ledger
        .record_decision_teaching(&made, |_| vec![telling], lesson, &event("decision.made", "d"))
        .unwrap();
    ledger
        .remove_fact(&crate::lessons::lesson(false).observations[0].0, &person(), AT)
        .unwrap();
    let refused = store::Rejection {
        id: "r".to_owned(),
        entry: entry.clone(),
        refused: store::Refused::Invoice("i".into()),
        actor: person(),
        at: AT,
    };
    ledger.reject(&refused, None, &event("pair.rejected", "r")).unwrap();
    ledger.remove_rejection("r", &person(), AT).unwrap();
    let message = MessageId::from("d-m0");
    ledger.attempt_started(&message, 1, AT).unwrap();
    let end = crate::outbox::unknown(1);
    ledger.attempt_ended(&message, &end, AT).unwrap();
    let raw = given.raw();
    // Laid in by hand: a look needs a delivered message.
    raw.execute(
        "INSERT INTO drift (id, invoice, body, at) VALUES ('x', 'i', '[]', 1)",
        [],
    )
    .unwrap();
    drop(raw);
    ledger
        .rule_drift("x", store::DriftRuling::Left, &[], &person(), AT)
        .unwrap();
    ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap();
    let order = OrderId::from("o");
    ledger
        .save_order_draft(&order, &crate::orders::draft(), &PersonId::from("anna"), AT)
        .unwrap();
    ledger
        .record_order_event(
            &order,
            &store::OrderEvent::Submitted {
                by: PersonId::from("anna"),
            },
            &person(),
            AT,
        )
        .unwrap();
    assert_ne!(crate::orders::draft(), OrderDraft::default());

    let raw = given.raw();
    for (table, column) in TABLES {
        let rows: i64 = raw
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
            .unwrap();
        assert!(rows > 0, "{table} has a row to try");
        for sql in [
            format!("UPDATE {table} SET {column} = {column}"),
            format!("DELETE FROM {table}"),
        ] {
            let refused = raw.execute(&sql, []).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
    }
}

#[test]
fn a_finished_message_stays_finished() {
    let given = a_ledger();
    let entry = given.credit("1", 7);
    given.invoices(&[invoice("i", 7)]);
    given.decide(&decision("d", &entry, &[("i", 7)])).unwrap();
    given
        .ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap();
    let refused = given
        .raw()
        .execute("UPDATE message_state SET state = 'queued'", [])
        .unwrap_err();
    assert!(refused.to_string().contains("stays so"), "{refused}");
}

#[test]
fn an_entry_has_one_live_decision_whoever_writes() {
    let given = a_ledger();
    let entry = given.credit("1", 7);
    given.decide(&decision("d", &entry, &[])).unwrap();
    let sql = "INSERT INTO decision (id, entry, kind, actor, automatic, evidence, at)
               SELECT 'e', entry, kind, actor, automatic, evidence, at FROM decision";
    let refused = given.raw().execute(sql, []).unwrap_err();
    assert!(refused.to_string().contains("one live decision"), "{refused}");
}
