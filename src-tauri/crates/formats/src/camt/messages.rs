//! The marks of an XML file, one after the other. What is broken costs what it stands in; reading goes on behind it.
//!
//! A definition of entities is never used: nothing expands but the five of XML itself and numbered characters.

use std::{
    collections::VecDeque,
    io::{self, Read},
};

use domain::Text;
use quick_xml::{
    Error, Reader,
    events::{BytesStart, Event as Mark},
};

use crate::{
    diagnostic::Code,
    reading::{Event, Source},
};

use super::{
    interpreter::Interpreter,
    open_elements::DEPTH_MAX,
    text::{Letters, Notice, XmlText},
};

/// Bytes of one mark: a tag with its attributes, a comment, a text between two tags.
pub const MARK_BYTES_MAX: usize = 1024 * 1024;
/// Attributes of one element. Messages have three at the root and one at a sum.
pub const ATTRIBUTES_MAX: usize = 64;
/// Bytes of the attributes of one element.
pub const ATTRIBUTE_BYTES_MAX: usize = 16 * 1024;
/// Broken marks, after which a file is no XML.
pub const FAULTS_MAX: u32 = 1_000;

/// Any source: a read of it is of a whole buffer, so that its type costs nothing.
type Letterwise<'a> = XmlText<Box<dyn Read + 'a>>;

pub(super) struct Messages<'a> {
    reader: Reader<Letterwise<'a>>,
    buffer: Vec<u8>,
    interpreter: Interpreter,
    faults: u32,
    doctype_told: bool,
    done: bool,
}

/// What came of one mark.
enum Step {
    On,
    End,
    /// The file ends inside of a mark.
    Cut,
    /// More than [`MARK_BYTES_MAX`].
    TooLarge,
    /// Not XML here.
    Broken,
    /// Nothing more can be read.
    GiveUp,
}

impl<'a> Messages<'a> {
    /// `source` stands after the byte order mark.
    pub(super) fn new(source: Box<dyn Read + 'a>, letters: Letters, own: Option<String>) -> Self {
        Self {
            reader: reader(XmlText::new(source, letters)),
            buffer: Vec::new(),
            interpreter: Interpreter::new(own),
            faults: 0,
            doctype_told: false,
            done: false,
        }
    }

    fn step(&mut self, queue: &mut VecDeque<Event>) -> io::Result<Step> {
        let Self {
            reader,
            buffer,
            interpreter,
            ..
        } = self;
        buffer.clear();
        reader.get_mut().allow(MARK_BYTES_MAX);
        let mark = match reader.read_event_into(buffer) {
            Ok(mark) => mark,
            Err(Error::Io(_)) if reader.get_mut().was_exhausted() => return Ok(Step::TooLarge),
            Err(Error::Io(error)) => return Err(io::Error::new(error.kind(), error)),
            // The reader finds these only at the end of the file.
            Err(Error::Syntax(error)) if error != quick_xml::errors::SyntaxError::InvalidBangMarkup => {
                return Ok(Step::Cut);
            }
            Err(_) => return Ok(Step::Broken),
        };
        let source = reader.get_ref();
        match mark {
            Mark::Start(start) => {
                if interpreter.depth() == DEPTH_MAX {
                    let limit = Text::same(DEPTH_MAX.to_string());
                    interpreter.damage(Code::CamtTooDeep, source.place_before(&start), "", &[limit]);
                    return Ok(Step::GiveUp);
                }
                take_start(interpreter, &start, source, queue);
            }
            Mark::End(end) => {
                let place = || source.place_before(&end);
                interpreter.end(local(end.name().into_inner()), place, queue);
            }
            Mark::Text(text) => interpreter.text(&text, || source.place_before(&text)),
            Mark::CData(text) => interpreter.text(&text, || source.place_before(&text)),
            Mark::GeneralRef(reference) => {
                let place = || source.place_before(&reference);
                match character(&reference) {
                    Some(character) => interpreter.text(character.encode_utf8(&mut [0; 4]), place),
                    None => {
                        let written = format!("&{};", &*reference);
                        interpreter.note(Code::CamtEntity, place(), &written, &[]);
                        interpreter.text(&written, place);
                    }
                }
            }
            Mark::DocType(doctype) => {
                if !std::mem::replace(&mut self.doctype_told, true) {
                    interpreter.note(Code::CamtDoctype, source.place_before(&doctype), "<!DOCTYPE", &[]);
                }
            }
            Mark::Eof => return Ok(Step::End),
            // `expand_empty_elements` makes two of them.
            Mark::Empty(_) | Mark::Comment(_) | Mark::Decl(_) | Mark::PI(_) => {}
        }
        Ok(Step::On)
    }

    /// Goes on at the next mark. `false`: there is none, or there were too many faults.
    fn recover(&mut self, code: Code, excerpt: &str, details: &[Text]) -> io::Result<bool> {
        let place = self.reader.get_ref().place();
        self.faults += 1;
        if self.faults > FAULTS_MAX {
            let limit = Text::same(FAULTS_MAX.to_string());
            self.interpreter.note(Code::CamtFaults, place, "", &[limit]);
            return Ok(false);
        }
        self.interpreter.damage(code, place, excerpt, details);
        // The reader's own state is of the mark that broke.
        let nothing = Reader::from_reader(XmlText::new(Box::new(io::empty()) as Box<dyn Read>, Letters::of(&[])));
        let mut source = std::mem::replace(&mut self.reader, nothing).into_inner();
        let more = source.skip_to_markup();
        self.reader = reader(source);
        more
    }

    fn note_letters(&mut self) {
        let notices = std::mem::take(&mut self.reader.get_mut().notices);
        for notice in notices {
            match notice {
                Notice::Contradiction { declared, written } => {
                    let place = crate::diagnostic::Place::line(1);
                    let written = [Text::same(written)];
                    self.interpreter.note(Code::CamtEncoding, place, declared, &written);
                }
                Notice::Lost(place) => {
                    self.interpreter.note(Code::EncodingReplaced, place, "", &[]);
                }
            }
        }
    }
}

fn reader(source: Letterwise<'_>) -> Reader<Letterwise<'_>> {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    reader
}

fn take_start(
    interpreter: &mut Interpreter,
    start: &BytesStart<'_>,
    source: &Letterwise<'_>,
    queue: &mut VecDeque<Event>,
) {
    let place = || source.place_before(&start[..]);
    let node = interpreter.start(local(start.name().into_inner()), place, queue);
    let raw = start.attributes_raw();
    if raw.is_empty() {
        return;
    }
    if raw.len() > ATTRIBUTE_BYTES_MAX {
        let limits = [ATTRIBUTES_MAX, ATTRIBUTE_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
        interpreter.damage(Code::CamtAttributes, place(), "", &limits);
        return;
    }
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    for (count, attribute) in attributes.enumerate() {
        if count == ATTRIBUTES_MAX {
            let limits = [ATTRIBUTES_MAX, ATTRIBUTE_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
            interpreter.damage(Code::CamtAttributes, place(), "", &limits);
            return;
        }
        let Ok(attribute) = attribute else {
            interpreter.damage(Code::CamtMarkup, place(), start, &[]);
            return;
        };
        interpreter.attribute(node, attribute.key.as_ref(), &attribute.value, place);
    }
}

/// Without its prefix. Names are short: a search made for long texts takes longer.
fn local(name: &str) -> &str {
    let colon = name.bytes().position(|byte| byte == b':');
    colon.map_or(name, |at| &name[at + 1..])
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    match &**reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

impl Source for Messages<'_> {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        while !self.done && queue.is_empty() {
            let step = self.step(queue)?;
            let cut = match step {
                Step::Cut => true,
                Step::GiveUp => false,
                _ => self.interpreter.depth() > 0,
            };
            let goes_on = match step {
                Step::On => true,
                Step::End | Step::Cut | Step::GiveUp => false,
                Step::TooLarge => {
                    let limit = [Text::same(MARK_BYTES_MAX.to_string())];
                    self.recover(Code::CamtTooLarge, "", &limit)?
                }
                Step::Broken => self.recover(Code::CamtMarkup, "<!", &[])?,
            };
            if !self.reader.get_ref().notices.is_empty() {
                self.note_letters();
            }
            if !goes_on {
                self.done = true;
                let place = self.reader.get_ref().place();
                self.interpreter.finish(cut, place, queue);
            }
        }
        Ok(!self.done || !queue.is_empty())
    }
}
