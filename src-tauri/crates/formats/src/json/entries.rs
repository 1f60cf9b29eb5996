//! The second pass over a bank's JSON: statements one after the other, their entries, and what adds up.

use std::{
    collections::VecDeque,
    io::{self, BufRead},
};

use domain::{Entry, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::LineDecoder,
    proving::Tally,
    reading::{Event, Source, nothing},
};

use super::{
    alfa,
    plan::{Plan, Planned, parse},
    reader::{Object, Refused},
    scan::{ENTRY_BYTES_MAX, Element, Kind, Scanner},
    tbank, tochka,
};

pub(super) struct Entries<R> {
    scanner: Scanner<R>,
    decoder: LineDecoder,
    plan: Plan,
    /// Which statement is being read, and what its entries come to.
    current: Option<(usize, Tally)>,
    bytes: Vec<u8>,
    begun: bool,
    done: bool,
}

impl<R: BufRead> Entries<R> {
    pub(super) fn new(source: R, decoder: LineDecoder, plan: Plan) -> Self {
        Self {
            scanner: Scanner::new(source, false),
            decoder,
            plan,
            current: None,
            bytes: Vec::new(),
            begun: false,
            done: false,
        }
    }

    /// Ends what is open and begins statements up to this one.
    fn come_to(&mut self, index: usize, queue: &mut VecDeque<Event>) {
        let mut next = self.current.as_ref().map_or(0, |(current, _)| current + 1);
        while next <= index {
            self.end(queue);
            let Some(planned) = self.plan.statements.get(next) else {
                return;
            };
            queue.push_back(Event::Statement {
                index: next,
                statement: planned.statement.clone(),
            });
            self.current = Some((next, Tally::of(&planned.statement)));
            next += 1;
        }
    }

    fn end(&mut self, queue: &mut VecDeque<Event>) {
        let Some((index, tally)) = &self.current else {
            return;
        };
        let statement = &self.plan.statements[*index].statement;
        let mut findings = Vec::new();
        let (proof, days) = tally.conclude(statement, &[], &mut findings);
        queue.extend(findings.into_iter().map(Event::Diagnostic));
        queue.push_back(Event::End {
            statement: *index,
            declared: statement.clone(),
            proof,
            days,
        });
    }

    fn conclude(&mut self, queue: &mut VecDeque<Event>) {
        if let Some(last) = self.plan.statements.len().checked_sub(1) {
            self.come_to(last, queue);
            self.end(queue);
            return;
        }
        queue.extend(nothing());
    }

    fn element(&mut self, element: Element, queue: &mut VecDeque<Event>) {
        let Some(index) = self
            .plan
            .statements
            .iter()
            .position(|planned| planned.array == Some(element.array))
        else {
            return;
        };
        self.come_to(index, queue);
        let planned = &self.plan.statements[index];
        let mut findings = Vec::new();
        let read = read(&self.bytes, &self.decoder, element, planned, &mut findings);
        queue.extend(findings.into_iter().map(Event::Diagnostic));
        match read {
            Ok(entry) => {
                if let Some((_, tally)) = &mut self.current {
                    tally.add(&planned.statement, &entry);
                }
                queue.push_back(Event::Entry {
                    statement: index,
                    entry,
                });
            }
            Err(why) => queue.push_back(Event::Diagnostic(*why)),
        }
    }
}

fn read(
    bytes: &[u8],
    decoder: &LineDecoder,
    element: Element,
    planned: &Planned,
    findings: &mut Vec<Diagnostic>,
) -> Refused<Entry> {
    let place = Place::line(element.line);
    if element.too_large {
        let details = [
            Text::new("операция", "the entry"),
            Text::same(ENTRY_BYTES_MAX.to_string()),
        ];
        return Err(Box::new(Diagnostic::new(Code::JsonTooLarge, place, "", &details)));
    }
    let shown = || decoder.decode(bytes).0.into_owned();
    let damaged = |why: Text| Box::new(Diagnostic::new(Code::JsonEntry, place, &shown(), &[why]));
    if element.cut {
        return Err(damaged(Text::new(
            "файл на ней обрывается",
            "the file breaks off in it",
        )));
    }
    let value = parse(bytes, decoder).map_err(|error| damaged(Text::same(error.to_string())))?;
    if !value.is_object() {
        return Err(damaged(Text::new("это не объект", "it is not an object")));
    }
    let of = Object {
        value: &value,
        line: element.line,
    };
    let own = planned
        .statement
        .account
        .as_ref()
        .map(|account| account.number.as_str());
    let other = |code: Code, named: &str| Diagnostic::new(code, place, named, &[Text::same(own.unwrap_or_default())]);
    match planned.kind {
        Kind::Tochka => tochka::entry(of, planned.currency),
        Kind::Alfa => {
            let entry = alfa::entry(of, planned.currency)?;
            if let (Some(named), Some(own)) = (alfa::own_account(of), own)
                && named != own
            {
                findings.push(other(Code::JsonOwnSide, &named));
            }
            Ok(entry)
        }
        Kind::Tbank => match of.present("accountNumber") {
            Some(named) if own.is_some_and(|own| own != named) => Err(Box::new(other(Code::JsonOtherAccount, &named))),
            _ => tbank::entry(of, planned.currency),
        },
    }
}

impl<R: BufRead> Source for Entries<R> {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        if !std::mem::replace(&mut self.begun, true) {
            queue.extend(self.plan.findings.drain(..).map(Event::Diagnostic));
            return Ok(true);
        }
        if self.done {
            return Ok(false);
        }
        match self.scanner.next(&mut self.bytes)? {
            Some(element) => self.element(element, queue),
            None => {
                self.done = true;
                self.conclude(queue);
            }
        }
        Ok(true)
    }
}
