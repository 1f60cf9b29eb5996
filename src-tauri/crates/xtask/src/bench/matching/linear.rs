//! Time against size: ten times the payments against ten times the invoices take about ten times as long.

use anyhow::Result;

use super::programs::Programs;
use crate::bench::{
    measure::{hundredths, milliseconds, ratio, run},
    verdict,
};

const PAYMENTS: [u32; 3] = [10_000, 100_000, 1_000_000];
const RUNS: u32 = 3;
/// Hundredths: what ten times the payments may cost. Caches are left behind on the way.
const STEP_BAR: u128 = 1_300;

/// `true`: every bar is reached.
pub fn measured(programs: &Programs) -> Result<bool> {
    println!(
        "\nuser time of match by the number of payments and invoices, best of {RUNS}; ten times as many may take {} times as long",
        hundredths(STEP_BAR)
    );
    println!(
        "{:>9} {:>10} {:>14} {:>9} {:>8}",
        "payments", "ms", "ns a payment", "peak, MB", "times"
    );
    let mut reached = true;
    let mut before = None;
    for payments in PAYMENTS {
        let firm = programs.firm(payments)?;
        programs.checked(&firm)?;
        let mut best = None;
        let mut peak = 0;
        for _ in 0..RUNS {
            let used = run(&mut programs.matched(&firm))?;
            best = Some(best.map_or(used.user, |best: std::time::Duration| best.min(used.user)));
            peak = peak.max(used.peak);
        }
        let time = best.unwrap_or_default();
        let times = before.map(|before| ratio(time, before));
        let enough = times.is_none_or(|times| times <= STEP_BAR);
        reached &= enough;
        println!(
            "{payments:>9} {:>10} {:>14} {:>9} {:>8}  {}",
            milliseconds(time),
            time.as_nanos() / u128::from(payments),
            peak.div_ceil(1_000_000),
            times.map(hundredths).unwrap_or_default(),
            if times.is_some() { verdict(enough) } else { "" }
        );
        before = Some(time);
    }
    Ok(reached)
}
