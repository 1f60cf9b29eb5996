//! Lines to records: header keys, account sections and documents, each with its fields and their places.
//!
//! Tolerant of framing: sections that are not closed, stray ends, continuation lines, text after the end. A section
//! the file breaks off in is marked so, because its last value may be half a value.

use std::io::{self, BufRead};

use domain::Text;

use crate::{
    diagnostic::{Code, Diagnostic, Place},
    encoding::{LineDecoder, Tally},
    lines::{LINE_BYTES_MAX, Lines},
};

use super::field::{Field, Keyword, Name};

/// Fields of one section; the format has 64 keys.
pub const BLOCK_FIELDS_MAX: usize = 512;
/// Bytes of the values of one section.
pub const BLOCK_BYTES_MAX: usize = 2 * 1024 * 1024;

/// One `key=value` of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    /// `None`: not a key of the format.
    pub(crate) field: Option<Field>,
    pub(crate) key: String,
    pub(crate) value: String,
    /// Where the value starts.
    pub(crate) place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Account,
    Document,
}

impl BlockKind {
    fn end(self) -> Keyword {
        match self {
            Self::Account => Keyword::AccountEnd,
            Self::Document => Keyword::DocumentEnd,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Whole,
    /// The file ended inside it.
    Cut,
    /// Over a limit; already reported.
    TooLarge,
}

/// An account section or a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// What follows `СекцияДокумент=`.
    pub(crate) title: String,
    /// Its first line.
    pub(crate) line: u64,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) condition: Condition,
    bytes: usize,
}

impl Block {
    /// The last value that is not empty; an empty one where the key is there at all.
    pub(crate) fn get(&self, field: Field) -> Option<&Pair> {
        let mut of_field = self.pairs.iter().rev().filter(|pair| pair.field == Some(field));
        let last = of_field.next()?;
        if !last.value.is_empty() {
            return Some(last);
        }
        Some(of_field.find(|pair| !pair.value.is_empty()).unwrap_or(last))
    }

    /// As [`Block::get`], trimmed; empty where there is none.
    pub(crate) fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", |pair| pair.value.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    Header(Pair),
    Block(Block),
}

/// What was seen of the file's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Frame {
    pub(crate) ended: bool,
    /// Lines that only this format has, signature and end mark apart.
    pub(crate) known_keys: u64,
    pub(crate) unknown_keys: u64,
    /// First line whose key holds a U+FFFD.
    pub(crate) destroyed_at: Option<u64>,
    /// First line with a U+FFFD in a value.
    pub(crate) replaced_at: Option<u64>,
    pub(crate) tally: Tally,
}

pub(crate) struct Records<R> {
    lines: Lines<R>,
    decoder: LineDecoder,
    line: Vec<u8>,
    form: String,
    open: Option<Block>,
    started: bool,
    finished: bool,
    told_after_end: bool,
    pub(crate) frame: Frame,
    /// What was noticed since the caller last took it.
    pub(crate) findings: Vec<Diagnostic>,
}

impl<R: BufRead> Records<R> {
    pub(crate) fn new(source: R, decoder: LineDecoder) -> Self {
        Self {
            lines: Lines::new(source),
            decoder,
            line: Vec::new(),
            form: String::new(),
            open: None,
            started: false,
            finished: false,
            told_after_end: false,
            frame: Frame::default(),
            findings: Vec::new(),
        }
    }

    /// The next record. [`Step::Findings`] gives way to the caller, so that the findings of a long stretch without a
    /// record do not pile up.
    pub(crate) fn step(&mut self) -> io::Result<Step> {
        loop {
            if self.finished {
                return Ok(Step::End);
            }
            let mut line = std::mem::take(&mut self.line);
            let read = self.lines.read(&mut line);
            let record = match read {
                Err(error) => {
                    self.line = line;
                    return Err(error);
                }
                Ok(None) => {
                    self.finished = true;
                    self.line = line;
                    return Ok(self.close(Condition::Cut).map_or(Step::End, Step::Record));
                }
                Ok(Some(end)) => {
                    self.frame.tally.count(&line, end.terminated);
                    if end.too_long {
                        let limit = Text::same(LINE_BYTES_MAX.to_string());
                        let place = Place::line(end.number);
                        self.find(Code::FormatLineTooLong, place, "", &[limit]);
                    }
                    let (text, foreign) = self.decoder.decode(&line);
                    if let Some(foreign) = foreign {
                        let names = [Text::same(self.decoder.encoding.name()), Text::same(foreign.name())];
                        self.findings.push(Diagnostic::new(
                            Code::EncodingMixed,
                            Place::line(end.number),
                            &text,
                            &names,
                        ));
                    }
                    self.take_line(&text, end.number, end.terminated, end.too_long)
                }
            };
            self.line = line;
            if let Some(record) = record {
                return Ok(Step::Record(record));
            }
            if !self.findings.is_empty() {
                return Ok(Step::Findings);
            }
        }
    }

    fn take_line(&mut self, text: &str, number: u64, terminated: bool, too_long: bool) -> Option<Record> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let text = self.unquoted(text);
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value)),
            None => (text, None),
        };
        let name = Name::of(key, &mut self.form);
        self.note_lost_letters(key, value, number);
        let first = !std::mem::replace(&mut self.started, true);
        if first && name != Name::Keyword(Keyword::Signature) {
            self.find(Code::OnecSignature, Place::line(number), text, &[]);
        }
        if too_long && let Some(block) = &mut self.open {
            block.condition = Condition::TooLarge;
        }
        if let Name::Keyword(keyword) = name {
            if !matches!(keyword, Keyword::Signature | Keyword::FileEnd) {
                self.frame.known_keys += 1;
            }
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
                let before = text.len() - value.len();
                let indent = value.len() - value.trim_start().len();
                let column = text[..before + indent].chars().count() + 1;
                let place = Place {
                    line: number,
                    column: u64::try_from(column).unwrap_or(u64::MAX),
                };
                let pair = Pair {
                    field,
                    key: key.to_owned(),
                    value: value.trim().to_owned(),
                    place,
                };
                self.take_pair(pair, terminated)
            }
            None => {
                self.continue_value(text, number);
                None
            }
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

    fn take_keyword(&mut self, keyword: Keyword, value: &str, number: u64) -> Option<Record> {
        if self.frame.ended && keyword != Keyword::FileEnd {
            self.note_after_end(number, keyword.name());
        }
        match keyword {
            Keyword::Signature => self.close_unended(number),
            Keyword::AccountStart => {
                let before = self.close_unended(number);
                self.open = Some(Block::new(BlockKind::Account, value, number));
                before
            }
            Keyword::DocumentStart => {
                let before = self.close_unended(number);
                self.open = Some(Block::new(BlockKind::Document, value, number));
                before
            }
            Keyword::AccountEnd | Keyword::DocumentEnd => {
                let fits = self.open.as_ref().is_some_and(|block| block.kind.end() == keyword);
                if fits {
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

    fn take_pair(&mut self, pair: Pair, terminated: bool) -> Option<Record> {
        match pair.field {
            Some(_) => self.frame.known_keys += 1,
            None => self.frame.unknown_keys += 1,
        }
        if let Some(block) = &mut self.open {
            block.push(pair, &mut self.findings);
            return None;
        }
        if pair.field.is_none() {
            self.find(Code::OnecStrayLine, Place::line(pair.place.line), &pair.key, &[]);
            return None;
        }
        // The last line of a file that breaks off in its header may be half a value.
        (terminated || self.frame.ended).then_some(Record::Header(pair))
    }

    fn in_purpose(&self) -> bool {
        let last = self.open.as_ref().and_then(|block| block.pairs.last());
        last.and_then(|pair| pair.field).is_some_and(Field::is_purpose)
    }

    /// Nothing is escaped in this format: a line end inside a value makes a line without a key.
    fn continue_value(&mut self, text: &str, number: u64) {
        let quoted = text.starts_with('"') && text.ends_with('"') && text.len() > 1;
        let place = Place::line(number);
        match &mut self.open {
            Some(block) if block.condition == Condition::Whole && !quoted && !block.pairs.is_empty() => {
                block.extend_last(text, &mut self.findings);
                self.findings
                    .push(Diagnostic::new(Code::OnecContinuation, place, text, &[]));
            }
            _ => self.find(Code::OnecStrayLine, place, text, &[]),
        }
    }

    fn close_unended(&mut self, number: u64) -> Option<Record> {
        if let Some(block) = &self.open {
            let expected = Text::same(block.kind.end().name());
            let place = Place::line(number);
            self.findings
                .push(Diagnostic::new(Code::OnecNotClosed, place, &block.title, &[expected]));
        }
        self.close(Condition::Whole)
    }

    fn close(&mut self, condition: Condition) -> Option<Record> {
        let mut block = self.open.take()?;
        if block.condition == Condition::Whole {
            block.condition = condition;
        }
        Some(Record::Block(block))
    }

    fn note_lost_letters(&mut self, key: &str, value: Option<&str>, number: u64) {
        if key.contains('\u{fffd}') {
            self.frame.destroyed_at.get_or_insert(number);
        } else if value.is_some_and(|value| value.contains('\u{fffd}')) {
            self.frame.replaced_at.get_or_insert(number);
        }
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

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Record(Record),
    /// No record yet, but findings to take.
    Findings,
    End,
}

impl Block {
    fn new(kind: BlockKind, title: &str, line: u64) -> Self {
        Self {
            kind,
            title: title.to_owned(),
            line,
            pairs: Vec::new(),
            condition: Condition::Whole,
            bytes: 0,
        }
    }

    fn push(&mut self, pair: Pair, findings: &mut Vec<Diagnostic>) {
        let bytes = pair.key.len() + pair.value.len();
        if self.has_room(bytes, pair.place, findings) {
            self.pairs.push(pair);
        }
    }

    fn extend_last(&mut self, text: &str, findings: &mut Vec<Diagnostic>) {
        let place = Place::line(self.line);
        if self.has_room(text.len() + 1, place, findings)
            && let Some(last) = self.pairs.last_mut()
        {
            if !last.value.is_empty() {
                last.value.push(' ');
            }
            last.value.push_str(text);
        }
    }

    fn has_room(&mut self, bytes: usize, place: Place, findings: &mut Vec<Diagnostic>) -> bool {
        if self.condition != Condition::Whole {
            return false;
        }
        self.bytes += bytes;
        if self.pairs.len() < BLOCK_FIELDS_MAX && self.bytes <= BLOCK_BYTES_MAX {
            return true;
        }
        self.condition = Condition::TooLarge;
        let limits = [BLOCK_FIELDS_MAX, BLOCK_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
        findings.push(Diagnostic::new(Code::OnecDocumentTooLarge, place, "", &limits));
        false
    }
}
