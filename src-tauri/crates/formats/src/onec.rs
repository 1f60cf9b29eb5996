//! `1CClientBankExchange`, the text exchange of Russian bank clients with 1C, versions 1.00 to 1.03.
//!
//! The way of a file: `lines` -> [`records`] (header keys, sections, documents) -> once over it in [`survey`] (whose
//! accounts, which days, statement or orders) -> once more in [`entries`] (each document to entries). The version
//! a file names is ignored: banks write any version on any content.

mod account;
mod block;
mod dialect;
mod document;
mod entries;
mod field;
mod frame;
mod names;
mod numbers;
mod own_side;
mod parties;
mod read_orders;
mod records;
mod survey;
mod transfers;
mod value;
mod write;

use std::io;

use crate::{
    encoding::LineDecoder,
    reading::{Bytes, Opened, Options, text_of},
};

pub use block::{BLOCK_BYTES_MAX, BLOCK_FIELDS_MAX};
pub use read_orders::{ReadOrder, ReadOrdersError, read_orders};
pub use survey::{ACCOUNTS_MAX, SECTIONS_MAX};
pub use write::{OrderFileHeader, WriteError, write_orders};

pub(crate) use own_side::own_side;

pub(crate) use field::{Field, Keyword, Name, normalised};

/// Looks at the whole file once, so that all its statements are known before the first entry.
pub(crate) fn open<'a>(mut bytes: Box<dyn Bytes + 'a>, prefix: &[u8], options: &Options) -> io::Result<Opened<'a>> {
    let decoder = LineDecoder::tentative(prefix);
    let survey = survey::survey(text_of(&mut bytes, prefix)?, decoder, &options.own_accounts)?;
    Ok(Opened {
        encoding: Some(survey.decoder.encoding),
        content: survey.content,
        remark: None,
        source: Box::new(entries::Entries::new(text_of(bytes, prefix)?, survey)),
    })
}

/// Whether a normalised name is a key of the format.
pub(crate) fn is_field(normalised: &str) -> bool {
    Field::of(normalised).is_some()
}
