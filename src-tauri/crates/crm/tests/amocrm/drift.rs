//! What somebody changed meanwhile is said and left; what cannot take a payment is refused before any write.

use crm::{
    Earlier,
    amocrm::{Account, Client},
};
use domain::{Operation, Outcome, PaymentId, Text};
use serde_json::json;

use crate::{
    delivery::{FOREIGN, ID, LEAD, PAID, deliver, delivered, record, reverse},
    fake::{Fake, Fault, PAYMENT, PRICE, STATUS, now},
};

fn fake(status: u64, price: &str) -> Fake {
    let fake = Fake::new();
    fake.put(
        ID,
        "Счет №17 от 20.11.2026",
        &[
            (PRICE, json!([{"value": price}])),
            (STATUS, json!([{"enum_id": status}])),
        ],
    );
    let lead = json!({"id": LEAD, "status_id": 70, "pipeline_id": 7});
    fake.state().leads.insert(LEAD, lead);
    fake
}

fn refused(fake: &Fake, message: &domain::Message) -> Text {
    match deliver(fake, message, &Earlier::default(), false) {
        Outcome::Refused { detail } => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_invoice_that_cannot_take_the_payment_is_refused_before_any_write() {
    let gone = fake(11, "15000");
    gone.state().elements.clear();
    let binned = fake(11, "15000");
    binned.state().elements.get_mut(&ID).unwrap()["is_deleted"] = json!(true);
    let no_field = fake(11, "15000");
    no_field.state().fields.retain(|field| field["id"] != PAYMENT);
    let no_status = fake(11, "15000");
    no_status.state().fields.retain(|field| field["id"] != STATUS);
    let foreign_money = fake(11, "15000");
    foreign_money.state().currency = "AMD";
    for (fake, words) in [
        (gone, "удалён"),
        (binned, "удалён"),
        (fake(11, "14999.99"), "меньше платежа"),
        (fake(11, "сто"), "не читается сумма"),
        (no_field, "нет поля"),
        (no_status, "нет статуса"),
        (foreign_money, "в валюте AMD"),
    ] {
        let detail = refused(&fake, &record(true, true));
        assert!(detail.ru.contains(words), "{detail:?}");
        assert!(fake.state().writes.is_empty(), "{words}");
    }
}

#[test]
fn an_account_that_is_gone_or_has_no_invoices_stops_the_queue_and_parks_nothing() {
    let no_invoices = fake(11, "15000");
    no_invoices.state().catalogs.truncate(1);
    let moved = fake(11, "15000");
    moved.plan([Some(Fault::NotFound); 9]);
    // After three calls that say how the account is made (four with the second page of its fields).
    let moved_meanwhile = fake(11, "15000");
    moved_meanwhile.plan([None; 4].into_iter().chain([Some(Fault::NotFound); 9]));
    for (fake, words) in [
        (no_invoices, "нет списка «Счета». Включите"),
        (moved, "аккаунта amoCRM нет. Скопируйте"),
        (moved_meanwhile, "аккаунта amoCRM нет. Скопируйте"),
    ] {
        match deliver(&fake, &record(true, true), &Earlier::default(), false) {
            Outcome::Unauthorised { detail } => assert!(detail.ru.contains(words), "{detail:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_invoice_of_another_connection_is_refused_without_a_call() {
    let fake = fake(11, "15000");
    let mut message = record(true, true);
    if let Operation::RecordPayment { invoice, .. } = &mut message.operation {
        *invoice = "b24:31:315".into();
    }
    assert!(refused(&fake, &message).ru.contains("b24:31:315"));
    assert!(fake.state().calls.is_empty());
}

#[test]
fn a_status_that_somebody_else_set_is_left_and_not_taken_back() {
    for by_hand in [12, 14, 15] {
        let fake = fake(by_hand, "15000");
        let receipt = delivered(&fake, &record(true, true), &Earlier::default());
        assert!(receipt.notes[0].ru.contains("не мы"), "{:?}", receipt.notes);
        assert_eq!(receipt.stage_before, receipt.stage_after);
        assert_eq!(fake.payments(ID), [PAID]);
        assert_eq!(fake.state().notes[0].2, "common");
        let earlier = Earlier {
            settling: Some(receipt.clone()),
            undone: Some(receipt),
            ..Earlier::default()
        };
        delivered(&fake, &reverse(Some("m1"), true), &earlier);
        assert_eq!(fake.status(ID), by_hand);
        assert!(fake.payments(ID).is_empty());
    }
}

#[test]
fn a_status_changed_after_our_write_is_left_by_the_repeat_and_by_the_reversal() {
    for lead in [true, false] {
        let fake = fake(11, "15000");
        let receipt = delivered(&fake, &record(true, lead), &Earlier::default());
        assert_eq!(fake.status(ID), 12);
        fake.set(ID, STATUS, json!([{"enum_id": 15}]));
        let again = delivered(&fake, &record(true, lead), &Earlier::default());
        assert!(
            again.notes.iter().any(|note| note.ru.contains("Отменён")),
            "{:?}",
            again.notes
        );
        let earlier = Earlier {
            settling: Some(receipt.clone()),
            undone: Some(receipt),
            ..Earlier::default()
        };
        let undone = delivered(&fake, &reverse(Some("m1"), lead), &earlier);
        assert!(
            undone.notes.iter().any(|note| note.ru.contains("Отменён")),
            "{:?}",
            undone.notes
        );
        assert_eq!(fake.status(ID), 15);
    }
}

#[test]
fn a_re_priced_invoice_is_paid_in_part_and_that_is_said() {
    let fake = fake(11, "15000.01");
    let receipt = delivered(&fake, &record(true, true), &Earlier::default());
    assert_eq!(fake.status(ID), 13);
    assert!(receipt.notes[0].ru.contains("15\u{a0}000,01"), "{:?}", receipt.notes);
    assert!(fake.state().notes[0].3.starts_with("Поступила часть оплаты"));
    // With another payment in the field the rest of the sum is accounted for.
    let second = self::fake(13, "30000");
    second.set(ID, PAYMENT, json!([{"value": FOREIGN}]));
    delivered(&second, &record(true, true), &Earlier::default());
    assert_eq!(second.status(ID), 12);
    assert_eq!(second.payments(ID), [FOREIGN, PAID]);
}

#[test]
fn parts_come_and_go_and_the_status_follows_what_is_left() {
    let fake = fake(11, "30000");
    let first = record(false, true);
    let mut second = record(true, true);
    second.id = "m3".into();
    if let Operation::RecordPayment { payment, .. } = &mut second.operation {
        *payment = PaymentId("sv1-2".to_owned());
    }
    let first_receipt = delivered(&fake, &first, &Earlier::default());
    let second_receipt = delivered(&fake, &second, &Earlier::default());
    assert_eq!(fake.status(ID), 12);
    let undo_first = Earlier {
        settling: Some(second_receipt.clone()),
        undone: Some(first_receipt),
        ..Earlier::default()
    };
    delivered(&fake, &reverse(Some("m3"), true), &undo_first);
    assert_eq!((fake.status(ID), fake.payments(ID)), (13, vec!["sv1-2".to_owned()]));
    let mut last = reverse(None, true);
    last.id = "m4".into();
    if let Operation::ReversePayment { payment, undoes, .. } = &mut last.operation {
        *payment = PaymentId("sv1-2".to_owned());
        *undoes = "m3".into();
    }
    let undo_second = Earlier {
        settling: None,
        undone: Some(second_receipt),
        ..Earlier::default()
    };
    delivered(&fake, &last, &undo_second);
    assert_eq!((fake.status(ID), fake.payments(ID).len()), (11, 0));
}

#[test]
fn a_lead_that_takes_no_note_is_no_obstacle() {
    let gone = fake(11, "15000");
    gone.state().leads.clear();
    let receipt = delivered(&gone, &record(true, true), &Earlier::default());
    assert!(receipt.notes[0].ru.contains("не записано"), "{:?}", receipt.notes);
    assert_eq!((gone.status(ID), receipt.comment), (12, None));
    // An account without notes of payment takes the common one.
    let plain = fake(11, "15000");
    plain.state().refuses_bill_paid = true;
    delivered(&plain, &record(true, true), &Earlier::default());
    let kinds: Vec<String> = plain.state().notes.iter().map(|note| note.2.clone()).collect();
    assert_eq!(kinds, ["common"]);
}

#[test]
fn a_deleted_invoice_has_nothing_to_take_back() {
    let fake = fake(11, "15000");
    fake.state().elements.clear();
    let receipt = delivered(&fake, &reverse(Some("m1"), true), &Earlier::default());
    assert!(
        receipt.found_done && receipt.notes[0].ru.contains("удалён"),
        "{receipt:?}"
    );
}

#[test]
fn a_field_that_was_put_back_is_found_without_a_restart() {
    let fake = fake(11, "15000");
    let field = fake.state().fields.remove(4);
    let client = Client::new(&fake, Account::new("amo"));
    let message = record(true, true);
    let refused = now(client.deliver(&message, &Earlier::default()));
    assert!(matches!(refused, Outcome::Refused { .. }), "{refused:?}");
    fake.state().fields.push(field);
    let done = now(client.deliver(&message, &Earlier::default()));
    assert!(matches!(done, Outcome::Delivered { .. }), "{done:?}");
}
