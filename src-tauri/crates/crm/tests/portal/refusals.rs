//! What is refused before anything is written, and what is left alone because somebody else decided it.

use crm::{
    CallError, Transport,
    bitrix24::{Client, HttpAnswer, Portal, read_answer},
};
use domain::{Message, Operation, Outcome, Receipt, Text};
use serde_json::{Value, json};

use crate::{
    delivery::{DEAL_ID, FOREIGN, ID, PAYMENT, portal, record, reverse, told},
    fake::{DEAL, DEAL_FIELD, Fake, Fault, INVOICE, INVOICE_FIELD, now},
};

fn fake(stage: &str, changes: Value) -> Fake {
    let fake = Fake::new();
    let mut fields = json!({"stageId": stage, "categoryId": 3, "opportunity": "15000.00", "currencyId": "RUB"});
    for (name, value) in changes.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fake.put(INVOICE, ID, fields);
    fake.put(DEAL, DEAL_ID, json!({"stageId": "EXECUTING"}));
    fake
}

fn deliver(fake: &Fake, message: &Message, earlier: Option<&Receipt>) -> Outcome {
    let outcome = now(Client::new(fake, portal(true)).deliver(message, &told(earlier)));
    well_said(&outcome);
    outcome
}

/// Both languages, a detail as the end of a sentence somebody else begins, a note as a sentence of its own; also why the
/// portal is closed.
fn well_said(outcome: &Outcome) {
    let (details, notes) = match outcome {
        Outcome::Delivered { receipt } => (None, receipt.notes.as_slice()),
        Outcome::Unknown { detail }
        | Outcome::Transient { detail, .. }
        | Outcome::Offline { detail }
        | Outcome::Refused { detail } => (Some(detail), [].as_slice()),
        Outcome::Unauthorised { detail } => (None, std::slice::from_ref(detail)),
    };
    for (text, is_note) in details
        .map(|text| (text, false))
        .into_iter()
        .chain(notes.iter().map(|text| (text, true)))
    {
        assert_ne!(text.ru, text.en);
        for words in [&text.ru, &text.en] {
            assert_eq!(words.ends_with('.'), is_note, "{words}");
        }
        assert!(
            text.en.starts_with(|first: char| first.is_ascii_alphabetic()),
            "{}",
            text.en
        );
    }
}

/// Answers everything alike.
struct Closed(u16, &'static str);

impl Transport for Closed {
    async fn call(&self, _: &str, _: &Value) -> Result<Value, CallError> {
        read_answer(&HttpAnswer {
            status: self.0,
            location: None,
            retry_after: None,
            body: self.1.as_bytes(),
        })
    }
}

#[test]
fn a_portal_that_lets_nothing_through_parks_nothing_and_says_what_to_do() {
    for (status, body, words) in [
        (403, r#"{"error":"ACCESS_DENIED"}"#, "Продлите тариф"),
        (410, r#"{"error":"PORTAL_DELETED"}"#, "восстановите его"),
        (503, r#"{"error":"OVERLOAD_LIMIT"}"#, "Напишите в поддержку"),
        (
            401,
            r#"{"error":"METHOD_CONFIRM_WAITING"}"#,
            "Попросите его подтвердить",
        ),
        (401, r#"{"error":"INVALID_CREDENTIALS"}"#, "Создайте вебхук заново"),
        (404, r#"{"error":"ERROR_METHOD_NOT_FOUND"}"#, "включите CRM"),
    ] {
        let outcome = now(Client::new(Closed(status, body), portal(true)).deliver(&record(true), &told(None)));
        well_said(&outcome);
        assert!(
            matches!(&outcome, Outcome::Unauthorised { detail } if detail.ru.contains(words)),
            "{body}: {outcome:?}"
        );
    }
}

#[test]
fn a_page_of_another_server_is_no_refusal_of_the_payment() {
    for status in [400, 404, 405, 413] {
        let page = Closed(status, "<html>Not Found</html>");
        let outcome = now(Client::new(page, portal(true)).deliver(&record(true), &told(None)));
        assert!(matches!(outcome, Outcome::Transient { .. }), "{status}: {outcome:?}");
    }
}

fn delivered(fake: &Fake, message: &Message, earlier: Option<&Receipt>) -> Receipt {
    match deliver(fake, message, earlier) {
        Outcome::Delivered { receipt } => receipt,
        other => panic!("{other:?}"),
    }
}

fn refused(fake: &Fake, message: &Message) -> Text {
    match deliver(fake, message, None) {
        Outcome::Refused { detail } => detail,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_invoice_that_cannot_take_the_payment_is_refused_before_any_write() {
    let without = |kind, id| {
        let fake = fake("DT31_3:N", json!({}));
        fake.state().items.remove(&(kind, id));
        fake
    };
    let no_field = fake("DT31_3:N", json!({}));
    no_field.state().fields.get_mut(&INVOICE).unwrap().clear();
    for (fake, words) in [
        (fake("DT31_3:D", json!({})), "Не оплачен"),
        (fake("DT31_3:N", json!({"opportunity": 14999.99})), "меньше платежа"),
        (fake("DT31_3:N", json!({"currencyId": "USD"})), "в валюте USD"),
        (fake("DT31_3:N", json!({"opportunity": null})), "не читается сумма"),
        (without(INVOICE, ID), "удалён"),
        (no_field, "нет поля"),
    ] {
        let detail = refused(&fake, &record(true));
        assert!(detail.ru.contains(words), "{detail:?}");
        assert!(fake.state().writes.is_empty(), "{words}");
    }
}

#[test]
fn an_invoice_of_another_connection_is_refused_without_a_call() {
    let fake = fake("DT31_3:N", json!({}));
    let mut message = record(true);
    if let Operation::RecordPayment { invoice, .. } = &mut message.operation {
        *invoice = "amo:31:315".into();
    }
    assert!(refused(&fake, &message).ru.contains("amo:31:315"));
    assert!(fake.state().calls.is_empty());
}

#[test]
fn a_sum_that_is_exactly_the_payment_is_taken_and_a_kopeck_more_keeps_the_stage() {
    let exact = fake("DT31_3:N", json!({"opportunity": 15000.00}));
    delivered(&exact, &record(true), None);
    assert_eq!(exact.stage(ID), "DT31_3:P");

    let more = fake("DT31_3:N", json!({"opportunity": 15000.01}));
    let receipt = delivered(&more, &record(true), None);
    assert_eq!(more.stage(ID), "DT31_3:N");
    assert_eq!(more.field(INVOICE, ID, INVOICE_FIELD), json!([PAYMENT]));
    assert!(more.state().comments[0].3.contains("часть оплаты"));
    assert!(receipt.notes[0].ru.contains("15\u{a0}000,01"), "{:?}", receipt.notes);

    // With another payment in the field the rest of the sum is accounted for.
    let second = fake("DT31_3:N", json!({"opportunity": 30000, INVOICE_FIELD: [FOREIGN]}));
    delivered(&second, &record(true), None);
    assert_eq!(second.stage(ID), "DT31_3:P");
}

#[test]
fn a_successful_stage_that_somebody_else_set_is_left_and_not_taken_back() {
    let fake = fake("DT31_3:UC_PAID2", json!({"previousStageId": "DT31_3:N"}));
    let receipt = delivered(&fake, &record(true), None);
    assert!(receipt.notes[0].ru.contains("не мы"), "{:?}", receipt.notes);
    assert_eq!(receipt.stage_before, receipt.stage_after);
    let undone = delivered(&fake, &reverse(Some("m1")), Some(&receipt));
    assert_eq!(fake.stage(ID), "DT31_3:UC_PAID2");
    assert!(undone.notes[0].ru.contains("оставлена"), "{:?}", undone.notes);
}

#[test]
fn a_stage_changed_after_our_write_is_left_by_the_repeat_and_by_the_reversal() {
    for by_hand in ["DT31_3:UC_X", "DT31_3:D", "DT31_3:UC_PAID2"] {
        let fake = fake("DT31_3:N", json!({}));
        let receipt = delivered(&fake, &record(true), None);
        fake.move_by_hand(ID, by_hand);
        let again = delivered(&fake, &record(true), None);
        assert_eq!(fake.stage(ID), by_hand);
        assert!(again.notes[0].ru.contains("оставлена"), "{:?}", again.notes);
        let undone = delivered(&fake, &reverse(Some("m1")), Some(&receipt));
        assert_eq!(fake.stage(ID), by_hand);
        assert!(!undone.notes.is_empty());
        assert_eq!(fake.field(INVOICE, ID, INVOICE_FIELD), json!([]));
    }
}

#[test]
fn a_stage_taken_back_by_hand_before_the_repeat_is_left() {
    let fake = fake("DT31_3:N", json!({}));
    // The answer to the update is lost, then a manager takes the invoice back to check it.
    fake.fault_at(3, Fault::LostAfter);
    assert!(matches!(deliver(&fake, &record(true), None), Outcome::Unknown { .. }));
    {
        let mut state = fake.state();
        let item = state.items.get_mut(&(INVOICE, ID)).unwrap();
        item.insert("previousStageId".to_owned(), json!("DT31_3:P"));
        item.insert("stageId".to_owned(), json!("DT31_3:UC_X"));
    }
    let receipt = delivered(&fake, &record(true), None);
    assert_eq!(fake.stage(ID), "DT31_3:UC_X");
    assert!(receipt.notes[0].ru.contains("оставлена"), "{:?}", receipt.notes);
    assert_eq!(fake.comments_with("sv-record-m1 "), 1);
}

#[test]
fn an_undone_part_gives_back_the_stage_that_the_rest_had_set() {
    let fake = fake("DT31_3:S", json!({"opportunity": 30000}));
    let part = delivered(&fake, &record(false), None);
    assert_eq!(part.stage_before, part.stage_after);
    let mut rest = record(true);
    rest.id = "m3".into();
    if let Operation::RecordPayment { payment, .. } = &mut rest.operation {
        *payment = "sv1-ffffffffffffffffffffffffffffffff".into();
    }
    let rest = delivered(&fake, &rest, None);
    assert_eq!(fake.stage(ID), "DT31_3:P");
    delivered(&fake, &reverse(Some("m3")), Some(&rest));
    assert_eq!(fake.stage(ID), "DT31_3:S");
    assert_eq!(
        fake.field(INVOICE, ID, INVOICE_FIELD),
        json!(["sv1-ffffffffffffffffffffffffffffffff"])
    );
}

#[test]
fn a_deal_that_is_gone_or_has_no_field_is_noted_and_stops_nothing() {
    let gone = fake("DT31_3:N", json!({}));
    gone.state().items.remove(&(DEAL, DEAL_ID));
    let no_field = fake("DT31_3:N", json!({}));
    no_field.state().fields.get_mut(&DEAL).unwrap().clear();
    for (fake, words) in [(gone, "больше нет"), (no_field, DEAL_FIELD)] {
        let receipt = delivered(&fake, &record(true), None);
        assert_eq!(receipt.notes.len(), 1);
        assert!(receipt.notes[0].ru.contains(words), "{:?}", receipt.notes);
        assert_eq!(fake.stage(ID), "DT31_3:P");
        assert_eq!(fake.comments_with("sv-record-m1 "), 1);
    }
}

#[test]
fn a_deal_that_is_no_number_is_noted() {
    let fake = fake("DT31_3:N", json!({}));
    let mut message = record(true);
    if let Operation::RecordPayment { deal, .. } = &mut message.operation {
        *deal = Some("D_25".to_owned());
    }
    let receipt = delivered(&fake, &message, None);
    assert!(receipt.notes[0].ru.contains("D_25"), "{:?}", receipt.notes);
}

#[test]
fn an_invoice_deleted_before_its_reversal_leaves_the_deal_clean() {
    let fake = fake("DT31_3:N", json!({}));
    let receipt = delivered(&fake, &record(true), None);
    fake.state().items.remove(&(INVOICE, ID));
    let undone = delivered(&fake, &reverse(Some("m1")), Some(&receipt));
    assert!(undone.notes[0].ru.contains("удалён"), "{:?}", undone.notes);
    assert_eq!(fake.field(DEAL, DEAL_ID, DEAL_FIELD), json!([]));
}

#[test]
fn the_comment_says_what_an_accountant_asks() {
    let fake = fake("DT31_3:N", json!({}));
    delivered(&fake, &record(true), None);
    let text = fake.state().comments[0].3.clone();
    for words in [
        "15 000,00 руб.",
        "14.03.2025",
        "№ 12",
        "ООО «Ромашка»",
        "1a2b3c4d",
        "sv-record-m1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_funnel_without_success_is_said_before_any_write() {
    let fake = fake("DT31_5:N", json!({"categoryId": 5}));
    assert!(refused(&fake, &record(true)).ru.contains("нет успешной стадии"));
    assert!(fake.state().writes.is_empty());
    // A part needs no stage.
    delivered(&fake, &record(false), None);
}

#[test]
fn deals_are_left_alone_where_the_connection_has_no_field_for_them() {
    let fake = fake("DT31_3:N", json!({}));
    let portal = Portal {
        deal_field: None,
        ..portal(true)
    };
    let outcome = now(Client::new(&fake, portal).deliver(&record(true), &told(None)));
    assert!(matches!(outcome, Outcome::Delivered { .. }));
    assert_eq!(fake.field(DEAL, DEAL_ID, DEAL_FIELD), Value::Null);
}

#[test]
fn a_timeline_that_cannot_be_searched_to_its_end_gets_no_second_comment() {
    let fake = fake("DT31_3:N", json!({}));
    fake.state().oddities.endless_timeline = true;
    assert!(refused(&fake, &record(true)).ru.contains("слишком много комментариев"));
    let state = fake.state();
    let searched = state.calls.iter().filter(|call| *call == "crm.timeline.comment.list");
    assert_eq!((searched.count(), state.writes.len()), (400, 0));
}
