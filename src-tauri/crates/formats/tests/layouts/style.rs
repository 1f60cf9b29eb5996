//! The ways in which banks differ, and one combination of them for every seed.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use formats::table::{Answers, DayOrder, DecimalSign, Field, SignRule};

use crate::month::Month;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf8Mark,
    Windows1251,
    Utf16Le,
    Utf16Be,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumStyle {
    DebitCredit,
    /// The other column holds a zero and not nothing.
    DebitCreditZeros,
    Signed,
    Direction,
    PayerPayee,
    /// Nothing tells what came from what went.
    Unsigned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateStyle {
    Dots,
    DotsShort,
    Iso,
    DaySlash,
    MonthSlash,
    Words,
    WithTime,
    Serial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberStyle {
    Point,
    Comma,
    Spaces,
    NoBreak,
    German,
    English,
    WithSign,
    NarrowNoBreak,
    /// No kopecks, thousands parted by a point: `1.234`.
    WholePoint,
}

#[derive(Debug, Clone)]
pub struct Style {
    pub delimiter: char,
    pub encoding: Encoding,
    pub header_rows: usize,
    pub english: bool,
    pub sums: SumStyle,
    pub dates: DateStyle,
    pub numbers: NumberStyle,
    pub preamble: bool,
    pub totals: bool,
    pub balance_rows: bool,
    pub running: bool,
    pub newest_first: bool,
    pub document_date: bool,
    pub empty_rows: bool,
    pub repeated_header: bool,
    pub page_break: bool,
    pub ordinal: bool,
    pub line_end: &'static str,
    /// Shuffles the columns.
    pub order: u64,
    /// Days that may be months.
    pub early_days: bool,
    pub round_thousands: bool,
}

impl Style {
    pub fn of(seed: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed ^ 0x5eed);
        let mut pick = |of: usize| random.usize(..of);
        use DateStyle::{DaySlash, Dots, DotsShort, Iso, MonthSlash, Serial, WithTime, Words};
        use NumberStyle::{Comma, English, German, NarrowNoBreak, NoBreak, Point, Spaces, WithSign};
        let dates = [Dots, DotsShort, Iso, DaySlash, MonthSlash, Words, WithTime, Serial][pick(8)];
        let round_thousands = pick(24) == 0;
        let numbers = if round_thousands {
            NumberStyle::WholePoint
        } else {
            [Point, Comma, Spaces, NoBreak, German, English, WithSign, NarrowNoBreak][pick(8)]
        };
        let sums = match pick(20) {
            0..6 => SumStyle::DebitCredit,
            6..9 => SumStyle::DebitCreditZeros,
            9..14 => SumStyle::Signed,
            14..17 => SumStyle::Direction,
            17..19 => SumStyle::PayerPayee,
            _ => SumStyle::Unsigned,
        };
        Self {
            delimiter: [';', ',', '\t', '|'][pick(4)],
            encoding: [
                Encoding::Utf8,
                Encoding::Utf8Mark,
                Encoding::Windows1251,
                Encoding::Utf16Le,
                Encoding::Utf16Be,
            ][pick(5)],
            header_rows: 1 + pick(3),
            english: pick(5) == 0,
            sums,
            dates,
            numbers,
            // The own account is named there, which the direction may hang on.
            preamble: pick(3) > 0 || sums == SumStyle::PayerPayee,
            totals: pick(2) == 0 && !round_thousands,
            balance_rows: pick(2) == 0 && !round_thousands,
            running: pick(3) == 0 && !round_thousands,
            newest_first: pick(3) == 0,
            document_date: pick(2) == 0,
            empty_rows: pick(3) == 0,
            repeated_header: pick(4) == 0,
            page_break: pick(4) == 0,
            ordinal: pick(3) == 0,
            line_end: ["\n", "\r\n", "\r"][pick(3)],
            order: pick(1000) as u64,
            early_days: pick(8) == 0,
            round_thousands,
        }
    }

    /// Whether the table truly leaves something open.
    pub fn must_be_asked(&self, month: &Month) -> bool {
        self.sums == SumStyle::Unsigned || (month.is_ambiguous(self) && !self.preamble) || self.is_wholly_ambiguous()
    }

    /// `1.234` in every cell, and never a kopeck.
    pub fn is_wholly_ambiguous(&self) -> bool {
        self.round_thousands
    }

    pub fn date(&self, day: NaiveDate) -> String {
        const MONTH: &str = "марта";
        match self.dates {
            DateStyle::Dots => day.format("%d.%m.%Y").to_string(),
            DateStyle::DotsShort => day.format("%d.%m.%y").to_string(),
            DateStyle::Iso => day.format("%Y-%m-%d").to_string(),
            DateStyle::DaySlash => day.format("%d/%m/%Y").to_string(),
            DateStyle::MonthSlash => day.format("%m/%d/%Y").to_string(),
            DateStyle::Words => format!("{} {MONTH} {}", day.day(), day.year()),
            DateStyle::WithTime => format!("{} 10:15:00", day.format("%d.%m.%Y")),
            DateStyle::Serial => (day.num_days_from_ce() - 693_594).to_string(),
        }
    }

    /// Kopecks as this bank writes them.
    pub fn sum(&self, kopecks: i64) -> String {
        let (thousands, decimal) = match self.numbers {
            NumberStyle::Point => ("", "."),
            NumberStyle::Comma => ("", ","),
            NumberStyle::Spaces | NumberStyle::WithSign => (" ", ","),
            NumberStyle::NoBreak => ("\u{a0}", ","),
            NumberStyle::NarrowNoBreak => ("\u{202f}", ","),
            NumberStyle::German => (".", ","),
            NumberStyle::English => (",", "."),
            NumberStyle::WholePoint => (".", ""),
        };
        let digits = (kopecks.abs() / 100).to_string();
        let mut whole = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                whole.push_str(thousands);
            }
            whole.push(digit);
        }
        let fraction = if decimal.is_empty() {
            String::new()
        } else {
            format!("{decimal}{:02}", kopecks.abs() % 100)
        };
        let minus = if kopecks < 0 { "-" } else { "" };
        let currency = if self.numbers == NumberStyle::WithSign {
            " ₽"
        } else {
            ""
        };
        format!("{minus}{whole}{fraction}{currency}")
    }

    /// What a person would say of it; dishonestly, the other way round.
    pub fn answers(&self, honest: bool) -> Answers {
        let day_first = self.dates == DateStyle::DaySlash;
        let sign = match self.sums {
            SumStyle::Unsigned => Some(if honest { SignRule::Direction } else { SignRule::Credits }),
            _ => None,
        };
        let columns: BTreeMap<Field, String> = if self.sums == SumStyle::Unsigned && honest {
            [(Field::Direction, "Метка".to_owned())].into()
        } else {
            BTreeMap::new()
        };
        Answers {
            dates: matches!(self.dates, DateStyle::DaySlash | DateStyle::MonthSlash).then_some(
                if day_first == honest {
                    DayOrder::DayFirst
                } else {
                    DayOrder::MonthFirst
                },
            ),
            decimal: self
                .round_thousands
                .then_some(if honest { DecimalSign::Comma } else { DecimalSign::Point }),
            sign,
            columns,
            ..Answers::default()
        }
    }
}
