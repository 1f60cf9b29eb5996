//! `166?00GUTSCHRIFT?20EREF+1?21SVWZ+for this?30bank?31account?32name?33name`, with any of six separators.
//!
//! 00 booking text, 10 batch, 20 to 29 and 60 to 63 purpose, 30 and 31 bank and account of the other side, 32 and 33 its
//! name, 34 a text key, 38 its IBAN (Poland). SEPA payments put keys like `EREF+` into the purpose.

use memchr::memchr_iter;

use super::{Found, reference, separators::Separators};

/// A field of the purpose this long was cut at its width, perhaps inside a word.
const FULL_FIELD_CHARS: usize = 27;

/// Two digits.
pub(super) fn starts_field(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', b'0'..=b'9', ..])
}

/// `purpose` and `name` are empty, and lent for what has to be joined.
pub(super) fn read<'a>(text: &'a str, separator: char, purpose: &'a mut String, name: &'a mut String) -> Found<'a> {
    let mut found = Found::default();
    let (mut booking_text, mut iban, mut first_name, mut second_name) = ("", "", "", "");
    let mut full = false;
    each_field(text, separator, |number, value| match number {
        0 => booking_text = value,
        20..=29 | 60..=63 => {
            join(purpose, value, full);
            full = is_full(value);
        }
        30 => found.bank = value,
        31 => found.account = value,
        32 => first_name = value,
        33 => second_name = value,
        38 => iban = value,
        _ => {}
    });
    found.name = match (first_name, second_name) {
        (only, "") | ("", only) => only,
        (first, second) => {
            name.push_str(first);
            join(name, second, is_full(first));
            name
        }
    };
    if !is_blank(iban) {
        found.account = iban;
    }
    by_keys(purpose, &mut found);
    if is_blank(found.purpose) {
        found.purpose = booking_text;
    }
    found
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

fn is_full(value: &str) -> bool {
    value.len() >= FULL_FIELD_CHARS && (value.is_ascii() || value.chars().count() >= FULL_FIELD_CHARS)
}

/// Without a blank where the bank filled the field before to its width; a key always begins anew.
fn join(to: &mut String, value: &str, full: bool) {
    let begins_key = || value.as_bytes().get(..5).is_some_and(is_key);
    let glued = to.is_empty() || to.ends_with(' ') || value.starts_with(' ') || (full && !begins_key());
    if !glued {
        to.push(' ');
    }
    to.push_str(value);
}

fn is_key(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        b"EREF+"
            | b"KREF+"
            | b"MREF+"
            | b"CRED+"
            | b"DEBT+"
            | b"SVWZ+"
            | b"ABWA+"
            | b"ABWE+"
            | b"IBAN+"
            | b"COAM+"
            | b"OAMT+"
            | b"PURP+"
            | b"RREF+"
    )
}

/// The purpose proper is what `SVWZ+` says, else what stands before the first key, else all of it.
fn by_keys<'a>(text: &'a str, found: &mut Found<'a>) {
    found.purpose = text;
    let bytes = text.as_bytes();
    let mut open: Option<(&[u8], usize)> = None;
    let mut keep = |key: &[u8], value: &'a str| match key {
        b"EREF+" if reference(found.end_to_end).is_none() => found.end_to_end = value,
        b"SVWZ+" => found.purpose = value,
        _ => {}
    };
    for plus in memchr_iter(b'+', bytes) {
        let Some(start) = plus.checked_sub(4) else {
            continue;
        };
        let begins = start == 0 || !bytes[start - 1].is_ascii_alphanumeric();
        if !begins || !is_key(&bytes[start..=plus]) {
            continue;
        }
        match open {
            Some((key, from)) => keep(key, &text[from..start]),
            None if !is_blank(&text[..start]) => keep(b"SVWZ+", &text[..start]),
            None => {}
        }
        open = Some((&bytes[start..=plus], plus + 1));
    }
    if let Some((key, from)) = open {
        keep(key, &text[from..]);
    }
}

/// Number and value of each field. A separator without a number is a letter of the text.
fn each_field<'a>(text: &'a str, separator: char, take: impl FnMut(u8, &'a str)) {
    match u8::try_from(separator) {
        Ok(byte) if byte.is_ascii() => between(text, Separators::of(text, byte), 1, take),
        _ => between(
            text,
            text.match_indices(separator).map(|(at, _)| at),
            separator.len_utf8(),
            take,
        ),
    }
}

/// `separators`: where they stand; `width`: bytes of one.
#[inline]
fn between<'a>(
    text: &'a str,
    separators: impl Iterator<Item = usize>,
    width: usize,
    mut take: impl FnMut(u8, &'a str),
) {
    let mut open: Option<(u8, usize)> = None;
    for at in separators {
        if let [tens @ b'0'..=b'9', units @ b'0'..=b'9', ..] = &text.as_bytes()[at + width..] {
            if let Some((number, from)) = open {
                take(number, &text[from..at]);
            }
            open = Some(((tens - b'0') * 10 + (units - b'0'), at + width + 2));
        }
    }
    if let Some((number, from)) = open {
        take(number, &text[from..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, separator: char) -> [String; 5] {
        let (mut purpose, mut name) = (String::new(), String::new());
        let found = read(text, separator, &mut purpose, &mut name);
        [found.purpose, found.end_to_end, found.name, found.bank, found.account].map(str::to_owned)
    }

    #[test]
    fn fields_are_joined_as_they_were_cut() {
        let text = "166?00GUTSCHRIFT?100399?20EREF+EndToEndId TFNR 22 004?21 00001?22SVWZ+Rechnung 145 und noch e\
                    ?23ine?24145-7?30DEUTDEFF?31DE12?32KARL?33        KAUFMANN?34000";
        assert_eq!(
            all(text, '?'),
            [
                "Rechnung 145 und noch eine 145-7",
                "EndToEndId TFNR 22 004 00001 ",
                "KARL        KAUFMANN",
                "DEUTDEFF",
                "DE12"
            ]
        );
        for separator in ['<', '>', '^', '~', '§'] {
            let text = text.replace('?', &separator.to_string());
            assert_eq!(
                all(&text, separator)[0],
                "Rechnung 145 und noch eine 145-7",
                "{separator}"
            );
        }
    }

    #[test]
    fn a_separator_without_a_number_is_text() {
        assert_eq!(all("020?20WHY? NOT?x?3?21now", '?')[0], "WHY? NOT?x?3 now");
        assert_eq!(all("020?20?", '?')[0], "?");
        assert_eq!(all("020?00ENTGELT", '?')[0], "ENTGELT");
    }

    #[test]
    fn without_a_purpose_key_what_stands_before_the_keys_is_it() {
        assert_eq!(
            all("105?20Miete EREF+NOTPROVIDED?31DE1?38PL2", '?')[..2],
            ["Miete ", "NOTPROVIDED"]
        );
        assert_eq!(all("105?20KREF+EREF+X", '?')[..2], ["KREF+EREF+X", "X"]);
        assert_eq!(all("105?31DE1?38PL2", '?')[4], "PL2");
    }
}
