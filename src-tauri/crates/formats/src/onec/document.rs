//! One document to entries: which own account it changes, which way, on which day, by how much.
//!
//! A document whose sum or day cannot be read is a diagnostic and no entry.

use chrono::NaiveDate;
use domain::{Content, Counterparty, Currency, Direction, Entry, EntryStatus, Money, RawFields, Text};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::day_text,
};

use super::{
    field::Field,
    parties::{Side, Sides, counterparty},
    records::{Block, Condition, Pair},
    survey::Survey,
    value::{amount, date},
};

/// Whose entry a document is, and which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Booking {
    statement: usize,
    direction: Option<Direction>,
}

/// The entries of a document, with the statement each belongs to: two for a transfer between own accounts of the file.
pub(super) fn read(block: Block, survey: &Survey, findings: &mut Vec<Diagnostic>) -> Vec<(usize, Entry)> {
    let mut document = Reader {
        block: &block,
        survey,
        findings,
    };
    match block.condition {
        Condition::Whole => {}
        Condition::Cut => {
            document.find(
                Code::OnecDocumentCut,
                Place::line(block.line),
                block.text(Field::Number),
                &[],
            );
            return Vec::new();
        }
        // Already reported where the limit was passed.
        Condition::TooLarge => return Vec::new(),
    }
    document.note_repeated_fields();
    let bookings = document.bookings();
    let mut entries = Vec::with_capacity(bookings.len());
    for booking in bookings {
        match document.entry(booking) {
            Some(entry) => entries.push((booking.statement, entry)),
            // What is wrong is wrong for both halves, and said once.
            None => return Vec::new(),
        }
    }
    let raw: RawFields = block.pairs.iter().map(|pair| (&pair.key, &pair.value)).collect();
    if let Some(((_, last), others)) = entries.split_last_mut() {
        for (_, entry) in others {
            entry.raw.clone_from(&raw);
        }
        last.raw = raw;
    }
    entries
}

struct Reader<'a> {
    block: &'a Block,
    survey: &'a Survey,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn find(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }

    fn filled(&self, field: Field) -> Option<&Pair> {
        self.block.get(field).filter(|pair| !pair.value.is_empty())
    }

    fn note_repeated_fields(&mut self) {
        let mut seen = std::collections::HashSet::new();
        for pair in &self.block.pairs {
            if let Some(field) = pair.field
                && !seen.insert(field)
            {
                self.findings
                    .push(Diagnostic::new(Code::OnecDuplicateKey, pair.place, &pair.key, &[]));
            }
        }
    }

    fn bookings(&mut self) -> Vec<Booking> {
        let sides = Sides::of(self.block);
        let own = |side: Side| {
            sides
                .of_side(side)
                .iter()
                .find_map(|account| self.survey.index.get(account).copied())
        };
        let (payer, payee) = (own(Side::Payer), own(Side::Payee));
        if self.survey.content == Content::Orders {
            let statement = payer.or(payee).or(self.survey.unknown).unwrap_or(0);
            return vec![Booking {
                statement,
                direction: None,
            }];
        }
        let booking = |statement, direction| Booking {
            statement,
            direction: Some(direction),
        };
        match (payer, payee) {
            (Some(payer), Some(payee)) if payer != payee => {
                self.check_currencies(payer, payee);
                vec![booking(payer, Direction::Debit), booking(payee, Direction::Credit)]
            }
            (Some(payer), None) => vec![booking(payer, Direction::Debit)],
            (None, Some(payee)) => vec![booking(payee, Direction::Credit)],
            (both, _) => {
                let statement = both.or(self.survey.unknown).unwrap_or(0);
                vec![Booking {
                    statement,
                    direction: self.direction_by_dates(),
                }]
            }
        }
    }

    /// The last resort: banks fill only the date that applies. Most of them.
    fn direction_by_dates(&mut self) -> Option<Direction> {
        let direction = match (self.filled(Field::Debited), self.filled(Field::Credited)) {
            (Some(_), None) => Some(Direction::Debit),
            (None, Some(_)) => Some(Direction::Credit),
            _ => None,
        };
        let place = Place::line(self.block.line);
        let number = self.block.text(Field::Number).to_owned();
        if direction.is_none() {
            self.find(Code::OnecDirection, place, &number, &[]);
        } else if !self.survey.index.is_empty() {
            // Where the file names no account at all, that was said once for the file.
            self.find(Code::OnecDirectionByDate, place, &number, &[]);
        }
        direction
    }

    fn check_currencies(&mut self, payer: usize, payee: usize) {
        let (from, to) = (self.survey.currency_of(payer), self.survey.currency_of(payee));
        if from != to {
            let names = [from, to].map(|currency| Text::same(currency.code()));
            self.find(Code::OnecCurrency, Place::line(self.block.line), "", &names);
        }
    }

    fn entry(&mut self, booking: Booking) -> Option<Entry> {
        let amount = self.amount(self.survey.currency_of(booking.statement));
        let document_date = self.filled(Field::Date).map(|pair| date(&pair.value));
        let booked = self.booked(booking.direction);
        let (amount, booked) = (amount?, booked?);
        if amount.is_zero() {
            let place = self
                .block
                .get(Field::Amount)
                .map_or(Place::line(self.block.line), |pair| pair.place);
            self.find(Code::OnecAmountZero, place, "", &[]);
        }
        if document_date == Some(None) && self.filled(Field::Date).is_some() {
            self.ignored_date(Field::Date);
        }
        self.check_period(booked);
        let is_order = self.survey.content == Content::Orders;
        let side = match booking.direction {
            Some(Direction::Credit) => Side::Payer,
            Some(Direction::Debit) | None => Side::Payee,
        };
        let words = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Some(Entry {
            direction: booking.direction,
            status: if is_order {
                EntryStatus::Pending
            } else {
                EntryStatus::Booked
            },
            reversal: false,
            amount,
            booked,
            value: None,
            kind: words(&self.block.title),
            number: words(self.block.text(Field::Number)),
            document_date: document_date.flatten(),
            counterparty: self.counterparty(side),
            purpose: self.purpose(),
            bank_reference: None,
            end_to_end_id: None,
            line: self.block.line,
            details: Vec::new(),
            raw: RawFields::default(),
        })
    }

    fn counterparty(&self, side: Side) -> Counterparty {
        counterparty(self.block, side)
    }

    fn amount(&mut self, currency: Currency) -> Option<Money> {
        let Some(pair) = self.filled(Field::Amount) else {
            let place = Place::line(self.block.line);
            let number = self.block.text(Field::Number).to_owned();
            self.find(Code::OnecAmountMissing, place, &number, &[]);
            return None;
        };
        let (place, value) = (pair.place, pair.value.clone());
        let amount = amount(&value, currency);
        if amount.is_none() {
            self.find(Code::OnecAmount, place, &value, &[]);
        }
        amount
    }

    /// The day the balance changed: the date of its own direction, else the document's.
    fn booked(&mut self, direction: Option<Direction>) -> Option<NaiveDate> {
        let (own, other) = match direction {
            Some(Direction::Debit) => (Some(Field::Debited), Some(Field::Credited)),
            Some(Direction::Credit) => (Some(Field::Credited), Some(Field::Debited)),
            None => (None, None),
        };
        if let Some(other) = other
            && self.filled(other).is_some_and(|pair| date(&pair.value).is_none())
        {
            self.ignored_date(other);
        }
        let fields = [own, Some(Field::Date)].into_iter().flatten().chain(match direction {
            Some(_) => other,
            None => None,
        });
        for field in fields {
            let Some(pair) = self.filled(field) else { continue };
            let (place, value) = (pair.place, pair.value.clone());
            let day = date(&value);
            if day.is_none() {
                self.find(Code::OnecDate, place, &value, &[Text::same(field.name())]);
            }
            return day;
        }
        let place = Place::line(self.block.line);
        let number = self.block.text(Field::Number).to_owned();
        self.find(Code::OnecDateMissing, place, &number, &[]);
        None
    }

    fn ignored_date(&mut self, field: Field) {
        if let Some(pair) = self.filled(field) {
            let (place, value) = (pair.place, pair.value.clone());
            self.find(Code::OnecDateIgnored, place, &value, &[Text::same(field.name())]);
        }
    }

    fn check_period(&mut self, booked: NaiveDate) {
        let Some(period) = self.survey.period else { return };
        let (from, to) = (period.from.min(period.to), period.from.max(period.to));
        if !(from..=to).contains(&booked) {
            let place = Place::line(self.block.line);
            self.find(Code::OnecDateOutside, place, "", &[day_text(booked)]);
        }
    }

    /// The whole, or its lines joined.
    fn purpose(&self) -> String {
        let whole = self.block.text(Field::Purpose);
        if !whole.is_empty() {
            return whole.to_owned();
        }
        let lines = [
            Field::Purpose1,
            Field::Purpose2,
            Field::Purpose3,
            Field::Purpose4,
            Field::Purpose5,
            Field::Purpose6,
        ];
        let filled = lines
            .map(|field| self.block.text(field))
            .into_iter()
            .filter(|line| !line.is_empty());
        filled.collect::<Vec<_>>().join(" ")
    }
}
