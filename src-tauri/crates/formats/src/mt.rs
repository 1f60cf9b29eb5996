//! SWIFT MT940 (the statement of a day) and MT942 (an interim report), as banks write them.
//!
//! The way of a file: bytes -> [`feed`] (blocks of text that hold whole fields, a field at a time) -> [`tag`] (what a line
//! starts) -> [`messages`] (fields to statements and entries) with [`entry_line`] for `:61:`, [`details`] for `:86:`,
//! [`value`] for dates and sums. The file is read twice: once for how its letters are written, once for its events.
//!
//! What goes by the standard (SWIFT Standards MT, category 9): the sign of an entry is its mark (`C` and `RD` raise the
//! balance, `D` and `RC` lower it), the third letter of a mark is the funds code, four characters after the amount are
//! the type code, then the customer's reference up to `//` and the bank's after it. These are kept as written, `NONREF`
//! included; but as a *bank's* reference `NONREF` is none, because entries are told apart by it.

mod account;
mod balance;
mod boundary;
mod details;
mod entry;
mod entry_line;
mod feed;
mod messages;
mod pages;
mod statement;
mod survey;
pub(crate) mod tag;
pub(crate) mod transliteration;
mod value;

use std::io;

use domain::Content;

use crate::{
    detect::Format,
    reading::{Bytes, Opened, Options, text_of},
};

pub(crate) use details::{Key as DetailsKey, is_full as is_full_line, key_at as details_key_at, numbered_separator};
pub use feed::FIELD_BYTES_MAX;

/// Looks at the whole file once for its encoding.
pub(crate) fn open<'a>(mut bytes: Box<dyn Bytes + 'a>, prefix: &[u8], options: &Options) -> io::Result<Opened<'a>> {
    let decoder = survey::encoding(text_of(&mut bytes, prefix)?, prefix)?;
    let feed = feed::Feed::new(text_of(bytes, prefix)?, decoder);
    let hints = messages::Hints {
        interim: options.format == Some(Format::Mt942),
        own_account: match options.own_accounts.as_slice() {
            [only] => Some(only.split_whitespace().collect()),
            _ => None,
        },
        currency: survey::currency(prefix),
    };
    Ok(Opened {
        encoding: Some(decoder.encoding),
        content: Content::Statement,
        remark: decoder.remark(),
        source: Box::new(messages::Messages::new(feed, hints)),
    })
}

/// Which of the two a text is, by its lines: a tag is one only at the start of a line.
pub(crate) fn detect(text: &str) -> Option<Format> {
    tag::detect(text)
}
