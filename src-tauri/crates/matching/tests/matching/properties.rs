//! What holds for every payment and every list of invoices.

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceStatus, Money};
use matching::{Engine, Payment, Policy, Verdict, purpose};
use proptest::{prelude::*, sample::select};

const INNS: [&str; 3] = ["7707083893", "7700000002", "7700000003"];

pub fn day(ordinal: u32) -> NaiveDate {
    NaiveDate::from_yo_opt(2025, ordinal).unwrap()
}

pub fn roubles(kopecks: i64) -> Money {
    Money::from_minor(kopecks, Currency::RUB)
}

/// Few numbers, customers and sums, so that they meet.
pub fn invoices() -> impl Strategy<Value = Vec<Invoice>> {
    let one = (
        select(vec!["145", "СЧ-145", "00145", "146", "А-17", "145/25", "1045"]),
        select(INNS.to_vec()),
        select(vec![1_500_000_i64, 2_000_000, 750_000, 123_457, 99]),
        1..40_u32,
        select(vec![
            InvoiceStatus::Open,
            InvoiceStatus::Open,
            InvoiceStatus::Open,
            InvoiceStatus::Paid,
        ]),
    );
    proptest::collection::vec(one, 0..8).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(at, (number, inn, kopecks, ordinal, status))| Invoice {
                id: format!("i{at}").into(),
                number: number.to_owned(),
                date: day(ordinal),
                amount: roubles(kopecks),
                open: roubles(kopecks),
                customer: Customer {
                    name: format!("ООО «Фирма {inn}»"),
                    inn: Some(inn.to_owned()),
                    kpp: None,
                    accounts: Vec::new(),
                },
                status,
                due: None,
                contract: None,
                company: None,
                deal: None,
            })
            .collect()
    })
}

fn purposes() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "Оплата",
        "по",
        "счету",
        "счетам",
        "№",
        "145",
        "146",
        "СЧ-145",
        "A-17",
        "от",
        "12.01.2025",
        ",",
        "и",
        ".",
        "договору",
        "с/ф",
        "НДС",
        "20%",
        "15 000,00",
        "руб",
        "кредит",
        "займ",
        "возврат",
        "за товар",
        "N",
        "1145",
        "ИНН 7707083893",
        "145/25",
        "предоплата 50%",
        "доплата",
        "аванс",
        "145, 146",
        "за ООО «Фирма 7700000002»",
        "1450",
        "154",
    ]);
    proptest::collection::vec(piece, 0..9).prop_map(|pieces| pieces.join(" "))
}

pub fn payments() -> impl Strategy<Value = Vec<Payment>> {
    let one = (
        purposes(),
        proptest::option::of(select(INNS.to_vec())),
        select(vec![1_500_000_i64, 2_000_000, 3_500_000, 750_000, 123_457, 99]),
    );
    proptest::collection::vec(one, 1..6).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(at, (purpose, inn, kopecks))| Payment {
                id: format!("p{at}"),
                date: day(30),
                amount: roubles(kopecks),
                payer: Counterparty {
                    inn: inn.map(Into::into),
                    ..Counterparty::default()
                },
                purpose,
                direction: Some(Direction::Credit),
                kind: None,
                number: None,
                own_account: None,
                reversal: false,
                hold: None,
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_has_a_reading_with_true_places(text in any::<String>()) {
        check_places(&text);
    }

    #[test]
    fn a_likely_text_has_a_reading_with_true_places(text in "[счетСЧN№nодгво0-9./,() -]{0,40}") {
        check_places(&text);
    }

    #[test]
    fn allocations_fit_and_evidence_quotes(invoices in invoices(), payments in payments()) {
        let mut open: std::collections::HashMap<String, i64> =
            invoices.iter().map(|one| (one.id.to_string(), one.open.minor())).collect();
        let mut engine = Engine::new(invoices.clone(), Policy::default());
        for sent in &payments {
            let decided = engine.decide(sent);
            let candidates = decided.candidates.iter().map(|candidate| &candidate.allocations);
            for allocations in candidates.chain([&decided.allocations]) {
                let sum: i64 = allocations.iter().map(|allocation| allocation.amount.minor()).sum();
                prop_assert!(sum <= sent.amount.minor());
                for allocation in allocations {
                    prop_assert!(allocation.amount.is_positive());
                    prop_assert!(allocation.amount.minor() <= open[allocation.invoice.as_str()]);
                }
            }
            let allocated: i64 = decided.allocations.iter().map(|allocation| allocation.amount.minor()).sum();
            prop_assert_eq!(decided.remainder.minor(), sent.amount.minor() - allocated);
            let shown = decided.candidates.iter().flat_map(|candidate| &candidate.evidence);
            for evidence in decided.evidence.iter().chain(shown) {
                if let (Some(text), Some(start), Some(end)) = (&evidence.text, evidence.start, evidence.end) {
                    prop_assert_eq!(&purpose::slice(&sent.purpose, start, end), text);
                }
            }
            match decided.verdict {
                Verdict::Auto => {
                    prop_assert!(decided.remainder.is_zero(), "all of the payment is posted");
                    prop_assert!(decided.against.is_empty() && !decided.allocations.is_empty());
                    for allocation in &decided.allocations {
                        let paid = invoices.iter().find(|one| one.id == allocation.invoice).unwrap();
                        let inn = paid.customer.inn.as_deref().unwrap();
                        let named = sent.purpose.contains(inn);
                        prop_assert!(named || sent.payer.inn.as_deref() == Some(inn), "the payer is the customer");
                        prop_assert_eq!(paid.status, InvoiceStatus::Open);
                        prop_assert!(paid.date <= sent.date);
                        *open.get_mut(allocation.invoice.as_str()).unwrap() -= allocation.amount.minor();
                    }
                }
                Verdict::Review => {
                    prop_assert!(decided.allocations.is_empty() && !decided.candidates.is_empty());
                    prop_assert!(!decided.against.is_empty(), "a person is told why");
                }
                Verdict::None => prop_assert!(decided.candidates.is_empty() && !decided.evidence.is_empty()),
            }
        }
    }

    #[test]
    fn a_twin_makes_a_tie(invoices in invoices(), payments in payments()) {
        for sent in &payments {
            let decided = Engine::new(invoices.clone(), Policy::default()).decide(sent);
            let Some(allocation) = decided.allocations.first() else { continue };
            let mut twin = invoices.iter().find(|one| one.id == allocation.invoice).unwrap().clone();
            twin.id = "twin".into();
            let mut with_twin = invoices.clone();
            with_twin.push(twin);
            let decided = Engine::new(with_twin, Policy::default()).decide(sent);
            prop_assert_eq!(decided.verdict, Verdict::Review);
            prop_assert!(!decided.against.is_empty(), "a person is told why");
        }
    }

    #[test]
    fn shuffled_invoices_change_nothing(invoices in invoices(), payments in payments(), turn in 0..8_usize) {
        let mut turned = invoices.clone();
        turned.rotate_left(turn % invoices.len().max(1));
        turned.reverse();
        let mut one = Engine::new(invoices, Policy::default());
        let mut other = Engine::new(turned, Policy::default());
        for sent in &payments {
            prop_assert_eq!(one.decide(sent), other.decide(sent));
        }
    }
}

fn check_places(text: &str) {
    let length = text.chars().count();
    for finding in purpose::read(text).findings {
        assert!(
            finding.start < finding.end && finding.end <= length,
            "{finding:?} in {text:?}"
        );
        assert!(purpose::slice(text, finding.start, finding.end).ends_with(finding.value.as_str()));
        if let Some((start, end)) = finding.date_span {
            assert!(start < end && end <= length);
        }
    }
}
