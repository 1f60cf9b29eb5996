//! The second pass over a file: statements, entries, what was noticed, and at the end what adds up.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

use domain::{Entry, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::Tally,
    reading::{Event, Source},
};

use super::{
    block::BlockKind,
    document,
    records::{Depth, Records, Step},
    survey::Survey,
};

pub(crate) struct Entries<R> {
    records: Records<R>,
    survey: Survey,
    tallies: Vec<Tally>,
    /// Room for the entries of a document.
    entries: Vec<(usize, Entry)>,
    begun: bool,
    done: bool,
}

impl<R: Read> Entries<R> {
    /// `source` stands where it stood for the survey.
    pub(crate) fn new(source: R, survey: Survey) -> Self {
        Self {
            records: Records::new(source, survey.decoder, Depth::Whole),
            tallies: survey
                .accounts
                .iter()
                .map(|account| Tally::of(&account.statement))
                .collect(),
            entries: Vec::new(),
            begun: false,
            done: survey.refused,
            survey,
        }
    }

    fn begin(&mut self, queue: &mut VecDeque<Event>) {
        queue.extend(self.survey.findings.drain(..).map(Event::Diagnostic));
        for (index, account) in self.survey.accounts.iter().enumerate() {
            let statement = account.statement.clone();
            queue.push_back(Event::Statement { index, statement });
        }
        if self.done {
            self.conclude(queue);
        }
    }

    fn conclude(&mut self, queue: &mut VecDeque<Event>) {
        for (statement, (tally, account)) in self.tallies.iter().zip(&self.survey.accounts).enumerate() {
            let mut findings = Vec::new();
            let (proof, days) = tally.conclude(&account.statement, &account.broken_chain, &mut findings);
            queue.extend(findings.into_iter().map(Event::Diagnostic));
            queue.push_back(Event::End {
                statement,
                declared: account.statement.clone(),
                proof,
                days,
            });
        }
    }
}

impl<R: Read> Source for Entries<R> {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        if !std::mem::replace(&mut self.begun, true) {
            self.begin(queue);
            return Ok(true);
        }
        if self.done {
            return Ok(false);
        }
        let step = self.records.step()?;
        let mut findings = std::mem::take(&mut self.records.taken.findings);
        match step {
            Step::Block if self.records.block().kind == BlockKind::Document => {
                document::read(self.records.block(), &self.survey, &mut findings, &mut self.entries);
            }
            Step::Header(key) if !key.field.is_of_header() => findings.push(Diagnostic::new(
                Code::OnecStrayKey,
                key.place,
                &key.value,
                &[Text::same(key.field.name())],
            )),
            // The survey has said all there is to say of the header and the account sections.
            Step::Header(_) | Step::Block | Step::Findings => {}
            Step::End => {
                self.done = true;
                if !self.records.taken.frame.ended {
                    findings.push(Diagnostic::new(Code::OnecEnd, Place::WHOLE_FILE, "", &[]));
                }
            }
        }
        queue.extend(findings.drain(..).map(Event::Diagnostic));
        self.records.taken.findings = findings;
        for (statement, entry) in self.entries.drain(..) {
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
}
