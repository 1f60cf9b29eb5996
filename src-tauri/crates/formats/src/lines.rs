//! A file as lines of bytes, in bounded memory: CRLF, LF or CR ends a line.

use std::io::{self, Read};

use memchr::memchr2;

/// Longer lines are cut: no statement has such.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineEnd {
    /// Counted from 1.
    pub(crate) number: u64,
    /// The rest of the line was thrown away.
    pub(crate) too_long: bool,
    /// The last line of a file may have no end.
    pub(crate) terminated: bool,
}

/// Read at once; large enough to pass by the buffer of whoever has one below.
const CHUNK_BYTES: usize = 64 * 1024;

pub(crate) struct Lines<R> {
    source: R,
    /// Read and not yet given: `buffer[start..end]`.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    number: u64,
    after_return: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; 2 * CHUNK_BYTES],
            start: 0,
            end: 0,
            number: 0,
            after_return: false,
        }
    }

    /// The next line where it lies, without its end; `None` at the end of the file.
    #[inline]
    pub(crate) fn next(&mut self) -> io::Result<Option<(&[u8], LineEnd)>> {
        if self.after_return && self.start < self.end {
            self.after_return = false;
            self.start += usize::from(self.buffer[self.start] == b'\n');
        }
        let start = self.start;
        let Some(at) = memchr2(b'\n', b'\r', &self.buffer[start..self.end]) else {
            return self.next_over_buffers();
        };
        if at > LINE_BYTES_MAX {
            return self.next_over_buffers();
        }
        let stop = start + at;
        self.after_return = self.buffer[stop] == b'\r';
        self.start = stop + 1;
        let end = self.end_of_line(false, true);
        Ok(Some((&self.buffer[start..stop], end)))
    }

    /// As [`Lines::next`], where the line goes on in what is yet to be read, or is too long.
    #[cold]
    fn next_over_buffers(&mut self) -> io::Result<Option<(&[u8], LineEnd)>> {
        let mut kept = 0;
        let mut too_long = false;
        let terminated = loop {
            let from = self.start + kept;
            if self.after_return && from < self.end {
                self.after_return = false;
                self.start += usize::from(self.buffer[from] == b'\n');
                continue;
            }
            if let Some(at) = memchr2(b'\n', b'\r', &self.buffer[from..self.end]) {
                self.after_return = self.buffer[from + at] == b'\r';
                kept += at;
                break true;
            }
            kept = self.end - self.start;
            if kept > LINE_BYTES_MAX {
                // What is over is thrown away, and its end still looked for.
                too_long = true;
                kept = LINE_BYTES_MAX;
                self.end = self.start + kept;
            }
            if self.fill()? == 0 {
                break false;
            }
        };
        if kept == 0 && !terminated {
            return Ok(None);
        }
        let start = self.start;
        self.start += kept + usize::from(terminated);
        let end = self.end_of_line(too_long || kept > LINE_BYTES_MAX, terminated);
        Ok(Some((&self.buffer[start..start + kept.min(LINE_BYTES_MAX)], end)))
    }

    fn end_of_line(&mut self, too_long: bool, terminated: bool) -> LineEnd {
        self.number += 1;
        LineEnd {
            number: self.number,
            too_long,
            terminated,
        }
    }

    /// Reads on behind what is not given yet; how many bytes came.
    fn fill(&mut self) -> io::Result<usize> {
        if self.buffer.len() - self.end < CHUNK_BYTES {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            if self.buffer.len() - self.end < CHUNK_BYTES {
                self.buffer.resize(self.end + 2 * CHUNK_BYTES, 0);
            }
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(count) => {
                    self.end += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives no more than so many bytes at once.
    struct Sparing<'a>(&'a [u8], usize);

    impl Read for Sparing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = buffer.len().min(self.1);
            self.0.read(&mut buffer[..count])
        }
    }

    fn all(bytes: &[u8], at_once: usize) -> Vec<(Vec<u8>, LineEnd)> {
        let mut lines = Lines::new(Sparing(bytes, at_once));
        let mut all = Vec::new();
        while let Some((line, end)) = lines.next().unwrap() {
            all.push((line.to_vec(), end));
        }
        all
    }

    #[test]
    fn every_line_end_counts_once_at_every_buffer_boundary() {
        for at_once in 1..8 {
            let lines = all(b"a\r\nb\nc\rd\r\n\r\ne", at_once);
            let texts: Vec<&[u8]> = lines.iter().map(|(text, _)| &text[..]).collect();
            assert_eq!(texts, [&b"a"[..], b"b", b"c", b"d", b"", b"e"], "{at_once} at once");
            assert_eq!(
                lines[5].1,
                LineEnd {
                    number: 6,
                    too_long: false,
                    terminated: false
                }
            );
        }
    }

    #[test]
    fn a_line_at_the_limit_is_whole_and_one_past_it_is_cut() {
        let lines = all(
            &[vec![b'x'; LINE_BYTES_MAX], vec![b'\n'], vec![b'x'; LINE_BYTES_MAX + 1]].concat(),
            4096,
        );
        assert_eq!(
            lines.iter().map(|(_, end)| end.too_long).collect::<Vec<_>>(),
            [false, true]
        );
        assert!(lines.iter().all(|(text, _)| text.len() == LINE_BYTES_MAX));
    }

    #[test]
    fn a_line_without_end_is_thrown_away_piece_by_piece() {
        let mut lines = Lines::new(io::repeat(b'x').take(64 * LINE_BYTES_MAX as u64).chain(&b"\nb"[..]));
        let (line, end) = lines.next().unwrap().unwrap();
        assert_eq!((line.len(), end.too_long, end.terminated), (LINE_BYTES_MAX, true, true));
        let (line, end) = lines.next().unwrap().unwrap();
        assert_eq!((line, end.number, end.terminated), (&b"b"[..], 2, false));
        assert!(
            lines.buffer.len() <= LINE_BYTES_MAX + 4 * CHUNK_BYTES,
            "{}",
            lines.buffer.len()
        );
    }
}
