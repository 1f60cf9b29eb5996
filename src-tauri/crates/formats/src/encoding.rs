//! How a file's letters are written: BOM, UTF-8, UTF-16 with and without a mark, windows-1251, ibm866, koi8-r and, for
//! statements of other countries, windows-1252.
//!
//! The bytes decide, not what the file declares. A line is the unit: banks glue pieces of different origin, and one
//! foreign line must not spoil the others.

mod letters;
mod twice;
mod wide;

use std::{borrow::Cow, fmt};

use domain::Text;
use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251, WINDOWS_1252};
use memchr::memchr;
use serde::{Serialize, Serializer};

use crate::diagnostic::{Code, Diagnostic, Place};

pub(crate) use twice::Twice;
pub(crate) use wide::Utf16Reader;

/// Bytes of the beginning by which UTF-16 without a mark is known.
const WIDE_SAMPLE_BYTES: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1251,
    Ibm866,
    Koi8R,
    Windows1252,
    /// One that only an XML declaration names.
    Other(&'static Encoding),
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
            Self::Koi8R => "koi8-r",
            Self::Windows1252 => "windows-1252",
            Self::Other(encoding) => encoding.name(),
        }
    }

    pub(crate) fn of(encoding: &'static Encoding) -> Self {
        [
            (UTF_8, Self::Utf8),
            (UTF_16LE, Self::Utf16Le),
            (UTF_16BE, Self::Utf16Be),
            (WINDOWS_1251, Self::Windows1251),
            (IBM866, Self::Ibm866),
            (KOI8_R, Self::Koi8R),
            (WINDOWS_1252, Self::Windows1252),
        ]
        .into_iter()
        .find_map(|(known, ours)| (known == encoding).then_some(ours))
        .unwrap_or(Self::Other(encoding))
    }

    /// By its name in those registries.
    #[must_use]
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Encoding::for_label(name.as_bytes()).map(Self::of)
    }

    /// By the byte order mark, and how long it is; UTF-16 also without one, whose mark is 0 bytes long.
    #[must_use]
    pub fn of_mark(prefix: &[u8]) -> Option<(Self, usize)> {
        match prefix {
            [0xEF, 0xBB, 0xBF, ..] => Some((Self::Utf8, 3)),
            [0xFF, 0xFE, ..] => Some((Self::Utf16Le, 2)),
            [0xFE, 0xFF, ..] => Some((Self::Utf16Be, 2)),
            _ => Self::wide_without_mark(prefix).map(|encoding| (encoding, 0)),
        }
    }

    /// Text in two bytes a letter shows the same few high bytes: of Latin, Cyrillic and typographic signs.
    fn wide_without_mark(prefix: &[u8]) -> Option<Self> {
        let sample = prefix.get(..WIDE_SAMPLE_BYTES).unwrap_or(prefix);
        if !sample.contains(&0) || sample.len() < 4 {
            return None;
        }
        let units = sample.chunks_exact(2);
        let all = units.len();
        let fits = |high: usize, low: usize| {
            let text = |unit: &&[u8]| match unit[high] {
                0 => unit[low] >= b' ' || matches!(unit[low], b'\t' | b'\r' | b'\n'),
                4 | 0x20 | 0x21 => true,
                _ => false,
            };
            let latin = sample.chunks_exact(2).filter(|unit| unit[high] == 0).count();
            // Some of it is always Latin: line ends, digits, the signs between keys and values.
            latin * 20 >= all && sample.chunks_exact(2).filter(text).count() * 20 >= all * 19
        };
        if fits(1, 0) {
            Some(Self::Utf16Le)
        } else if fits(0, 1) {
            Some(Self::Utf16Be)
        } else {
            None
        }
    }

    /// The one-byte encoding in which the letters make likely words; what the file declares decides when none does.
    #[must_use]
    pub fn legacy_of(prefix: &[u8]) -> Self {
        letters::likeliest(prefix)
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
            Self::Koi8R => declared.starts_with("koi"),
            Self::Windows1252 => declared.contains("1252") || declared.contains("8859-1"),
            Self::Utf8 => declared.replace('-', "").contains("utf8"),
            Self::Utf16Le | Self::Utf16Be => declared.replace('-', "").contains("utf16"),
            Self::Other(encoding) => Encoding::for_label(declared.as_bytes()) == Some(encoding),
        }
    }

    pub(crate) fn single_byte(self) -> &'static Encoding {
        match self {
            Self::Ibm866 => IBM866,
            Self::Koi8R => KOI8_R,
            Self::Windows1252 => WINDOWS_1252,
            Self::Other(encoding) => encoding,
            Self::Windows1251 | Self::Utf8 | Self::Utf16Le | Self::Utf16Be => WINDOWS_1251,
        }
    }

    fn is_single_byte(self) -> bool {
        !matches!(self, Self::Utf8 | Self::Utf16Le | Self::Utf16Be)
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
    /// A line of which it is known already.
    pub(crate) fn count_as(&mut self, utf8: bool) {
        *(if utf8 { &mut self.utf8 } else { &mut self.other }) += 1;
    }

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
    /// Of the lines that are no UTF-8.
    pub(crate) legacy: TextEncoding,
    /// The letters were encoded a second time, and that can be undone.
    pub(crate) twice: Option<Twice>,
    uniform: bool,
    settled: bool,
}

impl LineDecoder {
    /// Before the whole file was seen: each line for itself.
    pub(crate) fn tentative(prefix: &[u8]) -> Self {
        let legacy = TextEncoding::legacy_of(prefix);
        let encoding = TextEncoding::of_mark(prefix).map_or(legacy, |(encoding, _)| encoding);
        let wide = matches!(encoding, TextEncoding::Utf16Le | TextEncoding::Utf16Be);
        Self {
            encoding,
            legacy,
            twice: if wide { None } else { Twice::of(prefix) },
            uniform: false,
            settled: false,
        }
    }

    /// As [`LineDecoder::tentative`], the one-byte encoding being known.
    pub(crate) fn with_legacy(prefix: &[u8], legacy: TextEncoding) -> Self {
        Self {
            encoding: TextEncoding::of_mark(prefix).map_or(legacy, |(encoding, _)| encoding),
            legacy,
            ..Self::tentative(prefix)
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
            settled: true,
            ..self
        }
    }

    /// What a person is told of letters that are put right.
    pub(crate) fn remark(&self) -> Option<Diagnostic> {
        let names = self.twice?.names().map(|name| Text::same(name.to_lowercase()));
        Some(Diagnostic::new(Code::EncodingTwice, Place::WHOLE_FILE, "", &names))
    }

    /// The text, and the encoding where it is not the file's own.
    pub(crate) fn decode<'a>(&self, line: &'a [u8]) -> (Cow<'a, str>, Option<TextEncoding>) {
        // UTF-16 was already turned into UTF-8 on the way in.
        let expects_utf8 = !self.encoding.is_single_byte();
        if self.uniform && !expects_utf8 {
            return self.decode_legacy(line, None);
        }
        match std::str::from_utf8(line) {
            Ok(text) => {
                let foreign = !expects_utf8 && !line.is_ascii();
                let foreign = foreign.then_some(TextEncoding::Utf8);
                match self.twice.filter(|_| !line.is_ascii()) {
                    None => (Cow::Borrowed(text), foreign),
                    Some(twice) => twice.undone(text).map_or_else(
                        || (Cow::Borrowed(text), Some(TextEncoding::Utf8)),
                        |undone| (Cow::Owned(undone), None),
                    ),
                }
            }
            Err(error) if expects_utf8 && error.error_len().is_none() => {
                let whole = &line[..error.valid_up_to()];
                (String::from_utf8_lossy(whole), None)
            }
            Err(_) => self.decode_legacy(line, expects_utf8.then_some(self.legacy)),
        }
    }

    /// Whether a line that is UTF-8, or is not, is nothing to speak of here and may be taken as it is.
    pub(crate) fn expects(&self, utf8: bool) -> bool {
        self.twice.is_none() && (!self.settled || utf8 != self.encoding.is_single_byte())
    }

    /// Whether there are lines in UTF-8.
    pub(crate) fn may_be_utf8(&self) -> bool {
        !(self.settled && self.uniform && self.encoding.is_single_byte())
    }

    /// The text of bytes in the one-byte encoding, in place of what `text` held.
    pub(crate) fn legacy_into(&self, bytes: &[u8], text: &mut String) {
        text.clear();
        let mut decoder = self.legacy.single_byte().new_decoder_without_bom_handling();
        text.reserve(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(3 * bytes.len()));
        // There is room for all of it, and a one-byte encoding has nothing to hold back.
        let _ = decoder.decode_to_string(bytes, text, true);
    }

    /// Bytes that are no UTF-8; `foreign` where they should be. Key and value may come from different programs.
    fn decode_legacy<'a>(&self, line: &'a [u8], foreign: Option<TextEncoding>) -> (Cow<'a, str>, Option<TextEncoding>) {
        let legacy = |bytes| self.legacy.single_byte().decode_without_bom_handling(bytes).0;
        let halves = memchr(b'=', line).map(|at| line.split_at(at));
        if let Some((key, value)) = halves.filter(|_| !line.is_ascii()) {
            if let Some(value) = russian_utf8(value) {
                return (Cow::Owned(format!("{}{value}", legacy(key))), Some(TextEncoding::Utf8));
            }
            if let Some(key) = russian_utf8(key) {
                let foreign = foreign.or(Some(TextEncoding::Utf8));
                return (Cow::Owned(format!("{key}{}", legacy(value))), foreign);
            }
        }
        (legacy(line), foreign)
    }
}

/// Bytes that are UTF-8 and not by chance: no text in a one-byte encoding makes so many Russian letters of itself.
pub(crate) fn russian_utf8(bytes: &[u8]) -> Option<&str> {
    const LETTERS_MIN: usize = 3;
    let text = std::str::from_utf8(bytes).ok()?;
    let letters = text.chars().filter(|letter| !letter.is_ascii()).count();
    let known =
        |letter: char| letter.is_ascii() || matches!(letter, 'А'..='я' | 'ё' | 'Ё' | '№' | '«' | '»' | '—' | '–');
    (letters >= LETTERS_MIN && text.chars().all(known)).then_some(text)
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
    fn a_line_of_two_encodings_is_read_half_by_half() {
        let old = |text: &str| WINDOWS_1251.encode(text).0.into_owned();
        let decoder = LineDecoder::tentative(&old("Плательщик=Лес\nНомер=1\n"));
        for line in [
            [&old("Плательщик="), "ООО «Лес»".as_bytes()].concat(),
            ["Плательщик=".as_bytes(), &old("ООО «Лес»")].concat(),
        ] {
            for decoder in [
                decoder,
                decoder.settled(Tally { utf8: 0, other: 9 }),
                decoder.settled(Tally { utf8: 9, other: 1 }),
            ] {
                assert_eq!(decoder.decode(&line).0, "Плательщик=ООО «Лес»", "{decoder:?}");
            }
        }
        assert_eq!(russian_utf8("Р=№".as_bytes()), None);
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
}
