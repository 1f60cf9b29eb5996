//! Bytes of a bank's file to statements, entries and diagnostics, and approved payment orders to bytes.
//!
//! Reading never fails and never hides: [`open`] takes any bytes and gives a [`Reading`], a stream of [`Event`]s in
//! which every trouble is a [`Diagnostic`] with its place and remedy. The only error is one of the source itself.
//! Memory does not grow with the file; [`read_all`] is the convenience that collects.
//!
//! This crate knows nothing of folders, ledgers and CRMs, and decides nothing about what an entry pays.

pub mod anonymise;
pub mod archive;
pub mod camt;
mod collected;
mod decimal;
pub mod detect;
pub mod diagnostic;
pub mod encoding;
pub mod ending;
pub mod json;
mod lines;
pub mod mt;
pub mod onec;
mod own_side;
mod proving;
mod reading;
pub mod table;

/// Raised whenever files that were refused before may be readable now: hosts then look at them once more.
pub const READER_VERSION: u32 = 3;

pub use anonymise::anonymise;
pub use collected::{Collected, CollectedStatement, read_all};
pub use detect::{Detection, Format, detect};
pub use diagnostic::{Code, Diagnostic, Severity};
pub use encoding::TextEncoding;
pub use ending::{EndMark, TAIL_BYTES, ends_complete};
pub use own_side::own_side;
pub use reading::{Event, Member, Options, Reading, open};
pub use table::TableProfile;
