//! Statuses that the user chose, of invoices and of leads: written with the payment as one unit, once, and checked
//! against what the account offers.

use crm::{
    Choice, Crm, Earlier, Mapping, Means, Of,
    amocrm::{Account, Client},
};
use domain::{Message, Operation, Outcome, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, LEAD, record, reverse},
    fake::{FAULTS, Fake, Fault, PRICE, STATUS, now},
};

/// «Отменён», a choice that the account made itself and that means «refunded» here.
const OWN: u64 = 15;
const ATTEMPTS_MAX: usize = 6;

fn choice(of: Of, funnel: u64, status: PaymentStatus, stage: &str) -> Choice {
    Choice {
        of,
        funnel,
        status,
        stage: stage.to_owned(),
    }
}

pub fn mapping() -> Mapping {
    Mapping {
        choices: vec![
            choice(Of::Invoices, 0, PaymentStatus::Paid, "paid_in_advance"),
            choice(Of::Invoices, 0, PaymentStatus::FullRefund, "#15"),
            choice(Of::Deals, 7, PaymentStatus::PartlyPaid, "71"),
            choice(Of::Deals, 7, PaymentStatus::Paid, "142"),
        ],
    }
}

pub fn fake() -> Fake {
    let fake = Fake::new();
    fake.put(
        ID,
        "Счет №17 от 20.11.2026",
        &[(PRICE, json!([{"value": "15000"}])), (STATUS, json!([{"enum_id": 11}]))],
    );
    let lead = json!({"id": LEAD, "status_id": 70, "pipeline_id": 7});
    fake.state().leads.insert(LEAD, lead);
    fake
}

fn client<'a>(fake: &'a Fake, mapping: &Mapping) -> Client<&'a Fake> {
    Client::new(
        fake,
        Account {
            mapping: mapping.clone(),
            ..Account::new("amo")
        },
    )
}

pub fn drive(fake: &Fake, mapping: &Mapping, message: &Message, earlier: &Earlier) -> Receipt {
    for _ in 0..ATTEMPTS_MAX {
        match now(client(fake, mapping).deliver(message, earlier)) {
            Outcome::Delivered { receipt } => return receipt,
            Outcome::Refused { detail } => panic!("refused: {detail:?}"),
            _ => {}
        }
    }
    panic!("not delivered in {ATTEMPTS_MAX} attempts");
}

pub fn lead(fake: &Fake) -> u64 {
    fake.state().leads[&LEAD]["status_id"].as_u64().unwrap()
}

fn refund(settled_by: Option<&str>) -> Message {
    let mut back = reverse(settled_by, true);
    if let Operation::ReversePayment { refund, .. } = &mut back.operation {
        *refund = true;
    }
    back
}

#[test]
fn the_chosen_statuses_are_written_once_whatever_goes_wrong() {
    let mapping = mapping();
    let quiet = fake();
    drive(&quiet, &mapping, &record(true, true), &Earlier::default());
    let calls = quiet.state().calls.len();
    // A 404 that passes may be a refusal for a person, as it is without a mapping.
    let passing = |fault: &Fault| !matches!(fault, Fault::Unauthorised | Fault::NotFound);
    for fault in FAULTS.into_iter().filter(passing) {
        for at in 0..calls {
            let fake = fake();
            fake.fault_at(at, fault);
            let receipt = drive(&fake, &mapping, &record(true, true), &Earlier::default());
            assert_eq!((fake.status(ID), lead(&fake)), (14, 142), "{fault:?} at {at}");
            assert_eq!(
                receipt.stage_after.as_deref(),
                Some("paid_in_advance"),
                "{fault:?} at {at}"
            );
            assert_eq!(fake.notes_with("sv-record-m1 "), 1);
        }
    }
}

#[test]
fn a_part_moves_the_lead_where_it_is_mapped_and_a_refund_has_its_own_status() {
    let (mapping, fake) = (mapping(), fake());
    let part = drive(&fake, &mapping, &record(false, true), &Earlier::default());
    assert_eq!((fake.status(ID), lead(&fake)), (13, 71));
    let earlier = Earlier {
        settling: None,
        undone: Some(part),
        ..Earlier::default()
    };
    let undone = drive(&fake, &mapping, &refund(None), &earlier);
    assert_eq!((fake.status(ID), lead(&fake)), (OWN, 70));
    assert_eq!(undone.stage_after.as_deref(), Some("#15"));
    // A refunded invoice may be paid again.
    let mut again = record(true, true);
    again.id = "m7".into();
    drive(&fake, &mapping, &again, &Earlier::default());
    assert_eq!(fake.status(ID), 14);
}

#[test]
fn no_older_fact_moves_an_invoice_back() {
    let (mapping, fake) = (mapping(), fake());
    fake.set(ID, STATUS, json!([{"enum_id": 14}]));
    let receipt = drive(&fake, &mapping, &record(false, true), &Earlier::default());
    assert_eq!((fake.status(ID), lead(&fake)), (14, 70));
    assert_eq!(receipt.notes.len(), 1, "{:?}", receipt.notes);
}

#[test]
fn a_chosen_status_that_is_gone_stops_the_message_before_any_write() {
    let gone = Mapping {
        choices: vec![choice(Of::Invoices, 0, PaymentStatus::Paid, "#99")],
    };
    let fake = fake();
    match now(client(&fake, &gone).deliver(&record(true, true), &Earlier::default())) {
        Outcome::Refused { detail } => assert!(detail.ru.contains("#99"), "{detail:?}"),
        other => panic!("{other:?}"),
    }
    assert!(fake.state().writes.is_empty());
    let funnels = now(client(&fake, &gone).funnels()).unwrap();
    assert_eq!(
        (gone.objections(&funnels).len(), mapping().objections(&funnels).len()),
        (1, 0)
    );
}

#[test]
fn a_status_of_the_accounts_own_is_read_once_it_means_something() {
    let fake = fake();
    fake.set(ID, STATUS, json!([{"enum_id": OWN}]));
    let unmapped = now(client(&fake, &Mapping::default()).pull(&[])).unwrap();
    assert_eq!((unmapped.invoices.len(), unmapped.skipped.len()), (0, 1));
    let read = now(client(&fake, &mapping()).pull(&[])).unwrap();
    assert_eq!((read.invoices.len(), read.skipped.len()), (1, 0), "{:?}", read.skipped);
}

#[test]
fn the_account_offers_its_statuses_with_what_they_mean() {
    let fake = fake();
    let funnels = now(client(&fake, &Mapping::default()).funnels()).unwrap();
    let offered: Vec<Vec<(&str, Means)>> = funnels
        .iter()
        .map(|funnel| {
            funnel
                .stages
                .iter()
                .map(|stage| (stage.id.as_str(), stage.means))
                .collect()
        })
        .collect();
    assert_eq!(
        offered,
        [
            vec![
                ("created", Means::Open),
                ("paid", Means::Success),
                ("partially_paid", Means::Open),
                ("paid_in_advance", Means::Success),
                ("#15", Means::Open),
            ],
            vec![
                ("70", Means::Open),
                ("71", Means::Open),
                ("142", Means::Success),
                ("143", Means::Failure),
            ],
        ]
    );
    assert_eq!((funnels[0].number, funnels[1].number), (0, 7));
}
