//! Fields of JSON objects as banks write them, and what is common to the entries of all banks.

use chrono::{DateTime, NaiveDate};
use domain::{Currency, Direction, Entry, Money, RawFields, Text};
use serde_json::Value;

use crate::{
    decimal::Decimal,
    diagnostic::{Code, Diagnostic, Place},
    table::moscow_day,
};

/// Fields of an entry that are kept as the bank wrote them.
const RAW_FIELDS_MAX: usize = 200;

/// An object of a bank, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Object<'a> {
    pub(super) value: &'a Value,
    pub(super) line: u64,
}

/// Boxed: a refusal is rare and large, an entry passes here by the million.
pub(super) type Refused<T> = Result<T, Box<Diagnostic>>;

impl<'a> Object<'a> {
    /// By a path: `Amount.currency`.
    pub(super) fn at(self, path: &str) -> Option<&'a Value> {
        path.split('.')
            .try_fold(self.value, |value, key| value.get(key))
            .filter(|value| !value.is_null())
    }

    /// Words, or a number as it is written; zeros and blanks are how banks write «none».
    pub(super) fn text(self, path: &str) -> Option<String> {
        let text = match self.at(path)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// As [`Object::text`], `0` and `000000000` being none.
    pub(super) fn present(self, path: &str) -> Option<String> {
        self.text(path).filter(|text| is_present(text))
    }

    pub(super) fn first(self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.present(path))
    }

    pub(super) fn refuse(self, path: &str, shown: &str) -> Box<Diagnostic> {
        let path = [Text::same(path)];
        Box::new(Diagnostic::new(Code::JsonField, Place::line(self.line), shown, &path))
    }

    fn shown(self, path: &str) -> String {
        self.at(path).map_or_else(String::new, |value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// A sum that is not negative.
    pub(super) fn amount(self, path: &str, currency: Currency) -> Refused<Money> {
        let money = self.money(path, currency).filter(|money| !money.is_negative());
        money.ok_or_else(|| self.refuse(path, &self.shown(path)))
    }

    /// A sum of either sign.
    pub(super) fn money(self, path: &str, currency: Currency) -> Option<Money> {
        Decimal::parse(&self.text(path)?)?.money(currency)
    }

    /// A balance that may be left out, and is told where it is no sum.
    pub(super) fn balance(self, path: &str, currency: Currency, findings: &mut Vec<Diagnostic>) -> Option<Money> {
        self.at(path)?;
        let money = self.money(path, currency);
        if money.is_none() {
            let place = Place::line(self.line);
            findings.push(Diagnostic::new(
                Code::JsonBalance,
                place,
                &self.shown(path),
                &[Text::same(path)],
            ));
        }
        money
    }

    /// A day; an instant is the bank's own day, that of Moscow.
    pub(super) fn day(self, path: &str) -> Refused<Option<NaiveDate>> {
        let Some(text) = self.text(path) else {
            return Ok(None);
        };
        day(&text).map(Some).ok_or_else(|| self.refuse(path, &text))
    }

    /// The first day there is. None at all is a refusal.
    pub(super) fn booked(self, paths: &[&str]) -> Refused<NaiveDate> {
        for path in paths {
            if let Some(day) = self.day(path)? {
                return Ok(day);
            }
        }
        Err(self.refuse(paths.first().unwrap_or(&""), ""))
    }

    pub(super) fn direction(self, path: &str) -> Refused<Direction> {
        let text = self.text(path).unwrap_or_default();
        match text.to_ascii_lowercase().as_str() {
            "credit" => Ok(Direction::Credit),
            "debit" => Ok(Direction::Debit),
            _ => Err(self.refuse(path, &text)),
        }
    }

    /// Every field that has a value, by its path.
    pub(super) fn raw(self) -> RawFields {
        let mut raw = RawFields::default();
        let mut left = RAW_FIELDS_MAX;
        collect(self.value, "", &mut raw, &mut left);
        raw
    }
}

fn collect(value: &Value, path: &str, raw: &mut RawFields, left: &mut usize) {
    let within = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, value)| collect(value, &within(key), raw, left)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| collect(value, &within(&at.to_string()), raw, left)),
        Value::Null => {}
        _ if *left == 0 => {}
        Value::String(text) => {
            *left -= 1;
            raw.push(path, text);
        }
        other => {
            *left -= 1;
            raw.push(path, &other.to_string());
        }
    }
}

/// `0` and `000000000` are how banks write «none».
pub(super) fn is_present(text: &str) -> bool {
    text.bytes().any(|byte| byte != b'0')
}

pub(super) fn day(text: &str) -> Option<NaiveDate> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(moscow_day(instant));
    }
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    (day.len() == 10).then(|| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok())?
}

/// ISO 4217 letters, or its numbers.
pub(super) fn currency(text: &str) -> Option<Currency> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // An account of nothing but its currency.
        return Currency::of_account(&format!("00000{text}"));
    }
    Currency::parse(text).ok()
}

/// The entry's own currency must be the account's.
pub(super) fn same_currency(entry: &Object<'_>, named: Option<String>, path: &str, account: Currency) -> Refused<()> {
    let Some(named) = named else {
        return Ok(());
    };
    match currency(&named) {
        Some(currency) if currency == account => Ok(()),
        Some(_) => {
            let details = [Text::same(account.code())];
            Err(Box::new(Diagnostic::new(
                Code::JsonCurrency,
                Place::line(entry.line),
                &named,
                &details,
            )))
        }
        None => Err(entry.refuse(path, &named)),
    }
}

/// What an entry of any bank begins as.
pub(super) fn blank(amount: Money, booked: NaiveDate, line: u64) -> Entry {
    Entry {
        direction: None,
        status: domain::EntryStatus::Booked,
        reversal: false,
        amount,
        booked,
        value: None,
        kind: None,
        number: None,
        document_date: None,
        counterparty: domain::Counterparty::default(),
        purpose: String::new(),
        bank_reference: None,
        end_to_end_id: None,
        line,
        details: Vec::new(),
        raw: RawFields::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_days_of_moscow() {
        for (text, expected) in [
            ("2025-05-13T21:00:00Z", Some("2025-05-14")),
            ("2025-05-14T06:56:03Z", Some("2025-05-14")),
            ("2025-05-14T00:00:00+03:00", Some("2025-05-14")),
            ("2025-05-14T23:59:59", Some("2025-05-14")),
            ("2025-05-14", Some("2025-05-14")),
            ("14.05.2025", None),
            ("2025-02-30", None),
            ("", None),
        ] {
            assert_eq!(day(text).map(|day| day.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn sums_keep_every_digit_of_their_text() {
        let value: Value =
            serde_json::from_str(r#"{"a":90071992547409.93,"b":6.5624E7,"c":"40.0","d":0.001,"e":-5}"#).unwrap();
        let object = Object { value: &value, line: 1 };
        let minor = |path| object.amount(path, Currency::RUB).map(Money::minor).ok();
        assert_eq!(minor("a"), Some(9_007_199_254_740_993));
        assert_eq!(minor("b"), Some(6_562_400_000));
        assert_eq!(minor("c"), Some(4_000));
        assert_eq!([minor("d"), minor("e"), minor("f")], [None; 3]);
    }
}
