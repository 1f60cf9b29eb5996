//! A month of faults in a moment: the machine between a crashing program and a CRM that fails in every way it may.
//! One seed is one history; a failure prints the seed, and `OUTBOX_SEED=<seed>` replays only that one.

mod crm;
mod program;
mod tally;
mod world;

use tally::Tally;
use world::{Plan, World};

/// Each seed is a short history of its own.
const SEEDS: u64 = 2_000;

fn live_through(seed: u64) -> Result<Tally, String> {
    let mut world = World::new(seed, &Plan::of(seed));
    world.live_with_faults()?;
    world.calm_down()?;
    world.verify()
}

#[test]
fn keeps_every_promise_through_every_fault() {
    let seeds = match std::env::var("OUTBOX_SEED") {
        Ok(seed) => {
            let seed = seed.parse().unwrap();
            seed..=seed
        }
        Err(_) => 1..=SEEDS,
    };
    let whole = seeds.end() - seeds.start() + 1 == SEEDS;
    let mut seen = Tally::default();
    for seed in seeds {
        match live_through(seed) {
            Ok(tally) => seen.add(&tally),
            Err(broken) => panic!("seed {seed}: {broken} (replay with OUTBOX_SEED={seed})"),
        }
    }
    // A simulation in which nothing went wrong proves nothing.
    if whole {
        for (what, count) in seen.all() {
            assert!(count >= SEEDS / 10, "{what} happened only {count} times: {seen:?}");
        }
    }
}

/// The same seed tells the same story, or a seed in a report would be worth nothing.
#[test]
fn a_seed_is_a_history() {
    for seed in [1, 77, 1999] {
        assert_eq!(live_through(seed), live_through(seed));
    }
}
