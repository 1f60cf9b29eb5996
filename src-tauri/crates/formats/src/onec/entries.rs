//! The second pass over a file: statements, entries, what was noticed, and at the end what adds up.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    reading::Event,
};

use super::{
    document,
    proving::Tally,
    records::{BlockKind, Record, Records, Step},
    survey::Survey,
};

pub(crate) struct Entries<R> {
    records: Records<R>,
    survey: Survey,
    tallies: Vec<Tally>,
    done: bool,
}

impl<R: BufRead> Entries<R> {
    /// `source` stands where it stood for the survey. The events so far go into `queue`.
    pub(crate) fn new(source: R, mut survey: Survey, queue: &mut VecDeque<Event>) -> Self {
        queue.extend(std::mem::take(&mut survey.findings).into_iter().map(Event::Diagnostic));
        for (index, statement) in survey.statements().into_iter().enumerate() {
            queue.push_back(Event::Statement { index, statement });
        }
        Self {
            records: Records::new(source, survey.decoder),
            tallies: survey.accounts.iter().map(Tally::of).collect(),
            done: survey.refused,
            survey,
        }
    }

    /// Reads on until there is something to tell. `false` at the end.
    pub(crate) fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        let step = self.records.step()?;
        let mut findings = std::mem::take(&mut self.records.findings);
        let mut entries = Vec::new();
        match step {
            Step::Record(Record::Block(block)) if block.kind == BlockKind::Document => {
                entries = document::read(block, &self.survey, &mut findings);
            }
            // The survey has said all there is to say of the header and the account sections.
            Step::Record(_) | Step::Findings => {}
            Step::End => {
                self.done = true;
                if !self.records.frame.ended {
                    findings.push(Diagnostic::new(Code::OnecEnd, Place::WHOLE_FILE, "", &[]));
                }
            }
        }
        queue.extend(findings.drain(..).map(Event::Diagnostic));
        self.records.findings = findings;
        for (statement, entry) in entries {
            if let (Some(tally), Some(account)) = (self.tallies.get_mut(statement), self.survey.accounts.get(statement))
            {
                tally.add(&account.statement, &entry);
            }
            queue.push_back(Event::Entry { statement, entry });
        }
        if self.done {
            self.conclude(queue);
        }
        Ok(true)
    }

    fn conclude(&mut self, queue: &mut VecDeque<Event>) {
        for (statement, (tally, account)) in self.tallies.iter().zip(&self.survey.accounts).enumerate() {
            let mut findings = Vec::new();
            let (proof, days) = tally.conclude(account, &mut findings);
            queue.extend(findings.into_iter().map(Event::Diagnostic));
            queue.push_back(Event::End { statement, proof, days });
        }
    }
}
