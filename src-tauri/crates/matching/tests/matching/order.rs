//! The order of the list of invoices changes nothing.

use matching::{Decided, Engine, Policy};

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
