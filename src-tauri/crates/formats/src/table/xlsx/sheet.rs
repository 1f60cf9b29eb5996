//! The cells of one sheet, row by row, as the file writes them.

use std::{
    io::{self, BufRead, Read, Seek},
    rc::Rc,
};

use quick_xml::events::Event;

use crate::diagnostic::{Code, Diagnostic, Place};

use super::{
    super::{
        day,
        row::{CELL_BYTES_MAX, COLUMNS_MAX, Cell, CellKind, Fault, ROW_BYTES_MAX, Row, Rows},
    },
    Broken, damaged,
    package::PartReader,
    parts::{Book, Xml, attribute, entity, next, xml},
};

/// Bytes of a sheet with its markup, inflated: a million rows of a kilobyte each.
pub const SHEET_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Type {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Error,
    Day,
}

pub(crate) struct SheetRows<R: Read + Seek> {
    xml: Xml<PartReader<R>>,
    book: Rc<Book>,
    buffer: Vec<u8>,
    line: u64,
    /// Inside of the rows: the part may not end here.
    in_rows: bool,
    ended: bool,
    findings: Vec<Diagnostic>,
}

/// A cell being read.
#[derive(Default)]
struct Open {
    column: usize,
    kind: Type,
    style: Option<usize>,
    text: String,
    in_value: bool,
}

impl<R: Read + Seek> SheetRows<R> {
    /// # Errors
    /// Those of the source.
    pub(crate) fn new(source: R, book: Rc<Book>, sheet: usize) -> io::Result<Option<Self>> {
        let Some(part) = book.sheets.get(sheet).map(|sheet| sheet.part) else {
            return Ok(None);
        };
        let reader = PartReader::new(source, part, SHEET_BYTES_MAX)?;
        Ok(Some(Self {
            xml: xml(reader),
            book,
            buffer: Vec::new(),
            line: 0,
            in_rows: false,
            ended: false,
            findings: Vec::new(),
        }))
    }

    fn row(&mut self, row: &mut Row) -> Result<bool, Broken> {
        row.cells.clear();
        row.fault = None;
        let mut open = Open::default();
        let (mut in_row, mut bytes) = (false, 0);
        loop {
            let event = next(&mut self.xml, &mut self.buffer)?;
            match event {
                Event::Start(element) => match element.local_name().as_ref() {
                    "sheetData" => self.in_rows = true,
                    "row" => {
                        in_row = true;
                        self.line = number(attribute(&element, "r")).unwrap_or(self.line + 1);
                        row.line = self.line;
                    }
                    "c" => open = opened(&element, row.cells.len()),
                    "v" | "t" => open.in_value = true,
                    _ => {}
                },
                Event::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => open.in_value = false,
                    "c" => self.put(row, &mut open),
                    "row" if in_row => return Ok(true),
                    "sheetData" => {
                        self.in_rows = false;
                        return Ok(false);
                    }
                    _ => {}
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "row" => self.line = number(attribute(&element, "r")).unwrap_or(self.line + 1),
                    // An empty cell without its place still takes one.
                    "c" => {
                        open = opened(&element, row.cells.len());
                        self.put(row, &mut open);
                    }
                    _ => {}
                },
                Event::Text(text) if open.in_value => open.text.push_str(&text.xml10_content()),
                Event::CData(text) if open.in_value => open.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if open.in_value => open.text.push_str(&entity(&reference)),
                Event::Eof if self.in_rows => {
                    return Err(Broken::File(damaged("лист обрывается", "a sheet breaks off")));
                }
                Event::Eof => return Ok(false),
                _ => {}
            }
            bytes += self.buffer.len();
            if bytes > 4 * ROW_BYTES_MAX || open.text.len() > CELL_BYTES_MAX {
                open.text.clear();
                row.fault = Some(Fault::TooLarge);
            }
        }
    }

    fn put(&mut self, row: &mut Row, open: &mut Open) {
        let open = std::mem::take(open);
        if open.column >= COLUMNS_MAX {
            row.fault = Some(Fault::TooLarge);
            return;
        }
        let text = open.text.trim();
        let (kind, text) = match open.kind {
            Type::Shared => match self.book.string(text) {
                Some(shared) if shared.len() <= CELL_BYTES_MAX => (CellKind::Text, unescaped(shared)),
                Some(_) => {
                    row.fault = Some(Fault::TooLarge);
                    return;
                }
                None => {
                    let place = Place::line(self.line);
                    self.findings.push(Diagnostic::new(Code::TableLostText, place, "", &[]));
                    (CellKind::Error, String::new())
                }
            },
            Type::Text => (CellKind::Text, unescaped(text)),
            // No number, though it is written as one.
            Type::Truth => (CellKind::Text, if text == "0" { "FALSE" } else { "TRUE" }.to_owned()),
            Type::Error => (CellKind::Error, text.to_owned()),
            Type::Day => (CellKind::Day, text.to_owned()),
            Type::Number if self.book.is_date(open.style) => match day::serial(text, self.book.from_1904) {
                Some(date) => (CellKind::Day, date.to_string()),
                None => (CellKind::Number, text.to_owned()),
            },
            Type::Number => (CellKind::Number, text.to_owned()),
        };
        if row.cells.len() <= open.column {
            row.cells.resize_with(open.column + 1, Cell::default);
        }
        let cell = &mut row.cells[open.column];
        *cell = if cell.text.is_empty() || cell.text == text {
            Cell { kind, text }
        } else {
            // Two cells in one place: which of them is meant, nobody knows.
            Cell {
                kind: CellKind::Error,
                text: format!("{} / {text}", cell.text),
            }
        };
    }
}

fn opened(element: &quick_xml::events::BytesStart<'_>, next: usize) -> Open {
    let column = attribute(element, "r")
        .and_then(|place| column_of(&place))
        .unwrap_or(next);
    let kind = match attribute(element, "t").as_deref() {
        Some("s") => Type::Shared,
        Some("str" | "inlineStr") => Type::Text,
        Some("b") => Type::Truth,
        Some("e") => Type::Error,
        Some("d") => Type::Day,
        _ => Type::Number,
    };
    Open {
        column,
        kind,
        style: number(attribute(element, "s")).and_then(|style| usize::try_from(style).ok()),
        ..Open::default()
    }
}

/// `_x000D_` is a sign that XML cannot hold, or that a writer would not (ECMA-376, `ST_Xstring`).
fn unescaped(text: &str) -> String {
    let text = text.trim();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 7).and_then(|code| code.strip_suffix('_'));
        let sign = code
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        let (kept, taken) = match sign {
            Some(_) => (at, at + 7),
            None => (at + 2, at + 2),
        };
        plain.push_str(&rest[..kept]);
        // Of a line end the other half stands there as it is.
        plain.extend(sign.filter(|sign| *sign != '\r'));
        rest = &rest[taken..];
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

fn number(text: Option<String>) -> Option<u64> {
    text?.trim().parse().ok()
}

/// `BC12` is column 54, counted from 0.
fn column_of(place: &str) -> Option<usize> {
    let letters: Vec<u8> = place.bytes().take_while(u8::is_ascii_alphabetic).collect();
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let count = letters.iter().fold(0, |sum, letter| {
        sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    Some(count - 1)
}

impl<R: Read + Seek> Rows for SheetRows<R>
where
    PartReader<R>: BufRead,
{
    fn read(&mut self, row: &mut Row) -> io::Result<bool> {
        while !self.ended {
            match self.row(row) {
                Ok(true) if row.is_empty() && row.fault.is_none() => {}
                Ok(true) => return Ok(true),
                Ok(false) => self.ended = true,
                Err(Broken::Source(error)) => return Err(error),
                Err(Broken::File(why)) => {
                    self.ended = true;
                    self.findings.push(Diagnostic {
                        line: self.line + 1,
                        ..*why
                    });
                }
            }
        }
        Ok(false)
    }

    fn findings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_xml_cannot_hold_are_put_back() {
        for (text, plain) in [
            ("Оплата_x000D_\nпо счёту", "Оплата\nпо счёту"),
            ("a_x005F_x000D_b", "a_x000D_b"),
            ("_x12", "_x12"),
            ("файл_xls_", "файл_xls_"),
        ] {
            assert_eq!(unescaped(text), plain);
        }
    }

    #[test]
    fn places_of_cells() {
        for (place, column) in [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA1", Some(26)),
            ("BC12", Some(54)),
            ("12", None),
        ] {
            assert_eq!(column_of(place), column, "{place}");
        }
    }
}
