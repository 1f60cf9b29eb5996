//! A whole file in memory, for whoever needs all of it at once.

use std::io::{self, Read, Seek};

use chrono::NaiveDate;
use domain::{Content, Entry, Proof, Statement, Text};
use serde::Serialize;

use crate::{
    detect::Format,
    diagnostic::{Diagnostic, Severity},
    encoding::TextEncoding,
    reading::{Event, Member, Options, open},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collected {
    pub format: Option<Format>,
    /// By what the format was told, or what the file is instead.
    #[serde(skip)] // words for people, which change; snapshots hold what was read
    pub detected: Text,
    pub encoding: Option<TextEncoding>,
    pub content: Content,
    pub statements: Vec<CollectedStatement>,
    /// In the order of the file, those of the whole file first. Each names the statement it speaks of; what is said of
    /// the file as a whole is of its first one.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectedStatement {
    /// The file inside of an archive that it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<Member>,
    pub statement: Statement,
    pub entries: Vec<Entry>,
    pub proof: Proof,
    pub days: Vec<(NaiveDate, Proof)>,
}

impl Collected {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// # Errors
/// Only those of the source itself.
pub fn read_all(source: impl Read + Seek, options: &Options) -> io::Result<Collected> {
    let mut reading = open(source, options)?;
    let mut collected = Collected {
        format: reading.format(),
        detected: reading.detected().clone(),
        encoding: reading.encoding(),
        content: reading.content(),
        statements: Vec::new(),
        diagnostics: Vec::new(),
    };
    // Whose they are, the next event of a statement tells.
    let mut untold = 0;
    while let Some(event) = reading.next() {
        let event = event?;
        if let Some(of) = event.statement() {
            for diagnostic in &mut collected.diagnostics[untold..] {
                diagnostic.statement.get_or_insert(of);
            }
            untold = collected.diagnostics.len();
        }
        match event {
            Event::Statement { statement, .. } => collected.statements.push(CollectedStatement {
                member: reading.member(),
                statement,
                entries: Vec::new(),
                proof: Proof::Silent,
                days: Vec::new(),
            }),
            Event::Entry { statement, entry } => {
                if let Some(of) = collected.statements.get_mut(statement) {
                    of.entries.push(entry);
                }
            }
            Event::End {
                statement,
                declared,
                proof,
                days,
            } => {
                if let Some(of) = collected.statements.get_mut(statement) {
                    (of.statement, of.proof, of.days) = (declared, proof, days);
                }
            }
            Event::Diagnostic(diagnostic) => collected.diagnostics.push(diagnostic),
        }
    }
    let last = collected.statements.len().saturating_sub(1);
    for diagnostic in &mut collected.diagnostics[untold..] {
        diagnostic.statement.get_or_insert(last);
    }
    collected
        .diagnostics
        .sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    Ok(collected)
}
