//! Keys to an account: a long-lived token, or a pair of OAuth 2.0 that is renewed.
//!
//! A refresh token works once. So what is being done is kept before it is done: before a renewal the pair is marked, after
//! it the new pair is kept before it is used. A renewal whose answer was lost is not repeated: perhaps the new pair was
//! given out, and asking again with a spent token would look like theft.

use std::{future::Future, pin::Pin};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Text, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::php;

/// The integration whose tokens these are, as its card in the CRM shows it.
#[derive(Debug, Clone)]
pub struct Integration {
    pub client_id: String,
    pub client_secret: SecretString,
    pub redirect_uri: String,
}

/// A pair of tokens.
#[derive(Debug, Clone)]
pub struct Pair {
    pub access: SecretString,
    pub refresh: SecretString,
    /// A renewal with this refresh token was begun, and how it ended is not known.
    pub renewing: bool,
}

impl Pair {
    /// Of a pair whose renewal the CRM refused nothing is kept to ask with again.
    pub(super) fn spent(self) -> Self {
        Self {
            refresh: SecretString::from(""),
            renewing: false,
            ..self
        }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.refresh.expose_secret().is_empty()
    }
}

/// What opens an account.
#[derive(Debug, Clone)]
pub enum Keys {
    LongLived(SecretString),
    OAuth { integration: Integration, pair: Pair },
}

/// Keys with the account they open: what a host keeps sealed, whole.
#[derive(Debug, Clone)]
pub struct Kept {
    /// The account's origin; it changes when the account moves.
    pub account: String,
    pub keys: Keys,
}

/// Who says when a request may go: what an account grants is counted by the host, and a renewal asks more than the one call
/// that the host knows of.
pub trait Pace: Send + Sync {
    /// Waits until one more request may go.
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Where a host keeps the keys. Several processes may share it.
pub trait Vault: Send + Sync {
    /// # Errors
    /// In words: the keyring is locked, the disk does not answer.
    fn load(&self) -> Result<Kept, Text>;

    /// Returns when it is kept for good.
    ///
    /// # Errors
    /// As [`Vault::load`].
    fn keep(&self, kept: &Kept) -> Result<(), Text>;

    /// Held while a pair is renewed: of two processes one renews, and the other finds the new pair.
    ///
    /// # Errors
    /// Another process renews right now, or the disk does not answer.
    fn lock(&self) -> Result<Box<dyn Send>, Text>;
}

impl Kept {
    /// What goes into a secret store.
    #[must_use]
    pub fn to_secret(&self) -> SecretString {
        let keys = match &self.keys {
            Keys::LongLived(token) => json!({"token": token.expose_secret()}),
            Keys::OAuth { integration, pair } => json!({
                "client_id": integration.client_id,
                "client_secret": integration.client_secret.expose_secret(),
                "redirect_uri": integration.redirect_uri,
                "access": pair.access.expose_secret(),
                "refresh": pair.refresh.expose_secret(),
                "renewing": pair.renewing,
            }),
        };
        SecretString::from(json!({"account": self.account, "keys": keys}).to_string())
    }

    /// What [`Kept::to_secret`] made; `None` for anything else.
    #[must_use]
    pub fn from_secret(secret: &SecretString) -> Option<Self> {
        let whole: Value = serde_json::from_str(secret.expose_secret()).ok()?;
        let keys = &whole["keys"];
        let text = |name: &str| php::text(&keys[name]);
        let keys = match text("token") {
            Some(token) => Keys::LongLived(SecretString::from(token)),
            None => Keys::OAuth {
                integration: Integration {
                    client_id: text("client_id")?,
                    client_secret: SecretString::from(text("client_secret")?),
                    redirect_uri: text("redirect_uri").unwrap_or_default(),
                },
                pair: Pair {
                    access: SecretString::from(text("access")?),
                    refresh: SecretString::from(text("refresh")?),
                    renewing: php::flag(&keys["renewing"]),
                },
            },
        };
        Some(Self {
            account: php::text(&whole["account"])?,
            keys,
        })
    }

    pub(super) fn bearer(&self) -> &SecretString {
        match &self.keys {
            Keys::LongLived(token) => token,
            Keys::OAuth { pair, .. } => &pair.access,
        }
    }

    /// Everything in it that must not be printed.
    pub(super) fn secrets(&self) -> Vec<&SecretString> {
        match &self.keys {
            Keys::LongLived(token) => vec![token],
            Keys::OAuth { integration, pair } => vec![&pair.access, &pair.refresh, &integration.client_secret],
        }
    }
}

/// The pair in an answer of the authorisation server.
pub(super) fn pair(body: &Value) -> Option<Pair> {
    Some(Pair {
        access: SecretString::from(php::text(&body["access_token"])?),
        refresh: SecretString::from(php::text(&body["refresh_token"])?),
        renewing: false,
    })
}

/// Where an account that has moved is asked for: named in its access token. The token is not proven by this: it is ours.
pub(super) fn api_domain(access: &SecretString) -> Option<String> {
    php::text(&claims(access)?["api_domain"])
}

/// When a token works no longer, as it says itself.
pub(super) fn expires(token: &SecretString) -> Option<Timestamp> {
    let seconds: i64 = php::text(&claims(token)?["exp"])?.split('.').next()?.parse().ok()?;
    seconds.checked_mul(1_000).map(Timestamp)
}

fn claims(token: &SecretString) -> Option<Value> {
    let payload = token.expose_secret().split('.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oauth() -> Kept {
        Kept {
            account: "https://firm.amocrm.ru".to_owned(),
            keys: Keys::OAuth {
                integration: Integration {
                    client_id: "id".to_owned(),
                    client_secret: SecretString::from("s3cr3t"),
                    redirect_uri: "https://example.org".to_owned(),
                },
                pair: Pair {
                    access: SecretString::from("acc3ss"),
                    refresh: SecretString::from("r3fresh"),
                    renewing: true,
                },
            },
        }
    }

    #[test]
    fn keys_survive_being_kept_and_never_print() {
        let long = Kept {
            account: "https://firm.amocrm.ru".to_owned(),
            keys: Keys::LongLived(SecretString::from("t0ken")),
        };
        for kept in [long, oauth()] {
            let again = Kept::from_secret(&kept.to_secret()).unwrap();
            assert_eq!(
                again.to_secret().expose_secret(),
                kept.to_secret().expose_secret(),
                "{kept:?}"
            );
            let printed = format!("{kept:?}");
            for secret in kept.secrets() {
                assert!(!printed.contains(secret.expose_secret()), "{printed}");
            }
        }
        assert!(Kept::from_secret(&SecretString::from("{}")).is_none());
        assert!(Kept::from_secret(&SecretString::from("https://x.bitrix24.ru/rest/1/x/")).is_none());
    }

    #[test]
    fn the_domain_is_read_from_the_token() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"api_domain":"api-b.amocrm.ru","account_id":1}"#);
        let token = SecretString::from(format!("e30.{claims}.c2ln"));
        assert_eq!(api_domain(&token).as_deref(), Some("api-b.amocrm.ru"));
        for other in ["plain", "a.b.c", "..", "e30.e30.e30"] {
            assert_eq!(api_domain(&SecretString::from(other)), None, "{other}");
        }
    }
}
