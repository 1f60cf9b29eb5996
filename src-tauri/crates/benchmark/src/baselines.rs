//! Other programs' rules, written anew from their published descriptions and in the shape of `sverka match`, so that the
//! same judge judges them. The descriptions and what had to be decided where they are silent: `fixtures/matching/README.md`.

mod business_central;
mod counterparty;
mod digits;
mod ledger;
mod substring;

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
};

use anyhow::{Context, Result};
use serde::de::DeserializeOwned;

use crate::shape::{InvoiceLine, PaymentLine, Verdict};
use ledger::{Ledger, Way};

/// A set of rules: what it decides about a payment, and the ways it shows, best first.
pub trait Rules {
    fn decide(&self, payment: &PaymentLine, ledger: &Ledger) -> (Verdict, Vec<Way>);
}

pub const ALL: [(&str, &dyn Rules); 4] = [
    ("substring", &substring::Substring),
    ("digits", &digits::Digits),
    ("business-central", &business_central::BusinessCentral),
    ("counterparty", &counterparty::Counterparty),
];

#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Rules> {
    ALL.iter().find(|(known, _)| *known == name).map(|(_, rules)| *rules)
}

/// Reads the files that `words` name and prints an answer for every payment.
///
/// # Errors
/// When a file cannot be read.
pub fn run(rules: &dyn Rules, words: &[String]) -> Result<()> {
    let file = |name: &str| {
        words
            .iter()
            .position(|word| word == name)
            .and_then(|at| words.get(at + 1))
            .with_context(|| format!("{name} names no file"))
    };
    let invoices: Vec<InvoiceLine> = records(Path::new(file("--invoices")?))?;
    let payments: Vec<PaymentLine> = records(Path::new(file("--payments")?))?;
    let mut ledger = Ledger::new(invoices);
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for payment in payments {
        let (verdict, ways) = rules.decide(&payment, &ledger);
        let decision = ledger.answer(&payment, verdict, &ways);
        serde_json::to_writer(&mut output, &decision)?;
        output.write_all(b"\n")?;
    }
    output.flush()?;
    Ok(())
}

/// # Errors
/// When the file cannot be read or a line is no record.
pub fn records<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    BufReader::new(file)
        .lines()
        .map(|line| {
            let line = line?;
            serde_json::from_str(&line).with_context(|| format!("not understood: {line}"))
        })
        .collect()
}
