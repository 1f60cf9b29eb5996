//! A part of a payment that goes back, and refunds that are undone, in amoCRM.

use crm::{Earlier, Mapping};
use domain::{Message, Operation, PaymentStatus, Receipt};
use serde_json::json;

use crate::{
    delivery::{ID, message, money, record, reverse},
    fake::{FAULTS, Fake, Fault, STATUS},
    mapping::{drive, fake, lead, mapping},
};

fn refund(id: &str, part: bool) -> Message {
    let mut back = reverse(Some("m1"), true);
    back.id = id.into();
    if let Operation::ReversePayment {
        refund, partly, amount, ..
    } = &mut back.operation
    {
        (*refund, *partly) = (true, part);
        if part {
            *amount = money("4000.00");
        }
    }
    back
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
    let operation = Operation::RestorePayment {
        invoice,
        invoice_number,
        deal,
        payment,
        amount,
        booked,
        document_number,
        undoes: of.into(),
        status: stands,
    };
    message(id, operation)
}

fn undone(receipt: &Receipt) -> Earlier {
    Earlier {
        settling: None,
        undone: Some(receipt.clone()),
    }
}

/// A paid invoice with its status, and the receipt of that.
fn paid(mapping: &Mapping) -> (Fake, Receipt, u64) {
    let fake = fake();
    let receipt = drive(&fake, mapping, &record(true, true), &Earlier::default());
    let status = fake.status(ID);
    (fake, receipt, status)
}

#[test]
fn a_part_leaves_the_code_a_whole_takes_it_and_their_undo_puts_status_and_lead_back() {
    for mapping in [mapping(), Mapping::default()] {
        for part in [true, false] {
            let (fake, full, paid) = paid(&mapping);
            let lead_paid = lead(&fake);
            let told = drive(&fake, &mapping, &refund("m2", part), &undone(&full));
            assert_ne!(fake.status(ID), paid, "{part}");
            assert_eq!(told.payments.len(), usize::from(part));
            let receipt = drive(
                &fake,
                &mapping,
                &restore("m3", "m2", PaymentStatus::Paid),
                &undone(&told),
            );
            assert_eq!((fake.status(ID), lead(&fake)), (paid, lead_paid), "{part} {receipt:?}");
            assert_eq!(receipt.payments.len(), 1);
            assert_eq!(fake.notes_with("Возврат отменён"), 1);
            assert_eq!(fake.notes_with("Часть оплаты возвращена"), usize::from(part));
            // Taken back once more, it goes where it came from.
            drive(&fake, &mapping, &refund("m4", false), &undone(&full));
            assert_eq!(fake.notes_with("деньги возвращены"), 1 + usize::from(!part));
        }
    }
}

#[test]
fn a_payment_that_the_bank_takes_back_is_told_as_such() {
    for mapping in [mapping(), Mapping::default()] {
        let (fake, full, _) = paid(&mapping);
        let mut recall = refund("m2", false);
        if let Operation::ReversePayment { recalled, .. } = &mut recall.operation {
            *recalled = true;
        }
        let receipt = drive(&fake, &mapping, &recall, &undone(&full));
        assert_eq!((fake.status(ID), receipt.payments.len()), (11, 0), "{receipt:?}");
        assert_eq!(fake.notes_with("банк отозвал платёж"), 1);
    }
}

#[test]
fn a_status_that_a_manager_chose_after_the_refund_stays() {
    let mapping = mapping();
    let (fake, full, _) = paid(&mapping);
    let told = drive(&fake, &mapping, &refund("m2", false), &undone(&full));
    fake.set(ID, STATUS, json!([{"enum_id": 11}]));
    let receipt = drive(
        &fake,
        &mapping,
        &restore("m3", "m2", PaymentStatus::Paid),
        &undone(&told),
    );
    assert_eq!((fake.status(ID), receipt.payments.len()), (11, 1));
    assert_eq!(receipt.notes.len(), 1, "{:?}", receipt.notes);
}

#[test]
fn a_fault_at_any_call_leaves_one_note_and_the_right_status() {
    let mapping = mapping();
    let (quiet, full, _) = paid(&mapping);
    let told = drive(&quiet, &mapping, &refund("m2", false), &undone(&full));
    let before = quiet.state().calls.len();
    drive(
        &quiet,
        &mapping,
        &restore("m3", "m2", PaymentStatus::Paid),
        &undone(&told),
    );
    let calls = quiet.state().calls.len() - before;
    let passing = |fault: &Fault| !matches!(fault, Fault::Unauthorised | Fault::NotFound);
    for fault in FAULTS.into_iter().filter(passing) {
        for at in 0..calls {
            let (fake, full, paid) = paid(&mapping);
            let told = drive(&fake, &mapping, &refund("m2", false), &undone(&full));
            fake.fault_at(at, fault);
            let receipt = drive(
                &fake,
                &mapping,
                &restore("m3", "m2", PaymentStatus::Paid),
                &undone(&told),
            );
            assert_eq!(
                (fake.status(ID), receipt.payments.len()),
                (paid, 1),
                "{fault:?} at {at}"
            );
            assert_eq!(fake.notes_with("sv-record-m3 "), 1, "{fault:?} at {at}");
        }
    }
}
