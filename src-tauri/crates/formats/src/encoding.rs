//! How a file's letters are written: BOM, UTF-8, UTF-16, windows-1251 or ibm866.
//!
//! The bytes decide, not what the file declares. A line is the unit: banks glue pieces of different origin, and one
//! foreign line must not spoil the others.

use std::{
    borrow::Cow,
    fmt,
    io::{self, Read},
};

use encoding_rs::{CoderResult, Decoder, Encoding, IBM866, UTF_16BE, UTF_16LE, WINDOWS_1251};
use serde::{Serialize, Serializer};

/// Bytes of the beginning by which the one-byte encoding is chosen.
const LEGACY_SAMPLE_BYTES: usize = 64 * 1024;
/// Words every exchange file has some of; whichever encoding shows more of them wins.
const TELLING_WORDS: [&str; 6] = ["ВерсияФормата", "Кодировка", "Секция", "Конец", "Дата", "Счет"];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1251,
    Ibm866,
}

impl TextEncoding {
    /// The name of the WHATWG and IANA registries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1251 => "windows-1251",
            Self::Ibm866 => "ibm866",
        }
    }

    #[must_use]
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let all = [
            Self::Utf8,
            Self::Utf16Le,
            Self::Utf16Be,
            Self::Windows1251,
            Self::Ibm866,
        ];
        all.into_iter().find(|encoding| encoding.name() == name)
    }

    /// By the byte order mark, and how long it is.
    #[must_use]
    pub fn of_mark(prefix: &[u8]) -> Option<(Self, usize)> {
        match prefix {
            [0xEF, 0xBB, 0xBF, ..] => Some((Self::Utf8, 3)),
            [0xFF, 0xFE, ..] => Some((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Some((Self::Utf16Be, 2)),
            _ => None,
        }
    }

    /// The one-byte encoding that shows more of an exchange file's words; `=DOS` decides when neither does.
    #[must_use]
    pub fn legacy_of(prefix: &[u8]) -> Self {
        let sample = prefix.get(..LEGACY_SAMPLE_BYTES).unwrap_or(prefix);
        let score = |encoding: &'static Encoding| -> usize {
            let text = encoding.decode_without_bom_handling(sample).0;
            TELLING_WORDS.iter().map(|word| text.matches(word).count()).sum()
        };
        let (windows, dos) = (score(WINDOWS_1251), score(IBM866));
        let declared_dos = || sample.windows(4).any(|bytes| bytes.eq_ignore_ascii_case(b"=DOS"));
        if dos > windows || (dos == windows && declared_dos()) {
            Self::Ibm866
        } else {
            Self::Windows1251
        }
    }

    /// What `Кодировка=` may say of this encoding without contradicting it. `Windows` on UTF-8 is a contradiction.
    #[must_use]
    pub fn agrees_with(self, declared: &str) -> bool {
        let declared = declared.trim().to_lowercase();
        match self {
            Self::Ibm866 => declared.starts_with("dos") || declared.contains("866"),
            Self::Windows1251 => {
                declared.starts_with("win") || declared.contains("1251") || declared.starts_with("wir")
            }
            Self::Utf8 => declared.replace('-', "").contains("utf8"),
            Self::Utf16Le | Self::Utf16Be => declared.replace('-', "").contains("utf16"),
        }
    }

    fn single_byte(self) -> &'static Encoding {
        match self {
            Self::Ibm866 => IBM866,
            _ => WINDOWS_1251,
        }
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for TextEncoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Lines by how they are written; what the whole file is follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    utf8: u64,
    other: u64,
}

impl Tally {
    pub(crate) fn count(&mut self, line: &[u8], terminated: bool) {
        if line.is_ascii() {
            return;
        }
        match std::str::from_utf8(line) {
            Ok(_) => self.utf8 += 1,
            // A file that breaks off may do so inside a letter, which says nothing of the others.
            Err(error) if !terminated && error.error_len().is_none() => {}
            Err(_) => self.other += 1,
        }
    }
}

/// Turns the bytes of a line into text, knowing what the file is written in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineDecoder {
    /// Of the file as a whole.
    pub(crate) encoding: TextEncoding,
    legacy: TextEncoding,
    uniform: bool,
}

impl LineDecoder {
    /// Before the whole file was seen: each line for itself.
    pub(crate) fn tentative(prefix: &[u8]) -> Self {
        let legacy = TextEncoding::legacy_of(prefix);
        let encoding = TextEncoding::of_mark(prefix).map_or(legacy, |(encoding, _)| encoding);
        Self {
            encoding,
            legacy,
            uniform: false,
        }
    }

    /// As [`LineDecoder::tentative`], the one-byte encoding being known.
    pub(crate) fn with_legacy(prefix: &[u8], legacy: TextEncoding) -> Self {
        let encoding = TextEncoding::of_mark(prefix).map_or(legacy, |(encoding, _)| encoding);
        Self {
            encoding,
            legacy,
            uniform: false,
        }
    }

    /// After the whole file was seen.
    pub(crate) fn settled(self, tally: Tally) -> Self {
        let encoding = match self.encoding {
            TextEncoding::Utf16Le | TextEncoding::Utf16Be => self.encoding,
            _ if tally.utf8 > tally.other => TextEncoding::Utf8,
            TextEncoding::Utf8 if tally.other == 0 => TextEncoding::Utf8,
            _ => self.legacy,
        };
        Self {
            encoding,
            uniform: tally.utf8 == 0 || tally.other == 0,
            ..self
        }
    }

    /// The text, and the encoding where it is not the file's own.
    pub(crate) fn decode<'a>(&self, line: &'a [u8]) -> (Cow<'a, str>, Option<TextEncoding>) {
        // UTF-16 was already turned into UTF-8 on the way in.
        let expects_utf8 = !matches!(self.encoding, TextEncoding::Windows1251 | TextEncoding::Ibm866);
        if self.uniform && !expects_utf8 {
            return (self.decode_legacy(line), None);
        }
        match std::str::from_utf8(line) {
            Ok(text) => {
                let foreign = !expects_utf8 && !line.is_ascii();
                (Cow::Borrowed(text), foreign.then_some(TextEncoding::Utf8))
            }
            Err(error) if expects_utf8 && error.error_len().is_none() => {
                let whole = &line[..error.valid_up_to()];
                (String::from_utf8_lossy(whole), None)
            }
            Err(_) => (self.decode_legacy(line), expects_utf8.then_some(self.legacy)),
        }
    }

    fn decode_legacy<'a>(&self, line: &'a [u8]) -> Cow<'a, str> {
        self.legacy.single_byte().decode_without_bom_handling(line).0
    }
}

/// UTF-16 in, UTF-8 out, as a stream. What is no UTF-16 becomes U+FFFD.
pub(crate) struct Utf16Reader<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    at: usize,
    ready: Vec<u8>,
    given: usize,
    finished: bool,
}

const CHUNK_BYTES: usize = 16 * 1024;

impl<R: Read> Utf16Reader<R> {
    /// `source` stands after the byte order mark.
    pub(crate) fn new(source: R, encoding: TextEncoding) -> Self {
        let encoding = if encoding == TextEncoding::Utf16Be {
            UTF_16BE
        } else {
            UTF_16LE
        };
        Self {
            source,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            at: 0,
            ready: Vec::new(),
            given: 0,
            finished: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        while self.given == self.ready.len() && !self.finished {
            if self.at == self.raw.len() {
                self.raw.resize(CHUNK_BYTES, 0);
                let read = self.source.read(&mut self.raw)?;
                self.raw.truncate(read);
                self.at = 0;
            }
            let last = self.raw.is_empty();
            // Three bytes of UTF-8 at most for two of UTF-16, and room for what the decoder holds back.
            self.ready.resize(2 * CHUNK_BYTES, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.at..], &mut self.ready, last);
            self.at += read;
            self.ready.truncate(written);
            self.given = 0;
            self.finished = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.refill()?;
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_encodings_are_told_by_their_words() {
        let text = "ВерсияФормата=1.03\r\nКодировка=Windows\r\nСекцияДокумент=Платежное поручение\r\n";
        assert_eq!(
            TextEncoding::legacy_of(&WINDOWS_1251.encode(text).0),
            TextEncoding::Windows1251
        );
        // IBM866 has no encoder in the WHATWG sense of a document, but it does encode.
        assert_eq!(TextEncoding::legacy_of(&IBM866.encode(text).0), TextEncoding::Ibm866);
        assert_eq!(TextEncoding::legacy_of(b"x=DOS"), TextEncoding::Ibm866);
        assert_eq!(TextEncoding::legacy_of(b""), TextEncoding::Windows1251);
    }

    #[test]
    fn a_foreign_line_is_read_and_named() {
        let own = WINDOWS_1251.encode("Дата=").0.into_owned();
        let mut tally = Tally::default();
        for line in [&own[..], &own, "КонецФайла".as_bytes()] {
            tally.count(line, true);
        }
        let decoder = LineDecoder::tentative(&own).settled(tally);
        assert_eq!(decoder.encoding, TextEncoding::Windows1251);
        assert_eq!(
            decoder.decode("КонецФайла".as_bytes()),
            ("КонецФайла".into(), Some(TextEncoding::Utf8))
        );
        assert_eq!(decoder.decode(&own), ("Дата=".into(), None));
    }

    #[test]
    fn utf16_comes_out_as_utf8_whatever_the_size_of_reads() {
        let text = "Сумма=1\u{1F600}\r\n".repeat(5000);
        for (encoding, bytes) in [
            (
                TextEncoding::Utf16Le,
                text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>(),
            ),
            (
                TextEncoding::Utf16Be,
                text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            ),
        ] {
            let mut out = String::new();
            Utf16Reader::new(&bytes[..], encoding).read_to_string(&mut out).unwrap();
            assert_eq!(out, text);
        }
    }
}
