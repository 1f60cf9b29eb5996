//! What a bank wrote of an entry, field by field, kept beside what was understood of it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Ends a value. A control character of the bank's own is no loss: it becomes a blank.
const END_OF_VALUE: char = '\u{1e}';
const END_OF_KEY: char = '\u{1f}';

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

    fn push_clean(&mut self, text: &str) {
        // Both are ASCII: bytes are looked at, all of them and by the vector, many times faster than letters.
        let ends = |byte: u8| byte == END_OF_KEY as u8 || byte == END_OF_VALUE as u8;
        if text.bytes().fold(false, |found, byte| found | ends(byte)) {
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
    use super::RawFields;

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
}
