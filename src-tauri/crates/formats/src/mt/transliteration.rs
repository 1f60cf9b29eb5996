//! RUR6, the transliteration of Russian in SWIFT messages (ROSSWIFT's recommendations), back to Cyrillic.
//!
//! A letter for a letter: `eTOT TEKST` is «ЭТОТ ТЕКСТ»; an apostrophe switches to Latin and back. Large letters only: how
//! a word was written is lost. What looks like it and is none must stay as it is, so signs of it are asked for first.

/// Fewer large letters tell nothing.
const LARGE_LETTERS_MIN: usize = 6;
/// Large letters for each small one: in a plain text small ones prevail.
const LARGE_TO_SMALL: usize = 4;

/// Small letters that stand for Russian ones or for signs.
const SMALL: &[u8] = b"oicqxeuajnpdbsvzrmf";

/// Whether a text shows the signs: `'(VO…)`, Latin words between apostrophes from its start, or single small letters of
/// the table among capitals.
pub(crate) fn is_marked(text: &str) -> bool {
    let bytes = text.as_bytes();
    if !text.is_ascii() {
        return false;
    }
    if memchr::memmem::find(bytes, b"'(VO").is_some() {
        return true;
    }
    if is_english(bytes) {
        return false;
    }
    let (mut large, mut small, mut told) = (0_usize, 0_usize, false);
    // What stands between apostrophes is Latin, and tells nothing.
    for part in bytes.split(|byte| *byte == b'\'').step_by(2) {
        large += part.iter().filter(|byte| byte.is_ascii_uppercase()).count();
        let small_here = part.iter().filter(|byte| byte.is_ascii_lowercase()).count();
        if small_here == 0 {
            continue;
        }
        small += small_here;
        let words = part.split(|byte| !byte.is_ascii_alphabetic());
        let mut with_small = words.filter(|word| word.iter().any(u8::is_ascii_lowercase));
        if !with_small.all(is_of_table) {
            return false;
        }
        told = true;
    }
    let capitals_prevail = small * LARGE_TO_SMALL <= large;
    let quoted = text.starts_with('\'') && text.matches('\'').nth(1).is_some();
    capitals_prevail && (quoted || (told && large >= LARGE_LETTERS_MIN))
}

/// Whole words of English payments that no Russian word is written as.
const ENGLISH: [&[u8]; 26] = [
    b"THE",
    b"OF",
    b"FOR",
    b"AND",
    b"FROM",
    b"WITH",
    b"PAYMENT",
    b"INVOICE",
    b"CARD",
    b"PURCHASE",
    b"TRANSFER",
    b"CHARGE",
    b"CHARGES",
    b"FEE",
    b"FEES",
    b"INTEREST",
    b"PERIOD",
    b"ACCOUNT",
    b"RENT",
    b"SALARY",
    b"LOAN",
    b"ORDER",
    b"SERVICES",
    b"GOODS",
    b"CONTRACT",
    b"REF",
];

/// Outside of what stands between apostrophes: a `W`, which RUR6 writes nothing with, or an English word.
fn is_english(bytes: &[u8]) -> bool {
    bytes.split(|byte| *byte == b'\'').step_by(2).any(|part| {
        part.contains(&b'W')
            || part
                .split(|byte| !byte.is_ascii_alphabetic())
                .any(|word| ENGLISH.contains(&word))
    })
}

/// A word with small letters that RUR6 may have written.
fn is_of_table(word: &[u8]) -> bool {
    let edge = |at: usize| at == 0 || at == word.len() - 1;
    // A sign stands at the edge of a word: `GmbH` has two of them inside.
    let fits = |(at, byte): (usize, &u8)| {
        byte.is_ascii_uppercase() || (SMALL.contains(byte) && (edge(at) || !is_sign(char::from(*byte))))
    };
    // `No`, `Ltd`, `Inc`: words of other languages begin so.
    let small = word.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let capitalised = word.len() > 1 && word[0].is_ascii_uppercase() && small == word.len() - 1;
    word.iter().enumerate().all(fits) && !capitalised
}

/// The mode runs through the whole text; banks join its lines before.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len() * 2);
    let mut rest = text;
    // A currency operation's code stands in braces, which SWIFT does not have.
    if let Some(inner) = text.strip_prefix("'(VO")
        && let Some((code, after)) = inner.split_once(")'")
    {
        decoded.push_str("{VO");
        decoded.push_str(code);
        decoded.push('}');
        rest = after;
    }
    let bytes = rest.as_bytes();
    let mut latin = false;
    for (at, letter) in rest.char_indices() {
        if letter == '\'' {
            latin = !latin;
            continue;
        }
        let small_beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_lowercase);
        let decodes = if latin {
            // Only signs, and only where they are no letter of a Latin word.
            is_sign(letter) && !small_beside(at.checked_sub(1)) && !small_beside(Some(at + 1))
        } else {
            true
        };
        decoded.push(if decodes { russian(letter) } else { letter });
    }
    decoded
}

fn is_sign(letter: char) -> bool {
    matches!(letter, 'j' | 'n' | 'p' | 'd' | 'b' | 's' | 'v' | 'z' | 'r' | 'm' | 'f')
}

pub(crate) fn russian(letter: char) -> char {
    match letter {
        'A' => 'А',
        'B' => 'Б',
        'V' => 'В',
        'G' => 'Г',
        'D' => 'Д',
        'E' => 'Е',
        'o' => 'Ё',
        'J' => 'Ж',
        'Z' => 'З',
        'I' => 'И',
        'i' => 'Й',
        'K' => 'К',
        'L' => 'Л',
        'M' => 'М',
        'N' => 'Н',
        'O' => 'О',
        'P' => 'П',
        'R' => 'Р',
        'S' => 'С',
        'T' => 'Т',
        'U' => 'У',
        'F' => 'Ф',
        'H' => 'Х',
        'C' => 'Ц',
        'c' => 'Ч',
        'Q' => 'Ш',
        'q' => 'Щ',
        'x' => 'Ъ',
        'Y' => 'Ы',
        'X' => 'Ь',
        'e' => 'Э',
        'u' => 'Ю',
        'a' => 'Я',
        'j' => '\'',
        'n' => '№',
        'p' => '%',
        'd' => '&',
        'b' => '!',
        's' => '$',
        'v' => ';',
        'z' => '_',
        'r' => '=',
        'm' => '"',
        'f' => '*',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_among_capitals_is_left_as_it_is() {
        for text in [
            "CARD PURCHASE 4276xx1234 MOSCOW",
            "PAYMENT e-INVOICE 45",
            "RENT OF OFFICE 120 m2 FOR JULY",
            "PAYMENT FOR iPHONE",
        ] {
            assert!(!is_marked(text), "{text}");
        }
    }

    #[test]
    fn letters_come_back_and_latin_stays() {
        for (written, meant) in [
            ("uRIi qEDRIN, aROSLAVLX", "ЮРИЙ ЩЕДРИН, ЯРОСЛАВЛЬ"),
            (
                "'(VO20200)'OPLATA PO ScoTU n7 OT 01/02/2024",
                "{VO20200}ОПЛАТА ПО СЧЁТУ №7 ОТ 01/02/2024",
            ),
            (
                "OPLATA 'INVOICE n 52 OF ACMEjS Ltd' ZA USLUGI",
                "ОПЛАТА INVOICE № 52 OF ACME'S Ltd ЗА УСЛУГИ",
            ),
            ("mROMAQKAm I KO", "\"РОМАШКА\" И КО"),
        ] {
            assert_eq!(decode(written), meant);
        }
    }

    #[test]
    fn plain_texts_are_not_taken_for_it() {
        for text in [
            "OPLATA PO DOGOVORU",
            "PAYMENT FOR INVOICE No 12",
            "PAYMENT FOR 'OLD' INVOICE OF O'NEAL",
            "Oplata po schetu 145",
            "REKLAMA SHOP GmbH",
            "ООО РОМАШКА n 5",
            "n 5",
        ] {
            assert!(!is_marked(text), "{text}");
        }
        for text in [
            "OPLATA PO DOGOVORU n82",
            "'(VO10010)'X",
            "aROSLAVLX I RYBINSK",
            "'ACME LTD'//UL.MIRA 5",
        ] {
            assert!(is_marked(text), "{text}");
        }
    }
}
