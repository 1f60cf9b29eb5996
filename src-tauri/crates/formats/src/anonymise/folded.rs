//! A text in lines that a bank cut inside words, perhaps transliterated by the rules of SWIFT (RUR6): one letter of it is
//! one letter of what it means, so that what is replaced can be written back between the same line ends.

use crate::mt::transliteration::russian;

/// Each letter as it is written and as it is read, without the line ends. `latin` as [`super::piece::Form::Folded`] has it.
pub(super) fn letters(written: &str, rur6: Option<bool>) -> impl Iterator<Item = (char, char)> {
    let mut latin = rur6;
    written.chars().filter(|it| !is_line_end(*it)).map(move |letter| {
        if letter == '\'' {
            latin = latin.map(|latin| !latin);
        }
        let reads = latin == Some(false) && letter != '\'';
        (letter, if reads { russian(letter) } else { letter })
    })
}

fn is_line_end(letter: char) -> bool {
    matches!(letter, '\n' | '\r')
}

/// `text` in place of what [`letters`] read in `written`.
pub(super) fn written(text: &str, written: &str, rur6: Option<bool>) -> String {
    let mut out = String::with_capacity(written.len());
    let mut letters = letters(written, rur6);
    let mut text = text.chars();
    for original in written.chars() {
        if is_line_end(original) {
            out.push(original);
        } else if let (Some((letter, read)), Some(new)) = (letters.next(), text.next()) {
            out.push(match new {
                same if same == read => letter,
                _ if letter == read => new,
                _ if letter.is_ascii_lowercase() => small_like(letter),
                other => transliterated(other),
            });
        }
    }
    out.extend(text);
    out
}

/// Small letters show that a text is transliterated, so another one stands for it.
fn small_like(letter: char) -> char {
    match letter {
        'u' => 'a',
        'a' => 'u',
        'e' => 'o',
        'o' => 'e',
        'c' => 'q',
        'q' => 'c',
        other => other,
    }
}

/// Of the letters that words are invented of.
fn transliterated(letter: char) -> char {
    ('A'..='Z').find(|latin| russian(*latin) == letter).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str, rur6: Option<bool>) -> String {
        letters(written, rur6).map(|(_, read)| read).collect()
    }

    #[test]
    fn line_ends_stand_where_they_stood() {
        assert_eq!(read("ИВАН\r\nОВ", None), "ИВАНОВ");
        assert_eq!(written("ПЕТРАН", "ИВАН\r\nОВ", None), "ПЕТР\r\nАН");
    }

    #[test]
    fn transliterated_letters_come_back() {
        let original = "uRIi qED\nRIN 'ACME' n7";
        assert_eq!(read(original, Some(false)), "ЮРИЙ ЩЕДРИН 'ACME' №7");
        assert_eq!(written("ЮРИЙ ЩЕДРИН 'ACME' №7", original, Some(false)), original);
        assert_eq!(
            written("ВАЛО РЕКОНА 'VIKO' №5", original, Some(false)),
            "aALi cEK\nONA 'VIKO' n5"
        );
        assert_eq!(read("ACME' LES", Some(true)), "ACME' ЛЕС");
    }
}
