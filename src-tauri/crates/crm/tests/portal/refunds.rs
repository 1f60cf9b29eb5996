//! A part of a payment that goes back, and refunds that are undone: the code and the stage are those of what is left, once,
//! whatever goes wrong, and a stage that a manager chose since stays.

use crm::{Earlier, Mapping};
use domain::{Message, Operation, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{DEAL_ID, ID, PAYMENT, message, money, record, told},
    fake::{DEAL, FAULTS, Fake, Fault, INVOICE, INVOICE_FIELD},
    mapping::{ALL_BACK, PAID, PARTLY_BACK, back, choice, drive, fake, mapping, moved},
};

const NEW: &str = "DT31_3:N";
/// The first successful one, which is what an empty mapping takes.
const SUCCESS: &str = "DT31_3:P";

fn refund(id: &str, part: bool) -> Message {
    let mut message = back(id, "m1", PAYMENT, Some("m1"), true);
    if let Operation::ReversePayment { partly, amount, .. } = &mut message.operation {
        *partly = part;
        if part {
            *amount = money("4000.00");
        }
    }
    message
}

fn restore(id: &str, of: &str, stands: PaymentStatus) -> Message {
    let Operation::ReversePayment {
        invoice,
        invoice_number,
        deal,
        payment,
        amount,
        booked,
        document_number,
        ..
    } = refund("", false).operation
    else {
        panic!("a refund")
    };
    message(
        id,
        Operation::RestorePayment {
            invoice,
            invoice_number,
            deal,
            payment,
            amount,
            booked,
            document_number,
            undoes: of.into(),
            status: stands,
        },
    )
}

fn both(settling: &Receipt, undone: &Receipt) -> Earlier {
    Earlier {
        settling: Some(settling.clone()),
        undone: Some(undone.clone()),
    }
}

/// A paid invoice, and the receipt of that.
fn paid(mapping: &Mapping) -> (Fake, Receipt) {
    let fake = fake(NEW);
    let mut full = record(true);
    if let Operation::RecordPayment { amount, .. } = &mut full.operation {
        *amount = money("30000.00");
    }
    let receipt = drive(&fake, mapping, &full, &told(None));
    (fake, receipt)
}

fn codes(fake: &Fake) -> (usize, usize) {
    let held = |kind, id, field| fake.field(kind, id, field).as_array().map_or(0, Vec::len);
    (
        held(INVOICE, ID, INVOICE_FIELD),
        held(DEAL, DEAL_ID, crate::fake::DEAL_FIELD),
    )
}

#[test]
fn a_part_that_goes_back_leaves_the_code_and_its_undo_the_stage_of_a_paid_invoice() {
    for (mapping, paid_stage, part_stage) in [(mapping(), PAID, PARTLY_BACK), (Mapping::default(), SUCCESS, NEW)] {
        let (fake, full) = paid(&mapping);
        assert_eq!(fake.stage(ID), paid_stage);
        let part = drive(&fake, &mapping, &refund("m2", true), &both(&full, &full));
        assert_eq!(moved(&part), (Some(paid_stage), Some(part_stage)));
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (part_stage, (1, 1)));
        assert_eq!(fake.comments_with("Часть оплаты возвращена"), 1);
        assert_eq!(fake.comments_with("4 000,00"), 1);
        // A second part, and the undo of it while the first stands.
        let second = drive(&fake, &mapping, &refund("m3", true), &both(&full, &full));
        let undone = restore("m4", "m3", PaymentStatus::PartialRefund);
        drive(&fake, &mapping, &undone, &told(Some(&second)));
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (part_stage, (1, 1)));
        let undone = restore("m5", "m2", PaymentStatus::Paid);
        let receipt = drive(&fake, &mapping, &undone, &told(Some(&part)));
        assert_eq!(moved(&receipt), (Some(part_stage), Some(paid_stage)));
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (paid_stage, (1, 1)));
        assert_eq!(fake.comments_with("Возврат отменён"), 2);
    }
}

#[test]
fn a_payment_that_the_bank_takes_back_has_a_stage_of_its_own_or_the_one_before() {
    let mut chosen = mapping();
    chosen.choices.push(choice(PaymentStatus::Failed, NEW));
    for (mapping, paid_stage, failed_stage) in [
        (chosen, PAID, NEW),
        // That a refund has a stage says nothing of money that the bank took.
        (mapping(), PAID, NEW),
        (Mapping::default(), SUCCESS, NEW),
    ] {
        let (fake, full) = paid(&mapping);
        let mut recall = refund("m2", false);
        if let Operation::ReversePayment { recalled, .. } = &mut recall.operation {
            *recalled = true;
        }
        let receipt = drive(&fake, &mapping, &recall, &both(&full, &full));
        assert_eq!(moved(&receipt), (Some(paid_stage), Some(failed_stage)));
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (failed_stage, (0, 0)));
        assert_eq!(fake.comments_with("банк отозвал платёж"), 1);
        drive(
            &fake,
            &mapping,
            &restore("m3", "m2", PaymentStatus::Paid),
            &told(Some(&receipt)),
        );
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (paid_stage, (1, 1)));
    }
}

#[test]
fn an_undone_refund_of_all_puts_code_and_stage_back_also_out_of_a_closed_one() {
    for (mapping, paid_stage, back_stage) in [(mapping(), PAID, ALL_BACK), (Mapping::default(), SUCCESS, NEW)] {
        let (fake, full) = paid(&mapping);
        let all = drive(&fake, &mapping, &refund("m2", false), &both(&full, &full));
        assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (back_stage, (0, 0)));
        // Without a receipt the comment of the refund knows the stages.
        for (id, earlier) in [("m3", told(Some(&all))), ("m3", told(None))] {
            let receipt = drive(&fake, &mapping, &restore(id, "m2", PaymentStatus::Paid), &earlier);
            assert_eq!(moved(&receipt), (Some(back_stage), Some(paid_stage)));
            assert_eq!((fake.stage(ID).as_str(), codes(&fake)), (paid_stage, (1, 1)));
        }
        assert_eq!(fake.comments_with("Возврат отменён"), 1);
        let (fake, full) = paid(&mapping);
        drive(&fake, &mapping, &refund("m2", false), &both(&full, &full));
        drive(&fake, &mapping, &restore("m3", "m2", PaymentStatus::Paid), &told(None));
        assert_eq!(fake.stage(ID), paid_stage);
    }
}

#[test]
fn a_stage_that_a_manager_chose_after_the_refund_stays() {
    let mapping = mapping();
    let (fake, full) = paid(&mapping);
    let all = drive(&fake, &mapping, &refund("m2", false), &both(&full, &full));
    fake.put(
        INVOICE,
        ID,
        json!({"stageId": "DT31_3:S", "categoryId": 3, "opportunity": "30000.00", "currencyId": "RUB"}),
    );
    let receipt = drive(
        &fake,
        &mapping,
        &restore("m3", "m2", PaymentStatus::Paid),
        &told(Some(&all)),
    );
    assert_eq!((fake.stage(ID).as_str(), codes(&fake).0), ("DT31_3:S", 1));
    assert_eq!(receipt.notes.len(), 1, "{:?}", receipt.notes);
}

#[test]
fn a_fault_at_any_call_leaves_one_comment_and_the_right_stage() {
    let mapping = mapping();
    let (quiet, full) = paid(&mapping);
    let calls = |fake: &Fake| fake.state().calls.len();
    let before = calls(&quiet);
    let part = drive(&quiet, &mapping, &refund("m2", true), &both(&full, &full));
    let of_part = calls(&quiet) - before;
    drive(
        &quiet,
        &mapping,
        &restore("m3", "m2", PaymentStatus::Paid),
        &told(Some(&part)),
    );
    let of_restore = calls(&quiet) - before - of_part;
    for fault in FAULTS.into_iter().filter(|fault| *fault != Fault::Unauthorised) {
        for at in 0..of_part {
            let (fake, full) = paid(&mapping);
            fake.fault_at(at, fault);
            let receipt = drive(&fake, &mapping, &refund("m2", true), &both(&full, &full));
            assert_eq!(moved(&receipt), (Some(PAID), Some(PARTLY_BACK)), "{fault:?} at {at}");
            assert_eq!(
                (fake.stage(ID).as_str(), codes(&fake).0),
                (PARTLY_BACK, 1),
                "{fault:?} at {at}"
            );
            assert_eq!(fake.comments_with("sv-reverse-m2 "), 1, "{fault:?} at {at}");
        }
        for at in 0..of_restore {
            let (fake, full) = paid(&mapping);
            let all = drive(&fake, &mapping, &refund("m2", false), &both(&full, &full));
            fake.fault_at(at, fault);
            let undone = restore("m3", "m2", PaymentStatus::Paid);
            let receipt = drive(&fake, &mapping, &undone, &told(Some(&all)));
            assert_eq!(moved(&receipt), (Some(ALL_BACK), Some(PAID)), "{fault:?} at {at}");
            assert_eq!(
                (fake.stage(ID).as_str(), codes(&fake)),
                (PAID, (1, 1)),
                "{fault:?} at {at}"
            );
            assert_eq!(fake.comments_with("sv-record-m3 "), 1, "{fault:?} at {at}");
        }
    }
}
