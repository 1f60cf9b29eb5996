//! Whatever goes wrong at whatever call: repeated until it is delivered, a message takes effect exactly once.

use chrono::NaiveDate;
use crm::{
    Earlier,
    bitrix24::{Client, PaymentField, Portal},
};
use domain::{Currency, Message, Money, Operation, Outcome, PaymentId, Receipt, Timestamp};
use serde_json::{Value, json};

use crate::fake::{DEAL, DEAL_FIELD, FAULTS, Fake, Fault, INVOICE, INVOICE_FIELD, Oddities, now};

pub const ID: u64 = 315;
pub const DEAL_ID: u64 = 25;
pub const PAYMENT: &str = "sv1-1a2b3c4d5e6f708192a3b4c5d6e7f809";
pub const FOREIGN: &str = "other-77";
const ATTEMPTS_MAX: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Scenario {
    settles: bool,
    stage: &'static str,
    multiple: bool,
    /// Comments in the timeline already; more than 50 make a second page.
    talk: u64,
    oddities: Oddities,
}

const PLAIN: Scenario = Scenario {
    settles: true,
    stage: "DT31_3:S",
    multiple: true,
    talk: 1,
    oddities: Oddities {
        old_lists_ignore_filters: false,
        items_ignore_filters: false,
        no_previous_stage: false,
        hides_empty_fields: false,
        marks_up_comments: false,
        refuses_field_config: false,
        endless_timeline: false,
        lists_want_to_be_alone: false,
        refuses_deal_fields: false,
        knows_no_profile: false,
        tells_no_time: false,
    },
};

fn scenarios() -> Vec<Scenario> {
    let odd = |oddities| Scenario { oddities, ..PLAIN };
    vec![
        Scenario { talk: 51, ..PLAIN },
        Scenario {
            settles: false,
            ..PLAIN
        },
        Scenario {
            stage: "DT31_3:P",
            ..PLAIN
        },
        Scenario {
            multiple: false,
            ..PLAIN
        },
        odd(Oddities {
            old_lists_ignore_filters: true,
            ..PLAIN.oddities
        }),
        odd(Oddities {
            hides_empty_fields: true,
            marks_up_comments: true,
            ..PLAIN.oddities
        }),
    ]
}

pub fn portal(multiple: bool) -> Portal {
    let field = |name: &str| PaymentField {
        name: name.to_owned(),
        multiple,
    };
    Portal {
        invoice_field: field(INVOICE_FIELD),
        deal_field: Some(field(DEAL_FIELD)),
        ..Portal::new("b24")
    }
}

fn fake(scenario: Scenario) -> Fake {
    let fake = Fake::new();
    let held = if scenario.multiple {
        json!([FOREIGN])
    } else {
        json!(FOREIGN)
    };
    fake.put(
        INVOICE,
        ID,
        json!({"stageId": scenario.stage, "previousStageId": "DT31_3:N", "categoryId": 3, "opportunity": 15000,
               "currencyId": "RUB", INVOICE_FIELD: held}),
    );
    // The deal's field is empty.
    fake.put(DEAL, DEAL_ID, json!({"stageId": "EXECUTING"}));
    let mut state = fake.state();
    state.oddities = scenario.oddities;
    for field in state.fields.values_mut().flat_map(|fields| fields.values_mut()) {
        field.1 = scenario.multiple;
    }
    // Another invoice's talk, long enough for a second page, with marks that only look like ours.
    for at in 0..scenario.talk {
        let text = format!("Сверка: sv-record-m1{at} DT31_3:N DT31_3:P");
        state.comments.push((at + 1, "dynamic_31".to_owned(), ID, text));
    }
    drop(state);
    fake
}

pub fn money(text: &str) -> Money {
    Money::parse(text, Currency::RUB).unwrap()
}

pub fn message(id: &str, operation: Operation) -> Message {
    Message {
        id: id.into(),
        lane: domain::Lane::of_invoice(operation.invoice()),
        decision: Some("d1".into()),
        created: Timestamp(0),
        operation,
    }
}

pub fn record(settles: bool) -> Message {
    message(
        "m1",
        Operation::RecordPayment {
            invoice: "b24:31:315".into(),
            invoice_number: "СЧ-145".to_owned(),
            deal: Some(DEAL_ID.to_string()),
            payment: PAYMENT.into(),
            amount: money("15000.00"),
            booked: NaiveDate::from_ymd_opt(2025, 3, 14).unwrap(),
            document_number: Some("12".to_owned()),
            payer: Some("ООО «Ромашка»".to_owned()),
            settles,
            restores: None,
        },
    )
}

pub fn reverse(settled_by: Option<&str>) -> Message {
    message(
        "m2",
        Operation::ReversePayment {
            invoice: "b24:31:315".into(),
            invoice_number: "СЧ-145".to_owned(),
            deal: Some(DEAL_ID.to_string()),
            payment: PAYMENT.into(),
            amount: money("15000.00"),
            booked: NaiveDate::from_ymd_opt(2025, 3, 14).unwrap(),
            document_number: Some("12".to_owned()),
            undoes: "m1".into(),
            settled_by: settled_by.map(Into::into),
            refund: false,
            recalled: false,
            partly: false,
        },
    )
}

/// The receipt as that of the message that settled the invoice, and of the one that is taken back.
pub fn told(receipt: Option<&Receipt>) -> Earlier {
    Earlier {
        settling: receipt.cloned(),
        undone: receipt.cloned(),
    }
}

/// Repeats until delivered. Along the way: «offline» is only said when nothing was written.
fn drive(fake: &Fake, scenario: Scenario, message: &Message, earlier: Option<&Receipt>) -> Receipt {
    let client = Client::new(fake, portal(scenario.multiple));
    for _ in 0..ATTEMPTS_MAX {
        let written = fake.state().writes.len();
        match now(client.deliver(message, &told(earlier))) {
            Outcome::Delivered { receipt } => return receipt,
            Outcome::Refused { detail } => panic!("refused: {detail:?}"),
            Outcome::Offline { .. } => assert_eq!(fake.state().writes.len(), written),
            Outcome::Unknown { .. } | Outcome::Transient { .. } | Outcome::Unauthorised { .. } => {}
        }
    }
    panic!("not delivered in {ATTEMPTS_MAX} attempts");
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        Value::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn recorded(fake: &Fake, scenario: Scenario, receipt: &Receipt) {
    assert_eq!(fake.comments_with("sv-record-m1 "), 1);
    assert_eq!(texts(&fake.field(INVOICE, ID, INVOICE_FIELD)), [FOREIGN, PAYMENT]);
    assert_eq!(texts(&fake.field(DEAL, DEAL_ID, DEAL_FIELD)), [PAYMENT]);
    let after = if scenario.settles { "DT31_3:P" } else { scenario.stage };
    assert_eq!(fake.stage(ID), after);
    assert_eq!(receipt.stage_before.as_deref(), Some(scenario.stage), "{receipt:?}");
    assert_eq!(receipt.stage_after.as_deref(), Some(after), "{receipt:?}");
    assert_eq!(receipt.payments, [PaymentId::from(FOREIGN), PAYMENT.into()]);
    let id = fake
        .state()
        .comments
        .iter()
        .find(|comment| comment.3.contains("sv-record-m1 "))
        .unwrap()
        .0;
    assert_eq!(receipt.comment, Some(id.to_string()));
}

fn reversed(fake: &Fake, scenario: Scenario, receipt: &Receipt) {
    assert_eq!(fake.comments_with("sv-record-m1 "), 1);
    assert_eq!(fake.comments_with("sv-reverse-m2 "), 1);
    assert_eq!(texts(&fake.field(INVOICE, ID, INVOICE_FIELD)), [FOREIGN]);
    assert!(texts(&fake.field(DEAL, DEAL_ID, DEAL_FIELD)).is_empty());
    assert_eq!(fake.stage(ID), scenario.stage);
    assert_eq!(receipt.stage_after.as_deref(), Some(scenario.stage), "{receipt:?}");
    assert_eq!(receipt.payments, [PaymentId::from(FOREIGN)]);
}

/// The message that settled, as the ledger would name it.
fn undo(scenario: Scenario) -> Message {
    reverse(scenario.settles.then_some("m1"))
}

fn clean_calls(scenario: Scenario) -> (usize, usize) {
    let fake = fake(scenario);
    let receipt = drive(&fake, scenario, &record(scenario.settles), None);
    let first = fake.state().calls.len();
    drive(&fake, scenario, &undo(scenario), Some(&receipt));
    let all = fake.state().calls.len();
    (first, all - first)
}

#[test]
fn a_fault_of_any_kind_at_any_call_leaves_one_effect() {
    for scenario in scenarios() {
        let (record_calls, reverse_calls) = clean_calls(scenario);
        assert!(
            record_calls >= 9 && reverse_calls >= 9,
            "{record_calls} {reverse_calls}"
        );
        for fault in FAULTS {
            for call in 0..record_calls {
                let fake = fake(scenario);
                fake.fault_at(call, fault);
                let receipt = drive(&fake, scenario, &record(scenario.settles), None);
                recorded(&fake, scenario, &receipt);
            }
            for call in 0..reverse_calls {
                let fake = fake(scenario);
                let receipt = drive(&fake, scenario, &record(scenario.settles), None);
                fake.fault_at(call, fault);
                let receipt = drive(&fake, scenario, &undo(scenario), Some(&receipt));
                reversed(&fake, scenario, &receipt);
            }
        }
    }
}

#[test]
fn two_faults_in_a_row_leave_one_effect() {
    let (record_calls, reverse_calls) = clean_calls(PLAIN);
    let pairs = |calls: usize| {
        let firsts = (0..calls).flat_map(|first| FAULTS.map(|fault| (first, fault)));
        firsts.flat_map(move |(first, fault)| (0..calls).map(move |second| (first, fault, second)))
    };
    let script = |first: usize, fault: Fault, second: usize| {
        let before = std::iter::repeat_n(None, first).chain([Some(fault)]);
        before
            .chain(std::iter::repeat_n(None, second))
            .chain([Some(Fault::LostAfter)])
    };
    for (first, fault, second) in pairs(record_calls) {
        let fake = fake(PLAIN);
        fake.plan(script(first, fault, second));
        let receipt = drive(&fake, PLAIN, &record(true), None);
        recorded(&fake, PLAIN, &receipt);
    }
    for (first, fault, second) in pairs(reverse_calls) {
        let fake = fake(PLAIN);
        let receipt = drive(&fake, PLAIN, &record(true), None);
        fake.plan(script(first, fault, second));
        let receipt = drive(&fake, PLAIN, &undo(PLAIN), Some(&receipt));
        reversed(&fake, PLAIN, &receipt);
    }
}

#[test]
fn a_delivered_message_writes_nothing_when_it_comes_again() {
    for scenario in scenarios() {
        let fake = fake(scenario);
        let first = drive(&fake, scenario, &record(scenario.settles), None);
        assert!(!first.found_done);
        let writes = fake.state().writes.len();
        let again = drive(&fake, scenario, &record(scenario.settles), None);
        assert!(again.found_done);
        assert_eq!(fake.state().writes.len(), writes);
        assert_eq!(
            (again.stage_before, again.comment),
            (first.stage_before.clone(), first.comment.clone())
        );

        let undone = drive(&fake, scenario, &undo(scenario), Some(&first));
        let writes = fake.state().writes.len();
        let again = drive(&fake, scenario, &undo(scenario), Some(&first));
        assert!(again.found_done);
        assert_eq!(fake.state().writes.len(), writes);
        assert_eq!((again.stage_after, again.comment), (undone.stage_after, undone.comment));
    }
}

#[test]
fn the_id_and_the_stage_are_one_write() {
    let fake = fake(PLAIN);
    drive(&fake, PLAIN, &record(true), None);
    assert_eq!(fake.state().writes, ["update 31 315", "update 2 25", "comment 315"]);
}

#[test]
fn without_a_receipt_the_comment_knows_the_stage() {
    let fake = fake(PLAIN);
    drive(&fake, PLAIN, &record(true), None);
    let receipt = drive(&fake, PLAIN, &undo(PLAIN), None);
    reversed(&fake, PLAIN, &receipt);
}

#[test]
fn a_portal_that_forgets_stages_keeps_the_comment_and_leaves_what_it_does_not_know() {
    let scenario = Scenario {
        oddities: Oddities {
            no_previous_stage: true,
            ..PLAIN.oddities
        },
        ..PLAIN
    };
    let fake = fake(scenario);
    // The answer to the update is lost before the comment could say what the stage was.
    fake.fault_at(3, Fault::LostAfter);
    let receipt = drive(&fake, scenario, &record(true), None);
    assert_eq!(receipt.stage_before, None);
    assert!(
        receipt.notes.iter().any(|note| note.ru.contains("вручную")),
        "{:?}",
        receipt.notes
    );
    let undone = drive(&fake, scenario, &undo(scenario), Some(&receipt));
    assert_eq!(fake.stage(ID), "DT31_3:P");
    assert!(!undone.notes.is_empty());
    assert_eq!(texts(&fake.field(INVOICE, ID, INVOICE_FIELD)), [FOREIGN]);
}

#[test]
fn futures_may_be_sent_to_another_thread() {
    fn sendable<T: Send>(_: &T) {}
    let fake = Fake::new();
    let client = Client::new(&fake, Portal::new("b24"));
    let message = record(true);
    sendable(&client.deliver(&message, &Earlier::default()));
    sendable(&client.pull(&[]));
    sendable(&client.check());
    sendable(&client.ensure_fields());
}
