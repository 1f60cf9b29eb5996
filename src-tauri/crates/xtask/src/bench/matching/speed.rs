//! User time and memory of `sverka match` on 100 000 payments, as a ratio to a program that only reads both files and
//! writes as many answers; and one payment alone against 100 000 invoices.

use anyhow::Result;

use super::programs::Programs;
use crate::{
    bench::{
        measure::{hundredths, milliseconds, ratio, run},
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
    println!("\nuser time of {PAYMENTS} payments against as many open invoices, best of {RUNS}; the bar is a ratio");
    let (mut ours, mut least) = (Vec::new(), Vec::new());
    // In turns: what else the machine does then falls on both.
    for _ in 0..RUNS {
        least.push(run(&mut programs.least(&firm))?);
        ours.push(run(&mut programs.matched(&firm))?);
    }
    let best = |runs: &[crate::bench::measure::Used]| runs.iter().map(|used| used.user).min().unwrap_or_default();
    let (matched, base) = (best(&ours), best(&least));
    let times = ratio(matched, base);
    let peak = ours.iter().map(|used| used.peak).max().unwrap_or_default();
    let fast = times <= BAR;
    let small = peak < PEAK_BYTES;
    println!(
        "match {} ms, read and write alone {} ms: {} times, bar {}  {}",
        milliseconds(matched),
        milliseconds(base),
        hundredths(times),
        hundredths(BAR),
        verdict(fast)
    );
    println!(
        "peak memory {} MB, bar {} MB  {}",
        peak.div_ceil(1_000_000),
        PEAK_BYTES / 1_000_000,
        verdict(small)
    );
    let single = cargo(&["bench", "--locked", "-p", "benchmark", "--bench", "single"])
        .status()?
        .success();
    Ok(fast && small && single)
}
