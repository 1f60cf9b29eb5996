//! `1CClientBankExchange`, the text exchange of Russian bank clients with 1C, versions 1.00 to 1.03.
//!
//! The way of a file: `lines` -> [`records`] (header keys, sections, documents) -> once over it in [`survey`] (whose
//! accounts, which days, statement or orders) -> once more in [`entries`] (each document to entries). The version
//! a file names is ignored: banks write any version on any content.

mod account;
mod document;
mod entries;
mod field;
mod parties;
mod proving;
mod read_orders;
mod records;
mod survey;
mod value;
mod write;

pub use read_orders::{ReadOrder, ReadOrdersError, ReadParty, read_orders};
pub use records::{BLOCK_BYTES_MAX, BLOCK_FIELDS_MAX};
pub use survey::{ACCOUNTS_MAX, SECTIONS_MAX};
pub use write::{OrderFileHeader, WriteError, write_orders};

pub(crate) use entries::Entries;
pub(crate) use field::{Keyword, normalised};
pub(crate) use survey::survey;

/// Whether a normalised name is a key of the format.
pub(crate) fn is_field(normalised: &str) -> bool {
    field::Field::of(normalised).is_some()
}
