//! The firms are what they are said to be.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use benchmark::{
    class::CLASSES,
    firm::Firm,
    seeds,
    shape::{InvoiceLine, Status, minor},
    truth::{Autonomy, Proof},
};
use chrono::Datelike;

const FIRMS: u32 = 3;

static MADE: LazyLock<Vec<Firm>> = LazyLock::new(|| {
    (0..FIRMS)
        .map(|number| Firm::new(seeds::DEVELOPING[2], number))
        .collect()
});

fn invoices(firm: &Firm) -> HashMap<&str, &InvoiceLine> {
    firm.invoices
        .iter()
        .map(|invoice| (invoice.id.as_str(), invoice))
        .collect()
}

#[test]
fn every_class_comes_and_hardly_a_payment_is_lost() {
    assert!(CLASSES.len() >= 25);
    let names: HashSet<&str> = CLASSES.iter().map(|class| class.name).collect();
    assert_eq!(names.len(), CLASSES.len());
    let come: HashSet<&str> = MADE
        .iter()
        .flat_map(|firm| &firm.truths)
        .map(|truth| truth.class.as_str())
        .collect();
    assert_eq!(come, names);
    for firm in MADE.iter() {
        assert!(firm.useless.len() * 50 < firm.payments.len(), "{:?}", firm.useless);
    }
}

#[test]
fn the_held_out_seeds_have_enough_payments() {
    let least = MADE.iter().map(|firm| firm.payments.len()).min().unwrap();
    let firms = seeds::FIRMS as usize * seeds::HELD_OUT.len();
    assert!(least * firms > seeds::PAYMENTS_MIN, "{least} a firm");
}

#[test]
fn payments_come_in_the_order_of_days_and_each_has_its_truth() {
    for firm in MADE.iter() {
        assert!(firm.payments.is_sorted_by_key(|payment| payment.date));
        let ids = |at: usize| (firm.payments[at].id.as_str(), firm.truths[at].payment.as_str());
        assert_eq!(firm.payments.len(), firm.truths.len());
        assert!(
            (0..firm.payments.len())
                .map(ids)
                .all(|(payment, truth)| payment == truth)
        );
    }
}

#[test]
fn solutions_take_no_more_than_is_open_and_no_more_than_is_paid() {
    for firm in MADE.iter() {
        let invoices = invoices(firm);
        let mut open: HashMap<&str, i64> = invoices
            .iter()
            .map(|(id, line)| (*id, minor(&line.open).unwrap()))
            .collect();
        for (payment, truth) in firm.payments.iter().zip(&firm.truths) {
            let paid = minor(&payment.amount).unwrap();
            for way in &truth.solutions {
                let taken: i64 = way.iter().map(|line| minor(&line.amount).unwrap()).sum();
                assert!(taken <= paid, "{payment:?} {truth:?}");
                for line in way {
                    let invoice = invoices[line.invoice.as_str()];
                    assert!(
                        minor(&line.amount).unwrap() <= open[line.invoice.as_str()],
                        "{payment:?} {truth:?}"
                    );
                    assert_eq!((invoice.status, &invoice.currency), (Status::Open, &payment.currency));
                    assert!(invoice.date <= payment.date || truth.autonomy == Autonomy::Forbidden);
                }
                if truth.autonomy == Autonomy::Decidable {
                    assert_eq!(taken, paid, "{payment:?} {truth:?}");
                    for line in way {
                        *open.get_mut(line.invoice.as_str()).unwrap() -= minor(&line.amount).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn a_class_is_what_its_truth_says() {
    for truth in MADE.iter().flat_map(|firm| &firm.truths) {
        let class = CLASSES.iter().find(|class| class.name == truth.class).unwrap();
        assert_eq!(class.autonomy, truth.autonomy, "{truth:?}");
        match truth.autonomy {
            Autonomy::Decidable | Autonomy::Open => assert_eq!(truth.solutions.len(), 1, "{truth:?}"),
            Autonomy::Forbidden => assert!(truth.solutions.len() <= 3, "{truth:?}"),
        }
        assert!(truth.reasons.is_empty() || truth.solutions.is_empty(), "{truth:?}");
        assert_eq!(
            !truth.reasons.is_empty(),
            class.severity == benchmark::class::severity::NO_CUSTOMER && truth.solutions.is_empty()
        );
    }
}

#[test]
fn the_proof_stands_where_it_is_said_to_stand() {
    let mut seen = HashSet::new();
    for firm in MADE.iter() {
        let invoices = invoices(firm);
        for (payment, truth) in firm.payments.iter().zip(&firm.truths) {
            let letters: Vec<char> = payment.purpose.chars().collect();
            for place in &truth.places {
                assert!(place.outer_start <= place.start && place.end <= place.outer_end && place.end <= letters.len());
                let text: String = letters[place.start..place.end].iter().collect();
                let invoice = place.invoice.as_ref().map(|id| invoices[id.as_str()]);
                seen.insert(place.what);
                match place.what {
                    Proof::Number => assert!(text.chars().any(char::is_numeric), "{text} {payment:?}"),
                    Proof::Date => {
                        let day = invoice.unwrap().date;
                        assert!(text.contains(&day.day().to_string()), "{text} {day}");
                        assert!(text.contains(&(day.year() % 100).to_string()), "{text} {day}");
                    }
                    Proof::Inn => assert!(
                        firm.invoices
                            .iter()
                            .any(|invoice| invoice.customer.inn.as_ref() == Some(&text))
                    ),
                }
            }
        }
    }
    assert_eq!(seen.len(), 3);
}

#[test]
fn numbers_are_unique_in_a_company_and_a_year_and_come_again() {
    for firm in MADE.iter() {
        let mut taken = HashSet::new();
        for invoice in &firm.invoices {
            assert!(
                taken.insert((&invoice.company, invoice.date.year(), &invoice.number)),
                "{invoice:?}"
            );
        }
        let years: HashSet<i32> = firm.invoices.iter().map(|invoice| invoice.date.year()).collect();
        assert!(years.len() >= 3, "{years:?}");
    }
    let clashes = |firm: &Firm| {
        let numbers: HashSet<&str> = firm.invoices.iter().map(|invoice| invoice.number.as_str()).collect();
        firm.invoices.len() - numbers.len()
    };
    assert!(MADE.iter().any(|firm| clashes(firm) > 0));
}
