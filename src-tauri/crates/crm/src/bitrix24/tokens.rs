//! Keys of a local application: what is kept between runs, and where.

use domain::Text;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{php, webhook::is_loopback};

/// A local application, as its card on the portal shows it.
#[derive(Debug, Clone)]
pub struct Application {
    pub client_id: String,
    pub client_secret: SecretString,
}

/// An application with its pair of tokens: what a host keeps sealed, whole.
#[derive(Debug, Clone)]
pub struct AppKeys {
    pub application: Application,
    pub access: SecretString,
    pub refresh: SecretString,
    /// Where methods are called, with a slash at the end: `https://portal/rest/`.
    pub client_endpoint: String,
    /// The authorisation server's, as the last pair named it: the next one is asked for there.
    pub server_endpoint: String,
    pub member_id: String,
    pub scopes: Vec<String>,
}

/// Where a host keeps the keys. Several processes may share it.
pub trait AppVault: Send + Sync {
    /// # Errors
    /// In words: the keyring is locked, the disk does not answer.
    fn load(&self) -> Result<AppKeys, Text>;

    /// Returns when the pair is kept for good, both halves or neither.
    ///
    /// # Errors
    /// As [`AppVault::load`].
    fn keep(&self, keys: &AppKeys) -> Result<(), Text>;

    /// Held while a pair is renewed: of two processes one renews, and the other finds the new pair.
    ///
    /// # Errors
    /// Another process renews right now, or the disk does not answer.
    fn lock(&self) -> Result<Box<dyn Send>, Text>;
}

impl AppKeys {
    /// What goes into a secret store.
    #[must_use]
    pub fn to_secret(&self) -> SecretString {
        let whole = json!({
            "client_id": self.application.client_id,
            "client_secret": self.application.client_secret.expose_secret(),
            "access": self.access.expose_secret(),
            "refresh": self.refresh.expose_secret(),
            "client_endpoint": self.client_endpoint,
            "server_endpoint": self.server_endpoint,
            "member_id": self.member_id,
            "scopes": self.scopes,
        });
        SecretString::from(whole.to_string())
    }

    /// What [`AppKeys::to_secret`] made; `None` for anything else.
    #[must_use]
    pub fn from_secret(secret: &SecretString) -> Option<Self> {
        let whole: Value = serde_json::from_str(secret.expose_secret()).ok()?;
        let text = |name: &str| php::text(&whole[name]);
        Some(Self {
            application: Application {
                client_id: text("client_id")?,
                client_secret: SecretString::from(text("client_secret")?),
            },
            access: SecretString::from(text("access")?),
            refresh: SecretString::from(text("refresh")?),
            client_endpoint: text("client_endpoint")?,
            server_endpoint: text("server_endpoint")?,
            member_id: text("member_id").unwrap_or_default(),
            scopes: php::texts(&whole["scopes"]),
        })
    }

    /// Scheme, host and port of the portal: what may be shown and logged.
    #[must_use]
    pub fn origin(&self) -> String {
        Url::parse(&self.client_endpoint).map_or_else(|_| "?".to_owned(), |url| url.origin().ascii_serialization())
    }

    #[must_use]
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.client_endpoint).is_ok_and(|url| url.host_str().is_some_and(is_loopback))
    }

    pub(super) fn is_the_pair_of(&self, other: &Self) -> bool {
        self.access.expose_secret() == other.access.expose_secret()
    }

    /// Takes every secret out of a text that came from elsewhere.
    pub(super) fn mask(&self, text: &str) -> String {
        let secrets = [&self.access, &self.refresh, &self.application.client_secret];
        let secrets = secrets.map(ExposeSecret::expose_secret);
        let known = secrets.iter().filter(|secret| !secret.is_empty());
        known.fold(text.to_owned(), |text, secret| text.replace(*secret, "***"))
    }

    /// The same application with the pair in an answer of the authorisation server. `None`: it holds none, or names an
    /// address that others could listen to.
    pub(super) fn with_pair(&self, body: &Value) -> Option<Self> {
        let text = |name: &str| php::text(&body[name]);
        let endpoint = |name: &str, before: &str| match text(name) {
            Some(address) => secure(&address),
            None => secure(before),
        };
        let scopes = text("scope").unwrap_or_default();
        let scopes: Vec<String> = scopes
            .split([',', ' '])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        Some(Self {
            application: self.application.clone(),
            access: SecretString::from(text("access_token")?),
            refresh: SecretString::from(text("refresh_token")?),
            client_endpoint: endpoint("client_endpoint", &self.client_endpoint)?,
            server_endpoint: endpoint("server_endpoint", &self.server_endpoint)?,
            member_id: text("member_id").unwrap_or_else(|| self.member_id.clone()),
            scopes: if scopes.is_empty() { self.scopes.clone() } else { scopes },
        })
    }

    /// Where pairs are given out.
    pub(super) fn token_address(&self) -> Option<String> {
        let origin = Url::parse(&self.server_endpoint).ok()?.origin().ascii_serialization();
        Some(format!("{origin}/oauth/token/"))
    }
}

/// The address with a slash at the end, if it is https or on this machine.
pub(super) fn secure(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(host));
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (safe && plain).then(|| format!("{}/", url.as_str().trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> AppKeys {
        AppKeys {
            application: Application {
                client_id: "local.1".to_owned(),
                client_secret: SecretString::from("s3cr3t"),
            },
            access: SecretString::from("acc3ss"),
            refresh: SecretString::from("r3fresh"),
            client_endpoint: "https://firm.bitrix24.ru/rest/".to_owned(),
            server_endpoint: "https://oauth.bitrix.info/rest/".to_owned(),
            member_id: "a223".to_owned(),
            scopes: vec!["crm".to_owned()],
        }
    }

    #[test]
    fn what_is_kept_comes_back_whole_and_prints_no_secret() {
        let back = AppKeys::from_secret(&keys().to_secret()).unwrap();
        assert_eq!(back.to_secret().expose_secret(), keys().to_secret().expose_secret());
        let printed = format!("{back:?} {}", back.mask("acc3ss r3fresh s3cr3t"));
        for secret in ["acc3ss", "r3fresh", "s3cr3t"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(AppKeys::from_secret(&SecretString::from("https://firm/rest/1/x/")).is_none());
    }

    #[test]
    fn a_pair_moves_the_addresses_along_and_never_to_an_open_line() {
        let pair = json!({"access_token": "a", "refresh_token": "b", "scope": "crm,im",
                          "client_endpoint": "https://new.bitrix24.ru/rest", "server_endpoint": "https://oauth.bitrix24.tech/rest/"});
        let next = keys().with_pair(&pair).unwrap();
        assert_eq!(next.client_endpoint, "https://new.bitrix24.ru/rest/");
        assert_eq!(
            next.token_address().unwrap(),
            "https://oauth.bitrix24.tech/oauth/token/"
        );
        assert_eq!(next.scopes, ["crm", "im"]);
        for (name, address) in [
            ("client_endpoint", "http://firm.bitrix24.ru/rest/"),
            ("server_endpoint", "http://oauth.bitrix.info/rest/"),
            ("server_endpoint", "https://a:b@oauth.bitrix.info/"),
            ("client_endpoint", "nonsense"),
        ] {
            let mut open = pair.clone();
            open[name] = json!(address);
            assert!(keys().with_pair(&open).is_none(), "{address}");
        }
        assert!(keys().with_pair(&json!({"access_token": "a"})).is_none());
    }
}
