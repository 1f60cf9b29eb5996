//! The second pass over a table: entries, totals held against them, and the balance that runs beside them.

use std::{collections::VecDeque, io};

use domain::{Content, Direction, Entry, Money, Statement, StatementAccount, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::{Tally, day_text},
    reading::{Event, Source},
};

use super::{
    entry,
    field::Field,
    labels::{self, Label},
    layout::{Layout, Running},
    row::{Row, Rows},
    survey::{self, RowKind},
};

/// Sums of entries in minor units, wide enough for any number of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    debits: i128,
    credits: i128,
}

impl Sums {
    fn add(&mut self, entry: &Entry) {
        let minor = i128::from(entry.amount.minor());
        match entry.direction {
            Some(Direction::Debit) => self.debits += minor,
            Some(Direction::Credit) => self.credits += minor,
            None => {}
        }
    }
}

pub(super) struct Entries<'a> {
    rows: Box<dyn Rows + 'a>,
    layout: Layout,
    statements: Vec<(Statement, Tally)>,
    index: usize,
    row: Row,
    /// Since the beginning, and since the last row of totals.
    whole: Sums,
    part: Sums,
    first_balance: Option<Money>,
    last: Option<(Money, Money)>,
    findings: Vec<Diagnostic>,
    begun: bool,
    done: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn new(rows: Box<dyn Rows + 'a>, layout: Layout, findings: Vec<Diagnostic>) -> Self {
        let only = layout.accounts.len() <= 1;
        let one = |account: Option<&StatementAccount>| {
            let money = |sum: &Option<super::preamble::Sum>| {
                sum.as_ref()
                    .filter(|_| only)
                    .and_then(|sum| balance(sum, &layout, account))
            };
            let [debits, credits] = &layout.turnovers;
            let turnover = |sum| {
                money(sum).and_then(|sum| {
                    if sum.is_negative() {
                        sum.checked_neg().ok()
                    } else {
                        Some(sum)
                    }
                })
            };
            Statement {
                period: layout.period,
                opening: money(&layout.opening),
                closing: money(&layout.closing),
                debits: turnover(debits),
                credits: turnover(credits),
                ..Statement::of(account.cloned(), Content::Statement)
            }
        };
        let statements: Vec<Statement> = if layout.accounts.is_empty() {
            vec![one(None)]
        } else {
            layout.accounts.iter().map(|account| one(Some(account))).collect()
        };
        Self {
            rows,
            statements: statements
                .into_iter()
                .map(|statement| {
                    let tally = Tally::of(&statement);
                    (statement, tally)
                })
                .collect(),
            layout,
            index: 0,
            row: Row::default(),
            whole: Sums::default(),
            part: Sums::default(),
            first_balance: None,
            last: None,
            findings,
            begun: false,
            done: false,
        }
    }

    fn begin(&mut self, queue: &mut VecDeque<Event>) {
        let unread = [(&self.layout.opening, false), (&self.layout.closing, true)];
        for (sum, closing) in unread {
            let first = self.statements.first().map(|(statement, _)| statement);
            let read = first.and_then(|statement| if closing { statement.closing } else { statement.opening });
            if let (Some(sum), None, true) = (sum, read, self.statements.len() == 1) {
                let which = if closing {
                    Text::new("исходящий", "closing")
                } else {
                    Text::new("входящий", "opening")
                };
                self.findings
                    .push(Diagnostic::new(Code::TableBalance, Place::line(sum.line), "", &[which]));
            }
        }
        if !self.layout.currency_is_known {
            self.findings
                .push(Diagnostic::new(Code::TableNoCurrency, Place::WHOLE_FILE, "", &[]));
        }
        if self.layout.accounts.is_empty() {
            self.findings
                .push(Diagnostic::new(Code::TableNoAccount, Place::WHOLE_FILE, "", &[]));
        }
        queue.extend(self.findings.drain(..).map(Event::Diagnostic));
        for (index, (statement, _)) in self.statements.iter().enumerate() {
            let statement = statement.clone();
            queue.push_back(Event::Statement { index, statement });
        }
    }

    fn row(&mut self, queue: &mut VecDeque<Event>) {
        if let Some(why) = entry::fault(&self.row) {
            self.findings.push(why);
            return;
        }
        match survey::kind(&self.row, &self.layout.header, &self.layout.marks) {
            RowKind::Entry => self.entry(queue),
            RowKind::Labelled(label, Label::Total { part }) => self.total(label, part),
            RowKind::Dayless => self.dayless(),
            RowKind::Stray if entry::begins_an_entry(&self.row, &self.layout) => {
                let place = Place::line(self.row.line);
                self.findings
                    .push(Diagnostic::new(Code::TableCut, place, &self.row.joined(), &[]));
            }
            RowKind::Stray | RowKind::Owner => {
                let place = Place::line(self.row.line);
                self.findings
                    .push(Diagnostic::new(Code::TableStrayRow, place, &self.row.joined(), &[]));
            }
            RowKind::Labelled(..) | RowKind::Header | RowKind::Numbering => {}
        }
    }

    fn entry(&mut self, queue: &mut VecDeque<Event>) {
        let before = self.findings.len();
        let read = entry::read(&self.row, &self.layout, &mut self.findings);
        if let (Some(read), Some(period)) = (&read, self.layout.bounds)
            && !(period.from..=period.to).contains(&read.entry.booked)
        {
            self.findings.push(Diagnostic::new(
                Code::TableDateOutside,
                Place::line(self.row.line),
                "",
                &[day_text(read.entry.booked)],
            ));
        }
        let index = read
            .as_ref()
            .and_then(|read| read.statement)
            .or_else(|| entry::statement(&self.row, &self.layout))
            .unwrap_or(0);
        for finding in &mut self.findings[before..] {
            finding.statement = Some(index);
        }
        let Some(read) = read else {
            return;
        };
        self.run(&read);
        self.whole.add(&read.entry);
        self.part.add(&read.entry);
        if let Some((statement, tally)) = self.statements.get_mut(index) {
            tally.add(statement, &read.entry);
        }
        queue.push_back(Event::Entry {
            statement: index,
            entry: read.entry,
        });
    }

    /// The balance after the entry against the one of the row before.
    fn run(&mut self, read: &entry::Read) {
        let (Some(order), Some(balance), Some(effect)) = (self.layout.running, read.balance, read.entry.effect())
        else {
            return;
        };
        if let Some((before, effect_before)) = self.last {
            let expected = match order {
                Running::OldestFirst => before.checked_add(effect),
                Running::NewestFirst => before.checked_sub(effect_before),
            };
            if expected.as_ref() != Ok(&balance) {
                let difference = expected
                    .and_then(|expected| balance.checked_sub(expected))
                    .unwrap_or(balance);
                let details = [Text::same(difference.decimal())];
                self.findings.push(Diagnostic::new(
                    Code::TableRunning,
                    Place::line(read.entry.line),
                    &balance.decimal(),
                    &details,
                ));
            }
        } else {
            self.first_balance = match order {
                Running::OldestFirst => balance.checked_sub(effect).ok(),
                Running::NewestFirst => Some(balance),
            };
        }
        self.last = Some((balance, effect));
    }

    /// A row of sums without a day and without words: what else could it be than a total.
    fn dayless(&mut self) {
        let sums = self.totals(0);
        let agrees = [self.whole, self.part].iter().any(|counted| agrees(&sums, *counted));
        if agrees && !sums.is_empty() {
            self.total(0, true);
        } else {
            let place = Place::line(self.row.line);
            self.findings.push(Diagnostic::new(
                Code::TableDateMissing,
                place,
                &self.row.joined(),
                &[Text::same("")],
            ));
        }
    }

    /// What a row says of the columns of sums, as far as it is read.
    fn totals(&self, label: usize) -> Vec<(Field, i128)> {
        let currency = self
            .layout
            .accounts
            .first()
            .map_or(self.layout.currency, |account| account.currency);
        let sums: Vec<(Field, i128)> = [Field::Debit, Field::Credit, Field::Amount]
            .into_iter()
            .filter_map(|field| {
                let column = self.layout.column(field)?;
                let cell = self.row.cells.get(column).filter(|_| column != label || label == 0)?;
                let money = self.layout.money(&labels::sum(cell)?, currency)?;
                Some((field, i128::from(money.minor())))
            })
            .collect();
        // «Оборот по кредиту; 250,00»: what the words say goes before the column, which is just the next one.
        match (sums.as_slice(), labels::side(self.row.text(label))) {
            ([(_, minor)], Some(direction)) => vec![(side_of(direction), minor.abs())],
            _ => sums,
        }
    }

    /// «Обороты по дебету: 500,00», in one cell or in cells that are no columns of sums.
    fn told_in_words(&self, label: usize) -> Option<(Field, i128)> {
        let direction = labels::side(self.row.text(label))?;
        let currency = self
            .layout
            .accounts
            .first()
            .map_or(self.layout.currency, |account| account.currency);
        let [(_, written)] = labels::sums(&self.row, label).try_into().ok()?;
        let money = self.layout.money(&written, currency)?;
        Some((side_of(direction), i128::from(money.minor()).abs()))
    }

    fn counted(&self) -> Text {
        let currency = self
            .layout
            .accounts
            .first()
            .map_or(self.layout.currency, |account| account.currency);
        let text = |minor: i128| Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), currency).decimal();
        Text::same(format!("−{} +{}", text(self.whole.debits), text(self.whole.credits)))
    }

    fn total(&mut self, label: usize, part: bool) {
        let mut sums = self.totals(label);
        if sums.is_empty() {
            sums.extend(self.told_in_words(label));
        }
        if sums.is_empty() {
            return;
        }
        let (whole, since) = (agrees(&sums, self.whole), agrees(&sums, self.part));
        self.part = Sums::default();
        if !whole && !since {
            let counted = self.counted();
            self.findings.push(Diagnostic::new(
                Code::TableTotal,
                Place::line(self.row.line),
                &self.row.joined(),
                &[counted],
            ));
        }
        // What was said of the whole is what the last such row says.
        if (whole || (!since && !part))
            && let [(statement, _)] = self.statements.as_mut_slice()
        {
            let currency = statement
                .account
                .as_ref()
                .map_or(self.layout.currency, |account| account.currency);
            for (field, minor) in sums {
                let money = i64::try_from(minor.unsigned_abs())
                    .ok()
                    .map(|minor| Money::from_minor(minor, currency));
                match field {
                    Field::Debit => statement.debits = money,
                    Field::Credit => statement.credits = money,
                    _ => {}
                }
            }
        }
    }

    fn conclude(&mut self, queue: &mut VecDeque<Event>) {
        if let ([(statement, _)], Some(first), Some((last, _)), Some(order)) = (
            self.statements.as_mut_slice(),
            self.first_balance,
            self.last,
            self.layout.running,
        ) {
            let (opening, closing) = match order {
                Running::OldestFirst => (Some(first), last),
                Running::NewestFirst => (
                    self.last.and_then(|(balance, effect)| balance.checked_sub(effect).ok()),
                    first,
                ),
            };
            statement.opening = statement.opening.or(opening);
            statement.closing = statement.closing.or(Some(closing));
        }
        if let [(statement, _)] = self.statements.as_slice()
            && statement.opening.is_some()
            && statement.closing.is_none()
            && self.layout.closing.is_none()
        {
            queue.push_back(Event::Diagnostic(Diagnostic::new(
                Code::TableNoClosing,
                Place::WHOLE_FILE,
                "",
                &[],
            )));
        }
        for (index, (statement, tally)) in self.statements.iter().enumerate() {
            let mut findings = Vec::new();
            let (proof, days) = tally.conclude(statement, &[], &mut findings);
            queue.extend(findings.into_iter().map(Event::Diagnostic));
            queue.push_back(Event::End {
                statement: index,
                declared: statement.clone(),
                proof,
                days,
            });
        }
    }
}

const fn side_of(direction: Direction) -> Field {
    match direction {
        Direction::Debit => Field::Debit,
        Direction::Credit => Field::Credit,
    }
}

/// Whether totals agree with what was counted. One column of signed sums may show what is left, or all that moved.
fn agrees(sums: &[(Field, i128)], counted: Sums) -> bool {
    sums.iter().all(|(field, minor)| match field {
        Field::Debit => minor.abs() == counted.debits,
        Field::Credit => *minor == counted.credits,
        _ => [counted.credits - counted.debits, counted.credits + counted.debits].contains(minor),
    })
}

/// A balance in one number, or in a pair of columns for debit and credit of which one is zero.
pub(super) fn balance(
    sum: &super::preamble::Sum,
    layout: &Layout,
    account: Option<&StatementAccount>,
) -> Option<Money> {
    let currency = account.map_or(layout.currency, |account| account.currency);
    let read: Vec<(usize, Money)> = sum
        .sums
        .iter()
        .filter(|(_, written)| written.currency.is_none_or(|named| named == currency))
        .filter_map(|(column, written)| Some((*column, layout.money_beside(written, currency)?)))
        .collect();
    let of_debits = |column: usize| !sum.above && layout.column(Field::Debit) == Some(column);
    match *read.as_slice() {
        // Alone among the debits: overdrawn, or just put there.
        [(column, money)] if !of_debits(column) || money.is_zero() => Some(money),
        [(first, a), (second, b)] if !sum.above && a.is_zero() != b.is_zero() => {
            let (column, money) = if a.is_zero() { (second, b) } else { (first, a) };
            if of_debits(column) {
                money.checked_neg().ok()
            } else {
                Some(money)
            }
        }
        [(_, a), (_, b)] if a.is_zero() && b.is_zero() => Some(a),
        _ => None,
    }
}

impl Source for Entries<'_> {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        if !std::mem::replace(&mut self.begun, true) {
            self.begin(queue);
            return Ok(true);
        }
        if self.done {
            return Ok(false);
        }
        if self.rows.read(&mut self.row)? {
            if self.index >= self.layout.header.end() {
                self.row(queue);
            }
            self.index += 1;
        } else {
            self.done = true;
        }
        self.findings.extend(self.rows.findings());
        for finding in self.findings.drain(..) {
            queue.push_back(Event::Diagnostic(finding));
        }
        if self.done {
            self.conclude(queue);
        }
        Ok(true)
    }
}
