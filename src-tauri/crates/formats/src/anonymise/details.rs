//! Where `:86:` says who somebody is, in the dialects the reader knows. Banks cut its lines at the width of the field,
//! inside words and codes, so the lines are joined as the reader joins them before anything is looked for.

use std::ops::Range;

use crate::mt::{DetailsKey, details_key_at, is_full_line, numbered_separator, transliteration};

use super::piece::{Form, Manner, Piece};

/// Lines joined, and where each began in the file.
struct Joined {
    text: String,
    /// In the joined text, in the file.
    starts: Vec<(usize, usize)>,
}

impl Joined {
    fn of(text: &str, lines: &[Range<usize>], numbered: bool) -> Self {
        let mut joined = Self {
            text: String::new(),
            starts: Vec::new(),
        };
        let mut full = true;
        for line in lines {
            let content = &text[line.clone()];
            if !(numbered || full) {
                joined.text.push('\n');
            }
            joined.starts.push((joined.text.len(), line.start));
            joined.text.push_str(content);
            full = is_full_line(content);
        }
        joined
    }

    /// Of a stretch that is not empty.
    fn in_file(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize, shift: usize| {
            let line = self.starts.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            self.starts
                .get(line)
                .map_or(0, |(joined, file)| file + (at - joined) + shift)
        };
        place(range.start, 0)..place(range.end - 1, 1)
    }
}

/// `lines` of the field, without its tag.
pub(super) fn pieces(text: &str, lines: &[Range<usize>], russian: bool, pieces: &mut Vec<Piece>) {
    let first = lines.first().map_or("", |line| &text[line.clone()]);
    let separator = numbered_separator(first.trim_start());
    let joined = Joined::of(text, lines, separator.is_some());
    let transliterated = russian && transliteration::is_marked(joined.text.trim_ascii_end());
    let mut latin = false;
    let mut counted = 0;
    for (stretch, manner) in subfields(&joined.text, separator) {
        let mut start = stretch.start;
        let mut manner = manner;
        // Where the reader puts a blank, a word ends.
        for line in joined.text[stretch.clone()].split_inclusive('\n') {
            let end = start + line.trim_end_matches('\n').len();
            if start < end {
                let quotes = joined.text[counted..start].matches('\'').count();
                latin ^= quotes % 2 == 1;
                counted = start;
                pieces.push(Piece {
                    range: joined.in_file(&(start..end)),
                    manner: manner.clone(),
                    form: Form::Folded {
                        rur6: transliterated.then_some(latin),
                    },
                });
            }
            start += line.len();
            // Nor has a number a second line.
            if matches!(manner, Manner::Account { .. } | Manner::Inn | Manner::Kpp) {
                manner = Manner::Purpose;
            }
        }
    }
}

/// The stretches between the codes of subfields, which are left alone: `?20`, `/EREF/`, the three digits before the first.
fn subfields(text: &str, separator: Option<char>) -> Vec<(Range<usize>, Manner)> {
    let mut found: Vec<(Range<usize>, Manner)> = Vec::new();
    let mut start = match separator {
        Some(sign) => text.find(sign).unwrap_or(0),
        None => 0,
    };
    let mut manner = Manner::Purpose;
    let mut at = start;
    let mut party_parts = false;
    while at < text.len() {
        let rest = &text[at..];
        let code = match separator {
            Some(sign) => numbered_code(rest, sign),
            None => keyed_code(rest),
        };
        if let Some((length, next, parts)) = code {
            found.push((start..at, manner));
            (at, manner, party_parts) = (at + length, next, parts);
            start = at;
        } else if party_parts && rest.starts_with('/') {
            // Account, bank, name, city.
            found.push((start..at, manner.clone()));
            manner = match manner {
                Manner::Account { .. } => Manner::Reference,
                _ => Manner::Name,
            };
            at += 1;
            start = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found.push((start..text.len(), manner));
    found.retain(|(range, manner)| {
        let known = *manner == Manner::Reference && is_bank(&text[range.clone()]);
        !known && !range.is_empty()
    });
    found
}

/// Everybody knows a bank's code.
fn is_bank(text: &str) -> bool {
    let code = text.trim();
    let bic = matches!(code.len(), 8 | 11) && code.bytes().take(6).all(|byte| byte.is_ascii_uppercase());
    (bic && code.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        || (matches!(code.len(), 8 | 9) && code.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The length of a code, how what follows it is treated, and whether that has parts.
fn numbered_code(text: &str, separator: char) -> Option<(usize, Manner, bool)> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] = text.strip_prefix(separator)?.as_bytes() else {
        return None;
    };
    let manner = match (tens, ones) {
        (b'3', b'0' | b'4') | (b'1', b'0') => Manner::Reference,
        (b'3', b'1' | b'8') => Manner::Account { bik: None },
        (b'3', b'2' | b'3') => Manner::Name,
        _ => Manner::Purpose,
    };
    Some((separator.len_utf8() + 2, manner, false))
}

fn keyed_code(text: &str) -> Option<(usize, Manner, bool)> {
    let (key, length) = details_key_at(text.as_bytes(), 0)?;
    let manner = match key {
        DetailsKey::Ordering | DetailsKey::Beneficiary | DetailsKey::Name => Manner::Name,
        DetailsKey::Counterparty => return Some((length, Manner::Account { bik: None }, true)),
        DetailsKey::Account => Manner::Account { bik: None },
        DetailsKey::Inn => Manner::Inn,
        DetailsKey::Kpp => Manner::Kpp,
        DetailsKey::Bank | DetailsKey::EndToEnd => Manner::Reference,
        DetailsKey::BankName => Manner::Bank,
        DetailsKey::Other if text.starts_with("/ADDR/") => Manner::Name,
        DetailsKey::Purpose | DetailsKey::Other => Manner::Purpose,
    };
    Some((length, manner, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &str) -> Vec<(String, Manner)> {
        let mut start = 0;
        let mut ranges = Vec::new();
        for line in lines.split_inclusive('\n') {
            ranges.push(start..start + line.trim_end().len());
            start += line.len();
        }
        let mut found = Vec::new();
        pieces(lines, &ranges, false, &mut found);
        found
            .into_iter()
            .map(|piece| (piece.form.read(&lines[piece.range]).into_owned(), piece.manner))
            .collect()
    }

    #[test]
    fn codes_and_names_are_found_across_the_lines_that_cut_them() {
        let account = Manner::Account { bik: None };
        let wide = format!("/CNTP/NL02ABNA0123456789/ABNANL2A/{}///RE\nMI/USTD//F", "K".repeat(28));
        assert_eq!(
            found(&wide),
            [
                ("NL02ABNA0123456789".to_owned(), account.clone()),
                ("K".repeat(28), Manner::Name),
                ("USTD//F".to_owned(), Manner::Purpose),
            ]
        );
        assert_eq!(
            found("020?00X?3\n1DE1?32ИВАН\nОВ"),
            [
                ("X".to_owned(), Manner::Purpose),
                ("DE1".to_owned(), account),
                ("ИВАНОВ".to_owned(), Manner::Name),
            ]
        );
        // A short line ends a word.
        assert_eq!(found("ОПЛАТА\nЗА /IVANOV/ЛЕС").len(), 2);
    }
}
