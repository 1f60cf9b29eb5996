//! Connecting: what is there, what is missing and how to give it, and the state that Health shows.

use crm::{
    Crm, Health, Introduction, Trouble,
    amocrm::{Account, Client},
};
use serde_json::Value;

use crate::fake::{Fake, Fault, PAID_ON, PAYER, PAYMENT, PRICE, SERVER_TIME, STATUS, now};

fn connect(fake: &Fake) -> Result<Introduction, Trouble> {
    now(Client::new(fake, Account::new("amo")).connect())
}

fn words(introduced: &Introduction, good: bool) -> String {
    let told = introduced.checks.iter().filter(|check| check.good == good);
    told.map(|check| check.says.ru.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_whole_account_lacks_nothing() {
    let fake = Fake::new();
    let introduced = connect(&fake).unwrap();
    let found = words(&introduced, true);
    for there in [
        "Фирма",
        "RUB",
        "Счета",
        "Создан, Частично оплачен, Оплачен",
        "ID банковского платежа",
    ] {
        assert!(found.contains(there), "{there}: {found}");
    }
    assert_eq!(words(&introduced, false), "");
    assert_eq!(introduced.server_time, Some(SERVER_TIME));
    assert!(fake.state().writes.is_empty());
}

#[test]
fn the_field_for_payment_ids_is_made_once_even_when_the_answer_is_lost() {
    for fault in [None, Some(Fault::LostAfter), Some(Fault::FailedAfter)] {
        let fake = Fake::new();
        fake.state().fields.retain(|field| field["id"] != PAYMENT);
        // account, catalogs, two pages of fields, then the making
        fake.plan(vec![None, None, None, None, fault]);
        connect(&fake).unwrap();
        connect(&fake).unwrap();
        assert_eq!(fake.state().writes, ["field"], "{fault:?}");
        // A field of type `text` takes the codes of six payments and refuses the seventh.
        let made = fake.state().fields.last().unwrap()["type"].clone();
        assert_eq!(made, "textarea");
    }
}

#[test]
fn a_field_made_by_hand_is_taken_by_its_name() {
    let fake = Fake::new();
    let mut state = fake.state();
    let field = state.fields.iter_mut().find(|field| field["id"] == PAYMENT).unwrap();
    field["code"] = Value::Null;
    drop(state);
    connect(&fake).unwrap();
    assert!(fake.state().writes.is_empty());
}

#[test]
fn what_is_missing_is_said_with_how_to_give_it() {
    for (fields, said) in [
        (vec![STATUS], "BILL_STATUS"),
        (vec![PAYER], "PAYER"),
        (vec![PAID_ON], "BILL_PAYMENT_DATE"),
        (vec![PRICE, crate::fake::ITEMS], "BILL_PRICE"),
    ] {
        let fake = Fake::new();
        fake.state()
            .fields
            .retain(|field| fields.iter().all(|gone| field["id"] != *gone));
        let missing = words(&connect(&fake).unwrap(), false);
        assert!(missing.contains(said), "{said}: {missing}");
    }
    let short = Fake::new();
    short.kind(PAYMENT, "text");
    let missing = words(&connect(&short).unwrap(), false);
    assert!(missing.contains("Текстовую область"), "{missing}");
    for (choice, said) in [("paid", "«Оплачен»"), ("partially_paid", "«Частично оплачен»")] {
        let fake = Fake::new();
        let mut state = fake.state();
        state.fields[0]["enums"]
            .as_array_mut()
            .unwrap()
            .retain(|known| known["code"] != choice);
        drop(state);
        let missing = words(&connect(&fake).unwrap(), false);
        assert!(missing.contains(said), "{said}: {missing}");
    }
}

#[test]
fn every_refusal_has_its_sentence_and_its_state() {
    let no_invoices = Fake::new();
    no_invoices.state().catalogs.truncate(1);
    let no_right = Fake::new();
    no_right.state().fields.retain(|field| field["id"] != PAYMENT);
    no_right.state().refuses_fields = true;
    let with = |fault| {
        let fake = Fake::new();
        fake.plan([Some(fault); 4]);
        fake
    };
    for (fake, health, said) in [
        (no_invoices, Health::Unauthorised, "нет списка «Счета»"),
        (no_right, Health::Unauthorised, "Не удалось создать"),
        (with(Fault::NotSent), Health::Offline, "Нет связи с amoCRM"),
        (with(Fault::LostBefore), Health::Offline, "не ответила"),
        (with(Fault::Unauthorised), Health::Unauthorised, "не принимает токен"),
        (with(Fault::FailedBefore), Health::Failing, "на своей стороне"),
        (with(Fault::Limited), Health::Failing, "просит подождать"),
    ] {
        let trouble = connect(&fake).unwrap_err();
        assert_eq!(trouble.health, health, "{trouble:?}");
        assert!(trouble.says.ru.contains(said), "{trouble:?}");
        assert_ne!(trouble.says.ru, trouble.says.en);
    }
}
