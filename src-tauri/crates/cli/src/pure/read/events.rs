//! A file as NDJSON in its own order. Nothing is collected, so that size is never a problem.

use std::{fs::File, io::BufReader};

use formats::Event;
use serde_json::{Value, json};

use super::{Asked, shape};
use crate::{
    findings::{Finding, Findings},
    output::Done,
};

pub fn print(asked: &Asked<'_>, file: BufReader<File>, findings: &mut Findings<'_>) -> Done<()> {
    let reading = asked.start(file)?;
    let head = shape::Head::of(&asked.name, &reading);
    for event in reading {
        let line = match event.map_err(|error| asked.unreadable(&error))? {
            Event::Statement { index, statement } => {
                let mut line = shape::statement(&head, &statement);
                line["event"] = json!("statement");
                line["index"] = json!(index);
                line
            }
            Event::Entry { statement, entry } => {
                let mut line = shape::entry(&entry);
                line["event"] = json!("entry");
                line["statement"] = json!(statement);
                line
            }
            Event::End {
                statement,
                declared,
                proof,
                days,
            } => {
                let days: Vec<Value> = days
                    .iter()
                    .map(|(date, proof)| json!({ "date": date, "proven": proof.as_flag() }))
                    .collect();
                let mut line = shape::statement(&head, &declared);
                line["event"] = json!("end");
                line["statement"] = json!(statement);
                line["proven"] = json!(proof.as_flag());
                line["days"] = json!(days);
                line
            }
            Event::Diagnostic(diagnostic) => {
                let mut line = shape::diagnostic(&diagnostic, asked.output);
                line["event"] = json!("diagnostic");
                findings.tell(Finding::from(&diagnostic));
                line
            }
        };
        asked.output.line(&line)?;
    }
    Ok(())
}
