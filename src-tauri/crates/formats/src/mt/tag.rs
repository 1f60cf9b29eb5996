//! What the start of a line means: a field, an envelope, the end of a message, or nothing.
//!
//! A colon or a dash that merely starts a line of text means nothing: banks cut their texts anywhere.

use crate::detect::Format;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// `:20:`
    Reference,
    /// `:25:`, `:25P:`
    Account,
    /// `:28C:`, `:28:`
    Number,
    /// `:60F:`, `:60M:`
    Opening {
        interim: bool,
    },
    /// `:61:`
    Entry,
    /// `:86:`
    Details,
    /// `:NS:`, what German banks used before `:86:` had fields.
    NonSwift,
    /// `:62F:`, `:62M:`
    Closing {
        interim: bool,
    },
    /// `:64:`, `:65:`
    Available,
    /// `:34F:`
    Floor,
    /// `:13D:`
    Time,
    /// `:90C:`, `:90D:`
    Sum {
        credit: bool,
    },
    /// `:21:`, `:12:` and `:940:`: known, and nothing to us.
    Ignored,
    Unknown,
}

/// A tag at the start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) tag: Tag,
    /// Bytes from its first colon to the end of its second.
    pub(crate) length: usize,
    /// Its letter is no Latin one: Russian banks do write `:28С:` with a Cyrillic С.
    pub(crate) foreign_letter: bool,
}

/// `line` starts with the colon.
#[inline]
pub(crate) fn at(line: &[u8]) -> Option<Found> {
    let found = |tag| {
        Some(Found {
            tag,
            length: 4,
            foreign_letter: false,
        })
    };
    // Nearly all of a statement is these two.
    match line {
        [b':', b'6', b'1', b':', ..] => found(Tag::Entry),
        [b':', b'8', b'6', b':', ..] => found(Tag::Details),
        _ => at_other(line),
    }
}

fn at_other(line: &[u8]) -> Option<Found> {
    let found = |tag, length| Found {
        tag,
        length,
        foreign_letter: false,
    };
    if let [b':', b'N', b'S', b':', ..] = line {
        return Some(found(Tag::NonSwift, 4));
    }
    let [b':', tens, units, rest @ ..] = line else {
        return None;
    };
    if !tens.is_ascii_digit() || !units.is_ascii_digit() {
        return None;
    }
    // A letter takes at most two bytes.
    let option_length = rest.iter().take(3).position(|byte| *byte == b':')?;
    let option = &rest[..option_length];
    let length = 3 + option_length + 1;
    if *option == b"0"[..] && matches!(line.get(1..3), Some(b"94")) {
        return Some(found(Tag::Ignored, length));
    }
    let letter = match option {
        [] => None,
        [letter] if letter.is_ascii_alphabetic() => Some(letter.to_ascii_uppercase()),
        [byte, ..] if !byte.is_ascii() => Some(b'?'),
        _ => return None,
    };
    let interim = letter == Some(b'M');
    let tag = match (&[*tens, *units], letter) {
        (b"20", None) => Tag::Reference,
        (b"25", None | Some(b'P')) => Tag::Account,
        (b"28", _) => Tag::Number,
        (b"60", Some(_)) => Tag::Opening { interim },
        (b"62", Some(_)) => Tag::Closing { interim },
        (b"64", None) | (b"65", None | Some(b'F')) => Tag::Available,
        (b"34", Some(b'F')) => Tag::Floor,
        (b"13", _) => Tag::Time,
        (b"90", Some(b'C')) => Tag::Sum { credit: true },
        (b"90", Some(b'D')) => Tag::Sum { credit: false },
        (b"21" | b"12", None) => Tag::Ignored,
        _ => Tag::Unknown,
    };
    Some(Found {
        tag,
        length,
        foreign_letter: letter == Some(b'?'),
    })
}

/// Whether a tag ends a free text that is open: only one that the text itself hardly contains. `line_before` is the
/// text's line before it.
pub(crate) fn ends_text(found: Found, line: &[u8], line_before: &[u8]) -> bool {
    let bare = found.length == 4;
    match found.tag {
        // A second of a time of day: `…T16` / `:12:11`.
        Tag::Ignored | Tag::Unknown if bare => false,
        Tag::Reference | Tag::Account | Tag::Number | Tag::Available if bare => !is_cut_time(line, line_before),
        _ => true,
    }
}

/// `…12-09-2014T16` / `:26:37 Fo…`: a full line that ends with a digit, and two digits after the colon.
fn is_cut_time(line: &[u8], line_before: &[u8]) -> bool {
    const FULL_LINE: usize = 60;
    let value = line.get(4..).unwrap_or_default();
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 2 && line_before.len() >= FULL_LINE && line_before.last().is_some_and(u8::is_ascii_digit)
}

/// `-`, `-}`, `-}{5:...}`, `-XXX`, and what a Swedish printer makes of the brace: `-å`. Controls around it do not count.
pub(crate) fn is_end(line: &[u8]) -> bool {
    let [b'-', rest @ ..] = line else {
        return false;
    };
    match rest {
        [b'}', ..] => true,
        b"XXX" | b"\xC3\xA5" => true,
        _ => rest.iter().all(|byte| *byte <= b' '),
    }
}

/// What an envelope's line says of the message that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{2:O940...`
    Final,
    /// `{2:O942...`
    Interim,
    /// It does not say, or it is a message of another kind.
    Unsaid,
}

/// `{1:`, `{2:`, `{3:`, `{4:`, `{5:` at the start of a line.
pub(crate) fn is_envelope(line: &[u8]) -> bool {
    matches!(line, [b'{', b'1'..=b'5', b':', ..])
}

pub(crate) fn envelope(line: &[u8]) -> Envelope {
    let kind = memchr::memmem::find(line, b"{2:").and_then(|at| line.get(at + 3..at + 7));
    match kind {
        Some([b'O' | b'I', b'9', b'4', b'0']) => Envelope::Final,
        Some([b'O' | b'I', b'9', b'4', b'2']) => Envelope::Interim,
        _ => Envelope::Unsaid,
    }
}

/// By tags at line starts. A balance of MT940 outweighs the marks of MT942, because some banks put both; the envelope
/// outweighs both.
pub(crate) fn detect(text: &str) -> Option<Format> {
    let (mut header, mut balance, mut interim, mut entry) = (false, false, false, false);
    for line in text.split(['\n', '\r']) {
        let line = line
            .trim_start_matches(|letter: char| letter.is_control() || letter == '\u{feff}')
            .as_bytes();
        if is_envelope(line) {
            match envelope(line) {
                Envelope::Final => return Some(Format::Mt940),
                Envelope::Interim => return Some(Format::Mt942),
                Envelope::Unsaid => {}
            }
        }
        let Some(found) = at(line) else {
            continue;
        };
        match found.tag {
            Tag::Opening { .. } | Tag::Closing { .. } => balance = true,
            Tag::Floor | Tag::Time | Tag::Sum { .. } => interim = true,
            Tag::Entry => entry |= line.get(4).is_some_and(u8::is_ascii_digit),
            Tag::Details | Tag::Reference | Tag::Account | Tag::Number | Tag::Available | Tag::NonSwift => {
                header = true
            }
            Tag::Ignored | Tag::Unknown => {}
        }
    }
    if balance {
        Some(Format::Mt940)
    } else if interim {
        Some(Format::Mt942)
    } else {
        (entry || header).then_some(Format::Mt940)
    }
}
