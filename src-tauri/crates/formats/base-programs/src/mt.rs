//! MT940: a look for tags, over bytes in memory and line by line, and the crate swift-mt-message.

use std::{
    fs::File,
    io::{BufRead, BufReader},
};

use anyhow::{Context, Result, anyhow};
use memchr::{memchr, memmem};
use swift_mt_message::{messages::MT940, parser::SwiftParser};

/// What is read of a file at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// `:NN:` or `:NNA:`.
fn begins_with_tag(line: &[u8]) -> bool {
    matches!(
        line,
        [b':', b'0'..=b'9', b'0'..=b'9', b':', ..] | [b':', b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z', b':', ..]
    )
}

/// Counts the lines that begin with a tag. All of the file is in memory, and nothing of it is copied or kept: no reader
/// can look at less, and none that reads files of any size can do it so.
pub fn tags(bytes: &[u8]) -> u64 {
    let mut tags = 0;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        tags += u64::from(begins_with_tag(rest));
        rest = &rest[end..];
    }
    tags
}

/// Counts the same, with memory that does not grow with the file: each line into one reused buffer, as the standard
/// library reads lines. The least that a reader of files of any size does, unless it brings its own lines.
pub fn tags_by_line(path: &str) -> Result<u64> {
    let unreadable = || format!("{path} cannot be read");
    let file = File::open(path).with_context(unreadable)?;
    let mut source = BufReader::with_capacity(BUFFER_BYTES, file);
    let mut line = Vec::new();
    let mut tags = 0;
    while source.read_until(b'\n', &mut line).with_context(unreadable)? > 0 {
        tags += u64::from(begins_with_tag(&line));
        line.clear();
    }
    Ok(tags)
}

/// Counts the statement lines. The crate reads one message at a time, and at most 500 lines of it: the file is cut into
/// messages for it, which costs next to nothing.
pub fn rival(bytes: &[u8]) -> Result<u64> {
    let text = std::str::from_utf8(bytes)?;
    let ends = memmem::Finder::new("\n-}");
    let mut lines = 0;
    let mut begin = 0;
    for at in ends.find_iter(bytes) {
        let end = at + "\n-}".len();
        let message = text.get(begin..end).context("a message ends inside a letter")?;
        let message = SwiftParser::parse::<MT940>(message.trim_start())
            .map_err(|error| anyhow!("the message at byte {begin}: {error}"))?;
        lines += message.fields.statement_lines.len() as u64;
        begin = end;
    }
    Ok(lines)
}
