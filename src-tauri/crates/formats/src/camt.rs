//! ISO 20022 `camt.053` (statement), `camt.052` (interim report) and `camt.054` (notification), all versions.
//!
//! The way of a file: [`text`] (bytes to UTF-8, and where one stands) -> [`messages`] (marks of XML, and what to do where
//! they are broken) -> [`interpreter`] (elements to a [`report`] and its [`draft`] of an entry) -> [`entry`] (a draft to
//! an entry). One pass, one entry in memory; marks are read where they lie in the buffer. The version a message names
//! changes nothing; prefixes and envelopes are not looked at; several documents in a file are read one after the other.
//!
//! What is not known here: whether an entry was seen in another file, and which booked entry a notification is about.

mod balance;
mod chain;
mod draft;
mod element;
mod entry;
mod interpreter;
mod letters;
mod messages;
mod open_elements;
mod own_side;
mod party;
mod report;
mod text;
mod totals;
mod value;

use std::io::{self, SeekFrom};

use domain::Content;

use crate::reading::{Bytes, Opened, Options};

pub use balance::BALANCES_MAX;
pub use draft::{BATCH_BYTES_MAX, DETAILS_MAX, PURPOSE_BYTES_MAX, RAW_BYTES_MAX};
pub use interpreter::TEXT_BYTES_MAX;
pub use messages::{ATTRIBUTE_BYTES_MAX, ATTRIBUTES_MAX, FAULTS_MAX, MARK_BYTES_MAX};
pub use open_elements::DEPTH_MAX;

pub(crate) use own_side::own_side;

pub(crate) fn open<'a>(mut bytes: Box<dyn Bytes + 'a>, prefix: &[u8], options: &Options) -> io::Result<Opened<'a>> {
    let letters = letters::Letters::of(prefix);
    bytes.seek(SeekFrom::Start(letters.mark() as u64))?;
    // One account the person named is meant; of several any may be.
    let own = match options.own_accounts.as_slice() {
        [own] => Some(own.clone()),
        _ => None,
    };
    Ok(Opened {
        encoding: Some(letters.encoding()),
        content: Content::Statement,
        remark: None,
        source: Box::new(messages::Messages::new(bytes, letters, own)),
    })
}
