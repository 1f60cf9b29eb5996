//! What a day's work costs in requests, counted, with the portal's limit on and a clock that jumps. The figures are
//! printed: `cargo test -p crm --test portal budgets -- --nocapture`.

use crm::{
    Crm, Earlier,
    bitrix24::{Client, Portal},
};
use domain::{Message, Operation, Outcome};
use serde_json::json;

use crate::{
    delivery::{message, money},
    fake::{COMPANY, DEAL, DEAL_FIELD, Fake, INVOICE, INVOICE_FIELD},
    metered::Metered,
};

const INVOICES: u64 = 10_000;
const COMPANIES: u64 = 3_000;
const PAYMENTS: u64 = 1_000;
const PULL_REQUESTS_MAX: u64 = 20;
const SINGLES_A_PAYMENT_MAX: u64 = 3;
/// Batches of looks and checks, for a thousand payments.
const SHARED_MAX: u64 = 300;
const USED_PERCENT_MIN: u64 = 90;

fn company(invoice: u64) -> u64 {
    20_000 + invoice % COMPANIES
}

fn firm(invoices: u64) -> Fake {
    let fake = Fake::new();
    fake.put(COMPANY, 5, json!({"title": "ООО «Наша»"}));
    for at in 0..COMPANIES {
        let id = company(at);
        fake.put(COMPANY, id, json!({"title": format!("ООО «Клиент {id}»")}));
        let mut state = fake.state();
        state.requisites.push(
            json!({"ID": (100_000 + id).to_string(), "ENTITY_TYPE_ID": "4", "ENTITY_ID": id.to_string(),
                   "RQ_INN": format!("77{id:08}")}),
        );
        state.bank_details.push(
            json!({"ID": (200_000 + id).to_string(), "ENTITY_ID": (100_000 + id).to_string(),
                   "RQ_ACC_NUM": format!("40702810{id:012}")}),
        );
    }
    for at in 0..invoices {
        let id = 1_000_000 + at;
        fake.put(
            INVOICE,
            id,
            json!({"accountNumber": format!("СЧ-{at}"), "opportunity": 1500.5, "currencyId": "RUB", "stageId": "DT31_3:S",
                   "categoryId": 3, "companyId": company(at), "mycompanyId": 5, "parentId2": id,
                   "begindate": "2026-06-18T03:00:00+03:00"}),
        );
    }
    fake
}

#[tokio::test(start_paused = true)]
async fn a_pull_of_ten_thousand_invoices_takes_twenty_requests() {
    let fake = firm(INVOICES);
    let line = Metered::new(&fake);
    let pull = Client::new(&line, Portal::new("b24")).pull(&[]).await.unwrap();
    assert_eq!(u64::try_from(pull.invoices.len()).unwrap(), INVOICES);
    let known = |invoice: &&domain::Invoice| invoice.customer.inn.is_some() && invoice.customer.accounts.len() == 1;
    assert_eq!(
        u64::try_from(pull.invoices.iter().filter(known).count()).unwrap(),
        INVOICES
    );
    let counts = line.counts();
    println!(
        "| pull, {INVOICES} invoices, {COMPANIES} companies | {} requests, {} of them batches | {} refused |",
        counts.requests(),
        counts.batches(),
        counts.refused
    );
    assert!(counts.requests() <= PULL_REQUESTS_MAX, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
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
async fn a_thousand_payments_take_three_requests_each_and_share_the_rest() {
    let fake = firm(PAYMENTS);
    for at in 0..PAYMENTS {
        fake.put(DEAL, 1_000_000 + at, json!({"stageId": "EXECUTING"}));
    }
    let line = Metered::new(&fake);
    let client = Client::new(&line, Portal::new("b24"));
    let parcels: Vec<(Message, Earlier)> = (0..PAYMENTS).map(|at| (payment(at), Earlier::default())).collect();
    let outcomes = Crm::deliver_together(&client, &parcels).await;
    let delivered = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Delivered { .. }));
    assert_eq!(u64::try_from(delivered.count()).unwrap(), PAYMENTS);
    for at in 0..PAYMENTS {
        let (id, held) = (1_000_000 + at, json!([format!("sv1-{at:032x}")]));
        assert_eq!(fake.stage(id), "DT31_3:P");
        assert_eq!(fake.field(INVOICE, id, INVOICE_FIELD), held);
        assert_eq!(fake.field(DEAL, id, DEAL_FIELD), held);
        assert_eq!(fake.comments_with(&format!("sv-record-m{at} ")), 1);
    }
    let (used, seconds) = (line.used_percent(), line.elapsed_ms() / 1_000);
    let counts = line.counts();
    let singles = counts.requests() - counts.batches();
    println!(
        "| push, {PAYMENTS} payments with their deals | {singles} single requests, {} shared | {} refused | {used} % of \
         the limit in {seconds} s |",
        counts.batches(),
        counts.refused
    );
    assert!(
        singles <= PAYMENTS * SINGLES_A_PAYMENT_MAX + SHARED_MAX,
        "{:?}",
        counts.by_method
    );
    assert!(counts.batches() <= SHARED_MAX, "{:?}", counts.by_method);
    assert_eq!(counts.refused, 0);
    assert!(used >= USED_PERCENT_MIN, "{used} %");
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
