//! A person says that we are right: what somebody changed after our write is written once more, and only once.

use crm::Earlier;
use domain::{Message, Operation, Outcome, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, LEAD, PAID, deliver, record},
    fake::{FAULTS, Fake, PAYMENT, PRICE, STATUS},
};

const ATTEMPTS_MAX: usize = 12;

fn attempt(fake: &Fake, message: &Message) -> Option<Receipt> {
    match deliver(fake, message, &Earlier::default(), false) {
        Outcome::Delivered { receipt } => Some(receipt),
        // A 404 on the way is a refusal, and a person lets it try again.
        _ => None,
    }
}

fn again(lead: bool) -> Message {
    let mut message = record(true, lead);
    message.id = "m9".into();
    if let Operation::RecordPayment { restores, .. } = &mut message.operation {
        *restores = Some("m1".into());
    }
    message
}

/// Recorded, and then changed by somebody.
fn changed(lead: bool, change: fn(&Fake)) -> Fake {
    let fake = Fake::new();
    let values = [(PRICE, json!([{"value": "15000"}])), (STATUS, json!([{"enum_id": 11}]))];
    fake.put(ID, "Счет №17 от 20.11.2026", &values);
    let row = json!({"id": LEAD, "status_id": 70, "pipeline_id": 7});
    fake.state().leads.insert(LEAD, row);
    attempt(&fake, &record(true, lead)).unwrap();
    change(&fake);
    fake
}

fn moved_back(fake: &Fake) {
    fake.set(ID, STATUS, json!([{"enum_id": 11}]));
}

fn cancelled(fake: &Fake) {
    fake.set(ID, STATUS, json!([{"enum_id": 15}]));
}

fn emptied(fake: &Fake) {
    fake.set(ID, PAYMENT, json!(null));
}

#[test]
fn a_fault_of_any_kind_at_any_call_restores_once() {
    for lead in [true, false] {
        for change in [moved_back as fn(&Fake), cancelled, emptied] {
            let calls = {
                let fake = changed(lead, change);
                let before = fake.state().calls.len();
                attempt(&fake, &again(lead)).unwrap();
                let after = fake.state().calls.len();
                after - before
            };
            for fault in FAULTS {
                for call in 0..calls {
                    let fake = changed(lead, change);
                    fake.fault_at(call, fault);
                    let done = (0..ATTEMPTS_MAX).find_map(|_| attempt(&fake, &again(lead)));
                    assert!(done.is_some(), "{fault:?} at {call}");
                    assert_eq!((fake.status(ID), fake.payments(ID)), (12, vec![PAID.to_owned()]));
                    assert_eq!(
                        fake.notes_with("sv-record-m9 "),
                        usize::from(lead),
                        "{fault:?} at {call}"
                    );
                    // Robots that wait for the note of payment were told once.
                    let paid = fake.state().notes.iter().filter(|note| note.2 == "bill_paid").count();
                    assert_eq!(paid, usize::from(lead));
                }
            }
        }
    }
}
