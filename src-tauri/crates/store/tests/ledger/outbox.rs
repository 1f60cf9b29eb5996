use domain::{Lane, MessageId, Outcome, PaymentId, Receipt, Text, Timestamp};
use store::{AttemptEnd, MessageQuery, MessageState, StoreError};

use crate::given::{AT, Given, a_ledger, decision, invoice, person};

/// Ends that live long enough to be borrowed.
fn ending(number: u32, outcome: Outcome, attempts: u32, next: MessageState) -> AttemptEnd<'static> {
    AttemptEnd {
        number,
        outcome: Box::leak(Box::new(outcome)),
        attempts,
        next,
        due: Some(Timestamp(5)),
        reason: None,
    }
}

pub fn unknown(number: u32) -> AttemptEnd<'static> {
    ending(
        number,
        Outcome::Unknown {
            detail: Text::same("no answer"),
        },
        number,
        MessageState::Queued,
    )
}

pub fn offline(number: u32) -> AttemptEnd<'static> {
    ending(
        number,
        Outcome::Offline {
            detail: Text::same("no network"),
        },
        number - 1,
        MessageState::Queued,
    )
}

pub fn refused(number: u32) -> AttemptEnd<'static> {
    ending(
        number,
        Outcome::Refused {
            detail: Text::same("no right"),
        },
        number,
        MessageState::Parked,
    )
}

pub fn delivered(number: u32) -> AttemptEnd<'static> {
    let receipt = Receipt {
        stage_after: Some("PAID".to_owned()),
        payments: vec![PaymentId::from("sv1-0")],
        ..Receipt::default()
    };
    ending(number, Outcome::Delivered { receipt }, number, MessageState::Delivered)
}

fn with_message() -> (Given, MessageId) {
    let given = a_ledger();
    let entry = given.credit("1", 100);
    given.invoices(&[invoice("i", 100)]);
    given.decide(&decision("d", &entry, &[("i", 100)])).unwrap();
    (given, MessageId::from("d-m0"))
}

#[test]
fn a_message_goes_its_way() {
    let (given, id) = with_message();
    let ledger = &given.ledger;
    let queued = ledger.messages_live().unwrap().remove(0);
    assert_eq!(
        (queued.seq, queued.state, queued.attempts, queued.due),
        (1, MessageState::Queued, 0, None)
    );

    ledger.attempt_started(&id, 1, AT).unwrap();
    let flying = ledger.messages_live().unwrap().remove(0);
    // What has not ended is not counted yet: after a crash the queue counts it as unknown.
    assert_eq!((flying.state, flying.attempts), (MessageState::InFlight, 0));
    ledger.attempt_ended(&id, &offline(1), AT).unwrap();
    ledger.attempt_started(&id, 1, AT).unwrap();
    let reason = Text::new("нет ответа", "no answer");
    ledger
        .attempt_ended(
            &id,
            &AttemptEnd {
                reason: Some(&reason),
                ..unknown(1)
            },
            AT,
        )
        .unwrap();
    let waiting = ledger.messages_live().unwrap().remove(0);
    assert_eq!(
        (waiting.attempts, waiting.due, waiting.reason),
        (1, Some(Timestamp(5)), Some(reason))
    );
    ledger.attempt_started(&id, 2, AT).unwrap();
    ledger.attempt_ended(&id, &delivered(2), AT).unwrap();

    assert_eq!(ledger.messages_live().unwrap(), []);
    let record = ledger.message_record(&id).unwrap().unwrap();
    let numbers: Vec<u32> = record.attempts.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [1, 1, 2]);
    assert_eq!(
        (record.stored.state, record.detail.clone()),
        (MessageState::Delivered, None)
    );
    assert_eq!(
        ledger.receipt(&id).unwrap().unwrap().stage_after.as_deref(),
        Some("PAID")
    );
    let counts = ledger.outbox_counts().unwrap();
    assert_eq!((counts.queued, counts.delivered), (0, 1));
    let last = ledger.audit_list(0, 100).unwrap().pop().unwrap().event;
    assert_eq!(
        (last.action.as_str(), last.subject.as_str()),
        ("message.delivered", "d-m0")
    );
    assert_eq!(ledger.messages_of_lane(&Lane("i".to_owned())).unwrap().len(), 1);
}

#[test]
fn of_two_processes_one_gets_the_message() {
    let (given, id) = with_message();
    let other = store::Ledger::open(given.folder.path()).unwrap();
    given.ledger.attempt_started(&id, 1, AT).unwrap();
    let refused = other.attempt_started(&id, 1, AT).unwrap_err();
    assert_eq!(
        refused,
        StoreError::MessageState {
            message: id,
            state: MessageState::InFlight
        }
    );
}

#[test]
fn steps_that_do_not_follow_are_refused() {
    let (given, id) = with_message();
    let ledger = &given.ledger;
    let state = |error: StoreError| match error {
        StoreError::MessageState { state, .. } => state,
        other => panic!("{other}"),
    };
    assert_eq!(
        state(ledger.attempt_ended(&id, &delivered(1), AT).unwrap_err()),
        MessageState::Queued
    );
    ledger.attempt_started(&id, 1, AT).unwrap();
    assert_eq!(
        state(ledger.attempt_ended(&id, &delivered(2), AT).unwrap_err()),
        MessageState::InFlight
    );
    assert_eq!(
        state(ledger.retry_message(&id, &person(), AT).unwrap_err()),
        MessageState::InFlight
    );
    ledger.attempt_ended(&id, &delivered(1), AT).unwrap();
    assert_eq!(
        state(ledger.attempt_ended(&id, &delivered(1), AT).unwrap_err()),
        MessageState::Delivered
    );
    assert_eq!(
        state(ledger.attempt_started(&id, 2, AT).unwrap_err()),
        MessageState::Delivered
    );
    let park = ledger.park_message(&id, &Text::same("why"), &person(), AT);
    assert_eq!(state(park.unwrap_err()), MessageState::Delivered);
    let nothing = ledger.attempt_started(&MessageId::from("x"), 1, AT).unwrap_err();
    assert!(matches!(nothing, StoreError::NotFound { what: "message", .. }));
}

#[test]
fn a_person_parks_and_retries() {
    let (given, id) = with_message();
    let ledger = &given.ledger;
    ledger.attempt_started(&id, 1, AT).unwrap();
    ledger.attempt_ended(&id, &refused(1), AT).unwrap();
    let parked = MessageQuery {
        state: Some(MessageState::Parked),
        ..MessageQuery::default()
    };
    assert_eq!(ledger.messages(&parked).unwrap().total, 1);
    ledger.retry_message(&id, &person(), AT).unwrap();
    let again = ledger.messages_live().unwrap().remove(0);
    // The count starts anew, the wait stays: the last request may still take effect.
    assert_eq!(
        (again.state, again.attempts, again.due),
        (MessageState::Queued, 0, Some(Timestamp(5)))
    );
    let why = Text::new("позже", "later");
    ledger.park_message(&id, &why, &person(), AT).unwrap();
    let page = ledger.messages(&MessageQuery::default()).unwrap();
    assert_eq!(page.rows[0].detail, Some(why));
    let actions: Vec<String> = ledger
        .audit_list(0, 100)
        .unwrap()
        .into_iter()
        .map(|link| link.event.action)
        .filter(|one| one.starts_with("message"))
        .collect();
    assert_eq!(actions, ["message.parked", "message.retried", "message.parked"]);
}
