//! What changed since the last look, and what became of our writes.

use crm::amocrm::{Account, Client};
use domain::{Drift, InvoiceStatus, PaymentId, Timestamp, Written};
use serde_json::json;

use crate::{
    delivery::money,
    fake::{CATALOG, Fake, Fault, PAYMENT, PRICE, SERVER_TIME, STATUS, now},
};

const SINCE_S: i64 = 1_795_100_000;

fn client(fake: &Fake) -> Client<&Fake> {
    Client::new(fake, Account::new("amo"))
}

fn put(fake: &Fake, id: u64, status: u64, updated_s: i64) {
    let values = [
        (PRICE, json!([{"value": "1000"}])),
        (STATUS, json!([{"enum_id": status}])),
    ];
    fake.put(id, &format!("Счет №{id} от 20.11.2026"), &values);
    fake.state().elements.get_mut(&id).unwrap()["updated_at"] = json!(updated_s);
}

#[test]
fn changes_come_in_whatever_status_they_are_and_cost_no_leads_of_the_others() {
    let fake = Fake::new();
    let overlap_s = crm::OVERLAP_MS / 1_000;
    put(&fake, 1, 11, SINCE_S - overlap_s - 1);
    put(&fake, 2, 11, SINCE_S - overlap_s);
    put(&fake, 3, 12, SINCE_S);
    put(&fake, 4, 13, SINCE_S + 5);
    put(&fake, 5, 11, SINCE_S + 5);
    fake.state().elements.get_mut(&5).unwrap()["is_deleted"] = json!(true);
    let changes = now(client(&fake).changes(Timestamp(SINCE_S * 1_000))).unwrap();
    let told: Vec<_> = changes
        .invoices
        .iter()
        .map(|one| (one.id.to_string(), one.status))
        .collect();
    let id = |number: u64| format!("amo:{CATALOG}:{number}");
    assert_eq!(
        told,
        [
            (id(2), InvoiceStatus::Open),
            (id(3), InvoiceStatus::Paid),
            (id(4), InvoiceStatus::Open)
        ]
    );
    assert_eq!(changes.deleted, [id(5).as_str().into()]);
    assert_eq!(changes.until, Some(SERVER_TIME));

    fake.state().calls.clear();
    let later = now(client(&fake).changes(SERVER_TIME)).unwrap();
    assert!(later.invoices.is_empty());
    assert!(
        fake.state().calls.iter().all(|call| call != "GET leads"),
        "nothing changed, so nobody's lead is asked for"
    );
}

#[test]
fn changes_that_break_off_are_an_error() {
    let fake = Fake::new();
    for id in 1..=7 {
        put(&fake, id, 11, SINCE_S);
    }
    let calls = {
        now(client(&fake).changes(SERVER_TIME)).unwrap();
        fake.state().calls.len()
    };
    for call in 0..calls {
        fake.fault_at(call, Fault::NotSent);
        assert!(now(client(&fake).changes(SERVER_TIME)).is_err(), "{call}");
    }
}

fn written(id: u64, settled: bool) -> Written {
    Written {
        invoice: format!("amo:{CATALOG}:{id}").into(),
        number: id.to_string(),
        amount: Some(money("1000.00")),
        settled,
        stage: Some(if settled { "paid" } else { "partially_paid" }.to_owned()),
        payments: vec![PaymentId("sv1-a".to_owned())],
    }
}

fn row(fake: &Fake, id: u64, status: u64, price: &str, codes: &str) {
    let mut values = vec![
        (PRICE, json!([{"value": price}])),
        (STATUS, json!([{"enum_id": status}])),
    ];
    if !codes.is_empty() {
        values.push((PAYMENT, json!([{"value": codes}])));
    }
    fake.put(id, "Счет №1", &values);
}

#[test]
fn each_way_of_drifting_is_told() {
    let stage = |name: &str| name.to_owned();
    let gone = || Drift::CodesGone {
        payments: vec![PaymentId("sv1-a".to_owned())],
    };
    /// Bill status, sum and codes of the element, where it is there.
    type Row<'a> = Option<(u64, &'a str, &'a str)>;
    let cases: Vec<(bool, Row<'_>, Vec<Drift>)> = vec![
        (true, Some((12, "1000", "x sv1-a")), vec![]),
        (false, Some((13, "1000", "sv1-a")), vec![]),
        (true, Some((14, "1000", "sv1-a")), vec![]),
        (true, None, vec![Drift::Deleted]),
        (
            true,
            Some((11, "1000", "sv1-a")),
            vec![Drift::Reopened {
                stage: stage("Создан")
            }],
        ),
        (
            true,
            Some((15, "1000", "sv1-a")),
            vec![Drift::Reopened {
                stage: stage("Отменён"),
            }],
        ),
        (
            false,
            Some((11, "1000", "sv1-a")),
            vec![Drift::Reopened {
                stage: stage("Создан")
            }],
        ),
        (
            false,
            Some((12, "1000", "sv1-a")),
            vec![Drift::PaidByHand {
                stage: stage("Оплачен"),
            }],
        ),
        (
            true,
            Some((12, "1200", "")),
            vec![
                Drift::RePriced {
                    was: money("1000.00"),
                    is: money("1200.00"),
                },
                gone(),
            ],
        ),
    ];
    let fake = Fake::new();
    let mut asked = Vec::new();
    for (id, (settled, found, _)) in (1..).zip(&cases) {
        asked.push(written(id, *settled));
        if let Some((status, price, codes)) = found {
            row(&fake, id, *status, price, codes);
        }
    }
    let drifts = now(client(&fake).drift(&asked)).unwrap();
    let expected: Vec<_> = asked
        .iter()
        .zip(cases)
        .map(|(one, (_, _, drift))| (one.invoice.clone(), drift))
        .collect();
    assert_eq!(drifts, expected);
    assert!(fake.state().writes.is_empty(), "looking writes nothing");
    // Another connection's is nobody's here.
    let stranger = Written {
        invoice: "b24:31:1".into(),
        ..written(1, true)
    };
    assert_eq!(now(client(&fake).drift(&[stranger])).unwrap(), []);
}

#[test]
fn an_account_without_our_field_does_not_say_that_codes_are_gone() {
    let fake = Fake::new();
    row(&fake, 1, 12, "1000", "");
    fake.state().fields.retain(|field| field["id"] != PAYMENT);
    assert_eq!(now(client(&fake).drift(&[written(1, true)])).unwrap()[0].1, []);
}
