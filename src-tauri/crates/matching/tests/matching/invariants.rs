//! What must hold whatever else is in the ledger, in whatever order it comes.

use chrono::Days;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceStatus, Money};
use matching::{Decided, Engine, Payment, Policy, Verdict};
use proptest::{prelude::*, sample::select};

use crate::properties::{day, invoices, payments, roubles};

fn engine(invoices: &[Invoice]) -> Engine {
    Engine::new(invoices.to_vec(), Policy::default())
}

/// By payment, as the order of the answers is that of the payments.
fn sorted(mut answers: Vec<Decided>) -> Vec<Decided> {
    answers.sort_by(|one, other| one.payment.cmp(&other.payment));
    answers
}

/// Of a customer who has to do with none of the others.
fn unrelated() -> impl Strategy<Value = Invoice> {
    let numbers = select(vec!["145", "СЧ-145", "146", "154", "7"]);
    let sums = select(vec![1_500_000_i64, 2_000_000, 750_000, 123_457]);
    (numbers, sums, 1..40_u32).prop_map(|(number, kopecks, ordinal)| Invoice {
        id: "unrelated".into(),
        number: number.to_owned(),
        date: day(ordinal),
        amount: roubles(kopecks),
        open: roubles(kopecks),
        customer: Customer {
            name: "ООО «Посторонний»".to_owned(),
            inn: Some("7744444444".to_owned()),
            kpp: None,
            accounts: Vec::new(),
        },
        status: InvoiceStatus::Open,
        due: None,
        contract: None,
        company: None,
        deal: None,
    })
}

/// Anything that fits into the fields.
fn wild_payment() -> impl Strategy<Value = Payment> {
    let payer = (
        any::<Option<String>>(),
        any::<Option<String>>(),
        any::<Option<String>>(),
    );
    (
        any::<String>(),
        payer,
        0..=i64::MAX,
        "\\PC{0,60}",
        select(vec![None, Some(Direction::Credit), Some(Direction::Debit)]),
        any::<bool>(),
        any::<Option<String>>(),
    )
        .prop_map(
            |(id, (name, inn, account), minor, purpose, direction, reversal, other)| Payment {
                id,
                date: day(30),
                amount: roubles(minor),
                payer: Counterparty {
                    name,
                    inn: inn.map(Into::into),
                    account: account.map(Into::into),
                    ..Counterparty::default()
                },
                purpose,
                direction,
                kind: other.clone().map(Into::into),
                number: other.clone().map(Into::into),
                own_account: other,
                reversal,
                hold: None,
            },
        )
}

fn wild_invoice() -> impl Strategy<Value = Invoice> {
    let customer = (any::<String>(), any::<Option<String>>(), any::<Option<String>>());
    (
        any::<String>(),
        any::<String>(),
        customer,
        any::<i64>(),
        any::<i64>(),
        any::<Option<String>>(),
    )
        .prop_map(|(id, number, (name, inn, account), amount, open, contract)| Invoice {
            id: id.as_str().into(),
            number,
            date: day(10),
            amount: roubles(amount),
            open: Money::from_minor(
                open,
                if open % 7 == 0 {
                    Currency::parse("USD").unwrap()
                } else {
                    Currency::RUB
                },
            ),
            customer: Customer {
                name,
                inn,
                kpp: None,
                accounts: account.into_iter().collect(),
            },
            status: InvoiceStatus::Open,
            due: None,
            contract,
            company: None,
            deal: None,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_a_days_payments_changes_nothing(
        invoices in invoices(),
        payments in payments(),
        turn in 0..6_usize,
    ) {
        let mut turned = payments.clone();
        turned.rotate_left(turn % payments.len());
        turned.reverse();
        let one = engine(&invoices).decide_day(&payments);
        let ids: Vec<&str> = one.iter().map(|decided| decided.payment.as_str()).collect();
        let given: Vec<&str> = payments.iter().map(|payment| payment.id.as_str()).collect();
        prop_assert_eq!(ids, given, "answers come in the order of the payments");
        prop_assert_eq!(sorted(one), sorted(engine(&invoices).decide_day(&turned)));
    }

    /// It may make a decision a question, and never another decision.
    #[test]
    fn an_unrelated_invoice_makes_no_decision_wrong(
        invoices in invoices(),
        payments in payments(),
        unrelated in unrelated(),
    ) {
        let mut more = invoices.clone();
        more.push(unrelated);
        for sent in &payments {
            let alone = engine(&invoices).decide(sent);
            let beside = engine(&more).decide(sent);
            if alone.verdict == Verdict::Auto && beside.verdict == Verdict::Auto {
                prop_assert_eq!(&alone.allocations, &beside.allocations);
            }
            if alone.verdict != Verdict::Auto {
                prop_assert_ne!(beside.verdict, Verdict::Auto, "what was not certain is not certain by another's invoice");
            }
        }
    }

    #[test]
    fn after_a_review_a_duplicate_is_not_posted(invoices in invoices(), payments in payments(), later in 0..30_u64) {
        let mut engine = engine(&invoices);
        for sent in &payments {
            let first = engine.decide(sent);
            let mut again = sent.clone();
            again.id = format!("{}-again", sent.id);
            again.date = sent.date + Days::new(later);
            let second = engine.decide(&again);
            if first.verdict == Verdict::Review {
                prop_assert_ne!(second.verdict, Verdict::Auto, "{:?}\n{:?}", first, second);
            }
        }
    }

    #[test]
    fn nothing_posted_in_a_run_exceeds_a_payment_or_what_was_open(invoices in invoices(), payments in payments()) {
        let mut open: std::collections::HashMap<String, i64> =
            invoices.iter().map(|one| (one.id.to_string(), one.open.minor())).collect();
        for (decided, sent) in engine(&invoices).decide_day(&payments).iter().zip(&payments) {
            let mut left = sent.amount.minor();
            for allocation in &decided.allocations {
                left -= allocation.amount.minor();
                *open.get_mut(allocation.invoice.as_str()).unwrap() -= allocation.amount.minor();
            }
            prop_assert!(left >= 0);
        }
        prop_assert!(open.values().all(|left| *left >= 0), "{open:?}");
    }

    #[test]
    fn no_input_is_too_strange(
        invoices in proptest::collection::vec(wild_invoice(), 0..6),
        mut payments in proptest::collection::vec(wild_payment(), 0..6),
    ) {
        // Some of it has to meet.
        if let (Some(payment), Some(invoice)) = (payments.first_mut(), invoices.first()) {
            payment.payer.inn = invoice.customer.inn.as_deref().map(Into::into);
            payment.purpose = format!("Оплата по счету № {} 50%", invoice.number);
        }
        let mut engine = engine(&invoices);
        prop_assert_eq!(engine.decide_day(&payments).len(), payments.len());
        for payment in &payments {
            prop_assert_eq!(&engine.look(payment), &engine.decide(payment));
        }
    }
}
