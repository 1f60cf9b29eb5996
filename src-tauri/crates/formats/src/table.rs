//! Tables of any bank: text with separators (CSV) and workbooks (XLSX).
//!
//! The way of a file: [`csv`] or [`xlsx`] gives rows -> [`header`] finds the one whose [`words`] name the columns ->
//! [`survey`] looks once over all rows, in constant memory -> [`decide`] makes a [`layout`] out of that, or questions ->
//! [`entries`] reads the rows again. Where anything that matters is open, nothing is read and it is asked: a profile
//! ([`TableProfile`]) is the answer, kept for the next file of the same columns.
//!
//! It knows no bank by name.

mod csv;
mod day;
mod decide;
mod direction;
mod draft;
mod entries;
mod entry;
mod field;
mod header;
mod labels;
mod layout;
mod number;
mod party;
mod preamble;
mod preview;
mod profile;
mod row;
mod running;
mod status;
mod survey;
mod words;
mod xlsx;

use std::io::{self, Read, Seek};

use domain::Content;

use crate::{
    detect::{Format, detect},
    reading::{Bytes, Opened, Options, prefix},
};

pub use day::DayOrder;
pub(crate) use day::moscow_day;
pub use field::Field;
pub use header::{HEADER_ROWS_MAX, HEADER_SEARCH_ROWS};
pub use number::DecimalSign;
pub use preview::{PREVIEW_ROWS, Preview, PreviewColumn};
pub use profile::{Answers, PROFILE_VERSION, SignRule, TableProfile};
pub use row::{CELL_BYTES_MAX, COLUMNS_MAX, ROW_BYTES_MAX};
pub use survey::ACCOUNTS_MAX;
pub use xlsx::{DIRECTORY_BYTES_MAX, PARTS_MAX, SHARED_BYTES_MAX, SHARED_STRINGS_MAX, SHEET_BYTES_MAX, SHEETS_MAX};

/// As `format`, which is one of the two kinds of tables.
pub(crate) fn open<'a>(
    format: Format,
    mut bytes: Box<dyn Bytes + 'a>,
    prefix: &[u8],
    options: &Options,
) -> io::Result<Opened<'a>> {
    let draft = draft::draft(format, &mut bytes, prefix, options, None)?;
    Ok(Opened {
        encoding: draft.encoding,
        content: Content::Statement,
        remark: None,
        source: draft.source(bytes, prefix)?,
    })
}

/// Whether some line is the header of a table, though the lines around it are not.
pub(crate) fn has_header(prefix: &[u8], profiles: &[TableProfile]) -> bool {
    draft::has_header(prefix, profiles)
}

/// Whether a cell is the name of a column, as far as its words go.
pub(crate) fn names_a_column(text: &str) -> bool {
    words::meaning(text).is_some()
}

/// What the program makes of a table: its first rows, what each column was taken for and why, what is open.
///
/// # Errors
/// Only those of the source itself.
pub fn preview(mut source: impl Read + Seek, options: &Options, answers: Option<&Answers>) -> io::Result<Preview> {
    let prefix = prefix(&mut source)?;
    let detection = detect(&prefix);
    // Whoever asks for a text with no sign of any format takes it for a table.
    let text = detection.is_text().then_some(Format::Csv);
    match options.format.or(detection.format).or(text) {
        Some(format @ (Format::Csv | Format::Xlsx)) => {
            let mut bytes: Box<dyn Bytes + '_> = Box::new(source);
            Ok(preview::of(
                format,
                draft::draft(format, &mut bytes, &prefix, options, answers)?,
            ))
        }
        other => Ok(Preview::of_no_table(other)),
    }
}
