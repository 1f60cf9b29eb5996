//! Names of keys and sections as bytes of one file, so that a line is recognised before it is decoded.
//!
//! The canonical names are there from the start, in UTF-8 and in the file's one-byte encoding; a bank's own spelling is
//! learnt when it is first met.

use domain::RawKey;
use memchr::memchr;
use rustc_hash::FxHashMap;

use crate::encoding::TextEncoding;

use super::field::{Field, Keyword, Name};

/// Spellings learnt of one file; whoever writes more of them is read at the slower pace.
const LEARNT_MAX: usize = 256;
/// Bytes of a spelling that is worth learning.
const LEARNT_BYTES_MAX: usize = 128;

/// Which of the encodings a line may be in it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Or plain ASCII, which says nothing.
    Utf8,
    Legacy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) name: Name,
    pub(super) spelling: Spelling,
    /// As written.
    pub(super) key: RawKey,
}

#[derive(Debug)]
struct Entry {
    known: Known,
    /// As it stands in the file.
    bytes: Box<[u8]>,
    /// Which entry came after it last time: a bank writes the keys of every document in one order.
    next: u32,
}

#[derive(Debug)]
pub(super) struct Names {
    entries: Vec<Entry>,
    table: FxHashMap<Box<[u8]>, u32>,
    room: usize,
    /// The entry that was met last.
    last: u32,
}

impl Names {
    /// `legacy` is what lines are in that are no UTF-8; `utf8` whether there are lines that are.
    pub(super) fn new(legacy: TextEncoding, utf8: bool) -> Self {
        let fields = Field::ALL.iter().map(|field| (field.name(), Name::Field(*field)));
        let keywords = Keyword::ALL
            .iter()
            .map(|keyword| (keyword.name(), Name::Keyword(*keyword)));
        let mut names = Self {
            entries: Vec::new(),
            table: FxHashMap::default(),
            room: LEARNT_MAX,
            last: 0,
        };
        for (text, name) in fields.chain(keywords) {
            let known = |spelling| Known {
                name,
                spelling,
                key: RawKey::new(text),
            };
            if utf8 || text.is_ascii() {
                names.add(text.as_bytes(), known(Spelling::Utf8));
            }
            if !text.is_ascii() {
                let (bytes, _, lossy) = legacy.single_byte().encode(text);
                if !lossy {
                    names.add(&bytes, known(Spelling::Legacy));
                }
            }
        }
        names
    }

    fn add(&mut self, bytes: &[u8], known: Known) {
        let index = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.table.insert(bytes.into(), index);
        self.entries.push(Entry {
            known,
            bytes: bytes.into(),
            next: 0,
        });
    }

    /// What stands before the `=` of a line, if it is known, and what stands behind it.
    #[inline]
    pub(super) fn split<'a>(&mut self, line: &'a [u8]) -> Option<(&Known, &'a [u8])> {
        let guess = self.entries.get(self.last as usize)?.next;
        let key = &self.entries.get(guess as usize)?.bytes;
        // No key holds a `=`, so the first one of the line ends its key.
        let (index, value) = match line.split_at_checked(key.len()) {
            Some((written, [b'=', value @ ..])) if same(written, key) => (guess, value),
            _ => {
                let equals = memchr(b'=', line)?;
                let index = *self.table.get(&line[..equals])?;
                self.entries.get_mut(self.last as usize)?.next = index;
                (index, &line[equals + 1..])
            }
        };
        self.last = index;
        Some((&self.entries.get(index as usize)?.known, value))
    }

    pub(super) fn get(&self, bytes: &[u8]) -> Option<&Known> {
        let index = *self.table.get(bytes)?;
        self.entries.get(index as usize).map(|entry| &entry.known)
    }

    pub(super) fn learn(&mut self, bytes: &[u8], known: Known) {
        if self.room > 0 && bytes.len() <= LEARNT_BYTES_MAX && !bytes.contains(&b'=') {
            self.room -= 1;
            self.add(bytes, known);
        }
    }
}

/// As `==` of slices of one length, without a call: keys are short.
fn same(one: &[u8], other: &[u8]) -> bool {
    let (ones, rest) = one.as_chunks::<8>();
    let (others, other_rest) = other.as_chunks::<8>();
    let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
    ones.iter().zip(others).all(|(one, other)| word(one) == word(other))
        && rest.iter().zip(other_rest).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known_in_both_encodings() {
        for legacy in [TextEncoding::Windows1251, TextEncoding::Ibm866, TextEncoding::Koi8R] {
            let names = Names::new(legacy, true);
            for field in Field::ALL {
                let bytes = legacy.single_byte().encode(field.name()).0;
                let known = names.get(&bytes).unwrap();
                assert_eq!((known.name, known.spelling), (Name::Field(*field), Spelling::Legacy));
                assert_eq!(names.get(field.name().as_bytes()).unwrap().spelling, Spelling::Utf8);
            }
        }
        assert!(
            Names::new(TextEncoding::Windows1251, false)
                .get("Сумма".as_bytes())
                .is_none()
        );
    }

    #[test]
    fn a_line_is_split_whatever_came_before_it() {
        let mut names = Names::new(TextEncoding::Windows1251, true);
        let bytes = |text: &str| text.as_bytes().to_vec();
        for _ in 0..3 {
            for (line, expected) in [
                ("Номер=1=2", Some((Name::Field(Field::Number), "1=2"))),
                ("Номер1=2", None),
                ("Дата=", Some((Name::Field(Field::Date), ""))),
                ("ДатаСписано=x", Some((Name::Field(Field::Debited), "x"))),
                ("Дата", None),
                ("", None),
                ("=", None),
            ] {
                let line = bytes(line);
                let split = names.split(&line);
                let split = split.map(|(known, value)| (known.name, std::str::from_utf8(value).unwrap()));
                assert_eq!(split, expected);
            }
        }
    }

    #[test]
    fn only_so_many_spellings_are_learnt() {
        let mut names = Names::new(TextEncoding::Windows1251, false);
        let known = || Known {
            name: Name::Unknown,
            spelling: Spelling::Utf8,
            key: RawKey::new("x"),
        };
        names.learn(&[b'x'; LEARNT_BYTES_MAX + 1], known());
        assert!(names.get(&[b'x'; LEARNT_BYTES_MAX + 1]).is_none());
        for at in 0..=LEARNT_MAX {
            names.learn(format!("k{at}").as_bytes(), known());
        }
        assert!(names.get(format!("k{}", LEARNT_MAX - 1).as_bytes()).is_some());
        assert!(names.get(format!("k{LEARNT_MAX}").as_bytes()).is_none());
    }
}
