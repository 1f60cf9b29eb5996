//! `sverka match`: decisions as other programs read them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Ran, sverka};

/// Invoices, payments and a policy as files.
struct Case {
    dir: TempDir,
    policy: bool,
}

impl Case {
    fn new(invoices: &[Value], payments: &[Value]) -> Self {
        Self::of_text(&ndjson(invoices), &ndjson(payments))
    }

    fn of_text(invoices: &str, payments: &str) -> Self {
        let case = Self {
            dir: tempfile::tempdir().unwrap(),
            policy: false,
        };
        case.write("invoices.jsonl", invoices);
        case.write("payments.jsonl", payments);
        case
    }

    fn with_policy(mut self, policy: &Value) -> Self {
        // People write such files by hand, over several lines.
        self.write("policy.json", &serde_json::to_string_pretty(policy).unwrap());
        self.policy = true;
        self
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn run(&self) -> Ran {
        let path = |name: &str| self.dir.path().join(name).into_os_string();
        let mut words = vec!["match".into(), "--json".into()];
        words.extend(["--invoices".into(), path("invoices.jsonl")]);
        words.extend(["--payments".into(), path("payments.jsonl")]);
        if self.policy {
            words.extend(["--policy".into(), path("policy.json")]);
        }
        sverka(words)
    }

    fn decisions(&self) -> Vec<Value> {
        self.run().done().lines()
    }

    fn verdict(&self) -> String {
        let ran = self.run().done();
        ran.line()["decision"].as_str().unwrap().to_owned()
    }
}

fn ndjson(values: &[Value]) -> String {
    values.iter().fold(String::new(), |mut text, value| {
        writeln!(text, "{value}").unwrap();
        text
    })
}

fn invoice() -> Value {
    json!({
        "id": "b24:31:1001", "number": "СЧ-145", "date": "2025-03-12", "amount": "15000.00", "open": "15000.00",
        "currency": "RUB",
        "customer": { "name": "ООО «Ромашка»", "inn": "1234567894", "kpp": null, "accounts": ["40702810900000004501"] },
        "status": "open", "due": "2025-03-26", "contract": null, "company": null,
    })
}

fn payment() -> Value {
    json!({
        "id": "p1", "date": "2025-03-14", "amount": "15000.00", "currency": "RUB",
        "payer": { "name": "ООО «Ромашка»", "inn": "1234567894", "account": "40702810900000004501", "bic": "044525225" },
        "purpose": "Оплата по счету № 145 от 12.03.2025 за товар",
        "direction": "credit", "kind": null, "number": null, "own_account": null, "reversal": false,
    })
}

fn with(mut value: Value, key: &str, other: Value) -> Value {
    value[key] = other;
    value
}

fn without(mut value: Value, key: &str) -> Value {
    value.as_object_mut().unwrap().remove(key);
    value
}

#[test]
fn an_automatic_decision_has_its_allocation_and_evidence_with_places() {
    let decisions = Case::new(&[invoice()], &[payment()]).decisions();
    let allocations = json!([{ "invoice": "b24:31:1001", "amount": "15000.00" }]);
    let evidence = json!([
        { "kind": "invoice_number_by_digits", "text": "счету № 145", "start": 10, "end": 21, "for": "b24:31:1001" },
        { "kind": "invoice_date", "text": "12.03.2025", "start": 25, "end": 35, "for": "b24:31:1001" },
        { "kind": "payer_inn" },
        { "kind": "exact_amount" },
    ]);
    assert_eq!(
        decisions,
        [json!({
            "payment": "p1", "decision": "auto", "class": "whole", "allocations": allocations, "remainder": "0.00",
            "evidence": evidence, "against": [],
            "candidates": [{ "allocations": allocations, "rank": 1, "evidence": evidence, "against": [] }],
        })]
    );
    // Places count characters, not bytes.
    let purpose: Vec<char> = payment()["purpose"].as_str().unwrap().chars().collect();
    assert_eq!(purpose[10..21].iter().collect::<String>(), "счету № 145");
}

#[test]
fn a_tie_is_put_before_a_person_with_ranked_candidates() {
    let twin = with(invoice(), "id", json!("b24:31:1002"));
    let twin = with(twin, "number", json!("СЧ-146"));
    let payment = with(payment(), "purpose", json!("Оплата за товар"));
    let decision = Case::new(&[invoice(), twin], &[payment]).run().done().line();
    assert_eq!(decision["decision"], "review");
    assert_eq!(decision["allocations"], json!([]));
    assert_eq!(decision["remainder"], "15000.00");
    let candidates = decision["candidates"].as_array().unwrap();
    let ranks: Vec<&Value> = candidates.iter().map(|one| &one["rank"]).collect();
    assert_eq!(ranks, [1, 2]);
    for (candidate, id) in candidates.iter().zip(["b24:31:1001", "b24:31:1002"]) {
        assert_eq!(
            candidate["allocations"],
            json!([{ "invoice": id, "amount": "15000.00" }])
        );
        assert!(
            candidate["evidence"]
                .as_array()
                .unwrap()
                .contains(&json!({ "kind": "payer_inn" }))
        );
    }
    assert!(!decision["against"].as_array().unwrap().is_empty());
    assert!(
        decision["against"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["kind"].is_string() && one["text"].is_string())
    );
}

#[test]
fn what_is_no_customers_says_what_it_is_instead() {
    let loan = with(payment(), "purpose", json!("Предоставление займа по договору № 145"));
    let decision = Case::new(&[], &[loan]).run().done().line();
    assert_eq!(decision["decision"], "none");
    assert_eq!(decision["evidence"][0]["kind"], "loan");
    assert_eq!(
        [&decision["allocations"], &decision["candidates"]],
        [&json!([]), &json!([])]
    );
}

#[test]
fn a_decision_lowers_what_is_open_for_the_next() {
    let second = with(payment(), "id", json!("p2"));
    let decisions = Case::new(&[invoice()], &[payment(), second]).decisions();
    let verdicts: Vec<&Value> = decisions.iter().map(|one| &one["decision"]).collect();
    assert_eq!(verdicts, ["auto", "review"]);
    assert_eq!(decisions[1]["payment"], "p2");
}

#[test]
fn a_direction_that_is_missing_means_credit_and_null_that_it_cannot_be_told() {
    for (payment, verdict) in [
        (without(payment(), "direction"), "auto"),
        (with(payment(), "direction", json!("credit")), "auto"),
        (with(payment(), "direction", Value::Null), "review"),
        (with(payment(), "direction", json!("debit")), "none"),
    ] {
        assert_eq!(
            Case::new(&[invoice()], std::slice::from_ref(&payment)).verdict(),
            verdict,
            "{payment}"
        );
    }
}

#[test]
fn what_is_optional_may_be_missing_or_null() {
    let bare = json!({
        "id": "p1", "date": "2025-03-14", "amount": "15000", "currency": "RUB",
        "payer": { "inn": "1234567894" }, "purpose": "Оплата по счету № 145",
    });
    let invoices = [json!({
        "id": "b24:31:1001", "number": "145", "date": "2025-03-12", "amount": "15000.00", "open": "15000.00",
        "currency": "RUB", "customer": { "inn": "1234567894" },
    })];
    assert_eq!(Case::new(&invoices, &[bare]).verdict(), "auto");
    let nulls = ["kind", "number", "own_account", "reversal"];
    let payment = nulls
        .iter()
        .fold(payment(), |payment, key| with(payment, key, Value::Null));
    let nulls = ["status", "due", "contract", "company"];
    let invoice = nulls
        .iter()
        .fold(invoice(), |invoice, key| with(invoice, key, Value::Null));
    assert_eq!(Case::new(&[invoice], &[payment]).verdict(), "auto");
    let unsaid = json!({ "id": "p1", "date": "2025-03-14", "amount": "1.00", "currency": "RUB", "payer": null, "purpose": null });
    assert_eq!(
        Case::new(&[with(self::invoice(), "customer", Value::Null)], &[unsaid]).verdict(),
        "none"
    );
}

#[test]
fn only_open_invoices_are_paid() {
    for status in ["paid", "cancelled"] {
        let closed = with(invoice(), "status", json!(status));
        assert_ne!(Case::new(&[closed], &[payment()]).verdict(), "auto", "{status}");
    }
}

#[test]
fn a_policy_names_own_companies_facts_and_caps() {
    let of = |policy: Value, payment: Value| Case::new(&[invoice()], &[payment]).with_policy(&policy);
    let own = json!({ "own": [{ "inn": "1234567894", "accounts": [] }] });
    let decision = of(own, payment()).run().done().line();
    assert_eq!(
        (&decision["decision"], &decision["evidence"][0]["kind"]),
        (&json!("none"), &json!("own_inn"))
    );
    let own = json!({ "own": [{ "accounts": ["40702810900000004501"] }] });
    assert_eq!(of(own, payment()).verdict(), "none");
    let cap = |sum: &str| json!({ "caps": { "automatic_sum": sum } });
    assert_eq!(of(cap("15000.00"), payment()).verdict(), "auto");
    assert_eq!(of(cap("14999.99"), payment()).verdict(), "review");
    let stranger = with(payment(), "payer", json!({ "name": "ИП Иванов", "inn": "7700000002" }));
    assert_eq!(of(json!({}), stranger.clone()).verdict(), "review");
    let fact = json!({ "facts": [{ "payer_inn": "7700000002", "pays_for_inn": "1234567894" }] });
    assert_eq!(of(fact, stranger).verdict(), "auto");
}

#[test]
fn a_policy_has_rules_refusals_habits_and_records() {
    let of = |policy: Value, payment: Value| Case::new(&[invoice()], &[payment]).with_policy(&policy);
    let rule = |then: Value| json!({ "rules": [{ "name": "Товар", "purpose_contains": "за товар", "then": then }] });
    let hidden = of(rule(json!({ "category": "founder_money" })), payment())
        .run()
        .done()
        .line();
    assert_eq!(hidden["decision"], "none");
    assert_eq!(
        hidden["evidence"],
        json!([{ "kind": "founder_money" }, { "kind": "user_rule", "text": "за товар", "start": 36, "end": 44 }])
    );
    assert_eq!(
        of(rule(json!({ "never_automatic": true })), payment()).verdict(),
        "review"
    );
    let refused = json!({ "rejected": [{ "payment": "p1", "invoice": "b24:31:1001" }] });
    assert_eq!(of(refused, payment()).verdict(), "none");
    // A number that nothing calls an invoice's, and a round sum: a class that a payer can earn.
    let mentioned = with(payment(), "purpose", json!("145 за товар"));
    let confirmed = |count: u32| {
        json!({ "autonomy": [{ "payer_inn": "1234567894", "decisions": count, "undone": 0,
            "confirmed": { "number_mentioned_payer_sum": count } }] })
    };
    assert_eq!(of(confirmed(29), mentioned.clone()).verdict(), "auto");
    assert_eq!(of(confirmed(28), mentioned.clone()).verdict(), "review");
    assert_eq!(
        of(json!({}), mentioned.clone()).verdict(),
        "auto",
        "without records it counts as earned"
    );
    assert_eq!(Case::new(&[invoice()], &[mentioned]).verdict(), "auto");
    let habit = json!({ "facts": [{ "payer_inn": "1234567894", "habit": "no_numbers" }] });
    let silent = with(payment(), "purpose", json!("за товар"));
    let decision = of(habit, silent).run().done().line();
    let evidence = decision["evidence"].as_array().unwrap();
    assert!(
        evidence.iter().any(|one| one["kind"] == "payer_names_no_numbers"),
        "{decision}"
    );
    for wrong in [
        rule(json!({ "category": "gift" })),
        rule(json!({ "invoice": "$n" })),
        json!({ "rules": [{ "name": "x", "then": { "never_automatic": true } }] }),
        json!({ "facts": [{ "habit": "no_numbers" }] }),
        json!({ "autonomy": [{ "decisions": 5 }] }),
    ] {
        assert_eq!(of(wrong, payment()).run().refusal(), "match/malformed");
    }
}

#[test]
fn a_policy_may_say_more_than_this_version_knows() {
    let policy = json!({
        "version": 7, "own": null, "facts": [{ "of_tomorrow": 1 }], "rules": null,
        "caps": { "automatic_sum": null, "per_day": "5.00" }, "tags": { "level": "earned" },
    });
    assert_eq!(
        Case::new(&[invoice()], &[payment()]).with_policy(&policy).verdict(),
        "auto"
    );
    // So may every line.
    let (invoice, payment) = (with(invoice(), "tags", json!([1])), with(payment(), "later", json!({})));
    assert_eq!(Case::new(&[invoice], &[payment]).verdict(), "auto");
}

#[test]
fn a_malformed_payment_is_named_and_costs_no_other() {
    for (broken, why) in [
        ("{\"id\":\"p2\"", "EOF while parsing"),
        (
            "{\"id\":\"p2\",\"date\":\"2025-03-14\",\"amount\":\"12O0\",\"currency\":\"RUB\"}",
            "«12O0» is not a sum",
        ),
        (
            "{\"id\":\"p2\",\"date\":\"2025-03-14\",\"amount\":\"-1.00\",\"currency\":\"RUB\"}",
            "negative",
        ),
        (
            "{\"id\":\"p2\",\"date\":\"2025-03-14\",\"amount\":\"1.00\",\"currency\":\"рубль\"}",
            "is not a currency",
        ),
        (
            "{\"id\":\"p2\",\"date\":\"14.03.2025\",\"amount\":\"1.00\",\"currency\":\"RUB\"}",
            "invalid characters",
        ),
        (
            "{\"id\":\"p2\",\"date\":\"2025-03-14\",\"currency\":\"RUB\"}",
            "missing field `amount`",
        ),
    ] {
        let ran = Case::of_text(
            &ndjson(&[invoice()]),
            &format!("{}\n\n{broken}\n{}\n", payment(), payment()),
        )
        .run();
        assert_eq!(ran.lines().len(), 2, "{ran:?}");
        let failure = ran.failure();
        assert_eq!(failure["code"], "match/malformed");
        let message = failure["message"]["en"].as_str().unwrap();
        assert!(
            message.contains("payments.jsonl:3: ") && message.contains(why),
            "{message}"
        );
    }
}

#[test]
fn a_malformed_invoice_holds_what_it_may_concern_and_a_malformed_policy_everything() {
    let with =
        |broken: &str| Case::of_text(&format!("{broken}\n{}", ndjson(&[invoice()])), &ndjson(&[payment()])).run();
    assert_eq!(with("[]").line()["decision"], "auto", "it speaks of nobody");
    let ran = with(&format!("{},", invoice()));
    assert_eq!(
        ran.line()["decision"],
        "review",
        "one that was not read may fit as well"
    );
    assert!(
        ran.failure()["message"]["ru"]
            .as_str()
            .unwrap()
            .contains("invoices.jsonl:1: "),
        "{ran:?}"
    );
    let case = Case::new(&[invoice()], &[payment()]).with_policy(&json!({ "caps": { "automatic_sum": "много" } }));
    let ran = case.run();
    assert_eq!(ran.out, "");
    assert!(
        ran.failure()["message"]["ru"]
            .as_str()
            .unwrap()
            .contains("«много» — не сумма"),
        "{ran:?}"
    );
    case.write("policy.json", "[]");
    assert!(
        case.run().failure()["message"]["en"]
            .as_str()
            .unwrap()
            .contains("a JSON object is expected")
    );
    case.write("policy.json", "{\n\"own\": 5\n}");
    assert!(
        case.run().failure()["message"]["en"]
            .as_str()
            .unwrap()
            .contains("policy.json:2: ")
    );
    std::fs::remove_file(case.dir.path().join("policy.json")).unwrap();
    assert_eq!(case.run().refusal(), "file/not-found");
}

#[test]
fn empty_files_decide_nothing_and_are_no_failure() {
    assert_eq!(Case::of_text("", "").run().done().out, "");
    assert_eq!(Case::of_text("", "\n\n").run().done().out, "");
    assert_eq!(Case::of_text("", &ndjson(&[payment()])).verdict(), "none");
}

/// Twenty thousand payments and five thousand invoices, in order, each invoice paid once.
#[test]
fn a_year_of_a_busy_firm_goes_through() {
    let invoices: Vec<Value> = (0..5000).map(numbered_invoice).collect();
    let payments: Vec<Value> = (0..20_000).map(numbered_payment).collect();
    let decisions = Case::new(&invoices, &payments).decisions();
    assert_eq!(decisions.len(), payments.len());
    assert!(
        decisions
            .iter()
            .zip(&payments)
            .all(|(decision, payment)| decision["payment"] == payment["id"])
    );
    let automatic = decisions.iter().filter(|one| one["decision"] == "auto").count();
    assert_eq!(automatic, invoices.len());
}

fn numbered_invoice(at: u32) -> Value {
    let amount = format!("{}.00", 1000 + at);
    json!({
        "id": format!("i{at}"), "number": format!("{}", 100_000 + at), "date": "2025-01-15", "amount": amount,
        "open": amount, "currency": "RUB", "customer": { "name": "ООО", "inn": customer_inn(at / 5), "accounts": [] },
    })
}

fn customer_inn(at: u32) -> String {
    format!("77{at:08}")
}

/// The first five thousand each pay an invoice; the rest come from payers nobody knows.
fn numbered_payment(at: u32) -> Value {
    let (number, inn) = if at < 5000 {
        (100_000 + at, at / 5)
    } else {
        (900_000 + at, 900_000 + at)
    };
    json!({
        "id": format!("p{at}"), "date": "2025-02-01", "amount": format!("{}.00", 1000 + at), "currency": "RUB",
        "payer": { "inn": customer_inn(inn) }, "purpose": format!("Оплата по счету № {number}"),
    })
}
