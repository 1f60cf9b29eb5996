//! Facts, refusals, habits and earned autonomy, as the engine goes by them.

use std::collections::BTreeMap;

use domain::Invoice;
use matching::{
    AgainstKind, Autonomy, Caps, Decided, Engine, EvidenceKind, PayerKey, Payment, Policy, Rejected, Verdict,
    autonomy::{CONFIRMATIONS_TO_EARN, Record},
    learned::{
        CONFIRMATIONS_FOR_A_FACT, CUSTOMERS_OF_A_PAYER_MAX, Counted, Fact, FactState, Habit, in_force, observed, states,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::cases::{INN, invoice, payment};

const OTHER_INN: &str = "7728168971";
const ACCOUNT: &str = "40702810900000000001";

fn payer() -> PayerKey {
    PayerKey::new(Some(INN), None).unwrap()
}

fn decide(policy: Policy, invoices: &[Value], sent: &Value) -> Decided {
    Engine::new(invoices.iter().map(invoice).collect(), policy).decide(&payment("p", sent))
}

fn earned(class: &str, confirmed: u32) -> Policy {
    let record = Record {
        decisions: confirmed,
        undone: 0,
        confirmed: BTreeMap::from([(class.to_owned(), confirmed)]),
    };
    Policy {
        autonomy: Autonomy::of([(payer(), record)]),
        ..Policy::default()
    }
}

#[test]
fn an_earned_class_is_decided_and_says_so() {
    let invoices = [
        json!({"id": "a", "number": "145"}),
        json!({"id": "b", "number": "9", "open": "7.00"}),
    ];
    // Of the payer's invoices one has this very sum, and the number is called nothing.
    let mentioned = json!({"purpose": "145 за материалы"});
    let class = "number_mentioned_payer_sum";
    let asked = decide(Policy::default(), &invoices, &mentioned);
    assert_eq!((asked.verdict, asked.class), (Verdict::Review, Some(class)));
    let nearly = decide(earned(class, CONFIRMATIONS_TO_EARN - 1), &invoices, &mentioned);
    assert_eq!(nearly.verdict, Verdict::Review);
    let decided = decide(earned(class, CONFIRMATIONS_TO_EARN), &invoices, &mentioned);
    assert_eq!(decided.verdict, Verdict::Auto);
    assert!(decided.evidence.iter().any(|one| one.kind == EvidenceKind::Earned));
    let of_another = decide(earned("payer_sum", CONFIRMATIONS_TO_EARN), &invoices, &mentioned);
    assert_eq!(of_another.verdict, Verdict::Review, "another class is not this one");
}

#[test]
fn an_earned_class_is_still_asked_where_anything_else_speaks_against_it() {
    let policy = || earned("payer_sum", CONFIRMATIONS_TO_EARN);
    let sent = json!({"purpose": "за материалы"});
    let one = json!({"id": "a", "number": "145"});
    let tied = [one.clone(), json!({"id": "b", "number": "146"})];
    assert_eq!(decide(policy(), &tied, &sent).verdict, Verdict::Review, "a tie");
    let capped = Policy {
        caps: Caps {
            automatic_sum: Some(domain::Money::parse("14999.99", domain::Currency::RUB).unwrap()),
        },
        ..policy()
    };
    let decided = decide(capped, std::slice::from_ref(&one), &sent);
    assert_eq!(decided.verdict, Verdict::Review);
    assert!(decided.against.iter().any(|reason| reason.kind == AgainstKind::OverCap));
    let undone = json!({"purpose": "за материалы", "hold": "undone"});
    assert_eq!(
        decide(policy(), std::slice::from_ref(&one), &undone).verdict,
        Verdict::Review
    );
    let later = [json!({"id": "a", "number": "145", "date": "2025-03-15"})];
    assert_eq!(
        decide(policy(), &later, &sent).verdict,
        Verdict::Review,
        "dated after the payment"
    );
    let paid = [json!({"id": "a", "number": "145", "status": "paid"})];
    assert_ne!(decide(policy(), &paid, &sent).verdict, Verdict::Auto);
}

#[test]
fn a_refused_pair_is_not_offered() {
    let invoices = [
        json!({"id": "a", "number": "145"}),
        json!({"id": "b", "number": "146"}),
        json!({"id": "c", "number": "145", "inn": OTHER_INN, "customer": "Лютик"}),
    ];
    let sent = json!({"purpose": "по счету № 145"});
    let offered = |rejected: Rejected, sent: &Value| -> Vec<String> {
        let policy = Policy {
            rejected: vec![rejected],
            ..Policy::default()
        };
        let decided = decide(policy, &invoices, sent);
        let ids = decided.candidates.iter().flat_map(|one| &one.allocations);
        ids.map(|one| one.invoice.to_string()).collect()
    };
    let all = offered(Rejected::default(), &sent);
    assert!(
        ["a", "b", "c"].iter().all(|id| all.iter().any(|one| one == id)),
        "{all:?}"
    );
    let of_payment = Rejected {
        payment: Some("p".to_owned()),
        invoice: Some("a".into()),
        ..Rejected::default()
    };
    assert!(!offered(of_payment.clone(), &sent).contains(&"a".to_owned()));
    let of_another = Rejected {
        payment: Some("q".to_owned()),
        ..of_payment
    };
    assert_eq!(offered(of_another, &sent), all);
    let of_customer = Rejected {
        payer_inn: Some(INN.to_owned()),
        customer_inn: Some(OTHER_INN.to_owned()),
        ..Rejected::default()
    };
    assert!(!offered(of_customer.clone(), &sent).contains(&"c".to_owned()));
    let of_stranger = json!({"purpose": "по счету № 145", "inn": "7736050003"});
    assert!(offered(of_customer, &of_stranger).contains(&"c".to_owned()));
}

#[test]
fn a_refused_invoice_is_in_no_list_and_in_no_set() {
    let invoices = [
        json!({"id": "a", "number": "145", "open": "7000.10"}),
        json!({"id": "b", "number": "146", "open": "8000.20"}),
        json!({"id": "c", "number": "147", "open": "99.00"}),
    ];
    let refused = || Policy {
        rejected: vec![Rejected {
            payment: Some("p".to_owned()),
            invoice: Some("b".into()),
            ..Rejected::default()
        }],
        ..Policy::default()
    };
    for purpose in ["по счетам № 145, 146", "за материалы"] {
        let sent = json!({"purpose": purpose, "amount": "15000.30"});
        let ids = |policy| -> Vec<String> {
            let decided = decide(policy, &invoices, &sent);
            let given = decided.candidates.iter().flat_map(|one| &one.allocations);
            given.map(|one| one.invoice.to_string()).collect()
        };
        assert!(ids(Policy::default()).contains(&"b".to_owned()), "{purpose}");
        assert!(!ids(refused()).contains(&"b".to_owned()), "{purpose}");
    }
}

#[test]
fn what_is_left_after_a_refusal_is_not_certain_by_that() {
    let invoices = [
        json!({"id": "a", "number": "145"}),
        json!({"id": "b", "number": "145", "date": "2024-03-12"}),
    ];
    let policy = Policy {
        rejected: vec![Rejected {
            payment: Some("p".to_owned()),
            invoice: Some("a".into()),
            ..Rejected::default()
        }],
        ..Policy::default()
    };
    let decided = decide(policy, &invoices, &json!({"purpose": "по счету № 145"}));
    assert_eq!(decided.verdict, Verdict::Review);
    assert!(
        decided
            .against
            .iter()
            .any(|reason| reason.kind == AgainstKind::RejectedBefore)
    );
}

#[test]
fn a_habit_explains_a_candidate() {
    let habits = matching::learned::Habits::of([(payer(), Habit::NoNumbers), (payer(), Habit::RoundSums)]);
    let policy = || Policy {
        habits: habits.clone(),
        ..Policy::default()
    };
    let invoices = [json!({"id": "a", "number": "145", "open": "14999.60"})];
    let kinds = |sent: Value| -> Vec<EvidenceKind> {
        decide(policy(), &invoices, &sent)
            .evidence
            .iter()
            .map(|one| one.kind)
            .collect()
    };
    let silent = kinds(json!({"purpose": "за материалы"}));
    assert!(silent.contains(&EvidenceKind::PayerNamesNoNumbers) && silent.contains(&EvidenceKind::PayerRoundsSums));
    let named = kinds(json!({"purpose": "по счету № 145", "amount": "14998.60"}));
    assert!(!named.contains(&EvidenceKind::PayerNamesNoNumbers) && !named.contains(&EvidenceKind::PayerRoundsSums));
}

fn facts(sent: &Value, invoices: &[Value]) -> Vec<(String, bool)> {
    let invoices: Vec<Invoice> = invoices.iter().map(invoice).collect();
    let seen = observed(&payment("p", sent), &invoices);
    seen.into_iter().map(|one| (one.fact.to_string(), one.holds)).collect()
}

#[test]
fn a_decision_teaches_who_pays_for_whom_and_how() {
    let own = json!({"id": "a", "number": "145"});
    let seen = facts(
        &json!({"purpose": "по счету № 145", "account": ACCOUNT}),
        std::slice::from_ref(&own),
    );
    let habit = |name: &str, holds: bool| (format!("habit:inn:{INN}:{name}"), holds);
    assert_eq!(
        seen,
        [
            (format!("pays-for:account:{ACCOUNT}:{INN}"), true),
            habit("several_invoices", false),
            habit("no_numbers", false),
            habit("round_sums", false),
        ]
    );
    let others = [
        json!({"id": "b", "number": "7", "inn": OTHER_INN, "open": "7000.40"}),
        json!({"id": "c", "number": "8", "inn": OTHER_INN, "open": "8000.00"}),
    ];
    let seen = facts(&json!({"purpose": "за Лютик", "account": ACCOUNT}), &others);
    assert_eq!(
        seen,
        [
            (format!("pays-for:inn:{INN}:{OTHER_INN}"), true),
            habit("several_invoices", true),
            habit("no_numbers", true),
            habit("round_sums", true),
        ]
    );
    let through_a_bank = json!({"purpose": "x", "inn": null, "account": "30232810900000000001"});
    assert!(facts(&through_a_bank, std::slice::from_ref(&own)).is_empty());
    assert!(
        facts(&json!({"purpose": "x"}), &[]).is_empty(),
        "an advance says nothing of invoices"
    );
}

fn counted(fact: &str, count: u32, exceptions: u32) -> Counted {
    Counted {
        fact: Fact::parse(fact).unwrap(),
        count,
        exceptions,
    }
}

#[test]
fn a_fact_counts_from_the_third_time_on() {
    let fact = format!("pays-for:inn:{INN}:{OTHER_INN}");
    let state = |count| states(&[counted(&fact, count, 0)])[0];
    assert_eq!(state(CONFIRMATIONS_FOR_A_FACT - 1), FactState::TooFew);
    assert_eq!(state(CONFIRMATIONS_FOR_A_FACT), FactState::InForce);
    let never = format!("habit:inn:{INN}:no_numbers");
    assert_eq!(states(&[counted(&never, 50, 1)]), [FactState::Exceptions]);
    let sometimes = format!("habit:inn:{INN}:several_invoices");
    assert_eq!(states(&[counted(&sometimes, 50, 1)]), [FactState::InForce]);
}

#[test]
fn who_pays_for_many_is_known_for_none() {
    let pays =
        |account: &str, customer: usize| counted(&format!("pays-for:{account}:{}", 7_700_000_000 + customer), 9, 0);
    let of_inn: Vec<Counted> = (0..CUSTOMERS_OF_A_PAYER_MAX)
        .map(|at| pays(&format!("inn:{INN}"), at))
        .collect();
    assert_eq!(in_force(&of_inn).0.len(), CUSTOMERS_OF_A_PAYER_MAX);
    let one_more: Vec<Counted> = (0..=CUSTOMERS_OF_A_PAYER_MAX)
        .map(|at| pays(&format!("inn:{INN}"), at))
        .collect();
    assert!(in_force(&one_more).0.is_empty());
    let account = format!("account:{ACCOUNT}");
    assert_eq!(in_force(&[pays(&account, 1)]).0.len(), 1);
    assert!(in_force(&[pays(&account, 1), pays(&account, 2)]).0.is_empty());
}

#[test]
fn a_fact_in_force_makes_the_payer_sure() {
    let (facts, _) = in_force(&[counted(
        &format!("pays-for:inn:{OTHER_INN}:{INN}"),
        CONFIRMATIONS_FOR_A_FACT,
        0,
    )]);
    let policy = Policy {
        facts,
        ..Policy::default()
    };
    let invoices = [json!({"id": "a", "number": "145"})];
    let sent = json!({"purpose": "по счету № 145", "inn": OTHER_INN, "payer": "Лютик"});
    assert_eq!(decide(policy, &invoices, &sent).verdict, Verdict::Auto);
    assert_eq!(decide(Policy::default(), &invoices, &sent).verdict, Verdict::Review);
}

proptest! {
    #[test]
    fn the_text_of_a_fact_reads_as_the_fact(inn in "[1-9][0-9]{9}", customer in "[1-9][0-9]{9}", at in 0usize..3) {
        for fact in [
            format!("pays-for:inn:{inn}:{customer}"),
            format!("habit:inn:{inn}:{}", Habit::ALL[at].code()),
        ] {
            prop_assert_eq!(Fact::parse(&fact).unwrap().to_string(), fact);
        }
    }

    #[test]
    fn no_text_of_a_fact_panics(text in "\\PC{0,40}") {
        let _ = Fact::parse(&text);
    }
}

#[test]
fn the_documentation_has_the_numbers_and_classes_of_today() {
    let page = include_str!("../../../../../docs/learning.md");
    for said in [
        format!("**{CONFIRMATIONS_TO_EARN}** раз подряд"),
        format!("**{CONFIRMATIONS_TO_EARN}** first suggestions"),
        format!(
            "подтверждено {CONFIRMATIONS_FOR_A_FACT} раза; плательщик платит не больше чем за {CUSTOMERS_OF_A_PAYER_MAX} покупателей"
        ),
        format!(
            "confirmed {CONFIRMATIONS_FOR_A_FACT} times; the payer pays for at most {CUSTOMERS_OF_A_PAYER_MAX} customers"
        ),
        format!("до {} знаков", matching::rules::PATTERN_CHARS_MAX),
    ] {
        assert!(page.contains(&said), "{said}");
    }
    let classes = matching::autonomy::earnable();
    let kinds = matching::rules::CATEGORIES.iter().map(|kind| kind.code());
    let habits = Habit::ALL.into_iter().map(Habit::code);
    for word in classes.chain(kinds).chain(habits) {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
    let rules: Vec<Value> = page
        .split("```json")
        .skip(1)
        .map(|rest| serde_json::from_str(rest.split("```").next().unwrap()).unwrap())
        .collect();
    let rules = serde_json::from_value(rules[0]["rules"].clone()).unwrap();
    matching::Rules::compile(rules).unwrap();
}

#[test]
fn payments_of_anybody_are_observed_without_a_panic() {
    let nobody = Payment {
        payer: domain::Counterparty::default(),
        ..payment("p", &json!({"purpose": ""}))
    };
    assert!(observed(&nobody, &[invoice(&json!({"id": "a", "number": "1"}))]).is_empty());
}
