//! The address of an inbound webhook, which is at once the key to the portal: it never prints whole.

use std::fmt;

use domain::Text;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

/// `https://portal/rest/1/secret/`. Printed, the secret is stars.
#[derive(Clone)]
pub struct WebhookUrl {
    /// The whole address with a slash at the end.
    address: SecretString,
    origin: String,
    user: u64,
    loopback: bool,
}

/// Why a text is not the address of an inbound webhook. It never quotes the text: that may be the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhook {
    #[error("not an address")]
    NotAnAddress,
    #[error("https is required")]
    NotHttps,
    #[error("the address holds a login, a query or a fragment")]
    Stranger,
    #[error("an address of REST 3.0, which has no CRM methods")]
    Rest3,
    #[error("the path is not /rest/<user>/<secret>/")]
    Path,
}

impl InvalidWebhook {
    #[must_use]
    pub fn text(self) -> Text {
        const RU: &str = "Скопируйте в Битрикс24 адрес входящего вебхука целиком: https://портал/rest/1/код/";
        const EN: &str = "Copy the whole address of an inbound webhook from Bitrix24: https://portal/rest/1/code/";
        let (ru, en) = match self {
            Self::NotAnAddress => ("Это не адрес вебхука", "This is not the address of a webhook"),
            Self::NotHttps => (
                "Адрес вебхука должен начинаться с https://: по http ключ виден посторонним",
                "The webhook must start with https://: over http others can see the key",
            ),
            Self::Stranger => (
                "В адресе вебхука лишнее: логин, знак «?» или «#»",
                "The webhook's address holds something more: a login, a «?» or a «#»",
            ),
            Self::Rest3 => (
                "Это адрес REST 3.0 (/rest/api/...), в нём нет методов CRM",
                "This is an address of REST 3.0 (/rest/api/...), which has no CRM methods",
            ),
            Self::Path => (
                "В адресе вебхука не хватает номера пользователя или кода",
                "The webhook's address lacks the number of the user or the code",
            ),
        };
        Text::new(format!("{ru}. {RU}"), format!("{en}. {EN}"))
    }
}

impl WebhookUrl {
    /// Takes the address with or without the slash at the end, and with the sample method that Bitrix24 shows behind it.
    /// Plain http only on this machine (a sandbox).
    ///
    /// # Errors
    /// Another shape; see [`InvalidWebhook`].
    pub fn parse(text: &str) -> Result<Self, InvalidWebhook> {
        let url = Url::parse(text.trim()).map_err(|_| InvalidWebhook::NotAnAddress)?;
        let host = url.host_str().ok_or(InvalidWebhook::NotAnAddress)?;
        let loopback = is_loopback(host);
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(InvalidWebhook::NotHttps),
            _ => return Err(InvalidWebhook::NotAnAddress),
        }
        let logged_in = !url.username().is_empty() || url.password().is_some();
        if logged_in || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidWebhook::Stranger);
        }
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let (user, code) = match parts.as_slice() {
            ["rest", "api", ..] => return Err(InvalidWebhook::Rest3),
            ["rest", user, code] | ["rest", user, code, _] => (*user, *code),
            _ => return Err(InvalidWebhook::Path),
        };
        let user: u64 = user.parse().map_err(|_| InvalidWebhook::Path)?;
        if !code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        {
            return Err(InvalidWebhook::Path);
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self {
            address: SecretString::from(format!("{origin}/rest/{user}/{code}/")),
            origin,
            user,
            loopback,
        })
    }

    /// Scheme, host and port: what may be shown and logged.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The user in whose name the webhook acts.
    #[must_use]
    pub fn user(&self) -> u64 {
        self.user
    }

    /// On this machine: no proxy stands between.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The whole address, to be kept in the vault.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.address
    }

    pub(crate) fn of_method(&self, method: &str) -> String {
        format!("{}{method}.json", self.address.expose_secret())
    }

    /// Takes the secret out of a text that came from elsewhere (a proxy's error page may quote the address).
    pub(crate) fn mask(&self, text: &str) -> String {
        let address = self.address.expose_secret().trim_end_matches('/');
        let code = address.rsplit('/').next().unwrap_or(address);
        text.replace(code, "***")
    }
}

pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/rest/{}/***/", self.origin, self.user)
    }
}

impl fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "k3yk3yk3y";

    #[test]
    fn an_address_is_taken_in_each_form_it_is_shown_in() {
        for text in [
            "https://firm.bitrix24.ru/rest/1/k3yk3yk3y/",
            "https://firm.bitrix24.ru/rest/1/k3yk3yk3y",
            "  https://firm.bitrix24.ru/rest/1/k3yk3yk3y/profile.json\n",
        ] {
            let webhook = WebhookUrl::parse(text).unwrap();
            assert_eq!(
                webhook.of_method("profile"),
                "https://firm.bitrix24.ru/rest/1/k3yk3yk3y/profile.json"
            );
            assert_eq!(
                (webhook.origin(), webhook.user(), webhook.is_loopback()),
                ("https://firm.bitrix24.ru", 1, false)
            );
        }
        for text in [
            "http://127.0.0.1:8080/rest/1/k3yk3yk3y/",
            "http://localhost:1/rest/1/x",
            "http://[::1]:1/rest/1/x",
        ] {
            assert!(WebhookUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
    }

    #[test]
    fn another_shape_is_refused_by_its_name() {
        use InvalidWebhook as E;
        for (text, expected) in [
            ("", E::NotAnAddress),
            ("firm.bitrix24.ru", E::NotAnAddress),
            ("ftp://firm.bitrix24.ru/rest/1/x/", E::NotAnAddress),
            ("http://firm.bitrix24.ru/rest/1/x/", E::NotHttps),
            ("http://127.0.0.1.evil.example/rest/1/x/", E::NotHttps),
            ("https://a:b@firm.bitrix24.ru/rest/1/x/", E::Stranger),
            ("https://firm.bitrix24.ru/rest/1/x/?a=b", E::Stranger),
            ("https://firm.bitrix24.ru/rest/1/x/#a", E::Stranger),
            ("https://firm.bitrix24.ru/rest/api/1/x/", E::Rest3),
            ("https://firm.bitrix24.ru/", E::Path),
            ("https://firm.bitrix24.ru/rest/x/1/", E::Path),
            ("https://firm.bitrix24.ru/rest/1/", E::Path),
            ("https://firm.bitrix24.ru/rest/1/x%2Fy/", E::Path),
            ("https://firm.bitrix24.ru/rest/1/x/y/z/", E::Path),
        ] {
            let error = WebhookUrl::parse(text).unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(error.text().ru.contains("вебхук"), "{text}");
        }
    }

    #[test]
    fn the_secret_is_never_printed() {
        let webhook = WebhookUrl::parse("https://firm.bitrix24.ru/rest/1/k3yk3yk3y/").unwrap();
        let page = format!("cannot load https://firm.bitrix24.ru/rest/1/{SECRET}/profile.json");
        for printed in [
            format!("{webhook}"),
            format!("{webhook:?}"),
            format!("{webhook:#?}"),
            format!("{:?}", webhook.secret()),
            webhook.mask(&page),
        ] {
            assert!(!printed.contains(SECRET), "{printed}");
        }
        assert_eq!(webhook.to_string(), "https://firm.bitrix24.ru/rest/1/***/");
    }
}
