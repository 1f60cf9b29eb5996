//! What words announce: after «счёт» comes an invoice number, after «договор» a contract's.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{
    FindingKind,
    stems::Stems,
    vocabulary::{self, ACCOUNT_ADJECTIVES, STEMS},
};
use crate::fold::{fold, folded};

/// What a word says about the number that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The next number is of this kind.
    Announces(FindingKind),
    /// «счетам»: several invoice numbers follow.
    AnnouncesSeveral,
    /// «счета»: one or more.
    AnnouncesOneOrMore,
    /// «N», «номер».
    NumberSign,
    /// «NN», «номерам»: of several.
    NumberSigns,
    /// «и» between two numbers of a list.
    And,
    /// «за», «на»: a number right behind it is not what was announced before it.
    Preposition,
    /// «б/н»: what was announced has no number.
    NoNumber,
    /// «шт», «мес»: the number before it is a quantity.
    Unit,
    /// Says nothing about numbers and may stand between the word that does and the number.
    Filler,
    Unknown,
}

impl Meaning {
    /// Announces invoice numbers, how many ever.
    pub fn is_invoice(self) -> bool {
        matches!(
            self,
            Self::Announces(FindingKind::InvoiceNumber) | Self::AnnouncesSeveral | Self::AnnouncesOneOrMore
        )
    }

    pub const fn is_number_sign(self) -> bool {
        matches!(self, Self::NumberSign | Self::NumberSigns)
    }

    const fn announces(self) -> bool {
        matches!(
            self,
            Self::Announces(_) | Self::AnnouncesSeveral | Self::AnnouncesOneOrMore
        )
    }
}

/// An adjective before «счёт» that makes it a bank account: «расчётный счёт», «лицевой счёт».
pub fn makes_it_an_account(word: &str) -> bool {
    ACCOUNT_ADJECTIVES.iter().any(|stem| word.starts_with(stem)) || matches!(word, "лиц" | "расч" | "спец")
}

pub fn is_tax_tail(word: &str) -> bool {
    ["фактур", "ֆակտուր", "ապրանքագ", "fаkтur", "fакtur"]
        .iter()
        .any(|stem| word.starts_with(stem))
        || matches!(
            word,
            "ф" | "факт" | "фак" | "ф-ра" | "ф-ры" | "ф-ре" | "ф-рам" | "ф-ре,"
        )
}

/// Every listed word, folded as the purpose is.
static WORDS: LazyLock<FxHashMap<String, Meaning>> = LazyLock::new(|| {
    vocabulary::lists()
        .map(|(word, meaning)| (folded(word), meaning))
        .collect()
});

/// Words that stand before «счёт» and are typed together with it: «посчету», «оплатапосчету».
const GLUED_FRONT: [&str; 6] = ["по", "опл", "оплата", "за", "согласно", "на"];

static ANNOUNCING: LazyLock<Stems<FindingKind>> =
    LazyLock::new(|| STEMS.iter().map(|(stem, kind)| ((*stem).to_owned(), *kind)).collect());

/// `word` is folded, as all words here are asked about.
pub fn meaning(word: &str) -> Meaning {
    if let Some(meaning) = WORDS.get(word) {
        return *meaning;
    }
    // «с\ф» is «с/ф».
    if word.contains('\\') {
        return meaning(&word.replace('\\', "/"));
    }
    if let Some(meaning) = compound(word) {
        return meaning;
    }
    if let Some(kind) = ANNOUNCING.find(word) {
        return Meaning::Announces(*kind);
    }
    glued(word).unwrap_or(Meaning::Unknown)
}

/// «счёт-фактуре», «счёт-договору», «договор-счёт», «расч-счет».
fn compound(word: &str) -> Option<Meaning> {
    let (first, rest) = word.split_once(['-', '/'])?;
    let is_invoice = |part: &str| WORDS.get(part).is_some_and(|meaning| meaning.is_invoice());
    // «сч-к» is a meter; only an ending makes an invoice of it.
    let letter = rest.chars().count() == 1 && rest != "т" && !is_tax_tail(rest);
    if is_invoice(first) && letter {
        return None;
    }
    // «к/счет», «р/счет»: one letter is an account's.
    if is_invoice(rest) && first.chars().count() == 1 {
        return Some(Meaning::Announces(FindingKind::Account));
    }
    if is_invoice(first) {
        let kind = if is_tax_tail(rest) {
            FindingKind::TaxInvoice
        } else {
            FindingKind::InvoiceNumber
        };
        return Some(Meaning::Announces(kind));
    }
    let kind = if makes_it_an_account(first) {
        FindingKind::Account
    } else {
        FindingKind::InvoiceNumber
    };
    is_invoice(rest).then_some(Meaning::Announces(kind))
}

fn glued(word: &str) -> Option<Meaning> {
    if word.len() > "посчет".len()
        && let Some(at) = word.rfind("посчет")
    {
        let of_rest = WORDS.get(&word[at + "по".len()..]).copied();
        return of_rest.filter(|meaning| meaning.is_invoice());
    }
    GLUED_FRONT.iter().find_map(|front| {
        let rest = word.strip_prefix(front)?;
        let meaning = match WORDS.get(rest) {
            Some(meaning) => *meaning,
            None => ANNOUNCING
                .find(rest)
                .map(|kind| Meaning::Announces(*kind))
                .or_else(|| glued(rest))?,
        };
        // «покод» is no code; only what is long enough is meant.
        (meaning.announces() && (rest.chars().count() > SHORT_WORD || rest == "сч")).then_some(meaning)
    })
}

/// Longer words are not found inside others by chance.
pub const SHORT_WORD: usize = 4;

/// Whether a text is a word of its own here, not only a longer word's piece.
pub fn is_listed_or_stem(word: &str) -> bool {
    WORDS.contains_key(word) || ANNOUNCING.find(word).is_some()
}

/// What the vocabulary says of exactly this text, if it has it.
pub fn listed(text: &str) -> Option<Meaning> {
    WORDS.get(text).copied()
}

pub fn is_legal_form(word: &str) -> bool {
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
            | "фгуп"
            | "муп"
            | "нко"
            | "гбу"
            | "мбу"
            | "ллс"
    )
}

/// Whether a folded word is this one in Latin letters.
pub fn is_latin(word: &str, latin: &str) -> bool {
    word.chars().eq(latin.chars().map(fold))
}

/// Whether a folded word starts with this in Latin letters.
pub fn starts_latin(word: &str, latin: &str) -> bool {
    let mut characters = word.chars();
    latin.chars().all(|expected| characters.next() == Some(fold(expected)))
}

const MONTH_STEMS: [(&str, u32); 26] = [
    ("январ", 1),
    ("феврал", 2),
    ("март", 3),
    ("апрел", 4),
    ("мая", 5),
    ("май", 5),
    ("мае", 5),
    ("июн", 6),
    ("июл", 7),
    ("август", 8),
    ("сентябр", 9),
    ("октябр", 10),
    ("ноябр", 11),
    ("декабр", 12),
    ("հունվար", 1),
    ("փետրվար", 2),
    ("մարտ", 3),
    ("ապրիլ", 4),
    ("մայիս", 5),
    ("հունիս", 6),
    ("հուլիս", 7),
    ("օգոստոս", 8),
    ("սեպտեմբեր", 9),
    ("հոկտեմբեր", 10),
    ("նոյեմբեր", 11),
    ("դեկտեմբեր", 12),
];

const SHORT_MONTHS: [(&str, u32); 13] = [
    ("янв", 1),
    ("фев", 2),
    ("февр", 2),
    ("мар", 3),
    ("апр", 4),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("сент", 9),
    ("окт", 10),
    ("нояб", 11),
    ("дек", 12),
];

/// The month a word names: «марта», «март», «мар», «march», «մարտի».
pub fn month(word: &str) -> Option<u32> {
    if let Some((_, month)) = SHORT_MONTHS.iter().find(|(short, _)| *short == word) {
        return Some(*month);
    }
    MONTH_STEMS
        .iter()
        .find(|(stem, _)| word.starts_with(stem) && word.chars().count() <= stem.chars().count() + 2)
        .map(|(_, month)| *month)
        .or_else(|| LATIN_MONTHS.get(word).copied())
}

/// English and transliterated months.
static LATIN_MONTHS: LazyLock<FxHashMap<String, u32>> = LazyLock::new(|| {
    [
        "january jan yanvarya yanvar anvarya",
        "february feb fevralya fevral",
        "march mar marta mart",
        "april apr aprelya aprel",
        "may maya",
        "june jun iyunya iyun",
        "july jul iyulya iyul",
        "august aug avgusta avgust",
        "september sep sept sentyabrya sentyabr",
        "october oct oktyabrya oktyabr",
        "november nov noyabrya noyabr",
        "december dec dekabrya dekabr",
    ]
    .into_iter()
    .zip(1..)
    .flat_map(|(words, month)| words.split(' ').map(move |word| (folded(word), month)))
    .collect()
});

pub fn is_money_word(word: &str) -> bool {
    const LATIN: [&str; 8] = ["rub", "rur", "usd", "eur", "amd", "kzt", "byn", "rubles"];
    matches!(
        word,
        "р" | "руб"
            | "коп"
            | "копеек"
            | "тыс"
            | "тр"
            | "т.р"
            | "тенге"
            | "тг"
            | "драм"
            | "драмов"
            | "դրամ"
    ) || word.starts_with("рубл")
        || word.starts_with("долл")
        || word == "евро"
        || LATIN.iter().any(|code| is_latin(word, code))
}

pub const fn is_money_mark(mark: char) -> bool {
    matches!(mark, '$' | '€' | '₽' | '֏' | '₸')
}

/// «руб», «р»: after it kopecks may come.
pub fn is_rouble_word(word: &str) -> bool {
    matches!(word, "р" | "руб") || word.starts_with("рубл")
}

pub fn is_year_word(word: &str) -> bool {
    matches!(
        word,
        "г" | "год" | "года" | "году" | "гг" | "թ" | "թվական" | "թվականի" | "g" | "го"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_people_type_are_known() {
        use FindingKind as Kind;
        for (word, kind) in [
            ("Счёту", Kind::InvoiceNumber),
            ("cчет", Kind::InvoiceNumber),
            ("Invoice", Kind::InvoiceNumber),
            ("proforma", Kind::InvoiceNumber),
            ("счёт-договору", Kind::InvoiceNumber),
            ("счет-фактуре", Kind::TaxInvoice),
            ("сч-ф", Kind::TaxInvoice),
            ("УПД", Kind::TaxInvoice),
            ("Договору", Kind::Contract),
            ("contract", Kind::Contract),
            ("agreement", Kind::Contract),
            ("order", Kind::Order),
            ("amount", Kind::Sum),
            ("договор-счёт", Kind::InvoiceNumber),
            ("расч-счет", Kind::Account),
            ("ПОСЧЕТУ", Kind::InvoiceNumber),
            ("оплатапосчёту", Kind::InvoiceNumber),
            ("подоговору", Kind::Contract),
            ("schetu", Kind::InvoiceNumber),
            ("scet", Kind::InvoiceNumber),
            ("schet-fakture", Kind::TaxInvoice),
            ("ՀԱՇԻՎ", Kind::InvoiceNumber),
            ("հաշիվ-ապրանքագրի", Kind::TaxInvoice),
            ("հաշվեհամար", Kind::Account),
            ("BIC", Kind::Code),
            ("swift", Kind::Code),
            ("IBAN", Kind::Account),
        ] {
            assert_eq!(meaning(&folded(word)), Meaning::Announces(kind), "{word}");
        }
        for word in ["No", "N", "номер", "number", "nr", "num"] {
            assert_eq!(meaning(&folded(word)), Meaning::NumberSign, "{word}");
        }
        for word in ["payment", "the", "Оплата"] {
            assert_eq!(meaning(&folded(word)), Meaning::Filler, "{word}");
        }
        assert_eq!(meaning(&folded("invoices")), Meaning::AnnouncesSeveral);
        assert!(is_money_word(&folded("RUB")));
    }

    #[test]
    fn words_that_only_start_alike_are_not() {
        for word in ["счетовод", "спецтехники", "актив", "датчик", "домашний", "полоса"]
        {
            assert_eq!(meaning(word), Meaning::Unknown, "{word}");
        }
    }

    #[test]
    fn months_in_their_forms() {
        for (word, number) in [("марта", 3), ("март", 3), ("мая", 5), ("декабря", 12)] {
            assert_eq!(month(word), Some(number), "{word}");
        }
        assert_eq!(month("мартеновский"), None);
    }
}
