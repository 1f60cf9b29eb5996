//! How an invoice stands without money, in amoCRM.

use crm::{Choice, Earlier, Mapping, Of};
use domain::{Message, MessageId, Operation, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, LEAD, message, record},
    fake::{CATALOG, FAULTS, Fault, STATUS},
    mapping::{drive, fake},
};

/// The account's own choice.
const OVERDUE: u64 = 15;
const CREATED: u64 = 11;

fn mapping() -> Mapping {
    Mapping {
        choices: vec![Choice {
            of: Of::Invoices,
            funnel: 0,
            status: PaymentStatus::Expired,
            stage: format!("#{OVERDUE}"),
        }],
    }
}

fn says(id: &str, status: PaymentStatus, follows: Option<&str>, lead: bool) -> Message {
    let operation = Operation::MarkStatus {
        invoice: format!("amo:{CATALOG}:{ID}").into(),
        invoice_number: "17".to_owned(),
        deal: lead.then(|| LEAD.to_string()),
        status,
        due: Some("2026-11-10".parse().unwrap()),
        follows: follows.map(MessageId::from),
        began: follows.map(MessageId::from),
    };
    message(id, operation)
}

fn after(receipt: &Receipt) -> Earlier {
    Earlier {
        settling: Some(receipt.clone()),
        undone: Some(receipt.clone()),
        ..Earlier::default()
    }
}

#[test]
fn an_overdue_invoice_is_told_once_taken_back_and_paid_from_where_it_stands() {
    let mapping = mapping();
    for lead in [true, false] {
        let fake = fake();
        let first = says("m1", PaymentStatus::Expired, None, lead);
        let first = drive(&fake, &mapping, &first, &Earlier::default());
        assert_eq!(
            (fake.status(ID), fake.notes_with("Срок: 10.11.2026")),
            (OVERDUE, usize::from(lead))
        );
        let back = says("m2", PaymentStatus::Awaiting, Some("m1"), lead);
        let back = drive(&fake, &mapping, &back, &after(&first));
        assert_eq!(fake.status(ID), CREATED);
        let again = says("m3", PaymentStatus::Expired, Some("m2"), lead);
        drive(&fake, &mapping, &again, &after(&back));
        assert_eq!(fake.status(ID), OVERDUE);
        drive(&fake, &mapping, &record(true, lead), &Earlier::default());
        assert_eq!(fake.status(ID), 12, "paid");
    }
}

#[test]
fn what_somebody_else_chose_stays() {
    let (mapping, fake) = (mapping(), fake());
    let first = says("m1", PaymentStatus::Expired, None, true);
    let first = drive(&fake, &mapping, &first, &Earlier::default());
    fake.set(ID, STATUS, json!([{"enum_id": CREATED}]));
    for message in [
        says("m2", PaymentStatus::Expired, Some("m1"), true),
        says("m3", PaymentStatus::Awaiting, Some("m1"), true),
    ] {
        let receipt = drive(&fake, &mapping, &message, &after(&first));
        assert!(receipt.found_done && fake.status(ID) == CREATED, "{message:?}");
    }
    assert_eq!(fake.notes_with("sv-status-"), 1);
    fake.set(ID, STATUS, json!([{"enum_id": 12}]));
    let paid = says("m4", PaymentStatus::Expired, None, true);
    drive(&fake, &mapping, &paid, &Earlier::default());
    assert_eq!(fake.status(ID), 12, "a day takes nothing from what is paid");
}

#[test]
fn a_fault_at_any_call_leaves_one_note_and_the_chosen_status() {
    let mapping = mapping();
    let quiet = fake();
    let told = says("m1", PaymentStatus::Expired, None, true);
    drive(&quiet, &mapping, &told, &Earlier::default());
    let calls = quiet.state().calls.len();
    // A 404 that passes is a refusal, and a status is no reason to stand still.
    let passing = |fault: &Fault| !matches!(fault, Fault::Unauthorised | Fault::NotFound);
    for fault in FAULTS.into_iter().filter(passing) {
        for at in 0..calls {
            let fake = fake();
            fake.fault_at(at, fault);
            drive(&fake, &mapping, &told, &Earlier::default());
            assert_eq!(
                (fake.status(ID), fake.notes_with("sv-status-m1 ")),
                (OVERDUE, 1),
                "{fault:?} at {at}"
            );
        }
    }
}
