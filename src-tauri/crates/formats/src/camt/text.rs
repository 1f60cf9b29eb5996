//! The bytes of an XML file as UTF-8, whatever they are written in, and where in the file a reader of them stands.
//!
//! Places are counted only when somebody asks: a buffer at a time otherwise. What is read ahead is seen by nobody: a lost
//! letter is told of when one has come past it.

use std::{
    cell::Cell,
    io::{self, BufRead, Read},
};

use encoding_rs::{CoderResult, Decoder, UTF_8};
use memchr::{memchr, memchr_iter, memrchr};

use crate::{diagnostic::Place, encoding::TextEncoding};

use super::letters::Letters;

const CHUNK_BYTES: usize = 64 * 1024;
/// U+FFFD, which stands for letters that were lost.
const LOST: &str = "\u{fffd}";

/// What was noticed of the letters, each told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// Declared is one thing, written another.
    Contradiction {
        declared: &'static str,
        written: &'static str,
    },
    /// Letters were lost, here for the first time.
    Lost(Place),
}

/// The place of the byte at `at` of the buffer, up to which lines and characters are counted.
#[derive(Debug, Clone, Copy)]
struct Counted {
    at: usize,
    place: Place,
}

impl Counted {
    fn up_to(self, at: usize, buffer: &[u8]) -> Self {
        let place = after(self.place, &buffer[self.at..at]);
        Self { at, place }
    }
}

/// The first letter that was lost. It is told of when one has come past it, however much was read ahead.
#[derive(Debug, Clone, Copy)]
enum Lost {
    None,
    /// Byte of the buffer.
    At(usize, Place),
    Passed(Place),
    Told,
}

pub(super) struct XmlText<R> {
    source: R,
    letters: Letters,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_at: usize,
    /// What is buffered, and before it what was passed since it was last topped up.
    ready: String,
    /// Bytes of `ready` that were passed.
    given: Cell<usize>,
    /// Bytes that may still be taken at once.
    allowance: usize,
    exhausted: bool,
    ended: bool,
    counted: Cell<Counted>,
    contradiction: Option<Notice>,
    lost: Lost,
}

impl<R: Read> XmlText<R> {
    /// `source` stands after the byte order mark.
    pub(super) fn new(source: R, letters: Letters) -> Self {
        Self {
            source,
            letters,
            decoder: None,
            raw: vec![0; CHUNK_BYTES],
            raw_at: CHUNK_BYTES,
            ready: String::new(),
            given: Cell::new(0),
            allowance: usize::MAX,
            exhausted: false,
            ended: false,
            counted: Cell::new(Counted {
                at: 0,
                place: Place::line(1),
            }),
            contradiction: None,
            lost: Lost::None,
        }
    }

    /// From here on so many bytes, about, and no more: one piece of markup must not fill the memory.
    pub(super) fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    /// Whether a read failed because of [`XmlText::allow`], since this was last asked.
    pub(super) fn was_exhausted(&mut self) -> bool {
        std::mem::take(&mut self.exhausted)
    }

    /// Of the next byte.
    pub(super) fn place(&self) -> Place {
        let counted = self.counted.get().up_to(self.given.get(), self.ready.as_bytes());
        self.counted.set(counted);
        counted.place
    }

    /// Of the beginning of `taken`, which was just read.
    pub(super) fn place_before(&self, taken: &str) -> Place {
        let Place { line, column } = self.place();
        let breaks = memchr_iter(b'\n', taken.as_bytes()).count() as u64;
        if breaks > 0 {
            return Place::line(line.saturating_sub(breaks).max(1));
        }
        let column = column.saturating_sub(taken.chars().count() as u64).max(1);
        Place { line, column }
    }

    /// What is there without reading on.
    pub(super) fn buffered(&self) -> &str {
        &self.ready[self.given.get()..]
    }

    /// Goes on behind so many bytes of what is buffered: whole letters.
    pub(super) fn pass(&self, bytes: usize) {
        self.given.set(self.given.get() + bytes);
    }

    /// Reads on, behind what is buffered. `false`: there is enough of that, or the file is over.
    pub(super) fn top_up(&mut self) -> io::Result<bool> {
        let given = self.given.get();
        if self.ready.len() - given >= CHUNK_BYTES {
            return Ok(false);
        }
        let Counted { place, .. } = self.counted.get().up_to(given, self.ready.as_bytes());
        self.counted.set(Counted { at: 0, place });
        self.ready.drain(..given);
        match &mut self.lost {
            Lost::At(at, place) if *at < given => self.lost = Lost::Passed(*place),
            Lost::At(at, _) => *at -= given,
            Lost::None | Lost::Passed(_) | Lost::Told => {}
        }
        self.given.set(0);
        let kept = self.ready.len();
        while self.ready.len() == kept && !self.ended {
            if self.raw_at == self.raw.len() {
                self.raw.resize(CHUNK_BYTES, 0);
                let read = self.source.read(&mut self.raw);
                self.raw.truncate(*read.as_ref().unwrap_or(&0));
                self.raw_at = 0;
                match read {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    read => read?,
                };
            }
            self.decode();
        }
        Ok(self.ready.len() > kept)
    }

    /// Whether there is a notice.
    pub(super) fn has_notice(&self) -> bool {
        let lost = match self.lost {
            Lost::At(at, _) => at < self.given.get(),
            Lost::Passed(_) => true,
            Lost::None | Lost::Told => false,
        };
        lost || self.contradiction.is_some()
    }

    pub(super) fn notice(&mut self) -> Option<Notice> {
        if let Some(contradiction) = self.contradiction.take() {
            return Some(contradiction);
        }
        match self.lost {
            Lost::At(_, place) | Lost::Passed(place) if self.has_notice() => {
                self.lost = Lost::Told;
                Some(Notice::Lost(place))
            }
            _ => None,
        }
    }

    /// Whether nothing follows.
    pub(super) fn is_over(&mut self) -> io::Result<bool> {
        self.allow(usize::MAX);
        Ok(self.fill_buf()?.is_empty())
    }

    /// Throws away what comes before the next `<`. `false`: the file ended.
    pub(super) fn skip_to_markup(&mut self) -> io::Result<bool> {
        self.allow(usize::MAX);
        loop {
            let chunk = self.fill_buf()?;
            if chunk.is_empty() {
                return Ok(false);
            }
            let at = memchr(b'<', chunk);
            let count = at.unwrap_or(chunk.len());
            self.consume(count);
            if at.is_some() {
                return Ok(true);
            }
        }
    }

    #[cold]
    fn more(&mut self) -> io::Result<()> {
        if self.given.get() == self.ready.len() {
            self.top_up()?;
        }
        if self.allowance == 0 {
            self.exhausted = true;
            return Err(io::Error::other("too much between two marks"));
        }
        Ok(())
    }

    fn decode(&mut self) {
        let raw = &self.raw[self.raw_at..];
        let last = raw.is_empty();
        if self.decoder.is_none()
            && !last
            && let Some(encoding) = self.letters.settled.or_else(|| self.letters.settled_by(raw))
        {
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
            if let Some(declared) = self.letters.declared.filter(|declared| *declared != encoding) {
                self.contradiction = Some(Notice::Contradiction {
                    declared: declared.name(),
                    written: TextEncoding::of(encoding).name(),
                });
            }
        }
        let start = self.ready.len();
        let Some(decoder) = &mut self.decoder else {
            // Nothing but ASCII so far.
            self.ready.push_str(&UTF_8.decode_without_bom_handling(raw).0);
            self.raw_at = self.raw.len();
            self.ended = last;
            return;
        };
        // Three bytes of UTF-8 at most for one of a one-byte encoding, and room for what the decoder holds back.
        self.ready.reserve(3 * raw.len() + 16);
        let (result, read, _) = decoder.decode_to_string(raw, &mut self.ready, last);
        self.raw_at += read;
        self.ended = last && result == CoderResult::InputEmpty;
        self.note_lost(start);
    }

    /// In what was decoded last, from `start` on.
    fn note_lost(&mut self, start: usize) {
        if !matches!(self.lost, Lost::None) {
            return;
        }
        let ready = self.ready.as_bytes();
        let mut leads = memchr_iter(LOST.as_bytes()[0], &ready[start..]);
        if let Some(at) = leads.find(|at| ready[start + at..].starts_with(LOST.as_bytes())) {
            let place = self.counted.get().up_to(start + at, ready).place;
            self.lost = Lost::At(start + at, place);
        }
    }
}

/// In pieces whose count fits a byte, which the compiler turns into vectors.
fn characters(bytes: &[u8]) -> u64 {
    let leads = |piece: &[u8]| piece.iter().map(|byte| u8::from((byte & 0xC0) != 0x80)).sum::<u8>();
    bytes.chunks(255).map(|piece| u64::from(leads(piece))).sum()
}

/// Where one stands after `bytes`.
fn after(place: Place, bytes: &[u8]) -> Place {
    match memrchr(b'\n', bytes) {
        Some(last) => Place {
            line: place.line + memchr_iter(b'\n', &bytes[..=last]).count() as u64,
            column: 1 + characters(&bytes[last + 1..]),
        },
        None => Place {
            column: place.column + characters(bytes),
            ..place
        },
    }
}

impl<R: Read> Read for XmlText<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = buffer.len().min(ready.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for XmlText<R> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given.get() == self.ready.len() || self.allowance == 0 {
            self.more()?;
        }
        Ok(&self.ready.as_bytes()[self.given.get()..])
    }

    #[inline]
    fn consume(&mut self, count: usize) {
        self.pass(count);
        self.allowance = self.allowance.saturating_sub(count);
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{Encoding, IBM866, KOI8_R, WINDOWS_1251};

    use super::*;

    fn read(bytes: &[u8]) -> (String, TextEncoding, Vec<Notice>) {
        let letters = Letters::of(bytes);
        let mut text = XmlText::new(&bytes[letters.mark()..], letters);
        let mut out = String::new();
        text.read_to_string(&mut out).unwrap();
        let notices = std::iter::from_fn(|| text.notice()).collect();
        (out, letters.encoding(), notices)
    }

    #[test]
    fn bytes_decide_and_declarations_are_believed_where_they_can_be() {
        let document = |label: &str| format!("<?xml version='1.0' encoding='{label}'?>\n<Nm>ООО Ромашка</Nm>");
        let legacy = |encoding: &'static Encoding, label: &str| encoding.encode(&document(label)).0.into_owned();
        for (bytes, label, encoding, contradicts) in [
            (document("UTF-8").into_bytes(), "UTF-8", "utf-8", false),
            (document("windows-1251").into_bytes(), "windows-1251", "utf-8", true),
            (
                legacy(WINDOWS_1251, "windows-1251"),
                "windows-1251",
                "windows-1251",
                false,
            ),
            (legacy(WINDOWS_1251, "UTF-8"), "UTF-8", "windows-1251", true),
            (legacy(KOI8_R, "koi8-r"), "koi8-r", "koi8-r", false),
        ] {
            let (text, read_as, notices) = read(&bytes);
            assert_eq!(text, document(label));
            assert_eq!(read_as.name(), encoding);
            assert_eq!(!notices.is_empty(), contradicts, "{label} {encoding}: {notices:?}");
        }
        let dos = "<?xml version=\"1.0\" encoding=\"cp866\"?><Nm>Ромашка</Nm>";
        assert_eq!(read(&IBM866.encode(dos).0).0, dos);
        let wide = |to: fn(u16) -> [u8; 2], mark: &str| -> Vec<u8> {
            format!("{mark}{}", document("UTF-16"))
                .encode_utf16()
                .flat_map(to)
                .collect()
        };
        for mark in ["", "\u{feff}"] {
            assert_eq!(read(&wide(u16::to_le_bytes, mark)).0, document("UTF-16"));
            assert_eq!(read(&wide(u16::to_be_bytes, mark)).0, document("UTF-16"));
        }
    }

    #[test]
    fn places_are_of_lines_and_characters_at_every_buffer_boundary() {
        let line = "<Nm>Ромашка</Nm>\n";
        let text = line.repeat(20_000);
        let mut source = XmlText::new(text.as_bytes(), Letters::of(text.as_bytes()));
        for at in 0..19_999u64 {
            let mut piece = Vec::new();
            source.read_until(b'\n', &mut piece).unwrap();
            assert_eq!(
                source.place(),
                Place {
                    line: at + 2,
                    column: 1
                }
            );
            assert_eq!(source.place_before(line).line, at + 1);
        }
        let mut piece = Vec::new();
        source.read_until(b'/', &mut piece).unwrap();
        assert_eq!(
            source.place(),
            Place {
                line: 20_000,
                column: 14
            }
        );
        assert_eq!(source.place_before("Ромашка</").column, 5);
    }

    #[test]
    fn no_more_is_given_than_is_allowed_and_the_rest_can_be_skipped() {
        let text = format!("{}<a>", "x".repeat(10 * CHUNK_BYTES));
        let mut source = XmlText::new(text.as_bytes(), Letters::of(text.as_bytes()));
        source.allow(3 * CHUNK_BYTES);
        let mut taken = Vec::new();
        assert!(source.read_to_end(&mut taken).is_err());
        assert!(source.was_exhausted() && !source.was_exhausted());
        assert!(taken.len() >= 3 * CHUNK_BYTES && taken.len() < 5 * CHUNK_BYTES);
        assert!(source.skip_to_markup().unwrap());
        let mut rest = String::new();
        source.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "<a>");
    }

    #[test]
    fn lost_letters_are_told_once_and_where() {
        let (text, _, notices) = read(b"<a>\n<Nm>\xD0\x9E\xD0\xD0\x9E\xFF</Nm>\xD0");
        assert_eq!(
            text.matches('\u{fffd}').count(),
            0,
            "not UTF-8 at all, so windows-1251: {text}"
        );
        assert_eq!(notices, []);
        let mut bytes = format!("<a>\n<Nm>{}</Nm>", "О".repeat(CHUNK_BYTES)).into_bytes();
        let line = bytes.len();
        bytes.extend_from_slice(b"\n<Nm>\xFFx\xFF</Nm>");
        let (text, encoding, notices) = read(&bytes);
        assert_eq!(encoding, TextEncoding::Utf8);
        assert!(text.is_char_boundary(line) && text.ends_with("\n<Nm>\u{fffd}x\u{fffd}</Nm>"));
        assert_eq!(notices, [Notice::Lost(Place { line: 3, column: 5 })]);
    }
}
