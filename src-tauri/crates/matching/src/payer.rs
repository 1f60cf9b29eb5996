//! Who pays, as what is learned is kept by.

use std::fmt;

use domain::{Counterparty, ShortText};

use crate::fold::identifier_key;

/// A payer by INN, where there is none by account. A name is no payer: two firms share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayerKey {
    Inn(ShortText),
    Account(ShortText),
}

impl PayerKey {
    /// `None`: nothing that tells this payer from another.
    #[must_use]
    pub fn of(payer: &Counterparty) -> Option<Self> {
        Self::new(payer.inn.as_deref(), payer.account.as_deref())
    }

    /// By INN, else by account.
    #[must_use]
    pub fn new(inn: Option<&str>, account: Option<&str>) -> Option<Self> {
        let by_account = || identifier_key(account).filter(|account| !is_shared(account));
        identifier_key(inn)
            .map(Self::Inn)
            .or_else(|| by_account().map(Self::Account))
    }

    /// What [`PayerKey`]'s text says; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, key) = text.split_once(':')?;
        match kind {
            "inn" => Self::new(Some(key), None),
            "account" => Self::new(None, Some(key)),
            _ => None,
        }
    }

    #[must_use]
    pub fn inn(&self) -> Option<&str> {
        match self {
            Self::Inn(inn) => Some(inn),
            Self::Account(_) => None,
        }
    }

    #[must_use]
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Account(account) => Some(account),
            Self::Inn(_) => None,
        }
    }
}

/// `inn:7701234567`, `account:40702…`
impl fmt::Display for PayerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inn(inn) => write!(f, "inn:{inn}"),
            Self::Account(account) => write!(f, "account:{account}"),
        }
    }
}

/// An account through which a bank passes on other people's money. By the chart of accounts of the Bank of Russia (809-П):
/// 30… correspondent accounts and transfers, 409… transit, 47… and 603… settlements.
pub(crate) fn is_shared(account: &str) -> bool {
    const RUSSIAN_DIGITS: usize = 20;
    account.len() == RUSSIAN_DIGITS
        && ["30", "409", "47", "603"]
            .iter()
            .any(|start| account.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payer_is_an_inn_else_an_own_account() {
        let key = |inn, account| PayerKey::new(inn, account).map(|key| key.to_string());
        let account = Some("40702810900000000001");
        assert_eq!(key(Some("7701234567"), account).unwrap(), "inn:7701234567");
        assert_eq!(key(Some("0"), account).unwrap(), "account:40702810900000000001");
        assert_eq!(key(None, Some("30232810900000000001")), None);
        assert_eq!(key(Some(" "), None), None);
    }

    #[test]
    fn the_text_of_a_payer_reads_as_the_payer() {
        for text in ["inn:7701234567", "account:40702810900000000001"] {
            assert_eq!(PayerKey::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "inn:", "name:x", "7701234567"] {
            assert_eq!(PayerKey::parse(text), None, "{text}");
        }
    }
}
