//! How much of a day the delivery machine itself takes, over a network with faults. `cargo bench -p outbox`.

#![expect(clippy::unwrap_used, reason = "what a measurement stands on must be there")]

use std::time::Duration;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use domain::{Lane, MessageId, Outcome, Receipt, Text, Timestamp};
use fastrand::Rng;
use outbox::{Item, ItemState, Machine, NextState, Policy};

const MESSAGES: u32 = 10_000;
const SEED: u64 = 1;
const START: Timestamp = Timestamp(1_700_000_000_000);
/// From the request to the answer.
const ANSWER_MS: u64 = 300;

fn stored(lanes: u32) -> Vec<Item> {
    let item = |seq| Item {
        id: MessageId(format!("019ab2c0-0000-7000-8000-{seq:012}")),
        lane: Lane(format!("b24:31:{}", seq % lanes)),
        seq: u64::from(seq),
        attempts: 0,
        state: ItemState::Queued,
        due: None,
    };
    (0..MESSAGES).map(item).collect()
}

fn restored(items: Vec<Item>) -> Machine {
    let mut machine = Machine::new(Policy::default(), SEED);
    for item in items {
        assert_eq!(machine.restore(item, START), None);
    }
    machine
}

/// Nine of ten are delivered at once.
fn outcome(rng: &mut Rng) -> Outcome {
    let detail = Text::same("the CRM is busy");
    match rng.u8(..20) {
        0 => Outcome::Unknown { detail },
        1 => Outcome::Transient {
            detail,
            retry_after_ms: None,
        },
        _ => Outcome::Delivered {
            receipt: Receipt::default(),
        },
    }
}

/// Until nothing is left; how many attempts it took.
fn deliver_all(mut machine: Machine) -> u32 {
    let mut rng = Rng::with_seed(SEED);
    let mut now = START;
    let mut attempts = 0;
    let mut delivered = 0;
    while delivered < MESSAGES {
        let mut sent = Vec::new();
        while let Some(transmit) = machine.poll_transmit(now) {
            sent.push(transmit.id);
        }
        if sent.is_empty() {
            now = machine.poll_timeout().unwrap();
            continue;
        }
        now = now.plus_ms(ANSWER_MS);
        for id in sent {
            attempts += 1;
            let change = machine.handle_outcome(&id, &outcome(&mut rng), now).unwrap();
            delivered += u32::from(change.state == NextState::Delivered);
        }
    }
    assert!(machine.is_empty());
    attempts
}

fn machine(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a machine over 10000 messages");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(u64::from(MESSAGES)));
    for (lanes, name) in [(2_000, "2000 lanes"), (1, "one lane")] {
        let items = stored(lanes);
        group.bench_function(format!("taken back after a start, {name}"), |bencher| {
            bencher.iter_batched(|| items.clone(), restored, BatchSize::PerIteration);
        });
        group.bench_function(format!("delivered, {name}"), |bencher| {
            bencher.iter_batched(|| restored(items.clone()), deliver_all, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = machine
}
criterion_main!(benches);
