//! How fast a statement of twenty thousand documents is read. `cargo bench -p formats`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::{hint::black_box, io::Cursor, time::Duration};

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use formats::{Event, Options, TAIL_BYTES, detect, detect::PREFIX_BYTES, ends_complete, open, read_all};

#[path = "generated/statement.rs"]
mod statement;

/// A busy shop's year in one file.
const DOCUMENTS: u32 = 20_000;

fn reading(criterion: &mut Criterion) {
    let file = statement::of(DOCUMENTS);
    let options = Options::default();
    let collected = read_all(Cursor::new(&file), &options).unwrap();
    assert_eq!(collected.statements[0].entries.len(), DOCUMENTS as usize);
    assert_eq!(collected.diagnostics, [], "a sound file is what is measured");

    let mut group = criterion.benchmark_group("reading a 1C statement of 20000 documents");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::ElementsAndBytes {
        elements: u64::from(DOCUMENTS),
        bytes: file.len() as u64,
    });
    group.bench_function("one event after another", |bencher| {
        bencher.iter(|| {
            let reading = open(Cursor::new(&file), &options).unwrap();
            reading.filter(|event| matches!(event, Ok(Event::Entry { .. }))).count()
        });
    });
    group.bench_function("all collected", |bencher| {
        bencher.iter_batched(
            || Cursor::new(&file),
            |source| read_all(source, &options).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();

    let prefix = usize::try_from(PREFIX_BYTES).unwrap().min(file.len());
    let mut group = criterion.benchmark_group("looking at a 1C statement");
    group.sample_size(20);
    group.bench_function("detecting the format", |bencher| {
        bencher.iter(|| detect(black_box(&file[..prefix])));
    });
    let tail = &file[file.len() - TAIL_BYTES..];
    group.bench_function("is its end there", |bencher| {
        bencher.iter(|| ends_complete(black_box(tail)));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = reading
}
criterion_main!(benches);
