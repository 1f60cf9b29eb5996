//! Rows of a text with separators, in bounded memory.

use std::io::{self, BufRead, Cursor};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::{LineDecoder, Tally},
    reading::text_of,
};

use super::row::{CELL_BYTES_MAX, COLUMNS_MAX, Cell, Fault, ROW_BYTES_MAX, Row, Rows};

/// In the order in which they are tried.
pub(super) const DELIMITERS: [u8; 4] = [b';', b'\t', b',', b'|'];
/// Lines that one quoted cell may span; a longer one was opened by a stray quote.
const CELL_LINES_MAX: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `false`: quotes are letters like any other, for files whose quotes do not pair.
    pub(super) quoting: bool,
}

pub(super) struct CsvRows<R> {
    source: R,
    reader: Reader,
    delimiter: u8,
    decoder: LineDecoder,
    pub(super) tally: Tally,
    line: u64,
    after_return: bool,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The most cells a row had so far.
    widest: usize,
    /// Before the encoding is settled there is nothing to tell of it, and nobody to collect what is told.
    tells: bool,
    findings: Vec<Diagnostic>,
}

impl<R: BufRead> CsvRows<R> {
    pub(super) fn new(source: R, dialect: Dialect, decoder: LineDecoder) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(dialect.delimiter)
            .quoting(dialect.quoting)
            .build();
        Self {
            source,
            reader,
            delimiter: dialect.delimiter,
            decoder,
            tally: Tally::default(),
            line: 1,
            after_return: false,
            bytes: vec![0; ROW_BYTES_MAX],
            ends: vec![0; COLUMNS_MAX],
            widest: 2,
            tells: false,
            findings: Vec::new(),
        }
    }

    /// Tells of cells in another encoding than the file's, which is settled.
    pub(super) fn telling(self) -> Self {
        Self { tells: true, ..self }
    }

    /// Passes over line ends before a row, so that its first line is known. `false` at the end of the file.
    fn skip_line_ends(&mut self) -> io::Result<bool> {
        loop {
            let chunk = filled(&mut self.source)?;
            let Some(&first) = chunk.first() else {
                return Ok(false);
            };
            match first {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => self.line += 1,
                _ => return Ok(true),
            }
            self.after_return = first == b'\r';
            self.source.consume(1);
        }
    }

    fn count_lines(&mut self, consumed: usize) -> io::Result<()> {
        let chunk = filled(&mut self.source)?;
        for byte in &chunk[..consumed] {
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => self.line += 1,
                _ => {}
            }
            self.after_return = *byte == b'\r';
        }
        self.source.consume(consumed);
        Ok(())
    }

    /// The next record into `bytes` and `ends`.
    fn record(&mut self) -> io::Result<Option<Record>> {
        if !self.skip_line_ends()? {
            return Ok(None);
        }
        self.after_return = false;
        let (mut written, mut cells, mut too_large) = (0, 0, false);
        loop {
            let chunk = filled(&mut self.source)?;
            let ends_file = chunk.is_empty();
            let (result, read, out, ended) =
                self.reader
                    .read_record(chunk, &mut self.bytes[written..], &mut self.ends[cells..]);
            self.count_lines(read)?;
            written += out;
            cells += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                // The rest of it is read over, into the same place.
                ReadRecordResult::OutputFull => (written, too_large) = (0, true),
                ReadRecordResult::OutputEndsFull => (cells, too_large) = (0, true),
                ReadRecordResult::End if cells == 0 => return Ok(None),
                ReadRecordResult::Record | ReadRecordResult::End => {
                    return Ok(Some(Record {
                        cells,
                        too_large,
                        ends_file,
                    }));
                }
            }
        }
    }

    fn decode(&mut self, row: &mut Row, count: usize) {
        row.cells.resize_with(count, Cell::default);
        let mut start = 0;
        for (cell, end) in row.cells.iter_mut().zip(&self.ends) {
            let raw = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            self.tally.count(raw, true);
            let (text, foreign) = self.decoder.decode(raw);
            if let Some(encoding) = foreign.filter(|_| self.tells) {
                let details = [
                    domain::Text::same(self.decoder.encoding.name()),
                    domain::Text::same(encoding.name()),
                ];
                self.findings.push(Diagnostic::new(
                    Code::EncodingMixed,
                    Place::line(row.line),
                    &text,
                    &details,
                ));
            }
            if text.len() > CELL_BYTES_MAX {
                row.fault = Some(Fault::TooLarge);
            }
            let lines = raw.iter().filter(|byte| **byte == b'\n').count();
            let parts = raw.iter().filter(|byte| **byte == self.delimiter).count();
            // A purpose has line ends, and now and then a semicolon; the end of one row and the beginning of the next
            // have as many separators as a row has.
            if lines > CELL_LINES_MAX || (lines > 0 && parts + 1 >= self.widest) {
                row.fault = Some(Fault::Swallowed { to: self.line });
            }
            cell.text.clear();
            let bare = text.trim().trim_matches(['\u{feff}', '\u{c}']).trim();
            cell.text.push_str(kept_from_excel(bare));
            cell.kind = super::row::CellKind::Text;
        }
        self.widest = self.widest.max(count);
    }
}

/// `="40702810900000000001"` and `'40702810900000000001`: how digits are kept from Excel. The signs are no part of them.
fn kept_from_excel(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner;
    }
    let digits = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('\'').filter(digits).unwrap_or(text)
}

struct Record {
    cells: usize,
    /// It did not fit.
    too_large: bool,
    /// No line end follows.
    ends_file: bool,
}

fn filled<R: BufRead>(source: &mut R) -> io::Result<&[u8]> {
    // The borrow checker cannot return the buffer out of a loop: `Interrupted` is dealt with first.
    while let Err(error) = source.fill_buf() {
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    source.fill_buf()
}

impl<R: BufRead> Rows for CsvRows<R> {
    fn read(&mut self, row: &mut Row) -> io::Result<bool> {
        loop {
            row.fault = None;
            let Some(record) = ({
                let more = self.skip_line_ends()?;
                row.line = self.line;
                if more { self.record()? } else { None }
            }) else {
                return Ok(false);
            };
            row.ends_file = record.ends_file;
            if record.too_large {
                row.cells.clear();
                // So many lines are no row: a quote was opened and not closed.
                row.fault = Some(if self.line - row.line > CELL_LINES_MAX as u64 {
                    Fault::Swallowed { to: self.line }
                } else {
                    Fault::TooLarge
                });
                return Ok(true);
            }
            self.decode(row, record.cells);
            // Excel's own hint of the separator.
            let hint = row.line == 1 && row.text(0).starts_with("sep=");
            if !hint && (!row.is_empty() || row.fault.is_some()) {
                return Ok(true);
            }
        }
    }

    fn findings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.findings)
    }
}

/// The first rows, out of the first bytes of a file; the last one may be cut and is left out.
pub(super) fn first_rows(prefix: &[u8], cut: bool, dialect: Dialect, decoder: LineDecoder, most: usize) -> Vec<Row> {
    let Ok(text) = text_of(Cursor::new(prefix), prefix) else {
        return Vec::new();
    };
    let mut rows = CsvRows::new(text, dialect, decoder);
    let mut first = Vec::new();
    let mut row = Row::default();
    while first.len() < most && matches!(rows.read(&mut row), Ok(true)) {
        first.push(std::mem::take(&mut row));
    }
    if cut && first.len() < most {
        first.pop();
    }
    first
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(bytes: &[u8], buffer: usize, quoting: bool) -> Vec<Row> {
        let dialect = Dialect {
            delimiter: b';',
            quoting,
        };
        let decoder = LineDecoder::tentative(bytes);
        let mut rows = CsvRows::new(BufReader::with_capacity(buffer, bytes), dialect, decoder);
        let mut all = Vec::new();
        let mut row = Row::default();
        while rows.read(&mut row).unwrap() {
            all.push(row.clone());
        }
        all
    }

    #[test]
    fn every_row_knows_its_first_line_at_every_buffer_boundary() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["sep=;", "a;b", "", "c;\"d", "e\"", ";;", "f"].join(end);
            for buffer in 1..9 {
                let rows = read(text.as_bytes(), buffer, true);
                let told: Vec<(u64, &str)> = rows.iter().map(|row| (row.line, row.text(0))).collect();
                assert_eq!(told, [(2, "a"), (4, "c"), (7, "f")], "{end:?} {buffer}");
                assert_eq!(rows[1].text(1), format!("d{end}e"));
            }
        }
    }

    #[test]
    fn signs_that_keep_digits_from_excel_are_no_part_of_them() {
        let rows = read(b"=\"0012\";'0013;'Tis;=1\n", 64, true);
        let texts: Vec<&str> = (0..4).map(|at| rows[0].text(at)).collect();
        assert_eq!(texts, ["0012", "0013", "'Tis", "=1"]);
    }

    #[test]
    fn a_row_at_the_limit_is_whole_and_one_past_it_costs_only_itself() {
        let cells = |bytes: usize| format!("{};{}\nc;d\n", "x".repeat(bytes / 2), "y".repeat(bytes - bytes / 2));
        for (bytes, fault) in [
            (2 * CELL_BYTES_MAX, None),
            (2 * CELL_BYTES_MAX + 1, Some(Fault::TooLarge)),
        ] {
            let rows = read(cells(bytes).as_bytes(), 4096, true);
            assert_eq!(
                rows.iter().map(|row| row.fault).collect::<Vec<_>>(),
                [fault, None],
                "{bytes}"
            );
        }
        for (count, fault) in [(COLUMNS_MAX, None), (COLUMNS_MAX + 1, Some(Fault::TooLarge))] {
            let rows = read(format!("{}\nc;d\n", vec!["x"; count].join(";")).as_bytes(), 4096, true);
            assert_eq!(
                rows.iter().map(|row| row.fault).collect::<Vec<_>>(),
                [fault, None],
                "{count}"
            );
        }
        let rows = read(
            format!("\"{}\nc;d\n", "x".repeat(3 * ROW_BYTES_MAX)).as_bytes(),
            4096,
            true,
        );
        assert_eq!(
            rows[0].fault,
            Some(Fault::TooLarge),
            "an open quote ends with the file, not with the memory"
        );
    }

    #[test]
    fn a_stray_quote_is_noticed_and_can_be_read_over() {
        let text = "a;b;c\n1;\"ООО Ромашка;2\n3;x;4\n5;y;6\n7;\"z\";8\n";
        assert!(
            read(text.as_bytes(), 64, true)
                .iter()
                .any(|row| matches!(row.fault, Some(Fault::Swallowed { .. })))
        );
        let plain = read(text.as_bytes(), 64, false);
        assert_eq!(plain.len(), 5);
        assert_eq!(plain[1].text(1), "\"ООО Ромашка");
    }

    /// Tens of thousands of rows are no row that is too large.
    #[test]
    fn an_open_quote_before_many_rows_is_no_large_row() {
        let text = format!("a;b\n1;\"x\n{}", "2;y\n".repeat(ROW_BYTES_MAX));
        let faults: Vec<_> = read(text.as_bytes(), 4096, true).iter().map(|row| row.fault).collect();
        assert!(
            matches!(faults.as_slice(), [None, Some(Fault::Swallowed { .. })]),
            "{faults:?}"
        );
    }

    /// What is told before the encoding is settled would be collected for every cell of a file of any size.
    #[test]
    fn nothing_is_told_of_the_encoding_before_it_is_settled() {
        let text = "Дата;Сумма\n";
        let dialect = Dialect {
            delimiter: b';',
            quoting: true,
        };
        let decoder = LineDecoder::tentative(text.as_bytes());
        let rows = || CsvRows::new(text.as_bytes(), dialect, decoder);
        for (mut rows, told) in [(rows(), 0), (rows().telling(), 2)] {
            assert!(rows.read(&mut Row::default()).unwrap());
            assert_eq!(rows.findings().len(), told);
        }
    }
}
