//! What words announce: after «счёт» comes an invoice number, after «договор» a contract's.

use std::{collections::HashMap, sync::LazyLock};

use super::FindingKind;
use crate::fold::{fold, folded};

/// What a word says about the number that follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The next number is of this kind.
    Announces(FindingKind),
    /// «счетам»: several numbers follow.
    AnnouncesSeveral,
    /// «N», «номер».
    NumberSign,
    /// Says nothing about numbers and may stand between the word that does and the number.
    Filler,
    Unknown,
}

const INVOICE: &[&str] = &[
    "счет",
    "счета",
    "счету",
    "счете",
    "счетом",
    "сч",
    "счт",
    "invoice",
    "inv",
    "bill",
    "proforma",
];
const INVOICES: &[&str] = &["счетам", "счетов", "счетами", "счетах", "invoices"];
const TAX_INVOICE: &[&str] = &[
    "сф",
    "с/ф",
    "с-ф",
    "счф",
    "сч-ф",
    "сч/ф",
    "упд",
    "счет-ф",
    "счет/ф",
    "сч-фра",
    "с/фактура",
    "с/факт",
];
const CONTRACT: &[&str] = &["дог", "д-р", "дог-р", "договр", "дг", "contract", "agreement"];
const ACT: &[&str] = &["акт", "акта", "акту", "акты", "актам", "актов", "ттн", "тн", "накл"];
const SPECIFICATION: &[&str] = &["спец", "спец-ция", "сп", "прил"];
const ORDER: &[&str] = &["зак", "order", "зн", "з/н", "з-н"];
const ACCOUNT: &[&str] = &[
    "р/с",
    "рс",
    "р/сч",
    "р/счет",
    "р/счета",
    "р/счету",
    "л/с",
    "лс",
    "л/сч",
    "л/счет",
    "к/с",
    "кс",
    "к/сч",
    "лиц/с",
    "лиц/сч",
    "iban",
];
const TAX_NUMBER: &[&str] = &["инн", "inn", "инн/кпп"];
const CODE: &[&str] = &[
    "кпп",
    "бик",
    "кбк",
    "октмо",
    "окато",
    "уин",
    "уип",
    "огрн",
    "огрнип",
    "снилс",
    "окпо",
    "тел",
    "swift",
    "bic",
];
const SUM: &[&str] = &["сумма", "сумму", "сумме", "суммой", "amount", "sum"];
const PAYMENT_ORDER: &[&str] = &["п/п", "пп", "п.п", "плат", "м/о"];
const NUMBER_SIGN: &[&str] = &[
    "n",
    "no",
    "nn",
    "nº",
    "n°",
    "номер",
    "номером",
    "номеру",
    "номера",
    "номерами",
    "nr",
    "num",
    "number",
];
const FILLER: &[&str] = &[
    "на",
    "по",
    "за",
    "от",
    "и",
    "к",
    "согл",
    "согласно",
    "под",
    "оплата",
    "оплату",
    "оплаты",
    "оплате",
    "опл",
    "оплачивается",
    "предоплата",
    "предоплату",
    "аванс",
    "авансовый",
    "авансом",
    "доплата",
    "доплату",
    "частичная",
    "полная",
    "окончательная",
    "постоплата",
    "платеж",
    "платежа",
    "перечисление",
    "payment",
    "for",
    "the",
    "г",
    "год",
    "года",
    "dated",
];
/// Starts of words that are written in many forms.
const STEMS: &[(&str, FindingKind)] = &[
    ("договор", FindingKind::Contract),
    ("контракт", FindingKind::Contract),
    ("соглашен", FindingKind::Contract),
    ("оферт", FindingKind::Contract),
    ("спецификац", FindingKind::Specification),
    ("приложен", FindingKind::Specification),
    ("накладн", FindingKind::Act),
    ("заказ", FindingKind::Order),
    ("заявк", FindingKind::Order),
    ("распоряжен", FindingKind::Order),
    ("поручен", FindingKind::PaymentOrder),
    ("заявлен", FindingKind::Order),
    ("телефон", FindingKind::Code),
];

/// An adjective before «счёт» that makes it a bank account: «расчётный счёт», «лицевой счёт».
pub fn makes_it_an_account(word: &str) -> bool {
    [
        "расчетн",
        "лицев",
        "текущ",
        "корр",
        "банковск",
        "карточн",
        "депозитн",
        "специальн",
        "лиц",
        "расч",
        "транзитн",
    ]
    .iter()
    .any(|stem| word.starts_with(stem))
}

pub fn is_tax_tail(word: &str) -> bool {
    word == "ф" || word.starts_with("фактур") || word == "факт" || word == "ф-ра" || word == "ф-ры"
}

/// Every listed word, folded as the purpose is.
static WORDS: LazyLock<HashMap<String, Meaning>> = LazyLock::new(|| {
    use FindingKind as Kind;
    let announcing = [
        (INVOICE, Kind::InvoiceNumber),
        (TAX_INVOICE, Kind::TaxInvoice),
        (CONTRACT, Kind::Contract),
        (ACT, Kind::Act),
        (SPECIFICATION, Kind::Specification),
        (ORDER, Kind::Order),
        (ACCOUNT, Kind::Account),
        (TAX_NUMBER, Kind::TaxNumber),
        (CODE, Kind::Code),
        (SUM, Kind::Sum),
        (PAYMENT_ORDER, Kind::PaymentOrder),
    ];
    announcing
        .into_iter()
        .map(|(list, kind)| (list, Meaning::Announces(kind)))
        .chain([
            (INVOICES, Meaning::AnnouncesSeveral),
            (NUMBER_SIGN, Meaning::NumberSign),
            (FILLER, Meaning::Filler),
        ])
        .flat_map(|(list, meaning)| list.iter().map(move |word| (folded(word), meaning)))
        .collect()
});

/// `word` is folded, as all words here are asked about.
pub fn meaning(word: &str) -> Meaning {
    use FindingKind as Kind;
    if let Some(meaning) = WORDS.get(word) {
        return *meaning;
    }
    // Compounds: «счёт-фактуре», «счёт-договору», «счёт-оферте».
    if let Some((first, rest)) = word.split_once(['-', '/'])
        && INVOICE.contains(&first)
    {
        let kind = if is_tax_tail(rest) {
            Kind::TaxInvoice
        } else {
            Kind::InvoiceNumber
        };
        return Meaning::Announces(kind);
    }
    if word.starts_with("счетфактур") || word.starts_with("счетафактур") {
        return Meaning::Announces(Kind::TaxInvoice);
    }
    STEMS
        .iter()
        .find(|(stem, _)| word.starts_with(stem))
        .map_or(Meaning::Unknown, |(_, kind)| Meaning::Announces(*kind))
}

/// Whether a folded word is this one in Latin letters.
pub fn is_latin(word: &str, latin: &str) -> bool {
    word.chars().eq(latin.chars().map(fold))
}

/// The month a word names: «марта», «март», «мар».
pub fn month(word: &str) -> Option<u32> {
    const STEMS: [(&str, u32); 13] = [
        ("январ", 1),
        ("феврал", 2),
        ("март", 3),
        ("апрел", 4),
        ("мая", 5),
        ("май", 5),
        ("июн", 6),
        ("июл", 7),
        ("август", 8),
        ("сентябр", 9),
        ("октябр", 10),
        ("ноябр", 11),
        ("декабр", 12),
    ];
    STEMS
        .iter()
        .find(|(stem, _)| word.starts_with(stem) && word.chars().count() <= stem.chars().count() + 2)
        .map(|(_, month)| *month)
}

pub fn is_money_word(word: &str) -> bool {
    const LATIN: [&str; 4] = ["rub", "rur", "usd", "eur"];
    matches!(word, "р" | "руб" | "коп" | "копеек" | "тыс" | "тр")
        || word.starts_with("рубл")
        || LATIN.iter().any(|code| folded(code) == word)
}

/// «руб», «р»: after it kopecks may come.
pub fn is_rouble_word(word: &str) -> bool {
    matches!(word, "р" | "руб") || word.starts_with("рубл")
}

pub fn is_year_word(word: &str) -> bool {
    matches!(word, "г" | "год" | "года" | "году" | "гг")
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
            ("BIC", Kind::Code),
            ("swift", Kind::Code),
            ("IBAN", Kind::Account),
        ] {
            assert_eq!(meaning(&folded(word)), Meaning::Announces(kind), "{word}");
        }
        for word in ["No", "N", "номер", "number", "nr", "num"] {
            assert_eq!(meaning(&folded(word)), Meaning::NumberSign, "{word}");
        }
        for word in ["payment", "for", "the", "dated", "Оплата"] {
            assert_eq!(meaning(&folded(word)), Meaning::Filler, "{word}");
        }
        assert_eq!(meaning(&folded("invoices")), Meaning::AnnouncesSeveral);
        assert!(is_money_word(&folded("RUB")));
    }

    #[test]
    fn words_that_only_start_alike_are_not() {
        for word in ["счетчик", "счетчика", "спецтехники", "актив", "датчик", "дома"]
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
