//! What a client's script said, check by check, and the table of it all.

use std::{fmt::Write as _, process::Command};

use anyhow::Result;

use crate::program::listen;

#[derive(Debug)]
pub struct Verdict {
    client: String,
    passed: usize,
    /// What failed, with the reason.
    failed: Vec<String>,
    /// Why the script did not come to its end, or was never run.
    broken: Option<String>,
}

impl Verdict {
    pub fn of(client: &str, script: &mut Command) -> Result<Self> {
        let mut verdict = Self {
            client: client.to_owned(),
            passed: 0,
            failed: Vec::new(),
            broken: None,
        };
        let ended = listen(script, |line| {
            println!("{line}");
            verdict.hear(line);
        })?;
        verdict.broken = match (ended, verdict.failed.is_empty()) {
            (true, _) if verdict.passed == 0 => Some("the script checked nothing".to_owned()),
            (false, true) => Some("the script broke off".to_owned()),
            _ => None,
        };
        Ok(verdict)
    }

    /// Takes a line that is a check; anything else is the client's own talk.
    fn hear(&mut self, line: &str) {
        if line.starts_with("ok ") {
            self.passed += 1;
        } else if let Some(failed) = line.strip_prefix("FAILED ") {
            self.failed.push(failed.to_owned());
        }
    }

    pub fn not_tried(client: &str, why: String) -> Self {
        println!("{why}");
        Self {
            client: client.to_owned(),
            passed: 0,
            failed: Vec::new(),
            broken: Some(why),
        }
    }

    pub fn is_good(&self) -> bool {
        self.broken.is_none() && self.failed.is_empty()
    }
}

/// A row a client, and below it what failed.
pub fn table(verdicts: &[Verdict]) -> String {
    let mut table = format!("{:<24} {:<10} {:>6} {:>6}\n", "client", "result", "passed", "failed");
    for verdict in verdicts {
        let (passed, failed) = (verdict.passed, verdict.failed.len());
        let result = match &verdict.broken {
            Some(_) if passed + failed == 0 => "not tried",
            None if failed == 0 => "passed",
            _ => "FAILED",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(table, "{:<24} {result:<10} {passed:>6} {failed:>6}", verdict.client);
        for why in verdict.failed.iter().chain(&verdict.broken) {
            let _ = writeln!(table, "    {why}");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(client: &str, lines: &[&str], broken: Option<&str>) -> Verdict {
        let mut verdict = Verdict {
            client: client.to_owned(),
            passed: 0,
            failed: Vec::new(),
            broken: broken.map(str::to_owned),
        };
        lines.iter().for_each(|line| verdict.hear(line));
        verdict
    }

    #[test]
    fn only_checks_are_counted() {
        let heard = verdict(
            "one",
            &["ok a list", "okay then", "FAILED a page: 49", "WARNING: slow", ""],
            None,
        );
        assert_eq!((heard.passed, heard.failed), (1, vec!["a page: 49".to_owned()]));
    }

    #[test]
    fn the_table_says_what_failed_and_what_was_never_tried() {
        let one = verdict("one", &["ok a", "FAILED b: why"], None);
        let two = verdict("two", &[], Some("no index"));
        assert!(!one.is_good() && !two.is_good());
        let table = table(&[one, two]);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["one", "FAILED", "1", "1"]);
        assert_eq!(lines[2], ["b:", "why"]);
        assert_eq!(lines[3], ["two", "not", "tried", "0", "0"]);
        assert_eq!(lines[4], ["no", "index"]);
    }
}
