//! What a client's script said, check by check, and the table of it all.

use std::{fmt::Write as _, process::Command};

use anyhow::Result;
use serde_json::Value;

use super::clients::Client;
use crate::program::listen;

#[derive(Debug, PartialEq, Eq)]
struct Check {
    name: String,
    /// Why it failed.
    said: Option<String>,
}

#[derive(Debug)]
pub struct Verdict {
    client: &'static str,
    checks: Vec<Check>,
    /// Why the script did not come to its end, or was never run.
    broken: Option<String>,
}

impl Verdict {
    pub fn of(client: &Client, script: &mut Command) -> Result<Self> {
        let mut checks = Vec::new();
        let ended = listen(script, |line| match Check::read(line) {
            Some(check) => {
                println!(
                    "{} {}",
                    if check.said.is_none() { "  ok  " } else { "FAILED" },
                    check.name
                );
                checks.push(check);
            }
            None => println!("       {line}"),
        })?;
        let failed = checks.iter().any(|check| check.said.is_some());
        let broken = match (ended, failed) {
            (true, false) if checks.is_empty() => Some("the script checked nothing".to_owned()),
            (false, false) => Some("the script broke off".to_owned()),
            _ => None,
        };
        Ok(Self {
            client: client.name,
            checks,
            broken,
        })
    }

    pub fn not_tried(client: &Client, why: String) -> Self {
        println!("       {why}");
        Self {
            client: client.name,
            checks: Vec::new(),
            broken: Some(why),
        }
    }

    pub fn is_good(&self) -> bool {
        self.broken.is_none() && self.checks.iter().all(|check| check.said.is_none())
    }
}

impl Check {
    /// A line of a script that is a check; anything else is the client's own talk.
    fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let name = value["check"].as_str()?.to_owned();
        let said = match value["ok"].as_bool()? {
            true => None,
            false => Some(value["said"].as_str().unwrap_or("no reason given").to_owned()),
        };
        Some(Self { name, said })
    }
}

/// A row a client, and below it what failed.
pub fn table(verdicts: &[Verdict]) -> String {
    let mut table = format!("{:<24} {:<10} {:>6} {:>6}\n", "client", "result", "passed", "failed");
    for verdict in verdicts {
        let failed = verdict.checks.iter().filter(|check| check.said.is_some());
        let count = failed.clone().count();
        let result = match (&verdict.broken, count) {
            (Some(_), _) if verdict.checks.is_empty() => "not tried",
            (None, 0) => "passed",
            _ => "FAILED",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            table,
            "{:<24} {result:<10} {:>6} {count:>6}",
            verdict.client,
            verdict.checks.len() - count
        );
        for check in failed {
            let _ = writeln!(
                table,
                "    {}: {}",
                check.name,
                check.said.as_deref().unwrap_or_default()
            );
        }
        if let Some(why) = &verdict.broken {
            let _ = writeln!(table, "    {why}");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_checks_are_counted() {
        assert_eq!(Check::read("WARNING: slow"), None);
        assert_eq!(Check::read(r#"{"result": 1}"#), None);
        let failed = Check::read(r#"{"check": "a list", "ok": false, "said": "49 instead of 50"}"#).unwrap();
        assert_eq!(failed.said.as_deref(), Some("49 instead of 50"));
    }

    #[test]
    fn the_table_says_what_failed_and_what_was_never_tried() {
        let check = |name: &str, said: Option<&str>| Check {
            name: name.to_owned(),
            said: said.map(str::to_owned),
        };
        let one = Verdict {
            client: "one",
            checks: vec![check("a", None), check("b", Some("why"))],
            broken: None,
        };
        let two = Verdict {
            client: "two",
            checks: Vec::new(),
            broken: Some("no index".to_owned()),
        };
        assert!(!one.is_good() && !two.is_good());
        let table = table(&[one, two]);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["one", "FAILED", "1", "1"]);
        assert_eq!(lines[2], ["b:", "why"]);
        assert_eq!(lines[3], ["two", "not", "tried", "0", "0"]);
        assert_eq!(lines[4], ["no", "index"]);
    }
}
