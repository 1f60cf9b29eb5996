//! The list of an archive, and one member after the other.

use std::{
    cell::Cell,
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use domain::Text;
use zip::{CompressionMethod, ZipArchive, result::ZipError};

use crate::{
    diagnostic::Code,
    reading::{Bytes, Event},
};

use super::{
    Limits,
    label::label,
    spool::{Spooled, spool},
    told,
};

/// The record at the end of a zip: so long without its comment, which has 65535 bytes at most (APPNOTE.TXT, 4.3.16).
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 65_535;
/// Beside the record where there are more than 65534 members, or more than 4 GB.
const LOCATOR_BYTES: usize = 20;

/// Why an archive or a member of it is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Damaged,
    TooMany(usize),
    Password,
    Compression,
    TooLarge(u64),
    TotalTooLarge(u64),
    Bomb(u64),
    Nested,
}

impl Refusal {
    pub(super) fn told(self, label: Option<&str>) -> Event {
        let number = |number: u64| vec![Text::same(number.to_string())];
        let (code, details) = match self {
            Self::Damaged => (Code::ArchiveDamaged, Vec::new()),
            Self::TooMany(limit) => (Code::ArchiveMembers, number(limit as u64)),
            Self::Password => (Code::ArchivePassword, Vec::new()),
            Self::Compression => (Code::ArchiveCompression, Vec::new()),
            Self::TooLarge(limit) => (Code::ArchiveTooLarge, number(limit)),
            Self::TotalTooLarge(limit) => (Code::ArchiveTotal, number(limit)),
            Self::Bomb(ratio) => (Code::ArchiveBomb, number(ratio)),
            Self::Nested => (Code::ArchiveNested, Vec::new()),
        };
        told(code, label, &details)
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Member {
    Folder,
    Packed { label: String, index: usize },
    Refused { label: String, refusal: Refusal },
}

impl Member {
    pub(super) fn label(&self) -> &str {
        match self {
            Self::Folder => "",
            Self::Packed { label, .. } | Self::Refused { label, .. } => label,
        }
    }
}

/// Remembers whether it was the source itself that failed.
struct Watched<R> {
    source: R,
    failed: Rc<Cell<bool>>,
}

impl<R> Watched<R> {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
            && error.kind() != io::ErrorKind::InvalidInput
        {
            self.failed.set(true);
        }
        result
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.source.read(buffer);
        self.note(result)
    }
}

impl<R: Seek> Seek for Watched<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        // To before the beginning is the archive's own mistake.
        let result = self.source.seek(to);
        self.note(result)
    }
}

pub(super) struct Members<'a> {
    zip: ZipArchive<Watched<Box<dyn Bytes + 'a>>>,
    failed: Rc<Cell<bool>>,
    next: usize,
    unpacked: u64,
}

impl<'a> Members<'a> {
    pub(super) fn open(mut bytes: Box<dyn Bytes + 'a>, limits: Limits) -> io::Result<Result<Self, Refusal>> {
        match listed(&mut bytes)? {
            Some(listed) if listed > limits.members => return Ok(Err(Refusal::TooMany(limits.members))),
            Some(_) => {}
            None => return Ok(Err(Refusal::Damaged)),
        }
        bytes.rewind()?;
        let failed = Rc::new(Cell::new(false));
        let watched = Watched {
            source: bytes,
            failed: Rc::clone(&failed),
        };
        let zip = match ZipArchive::new(watched) {
            Ok(zip) => zip,
            Err(ZipError::Io(error)) if failed.get() => return Err(error),
            Err(_) => return Ok(Err(Refusal::Damaged)),
        };
        if zip.len() > limits.members {
            return Ok(Err(Refusal::TooMany(limits.members)));
        }
        Ok(Ok(Self {
            zip,
            failed,
            next: 0,
            unpacked: 0,
        }))
    }

    /// In the order of the list.
    pub(super) fn next(&mut self) -> Option<Member> {
        let index = self.next;
        if index == self.zip.len() {
            return None;
        }
        self.next += 1;
        let Ok(member) = self.zip.by_index_raw(index) else {
            return Some(Member::Refused {
                label: "?".to_owned(),
                refusal: Refusal::Damaged,
            });
        };
        if member.is_dir() {
            return Some(Member::Folder);
        }
        let label = label(member.name_raw());
        let known = matches!(
            member.compression(),
            CompressionMethod::Stored | CompressionMethod::Deflated | CompressionMethod::Deflate64
        );
        Some(match (member.encrypted(), known) {
            (true, _) => Member::Refused {
                label,
                refusal: Refusal::Password,
            },
            (false, false) => Member::Refused {
                label,
                refusal: Refusal::Compression,
            },
            (false, true) => Member::Packed { label, index },
        })
    }

    /// By what comes out, not by the sizes that are written.
    pub(super) fn unpack(&mut self, index: usize, limits: Limits) -> io::Result<Result<File, Refusal>> {
        let failed = Rc::clone(&self.failed);
        let left = limits.total_bytes - self.unpacked;
        let member = match self.zip.by_index(index) {
            Ok(member) => member,
            Err(ZipError::Io(error)) if failed.get() => return Err(error),
            Err(_) => return Ok(Err(Refusal::Damaged)),
        };
        let by_ratio = member
            .compressed_size()
            .saturating_mul(limits.ratio)
            .max(limits.ratio_free_bytes);
        let limit = limits.member_bytes.min(left).min(by_ratio);
        Ok(match spool(member, limit, || !failed.get())? {
            Spooled::Whole(file, bytes) => {
                self.unpacked += bytes;
                Ok(file)
            }
            Spooled::Damaged => Err(Refusal::Damaged),
            Spooled::TooLarge if limit == by_ratio => Err(Refusal::Bomb(limits.ratio)),
            Spooled::TooLarge if limit == left => Err(Refusal::TotalTooLarge(limits.total_bytes)),
            Spooled::TooLarge => Err(Refusal::TooLarge(limits.member_bytes)),
        })
    }
}

/// How many members the end of a zip says there are. `None`: it has no such end, or it is of the kind for archives
/// larger than any that is read here.
fn listed(bytes: &mut (impl Read + Seek)) -> io::Result<Option<usize>> {
    let length = bytes.seek(SeekFrom::End(0))?;
    let tail = (END_BYTES + COMMENT_BYTES_MAX + LOCATOR_BYTES) as u64;
    bytes.seek(SeekFrom::Start(length.saturating_sub(tail)))?;
    let mut end = Vec::new();
    bytes.by_ref().take(tail).read_to_end(&mut end)?;
    let Some(at) = end
        .windows(END_BYTES)
        .rposition(|record| record.starts_with(b"PK\x05\x06"))
    else {
        return Ok(None);
    };
    if at >= LOCATOR_BYTES && end[at - LOCATOR_BYTES..].starts_with(b"PK\x06\x07") {
        return Ok(None);
    }
    Ok(Some(usize::from(u16::from_le_bytes([end[at + 10], end[at + 11]]))))
}

/// What makes a zip an Excel workbook.
pub(super) fn holds_workbook(bytes: &mut Box<dyn Bytes + '_>) -> io::Result<bool> {
    if listed(bytes)?.is_none_or(|members| members > super::MEMBERS_MAX) {
        return Ok(false);
    }
    bytes.rewind()?;
    let Ok(zip) = ZipArchive::new(bytes) else {
        return Ok(false);
    };
    Ok(zip.file_names_raw().any(|name| name == b"xl/workbook.xml"))
}
