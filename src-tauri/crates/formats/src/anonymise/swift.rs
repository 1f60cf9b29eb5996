//! Where a SWIFT message says who somebody is: by its tags, without understanding what is in them.

use std::ops::Range;

use super::piece::{Manner, Piece};

/// What a line without a tag goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Kept,
    Account,
    /// `:61:`; its second line is a text.
    Entry,
    Purpose,
    Party,
}

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open = Open::Kept;
    let mut start = 0;
    for whole in text.split_inclusive(['\n', '\r']) {
        let end = start + whole.trim_end_matches(['\n', '\r']).len();
        let line = start..end;
        start += whole.len();
        let content = &text[line.clone()];
        if content.trim().is_empty() {
            continue;
        }
        // Blocks, the end of a message.
        if content.starts_with('{') || content == "-" || content.starts_with("-}") {
            open = Open::Kept;
            continue;
        }
        let Some(tag) = tag_of(content) else {
            match open {
                Open::Kept | Open::Account => pieces.push(Piece::plain(line, Manner::Loose)),
                Open::Entry | Open::Purpose => subfields(text, line, &mut pieces),
                Open::Party => pieces.push(Piece::plain(line, Manner::Name)),
            }
            continue;
        };
        let value = line.start + tag.len() + 2..line.end;
        open = match tag {
            "25" | "25P" => Open::Account,
            "61" => Open::Entry,
            "86" => Open::Purpose,
            "20" | "21" | "28" | "28C" | "13" | "13D" | "34F" | "60F" | "60M" | "62F" | "62M" | "64" | "65" | "90C"
            | "90D" => Open::Kept,
            _ if tag.starts_with('5') => Open::Party,
            _ => Open::Purpose,
        };
        match open {
            Open::Kept => pieces.push(Piece::plain(value, Manner::Reference)),
            Open::Account => account(text, value, &mut pieces),
            Open::Entry => {
                let references = value.start + references_at(&text[value.clone()]);
                push(references..value.end, &Manner::Reference, &mut pieces);
            }
            Open::Purpose => subfields(text, value, &mut pieces),
            Open::Party => pieces.push(Piece::plain(value, Manner::Name)),
        }
    }
    pieces
}

/// `:25:`, `:60F:` at the start of a line.
fn tag_of(line: &str) -> Option<&str> {
    let (tag, _) = line.strip_prefix(':')?.split_once(':')?;
    let (digits, letter) = tag.split_at_checked(2)?;
    let fits = digits.bytes().all(|byte| byte.is_ascii_digit())
        && letter.len() <= 1
        && letter.bytes().all(|it| it.is_ascii_uppercase());
    fits.then_some(tag)
}

/// After the days, the sum and the type, whose digits are nobody's.
fn references_at(entry: &str) -> usize {
    let comma = entry.find(',').map_or(entry.len(), |at| at + 1);
    let digits = entry[comma..].bytes().take_while(u8::is_ascii_digit).count();
    let kind: usize = entry[comma + digits..].chars().take(4).map(char::len_utf8).sum();
    comma + digits + kind
}

/// `044525974/40702810900000000001`, an account alone, with its currency behind it.
fn account(text: &str, value: Range<usize>, pieces: &mut Vec<Piece>) {
    let written = &text[value.clone()];
    let (bank, start) = match written.rsplit_once('/') {
        Some((bank, _)) => (bank, value.start + bank.len() + 1),
        None => ("", value.start),
    };
    let number = &text[start..value.end];
    // «RUB» behind the number is no part of it.
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number[digits..].trim();
    let is_currency = digits > 0 && rest.len() == 3 && rest.bytes().all(|byte| byte.is_ascii_uppercase());
    let end = if is_currency { start + digits } else { value.end };
    let bik = Some(bank.trim_matches('/').to_owned()).filter(|bank| !bank.is_empty());
    if let Some(bank) = &bik
        && bank.len() > 11
    {
        // Longer than any BIK or BIC: it is somebody's too.
        pieces.push(Piece::plain(value.start..start - 1, Manner::Account { bik: None }));
    }
    pieces.push(Piece::plain(start..end, Manner::Account { bik }));
}

/// A purpose, with the codes of its subfields left alone: `?20`, `/EREF/`, `EREF+`, the three digits before the first.
fn subfields(text: &str, value: Range<usize>, pieces: &mut Vec<Piece>) {
    let written = &text[value.clone()];
    let mut start = 0;
    let mut manner = Manner::Purpose;
    let separator = written.as_bytes().get(3).copied();
    let is_code = written.len() > 3 && written.as_bytes()[..3].iter().all(u8::is_ascii_digit);
    if is_code && separator.is_some_and(|sign| sign.is_ascii_punctuation()) {
        start = 3;
    }
    let mut at = start;
    while at < written.len() {
        let Some((length, next)) = code_at(&written[at..]) else {
            at += written[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        push(value.start + start..value.start + at, &manner, pieces);
        (start, manner) = (at + length, next);
        at = start;
    }
    push(value.start + start..value.end, &manner, pieces);
}

fn push(range: Range<usize>, manner: &Manner, pieces: &mut Vec<Piece>) {
    if !range.is_empty() {
        pieces.push(Piece::plain(range, manner.clone()));
    }
}

/// The length of a subfield's code, and how what follows is treated.
fn code_at(text: &str) -> Option<(usize, Manner)> {
    let bytes = text.as_bytes();
    match bytes {
        [
            b'?' | b'<' | b'>' | b'^' | b'~',
            tens @ b'0'..=b'9',
            ones @ b'0'..=b'9',
            ..,
        ] => Some((
            3,
            match (tens, ones) {
                (b'3', b'0') => Manner::Reference,
                (b'3', b'1') => Manner::Account { bik: None },
                (b'3', b'2' | b'3') => Manner::Name,
                _ => Manner::Purpose,
            },
        )),
        [b'/', ..] => {
            let word = text[1..].bytes().take_while(u8::is_ascii_uppercase).count();
            let ends = bytes.get(word + 1) == Some(&b'/');
            if !(2..=8).contains(&word) || !ends {
                return None;
            }
            let manner = match &text[1..=word] {
                "NAME" | "ORDP" | "BENM" | "CNTP" | "ADDR" | "ULTC" | "ULTD" => Manner::Name,
                "INN" => Manner::Inn,
                "KPP" => Manner::Kpp,
                "IBAN" | "ACC" | "ACCT" | "ACCW" => Manner::Account { bik: None },
                "BIC" | "BIK" | "EREF" | "TRCD" | "ISDT" | "OCMT" | "EXCH" | "CHGS" => Manner::Reference,
                _ => Manner::Purpose,
            };
            Some((word + 2, manner))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_subfields_are_told_apart() {
        let text = ":20:X\r\n:25:044525974/40702810900000000001RUB\r\n:61:2407030703C1,00NTRFX//Y\r\nтекст\r\n\
            :86:166?00GUTSCHRIFT?20EREF?31DE1?32ООО ЛЕС\r\n/NAME/Иван/INN/7701122338\r\n-}\r\n";
        let found: Vec<(&str, Manner)> = pieces(text)
            .into_iter()
            .map(|piece| (&text[piece.range], piece.manner))
            .collect();
        let account = |bik: Option<&str>| Manner::Account {
            bik: bik.map(str::to_owned),
        };
        assert_eq!(
            found,
            [
                ("X", Manner::Reference),
                ("40702810900000000001", account(Some("044525974"))),
                ("X//Y", Manner::Reference),
                ("текст", Manner::Purpose),
                ("GUTSCHRIFT", Manner::Purpose),
                ("EREF", Manner::Purpose),
                ("DE1", account(None)),
                ("ООО ЛЕС", Manner::Name),
                ("Иван", Manner::Name),
                ("7701122338", Manner::Inn),
            ]
        );
    }
}
