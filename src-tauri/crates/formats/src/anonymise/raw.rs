//! A file's text with its way back to the bytes, so that what is not replaced stays as it was written, byte by byte.

use std::ops::Range;

use encoding_rs::{Encoding, IBM866, WINDOWS_1251};

use crate::encoding::TextEncoding;

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
    Single(&'static Encoding),
    Utf16 { little: bool },
}

impl Unit {
    fn bytes_of(self, letter: char) -> usize {
        match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Single(_) => 1,
            Self::Utf16 { .. } => 2 * letter.len_utf16(),
        }
    }

    fn write(self, text: &str, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 => out.extend_from_slice(text.as_bytes()),
            Self::Single(encoding) => out.extend_from_slice(&encoding.encode(text).0),
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
    pub(super) fn of(raw: &'a [u8]) -> Self {
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
            _ => decoded.push_bytes(start),
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
    fn push_bytes(&mut self, start: usize) {
        let raw = self.raw;
        if let Ok(text) = std::str::from_utf8(&raw[start..]) {
            self.push(text, start..raw.len(), Unit::Utf8);
            return;
        }
        let legacy = match TextEncoding::legacy_of(raw) {
            TextEncoding::Ibm866 => IBM866,
            _ => WINDOWS_1251,
        };
        let mut at = start;
        for line in raw[start..].split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let end = at + line.len();
            let valid = match std::str::from_utf8(line) {
                Ok(text) => text,
                // A file may break off inside a letter.
                Err(error) if error.error_len().is_none() && end == raw.len() => {
                    std::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default()
                }
                Err(_) => "",
            };
            self.push(valid, at..at + valid.len(), Unit::Utf8);
            let rest = at + valid.len()..end;
            let text = legacy.decode_without_bom_handling(&raw[rest.clone()]).0;
            self.push(&text, rest, Unit::Single(legacy));
            at = end;
        }
    }

    /// The file with the edits made, which are in order and do not overlap.
    pub(super) fn with(&self, edits: &[Edit]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.raw.len());
        let mut way = Way::of(self);
        let mut copied = 0;
        for edit in edits {
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
    use super::*;

    fn renamed(raw: &[u8]) -> Vec<u8> {
        let decoded = Decoded::of(raw);
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
}
