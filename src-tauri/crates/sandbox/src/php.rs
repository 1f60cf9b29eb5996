//! Values as PHP has them: the portal is a PHP program and its arrays leak into its JSON.
//!
//! One ordered map stands for objects and lists alike. Written out, a map whose keys are 0..n-1 is an array and so is
//! an empty one. Read in, JSON, query strings and forms with brackets (`filter[>id]=5&select[]=id`) give the same value.
//! This module knows nothing about CRMs.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Number, Value};

/// How deep brackets and JSON may nest.
pub const DEPTH_MAX: usize = 32;

/// With `arbitrary_precision`, serde_json hands numbers to a visitor as a map with this one key, as text.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

#[derive(Debug, Clone, PartialEq)]
pub enum Php {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    Map(Vec<(String, Php)>),
}

impl Php {
    pub fn empty() -> Self {
        Self::Map(Vec::new())
    }

    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number by its decimal text; the portal writes fractions, and this code base has no floats.
    pub fn decimal(text: &str) -> Self {
        serde_json::from_str::<Number>(text).map_or_else(|_| Self::Text(text.to_owned()), Self::Number)
    }

    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::Map(
            values
                .into_iter()
                .enumerate()
                .map(|(at, value)| (at.to_string(), value))
                .collect(),
        )
    }

    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    pub fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Map(entries) => entries,
            _ => &[],
        }
    }

    pub fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, v)| v)
    }

    /// Legacy methods take `id` and `ID` alike.
    pub fn get_any_case(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(key))
            .map(|(_, value)| value)
    }

    pub fn set(&mut self, key: &str, value: Self) {
        if !self.is_map() {
            *self = Self::empty();
        }
        if let Self::Map(entries) = self {
            match entries.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
    }

    /// The scalar as PHP turns it into text; `None` for maps.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Self::Null | Self::Bool(false) => Some(String::new()),
            Self::Bool(true) => Some("1".to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Map(_) => None,
        }
    }

    pub fn as_int(&self) -> Option<i64> {
        self.as_text()?.trim().parse().ok()
    }

    /// `halt=1`, `"Y"`, `true`, `"true"`.
    pub fn is_yes(&self) -> bool {
        matches!(
            self.as_text().unwrap_or_default().to_ascii_lowercase().as_str(),
            "1" | "y" | "yes" | "true"
        )
    }

    /// The texts of a list, or the one text of a scalar.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Map(entries) => entries.iter().filter_map(|(_, value)| value.as_text()).collect(),
            scalar => scalar.as_text().into_iter().collect(),
        }
    }

    /// Puts a form's value where its name's brackets say.
    pub fn put_named(&mut self, name: &str, value: String) {
        self.put(&bracket_path(name), Self::Text(value));
    }

    /// Puts `value` where `path` says; an empty part appends, as `select[]` does.
    fn put(&mut self, path: &[String], value: Self) {
        let Some((first, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if !self.is_map() {
            *self = Self::empty();
        }
        let Self::Map(entries) = self else { return };
        let key = if first.is_empty() {
            let next = entries
                .iter()
                .filter_map(|(name, _)| name.parse::<i64>().ok())
                .max()
                .map_or(0, |last| last.saturating_add(1));
            next.to_string()
        } else {
            first.clone()
        };
        let at = entries.iter().position(|(name, _)| *name == key).unwrap_or_else(|| {
            entries.push((key, Self::Null));
            entries.len() - 1
        });
        entries[at].1.put(rest, value);
    }
}

/// A query string or a form body, with brackets.
pub fn parse_form(text: &str) -> Php {
    let mut root = Php::empty();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        root.put_named(&decode(key), decode(value));
    }
    root
}

/// `a[b][]` is `a`, `b`, append. What is not closed is part of the name, as in PHP.
fn bracket_path(key: &str) -> Vec<String> {
    let Some((head, mut rest)) = key.split_once('[').filter(|(head, _)| !head.is_empty()) else {
        return vec![key.to_owned()];
    };
    let mut path = vec![head.to_owned()];
    while let Some((part, after)) = rest.split_once(']') {
        if path.len() >= DEPTH_MAX {
            break;
        }
        path.push(part.to_owned());
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => return path,
        }
    }
    path
}

/// Percent-decoding with `+` for a space.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |offset: usize| bytes.get(at + offset).and_then(|byte| char::from(*byte).to_digit(16));
        match (bytes[at], hex(1), hex(2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            (b'+', ..) => {
                decoded.push(b' ');
                at += 1;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// Percent-encoding of everything but what never needs it.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

impl From<Value> for Php {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(yes) => Self::Bool(yes),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(values) => Self::list(values.into_iter().map(Self::from)),
            Value::Object(entries) => Self::map(entries.into_iter().map(|(key, value)| (key, Self::from(value)))),
        }
    }
}

impl Serialize for Php {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(yes) => serializer.serialize_bool(*yes),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Map(entries) => {
                let is_array = entries.iter().enumerate().all(|(at, (key, _))| *key == at.to_string());
                if is_array {
                    let mut array = serializer.serialize_seq(Some(entries.len()))?;
                    for (_, value) in entries {
                        array.serialize_element(value)?;
                    }
                    array.end()
                } else {
                    let mut object = serializer.serialize_map(Some(entries.len()))?;
                    for (key, value) in entries {
                        object.serialize_entry(key, value)?;
                    }
                    object.end()
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Php {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PhpVisitor)
    }
}

struct PhpVisitor;

impl<'de> Visitor<'de> for PhpVisitor {
    type Value = Php;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Php, E> {
        Ok(Php::Null)
    }

    fn visit_none<E>(self) -> Result<Php, E> {
        Ok(Php::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Php, E> {
        Ok(Php::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Php, E> {
        Ok(Php::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Php, E> {
        Ok(Php::Number(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Php, E> {
        Ok(Php::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Php, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = array.next_element()? {
            values.push(value);
        }
        Ok(Php::list(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Php, A::Error> {
        let mut entries: Vec<(String, Php)> = Vec::new();
        while let Some((key, value)) = object.next_entry::<String, Php>()? {
            if key == NUMBER_TOKEN {
                return Ok(Php::decimal(&value.as_text().unwrap_or_default()));
            }
            entries.push((key, value));
        }
        Ok(Php::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Php {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn empty_and_counted_maps_are_written_as_arrays() {
        for (value, text) in [
            (Php::empty(), "[]"),
            (Php::map([("0", Php::text("a")), ("1", Php::text("b"))]), r#"["a","b"]"#),
            (Php::map([("1", Php::text("b"))]), r#"{"1":"b"}"#),
            (Php::map([("1", Php::Null), ("0", Php::Null)]), r#"{"1":null,"0":null}"#),
            (Php::decimal("1500.5"), "1500.5"),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), text);
        }
    }

    #[test]
    fn json_keeps_the_order_of_keys_and_the_text_of_numbers() {
        let value = json(r#"{"z":1,"a":{"x":10.50},"l":[3,"4",null,true]}"#);
        let keys: Vec<&str> = value.entries().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["z", "a", "l"]);
        assert_eq!(value.get("a").unwrap().get("x").unwrap().as_text().unwrap(), "10.50");
        assert_eq!(value.get("l").unwrap().texts(), ["3", "4", "", "1"]);
    }

    #[test]
    fn forms_nest_by_brackets() {
        let form =
            parse_form("filter[%3Eid]=5&select[]=id&select[]=title&filter%5B0%5D%5Blogic%5D=OR&a+b=%D0%B6&x[y=1");
        assert_eq!(
            form,
            Php::map([
                (
                    "filter",
                    Php::map([(">id", Php::text("5")), ("0", Php::map([("logic", Php::text("OR"))])),])
                ),
                ("select", Php::list([Php::text("id"), Php::text("title")])),
                ("a b", Php::text("ж")),
                ("x", Php::text("1")),
            ])
        );
    }
}
