//! MT940: a scan for tags, and the crate swift-mt-message.

use anyhow::{Context, Result, anyhow};
use memchr::{memchr, memmem};
use swift_mt_message::{messages::MT940, parser::SwiftParser};

/// Counts the lines that begin with a tag (`:NN:` or `:NNA:`): no reader can look at less.
pub fn scan(bytes: &[u8]) -> u64 {
    let mut tags = 0;
    let mut rest = bytes;
    while !rest.is_empty() {
        let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
        tags += u64::from(matches!(
            rest,
            [b':', b'0'..=b'9', b'0'..=b'9', b':', ..] | [b':', b'0'..=b'9', b'0'..=b'9', b'A'..=b'Z', b':', ..]
        ));
        rest = &rest[end..];
    }
    tags
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
