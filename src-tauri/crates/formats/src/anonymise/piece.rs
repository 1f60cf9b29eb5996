//! A stretch of a file that may say who somebody is, and how it is to be treated. Formats find them, one engine treats them.

use std::{borrow::Cow, ops::Range};

use super::folded;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Manner {
    /// Of a firm or a person, or a place: every word but the legal form.
    Name,
    /// Words of business, sums, dates and rates stay.
    Purpose,
    /// Of no known meaning: as a purpose, and numbers that are nobody's stay.
    Loose,
    /// Of a bank, which everybody knows: only words that are somebody's name elsewhere in the file.
    Bank,
    /// Of a document: only what is somebody's account, tax number or address in it.
    Reference,
    /// `bik` of the bank beside it.
    Account {
        bik: Option<String>,
    },
    Inn,
    Kpp,
    /// A telephone, an e-mail, the address of a site: all of it.
    Contact,
    /// Any other number that is somebody's.
    Identifier,
    /// A day of birth: another day.
    Birth,
}

/// How the text is written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// With `&amp;` and its like.
    Xml,
    /// With `\n` and its like.
    Json,
    /// In lines that were cut inside words. `rur6`: transliterated, in its Latin mode from the start or not.
    Folded {
        rur6: Option<bool>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    pub(super) manner: Manner,
    pub(super) form: Form,
}

impl Piece {
    pub(super) fn plain(range: Range<usize>, manner: Manner) -> Self {
        let form = Form::Plain;
        Self { range, manner, form }
    }
}

impl Form {
    /// Borrowed where the file has no escapes: then each word can be replaced in its place.
    pub(super) fn read(self, written: &str) -> Cow<'_, str> {
        match self {
            Self::Xml if written.contains('&') => Cow::Owned(unescaped_xml(written)),
            Self::Json if written.contains('\\') => Cow::Owned(unescaped_json(written)),
            Self::Folded { rur6 } if rur6.is_some() || written.contains(['\n', '\r']) => {
                Cow::Owned(folded::letters(written, rur6).map(|(_, read)| read).collect())
            }
            _ => Cow::Borrowed(written),
        }
    }

    /// `text` in place of `written`, with the same habits of escaping.
    pub(super) fn write(self, text: &str, written: &str) -> String {
        if let Self::Folded { rur6 } = self {
            return folded::written(text, written, rur6);
        }
        let mut out = String::with_capacity(written.len());
        for character in text.chars() {
            match self {
                Self::Plain | Self::Folded { .. } => out.push(character),
                Self::Xml => write_xml(character, written, &mut out),
                Self::Json => write_json(character, written, &mut out),
            }
        }
        out
    }
}

/// `&#x10FFFF;` and its like are no longer.
const ENTITY_BYTES_MAX: usize = 12;

fn unescaped_xml(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';');
        let reference = end.map(|end| (&rest[1..end], end + 1));
        match reference.and_then(|(name, length)| Some((entity(name)?, length))) {
            Some((character, length)) => {
                text.push(character);
                rest = &rest[length..];
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// Place and length of each reference that XML itself does not know, and of each ampersand that is none.
pub(super) fn foreign_references(written: &str) -> Vec<(usize, usize)> {
    let reference = |at: usize| {
        let name = written[at..].split_once(';')?.0;
        let named = !name[1..].is_empty() && name.len() < ENTITY_BYTES_MAX && !name.contains(char::is_whitespace);
        named.then(|| &name[1..])
    };
    written
        .match_indices('&')
        .filter_map(|(at, _)| match reference(at) {
            Some(name) if entity(name).is_some() => None,
            Some(name) => Some((at, name.len() + 2)),
            None => Some((at, 1)),
        })
        .collect()
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")) {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

fn write_xml(character: char, written: &str, out: &mut String) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' if written.contains("&gt;") => out.push_str("&gt;"),
        '"' if written.contains("&quot;") => out.push_str("&quot;"),
        '\'' if written.contains("&apos;") => out.push_str("&apos;"),
        other if other.is_control() && !written.contains(other) => out.push_str(&format!("&#{};", u32::from(other))),
        other if !other.is_ascii() && written.contains("&#") => out.push_str(&format!("&#{};", u32::from(other))),
        other => out.push(other),
    }
}

fn unescaped_json(written: &str) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        let unescaped = match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('u') => {
                    let digits: String = characters.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xFFFD));
                    continue;
                }
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        units.extend_from_slice(unescaped.encode_utf16(&mut [0; 2]));
    }
    String::from_utf16_lossy(&units)
}

fn write_json(character: char, written: &str, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '/' if written.contains("\\/") => out.push_str("\\/"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other if other.is_control() || (!other.is_ascii() && written.contains("\\u")) => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_and_written_again() {
        for (form, written, text) in [
            (Form::Xml, "ООО &quot;Лес &amp; Дол&quot;", "ООО \"Лес & Дол\""),
            (Form::Xml, "&#1051;&#x435;&#1089; a", "Лес a"),
            (Form::Xml, "a & b &nbsp; &#xZZ;", "a & b &nbsp; &#xZZ;"),
            (Form::Json, r#"ООО \"Лес\"\n\/"#, "ООО \"Лес\"\n/"),
            (Form::Json, r"\u041b\u0435\u0441 \ud83d\ude00", "Лес 😀"),
            (Form::Plain, "a&amp;\\n", "a&amp;\\n"),
        ] {
            assert_eq!(form.read(written), text, "{written}");
            let again = form.write(text, written);
            assert_eq!(form.read(&again), text, "{written} -> {again}");
        }
        assert_eq!(
            Form::Json.write("Лес/😀", r"\u0041\/"),
            r"\u041b\u0435\u0441\/\ud83d\ude00"
        );
        assert_eq!(Form::Xml.write("Лес", "&#1051;"), "&#1051;&#1077;&#1089;");
    }
}
