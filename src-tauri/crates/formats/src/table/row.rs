//! A row of a table, whatever file it comes from.

use std::io;

use crate::diagnostic::Diagnostic;

/// Columns of a table. More are no statement's.
pub const COLUMNS_MAX: usize = 256;
/// Bytes of a row.
pub const ROW_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a cell, as text: Excel itself holds 32 767 characters.
pub const CELL_BYTES_MAX: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellKind {
    #[default]
    Text,
    /// A workbook's number: a decimal with a point.
    Number,
    /// A workbook's number that is shown as a date: `yyyy-mm-dd`.
    Day,
    /// `#REF!`
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    pub(super) kind: CellKind,
    /// Trimmed.
    pub(super) text: String,
}

/// Why a row cannot be trusted as it was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Longer than [`ROW_BYTES_MAX`], wider than [`COLUMNS_MAX`], or a cell longer than [`CELL_BYTES_MAX`].
    TooLarge,
    /// A quote swallowed the lines up to this one.
    Swallowed { to: u64 },
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Row {
    /// Counted from 1.
    pub(super) line: u64,
    pub(super) cells: Vec<Cell>,
    pub(super) fault: Option<Fault>,
    /// The file ends here without the end of a line: it may break off.
    pub(super) ends_file: bool,
}

impl Row {
    pub(super) fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell.text.as_str())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }

    /// Cells up to the last that is not empty.
    pub(super) fn filled_width(&self) -> usize {
        self.cells
            .iter()
            .rposition(|cell| !cell.text.is_empty())
            .map_or(0, |at| at + 1)
    }

    /// How many cells it has; empty ones beyond the header's are separators at the end of the line.
    pub(super) fn width_over(&self, header: usize) -> usize {
        let width = self.cells.len();
        if width > header && self.filled_width() <= header {
            header
        } else {
            width
        }
    }

    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty())
    }

    /// For a look at the words of it.
    pub(super) fn joined(&self) -> String {
        let texts: Vec<&str> = self.filled().map(|(_, cell)| cell.text.as_str()).collect();
        texts.join(" ")
    }
}

/// Where rows come from, in the file's order. Empty rows may be left out.
pub(super) trait Rows {
    /// `false` at the end.
    fn read(&mut self, row: &mut Row) -> io::Result<bool>;

    /// What was noticed on the way.
    fn findings(&mut self) -> Vec<Diagnostic> {
        Vec::new()
    }
}
