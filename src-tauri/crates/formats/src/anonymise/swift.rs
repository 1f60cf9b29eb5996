//! Where a SWIFT message says who somebody is: by its tags, as the reader knows them. `:86:` is in [`super::details`].

use std::ops::Range;

use domain::Currency;

use crate::mt::tag::{self, Found, Tag};

use super::{
    details,
    piece::{Manner, Piece},
};

pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut walk = Walk {
        text,
        pieces: Vec::new(),
        russian: false,
    };
    let mut lines = lines(text).into_iter().peekable();
    while let Some(line) = lines.next() {
        let content = &text[line.clone()];
        let Some(found) = tag_at(content) else {
            // Envelopes and ends of messages have nobody's names.
            let frame = tag::is_envelope(content.as_bytes()) || tag::is_end(content.as_bytes());
            if !frame {
                walk.push(line, Manner::Loose);
            }
            continue;
        };
        let start = content.len() - content.trim_start_matches(is_control).len();
        let name = &content[start..start + found.length];
        let value = line.start + start + found.length..line.end;
        let mut field: Vec<Range<usize>> = std::iter::once(value).collect();
        let mut last = line;
        while let Some(next) = lines.next_if(|next| goes_on(found, text, &last, next)) {
            last = next.clone();
            field.push(next);
        }
        walk.field(found.tag, name, &field);
    }
    walk.pieces
}

fn is_control(letter: char) -> bool {
    letter.is_control() || letter == '\u{feff}'
}

/// Without their ends; empty ones too, for the reader joins them to the field around.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for whole in text.split_inclusive(['\n', '\r']) {
        let end = start + whole.trim_end_matches(['\n', '\r']).len();
        if start < end {
            lines.push(start..end);
        }
        start += whole.len();
    }
    lines
}

fn tag_at(line: &str) -> Option<Found> {
    tag::at(line.trim_start_matches(is_control).as_bytes())
}

/// Whether `next` belongs to the field whose line before is `last`.
fn goes_on(found: Found, text: &str, last: &Range<usize>, next: &Range<usize>) -> bool {
    let line = &text[next.clone()];
    let bytes = line.as_bytes();
    if tag::is_envelope(bytes) || tag::is_end(bytes) {
        return false;
    }
    match tag_at(line) {
        None => true,
        Some(new) => found.tag == Tag::Details && !tag::ends_text(new, bytes, text[last.clone()].as_bytes()),
    }
}

struct Walk<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    /// Whether the account is a Russian one, whose texts may be transliterated.
    russian: bool,
}

impl Walk<'_> {
    fn push(&mut self, range: Range<usize>, manner: Manner) {
        if !range.is_empty() {
            self.pieces.push(Piece::plain(range, manner));
        }
    }

    fn field(&mut self, tag: Tag, name: &str, lines: &[Range<usize>]) {
        let Some((first, others)) = lines.split_first() else {
            return;
        };
        let manner = match tag {
            Tag::Account => {
                self.account(first.clone());
                Manner::Reference
            }
            Tag::Entry => return self.entry(first, others),
            Tag::Details => return details::pieces(self.text, lines, self.russian, &mut self.pieces),
            Tag::Unknown if name.starts_with(":5") => {
                self.push(first.clone(), Manner::Name);
                Manner::Name
            }
            Tag::NonSwift | Tag::Unknown => {
                self.push(first.clone(), Manner::Purpose);
                Manner::Purpose
            }
            Tag::Reference
            | Tag::Number
            | Tag::Opening { .. }
            | Tag::Closing { .. }
            | Tag::Available
            | Tag::Floor
            | Tag::Time
            | Tag::Sum { .. }
            | Tag::Ignored => {
                self.push(first.clone(), Manner::Reference);
                Manner::Reference
            }
        };
        for line in others {
            self.push(line.clone(), manner.clone());
        }
    }

    /// Its second line is a text, unless the sum or the bank's reference goes on there.
    fn entry(&mut self, first: &Range<usize>, others: &[Range<usize>]) {
        let wrapped = !self.text[first.clone()].contains(',');
        let references = first.start + references_at(&self.text[first.clone()]);
        self.push(references..first.end, Manner::Reference);
        for (number, line) in others.iter().enumerate() {
            let content = &self.text[line.clone()];
            if number == 0 && wrapped {
                self.push(line.start + references_at(content)..line.end, Manner::Reference);
            } else if number == 0 && content.starts_with("//") {
                self.push(line.clone(), Manner::Reference);
            } else {
                details::pieces(self.text, std::slice::from_ref(line), self.russian, &mut self.pieces);
            }
        }
    }

    /// `044525974/40702810900000000001`, an account alone, with its currency behind it.
    fn account(&mut self, value: Range<usize>) {
        let written = &self.text[value.clone()];
        self.russian = written
            .trim()
            .rsplit('/')
            .any(|part| part.len() == 20 && part.bytes().all(|byte| byte.is_ascii_digit()));
        let (bank, start) = match without_currency(written).rsplit_once('/') {
            Some((bank, _)) => (bank, value.start + bank.len() + 1),
            None => ("", value.start),
        };
        let end = value.start + without_currency(written).len();
        let bik = Some(bank.trim_matches('/').to_owned()).filter(|bank| !bank.is_empty());
        if let Some(bank) = &bik
            && bank.len() > 11
        {
            // Longer than any BIK or BIC: it is somebody's too.
            self.push(value.start..start - 1, Manner::Account { bik: None });
        }
        self.push(start..end, Manner::Account { bik });
    }
}

/// «RUB» behind the number is no part of it.
fn without_currency(account: &str) -> &str {
    let whole = account.trim_end();
    let split = whole.len().checked_sub(3).and_then(|at| whole.split_at_checked(at));
    match split {
        Some((number, letters))
            if number.ends_with(|last: char| last.is_ascii_digit() || matches!(last, ' ' | '/'))
                && letters.bytes().all(|byte| byte.is_ascii_uppercase())
                && Currency::parse(letters).is_ok() =>
        {
            number.trim_end_matches([' ', '/'])
        }
        _ => whole,
    }
}

/// After the days, the sum and the type, whose digits are nobody's.
fn references_at(entry: &str) -> usize {
    let comma = entry.find(',').map_or(entry.len(), |at| at + 1);
    let digits = entry[comma..]
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b' ')
        .count();
    let kind: usize = entry[comma + digits..].chars().take(4).map(char::len_utf8).sum();
    comma + digits + kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_subfields_are_told_apart() {
        let text = ":20:X\r\n:25:044525974/40702810900000000001RUB\r\n:61:2407030703C1,00NTRFX//Y\r\nтекст\r\n\
            :86:166?00GUTSCHRIFT?20EREF?31DE1?32ООО ЛЕС\r\n:86:/NAME/Иван/INN/7701122338\r\n:61:2407030703C1\r\n\
            0,00NTRFX\r\n//Z\r\n-}\r\n";
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
                ("X", Manner::Reference),
                ("//Z", Manner::Purpose),
            ]
        );
    }

    #[test]
    fn the_currency_behind_an_account_is_no_part_of_it() {
        for (written, number) in [
            ("NL91ABNA0417164300EUR", "NL91ABNA0417164300"),
            ("UBRTHUHB/1234ABCDEF002/HUF ", "UBRTHUHB/1234ABCDEF002"),
            ("1291.99.348", "1291.99.348"),
            ("XEUR", "XEUR"),
            ("ю", "ю"),
        ] {
            assert_eq!(without_currency(written), number);
        }
    }
}
