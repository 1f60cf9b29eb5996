//! What a person said once about the tables of a bank, and how the next one is known to be like it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{day::DayOrder, field::Field, number::DecimalSign, words::normalised};

/// Of the shape of [`TableProfile`]; a file of a later one is not read by an earlier program.
pub const PROFILE_VERSION: u32 = 1;

/// What tells money that came from money that went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignRule {
    /// A column of debits and one of credits.
    Columns,
    /// One column; what went out has a minus.
    Signed,
    /// One column, and another with the direction in words.
    Direction,
    /// One column; the own account is the payer's or the payee's.
    Accounts,
    /// One column of what came in, and nothing else.
    Credits,
    /// One column of what went out, and nothing else.
    Debits,
}

impl SignRule {
    pub const ALL: [Self; 6] = [
        Self::Columns,
        Self::Signed,
        Self::Direction,
        Self::Accounts,
        Self::Credits,
        Self::Debits,
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Signed => "signed",
            Self::Direction => "direction",
            Self::Accounts => "accounts",
            Self::Credits => "credits",
            Self::Debits => "debits",
        }
    }

    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

/// What a person says of a table; what is left out is guessed, or asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// By the words of its header, or by its number: `#3`, counted from 1.
    pub columns: BTreeMap<Field, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DayOrder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalSign>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<SignRule>,
    /// The own account, for tables that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// ISO 4217, for tables that name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

impl Answers {
    /// The column that an answer names.
    pub(super) fn column(texts: &[String], named: &str) -> Option<usize> {
        if let Some(number) = named.strip_prefix('#') {
            let at: usize = number.parse().ok()?;
            return at.checked_sub(1).filter(|at| *at < texts.len());
        }
        let wanted = normalised(named);
        let mut found = (0..texts.len()).filter(|at| normalised(&texts[*at]) == wanted);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}

/// Answers, and the header of the tables that they are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableProfile {
    pub version: u32,
    pub name: String,
    /// The words of every column, lower case and without punctuation: the profile is used where they are the same.
    pub header: Vec<String>,
    pub header_rows: usize,
    /// Of a text; a workbook has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub delimiter: Option<char>,
    /// As the registries name it: a one-byte encoding that the bytes themselves do not betray.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub encoding: Option<String>,
    #[serde(flatten)]
    pub answers: Answers,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_words_or_by_number_and_never_by_chance() {
        let texts: Vec<String> = ["Дата", "Счёт", "Счёт", "Сумма, руб."].map(str::to_owned).into();
        assert_eq!(Answers::column(&texts, "дата"), Some(0));
        assert_eq!(Answers::column(&texts, "сумма руб"), Some(3));
        assert_eq!(Answers::column(&texts, "Счёт"), None, "there are two");
        assert_eq!(Answers::column(&texts, "#2"), Some(1));
        for wrong in ["#0", "#5", "#x", "Остаток", ""] {
            assert_eq!(Answers::column(&texts, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_profile_is_readable_json() {
        let profile = TableProfile {
            version: PROFILE_VERSION,
            name: "bank".to_owned(),
            header: vec!["дата".to_owned(), "сумма".to_owned()],
            header_rows: 1,
            delimiter: Some(';'),
            encoding: None,
            answers: Answers {
                columns: [(Field::Date, "дата".to_owned())].into(),
                dates: Some(DayOrder::DayFirst),
                sign: Some(SignRule::Signed),
                ..Answers::default()
            },
        };
        let text = serde_json::to_string(&profile).unwrap();
        assert_eq!(
            text,
            r#"{"version":1,"name":"bank","header":["дата","сумма"],"header_rows":1,"delimiter":";","columns":{"date":"дата"},"dates":"day_first","sign":"signed"}"#
        );
        assert_eq!(serde_json::from_str::<TableProfile>(&text).unwrap(), profile);
    }
}
