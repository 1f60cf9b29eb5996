//! The authorization server of the portal's one local application: codes, tokens and their lives.
//!
//! Knows nothing of HTTP but the shape of its answers. Tokens are made from a counter, so that a run can be repeated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    php::Php,
    rest::{Caller, RestError},
    world::WEBHOOK_USER,
};

pub const CLIENT_ID: &str = "local.6a1c0sandbox0.31415926";
pub const CLIENT_SECRET: &str = "s4ndb0xSecretOfALocalApplication00000000000000000";
pub const MEMBER_ID: &str = "a223c6b3710f85df22e9377d6c4f7553";
/// The access token that the ready line announces as expired: it never was anything else.
pub const EXPIRED_TOKEN: &str = "0000000000000000expired0access0token0000000000000000000000000000000000";
/// The names under which the makers run this server.
pub const OFFICIAL_HOSTS: [&str; 2] = ["oauth.bitrix.info", "oauth.bitrix24.tech"];

pub const CODE_MS: i64 = 30_000;
pub const ACCESS_MS: i64 = 3_600_000;
pub const REFRESH_MS: i64 = 180 * 24 * 3_600_000;
/// Refresh tokens the ready line announces.
const ANNOUNCED: u64 = 4;
/// Scopes of the application unless the firm says otherwise.
pub const APP_SCOPES: [&str; 10] = [
    "crm",
    "user",
    "user_brief",
    "userfieldconfig",
    "im",
    "task",
    "sale",
    "documentgenerator",
    "lists",
    "bizproc",
];

/// Something that was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Given {
    user: i64,
    until_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OAuth {
    /// The portal's own address, without a path.
    pub origin: String,
    /// Where the application's card sends the browser; none: the code is shown on the page.
    pub redirect: Option<String>,
    pub scopes: Vec<String>,
    counter: u64,
    codes: BTreeMap<String, Given>,
    access: BTreeMap<String, Given>,
    refresh: BTreeMap<String, Given>,
}

/// A refusal of the authorization server.
fn refused(code: &str, text: &str) -> RestError {
    RestError::new(400, code, text)
}

impl OAuth {
    /// The application as it is after its installation.
    pub fn installed(origin: &str, now_ms: i64) -> Self {
        let mut new = Self {
            origin: origin.to_owned(),
            scopes: APP_SCOPES.map(str::to_owned).to_vec(),
            ..Self::default()
        };
        for number in 0..ANNOUNCED {
            let given = Given {
                user: WEBHOOK_USER,
                until_ms: now_ms + REFRESH_MS,
            };
            new.refresh.insert(announced_refresh(number), given);
        }
        new
    }

    /// The refresh tokens of the ready line, each for one use: of those the application was installed with what is left,
    /// and behind them what came for the others.
    pub fn unused(&self) -> Vec<String> {
        let first: Vec<String> = (0..ANNOUNCED).map(announced_refresh).collect();
        let later = self.refresh.keys().filter(|token| !first.contains(token)).cloned();
        let left = first.iter().filter(|token| self.refresh.contains_key(*token));
        left.cloned().chain(later).collect()
    }

    /// The browser's part: a code for a user who said yes.
    ///
    /// # Errors
    /// There is no such application; the browser shows it and nobody is called back.
    pub fn authorize(&mut self, params: &Php, now_ms: i64) -> Result<String, RestError> {
        if param(params, "client_id") != CLIENT_ID {
            return Err(refused("invalid_client", "Invalid client credentials"));
        }
        let code = self.token(64);
        let given = Given {
            user: WEBHOOK_USER,
            until_ms: now_ms + CODE_MS,
        };
        self.codes.insert(code.clone(), given);
        Ok(code)
    }

    /// Where the browser goes with a code.
    pub fn callback(&self, redirect: &str, code: &str, state: &str, server: &str) -> String {
        let portal = self
            .origin
            .split_once("://")
            .map_or(self.origin.as_str(), |(_, host)| host);
        let glue = if redirect.contains('?') { '&' } else { '?' };
        let scope = self.scopes.join(",");
        let parts = [
            ("code", code),
            ("state", state),
            ("domain", portal),
            ("member_id", MEMBER_ID),
            ("scope", &scope),
            ("server_domain", server),
        ];
        let query: Vec<String> = parts
            .iter()
            .map(|(name, value)| format!("{name}={}", crate::php::encode(value)))
            .collect();
        format!("{redirect}{glue}{}", query.join("&"))
    }

    /// `/oauth/token/`: a pair of tokens for a code or for a refresh token, which is spent by it.
    ///
    /// # Errors
    /// As the authorization server words them.
    pub fn exchange(&mut self, params: &Php, origin: &str, now_ms: i64) -> Result<Value, RestError> {
        let (id, secret) = (param(params, "client_id"), param(params, "client_secret"));
        if id != CLIENT_ID || secret != CLIENT_SECRET {
            return Err(refused("invalid_client", "Invalid client credentials"));
        }
        let given = match param(params, "grant_type").as_str() {
            "authorization_code" => self.codes.remove(&param(params, "code")),
            "refresh_token" => self.refresh.remove(&param(params, "refresh_token")),
            _ => return Err(refused("invalid_request", "Incorrect grant_type")),
        };
        let user = given
            .filter(|given| now_ms < given.until_ms)
            .ok_or_else(|| refused("invalid_grant", "Invalid grant_type parameter or parameter missing"))?
            .user;
        let (access, refresh) = (self.token(70), self.token(70));
        let until = |life: i64| Given {
            user,
            until_ms: now_ms + life,
        };
        self.access.insert(access.clone(), until(ACCESS_MS));
        self.refresh.insert(refresh.clone(), until(REFRESH_MS));
        let server = origin.split_once("://").map_or(origin, |(_, host)| host);
        let portal = if is_official(server) {
            self.origin.as_str()
        } else {
            origin
        };
        Ok(json!({
            "access_token": access,
            "expires": (now_ms + ACCESS_MS) / 1000,
            "expires_in": ACCESS_MS / 1000,
            "scope": self.scopes.join(","),
            "domain": server,
            "server_endpoint": format!("{origin}/rest/"),
            "status": "L",
            "client_endpoint": format!("{portal}/rest/"),
            "member_id": MEMBER_ID,
            "user_id": user,
            "refresh_token": refresh,
        }))
    }

    /// Who calls with this access token.
    ///
    /// # Errors
    /// The token is unknown or its hour is over.
    pub fn caller(&self, token: &str, now_ms: i64) -> Result<Caller, RestError> {
        if token == EXPIRED_TOKEN {
            return Err(RestError::expired_token());
        }
        let given = self
            .access
            .get(token)
            .ok_or_else(|| RestError::new(401, "invalid_token", "Unable to get application by token"))?;
        if now_ms >= given.until_ms {
            return Err(RestError::expired_token());
        }
        Ok(Caller {
            user: given.user,
            scopes: self.scopes.clone(),
            application: true,
        })
    }

    /// Letters and digits nobody would guess from the ones before, though anybody with this source could.
    fn token(&mut self, length: usize) -> String {
        self.counter += 1;
        scrambled(self.counter, length)
    }
}

pub fn is_official(host: &str) -> bool {
    OFFICIAL_HOSTS.contains(&host)
}

fn param(params: &Php, name: &str) -> String {
    params.get(name).and_then(Php::as_text).unwrap_or_default()
}

fn announced_refresh(number: u64) -> String {
    // Apart from what the counter reaches.
    scrambled(u64::MAX - number, 70)
}

fn scrambled(seed: u64, length: usize) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| random.alphanumeric().to_ascii_lowercase())
        .take(length)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_000_000;

    fn ask(grant: &str, name: &str, value: &str) -> Php {
        Php::map([
            ("grant_type", Php::text(grant)),
            ("client_id", Php::text(CLIENT_ID)),
            ("client_secret", Php::text(CLIENT_SECRET)),
            (name, Php::text(value)),
        ])
    }

    fn code(error: &RestError) -> &str {
        &error.code
    }

    #[test]
    fn a_code_lives_thirty_seconds_and_serves_once() {
        let mut oauth = OAuth::installed("http://127.0.0.1:1", NOW);
        let client = Php::map([("client_id", Php::text(CLIENT_ID))]);
        let first = oauth.authorize(&client, NOW).unwrap();
        let asked = ask("authorization_code", "code", &first);
        oauth.exchange(&asked, "http://127.0.0.1:1", NOW + CODE_MS - 1).unwrap();
        let again = oauth.exchange(&asked, "http://127.0.0.1:1", NOW).unwrap_err();
        assert_eq!(code(&again), "invalid_grant");
        let second = oauth.authorize(&client, NOW).unwrap();
        let late = oauth.exchange(&ask("authorization_code", "code", &second), "", NOW + CODE_MS);
        assert_eq!(code(&late.unwrap_err()), "invalid_grant");
    }

    #[test]
    fn a_refresh_rotates_and_an_access_token_expires() {
        let mut oauth = OAuth::installed("http://127.0.0.1:1", NOW);
        let first = oauth.unused().remove(0);
        let pair = oauth.exchange(
            &ask("refresh_token", "refresh_token", &first),
            "https://oauth.bitrix24.tech",
            NOW,
        );
        let pair = pair.unwrap();
        assert_eq!(pair["client_endpoint"], "http://127.0.0.1:1/rest/");
        let spent = oauth.exchange(&ask("refresh_token", "refresh_token", &first), "", NOW);
        assert_eq!(code(&spent.unwrap_err()), "invalid_grant");
        let access = pair["access_token"].as_str().unwrap();
        assert!(oauth.caller(access, NOW + ACCESS_MS - 1).unwrap().application);
        assert_eq!(
            code(&oauth.caller(access, NOW + ACCESS_MS).unwrap_err()),
            "expired_token"
        );
        assert_eq!(code(&oauth.caller("nobody's", NOW).unwrap_err()), "invalid_token");
        let next = pair["refresh_token"].as_str().unwrap();
        let late = oauth.exchange(&ask("refresh_token", "refresh_token", next), "", NOW + REFRESH_MS);
        assert_eq!(code(&late.unwrap_err()), "invalid_grant");
    }

    #[test]
    fn the_client_must_be_the_one_that_is_installed() {
        let mut oauth = OAuth::installed("http://127.0.0.1:1", NOW);
        let mut asked = ask("refresh_token", "refresh_token", &oauth.unused()[0]);
        asked.set("client_secret", Php::text("another"));
        assert_eq!(code(&oauth.exchange(&asked, "", NOW).unwrap_err()), "invalid_client");
        let unknown = ask("password", "password", "x");
        assert_eq!(code(&oauth.exchange(&unknown, "", NOW).unwrap_err()), "invalid_request");
    }
}
