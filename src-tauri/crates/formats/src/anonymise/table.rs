//! Where a table of text says who somebody is: by the words of its header.

use std::ops::Range;

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
        if header == Some(number) {
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
    let mut row = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                row.push(unquoted(text, start..at));
                rows.push(std::mem::take(&mut row));
                start = at + 1;
            }
            other if other == separator && !quoted => {
                row.push(unquoted(text, start..at));
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    row.push(unquoted(text, start..text.len()));
    rows.push(row);
    rows
}

fn unquoted(text: &str, cell: Range<usize>) -> Range<usize> {
    let whole = &text[cell.clone()];
    let inner = whole.trim().trim_matches('"');
    let start = whole.find(inner).unwrap_or(0);
    cell.start + start..cell.start + start + inner.len()
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
                ("ООО \"\"Лес", Manner::Name),
                ("7701122338", Manner::Inn),
                ("1", Manner::Reference),
                ("Оплата;\nза лес", Manner::Purpose),
            ]
        );
    }
}
