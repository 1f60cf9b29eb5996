//! Rows that are no entries: balances, totals, repeated headers, page breaks.

use domain::Direction;

use super::{
    day,
    number::Written,
    preamble,
    row::{Cell, CellKind, Row},
    words::normalised,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    Opening,
    Closing,
    /// A balance on a date: which of the two depends on where it stands.
    Balance,
    /// Of the whole, of a day or of a page: which one its sums tell.
    Total {
        part: bool,
    },
    /// How many entries there are: its numbers are no sums.
    Count,
}

/// What a cell announces, by its first words.
pub(super) fn of_text(text: &str) -> Option<Label> {
    let form = normalised(text);
    let mut words = form.split(' ');
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let has = |stems: &[&str]| {
        form.split(' ')
            .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
    };
    let starts = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    if form.split(' ').count() > 14 {
        return None;
    }
    let balance = |word: &str| starts(word, &["остат", "сальд", "баланс", "balance"]);
    if (starts(first, &["входящ", "начальн", "opening", "beginning", "starting"]) && balance(second))
        || (balance(first)
            && (starts(second, &["вход", "нач", "opening", "brought"]) || (second == "на" && has(&["начало"]))))
    {
        return Some(Label::Opening);
    }
    if (starts(first, &["исходящ", "конечн", "closing", "ending"]) && balance(second))
        || (balance(first)
            && (starts(second, &["исх", "кон", "closing", "carried"]) || (second == "на" && has(&["конец"]))))
    {
        return Some(Label::Closing);
    }
    if balance(first) && (second == "на" || second == "as" || second == "on") {
        return Some(Label::Balance);
    }
    if starts(first, &["колич", "кол", "count", "число"]) {
        return Some(Label::Count);
    }
    if starts(first, &["итог", "всего", "оборот", "total", "subtotal", "подытог"])
        || (first == "grand" && second == "total")
    {
        if has(&["колич", "кол", "документ", "count", "число"]) || (has(&["операц"]) && text.contains(':'))
        {
            return Some(Label::Count);
        }
        let part = has(&["день", "дату", "стран", "лист", "page", "day", "subtotal", "подытог"]) || day_in(text);
        return Some(Label::Total { part });
    }
    None
}

/// Which of the two turnovers an announcement speaks of, where it names one of them.
pub(super) fn side(text: &str) -> Option<Direction> {
    let form = normalised(text);
    let has = |stems: &[&str]| {
        form.split(' ')
            .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
    };
    let debit = has(&["дебет", "дебит", "списан", "расход", "debit", "withdraw"]);
    let credit = has(&["кредит", "поступ", "зачисл", "приход", "credit", "deposit"]);
    match (debit, credit) {
        (true, false) => Some(Direction::Debit),
        (false, true) => Some(Direction::Credit),
        _ => None,
    }
}

/// Cells of a row that says whose the rows below are: a word, a number, a currency, a bank.
const OWNER_CELLS_MAX: usize = 4;

/// `Счет;40702810900000000001`, `Выписка по счету 40702810900000000001`.
pub(super) fn names_an_account(row: &Row) -> bool {
    let mut filled = row.filled();
    let says_so = filled
        .next()
        .is_some_and(|(_, cell)| preamble::speaks_of_an_account(&normalised(&cell.text)));
    says_so && filled.count() < OWNER_CELLS_MAX && preamble::accounts_in(&row.joined()).next().is_some()
}

fn day_in(text: &str) -> bool {
    text.split_whitespace()
        .any(|word| day::Written::parse(word.trim_end_matches([':', ',', ';'])).is_some())
}

/// The first cell of a row that announces something, and what.
pub(super) fn of_row(row: &Row) -> Option<(usize, Label)> {
    row.filled()
        .filter(|(_, cell)| cell.kind == CellKind::Text)
        .find_map(|(column, cell)| Some((column, of_text(&cell.text)?)))
}

/// Sums that a label announces: in its own cell after the last colon or letter, or in the cells behind it.
pub(super) fn sums(row: &Row, label: usize) -> Vec<(usize, Written)> {
    let own = row.text(label);
    let start = own.rfind(|letter: char| letter.is_alphabetic() || letter == ':');
    let tail = start.map_or("", |at| {
        own[at..].trim_start_matches(|letter: char| letter.is_alphabetic() || matches!(letter, ':' | '.'))
    });
    let inside = own
        .rsplit_once(':')
        .and_then(|(_, after)| Written::parse(after))
        .or_else(|| Written::parse(tail).filter(|_| tail.contains([',', '.'])));
    if let Some(written) = inside {
        return vec![(label, written)];
    }
    row.filled()
        .skip_while(|(column, _)| *column <= label)
        .take_while(|(_, cell)| cell.kind != CellKind::Text || of_text(&cell.text).is_none())
        .filter_map(|(column, cell)| Some((column, sum(cell)?)))
        .collect()
}

/// The cell as a sum, if it is one.
pub(super) fn sum(cell: &Cell) -> Option<Written> {
    match cell.kind {
        CellKind::Text => Written::parse(&cell.text),
        CellKind::Number => Written::of_number(&cell.text),
        CellKind::Day | CellKind::Error => None,
    }
}

/// The cell as a date, if it is one.
pub(super) fn date(cell: &Cell) -> Option<day::Written> {
    match cell.kind {
        CellKind::Text => day::Written::parse(&cell.text).or_else(|| day::Written::of_serial(&cell.text)),
        CellKind::Day => day::Written::parse(&cell.text),
        CellKind::Number => day::Written::of_serial(&cell.text),
        CellKind::Error => None,
    }
}

/// `1 2 3 4`: some banks number their columns under the header.
pub(super) fn numbers_columns(row: &Row) -> bool {
    let mut expected = 0_u32;
    let counts = row.filled().all(|(_, cell)| {
        expected += 1;
        cell.text == expected.to_string()
    });
    counts && expected >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_announce() {
        for (text, label) in [
            ("Входящий остаток", Some(Label::Opening)),
            ("Входящее сальдо:", Some(Label::Opening)),
            ("Остаток на начало периода", Some(Label::Opening)),
            ("Opening balance", Some(Label::Opening)),
            ("Исходящий остаток на 31.03.2025", Some(Label::Closing)),
            ("Сальдо конечное", Some(Label::Closing)),
            ("Остаток на 31.03.2025:", Some(Label::Balance)),
            ("Итого", Some(Label::Total { part: false })),
            ("ИТОГО ОБОРОТЫ:", Some(Label::Total { part: false })),
            ("Всего за период", Some(Label::Total { part: false })),
            ("Обороты за день", Some(Label::Total { part: true })),
            ("Итого за 12.03.2025", Some(Label::Total { part: true })),
            ("Итого операций: 5", Some(Label::Count)),
            ("Количество документов", Some(Label::Count)),
            ("Остаток задолженности по договору", None),
            ("Оплата по счету № 5", None),
            ("", None),
        ] {
            assert_eq!(of_text(text), label, "{text}");
        }
    }

    #[test]
    fn sums_stand_in_the_cell_or_behind_it() {
        let row = |cells: &[&str]| Row {
            line: 1,
            cells: cells
                .iter()
                .map(|text| Cell {
                    kind: CellKind::Text,
                    text: (*text).to_owned(),
                })
                .collect(),
            fault: None,
            ends_file: false,
        };
        for (cells, columns) in [
            (&["Входящий остаток: 1 234,56 руб."][..], &[0][..]),
            (&["Входящий остаток на 01.03.2025 (руб.): 5"], &[0]),
            (&["Входящий остаток", "", "1 234,56"], &[2]),
            (
                &[
                    "Входящий остаток на",
                    "01.03.2025",
                    "1 234,56",
                    "Исходящий остаток",
                    "7,00",
                ],
                &[2],
            ),
            (&["Входящий остаток на 01.03.2025"], &[]),
            (&["Итого", "", "1,00", "2,00"], &[2, 3]),
        ] {
            let found: Vec<usize> = sums(&row(cells), 0).iter().map(|(column, _)| *column).collect();
            assert_eq!(found, columns, "{cells:?}");
        }
        assert!(numbers_columns(&row(&["1", "2", "", "3"])));
        assert!(!numbers_columns(&row(&["1", "2"])));
    }
}
