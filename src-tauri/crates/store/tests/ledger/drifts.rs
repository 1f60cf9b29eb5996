//! What a pull found changed by others: stored with the pull, asked about once, and settled by a word or by itself.

use domain::{Drift, InvoiceId, InvoiceStatus, Message, MessageId, Money, Operation, Receipt, Timestamp};
use store::{AttemptEnd, DriftLook, DriftRuling, MessageState, PullMark, PullScope, Pulled, StoreError};

use crate::given::{
    AT, Given, a_ledger, connection, decision, event, invoice, message, person, reversal, rub, undoing,
};

const LATER: Timestamp = Timestamp(AT.0 + 60_000);

fn pulled(scope: PullScope, until: Option<i64>) -> Pulled<'static> {
    Pulled {
        connection: "b24",
        scope,
        invoices: &[],
        deleted: &[],
        until: until.map(Timestamp),
        looks: &[],
    }
}

fn deliver(given: &Given, id: &str, stage: &str, asked: Option<Money>) {
    let (id, ledger) = (MessageId::from(id), &given.ledger);
    ledger.attempt_started(&id, 1, AT).unwrap();
    let receipt = Receipt {
        stage_after: Some(stage.to_owned()),
        asked,
        ..Receipt::default()
    };
    let end = AttemptEnd {
        number: 1,
        outcome: &domain::Outcome::Delivered { receipt },
        attempts: 1,
        next: MessageState::Delivered,
        due: None,
        reason: None,
    };
    ledger.attempt_ended(&id, &end, AT).unwrap();
}

/// Invoice `i` of 100, paid in full by a delivered message.
fn paid() -> Given {
    let given = a_ledger();
    let entry = given.credit("1", 100);
    given.invoices(&[invoice("i", 100)]);
    given.decide(&decision("d", &entry, &[("i", 100)])).unwrap();
    deliver(&given, "d-m0", "PAID", Some(rub(100)));
    given
}

fn look(id: &str, last: u64, drifts: &[Drift]) -> DriftLook {
    DriftLook {
        id: id.to_owned(),
        invoice: InvoiceId::from("i"),
        last,
        drifts: drifts.to_vec(),
    }
}

/// Stores what was looked at; how many drifts are new.
fn take(given: &Given, looks: &[DriftLook]) -> u64 {
    let pulled = Pulled {
        looks,
        ..pulled(PullScope::Changes, Some(1))
    };
    given.ledger.store_pull(&pulled, LATER).unwrap().drifted
}

fn reopened() -> Drift {
    Drift::Reopened {
        stage: "Выставлен".to_owned(),
    }
}

fn waiting(given: &Given) -> Vec<String> {
    let drifts = given.ledger.drifts().unwrap();
    drifts.into_iter().map(|one| one.id).collect()
}

fn rule(given: &Given, id: &str, ruling: DriftRuling) -> Result<(), StoreError> {
    given.ledger.rule_drift(id, ruling, &[], &person(), LATER)
}

#[test]
fn the_mark_moves_with_what_was_stored_and_goes_where_it_cannot_be_trusted() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let mark = || ledger.pull_mark("b24").unwrap();
    let store = |scope, until, at: i64| ledger.store_pull(&pulled(scope, until), Timestamp(at)).unwrap();
    store(PullScope::Changes, Some(5), 1);
    assert_eq!(mark(), None, "changes alone begin nothing");
    store(PullScope::Whole, Some(10), 2);
    let whole = PullMark {
        until: Timestamp(10),
        at: Timestamp(2),
        whole_at: Timestamp(2),
    };
    assert_eq!(mark(), Some(whole));
    store(PullScope::Changes, Some(20), 3);
    let further = PullMark {
        until: Timestamp(20),
        at: Timestamp(3),
        whole_at: Timestamp(2),
    };
    assert_eq!(mark(), Some(further));
    for (scope, until) in [
        (PullScope::Part, Some(30)),
        (PullScope::Whole, None),
        (PullScope::Changes, None),
    ] {
        store(PullScope::Whole, Some(10), 2);
        store(scope, until, 4);
        assert_eq!(mark(), None, "{scope:?}");
    }
    assert_eq!(ledger.pull_mark("amo").unwrap(), None);
    store(PullScope::Whole, Some(10), 2);
    // Whoever asks by another key may see other invoices.
    ledger.connect(&connection("b24"), None, b"key", &person(), AT).unwrap();
    assert_eq!(mark(), None);
}

#[test]
fn a_pull_that_cannot_be_stored_whole_moves_nothing() {
    let given = paid();
    let before = given.ledger.audit_len().unwrap();
    given.ledger.store_pull(&pulled(PullScope::Whole, Some(1)), AT).unwrap();
    let mark = given.ledger.pull_mark("b24").unwrap();
    let looks = [look("x", 1, &[reopened()]), look("x", 1, &[Drift::Deleted])];
    let dearer = [invoice("new", 7)];
    let broken = Pulled {
        invoices: &dearer,
        looks: &looks,
        ..pulled(PullScope::Changes, Some(99))
    };
    given.ledger.store_pull(&broken, LATER).unwrap_err();
    assert_eq!(given.ledger.pull_mark("b24").unwrap(), mark);
    assert_eq!(given.ledger.invoice(&"new".into()).unwrap(), None);
    assert_eq!((given.ledger.audit_len().unwrap(), waiting(&given).len()), (before, 0));
}

#[test]
fn changes_say_nothing_of_the_others_and_add_no_invoice_that_is_not_open() {
    let given = a_ledger();
    given.invoices(&[invoice("a", 10), invoice("b", 10), invoice("c", 10)]);
    let with = |id: &str, status| domain::Invoice {
        status,
        ..invoice(id, 20)
    };
    let invoices = [
        with("a", InvoiceStatus::Paid),
        with("new", InvoiceStatus::Open),
        with("old", InvoiceStatus::Paid),
    ];
    let deleted = [InvoiceId::from("b"), InvoiceId::from("unknown")];
    let changes = Pulled {
        invoices: &invoices,
        deleted: &deleted,
        ..pulled(PullScope::Changes, Some(1))
    };
    let report = given.ledger.store_pull(&changes, LATER).unwrap();
    assert_eq!((report.new, report.changed, report.gone.len()), (1, 1, 0));
    let known: Vec<_> = given
        .ledger
        .matchable_invoices()
        .unwrap()
        .into_iter()
        .map(|one| (one.id.to_string(), one.status))
        .collect();
    let id = |id: &str| id.to_owned();
    assert_eq!(
        known,
        [
            (id("a"), InvoiceStatus::Paid),
            (id("b"), InvoiceStatus::Cancelled),
            (id("c"), InvoiceStatus::Open),
            (id("new"), InvoiceStatus::Open)
        ]
    );
}

#[test]
fn what_our_writes_left_is_told_where_nothing_is_on_its_way() {
    let given = a_ledger();
    let ledger = &given.ledger;
    let entry = given.credit("1", 100);
    given.invoices(&[invoice("i", 100), invoice("other", 5)]);
    let made = decision("d", &entry, &[("i", 60)]);
    given.decide(&made).unwrap();
    assert_eq!(ledger.written(None).unwrap(), [], "queued");
    deliver(&given, "d-m0", "OPEN", Some(rub(100)));
    let written = ledger.written(None).unwrap().remove(0);
    assert_eq!(written.last, 1);
    let (told, settled) = (&written.written, written.written.settled);
    assert_eq!(
        (told.invoice.as_str(), told.amount, told.stage.as_deref(), settled),
        ("i", Some(rub(100)), Some("OPEN"), false)
    );
    assert_eq!(told.payments, ["sv1-0".into()]);
    assert_eq!(ledger.written(Some(&["other".into(), "unknown".into()])).unwrap(), []);
    assert_eq!(
        ledger.written(Some(&["i".into()])).unwrap(),
        ledger.written(None).unwrap()
    );
    // What is taken back is nobody's to look at, before and after the CRM heard of it.
    let undo = undoing("u", &message("d-m0", &made.id, &"i".into(), rub(60)));
    ledger
        .record_reversal(&reversal("d"), &[undo], &event("decision.undone", "d"))
        .unwrap();
    assert_eq!(ledger.written(None).unwrap(), []);
    deliver(&given, "u", "OPEN", None);
    assert_eq!(ledger.written(None).unwrap(), []);
}

#[test]
fn money_says_whether_an_invoice_is_settled_and_an_old_receipt_what_was_meant() {
    for (asked, settled) in [(Some(rub(100)), true), (Some(rub(101)), false), (None, true)] {
        let given = a_ledger();
        let entry = given.credit("1", 100);
        given.invoices(&[invoice("i", 100)]);
        given.decide(&decision("d", &entry, &[("i", 100)])).unwrap();
        deliver(&given, "d-m0", "PAID", asked);
        let written = given.ledger.written(None).unwrap().remove(0).written;
        assert_eq!((written.settled, written.amount), (settled, asked));
    }
}

#[test]
fn a_drift_is_found_once_and_again_only_when_it_changes() {
    let given = paid();
    assert_eq!(take(&given, &[look("x", 1, &[reopened()])]), 1);
    assert_eq!(take(&given, &[look("y", 1, &[reopened()])]), 0, "known");
    let found = given.ledger.drifts().unwrap().remove(0);
    assert_eq!((found.id.as_str(), found.at, found.later), ("x", LATER, false));
    assert_eq!(found.drifts, [reopened()]);

    rule(&given, "x", DriftRuling::Later).unwrap();
    assert!(given.ledger.drifts().unwrap()[0].later);
    assert_eq!(given.ledger.drifts_waiting().unwrap(), 0, "put off");
    assert_eq!(take(&given, &[look("y", 1, &[reopened()])]), 0);

    // Changed further: a question of its own.
    assert_eq!(take(&given, &[look("y", 1, &[Drift::Deleted])]), 1);
    assert_eq!(waiting(&given), ["y"]);
    assert!(matches!(
        rule(&given, "x", DriftRuling::Left),
        Err(StoreError::NotFound { what: "drift", .. })
    ));
    rule(&given, "y", DriftRuling::Left).unwrap();
    assert_eq!(take(&given, &[look("z", 1, &[Drift::Deleted])]), 0, "agreed to");
    assert_eq!(waiting(&given), [""; 0]);

    // As we left it, and then the same once more: somebody did it again.
    assert_eq!(take(&given, &[look("z", 1, &[])]), 0);
    assert_eq!(take(&given, &[look("z", 1, &[])]), 0, "nothing to end twice");
    assert_eq!(take(&given, &[look("z", 1, &[Drift::Deleted])]), 1);
    assert_eq!(take(&given, &[look("w", 1, &[])]), 0);
    assert_eq!(waiting(&given), [""; 0], "it went by itself");
    let actions: Vec<_> = given.ledger.audit_list(0, 100).unwrap();
    let counted = |action: &str| actions.iter().filter(|link| link.event.action == action).count();
    // Later, replaced, left, ended, ended.
    assert_eq!((counted("drift.found"), counted("drift.ruled")), (3, 5));
    assert_eq!(given.ledger.audit_verify().unwrap().broken_at, None);
}

#[test]
fn what_is_written_again_is_queued_with_the_word_and_looked_at_after_it() {
    let given = paid();
    take(&given, &[look("x", 1, &[reopened()])]);
    let mut again = message("m9", &"d".into(), &"i".into(), rub(100));
    if let Operation::RecordPayment { restores, .. } = &mut again.operation {
        *restores = Some("d-m0".into());
    }
    let rule = |messages: &[Message]| {
        let ruling = DriftRuling::WrittenAgain;
        given.ledger.rule_drift("x", ruling, messages, &person(), LATER)
    };
    let twice = [again.clone(), again.clone()];
    rule(&twice).unwrap_err();
    assert_eq!(waiting(&given), ["x"], "all or nothing");
    rule(&[again]).unwrap();
    assert_eq!(waiting(&given), [""; 0]);
    assert_eq!(given.ledger.messages_live().unwrap().len(), 1);
    // What was looked at before that message is old, and while it waits too.
    assert_eq!(take(&given, &[look("y", 1, &[reopened()])]), 0);
    assert_eq!(take(&given, &[look("y", 2, &[reopened()])]), 0);
    deliver(&given, "m9", "PAID", Some(rub(100)));
    let written = given.ledger.written(None).unwrap().remove(0);
    assert_eq!((written.written.payments.len(), written.last), (1, 2));
    // It did not help, or somebody did the same once more: that is a new question.
    assert_eq!(take(&given, &[look("y", 2, &[reopened()])]), 1);
    assert_eq!(waiting(&given), ["y"]);
}

#[test]
fn nobody_is_asked_about_what_was_undone() {
    let given = paid();
    take(&given, &[look("x", 1, &[reopened()])]);
    let undo = reversal("d");
    given
        .ledger
        .record_reversal(&undo, &[], &event("decision.undone", "d"))
        .unwrap();
    assert_eq!(waiting(&given), [""; 0]);
    assert_eq!(given.ledger.drifts_waiting().unwrap(), 0);
}
