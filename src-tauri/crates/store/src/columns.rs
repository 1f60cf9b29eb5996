//! Between the vocabulary and columns: sums as whole numbers, days as ISO text, the rest as JSON.

use chrono::NaiveDate;
use domain::{Currency, Money};
use rusqlite::Row;
use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

type Result<T> = std::result::Result<T, StoreError>;

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt {
        what: format!("a value that cannot be written: {error}"),
    })
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt {
        what: format!("a stored value that cannot be read: {error}"),
    })
}

/// The column's JSON as what it stands for.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> Result<T> {
    let text: String = row.get(column)?;
    from_json(&text)
}

pub(crate) fn money(row: &Row<'_>, amount: &str, currency: &str) -> Result<Money> {
    Ok(Money::from_minor(
        row.get(amount)?,
        currency_of(&row.get::<_, String>(currency)?)?,
    ))
}

pub(crate) fn money_or_none(row: &Row<'_>, amount: &str, currency: &str) -> Result<Option<Money>> {
    let minor: Option<i64> = row.get(amount)?;
    let currency = currency_of(&row.get::<_, String>(currency)?)?;
    Ok(minor.map(|minor| Money::from_minor(minor, currency)))
}

pub(crate) fn currency_of(code: &str) -> Result<Currency> {
    Currency::parse(code).map_err(|error| StoreError::Corrupt {
        what: error.to_string(),
    })
}

pub(crate) fn day(row: &Row<'_>, column: &str) -> Result<NaiveDate> {
    day_of(&row.get::<_, String>(column)?)
}

pub(crate) fn day_of(text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| StoreError::Corrupt {
        what: format!("«{text}» is not a day"),
    })
}

/// A column that counts: never negative in a sound ledger.
pub(crate) fn count(row: &Row<'_>, column: &str) -> Result<u64> {
    whole(row.get(column)?)
}

pub(crate) fn whole(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt {
        what: format!("{number} where a count is expected"),
    })
}

/// For columns and LIMITs: counts beyond the range mean «all».
pub(crate) fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn compact(account: &str) -> String {
    account.chars().filter(|character| !character.is_whitespace()).collect()
}

/// A column that holds one word of an enum.
pub(crate) fn word<T>(row: &Row<'_>, column: &str, parse: fn(&str) -> Option<T>) -> Result<T> {
    let word: String = row.get(column)?;
    parse(&word).ok_or_else(|| StoreError::Corrupt {
        what: format!("«{word}» is no {column}"),
    })
}

/// An enum that is a word in SQL, in JSON and in Rust.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }
    };
}
pub(crate) use words;
