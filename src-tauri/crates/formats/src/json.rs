//! Statements as the JSON of banks: Tochka (open banking), Alfa-Bank and T-Bank.
//!
//! [`scan`] cuts a file into its entries and what is around them, in bounded memory and without parsing; each entry is
//! then parsed by itself, so that a damaged one costs only itself. Numbers keep their text. The first pass says whose
//! statements there are ([`plan`]), the second reads the entries ([`entries`]). What is JSON and no statement (a bank's
//! error, a webhook, a key) is named ([`refusal`]).

mod alfa;
mod entries;
mod own_side;
mod plan;
mod reader;
mod refusal;
mod scan;
mod tbank;
mod tochka;

use std::io;

use domain::Content;

use crate::{
    encoding::{LineDecoder, TextEncoding},
    reading::{Bytes, Opened, Options, text_of},
};

pub use plan::OWN_ACCOUNTS_MAX;
pub use scan::{DEPTH_MAX, ENTRY_BYTES_MAX, FRAME_BYTES_MAX};

pub(crate) use own_side::own_side;

pub(crate) fn open<'a>(mut bytes: Box<dyn Bytes + 'a>, prefix: &[u8], options: &Options) -> io::Result<Opened<'a>> {
    let decoder = match std::str::from_utf8(prefix) {
        Err(error) if error.error_len().is_some() && TextEncoding::of_mark(prefix).is_none() => {
            LineDecoder::tentative(prefix)
        }
        _ => LineDecoder::with_legacy(
            prefix,
            TextEncoding::of_mark(prefix).map_or(TextEncoding::Utf8, |(encoding, _)| encoding),
        ),
    };
    let plan = plan::plan(text_of(&mut bytes, prefix)?, decoder, options)?;
    Ok(Opened {
        encoding: Some(decoder.encoding),
        content: Content::Statement,
        remark: decoder.remark(),
        source: Box::new(entries::Entries::new(text_of(bytes, prefix)?, decoder, plan)),
    })
}
