//! Steps, one after another, and the table at the end: a failed step does not hide what the next ones would say.

use std::{
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use crate::{
    program::{line, listen},
    tally::Tally,
};

enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

struct Step {
    name: &'static str,
    outcome: Outcome,
    tally: Tally,
    took: Duration,
}

#[derive(Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Runs a command as a step; its tests are counted.
    pub fn step(&mut self, name: &'static str, command: &mut Command) {
        println!("\n== {name}: {}", line(command));
        let mut tally = Tally::default();
        let began = Instant::now();
        let ran = listen(command, |line| {
            if tally.see(line) {
                println!("{line}");
            }
        });
        let outcome = match ran {
            Ok(true) => Outcome::Passed,
            Ok(false) => Outcome::Failed(line(command)),
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        self.steps.push(Step {
            name,
            outcome,
            tally,
            took: began.elapsed(),
        });
    }

    /// Says that a step was not run, and why.
    pub fn skip(&mut self, name: &'static str, why: impl Into<String>) {
        self.steps.push(Step {
            name,
            outcome: Outcome::Skipped(why.into()),
            tally: Tally::default(),
            took: Duration::ZERO,
        });
    }

    /// Prints the table; the exit code says whether every step that ran passed.
    pub fn finish(&self) -> ExitCode {
        print!("\n{}", self.table());
        if self.steps.iter().any(|step| matches!(step.outcome, Outcome::Failed(_))) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }

    fn table(&self) -> String {
        let mut table = format!(
            "{:<34} {:<8} {:>7} {:>7} {:>8} {:>8}\n",
            "step", "result", "passed", "failed", "skipped", "seconds"
        );
        let mut all = Tally::default();
        let mut notes = String::new();
        for step in &self.steps {
            let result = match &step.outcome {
                Outcome::Passed => "ok",
                Outcome::Failed(why) => {
                    notes.push_str(&format!("FAILED {}: {why}\n", step.name));
                    "FAILED"
                }
                Outcome::Skipped(why) => {
                    notes.push_str(&format!("skipped {}: {why}\n", step.name));
                    "skipped"
                }
            };
            table.push_str(&row(step.name, result, step.tally, step.took));
            all.add(step.tally);
        }
        table.push_str(&row("together", "", all, self.steps.iter().map(|step| step.took).sum()));
        if all.without_corpora > 0 {
            notes.push_str(&format!(
                "{} tests had nothing to look at: SVERKA_CORPORA is not set\n",
                all.without_corpora
            ));
        }
        table + &notes
    }
}

fn row(name: &str, result: &str, tally: Tally, took: Duration) -> String {
    let count = |number: u64| {
        if number == 0 {
            "-".to_owned()
        } else {
            number.to_string()
        }
    };
    format!(
        "{name:<34} {result:<8} {:>7} {:>7} {:>8} {:>8}\n",
        count(tally.passed),
        count(tally.failed),
        count(tally.skipped + tally.without_corpora),
        took.as_secs()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::cargo;

    #[test]
    fn a_failed_step_fails_the_report_and_the_next_ones_still_run() {
        let mut report = Report::default();
        report.step("wrong", &mut cargo(&["no-such-command"]));
        report.step("right", &mut cargo(&["--version"]));
        assert_eq!(report.finish(), ExitCode::FAILURE);
        let table = report.table();
        assert!(table.contains("FAILED wrong: cargo no-such-command"), "{table}");
        assert!(
            table
                .lines()
                .any(|line| line.starts_with("right") && line.contains(" ok ")),
            "{table}"
        );
    }

    #[test]
    fn a_skipped_step_is_said_and_fails_nothing() {
        let mut report = Report::default();
        report.step("right", &mut cargo(&["--version"]));
        report.skip("browser", "no display here");
        assert_eq!(report.finish(), ExitCode::SUCCESS);
        assert!(report.table().contains("skipped browser: no display here"));
    }
}
