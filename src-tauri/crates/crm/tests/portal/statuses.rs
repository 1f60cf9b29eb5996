//! How an invoice stands without money: written once whatever goes wrong, where a stage was chosen, never over what somebody
//! else chose, and no refusal of it stops the payments behind it.

use crm::{Choice, Earlier, Mapping, Of};
use domain::{Message, MessageId, Operation, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, message, record, told},
    fake::{FAULTS, Fake, Fault, INVOICE},
    mapping::{PAID, drive, fake, moved},
};

const NEW: &str = "DT31_3:N";
const SENT: &str = "DT31_3:S";
const OVERDUE: &str = "DT31_3:UC_X";

fn mapping() -> Mapping {
    let choice = |status, stage: &str| Choice {
        of: Of::Invoices,
        funnel: 3,
        status,
        stage: stage.to_owned(),
    };
    Mapping {
        choices: vec![
            choice(PaymentStatus::Expired, OVERDUE),
            choice(PaymentStatus::Paid, PAID),
        ],
    }
}

fn says(id: &str, status: PaymentStatus, follows: Option<&str>, began: Option<&str>) -> Message {
    let of = |id: Option<&str>| id.map(MessageId::from);
    let operation = Operation::MarkStatus {
        invoice: "b24:31:315".into(),
        invoice_number: "СЧ-145".to_owned(),
        deal: None,
        status,
        due: (status == PaymentStatus::Expired).then(|| "2025-03-10".parse().unwrap()),
        follows: of(follows),
        began: of(began),
    };
    message(id, operation)
}

fn overdue(id: &str, follows: Option<&str>) -> Message {
    says(id, PaymentStatus::Expired, follows, None)
}

fn after(receipt: &Receipt) -> Earlier {
    told(Some(receipt))
}

fn put(fake: &Fake, stage: &str) {
    let item = json!({"stageId": stage, "categoryId": 3, "opportunity": "30000.00", "currencyId": "RUB"});
    fake.put(INVOICE, ID, item);
}

#[test]
fn an_overdue_invoice_goes_where_it_was_chosen_to_go_and_back() {
    let (mapping, fake) = (mapping(), fake(SENT));
    let first = drive(&fake, &mapping, &overdue("m1", None), &Earlier::default());
    assert_eq!(moved(&first), (Some(SENT), Some(OVERDUE)));
    assert_eq!(
        (fake.stage(ID).as_str(), fake.comments_with("Срок: 10.03.2025")),
        (OVERDUE, 1)
    );
    let again = drive(&fake, &mapping, &overdue("m1", None), &Earlier::default());
    assert!(again.found_done && fake.state().comments.len() == 1);
    let back = says("m2", PaymentStatus::Awaiting, Some("m1"), Some("m1"));
    let back = drive(&fake, &mapping, &back, &after(&first));
    assert_eq!(moved(&back), (Some(OVERDUE), Some(SENT)));
    // Overdue once more, and paid from there.
    let again = drive(&fake, &mapping, &overdue("m3", Some("m2")), &after(&back));
    assert_eq!(moved(&again), (Some(SENT), Some(OVERDUE)));
    let mut paid = record(true);
    paid.id = "m4".into();
    if let Operation::RecordPayment { amount, .. } = &mut paid.operation {
        *amount = crate::delivery::money("30000.00");
    }
    let paid = drive(&fake, &mapping, &paid, &told(None));
    assert_eq!(moved(&paid), (Some(OVERDUE), Some(PAID)));
    // Nothing to take back any more.
    let late = says("m5", PaymentStatus::Awaiting, Some("m4"), Some("m3"));
    let late = drive(&fake, &mapping, &late, &after(&paid));
    assert!(late.found_done && fake.stage(ID) == PAID);
}

#[test]
fn what_is_not_ours_to_move_stays_and_leaves_no_comment() {
    let mapping = mapping();
    let left = Receipt {
        stage_after: Some(OVERDUE.to_owned()),
        ..Receipt::default()
    };
    let unknown = Receipt::default();
    let awaiting = |id| says(id, PaymentStatus::Awaiting, Some("m0"), Some("m0"));
    for (stage, message, earlier) in [
        // Closed, whichever way.
        ("DT31_3:P", overdue("m1", None), Earlier::default()),
        ("DT31_3:D", overdue("m1", None), Earlier::default()),
        // Moved since our last message, or left to somebody else by it.
        (SENT, overdue("m1", Some("m0")), after(&left)),
        (SENT, overdue("m1", Some("m0")), after(&unknown)),
        (SENT, overdue("m1", Some("m0")), Earlier::default()),
        (SENT, awaiting("m1"), after(&left)),
        // Mapped to nothing.
        (
            SENT,
            says("m1", PaymentStatus::ManualReview, None, None),
            Earlier::default(),
        ),
        // There already.
        (OVERDUE, overdue("m1", None), Earlier::default()),
    ] {
        let fake = fake(stage);
        put(&fake, stage);
        let receipt = drive(&fake, &mapping, &message, &earlier);
        assert!(receipt.found_done, "{stage} {message:?}");
        assert_eq!(
            (fake.stage(ID).as_str(), fake.state().comments.len()),
            (stage, 0),
            "{message:?}"
        );
        assert!(fake.state().writes.is_empty());
    }
    // A chosen stage that is gone is no reason to stand still.
    let gone = Mapping {
        choices: vec![Choice {
            of: Of::Invoices,
            funnel: 3,
            status: PaymentStatus::Expired,
            stage: "DT31_3:GONE".to_owned(),
        }],
    };
    let fake = fake(SENT);
    let receipt = drive(&fake, &gone, &overdue("m1", None), &Earlier::default());
    assert_eq!((receipt.notes.len(), fake.state().writes.len()), (1, 0));
}

#[test]
fn a_fault_at_any_call_leaves_one_comment_and_the_chosen_stage() {
    let mapping = mapping();
    let quiet = fake(NEW);
    drive(&quiet, &mapping, &overdue("m1", None), &Earlier::default());
    let calls = quiet.state().calls.len();
    for fault in FAULTS.into_iter().filter(|fault| *fault != Fault::Unauthorised) {
        for at in 0..calls {
            let fake = fake(NEW);
            fake.fault_at(at, fault);
            let receipt = drive(&fake, &mapping, &overdue("m1", None), &Earlier::default());
            assert_eq!(moved(&receipt), (Some(NEW), Some(OVERDUE)), "{fault:?} at {at}");
            let held = (fake.stage(ID), fake.comments_with("sv-status-m1 "));
            assert_eq!(held, (OVERDUE.to_owned(), 1), "{fault:?} at {at}");
        }
    }
}
