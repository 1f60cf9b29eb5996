//! What a bank wrote of an entry, field by field, kept beside what was understood of it.

use std::ops::Range;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Ends a value. A control character of the bank's own is no loss: it becomes a blank.
const END_OF_VALUE: char = '\u{1e}';
const END_OF_KEY: char = '\u{1f}';

/// A key that many entries have, cleaned and ended once for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawKey(String);

impl RawKey {
    #[must_use]
    pub fn new(key: &str) -> Self {
        let mut fields = RawFields::default();
        fields.push_clean(key);
        fields.0.push(END_OF_KEY);
        Self(fields.0)
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.0.strip_suffix(END_OF_KEY).unwrap_or(&self.0)
    }
}

/// Whether any byte is one of the two ends, many at a time: there hardly ever is one, and a file has millions of fields.
fn has_end(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES << 7;
    // The two differ in their last bit.
    let is_end = |byte: &u8| byte | 1 == 0x1f;
    // Without a branch, so that the compiler makes vectors of it.
    let in_block = |block: &[u8; 32]| block.iter().fold(0, |found, byte| found | u8::from(is_end(byte))) != 0;
    let in_eight = |eight: &[u8; 8]| {
        let zero_where_end = (u64::from_ne_bytes(*eight) | ONES) ^ (ONES * 0x1f);
        zero_where_end.wrapping_sub(ONES) & !zero_where_end & HIGH != 0
    };
    let (blocks, rest) = bytes.as_chunks::<32>();
    // What a long text leaves over is looked at together with what was looked at already.
    if let Some(last) = bytes.last_chunk() {
        return blocks.iter().any(in_block) || in_block(last);
    }
    let (eights, rest) = rest.as_chunks::<8>();
    eights.iter().any(in_eight) || rest.iter().any(is_end)
}

/// Keys and values in the file's order. One string holds them all, because an entry has dozens and a file millions.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct RawFields(String);

impl RawFields {
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub fn push(&mut self, key: &str, value: &str) {
        self.push_clean(key);
        self.0.push(END_OF_KEY);
        self.push_clean(value);
        self.0.push(END_OF_VALUE);
    }

    /// As [`RawFields::push`], with a key made ready before. Gives the place of the value, for [`RawFields::at`].
    pub fn push_under(&mut self, key: &RawKey, value: &str) -> Range<usize> {
        self.0.push_str(&key.0);
        let start = self.0.len();
        self.push_clean(value);
        let end = self.0.len();
        self.0.push(END_OF_VALUE);
        start..end
    }

    /// Joins `text` to the last value with a blank, and gives the place where that value ends now; `None` where there
    /// is no value yet.
    pub fn extend_last(&mut self, text: &str) -> Option<usize> {
        self.0.pop()?;
        if !self.0.ends_with(END_OF_KEY) {
            self.0.push(' ');
        }
        self.push_clean(text);
        let end = self.0.len();
        self.0.push(END_OF_VALUE);
        Some(end)
    }

    /// What stands at a place that [`RawFields::push`] gave; empty for any other.
    #[must_use]
    pub fn at(&self, place: Range<usize>) -> &str {
        self.0.get(place).unwrap_or("")
    }

    /// Forgets the fields and keeps the room.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn push_clean(&mut self, text: &str) {
        if has_end(text.as_bytes()) {
            self.0.push_str(&text.replace([END_OF_KEY, END_OF_VALUE], " "));
        } else {
            self.0.push_str(text);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .split_terminator(END_OF_VALUE)
            .filter_map(|field| field.split_once(END_OF_KEY))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for RawFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FromIterator<(K, V)> for RawFields {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        let mut raw = Self::default();
        for (key, value) in fields {
            raw.push(key.as_ref(), value.as_ref());
        }
        raw
    }
}

/// As a list of pairs.
impl Serialize for RawFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for RawFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> de::Visitor<'de> for Fields {
            type Value = RawFields;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of pairs of a key and a value")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut pairs: A) -> Result<RawFields, A::Error> {
                let mut raw = RawFields::default();
                while let Some((key, value)) = pairs.next_element::<(String, String)>()? {
                    raw.push(&key, &value);
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_seq(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::{RawFields, RawKey};

    #[test]
    fn fields_come_back_as_they_were_in_their_order() {
        let fields = [("Номер", "12"), ("", ""), ("Назначение", "a=b\nc"), ("Номер", "13")];
        let raw: RawFields = fields.into_iter().collect();
        assert_eq!(raw.iter().collect::<Vec<_>>(), fields);
        assert_eq!(raw.len(), 4);
        let json = serde_json::to_string(&raw).unwrap();
        assert_eq!(
            json,
            r#"[["Номер","12"],["",""],["Назначение","a=b\nc"],["Номер","13"]]"#
        );
        assert_eq!(serde_json::from_str::<RawFields>(&json).unwrap(), raw);
        let odd: RawFields = [("a\u{1f}", "b\u{1e}c")].into_iter().collect();
        assert_eq!(odd.iter().collect::<Vec<_>>(), [("a ", "b c")]);
        assert!(RawFields::default().is_empty());
    }

    #[test]
    fn an_end_inside_a_value_becomes_a_blank_wherever_it_stands() {
        for length in 1..80 {
            for at in 0..length {
                for end in ["\u{1e}", "\u{1f}"] {
                    let mut written = "a".repeat(length);
                    written.replace_range(at..=at, end);
                    let raw: RawFields = [("k", &written)].into_iter().collect();
                    let meant = written.replace(end, " ");
                    assert_eq!(raw.iter().collect::<Vec<_>>(), [("k", meant.as_str())]);
                }
            }
        }
        let others: String = ('\u{0}'..'\u{180}')
            .filter(|it| !matches!(it, '\u{1e}' | '\u{1f}'))
            .collect();
        let raw: RawFields = [("k", &others)].into_iter().collect();
        assert_eq!(raw.iter().next(), Some(("k", others.as_str())));
    }

    #[test]
    fn values_are_found_at_their_places_and_grow() {
        let mut raw = RawFields::default();
        assert_eq!(raw.extend_last("x"), None);
        let number = raw.push_under(&RawKey::new("Номер"), "12");
        let purpose = raw.push_under(&RawKey::new("Назначение"), "");
        assert_eq!((raw.at(number.clone()), raw.at(purpose.clone())), ("12", ""));
        let end = raw.extend_last("за лес").unwrap();
        assert_eq!(raw.at(purpose.start..end), "за лес");
        let end = raw.extend_last("и\u{1f}дрова").unwrap();
        assert_eq!((raw.at(number), raw.at(purpose.start..end)), ("12", "за лес и дрова"));
        assert_eq!(raw.iter().last(), Some(("Назначение", "за лес и дрова")));
        assert_eq!(RawKey::new("a\u{1f}b").text(), "a b");
        raw.clear();
        assert_eq!((raw.len(), raw.at(0..1)), (0, ""));
    }
}
