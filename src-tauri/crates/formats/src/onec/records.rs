//! Lines to records: header keys, account sections and documents, each with its fields and their places.
//!
//! Tolerant of framing: sections that are not closed, stray ends, continuation lines, text after the end. A section
//! the file breaks off in is marked so, because its last value may be half a value.
//!
//! A line whose key is known as bytes takes the quick way and is decoded no further than its value; every other line
//! takes the tolerant way, which is the one that defines what a line means.

use std::io::{self, Read};

use domain::{RawKey, Text};
use memchr::memchr;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::{LineDecoder, russian_utf8},
    lines::{LINE_BYTES_MAX, LineEnd, Lines},
};

use super::{
    block::{Block, BlockKind, Condition, Spot},
    field::{Field, Keyword, Name},
    frame::Frame,
    names::{Known, Names, Spelling},
};

/// How much of a document's fields is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// What the survey asks for, and keys that are not the format's.
    Outline,
    Whole,
}

/// A key of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderKey {
    pub(super) field: Field,
    pub(super) value: String,
    /// Where the value starts.
    pub(super) place: Place,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Header(HeaderKey),
    /// A section is over: [`Records::block`] has it.
    Block,
    /// No record yet, but findings to take.
    Findings,
    End,
}

pub(super) struct Records<R> {
    lines: Lines<R>,
    finished: bool,
    pub(super) taken: Taken,
}

/// What the lines so far have come to.
pub(super) struct Taken {
    decoder: LineDecoder,
    depth: Depth,
    names: Names,
    /// Room for a value as text, and for a name in the form in which names are compared.
    text: String,
    form: String,
    open: Block,
    is_open: bool,
    closed: Block,
    started: bool,
    told_after_end: bool,
    pub(super) frame: Frame,
    /// What was noticed since the caller last took it.
    pub(super) findings: Vec<Diagnostic>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(source: R, decoder: LineDecoder, depth: Depth) -> Self {
        Self {
            lines: Lines::new(source),
            finished: false,
            taken: Taken::new(decoder, depth),
        }
    }

    /// The section that was closed last.
    pub(super) fn block(&self) -> &Block {
        &self.taken.closed
    }

    /// The next record. [`Step::Findings`] gives way to the caller, so that the findings of a long stretch without a
    /// record do not pile up.
    pub(super) fn step(&mut self) -> io::Result<Step> {
        loop {
            if self.finished {
                return Ok(Step::End);
            }
            let Some((line, end)) = self.lines.next()? else {
                self.finished = true;
                let cut = self.taken.close(Condition::Cut);
                return Ok(cut.unwrap_or(Step::End));
            };
            let step = match self.taken.take_quickly(line, end) {
                Quick::Taken => None,
                Quick::Closed => Some(Step::Block),
                Quick::Unsure => self.taken.take_slowly(line, end),
            };
            if let Some(step) = step {
                return Ok(step);
            }
            if !self.taken.findings.is_empty() {
                return Ok(Step::Findings);
            }
        }
    }
}

impl Taken {
    fn new(decoder: LineDecoder, depth: Depth) -> Self {
        Self {
            decoder,
            depth,
            names: Names::new(decoder.legacy, decoder.may_be_utf8()),
            text: String::new(),
            form: String::new(),
            open: Block::empty(),
            is_open: false,
            closed: Block::empty(),
            started: false,
            told_after_end: false,
            frame: Frame::default(),
            findings: Vec::new(),
        }
    }

    /// A known key inside a section, in the encoding that is expected, and nothing odd about the line.
    #[inline]
    fn take_quickly(&mut self, line: &[u8], end: LineEnd) -> Quick {
        if line.is_empty() && end.terminated {
            return Quick::Taken;
        }
        if !self.started || !end.terminated || end.too_long || self.frame.ended {
            return Quick::Unsure;
        }
        let Some((known, value)) = self.names.split(line) else {
            return self.take_end_quickly(line, end.number);
        };
        let (field, starts) = match known.name {
            Name::Field(field) if self.is_open => (Some(field), false),
            Name::Unknown if self.is_open => (None, false),
            Name::Keyword(Keyword::DocumentStart) => (None, true),
            Name::Field(_) | Name::Unknown | Name::Keyword(_) => return Quick::Unsure,
        };
        let is_utf8 = known.spelling == Spelling::Utf8;
        if !self.decoder.expects(is_utf8) {
            return Quick::Unsure;
        }
        let in_document = self.open.kind == BlockKind::Document;
        let skipped =
            self.depth == Depth::Outline && (starts || in_document && field.is_some_and(|field| !field.is_outline()));
        let mut text = String::new();
        let value = if skipped && !is_utf8 {
            // Whatever the bytes are, they are letters of a one-byte encoding.
            ""
        } else if is_utf8 {
            match std::str::from_utf8(value) {
                Ok(text) if text.is_ascii() || !text.contains('\u{fffd}') => text,
                _ => return Quick::Unsure,
            }
        } else if value.is_ascii() {
            std::str::from_utf8(value).unwrap_or("")
        } else if russian_utf8(value).is_some() {
            return Quick::Unsure;
        } else {
            text = std::mem::take(&mut self.text);
            self.decoder.legacy_into(value, &mut text);
            text.as_str()
        };
        self.frame.tally.count_as(is_utf8);
        match (field, starts) {
            (None, false) => self.frame.unknown_keys += 1,
            (Some(_), _) | (None, true) => self.frame.known_keys += 1,
        }
        let mut spot = Spot {
            line: end.number,
            around: 1,
        };
        let mut closed = None;
        if starts {
            closed = self.take_keyword(Keyword::DocumentStart, value.trim(), end.number);
        } else if skipped {
            self.open.skip(spot, line.len(), &mut self.findings);
        } else {
            let from_start = value.trim_start();
            if from_start.len() < value.len() {
                spot.around += value[..value.len() - from_start.len()].chars().count();
            }
            let key = (field, &known.key);
            self.open
                .push(key, from_start.trim_end(), spot, line.len(), &mut self.findings);
        }
        if text.capacity() > 0 {
            self.text = text;
        }
        Quick::of(closed)
    }

    /// A line without `=`: the end of a section.
    fn take_end_quickly(&mut self, line: &[u8], number: u64) -> Quick {
        let Some(known) = self.names.get(line) else {
            return Quick::Unsure;
        };
        let is_utf8 = known.spelling == Spelling::Utf8;
        match known.name {
            Name::Keyword(keyword) if self.decoder.expects(is_utf8) => {
                self.frame.tally.count(line, true);
                self.frame.count_keyword(keyword);
                Quick::of(self.take_keyword(keyword, "", number))
            }
            Name::Keyword(_) | Name::Field(_) | Name::Unknown => Quick::Unsure,
        }
    }

    fn take_slowly(&mut self, line: &[u8], end: LineEnd) -> Option<Step> {
        self.frame.tally.count(line, end.terminated);
        if end.too_long {
            let limit = Text::same(LINE_BYTES_MAX.to_string());
            self.find(Code::FormatLineTooLong, Place::line(end.number), "", &[limit]);
        }
        let (text, foreign) = self.decoder.decode(line);
        if let Some(foreign) = foreign {
            let names = [Text::same(self.decoder.encoding.name()), Text::same(foreign.name())];
            if self.decoder.twice.is_some() {
                self.frame.garbled_at.get_or_insert(end.number);
            } else {
                self.find(Code::EncodingMixed, Place::line(end.number), text.trim(), &names);
            }
        }
        self.take_line(&text, end, line)
    }

    fn take_line(&mut self, written: &str, end: LineEnd, bytes: &[u8]) -> Option<Step> {
        let number = end.number;
        let text = written.trim_matches(is_blank);
        if text.is_empty() {
            return None;
        }
        let text = self.unquoted(text);
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value)),
            None => (text, None),
        };
        let name = Name::of(key, &mut self.form);
        self.frame.note_lost_letters(key, value, number);
        let first = !std::mem::replace(&mut self.started, true);
        if first && name != Name::Keyword(Keyword::Signature) {
            self.find(Code::OnecSignature, Place::line(number), text, &[]);
        }
        if end.too_long && self.is_open {
            self.open.condition = Condition::TooLarge;
        }
        if let Name::Keyword(keyword) = name {
            self.frame.count_keyword(keyword);
            return self.take_keyword(keyword, value.unwrap_or("").trim(), number);
        }
        self.note_after_end(number, text);
        let field = match name {
            Name::Field(field) => Some(field),
            Name::Keyword(_) | Name::Unknown => None,
        };
        match value {
            // A purpose broken over lines may well hold a «=».
            Some(_) if field.is_none() && key.contains(char::is_whitespace) && self.in_purpose() => {
                self.continue_value(text, number);
                None
            }
            Some(value) => {
                self.learn(name, key, bytes);
                let before = offset(written, value);
                let indent = value.len() - value.trim_start().len();
                let written_before = written[..before + indent].chars().count();
                let spot = Spot {
                    line: number,
                    around: written_before - key.chars().count(),
                };
                self.take_pair((field, key), value.trim(), spot, (bytes.len(), end.terminated))
            }
            None => {
                self.continue_value(text, number);
                None
            }
        }
    }

    /// A bank's own spelling of a key comes again with every document.
    fn learn(&mut self, name: Name, key: &str, bytes: &[u8]) {
        let Some(equals) = memchr(b'=', bytes) else { return };
        let spelt = &bytes[..equals];
        let (text, _) = self.decoder.decode(spelt);
        // What is not the key alone (a quotation mark, blanks) is looked at anew each time.
        if text != key || key.contains(char::is_whitespace) || self.names.get(spelt).is_some() {
            return;
        }
        let spelling = if std::str::from_utf8(spelt).is_ok() {
            Spelling::Utf8
        } else {
            Spelling::Legacy
        };
        let known = Known {
            name,
            spelling,
            key: RawKey::new(key),
        };
        // Plain ASCII does not say what the value is in.
        if !spelt.is_ascii() && !key.contains('\u{fffd}') {
            self.names.learn(spelt, known);
        }
    }

    /// Some exports come out of a spreadsheet with every line in quotes.
    fn unquoted<'a>(&mut self, text: &'a str) -> &'a str {
        let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
            return text;
        };
        let key = inner.split_once('=').map_or(inner, |(key, _)| key);
        if Name::of(key, &mut self.form) != Name::Unknown {
            inner.trim()
        } else {
            text
        }
    }

    fn take_keyword(&mut self, keyword: Keyword, value: &str, number: u64) -> Option<Step> {
        if self.frame.ended && keyword != Keyword::FileEnd {
            self.note_after_end(number, keyword.name());
        }
        match keyword {
            Keyword::Signature => self.close_unended(number),
            Keyword::AccountStart | Keyword::DocumentStart => {
                let before = self.close_unended(number);
                let kind = if keyword == Keyword::AccountStart {
                    BlockKind::Account
                } else {
                    BlockKind::Document
                };
                self.open.restart(kind, value, number);
                self.is_open = true;
                before
            }
            Keyword::AccountEnd | Keyword::DocumentEnd => {
                if self.is_open && self.open.kind.end() == keyword {
                    return self.close(Condition::Whole);
                }
                self.find(Code::OnecNoise, Place::line(number), keyword.name(), &[]);
                None
            }
            Keyword::FileEnd => {
                self.frame.ended = true;
                self.close_unended(number)
            }
        }
    }

    fn take_pair(
        &mut self,
        (field, key): (Option<Field>, &str),
        value: &str,
        spot: Spot,
        (bytes, terminated): (usize, bool),
    ) -> Option<Step> {
        match field {
            Some(_) => self.frame.known_keys += 1,
            None => self.frame.unknown_keys += 1,
        }
        if self.is_open {
            self.open
                .push((field, &RawKey::new(key)), value, spot, bytes, &mut self.findings);
            return None;
        }
        let Some(field) = field else {
            self.find(Code::OnecStrayLine, Place::line(spot.line), key, &[]);
            return None;
        };
        // The last line of a file that breaks off in its header may be half a value; twenty digits are a whole account.
        let is_whole = field == Field::Account && value.len() == 20 && value.bytes().all(|byte| byte.is_ascii_digit());
        (terminated || self.frame.ended || is_whole).then(|| {
            Step::Header(HeaderKey {
                field,
                value: value.to_owned(),
                place: spot.place(key),
            })
        })
    }

    fn in_purpose(&self) -> bool {
        self.is_open && self.open.last_field().is_some_and(Field::is_purpose)
    }

    /// Nothing is escaped in this format: a line end inside a value makes a line without a key.
    fn continue_value(&mut self, text: &str, number: u64) {
        let quoted = text.starts_with('"') && text.ends_with('"') && text.len() > 1;
        let joins = self.is_open && self.open.condition == Condition::Whole && !quoted && !self.open.is_empty();
        let place = Place::line(number);
        if joins {
            self.open.extend_last(text, &mut self.findings);
            self.find(Code::OnecContinuation, place, text, &[]);
        } else {
            self.find(Code::OnecStrayLine, place, text, &[]);
        }
    }

    fn close_unended(&mut self, number: u64) -> Option<Step> {
        if self.is_open {
            let expected = Text::same(self.open.kind.end().name());
            let title = std::mem::take(&mut self.open.title);
            self.find(Code::OnecNotClosed, Place::line(number), &title, &[expected]);
            self.open.title = title;
        }
        self.close(Condition::Whole)
    }

    fn close(&mut self, condition: Condition) -> Option<Step> {
        if !std::mem::replace(&mut self.is_open, false) {
            return None;
        }
        std::mem::swap(&mut self.open, &mut self.closed);
        if self.closed.condition == Condition::Whole {
            self.closed.condition = condition;
        }
        Some(Step::Block)
    }

    fn note_after_end(&mut self, number: u64, text: &str) {
        if self.frame.ended && !std::mem::replace(&mut self.told_after_end, true) {
            self.find(Code::OnecAfterEnd, Place::line(number), text, &[]);
        }
    }

    fn find(&mut self, code: Code, place: Place, excerpt: &str, details: &[Text]) {
        self.findings.push(Diagnostic::new(code, place, excerpt, details));
    }
}

/// What the quick way made of a line.
enum Quick {
    Taken,
    /// It closed a section: [`Step::Block`].
    Closed,
    Unsure,
}

impl Quick {
    /// Keywords give no other step.
    fn of(step: Option<Step>) -> Self {
        if step.is_some() { Self::Closed } else { Self::Taken }
    }
}

/// Blanks and signs nobody sees, around a line.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || super::field::is_invisible(character)
}

/// Where `part` stands in `whole`, which it is a piece of.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr()
        .addr()
        .saturating_sub(whole.as_ptr().addr())
        .min(whole.len())
}
