//! A zip of statement files. Each member is unpacked into a temporary file without a name and read by the reader of its
//! own format; its statements follow those of the members before.
//!
//! Names of members are labels in what is told, and never paths. An archive inside of an archive is refused, and so is
//! what unpacks to too much: a bomb costs its size limit on the disk and nothing in memory. Whether a zip is a workbook
//! is asked here; how one is read is not known here.

mod label;
mod members;
mod spool;

use std::{
    collections::VecDeque,
    io::{self, Seek, SeekFrom},
};

use domain::{Content, Text};

use crate::{
    detect::{Detection, detect},
    diagnostic::{Code, Diagnostic, Place},
    reading::{
        Bytes, Event, Member as FileInside, Opened, Options, Reading, Source, nothing, open as open_file, prefix,
    },
};

use members::{Member, Members, Refusal};

/// Members of one archive. A year by the day has 366.
pub const MEMBERS_MAX: usize = 1_000;
/// Unpacked bytes of one member.
pub const MEMBER_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Unpacked bytes of all members together.
pub const TOTAL_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// How many times smaller a member may be packed. Statements reach 50, bombs a thousand.
pub const RATIO_MAX: u64 = 200;
/// Up to so many unpacked bytes the ratio does not matter: a short file of blanks packs well.
pub const RATIO_FREE_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug, Clone, Copy)]
struct Limits {
    members: usize,
    member_bytes: u64,
    total_bytes: u64,
    ratio: u64,
    ratio_free_bytes: u64,
}

const LIMITS: Limits = Limits {
    members: MEMBERS_MAX,
    member_bytes: MEMBER_BYTES_MAX,
    total_bytes: TOTAL_BYTES_MAX,
    ratio: RATIO_MAX,
    ratio_free_bytes: RATIO_FREE_BYTES,
};

/// What a reading of an archive knows beforehand: that of its first statement.
pub(crate) struct OpenedArchive<'a> {
    pub(crate) format: Option<crate::Format>,
    pub(crate) opened: Opened<'a>,
}

/// By the list at its end, which has all names: whether a zip is a workbook or an archive.
pub(crate) fn told_apart(detection: Detection, bytes: &mut Box<dyn Bytes + '_>) -> io::Result<Detection> {
    if !detection.is_archive() {
        return Ok(detection);
    }
    let workbook = members::holds_workbook(bytes)?;
    bytes.rewind()?;
    Ok(if workbook { Detection::workbook() } else { detection })
}

pub(crate) fn open<'a>(bytes: Box<dyn Bytes + 'a>, options: &Options) -> io::Result<OpenedArchive<'a>> {
    open_within(bytes, options, LIMITS)
}

fn open_within<'a>(bytes: Box<dyn Bytes + 'a>, options: &Options, limits: Limits) -> io::Result<OpenedArchive<'a>> {
    let mut archive = Archive {
        members: None,
        options: Options {
            file_name: None,
            ..options.clone()
        },
        limits,
        current: None,
        content: None,
        first: 0,
        told: VecDeque::new(),
        done: false,
    };
    match Members::open(bytes, limits)? {
        Ok(members) => archive.members = Some(members),
        Err(refusal) => archive.told.push_back(refusal.told(None)),
    }
    archive.next_statement()?;
    let first = archive.current.as_ref().map(|current| &current.reading);
    let (format, encoding) = first.map_or((None, None), |reading| (reading.format(), reading.encoding()));
    Ok(OpenedArchive {
        format,
        opened: Opened {
            encoding,
            content: archive.content.unwrap_or(Content::Statement),
            remark: None,
            source: Box::new(archive),
        },
    })
}

struct Current {
    label: String,
    reading: Reading<'static>,
    /// Its statements so far.
    statements: usize,
}

struct Archive<'a> {
    members: Option<Members<'a>>,
    options: Options,
    limits: Limits,
    current: Option<Current>,
    /// Of the first member: statements and orders are not mixed, because one of them is booked.
    content: Option<Content>,
    /// Statements of the members before.
    first: usize,
    told: VecDeque<Event>,
    done: bool,
}

impl Archive<'_> {
    /// Opens members until one is a statement, or there are no more.
    fn next_statement(&mut self) -> io::Result<()> {
        while self.current.is_none() {
            let Some(members) = &mut self.members else {
                return Ok(());
            };
            let Some(member) = members.next() else {
                self.members = None;
                return Ok(());
            };
            let label = member.label().to_owned();
            let spooled = match member {
                Member::Folder => continue,
                Member::Refused { refusal, .. } => Err(refusal),
                Member::Packed { index, .. } => members.unpack(index, self.limits)?,
            };
            match spooled {
                Err(Refusal::TotalTooLarge(limit)) => {
                    self.told.push_back(Refusal::TotalTooLarge(limit).told(Some(&label)));
                    self.members = None;
                }
                Err(refusal) => self.told.push_back(refusal.told(Some(&label))),
                Ok(file) => self.begin(label, file)?,
            }
        }
        Ok(())
    }

    fn begin(&mut self, label: String, mut file: std::fs::File) -> io::Result<()> {
        let start = prefix(&mut file)?;
        let detection = detect(&start);
        if detection.is_archive() {
            self.told.push_back(Refusal::Nested.told(Some(&label)));
            return Ok(());
        }
        if self.options.format.is_none() && detection.format.is_none() {
            let code = if label::is_of_the_system(&label) {
                Code::ArchiveSystemFile
            } else {
                Code::ArchiveSkipped
            };
            let why = detection.refusal().message;
            self.told.push_back(told(code, Some(&label), &[why]));
            return Ok(());
        }
        file.seek(SeekFrom::Start(0))?;
        let reading = open_file(file, &self.options)?;
        if *self.content.get_or_insert(reading.content()) != reading.content() {
            self.told.push_back(told(Code::ArchiveMixed, Some(&label), &[]));
            return Ok(());
        }
        self.current = Some(Current {
            label,
            reading,
            statements: 0,
        });
        Ok(())
    }

    fn of_member(&mut self, event: Event) -> Event {
        let Some(current) = &mut self.current else {
            return event;
        };
        match event {
            Event::Statement { index, statement } => {
                current.statements = current.statements.max(index + 1);
                Event::Statement {
                    index: self.first + index,
                    statement,
                }
            }
            Event::Entry { statement, entry } => Event::Entry {
                statement: self.first + statement,
                entry,
            },
            Event::End {
                statement,
                declared,
                proof,
                days,
            } => Event::End {
                statement: self.first + statement,
                declared,
                proof,
                days,
            },
            Event::Diagnostic(mut diagnostic) => {
                diagnostic.statement = diagnostic.statement.map(|statement| self.first + statement);
                diagnostic.part = Some(current.label.clone());
                Event::Diagnostic(diagnostic)
            }
        }
    }
}

impl Source for Archive<'_> {
    fn member(&self) -> Option<FileInside> {
        let current = self.current.as_ref()?;
        Some(FileInside {
            name: current.label.clone(),
            format: current.reading.format(),
            encoding: current.reading.encoding(),
        })
    }

    fn advance(&mut self, queue: &mut VecDeque<Event>) -> io::Result<bool> {
        queue.append(&mut self.told);
        if !queue.is_empty() {
            return Ok(true);
        }
        if let Some(current) = &mut self.current {
            if let Some(event) = current.reading.next() {
                let event = self.of_member(event?);
                queue.push_back(event);
                return Ok(true);
            }
            self.first += current.statements;
            self.current = None;
            self.next_statement()?;
            queue.append(&mut self.told);
            return Ok(true);
        }
        if std::mem::replace(&mut self.done, true) {
            return Ok(false);
        }
        if self.first == 0 {
            queue.push_back(told(Code::ArchiveNothing, None, &[]));
            queue.extend(nothing());
        }
        Ok(true)
    }
}

fn told(code: Code, label: Option<&str>, details: &[Text]) -> Event {
    let mut diagnostic = Diagnostic::new(code, Place::WHOLE_FILE, label.unwrap_or(""), details);
    diagnostic.part = label.map(str::to_owned);
    Event::Diagnostic(diagnostic)
}

#[cfg(test)]
mod tests;
