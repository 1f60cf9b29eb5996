//! How a table is to be read, when nothing about it is open any more; and what is open, when something is.

use std::collections::BTreeMap;

use domain::{Currency, Money, Period, StatementAccount, Text};

use super::{
    day::DayOrder,
    field::Field,
    header::Header,
    number::{DecimalSign, Sign, Written},
    preamble,
    profile::SignRule,
    survey::Marks,
};

/// Something only a person can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) what: Text,
    /// The words of `sverka profile save` that answer it.
    pub(super) answer: &'static str,
}

impl Doubt {
    pub(super) fn new(ru: impl Into<String>, en: impl Into<String>, answer: &'static str) -> Self {
        Self {
            what: Text::new(ru, en),
            answer,
        }
    }
}

/// How balances after each entry run through the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Running {
    OldestFirst,
    NewestFirst,
}

#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) header: Header,
    pub(super) marks: Marks,
    pub(super) columns: BTreeMap<Field, usize>,
    /// Days of what went and of what came, where they are two columns.
    pub(super) day_pair: Option<(usize, usize)>,
    pub(super) days: DayOrder,
    pub(super) decimal: DecimalSign,
    pub(super) sign: SignRule,
    /// The column of debits writes all its sums with a minus.
    pub(super) minus_is_habit: bool,
    /// Whose statements the table holds; empty where it does not say.
    pub(super) accounts: Vec<StatementAccount>,
    pub(super) currency: Currency,
    /// `false`: nothing in the file or in a profile names it, and it was taken for roubles.
    pub(super) currency_is_known: bool,
    pub(super) period: Option<Period>,
    /// The same as far as entries are held against it: first day, last day.
    pub(super) bounds: Option<Period>,
    pub(super) opening: Option<preamble::Sum>,
    pub(super) closing: Option<preamble::Sum>,
    /// Declared above the table: of debits, of credits.
    pub(super) turnovers: [Option<preamble::Sum>; 2],
    /// Cells of an entry's row; `None`: rows are written only as far as they are filled.
    pub(super) widths: Option<Vec<usize>>,
    pub(super) running: Option<Running>,
}

impl Layout {
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.columns.get(&field).copied()
    }

    /// Which statement the own account of an entry is of.
    pub(super) fn statement_of(&self, own: &str) -> Option<usize> {
        self.accounts.iter().position(|account| account.number == own)
    }

    /// A sum beside the table, which may be written in another style where it is clear by itself.
    pub(super) fn money_beside(&self, written: &Written, currency: Currency) -> Option<Money> {
        signed(written, self.decimal, currency).or_else(|| signed(written, DecimalSign::Open, currency))
    }

    /// The style of numbers as a row's sums are read with.
    pub(super) fn money(&self, written: &Written, currency: Currency) -> Option<Money> {
        signed(written, self.decimal, currency)
    }
}

fn signed(written: &Written, decimal: DecimalSign, currency: Currency) -> Option<Money> {
    let money = written.money(decimal, currency)?;
    if written.sign == Sign::Minus {
        money.checked_neg().ok()
    } else {
        Some(money)
    }
}
