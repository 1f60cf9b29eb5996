//! A file's text with its way back to the bytes, so that what is not replaced stays as it was written, byte by byte.

use std::ops::Range;

use encoding_rs::Encoding;

use crate::{
    detect::Format,
    encoding::{TextEncoding, Twice, russian_utf8},
};

/// A stretch of the file in one encoding.
#[derive(Debug)]
struct Segment {
    text: Range<usize>,
    raw: Range<usize>,
    unit: Unit,
}

/// How many bytes of the file a letter of the text takes.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Utf8,
    Other(&'static Encoding),
    /// UTF-8 of letters that were encoded before.
    Twice {
        twice: Twice,
        controls: bool,
    },
    Utf16 {
        little: bool,
    },
}

impl Unit {
    fn bytes_of(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Other(encoding) if encoding.is_single_byte() => 1,
            Self::Other(encoding) => encoding.encode(letter.encode_utf8(&mut [0; 4])).0.len(),
            Self::Twice { twice, controls } => twice.written(letter.encode_utf8(&mut [0; 4]), controls).len(),
            Self::Utf16 { .. } => 2 * letter.len_utf16(),
        }
    }

    fn write(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 => out.extend_from_slice(text.as_bytes()),
            Self::Other(encoding) => out.extend_from_slice(&encoding.encode(text).0),
            Self::Twice { twice, controls } => out.extend_from_slice(twice.written(text, controls).as_bytes()),
            Self::Utf16 { little } => out.extend(
                text.encode_utf16()
                    .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }),
            ),
        }
    }
}

/// What stands in place of a stretch of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Decoded<'a> {
    raw: &'a [u8],
    pub(super) text: String,
    segments: Vec<Segment>,
}

impl<'a> Decoded<'a> {
    /// `encoding`: what the reader of `format` takes the whole for.
    pub(super) fn of(raw: &'a [u8], encoding: Option<TextEncoding>, format: Option<Format>) -> Self {
        let (mark, start) = TextEncoding::of_mark(raw).unzip();
        let mut decoded = Self {
            raw,
            text: String::with_capacity(raw.len()),
            segments: Vec::new(),
        };
        let start = start.unwrap_or(0);
        match mark {
            Some(TextEncoding::Utf16Le) => decoded.push_utf16(start, true),
            Some(TextEncoding::Utf16Be) => decoded.push_utf16(start, false),
            _ => decoded.push_bytes(start, encoding, format),
        }
        decoded
    }

    fn push(&mut self, text: &str, raw: Range<usize>, unit: Unit) {
        let start = self.text.len();
        self.text.push_str(text);
        self.segments.push(Segment {
            text: start..self.text.len(),
            raw,
            unit,
        });
    }

    fn push_utf16(&mut self, start: usize, little: bool) {
        let (pairs, _) = self.raw[start..].as_chunks::<2>();
        let unit = |pair: &[u8; 2]| {
            if little {
                u16::from_le_bytes(*pair)
            } else {
                u16::from_be_bytes(*pair)
            }
        };
        // Half a pair becomes one sign, and takes one unit as it does.
        let letters =
            char::decode_utf16(pairs.iter().map(unit)).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        let text: String = letters.collect();
        self.push(&text, start..start + 2 * pairs.len(), Unit::Utf16 { little });
    }

    /// The whole as UTF-8, or else each line for itself, as the readers do.
    fn push_bytes(&mut self, start: usize, encoding: Option<TextEncoding>, format: Option<Format>) {
        let raw = self.raw;
        let twice = Twice::of(raw).filter(|_| format != Some(Format::Camt));
        if let (Ok(text), None) = (std::str::from_utf8(&raw[start..]), twice) {
            self.push(text, start..raw.len(), Unit::Utf8);
            return;
        }
        let wide = [TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be];
        let legacy = encoding.filter(|encoding| !wide.contains(encoding));
        let legacy = legacy.unwrap_or_else(|| TextEncoding::legacy_of(raw)).single_byte();
        let spoilt = format == Some(Format::Camt) && encoding == Some(TextEncoding::Utf8);
        let mut at = start;
        for line in raw[start..].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            match std::str::from_utf8(line) {
                Ok(text) => self.push_utf8(text, at, twice),
                // XML is one text, whatever was lost in it.
                Err(_) if spoilt => self.push_spoilt(line, at, legacy),
                // A file may break off inside a letter.
                Err(error) if error.error_len().is_none() && at + line.len() == raw.len() => {
                    self.push_spoilt(line, at, legacy);
                }
                Err(_) => self.push_legacy(line, at, legacy),
            }
            at += line.len();
        }
    }

    fn push_utf8(&mut self, text: &str, at: usize, twice: Option<Twice>) {
        let raw = at..at + text.len();
        let undone = twice.and_then(|twice| Some((twice, twice.undone(text)?)));
        let comes_back = undone.and_then(|(twice, undone)| {
            let controls = [false, true]
                .into_iter()
                .find(|controls| twice.written(&undone, *controls) == text)?;
            Some((undone, Unit::Twice { twice, controls }))
        });
        match comes_back {
            Some((undone, unit)) => self.push(&undone, raw, unit),
            None => self.push(text, raw, Unit::Utf8),
        }
    }

    fn push_spoilt(&mut self, line: &[u8], mut at: usize, legacy: &'static Encoding) {
        for chunk in line.utf8_chunks() {
            let (valid, invalid) = (chunk.valid(), chunk.invalid());
            self.push(valid, at..at + valid.len(), Unit::Utf8);
            at += valid.len();
            self.push_one_encoding(invalid, at, legacy);
            at += invalid.len();
        }
    }

    /// Key and value may come from different programs.
    fn push_legacy(&mut self, line: &[u8], at: usize, legacy: &'static Encoding) {
        let halves = memchr::memchr(b'=', line).map(|at| line.split_at(at));
        let middle = |key: &[u8]| at + key.len();
        match halves.map(|(key, value)| (key, value, russian_utf8(key), russian_utf8(value))) {
            Some((key, _, _, Some(value))) => {
                self.push_one_encoding(key, at, legacy);
                self.push(value, middle(key)..middle(key) + value.len(), Unit::Utf8);
            }
            Some((key, value, Some(text), None)) => {
                self.push(text, at..middle(key), Unit::Utf8);
                self.push_one_encoding(value, middle(key), legacy);
            }
            _ => self.push_one_encoding(line, at, legacy),
        }
    }

    fn push_one_encoding(&mut self, bytes: &[u8], at: usize, legacy: &'static Encoding) {
        let text = legacy.decode_without_bom_handling(bytes).0;
        // Bytes that are no letters of a double-byte encoding would not come back: then each is a letter of its own.
        let comes_back = legacy.is_single_byte() || *legacy.encode(&text).0 == *bytes;
        if comes_back {
            self.push(&text, at..at + bytes.len(), Unit::Other(legacy));
        } else {
            self.push_one_encoding(bytes, at, encoding_rs::WINDOWS_1251);
        }
    }

    /// Lines of different encodings may be under one edit: each letter is written as the one in its place was.
    fn by_segments(&self, edit: &Edit) -> Vec<Edit> {
        let original = &self.text[edit.range.clone()];
        let first = self
            .segments
            .partition_point(|segment| segment.text.end <= edit.range.start);
        let inside = |segment: &&Segment| segment.text.start < edit.range.end;
        if edit.text.chars().count() != original.chars().count() {
            return vec![edit.clone()];
        }
        let mut letters = edit.text.chars();
        let parts = self.segments[first..].iter().take_while(inside).map(|segment| {
            let range = segment.text.start.max(edit.range.start)..segment.text.end.min(edit.range.end);
            let count = self.text[range.clone()].chars().count();
            Edit {
                range,
                text: letters.by_ref().take(count).collect(),
            }
        });
        parts.collect()
    }

    /// The file with the edits made, which are in order and do not overlap.
    pub(super) fn with(&self, edits: &[Edit]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.raw.len());
        let mut way = Way::of(self);
        let mut copied = 0;
        for edit in edits.iter().flat_map(|edit| self.by_segments(edit)) {
            let from = way.raw_before(edit.range.start);
            let unit = way.unit();
            let to = way.raw_after(edit.range.end);
            out.extend_from_slice(&self.raw[copied..from]);
            unit.write(&edit.text, &mut out);
            copied = to;
        }
        out.extend_from_slice(&self.raw[copied..]);
        out
    }
}

/// Walks over the text and the bytes at once, forward only.
struct Way<'a> {
    decoded: &'a Decoded<'a>,
    segment: usize,
    text_at: usize,
    raw_at: usize,
}

impl<'a> Way<'a> {
    fn of(decoded: &'a Decoded<'a>) -> Self {
        let first = decoded.segments.first();
        Self {
            decoded,
            segment: 0,
            text_at: first.map_or(0, |segment| segment.text.start),
            raw_at: first.map_or(0, |segment| segment.raw.start),
        }
    }

    fn unit(&self) -> Unit {
        self.decoded
            .segments
            .get(self.segment)
            .map_or(Unit::Utf8, |segment| segment.unit)
    }

    /// Where the letter at `text` begins.
    fn raw_before(&mut self, text: usize) -> usize {
        self.walk(text, |target, end| target >= end)
    }

    /// Where the letter before `text` ends.
    fn raw_after(&mut self, text: usize) -> usize {
        self.walk(text, |target, end| target > end)
    }

    fn walk(&mut self, target: usize, beyond: fn(usize, usize) -> bool) -> usize {
        let segments = &self.decoded.segments;
        while let (Some(segment), Some(next)) = (segments.get(self.segment), segments.get(self.segment + 1))
            && beyond(target, segment.text.end)
        {
            self.segment += 1;
            (self.text_at, self.raw_at) = (next.text.start, next.raw.start);
        }
        let unit = self.unit();
        let letters = self.decoded.text[self.text_at..target].chars();
        self.raw_at += letters.map(|letter| unit.bytes_of(letter)).sum::<usize>();
        self.text_at = target;
        self.raw_at
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{KOI8_R, WINDOWS_1251, WINDOWS_1252};

    use super::*;

    fn renamed(raw: &[u8]) -> Vec<u8> {
        let decoded = Decoded::of(raw, None, None);
        let edits: Vec<Edit> = decoded
            .text
            .match_indices("Лес")
            .map(|(at, found)| Edit {
                range: at..at + found.len(),
                text: "Рек".to_owned(),
            })
            .collect();
        decoded.with(&edits)
    }

    #[test]
    fn what_is_not_replaced_keeps_its_bytes_in_every_encoding() {
        let (before, after) = ("Имя=Лес\r\nИ=😀Лес Лес", "Имя=Рек\r\nИ=😀Рек Рек");
        let le = |text: &str| -> Vec<u8> {
            [0xFF, 0xFE]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
                .collect()
        };
        let be = |text: &str| -> Vec<u8> {
            [0xFE, 0xFF]
                .into_iter()
                .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
                .collect()
        };
        let marked = |text: &str| ["\u{feff}", text].concat().into_bytes();
        assert_eq!(renamed(before.as_bytes()), after.as_bytes());
        assert_eq!(renamed(&marked(before)), marked(after));
        assert_eq!(renamed(&le(before)), le(after));
        assert_eq!(renamed(&be(before)), be(after));
        // An odd byte at the end stays.
        assert_eq!(renamed(&[le(before), vec![1]].concat()), [le(after), vec![1]].concat());
        let windows = |text: &str| WINDOWS_1251.encode(text).0.into_owned();
        let (before, after) = ("Дата=Лес\nСекция", "Дата=Рек\nСекция");
        assert_eq!(renamed(&windows(before)), windows(after));
        // A line in another encoding, a file cut inside a letter, bytes that are no letters.
        let mixed = |text: &str| [&windows(text)[..], b"\n", text.as_bytes(), b"\xD0"].concat();
        assert_eq!(renamed(&mixed(before)), mixed(after));
        let lost = |text: &str| [&windows(text)[..], &[0x98, 0xFF, 0]].concat();
        assert_eq!(renamed(&lost(before)), lost(after));
        assert_eq!(renamed(b""), b"");
    }

    #[test]
    fn letters_encoded_twice_and_lines_of_two_encodings_keep_their_bytes() {
        let (before, after) = (
            "Имя=ООО Лес\nНазначение=Лес и дрова, счет\n",
            "Имя=ООО Рек\nНазначение=Рек и дрова, счет\n",
        );
        let koi = |text: &str| KOI8_R.encode(text).0.into_owned();
        assert_eq!(renamed(&koi(before)), koi(after));
        for seen_as in [WINDOWS_1251, WINDOWS_1252] {
            let twice = |text: &str| seen_as.decode_without_bom_handling(text.as_bytes()).0.into_owned();
            assert_eq!(renamed(twice(before).as_bytes()), twice(after).as_bytes());
        }
        let halves = |value: &str| [&koi("Дата и имя"), "=ООО ".as_bytes(), value.as_bytes(), b"\n"].concat();
        assert_eq!(renamed(&halves("Лес")), halves("Рек"));
        // One edit over lines of different encodings.
        let lines = |name: &str| [&WINDOWS_1252.encode("Lee\nMüller ").0[..], b"\n", name.as_bytes()].concat();
        let raw = lines("Лес");
        let decoded = Decoded::of(&raw, Some(TextEncoding::Windows1252), None);
        let whole = Edit {
            range: 0..decoded.text.len(),
            text: decoded.text.replace("Лес", "Рек"),
        };
        assert_eq!(decoded.with(&[whole]), lines("Рек"));
    }
}
