//! A file as NDJSON in its own order. Nothing is collected, so that size is never a problem.

use std::{fs::File, io::BufReader};

use chrono::NaiveDate;
use formats::Event;
use serde::Serialize;

use super::{
    Asked,
    shape::{EntryShape, Head, StatementShape},
};
use crate::{
    findings::{Finding, FindingLine, Findings},
    output::Done,
};

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Statement {
        index: usize,
        #[serde(flatten)]
        statement: StatementShape<'a>,
    },
    Entry {
        statement: usize,
        #[serde(flatten)]
        entry: EntryShape<'a>,
    },
    End {
        statement: usize,
        proven: Option<bool>,
        days: Vec<ProvenDay>,
        #[serde(flatten)]
        declared: StatementShape<'a>,
    },
    Diagnostic {
        file: &'a str,
        #[serde(flatten)]
        diagnostic: FindingLine<'a>,
    },
}

#[derive(Serialize)]
struct ProvenDay {
    date: NaiveDate,
    proven: Option<bool>,
}

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let output = asked.output;
    let mut reading = asked.start(file)?;
    let detected = reading.detected().clone();
    let head = Head::new(&asked.name, reading.format(), reading.encoding(), &detected, output);
    let mut member = None;
    while let Some(event) = reading.next() {
        if let Ok(Event::Statement { .. }) = &event {
            member = reading.member();
        }
        let head = head.of_member(member.as_ref());
        // Looked at where it lies: an event is large, and there are millions.
        match &event {
            Err(error) => return Err(asked.unreadable(error).into()),
            Ok(Event::Statement { index, statement }) => output.line(&Line::Statement {
                index: *index,
                statement: StatementShape::of(&head, statement),
            })?,
            Ok(Event::Entry { statement, entry }) => output.line(&Line::Entry {
                statement: *statement,
                entry: EntryShape::of(entry),
            })?,
            Ok(Event::End {
                statement,
                declared,
                proof,
                days,
            }) => output.line(&Line::End {
                statement: *statement,
                proven: proof.as_flag(),
                days: days
                    .iter()
                    .map(|(date, proof)| ProvenDay {
                        date: *date,
                        proven: proof.as_flag(),
                    })
                    .collect(),
                declared: StatementShape::of(&head, declared),
            })?,
            Ok(Event::Diagnostic(diagnostic)) => {
                let finding = Finding::from(diagnostic);
                output.line(&Line::Diagnostic {
                    file: &asked.name,
                    diagnostic: finding.line(output),
                })?;
                findings.tell(finding);
            }
        }
    }
    Ok(())
}
