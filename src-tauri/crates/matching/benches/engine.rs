//! How fast ten thousand payments find their invoices among five thousand. `cargo bench -p matching`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::time::Duration;

use chrono::NaiveDate;
use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use domain::{Counterparty, Currency, Customer, Direction, Invoice, InvoiceId, InvoiceStatus, Money};
use fastrand::Rng;
use matching::{Engine, Payment, Policy, Verdict};

const INVOICES: u32 = 5_000;
const PAYMENTS: u32 = 10_000;
const SEED: u64 = 1;

/// How the invoices lie. The engine looks through none of these lists whole, and this is where it would show.
struct Firm {
    name: &'static str,
    customers: u32,
    /// Invoices are numbered from 1 to this, and then anew.
    numbers: u32,
}

const FIRMS: [Firm; 3] = [
    Firm {
        name: "five hundred customers",
        customers: 500,
        numbers: INVOICES,
    },
    Firm {
        name: "one customer owes all of them",
        customers: 1,
        numbers: INVOICES,
    },
    Firm {
        name: "a hundred invoices to a number",
        customers: 500,
        numbers: 50,
    },
];

fn day(ordinal: u32) -> NaiveDate {
    NaiveDate::from_yo_opt(2026, ordinal).unwrap()
}

fn roubles(kopecks: i64) -> Money {
    Money::from_minor(kopecks, Currency::RUB)
}

fn inn(customer: u32) -> String {
    format!("78{customer:08}")
}

impl Firm {
    fn invoices(&self, rng: &mut Rng) -> Vec<Invoice> {
        let invoice = |at: u32| {
            let customer = rng.u32(..self.customers);
            let amount = roubles(rng.i64(1..10_000) * 10_000);
            Invoice {
                id: InvoiceId::from(format!("b24:31:{at}")),
                number: format!("СЧ-{}", at % self.numbers + 1),
                date: day(1 + at * 100 / INVOICES),
                amount,
                open: amount,
                customer: Customer {
                    name: format!("ООО «Ромашка {customer}»"),
                    inn: Some(inn(customer)),
                    kpp: None,
                    accounts: vec![format!("407028107023{customer:08}")],
                },
                status: InvoiceStatus::Open,
                due: None,
                contract: None,
                company: None,
                deal: None,
            }
        };
        (0..INVOICES).map(invoice).collect()
    }

    /// Half name their invoice and pay all of it; the rest pay a part, name nothing, come from others or mean nothing here.
    fn payments(&self, invoices: &[Invoice], rng: &mut Rng) -> Vec<Payment> {
        let payment = |at: u32| {
            let meant = &invoices[rng.usize(..invoices.len())];
            let number = &meant.number;
            let date = meant.date.format("%d.%m.%Y");
            let named = format!("Оплата по счету № {number} от {date} за поставку метизов. В т.ч. НДС 22%");
            let (customer, amount, purpose) = match rng.u8(..10) {
                0..5 => (None, meant.amount, named),
                5 => (None, roubles(meant.amount.minor() / 2), named),
                6 => (
                    None,
                    meant.amount,
                    "Оплата за поставку метизов согласно договору".to_owned(),
                ),
                7 => (
                    Some(rng.u32(..self.customers)),
                    meant.amount,
                    format!("За ООО Ромашка, сч {number}"),
                ),
                8 => (None, roubles(12_345), "Предоплата за товар, без НДС".to_owned()),
                _ => (
                    Some(90_000_000),
                    roubles(50_000_000),
                    "Возврат займа по договору 17/3".to_owned(),
                ),
            };
            let known = customer.map(inn);
            Payment {
                id: format!("p{at}"),
                date: day(101 + at * 100 / PAYMENTS),
                amount,
                payer: Counterparty {
                    name: Some(meant.customer.name.clone()),
                    inn: known.or_else(|| meant.customer.inn.clone()).map(Into::into),
                    ..Counterparty::default()
                },
                purpose,
                direction: Some(Direction::Credit),
                kind: None,
                number: Some(at.to_string().into()),
                own_account: Some("40702810500032000017".to_owned()),
                reversal: false,
                hold: None,
            }
        };
        (0..PAYMENTS).map(payment).collect()
    }
}

fn decide_all(mut engine: Engine, payments: &[Payment]) -> usize {
    let mut automatic = |payment| engine.decide(payment).verdict == Verdict::Auto;
    payments.iter().filter(|payment| automatic(payment)).count()
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("matching 10000 payments and 5000 invoices");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(u64::from(PAYMENTS)));
    for firm in &FIRMS {
        let mut rng = Rng::with_seed(SEED);
        let invoices = firm.invoices(&mut rng);
        let payments = firm.payments(&invoices, &mut rng);
        assert!(decide_all(Engine::new(invoices.clone(), Policy::default()), &payments) > 0);
        group.bench_function(firm.name, |bencher| {
            bencher.iter_batched(
                || invoices.clone(),
                |invoices| decide_all(Engine::new(invoices, Policy::default()), &payments),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = matching
}
criterion_main!(benches);
