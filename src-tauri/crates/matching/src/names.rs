//! Names of firms and persons, as far as they tell one from another: legal forms, surnames with initials.
//!
//! It does not know who anybody is: a name alone is never sure.

use crate::fold::{folded, is_letter, is_letter_or_digit};

/// The legal form that a name is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LegalForm {
    /// ООО.
    Limited,
    /// АО; of the older and the narrower kinds each is a form of its own, because two firms of one name may differ by it.
    Stock,
    /// ПАО.
    PublicStock,
    /// НАО.
    PrivateStock,
    /// ОАО.
    OpenStock,
    /// ЗАО.
    ClosedStock,
    /// ИП, ЧП.
    Entrepreneur,
    /// ТОО.
    Partnership,
}

/// Short or written out; the first word that tells.
fn legal_form(name: &str) -> Option<LegalForm> {
    let folded = folded(name);
    let mut words = folded.split(|character: char| !is_letter_or_digit(character));
    words.find_map(|word| {
        Some(match word {
            "ооо" | "ограниченной" => LegalForm::Limited,
            "ао" | "акционерное" => LegalForm::Stock,
            "пао" | "публичное" => LegalForm::PublicStock,
            "нао" | "непубличное" => LegalForm::PrivateStock,
            "оао" | "открытое" => LegalForm::OpenStock,
            "зао" | "закрытое" => LegalForm::ClosedStock,
            "ип" | "чп" | "предприниматель" => LegalForm::Entrepreneur,
            "тоо" | "товарищество" => LegalForm::Partnership,
            _ => return None,
        })
    })
}

/// Whether both are written with a legal form, and not with the same: АО «Ромашка» is not ООО «Ромашка».
pub fn differ_in_form(one: &str, other: &str) -> bool {
    match (legal_form(one), legal_form(other)) {
        (Some(one), Some(other)) => one != other,
        _ => false,
    }
}

/// «иванов и и» of the name key «иванов иван иванович»; `None` of what is not three words.
pub fn initials_of(name_key: &str) -> Option<String> {
    let [surname, given, fathers] = three_words(name_key)?;
    let is_full = |word: &str| word.chars().nth(1).is_some();
    if !is_full(given) || !is_full(fathers) {
        return None;
    }
    let first = |word: &str| word.chars().next();
    Some(format!("{surname} {} {}", first(given)?, first(fathers)?))
}

/// Whether a name key is a surname with two initials.
pub fn is_with_initials(name_key: &str) -> bool {
    three_words(name_key).is_some_and(|[_, given, fathers]| {
        let is_initial = |word: &str| word.chars().nth(1).is_none();
        is_initial(given) && is_initial(fathers)
    })
}

fn three_words(name_key: &str) -> Option<[&str; 3]> {
    let mut words = name_key.split(' ');
    let name = [words.next()?, words.next()?, words.next()?];
    let are_letters = name.iter().all(|word| word.chars().all(is_letter));
    (words.next().is_none() && are_letters && name[0].chars().nth(1).is_some()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::name_key;

    #[test]
    fn another_form_is_another_firm_and_none_is_any() {
        for (one, other, differ) in [
            ("ООО «Лютик»", "АО «Лютик»", true),
            ("ПАО Лютик", "Акционерное общество «Лютик»", true),
            ("ООО Лютик", "Общество с ограниченной ответственностью \"ЛЮТИК\"", false),
            ("Лютик", "АО «Лютик»", false),
            (
                "Петров Пётр Петрович ИП",
                "Индивидуальный предприниматель Петров П. П.",
                false,
            ),
            ("ИП Петров П.П.", "ООО Петров", true),
        ] {
            assert_eq!(differ_in_form(one, other), differ, "{one} {other}");
            assert_eq!(differ_in_form(other, one), differ, "{other} {one}");
        }
    }

    #[test]
    fn a_name_has_the_initials_of_its_words() {
        let initials = |name: &str| initials_of(&name_key(name));
        assert_eq!(initials("ИП Петров Сергей Павлович").as_deref(), Some("петров с п"));
        for not_full in [
            "ИП Петров С.П.",
            "ИП Петров Сергей",
            "ООО «Торговый дом 5 звёзд»",
            "Лютик",
        ] {
            assert_eq!(initials(not_full), None, "{not_full}");
        }
        assert!(is_with_initials(&name_key("ИП Петров С.П.")));
        assert!(!is_with_initials(&name_key("ИП Петров Сергей Павлович")));
    }
}
