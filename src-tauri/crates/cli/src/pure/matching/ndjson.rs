//! NDJSON, a line at a time: the size of a file is never a problem.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    marker::PhantomData,
    path::Path,
    sync::Arc,
};

use app::Failure;
use domain::Text;
use serde::de::DeserializeOwned;

/// A purpose has 210 characters, and no customer a thousand accounts: a longer line is no record.
pub const LINE_BYTES_MAX: usize = 1024 * 1024;

/// What is asked of the system at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Where a record stands.
pub struct Place {
    pub file: Arc<str>,
    pub line: u64,
}

impl Place {
    pub fn failure(&self, why: &Text) -> Failure {
        let Self { file, line } = self;
        Failure::new(
            "match/malformed",
            Text::new(
                format!("{file}:{line}: запись не понята: {}", why.ru),
                format!("{file}:{line}: the record is not understood: {}", why.en),
            ),
            Text::new(
                "исправьте её: одна запись JSON на строку, суммы текстом с точкой, даты ГГГГ-ММ-ДД",
                "mend it: one JSON record a line, sums as text with a point, dates YYYY-MM-DD",
            ),
        )
    }

    pub fn malformed(&self, why: &Text) -> Fault {
        Fault::Line(self.failure(why))
    }

    pub fn not_json(&self, error: &serde_json::Error) -> Failure {
        self.failure(&Text::same(error.to_string()))
    }
}

/// What a record was lost by.
pub enum Fault {
    /// It is not understood; the next one may be.
    Line(Failure),
    /// The file cannot be read on: nothing follows.
    Source(Failure),
}

/// The records of a file, in its order. Blank lines are passed over, and a byte order mark before the first.
pub struct Records<T> {
    source: BufReader<Box<dyn Read + Send>>,
    file: Arc<str>,
    /// Of a pipe nobody knows.
    bytes: u64,
    /// The last line that was read, counted from 1.
    place: u64,
    line: Vec<u8>,
    ended: bool,
    record: PhantomData<T>,
}

pub fn records<T: DeserializeOwned>(path: &Path) -> Result<Records<T>, Failure> {
    let (source, bytes): (Box<dyn Read + Send>, u64) = if path == Path::new("-") {
        (Box::new(std::io::stdin()), 0)
    } else {
        let file = File::open(path).map_err(|error| app::io_failure(path, &error))?;
        let bytes = file.metadata().map_or(0, |known| known.len());
        (Box::new(file), bytes)
    };
    Ok(Records {
        source: BufReader::with_capacity(BUFFER_BYTES, source),
        file: path.display().to_string().into(),
        bytes,
        place: 0,
        line: Vec::new(),
        ended: false,
        record: PhantomData,
    })
}

impl<T: DeserializeOwned> Records<T> {
    /// The line that was read last, cut short where it is too long.
    pub fn line(&self) -> &[u8] {
        &self.line
    }

    /// About how many records there are, if all are as long as the last one.
    pub fn expected(&self) -> usize {
        let expected = self.bytes / (self.line.len() as u64).max(1);
        usize::try_from(expected).unwrap_or(usize::MAX)
    }

    /// `None`: the line holds no record.
    fn read(&mut self) -> std::io::Result<Option<Result<(Place, T), Fault>>> {
        self.line.clear();
        let limit = LINE_BYTES_MAX as u64 + 1;
        if self.source.by_ref().take(limit).read_until(b'\n', &mut self.line)? == 0 {
            self.ended = true;
            return Ok(None);
        }
        self.place += 1;
        let at = || Place {
            file: Arc::clone(&self.file),
            line: self.place,
        };
        if self.line.len() > LINE_BYTES_MAX {
            skip_line(&mut self.source, &self.line)?;
            let why = Text::new("она длиннее 1 МиБ", "it is longer than 1 MiB");
            return Ok(Some(Err(at().malformed(&why))));
        }
        let line = &self.line;
        let text = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line).trim_ascii();
        if text.is_empty() {
            return Ok(None);
        }
        // Letters are looked at once for the whole line, not once for each word; only a line that is no text is read as
        // bytes, to be told of by its place.
        let record = match std::str::from_utf8(text) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(text),
        };
        Ok(Some(match record {
            Ok(record) => Ok((at(), record)),
            Err(error) => Err(Fault::Line(at().not_json(&error))),
        }))
    }
}

impl<T: DeserializeOwned> Iterator for Records<T> {
    type Item = Result<(Place, T), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.read() {
                Ok(None) => {}
                Ok(record) => return record,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(Fault::Source(app::io_failure(Path::new(&*self.file), &error))));
                }
            }
        }
        None
    }
}

/// The rest of a line that is too long, without keeping it.
fn skip_line(source: &mut impl BufRead, begun: &[u8]) -> std::io::Result<()> {
    if begun.ends_with(b"\n") {
        return Ok(());
    }
    loop {
        let seen = source.fill_buf()?;
        match seen.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                source.consume(at + 1);
                return Ok(());
            }
            None if seen.is_empty() => return Ok(()),
            None => {
                let all = seen.len();
                source.consume(all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn first(bytes: &[u8]) -> Option<Result<u64, String>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let mut found = records::<String>(file.path()).unwrap();
        let first = found.next();
        first.map(|record| {
            record.map(|(at, _)| at.line).map_err(|fault| match fault {
                Fault::Line(failure) | Fault::Source(failure) => failure.message.en,
            })
        })
    }

    #[test]
    fn a_line_has_a_limit() {
        let line = |bytes: usize| format!("\"{}\"\n", "x".repeat(bytes - 3)).into_bytes();
        assert_eq!(first(&line(LINE_BYTES_MAX)), Some(Ok(1)));
        let told = first(&line(LINE_BYTES_MAX + 1)).unwrap().unwrap_err();
        assert!(told.contains(":1:") && told.contains("1 MiB"), "{told}");
    }

    #[test]
    fn the_line_after_one_that_is_too_long_is_read() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "\"{}\"", "x".repeat(3 * LINE_BYTES_MAX)).unwrap();
        write!(file, "\"good\"").unwrap();
        let read: Vec<Option<String>> = records::<String>(file.path())
            .unwrap()
            .map(|record| record.ok().map(|(_, text)| text))
            .collect();
        assert_eq!(read, [None, Some("good".to_owned())]);
    }

    #[test]
    fn blank_lines_and_a_byte_order_mark_are_passed_over() {
        assert_eq!(first("\u{feff}\r\n \n\"x\"".as_bytes()), Some(Ok(3)));
        assert_eq!(first("\u{feff}\"x\"".as_bytes()), Some(Ok(1)));
        assert_eq!(first(b""), None);
    }
}
