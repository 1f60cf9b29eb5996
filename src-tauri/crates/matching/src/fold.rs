//! One spelling for what looks the same: case, ё and е, Latin letters that look Cyrillic, kinds of dashes.

use domain::ShortText;

/// One character for one character, so that places in the folded text are places in the text.
pub fn fold(character: char) -> char {
    match COMMON.get(character as usize) {
        Some(&folded) if folded != RARE => folded,
        _ => fold_any(character),
    }
}

/// Latin and Russian letters, digits and marks, which nearly every character is.
const COMMON_CHARACTERS: usize = 'ё' as usize + 1;

/// Stands in the table for what is not in it.
const RARE: char = '\u{10FFFF}';

static COMMON: [char; COMMON_CHARACTERS] = common();

const fn common() -> [char; COMMON_CHARACTERS] {
    let mut table = [RARE; COMMON_CHARACTERS];
    let mut code: u32 = 0;
    while (code as usize) < COMMON_CHARACTERS {
        if let Some(character) = char::from_u32(code) {
            let lower = match character {
                'А'..='Я' => char::from_u32(code + ('а' as u32 - 'А' as u32)),
                'Ё' | 'ё' => Some('е'),
                'а'..='я' => Some(character),
                _ if character.is_ascii() => Some(character.to_ascii_lowercase()),
                _ => None,
            };
            if let Some(lower) = lower {
                table[code as usize] = alike(lower);
            }
        }
        code += 1;
    }
    table
}

fn fold_any(character: char) -> char {
    // A few capitals grow when lowered; their first character is enough to compare by.
    alike(character.to_lowercase().next().unwrap_or(character))
}

/// The Cyrillic letter that a small Latin one looks like, and one dash for all.
const fn alike(lower: char) -> char {
    match lower {
        'ё' => 'е',
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        other => other,
    }
}

/// A letter of any alphabet or a digit; the table of all alphabets is asked only for letters that are rare here.
pub fn is_letter_or_digit(character: char) -> bool {
    match character {
        'а'..='я' | 'А'..='Я' => true,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        _ => character.is_alphanumeric(),
    }
}

pub fn is_letter(character: char) -> bool {
    is_letter_or_digit(character) && !character.is_ascii_digit()
}

/// Where words begin: the place, counted in characters, and the text from there on. A letter after a digit begins one.
pub fn word_starts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before = ' ';
    text.char_indices()
        .enumerate()
        .filter_map(move |(place, (at, character))| {
            let begins = is_letter(character) && !is_letter(before);
            before = character;
            begins.then(|| (place, &text[at..]))
        })
}

/// Whether the text begins with this, which is folded already.
pub fn begins_with(text: &str, folded: &str) -> bool {
    let mut characters = text.chars().map(fold);
    folded.chars().all(|expected| characters.next() == Some(expected))
}

pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().map(fold));
    folded
}

/// A firm's or person's name without quotes, punctuation and legal form; empty when nothing is left to compare.
pub fn name_key(name: &str) -> String {
    let folded = folded(name);
    let mut key = String::with_capacity(folded.len());
    let mut words = folded
        .split(|character: char| !is_letter_or_digit(character))
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        // «общество с ограниченной»; alone it is an initial.
        let of_form = word == "с" && words.peek() == Some(&"ограниченной");
        if of_form || is_legal_form(word) {
            continue;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    key
}

/// Short or written out: a bank writes one, a CRM the other.
fn is_legal_form(word: &str) -> bool {
    matches!(
        word,
        "ооо"
            | "оао"
            | "зао"
            | "пао"
            | "ао"
            | "нао"
            | "ип"
            | "чп"
            | "тоо"
            | "общество"
            | "индивидуальный"
            | "предприниматель"
            | "ограниченной"
            | "ответственностью"
            | "акционерное"
            | "публичное"
            | "открытое"
            | "закрытое"
            | "непубличное"
    )
}

/// Digits and letters of a tax number or account; `None` where it says nothing (blank, zeros).
pub fn identifier_key(text: Option<&str>) -> Option<ShortText> {
    let text = text?;
    let key = if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        ShortText::from(text)
    } else {
        text.chars()
            .filter(|character| is_letter_or_digit(*character))
            .collect()
    };
    key.bytes().any(|byte| byte != b'0').then_some(key)
}
