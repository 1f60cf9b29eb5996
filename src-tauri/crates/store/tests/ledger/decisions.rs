use domain::{Currency, DecisionId, DecisionKind, EntryId, InvoiceId, InvoiceStatus, MessageId, Money, Timestamp};
use store::{MessageState, StoreError};

use crate::given::{Given, a_ledger, decision, event, invoice, message, reversal, rub, rule, undoing};

fn with_invoices() -> (Given, EntryId) {
    let given = a_ledger();
    let entry = given.credit("1", 1000);
    given.invoices(&[invoice("i", 600), invoice("j", 700)]);
    (given, entry)
}

fn open(given: &Given, id: &str) -> Money {
    given.ledger.invoice(&InvoiceId::from(id)).unwrap().unwrap().open
}

#[test]
fn a_decision_lowers_what_is_open_and_queues_its_messages() {
    let (given, entry) = with_invoices();
    let made = decision("d", &entry, &[("i", 600), ("j", 400)]);
    given.decide(&made).unwrap();
    assert_eq!((open(&given, "i"), open(&given, "j")), (rub(0), rub(300)));
    let left: Vec<_> = given
        .ledger
        .open_invoices()
        .unwrap()
        .into_iter()
        .map(|one| (one.id.to_string(), one.open))
        .collect();
    assert_eq!(left, [("j".to_owned(), rub(300))]);
    let record = given.ledger.entry_record(&entry).unwrap().unwrap();
    assert_eq!(record.decision.unwrap().decision, made);
    assert_eq!(record.messages.len(), 2);
    assert_eq!(given.ledger.last_decision().unwrap(), Some(made));
    assert_eq!(given.ledger.undecided_credits().unwrap(), []);
}

#[test]
fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let (given, entry) = with_invoices();
    let dollars = |kopecks| Money::from_minor(kopecks, Currency::parse("USD").unwrap());
    let mut cancelled = invoice("c", 100);
    cancelled.status = InvoiceStatus::Cancelled;
    let mut foreign = invoice("f", 100);
    (foreign.amount, foreign.open) = (dollars(100), dollars(100));
    given.invoices(&[cancelled, foreign]);
    let i = InvoiceId::from("i");
    let mut in_dollars = decision("d", &entry, &[("i", 1)]);
    in_dollars.allocations[0].amount = dollars(1);
    let mut stranger = decision("d", &entry, &[("i", 1)]);
    stranger.kind = DecisionKind::NotACustomersPayment;
    let cases = [
        (
            decision("d", &entry, &[("i", 601)]),
            StoreError::OverAllocated {
                invoice: i.clone(),
                open: rub(600),
            },
        ),
        (
            decision("d", &entry, &[("i", 600), ("j", 401)]),
            StoreError::EntryExceeded {
                entry: entry.clone(),
                amount: rub(1000),
            },
        ),
        (
            decision("d", &entry, &[("i", 0)]),
            StoreError::InvalidAllocation { invoice: i.clone() },
        ),
        (
            decision("d", &entry, &[("i", -1)]),
            StoreError::InvalidAllocation { invoice: i.clone() },
        ),
        (
            decision("d", &entry, &[("i", 1), ("i", 1)]),
            StoreError::InvalidAllocation { invoice: i.clone() },
        ),
        (in_dollars, StoreError::CurrencyMismatch { invoice: i }),
        (
            decision("d", &entry, &[("f", 1)]),
            StoreError::CurrencyMismatch {
                invoice: InvoiceId::from("f"),
            },
        ),
        (
            decision("d", &entry, &[("c", 1)]),
            StoreError::InvoiceCancelled {
                invoice: InvoiceId::from("c"),
            },
        ),
        (
            decision("d", &entry, &[("x", 1)]),
            StoreError::NotFound {
                what: "invoice",
                id: "x".to_owned(),
            },
        ),
        (
            decision("d", &EntryId::from("e1-x"), &[]),
            StoreError::NotFound {
                what: "entry",
                id: "e1-x".to_owned(),
            },
        ),
        (stranger, StoreError::AllocationsNotExpected),
    ];
    let before = given.ledger.status_counts().unwrap();
    for (wrong, expected) in cases {
        assert_eq!(given.decide(&wrong).unwrap_err(), expected);
        assert_eq!(given.ledger.decision(&DecisionId::from("d")).unwrap(), None);
    }
    assert_eq!(given.ledger.status_counts().unwrap(), before);
    // One kopeck less is at the limit.
    given.decide(&decision("d", &entry, &[("i", 600), ("j", 400)])).unwrap();
}

#[test]
fn a_debit_is_not_decided() {
    let given = a_ledger();
    given.import("a", &crate::given::silent(3, 3), &[crate::given::debit(3, "1", 5)]);
    let entry = given.ledger.entry_ids().unwrap().remove(0);
    assert_eq!(
        given.decide(&decision("d", &entry, &[])).unwrap_err(),
        StoreError::NotACredit { entry }
    );
}

#[test]
fn decision_messages_and_event_are_one() {
    let (given, entry) = with_invoices();
    let other = given.credit("2", 10);
    given.decide(&decision("other", &other, &[("j", 10)])).unwrap();
    let before = given.ledger.status_counts().unwrap();
    // The second message's id is taken: the decision before it must go too.
    let made = decision("d", &entry, &[("i", 600)]);
    let messages = [
        message("m", &made.id, &InvoiceId::from("i"), rub(600)),
        message("other-m0", &made.id, &InvoiceId::from("i"), rub(600)),
    ];
    given
        .ledger
        .record_decision(&made, &messages, &event("decision.made", "d"))
        .unwrap_err();
    assert_eq!(given.ledger.status_counts().unwrap(), before);
    assert_eq!(open(&given, "i"), rub(600));
}

#[test]
fn an_entry_is_decided_once_at_a_time() {
    let (given, entry) = with_invoices();
    given.decide(&decision("d", &entry, &[("i", 1)])).unwrap();
    let refused = given.decide(&decision("e", &entry, &[("i", 1)])).unwrap_err();
    assert_eq!(
        refused,
        StoreError::EntryAlreadyDecided {
            entry: entry.clone(),
            decision: DecisionId::from("d")
        }
    );
    given
        .ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap();
    let reused = given.decide(&decision("d", &entry, &[("i", 1)])).unwrap_err();
    assert!(matches!(reused, StoreError::Exists { what: "decision", .. }));
    given.decide(&decision("e", &entry, &[("i", 2)])).unwrap();
    let history = given.ledger.entry_record(&entry).unwrap().unwrap().history;
    let undone: Vec<bool> = history.iter().map(|one| one.reversal.is_some()).collect();
    assert_eq!(undone, [true, false]);
}

#[test]
fn an_undo_opens_the_invoice_again_and_is_done_once() {
    let (given, entry) = with_invoices();
    given.decide(&decision("d", &entry, &[("i", 600)])).unwrap();
    given
        .ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap();
    assert_eq!(open(&given, "i"), rub(600));
    assert_eq!(given.ledger.last_decision().unwrap(), None);
    let undecided = given.ledger.undecided_credits().unwrap();
    assert!(undecided[0].undone);
    let twice = given
        .ledger
        .record_reversal(&reversal("d"), &[], &event("decision.undone", "d"))
        .unwrap_err();
    assert_eq!(
        twice,
        StoreError::AlreadyReversed {
            decision: DecisionId::from("d")
        }
    );
    let unknown = given
        .ledger
        .record_reversal(&reversal("x"), &[], &event("decision.undone", "x"))
        .unwrap_err();
    assert!(matches!(unknown, StoreError::NotFound { what: "decision", .. }));
}

#[test]
fn an_undo_withdraws_only_what_the_crm_cannot_have_seen() {
    let given = a_ledger();
    let entry = given.credit("1", 1000);
    let names = ["never", "refused", "offline", "unknown", "in flight", "delivered"];
    let invoices: Vec<_> = names.iter().map(|name| invoice(name, 100)).collect();
    given.invoices(&invoices);
    let parts: Vec<_> = names.iter().map(|name| (*name, 100)).collect();
    let made = decision("d", &entry, &parts);
    let told: Vec<_> = names
        .iter()
        .map(|name| message(name, &made.id, &InvoiceId::from(*name), rub(100)))
        .collect();
    given
        .ledger
        .record_decision(&made, &told, &event("decision.made", "d"))
        .unwrap();
    for (name, end) in [
        ("refused", Some(crate::outbox::refused(1))),
        ("offline", Some(crate::outbox::offline(1))),
        ("unknown", Some(crate::outbox::unknown(1))),
        ("in flight", None),
        ("delivered", Some(crate::outbox::delivered(1))),
    ] {
        let id = MessageId::from(name);
        given.ledger.attempt_started(&id, 1, crate::given::AT).unwrap();
        if let Some(end) = end {
            given.ledger.attempt_ended(&id, &end, crate::given::AT).unwrap();
        }
    }
    let undo: Vec<_> = told
        .iter()
        .map(|one| undoing(&format!("undo {}", one.id), one))
        .collect();
    let report = given
        .ledger
        .record_reversal(&reversal("d"), &undo, &event("decision.undone", "d"))
        .unwrap();
    let names = |ids: &[MessageId]| ids.iter().map(|id| id.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&report.withdrawn), ["never", "refused", "offline"]);
    // A refusal may have come after a first write, so the CRM is looked at; nothing but the undoing waits for that.
    assert_eq!(
        names(&report.queued),
        ["undo refused", "undo unknown", "undo in flight", "undo delivered"]
    );
    let live: Vec<_> = given
        .ledger
        .messages_live()
        .unwrap()
        .into_iter()
        .map(|one| (one.message.id.0, one.state))
        .collect();
    let queued = MessageState::Queued;
    assert_eq!(
        live,
        [
            ("unknown".to_owned(), queued),
            ("in flight".to_owned(), MessageState::InFlight),
            ("undo refused".to_owned(), queued),
            ("undo unknown".to_owned(), queued),
            ("undo in flight".to_owned(), queued),
            ("undo delivered".to_owned(), queued),
        ]
    );
}

#[test]
fn what_undoes_a_parked_message_waits_as_long_as_its_lost_request_may_land() {
    let given = a_ledger();
    let entry = given.credit("1", 100);
    given.invoices(&[invoice("i", 100)]);
    let made = decision("d", &entry, &[("i", 100)]);
    let told = message("m", &made.id, &InvoiceId::from("i"), rub(100));
    given
        .ledger
        .record_decision(&made, std::slice::from_ref(&told), &event("decision.made", "d"))
        .unwrap();
    let due = Timestamp(crate::given::AT.0 + 60_000);
    let end = store::AttemptEnd {
        next: MessageState::Parked,
        due: Some(due),
        ..crate::outbox::unknown(1)
    };
    given.ledger.attempt_started(&told.id, 1, crate::given::AT).unwrap();
    given.ledger.attempt_ended(&told.id, &end, crate::given::AT).unwrap();
    given
        .ledger
        .record_reversal(
            &reversal("d"),
            &[undoing("undo", &told)],
            &event("decision.undone", "d"),
        )
        .unwrap();
    let live = given.ledger.messages_live().unwrap();
    let live: Vec<_> = live.iter().map(|one| (one.message.id.as_str(), one.due)).collect();
    assert_eq!(live, [("undo", Some(due))]);
}

#[test]
fn what_is_told_rests_on_what_is_open_at_that_moment() {
    let (given, entry) = with_invoices();
    let made = decision("d", &entry, &[("i", 200)]);
    given.decide(&made).unwrap();
    let second = given.credit("2", 400);
    let mut seen = Vec::new();
    given
        .ledger
        .record_decision_telling(
            &decision("e", &second, &[("i", 400)]),
            |invoices| {
                seen.extend(invoices.iter().map(|invoice| (invoice.id.to_string(), invoice.open)));
                Vec::new()
            },
            &event("decision.made", "e"),
        )
        .unwrap();
    assert_eq!(seen, [("i".to_owned(), rub(400))]);
}

#[test]
fn a_rule_decides_in_the_list_as_automatic() {
    let (given, entry) = with_invoices();
    let mut made = decision("d", &entry, &[("i", 600)]);
    made.actor = rule();
    given.decide(&made).unwrap();
    let counts = given.ledger.inbox_counts().unwrap();
    assert_eq!((counts.decided, counts.automatic), (1, 1));
}

#[test]
fn two_payments_cannot_pay_an_invoice_twice() {
    let (given, entry) = with_invoices();
    let second = given.credit("2", 1000);
    given.decide(&decision("d", &entry, &[("i", 400)])).unwrap();
    let twice = given.decide(&decision("e", &second, &[("i", 201)])).unwrap_err();
    let invoice = InvoiceId::from("i");
    assert_eq!(
        twice,
        StoreError::OverAllocated {
            invoice,
            open: rub(200)
        }
    );
    given.decide(&decision("e", &second, &[("i", 200)])).unwrap();
    assert_eq!(open(&given, "i"), rub(0));
}
