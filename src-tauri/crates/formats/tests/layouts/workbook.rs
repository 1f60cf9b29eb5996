//! The same rows as a workbook: days and sums with a type, or as words.

use rust_xlsxwriter::{Format, Workbook};

use crate::{
    month::Month,
    style::{DateStyle, NumberStyle, Style},
    text::{Cell, rows},
};

pub fn write(month: &Month, style: &Style) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let day = Format::new().set_num_format("dd.mm.yyyy");
    // What a bank's program would write as a type, and what as words.
    let typed_days = !matches!(
        style.dates,
        DateStyle::Words | DateStyle::DaySlash | DateStyle::MonthSlash | DateStyle::DotsShort
    );
    let typed_sums = !matches!(
        style.numbers,
        NumberStyle::WithSign | NumberStyle::Spaces | NumberStyle::WholePoint
    );
    for (at, row) in rows(month, style).into_iter().enumerate() {
        let line = u32::try_from(at).unwrap();
        for (at, cell) in row.into_iter().enumerate() {
            let column = u16::try_from(at).unwrap();
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(line, column, text),
                Cell::Date(date) if typed_days => {
                    let serial: f64 = style_serial(date).parse().unwrap();
                    sheet.write_number_with_format(line, column, serial, &day)
                }
                Cell::Date(date) => sheet.write_string(line, column, style.date(date)),
                Cell::Sum(kopecks) if typed_sums => {
                    let number: f64 = domain::Money::from_minor(kopecks, domain::Currency::RUB)
                        .decimal()
                        .parse()
                        .unwrap();
                    sheet.write_number(line, column, number)
                }
                Cell::Sum(kopecks) => sheet.write_string(line, column, style.sum(kopecks)),
            }
            .unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn style_serial(date: chrono::NaiveDate) -> String {
    use chrono::Datelike;
    (date.num_days_from_ce() - 693_594).to_string()
}
