//! What stands above the header: whose statement it is, over which days, in which currency, with which balances.

use std::collections::BTreeSet;

use domain::{Currency, Direction, Period};

use super::{
    day::{self, DayOrder},
    labels::{self, Label},
    number::Written,
    row::{CellKind, Row},
    words::normalised,
};

#[derive(Debug, Clone, Default)]
pub(super) struct Preamble {
    /// Own accounts that it names; more than one is a question.
    pub(super) accounts: BTreeSet<String>,
    pub(super) bank: Option<String>,
    pub(super) currency: Option<Currency>,
    pub(super) period: Option<Period>,
    pub(super) opening: Option<Sum>,
    pub(super) closing: Option<Sum>,
    /// Turnovers named above the table: of debits, of credits.
    pub(super) turnovers: [Option<Sum>; 2],
    /// An account's number that Excel has destroyed.
    pub(super) destroyed: Option<(u64, String)>,
    /// It is a ledger of accounting, where debit is what comes in.
    pub(super) of_accounting: bool,
}

/// A balance as it is written, to be read when the style of numbers is known.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub(super) line: u64,
    /// Above the header, where the columns mean nothing yet.
    pub(super) above: bool,
    pub(super) sums: Vec<(usize, Written)>,
}

impl Preamble {
    pub(super) fn read(&mut self, row: &Row) {
        self.balances(row, true, true);
        let whole = row.joined();
        let form = normalised(&whole);
        let has = |stems: &[&str]| {
            form.split(' ')
                .any(|word| stems.iter().any(|stem| word.starts_with(stem)))
        };
        if speaks_of_an_account(&form) {
            self.account(row, &whole);
        }
        self.of_accounting |=
            form.contains("карточка счета") || form.contains("анализ счета") || form.contains("оборотно сальдов");
        if has(&["бик", "bik", "bic"]) && self.bank.is_none() {
            let codes = whole.split(|letter: char| !letter.is_ascii_digit());
            self.bank = codes.filter(|code| code.len() == 9).map(str::to_owned).next();
        }
        if has(&["валют", "currency"]) && self.currency.is_none() {
            self.currency = whole.split(|letter: char| !letter.is_alphanumeric()).find_map(currency);
        }
        if self.period.is_none() && has(&["период", "period", "выписк", "statement", "за", "с", "from"])
        {
            self.period = period(&whole, has(&["за", "период", "period"]));
        }
    }

    fn account(&mut self, row: &Row, whole: &str) {
        let found = accounts_in(whole).filter(|number| !number.starts_with("301"));
        self.accounts.extend(found);
        if let Some((_, cell)) = row.filled().find(|(_, cell)| is_destroyed(cell.kind, &cell.text)) {
            self.destroyed.get_or_insert_with(|| (row.line, cell.text.clone()));
        }
    }

    /// `above`: above the header. `before`: before the entries.
    pub(super) fn balances(&mut self, row: &Row, above: bool, before: bool) {
        for (column, cell) in row.filled().filter(|(_, cell)| cell.kind == CellKind::Text) {
            let slot = match labels::of_text(&cell.text) {
                Some(Label::Total { .. }) if above => match labels::side(&cell.text) {
                    Some(Direction::Debit) => &mut self.turnovers[0],
                    Some(Direction::Credit) => &mut self.turnovers[1],
                    None => continue,
                },
                Some(Label::Opening) => &mut self.opening,
                Some(Label::Closing) => &mut self.closing,
                Some(Label::Balance) if before && self.opening.is_none() => &mut self.opening,
                Some(Label::Balance) => &mut self.closing,
                _ => continue,
            };
            let sums = labels::sums(row, column);
            if !sums.is_empty() || slot.is_none() {
                *slot = Some(Sum {
                    line: row.line,
                    above,
                    sums,
                });
            }
        }
    }
}

/// Of normalised words.
pub(super) fn speaks_of_an_account(form: &str) -> bool {
    let mut words = form.split(' ');
    words.any(|word| {
        ["счет", "account", "iban", "лицевой"]
            .iter()
            .any(|stem| word.starts_with(stem))
    }) || form.contains("р с ")
}

/// The shape of ISO 13616: country, two check digits, 11 to 30 letters and digits of the bank's own.
fn is_iban(word: &str) -> bool {
    let bytes = word.as_bytes();
    (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..]
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && bytes[4..].iter().any(u8::is_ascii_digit)
}

/// Accounts of twenty digits, also written in groups, and IBANs.
pub(super) fn accounts_in(text: &str) -> impl Iterator<Item = String> + '_ {
    let part = |letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '.' | '\u{a0}');
    let mut found = Vec::new();
    // The digits of an IBAN are no account of their own.
    for word in text.split(|letter: char| !letter.is_alphanumeric()) {
        if is_iban(word) {
            found.push(word.to_owned());
        } else {
            let runs = word.split(|letter: char| !letter.is_ascii_digit());
            found.extend(runs.filter(|digits| digits.len() == 20).map(str::to_owned));
        }
    }
    if found.is_empty() {
        // `40702 810 9 0000 0000001`
        let grouped = text.split(move |letter: char| !part(letter)).map(|group| {
            let digits: String = group.chars().filter(char::is_ascii_digit).collect();
            let pieces = group
                .split(|letter: char| !letter.is_ascii_digit())
                .filter(|piece| !piece.is_empty())
                .count();
            (digits, pieces)
        });
        found = grouped
            .filter(|(digits, pieces)| digits.len() == 20 && (2..=6).contains(pieces))
            .map(|(digits, _)| digits)
            .collect();
    }
    found.into_iter()
}

/// `4,07028E+19`, or a number of a workbook with more digits than Excel keeps.
pub(super) fn is_destroyed(kind: CellKind, text: &str) -> bool {
    let exponent = text
        .split_once("E+")
        .or_else(|| text.split_once("e+"))
        .is_some_and(|(mantissa, power)| {
            let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let mantissa = mantissa.replace([',', '.'], "");
            digits(&mantissa) && digits(power) && power.len() <= 3
        });
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    exponent || (kind == CellKind::Number && digits > crate::decimal::EXCEL_DIGITS && !text.contains('.'))
}

/// A currency by its letters, its number or its Russian name.
pub(super) fn currency(word: &str) -> Option<Currency> {
    let lower = word.to_lowercase();
    let code = match lower.as_str() {
        "руб" | "рубль" | "рубли" | "рублей" | "рублях" | "643" | "810" | "₽" => "RUB",
        "840" | "доллар" | "доллары" | "$" => "USD",
        "978" | "евро" | "€" => "EUR",
        "156" | "юань" | "юани" => "CNY",
        "398" | "тенге" => "KZT",
        _ => {
            let known = [
                "rub", "rur", "usd", "eur", "cny", "kzt", "byn", "gbp", "chf", "try", "aed", "amd", "jpy", "kgs",
                "uzs", "gel", "azn",
            ];
            return known.contains(&lower.as_str()).then(|| Currency::parse(word).ok())?;
        }
    };
    Currency::parse(code).ok()
}

fn period(text: &str, one_day: bool) -> Option<Period> {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || matches!(letter, ';' | ',' | '(' | ')' | ':' | '–' | '—'))
        .filter(|word| !word.is_empty())
        .collect();
    let clear = |text: &str| day::Written::parse(text.trim_matches(['-', '.']))?.date(DayOrder::Open);
    let mut days = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        // `12 марта 2025` is three words; `01.03.2025-31.03.2025` one.
        let three = words.get(at..at + 3).and_then(|three| clear(&three.join(" ")));
        match (clear(word), three, word.split_once('-')) {
            (Some(day), ..) => days.push(day),
            (None, Some(day), _) => {
                days.push(day);
                at += 2;
            }
            (None, None, Some((from, to))) => {
                days.extend(clear(from).zip(clear(to)).into_iter().flat_map(|(from, to)| [from, to]))
            }
            _ => {}
        }
        at += 1;
    }
    match days.as_slice() {
        [from, to] => Some(Period { from: *from, to: *to }),
        [day] if one_day => Some(Period { from: *day, to: *day }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::row::Cell;

    fn of(lines: &[&str]) -> Preamble {
        let mut preamble = Preamble::default();
        for (line, text) in (1..).zip(lines) {
            let cells = text.split(';').map(|text| Cell {
                kind: CellKind::Text,
                text: text.trim().to_owned(),
            });
            preamble.read(&Row {
                line,
                cells: cells.collect(),
                fault: None,
                ends_file: false,
            });
        }
        preamble
    }

    #[test]
    fn what_a_preamble_says() {
        let read = of(&[
            "ВЫПИСКА ПО СЧЁТУ;40702 810 9 0000 0000001",
            "Корр. счет;30101810400000000225; БИК;044525225",
            "за период;с 01.03.2025 по 31.03.2025",
            "Валюта счета: Российский рубль (RUB)",
            "Входящий остаток;1 000,00;Исходящий остаток;2 000,00",
        ]);
        assert_eq!(read.accounts.into_iter().collect::<Vec<_>>(), ["40702810900000000001"]);
        assert_eq!(read.bank.as_deref(), Some("044525225"));
        assert_eq!(read.currency, Some(Currency::RUB));
        let period = read.period.unwrap();
        assert_eq!(
            (period.from.to_string(), period.to.to_string()),
            ("2025-03-01".into(), "2025-03-31".into())
        );
        assert_eq!(
            (read.opening.unwrap().sums.len(), read.closing.unwrap().sums.len()),
            (1, 1)
        );
    }

    #[test]
    fn accounts_are_twenty_digits_or_an_iban_and_never_a_piece_of_one() {
        for (text, accounts) in [
            ("р/с40702810900000000001, ИНН 7812345675", &["40702810900000000001"][..]),
            ("40702 810 9 0000 0000001", &["40702810900000000001"]),
            ("IBAN DE89370400440532013000.", &["DE89370400440532013000"]),
            (
                "KZ123456789012345671;40702810900000000001",
                &["KZ123456789012345671", "40702810900000000001"],
            ),
            ("договор AB12CD, 4070281090000000000", &[]),
        ] {
            assert_eq!(accounts_in(text).collect::<Vec<_>>(), accounts, "{text}");
        }
    }

    #[test]
    fn periods_are_written_in_many_ways() {
        for line in [
            "Период: 01.03.2025 - 31.03.2025",
            "с 1 марта 2025 по 31 марта 2025 г.",
            "Period;2025-03-01;2025-03-31",
            "Период 01.03.2025-31.03.2025",
        ] {
            let period = of(&[line]).period.unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (period.from.to_string(), period.to.to_string()),
                ("2025-03-01".into(), "2025-03-31".into()),
                "{line}"
            );
        }
        assert!(of(&["Дата формирования: 12.03.2025"]).period.is_none());
    }

    #[test]
    fn accounts_destroyed_by_excel_are_seen() {
        for (kind, text, destroyed) in [
            (CellKind::Text, "4,07028E+19", true),
            (CellKind::Text, "4.07E+19", true),
            (CellKind::Number, "40702810900000000000", true),
            (CellKind::Text, "40702810900000000000", false),
            (CellKind::Number, "7812345675", false),
            (CellKind::Text, "ООО E+19", false),
        ] {
            assert_eq!(is_destroyed(kind, text), destroyed, "{text}");
        }
    }
}
