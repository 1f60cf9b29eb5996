//! Words of a column that says which way money went.

use super::words::normalised;

/// Which way money went, by a word in a column of directions.
pub(super) fn of_word(cell: &str) -> Option<domain::Direction> {
    use domain::Direction::{Credit, Debit};
    let form = normalised(cell);
    match form.as_str() {
        "к" | "кр" | "кт" | "c" | "cr" | "crdt" | "in" | "#" => return Some(Credit),
        "д" | "дб" | "дт" | "d" | "dr" | "dt" | "dbit" | "out" => return Some(Debit),
        _ => {}
    }
    if cell.trim() == "-" || cell.trim() == "−" {
        return Some(Debit);
    }
    let first = form.split(' ').next().unwrap_or_default();
    let starts = |stems: &[&str]| stems.iter().any(|stem| first.starts_with(stem));
    let (credit, debit) = (
        starts(&[
            "кредит",
            "приход",
            "поступ",
            "зачисл",
            "пополн",
            "входящ",
            "credit",
            "deposit",
            "incoming",
            "income",
        ]),
        starts(&[
            "дебет",
            "расход",
            "списан",
            "исходящ",
            "debit",
            "withdraw",
            "outgoing",
            "outcome",
            "выплат",
        ]),
    );
    match (credit, debit) {
        (true, false) => Some(Credit),
        (false, true) => Some(Debit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_directions() {
        use domain::Direction::{Credit, Debit};
        for (cell, expected) in [
            ("Кредит", Some(Credit)),
            ("К", Some(Credit)),
            ("+", Some(Credit)),
            ("Зачисление", Some(Credit)),
            ("Входящий платёж", Some(Credit)),
            ("C", Some(Credit)),
            ("-", Some(Debit)),
            ("дебет", Some(Debit)),
            ("D", Some(Debit)),
            ("Списание средств", Some(Debit)),
            ("Платежное поручение", None),
            ("01", None),
            ("", None),
        ] {
            assert_eq!(of_word(cell), expected, "{cell}");
        }
    }
}
