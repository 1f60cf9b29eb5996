//! Tables and JSON under any bytes, and cut anywhere.

use std::{io::Cursor, sync::LazyLock};

use domain::Entry;
use formats::{Code, Format, Options, read_all};
use proptest::prelude::*;

use crate::given::{Fixture, entries, fixtures, is_severe, read_as};

static FIXTURES: LazyLock<Vec<Fixture>> = LazyLock::new(|| {
    ["table", "json"]
        .into_iter()
        .flat_map(|folder| fixtures(folder, None))
        .collect()
});

/// Cells that mean something, in rows that mean nothing.
fn table() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        Just("Дата".to_owned()),
        Just("Сумма".to_owned()),
        Just("Дебет".to_owned()),
        Just("Кредит".to_owned()),
        Just("Назначение".to_owned()),
        Just("Счет".to_owned()),
        Just("Остаток".to_owned()),
        Just("Итого".to_owned()),
        Just("Входящий остаток".to_owned()),
        Just("12.03.2025".to_owned()),
        Just("03/04/2025".to_owned()),
        Just("40702810100000000101".to_owned()),
        Just("9223372036854775807".to_owned()),
        "[-+(]?[0-9 ]{1,9}[.,]?[0-9]{0,3}[)-]?",
        "\\PC{0,8}",
        Just("\"".to_owned()),
        Just(String::new()),
    ];
    let row = prop::collection::vec(cell, 1..7);
    (
        prop::sample::select(vec![";", ",", "\t", "|"]),
        prop::collection::vec(row, 0..14),
    )
        .prop_map(|(delimiter, rows)| {
            rows.iter()
                .map(|row| row.join(delimiter))
                .collect::<Vec<_>>()
                .join("\n")
        })
}

/// Pieces of a bank's JSON in any order.
fn json() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"operations\"",
        "\"transactions\"",
        "\"Transaction\"",
        "\"Data\"",
        "\"Statement\"",
        "\"accountId\"",
        "\"typeOfOperation\"",
        "\"Credit\"",
        "\"accountAmount\"",
        "1.5",
        "1e999",
        "-0",
        "null",
        "\"\\u0001entries:0\"",
        "\"balances\"",
        "\"accountNumber\"",
        "\"40702810100000000101\"",
        "\"",
        "\\",
        "\n",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(192) })]

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
        for format in [Format::Csv, Format::Json, Format::Xlsx] {
            prop_assert!(!read_as(&bytes, Some(format)).statements.is_empty());
        }
    }

    #[test]
    fn any_table_is_read_and_no_sum_is_negative(text in table()) {
        let collected = read_as(text.as_bytes(), Some(Format::Csv));
        prop_assert!(!collected.statements.is_empty());
        for entry in entries(&collected) {
            prop_assert!(!entry.amount.is_negative());
        }
        let preview = formats::table::preview(Cursor::new(&text), &Options { format: Some(Format::Csv), ..Options::default() }, None).unwrap();
        let asked = collected.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::TableAsk);
        prop_assert_eq!(preview.uncertain.is_empty(), !asked, "{}", text);
    }

    #[test]
    fn any_json_is_read(text in json()) {
        prop_assert!(!read_as(text.as_bytes(), Some(Format::Json)).statements.is_empty());
    }

    #[test]
    fn a_workbook_with_a_wrong_byte_gives_no_other_entry_in_silence(at in 0_usize..4000, byte in any::<u8>()) {
        for fixture in FIXTURES.iter().filter(|fixture| fixture.whole.format == Some(Format::Xlsx)) {
            let mut bytes = fixture.bytes.clone();
            let at = at % bytes.len();
            bytes[at] = byte;
            // A changed digit inside of a stored part would be another file; these are all deflated.
            let _reading = read_as(&bytes, Some(Format::Xlsx));
        }
    }

    #[test]
    fn a_cut_file_gives_only_what_the_whole_one_holds(
        (file, at) in (0..FIXTURES.len()).prop_flat_map(|file| (Just(file), 0..FIXTURES[file].bytes.len())),
    ) {
        let fixture = &FIXTURES[file];
        let cut = read_as(&fixture.bytes[..at], fixture.whole.format);
        let whole = entries(&fixture.whole);
        for entry in entries(&cut) {
            let same = |other: &&Entry| {
                (other.amount, other.booked, other.direction) == (entry.amount, entry.booked, entry.direction)
            };
            // A row of text that breaks off in its last cell has lost words and nothing else.
            prop_assert!(whole.iter().any(same), "{} at {}: {:?}", fixture.name, at, entry);
        }
        if fixture.whole.format != Some(Format::Csv) && entries(&cut).len() < whole.len() {
            prop_assert!(is_severe(&cut), "{} at {}: silent", fixture.name, at);
        }
    }
}

#[test]
fn own_accounts_of_the_person_help_a_table_that_names_none() {
    let text = "Дата;Номер;Сумма;Плательщик;Счет плательщика;Получатель;Счет получателя\n\
                12.03.2025;1;10,00;A;40702810900000004501;B;40702810900000000101\n";
    let asked = read_as(text.as_bytes(), None);
    assert_eq!(
        asked.diagnostics[0].code,
        Code::TableAsk,
        "one entry says nothing of whose statement it is"
    );
    let options = Options {
        own_accounts: vec!["40702810400000000202".to_owned(), "40702810 9 00000000101".to_owned()],
        ..Options::default()
    };
    let read = read_all(Cursor::new(text), &options).unwrap();
    let statement = &read.statements[0];
    assert_eq!(
        statement.statement.account.as_ref().unwrap().number,
        "40702810900000000101"
    );
    assert_eq!(statement.entries[0].direction, Some(domain::Direction::Credit));
}

#[test]
fn a_preamble_does_not_hide_a_table_from_detection() {
    let text = "ВЫПИСКА\nпо счёту\n\nООО «Мы»;;;\nДата;Сумма;Контрагент;Назначение\n12.03.2025;1,00;x;y\n";
    assert_eq!(formats::detect(text.as_bytes()).format, Some(Format::Csv));
    assert_eq!(
        formats::detect("Уважаемый клиент, дата и сумма, как всегда.\nСпасибо.\n".as_bytes()).format,
        None
    );
}
