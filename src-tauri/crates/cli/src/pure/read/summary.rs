//! A file in one line: counts, sums, diagnostics.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::BufReader,
};

use domain::{Currency, Direction};
use formats::{Event, Severity};
use serde_json::{Value, json};

use super::{Asked, shape};
use crate::{
    findings::{Finding, Findings},
    output::{Done, Output},
};

/// Sums by currency and side; a file's sums may be larger than one entry's can be.
type Sums = BTreeMap<(Currency, &'static str), i128>;

#[derive(Default)]
struct Counts {
    entries: u64,
    unproven: u64,
    errors: u64,
    warnings: u64,
    notes: u64,
}

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let reading = asked.start(file)?;
    let head = shape::Head::of(&asked.name, &reading);
    let mut accounts = BTreeSet::new();
    let (mut counts, mut sums) = (Counts::default(), Sums::new());
    for event in reading {
        match event.map_err(|error| asked.unreadable(&error))? {
            Event::Entry { entry, .. } => {
                counts.entries += 1;
                let side = match entry.direction {
                    Some(Direction::Credit) => "credits",
                    Some(Direction::Debit) => "debits",
                    None => "unknown",
                };
                *sums.entry((entry.amount.currency(), side)).or_default() += i128::from(entry.amount.minor());
            }
            Event::End { proof, .. } => counts.unproven += u64::from(proof.as_flag() == Some(false)),
            Event::Diagnostic(diagnostic) => {
                *match diagnostic.severity {
                    Severity::Error => &mut counts.errors,
                    Severity::Warning => &mut counts.warnings,
                    Severity::Note => &mut counts.notes,
                } += 1;
                findings.tell(Finding::from(&diagnostic));
            }
            Event::Statement { statement, .. } => accounts.extend(statement.account.map(|account| account.number)),
        }
    }
    let shown: Vec<Value> = sums
        .iter()
        .map(|((currency, side), minor)| {
            json!({ "currency": currency, "side": side, "amount": decimal(*minor, *currency) })
        })
        .collect();
    let line = json!({
        "file": head.file, "format": head.format, "encoding": head.encoding, "content": head.content,
        "accounts": accounts, "entries": counts.entries, "unproven": counts.unproven, "sums": shown,
        "errors": counts.errors, "warnings": counts.warnings, "notes": counts.notes,
    });
    asked
        .output
        .either(&line, |_| described(&asked.name, &counts, &sums, asked.output))
}

fn described(name: &str, counts: &Counts, sums: &Sums, output: &Output) -> String {
    let sides = |side: &str| match side {
        "credits" => output.pick("поступило", "credits"),
        "debits" => output.pick("списано", "debits"),
        _ => output.pick("направление неизвестно", "direction unknown"),
    };
    let mut parts = vec![format!("{} {}", output.pick("операций", "entries"), counts.entries)];
    parts.extend(
        sums.iter()
            .map(|((currency, side), minor)| format!("{} {} {currency}", sides(side), decimal(*minor, *currency))),
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
}
