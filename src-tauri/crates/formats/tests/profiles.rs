//! Tables whose headers the program does not know: a person names the columns once.

use std::io::Cursor;

use domain::Direction;
use formats::{
    Options, read_all,
    table::{Answers, Field, preview},
};

fn answers(columns: &[(Field, &str)]) -> Answers {
    Answers {
        columns: columns
            .iter()
            .map(|(field, name)| (*field, (*name).to_owned()))
            .collect(),
        account: Some("40702810900000000101".to_owned()),
        ..Answers::default()
    }
}

#[test]
fn columns_of_unknown_names_are_read_where_a_person_has_named_them() {
    let words = answers(&[
        (Field::Date, "Когда"),
        (Field::Amount, "Сколько"),
        (Field::Purpose, "Зачем"),
    ]);
    let numbers = answers(&[(Field::Date, "#1"), (Field::Amount, "#2")]);
    for before in ["", "Выписка\nэто не таблица\n"] {
        let file = format!("{before}Когда;Сколько;Зачем\n01.07.2024;-1,00;Комиссия\n02.07.2024;5,00;Оплата\n");
        for answers in [&words, &numbers] {
            let shown = preview(Cursor::new(&file), &Options::default(), Some(answers)).unwrap();
            let profile = shown.profile("bank", answers).unwrap();
            let options = Options {
                profiles: vec![profile],
                ..Options::default()
            };
            let read = read_all(Cursor::new(&file), &options).unwrap();
            assert!(!read.has_errors(), "{:?}", read.diagnostics);
            let entries: Vec<_> = read.statements[0]
                .entries
                .iter()
                .map(|entry| (entry.direction, entry.amount.minor()))
                .collect();
            assert_eq!(entries, [(Some(Direction::Debit), 100), (Some(Direction::Credit), 500)]);
        }
        let unknown = read_all(Cursor::new(&file), &Options::default()).unwrap();
        assert!(unknown.has_errors(), "nobody has said what its columns are");
    }
}

#[test]
fn a_name_that_no_column_has_is_told_and_nothing_is_guessed() {
    let wrong = answers(&[(Field::Date, "Когда"), (Field::Amount, "Почём")]);
    let file = "Когда;Сколько;Зачем\n01.07.2024;-1,00;Комиссия\n";
    let shown = preview(Cursor::new(file), &Options::default(), Some(&wrong)).unwrap();
    assert_eq!(shown.profile("bank", &wrong), None);
}
