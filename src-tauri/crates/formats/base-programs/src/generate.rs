//! The files: as long as wanted, the same each time, written as they are made, right to the last balance.

mod camt;
mod mt;
mod onec;

use std::{
    fs::File,
    io::{BufWriter, Write},
};

use anyhow::{Context, Result, bail};
use fastrand::Rng;

const SEED: u64 = 940_053;

pub fn write(format: &str, entries: u32, path: &str) -> Result<()> {
    let file = File::create(path).with_context(|| format!("{path} cannot be written"))?;
    let mut out = BufWriter::with_capacity(1024 * 1024, file);
    let mut rng = Rng::with_seed(SEED);
    match format {
        "mt" => mt::write(entries, &mut rng, &mut out)?,
        "camt" => camt::write(entries, &mut rng, &mut out)?,
        "onec" => onec::write(entries, &mut rng, &mut out)?,
        _ => bail!("there is no generator of {format}"),
    }
    Ok(out.flush()?)
}

/// One movement of money, in minor units.
#[derive(Clone, Copy)]
struct Movement {
    credit: bool,
    minor: i64,
}

impl Movement {
    fn any(rng: &mut Rng) -> Self {
        Self {
            credit: rng.u8(..10) < 6,
            minor: rng.i64(100..50_000_000),
        }
    }

    fn effect(self) -> i64 {
        if self.credit { self.minor } else { -self.minor }
    }
}

/// Without a sign, with two decimals.
fn decimal(minor: i64, mark: char) -> String {
    let minor = minor.unsigned_abs();
    format!("{}{mark}{:02}", minor / 100, minor % 100)
}
