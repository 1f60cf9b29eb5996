//! Which columns hold the days, and how a date is to be read.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::Period;

use super::{
    super::{
        day::DayOrder,
        field::Field,
        header::Header,
        layout::Doubt,
        survey::{Range, Survey},
        words::{Meaning, normalised},
    },
    Known,
};

/// Before this year no bank wrote such tables.
const YEAR_PLAUSIBLE_MIN: i32 = 2010;

/// «Дата списания» and «Дата зачисления»: each counts for its own direction, where no better day is known.
pub(super) fn pair(header: &Header) -> Option<(usize, usize)> {
    let days: Vec<(usize, u8)> = header
        .meanings
        .iter()
        .enumerate()
        .filter_map(|(at, meaning)| match meaning {
            Some(Meaning::Is {
                field: Field::Date,
                rank,
                ..
            }) => Some((at, *rank)),
            _ => None,
        })
        .collect();
    let &[(first, 1), (second, 1)] = days.as_slice() else {
        return None;
    };
    let of_debits = |at: usize| {
        let form = normalised(&header.texts[at]);
        form.contains("списан") || form.contains("debit")
    };
    match (of_debits(first), of_debits(second)) {
        (true, false) => Some((first, second)),
        (false, true) => Some((second, first)),
        _ => None,
    }
}

/// A day of booking, or a question.
pub(super) fn known_at_all(
    known: &Known<'_>,
    columns: &BTreeMap<Field, usize>,
    pair: Option<(usize, usize)>,
    doubts: &mut Vec<Doubt>,
) {
    if columns.contains_key(&Field::Date) || pair.is_some() {
        return;
    }
    let other = [Field::DocumentDate, Field::ValueDate]
        .into_iter()
        .find_map(|field| columns.get(&field));
    let named = other.map_or("", |at| known.header.texts[*at].as_str());
    doubts.push(Doubt::new(
        format!("день проводки неизвестен, есть только «{named}»"),
        format!("the day of booking is unknown, there is only «{named}»"),
        "--column date=…",
    ));
}

/// The days of a table are near each other: by the year first they are nearer, or only so in a year of today.
fn looks_year_first(survey: &Survey) -> bool {
    let plausible = |range: Range| range.first.is_some_and(|first| first.year() >= YEAR_PLAUSIBLE_MIN);
    let nearer = match (survey.year_first.days(), survey.day_first.days()) {
        (Some(year_first), Some(day_first)) => year_first < day_first,
        (year_first, _) => year_first.is_some(),
    };
    nearer || (plausible(survey.year_first) && !plausible(survey.day_first))
}

pub(super) fn order(known: &Known<'_>, doubts: &mut Vec<Doubt>) -> DayOrder {
    let survey = known.survey;
    if let Some(order) = known.answers.dates.filter(|order| *order != DayOrder::Open) {
        let found = survey.days.order();
        let contradicts = match order {
            DayOrder::YearFirst => !survey.days.may_be_year_first(),
            _ => found != DayOrder::Open && found != order,
        };
        if contradicts {
            doubts.push(Doubt::new(
                "сказано, что в датах сначала одно (день, месяц или год), а даты файла говорят обратное",
                "the dates were said to begin with one of day, month and year, and those of the file say the opposite",
                "--dates day-first|month-first|year-first",
            ));
        }
        return order;
    }
    if survey.days.may_be_year_first() && looks_year_first(survey) {
        doubts.push(Doubt::new(
            "что в датах сначала: день или год из двух цифр",
            "what comes first in the dates: the day or a year of two digits",
            "--dates day-first|month-first|year-first",
        ));
        return DayOrder::Open;
    }
    if !survey.days.is_doubtful() {
        return survey.days.order();
    }
    // The period above the table may let only one order be.
    if let Some(period) = survey.about.period {
        let inside = |range: Range| {
            range.first.is_some_and(|first| first >= period.from) && range.last.is_some_and(|last| last <= period.to)
        };
        match (inside(survey.day_first), inside(survey.month_first)) {
            (true, false) => return DayOrder::DayFirst,
            (false, true) => return DayOrder::MonthFirst,
            _ => {}
        }
    }
    doubts.push(Doubt::new(
        "что в датах сначала: день или месяц",
        "what comes first in the dates: the day or the month",
        "--dates day-first|month-first|year-first",
    ));
    DayOrder::Open
}

/// The period that entries are held against. One day above the table may be the day it was made, where no entry is of it.
pub(super) fn bounds(period: Option<Period>, survey: &Survey, order: DayOrder) -> Option<Period> {
    let Period { from, to } = period?;
    let range = match order {
        DayOrder::MonthFirst => survey.month_first,
        DayOrder::YearFirst => survey.year_first,
        DayOrder::DayFirst | DayOrder::Open => survey.day_first,
    };
    let within = |day: NaiveDate| Some(day) >= range.first && range.last.is_some_and(|last| day <= last);
    (from != to || within(from)).then_some(Period {
        from: from.min(to),
        to: from.max(to),
    })
}
