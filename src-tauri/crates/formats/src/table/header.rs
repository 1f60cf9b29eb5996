//! Where the header of a table is: the rows whose words name the most columns.

use std::collections::BTreeSet;

use super::{
    decide,
    field::Field,
    labels,
    profile::{Answers, TableProfile},
    row::{Cell, CellKind, Row},
    survey::Marks,
    words::{self, Meaning, normalised},
};

/// Rows that are looked through for the header.
pub const HEADER_SEARCH_ROWS: usize = 60;
/// Rows that one header may have.
pub const HEADER_ROWS_MAX: usize = 3;
/// Columns whose words must be known.
const KNOWN_COLUMNS_MIN: usize = 3;
/// Letters of a header's cell; a longer one is a sentence of the preamble.
const HEADER_CHARS_MAX: usize = 90;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Index of its first row among the first rows of the file.
    pub(super) first: usize,
    pub(super) rows: usize,
    /// Of every column, the words of all its rows together.
    pub(super) texts: Vec<String>,
    pub(super) meanings: Vec<Option<Meaning>>,
    /// How many of them are known.
    pub(super) known: usize,
}

impl Header {
    fn at(rows: &[Row], first: usize, count: usize) -> Option<Self> {
        let rows = rows.get(first..first + count)?;
        if !rows.iter().all(is_wordy) {
            return None;
        }
        let texts = together(rows);
        let meanings: Vec<_> = texts.iter().map(|text| words::meaning(text)).collect();
        let known = named(&meanings);
        Some(Self {
            first,
            rows: count,
            texts,
            meanings,
            known,
        })
    }

    /// An upper row over a header that is whole without it: it is one of the header only where it tells columns apart.
    /// Else it is the last line of the preamble, whose words fall on columns by chance.
    fn owns_its_first_row(&self, rows: &[Row]) -> bool {
        let lower =
            Self::at(rows, self.first + 1, self.rows - 1).filter(|lower| self.rows > 1 && lower.is_of_entries());
        let accounts = |header: &Self| {
            header
                .meanings
                .iter()
                .filter(|meaning| **meaning == Some(Meaning::SomeAccount))
                .count()
        };
        lower.is_none_or(|lower| self.known >= lower.known + 2 || accounts(self) < accounts(&lower))
    }

    /// Days, sums and a word more: without them it is no table of entries.
    fn is_of_entries(&self) -> bool {
        self.has_days_and_sums() && self.known >= KNOWN_COLUMNS_MIN
    }

    fn has_days_and_sums(&self) -> bool {
        let has = |wanted: fn(&Meaning) -> bool| self.meanings.iter().flatten().any(wanted);
        let day = has(|meaning| {
            matches!(
                meaning,
                Meaning::Is {
                    field: Field::Date | Field::DocumentDate | Field::ValueDate,
                    ..
                }
            )
        });
        let sum = has(|meaning| match meaning {
            Meaning::Is { field, .. } => field.is_sum(),
            other => *other == Meaning::DebitOrCredit,
        });
        day && sum
    }

    /// Index of the first row after it.
    pub(super) fn end(&self) -> usize {
        self.first + self.rows
    }

    /// Banks repeat the header on every page: a row whose every cell is a piece of it.
    pub(super) fn is_repeated_by(&self, row: &Row) -> bool {
        let mut cells = 0;
        let same = row.filled().all(|(column, cell)| {
            cells += 1;
            let own = self.texts.get(column).map(|text| normalised(text)).unwrap_or_default();
            let cell = normalised(&cell.text);
            !cell.is_empty() && own.contains(&cell)
        });
        same && cells > 0
    }

    /// What says that two files have the same columns.
    pub(super) fn fingerprint(&self) -> Vec<String> {
        self.texts.iter().map(|text| normalised(text)).collect()
    }
}

/// Different columns that are named: two of the same name say no more than one.
fn named(meanings: &[Option<Meaning>]) -> usize {
    let mut fields = BTreeSet::new();
    let mut others = 0;
    for meaning in meanings.iter().flatten() {
        match meaning {
            Meaning::Is { field, .. } => {
                fields.insert(*field);
            }
            Meaning::Nothing => {}
            Meaning::SomeAccount | Meaning::KindOrDirection | Meaning::DebitOrCredit => others += 1,
        }
    }
    fields.len() + others
}

/// Words, and neither days nor sums.
fn is_wordy(row: &Row) -> bool {
    let mut words = 0;
    let wordy = row.filled().all(|(_, cell)| {
        words += 1;
        cell.kind == CellKind::Text
            && cell.text.chars().count() <= HEADER_CHARS_MAX
            && cell
                .text
                .chars()
                .any(|letter| letter.is_alphabetic() || letter == '№' || letter == '#')
            && labels::date(cell).is_none()
            && labels::sum(cell).is_none()
    });
    wordy && words > 0 && row.fault.is_none()
}

/// The words of a header of several rows, by column. The cell of a group stands over its first column, and speaks for
/// the empty cells right of it where the row below names columns of the group.
fn together(rows: &[Row]) -> Vec<String> {
    let width = rows.iter().map(Row::filled_width).max().unwrap_or(0);
    let mut texts = vec![String::new(); width];
    for (at, row) in rows.iter().enumerate() {
        let below = rows.get(at + 1);
        let named_below = |column: usize| below.is_some_and(|below| !below.text(column).is_empty());
        // «Получатель» does not reach over the date that stands right of its codes.
        let belongs =
            |group: &str, column: usize| !is_side(group) || below.is_some_and(|below| is_of_side(below.text(column)));
        let mut group = "";
        for (column, text) in texts.iter_mut().enumerate() {
            let own = row.text(column);
            let shown = if own.is_empty() {
                if named_below(column) && belongs(group, column) {
                    group
                } else {
                    ""
                }
            } else {
                group = if named_below(column) { own } else { "" };
                own
            };
            if !shown.is_empty() {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.extend(shown.split_whitespace().flat_map(|word| [word, " "]));
                text.truncate(text.trim_end().len());
            }
        }
    }
    texts
}

/// A group of a payer's, a payee's or a counterparty's columns.
fn is_side(group: &str) -> bool {
    let of = [Field::Name, Field::PayerName, Field::PayeeName];
    matches!(words::meaning(group), Some(Meaning::Is { field, .. }) if of.contains(&field))
}

/// A name, a code, an account or a bank, or a word that is not known.
fn is_of_side(text: &str) -> bool {
    let of = [
        Field::Name,
        Field::Inn,
        Field::Kpp,
        Field::PartyAccount,
        Field::Bik,
        Field::Bank,
    ];
    match words::meaning(text) {
        Some(Meaning::Is { field, .. }) => of.contains(&field),
        _ => true,
    }
}

/// The header that names the most columns; of equals the one with fewer rows, then the first.
pub(super) fn find(rows: &[Row]) -> Option<Header> {
    let mut best: Option<Header> = None;
    for first in 0..rows.len().min(HEADER_SEARCH_ROWS) {
        for count in 1..=HEADER_ROWS_MAX {
            let found = Header::at(rows, first, count).filter(Header::is_of_entries);
            let Some(header) = found.filter(|header| header.owns_its_first_row(rows)) else {
                continue;
            };
            let better = best.as_ref().is_none_or(|best| {
                (header.known, std::cmp::Reverse(header.rows)) > (best.known, std::cmp::Reverse(best.rows))
            });
            if better {
                best = Some(header);
            }
        }
    }
    best
}

/// Whether the columns that a person has named are there, days and sums among them.
pub(super) fn is_named(header: &Header, answers: &Answers) -> bool {
    let (named, doubts) = decide::answered(header.clone(), answers);
    doubts.is_empty() && named.has_days_and_sums()
}

/// A header of words that are not known, whose columns a person has named. Best is the one right above an entry, then
/// one row, then the one that names the most.
pub(super) fn find_named(rows: &[Row], answers: &Answers) -> Option<Header> {
    let is_entry = |row: &Row, marks: &Marks| {
        let has = |columns: &[usize], is: fn(&Cell) -> bool| columns.iter().filter_map(|at| row.cells.get(*at)).any(is);
        has(&marks.days, |cell| labels::date(cell).is_some()) && has(&marks.sums, |cell| labels::sum(cell).is_some())
    };
    let places = (0..rows.len().min(HEADER_SEARCH_ROWS))
        .flat_map(|first| (1..=HEADER_ROWS_MAX).map(move |count| (first, count)));
    let ranked = places.filter_map(|(first, count)| {
        let header = Header::at(rows, first, count).filter(|header| is_named(header, answers))?;
        let (named, _) = decide::answered(header.clone(), answers);
        let marks = Marks::of(&named.meanings);
        let above = rows.get(header.end()).is_some_and(|row| is_entry(row, &marks));
        let first = std::cmp::Reverse(first);
        Some(((above, std::cmp::Reverse(count), header.known, first), header))
    });
    ranked.max_by_key(|(rank, _)| *rank).map(|(_, header)| header)
}

/// The header by its words, or by the columns that a person has named where the words say too little.
pub(super) fn find_answered(rows: &[Row], answers: Option<&Answers>) -> Option<Header> {
    let by_words = find(rows);
    let Some(answers) = answers.filter(|answers| !answers.columns.is_empty()) else {
        return by_words;
    };
    if by_words.as_ref().is_some_and(|header| is_named(header, answers)) {
        return by_words;
    }
    find_named(rows, answers).or(by_words)
}

/// The header that a saved profile was made for.
pub(super) fn find_by_profile<'p>(rows: &[Row], profiles: &'p [TableProfile]) -> Option<(Header, &'p TableProfile)> {
    profiles.iter().find_map(|profile| {
        let count = profile.header_rows.clamp(1, HEADER_ROWS_MAX);
        let found = (0..rows.len().min(HEADER_SEARCH_ROWS)).find_map(|first| {
            let rows = rows.get(first..first + count)?;
            let texts = together(rows);
            let same = texts
                .iter()
                .map(|text| normalised(text))
                .eq(profile.header.iter().cloned());
            same.then_some((first, texts))
        });
        let (first, texts) = found?;
        let meanings = texts.iter().map(|text| words::meaning(text)).collect();
        let header = Header {
            first,
            rows: count,
            known: texts.len(),
            meanings,
            texts,
        };
        Some((header, profile))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Row> {
        let row = |(index, line): (usize, &str)| Row {
            line: index as u64 + 1,
            cells: line
                .split(';')
                .map(|text| Cell {
                    kind: CellKind::Text,
                    text: text.to_owned(),
                })
                .collect(),
            fault: None,
            ends_file: false,
        };
        text.lines().enumerate().map(row).collect()
    }

    #[test]
    fn the_header_stands_after_the_preamble_and_may_have_several_rows() {
        let header = find(&rows(
            "Выписка по счёту;40702810900000000001\nКлиент;ООО Ромашка\n\
             Дата проводки;Счет;;Сумма по дебету;Сумма по кредиту;Назначение платежа\n;Дебет;Кредит;;;\n\
             12.03.2025;1;2;3;4;x",
        ))
        .unwrap();
        assert_eq!((header.first, header.rows), (2, 2));
        assert_eq!(header.texts[1..3], ["Счет Дебет", "Счет Кредит"]);
        let under_preamble = find(&rows("Валюта;RUB;;\n№ п/п;Дата;Сумма;Назначение\n1;12.03.2025;1;x")).unwrap();
        assert_eq!((under_preamble.first, under_preamble.rows), (1, 1));
        let sides = find(&rows(
            "Плательщик;;Получатель;;;\nИНН;Имя;ИНН;Имя;Дата;Сумма\n1;a;2;b;12.03.2025;1",
        ))
        .unwrap();
        assert_eq!((sides.rows, sides.texts[2].as_str()), (2, "Получатель ИНН"));
        let single = find(&rows("Дата;Сумма;Назначение\n12.03.2025;1;Дата Сумма Назначение")).unwrap();
        assert_eq!((single.first, single.rows), (0, 1));
        assert!(single.is_repeated_by(&rows("Дата;Сумма;Назначение")[0]));
        assert!(!single.is_repeated_by(&rows("12.03.2025;Сумма;Назначение")[0]));
        assert_eq!(find(&rows("Имя;Возраст;Город\nПётр;5;Тула")), None);
    }

    #[test]
    fn the_header_is_found_in_the_last_row_that_is_looked_at_and_no_further() {
        let text = |before: usize| format!("{}Дата;Сумма;Назначение\n12.03.2025;1;x", "слово\n".repeat(before));
        assert!(find(&rows(&text(HEADER_SEARCH_ROWS - 1))).is_some());
        assert!(find(&rows(&text(HEADER_SEARCH_ROWS))).is_none());
    }
}
