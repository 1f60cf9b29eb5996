//! The zip around a workbook: where its parts lie, and a part as a stream that owns its source.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take},
};

use flate2::bufread::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::{Broken, damaged, limit};

/// Files in a workbook. A workbook has a few dozen.
pub const PARTS_MAX: usize = 4096;
/// Bytes of the zip's directory, which is read into memory.
pub const DIRECTORY_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The end record of a zip lies within its last bytes: 22 and a comment.
const END_BYTES: u64 = 22 + 65_535;

/// Where a part lies in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    start: u64,
    compressed: u64,
    deflated: bool,
}

pub(super) struct Package {
    parts: BTreeMap<String, Part>,
}

impl Package {
    pub(super) fn open(source: &mut (impl Read + Seek)) -> Result<Self, Broken> {
        check_directory(source)?;
        let mut archive = ZipArchive::new(&mut *source).map_err(|error| match error {
            zip::result::ZipError::Io(error) => error.into(),
            other => Broken::File(damaged(
                "архив, из которого она состоит, испорчен",
                &format!("the archive is damaged: {other}"),
            )),
        })?;
        if archive.len() > PARTS_MAX {
            return Err(Broken::File(limit(
                "в книге слишком много частей",
                "the workbook has too many parts",
            )));
        }
        let mut parts = BTreeMap::new();
        for index in 0..archive.len() {
            let Ok(file) = archive.by_index_raw(index) else {
                continue;
            };
            if file.encrypted() {
                return Err(Broken::File(damaged(
                    "она защищена паролем",
                    "it is protected by a password",
                )));
            }
            let deflated = match file.compression() {
                CompressionMethod::Stored => false,
                CompressionMethod::Deflated => true,
                _ => continue,
            };
            if let (Ok(name), Some(start)) = (file.name(), file.data_start()) {
                let part = Part {
                    start,
                    compressed: file.compressed_size(),
                    deflated,
                };
                parts.insert(name.replace('\\', "/").to_lowercase(), part);
            }
        }
        Ok(Self { parts })
    }

    /// Names are compared without regard to case, as Excel does.
    pub(super) fn part(&self, name: &str) -> Option<Part> {
        self.parts.get(&name.trim_start_matches('/').to_lowercase()).copied()
    }
}

/// Before the directory is read into memory: whether it is of a size a workbook has.
fn check_directory(source: &mut (impl Read + Seek)) -> Result<(), Broken> {
    let length = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(length.saturating_sub(END_BYTES)))?;
    let mut tail = Vec::new();
    source.by_ref().take(END_BYTES).read_to_end(&mut tail)?;
    let number = |at: usize, count: usize| -> Option<u64> {
        let bytes = tail.get(at..at + count)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let Some(at) = tail.windows(4).rposition(|four| four == b"PK\x05\x06") else {
        return Err(Broken::File(damaged(
            "у архива нет конца: файл обрезан",
            "the archive has no end: the file is cut",
        )));
    };
    let (count, bytes) = (number(at + 10, 2).unwrap_or(0), number(at + 12, 4).unwrap_or(0));
    // All ones say that the true numbers stand elsewhere: they do not fit, and no workbook needs that.
    if count > PARTS_MAX as u64 || bytes > DIRECTORY_BYTES_MAX {
        return Err(Broken::File(limit(
            "в книге слишком много частей",
            "the workbook has too many parts",
        )));
    }
    Ok(())
}

/// A part, inflated as it is read, and no further than its limit.
pub(super) struct PartReader<R> {
    inner: Inner<R>,
    left: u64,
}

enum Inner<R> {
    Stored(BufReader<Take<R>>),
    Deflated(BufReader<DeflateDecoder<BufReader<Take<R>>>>),
}

impl<R: Read + Seek> PartReader<R> {
    pub(super) fn new(mut source: R, part: Part, most: u64) -> io::Result<Self> {
        source.seek(SeekFrom::Start(part.start))?;
        let raw = BufReader::new(source.take(part.compressed));
        let inner = if part.deflated {
            Inner::Deflated(BufReader::new(DeflateDecoder::new(raw)))
        } else {
            Inner::Stored(raw)
        };
        Ok(Self { inner, left: most })
    }
}

impl<R: Read> Read for PartReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let count = chunk.len().min(buffer.len());
        buffer[..count].copy_from_slice(&chunk[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for PartReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let chunk = match &mut self.inner {
            Inner::Stored(inner) => inner.fill_buf()?,
            Inner::Deflated(inner) => inner.fill_buf()?,
        };
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        Ok(&chunk[..chunk.len().min(most)])
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        match &mut self.inner {
            Inner::Stored(inner) => inner.consume(count),
            Inner::Deflated(inner) => inner.consume(count),
        }
    }
}

/// Lets no single event of XML, which is held in memory, grow without bound.
pub(super) struct EventBound<R> {
    inner: R,
    most: u64,
    left: u64,
}

impl<R: BufRead> EventBound<R> {
    pub(super) fn new(inner: R, most: u64) -> Self {
        Self {
            inner,
            most,
            left: most,
        }
    }

    /// To be called after every event.
    pub(super) fn renew(&mut self) {
        self.left = self.most;
    }
}

impl<R: BufRead> Read for EventBound<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for EventBound<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.inner.consume(count);
    }
}
