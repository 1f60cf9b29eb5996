//! Who may ask: the long-lived token of the private integration, and the OAuth tokens of the other one.
//!
//! A refresh token works once; the tokens that a spent one gave go on working. Everything here is kept with the world,
//! so that a kill in mid-refresh leaves either the old pair or the new one.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::world::{ACCOUNT_ID, ADMIN};

/// The OAuth integration. The sandbox listens on this machine only and holds invented firms.
pub const CLIENT_ID: &str = "7d1c3a52-5f0e-4b7e-9a3b-000000000a41";
pub const CLIENT_SECRET: &str = "sverka0sandbox0amo0secret";
/// Where the browser goes with a code, where the request does not say.
pub const REDIRECT: &str = "https://localhost/sverka/amocrm";
/// The private integration behind the long-lived token.
pub const PRIVATE_ID: &str = "7d1c3a52-5f0e-4b7e-9a3b-000000000a42";

pub const ACCESS_S: i64 = 86_400;
const REFRESH_S: i64 = 91 * 86_400;
const CODE_S: i64 = 20 * 60;
const LONG_LIVED_S: i64 = 5 * 365 * 86_400;
/// Refresh tokens an account starts with: every client that tries it out takes one of its own.
const FIRST_REFRESH_TOKENS: u64 = 8;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    pub long_lived: String,
    long_lived_until_s: i64,
    /// By token, until when.
    access: BTreeMap<String, i64>,
    refresh: BTreeMap<String, Refresh>,
    codes: BTreeMap<String, i64>,
    /// Tokens made so far.
    serial: u64,
    host: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Refresh {
    until_s: i64,
    used: bool,
}

/// Why a token or a code is refused, in the words of the account.
pub const REVOKED: &str = "Token has been revoked";
pub const EXPIRED: &str = "Token has expired";
pub const UNKNOWN: &str = "Cannot decrypt the refresh token";
pub const CODE_REVOKED: &str = "Authorization code has been revoked";
pub const CODE_EXPIRED: &str = "Authorization code has expired";

impl Tokens {
    pub fn new(host: &str, now_s: i64) -> Self {
        let mut tokens = Self {
            host: host.to_owned(),
            ..Self::default()
        };
        tokens.long_lived_until_s = now_s.saturating_add(LONG_LIVED_S);
        tokens.long_lived = tokens.jwt(PRIVATE_ID, now_s, tokens.long_lived_until_s, 0);
        for _ in 0..FIRST_REFRESH_TOKENS {
            tokens.new_refresh(now_s);
        }
        tokens
    }

    /// Refresh tokens that nobody has used yet.
    pub fn unused(&self) -> Vec<String> {
        let unused = self.refresh.iter().filter(|(_, refresh)| !refresh.used);
        unused.map(|(token, _)| token.clone()).collect()
    }

    /// An access token that is no longer good.
    pub fn expired_access(&self) -> String {
        self.jwt(CLIENT_ID, 0, 1, u64::MAX)
    }

    /// The integration that a bearer token stands for.
    pub fn integration(&self, bearer: &str, now_s: i64) -> Option<&'static str> {
        if bearer == self.long_lived {
            return (now_s < self.long_lived_until_s).then_some(PRIVATE_ID);
        }
        self.access
            .get(bearer)
            .filter(|until| now_s < **until)
            .map(|_| CLIENT_ID)
    }

    pub fn new_code(&mut self, now_s: i64) -> String {
        let code = self.random("def50200c0de", 160);
        self.codes.insert(code.clone(), now_s.saturating_add(CODE_S));
        code
    }

    /// # Errors
    /// A hint.
    pub fn exchange(&mut self, code: &str, now_s: i64) -> Result<Value, &'static str> {
        match self.codes.remove(code) {
            None => Err(CODE_REVOKED),
            Some(until) if now_s >= until => Err(CODE_EXPIRED),
            Some(_) => Ok(self.pair(now_s)),
        }
    }

    /// # Errors
    /// A hint.
    pub fn renew(&mut self, refresh: &str, now_s: i64) -> Result<Value, &'static str> {
        let kept = self.refresh.get_mut(refresh).ok_or(UNKNOWN)?;
        if kept.used {
            return Err(REVOKED);
        }
        if now_s >= kept.until_s {
            return Err(EXPIRED);
        }
        kept.used = true;
        Ok(self.pair(now_s))
    }

    pub fn is_good_refresh(&self, refresh: &str, now_s: i64) -> bool {
        self.refresh
            .get(refresh)
            .is_some_and(|kept| !kept.used && now_s < kept.until_s)
    }

    fn pair(&mut self, now_s: i64) -> Value {
        self.access.retain(|_, until| now_s < *until);
        let until = now_s.saturating_add(ACCESS_S);
        self.serial += 1;
        let access = self.jwt(CLIENT_ID, now_s, until, self.serial);
        self.access.insert(access.clone(), until);
        let refresh = self.new_refresh(now_s);
        json!({
            "token_type": "Bearer",
            "expires_in": ACCESS_S,
            "server_time": now_s,
            "access_token": access,
            "refresh_token": refresh,
        })
    }

    fn new_refresh(&mut self, now_s: i64) -> String {
        let token = self.random("def50200", 320);
        let refresh = Refresh {
            until_s: now_s.saturating_add(REFRESH_S),
            used: false,
        };
        self.refresh.insert(token.clone(), refresh);
        token
    }

    /// Hexadecimal text, the same in every sandbox for the same serial.
    fn random(&mut self, start: &str, letters: usize) -> String {
        self.serial += 1;
        let mut random = fastrand::Rng::with_seed(self.serial);
        let mut token = start.to_owned();
        while token.len() < letters {
            token.push(char::from_digit(random.u32(0..16), 16).unwrap_or('0'));
        }
        token
    }

    /// Of the shape of a JWT; the signature is none, clients cannot check it.
    fn jwt(&self, client: &str, from_s: i64, until_s: i64, serial: u64) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = part(&json!({"typ": "JWT", "alg": "RS256", "jti": format!("{serial:040x}")}));
        let claims = part(&json!({
            "aud": client,
            "jti": format!("{serial:040x}"),
            "iat": from_s,
            "nbf": from_s,
            "exp": until_s,
            "sub": ADMIN.to_string(),
            "grant_type": "",
            "account_id": ACCOUNT_ID,
            "base_domain": self.host.split_once('.').map_or("", |(_, domain)| domain),
            "version": 2,
            "scopes": ["crm", "notifications"],
            "user_flags": 0,
            "api_domain": self.host,
        }));
        format!("{head}.{claims}.{}", URL_SAFE_NO_PAD.encode("sandbox"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_works_once() {
        let mut tokens = Tokens::new("sverka.amocrm.ru", 1000);
        let first = tokens.unused().remove(0);
        let pair = tokens.renew(&first, 1000).unwrap();
        let access = pair["access_token"].as_str().unwrap();
        assert_eq!(tokens.integration(access, 1000 + ACCESS_S - 1), Some(CLIENT_ID));
        assert_eq!(tokens.integration(access, 1000 + ACCESS_S), None);
        assert_eq!(tokens.renew(&first, 1000), Err(REVOKED));
        let second = pair["refresh_token"].as_str().unwrap();
        assert_eq!(tokens.renew(second, 1000 + REFRESH_S), Err(EXPIRED));
        assert!(tokens.renew(second, 1000 + REFRESH_S - 1).is_ok());
        assert_eq!(tokens.renew("def502", 1000), Err(UNKNOWN));
    }

    #[test]
    fn a_code_works_once_for_twenty_minutes() {
        let mut tokens = Tokens::new("sverka.amocrm.ru", 0);
        let (code, late) = (tokens.new_code(0), tokens.new_code(0));
        assert!(tokens.exchange(&code, CODE_S - 1).is_ok());
        assert_eq!(tokens.exchange(&code, 0), Err(CODE_REVOKED));
        assert_eq!(tokens.exchange(&late, CODE_S), Err(CODE_EXPIRED));
    }
}
