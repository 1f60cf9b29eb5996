//! Money that goes back: what of a payment is left, what invoices are given back, and what is refused.

use domain::{
    AuditEvent, Counterparty, Decision, DecisionId, DecisionKind, Direction, EntryId, InvoiceId, Money, PaymentStatus,
};
use store::{Booked, InboxQuery, InboxState, Ledger, PastQuery, ProposalRow, StoreError, Verdict};

use crate::given::{
    Given, a_ledger, credit, day, debit, decision, event, invoice, message, reversal, rub, silent, undoing,
};

/// A payment of 1 000 for invoices `i` (600) and `j` (300), with 100 above them.
fn paid() -> (Given, EntryId) {
    let given = a_ledger();
    let entry = given.credit("1", 1000);
    given.invoices(&[invoice("i", 600), invoice("j", 300)]);
    given.decide(&decision("d", &entry, &[("i", 600), ("j", 300)])).unwrap();
    (given, entry)
}

fn gone_back(given: &Given, number: &str, booked: u32, kopecks: i64) -> EntryId {
    let entry = debit(booked, number, kopecks);
    let (_, booked) = given.import_as(number, "onec", &silent(booked, booked), &[entry]);
    match &booked[0] {
        Booked::New(id) => id.clone(),
        other => panic!("{other:?}"),
    }
}

fn refund(id: &str, entry: &EntryId, of: &EntryId, parts: &[(&str, i64)]) -> Decision {
    Decision {
        kind: DecisionKind::Refund { of: of.clone() },
        ..decision(id, entry, parts)
    }
}

fn record(given: &Given, decision: &Decision) -> Result<(), StoreError> {
    let event = event("decision.made", decision.id.as_str());
    given.ledger.record_decision(decision, &[], &event)
}

fn undo(given: &Given, id: &str) -> Result<(), StoreError> {
    let event = event("decision.undone", id);
    given.ledger.record_reversal(&reversal(id), &[], &event).map(|_| ())
}

fn open(given: &Given, id: &str) -> Money {
    given.ledger.invoice(&InvoiceId::from(id)).unwrap().unwrap().open
}

fn left(given: &Given, entry: &EntryId) -> Money {
    given.ledger.entry_record(entry).unwrap().unwrap().ledger_entry.left()
}

fn rows(given: &Given, state: InboxState) -> Vec<(String, Money)> {
    let query = InboxQuery {
        state: Some(state),
        ..InboxQuery::default()
    };
    let rows = given.ledger.inbox(&query).unwrap().rows;
    rows.into_iter().map(|row| (row.number.unwrap(), row.advance)).collect()
}

#[test]
fn a_refund_reduces_what_invoices_were_paid_and_its_undo_restores_it() {
    let (given, payment) = paid();
    let (first, second) = (gone_back(&given, "2", 4, 350), gone_back(&given, "3", 5, 650));
    record(&given, &refund("r", &first, &payment, &[("j", 300)])).unwrap();
    assert_eq!((open(&given, "i"), open(&given, "j")), (rub(0), rub(300)));
    assert_eq!(left(&given, &payment), rub(650));
    assert_eq!(
        rows(&given, InboxState::Decided),
        [("2".to_owned(), rub(0)), ("1".to_owned(), rub(50))]
    );
    let still = given.ledger.still_allocated(&DecisionId::from("d")).unwrap();
    assert_eq!(still, decision("d", &payment, &[("i", 600)]).allocations);

    record(&given, &refund("s", &second, &payment, &[("i", 600)])).unwrap();
    assert_eq!((open(&given, "i"), left(&given, &payment)), (rub(600), rub(0)));
    let known = given.ledger.entry_record(&payment).unwrap().unwrap();
    let refunds: Vec<(EntryId, Money)> = known.refunds.into_iter().map(|one| (one.entry, one.amount)).collect();
    assert_eq!(refunds, [(first, rub(350)), (second, rub(650))]);
    let made = given.ledger.decision(&DecisionId::from("s")).unwrap().unwrap().decision;
    assert_eq!(made.kind, DecisionKind::Refund { of: payment.clone() });

    undo(&given, "s").unwrap();
    undo(&given, "r").unwrap();
    assert_eq!((open(&given, "i"), open(&given, "j")), (rub(0), rub(0)));
    assert_eq!(left(&given, &payment), rub(1000));
    assert_eq!(rows(&given, InboxState::Decided), [("1".to_owned(), rub(100))]);
    assert_eq!(given.ledger.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn what_no_refund_may_do_is_refused_and_nothing_is_written() {
    let (given, payment) = paid();
    let (back, too_much) = (gone_back(&given, "2", 4, 400), gone_back(&given, "3", 4, 1001));
    let early = gone_back(&given, "4", 2, 400);
    let other = given.credit("5", 400);
    let before = given.ledger.status_counts().unwrap();
    for (made, code) in [
        (refund("r", &too_much, &payment, &[]), "decision/not-a-refund"),
        (refund("r", &early, &payment, &[("i", 400)]), "decision/not-a-refund"),
        (refund("r", &other, &payment, &[("i", 400)]), "decision/not-a-refund"),
        (refund("r", &back, &back, &[]), "decision/not-a-refund"),
        (refund("r", &back, &EntryId::from("nothing"), &[]), "ledger/not-found"),
        (refund("r", &back, &payment, &[("j", 301)]), "decision/not-given"),
        (refund("r", &back, &payment, &[("nothing", 1)]), "decision/not-given"),
        (refund("r", &back, &payment, &[("i", 401)]), "decision/entry-exceeded"),
        // 600 are left of the payment: invoices cannot keep 601.
        (refund("r", &back, &payment, &[("i", 299)]), "decision/entry-exceeded"),
        (
            refund("r", &back, &payment, &[("i", 200), ("i", 200)]),
            "decision/allocation",
        ),
        (refund("r", &back, &payment, &[("i", 0)]), "decision/allocation"),
        (decision("r", &back, &[]), "decision/not-a-credit"),
    ] {
        assert_eq!(record(&given, &made).unwrap_err().code(), code, "{made:?}");
    }
    assert_eq!(given.ledger.status_counts().unwrap(), before);
    // At the limits: 300 keeps 600 in the invoices, with nothing above them.
    record(&given, &refund("r", &back, &payment, &[("i", 300)])).unwrap();
    assert_eq!(rows(&given, InboxState::Decided)[1], ("1".to_owned(), rub(0)));
}

#[test]
fn a_payment_is_not_undone_before_its_refund_nor_a_refund_after_its_invoice_was_paid_again() {
    let (given, payment) = paid();
    let back = gone_back(&given, "2", 4, 400);
    record(&given, &refund("r", &back, &payment, &[("i", 300)])).unwrap();
    assert_eq!(undo(&given, "d").unwrap_err().code(), "decision/refund-stands");
    let again = given.credit("3", 300);
    given.decide(&decision("again", &again, &[("i", 300)])).unwrap();
    assert_eq!(
        undo(&given, "r").unwrap_err(),
        StoreError::OverAllocated {
            invoice: InvoiceId::from("i"),
            open: rub(0)
        }
    );
    undo(&given, "again").unwrap();
    undo(&given, "r").unwrap();
    undo(&given, "d").unwrap();
    assert_eq!(open(&given, "i"), rub(600));
}

#[test]
fn what_is_left_of_an_undecided_payment_is_decided_and_what_went_back_whole_is_not() {
    let given = a_ledger();
    let (payment, whole) = (given.credit("1", 1000), given.credit("2", 500));
    given.invoices(&[invoice("i", 2000)]);
    let (part, all) = (gone_back(&given, "3", 4, 300), gone_back(&given, "4", 4, 500));
    record(&given, &refund("r", &part, &payment, &[])).unwrap();
    record(&given, &refund("s", &all, &whole, &[])).unwrap();
    let undecided = given.ledger.undecided_credits().unwrap();
    let shown: Vec<(&EntryId, Money)> = undecided.iter().map(|one| (&one.id, one.left())).collect();
    assert_eq!(shown, [(&payment, rub(700))]);
    assert_eq!(rows(&given, InboxState::NotFound), [("1".to_owned(), rub(0))]);
    let beyond = given.decide(&decision("d", &payment, &[("i", 701)])).unwrap_err();
    assert_eq!(
        beyond,
        StoreError::EntryExceeded {
            entry: payment.clone(),
            amount: rub(700)
        }
    );
    given.decide(&decision("d", &payment, &[("i", 700)])).unwrap();
    // Nothing was taken out of an invoice, so each can be undone by itself.
    undo(&given, "r").unwrap();
    assert_eq!(rows(&given, InboxState::Decided)[2], ("1".to_owned(), rub(300)));
    undo(&given, "s").unwrap();
    assert_eq!(given.ledger.undecided_credits().unwrap()[0].id, whole);
}

#[test]
fn only_debits_that_go_back_are_listed_and_looked_at_again() {
    let given = a_ledger();
    let debits = ["1", "2", "3"].map(|number| gone_back(&given, number, 4, 100));
    let look = |seen| {
        let found = given.ledger.debits_to_look_at(seen).unwrap();
        let mut ids: Vec<EntryId> = found.entries.into_iter().map(|one| one.id).collect();
        ids.sort();
        (ids, found.seen)
    };
    let mut all = debits.to_vec();
    all.sort();
    let (first, seen) = look(0);
    assert_eq!(first, all);
    assert_eq!(given.ledger.inbox(&InboxQuery::default()).unwrap().total, 0);
    let said = |entry: &EntryId, goes_back| ProposalRow {
        entry: entry.clone(),
        verdict: if goes_back { Verdict::Review } else { Verdict::Stranger },
        reason: "why".to_owned(),
        json: "{}".to_owned(),
        goes_back,
    };
    let rows = [said(&debits[0], false), said(&debits[1], true), said(&debits[2], true)];
    given.ledger.save_proposals(&rows).unwrap();
    let mut back = debits[1..].to_vec();
    back.sort();
    assert_eq!(look(0), (back.clone(), seen));
    assert_eq!(look(seen), (back, seen));
    let counts = given.ledger.inbox_counts().unwrap();
    assert_eq!((counts.review, counts.not_customers), (2, 0));
    let listed = given.ledger.inbox(&InboxQuery::default()).unwrap();
    assert!(listed.total == 2 && listed.rows.iter().all(|row| row.direction == Direction::Debit));
    // A person says of one that it takes nothing back.
    let mut dismissed = decision("d", &debits[1], &[]);
    dismissed.kind = DecisionKind::NotACustomersPayment;
    record(&given, &dismissed).unwrap();
    assert_eq!(look(seen).0, [debits[2].clone()]);
    assert_eq!(given.ledger.inbox_counts().unwrap().not_customers, 1);
    // Another engine looks at all but what is ruled.
    given.ledger.forget_outgoing().unwrap();
    let mut again = vec![debits[0].clone(), debits[2].clone()];
    again.sort();
    assert_eq!(look(0).0, again);
}

#[test]
fn the_past_of_a_side_is_found_by_inn_by_account_and_by_name_only_without_either() {
    let given = a_ledger();
    let party = |inn: Option<&str>, account: Option<&str>| Counterparty {
        name: Some("ИП Лист".to_owned()),
        inn: inn.map(Into::into),
        account: account.map(Into::into),
        ..Counterparty::default()
    };
    let one = |number: &str, booked, kopecks, counterparty| domain::Entry {
        counterparty,
        ..credit(booked, number, kopecks)
    };
    let (inn, account) = (Some("7707083893"), Some("40702810400000000002"));
    let entries = [
        one("1", 3, 100, party(inn, account)),
        one("2", 4, 100, party(inn, None)),
        one("3", 4, 100, party(None, account)),
        one("4", 5, 100, party(None, None)),
        one("5", 5, 99, party(inn, account)),
        one("6", 7, 100, party(inn, account)),
        debit(4, "7", 100),
    ];
    given.import("a", &silent(3, 7), &entries);
    let query = PastQuery {
        direction: Direction::Credit,
        inn,
        account,
        name: Some("ИП Лист"),
        until: day(6),
        least: rub(100),
        limit: 10,
    };
    let numbers = |query: &PastQuery<'_>, ledger: &Ledger| -> Vec<String> {
        let found = ledger.past(query).unwrap();
        let mut numbers: Vec<String> = found
            .iter()
            .map(|one| one.entry.number.clone().unwrap().to_string())
            .collect();
        numbers.sort();
        numbers
    };
    let found = |query| numbers(&query, &given.ledger);
    assert_eq!(found(query), ["1", "2", "3"]);
    assert_eq!(found(PastQuery { account: None, ..query }), ["1", "2"]);
    assert_eq!(
        found(PastQuery {
            inn: None,
            account: None,
            ..query
        }),
        ["4"]
    );
    assert_eq!(
        found(PastQuery {
            account: None,
            limit: 1,
            ..query
        }),
        ["2"]
    );
    assert_eq!(
        found(PastQuery {
            direction: Direction::Debit,
            ..query
        }),
        ["7"]
    );
}

#[test]
fn what_must_be_in_the_crm_follows_refunds_and_their_undo() {
    use domain::{Message, Operation, Outcome, Receipt};
    use store::{AttemptEnd, MessageState};
    let given = a_ledger();
    let entry = given.credit("1", 100);
    given.invoices(&[invoice("i", 100)]);
    given.decide(&decision("d", &entry, &[("i", 100)])).unwrap();
    let told = message("d-m0", &DecisionId::from("d"), &InvoiceId::from("i"), rub(100));
    let deliver = |id: &str| {
        let id = domain::MessageId::from(id);
        given.ledger.attempt_started(&id, 1, crate::given::AT).unwrap();
        let receipt = Receipt {
            asked: Some(rub(100)),
            ..Receipt::default()
        };
        let end = AttemptEnd {
            number: 1,
            outcome: &Outcome::Delivered { receipt },
            attempts: 1,
            next: MessageState::Delivered,
            due: None,
            reason: None,
        };
        given.ledger.attempt_ended(&id, &end, crate::given::AT).unwrap();
    };
    let written = || {
        let written = given.ledger.written(None).unwrap();
        written
            .into_iter()
            .map(|one| (one.written.payments.len(), one.written.settled))
            .collect::<Vec<_>>()
    };
    let going_back = |id: &str, decision: &str, sum: i64, part: bool| {
        let mut message = undoing(id, &told);
        message.decision = Some(DecisionId::from(decision));
        if let Operation::ReversePayment {
            amount, refund, partly, ..
        } = &mut message.operation
        {
            (*amount, *refund, *partly) = (rub(sum), true, part);
        }
        message
    };
    let restoring = |id: &str, undone: &Message| {
        let Operation::ReversePayment {
            invoice,
            invoice_number,
            payment,
            amount,
            booked,
            ..
        } = undone.operation.clone()
        else {
            panic!("{undone:?}")
        };
        Message {
            id: id.into(),
            operation: Operation::RestorePayment {
                invoice,
                invoice_number,
                deal: None,
                payment,
                amount,
                booked,
                document_number: None,
                undoes: undone.id.clone(),
                status: PaymentStatus::Paid,
            },
            ..undone.clone()
        }
    };
    let tell = |made: &Decision, message: &Message| {
        let made_event: AuditEvent = event("decision.made", made.id.as_str());
        given
            .ledger
            .record_decision(made, std::slice::from_ref(message), &made_event)
            .unwrap();
    };
    deliver("d-m0");
    assert_eq!(written(), [(1, true)]);
    for (id, sum, part, after) in [("r", 30, true, vec![(1, false)]), ("s", 100, false, vec![])] {
        let back = gone_back(&given, id, 4, sum);
        let message = going_back(&format!("{id}-m"), id, sum, part);
        tell(&refund(id, &back, &entry, &[("i", sum)]), &message);
        assert_eq!(written(), [], "on its way");
        deliver(&format!("{id}-m"));
        assert_eq!(written(), after, "{id}");
        let restore = restoring(&format!("{id}-n"), &message);
        given
            .ledger
            .record_reversal(
                &reversal(id),
                std::slice::from_ref(&restore),
                &event("decision.undone", id),
            )
            .unwrap();
        deliver(&format!("{id}-n"));
        assert_eq!(written(), [(1, true)], "{id}");
    }
    // Undone before the CRM could see it, nothing is restored.
    let back = gone_back(&given, "t", 4, 100);
    let message = going_back("t-m", "t", 100, false);
    tell(&refund("t", &back, &entry, &[("i", 100)]), &message);
    let report = given
        .ledger
        .record_reversal(
            &reversal("t"),
            &[restoring("t-n", &message)],
            &event("decision.undone", "t"),
        )
        .unwrap();
    assert_eq!((report.withdrawn.len(), report.queued.len()), (1, 0));
}
