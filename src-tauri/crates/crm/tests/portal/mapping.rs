//! Stages that the user chose: they are written with the payment as one unit, once, whatever goes wrong, and no older
//! fact moves an invoice back.

use crm::{
    Choice, Crm, Earlier, Mapping, Means, Of,
    bitrix24::{Client, Portal},
};
use domain::{Message, Operation, Outcome, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, PAYMENT, portal, record, reverse, told},
    fake::{FAULTS, Fake, Fault, INVOICE, INVOICE_FIELD, now},
};

const PART: &str = "DT31_3:UC_X";
/// Not the first successful stage of the funnel, which is what an empty mapping takes.
pub const PAID: &str = "DT31_3:UC_PAID2";
const AWAITING: &str = "DT31_3:S";
pub const PARTLY_BACK: &str = "DT31_3:N";
pub const ALL_BACK: &str = "DT31_3:D";
const REST: &str = "sv1-ffffffffffffffffffffffffffffffff";
const ATTEMPTS_MAX: usize = 6;

pub fn choice(status: PaymentStatus, stage: &str) -> Choice {
    Choice {
        of: Of::Invoices,
        funnel: 3,
        status,
        stage: stage.to_owned(),
    }
}

pub fn mapping() -> Mapping {
    Mapping {
        choices: vec![
            choice(PaymentStatus::Awaiting, AWAITING),
            choice(PaymentStatus::PartlyPaid, PART),
            choice(PaymentStatus::Paid, PAID),
            choice(PaymentStatus::PartialRefund, PARTLY_BACK),
            choice(PaymentStatus::FullRefund, ALL_BACK),
        ],
    }
}

fn mapped(mapping: Mapping) -> Portal {
    Portal {
        mapping,
        ..portal(true)
    }
}

pub fn fake(stage: &str) -> Fake {
    let fake = Fake::new();
    fake.put(
        INVOICE,
        ID,
        json!({"stageId": stage, "categoryId": 3, "opportunity": "30000.00", "currencyId": "RUB"}),
    );
    fake.put(
        crate::fake::DEAL,
        crate::delivery::DEAL_ID,
        json!({"stageId": "NEW", "categoryId": 0}),
    );
    fake
}

/// The payment that settles what the first one left open.
fn rest() -> Message {
    let mut rest = record(true);
    rest.id = "m3".into();
    if let Operation::RecordPayment { payment, .. } = &mut rest.operation {
        *payment = REST.into();
    }
    rest
}

pub fn back(id: &str, of: &str, code: &str, settled: Option<&str>, refunded: bool) -> Message {
    let mut back = reverse(settled);
    back.id = id.into();
    if let Operation::ReversePayment {
        payment,
        undoes,
        refund,
        ..
    } = &mut back.operation
    {
        *payment = code.into();
        *undoes = of.into();
        *refund = refunded;
    }
    back
}

pub fn drive(fake: &Fake, mapping: &Mapping, message: &Message, earlier: &Earlier) -> Receipt {
    let client = Client::new(fake, mapped(mapping.clone()));
    for _ in 0..ATTEMPTS_MAX {
        match now(client.deliver(message, earlier)) {
            Outcome::Delivered { receipt } => return receipt,
            Outcome::Refused { detail } => panic!("refused: {detail:?}"),
            _ => {}
        }
    }
    panic!("not delivered in {ATTEMPTS_MAX} attempts");
}

pub fn moved(receipt: &Receipt) -> (Option<&str>, Option<&str>) {
    (receipt.stage_before.as_deref(), receipt.stage_after.as_deref())
}

#[test]
fn an_invoice_goes_through_the_stages_that_were_chosen_and_back() {
    for refunded in [false, true] {
        let (mapping, fake) = (mapping(), fake("DT31_3:N"));
        let part = drive(&fake, &mapping, &record(false), &told(None));
        assert_eq!(moved(&part), (Some("DT31_3:N"), Some(PART)));
        assert_eq!(fake.stage(ID), PART);
        let full = drive(&fake, &mapping, &rest(), &told(None));
        assert_eq!(moved(&full), (Some(PART), Some(PAID)));
        assert_eq!(fake.stage(ID), PAID);
        let earlier = Earlier {
            settling: Some(full.clone()),
            undone: Some(part),
        };
        let undone = drive(
            &fake,
            &mapping,
            &back("m4", "m1", PAYMENT, Some("m3"), refunded),
            &earlier,
        );
        let expected = if refunded { PARTLY_BACK } else { PART };
        assert_eq!(moved(&undone), (Some(PAID), Some(expected)));
        // What settled it is taken back too, and its own move is no longer where the invoice stands.
        let earlier = told(Some(&full));
        let undone = drive(&fake, &mapping, &back("m5", "m3", REST, Some("m3"), refunded), &earlier);
        let expected = if refunded { ALL_BACK } else { AWAITING };
        assert_eq!(fake.stage(ID), expected, "{undone:?}");
        assert_eq!(fake.field(INVOICE, ID, INVOICE_FIELD), json!([]));
        assert_eq!(fake.state().comments.len(), 4);
        assert_eq!(fake.comments_with("деньги возвращены"), if refunded { 2 } else { 0 });
    }
}

#[test]
fn a_fault_at_any_call_leaves_one_comment_and_the_chosen_stage() {
    let mapping = mapping();
    let calls = |fake: &Fake| fake.state().calls.len();
    let quiet = fake("DT31_3:N");
    let part = drive(&quiet, &mapping, &record(false), &told(None));
    let of_part = calls(&quiet);
    drive(
        &quiet,
        &mapping,
        &back("m2", "m1", PAYMENT, None, false),
        &told(Some(&part)),
    );
    let of_back = calls(&quiet) - of_part;
    for fault in FAULTS.into_iter().filter(|fault| *fault != Fault::Unauthorised) {
        for at in 0..of_part {
            let fake = fake("DT31_3:N");
            fake.fault_at(at, fault);
            let receipt = drive(&fake, &mapping, &record(false), &told(None));
            assert_eq!(moved(&receipt), (Some("DT31_3:N"), Some(PART)), "{fault:?} at {at}");
            assert_eq!(
                (fake.stage(ID).as_str(), fake.comments_with("sv-record-m1 ")),
                (PART, 1)
            );
        }
        for at in 0..of_back {
            let fake = fake("DT31_3:N");
            let part = drive(&fake, &mapping, &record(false), &told(None));
            fake.fault_at(at, fault);
            let undo = back("m2", "m1", PAYMENT, None, false);
            let receipt = drive(&fake, &mapping, &undo, &told(Some(&part)));
            assert_eq!(moved(&receipt), (Some(PART), Some(AWAITING)), "{fault:?} at {at}");
            assert_eq!(
                (fake.stage(ID).as_str(), fake.comments_with("sv-reverse-m2 ")),
                (AWAITING, 1)
            );
        }
    }
}

#[test]
fn a_second_part_finds_the_stage_set_and_claims_no_move_of_its_own() {
    let (mapping, fake) = (mapping(), fake("DT31_3:N"));
    drive(&fake, &mapping, &record(false), &told(None));
    let mut second = rest();
    if let Operation::RecordPayment { settles, amount, .. } = &mut second.operation {
        *settles = false;
        *amount = crate::delivery::money("100.00");
    }
    // A lost answer to the write must not make it believe that the stage was its own doing.
    fake.fault_at(4, Fault::LostAfter);
    let receipt = drive(&fake, &mapping, &second, &told(None));
    assert_eq!(moved(&receipt), (Some(PART), Some(PART)));
    assert!(receipt.notes.is_empty(), "{:?}", receipt.notes);
}

#[test]
fn no_older_fact_moves_an_invoice_back() {
    // Paid stands for an open stage here: an act is still to be signed, say.
    let open_paid = Mapping {
        choices: vec![
            choice(PaymentStatus::Paid, PART),
            choice(PaymentStatus::PartlyPaid, AWAITING),
        ],
    };
    for (mapping, stands) in [(open_paid, PART), (mapping(), PAID)] {
        let fake = fake(stands);
        let receipt = drive(&fake, &mapping, &record(false), &told(None));
        assert_eq!(fake.stage(ID), stands);
        assert_eq!(
            fake.field(INVOICE, ID, INVOICE_FIELD),
            json!([PAYMENT]),
            "it is recorded"
        );
        assert_eq!(receipt.notes.len(), 1, "{:?}", receipt.notes);
    }
}

#[test]
fn a_chosen_stage_that_is_gone_stops_the_message_before_any_write() {
    let gone = Mapping {
        choices: vec![
            choice(PaymentStatus::Paid, "DT31_3:GONE"),
            choice(PaymentStatus::PartlyPaid, "DT31_3:GONE"),
        ],
    };
    for settles in [true, false] {
        let fake = fake("DT31_3:N");
        let client = Client::new(&fake, mapped(gone.clone()));
        match now(client.deliver(&record(settles), &told(None))) {
            Outcome::Refused { detail } => assert!(detail.ru.contains("DT31_3:GONE") && !detail.ru.ends_with('.')),
            other => panic!("{other:?}"),
        }
        assert!(fake.state().writes.is_empty());
        let funnels = now(client.funnels()).unwrap();
        assert_eq!(gone.objections(&funnels).len(), 2);
        assert_eq!(mapping().objections(&funnels), []);
    }
}

#[test]
fn a_chosen_stage_that_is_gone_when_a_payment_is_taken_back_gives_the_stage_before() {
    let fake = fake("DT31_3:N");
    let mut mapping = mapping();
    let part = drive(&fake, &mapping, &record(false), &told(None));
    mapping.choices[0].stage = "DT31_3:GONE".to_owned();
    let undo = back("m2", "m1", PAYMENT, None, false);
    let receipt = drive(&fake, &mapping, &undo, &told(Some(&part)));
    assert_eq!(fake.stage(ID), "DT31_3:N");
    assert!(receipt.notes[0].ru.contains("DT31_3:GONE"), "{:?}", receipt.notes);
}

#[test]
fn what_a_manager_did_after_our_write_is_left() {
    let (mapping, fake) = (mapping(), fake("DT31_3:N"));
    let full = drive(&fake, &mapping, &record(true), &told(None));
    assert_eq!(fake.stage(ID), PART, "the portal asks for more than is paid");
    fake.move_by_hand(ID, "DT31_3:P");
    let undo = back("m2", "m1", PAYMENT, Some("m1"), false);
    let receipt = drive(&fake, &mapping, &undo, &told(Some(&full)));
    assert_eq!(fake.stage(ID), "DT31_3:P");
    assert!(receipt.notes[0].ru.contains("оставлена"), "{:?}", receipt.notes);
}

#[test]
fn the_portal_offers_its_funnels_with_what_their_stages_mean() {
    let fake = Fake::new();
    let funnels = now(Client::new(&fake, portal(true)).funnels()).unwrap();
    let [invoices, deals] = funnels.as_slice() else {
        panic!("{funnels:?}")
    };
    assert_eq!(
        (invoices.of, invoices.number, invoices.stages.len()),
        (Of::Invoices, 3, 6)
    );
    assert_eq!((deals.of, deals.number), (Of::Deals, 0));
    let means: Vec<_> = deals
        .stages
        .iter()
        .map(|stage| (stage.id.as_str(), stage.means))
        .collect();
    assert_eq!(
        means,
        [("NEW", Means::Open), ("WON", Means::Success), ("LOSE", Means::Failure)]
    );
}
