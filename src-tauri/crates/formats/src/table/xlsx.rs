//! Workbooks of Excel (Office Open XML), read as a stream. Cells keep the text of their file: no float is ever made.
//!
//! The directory, the styles and the shared strings are held in memory, within limits; a sheet is inflated on the way,
//! once for the survey and once for the entries. Formulas count by the value that was last computed for them.

mod package;
mod parts;
mod sheet;

use std::io::{Read, Seek};

use domain::Text;

use crate::diagnostic::{Code, Diagnostic, Place};

pub use package::{DIRECTORY_BYTES_MAX, PARTS_MAX};
pub use parts::{SHARED_BYTES_MAX, SHARED_STRINGS_MAX, SHEETS_MAX};
pub use sheet::SHEET_BYTES_MAX;

pub(super) use parts::Book;
pub(super) use sheet::SheetRows;

/// Why a workbook, or a part of it, is not read.
#[derive(Debug)]
pub(super) enum Broken {
    /// Of the source itself.
    Source(std::io::Error),
    File(Box<Diagnostic>),
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::FileTooLarge => Self::File(limit(
                "часть книги слишком велика",
                "a part of the workbook is too large",
            )),
            // What the inflater says of damaged bytes.
            ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
                Self::File(damaged("сжатые данные испорчены", "its compressed bytes are damaged"))
            }
            _ => Self::Source(error),
        }
    }
}

impl From<quick_xml::Error> for Broken {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => {
                let copy = std::io::Error::new(error.kind(), error.to_string());
                copy.into()
            }
            other => Self::File(damaged(
                "разметка XML испорчена или записана не в UTF-8",
                &format!("an error of XML: {other}"),
            )),
        }
    }
}

fn damaged(ru: &str, en: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(
        Code::TableBook,
        Place::WHOLE_FILE,
        "",
        &[Text::new(ru, en)],
    ))
}

fn limit(ru: &str, en: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::new(
        Code::TableBookLimit,
        Place::WHOLE_FILE,
        "",
        &[Text::new(ru, en)],
    ))
}

/// The directory and the small parts of a workbook.
pub(super) fn open(source: &mut (impl Read + Seek)) -> Result<Book, Broken> {
    let package = package::Package::open(source)?;
    parts::read(package, source)
}
