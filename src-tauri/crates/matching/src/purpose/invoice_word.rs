//! The word «счёт» itself: what beside it makes something else of it, what is typed together with it, slips in it.

use std::ops::RangeInclusive;

use super::words;

/// Adjectives that leave «счёт» an invoice: whose it is, what was done with it, which of several.
const INVOICE_ADJECTIVES: &[&str] = &[
    "выставлен",
    "данн",
    "указан",
    "наш",
    "ваш",
    "этот",
    "этому",
    "общ",
    "сводн",
    "последн",
    "перв",
    "втор",
    "трет",
    "нов",
    "стар",
    "исправлен",
    "корректир",
    "уточнен",
    "предварит",
    "окончат",
    "промежут",
    "авансов",
    "прилагаем",
    "приложен",
    "получен",
    "предоставлен",
    "предъявлен",
    "направлен",
    "присланн",
    "вышеуказан",
    "нижеуказан",
    "коммерч",
    "товарн",
    "просрочен",
    "неоплачен",
    "следующ",
    "очередн",
    "разов",
    "отдельн",
    "итогов",
    "выписан",
    "выдан",
    "входящ",
    "исходящ",
    "электрон",
    "подписан",
    "утвержден",
    "согласован",
    "прошл",
    "ежемесячн",
    "месячн",
    "январск",
    "февральск",
    "мартовск",
    "апрельск",
    "майск",
    "июньск",
    "июльск",
    "августовск",
    "сентябрьск",
    "октябрьск",
    "ноябрьск",
    "декабрьск",
];

/// Whether an adjective of this form goes with «счёт» in that one, and is none that an invoice has: «аккредитивному
/// счёту», «эмиссионного счёта».
pub fn makes_it_something_else(adjective: &str, noun: &str) -> bool {
    let endings: &[&str] = match noun {
        "счет" => &["ый", "ий", "ой"],
        "счету" => &["ому", "ему"],
        "счета" => &["ого", "его", "ые", "ие"],
        "счетом" | "счетам" => &["ым", "им"],
        "счетов" => &["ых", "их"],
        _ => return false,
    };
    // «За обслуживание счета № 145»
    let is_noun = ["ание", "ение", "тие", "вие"]
        .iter()
        .any(|ending| adjective.ends_with(ending));
    adjective.chars().count() > words::SHORT_WORD
        && !is_noun
        && endings.iter().any(|ending| adjective.ends_with(ending))
        && !INVOICE_ADJECTIVES.iter().any(|stem| adjective.starts_with(stem))
}

/// «счут», «счетцб»: the letters of a number behind the word for an invoice. Only of words that say nothing themselves.
pub fn letters_behind_invoice(word: &str) -> Option<&str> {
    const LETTERS_MAX: usize = 3;
    ["счет", "сч"]
        .iter()
        .filter_map(|invoice| word.strip_prefix(invoice))
        .find(|letters| !letters.is_empty())
        .filter(|letters| letters.chars().count() <= LETTERS_MAX && letters.chars().all(char::is_alphabetic))
}

/// «счеиу», «сету», «сччету»: one slip of the fingers in «счёт». Only of words that say nothing themselves, as «смета»
/// does.
pub fn is_slip_of_invoice(word: &str) -> bool {
    const FORMS: [&str; 6] = ["счет", "счету", "счета", "счетам", "счетов", "счете"];
    const LENGTH: RangeInclusive<usize> = 4..=7;
    // One of its first two letters is still there: «чсет», «чету», «хчет».
    let may_be = word.chars().take(2).any(|letter| matches!(letter, 'с' | 'ч'));
    if !may_be || !LENGTH.contains(&word.chars().count()) {
        return false;
    }
    let typed: Vec<char> = word.chars().collect();
    FORMS.iter().any(|form| {
        let meant: Vec<char> = form.chars().collect();
        let front = typed.iter().zip(&meant).take_while(|(one, other)| one == other).count();
        match (&typed[front..], &meant[front..]) {
            ([_, typed @ ..], [_, meant @ ..]) if typed == meant => true,
            ([one, two, typed @ ..], [other, another, meant @ ..])
                if typed == meant && one == another && two == other =>
            {
                true
            }
            ([_, typed @ ..], meant) if typed == meant => true,
            (typed, [_, meant @ ..]) if typed == meant => true,
            _ => false,
        }
    })
}

/// «VAT invoice», «tax invoice», «հարկային հաշիվ»: what stands before makes it a tax document.
pub fn makes_it_a_tax_invoice(word: &str) -> bool {
    word.starts_with("հարկային")
        || word.starts_with("налогов")
        || ["vat", "tax"].iter().any(|latin| words::is_latin(word, latin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adjective_that_no_invoice_has_makes_it_something_else() {
        for (adjective, noun, other) in [
            ("аккредитивному", "счету", true),
            ("эмиссионный", "счет", true),
            ("выставленному", "счету", false),
            ("мартовскому", "счету", false),
            // Of another word.
            ("офисной", "счету", false),
            ("аккредитивный", "счету", false),
            ("мой", "счет", false),
            ("обслуживание", "счета", false),
            ("депозитные", "счета", true),
        ] {
            assert_eq!(makes_it_something_else(adjective, noun), other, "{adjective} {noun}");
        }
    }

    #[test]
    fn one_slip_in_the_word_is_known() {
        for word in ["счеиу", "сечту", "сччету", "счту", "счетам"] {
            assert!(is_slip_of_invoice(word), "{word}");
        }
        for word in ["чек", "расчет", "счетовод", "щит", ""] {
            assert!(!is_slip_of_invoice(word), "{word}");
        }
    }

    #[test]
    fn letters_of_a_number_are_parted_from_the_word() {
        assert_eq!(letters_behind_invoice("счут"), Some("ут"));
        assert_eq!(letters_behind_invoice("счетк"), Some("к"));
        for word in ["сч", "счетоводы", "ут", "сч-ут"] {
            assert_eq!(letters_behind_invoice(word), None, "{word}");
        }
    }
}
