//! One section of a file: its fields in the file's order, found by their key, with their places.

use std::ops::Range;

use domain::{RawFields, RawKey, Text};

use crate::diagnostic::{Code, Diagnostic, Place};

use super::field::{Field, Keyword};

/// Fields of one section; the format has 64 keys.
pub const BLOCK_FIELDS_MAX: usize = 512;
/// Bytes of the keys and values of one section, as they stand in the file.
pub const BLOCK_BYTES_MAX: usize = 2 * 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    Account,
    Document,
}

impl BlockKind {
    pub(super) fn end(self) -> Keyword {
        match self {
            Self::Account => Keyword::AccountEnd,
            Self::Document => Keyword::DocumentEnd,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    Whole,
    /// The file ended inside it.
    Cut,
    /// Over a limit; already reported.
    TooLarge,
}

/// Where a field stands: what a diagnostic needs is reckoned only when there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) line: u64,
    /// Characters of the line before the value that are not the key: blanks, a quotation mark, the `=`.
    pub(super) around: usize,
}

impl Spot {
    /// Of the value after `key`.
    pub(super) fn place(self, key: &str) -> Place {
        let column = key.chars().count() + self.around + 1;
        Place {
            line: self.line,
            column: u64::try_from(column).unwrap_or(u64::MAX),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    /// `None`: not a key of the format.
    field: Option<Field>,
    value: Range<usize>,
    spot: Spot,
}

/// An account section or a document. Its room is used again for the next one.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// What follows `СекцияДокумент=`.
    pub(crate) title: String,
    /// Its first line.
    pub(crate) line: u64,
    pub(crate) condition: Condition,
    raw: RawFields,
    pairs: Vec<Pair>,
    /// Of each field, one more than its place among the pairs: the last that is not empty, else the last; 0 for none.
    at: [u16; Field::COUNT],
    repeated: bool,
    unknown: bool,
    /// The last field was passed over: what continues it is passed over, too.
    skipped: bool,
    fields: usize,
    bytes: usize,
}

/// One field of a block, as the bank wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'a> {
    block: &'a Block,
    index: usize,
    pub(crate) text: &'a str,
}

impl Value<'_> {
    /// Where the value starts.
    pub(crate) fn place(&self) -> Place {
        self.block.place(self.index)
    }
}

impl Block {
    pub(super) fn empty() -> Self {
        Self {
            kind: BlockKind::Document,
            title: String::new(),
            line: 0,
            condition: Condition::Whole,
            raw: RawFields::default(),
            pairs: Vec::new(),
            at: [0; Field::COUNT],
            repeated: false,
            unknown: false,
            skipped: false,
            fields: 0,
            bytes: 0,
        }
    }

    pub(super) fn restart(&mut self, kind: BlockKind, title: &str, line: u64) {
        self.kind = kind;
        self.title.clear();
        self.title.push_str(title);
        self.line = line;
        self.condition = Condition::Whole;
        self.raw.clear();
        self.pairs.clear();
        self.at = [0; Field::COUNT];
        (self.repeated, self.unknown, self.skipped) = (false, false, false);
        (self.fields, self.bytes) = (0, 0);
    }

    /// The last value that is not empty; an empty one where the key is there at all.
    pub(crate) fn get(&self, field: Field) -> Option<Value<'_>> {
        let index = usize::from(self.at[field as usize]).checked_sub(1)?;
        let text = self.raw.at(self.pairs.get(index)?.value.clone());
        Some(Value {
            block: self,
            index,
            text,
        })
    }

    /// As [`Block::get`], where it says something.
    pub(crate) fn filled(&self, field: Field) -> Option<Value<'_>> {
        self.get(field).filter(|value| !value.text.is_empty())
    }

    /// As [`Block::get`], trimmed; empty where there is none.
    pub(crate) fn text(&self, field: Field) -> &str {
        self.get(field).map_or("", |value| value.text)
    }

    pub(crate) fn raw(&self) -> &RawFields {
        &self.raw
    }

    pub(crate) fn last_field(&self) -> Option<Field> {
        self.pairs.last().and_then(|pair| pair.field)
    }

    /// The keys that are not the format's, as written.
    pub(crate) fn unknown_keys(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = if self.unknown { self.pairs.as_slice() } else { &[] };
        let of_pairs = pairs.iter().zip(self.raw.iter());
        of_pairs
            .filter(|(pair, _)| pair.field.is_none())
            .map(|(_, field)| field)
    }

    /// Every field that stands there a second time: where, and its key as written.
    pub(crate) fn repetitions(&self) -> impl Iterator<Item = (Place, &str)> {
        let pairs = if self.repeated { self.pairs.as_slice() } else { &[] };
        let mut seen = [false; Field::COUNT];
        let again = pairs
            .iter()
            .zip(self.raw.iter())
            .enumerate()
            .filter(move |(_, (pair, _))| {
                pair.field
                    .is_some_and(|field| std::mem::replace(&mut seen[field as usize], true))
            });
        again.map(|(index, (_, (key, _)))| (self.place(index), key))
    }

    fn place(&self, index: usize) -> Place {
        let key = self.raw.iter().nth(index).map_or("", |(key, _)| key);
        self.pairs
            .get(index)
            .map_or(Place::line(self.line), |pair| pair.spot.place(key))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// `bytes` are those of the file.
    pub(super) fn push(
        &mut self,
        (field, key): (Option<Field>, &RawKey),
        value: &str,
        spot: Spot,
        bytes: usize,
        findings: &mut Vec<Diagnostic>,
    ) {
        if !self.has_room(bytes, || spot.place(key.text()), findings) {
            return;
        }
        if let Some(field) = field {
            let at = &mut self.at[field as usize];
            self.repeated |= *at != 0;
            let speaks = |index: u16| {
                let earlier = usize::from(index)
                    .checked_sub(1)
                    .and_then(|index| self.pairs.get(index));
                earlier.is_some_and(|pair| !pair.value.is_empty())
            };
            if !value.is_empty() || !speaks(*at) {
                *at = u16::try_from(self.pairs.len() + 1).unwrap_or(u16::MAX);
            }
        }
        self.unknown |= field.is_none();
        self.skipped = false;
        let value = self.raw.push_under(key, value);
        self.pairs.push(Pair { field, value, spot });
    }

    /// A field nobody will ask for: it only counts against the limits.
    pub(super) fn skip(&mut self, spot: Spot, bytes: usize, findings: &mut Vec<Diagnostic>) {
        self.skipped = true;
        self.has_room(bytes, || Place::line(spot.line), findings);
    }

    pub(super) fn extend_last(&mut self, text: &str, findings: &mut Vec<Diagnostic>) {
        let line = self.line;
        if !self.has_room(text.len() + 1, || Place::line(line), findings) {
            return;
        }
        // A line of a value is no field of its own.
        self.fields -= 1;
        if self.skipped {
            return;
        }
        let index = u16::try_from(self.pairs.len()).unwrap_or(u16::MAX);
        if let Some(last) = self.pairs.last_mut()
            && let Some(end) = self.raw.extend_last(text)
        {
            last.value.end = end;
            if let Some(field) = last.field {
                self.at[field as usize] = index;
            }
        }
    }

    fn has_room(&mut self, bytes: usize, place: impl FnOnce() -> Place, findings: &mut Vec<Diagnostic>) -> bool {
        if self.condition != Condition::Whole {
            return false;
        }
        self.fields += 1;
        self.bytes += bytes;
        if self.fields <= BLOCK_FIELDS_MAX && self.bytes <= BLOCK_BYTES_MAX {
            return true;
        }
        self.condition = Condition::TooLarge;
        let limits = [BLOCK_FIELDS_MAX, BLOCK_BYTES_MAX].map(|limit| Text::same(limit.to_string()));
        findings.push(Diagnostic::new(Code::OnecDocumentTooLarge, place(), "", &limits));
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(fields: &[(Option<Field>, &str, &str)]) -> Block {
        let mut block = Block::empty();
        block.restart(BlockKind::Document, "", 1);
        for (line, (field, key, value)) in (2..).zip(fields) {
            let spot = Spot { line, around: 1 };
            block.push((*field, &RawKey::new(key)), value, spot, 0, &mut Vec::new());
        }
        block
    }

    #[test]
    fn the_last_value_that_says_something_is_the_fields() {
        let mut block = block(&[
            (Some(Field::Number), "Номер", "1"),
            (Some(Field::Number), "номер", ""),
            (None, "Поле", "x"),
            (Some(Field::Date), "Дата", ""),
            (Some(Field::Purpose), "НазначениеПлатежа", "а"),
            (Some(Field::Purpose), "НазначениеПлатежа", ""),
        ]);
        assert_eq!(block.text(Field::Number), "1");
        assert!(block.filled(Field::Date).is_none() && block.get(Field::Date).is_some());
        assert!(block.get(Field::Amount).is_none());
        assert_eq!(block.get(Field::Number).unwrap().place(), Place { line: 2, column: 7 });
        assert_eq!(block.unknown_keys().collect::<Vec<_>>(), [("Поле", "x")]);
        let repeated: Vec<_> = block.repetitions().map(|(place, key)| (place.line, key)).collect();
        assert_eq!(repeated, [(3, "номер"), (7, "НазначениеПлатежа")]);
        // The last value was empty until its second line came.
        block.extend_last("б", &mut Vec::new());
        assert_eq!(block.text(Field::Purpose), "б");
    }
}
