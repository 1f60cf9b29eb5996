//! `bench`: criterion's benchmarks of single functions, the `sverka` command against programs that do the least, its
//! matching against the truth, and what it asks of a CRM.

mod crm;
mod files;
mod linear;
mod matching;
mod measure;
mod memory;
mod speed;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::{
    program::{cargo, must},
    setup,
};

const PARTS: &str = "--speed, --memory, --linear";

pub fn bench(words: &[String]) -> Result<ExitCode> {
    match words.split_first() {
        None => functions(),
        Some((what, parts)) if what == "formats" => formats(parts),
        Some((what, parts)) if what == "matching" => matching::matching(parts),
        Some((what, parts)) if what == "crm" => crm::crm(parts),
        Some(_) => bail!(
            "`cargo xtask bench` takes nothing, `crm`, `formats` and any of {PARTS}, or `matching` and any of {}",
            matching::PARTS
        ),
    }
}

fn functions() -> Result<ExitCode> {
    setup::core()?;
    // By name: `--benches` would also compile every library and program, none of which has anything to measure.
    must(&mut cargo(&["bench", "--locked", "--bench", "*"]))?;
    Ok(ExitCode::SUCCESS)
}

/// What is measured of the readers: their speed alone unless asked for more, because the rest writes gigabytes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    speed: bool,
    memory: bool,
    linear: bool,
}

impl Parts {
    fn read(words: &[String]) -> Result<Self> {
        let mut parts = Self {
            speed: words.is_empty(),
            ..Self::default()
        };
        for word in words {
            match word.as_str() {
                "--speed" => parts.speed = true,
                "--memory" => parts.memory = true,
                "--linear" => parts.linear = true,
                other => bail!("`cargo xtask bench formats` takes {PARTS}, not `{other}`"),
            }
        }
        Ok(parts)
    }
}

fn formats(words: &[String]) -> Result<ExitCode> {
    let parts = Parts::read(words)?;
    setup::core()?;
    let scratch = files::Scratch::prepared()?;
    let mut reached = true;
    if parts.speed {
        reached &= speed::measured(&scratch)?;
    }
    if parts.memory {
        reached &= memory::measured(&scratch)?;
    }
    if parts.linear {
        reached &= linear::measured(&scratch)?;
    }
    Ok(if reached { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn verdict(reached: bool) -> &'static str {
    if reached { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read() {
        let read = |words: &[&str]| Parts::read(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(read(&[]).unwrap().speed);
        let chosen = read(&["--memory", "--linear"]).unwrap();
        assert_eq!((chosen.speed, chosen.memory, chosen.linear), (false, true, true));
        assert!(read(&["--sped"]).is_err());
    }
}
