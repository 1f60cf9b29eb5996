//! How Russian banks write a party into one line: `40702... ИНН 7701.../КПП 7701... ООО Ромашка`.

use domain::{Counterparty, ShortText};

/// Longest number looked for: an account has 20 digits.
const ACCOUNT_DIGITS: usize = 20;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Party<'a> {
    pub(super) inn: Option<&'a str>,
    pub(super) kpp: Option<&'a str>,
    pub(super) bik: Option<&'a str>,
    pub(super) account: Option<&'a str>,
    pub(super) name: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Inn,
    Kpp,
    Bik,
    Account,
}

/// Latin spellings come from banks that transliterate.
const WORDS: [(&str, Role); 10] = [
    ("ИНН", Role::Inn),
    ("INN", Role::Inn),
    ("КПП", Role::Kpp),
    ("KPP", Role::Kpp),
    ("БИК", Role::Bik),
    ("BIK", Role::Bik),
    ("BIC", Role::Bik),
    ("Р/С", Role::Account),
    ("R/S", Role::Account),
    ("СЧЕТ", Role::Account),
];

/// Numbers by the word before them, and an account by its length. The name is what follows the last of them, or what
/// stands before the first. `None` where the text has no such number.
pub(super) fn read(text: &str) -> Option<Party<'_>> {
    let mut party = Party::default();
    let mut first = None;
    let mut last = 0;
    for (start, end) in numbers(text) {
        let number = &text[start..end];
        let before = text[..start].trim_end_matches([' ', ':', '.', '/', '№']);
        let word = WORDS
            .iter()
            .find_map(|(word, role)| ends_with_word(before, word).map(|at| (*role, at)));
        let (slot, from) = match (word, number.len()) {
            (Some((Role::Inn, at)), 10 | 12) => (&mut party.inn, at),
            (Some((Role::Kpp, at)), 9) => (&mut party.kpp, at),
            (Some((Role::Bik, at)), 9) => (&mut party.bik, at),
            (Some((Role::Account, at)), ACCOUNT_DIGITS) => (&mut party.account, at),
            // The digits of an IBAN are no account of their own.
            (None, ACCOUNT_DIGITS) if !text[..start].ends_with(char::is_alphanumeric) => (&mut party.account, start),
            _ => continue,
        };
        if slot.is_none() {
            *slot = Some(number);
        }
        first.get_or_insert(from);
        last = end;
    }
    let first = first?;
    let rim = |letter: char| letter.is_whitespace() || matches!(letter, '/' | '\\' | ',' | ';' | ':' | '.');
    let after = text[last..].trim_start_matches(rim).trim_end_matches(['/', ' ']);
    party.name = if after.is_empty() {
        text[..first].trim_matches(rim)
    } else {
        after
    };
    Some(party)
}

/// Runs of digits that no other digit touches.
fn numbers(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = start + length;
        Some((start, at))
    })
}

/// Where the word starts, if `text` ends with it, in letters of any size, and it is a word of its own.
fn ends_with_word(text: &str, word: &str) -> Option<usize> {
    let start = text.char_indices().rev().nth(word.chars().count() - 1)?.0;
    let same = text[start..].chars().flat_map(char::to_uppercase).eq(word.chars());
    let own = !text[..start].ends_with(char::is_alphabetic);
    (same && own).then_some(start)
}

/// Into what the bank's own fields left open.
pub(super) fn complete(other: &mut Counterparty, party: Party<'_>) {
    let fill = |slot: &mut Option<ShortText>, value: Option<&str>| {
        if slot.is_none() {
            *slot = value
                .filter(|value| value.bytes().any(|byte| byte != b'0'))
                .map(ShortText::from);
        }
    };
    fill(&mut other.inn, party.inn);
    fill(&mut other.kpp, party.kpp);
    fill(&mut other.bank, party.bik);
    fill(&mut other.account, party.account);
    other.name = Some(party.name.to_owned()).filter(|name| !name.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_in_one_line() {
        let party = read("40702810901300006316 INN0122030587.KPP012368152 POLNOE NAIMENOVANIE").unwrap();
        assert_eq!((party.inn, party.kpp), (Some("0122030587"), Some("012368152")));
        assert_eq!(
            (party.account, party.name),
            (Some("40702810901300006316"), "POLNOE NAIMENOVANIE")
        );
        let party = read("ООО Ромашка ИНН 7707083893/КПП: 770701001, БИК 044525225").unwrap();
        assert_eq!(
            (party.inn, party.kpp, party.bik),
            (Some("7707083893"), Some("770701001"), Some("044525225"))
        );
        assert_eq!(party.name, "ООО Ромашка");
        for text in [
            "PAYMENT FROM DE89370400440532013000 MAX MUSTER",
            "",
            "ООО Ромашка",
            "счет 145 от 12.03.2025",
            "ЛИНН 7707083893",
            "ИНН 77",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
