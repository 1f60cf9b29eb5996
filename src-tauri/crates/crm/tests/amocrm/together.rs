//! Messages side by side: what they look at together, and what none of them may believe.

use crm::{
    Choice, Crm, Earlier, Mapping, Of,
    amocrm::{Account, Client},
};
use domain::{Lane, Message, Operation, Outcome, PaymentStatus};
use serde_json::json;

use crate::{
    delivery::{account, message, money},
    fake::{CATALOG, FAULTS, Fake, Fault, Many, PRICE, STATUS, now},
};

const FIRST: u64 = 1_001;
const LEADS: u64 = 500_000;
const CREATED: u64 = 11;
const PAID: u64 = 12;
const WON: u64 = 71;
/// No more than fit on a page of the account in memory.
const FEW: u64 = 3;
const ATTEMPTS_MAX: usize = 6;

fn fake(invoices: u64) -> Fake {
    let fake = Fake::new();
    for id in FIRST..FIRST + invoices {
        fake.put(id, &format!("Счет №{id}"), &[(PRICE, json!([{"value": "1500.50"}]))]);
        fake.set(id, STATUS, json!([{"enum_id": CREATED}]));
        let lead = json!({"id": LEADS + id, "status_id": 70, "pipeline_id": 7});
        fake.state().leads.insert(LEADS + id, lead);
    }
    fake
}

fn payment(id: u64) -> (Message, Earlier) {
    let operation = Operation::RecordPayment {
        invoice: format!("amo:{CATALOG}:{id}").as_str().into(),
        invoice_number: id.to_string(),
        deal: Some((LEADS + id).to_string()),
        payment: code(id).as_str().into(),
        amount: money("1500.50"),
        booked: "2026-11-20".parse().unwrap(),
        document_number: Some("17".to_owned()),
        payer: None,
        settles: true,
        restores: None,
    };
    (message(&format!("m{id}"), operation), Earlier::default())
}

fn code(id: u64) -> String {
    format!("sv1-{id:032x}")
}

fn payments(count: u64) -> Vec<(Message, Earlier)> {
    (FIRST..FIRST + count).map(payment).collect()
}

/// Until all of them are delivered, as the queue does; everything written is seen in the end.
fn until_delivered(client: &Client<&Fake>, mut parcels: Vec<(Message, Earlier)>) {
    for _ in 0..ATTEMPTS_MAX {
        let outcomes = now(Crm::deliver_together(client, &parcels));
        let mut outcomes = outcomes.into_iter();
        parcels.retain(|_| match outcomes.next() {
            Some(Outcome::Delivered { receipt }) => {
                assert!(
                    receipt.notes.iter().all(|note| !note.en.contains("does not show it")),
                    "{receipt:?}"
                );
                false
            }
            _ => true,
        });
        if parcels.is_empty() {
            return;
        }
    }
    panic!("never delivered");
}

fn is_paid_once(fake: &Fake, count: u64) {
    for id in FIRST..FIRST + count {
        assert_eq!((fake.status(id), fake.payments(id)), (PAID, vec![code(id)]), "{id}");
        assert_eq!(fake.notes_with(&format!("sv-record-m{id} ")), 1, "{id}");
        // Nor written twice and marked as a repetition.
        assert_eq!(fake.notes_with("Повтор"), 0, "{id}");
        assert_eq!(fake.state().leads[&(LEADS + id)]["status_id"], WON, "{id}");
    }
}

/// Calls of a kind, of those that are about payments.
fn asked(fake: &Fake, is: impl Fn(&str) -> bool) -> usize {
    fake.state().calls.iter().filter(|call| is(call)).count()
}

#[test]
fn looks_share_requests_and_writes_go_alone() {
    let fake = fake(FEW);
    let client = Client::new(&fake, account(true));
    until_delivered(&client, payments(FEW));
    is_paid_once(&fake, FEW);
    let elements = format!("GET catalogs/{CATALOG}/elements");
    // Before and after the writes of each.
    assert_eq!(asked(&fake, |call| call == elements), 2);
    assert_eq!(asked(&fake, |call| call == "GET leads/notes"), 2);
    // What it is to be moved from, whether it still stands there, and where it stands then.
    assert_eq!(asked(&fake, |call| call == "GET leads"), 3);
    let writes = usize::try_from(FEW * 3).unwrap();
    assert_eq!(asked(&fake, |call| !call.starts_with("GET")), writes);
    let alone = |call: &str| call.starts_with("GET leads/5") || call.starts_with(&format!("{elements}/"));
    assert_eq!(asked(&fake, alone), 0, "{:?}", fake.state().calls);
}

#[test]
fn notes_that_fill_more_than_a_page_are_asked_for_in_smaller_parts() {
    const MORE: u64 = 9;
    let fake = fake(MORE);
    for id in FIRST..FIRST + MORE {
        let talk = (id, LEADS + id, "common".to_owned(), "разговор".to_owned());
        fake.state().notes.push(talk);
    }
    until_delivered(&Client::new(&fake, account(true)), payments(MORE));
    is_paid_once(&fake, MORE);
    // Of a page of three rows. One note of each lead before: 9, 5, 4, 3, 2, 2 and 2 leads; two of each after: all of these,
    // and the 2 of the 3, and then each by itself.
    assert_eq!(asked(&fake, |call| call == "GET leads/notes"), 15);
    assert_eq!(
        asked(&fake, |call| call.starts_with("GET leads/5")
            && call.ends_with("/notes")),
        9
    );
}

#[test]
fn an_account_with_its_own_mind_about_filters_costs_requests_and_no_second_note() {
    for many in [Many::LastOnly, Many::Ignored, Many::Refused] {
        let fake = fake(FEW);
        // Somebody else's, so that a list which filters nothing shows it.
        fake.put(7, "Счет №7", &[]);
        fake.state().leads.insert(7, json!({"id": 7, "status_id": 70}));
        let talk = (1, 7, "common".to_owned(), "разговор".to_owned());
        fake.state().notes.push(talk);
        fake.state().many = many;
        let client = Client::new(&fake, account(true));
        until_delivered(&client, payments(FEW));
        // And again, as if the outcomes had been lost.
        until_delivered(&client, payments(FEW));
        is_paid_once(&fake, FEW);
        if many == Many::Ignored {
            assert_eq!(asked(&fake, |call| call == "GET leads/notes"), 1, "believed once");
        }
    }
}

#[test]
fn whatever_goes_wrong_at_whatever_call_each_takes_effect_once() {
    let calls = {
        let fake = fake(FEW);
        until_delivered(&Client::new(&fake, account(true)), payments(FEW));
        fake.state().calls.len()
    };
    for many in [Many::All, Many::LastOnly] {
        for at in 0..calls {
            for fault in FAULTS {
                let fake = fake(FEW);
                fake.state().many = many;
                fake.fault_at(at, fault);
                until_delivered(&Client::new(&fake, account(true)), payments(FEW));
                is_paid_once(&fake, FEW);
            }
        }
    }
}

/// Where a part of the money moves no status, its note goes first.
#[test]
fn a_note_that_went_before_the_invoice_is_not_written_again() {
    const PART: u64 = 13;
    let created = |status: PaymentStatus| Choice {
        of: Of::Invoices,
        funnel: 0,
        status,
        stage: "created".to_owned(),
    };
    // One status for what is awaited and for what is paid in part.
    let one_for_two = Mapping {
        choices: vec![created(PaymentStatus::Awaiting), created(PaymentStatus::PartlyPaid)],
    };
    for (status, mapping) in [(PART, Mapping::default()), (CREATED, one_for_two)] {
        let account = Account {
            mapping,
            ..Account::new("amo")
        };
        let stand = |many: Many| {
            let fake = fake(FEW);
            for id in FIRST..FIRST + FEW {
                fake.set(id, STATUS, json!([{"enum_id": status}]));
            }
            fake.state().many = many;
            fake
        };
        let parts = || {
            let mut parcels = payments(FEW);
            for (message, _) in &mut parcels {
                if let Operation::RecordPayment { settles, amount, .. } = &mut message.operation {
                    (*settles, *amount) = (false, money("500.00"));
                }
            }
            parcels
        };
        let whole = stand(Many::LastOnly);
        until_delivered(&Client::new(&whole, account.clone()), parts());
        let calls = whole.state().calls.len();
        for (at, fault) in (0..calls).flat_map(|at| FAULTS.map(|fault| (at, fault))) {
            let fake = stand(Many::LastOnly);
            fake.fault_at(at, fault);
            let client = Client::new(&fake, account.clone());
            // All of them again: one that went wrong looks together with the others.
            now(client.deliver_together(&parts()));
            until_delivered(&client, parts());
            for id in FIRST..FIRST + FEW {
                assert_eq!(
                    (fake.status(id), fake.payments(id)),
                    (status, vec![code(id)]),
                    "{at} {fault:?}"
                );
            }
            // Nor written and then marked as a repetition.
            assert_eq!(fake.state().notes.len(), parts().len(), "{at} {fault:?}");
        }
    }
}

#[test]
fn what_is_deleted_refuses_its_own_payment_only() {
    let fake = fake(FEW);
    fake.state().elements.remove(&FIRST);
    let outcomes = now(Client::new(&fake, account(true)).deliver_together(&payments(FEW)));
    assert!(
        matches!(
            &outcomes[..],
            [
                Outcome::Refused { .. },
                Outcome::Delivered { .. },
                Outcome::Delivered { .. }
            ]
        ),
        "{outcomes:?}"
    );
}

#[test]
fn payments_of_one_invoice_and_of_one_lead_see_each_other() {
    let fake = fake(2);
    let part = |at: u64, id: u64, settles: bool| {
        let (mut message, earlier) = payment(at);
        if let Operation::RecordPayment {
            invoice,
            deal,
            settles: all,
            amount,
            ..
        } = &mut message.operation
        {
            *invoice = format!("amo:{CATALOG}:{id}").as_str().into();
            *deal = Some((LEADS + FIRST).to_string());
            *all = settles;
            *amount = money("500.00");
        }
        message.lane = Lane::of_invoice(message.operation.invoice());
        (message, earlier)
    };
    let parcels = [
        part(1, FIRST, false),
        part(2, FIRST, false),
        part(3, FIRST + 1, false),
        part(4, FIRST, true),
    ];
    let outcomes = now(Client::new(&fake, account(false)).deliver_together(&parcels));
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Delivered { .. })),
        "{outcomes:?}"
    );
    assert_eq!(fake.payments(FIRST), [code(1), code(2), code(4)]);
    assert_eq!(fake.payments(FIRST + 1), [code(3)]);
    assert_eq!(fake.status(FIRST), PAID);
    assert_eq!(fake.state().notes.len(), 4);
}

#[test]
fn nothing_of_an_invoice_goes_behind_what_did_not_arrive() {
    let fake = fake(1);
    // Less than the payment brings.
    fake.set(FIRST, PRICE, json!([{"value": "1"}]));
    let (first, second) = (payment(FIRST), payment(FIRST));
    let outcomes = now(Client::new(&fake, account(false)).deliver_together(&[first, second]));
    assert!(
        matches!(&outcomes[..], [Outcome::Refused { .. }, Outcome::Transient { .. }]),
        "{outcomes:?}"
    );
    assert!(fake.state().writes.is_empty());
}

#[test]
fn a_group_that_is_not_let_in_writes_nothing() {
    let fake = fake(FEW);
    let client = Client::new(&fake, account(false));
    now(Crm::connect(&client)).unwrap();
    fake.plan([Some(Fault::Unauthorised)]);
    let outcomes = now(client.deliver_together(&payments(FEW)));
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Unauthorised { .. })),
        "{outcomes:?}"
    );
    assert!(fake.state().writes.is_empty());
}
