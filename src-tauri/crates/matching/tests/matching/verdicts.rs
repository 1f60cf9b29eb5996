//! Invoices, payments, and what must come of them: `fixtures/matching/verdicts.jsonl`.

use matching::{Decided, Engine};
use serde_json::Value;

use crate::cases::{invoice, lines, payment, policy, strings};

#[test]
fn every_case_is_decided_as_written() {
    let mut wrong = Vec::new();
    for case in lines("verdicts.jsonl") {
        let name = case["case"].as_str().unwrap();
        let none = Vec::new();
        let invoices = case["invoices"]
            .as_array()
            .unwrap_or(&none)
            .iter()
            .map(invoice)
            .collect();
        let mut engine = Engine::new(invoices, policy(&case["policy"]));
        let payments = case["payments"].as_array().unwrap();
        let expected = case["expect"].as_array().unwrap();
        assert_eq!(payments.len(), expected.len(), "{name}");
        for (at, (sent, expected)) in payments.iter().zip(expected).enumerate() {
            let decided = engine.decide(&payment(&format!("p{at}"), sent));
            if let Err(difference) = compare(&decided, expected) {
                let answer = serde_json::to_string(&decided).unwrap();
                wrong.push(format!("{name}, payment {at}: {difference}\n    {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// All tied solutions are among the first so many.
const WAYS_SHOWN: usize = 3;

fn compare(decided: &Decided, expected: &Value) -> Result<(), String> {
    let answer = serde_json::to_value(decided).unwrap();
    if answer["decision"] != expected["decision"] {
        return Err(format!("{} is not {}", answer["decision"], expected["decision"]));
    }
    let ids = |allocations: &Value| -> Vec<String> {
        let allocations = allocations.as_array().map_or(&[][..], Vec::as_slice);
        allocations
            .iter()
            .map(|allocation| allocation["invoice"].as_str().unwrap().to_owned())
            .collect()
    };
    let allocated = ids(&answer["allocations"]);
    if allocated != strings(&expected["invoices"]) {
        return Err(format!("allocated {allocated:?}"));
    }
    if expected.get("first").is_some() {
        let first = ids(&answer["candidates"][0]["allocations"]);
        if first != strings(&expected["first"]) {
            return Err(format!("the first candidate is {first:?}"));
        }
    }
    for field in ["class", "undoes", "may_undo"] {
        if let Some(expected) = expected.get(field)
            && answer.get(field).unwrap_or(&Value::Null) != expected
        {
            return Err(format!("{field} is {:?}", answer.get(field)));
        }
    }
    for way in expected["ways"].as_array().into_iter().flatten() {
        let shown = answer["candidates"].as_array().map_or(&[][..], Vec::as_slice);
        let mut shown = shown
            .iter()
            .take(WAYS_SHOWN)
            .map(|candidate| ids(&candidate["allocations"]));
        if !shown.any(|shown| shown == strings(way)) {
            return Err(format!("{way} is not among the first candidates"));
        }
    }
    for field in ["evidence", "against"] {
        let given: Vec<&str> = answer[field]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason["kind"].as_str().unwrap())
            .collect();
        for kind in strings(&expected[field]) {
            if !given.contains(&kind.as_str()) {
                return Err(format!("{field}: no {kind} in {given:?}"));
            }
        }
    }
    for quote in strings(&expected["quotes"]) {
        if !decided
            .evidence
            .iter()
            .any(|evidence| evidence.text.as_ref() == Some(&quote))
        {
            return Err(format!("nothing quotes «{quote}»"));
        }
    }
    Ok(())
}

/// The line that other programs read: field by field as the command's contract has it.
#[test]
fn an_answer_has_the_shape_of_the_contract() {
    let invoices = vec![invoice(&serde_json::json!({"id": "b24:31:1001", "number": "145"}))];
    let sent = payment("p1", &serde_json::json!({"purpose": "Оплата по счету № 145"}));
    let answer = serde_json::to_value(Engine::new(invoices, policy(&Value::Null)).decide(&sent)).unwrap();
    assert_eq!(
        answer,
        serde_json::json!({
            "payment": "p1", "decision": "auto", "class": "whole",
            "allocations": [{"invoice": "b24:31:1001", "amount": "15000.00"}], "remainder": "0.00",
            "evidence": [
                {"kind": "invoice_number", "text": "счету № 145", "start": 10, "end": 21, "for": "b24:31:1001"},
                {"kind": "payer_inn"}, {"kind": "exact_amount"},
            ],
            "against": [],
            "candidates": [{
                "allocations": [{"invoice": "b24:31:1001", "amount": "15000.00"}], "rank": 1, "against": [],
                "evidence": [
                    {"kind": "invoice_number", "text": "счету № 145", "start": 10, "end": 21, "for": "b24:31:1001"},
                    {"kind": "payer_inn"}, {"kind": "exact_amount"},
                ],
            }],
        })
    );
}

#[test]
fn a_reason_against_speaks_two_languages() {
    let invoices = vec![invoice(&serde_json::json!({"id": "a", "number": "145"}))];
    let sent = payment("p1", &serde_json::json!({"purpose": "сч 145", "amount": "1.00"}));
    let decided = Engine::new(invoices, policy(&Value::Null)).decide(&sent);
    let answer = serde_json::to_value(&decided.against).unwrap();
    assert_eq!(answer[0]["kind"], "amount_differs");
    assert!(answer[0]["text"].as_str().unwrap().contains("15\u{a0}000,00\u{a0}₽"));
    assert!(answer[0]["text_en"].as_str().unwrap().contains("is open"));
}

/// A payment of an earlier run is found like one of this run, for as much of it as is left.
#[test]
fn a_refund_of_a_recalled_payment_is_found_for_what_is_left_of_it() {
    let refund = |amount: &str| {
        payment(
            "back",
            &serde_json::json!({"purpose": "Возврат по п/п 7", "amount": amount, "direction": "debit", "date": "2025-04-01"}),
        )
    };
    let earlier = payment(
        "p",
        &serde_json::json!({"purpose": "сч 145", "number": "7", "amount": "100.00"}),
    );
    let left = domain::Money::parse("60.00", domain::Currency::RUB).unwrap();
    for (amount, undoes) in [("60.00", Some(true)), ("59.99", Some(false)), ("60.01", None)] {
        let mut engine = Engine::new(Vec::new(), policy(&Value::Null));
        engine.recall(&earlier, left);
        let decided = engine.decide(&refund(amount));
        assert_eq!(decided.undoes.map(|one| one.full), undoes, "{amount}");
    }
}
