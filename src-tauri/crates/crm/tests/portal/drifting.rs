//! What people did to invoices after our write is told, and nothing is overwritten.

use crm::{
    Choice, Mapping, Of,
    bitrix24::{Client, Portal},
};
use domain::{Drift, PaymentId, PaymentStatus, Written};
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

#[test]
fn what_the_user_chose_a_stage_to_stand_for_counts_beside_what_the_portal_says_of_it() {
    let choice = |status, stage: &str| Choice {
        of: Of::Invoices,
        funnel: 3,
        status,
        stage: stage.to_owned(),
    };
    // Paid is «На проверке», which is an open stage to the portal; a part of the money is «Выставлен».
    let portal = Portal {
        mapping: Mapping {
            choices: vec![
                choice(PaymentStatus::Awaiting, "DT31_3:N"),
                choice(PaymentStatus::PartlyPaid, "DT31_3:S"),
                choice(PaymentStatus::Paid, "DT31_3:UC_X"),
            ],
        },
        ..Portal::new("b24")
    };
    let reopened = |stage: &str| {
        vec![Drift::Reopened {
            stage: stage.to_owned(),
        }]
    };
    let by_hand = vec![Drift::PaidByHand {
        stage: "На проверке".to_owned(),
    }];
    for (settled, left, now_in, expected) in [
        (true, "DT31_3:UC_X", "DT31_3:P", vec![]),
        (true, "DT31_3:UC_X", "DT31_3:S", reopened("Выставлен")),
        (true, "DT31_3:P", "DT31_3:UC_X", vec![]),
        (false, "DT31_3:S", "DT31_3:UC_X", by_hand),
        (false, "DT31_3:S", "DT31_3:N", reopened("Новый")),
        (false, "DT31_3:N", "DT31_3:S", vec![]),
    ] {
        let fake = Fake::new();
        fake.put(INVOICE, 1, row(now_in, 1000, &["sv1-a"]));
        let asked = Written {
            stage: Some(left.to_owned()),
            ..written(1, settled)
        };
        let drift = now(Client::new(&fake, portal.clone()).drift(&[asked]))
            .unwrap()
            .remove(0)
            .1;
        assert_eq!(drift, expected, "{left} → {now_in}");
    }
}
