//! Time against size: ten times the entries take ten times the time, not a hundred.

use anyhow::Result;

use super::{
    files::{Format, Scratch, sverka},
    measure::{Subject, checked, hundredths, milliseconds, ratio},
    verdict,
};

const ENTRIES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
const RUNS: u32 = 3;
/// Hundredths: what ten times the entries may cost. Caches are left behind on the way.
const STEP_BAR: u128 = 1_200;

/// `true`: every bar is reached.
pub fn measured(scratch: &Scratch) -> Result<bool> {
    println!(
        "\nuser time of --summary by the number of entries, best of {RUNS}; ten times as many may take {} times as long",
        hundredths(STEP_BAR)
    );
    println!(
        "{:<9} {:>9} {:>10} {:>12} {:>8}",
        "format", "entries", "ms", "ns an entry", "times"
    );
    let mut reached = true;
    for format in Format::ALL {
        reached &= of(format, scratch)?;
    }
    Ok(reached)
}

fn of(format: Format, scratch: &Scratch) -> Result<bool> {
    let mut reached = true;
    let mut before = None;
    for entries in ENTRIES {
        let file = scratch.file(format, entries)?;
        if let Err(error) = checked(&file) {
            println!("{:<9} {error:#}", format.title());
            return Ok(false);
        }
        let mut subject = Subject::new(&file, || sverka(&["--summary"]))?;
        for _ in 0..RUNS {
            subject.measure()?;
        }
        let time = subject.best();
        let times = before.map(|before| ratio(time, before));
        let enough = times.is_none_or(|times| times <= STEP_BAR);
        reached &= enough;
        println!(
            "{:<9} {entries:>9} {:>10} {:>12} {:>8}  {}",
            format.title(),
            milliseconds(time),
            time.as_nanos() / u128::from(entries),
            times.map(hundredths).unwrap_or_default(),
            if times.is_some() { verdict(enough) } else { "" }
        );
        before = Some(time);
    }
    Ok(reached)
}
