//! One file as a stream of events.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use chrono::NaiveDate;
use domain::{Content, Entry, Proof, Statement, Text};
use serde::Serialize;

use crate::{
    archive, camt,
    detect::{Detection, Format, PREFIX_BYTES, detect},
    diagnostic::{Code, Diagnostic, Place, Severity},
    encoding::{TextEncoding, Utf16Reader},
    json, mt, onec,
    table::{self, TableProfile},
};

/// Notes and warnings of one code that are told one by one; the rest are counted. Errors are always told.
pub const REPEATS_MAX: u64 = 100;
/// What is read of a file at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// What the person says of a file beforehand.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Own accounts, for files that name none.
    pub own_accounts: Vec<String>,
    /// Read it as this, whatever it looks like.
    pub format: Option<Format>,
    /// What a person has said of tables; one is used where its header is the file's.
    pub profiles: Vec<TableProfile>,
    /// How the file is called, where it has a name: an extension that contradicts the bytes is told. The bytes decide.
    pub file_name: Option<String>,
}

/// In the order of the file. Of a statement: its beginning, its entries and what was noticed, its end. Statements do not
/// overlap in formats that write one after the other; in a 1C file all begin before the first entry, and end after the
/// last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Statement {
        /// Counted from 0 through the file.
        index: usize,
        /// As far as it is known here: its account always, its balances where the format puts them first.
        statement: Statement,
    },
    Entry {
        /// Index of the statement.
        statement: usize,
        entry: Entry,
    },
    End {
        statement: usize,
        /// All that the file declares of it.
        declared: Statement,
        proof: Proof,
        days: Vec<(NaiveDate, Proof)>,
    },
    Diagnostic(Diagnostic),
}

impl Event {
    /// The statement it is of; a diagnostic is of the one whose event follows it.
    #[must_use]
    pub fn statement(&self) -> Option<usize> {
        match self {
            Self::Statement { index, .. } => Some(*index),
            Self::Entry { statement, .. } | Self::End { statement, .. } => Some(*statement),
            Self::Diagnostic(_) => None,
        }
    }
}

/// A file inside of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// A label, and never a path.
    pub name: String,
    pub format: Option<Format>,
    pub encoding: Option<TextEncoding>,
}

/// Where bytes come from.
pub(crate) trait Bytes: Read + Seek {}
impl<T: Read + Seek> Bytes for T {}

/// A format being read.
pub(crate) trait Source {
    /// Reads on until there is something to tell, and puts it into `queue`. `false` at the end.
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool>;

    /// The file inside of an archive that the last event is of.
    fn member(&self) -> Option<Member> {
        None
    }
}

/// What a format's reader knows before its first event.
pub(crate) struct Opened<'a> {
    pub(crate) encoding: Option<TextEncoding>,
    pub(crate) content: Content,
    /// Of the letters of the whole file.
    pub(crate) remark: Option<Diagnostic>,
    pub(crate) source: Box<dyn Source + 'a>,
}

/// A file being read. Its format, encoding and content are known; the rest comes by iterating.
pub struct Reading<'a> {
    format: Option<Format>,
    detected: Text,
    encoding: Option<TextEncoding>,
    content: Content,
    source: Box<dyn Source + 'a>,
    queue: VecDeque<Event>,
    told: BTreeMap<Code, u64>,
    ended: bool,
}

/// # Errors
/// Only those of the source itself.
pub fn open<'a>(source: impl Read + Seek + 'a, options: &Options) -> io::Result<Reading<'a>> {
    let mut bytes: Box<dyn Bytes + 'a> = Box::new(source);
    let prefix = prefix(&mut bytes)?;
    let detection = archive::told_apart(detect(&prefix), &mut bytes)?;
    let (detection, format, opened) = if detection.is_archive() {
        // A format that a person names is that of the files inside.
        let archive = archive::open(bytes, options)?;
        (detection, archive.format, archive.opened)
    } else {
        let detection = options.format.map_or_else(
            || detection.or_known_table(&prefix, &options.profiles),
            Detection::forced,
        );
        let opened = match detection.format {
            Some(Format::Onec) => onec::open(bytes, &prefix, options)?,
            Some(Format::Mt940 | Format::Mt942) => mt::open(bytes, &prefix, options)?,
            Some(Format::Camt) => camt::open(bytes, &prefix, options)?,
            Some(Format::Json) => json::open(bytes, &prefix, options)?,
            Some(format @ (Format::Csv | Format::Xlsx)) => table::open(format, bytes, &prefix, options)?,
            None => refused(&detection, &prefix),
        };
        let format = detection.format;
        (detection, format, opened)
    };
    let mut queue = VecDeque::new();
    if format.is_none() && !detection.is_archive() {
        // What a file is comes before what its name promised.
        queue.push_back(Event::Diagnostic(detection.refusal()));
    }
    let misnamed = options.file_name.as_deref().and_then(|name| detection.misnamed(name));
    queue.extend(misnamed.into_iter().chain(opened.remark).map(Event::Diagnostic));
    Ok(Reading {
        format,
        detected: detection.reason,
        encoding: opened.encoding,
        content: opened.content,
        source: opened.source,
        queue,
        told: BTreeMap::new(),
        ended: false,
    })
}

pub(crate) fn prefix(source: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    source.rewind()?;
    let mut prefix = Vec::new();
    source.by_ref().take(PREFIX_BYTES).read_to_end(&mut prefix)?;
    Ok(prefix)
}

/// From the beginning, after the byte order mark; UTF-16 as UTF-8.
pub(crate) fn text_of<'a>(mut source: impl Read + Seek + 'a, prefix: &[u8]) -> io::Result<Box<dyn BufRead + 'a>> {
    let (encoding, mark) = TextEncoding::of_mark(prefix).unzip();
    source.seek(SeekFrom::Start(mark.map_or(0, |bytes| bytes as u64)))?;
    Ok(match encoding {
        Some(wide @ (TextEncoding::Utf16Le | TextEncoding::Utf16Be)) => {
            Box::new(BufReader::new(Utf16Reader::new(source, wide)))
        }
        _ => Box::new(BufReader::with_capacity(BUFFER_BYTES, source)),
    })
}

/// A file that is no statement still gives one, with nothing in it but the reason.
fn refused(detection: &Detection, prefix: &[u8]) -> Opened<'static> {
    let legacy = || match std::str::from_utf8(prefix) {
        Ok(_) => TextEncoding::Utf8,
        Err(error) if error.error_len().is_none() => TextEncoding::Utf8,
        Err(_) => TextEncoding::legacy_of(prefix),
    };
    let encoding = || TextEncoding::of_mark(prefix).map_or_else(legacy, |(encoding, _)| encoding);
    Opened {
        encoding: detection.is_text().then(encoding),
        content: Content::Statement,
        remark: None,
        source: Box::new(Refused::because(Vec::new())),
    }
}

/// The one statement of a file that has none.
pub(crate) fn nothing() -> [Event; 2] {
    let statement = Statement::of(None, Content::Statement);
    [
        Event::Statement {
            index: 0,
            statement: statement.clone(),
        },
        Event::End {
            statement: 0,
            declared: statement,
            proof: Proof::Silent,
            days: Vec::new(),
        },
    ]
}

/// A file of which nothing is read: why, and a statement with nothing in it.
pub(crate) struct Refused(Option<Vec<Diagnostic>>);

impl Refused {
    pub(crate) fn because(why: Vec<Diagnostic>) -> Self {
        Self(Some(why))
    }
}

impl Source for Refused {
    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        let Some(why) = self.0.take() else {
            return Ok(false);
        };
        queue.extend(why.into_iter().map(Event::Diagnostic));
        queue.extend(nothing());
        Ok(true)
    }
}

impl Reading<'_> {
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// By what the format was told, or what the file is instead.
    #[must_use]
    pub fn detected(&self) -> &Text {
        &self.detected
    }

    /// `None`: not a text.
    #[must_use]
    pub fn encoding(&self) -> Option<TextEncoding> {
        self.encoding
    }

    #[must_use]
    pub fn content(&self) -> Content {
        self.content
    }

    /// The file inside of an archive that the last event is of, in its own format and encoding.
    #[must_use]
    pub fn member(&self) -> Option<Member> {
        self.source.member()
    }

    /// Whether this one is told, or only counted.
    fn tells(&mut self, diagnostic: &Diagnostic) -> bool {
        let count = self.told.entry(diagnostic.code).or_default();
        *count += 1;
        diagnostic.severity == Severity::Error || *count <= REPEATS_MAX
    }

    fn untold(&mut self) -> Vec<Diagnostic> {
        let told = std::mem::take(&mut self.told);
        let severe = |code: Code| code.severity() == Severity::Error;
        told.into_iter()
            .filter(|(code, count)| *count > REPEATS_MAX && !severe(*code))
            .map(|(code, count)| {
                let details = [Text::same((count - REPEATS_MAX).to_string()), Text::same(code.as_str())];
                Diagnostic::new(Code::FormatRepeated, Place::WHOLE_FILE, "", &details)
            })
            .collect()
    }
}

impl Iterator for Reading<'_> {
    type Item = io::Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Events are large: what is no diagnostic goes out in one move.
            if !matches!(self.queue.front(), Some(Event::Diagnostic(_)))
                && let Some(event) = self.queue.pop_front()
            {
                return Some(Ok(event));
            }
            if let Some(Event::Diagnostic(diagnostic)) = self.queue.pop_front() {
                if self.tells(&diagnostic) {
                    return Some(Ok(Event::Diagnostic(diagnostic)));
                }
                continue;
            }
            if self.ended {
                return None;
            }
            match self.source.advance(&mut self.queue) {
                Ok(true) => {}
                Ok(false) => {
                    self.ended = true;
                    let untold = self.untold();
                    self.queue.extend(untold.into_iter().map(Event::Diagnostic));
                }
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
    }
}
