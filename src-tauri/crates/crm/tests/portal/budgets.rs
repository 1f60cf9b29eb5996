//! Messages side by side on a line with the portal's limit: what shares requests, and what must not. What a whole day
//! costs is counted by the sandbox, in the tests of the weather.

use crm::{
    Crm, Earlier,
    bitrix24::{Client, Portal},
};
use domain::{Message, Operation, Outcome};
use serde_json::json;

use crate::{
    delivery::{message, money},
    fake::{DEAL, DEAL_FIELD, Fake, INVOICE, INVOICE_FIELD},
    metered::Metered,
};

fn firm(invoices: u64) -> Fake {
    let fake = Fake::new();
    for at in 0..invoices {
        let id = 1_000_000 + at;
        fake.put(
            INVOICE,
            id,
            json!({"accountNumber": format!("СЧ-{at}"), "opportunity": 1500.5, "currencyId": "RUB", "stageId": "DT31_3:S",
                   "categoryId": 3, "mycompanyId": 5, "parentId2": id,
                   "begindate": "2026-06-18T03:00:00+03:00"}),
        );
    }
    fake
}

fn payment(at: u64) -> Message {
    let id = 1_000_000 + at;
    message(
        &format!("m{at}"),
        Operation::RecordPayment {
            invoice: format!("b24:31:{id}").as_str().into(),
            invoice_number: format!("СЧ-{at}"),
            deal: Some(id.to_string()),
            payment: format!("sv1-{at:032x}").as_str().into(),
            amount: money("1500.50"),
            booked: "2026-11-20".parse().unwrap(),
            document_number: Some("17".to_owned()),
            payer: None,
            settles: true,
            restores: None,
        },
    )
}

#[tokio::test(start_paused = true)]
async fn a_portal_with_its_own_mind_about_batches_costs_requests_and_no_payment() {
    const FEW: u64 = 30;
    let fake = firm(FEW);
    fake.state().oddities.lists_want_to_be_alone = true;
    for at in 0..FEW {
        fake.put(DEAL, 1_000_000 + at, json!({"stageId": "EXECUTING"}));
    }
    let line = Metered::new(&fake);
    let client = Client::new(&line, Portal::new("b24"));
    let parcels: Vec<(Message, Earlier)> = (0..FEW).map(|at| (payment(at), Earlier::default())).collect();
    let outcomes = Crm::deliver_together(&client, &parcels).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Delivered { .. })),
        "{outcomes:?}"
    );
    assert_eq!(line.counts().refused, 0);
}

#[tokio::test(start_paused = true)]
async fn payments_of_one_invoice_and_of_one_deal_see_each_other() {
    let fake = firm(2);
    fake.put(DEAL, 1_000_000, json!({"stageId": "EXECUTING"}));
    let part = |at: u64, id: u64, settles: bool| {
        let mut message = payment(at);
        if let Operation::RecordPayment {
            invoice,
            deal,
            settles: all,
            amount,
            ..
        } = &mut message.operation
        {
            *invoice = format!("b24:31:{id}").as_str().into();
            *deal = Some("1000000".to_owned());
            *all = settles;
            *amount = money("500.00");
        }
        message.lane = domain::Lane::of_invoice(message.operation.invoice());
        (message, Earlier::default())
    };
    let parcels = [
        part(10, 1_000_000, false),
        part(11, 1_000_000, false),
        part(12, 1_000_001, false),
        part(13, 1_000_000, true),
    ];
    let line = Metered::new(&fake);
    let outcomes = Client::new(&line, Portal::new("b24")).deliver_together(&parcels).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Delivered { .. })),
        "{outcomes:?}"
    );
    let codes = |kind, id, field| fake.field(kind, id, field).as_array().unwrap().len();
    assert_eq!(codes(INVOICE, 1_000_000, INVOICE_FIELD), 3);
    assert_eq!(codes(INVOICE, 1_000_001, INVOICE_FIELD), 1);
    assert_eq!(codes(DEAL, 1_000_000, DEAL_FIELD), 4);
}

#[tokio::test(start_paused = true)]
async fn nothing_of_an_invoice_goes_behind_what_did_not_arrive() {
    let fake = firm(1);
    fake.move_by_hand(1_000_000, "DT31_3:D");
    let first = payment(0);
    let mut second = payment(1);
    if let Operation::RecordPayment { invoice, .. } = &mut second.operation {
        invoice.clone_from(first.operation.invoice());
    }
    second.lane.clone_from(&first.lane);
    let parcels = [(first, Earlier::default()), (second, Earlier::default())];
    let line = Metered::new(&fake);
    let outcomes = Client::new(&line, Portal::new("b24")).deliver_together(&parcels).await;
    assert!(
        matches!(&outcomes[..], [Outcome::Refused { .. }, Outcome::Transient { .. }]),
        "{outcomes:?}"
    );
    assert!(fake.state().writes.is_empty());
}
