//! A file as lines of bytes, in bounded memory: CRLF, LF or CR ends a line.

use std::io::{self, BufRead};

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

pub(crate) struct Lines<R> {
    source: R,
    number: u64,
    after_return: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            number: 0,
            after_return: false,
        }
    }

    /// The next line into `line`, without its end; `None` at the end of the file.
    pub(crate) fn read(&mut self, line: &mut Vec<u8>) -> io::Result<Option<LineEnd>> {
        line.clear();
        let mut too_long = false;
        let mut seen = false;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(seen.then(|| self.end(too_long, false)));
            }
            if std::mem::take(&mut self.after_return) && chunk[0] == b'\n' {
                self.source.consume(1);
                continue;
            }
            let stop = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = &chunk[..stop.unwrap_or(chunk.len())];
            let room = LINE_BYTES_MAX - line.len();
            too_long |= piece.len() > room;
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            seen = true;
            let Some(stop) = stop else {
                let count = chunk.len();
                self.source.consume(count);
                continue;
            };
            self.after_return = chunk[stop] == b'\r';
            self.source.consume(stop + 1);
            return Ok(Some(self.end(too_long, true)));
        }
    }

    fn end(&mut self, too_long: bool, terminated: bool) -> LineEnd {
        self.number += 1;
        LineEnd {
            number: self.number,
            too_long,
            terminated,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn all(bytes: &[u8], buffer: usize) -> Vec<(Vec<u8>, LineEnd)> {
        let mut lines = Lines::new(BufReader::with_capacity(buffer, bytes));
        let mut line = Vec::new();
        let mut all = Vec::new();
        while let Some(end) = lines.read(&mut line).unwrap() {
            all.push((line.clone(), end));
        }
        all
    }

    #[test]
    fn every_line_end_counts_once_at_every_buffer_boundary() {
        for buffer in 1..8 {
            let lines = all(b"a\r\nb\nc\rd\r\n\r\ne", buffer);
            let texts: Vec<&[u8]> = lines.iter().map(|(text, _)| &text[..]).collect();
            assert_eq!(texts, [&b"a"[..], b"b", b"c", b"d", b"", b"e"], "buffer {buffer}");
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
}
