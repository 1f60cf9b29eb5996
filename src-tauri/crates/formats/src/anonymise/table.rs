//! Where a table of text says who somebody is: by the words of its header.

use std::ops::Range;

use crate::table::names_a_column;

use super::{
    of_name,
    piece::{Manner, Piece},
    vocabulary::{folded, is_service},
};

/// Rows among which the header is looked for.
const HEADER_ROWS_MAX: usize = 40;

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let separator = separator_of(text);
    let rows = rows(text, separator);
    let header = rows.iter().take(HEADER_ROWS_MAX).position(|row| is_header(text, row));
    let mut pieces = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        // A header may be repeated on every page.
        if header.is_some_and(|header| number == header || is_same(text, row, &rows[header])) {
            continue;
        }
        for (column, cell) in row.iter().enumerate() {
            let named = header
                .filter(|header| number > *header)
                .and_then(|header| rows[header].get(column))
                .and_then(|title| of_name(&text[title.clone()]));
            pieces.push(Piece::plain(cell.clone(), named.unwrap_or(Manner::Loose)));
        }
    }
    pieces
}

fn is_same(text: &str, row: &[Range<usize>], header: &[Range<usize>]) -> bool {
    let cells = |row: &[Range<usize>]| row.iter().map(|cell| &text[cell.clone()]).collect::<Vec<_>>();
    cells(row) == cells(header)
}

/// The sign that most lines have most of.
fn separator_of(text: &str) -> char {
    let count = |separator: &char| {
        text.chars()
            .take(64 * 1024)
            .filter(|character| character == separator)
            .count()
    };
    [',', '|', '\t', ';'].into_iter().max_by_key(count).unwrap_or(';')
}

/// Cells without their quotes.
fn rows(text: &str, separator: char) -> Vec<Vec<Range<usize>>> {
    let mut rows = Vec::new();
    let mut row: Vec<Range<usize>> = Vec::new();
    let mut widest = 0;
    let mut start = 0;
    while start <= text.len() {
        let rest = &text[start..];
        let quoted = quoted_length(rest, separator, widest);
        let after = quoted.unwrap_or(0);
        let end = rest[after..]
            .find(['\n', '\r', separator])
            .map_or(rest.len(), |at| after + at);
        row.push(unquoted(text, start..start + end));
        let sign = rest[end..].chars().next();
        if sign != Some(separator) {
            widest = widest.max(row.len());
            rows.push(std::mem::take(&mut row));
        }
        start += end + sign.map_or(1, char::len_utf8);
    }
    rows
}

/// Of a cell in quotes, up to the last of them. `None`: there are none, or nothing ends them but cells of other rows,
/// of which a text has not as many as a row.
fn quoted_length(rest: &str, separator: char, widest: usize) -> Option<usize> {
    let mut signs = rest.strip_prefix('"')?.char_indices().peekable();
    let (mut lines, mut parts) = (0, 0);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' if signs.next_if(|(_, next)| *next == '"').is_some() => {}
            '"' => {
                let ends = signs
                    .peek()
                    .is_none_or(|(_, next)| *next == separator || matches!(next, '\n' | '\r'));
                return (ends && (lines == 0 || parts + 1 < widest.max(2))).then_some(at + 2);
            }
            '\n' => lines += 1,
            other if other == separator => parts += 1,
            _ => {}
        }
    }
    None
}

/// What stands between the quotes, or all of it.
fn unquoted(text: &str, cell: Range<usize>) -> Range<usize> {
    let whole = &text[cell.clone()];
    let inner = whole.trim();
    let start = cell.start + (whole.len() - whole.trim_start().len());
    match inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(bare) => start + 1..start + 1 + bare.len(),
        None => start..start + inner.len(),
    }
}

/// Most of its cells are words of business, and none a sum.
fn is_header(text: &str, row: &[Range<usize>]) -> bool {
    let cells: Vec<&str> = row
        .iter()
        .map(|cell| &text[cell.clone()])
        .filter(|cell| !cell.trim().is_empty())
        .collect();
    let titled = |cell: &&&str| {
        of_name(cell).is_some()
            || names_a_column(cell)
            || cell
                .split(|it: char| !it.is_alphabetic())
                .any(|word| is_service(&folded(word)))
    };
    let is_number = |cell: &&str| cell.bytes().filter(u8::is_ascii_digit).count() > 2;
    cells.len() >= 2 && cells.iter().filter(titled).count() * 2 > cells.len() && !cells.iter().any(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_what_the_header_says() {
        let text = "Выписка;40702810900000000001\nДата;Контрагент;ИНН;Сумма;Назначение\n01.07.2024;\"ООО \"\"Лес\"\"\";7701122338;1;\"Оплата;\nза лес\"\n";
        let found: Vec<(&str, Manner)> = pieces(text)
            .into_iter()
            .filter(|piece| !piece.range.is_empty())
            .map(|piece| (&text[piece.range], piece.manner))
            .collect();
        assert_eq!(
            found,
            [
                ("Выписка", Manner::Loose),
                ("40702810900000000001", Manner::Loose),
                ("01.07.2024", Manner::Reference),
                ("ООО \"\"Лес\"\"", Manner::Name),
                ("7701122338", Manner::Inn),
                ("1", Manner::Reference),
                ("Оплата;\nза лес", Manner::Purpose),
            ]
        );
    }

    /// A sample whose header were invented would not show what is wrong with the file.
    #[test]
    fn whatever_the_reader_knows_as_a_header_stays() {
        for header in [
            "Transaction date|№ п/п док|Deposit|Withdrawal|Beneficiary|Баланс",
            "Posting date|Narrative|Paid in|Paid out",
        ] {
            let text = format!("{header}\n01.07.2024|1|2,00||ООО Лес|3,00\n");
            let kept = pieces(&text).into_iter().all(|piece| piece.range.start > header.len());
            assert!(kept, "{header}");
        }
    }

    #[test]
    fn a_quote_that_nothing_ends_is_a_letter() {
        for (text, cells) in [
            (
                "a;\"Лес ООО;b\nc;\"Банк;d",
                &["a", "\"Лес ООО", "b", "c", "\"Банк", "d"][..],
            ),
            (
                "a;b;c\nd;\"e;1\nf;g\";2",
                &["a", "b", "c", "d", "\"e", "1", "f", "g\"", "2"],
            ),
            ("\"a;\"\"b\"\"\";\"\"\n", &["a;\"\"b\"\"", "", ""]),
            ("a\"b;\"c\"d;", &["a\"b", "\"c\"d", ""]),
        ] {
            let found: Vec<&str> = rows(text, ';').into_iter().flatten().map(|cell| &text[cell]).collect();
            assert_eq!(found, cells, "{text}");
        }
    }
}
