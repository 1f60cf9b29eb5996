//! The order of the list of invoices changes nothing.

use matching::{Decided, Engine, Policy, Verdict};
use serde_json::json;

use crate::cases::{invoice, lines, payment, policy};

#[test]
fn invoices_in_another_order_give_the_same_answers() {
    let mut invoices = Vec::new();
    let mut payments = Vec::new();
    for (case_at, case) in lines("verdicts.jsonl").iter().enumerate() {
        assert!(case["case"].is_string());
        let _: Policy = policy(&case["policy"]);
        for value in case["invoices"].as_array().into_iter().flatten() {
            let mut one = invoice(value);
            one.id = format!("{case_at}:{}", one.id).into();
            invoices.push(one);
        }
        for value in case["payments"].as_array().into_iter().flatten() {
            payments.push(payment(&format!("p{}", payments.len()), value));
        }
    }
    let answers = |invoices: Vec<_>| -> Vec<Decided> {
        let mut engine = Engine::new(invoices, Policy::default());
        payments.iter().map(|sent| engine.decide(sent)).collect()
    };
    let forward = answers(invoices.clone());
    invoices.reverse();
    assert_eq!(forward, answers(invoices.clone()));
    invoices.rotate_left(7);
    assert_eq!(forward, answers(invoices));
}

/// Of two payments of one day for one invoice the one that proves more takes it, whichever has the smaller id.
#[test]
fn the_surer_payment_of_a_day_comes_first() {
    let invoices = [json!({"id": "a", "number": "1145", "open": "15432.10"})];
    let sure = json!({"amount": "15432.10", "purpose": "сч 1145"});
    let by_name = json!({"amount": "15432.10", "purpose": "сч 1145", "inn": null});
    let slip = json!({"amount": "15432.10", "purpose": "Оплата по счету 1154 от 12.03.2025"});
    for weaker in [by_name, slip] {
        let mut engine = Engine::new(invoices.iter().map(invoice).collect(), policy(&json!({"earned": true})));
        let decided = engine.decide_day(&[payment("1", &weaker), payment("2", &sure)]);
        let posted: Vec<bool> = decided.iter().map(|one| one.verdict == Verdict::Auto).collect();
        assert_eq!(posted, [false, true], "{weaker}");
    }
}
