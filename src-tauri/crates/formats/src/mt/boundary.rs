//! Where lines and fields begin and end in a block of bytes.

use memchr::{memchr2, memrchr};

use super::tag;

/// Where the line stops and where the next one starts: CRLF, LF, CR or CR CR LF.
pub(super) fn line_end(bytes: &[u8], from: usize) -> (usize, usize) {
    let Some(length) = memchr2(b'\n', b'\r', &bytes[from..]) else {
        return (bytes.len(), bytes.len());
    };
    let stop = from + length;
    let next = match &bytes[stop..] {
        [b'\r', b'\n', ..] => stop + 2,
        [b'\r', b'\r', b'\n', ..] => stop + 3,
        _ => stop + 1,
    };
    (stop, next)
}

/// Start and end of text (SOH, STX, ETX), and a byte order mark in the middle of a glued file.
pub(super) fn skip_controls(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        match &bytes[at..] {
            [0xEF, 0xBB, 0xBF, ..] => at += 3,
            [byte, ..] if *byte < b' ' && !matches!(byte, b'\n' | b'\r') => at += 1,
            _ => return at,
        }
    }
}

/// A control character before a tag, an envelope or the end of a message.
pub(super) fn starts_anew(bytes: &[u8], from: usize) -> bool {
    if matches!(bytes[from], b'\n' | b'\r') {
        return false;
    }
    let line = &bytes[skip_controls(bytes, from)..];
    tag::is_envelope(line) || tag::at(line).is_some()
}

/// Where the last field in `bytes` begins, by tags that no text is mistaken for.
pub(super) fn last_field(bytes: &[u8]) -> Option<usize> {
    let mut end = bytes.len();
    while let Some(at) = memrchr(b':', &bytes[..end]) {
        let at_line_start = at > 0 && matches!(bytes[at - 1], b'\n' | b'\r');
        let sure = matches!(
            &bytes[at + 1..],
            [b'6', b'1', b':', ..] | [b'8', b'6', b':', ..] | [b'6', b'0' | b'2', _, b':', ..]
        );
        if at_line_start && sure {
            return Some(at);
        }
        end = at;
    }
    None
}
