//! What an XML file's letters are written in.
//!
//! The bytes decide, not the declaration: the first letters beyond ASCII are UTF-8 or they are not. A declared encoding
//! is believed where the bytes do not contradict it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};
use memchr::memchr;

use crate::encoding::TextEncoding;

/// Where an XML declaration is looked for.
const DECLARATION_BYTES: usize = 256;

/// What is known of a file's letters before it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letters {
    /// By a byte order mark, or by the zeros of UTF-16.
    certain: Option<&'static Encoding>,
    mark: usize,
    pub(super) declared: Option<&'static Encoding>,
    /// By the beginning of the file, if it has letters beyond ASCII.
    pub(super) settled: Option<&'static Encoding>,
}

impl Letters {
    pub(super) fn of(prefix: &[u8]) -> Self {
        let (certain, mark) = TextEncoding::of_mark(prefix).unzip();
        let mark = mark.unwrap_or(0);
        let certain = certain.map(|encoding| match encoding {
            TextEncoding::Utf16Le => UTF_16LE,
            TextEncoding::Utf16Be => UTF_16BE,
            _ => UTF_8,
        });
        let mut letters = Self {
            certain,
            mark,
            declared: declared(&prefix[mark.min(prefix.len())..]),
            settled: None,
        };
        letters.settled = letters.settled_by(prefix);
        letters
    }

    /// Bytes of the byte order mark.
    pub(super) fn mark(self) -> usize {
        self.mark
    }

    /// As far as the beginning of the file tells.
    pub(super) fn encoding(self) -> TextEncoding {
        let encoding = self.settled.or(self.declared).unwrap_or(UTF_8);
        TextEncoding::of(encoding)
    }

    /// `None` while there are no letters beyond ASCII.
    pub(super) fn settled_by(self, bytes: &[u8]) -> Option<&'static Encoding> {
        if let Some(wide) = self.certain.filter(|certain| *certain != UTF_8) {
            return Some(wide);
        }
        if bytes.is_ascii() {
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(_) => Some(UTF_8),
            Err(error) if error.error_len().is_none() => Some(UTF_8),
            Err(_) if is_mostly_utf8(bytes) => Some(UTF_8),
            Err(_) => Some(
                self.declared
                    .filter(|declared| *declared != UTF_8)
                    .unwrap_or(WINDOWS_1251),
            ),
        }
    }
}

/// A few spoilt letters do not make another encoding of a file: in one-byte Russian nearly every letter is no UTF-8.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut spoilt) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        spoilt += usize::from(!chunk.invalid().is_empty());
    }
    letters > 2 * spoilt
}

/// The encoding an XML declaration names, where it can be one of a file whose `<?xml` is readable.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let head = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let head = std::str::from_utf8(&head[..memchr(b'>', head)?]).ok()?;
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (label, _) = value[1..].split_once(quote)?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}
