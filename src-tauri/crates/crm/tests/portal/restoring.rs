//! A person says that we are right: what somebody changed after our write is written once more, and only once.

use crm::bitrix24::{Client, Portal};
use domain::{Message, Operation, Outcome, Receipt};
use serde_json::json;

use crate::{
    delivery::{PAYMENT, record},
    fake::{FAULTS, Fake, INVOICE, INVOICE_FIELD, now},
};

const ID: u64 = 315;
const ATTEMPTS_MAX: usize = 12;

fn fake() -> Fake {
    let fake = Fake::new();
    let row = json!({"accountNumber": "СЧ-145", "opportunity": 15_000, "currencyId": "RUB", "stageId": "DT31_3:N",
        "categoryId": 3, INVOICE_FIELD: []});
    fake.put(INVOICE, ID, row);
    fake
}

fn plain() -> Portal {
    Portal {
        deal_field: None,
        ..Portal::new("b24")
    }
}

fn deliver(fake: &Fake, message: &Message) -> Option<Receipt> {
    match now(Client::new(fake, plain()).deliver(message, None)) {
        Outcome::Delivered { receipt } => Some(receipt),
        Outcome::Refused { detail } => panic!("refused: {detail:?}"),
        _ => None,
    }
}

fn again() -> Message {
    let mut message = record(true);
    message.id = "m9".into();
    if let Operation::RecordPayment { restores, .. } = &mut message.operation {
        *restores = Some("m1".into());
    }
    message
}

/// Recorded, and then changed by somebody.
fn changed(change: impl Fn(&Fake)) -> Fake {
    let fake = fake();
    deliver(&fake, &record(true)).unwrap();
    change(&fake);
    fake
}

fn moved_back(fake: &Fake) {
    let mut state = fake.state();
    let item = state.items.get_mut(&(INVOICE, ID)).unwrap();
    item.insert("stageId".to_owned(), json!("DT31_3:S"));
    item.insert("previousStageId".to_owned(), json!("DT31_3:P"));
}

fn emptied(fake: &Fake) {
    let mut state = fake.state();
    let item = state.items.get_mut(&(INVOICE, ID)).unwrap();
    item.insert(INVOICE_FIELD.to_owned(), json!([]));
}

fn as_we_left_it(fake: &Fake) -> bool {
    fake.stage(ID) == "DT31_3:P" && fake.field(INVOICE, ID, INVOICE_FIELD) == json!([PAYMENT])
}

#[test]
fn an_ordinary_message_leaves_what_somebody_changed_and_one_that_restores_does_not() {
    let fake = changed(moved_back);
    let mut plain = again();
    if let Operation::RecordPayment { restores, .. } = &mut plain.operation {
        *restores = None;
    }
    deliver(&fake, &plain).unwrap();
    assert_eq!(fake.stage(ID), "DT31_3:S");

    let fake = changed(moved_back);
    let receipt = deliver(&fake, &again()).unwrap();
    assert!(as_we_left_it(&fake));
    assert_eq!(
        (receipt.stage_before.as_deref(), receipt.stage_after.as_deref()),
        (Some("DT31_3:S"), Some("DT31_3:P"))
    );
    let fake = changed(emptied);
    deliver(&fake, &again()).unwrap();
    assert!(as_we_left_it(&fake));
    assert!(
        fake.state().comments[1].3.starts_with("[b]Оплата записана заново"),
        "{}",
        fake.state().comments[1].3
    );
}

#[test]
fn a_fault_of_any_kind_at_any_call_restores_once() {
    for change in [moved_back as fn(&Fake), emptied, |fake| {
        moved_back(fake);
        emptied(fake);
    }] {
        let calls = {
            let fake = changed(change);
            let before = fake.state().calls.len();
            deliver(&fake, &again()).unwrap();
            let after = fake.state().calls.len();
            after - before
        };
        for fault in FAULTS {
            for call in 0..calls {
                let fake = changed(change);
                fake.fault_at(call, fault);
                let done = (0..ATTEMPTS_MAX).find_map(|_| deliver(&fake, &again()));
                assert!(done.is_some() && as_we_left_it(&fake), "{fault:?} at {call}");
                assert_eq!(fake.comments_with("sv-record-m9 "), 1, "{fault:?} at {call}");
            }
        }
    }
}
