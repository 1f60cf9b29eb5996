//! `bench matching`: how right `sverka match` is beside other programs' rules, and how fast beside a program that does the
//! least.

mod linear;
mod programs;
mod speed;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{program::program, setup};
use programs::Programs;

pub const PARTS: &str = "--speed, --linear";

/// What is measured: how right it is unless something else is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    rightness: bool,
    speed: bool,
    linear: bool,
}

impl Parts {
    fn read(words: &[String]) -> Result<Self> {
        let mut parts = Self {
            rightness: words.is_empty(),
            ..Self::default()
        };
        for word in words {
            match word.as_str() {
                "--speed" => parts.speed = true,
                "--linear" => parts.linear = true,
                other => bail!("`cargo xtask bench matching` takes {PARTS}, not `{other}`"),
            }
        }
        Ok(parts)
    }
}

pub fn matching(words: &[String]) -> Result<ExitCode> {
    let parts = Parts::read(words)?;
    setup::core()?;
    let programs = Programs::built()?;
    let mut reached = true;
    if parts.rightness {
        reached &= rightness(&programs)?;
    }
    if parts.speed {
        reached &= speed::measured(&programs)?;
    }
    if parts.linear {
        reached &= linear::measured(&programs)?;
    }
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The benchmark prints its tables and says by its exit code whether the bars are reached.
fn rightness(programs: &Programs) -> Result<bool> {
    let mut command = program(&programs.benchmark);
    command
        .args(["compare", "held-out", "--"])
        .arg(&programs.sverka)
        .arg("match");
    Ok(command.status()?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read() {
        let read = |words: &[&str]| Parts::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(read(&[]).unwrap().rightness);
        let chosen = read(&["--speed", "--linear"]).unwrap();
        assert_eq!((chosen.rightness, chosen.speed, chosen.linear), (false, true, true));
        assert!(read(&["--memory"]).is_err());
    }
}
