//! Whatever goes wrong at whatever call: repeated until it is delivered, a message takes effect exactly once.

use chrono::NaiveDate;
use crm::{
    Choice, Earlier, Mapping, Of,
    amocrm::{Account, Client},
};
use domain::{Currency, Message, Money, Operation, Outcome, PaymentId, PaymentStatus, Receipt, Timestamp, Touched};
use serde_json::json;

use crate::fake::{CATALOG, FAULTS, Fake, Fault, PAID_ON, PAYMENT, PRICE, STATUS, now};

pub const ID: u64 = 525_439;
pub const LEAD: u64 = 25;
pub const PAID: &str = "sv1-1a2b3c4d5e6f708192a3b4c5d6e7f809";
pub const FOREIGN: &str = "other-77";
const ATTEMPTS_MAX: usize = 6;
const CREATED: u64 = 11;
const FULL: u64 = 12;
const PART: u64 = 13;
const PIPELINE: u64 = 7;
const WORKING: u64 = 70;
const CLOSING: u64 = 71;

#[derive(Debug, Clone, Copy)]
struct Scenario {
    settles: bool,
    /// The choice that is set before; 0: none.
    status: u64,
    /// Another payment's id is in the field.
    foreign: bool,
    lead: bool,
    /// The lead follows the invoice.
    mapped: bool,
}

const PLAIN: Scenario = Scenario {
    settles: true,
    status: CREATED,
    foreign: false,
    lead: true,
    mapped: false,
};

fn scenarios() -> Vec<Scenario> {
    vec![
        PLAIN,
        Scenario { status: 0, ..PLAIN },
        Scenario {
            settles: false,
            ..PLAIN
        },
        Scenario {
            foreign: true,
            status: PART,
            ..PLAIN
        },
        Scenario { status: FULL, ..PLAIN },
        Scenario {
            status: PART,
            settles: false,
            ..PLAIN
        },
        Scenario { lead: false, ..PLAIN },
        Scenario { mapped: true, ..PLAIN },
    ]
}

fn lead_paid() -> Choice {
    Choice {
        of: Of::Deals,
        funnel: PIPELINE,
        status: PaymentStatus::Paid,
        stage: CLOSING.to_string(),
    }
}

pub fn account(mapped: bool) -> Account {
    Account {
        mapping: Mapping {
            choices: mapped.then(lead_paid).into_iter().collect(),
        },
        ..Account::new("amo")
    }
}

fn fake(scenario: Scenario) -> Fake {
    let fake = Fake::new();
    fake.put(ID, "Счет №17 от 20.11.2026", &[(PRICE, json!([{"value": "15000"}]))]);
    if scenario.status != 0 {
        fake.set(ID, STATUS, json!([{"enum_id": scenario.status}]));
    }
    if scenario.foreign {
        fake.set(ID, PAYMENT, json!([{"value": FOREIGN}]));
        fake.set(ID, PRICE, json!([{"value": 30000}]));
    }
    let lead = json!({"id": LEAD, "status_id": WORKING, "pipeline_id": PIPELINE});
    let mut state = fake.state();
    state.leads.insert(LEAD, lead);
    // Talk, long enough for a second page, with marks that only look like ours.
    for at in 0..4 {
        let text = format!("Сверка: sv-record-m1{at} {ID} created paid - -");
        state.notes.push((at + 1, LEAD + 1, "common".to_owned(), text.clone()));
        state
            .notes
            .push((at + 11, LEAD, "common".to_owned(), text.replace(&ID.to_string(), "1")));
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

pub fn record(settles: bool, lead: bool) -> Message {
    message(
        "m1",
        Operation::RecordPayment {
            invoice: format!("amo:{CATALOG}:{ID}").into(),
            invoice_number: "17".to_owned(),
            deal: lead.then(|| LEAD.to_string()),
            payment: PaymentId(PAID.to_owned()),
            amount: money("15000.00"),
            booked: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            document_number: Some("12".to_owned()),
            payer: Some("ООО «Ромашка»".to_owned()),
            settles,
            restores: None,
        },
    )
}

pub fn reverse(settled_by: Option<&str>, lead: bool) -> Message {
    message(
        "m2",
        Operation::ReversePayment {
            invoice: format!("amo:{CATALOG}:{ID}").into(),
            invoice_number: "17".to_owned(),
            deal: lead.then(|| LEAD.to_string()),
            payment: PaymentId(PAID.to_owned()),
            amount: money("15000.00"),
            booked: NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
            document_number: None,
            undoes: "m1".into(),
            settled_by: settled_by.map(Into::into),
            refund: false,
            recalled: false,
            partly: false,
        },
    )
}

pub fn deliver(fake: &Fake, message: &Message, earlier: &Earlier, mapped: bool) -> Outcome {
    let outcome = now(Client::new(fake, account(mapped)).deliver(message, earlier));
    well_said(&outcome);
    outcome
}

/// Both languages, a detail as the end of a sentence somebody else begins, a note as a sentence of its own; and what stops
/// the whole queue.
fn well_said(outcome: &Outcome) {
    let (details, notes) = match outcome {
        Outcome::Delivered { receipt } => (None, receipt.notes.as_slice()),
        Outcome::Unknown { detail }
        | Outcome::Transient { detail, .. }
        | Outcome::Offline { detail }
        | Outcome::Refused { detail } => (Some(detail), [].as_slice()),
        Outcome::Unauthorised { detail } => (None, std::slice::from_ref(detail)),
    };
    let details = details.map(|text| (text, false)).into_iter();
    for (text, is_note) in details.chain(notes.iter().map(|text| (text, true))) {
        assert_ne!(text.ru, text.en);
        for words in [&text.ru, &text.en] {
            assert_eq!(words.ends_with('.'), is_note, "{words}");
        }
    }
}

pub fn delivered(fake: &Fake, message: &Message, earlier: &Earlier) -> Receipt {
    match deliver(fake, message, earlier, false) {
        Outcome::Delivered { receipt } => receipt,
        other => panic!("{other:?}"),
    }
}

/// Repeats as the queue does, until it is delivered.
fn until_delivered(fake: &Fake, message: &Message, earlier: &Earlier, mapped: bool) -> Receipt {
    for _ in 0..ATTEMPTS_MAX {
        if let Outcome::Delivered { receipt } = deliver(fake, message, earlier, mapped) {
            return receipt;
        }
    }
    panic!("never delivered");
}

fn earlier(receipt: &Receipt) -> Earlier {
    Earlier {
        settling: Some(receipt.clone()),
        undone: Some(receipt.clone()),
    }
}

/// How the invoice stands after a recording.
fn check_recorded(fake: &Fake, scenario: Scenario, receipt: &Receipt) {
    let expected = match (scenario.settles, scenario.status) {
        (_, FULL) => FULL,
        (true, _) => FULL,
        (false, _) => PART,
    };
    assert_eq!(fake.status(ID), expected, "{scenario:?}");
    let held = fake.payments(ID);
    assert_eq!(held.iter().filter(|held| *held == PAID).count(), 1, "{scenario:?}");
    assert_eq!(held.contains(&FOREIGN.to_owned()), scenario.foreign, "{scenario:?}");
    assert_eq!(receipt.payments.len(), held.len());
    let notes = usize::from(scenario.lead);
    assert_eq!(fake.notes_with(PAID), notes, "{scenario:?}");
    assert_eq!(receipt.comment.is_some(), scenario.lead);
    let paid_now = scenario.settles && scenario.status != FULL;
    let kinds: Vec<String> = fake
        .state()
        .notes
        .iter()
        .filter(|note| note.3.contains(PAID))
        .map(|note| note.2.clone())
        .collect();
    if scenario.lead {
        assert_eq!(kinds, [if paid_now { "bill_paid" } else { "common" }], "{scenario:?}");
    }
    // 2026-11-20T00:00:00Z
    let paid_on = if paid_now {
        json!([{"value": 1_795_132_800}])
    } else {
        json!(null)
    };
    assert_eq!(fake.field(ID, PAID_ON), paid_on, "{scenario:?}");
    let lead = if scenario.mapped { CLOSING } else { WORKING };
    assert_eq!(fake.state().leads[&LEAD]["status_id"], lead, "{scenario:?}");
}

/// How it stands after the reversal: as before, but for what a lost answer made unknown.
fn check_reversed(fake: &Fake, scenario: Scenario, receipt: &Receipt) {
    assert!(!fake.payments(ID).contains(&PAID.to_owned()), "{scenario:?}");
    assert_eq!(fake.payments(ID).contains(&FOREIGN.to_owned()), scenario.foreign);
    // What is paid no longer has no day of payment; one that is not our doing is left.
    if fake.status(ID) != FULL {
        assert_eq!(fake.field(ID, PAID_ON), json!(null), "{scenario:?}");
    }
    let before = if scenario.status == 0 { CREATED } else { scenario.status };
    let unknown = !scenario.lead && receipt.stage_before == receipt.stage_after;
    if !unknown {
        assert_eq!(fake.status(ID), before, "{scenario:?} {receipt:?}");
    }
    assert_eq!(fake.notes_with("sv-reverse-m2"), usize::from(scenario.lead));
    assert_eq!(fake.state().leads[&LEAD]["status_id"], WORKING, "{scenario:?}");
}

#[test]
fn a_payment_is_recorded_and_taken_back_as_one_unit() {
    for scenario in scenarios() {
        let fake = fake(scenario);
        let receipt = until_delivered(
            &fake,
            &record(scenario.settles, scenario.lead),
            &Earlier::default(),
            scenario.mapped,
        );
        check_recorded(&fake, scenario, &receipt);
        assert!(!receipt.found_done);
        // Once more changes nothing.
        let writes = fake.state().writes.len();
        let again = until_delivered(
            &fake,
            &record(scenario.settles, scenario.lead),
            &Earlier::default(),
            scenario.mapped,
        );
        assert!(again.found_done, "{scenario:?}");
        assert_eq!(fake.state().writes.len(), writes);
        let settled_by = scenario.settles.then_some("m1");
        let message = reverse(settled_by, scenario.lead);
        let undone = until_delivered(&fake, &message, &earlier(&receipt), scenario.mapped);
        check_reversed(&fake, scenario, &undone);
        let writes = fake.state().writes.len();
        let again = until_delivered(&fake, &message, &earlier(&receipt), scenario.mapped);
        assert!(again.found_done, "{scenario:?}");
        assert_eq!(fake.state().writes.len(), writes, "{scenario:?}");
    }
}

#[test]
fn a_fault_at_any_call_never_makes_a_second_note_or_a_lost_payment() {
    for scenario in scenarios() {
        let quiet = fake(scenario);
        until_delivered(
            &quiet,
            &record(scenario.settles, scenario.lead),
            &Earlier::default(),
            scenario.mapped,
        );
        let calls = quiet.state().calls.len();
        for at in 0..calls {
            for fault in FAULTS {
                let fake = fake(scenario);
                fake.fault_at(at, fault);
                let receipt = until_delivered(
                    &fake,
                    &record(scenario.settles, scenario.lead),
                    &Earlier::default(),
                    scenario.mapped,
                );
                check_recorded(&fake, scenario, &receipt);
                let undo = reverse(scenario.settles.then_some("m1"), scenario.lead);
                let undone = until_delivered(&fake, &undo, &earlier(&receipt), scenario.mapped);
                check_reversed(&fake, scenario, &undone);
            }
        }
    }
}

#[test]
fn a_fault_at_any_call_of_a_reversal_still_takes_it_back_once() {
    for scenario in scenarios() {
        let recorded = |fake: &Fake| {
            until_delivered(
                fake,
                &record(scenario.settles, scenario.lead),
                &Earlier::default(),
                scenario.mapped,
            )
        };
        let undo = reverse(scenario.settles.then_some("m1"), scenario.lead);
        let quiet = fake(scenario);
        let receipt = recorded(&quiet);
        let before = quiet.state().calls.len();
        until_delivered(&quiet, &undo, &earlier(&receipt), scenario.mapped);
        let calls = quiet.state().calls.len() - before;
        for at in 0..calls {
            for fault in FAULTS {
                let fake = fake(scenario);
                let receipt = recorded(&fake);
                fake.fault_at(at, fault);
                let undone = until_delivered(&fake, &undo, &earlier(&receipt), scenario.mapped);
                check_reversed(&fake, scenario, &undone);
            }
        }
    }
}

#[test]
fn a_receipt_names_each_thing_that_was_touched() {
    let scenario = Scenario { mapped: true, ..PLAIN };
    let fake = fake(scenario);
    let receipt = until_delivered(&fake, &record(true, true), &Earlier::default(), true);
    let told: Vec<_> = receipt
        .traces
        .iter()
        .map(|trace| (trace.what, trace.before.as_deref(), trace.after.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Touched::Invoice, Some("created"), Some("paid")),
            (Touched::Comment, None, None),
            (Touched::Deal, Some("70"), Some("71")),
        ]
    );
    assert_eq!(receipt.traces[0].at.as_deref(), Some("1970-01-01T00:00:01+00:00"));
    assert_eq!(receipt.traces[0].id, ID.to_string());
}

#[test]
fn two_faults_in_a_row_are_no_worse() {
    let faults = [Fault::LostAfter, Fault::FailedAfter, Fault::LostBefore];
    let quiet = fake(PLAIN);
    until_delivered(&quiet, &record(true, true), &Earlier::default(), false);
    let calls = quiet.state().calls.len();
    for first in 0..calls {
        for second in 0..calls {
            for fault in faults {
                let fake = fake(PLAIN);
                let mut plan = vec![None; first];
                plan.push(Some(fault));
                plan.extend(vec![None; second]);
                plan.push(Some(fault));
                fake.plan(plan);
                let receipt = until_delivered(&fake, &record(true, true), &Earlier::default(), false);
                check_recorded(&fake, PLAIN, &receipt);
            }
        }
    }
}

#[test]
fn a_payment_costs_few_requests() {
    let fake = fake(PLAIN);
    let account = account(false);
    let client = Client::new(&fake, account);
    now(client.deliver(&record(true, true), &Earlier::default()));
    // The first delivery asks how the account is made; the next ones know.
    fake.state().calls.clear();
    let mut second = record(true, true);
    second.id = "m9".into();
    if let Operation::RecordPayment { payment, .. } = &mut second.operation {
        *payment = PaymentId("sv1-9".to_owned());
    }
    now(client.deliver(&second, &Earlier::default()));
    let calls = fake.state().calls.clone();
    let writes = calls.iter().filter(|call| !call.starts_with("GET")).count();
    assert_eq!(writes, 2, "{calls:?}");
}

#[test]
fn a_note_that_came_twice_is_marked_even_where_the_invoice_was_deleted_since() {
    for message in [record(true, true), reverse(None, true)] {
        let fake = fake(PLAIN);
        fake.state().elements.remove(&ID);
        let verb = match message.operation {
            Operation::RecordPayment { .. } => "record",
            _ => "reverse",
        };
        let words = format!("sv-{verb}-{} {ID}", message.id);
        for id in [501, 502] {
            let text = format!("Сверка: {words} paid created - -");
            fake.state().notes.push((id, LEAD, "common".to_owned(), text));
        }
        let outcome = deliver(&fake, &message, &Earlier::default(), false);
        assert_eq!(fake.notes_with(&words), 1, "{outcome:?}");
        assert_eq!(fake.state().writes, [format!("note {LEAD}/502")]);
    }
}

#[test]
fn a_field_that_takes_no_more_codes_is_said_with_what_to_do_and_a_text_area_takes_them_all() {
    // As many as an instalment plan has.
    let held: Vec<String> = (0..7).map(|at| PAID.replace("1a2b", &format!("000{at}"))).collect();
    for (kind, full) in [("text", true), ("textarea", false), ("", false)] {
        let fake = fake(PLAIN);
        fake.kind(PAYMENT, kind);
        fake.set(ID, PAYMENT, json!([{"value": held[..6].join(" ")}]));
        fake.set(ID, PRICE, json!([{"value": 300_000}]));
        let sixth = deliver(&fake, &record(false, true), &Earlier::default(), false);
        match sixth {
            Outcome::Refused { detail } if full => assert!(detail.ru.contains("Текстовую область"), "{detail:?}"),
            Outcome::Delivered { .. } if !full => assert_eq!(fake.payments(ID).len(), 7),
            other => panic!("{kind}: {other:?}"),
        }
        assert_eq!(fake.notes_with("sv-record-m1 "), usize::from(!full), "{kind}");
    }
}
