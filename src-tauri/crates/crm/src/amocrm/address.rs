//! The address of an account: the token goes to no other host.

use std::fmt;

use domain::Text;
use reqwest::Url;

use crate::webhook::is_loopback;

/// Hosts whose subdomains are accounts.
const DOMAINS: [&str; 3] = ["amocrm.ru", "amocrm.com", "kommo.com"];

/// `https://firm.amocrm.ru`, without anything behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountUrl {
    origin: String,
    loopback: bool,
}

/// Why a text is not the address of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAccount {
    #[error("not an address")]
    NotAnAddress,
    #[error("https is required")]
    NotHttps,
    #[error("not an account of amoCRM or Kommo")]
    Stranger,
}

impl InvalidAccount {
    #[must_use]
    pub fn text(self) -> Text {
        const RU: &str = "Скопируйте адрес из браузера, когда открыта ваша amoCRM: https://фирма.amocrm.ru";
        const EN: &str = "Copy the address from the browser where your account is open: https://firm.kommo.com";
        let (ru, en) = match self {
            Self::NotAnAddress => ("Это не адрес аккаунта amoCRM", "This is not the address of an account"),
            Self::NotHttps => (
                "Адрес аккаунта должен начинаться с https://: по http токен виден посторонним",
                "The address must start with https://: over http others can see the token",
            ),
            Self::Stranger => (
                "Это адрес не аккаунта amoCRM или Kommo, токен туда отправлять нельзя",
                "This is no account of amoCRM or Kommo, and the token must not go there",
            ),
        };
        Text::new(format!("{ru}. {RU}"), format!("{en}. {EN}"))
    }
}

impl AccountUrl {
    /// Takes the address as it stands in a browser, with or without what follows the host. Plain http only on this
    /// machine (a sandbox).
    ///
    /// # Errors
    /// Another shape or another host; see [`InvalidAccount`].
    pub fn parse(text: &str) -> Result<Self, InvalidAccount> {
        let text = text.trim();
        let whole = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&whole).map_err(|_| InvalidAccount::NotAnAddress)?;
        let host = url.host_str().ok_or(InvalidAccount::NotAnAddress)?;
        let loopback = is_loopback(host);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(InvalidAccount::NotHttps),
            _ => return Err(InvalidAccount::NotAnAddress),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidAccount::NotAnAddress);
        }
        if !loopback && !is_account(host) {
            return Err(InvalidAccount::Stranger);
        }
        Ok(Self {
            origin: url.origin().ascii_serialization(),
            loopback,
        })
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// On this machine: no proxy stands between.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Where this account may have moved to, by what the CRM says: never from the CRM to this machine or back.
    pub(super) fn moved(&self, host: &str) -> Option<Self> {
        let scheme = self.origin.split("://").next()?;
        let moved = Self::parse(&format!("{scheme}://{host}")).ok()?;
        (moved.loopback == self.loopback).then_some(moved)
    }
}

/// A name of one or more labels before a domain of the CRM; `www` is nobody's account.
fn is_account(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let name = DOMAINS
        .iter()
        .find_map(|domain| host.strip_suffix(domain)?.strip_suffix('.'));
    name.is_some_and(|name| !name.is_empty() && name != "www")
}

impl fmt::Display for AccountUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_a_browser_shows_it() {
        for text in [
            "firm.amocrm.ru",
            " https://firm.amocrm.ru/leads/pipeline/123?filter=1#x\n",
            "https://FIRM.amocrm.ru",
        ] {
            assert_eq!(
                AccountUrl::parse(text).unwrap().origin(),
                "https://firm.amocrm.ru",
                "{text}"
            );
        }
        let sandbox = AccountUrl::parse("http://127.0.0.1:8080/").unwrap();
        assert_eq!(
            (sandbox.origin(), sandbox.is_loopback()),
            ("http://127.0.0.1:8080", true)
        );
        assert!(AccountUrl::parse("https://firm.kommo.com/").is_ok());
    }

    #[test]
    fn a_token_goes_to_no_stranger() {
        use InvalidAccount as E;
        for (text, expected) in [
            ("", E::NotAnAddress),
            ("ftp://firm.amocrm.ru", E::NotAnAddress),
            ("https://a:b@firm.amocrm.ru", E::NotAnAddress),
            ("http://firm.amocrm.ru", E::NotHttps),
            ("https://www.amocrm.ru", E::Stranger),
            ("https://amocrm.ru", E::Stranger),
            ("https://evilamocrm.ru", E::Stranger),
            ("https://firm.amocrm.ru.evil.example", E::Stranger),
            ("https://example.org", E::Stranger),
        ] {
            let error = AccountUrl::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(error.text().ru.contains("amocrm.ru"), "{text}");
        }
    }

    #[test]
    fn an_account_moves_among_the_crms_hosts_only() {
        let account = AccountUrl::parse("firm.amocrm.ru").unwrap();
        assert_eq!(
            account.moved("firm2.amocrm.com").unwrap().origin(),
            "https://firm2.amocrm.com"
        );
        assert_eq!(account.moved("evil.example"), None);
        assert_eq!(account.moved("127.0.0.1:80"), None);
        let sandbox = AccountUrl::parse("http://127.0.0.1:1").unwrap();
        assert_eq!(sandbox.moved("localhost:2").unwrap().origin(), "http://localhost:2");
        assert_eq!(sandbox.moved("firm.amocrm.ru"), None);
    }
}
