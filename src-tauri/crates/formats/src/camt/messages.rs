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
    errors::SyntaxError,
    events::{BytesStart, Event as Mark},
};

use crate::{
    diagnostic::Code,
    reading::{Event, Source},
};

use super::{
    interpreter::Interpreter,
    letters::Letters,
    open_elements::DEPTH_MAX,
    text::{Notice, XmlText},
};

/// Bytes of one mark: a tag with its attributes, a comment, a text between two tags.
pub const MARK_BYTES_MAX: usize = 1024 * 1024;
/// Attributes of one element. Messages have three at the root and one at a sum.
pub const ATTRIBUTES_MAX: usize = 64;
/// Bytes of the attributes of one element.
pub const ATTRIBUTE_BYTES_MAX: usize = 16 * 1024;
/// U+FEFF: a mark of the byte order at the beginning of a file, a letter that is not seen anywhere else.
const ZERO_WIDTH: &str = "\u{feff}";
const BANG: &str = "<!";
/// The last one in small letters too.
const BANG_OPENINGS: [&str; 3] = ["<!--", "<![CDATA[", "<!DOCTYPE"];
/// Broken marks, after which a file is no XML.
pub const FAULTS_MAX: u32 = 1_000;

/// Any source: a read of it is of a whole buffer, so that its type costs nothing.
type Letterwise<'a> = XmlText<Box<dyn Read + 'a>>;

pub(super) struct Messages<'a> {
    text: Letterwise<'a>,
    /// Of a mark that does not lie whole in the buffer of the text.
    mark: Vec<u8>,
    interpreter: Interpreter,
    faults: u32,
    done: bool,
}

/// What came of a mark.
enum Step {
    On,
    /// The next mark does not lie whole in the buffer, or is none.
    Beyond,
    End,
    /// The file ends inside of a mark.
    Cut,
    /// More than [`MARK_BYTES_MAX`].
    TooLarge,
    /// Not XML here, but what begins like this.
    Broken(&'static str),
    /// Nothing more can be read.
    GiveUp,
}

impl<'a> Messages<'a> {
    /// `source` stands after the byte order mark.
    pub(super) fn new(source: Box<dyn Read + 'a>, letters: Letters, own: Option<String>) -> Self {
        Self {
            text: XmlText::new(source, letters),
            mark: Vec::new(),
            interpreter: Interpreter::new(own),
            faults: 0,
            done: false,
        }
    }

    /// Takes marks where they lie in the buffer, until there is something to tell: nearly all of a file's lie whole in
    /// it.
    fn in_place(&mut self, queue: &mut VecDeque<Event>) -> Step {
        let Self { text, interpreter, .. } = self;
        let mut step = Step::Beyond;
        // A reader drops it at its beginning, which is not where a text begins.
        while text.buffered().starts_with(ZERO_WIDTH) {
            interpreter.text(ZERO_WIDTH, || text.place());
            text.pass(ZERO_WIDTH.len());
            step = Step::On;
        }
        let mut marks = reader(text.buffered().as_bytes());
        loop {
            let before = marks.get_ref().len();
            let mark = marks.read_event();
            let left = marks.get_ref().len();
            let mark = match mark {
                // It may go on in what is not yet read.
                Ok(Mark::Text(_)) if left == 0 => return step,
                Ok(Mark::Eof) | Err(_) => return step,
                Ok(mark) => mark,
            };
            text.pass(before - left);
            step = take(mark, interpreter, text, queue);
            if !matches!(step, Step::On) || !queue.is_empty() || text.has_notice() {
                return step;
            }
        }
    }

    /// Takes one mark, wherever it ends.
    fn step(&mut self, queue: &mut VecDeque<Event>) -> io::Result<Step> {
        if self.is_stray_bang()? {
            self.text.pass(BANG.len());
            return Ok(Step::Broken(BANG));
        }
        let Self {
            text,
            mark: buffer,
            interpreter,
            ..
        } = self;
        buffer.clear();
        text.allow(MARK_BYTES_MAX);
        let mark = reader(&mut *text).read_event_into(buffer);
        match mark {
            Ok(mark) => Ok(take(mark, interpreter, text, queue)),
            Err(Error::Io(_)) if text.was_exhausted() => Ok(Step::TooLarge),
            Err(Error::Io(error)) => Err(io::Error::new(error.kind(), error)),
            // It has no end, or, as `<?>` has, one too early.
            Err(Error::Syntax(_)) if text.is_over()? => Ok(Step::Cut),
            Err(Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl)) => Ok(Step::Broken("<?")),
            Err(_) => Ok(Step::Broken(BANG)),
        }
    }

    /// Whether a `<!` stands here that opens nothing. The reader goes by the letter behind it, and would look for the end
    /// of a `CDATA` or a comment through all of the file.
    fn is_stray_bang(&mut self) -> io::Result<bool> {
        loop {
            let there = self.text.buffered().as_bytes();
            let may_be = |opening: &str| {
                let both = there.len().min(opening.len());
                let (there, opening) = (&there[..both], &opening.as_bytes()[..both]);
                there == opening || opening.starts_with(b"<!D") && there.eq_ignore_ascii_case(opening)
            };
            if !may_be(BANG) {
                return Ok(false);
            }
            if !BANG_OPENINGS.into_iter().any(may_be) {
                return Ok(true);
            }
            let told = BANG_OPENINGS.iter().all(|opening| there.len() >= opening.len());
            if told || !self.text.top_up()? {
                return Ok(false);
            }
        }
    }

    /// Goes on at the next mark. `false`: there is none, or there were too many faults.
    fn recover(&mut self, code: Code, excerpt: &str, details: &[Text]) -> io::Result<bool> {
        let place = self.text.place();
        self.faults += 1;
        if self.faults > FAULTS_MAX {
            let limit = Text::same(FAULTS_MAX.to_string());
            self.interpreter.note(Code::CamtFaults, place, "", &[limit]);
            return Ok(false);
        }
        self.interpreter.damage(code, place, excerpt, details);
        self.text.skip_to_markup()
    }

    fn note_letters(&mut self) {
        while let Some(notice) = self.text.notice() {
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

/// One that stands between two marks: all that it has to know of those before.
fn reader<R>(source: R) -> Reader<R> {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// `text` stands behind the mark.
fn take(mark: Mark<'_>, interpreter: &mut Interpreter, text: &Letterwise<'_>, queue: &mut VecDeque<Event>) -> Step {
    match mark {
        Mark::Start(start) => return take_start(interpreter, &start, text, queue),
        Mark::Empty(start) => {
            let step = take_start(interpreter, &start, text, queue);
            if !matches!(step, Step::On) {
                return step;
            }
            let name = start.name().into_inner();
            interpreter.end(local(name), || text.place_before(name), queue);
        }
        Mark::End(end) => interpreter.end(local(end.name().into_inner()), || text.place_before(&end), queue),
        Mark::Text(piece) => interpreter.text(&piece, || text.place_before(&piece)),
        Mark::CData(piece) => interpreter.text(&piece, || text.place_before(&piece)),
        Mark::GeneralRef(reference) => {
            let place = || text.place_before(&reference);
            match character(&reference) {
                Some(character) => interpreter.text(character.encode_utf8(&mut [0; 4]), place),
                None => {
                    let written = format!("&{};", &*reference);
                    interpreter.note(Code::CamtEntity, place(), &written, &[]);
                    interpreter.text(&written, place);
                }
            }
        }
        Mark::DocType(doctype) => interpreter.doctype(|| text.place_before(&doctype)),
        Mark::Eof => return Step::End,
        Mark::Decl(_) => interpreter.declaration(),
        Mark::Comment(_) | Mark::PI(_) => {}
    }
    Step::On
}

fn take_start(
    interpreter: &mut Interpreter,
    start: &BytesStart<'_>,
    source: &Letterwise<'_>,
    queue: &mut VecDeque<Event>,
) -> Step {
    let place = || source.place_before(&start[..]);
    if interpreter.depth() == DEPTH_MAX {
        let limit = Text::same(DEPTH_MAX.to_string());
        interpreter.damage(Code::CamtTooDeep, place(), "", &[limit]);
        return Step::GiveUp;
    }
    let node = interpreter.start(local(start.name().into_inner()), place, queue);
    let raw = start.attributes_raw();
    if raw.is_empty() {
        return Step::On;
    }
    if raw.len() > ATTRIBUTE_BYTES_MAX {
        let limits = [ATTRIBUTES_MAX, ATTRIBUTE_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
        interpreter.damage(Code::CamtAttributes, place(), "", &limits);
        return Step::On;
    }
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    for (count, attribute) in attributes.enumerate() {
        if count == ATTRIBUTES_MAX {
            let limits = [ATTRIBUTES_MAX, ATTRIBUTE_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
            interpreter.damage(Code::CamtAttributes, place(), "", &limits);
            return Step::On;
        }
        let Ok(attribute) = attribute else {
            interpreter.damage(Code::CamtMarkup, place(), start, &[]);
            return Step::On;
        };
        interpreter.attribute(node, attribute.key.as_ref(), &attribute.value, place);
    }
    Step::On
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
            let mut step = self.in_place(queue);
            if matches!(step, Step::Beyond) && self.text.top_up()? {
                step = self.in_place(queue);
            }
            if matches!(step, Step::Beyond) {
                step = self.step(queue)?;
            }
            let cut = match step {
                Step::Cut => true,
                Step::GiveUp => false,
                _ => self.interpreter.depth() > 0,
            };
            let goes_on = match step {
                Step::On | Step::Beyond => true,
                Step::End | Step::Cut | Step::GiveUp => false,
                Step::TooLarge => {
                    let limit = [Text::same(MARK_BYTES_MAX.to_string())];
                    self.recover(Code::CamtTooLarge, "", &limit)?
                }
                Step::Broken(begin) => self.recover(Code::CamtMarkup, begin, &[])?,
            };
            if self.text.has_notice() {
                self.note_letters();
            }
            if !goes_on {
                self.done = true;
                let place = self.text.place();
                self.interpreter.finish(cut, place, queue);
            }
        }
        Ok(!self.done || !queue.is_empty())
    }
}
