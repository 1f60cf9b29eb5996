//! A file in one line: counts, sums, diagnostics.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::BufReader,
};

use domain::{Content, Currency, Direction};
use formats::{Event, Severity};
use serde::Serialize;

use super::{Asked, shape::Head};
use crate::{
    findings::{Finding, Findings},
    output::{Done, Output},
};

/// Sums by currency and side; a file's sums may be larger than one entry's can be.
type Sums = BTreeMap<(Currency, Side), i128>;

/// In the order of their names, as they are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Credits,
    Debits,
    Unknown,
}

impl Side {
    fn of(direction: Option<Direction>) -> Self {
        match direction {
            Some(Direction::Credit) => Self::Credits,
            Some(Direction::Debit) => Self::Debits,
            None => Self::Unknown,
        }
    }

    fn title(self, output: &Output) -> &'static str {
        match self {
            Self::Credits => output.pick("поступило", "credits"),
            Self::Debits => output.pick("списано", "debits"),
            Self::Unknown => output.pick("направление неизвестно", "direction unknown"),
        }
    }
}

/// Different accounts that are listed; a file of more says so in `accounts_left_off`. A file of statements names a few,
/// and one that names a million must not fill the memory.
pub const ACCOUNTS_MAX: usize = 1000;

#[derive(Default, Serialize)]
struct Counts {
    entries: u64,
    unproven: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    head: &'a Head<'a>,
    content: Content,
    accounts: &'a BTreeSet<String>,
    /// There are accounts beyond those listed.
    accounts_left_off: bool,
    #[serde(flatten)]
    counts: &'a Counts,
    sums: Vec<SumLine>,
}

#[derive(Serialize)]
struct SumLine {
    currency: Currency,
    side: Side,
    amount: String,
}

/// The first [`ACCOUNTS_MAX`] different ones of a file.
#[derive(Default)]
struct Accounts {
    listed: BTreeSet<String>,
    left_off: bool,
}

impl Accounts {
    fn add(&mut self, number: String) {
        if self.listed.len() < ACCOUNTS_MAX {
            self.listed.insert(number);
        } else {
            self.left_off |= !self.listed.contains(&number);
        }
    }
}

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let reading = asked.start(file)?;
    let (format, detected) = (reading.format(), reading.detected().clone());
    let head = Head::new(&asked.name, format, reading.encoding(), &detected, asked.output);
    let content = reading.content();
    let mut accounts = Accounts::default();
    let (mut counts, mut sums) = (Counts::default(), Sums::new());
    for event in reading {
        // Looked at where it lies: an event is large, and there are millions.
        match &event {
            Err(error) => return Err(asked.unreadable(error).into()),
            Ok(Event::Entry { entry, .. }) => {
                counts.entries += 1;
                let key = (entry.amount.currency(), Side::of(entry.direction));
                *sums.entry(key).or_default() += i128::from(entry.amount.minor());
            }
            Ok(Event::End { proof, .. }) => counts.unproven += u64::from(proof.as_flag() == Some(false)),
            Ok(Event::Diagnostic(diagnostic)) => {
                *match diagnostic.severity {
                    Severity::Error => &mut counts.errors,
                    Severity::Warning => &mut counts.warnings,
                    Severity::Note => &mut counts.notes,
                } += 1;
                findings.tell(Finding::from(diagnostic));
            }
            Ok(Event::Statement { statement, .. }) => {
                if let Some(account) = &statement.account {
                    accounts.add(account.number.clone());
                }
            }
        }
    }
    let line = Line {
        head: &head,
        content,
        accounts: &accounts.listed,
        accounts_left_off: accounts.left_off,
        counts: &counts,
        sums: sums
            .iter()
            .map(|((currency, side), minor)| SumLine {
                currency: *currency,
                side: *side,
                amount: decimal(*minor, *currency),
            })
            .collect(),
    };
    asked.output.either(&line, |_| {
        let format = asked.format(format, &detected);
        described(&asked.name, &format, &counts, &sums, asked.output)
    })
}

fn described(name: &str, format: &str, counts: &Counts, sums: &Sums, output: &Output) -> String {
    let mut parts = vec![
        format.to_owned(),
        format!("{} {}", output.pick("операций", "entries"), counts.entries),
    ];
    parts.extend(
        sums.iter().map(|((currency, side), minor)| {
            format!("{} {} {currency}", side.title(output), decimal(*minor, *currency))
        }),
    );
    for (count, words) in [
        (counts.errors, output.pick("ошибок", "errors")),
        (counts.warnings, output.pick("предупреждений", "warnings")),
    ] {
        parts.push(format!("{words} {count}"));
    }
    format!("{name}: {}", parts.join(", "))
}

fn decimal(minor: i128, currency: Currency) -> String {
    let places = currency.minor_digits();
    if places == 0 {
        return minor.to_string();
    }
    let sign = if minor < 0 { "-" } else { "" };
    let (units, base) = (minor.unsigned_abs(), 10_u128.pow(places));
    format!(
        "{sign}{}.{:0width$}",
        units / base,
        units % base,
        width = places as usize
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_larger_than_one_entry_keep_every_kopeck() {
        let of = |minor, code| decimal(minor, Currency::parse(code).unwrap());
        assert_eq!(of(i128::from(i64::MAX) * 2 + 1, "RUB"), "184467440737095516.15");
        assert_eq!(of(-5, "RUB"), "-0.05");
        assert_eq!(of(-5, "JPY"), "-5");
        assert_eq!(of(1234, "KWD"), "1.234");
    }

    #[test]
    fn accounts_are_listed_up_to_the_limit_and_one_more_is_said_to_be_left_off() {
        let mut accounts = Accounts::default();
        (0..ACCOUNTS_MAX).for_each(|number| accounts.add(number.to_string()));
        accounts.add("0".to_owned());
        assert_eq!((accounts.listed.len(), accounts.left_off), (ACCOUNTS_MAX, false));
        accounts.add(ACCOUNTS_MAX.to_string());
        assert_eq!((accounts.listed.len(), accounts.left_off), (ACCOUNTS_MAX, true));
    }
}
