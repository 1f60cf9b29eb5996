//! One spelling for what looks the same: case, ё and е, Latin letters that look Cyrillic, kinds of dashes.

/// One character for one character, so that places in the folded text are places in the text.
pub fn fold(character: char) -> char {
    let lower = match character {
        'А'..='Я' | 'а'..='я' => lower_russian(character),
        _ if character.is_ascii() => character.to_ascii_lowercase(),
        // A few capitals grow when lowered; their first character is enough to compare by.
        _ => character.to_lowercase().next().unwrap_or(character),
    };
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

/// Nearly every letter here is one of these, and the table of all alphabets is slow to ask.
fn lower_russian(letter: char) -> char {
    const DISTANCE: u32 = 'а' as u32 - 'А' as u32;
    if letter <= 'Я' {
        char::from_u32(letter as u32 + DISTANCE).unwrap_or(letter)
    } else {
        letter
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
    text.chars().map(fold).collect()
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
pub fn identifier_key(text: Option<&str>) -> Option<String> {
    let key: String = text?
        .chars()
        .filter(|character| is_letter_or_digit(*character))
        .collect();
    key.chars().any(|character| character != '0').then_some(key)
}
