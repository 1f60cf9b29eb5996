//! What a program used: its own account at the system, so that other programs on the machine matter little.

use std::{
    io::Read,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use wait4::Wait4;

use super::files::{StatementFile, sverka};
use crate::program::line;

/// Systems count a program's time by ticks of some milliseconds: a program runs until a tick is nothing.
const RUN_LEAST: Duration = Duration::from_millis(600);
/// Some systems limit a command line.
const REPEATS_MAX: u32 = 200;

/// Of one run.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    pub user: Duration,
    pub system: Duration,
    /// By the clock: what else the machine does counts too.
    pub elapsed: Duration,
    /// Bytes.
    pub peak: u64,
}

/// Runs it to its end without a look at what it prints.
pub fn run(command: &mut Command) -> Result<Used> {
    finished(command.stdout(Stdio::null()).stderr(Stdio::null()), |_| Ok(()))
}

fn finished(command: &mut Command, look: impl FnOnce(&mut std::process::Child) -> Result<()>) -> Result<Used> {
    let said = line(command);
    let begun = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("`{said}` could not be started"))?;
    look(&mut child)?;
    let ended = child.wait4()?;
    if !ended.status.success() {
        bail!("`{said}` failed ({})", ended.status);
    }
    Ok(Used {
        user: ended.rusage.utime,
        system: ended.rusage.stime,
        elapsed: begun.elapsed(),
        peak: ended.rusage.maxrss,
    })
}

/// Fails unless `sverka` finds every entry of the file and nothing wrong with it: a refusal is quick too.
pub fn checked(file: &StatementFile) -> Result<()> {
    let mut told = String::new();
    let mut command = sverka(&["--summary", "--json"]);
    command.arg(file.path()).stdout(Stdio::piped()).stderr(Stdio::null());
    let ran = finished(&mut command, |child| {
        child
            .stdout
            .take()
            .context("its output is piped")?
            .read_to_string(&mut told)?;
        Ok(())
    });
    let summary: Value = serde_json::from_str(told.lines().next().unwrap_or_default())
        .with_context(|| format!("`{}` says nothing", line(&command)))?;
    let wanted = u64::from(file.entries);
    ensure!(
        summary["entries"].as_u64() == Some(wanted) && summary["errors"] == 0 && summary["unproven"] == 0,
        "sverka does not read all {wanted} entries of {}: {summary}",
        file.path().display()
    );
    ran.map(|_| ())
}

/// A command that can be given a file several times, so that it runs long enough to be measured.
pub struct Subject<'a> {
    command: Box<dyn Fn() -> Command + 'a>,
    file: &'a StatementFile,
    repeats: u32,
    best: Option<Duration>,
}

impl<'a> Subject<'a> {
    pub fn new(file: &'a StatementFile, command: impl Fn() -> Command + 'a) -> Result<Self> {
        let mut subject = Self {
            command: Box::new(command),
            file,
            repeats: 1,
            best: None,
        };
        // Two of them, because the first also fetches the file from the disk.
        subject.once()?;
        let used = subject.once()?;
        subject.repeats = repeats(used.user + used.system);
        Ok(subject)
    }

    fn once(&self) -> Result<Used> {
        let mut command = (self.command)();
        for _ in 0..self.repeats {
            command.arg(self.file.path());
        }
        run(&mut command)
    }

    /// Measures it once more.
    pub fn measure(&mut self) -> Result<()> {
        let user = self.once()?.user / self.repeats;
        self.best = Some(self.best.map_or(user, |best| best.min(user)));
        Ok(())
    }

    /// User time for one file, of the best run.
    pub fn best(&self) -> Duration {
        self.best.unwrap_or_default()
    }
}

fn repeats(used: Duration) -> u32 {
    let least = RUN_LEAST.as_micros() / used.as_micros().max(1) + 1;
    u32::try_from(least).unwrap_or(REPEATS_MAX).min(REPEATS_MAX)
}

/// In hundredths, upwards: a bar is not reached by rounding.
pub fn ratio(ours: Duration, base: Duration) -> u128 {
    (ours.as_nanos() * 100).div_ceil(base.as_nanos().max(1))
}

pub fn hundredths(number: u128) -> String {
    format!("{}.{:02}", number / 100, number % 100)
}

/// Milliseconds with two decimals.
pub fn milliseconds(time: Duration) -> String {
    hundredths(time.as_micros() / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_rounded_against_us() {
        let of = |ours, base| ratio(Duration::from_nanos(ours), Duration::from_nanos(base));
        assert_eq!((of(700, 100), of(7001, 1000), of(1, 0)), (700, 701, 100));
        assert_eq!(hundredths(705), "7.05");
        assert_eq!(milliseconds(Duration::from_micros(12_345)), "12.34");
    }

    #[test]
    fn short_programs_are_repeated_and_long_ones_are_not() {
        assert_eq!(repeats(Duration::from_secs(2)), 1);
        assert_eq!(repeats(Duration::from_millis(100)), 7);
        assert_eq!(repeats(Duration::ZERO), REPEATS_MAX);
    }
}
