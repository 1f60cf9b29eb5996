//! One file as a stream of events, and the convenience that collects them.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
};

use chrono::NaiveDate;
use domain::{Content, Entry, Proof, Statement, Text};
use serde::Serialize;

use crate::{
    detect::{Detection, Format, PREFIX_BYTES, detect},
    diagnostic::{Code, Diagnostic, Place, Severity},
    encoding::{LineDecoder, TextEncoding, Utf16Reader},
    onec,
};

/// Notes and warnings of one code that are told one by one; the rest are counted. Errors are always told.
pub const REPEATS_MAX: u64 = 100;

/// What the person says of a file beforehand.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Own accounts, for files that name none.
    pub own_accounts: Vec<String>,
    /// Read it as this, whatever it looks like.
    pub format: Option<Format>,
}

/// In the order of the file: what holds for the file as a whole first, then the statements, then entries and
/// diagnostics as they come, then the end of every statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Statement {
        index: usize,
        statement: Statement,
    },
    Entry {
        /// Index of the statement.
        statement: usize,
        entry: Entry,
    },
    End {
        statement: usize,
        proof: Proof,
        days: Vec<(NaiveDate, Proof)>,
    },
    Diagnostic(Diagnostic),
}

/// A file being read. Its format, encoding, content and statements are known; its entries come by iterating.
pub struct Reading<'a> {
    format: Option<Format>,
    encoding: Option<TextEncoding>,
    content: Content,
    statements: Vec<Statement>,
    queue: VecDeque<Event>,
    onec: Option<onec::Entries<Box<dyn BufRead + 'a>>>,
    told: BTreeMap<Code, u64>,
    ended: bool,
}

/// Looks at the whole file once, so that statements are known before the first entry.
///
/// # Errors
/// Only those of the source itself.
pub fn open<'a>(mut source: impl Read + Seek + 'a, options: &Options) -> io::Result<Reading<'a>> {
    let prefix = prefix(&mut source)?;
    let detection = match options.format {
        Some(format) => Detection::forced(format),
        None => detect(&prefix),
    };
    if detection.format != Some(Format::Onec) {
        return Ok(Reading::refused(&detection, &prefix));
    }
    let decoder = LineDecoder::tentative(&prefix);
    let survey = onec::survey(text_of(&mut source, &prefix)?, decoder, &options.own_accounts)?;
    let mut reading = Reading {
        format: Some(Format::Onec),
        encoding: Some(survey.decoder.encoding),
        content: survey.content,
        statements: survey.statements(),
        queue: VecDeque::new(),
        onec: None,
        told: BTreeMap::new(),
        ended: false,
    };
    let text: Box<dyn BufRead + 'a> = text_of(source, &prefix)?;
    reading.onec = Some(onec::Entries::new(text, survey, &mut reading.queue));
    Ok(reading)
}

fn prefix(source: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    source.rewind()?;
    let mut prefix = Vec::new();
    source.by_ref().take(PREFIX_BYTES).read_to_end(&mut prefix)?;
    Ok(prefix)
}

/// From the beginning, after the byte order mark; UTF-16 as UTF-8.
fn text_of<'a>(mut source: impl Read + Seek + 'a, prefix: &[u8]) -> io::Result<Box<dyn BufRead + 'a>> {
    let (encoding, mark) = TextEncoding::of_mark(prefix).unzip();
    source.seek(SeekFrom::Start(mark.map_or(0, |bytes| bytes as u64)))?;
    Ok(match encoding {
        Some(wide @ (TextEncoding::Utf16Le | TextEncoding::Utf16Be)) => {
            Box::new(BufReader::new(Utf16Reader::new(source, wide)))
        }
        _ => Box::new(BufReader::with_capacity(64 * 1024, source)),
    })
}

impl Reading<'_> {
    fn refused(detection: &Detection, prefix: &[u8]) -> Self {
        let statement = Statement {
            account: None,
            content: Content::Statement,
            period: None,
            opening: None,
            closing: None,
            credits: None,
            debits: None,
            days: Vec::new(),
        };
        let queue = VecDeque::from([
            Event::Diagnostic(detection.refusal()),
            Event::Statement {
                index: 0,
                statement: statement.clone(),
            },
            Event::End {
                statement: 0,
                proof: Proof::Silent,
                days: Vec::new(),
            },
        ]);
        Self {
            format: detection.format,
            encoding: detection.is_text().then(|| {
                let legacy = || match std::str::from_utf8(prefix) {
                    Ok(_) => TextEncoding::Utf8,
                    Err(error) if error.error_len().is_none() => TextEncoding::Utf8,
                    Err(_) => TextEncoding::legacy_of(prefix),
                };
                TextEncoding::of_mark(prefix).map_or_else(legacy, |(encoding, _)| encoding)
            }),
            content: Content::Statement,
            statements: vec![statement],
            queue,
            onec: None,
            told: BTreeMap::new(),
            ended: false,
        }
    }

    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.format
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

    /// At least one; a file that does not say whose it is has one without an account.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether this one is told, or only counted.
    fn tells(&mut self, diagnostic: &Diagnostic) -> bool {
        let count = self.told.entry(diagnostic.code).or_default();
        *count += 1;
        diagnostic.severity == Severity::Error || *count <= REPEATS_MAX
    }

    fn untold(&mut self) -> Vec<Diagnostic> {
        let told = std::mem::take(&mut self.told);
        let severe = |code: Code| Diagnostic::new(code, Place::WHOLE_FILE, "", &[]).severity == Severity::Error;
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
            match self.queue.pop_front() {
                Some(Event::Diagnostic(diagnostic)) => {
                    if self.tells(&diagnostic) {
                        return Some(Ok(Event::Diagnostic(diagnostic)));
                    }
                    continue;
                }
                Some(event) => return Some(Ok(event)),
                None => {}
            }
            if self.ended {
                return None;
            }
            let more = match &mut self.onec {
                Some(entries) => entries.advance(&mut self.queue),
                None => Ok(false),
            };
            match more {
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

/// A whole file in memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Collected {
    pub format: Option<Format>,
    pub encoding: Option<TextEncoding>,
    pub content: Content,
    pub statements: Vec<CollectedStatement>,
    /// In the order of the file, those of the whole file first.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectedStatement {
    pub statement: Statement,
    pub entries: Vec<Entry>,
    pub proof: Proof,
    pub days: Vec<(NaiveDate, Proof)>,
}

impl Collected {
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// # Errors
/// Only those of the source itself.
pub fn read_all(source: impl Read + Seek, options: &Options) -> io::Result<Collected> {
    let reading = open(source, options)?;
    let mut collected = Collected {
        format: reading.format(),
        encoding: reading.encoding(),
        content: reading.content(),
        statements: Vec::new(),
        diagnostics: Vec::new(),
    };
    for event in reading {
        match event? {
            Event::Statement { statement, .. } => collected.statements.push(CollectedStatement {
                statement,
                entries: Vec::new(),
                proof: Proof::Silent,
                days: Vec::new(),
            }),
            Event::Entry { statement, entry } => {
                if let Some(of) = collected.statements.get_mut(statement) {
                    of.entries.push(entry);
                }
            }
            Event::End { statement, proof, days } => {
                if let Some(of) = collected.statements.get_mut(statement) {
                    (of.proof, of.days) = (proof, days);
                }
            }
            Event::Diagnostic(diagnostic) => collected.diagnostics.push(diagnostic),
        }
    }
    collected
        .diagnostics
        .sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    Ok(collected)
}
