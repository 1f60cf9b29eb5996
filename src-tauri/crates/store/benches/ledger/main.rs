//! What the ledger takes for an accountant's day: an import, a list, a search, a decision. `cargo bench -p store`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

mod given;

use std::{collections::HashMap, time::Duration};

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use given::{AT, a_ledger, credits, entries, import, invoice_of, propose, ruling};
use store::{InboxQuery, InboxState};

const IMPORTED: u32 = 10_000;
/// What a firm with ten thousand entries a year has after five.
const KEPT: u32 = 50_000;
const UNDECIDED: u32 = 20_000;

fn importing(criterion: &mut Criterion) {
    let file = entries(1, IMPORTED);
    let mut group = criterion.benchmark_group("importing 10000 entries");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_secs(1));
    group.throughput(Throughput::Elements(u64::from(IMPORTED)));
    group.bench_function("into an empty ledger", |bencher| {
        bencher.iter_batched_ref(
            a_ledger,
            |given| assert_eq!(import(&given.ledger, &file).entries_new, u64::from(IMPORTED)),
            BatchSize::PerIteration,
        );
    });
    let given = a_ledger();
    import(&given.ledger, &file);
    group.bench_function("all of them known", |bencher| {
        bencher.iter(|| assert_eq!(import(&given.ledger, &file).entries_known, u64::from(IMPORTED)));
    });
    group.finish();
}

fn five_years(criterion: &mut Criterion) {
    let given = a_ledger();
    let ledger = &given.ledger;
    for first in (1..KEPT).step_by(IMPORTED as usize) {
        import(ledger, &entries(first, IMPORTED));
    }
    propose(ledger);

    let mut group = criterion.benchmark_group("a page of 100 out of 50000 entries");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    let look = |query: &InboxQuery| {
        let page = ledger.inbox(query).unwrap();
        assert!(!page.rows.is_empty());
        page
    };
    let first = InboxQuery::default();
    let to_review = InboxQuery {
        state: Some(InboxState::Review),
        ..InboxQuery::default()
    };
    let deep = InboxQuery {
        offset: 30_000,
        ..InboxQuery::default()
    };
    let looking_for = |words: &str| InboxQuery {
        search: words.to_owned(),
        ..InboxQuery::default()
    };
    let cases = [
        ("the first", first),
        ("the first of one state", to_review),
        ("after thirty thousand", deep),
        ("searched by a payer's INN", looking_for("7800000123")),
        ("searched by two beginnings of words", looking_for("сч-12 рома")),
        ("searched by a word all have", looking_for("оплата")),
    ];
    for (name, query) in &cases {
        group.bench_function(*name, |bencher| bencher.iter(|| look(query)));
    }
    group.bench_function("how many in each state", |bencher| {
        bencher.iter(|| ledger.inbox_counts().unwrap())
    });
    group.finish();
}

fn deciding(criterion: &mut Criterion) {
    let given = a_ledger();
    let ledger = &given.ledger;
    let file = credits(UNDECIDED);
    import(ledger, &file);
    let mut group = criterion.benchmark_group("deciding among 20000 credits");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.bench_function("all that are undecided", |bencher| {
        bencher.iter(|| assert_eq!(ledger.undecided_credits().unwrap().len(), UNDECIDED as usize));
    });

    let invoices: Vec<_> = file.iter().map(invoice_of).collect();
    ledger.replace_invoices("b24", &invoices, true, AT).unwrap();
    let by_number: HashMap<_, _> = ledger
        .undecided_credits()
        .unwrap()
        .into_iter()
        .map(|credit| (credit.entry.number.clone().unwrap(), credit.id))
        .collect();
    let mut rulings = file
        .iter()
        .zip(&invoices)
        .map(|(entry, invoice)| ruling(&by_number[entry.number.as_deref().unwrap()], invoice));
    // A ruling is used up by being made, so there must not be more runs than rulings.
    group
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1));
    group.bench_function("one decision with its message, made to last", |bencher| {
        bencher.iter_batched(
            || rulings.next().unwrap(),
            |(decision, message, event)| ledger.record_decision(&decision, &[message], &event).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, importing, five_years, deciding);
criterion_main!(benches);
