//! The statement that is being read: its balances as they come, what its entries add up to, and what it ends with.

use std::collections::VecDeque;

use chrono::NaiveDate;
use domain::{Content, Currency, Direction, Money, Period, Proof, Statement, StatementAccount, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::{Booked, Tally, count_differs},
    reading::Event,
};

use super::{
    account::Number,
    entry::{Pending, Reader},
};

/// A balance at the beginning or the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) money: Money,
    pub(super) date: NaiveDate,
    /// `M`: of a page, not of the statement.
    pub(super) interim: bool,
    pub(super) place: Place,
    /// The file ends inside of it: it holds only if it adds up.
    pub(super) cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    count: u64,
    minor: i128,
}

pub(super) struct Current {
    index: usize,
    statement: Statement,
    pub(super) currency: Currency,
    pub(super) number: Number,
    /// INN, BIK and the like are to be looked for.
    pub(super) russian: bool,
    pub(super) opening: Option<Edge>,
    pub(super) closing: Option<Edge>,
    tally: Option<Tally>,
    /// What an interim report declares: `:90D:` and `:90C:`.
    declared: [Option<(u64, Money, Place)>; 2],
    counted: [Sum; 2],
    days: Booked,
    pub(super) entries: u64,
    /// Its message was ended.
    pub(super) ended: bool,
    start: Place,
}

/// What the statement after it is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) account: Option<StatementAccount>,
    pub(super) number: Number,
    pub(super) closing: Option<Edge>,
}

impl Current {
    pub(super) fn new(
        index: usize,
        account: Option<StatementAccount>,
        currency: Currency,
        provisional: bool,
        start: Place,
    ) -> Self {
        Self {
            index,
            statement: Statement {
                provisional,
                ..Statement::of(account, Content::Statement)
            },
            currency,
            number: Number::default(),
            russian: false,
            opening: None,
            closing: None,
            tally: None,
            declared: [None; 2],
            counted: [Sum::default(); 2],
            days: Booked::default(),
            entries: 0,
            ended: false,
            start,
        }
    }

    pub(super) fn provisional(&self) -> bool {
        self.statement.provisional
    }

    pub(super) fn account(&self) -> Option<&StatementAccount> {
        self.statement.account.as_ref()
    }

    pub(super) fn shown_account(&self) -> &str {
        self.account().map_or("", |account| &account.number)
    }

    pub(super) fn declare(&mut self, credit: bool, count: u64, sum: Money, place: Place) {
        self.declared[usize::from(credit)] = Some((count, sum, place));
    }

    fn begin(&mut self, queue: &mut VecDeque<Event>) {
        if self.tally.is_none() {
            self.statement.opening = self.opening.map(|edge| edge.money);
            queue.push_back(Event::Statement {
                index: self.index,
                statement: self.statement.clone(),
            });
            self.tally = Some(Tally::of(&self.statement));
        }
    }

    pub(super) fn push(&mut self, pending: Pending, reader: &mut Reader, queue: &mut VecDeque<Event>) {
        self.begin(queue);
        queue.push_back(Event::Entry {
            statement: self.index,
            entry: Reader::begin(pending, self.provisional()),
        });
        let Some(Event::Entry { entry, .. }) = queue.back_mut() else {
            return;
        };
        reader.complete(entry, self.russian);
        if let Some(tally) = &mut self.tally {
            tally.add(&self.statement, entry);
        }
        let sum = &mut self.counted[usize::from(entry.direction == Some(Direction::Credit))];
        sum.count += 1;
        sum.minor += i128::from(entry.amount.minor());
        self.days.see(entry.booked, entry.line);
        self.entries += 1;
    }

    /// Says what the file declares, and whether it adds up.
    pub(super) fn close(mut self, queue: &mut VecDeque<Event>) -> Before {
        self.begin(queue);
        let mut findings = Vec::new();
        self.look_at_edges(&mut findings);
        if let (Some(opening), Some(closing)) = (self.opening, self.closing) {
            let days = (opening.date, closing.date);
            findings.extend(self.days.outside(self.shown_account(), days));
        }
        let mut closing = self.closing;
        let mut statement = self.statement.clone();
        statement.opening = self.opening.map(|edge| edge.money);
        statement.closing = closing.map(|edge| edge.money);
        statement.period = self.period();
        for (credit, slot) in [(false, &mut statement.debits), (true, &mut statement.credits)] {
            let (declared, counted) = (self.declared[usize::from(credit)], self.counted[usize::from(credit)]);
            if let Some((count, sum, place)) = declared {
                *slot = Some(sum).filter(|sum| sum.currency() == self.currency);
                let agrees = count == counted.count && i128::from(sum.minor()) == counted.minor;
                if statement.provisional && !agrees {
                    findings.push(Self::unlike(credit, (count, sum), counted, place));
                } else if count != counted.count {
                    let (name, declared) = (side_name(credit), count.to_string());
                    findings.push(count_differs(
                        self.shown_account(),
                        name,
                        counted.count,
                        &declared,
                        place,
                    ));
                }
            }
        }
        let mut proving = Vec::new();
        let tally = self.tally.take().unwrap_or_else(|| Tally::of(&statement));
        let mut proof = self.prove(&tally, &statement, &mut proving);
        if let Some(cut) = closing.filter(|edge| edge.cut && proof != Proof::Proven) {
            let shown = cut.money.decimal();
            findings.push(Diagnostic::new(Code::MtClosingCut, cut.place, &shown, &[]));
            (closing, statement.closing) = (None, None);
            proving.clear();
            proof = self.prove(&tally, &statement, &mut proving);
        }
        proving.extend(self.explain(&proof, closing));
        // A file has many statements: the place says which of them is meant.
        let place = closing.map_or(self.start, |edge| edge.place);
        for finding in &mut proving {
            (finding.line, finding.column) = (place.line, place.column);
        }
        queue.extend(findings.into_iter().chain(proving).map(Event::Diagnostic));
        let account = statement.account.clone();
        queue.push_back(Event::End {
            statement: self.index,
            declared: statement,
            proof,
            days: Vec::new(),
        });
        Before {
            account,
            number: self.number,
            closing,
        }
    }

    fn prove(&self, tally: &Tally, statement: &Statement, findings: &mut Vec<Diagnostic>) -> Proof {
        if statement.provisional {
            return Proof::Silent;
        }
        tally.conclude(statement, &[], findings).0
    }

    /// What would make it add up.
    fn explain(&self, proof: &Proof, closing: Option<Edge>) -> Option<Diagnostic> {
        let (Proof::Broken { difference, .. }, Some(closing)) = (proof, closing) else {
            return None;
        };
        let twice = closing.money.checked_add(closing.money).ok()?;
        let by_sign = *difference == twice && !twice.is_zero();
        by_sign.then(|| Diagnostic::new(Code::MtClosingSign, closing.place, self.shown_account(), &[]))
    }

    fn look_at_edges(&self, findings: &mut Vec<Diagnostic>) {
        let account = self.shown_account();
        let shown = [Text::same(self.number.shown())];
        let mut find = |code, place| findings.push(Diagnostic::new(code, place, account, &shown));
        if self.provisional() {
            if !self.ended && self.declared == [None; 2] {
                find(Code::MtReportEnd, self.start);
            }
            return;
        }
        match self.opening {
            None => find(Code::MtNoOpening, self.start),
            Some(edge) if edge.interim => find(Code::MtFirstPage, edge.place),
            Some(_) => {}
        }
        match self.closing {
            None => find(Code::MtNoClosing, self.start),
            Some(edge) if edge.interim => find(Code::MtLastPage, edge.place),
            Some(_) => {}
        }
    }

    fn unlike(credit: bool, declared: (u64, Money), counted: Sum, place: Place) -> Diagnostic {
        let (count, sum) = declared;
        let name = side_name(credit);
        let counted_sum = Money::from_minor(i64::try_from(counted.minor).unwrap_or(i64::MAX), sum.currency());
        let details = [
            name,
            Text::same(counted.count.to_string()),
            Text::same(counted_sum.decimal()),
            Text::same(count.to_string()),
            Text::same(sum.decimal()),
        ];
        Diagnostic::new(Code::MtSum, place, "", &details)
    }

    /// From the first entry to the day of the closing balance: the opening one is of the day before, as a rule.
    fn period(&self) -> Option<Period> {
        let closing = self.closing.map(|edge| edge.date);
        let days = self.days.days();
        let from = days.map(|(first, _)| first).or(closing)?;
        let to = closing.into_iter().chain(days.map(|(_, last)| last)).max()?;
        Some(Period { from: from.min(to), to })
    }
}

fn side_name(credit: bool) -> Text {
    if credit {
        Text::new("поступлений", "credits")
    } else {
        Text::new("списаний", "debits")
    }
}
