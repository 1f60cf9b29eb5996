//! 1C: windows-1251 to UTF-8 in one reused buffer, and the key of each line.

use encoding_rs::{CoderResult, WINDOWS_1251};
use memchr::memchr;

const CHUNK_BYTES: usize = 64 * 1024;

/// Counts the lines with a key.
pub fn decode(bytes: &[u8]) -> u64 {
    let mut decoder = WINDOWS_1251.new_decoder_without_bom_handling();
    // A letter of windows-1251 is at most three bytes of UTF-8.
    let mut text = String::with_capacity(CHUNK_BYTES * 4);
    let mut keys = 0;
    let mut chunks = bytes.chunks(CHUNK_BYTES).peekable();
    while let Some(chunk) = chunks.next() {
        let (result, _, _) = decoder.decode_to_string(chunk, &mut text, chunks.peek().is_none());
        debug_assert_eq!(
            result,
            CoderResult::InputEmpty,
            "the buffer holds a chunk and a line's beginning"
        );
        let mut rest = text.as_bytes();
        while let Some(end) = memchr(b'\n', rest) {
            keys += u64::from(memchr(b'=', &rest[..end]).is_some());
            rest = &rest[end + 1..];
        }
        let begun = text.len() - rest.len();
        text.drain(..begun);
    }
    keys + u64::from(memchr(b'=', text.as_bytes()).is_some())
}
