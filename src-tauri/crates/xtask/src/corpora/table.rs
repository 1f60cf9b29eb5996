//! The table at the end: a row a kind of file, and whether the bars are reached.

use std::fmt;

use super::verdict::{Deviation, Outcome};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    /// Every file right, or broken itself and refused.
    AllRight,
    NoneSilent,
}

#[derive(Debug)]
struct Row {
    name: String,
    bar: Bar,
    files: u64,
    entries: u64,
    right: u64,
    silent: u64,
    told: u64,
    refused: u64,
}

impl Row {
    fn reached(&self) -> bool {
        match self.bar {
            Bar::AllRight => self.right + self.refused == self.files,
            Bar::NoneSilent => self.silent == 0,
        }
    }
}

/// A number of right ones among all, and the least share of them, in hundredths.
#[derive(Debug)]
struct Share {
    name: String,
    right: u64,
    all: u64,
    bar: Option<u64>,
}

impl Share {
    fn reached(&self) -> bool {
        self.bar.is_none_or(|bar| self.right * 100 >= bar * self.all)
    }
}

#[derive(Debug)]
pub struct Table {
    verbose: bool,
    rows: Vec<Row>,
    shares: Vec<Share>,
}

impl Table {
    pub fn new(verbose: bool) -> Self {
        Self {
            verbose,
            rows: Vec::new(),
            shares: Vec::new(),
        }
    }

    /// Takes the outcome of one file into a row.
    pub fn count(
        &mut self,
        row: &str,
        bar: Bar,
        file: &str,
        entries: usize,
        outcome: Outcome,
        deviations: &[Deviation],
    ) {
        if self.verbose && !matches!(outcome, Outcome::Right) {
            println!("{row}: {file}: {}", words(outcome));
            for deviation in deviations {
                println!(
                    "  {}{}",
                    if deviation.told { "told: " } else { "SILENT: " },
                    deviation.what
                );
            }
        }
        let at = self.rows.iter().position(|known| known.name == row).unwrap_or_else(|| {
            self.rows.push(Row {
                name: row.to_owned(),
                bar,
                files: 0,
                entries: 0,
                right: 0,
                silent: 0,
                told: 0,
                refused: 0,
            });
            self.rows.len() - 1
        });
        let row = &mut self.rows[at];
        row.files += 1;
        row.entries += entries as u64;
        *match outcome {
            Outcome::Right => &mut row.right,
            Outcome::Silent => &mut row.silent,
            Outcome::Told => &mut row.told,
            Outcome::Refused => &mut row.refused,
        } += 1;
    }

    pub fn share(&mut self, name: &str, right: u64, all: u64, bar: Option<u64>) {
        self.shares.push(Share {
            name: name.to_owned(),
            right,
            all,
            bar,
        });
    }

    /// Only shown with `--verbose`.
    pub fn remark(&self, remark: &str) {
        if self.verbose {
            println!("{remark}");
        }
    }

    pub fn reached(&self) -> bool {
        self.rows.iter().all(Row::reached) && self.shares.iter().all(Share::reached)
    }
}

fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Right => "right",
        Outcome::Silent => "silently wrong",
        Outcome::Told => "wrong, and said so",
        Outcome::Refused => "refused rightly",
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<24} {:>6} {:>8} {:>7} {:>7} {:>6} {:>8}  bar",
            "corpus", "files", "entries", "right", "silent", "told", "refused"
        )?;
        for row in &self.rows {
            let bar = match row.bar {
                Bar::AllRight => "all right",
                Bar::NoneSilent => "none silent",
            };
            writeln!(
                f,
                "{:<24} {:>6} {:>8} {:>7} {:>7} {:>6} {:>8}  {bar}: {}",
                row.name,
                row.files,
                row.entries,
                row.right,
                row.silent,
                row.told,
                row.refused,
                verdict(row.reached())
            )?;
        }
        for share in &self.shares {
            let percent = (share.right * 10_000).checked_div(share.all).unwrap_or_default();
            write!(
                f,
                "{:<24} {:>6} of {} ({}.{:02} %)",
                share.name,
                share.right,
                share.all,
                percent / 100,
                percent % 100
            )?;
            match share.bar {
                Some(bar) => writeln!(f, "  at least {bar} %: {}", verdict(share.reached()))?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

fn verdict(reached: bool) -> &'static str {
    if reached { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_held() {
        let mut table = Table::new(false);
        table.count("a", Bar::AllRight, "1", 3, Outcome::Right, &[]);
        table.count("a", Bar::AllRight, "2", 0, Outcome::Refused, &[]);
        table.count("b", Bar::NoneSilent, "3", 1, Outcome::Told, &[]);
        table.share("strict", 97, 100, Some(97));
        assert!(table.reached(), "{table}");
        table.count("a", Bar::AllRight, "4", 1, Outcome::Told, &[]);
        assert!(!table.reached(), "{table}");
    }

    #[test]
    fn a_silent_file_and_a_low_share_miss_the_bar() {
        let mut table = Table::new(false);
        table.count("b", Bar::NoneSilent, "1", 1, Outcome::Silent, &[]);
        assert!(!table.reached());
        let mut table = Table::new(false);
        table.share("strict", 96, 100, Some(97));
        assert!(!table.reached());
        assert!(
            table.to_string().contains("96 of 100 (96.00 %)  at least 97 %: MISSED"),
            "{table}"
        );
    }
}
