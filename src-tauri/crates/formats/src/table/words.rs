//! Words of column headers, Russian and English, and what they mean.

use super::field::{Field, Part, Side};

/// In which currency a column of sums is, by its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basis {
    /// It does not say.
    Plain,
    /// The account's.
    Account,
    /// Roubles, whatever the account is in.
    Roubles,
    /// «в валюте»: a foreign currency.
    Foreign,
    /// The operation's, which need not be the account's.
    Operation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Is {
        field: Field,
        /// Of two columns of one field the higher is meant.
        rank: u8,
        basis: Basis,
    },
    /// An account without a word on whose it is.
    SomeAccount,
    /// The kind of operation, or its direction: the cells say.
    KindOrDirection,
    /// One header of both words: a signed sum or a direction, as the cells say.
    DebitOrCredit,
    /// Running number, correspondent account and so on: recognised, and of no use here.
    Nothing,
}

/// Lower case, ё as е, only letters, digits and single blanks; № is kept as a word.
pub(super) fn normalised(header: &str) -> String {
    let mut form = String::with_capacity(header.len());
    for letter in header.chars().flat_map(char::to_lowercase) {
        match letter {
            'ё' => form.push('е'),
            '№' => form.push_str(" № "),
            '+' | '#' => form.push_str(" # "),
            _ if letter.is_alphanumeric() => form.push(letter),
            _ => form.push(' '),
        }
    }
    form.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Words<'a>(Vec<&'a str>);

impl Words<'_> {
    /// Some word starts with one of these.
    fn stem(&self, stems: &[&str]) -> bool {
        self.0
            .iter()
            .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
    }

    /// Some word is one of these.
    fn word(&self, words: &[&str]) -> bool {
        self.0.iter().any(|word| words.contains(word))
    }

    fn is(&self, forms: &[&str]) -> bool {
        let whole = self.0.join(" ");
        forms.contains(&whole.as_str())
    }

    /// These two stand together.
    fn pair(&self, first: &str, second: &str) -> bool {
        self.0.windows(2).any(|two| two == [first, second])
    }
}

const DEBIT: [&str; 8] = [
    "дебет",
    "расход",
    "списан",
    "debit",
    "withdraw",
    "дт",
    "выбыти",
    "выплачен",
];
const CREDIT: [&str; 10] = [
    "кредит",
    "приход",
    "поступ",
    "зачисл",
    "пополн",
    "credit",
    "deposit",
    "кт",
    "внесен",
    "прибыти",
];
const PAYER: [&str; 8] = [
    "плательщ",
    "отправит",
    "payer",
    "debtor",
    "sender",
    "remitter",
    "originator",
    "ordering",
];
const PAYEE: [&str; 6] = ["получат", "бенефиц", "payee", "beneficiar", "recipient", "receiver"];
const COUNTERPARTY: [&str; 5] = ["контраг", "корреспондент", "counterpart", "partner", "партнер"];
const OWN: [&str; 7] = ["владел", "собственн", "ваш", "мой", "свой", "own", "клиент"];

/// `None`: no word of it is known.
pub(super) fn meaning(header: &str) -> Option<Meaning> {
    let form = normalised(header);
    let words = Words(form.split(' ').filter(|word| !word.is_empty()).collect());
    if words.0.is_empty() || words.0.len() > 14 {
        return None;
    }
    ordinal(&words)
        .or_else(|| status(&words))
        .or_else(|| day(&words))
        .or_else(|| party(&words))
        .or_else(|| sum(&words))
        .or_else(|| rest(&words))
}

const fn is(field: Field, rank: u8) -> Meaning {
    Meaning::Is {
        field,
        rank,
        basis: Basis::Plain,
    }
}

fn status(words: &Words<'_>) -> Option<Meaning> {
    if !words.stem(&["статус", "status", "состоян"]) {
        return None;
    }
    // The payer's status of a tax payment is a code of form 0401060.
    let of_somebody = words.stem(&[
        "плательщ",
        "составит",
        "налог",
        "payer",
        "получат",
        "контрагент",
        "клиент",
    ]);
    Some(if of_somebody {
        Meaning::Nothing
    } else {
        is(Field::Status, 1)
    })
}

fn ordinal(words: &Words<'_>) -> Option<Meaning> {
    words
        .is(&[
            "№ п п",
            "п п",
            "n п п",
            "№ пп",
            "пп",
            "№ строки",
            "номер строки",
            "# п п",
        ])
        .then_some(Meaning::Nothing)
}

fn day(words: &Words<'_>) -> Option<Meaning> {
    if !words.stem(&["дата", "даты", "date", "день"]) && !words.is(&["posted", "booked"]) {
        return None;
    }
    if words.stem(&["валютир", "value"]) {
        return Some(is(Field::ValueDate, 1));
    }
    if words.stem(&["докум", "плат", "поручен", "составл", "doc", "выписки", "выдачи"])
        || words.word(&["док", "пп", "п", "счета"])
    {
        return Some(is(Field::DocumentDate, 1));
    }
    let rank = if words.stem(&["провод", "posting", "posted", "booking", "booked", "entry"]) {
        4
    } else if words.stem(&[
        "операц",
        "проведен",
        "исполн",
        "обработ",
        "соверш",
        "движен",
        "транзакц",
        "опер",
        "transaction",
        "operation",
        "execution",
    ]) {
        3
    } else if words.0.len() == 1 || words.stem(&["время", "time"]) {
        2
    } else if words.stem(&["списан", "зачисл", "поступ", "debit", "credit"]) {
        // One of a pair: which of them counts depends on the entry.
        1
    } else {
        return Some(Meaning::Nothing);
    };
    Some(is(Field::Date, rank))
}

fn part(words: &Words<'_>) -> Option<Part> {
    let correspondent = words.stem(&["корр", "кор", "correspondent"]) && !words.stem(&["корреспондент"])
        || words.pair("к", "с")
        || words.word(&["кс", "корсчет"]);
    let account =
        words.stem(&["счет", "account", "iban", "acct"]) || words.pair("р", "с") || words.word(&["рс", "acc"]);
    if words.word(&["инн", "inn", "tin"]) && !account {
        return Some(Part::Inn);
    }
    if words.word(&["кпп", "kpp"]) {
        return Some(Part::Kpp);
    }
    if words.word(&["бик", "bik", "bic", "swift"]) {
        return Some(Part::Bik);
    }
    if correspondent {
        return None;
    }
    if account {
        return Some(Part::Account);
    }
    words.stem(&["банк", "bank"]).then_some(Part::Bank)
}

fn party(words: &Words<'_>) -> Option<Meaning> {
    let (debit, credit) = (words.stem(&DEBIT), words.stem(&CREDIT));
    let part = part(words);
    let money = words.stem(&["сумм", "amount", "оборот", "остат", "сальд", "balance"]);
    if money && part != Some(Part::Inn) {
        return None;
    }
    let side = if words.stem(&PAYER) {
        Some(Side::Payer)
    } else if words.stem(&PAYEE) {
        Some(Side::Payee)
    } else if words.stem(&COUNTERPARTY) {
        Some(Side::Counterparty)
    } else if part == Some(Part::Account) && debit != credit {
        // The account that is debited is the payer's.
        Some(if debit { Side::Payer } else { Side::Payee })
    } else {
        None
    };
    let corresponding =
        words.stem(&["корр", "кор"]) && words.stem(&["счет"]) || words.word(&["корсчет"]) || words.pair("к", "с");
    match (side, part) {
        (_, None) if corresponding && !words.stem(&["корреспондент"]) => Some(Meaning::Nothing),
        (Some(side), Some(part)) => Some(is(side.field(part), 2)),
        (Some(_), None) if words.stem(&["назнач", "адрес", "тип", "вид", "страна", "город", "код"]) => {
            Some(Meaning::Nothing)
        }
        (Some(side), None) => Some(is(side.field(Part::Name), 2)),
        (None, Some(Part::Account)) if words.stem(&OWN) => Some(is(Field::Account, 2)),
        (None, Some(Part::Account)) if words.stem(&["карт", "оплат", "карты"]) => Some(Meaning::Nothing),
        (None, Some(Part::Account)) if words.0.len() <= 3 => Some(Meaning::SomeAccount),
        (None, Some(Part::Account)) => None,
        (None, Some(_)) if words.stem(&OWN) => Some(Meaning::Nothing),
        (None, Some(part)) => Some(is(Side::Counterparty.field(part), 1)),
        (None, None) => None,
    }
}

fn basis(words: &Words<'_>) -> Basis {
    let account = words.stem(&["счет", "account"]);
    if words.stem(&["руб", "эквив", "нацпокр", "нац", "rub", "rur", "equivalent", "покрыт"]) {
        Basis::Roubles
    } else if words.stem(&["валют", "currency"]) && account {
        Basis::Account
    } else if words.stem(&["операц", "transaction", "original"]) {
        Basis::Operation
    } else if words.stem(&["валют", "иностр", "foreign"]) || words.word(&["usd", "eur", "cny"]) {
        Basis::Foreign
    } else if account {
        Basis::Account
    } else {
        Basis::Plain
    }
}

fn sum(words: &Words<'_>) -> Option<Meaning> {
    // What moved may be the sum with the bank's charge, or without: beside another sum it is asked.
    let with_charges = words.stem(&["комисс", "fee"])
        && words.stem(&["сумм", "amount", "итог", "всего", "total"])
        && words.word(&["с", "со", "включая", "with", "including", "incl", "plus"]);
    let altogether = words.is(&["итого", "всего", "total", "итого сумма", "total amount", "сумма итого"]);
    if with_charges || altogether {
        return Some(is(Field::Amount, 1));
    }
    if words.stem(&[
        "колич",
        "кол",
        "count",
        "ндс",
        "vat",
        "комисс",
        "fee",
        "кешбэк",
        "кэшбэк",
        "cashback",
        "бонус",
        "курс",
        "rate",
    ]) {
        return Some(Meaning::Nothing);
    }
    if words.stem(&["остат", "сальд", "balance"]) {
        let before = words.stem(&["входящ", "начал", "opening", "before", "до"]);
        return Some(if before {
            Meaning::Nothing
        } else {
            is(Field::Balance, 1)
        });
    }
    let money = words.stem(&["сумм", "amount", "sum", "оборот", "turnover"]);
    let in_out = words.pair("money", "in") || words.pair("paid", "in");
    let out = words.pair("money", "out") || words.pair("paid", "out");
    let (debit, credit) = (words.stem(&DEBIT) || out, words.stem(&CREDIT) || in_out);
    let basis = basis(words);
    let of = |field| Meaning::Is { field, rank: 1, basis };
    match (debit, credit) {
        (true, true) if !money && !words.stem(&["тип", "вид", "признак"]) => Some(Meaning::DebitOrCredit),
        (true, true) if money => Some(of(Field::Amount)),
        (true, true) => Some(Meaning::KindOrDirection),
        (true, false) if money || words.0.len() <= 4 => Some(of(Field::Debit)),
        (false, true) if money || words.0.len() <= 4 => Some(of(Field::Credit)),
        (false, false) if money => Some(of(Field::Amount)),
        _ => None,
    }
}

fn rest(words: &Words<'_>) -> Option<Meaning> {
    if words.stem(&["валют", "currency"]) || words.is(&["вал", "ccy", "код валюты"]) {
        // Of what the operation was in, which need not be what the account is in.
        let of_account = words.stem(&["счет", "account"]);
        if words.stem(&["операц", "курс"]) || words.pair("transaction", "currency") {
            return Some(Meaning::Nothing);
        }
        return Some(is(Field::Currency, if of_account { 2 } else { 1 }));
    }
    if words.stem(&["направлен", "direction", "признак"])
        || words.is(&["д к", "d c", "dc", "дк", "дт кт", "cr dr", "dr cr"])
    {
        return Some(Meaning::KindOrDirection);
    }
    if words.stem(&["назнач", "purpose", "remittance"]) {
        return Some(is(Field::Purpose, 4));
    }
    if words.stem(&["основан", "содерж", "детал", "details", "narrative"]) {
        return Some(is(Field::Purpose, 3));
    }
    if words.stem(&["описан", "description", "memo", "particulars"]) {
        return Some(is(Field::Purpose, 2));
    }
    if words.stem(&["коммент", "примеч", "comment", "note"]) {
        return Some(is(Field::Purpose, 1));
    }
    if words.stem(&["идентиф", "reference", "референ", "уип", "uuid"]) || words.word(&["id", "ид", "ref"])
    {
        return Some(is(Field::Reference, 1));
    }
    let number = words.stem(&["номер", "number"]) || words.word(&["№", "no", "n", "#", "num"]);
    if number && words.stem(&["докум", "док", "плат", "поруч", "doc", "payment"]) {
        return Some(is(Field::Number, 3));
    }
    if number && words.stem(&["операц", "провод", "transaction"]) {
        return Some(is(Field::Reference, 1));
    }
    if number && words.0.len() == 1 {
        return Some(is(Field::Number, if words.word(&["№", "n", "#"]) { 1 } else { 2 }));
    }
    if words.is(&["документ", "document"]) {
        return Some(is(Field::Number, 2));
    }
    if words.stem(&["тип", "вид", "type", "kind"]) || words.is(&["операция", "во"]) {
        return Some(Meaning::KindOrDirection);
    }
    if words.stem(&["наименован", "name"]) || words.is(&["клиент", "организация", "от кого кому", "кому от кого"])
    {
        return Some(is(Field::Name, 1));
    }
    words
        .stem(&[
            "категор",
            "category",
            "очередн",
            "mcc",
            "карт",
            "card",
            "курс",
            "время",
            "time",
        ])
        .then_some(Meaning::Nothing)
}

#[cfg(test)]
mod tests;
