//! The first pass: how a file's letters are written, and which currency its first balance names.

use std::io::{self, BufRead};

use domain::Currency;

use crate::{
    encoding::{LineDecoder, Tally, TextEncoding},
    lines::Lines,
};

use super::{
    balance,
    tag::{self, Tag},
};

/// Bytes of lines that are not ASCII, by which a one-byte encoding is told.
const SAMPLE_BYTES: usize = 64 * 1024;

/// Reads to the end. Most of a statement is ASCII, which is passed over a block at a time.
pub(super) fn encoding(mut source: impl BufRead, prefix: &[u8]) -> io::Result<LineDecoder> {
    let mut tally = Tally::default();
    let mut sample = Vec::new();
    let mut first = true;
    loop {
        let block = match source.fill_buf() {
            Ok(block) => block,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if block.is_empty() {
            break;
        }
        if block.is_ascii() {
            let length = block.len();
            source.consume(length);
            first = false;
            continue;
        }
        let mut lines = Lines::new(source);
        // A line that began in a block of ASCII has lost only letters that tell nothing.
        while let Some((line, end)) = lines.next()? {
            tally.count(line, end.terminated);
            if !line.is_ascii() && sample.len() + line.len() < SAMPLE_BYTES {
                sample.extend_from_slice(line);
                sample.push(b'\n');
            }
        }
        break;
    }
    let telling = if first && sample.is_empty() { prefix } else { &sample };
    let marked = TextEncoding::of_mark(prefix).map(|(encoding, _)| encoding);
    let mut decoder = LineDecoder::tentative(telling).settled(tally);
    match marked {
        Some(wide @ (TextEncoding::Utf16Le | TextEncoding::Utf16Be)) => {
            (decoder.encoding, decoder.twice) = (wide, None);
        }
        // Nothing but ASCII.
        _ if tally == Tally::default() => decoder.encoding = TextEncoding::Utf8,
        _ => {}
    }
    Ok(decoder)
}

/// Of the first balance in the beginning of a file, for fragments that start without one.
pub(super) fn currency(prefix: &[u8]) -> Option<Currency> {
    prefix.split(|byte| matches!(byte, b'\n' | b'\r')).find_map(|line| {
        let found = tag::at(line)?;
        let text = std::str::from_utf8(line.get(found.length..)?).ok()?;
        match found.tag {
            Tag::Opening { .. } | Tag::Closing { .. } | Tag::Available => {
                balance::parse(text, None).map(|balance| balance.money.currency())
            }
            Tag::Floor => balance::floor_currency(text),
            Tag::Sum { .. } => balance::sum(text).map(|(_, money)| money.currency()),
            _ => None,
        }
    })
}
