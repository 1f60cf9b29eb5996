//! The past under two policies.

use domain::{Allocation, Currency, Money};
use matching::{
    Policy, Rules,
    replay::{Answer, Change, Past, Replayed, replay},
};
use serde_json::{Value, json};

use crate::cases::{INN, invoice, payment};

fn past(id: &str, sent: Value, invoice: Option<&str>) -> Past {
    let payment = payment(id, &sent);
    let confirmed = invoice.map(|id| Allocation {
        invoice: id.into(),
        amount: payment.amount,
    });
    Past {
        confirmed: confirmed.into_iter().collect(),
        payment,
    }
}

fn replayed(invoices: &[Value], past: &[Past], rule: Value) -> Vec<Replayed> {
    let after = Policy {
        rules: Rules::compile(vec![serde_json::from_value(rule).unwrap()]).unwrap(),
        ..Policy::default()
    };
    let invoices: Vec<_> = invoices.iter().map(invoice).collect();
    replay(&invoices, past, Policy::default(), after)
}

fn invoices() -> Vec<Value> {
    vec![
        json!({"id": "a", "number": "СЧ-145"}),
        json!({"id": "b", "number": "СЧ-146"}),
        json!({"id": "c", "number": "СЧ-147"}),
    ]
}

#[test]
fn a_rule_is_better_where_it_finds_what_the_person_found() {
    let rule = json!({"name": "Заказы", "purpose_matches": r"заказ (?<n>\d+)", "then": {"invoice": "СЧ-$n"}});
    let past = [
        past("p1", json!({"purpose": "заказ 145"}), Some("a")),
        past("p2", json!({"purpose": "заказ 146 по счету № 147"}), Some("c")),
        past("p3", json!({"purpose": "по счету № 146"}), Some("b")),
    ];
    let outcome = replayed(&invoices(), &past, rule);
    let changes: Vec<Change> = outcome.iter().map(|one| one.change).collect();
    // The second names the invoice itself, and the rule a second one.
    assert_eq!(changes, [Change::Better, Change::Broken, Change::Same]);
    assert_eq!(outcome[0].after, Answer::Right);
}

#[test]
fn a_rule_that_hides_a_customers_payment_breaks_it() {
    let rule = json!({"name": "Займы", "payer": {"inn": INN}, "then": {"category": "loan"}});
    let past = [
        past("p1", json!({"purpose": "по счету № 145"}), Some("a")),
        past("p2", json!({"purpose": "разное"}), None),
    ];
    let outcome = replayed(&invoices(), &past, rule);
    assert_eq!((outcome[0].after, outcome[0].change), (Answer::Wrong, Change::Broken));
    assert_eq!((outcome[1].after, outcome[1].change), (Answer::Right, Change::Better));
}

#[test]
fn to_ask_about_what_was_right_breaks_nothing() {
    let rule = json!({"name": "Смотреть", "payer": {"inn": INN}, "then": {"never_automatic": true}});
    let past = [past("p1", json!({"purpose": "по счету № 145"}), Some("a"))];
    assert_eq!(replayed(&invoices(), &past, rule)[0].change, Change::AskedNow);
}

#[test]
fn the_truth_is_posted_whatever_the_engine_says() {
    // The person gave the first to another invoice than it names: the second must find 145 open.
    let past = [
        past("p1", json!({"purpose": "по счету № 145"}), Some("b")),
        past("p2", json!({"purpose": "по счету № 145"}), Some("a")),
    ];
    let rule = json!({"name": "x", "sum_to": "0.01", "then": {"never_automatic": true}});
    let outcome = replayed(&invoices(), &past, rule);
    assert_eq!(
        outcome.iter().map(|one| one.before).collect::<Vec<_>>(),
        [Answer::Wrong, Answer::Right]
    );
}

#[test]
fn allocations_are_the_same_in_any_order_and_only_with_their_sums() {
    let give = |invoice: &str, kopecks| Allocation {
        invoice: invoice.into(),
        amount: Money::from_minor(kopecks, Currency::RUB),
    };
    let one = [give("a", 1), give("b", 2)];
    assert!(matching::replay::same(&one, &[give("b", 2), give("a", 1)]));
    assert!(!matching::replay::same(&one, &[give("b", 1), give("a", 2)]));
    assert!(!matching::replay::same(&one, &one[..1]));
}
