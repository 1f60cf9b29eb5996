//! What else is told of a payment where the user wants it, once each whatever goes wrong; and what a portal does not
//! allow is noted and stops nothing.

use crm::{
    Crm, Earlier, Mapping, Of,
    bitrix24::{Also, Client, Exception, Portal},
};
use domain::{Outcome, PaymentStatus, Receipt, Touched};
use serde_json::json;

use crate::{
    delivery::{DEAL_ID, ID, portal, record},
    fake::{DEAL, FAULTS, Fake, Fault, INVOICE, now},
};

const ATTEMPTS_MAX: usize = 6;
const TEMPLATE: u64 = 39;
const SHOP_PAYMENT: u64 = 144;

fn wishes() -> Portal {
    Portal {
        also: Also {
            notifies: true,
            vouchers: true,
            act_template: Some(TEMPLATE),
        },
        mapping: deals("WON"),
        ..portal(true)
    }
}

fn deals(stage: &str) -> Mapping {
    Mapping {
        choices: vec![crm::Choice {
            of: Of::Deals,
            funnel: 0,
            status: PaymentStatus::Paid,
            stage: stage.to_owned(),
        }],
    }
}

fn fake(deal_stage: &str) -> Fake {
    let fake = Fake::new();
    fake.put(
        INVOICE,
        ID,
        json!({"stageId": "DT31_3:S", "previousStageId": "DT31_3:N", "categoryId": 3, "opportunity": 15000,
               "currencyId": "RUB", "assignedById": 7}),
    );
    fake.put(DEAL, DEAL_ID, json!({"stageId": deal_stage, "categoryId": 0}));
    let shop = json!({"sum": "15000.00", "paySystemId": 6, "paid": "N", "payVoucherNum": ""});
    let other = json!({"sum": "1.00", "paySystemId": 6, "paid": "N"});
    fake.state().extras.payments = vec![
        (SHOP_PAYMENT, ID, shop.as_object().unwrap().clone()),
        (SHOP_PAYMENT + 1, ID, other.as_object().unwrap().clone()),
    ];
    fake
}

fn drive(fake: &Fake, portal: &Portal) -> Receipt {
    let client = Client::new(fake, portal.clone());
    for _ in 0..ATTEMPTS_MAX {
        match now(client.deliver(&record(true), &Earlier::default())) {
            Outcome::Delivered { receipt } => return receipt,
            Outcome::Refused { detail } => panic!("refused: {detail:?}"),
            _ => {}
        }
    }
    panic!("not delivered in {ATTEMPTS_MAX} attempts");
}

fn touched(receipt: &Receipt) -> Vec<Touched> {
    receipt.traces.iter().map(|trace| trace.what).collect()
}

#[test]
fn one_payment_is_told_everywhere_and_the_receipt_says_where() {
    let fake = fake("NEW");
    let receipt = drive(&fake, &wishes());
    assert_eq!(
        touched(&receipt),
        [
            Touched::Invoice,
            Touched::Deal,
            Touched::Comment,
            Touched::Voucher,
            Touched::Document,
            Touched::Notification
        ]
    );
    let of = |what| receipt.traces.iter().find(|trace| trace.what == what).unwrap();
    let invoice = of(Touched::Invoice);
    assert_eq!(
        (invoice.before.as_deref(), invoice.after.as_deref()),
        (Some("DT31_3:S"), Some("DT31_3:P"))
    );
    assert_eq!(of(Touched::Deal).after.as_deref(), Some("WON"));
    assert_eq!(of(Touched::Voucher).after.as_deref(), Some("12"));
    assert_eq!(of(Touched::Document).at.as_deref(), Some("2026-11-25T10:00:00+03:00"));
    assert_eq!(fake.field(DEAL, DEAL_ID, "stageId"), "WON");
    let state = fake.state();
    let shop = &state.extras.payments[0].2;
    assert_eq!(
        (&shop["payVoucherNum"], &shop["payVoucherDate"]),
        (&json!("12"), &json!("2025-03-14T00:00:00+03:00"))
    );
    assert_eq!(shop["paid"], "N", "whether it is paid is the portal's own business");
    assert!(state.extras.payments[1].2.get("payVoucherNum").is_none());
    let (user, words) = state.extras.notified.values().next().unwrap();
    assert_eq!(*user, 7);
    assert!(words.contains("СЧ-145") && words.contains("15 000,00 руб."), "{words}");
}

#[test]
fn whatever_call_goes_wrong_each_is_told_once() {
    let calls = {
        let fake = fake("NEW");
        drive(&fake, &wishes());
        fake.state().calls.len()
    };
    for fault in FAULTS.into_iter().filter(|fault| *fault != Fault::Unauthorised) {
        for call in 0..calls {
            let fake = fake("NEW");
            fake.fault_at(call, fault);
            drive(&fake, &wishes());
            let state = fake.state();
            for what in ["update 31", "update 2", "comment", "voucher", "act"] {
                let times = state.writes.iter().filter(|write| write.starts_with(what)).count();
                assert_eq!(times, 1, "{fault:?} at call {call}: {:?}", state.writes);
            }
            assert!(state.extras.notified.len() <= 1);
        }
    }
}

#[test]
fn what_the_portal_does_not_allow_is_noted_and_the_payment_arrives() {
    for code in ["insufficient_scope", "200040300020"] {
        let fake = fake("NEW");
        fake.state().extras.forbidden = vec![
            ("sale.payment.update", code),
            ("crm.documentgenerator.document.add", code),
            ("im.notify.system.add", code),
        ];
        let receipt = drive(&fake, &wishes());
        assert_eq!(touched(&receipt), [Touched::Invoice, Touched::Deal, Touched::Comment]);
        assert_eq!(receipt.notes.len(), 3, "{:?}", receipt.notes);
    }
}

#[test]
fn a_deal_that_is_closed_or_maps_to_nothing_keeps_its_stage() {
    for (stage, wanted, words) in [("LOSE", "WON", "Провал"), ("NEW", "GONE", "GONE")] {
        let fake = fake(stage);
        let mut portal = wishes();
        portal.mapping = deals(wanted);
        let receipt = drive(&fake, &portal);
        assert_eq!(fake.field(DEAL, DEAL_ID, "stageId"), stage);
        assert!(
            receipt.notes.iter().any(|note| note.ru.contains(words)),
            "{:?}",
            receipt.notes
        );
    }
    // A part of the money moves no deal.
    let fake = fake("NEW");
    let client = Client::new(&fake, wishes());
    assert!(matches!(
        now(client.deliver(&record(false), &Earlier::default())),
        Outcome::Delivered { .. }
    ));
    assert_eq!(fake.field(DEAL, DEAL_ID, "stageId"), "NEW");
    assert!(fake.state().extras.documents.is_empty());
}

#[test]
fn a_voucher_of_somebody_else_stays() {
    let fake = fake("NEW");
    fake.state().extras.payments[0]
        .2
        .insert("payVoucherNum".to_owned(), json!("99"));
    let receipt = drive(&fake, &wishes());
    assert!(
        receipt.notes.iter().any(|note| note.ru.contains("№ 99")),
        "{:?}",
        receipt.notes
    );
    assert_eq!(fake.state().extras.payments[0].2["payVoucherNum"], "99");
}

#[test]
fn an_exception_is_one_todo_however_often_it_is_raised() {
    let exception = Exception {
        key: "d-1".to_owned(),
        invoice: "b24:31:315".into(),
        title: "Счёт СЧ-145 отменён, а деньги пришли".to_owned(),
        description: "Решите, что с ними делать.".to_owned(),
        deadline: "2026-11-26T12:00:00+03:00".to_owned(),
        responsible: Some(7),
    };
    for fault in FAULTS {
        for call in 0..2 {
            let fake = fake("NEW");
            fake.fault_at(call, fault);
            let client = Client::new(&fake, wishes());
            let raised = (0..ATTEMPTS_MAX)
                .find_map(|_| now(client.raise(&exception)).ok())
                .unwrap();
            assert_eq!(now(client.raise(&exception)).unwrap(), raised);
            assert_eq!(fake.state().extras.activities.len(), 1, "{fault:?} at {call}");
        }
    }
    let longer = Exception {
        key: "d-12".to_owned(),
        ..exception.clone()
    };
    let fake = fake("NEW");
    let client = Client::new(&fake, wishes());
    assert_ne!(
        now(client.raise(&longer)).unwrap(),
        now(client.raise(&exception)).unwrap()
    );
}

#[test]
fn what_the_portal_offers_besides_is_told_with_what_the_key_lacks() {
    let fake = fake("NEW");
    let offered = || now(Client::new(&fake, wishes()).extras()).unwrap().unwrap();
    let extras = offered();
    assert_eq!(
        (extras.notifies, extras.vouchers, extras.act_template),
        (true, true, Some(TEMPLATE))
    );
    assert_eq!(extras.templates, [(39, "Акт".to_owned()), (40, "УПД".to_owned())]);
    assert_eq!(extras.lacking.len(), 2);
    fake.state().scopes.extend(["im", "sale"]);
    assert!(offered().lacking.is_empty());
    fake.state().extras.forbidden = vec![("crm.documentgenerator.template.list", "insufficient_scope")];
    let refused = offered();
    assert!(refused.templates.is_empty());
    assert!(refused.lacking[0].ru.contains("Акты"), "{:?}", refused.lacking);
}
