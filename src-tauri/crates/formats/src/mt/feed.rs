//! A file as fields, one at a time, in bounded memory and with every place known.
//!
//! Blocks are cut before tags, so that a field lies in one piece and is lent out without a copy. Knows lines, tags and
//! envelopes; not what a field says.

use std::io::{self, BufRead};

use domain::Text;
use memchr::memrchr;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::LineDecoder,
};

use super::{
    boundary::{last_field, line_end, skip_controls, starts_anew},
    tag::{self, Envelope, Found, Tag},
};

/// What is read at once, at first: most files are small.
const FIRST_BLOCK_BYTES: usize = 8 * 1024;
/// And of a large file. Small enough to stay in the processor's cache.
const BLOCK_BYTES: usize = 128 * 1024;
/// A field with more is cut: `:86:` has six lines of 65 characters by the standard, and a few thousand in practice.
pub const FIELD_BYTES_MAX: usize = 1024 * 1024;
/// Quoted of lines outside of messages.
const JUNK_LINES_TOLD: u64 = 1;

/// A field's text and where its lines end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Body<'a> {
    /// Without the tag and the last line end; inner line ends as the file has them.
    pub(super) text: &'a str,
    /// Of each line end inside: where the line stops, and where the next one starts.
    breaks: &'a [(usize, usize)],
}

impl<'a> Body<'a> {
    pub(super) fn lines(self) -> impl Iterator<Item = &'a str> {
        let starts = std::iter::once(0).chain(self.breaks.iter().map(|(_, next)| *next));
        let stops = self
            .breaks
            .iter()
            .map(|(stop, _)| *stop)
            .chain(std::iter::once(self.text.len()));
        starts.zip(stops).map(move |(start, stop)| &self.text[start..stop])
    }

    /// Empty where there is none.
    pub(super) fn second_line(self) -> &'a str {
        let stop = self.breaks.get(1).map_or(self.text.len(), |(stop, _)| *stop);
        self.breaks.first().map_or("", |(_, start)| &self.text[*start..stop])
    }

    pub(super) fn first_line(self) -> &'a str {
        self.breaks.first().map_or(self.text, |(stop, _)| &self.text[..*stop])
    }
}

/// Large, so lent and not handed on: a file has a field every few hundred bytes.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) found: Found,
    pub(super) body: Body<'a>,
    /// The tag as it stands: `:61:`.
    pub(super) name: &'a str,
    pub(super) place: Place,
    /// Its last line has a line end. The last of a file may not, and may then be cut.
    pub(super) terminated: bool,
}

impl Field<'_> {
    /// Where the text after the tag starts.
    pub(super) fn at_value(&self) -> Place {
        let tag = self.name.chars().count() as u64;
        Place {
            column: self.place.column + tag,
            ..self.place
        }
    }
}

#[derive(Debug)]
pub(super) enum Piece<'a> {
    Field(Field<'a>),
    /// `{1:...}{2:...}{4:`: what it says of the message that follows, and where it is announced; `{5:` announces none.
    Envelope(Envelope, Option<Place>),
    /// `-`, `-}`; an envelope may follow in the same line.
    MessageEnd(Envelope, Option<Place>),
    /// Lines that are no part of a message.
    Junk {
        text: &'a str,
        place: Place,
    },
}

/// A piece by its places in the block.
enum Span {
    Field {
        found: Found,
        start: usize,
        end: usize,
        place: Place,
        terminated: bool,
    },
    Envelope(Envelope, Option<Place>),
    MessageEnd(Envelope, Option<Place>),
    Junk {
        start: usize,
        end: usize,
        place: Place,
    },
}

pub(super) struct Feed<R> {
    source: R,
    decoder: LineDecoder,
    /// Whole fields.
    text: String,
    at: usize,
    /// Bytes of the next block.
    rest: Vec<u8>,
    block_bytes: usize,
    ended: bool,
    /// Of the line at `at`, counted from 1.
    line: u64,
    breaks: Vec<(usize, usize)>,
    told_replaced: bool,
    pub(super) findings: Vec<Diagnostic>,
}

impl<R: BufRead> Feed<R> {
    pub(super) fn new(source: R, decoder: LineDecoder) -> Self {
        Self {
            source,
            decoder,
            text: String::new(),
            at: 0,
            rest: Vec::new(),
            block_bytes: FIRST_BLOCK_BYTES,
            ended: false,
            line: 1,
            breaks: Vec::new(),
            told_replaced: false,
            findings: Vec::new(),
        }
    }

    /// The line that comes next.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        let Some(span) = self.span()? else {
            return Ok(None);
        };
        Ok(Some(match span {
            Span::Field {
                found,
                start,
                end,
                place,
                terminated,
            } => Piece::Field(Field {
                found,
                body: Body {
                    text: &self.text[start..end],
                    breaks: &self.breaks,
                },
                name: &self.text[start - found.length..start],
                place,
                terminated,
            }),
            Span::Envelope(envelope, announced) => Piece::Envelope(envelope, announced),
            Span::MessageEnd(envelope, announced) => Piece::MessageEnd(envelope, announced),
            Span::Junk { start, end, place } => Piece::Junk {
                text: &self.text[start..end],
                place,
            },
        }))
    }

    fn span(&mut self) -> io::Result<Option<Span>> {
        loop {
            if self.at == self.text.len() {
                if !self.fill()? {
                    return Ok(None);
                }
                continue;
            }
            let bytes = self.text.as_bytes();
            let start = skip_controls(bytes, self.at);
            let column = (start - self.at + 1) as u64;
            let place = Place {
                line: self.line,
                column,
            };
            match bytes.get(start) {
                None => self.at = start,
                Some(b'\n' | b'\r') => {
                    let (_, next) = line_end(bytes, start);
                    self.pass(next);
                }
                Some(b':') => {
                    if let Some(found) = tag::at(&bytes[start..]) {
                        return Ok(Some(self.field(found, start, place)));
                    }
                    return Ok(Some(self.junk(start, place)));
                }
                Some(b'{') if tag::is_envelope(&bytes[start..]) => {
                    let (stop, next) = line_end(bytes, start);
                    let envelope = tag::envelope(&bytes[start..stop]);
                    let announced = (!bytes[start..].starts_with(b"{5:")).then_some(place);
                    // Some programs start the first field in the line of the envelope.
                    match memchr::memmem::find(&bytes[start..stop], b"{4::") {
                        Some(cut) => self.at = start + cut + 3,
                        None => self.pass(next),
                    }
                    return Ok(Some(Span::Envelope(envelope, announced)));
                }
                Some(b'-') => {
                    let (stop, next) = line_end(bytes, start);
                    if tag::is_end(&bytes[start..stop]) {
                        let envelope = tag::envelope(&bytes[start..stop]);
                        let announced = memchr::memmem::find(&bytes[start..stop], b"{1:").map(|_| place);
                        self.pass(next);
                        return Ok(Some(Span::MessageEnd(envelope, announced)));
                    }
                    return Ok(Some(self.junk(start, place)));
                }
                Some(_) => return Ok(Some(self.junk(start, place))),
            }
        }
    }

    fn pass(&mut self, next: usize) {
        self.at = next;
        self.line += 1;
    }

    fn field(&mut self, found: Found, start: usize, place: Place) -> Span {
        let bytes = self.text.as_bytes();
        let body = start + found.length;
        self.breaks.clear();
        let mut line_start = body;
        let (mut stop, mut next) = line_end(bytes, body);
        let mut lines = 1;
        while next < bytes.len() {
            let (next_stop, after) = match bytes[next] {
                b':' => {
                    let new = tag::at(&bytes[next..]);
                    if new.is_some_and(|new| {
                        found.tag != Tag::Details || tag::ends_text(new, &bytes[next..], &bytes[line_start..stop])
                    }) {
                        break;
                    }
                    line_end(bytes, next)
                }
                b'-' => {
                    let (next_stop, after) = line_end(bytes, next);
                    if tag::is_end(&bytes[next..next_stop]) {
                        break;
                    }
                    (next_stop, after)
                }
                b'{' if tag::is_envelope(&bytes[next..]) => break,
                0..b' ' if starts_anew(bytes, next) => break,
                _ => line_end(bytes, next),
            };
            self.breaks.push((stop - body, next - body));
            (line_start, stop, next) = (next, next_stop, after);
            lines += 1;
        }
        self.at = next;
        self.line += lines;
        Span::Field {
            found,
            start: body,
            end: stop,
            place,
            terminated: next > stop,
        }
    }

    /// Up to the next line that means something.
    fn junk(&mut self, start: usize, place: Place) -> Span {
        let bytes = self.text.as_bytes();
        let (first_stop, mut next) = line_end(bytes, start);
        let mut lines = JUNK_LINES_TOLD;
        while next < bytes.len() {
            let line = &bytes[skip_controls(bytes, next)..];
            let (stop, after) = line_end(bytes, next);
            let means = tag::at(line).is_some()
                || tag::is_envelope(line)
                || tag::is_end(&bytes[skip_controls(bytes, next).min(stop)..stop]);
            if means {
                break;
            }
            next = after;
            lines += 1;
        }
        self.at = next;
        self.line += lines;
        Span::Junk {
            start,
            end: first_stop,
            place,
        }
    }

    /// The next block, up to a place where a field surely begins.
    fn fill(&mut self) -> io::Result<bool> {
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        self.at = 0;
        let carried = self.rest.len();
        let mut size = self.block_bytes.max(carried + self.block_bytes / 2);
        self.block_bytes = BLOCK_BYTES.min(2 * self.block_bytes);
        bytes.resize(size, 0);
        bytes[..carried].copy_from_slice(&self.rest);
        self.rest.clear();
        let mut filled = carried;
        let cut = loop {
            while filled < size && !self.ended {
                match self.source.read(&mut bytes[filled..]) {
                    Ok(0) => self.ended = true,
                    Ok(count) => filled += count,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            if self.ended {
                break filled;
            }
            if let Some(cut) = last_field(&bytes[..filled]) {
                break cut;
            }
            if size >= FIELD_BYTES_MAX {
                let limit = Text::same(FIELD_BYTES_MAX.to_string());
                let place = Place::line(self.line);
                self.findings
                    .push(Diagnostic::new(Code::MtFieldTooLong, place, "", &[limit]));
                break memrchr(b'\n', &bytes[..filled]).map_or(filled, |at| at + 1);
            }
            size = (2 * size).min(FIELD_BYTES_MAX);
            bytes.resize(size, 0);
        };
        self.rest.extend_from_slice(&bytes[cut..filled]);
        bytes.truncate(cut);
        self.text = match String::from_utf8(bytes) {
            Ok(text) if self.decoder.expects(true) || text.is_ascii() => text,
            Ok(text) => self.decode(text.as_bytes()),
            Err(error) => self.decode(error.as_bytes()),
        };
        self.look_for_lost_letters();
        Ok(!self.text.is_empty())
    }

    fn decode(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() * 2);
        let mut line = self.line;
        let mut start = 0;
        while start < bytes.len() {
            let (stop, next) = line_end(bytes, start);
            let (piece, foreign) = self.decoder.decode(&bytes[start..stop]);
            if let Some(foreign) = foreign {
                let names = [self.decoder.encoding, foreign].map(|encoding| Text::same(encoding.name()));
                let place = Place::line(line);
                self.findings
                    .push(Diagnostic::new(Code::EncodingMixed, place, &piece, &names));
            }
            text.push_str(&piece);
            // Line ends are ASCII in every encoding that comes here.
            text.extend(bytes[stop..next].iter().map(|byte| char::from(*byte)));
            start = next;
            line += 1;
        }
        text
    }

    fn look_for_lost_letters(&mut self) {
        if self.told_replaced || self.text.is_ascii() {
            return;
        }
        if let Some(at) = self.text.find('\u{fffd}') {
            self.told_replaced = true;
            let before = self.text[..at].bytes().filter(|byte| *byte == b'\n').count() as u64;
            let place = Place::line(self.line + before);
            self.findings
                .push(Diagnostic::new(Code::EncodingReplaced, place, "", &[]));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn pieces(bytes: &[u8]) -> Vec<String> {
        let mut feed = Feed::new(BufReader::new(bytes), LineDecoder::tentative(b""));
        let mut all = Vec::new();
        while let Some(piece) = feed.next().unwrap() {
            all.push(match piece {
                Piece::Field(Field { name, body, place, .. }) => {
                    format!(
                        "{}:{}{name}{}",
                        place.line,
                        place.column,
                        body.lines().collect::<Vec<_>>().join("|")
                    )
                }
                Piece::Envelope(envelope, _) => format!("{envelope:?}"),
                Piece::MessageEnd(envelope, _) => format!("end {envelope:?}"),
                Piece::Junk { text, place } => format!("{} junk {text}", place.line),
            });
        }
        all
    }

    #[test]
    fn lines_end_in_every_way_banks_end_them() {
        let expected = ["1:1:20:X", "2:1:86:a|b", "5:1:62F:C"];
        for end in ["\n", "\r", "\r\n", "\r\r\n"] {
            let text = ":20:X\n:86:a\nb\n\n:62F:C".replace('\n', end);
            let found = pieces(text.as_bytes());
            assert_eq!(
                found.iter().map(|it| it.replace("b|", "b")).collect::<Vec<_>>(),
                expected,
                "{end:?}"
            );
        }
    }

    #[test]
    fn envelopes_junk_and_ends() {
        let text = "\u{1}{1:F01X}{2:I942X}{4:\n:20:1\n-}{5:}\u{3}\u{1}{1:F}{2:O940X}{4:\nhello\nworld\n:20:2\n-\u{3}\n";
        assert_eq!(
            pieces(text.as_bytes()),
            [
                "Interim",
                "2:1:20:1",
                "end Final",
                "4 junk hello",
                "6:1:20:2",
                "end Unsaid"
            ]
        );
    }

    #[test]
    fn a_text_is_not_ended_by_a_colon_or_a_dash() {
        let full = "CRED+XX0000000000000000?23ABCDEFGHIJKLMNOPQRSTUVW?24/PL 12-09-2014T16";
        let text = format!(":86:{full}\n:26:37 Fo\n: x\n-Nr. 1\n:08 Karten\n:12:11\n{full}\n:20:15 h\n:62F:C\n");
        let found = pieces(text.as_bytes());
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[1], "9:1:62F:C");
        assert_eq!(pieces(b":86:a\n:20:15 h\n"), ["1:1:86:a", "2:1:20:15 h"]);
    }

    #[test]
    fn fields_are_whole_wherever_blocks_end() {
        let entry = ":61:2407030703C1,00NTRFNONREF\r\n:86:abc\r\ndef\r\n";
        let text = entry.repeat(3 * BLOCK_BYTES / entry.len());
        let found = pieces(text.as_bytes());
        assert_eq!(found.len(), 2 * (3 * BLOCK_BYTES / entry.len()));
        assert!(
            found
                .iter()
                .skip(1)
                .step_by(2)
                .all(|piece| piece.ends_with(":86:abc|def"))
        );
        assert_eq!(
            found.last().map(|it| it.split(':').next().unwrap().to_owned()),
            Some((found.len() / 2 * 3 - 1).to_string())
        );
    }

    #[test]
    fn a_field_at_the_limit_is_whole_and_one_past_it_is_cut() {
        for (length, cut) in [(FIELD_BYTES_MAX - 64, false), (FIELD_BYTES_MAX + 1, true)] {
            let text = format!(":86:{}\n:62F:C\n{}", "x".repeat(length), ":20:1\n".repeat(100_000));
            let mut feed = Feed::new(BufReader::new(text.as_bytes()), LineDecoder::tentative(b""));
            while feed.next().unwrap().is_some() {}
            assert_eq!(!feed.findings.is_empty(), cut, "{length}");
        }
    }
}
