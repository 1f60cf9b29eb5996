//! A row to an entry.

use chrono::NaiveDate;
use domain::{Counterparty, Currency, Direction, Entry, EntryStatus, Money, RawFields, ShortText, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{
    direction,
    field::{Field, Part, Side},
    labels,
    layout::Layout,
    number::{Sign, Written},
    party::{self, bank_taken_apart, codes_taken_apart, present, squeezed, taken_apart},
    preamble,
    profile::SignRule,
    row::{CellKind, Fault, Row},
    status,
    survey::{compact, side_accounts},
};

/// An entry, the statement it is of, and the balance its row shows after it.
pub(super) struct Read {
    pub(super) statement: Option<usize>,
    pub(super) entry: Entry,
    pub(super) balance: Option<Money>,
}

/// `None`: it could not be read, and `findings` says why.
pub(super) fn read(row: &Row, layout: &Layout, findings: &mut Vec<Diagnostic>) -> Option<Read> {
    let reader = RowReader { row, layout };
    match reader.read(findings) {
        Ok(read) => Some(read),
        Err(why) => {
            findings.push(*why);
            None
        }
    }
}

/// Whose row it is, as far as its own account tells.
pub(super) fn statement(row: &Row, layout: &Layout) -> Option<usize> {
    layout.statement_of(&compact(row.text(layout.column(Field::Account)?)))
}

pub(super) fn fault(row: &Row) -> Option<Diagnostic> {
    let place = Place::line(row.line);
    row.fault.map(|fault| match fault {
        Fault::TooLarge => {
            let limits = [super::COLUMNS_MAX, super::ROW_BYTES_MAX, super::CELL_BYTES_MAX];
            let limits = limits.map(|limit| Text::same(limit.to_string()));
            Diagnostic::new(Code::TableRowTooLarge, place, "", &limits)
        }
        Fault::Swallowed { to } => {
            let to = Text::same(to.to_string());
            Diagnostic::new(Code::TableQuote, place, &row.joined(), &[to])
        }
    })
}

/// The last row of a file, where no line end follows and it may be half a row: cells are missing, or it stops within a
/// sum or a day.
fn breaks_off(row: &Row, layout: &Layout) -> bool {
    let Some(last) = row.cells.last().filter(|_| row.ends_file) else {
        return false;
    };
    let column = row.cells.len() - 1;
    let is = |fields: &[Field]| fields.iter().any(|field| layout.column(*field) == Some(column));
    let missing = row.cells.len() < layout.header.texts.len() && layout.widths.is_some();
    let half_a_sum = is(&[Field::Debit, Field::Credit, Field::Amount, Field::Balance])
        && !layout.decimal.ends_with_kopecks(&last.text)
        && !last.text.is_empty();
    let half_a_day = is(&[Field::Date, Field::ValueDate, Field::DocumentDate]) && last.text.len() < DAY_BYTES;
    missing || half_a_sum || half_a_day
}

/// The last row, where the file breaks off inside of its day: it is half of an entry and nothing that may be skipped.
pub(super) fn begins_an_entry(row: &Row, layout: &Layout) -> bool {
    let mut filled = row.filled();
    let (Some((column, cell)), None) = (filled.next(), filled.next()) else {
        return false;
    };
    let half_a_day = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '/');
    row.ends_file && layout.marks.days.contains(&column) && cell.text.chars().all(half_a_day)
}

struct RowReader<'a> {
    row: &'a Row,
    layout: &'a Layout,
}

/// `дд.мм.гггг`, `гггг-мм-дд`: a day that is written out.
const DAY_BYTES: usize = 10;

/// Boxed: a refusal is rare and large, an entry passes here by the million.
type Refused<T> = Result<T, Box<Diagnostic>>;

impl RowReader<'_> {
    fn read(&self, findings: &mut Vec<Diagnostic>) -> Refused<Read> {
        self.width()?;
        if breaks_off(self.row, self.layout) {
            let place = Place::line(self.row.line);
            return Err(Box::new(Diagnostic::new(
                Code::TableCut,
                place,
                &self.row.joined(),
                &[],
            )));
        }
        let own = self.text(Field::Account).map(compact).filter(|own| !own.is_empty());
        let statement = self.statement(own.as_deref())?;
        let currency = self.currency(statement)?;
        let sides = [Side::Payer, Side::Payee].map(|side| self.side_accounts(side));
        let (direction, amount) = self.sum(currency, statement, &sides)?;
        let booked = self.booked(direction)?;
        let counterparty = self.counterparty(direction, findings);
        let balance = self.cell(Field::Balance).and_then(|(_, cell)| labels::sum(cell));
        Ok(Read {
            statement,
            balance: balance.and_then(|written| self.layout.money(&written, currency)),
            entry: Entry {
                direction: Some(direction),
                status: self.status(findings),
                reversal: false,
                amount,
                booked,
                value: self.date(Field::ValueDate),
                kind: self.words(Field::Kind),
                number: self.words(Field::Number),
                document_date: self.date(Field::DocumentDate),
                counterparty,
                purpose: self.text(Field::Purpose).unwrap_or_default().to_owned(),
                bank_reference: self.words(Field::Reference),
                end_to_end_id: None,
                line: self.row.line,
                details: Vec::new(),
                raw: self.raw(),
            },
        })
    }

    fn refuse(&self, code: Code, column: Option<usize>, excerpt: &str) -> Box<Diagnostic> {
        let name = column.and_then(|column| self.layout.header.texts.get(column));
        let details = [Text::same(name.map_or("", String::as_str))];
        let place = Place {
            line: self.row.line,
            column: column.map_or(1, |column| column as u64 + 1),
        };
        Box::new(Diagnostic::new(code, place, excerpt, &details))
    }

    /// A row of another width has lost or won a separator: its cells may stand in the wrong columns.
    fn width(&self) -> Refused<()> {
        let Some(widths) = &self.layout.widths else {
            return Ok(());
        };
        let header = self.layout.header.texts.len();
        let width = self.row.width_over(header);
        if width <= header && widths.contains(&width) {
            return Ok(());
        }
        let details = [Text::same(width.to_string()), Text::same(header.to_string())];
        Err(Box::new(Diagnostic::new(
            Code::TableWidth,
            Place::line(self.row.line),
            &self.row.joined(),
            &details,
        )))
    }

    fn cell(&self, field: Field) -> Option<(usize, &super::row::Cell)> {
        let column = self.layout.column(field)?;
        let cell = self.row.cells.get(column).filter(|cell| !cell.text.is_empty())?;
        Some((column, cell))
    }

    fn text(&self, field: Field) -> Option<&str> {
        self.cell(field).map(|(_, cell)| cell.text.as_str())
    }

    fn words(&self, field: Field) -> Option<ShortText> {
        let (_, cell) = self.cell(field)?;
        let number = match cell.kind {
            // A number of a document that Excel keeps as a number: `12.0` is 12.
            CellKind::Number => crate::decimal::Decimal::parse(&cell.text),
            _ => None,
        };
        Some(number.map_or_else(|| cell.text.as_str().into(), |number| number.plain().into()))
    }

    /// A row whose state is not understood is left to a person: money is not booked on a guess.
    fn status(&self, findings: &mut Vec<Diagnostic>) -> EntryStatus {
        let Some((column, cell)) = self.cell(Field::Status) else {
            return EntryStatus::Booked;
        };
        status::of(&cell.text).unwrap_or_else(|| {
            findings.push(*self.refuse(Code::TableStatus, Some(column), &cell.text));
            EntryStatus::Pending
        })
    }

    fn date(&self, field: Field) -> Option<NaiveDate> {
        let (_, cell) = self.cell(field)?;
        labels::date(cell)?.date(self.layout.days)
    }

    fn booked(&self, direction: Direction) -> Refused<NaiveDate> {
        let column = match (self.layout.day_pair, direction) {
            (Some((of_debits, _)), Direction::Debit) => Some(of_debits),
            (Some((_, of_credits)), Direction::Credit) => Some(of_credits),
            (None, _) => self.layout.column(Field::Date),
        };
        let cell = column
            .and_then(|column| self.row.cells.get(column))
            .filter(|cell| !cell.text.is_empty());
        let Some(cell) = cell else {
            return Err(self.refuse(Code::TableDateMissing, column, &self.row.joined()));
        };
        let date = labels::date(cell).and_then(|written| written.date(self.layout.days));
        date.ok_or_else(|| self.refuse(Code::TableDate, column, &cell.text))
    }

    fn statement(&self, own: Option<&str>) -> Refused<Option<usize>> {
        let accounts = &self.layout.accounts;
        if accounts.is_empty() {
            return Ok(None);
        }
        let Some(own) = own else {
            if accounts.len() == 1 {
                return Ok(Some(0));
            }
            let column = self.layout.column(Field::Account);
            return Err(self.refuse(Code::TableOwnAccount, column, ""));
        };
        let found = self.layout.statement_of(own);
        if found.is_none() {
            return Err(self.refuse(Code::TableOwnAccount, self.layout.column(Field::Account), own));
        }
        Ok(found)
    }

    /// The entry's currency must be the account's: a sum in another one is another sum.
    fn currency(&self, statement: Option<usize>) -> Refused<Currency> {
        let account = statement.and_then(|at| self.layout.accounts.get(at));
        let expected = account.map(|account| account.currency);
        let Some((column, cell)) = self.cell(Field::Currency) else {
            return Ok(expected.unwrap_or(self.layout.currency));
        };
        let named =
            preamble::currency(&cell.text).or_else(|| cell.text.split_whitespace().find_map(preamble::currency));
        match (named, expected) {
            (None, _) => Err(self.refuse(Code::TableCurrency, Some(column), &cell.text)),
            (Some(named), Some(expected)) if named != expected => {
                Err(self.refuse(Code::TableCurrency, Some(column), &cell.text))
            }
            (Some(named), _) => Ok(named),
        }
    }

    fn amount(&self, column: usize, cell: &super::row::Cell, currency: Currency) -> Refused<(Written, Money)> {
        let refused = || self.refuse(Code::TableAmount, Some(column), &cell.text);
        let written = labels::sum(cell).ok_or_else(refused)?;
        if written.currency.is_some_and(|named| named != currency) {
            return Err(self.refuse(Code::TableCurrency, Some(column), &cell.text));
        }
        let money = written.money(self.layout.decimal, currency).ok_or_else(refused)?;
        Ok((written, money))
    }

    fn sum(
        &self,
        currency: Currency,
        statement: Option<usize>,
        sides: &[Vec<String>; 2],
    ) -> Refused<(Direction, Money)> {
        if self.layout.sign == SignRule::Columns {
            return self.sum_of_two(currency);
        }
        let Some((column, cell)) = self.cell(Field::Amount) else {
            return Err(self.refuse(
                Code::TableAmountMissing,
                self.layout.column(Field::Amount),
                &self.row.joined(),
            ));
        };
        let (written, money) = self.amount(column, cell, currency)?;
        let minus = written.sign == Sign::Minus;
        let contradicts = || self.refuse(Code::TableSign, Some(column), &cell.text);
        let direction = match self.layout.sign {
            SignRule::Signed if minus => Direction::Debit,
            SignRule::Signed => Direction::Credit,
            SignRule::Direction => {
                let (at, word) = self
                    .cell(Field::Direction)
                    .map_or((None, ""), |(at, cell)| (Some(at), cell.text.as_str()));
                direction::of_word(word).ok_or_else(|| self.refuse(Code::TableDirection, at, word))?
            }
            SignRule::Accounts => self.direction_by_accounts(statement, sides)?,
            SignRule::Credits => Direction::Credit,
            SignRule::Debits => Direction::Debit,
            SignRule::Columns => return Err(contradicts()),
        };
        let may_have_minus = direction == Direction::Debit;
        if (minus && !may_have_minus) || (written.sign == Sign::Plus && direction == Direction::Debit) {
            return Err(contradicts());
        }
        Ok((direction, money))
    }

    fn sum_of_two(&self, currency: Currency) -> Refused<(Direction, Money)> {
        let mut found = Vec::new();
        let mut zero = None;
        for (field, direction) in [(Field::Debit, Direction::Debit), (Field::Credit, Direction::Credit)] {
            let Some((column, cell)) = self.cell(field) else {
                continue;
            };
            // A dash stands for nothing.
            if matches!(cell.text.as_str(), "-" | "—" | "–") {
                continue;
            }
            let (written, money) = self.amount(column, cell, currency)?;
            let habit = self.layout.minus_is_habit && direction == Direction::Debit;
            if written.sign == Sign::Minus && !habit && !money.is_zero() {
                return Err(self.refuse(Code::TableSign, Some(column), &cell.text));
            }
            if money.is_zero() {
                zero = Some((direction, money));
            } else {
                found.push((direction, money));
            }
        }
        match (found.as_slice(), zero) {
            (&[one], _) => Ok(one),
            ([], Some(zero)) => Ok(zero),
            ([], None) => Err(self.refuse(
                Code::TableAmountMissing,
                self.layout.column(Field::Debit),
                &self.row.joined(),
            )),
            _ => Err(self.refuse(
                Code::TableBothSides,
                self.layout.column(Field::Debit),
                &self.row.joined(),
            )),
        }
    }

    fn side_accounts(&self, side: Side) -> Vec<String> {
        self.text(side.field(Part::Account))
            .map(|text| side_accounts(text).collect())
            .unwrap_or_default()
    }

    fn direction_by_accounts(&self, statement: Option<usize>, [payer, payee]: &[Vec<String>; 2]) -> Refused<Direction> {
        let own = statement
            .and_then(|at| self.layout.accounts.get(at))
            .map(|account| &account.number);
        let is_own = |side: &Vec<String>| own.is_some_and(|own| side.contains(own));
        match (is_own(payer), is_own(payee)) {
            (true, false) => Ok(Direction::Debit),
            (false, true) => Ok(Direction::Credit),
            _ => Err(self.refuse(
                Code::TableDirection,
                self.layout.column(Field::PayerAccount),
                &self.row.joined(),
            )),
        }
    }

    fn counterparty(&self, direction: Direction, findings: &mut Vec<Diagnostic>) -> Counterparty {
        let side = match direction {
            Direction::Credit => Side::Payer,
            Direction::Debit => Side::Payee,
        };
        let of = |part: Part| {
            self.cell(Side::Counterparty.field(part))
                .or_else(|| self.cell(side.field(part)))
        };
        let words = |part: Part| of(part).and_then(|(_, cell)| present(&cell.text));
        let mut party = Counterparty {
            name: words(Part::Name).map(|name| squeezed(&name)),
            inn: None,
            kpp: words(Part::Kpp).map(ShortText::from),
            account: None,
            bank: None,
            bank_name: words(Part::Bank).map(|name| squeezed(&name)),
        };
        if let Some((column, cell)) = of(Part::Inn) {
            if preamble::is_destroyed(cell.kind, &cell.text) {
                findings.push(*self.refuse(Code::TableDestroyed, Some(column), &cell.text));
            } else {
                party.inn = present(&party::inn_of_cell(cell.kind, &cell.text)).map(ShortText::from);
            }
        }
        if let Some((column, cell)) = of(Part::Account) {
            if preamble::is_destroyed(cell.kind, &cell.text) {
                findings.push(*self.refuse(Code::TableDestroyed, Some(column), &cell.text));
            } else {
                taken_apart(&cell.text, &mut party);
            }
        }
        if let Some(text) = words(Part::Bik) {
            bank_taken_apart(&text, &mut party);
        }
        if let Some(inn) = party.inn.take() {
            codes_taken_apart(&inn, &mut party);
        }
        party
    }

    fn raw(&self) -> RawFields {
        let cells = self.row.filled();
        cells
            .map(|(column, cell)| {
                let header = self.layout.header.texts.get(column).map_or("", String::as_str);
                (header, cell.text.as_str())
            })
            .collect()
    }
}
