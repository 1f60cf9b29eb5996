//! Words that speak of another occasion than the price of what was invoiced: penalties, wages, ceded debts, mistakes.
//!
//! They prove nothing: who repaints a pawnshop writes «залог». They are a reason to ask where no number says more.

use std::sync::LazyLock;

use super::stems::Stems;
use crate::fold::{fold, folded, is_letter_or_digit, word_starts};

/// What has to hold of a word that begins so.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Nothing more.
    Any,
    /// The word is no longer.
    Whole,
    /// One of the next words begins with one of these.
    With(&'static [&'static str]),
    /// No number stands before it: «20 процентов» is a rate.
    Uncounted,
}

/// Words between the two of one occasion: «возврат излишне уплаченной суммы».
const WORDS_BETWEEN_MAX: usize = 2;

const PAYMENT: &[&str] = &[
    "плат",
    "оплат",
    "п/п",
    "пп",
    "поруч",
    "назнач",
    "реквиз",
    "перечис",
    "операц",
];

/// Folded beginnings, the narrower first.
const OCCASIONS: &[(&str, Rule)] = &[
    // Instead of what was owed, or because it was not paid.
    ("штраф", Rule::Any),
    ("неустойк", Rule::Any),
    ("пени", Rule::Whole),
    ("пеня", Rule::Whole),
    ("пеней", Rule::Whole),
    ("пению", Rule::Whole),
    ("претензи", Rule::Any),
    ("судеб", Rule::Any),
    ("решен", Rule::With(&["суд"])),
    ("исполнительн", Rule::With(&["лист", "надпис"])),
    ("миров", Rule::With(&["соглаш"])),
    ("взыскан", Rule::Any),
    ("ущерб", Rule::Any),
    ("упущен", Rule::Any),
    ("компенсац", Rule::Any),
    ("возмещен", Rule::Any),
    ("госпошлин", Rule::Any),
    ("пошлин", Rule::Any),
    ("чуж", Rule::With(&["денеж", "средств", "деньг"])),
    ("неоснователь", Rule::Any),
    // Held, not earned.
    ("обеспечит", Rule::Any),
    (
        "обеспечен",
        Rule::With(&["заявк", "исполнен", "контракт", "договор", "участ", "обязат"]),
    ),
    ("залог", Rule::Any),
    ("задат", Rule::Any),
    ("депозит", Rule::Any),
    ("эскроу", Rule::Any),
    ("аккредитив", Rule::Any),
    ("банковск", Rule::With(&["гарант"])),
    ("исполнен", Rule::With(&["гарант"])),
    // Somebody else's debt, or no money at all.
    ("цесси", Rule::Any),
    ("уступ", Rule::Any),
    ("перевод", Rule::With(&["долг", "пая"])),
    ("факторинг", Rule::Any),
    ("финансирован", Rule::Any),
    ("новаци", Rule::Any),
    ("взаимозач", Rule::Any),
    ("взаиморасч", Rule::Any),
    ("зачет", Rule::Any),
    ("бартер", Rule::Any),
    ("вексел", Rule::Any),
    ("облигац", Rule::Any),
    ("купон", Rule::Any),
    // Of banks and the state.
    ("кредит", Rule::Any),
    ("ипотек", Rule::Any),
    ("вклад", Rule::Whole),
    ("вклада", Rule::Whole),
    ("вкладу", Rule::Whole),
    ("процент", Rule::Uncounted),
    ("кэшбэк", Rule::Any),
    ("кешбэк", Rule::Any),
    ("кэшбек", Rule::Any),
    ("кешбек", Rule::Any),
    ("сбп", Rule::Whole),
    ("наличн", Rule::Any),
    ("выручк", Rule::Any),
    ("инкасс", Rule::Any),
    ("налог", Rule::Whole),
    ("налоги", Rule::Whole),
    ("налогов", Rule::Whole),
    ("ндфл", Rule::Any),
    ("енс", Rule::Whole),
    ("енп", Rule::Whole),
    ("грант", Rule::Any),
    ("субсиди", Rule::Any),
    ("дотаци", Rule::Any),
    // Of people.
    ("зарплат", Rule::Any),
    ("заработн", Rule::Any),
    ("зп", Rule::Whole),
    ("з/п", Rule::Any),
    ("подотчет", Rule::Any),
    ("алимент", Rule::Any),
    ("стипенд", Rule::Any),
    ("выплат", Rule::Any),
    ("отпускн", Rule::Any),
    ("командиров", Rule::Any),
    ("страхов", Rule::With(&["возмещ", "выплат", "взнос", "преми", "случа"])),
    // Of owners, and gifts.
    ("дивиденд", Rule::Any),
    ("прибыл", Rule::Any),
    ("взнос", Rule::Any),
    ("паев", Rule::Any),
    ("пая", Rule::Whole),
    ("выкуп", Rule::With(&["дол", "акци", "пая"])),
    ("дол", Rule::With(&["устав", "капитал"])),
    ("пожертв", Rule::Any),
    ("благотвор", Rule::Any),
    ("безвозмезд", Rule::Any),
    ("спонсор", Rule::Any),
    ("материальн", Rule::With(&["помощ"])),
    ("финансов", Rule::With(&["помощ"])),
    ("приз", Rule::Whole),
    ("дарен", Rule::Any),
    // Mistakes.
    ("ошибоч", Rule::Any),
    ("двойн", Rule::With(PAYMENT)),
    ("дважды", Rule::Any),
    ("повторн", Rule::With(PAYMENT)),
    ("переплат", Rule::Any),
    ("излишн", Rule::Any),
    ("вместо", Rule::Any),
    ("замен", Rule::With(PAYMENT)),
    ("уточнен", Rule::With(PAYMENT)),
    ("отмен", Rule::With(PAYMENT)),
    ("сторн", Rule::Any),
    ("возвр", Rule::Any),
    // English and Armenian.
    ("reversal", Rule::Any),
    ("return", Rule::With(&["fund", "payment", "money"])),
    ("refund", Rule::Any),
    ("chargeback", Rule::Any),
    ("interest", Rule::Any),
    ("salar", Rule::Any),
    ("wage", Rule::Any),
    ("dividend", Rule::Any),
    ("penalt", Rule::Any),
    ("fine", Rule::Whole),
    ("fines", Rule::Whole),
    ("own", Rule::With(&["fund", "account"])),
    ("cash", Rule::Whole),
    ("loan", Rule::Any),
    ("grant", Rule::Whole),
    ("donation", Rule::Any),
    ("compensation", Rule::Any),
    ("deposit", Rule::Any),
    ("mistake", Rule::Any),
    ("erroneous", Rule::Any),
    ("վարկ", Rule::Any),
    ("տոկոս", Rule::Any),
    ("տուգանք", Rule::Any),
    ("տույժ", Rule::Any),
    ("աշխատավարձ", Rule::Any),
    ("փոխառ", Rule::Any),
    ("վերադարձ", Rule::Any),
];

static STEMS: LazyLock<Stems<Rule>> =
    LazyLock::new(|| OCCASIONS.iter().map(|(stem, rule)| (folded(stem), *rule)).collect());

/// The first word of another occasion, with its place.
pub fn occasion(purpose: &str) -> Option<(usize, usize)> {
    word_starts(purpose).find_map(|(start, rest)| {
        let word = first_word(rest);
        let before = &purpose[..purpose.len() - rest.len()];
        let holds = STEMS.all(&word).any(|(stem, rule)| match rule {
            Rule::Any => true,
            Rule::Whole => word == stem,
            Rule::With(others) => is_followed(rest, others),
            Rule::Uncounted => !before.trim_end().ends_with(|last: char| last.is_ascii_digit()),
        });
        holds.then(|| (start, start + word.chars().count()))
    })
}

/// Folded, with a stroke inside.
fn first_word(text: &str) -> String {
    text.chars()
        .map(fold)
        .take_while(|character| is_letter_or_digit(*character) || *character == '/')
        .collect()
}

fn is_followed(rest: &str, others: &[&str]) -> bool {
    let next = word_starts(rest).skip(1).take(WORDS_BETWEEN_MAX + 1);
    next.map(|(_, word)| first_word(word))
        .any(|word| others.iter().any(|other| word.starts_with(folded(other).as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_occasion_is_found_with_its_place() {
        assert_eq!(occasion("Оплата ШТРАФА по претензии"), Some((7, 13)));
        for purpose in [
            "по договору уступки требования",
            "Зачёт встречных требований",
            "Обеспечение исполнения контракта",
            "Проценты по статье 395",
            "з/п за март",
            "Return of the funds",
        ] {
            assert!(occasion(purpose).is_some(), "{purpose}");
        }
    }

    #[test]
    fn goods_and_rates_are_none() {
        for purpose in [
            "Оплата за товар",
            "за программное обеспечение",
            "в т.ч. НДС 20 процентов",
            "замена масла",
            "Без налога (НДС)",
            "за вкладыши и призмы",
            "решение для склада",
            "страховка груза",
            "finest paper",
        ] {
            assert_eq!(occasion(purpose), None, "{purpose}");
        }
    }

    #[test]
    fn every_word_is_found_by_itself() {
        for (stem, rule) in OCCASIONS {
            let text = match rule {
                Rule::With(others) => format!("{stem} {}", others[0]),
                _ => (*stem).to_owned(),
            };
            assert!(occasion(&text).is_some(), "{text}");
        }
    }
}
