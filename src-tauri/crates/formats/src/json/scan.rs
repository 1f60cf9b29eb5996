//! Cuts JSON into the elements of its arrays of entries and the frame around them, byte by byte, in bounded memory.
//!
//! It checks no grammar: that is left to the parser each piece is given to.

use std::io::{self, BufRead};

/// Bytes of one entry.
pub const ENTRY_BYTES_MAX: usize = 256 * 1024;
/// Bytes of all that is around the entries.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// How deep brackets may nest.
pub const DEPTH_MAX: usize = 64;
/// Longer strings are no key we look for.
const KEY_BYTES_MAX: usize = 64;
/// Stands in the frame where an array of entries stood; its number follows.
pub(super) const PLACEHOLDER: &str = "\u{1}entries:";

/// Which bank names its entries so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tochka,
    Alfa,
    Tbank,
}

impl Kind {
    fn of_key(key: &[u8]) -> Option<Self> {
        match key {
            b"Transaction" => Some(Self::Tochka),
            b"transactions" => Some(Self::Alfa),
            b"operations" => Some(Self::Tbank),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) kind: Kind,
    /// Which array of entries it is of, counted from 0.
    pub(super) array: usize,
    /// Its first line, counted from 1.
    pub(super) line: u64,
    pub(super) too_large: bool,
    /// The file ends inside of it.
    pub(super) cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bracket {
    close: u8,
    /// An array of entries, of this kind and number.
    entries: Option<(Kind, usize)>,
}

pub(super) struct Scanner<R> {
    source: R,
    line: u64,
    open: Vec<Bracket>,
    in_string: bool,
    escaped: bool,
    string: Vec<u8>,
    /// The string that may turn out to be a key, and the key of the value that comes.
    last: Vec<u8>,
    key: Vec<u8>,
    arrays: usize,
    /// All that is around the entries; `None` where it is not wanted.
    pub(super) frame: Option<Vec<u8>>,
    pub(super) frame_too_large: bool,
    pub(super) too_deep: bool,
}

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(source: R, keep_frame: bool) -> Self {
        Self {
            source,
            line: 1,
            open: Vec::new(),
            in_string: false,
            escaped: false,
            string: Vec::new(),
            last: Vec::new(),
            key: Vec::new(),
            arrays: 0,
            frame: keep_frame.then(Vec::new),
            frame_too_large: false,
            too_deep: false,
        }
    }

    /// The kinds and numbers of arrays are given in the order of the file.
    pub(super) fn arrays(&self) -> usize {
        self.arrays
    }

    /// Brackets that the file leaves open.
    pub(super) fn is_cut(&self) -> bool {
        !self.open.is_empty() || self.in_string
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.source.fill_buf() {
                Ok(chunk) => return Ok(chunk.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, byte: u8) {
        self.source.consume(1);
        self.line += u64::from(byte == b'\n');
    }

    /// The next entry into `element`; `None` at the end of the file, or where it nests too deep.
    pub(super) fn next(&mut self, element: &mut Vec<u8>) -> io::Result<Option<Element>> {
        while let Some(byte) = self.peek()? {
            if let Some(Bracket {
                entries: Some((kind, array)),
                ..
            }) = self.open.last().copied()
            {
                match byte {
                    b']' => {
                        self.take(byte);
                        self.open.pop();
                    }
                    b',' | b' ' | b'\t' | b'\r' | b'\n' => self.take(byte),
                    _ => return self.element(kind, array, element).map(Some),
                }
                continue;
            }
            self.take(byte);
            self.around(byte);
            if self.too_deep {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// A byte that is of no entry.
    fn around(&mut self, byte: u8) {
        if self.in_string {
            self.keep(byte);
            self.within_string(byte);
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.string.clear();
            }
            b':' => self.key = std::mem::take(&mut self.last),
            b',' => self.key.clear(),
            b'{' => self.opened(b'}', None),
            b'[' => {
                let in_object = self.open.last().is_some_and(|bracket| bracket.close == b'}');
                if let Some(kind) = Kind::of_key(&self.key).filter(|_| in_object) {
                    let number = self.arrays;
                    self.arrays += 1;
                    self.opened(b']', Some((kind, number)));
                    // A control character in a string must be escaped.
                    let stands = format!("\"\\u0001{}{number}\"", &PLACEHOLDER[1..]);
                    stands.bytes().for_each(|byte| self.keep(byte));
                    return;
                }
                self.opened(b']', None);
            }
            b'}' | b']' => {
                self.open.pop();
                self.key.clear();
            }
            _ => {}
        }
        self.keep(byte);
    }

    fn within_string(&mut self, byte: u8) {
        if std::mem::take(&mut self.escaped) {
            self.string.truncate(0);
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            std::mem::swap(&mut self.last, &mut self.string);
        } else if self.string.len() < KEY_BYTES_MAX {
            self.string.push(byte);
        }
    }

    fn opened(&mut self, close: u8, entries: Option<(Kind, usize)>) {
        self.key.clear();
        self.open.push(Bracket { close, entries });
        self.too_deep |= self.open.len() > DEPTH_MAX;
    }

    fn keep(&mut self, byte: u8) {
        if let Some(frame) = &mut self.frame {
            if frame.len() < FRAME_BYTES_MAX {
                frame.push(byte);
            } else {
                self.frame_too_large = true;
            }
        }
    }

    fn element(&mut self, kind: Kind, array: usize, bytes: &mut Vec<u8>) -> io::Result<Element> {
        bytes.clear();
        let (line, mut depth, mut in_string, mut escaped) = (self.line, 0_u64, false, false);
        let (mut too_large, mut cut) = (false, true);
        while let Some(byte) = self.peek()? {
            if in_string {
                if std::mem::take(&mut escaped) {
                } else if byte == b'\\' {
                    escaped = true;
                } else if byte == b'"' {
                    in_string = false;
                }
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    // The end of the array ends its last element; the array sees it too.
                    b',' | b']' | b'}' if depth == 0 => {
                        cut = false;
                        // A closing brace here belongs to nothing: it is passed over, or it would be met for ever.
                        if byte == b'}' {
                            self.take(byte);
                        }
                        break;
                    }
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
            }
            self.take(byte);
            if bytes.len() < ENTRY_BYTES_MAX {
                bytes.push(byte);
            } else {
                too_large = true;
            }
        }
        Ok(Element {
            kind,
            array,
            line,
            too_large,
            cut,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::json::plan::whole_part;

    fn scan(text: &str, buffer: usize) -> (Vec<(String, Element)>, String) {
        let mut scanner = Scanner::new(BufReader::with_capacity(buffer, text.as_bytes()), true);
        let (mut all, mut bytes) = (Vec::new(), Vec::new());
        while let Some(element) = scanner.next(&mut bytes).unwrap() {
            all.push((String::from_utf8(bytes.clone()).unwrap(), element));
        }
        let frame = String::from_utf8(scanner.frame.clone().unwrap()).unwrap();
        (all, frame)
    }

    #[test]
    fn entries_are_cut_out_and_the_frame_stays() {
        let text = "{\"a\":\"[]{\\\"\",\n\"operations\" : [ {\"x\":[1,{\"y\":\"]}\\\"\"}]},\n {\"z\":2} ],\"b\":[3]}";
        for buffer in 1..6 {
            let (elements, frame) = scan(text, buffer);
            let texts: Vec<&str> = elements.iter().map(|(text, _)| text.trim()).collect();
            assert_eq!(texts, ["{\"x\":[1,{\"y\":\"]}\\\"\"}]}", "{\"z\":2}"]);
            assert_eq!(
                elements.iter().map(|(_, element)| element.line).collect::<Vec<_>>(),
                [2, 3]
            );
            assert_eq!(
                frame,
                "{\"a\":\"[]{\\\"\",\n\"operations\" : \"\\u0001entries:0\",\"b\":[3]}"
            );
        }
    }

    #[test]
    fn a_cut_file_is_known_as_one() {
        let (elements, frame) = scan("{\"Data\":{\"Statement\":[{\"Transaction\":[{\"a\":1},{\"b\":", 7);
        assert_eq!(
            elements.iter().map(|(_, element)| element.cut).collect::<Vec<_>>(),
            [false, true]
        );
        let whole: serde_json::Value = serde_json::from_str(&whole_part(&frame)).unwrap();
        assert_eq!(whole["Data"]["Statement"][0]["Transaction"], format!("{PLACEHOLDER}0"));
    }

    #[test]
    fn limits_hold_at_the_byte() {
        for (bytes, too_large) in [(ENTRY_BYTES_MAX, false), (ENTRY_BYTES_MAX + 1, true)] {
            let (elements, ..) = scan(&format!("{{\"operations\":[\"{}\",2]}}", "x".repeat(bytes - 2)), 4096);
            assert_eq!(
                elements
                    .iter()
                    .map(|(_, element)| element.too_large)
                    .collect::<Vec<_>>(),
                [too_large, false]
            );
        }
        for (depth, too_deep) in [(DEPTH_MAX, false), (DEPTH_MAX + 1, true)] {
            let text = "[".repeat(depth);
            let mut scanner = Scanner::new(text.as_bytes(), true);
            assert_eq!(scanner.next(&mut Vec::new()).unwrap(), None);
            assert_eq!(scanner.too_deep, too_deep);
        }
        let (_, frame) = scan(&format!("\"{}\"", "x".repeat(FRAME_BYTES_MAX)), 4096);
        assert_eq!(frame.len(), FRAME_BYTES_MAX);
    }

    #[test]
    fn junk_among_entries_does_not_stop_the_scanner() {
        let (elements, ..) = scan("{\"operations\":[}}},{\"a\":1},}],\"b\":1}", 3);
        assert!(elements.iter().any(|(text, _)| text == "{\"a\":1}"));
    }
}
