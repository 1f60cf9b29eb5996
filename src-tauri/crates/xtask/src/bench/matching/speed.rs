//! Time and memory of `sverka match` on 100 000 payments, as a ratio to a program that only reads both files and
//! writes as many answers; and one payment alone against 100 000 invoices.

use std::{fmt, time::Duration};

use anyhow::Result;

use super::programs::Programs;
use crate::{
    bench::{
        measure::{Used, hundredths, milliseconds, ratio, run},
        verdict,
    },
    program::cargo,
};

const PAYMENTS: u32 = 100_000;
const RUNS: u32 = 5;
/// Hundredths.
const BAR: u128 = 300;
const PEAK_BYTES: u64 = 600_000_000;

/// `true`: every bar is reached.
pub fn measured(programs: &Programs) -> Result<bool> {
    let firm = programs.firm(PAYMENTS)?;
    programs.checked(&firm)?;
    println!("\n{PAYMENTS} payments against as many open invoices, best of {RUNS}; the bar is a ratio");
    let (mut ours, mut least) = (Vec::new(), Vec::new());
    // In turns: what else the machine does then falls on both.
    for _ in 0..RUNS {
        least.push(run(&mut programs.least(&firm))?);
        ours.push(run(&mut programs.matched(&firm))?);
    }
    let clock = Measured::of(&ours, &least, |used| used.elapsed);
    let processors = Measured::of(&ours, &least, |used| used.user + used.system);
    let user = Measured::of(&ours, &least, |used| used.user);
    println!(
        "by the clock             {clock}, bar {}  {}",
        hundredths(BAR),
        verdict(clock.reached())
    );
    println!(
        "time of all processors   {processors}, bar {}  {}",
        hundredths(BAR),
        verdict(processors.reached())
    );
    println!("of that, outside the system  {user}");
    let peak = ours.iter().map(|used| used.peak).max().unwrap_or_default();
    let small = peak < PEAK_BYTES;
    println!(
        "peak memory {} MB, bar {} MB  {}",
        peak.div_ceil(1_000_000),
        PEAK_BYTES / 1_000_000,
        verdict(small)
    );
    let single = cargo(&["bench", "--locked", "-p", "benchmark", "--bench", "single"])
        .status()?
        .success();
    Ok(clock.reached() && processors.reached() && small && single)
}

/// The best run of ours and of the program that does the least.
struct Measured {
    ours: Duration,
    least: Duration,
}

impl Measured {
    fn of(ours: &[Used], least: &[Used], time: impl Fn(&Used) -> Duration) -> Self {
        let best = |runs: &[Used]| runs.iter().map(&time).min().unwrap_or_default();
        Self {
            ours: best(ours),
            least: best(least),
        }
    }

    fn times(&self) -> u128 {
        ratio(self.ours, self.least)
    }

    fn reached(&self) -> bool {
        self.times() <= BAR
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "match {} ms, read and write alone {} ms: {} times",
            milliseconds(self.ours),
            milliseconds(self.least),
            hundredths(self.times())
        )
    }
}
