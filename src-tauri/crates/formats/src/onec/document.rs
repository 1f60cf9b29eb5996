//! One document to entries: which own account it changes, which way, on which day, by how much.
//!
//! A document whose sum or day cannot be read is a diagnostic and no entry.

use chrono::NaiveDate;
use domain::{Content, Currency, Direction, Entry, EntryStatus, Money, RawFields, ShortText, Text};
use memchr::memchr;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    proving::day_text,
};

use super::{
    block::{Block, Condition, Value},
    field::Field,
    parties::{Side, Sides, counterparty},
    survey::Survey,
    transfers::Half,
    value::{amount, date},
};

/// Whose entry a document is, and which way the money went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Booking {
    statement: usize,
    direction: Option<Direction>,
}

/// The entries of a document, with the statement each belongs to, into `entries`, which is empty: two for a transfer
/// between own accounts of the file.
pub(super) fn read(block: &Block, survey: &Survey, findings: &mut Vec<Diagnostic>, entries: &mut Vec<(usize, Entry)>) {
    let mut document = Reader {
        block,
        survey,
        findings,
    };
    match block.condition {
        Condition::Whole => {}
        Condition::Cut => {
            let place = Place::line(block.line);
            document.find(Code::OnecDocumentCut, place, block.text(Field::Number), &[]);
            return;
        }
        // Already reported where the limit was passed.
        Condition::TooLarge => return,
    }
    let before = document.findings.len();
    for (place, key) in block.repetitions() {
        document.find(Code::OnecDuplicateKey, place, key, &[]);
    }
    let bookings = document.bookings();
    let first = bookings[0].map(|booking| booking.statement);
    take(&mut document, bookings, entries);
    for finding in findings.get_mut(before..).into_iter().flatten() {
        finding.statement = first;
    }
}

fn take(document: &mut Reader<'_>, bookings: [Option<Booking>; 2], entries: &mut Vec<(usize, Entry)>) {
    for booking in bookings.into_iter().flatten() {
        let Some(mut entry) = document.entry(booking) else {
            // What is wrong is wrong for both halves, and said once.
            entries.clear();
            return;
        };
        entry.raw.clone_from(document.block.raw());
        entries.push((booking.statement, entry));
    }
}

struct Reader<'a> {
    block: &'a Block,
    survey: &'a Survey,
    findings: &'a mut Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn find(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }

    fn filled(&self, field: Field) -> Option<Value<'a>> {
        self.block.filled(field)
    }

    fn bookings(&mut self) -> [Option<Booking>; 2] {
        let sides = Sides::of(self.block);
        let own = |side: Side| {
            sides
                .of_side(side)
                .find_map(|account| self.survey.index.get(account).copied())
        };
        let (payer, payee) = (own(Side::Payer), own(Side::Payee));
        if self.survey.content == Content::Orders {
            let statement = payer.or(payee).or(self.survey.unknown).unwrap_or(0);
            let direction = None;
            return [Some(Booking { statement, direction }), None];
        }
        let booking = |statement, direction| {
            let direction = Some(direction);
            Some(Booking { statement, direction })
        };
        match (payer, payee) {
            (Some(payer), Some(payee)) if payer != payee => {
                let number = |at: usize| self.survey.number_of(at);
                match self.survey.transfers.half(self.block, number(payer), number(payee)) {
                    Some(Half::Left) => return [booking(payer, Direction::Debit), None],
                    Some(Half::Came) => return [booking(payee, Direction::Credit), None],
                    None => {}
                }
                self.check_currencies(payer, payee);
                [booking(payer, Direction::Debit), booking(payee, Direction::Credit)]
            }
            (Some(payer), None) => [booking(payer, Direction::Debit), None],
            (None, Some(payee)) => [booking(payee, Direction::Credit), None],
            (both, _) => {
                let statement = both.or(self.survey.unknown).unwrap_or(0);
                let direction = self.direction_by_dates();
                [Some(Booking { statement, direction }), None]
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
        let number = self.block.text(Field::Number);
        if direction.is_none() {
            self.find(Code::OnecDirection, place, number, &[]);
        } else if !self.survey.index.is_empty() {
            // Where the file names no account at all, that was said once for the file.
            self.find(Code::OnecDirectionByDate, place, number, &[]);
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
        let document_date = self.filled(Field::Date).map(|value| date(value.text));
        let booked = self.booked(booking.direction);
        let (amount, booked) = (amount?, booked?);
        if amount.is_zero() {
            let place = self
                .block
                .get(Field::Amount)
                .map_or(Place::line(self.block.line), |value| value.place());
            self.find(Code::OnecAmountZero, place, "", &[]);
        }
        if document_date == Some(None) && self.filled(Field::Date).is_some() {
            self.ignored_date(Field::Date);
        }
        self.check_period(booked, booking.statement);
        self.check_letters();
        let is_order = self.survey.content == Content::Orders;
        let side = match booking.direction {
            Some(Direction::Credit) => Side::Payer,
            Some(Direction::Debit) | None => Side::Payee,
        };
        let words = |text: &str| (!text.is_empty()).then(|| ShortText::from(text));
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
            counterparty: counterparty(self.block, side),
            purpose: self.purpose(),
            bank_reference: None,
            end_to_end_id: None,
            line: self.block.line,
            details: Vec::new(),
            raw: RawFields::default(),
        })
    }

    fn amount(&mut self, currency: Currency) -> Option<Money> {
        let Some(value) = self.filled(Field::Amount) else {
            let place = Place::line(self.block.line);
            let number = self.block.text(Field::Number);
            self.find(Code::OnecAmountMissing, place, number, &[]);
            return None;
        };
        let amount = amount(value.text, currency);
        if amount.is_none() {
            self.find(Code::OnecAmount, value.place(), value.text, &[]);
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
            && self.filled(other).is_some_and(|value| date(value.text).is_none())
        {
            self.ignored_date(other);
        }
        let fields = [own, Some(Field::Date)].into_iter().flatten().chain(match direction {
            Some(_) => other,
            None => None,
        });
        for field in fields {
            let Some(value) = self.filled(field) else { continue };
            let day = date(value.text);
            if day.is_none() {
                let name = [Text::same(field.name())];
                self.find(Code::OnecDate, value.place(), value.text, &name);
            }
            return day;
        }
        let place = Place::line(self.block.line);
        let number = self.block.text(Field::Number);
        self.find(Code::OnecDateMissing, place, number, &[]);
        None
    }

    fn ignored_date(&mut self, field: Field) {
        if let Some(value) = self.filled(field) {
            let name = [Text::same(field.name())];
            self.find(Code::OnecDateIgnored, value.place(), value.text, &name);
        }
    }

    /// The header's period, and that of the account's sections.
    fn check_period(&mut self, booked: NaiveDate, statement: usize) {
        let header = self.survey.period.map(|period| (period.from, period.to));
        let sections = self.survey.accounts.get(statement).and_then(|account| account.span);
        let outside = |(from, to): (NaiveDate, NaiveDate)| !(from.min(to)..=from.max(to)).contains(&booked);
        if header.is_some_and(outside) || sections.is_some_and(outside) {
            let place = Place::line(self.block.line);
            self.find(Code::OnecDateOutside, place, "", &[day_text(booked)]);
        }
    }

    /// A re-save may have kept the keys and lost the letters of what people wrote.
    fn check_letters(&mut self) {
        for field in [
            Field::Purpose,
            Field::Payer,
            Field::Payer1,
            Field::Receiver,
            Field::Payee1,
        ] {
            if let Some(value) = self.filled(field)
                && is_questioned(value.text)
            {
                self.find(Code::EncodingQuestioned, value.place(), value.text, &[]);
                return;
            }
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

/// More question marks than letters, and some of them in a row.
fn is_questioned(text: &str) -> bool {
    if memchr(b'?', text.as_bytes()).is_none() || !text.contains("???") {
        return false;
    }
    let marks = text.bytes().filter(|byte| *byte == b'?').count();
    marks > text.chars().filter(|letter| letter.is_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::is_questioned;

    #[test]
    fn lost_letters_are_told_from_questions() {
        for (text, lost) in [
            ("?????? ?? ????? 145", true),
            ("??? LIMITED", false),
            ("??? \"???????\"", true),
            ("Оплата??? Нет!", false),
            ("??", false),
            ("Возврат?", false),
            ("", false),
        ] {
            assert_eq!(is_questioned(text), lost, "{text}");
        }
    }
}
