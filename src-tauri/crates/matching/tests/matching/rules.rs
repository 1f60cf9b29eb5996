//! Rules of the user: which fits, what it does, what is refused.

use matching::{
    AgainstKind, Engine, EvidenceKind, Policy, Rules, Verdict,
    rules::{NAME_CHARS_MAX, PATTERN_CHARS_MAX, RULES_MAX, RuleSpec},
};
use serde_json::{Value, json};

use crate::cases::{INN, invoice, payment};

const OTHER_INN: &str = "7728168971";

fn spec(value: &Value) -> RuleSpec {
    let mut value = value.clone();
    if value["name"].is_null() {
        value["name"] = json!("Правило");
    }
    serde_json::from_value(value).unwrap()
}

fn rules(values: &[Value]) -> Rules {
    Rules::compile(values.iter().map(spec).collect()).unwrap()
}

fn refused(value: &Value) -> String {
    Rules::compile(vec![spec(value)]).unwrap_err().why.ru
}

fn engine(values: &[Value], invoices: &[Value]) -> Engine {
    let policy = Policy {
        rules: rules(values),
        ..Policy::default()
    };
    Engine::new(invoices.iter().map(invoice).collect(), policy)
}

fn fits(rule: Value, sent: Value) -> bool {
    rules(&[rule]).place_of(&payment("p", &sent)).is_some()
}

#[test]
fn every_condition_must_hold() {
    let sent = json!({"purpose": "Абонентская плата за март", "amount": "1000.00", "account": "40702810900000000001"});
    let then = json!({"never_automatic": true});
    for (condition, expected) in [
        (json!({"purpose_contains": "АБОНЕНТСКАЯ плата"}), true),
        (json!({"purpose_contains": "апрель"}), false),
        (json!({"purpose_matches": r"за\s+(март|апрель)$"}), true),
        (json!({"purpose_matches": r"^за"}), false),
        (json!({"payer": {"inn": INN}}), true),
        (json!({"payer": {"inn": OTHER_INN}}), false),
        (json!({"payer": {"account": "40702 810 9 0000 0000001"}}), true),
        (json!({"payer": {"account": "40702810900000000002"}}), false),
        (json!({"payer": {"name": "Ромашка ООО"}}), true),
        (json!({"payer": {"name": "Лютик"}}), false),
        (json!({"sum_from": "1000.00", "sum_to": "1000.00"}), true),
        (json!({"sum_from": "1000.01"}), false),
        (json!({"sum_to": "999.99"}), false),
        (json!({"sum_from": "1.00", "currency": "USD"}), false),
        (json!({"purpose_contains": "плата", "payer": {"inn": OTHER_INN}}), false),
    ] {
        let mut rule = condition.clone();
        rule["then"] = then.clone();
        assert_eq!(fits(rule, sent.clone()), expected, "{condition}");
    }
}

#[test]
fn letters_that_look_alike_are_one_spelling() {
    // Latin «c», «o» and «e» in the rule, ё in the purpose.
    let rule = json!({"purpose_contains": "cчeт №", "then": {"never_automatic": true}});
    assert!(fits(rule, json!({"purpose": "Оплата, СЧЁТ № 5"})));
}

#[test]
fn the_first_that_fits_holds() {
    let loan = json!({"name": "А", "purpose_contains": "транш", "then": {"category": "loan"}});
    let fee = json!({"name": "Б", "purpose_contains": "транш 2", "then": {"category": "fee"}});
    let sent = payment("p", &json!({"purpose": "транш 2"}));
    for (order, expected) in [([&loan, &fee], EvidenceKind::Loan), ([&fee, &loan], EvidenceKind::Fee)] {
        let decided = engine(&order.map(Clone::clone), &[]).decide(&sent);
        assert_eq!(decided.verdict, Verdict::None);
        assert_eq!(decided.evidence[0].kind, expected);
        assert_eq!(decided.evidence[1].kind, EvidenceKind::UserRule);
        assert_eq!(decided.evidence[1].start, Some(0));
    }
}

#[test]
fn a_category_hides_what_would_be_decided_and_a_certain_own_transfer_stays_one() {
    let rule = json!({"payer": {"inn": INN}, "then": {"category": "founder_money"}});
    let invoices = [json!({"id": "a", "number": "145"})];
    let sent = json!({"purpose": "по счету № 145"});
    let decided = engine(std::slice::from_ref(&rule), &invoices).decide(&payment("p", &sent));
    assert!(decided.is_hidden());
    let outgoing = json!({"purpose": "по счету № 145", "direction": "debit"});
    let decided = engine(&[rule], &invoices).decide(&payment("p", &outgoing));
    assert_eq!(decided.evidence[0].kind, EvidenceKind::Outgoing);
}

#[test]
fn a_named_customer_is_the_payer_and_nobody_else_is() {
    let rule = json!({"payer": {"name": "Иванов Иван Иванович"}, "then": {"customer_inn": OTHER_INN}});
    let invoices = [
        json!({"id": "his", "number": "7", "inn": OTHER_INN, "customer": "Лютик"}),
        json!({"id": "own", "number": "8", "inn": INN}),
    ];
    let sent = json!({"purpose": "по счету № 7", "payer": "Иванов Иван Иванович", "inn": INN});
    let decided = engine(&[rule], &invoices).decide(&payment("p", &sent));
    assert_eq!(decided.verdict, Verdict::Auto);
    assert_eq!(decided.allocations[0].invoice.0, "his");
    assert!(decided.evidence.iter().any(|one| one.kind == EvidenceKind::UserRule));
}

#[test]
fn a_number_is_taken_from_the_purpose_by_named_groups() {
    let rule = json!({"purpose_matches": r"заказ (?<n>\d+)/(?<year>\d\d)", "then": {"invoice": "СЧ-$n"}});
    let invoices = [
        json!({"id": "a", "number": "СЧ-145"}),
        json!({"id": "b", "number": "СЧ-146"}),
    ];
    let sent = json!({"purpose": "Оплата: заказ 145/25"});
    let decided = engine(&[rule], &invoices).decide(&payment("p", &sent));
    assert_eq!(decided.verdict, Verdict::Auto, "{decided:?}");
    assert_eq!(decided.allocations[0].invoice.0, "a");
    let number = decided
        .evidence
        .iter()
        .find(|one| one.kind == EvidenceKind::InvoiceNumber)
        .unwrap();
    assert_eq!(
        (number.text.as_deref(), number.start, number.end),
        (Some("145"), Some(14), Some(17))
    );
}

#[test]
fn a_fixed_number_needs_no_place() {
    let rule = json!({"purpose_contains": "аренда", "then": {"invoice": "145"}});
    let invoices = [json!({"id": "a", "number": "145"}), json!({"id": "b", "number": "146"})];
    let decided = engine(&[rule], &invoices).decide(&payment("p", &json!({"purpose": "аренда за май"})));
    assert_eq!((decided.verdict, decided.allocations.len()), (Verdict::Auto, 1));
}

#[test]
fn what_only_a_person_decides_is_asked_with_the_rule_as_reason() {
    let rule = json!({"name": "Всегда смотреть", "payer": {"inn": INN}, "then": {"never_automatic": true}});
    let invoices = [json!({"id": "a", "number": "145"})];
    let decided = engine(&[rule], &invoices).decide(&payment("p", &json!({"purpose": "по счету № 145"})));
    assert_eq!(decided.verdict, Verdict::Review);
    let reason = decided
        .against
        .iter()
        .find(|one| one.kind == AgainstKind::OnlyAPerson)
        .unwrap();
    assert!(reason.text.ru.contains("Всегда смотреть"));
    assert_eq!(decided.candidates[0].allocations[0].invoice.0, "a");
}

#[test]
fn a_rule_that_means_nothing_is_refused_with_the_reason() {
    let never = json!({"never_automatic": true});
    for (rule, word) in [
        (json!({"then": never}), "без условий"),
        (json!({"name": " ", "sum_to": "1.00", "then": never}), "название"),
        (json!({"purpose_contains": " ", "then": never}), "не пустым"),
        (json!({"purpose_matches": "(", "then": never}), "не понято"),
        (
            json!({"purpose_matches": r"(\w{500}){500}", "then": never}),
            "не понято",
        ),
        (json!({"payer": {"inn": "0"}, "then": never}), "не ИНН"),
        (json!({"payer": {"name": "ООО"}, "then": never}), "ничего не осталось"),
        (json!({"sum_from": "1,5", "then": never}), "не сумма"),
        (
            json!({"sum_from": "2.00", "sum_to": "1.00", "then": never}),
            "больше суммы",
        ),
        (
            json!({"sum_to": "1.00", "currency": "руб.", "then": never}),
            "не валюта",
        ),
        (
            json!({"sum_to": "1.00", "then": {"category": "nothing_fits"}}),
            "не вид поступления",
        ),
        (json!({"sum_to": "1.00", "then": {"customer_inn": "0"}}), "не ИНН"),
        (json!({"sum_to": "1.00", "then": {"invoice": "б/н"}}), "ни одной цифры"),
        (json!({"sum_to": "1.00", "then": {"invoice": "СЧ-$n"}}), "группы «n»"),
        (
            json!({"purpose_matches": r"(?<m>\d)", "then": {"invoice": "СЧ-$n"}}),
            "группы «n»",
        ),
        (
            json!({"purpose_matches": r"(?<n>\d)", "then": {"invoice": "СЧ-$"}}),
            "имя группы",
        ),
        (
            json!({"sum_to": "1.00", "then": {"never_automatic": false}}),
            "только true",
        ),
    ] {
        let why = refused(&rule);
        assert!(why.contains(word), "{rule}: {why}");
    }
}

#[test]
fn limits_hold_at_the_limit_and_not_one_past_it() {
    let named = |chars: usize| json!({"name": "я".repeat(chars), "sum_to": "1.00", "then": {"never_automatic": true}});
    rules(&[named(NAME_CHARS_MAX)]);
    refused(&named(NAME_CHARS_MAX + 1));
    let long = |chars: usize| json!({"purpose_matches": "я".repeat(chars), "then": {"never_automatic": true}});
    rules(&[long(PATTERN_CHARS_MAX)]);
    refused(&long(PATTERN_CHARS_MAX + 1));
    let one = spec(&json!({"sum_to": "1.00", "then": {"never_automatic": true}}));
    Rules::compile(vec![one.clone(); RULES_MAX]).unwrap();
    let many = Rules::compile(vec![one; RULES_MAX + 1]).unwrap_err();
    assert_eq!(many.place, RULES_MAX + 1);
}

#[test]
fn a_hostile_expression_stays_linear() {
    let rule = json!({"purpose_matches": "(a*)*(a|a)*b$", "then": {"never_automatic": true}});
    assert!(!fits(rule, json!({"purpose": "a".repeat(100_000)})));
}

#[test]
fn a_rule_is_said_in_plain_words() {
    let rule = spec(
        &json!({"purpose_contains": "транш", "payer": {"inn": INN}, "sum_from": "1000.00", "then": {"category": "loan"}}),
    );
    assert_eq!(
        rule.text().ru,
        "если в назначении есть «транш» и ИНН плательщика «7707083893» и сумма не меньше 1000.00 RUB, то не от покупателя: заём или кредит"
    );
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    let value =
        json!({"name": "А", "purpose_matches": r"(?<n>\d+)", "payer": {"inn": INN}, "then": {"invoice": "СЧ-$n"}});
    assert_eq!(serde_json::to_value(spec(&value)).unwrap(), value);
}
