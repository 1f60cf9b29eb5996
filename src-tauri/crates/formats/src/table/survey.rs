//! The first pass over a table: what its columns hold, in constant memory. Nothing is decided here.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
};

use chrono::NaiveDate;
use domain::Currency;

use super::{
    day::{self, DayOrder},
    direction,
    field::Field,
    header::Header,
    labels,
    number::{self, Sign},
    preamble::{self, Preamble, accounts_in},
    row::{Fault, Row, Rows},
    words::Meaning,
};

/// Own accounts in one table. More are no firm's.
pub const ACCOUNTS_MAX: usize = 100;
/// Of a Russian account's number.
const ACCOUNT_DIGITS: usize = 20;
/// Different currencies that are remembered; more make no difference.
const CURRENCIES_MAX: usize = 16;
/// Entries that are kept for a closer look.
pub(super) const SAMPLE_ROWS: usize = 60;

/// What the cells of a column are, over all rows of entries.
#[derive(Debug, Clone, Default)]
pub(super) struct Column {
    pub(super) filled: u64,
    pub(super) sums: u64,
    pub(super) negative: u64,
    pub(super) positive: u64,
    /// Of the positive ones, those with a plus.
    pub(super) plus: u64,
    pub(super) directions: u64,
    /// Twenty digits, where a sum should be.
    pub(super) accounts: u64,
    /// The first value; `None` when there was another.
    pub(super) constant: Option<String>,
    /// 1, 2, 3 …
    pub(super) counts_rows: bool,
}

/// Days as they would be in either order.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Range {
    pub(super) first: Option<NaiveDate>,
    pub(super) last: Option<NaiveDate>,
}

impl Range {
    /// Days from the first to the last.
    pub(super) fn days(self) -> Option<i64> {
        Some((self.last? - self.first?).num_days())
    }

    fn see(&mut self, date: Option<NaiveDate>) {
        if let Some(date) = date {
            self.first = Some(self.first.map_or(date, |first| first.min(date)));
            self.last = Some(self.last.map_or(date, |last| last.max(date)));
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) entries: u64,
    pub(super) columns: Vec<Column>,
    pub(super) numbers: number::Evidence,
    pub(super) days: day::Evidence,
    pub(super) day_first: Range,
    pub(super) month_first: Range,
    pub(super) year_first: Range,
    /// Rows of entries by their number of cells.
    pub(super) widths: BTreeMap<usize, u64>,
    pub(super) swallowed: u64,
    /// What is said of the account outside of the entries.
    pub(super) about: Preamble,
    /// Accounts that are named below the header, outside of the entries.
    pub(super) named_below: BTreeSet<String>,
    pub(super) own_accounts: BTreeSet<String>,
    pub(super) currencies: BTreeSet<Currency>,
    /// Accounts that every entry has on one side or the other; `None` before the first.
    pub(super) on_every_entry: Option<BTreeSet<String>>,
    pub(super) sample: Vec<Row>,
}

/// Columns by what has to be known of them.
struct Watched {
    sums: Vec<usize>,
    days: Vec<usize>,
    words: Vec<usize>,
    constants: Vec<usize>,
    own: Option<usize>,
    currency: Option<usize>,
    sides: Vec<usize>,
    /// Sums that share the style of the others, and are none of an entry.
    balances: Vec<usize>,
}

impl Watched {
    fn of(meanings: &[Option<Meaning>]) -> Self {
        let columns = |wanted: &dyn Fn(Meaning) -> bool| -> Vec<usize> {
            let known = meanings
                .iter()
                .enumerate()
                .filter_map(|(at, meaning)| Some((at, (*meaning)?)));
            known
                .filter(|(_, meaning)| wanted(*meaning))
                .map(|(at, _)| at)
                .collect()
        };
        let of = |fields: &'static [Field]| {
            columns(&|meaning| matches!(meaning, Meaning::Is { field, .. } if fields.contains(&field)))
        };
        Self {
            sums: columns(&|meaning| match meaning {
                Meaning::Is { field, .. } => field.is_sum(),
                other => other == Meaning::DebitOrCredit,
            }),
            days: of(&[Field::Date, Field::DocumentDate, Field::ValueDate]),
            words: columns(&|meaning| match meaning {
                Meaning::Is { field, .. } => field == Field::Direction,
                other => matches!(other, Meaning::KindOrDirection | Meaning::DebitOrCredit),
            }),
            constants: columns(&|meaning| {
                meaning == Meaning::SomeAccount
                    || matches!(
                        meaning,
                        Meaning::Is {
                            field: Field::Number,
                            ..
                        }
                    )
            }),
            own: of(&[Field::Account]).first().copied(),
            currency: of(&[Field::Currency]).first().copied(),
            sides: of(&[Field::PayerAccount, Field::PayeeAccount]),
            balances: of(&[Field::Balance]),
        }
    }
}

/// Which columns tell an entry from another row.
#[derive(Debug, Clone, Default)]
pub(super) struct Marks {
    pub(super) days: Vec<usize>,
    pub(super) sums: Vec<usize>,
    /// Accounts, codes, numbers: an announcement has none of them.
    pub(super) parties: Vec<usize>,
    /// Who and what for, in words.
    texts: Vec<usize>,
}

impl Marks {
    pub(super) fn of(meanings: &[Option<Meaning>]) -> Self {
        let mut marks = Self::default();
        for (at, meaning) in meanings.iter().enumerate() {
            match meaning {
                Some(Meaning::Is { field: Field::Date, .. }) => marks.days.push(at),
                Some(Meaning::Is { field, .. }) if field.is_sum() => marks.sums.push(at),
                Some(Meaning::DebitOrCredit) => marks.sums.push(at),
                Some(Meaning::Is {
                    field:
                        Field::Number
                        | Field::Inn
                        | Field::PartyAccount
                        | Field::PayerAccount
                        | Field::PayeeAccount
                        | Field::PayerInn
                        | Field::PayeeInn,
                    ..
                }) => marks.parties.push(at),
                Some(Meaning::Is {
                    field: Field::Purpose | Field::Name | Field::PayerName | Field::PayeeName | Field::Kind,
                    ..
                }) => marks.texts.push(at),
                _ => {}
            }
        }
        // Without a day of booking any day will do: the question is asked later.
        if marks.days.is_empty() {
            let any = |meaning: &Option<Meaning>| {
                matches!(
                    meaning,
                    Some(Meaning::Is {
                        field: Field::DocumentDate | Field::ValueDate,
                        ..
                    })
                )
            };
            marks.days.extend(
                meanings
                    .iter()
                    .enumerate()
                    .filter(|(_, meaning)| any(meaning))
                    .map(|(at, _)| at),
            );
        }
        marks
    }
}

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Entry,
    /// Announces something in this cell.
    Labelled(usize, labels::Label),
    Header,
    Numbering,
    /// Says whose the rows below are: the number lies where the table has a sum.
    Owner,
    /// Sums and no day, no words: a total that forgot to say so, or an entry whose day is missing.
    Dayless,
    Stray,
}

pub(super) fn kind(row: &Row, header: &Header, marks: &Marks) -> RowKind {
    let filled = |columns: &[usize]| columns.iter().any(|column| !row.text(*column).is_empty());
    let any = |columns: &[usize], is: fn(&super::row::Cell) -> bool| {
        columns.iter().filter_map(|column| row.cells.get(*column)).any(is)
    };
    let day = any(&marks.days, |cell| labels::date(cell).is_some());
    let sum = any(&marks.sums, |cell| labels::sum(cell).is_some());
    // An announcement may stand in any column, and so may its value; an entry has more than one of a number, a code and
    // an account, or a day.
    let parties = marks.parties.iter().filter(|at| !row.text(**at).is_empty()).count();
    let most = if day { 0 } else { 1 };
    if parties <= most + 1
        && let Some((column, label)) = labels::of_row(row)
    {
        let others = parties - usize::from(marks.parties.contains(&column));
        // With a day, a sum and words in another column it is a payment of «ИТОГО-СЕРВИС» or for «Всего по договору 5».
        let said_elsewhere = || marks.texts.iter().any(|at| *at != column && !row.text(*at).is_empty());
        let is_payment = day && sum && marks.texts.contains(&column) && said_elsewhere();
        if others <= most && !is_payment {
            return RowKind::Labelled(column, label);
        }
    }
    if day && sum {
        return RowKind::Entry;
    }
    if header.is_repeated_by(row) {
        return RowKind::Header;
    }
    if labels::numbers_columns(row) {
        return RowKind::Numbering;
    }
    if !day && labels::names_an_account(row) {
        return RowKind::Owner;
    }
    match (day, sum) {
        // Half of an entry: its reader says what is missing.
        (true, _) => RowKind::Entry,
        (false, true) if filled(&marks.days) || filled(&marks.parties) => RowKind::Entry,
        (false, true) => RowKind::Dayless,
        (false, false) if filled(&marks.days) && filled(&marks.sums) && row.filled().count() > 2 => RowKind::Entry,
        (false, false) => RowKind::Stray,
    }
}

/// Reads all rows; `header.end()` rows of them are the preamble and the header.
pub(super) fn survey(rows: &mut dyn Rows, header: &Header) -> io::Result<Survey> {
    let watched = Watched::of(&header.meanings);
    let marks = Marks::of(&header.meanings);
    let mut survey = Survey {
        columns: vec![Column::default(); header.texts.len()],
        ..Survey::default()
    };
    let mut row = Row::default();
    let mut index = 0;
    while rows.read(&mut row)? {
        if index < header.first {
            survey.about.read(&row);
        } else if index >= header.end() {
            survey.see(&row, header, &watched, &marks);
        }
        index += 1;
    }
    Ok(survey)
}

impl Survey {
    fn see(&mut self, row: &Row, header: &Header, watched: &Watched, marks: &Marks) {
        match row.fault {
            Some(Fault::Swallowed { .. }) => {
                self.swallowed += 1;
                return;
            }
            Some(Fault::TooLarge) => return,
            None => {}
        }
        match kind(row, header, marks) {
            RowKind::Entry => self.entry(row, watched),
            RowKind::Labelled(_, labels::Label::Total { .. } | labels::Label::Count) | RowKind::Dayless => {
                self.style(row, watched)
            }
            RowKind::Labelled(..) => self.about.balances(row, false, self.entries == 0),
            RowKind::Stray | RowKind::Owner => {
                if self.named_below.len() < ACCOUNTS_MAX {
                    self.named_below
                        .extend(accounts_in(&row.joined()).filter(|number| !number.starts_with("301")));
                }
            }
            RowKind::Header | RowKind::Numbering => {}
        }
    }

    fn style(&mut self, row: &Row, watched: &Watched) {
        for column in watched.sums.iter().chain(&watched.balances) {
            if let Some(written) = row.cells.get(*column).and_then(labels::sum) {
                self.numbers.see(&written);
            }
        }
    }

    fn entry(&mut self, row: &Row, watched: &Watched) {
        self.entries += 1;
        if self.sample.len() < SAMPLE_ROWS {
            self.sample.push(row.clone());
        }
        *self.widths.entry(row.width_over(self.columns.len())).or_default() += 1;
        self.style(row, watched);
        for column in &watched.sums {
            self.sum(row, *column);
        }
        for column in &watched.days {
            if let Some(written) = row.cells.get(*column).and_then(labels::date) {
                self.days.see(written);
                self.day_first.see(written.date(DayOrder::DayFirst));
                self.month_first.see(written.date(DayOrder::MonthFirst));
                self.year_first.see(written.date(DayOrder::YearFirst));
            }
        }
        for column in &watched.words {
            let text = row.text(*column);
            // A column of both kinds counts its numbers with the sums.
            let is_sum = watched.sums.contains(column) && row.cells.get(*column).and_then(labels::sum).is_some();
            if let Some(of) = self.columns.get_mut(*column).filter(|_| !text.is_empty() && !is_sum) {
                of.filled += 1;
                of.directions += u64::from(direction::of_word(text).is_some());
            }
        }
        for column in &watched.constants {
            self.constant(row, *column);
        }
        if let Some(column) = watched.currency {
            let named = preamble::currency(row.text(column));
            self.currencies
                .extend(named.filter(|_| self.currencies.len() < CURRENCIES_MAX));
        }
        if let Some(column) = watched.own
            && self.own_accounts.len() <= ACCOUNTS_MAX
        {
            let number = compact(row.text(column));
            let usable = !number.is_empty()
                && row
                    .cells
                    .get(column)
                    .is_some_and(|cell| !preamble::is_destroyed(cell.kind, &cell.text));
            self.own_accounts.extend(usable.then_some(number));
        }
        if !watched.sides.is_empty() {
            let here: BTreeSet<String> = watched
                .sides
                .iter()
                .flat_map(|column| side_accounts(row.text(*column)))
                .collect();
            self.on_every_entry = Some(match self.on_every_entry.take() {
                None => here,
                Some(before) => before.intersection(&here).cloned().collect(),
            });
        }
    }

    fn sum(&mut self, row: &Row, column: usize) {
        let Some(cell) = row.cells.get(column).filter(|cell| !cell.text.is_empty()) else {
            return;
        };
        let Some(of) = self.columns.get_mut(column) else {
            return;
        };
        let is_account = || cell.text.len() == ACCOUNT_DIGITS && cell.text.bytes().all(|byte| byte.is_ascii_digit());
        of.accounts += u64::from(is_account());
        let Some(written) = labels::sum(cell) else {
            return;
        };
        of.filled += 1;
        of.sums += 1;
        self.currencies
            .extend(written.currency.filter(|_| self.currencies.len() < CURRENCIES_MAX));
        match written.sign {
            _ if written.is_zero() => {}
            Sign::Minus => of.negative += 1,
            Sign::Plus => (of.positive, of.plus) = (of.positive + 1, of.plus + 1),
            Sign::Bare => of.positive += 1,
        }
    }

    fn constant(&mut self, row: &Row, column: usize) {
        let text = compact(row.text(column));
        let Some(of) = self.columns.get_mut(column) else {
            return;
        };
        if of.filled == 0 {
            of.constant = Some(text.clone());
            of.counts_rows = true;
        } else if of.constant.as_ref() != Some(&text) {
            of.constant = None;
        }
        of.filled += 1;
        of.counts_rows &= text == self.entries.to_string();
    }
}

pub(super) fn compact(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// The account in a cell that may also hold a name and codes.
pub(super) fn side_accounts(text: &str) -> impl Iterator<Item = String> {
    let found: Vec<String> = accounts_in(text).collect();
    let whole = compact(text);
    let bare = (found.is_empty() && !whole.is_empty() && whole.len() <= 34).then_some(whole);
    found.into_iter().chain(bare)
}
