//! What people did to invoices after our write is told, and nothing is overwritten.

use crm::bitrix24::{Client, Portal};
use domain::{Drift, PaymentId, Written};
use serde_json::{Value, json};

use crate::{
    delivery::money,
    fake::{Fake, INVOICE, INVOICE_FIELD, now},
};

fn written(id: u64, settled: bool) -> Written {
    Written {
        invoice: format!("b24:31:{id}").as_str().into(),
        number: format!("СЧ-{id}"),
        amount: Some(money("1000.00")),
        settled,
        stage: Some(if settled { "DT31_3:P" } else { "DT31_3:S" }.to_owned()),
        payments: vec![PaymentId("sv1-a".to_owned())],
    }
}

fn row(stage: &str, sum: u64, codes: &[&str]) -> Value {
    json!({"stageId": stage, "opportunity": sum, "currencyId": "RUB", "categoryId": 3, INVOICE_FIELD: codes})
}

#[test]
fn each_way_of_drifting_is_told() {
    let ours: &[&str] = &["other-1", "sv1-a"];
    let stage = |name: &str| name.to_owned();
    let cases: Vec<(bool, Option<Value>, Vec<Drift>)> = vec![
        (true, Some(row("DT31_3:P", 1000, ours)), vec![]),
        (true, Some(row("DT31_3:UC_PAID2", 1000, ours)), vec![]),
        (false, Some(row("DT31_3:UC_X", 1000, ours)), vec![]),
        (true, None, vec![Drift::Deleted]),
        (
            true,
            Some(row("DT31_3:D", 1000, ours)),
            vec![Drift::Cancelled {
                stage: stage("Не оплачен"),
            }],
        ),
        (
            false,
            Some(row("DT31_3:P", 1000, ours)),
            vec![Drift::PaidByHand {
                stage: stage("Оплачен"),
            }],
        ),
        (
            true,
            Some(row("DT31_3:S", 1000, ours)),
            vec![Drift::Reopened {
                stage: stage("Выставлен"),
            }],
        ),
        (
            true,
            Some(row("DT31_3:P", 1200, &["other-1"])),
            vec![
                Drift::RePriced {
                    was: money("1000.00"),
                    is: money("1200.00"),
                },
                Drift::CodesGone {
                    payments: vec![PaymentId("sv1-a".to_owned())],
                },
            ],
        ),
    ];
    let fake = Fake::new();
    let mut asked = Vec::new();
    for (id, (settled, row, _)) in (1..).zip(&cases) {
        asked.push(written(id, *settled));
        if let Some(row) = row {
            fake.put(INVOICE, id, row.clone());
        }
    }
    let drifts = now(Client::new(&fake, Portal::new("b24")).drift(&asked)).unwrap();
    let expected: Vec<_> = asked
        .iter()
        .zip(cases)
        .map(|(one, (_, _, drift))| (one.invoice.clone(), drift))
        .collect();
    assert_eq!(drifts, expected);
    assert!(fake.state().writes.is_empty(), "looking writes nothing");
    // A receipt that does not know what was asked for cannot tell of another price.
    let unknown = Written {
        amount: None,
        ..written(8, true)
    };
    let drift = now(Client::new(&fake, Portal::new("b24")).drift(&[unknown])).unwrap();
    assert_eq!(drift[0].1.len(), 1, "{drift:?}");
    let calls = fake.state().calls.len();
    assert_eq!(now(Client::new(&fake, Portal::new("b24")).drift(&[])).unwrap(), []);
    assert_eq!(fake.state().calls.len(), calls, "nothing to look at asks nothing");
}
