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

/// How a person's name key is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonName {
    /// «иванов и и».
    WithInitials,
    /// With the initials that such a name has.
    InFull(String),
}

/// The name of a person, if the key is three words as such a name is.
pub fn person(name_key: &str) -> Option<PersonName> {
    let [surname, given, fathers] = three_words(name_key)?;
    let rest = |word: &str| {
        let mut letters = word.chars();
        Some((letters.next()?, letters.next().is_none()))
    };
    match (rest(given)?, rest(fathers)?) {
        ((_, true), (_, true)) => Some(PersonName::WithInitials),
        ((given, false), (fathers, false)) => Some(PersonName::InFull(format!("{surname} {given} {fathers}"))),
        _ => None,
    }
}

fn three_words(name_key: &str) -> Option<[&str; 3]> {
    const SPACES: usize = 2;
    if name_key.bytes().filter(|byte| *byte == b' ').count() != SPACES {
        return None;
    }
    let mut words = name_key.split(' ');
    let name = [words.next()?, words.next()?, words.next()?];
    let are_letters = name.iter().all(|word| word.chars().all(is_letter));
    (are_letters && name[0].chars().nth(1).is_some()).then_some(name)
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
        let person = |name: &str| person(&name_key(name));
        let in_full = PersonName::InFull("петров с п".to_owned());
        assert_eq!(person("ИП Петров Сергей Павлович"), Some(in_full));
        assert_eq!(person("ИП Петров С.П."), Some(PersonName::WithInitials));
        for not_full in [
            "ИП Петров Сергей",
            "ИП Петров С. Павлович",
            "ООО «Торговый дом 5 звёзд»",
            "Лютик",
        ] {
            assert_eq!(person(not_full), None, "{not_full}");
        }
    }
}
