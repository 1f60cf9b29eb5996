//! An account of several servers: the one that answers a look shows a write a little later than the one that took it.

use crm::Earlier;

use crate::{
    delivery::{ID, LEAD, PAID, delivered, record, reverse},
    fake::{Fake, PAYMENT, PRICE, STATUS},
};
use serde_json::{Value, json};

const CREATED: u64 = 11;
const FULL: u64 = 12;

fn fake(lag: usize, lead: bool) -> Fake {
    let fake = Fake::new();
    fake.put(
        ID,
        "Счет №17 от 20.11.2026",
        &[
            (PRICE, json!([{"value": "15000"}])),
            (STATUS, json!([{"enum_id": CREATED}])),
        ],
    );
    let mut state = fake.state();
    state.lag = lag;
    if lead {
        let lead = json!({"id": LEAD, "status_id": 70, "pipeline_id": 7});
        state.leads.insert(LEAD, lead);
    }
    drop(state);
    fake
}

#[test]
fn what_is_shown_late_is_waited_for_and_written_once() {
    for lead in [true, false] {
        for lag in 0..=3 {
            let fake = fake(lag, lead);
            let told = delivered(&fake, &record(true, lead), &Earlier::default());
            assert_eq!(
                (fake.status(ID), fake.payments(ID).as_slice()),
                (FULL, &[PAID.to_owned()][..])
            );
            assert_eq!(fake.notes_with(PAID), usize::from(lead), "{lag}");
            assert_eq!(told.stage_before.as_deref(), Some("created"), "{lag}: {told:?}");
            let earlier = Earlier {
                settling: Some(told.clone()),
                undone: Some(told),
                ..Earlier::default()
            };
            delivered(&fake, &reverse(Some("m1"), lead), &earlier);
            assert_eq!(
                (fake.status(ID), fake.field(ID, PAYMENT)),
                (CREATED, Value::Null),
                "{lag}"
            );
            assert_eq!(fake.notes_with("sv-reverse-m2 "), usize::from(lead), "{lag}");
            assert_eq!(fake.state().writes.len(), if lead { 4 } else { 2 }, "{lag}");
        }
    }
}

#[test]
fn an_account_that_takes_changes_one_by_one_gets_them_so() {
    let fake = fake(0, true);
    fake.state().one_by_one = true;
    delivered(&fake, &record(true, true), &Earlier::default());
    assert_eq!(
        (fake.status(ID), fake.payments(ID).as_slice()),
        (FULL, &[PAID.to_owned()][..])
    );
    assert_eq!(fake.notes_with(PAID), 1);
}
