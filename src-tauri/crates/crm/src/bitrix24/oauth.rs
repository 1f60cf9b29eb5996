//! Calls by a local application of the portal: OAuth 2.0 with a code for the first pair of tokens and each pair for the
//! next one.
//!
//! A pair is renewed only when the portal says that it has expired, one renewal at a time, and the new pair is kept
//! before it is used: a crash in between must not leave a spent one behind.

use std::{sync::Arc, time::Duration};

use domain::{Text, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::{
    batch::BATCH,
    tokens::{AppKeys, AppVault, Application, secure},
};
use crate::{
    answer,
    call::{CallError, Transport},
    http::{Raw, Timeouts, TransportError, Wire, masked},
    php,
    webhook::is_loopback,
};

const EXPIRED: &str = "expired_token";
/// The authorisation server where nothing names one.
const SERVER_DEFAULT: &str = "https://oauth.bitrix24.tech/";
/// A pasted address may name these alone: the application's secret goes there.
const SERVERS: [&str; 2] = ["bitrix.info", "bitrix24.tech"];

/// What the portal's page gives after the user said yes.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Works once, and for thirty seconds.
    pub code: SecretString,
    server: String,
}

impl Grant {
    /// Takes the address that the browser ended at, or the code alone.
    ///
    /// # Errors
    /// In words: neither, or the address sends to a server that is none of Bitrix24's.
    pub fn parse(text: &str) -> Result<Self, Text> {
        let text = text.trim();
        let query = text.split_once('?').map_or("", |(_, query)| query);
        let field = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let code = if query.is_empty() { Some(text) } else { field("code") };
        let is_code =
            |code: &&str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
        let code = code.filter(is_code).ok_or_else(|| {
            Text::new(
                "Это не код авторизации. Откройте приложение на портале ещё раз и вставьте код или адрес целиком: код \
                 действует 30 секунд.",
                "This is no authorisation code. Open the application on the portal again and paste the code or the whole \
                 address: a code works for 30 seconds.",
            )
        })?;
        let server = match field("server_domain") {
            None => SERVER_DEFAULT.to_owned(),
            Some(host) => server_at(host).ok_or_else(|| {
                Text::new(
                    "Адрес называет чужой сервер авторизации: секрет приложения туда не отправлен.",
                    "The address names somebody else's authorisation server: the application's secret was not sent there.",
                )
            })?,
        };
        Ok(Self {
            code: SecretString::from(code.to_owned()),
            server,
        })
    }
}

fn server_at(host: &str) -> Option<String> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if is_loopback(name) {
        return secure(&format!("http://{host}/"));
    }
    let known = SERVERS.iter().any(|known| {
        let before = name.strip_suffix(known);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    if known {
        secure(&format!("https://{host}/"))
    } else {
        None
    }
}

/// Where the user says yes.
///
/// # Errors
/// In words: the portal's address is none, or others could listen on the way to it.
pub fn authorise_address(portal: &str, client_id: &str, state: &str) -> Result<String, Text> {
    let portal = secure(portal).ok_or_else(|| {
        Text::new(
            "Укажите адрес портала целиком: https://фирма.bitrix24.ru",
            "Give the whole address of the portal: https://firm.bitrix24.ru",
        )
    })?;
    let query = php::query(&json!({"client_id": client_id, "state": state}));
    Ok(format!("{portal}oauth/authorize/?{query}"))
}

/// Calls with the tokens of an application.
pub struct AppTransport {
    wire: Wire,
    vault: Arc<dyn AppVault>,
    held: Mutex<AppKeys>,
    loopback: bool,
}

impl AppTransport {
    /// # Errors
    /// The TLS or proxy settings of this machine cannot be used.
    pub fn new(keys: AppKeys, vault: Arc<dyn AppVault>, timeouts: Timeouts) -> Result<Self, TransportError> {
        let loopback = keys.is_loopback();
        Ok(Self {
            wire: Wire::new(timeouts, loopback)?,
            vault,
            held: Mutex::new(keys),
            loopback,
        })
    }

    /// On this machine: a sandbox.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The first pair, by the code the portal has shown. Keeping it is the caller's next step.
    ///
    /// # Errors
    /// The authorisation server does not answer, or takes neither code nor application.
    pub async fn authorise(application: Application, grant: &Grant, timeouts: Timeouts) -> Result<AppKeys, CallError> {
        let nothing = AppKeys {
            application,
            access: SecretString::from(""),
            refresh: SecretString::from(""),
            client_endpoint: String::new(),
            server_endpoint: grant.server.clone(),
            member_id: String::new(),
            scopes: Vec::new(),
        };
        let loopback = grant.server.starts_with("http://");
        let wire = Wire::new(timeouts, loopback).map_err(|error| CallError::NotSent {
            detail: Text::same(error.to_string()),
        })?;
        let form = json!({"grant_type": "authorization_code", "code": grant.code.expose_secret()});
        pair(&wire, &nothing, form).await
    }

    async fn post(&self, keys: &AppKeys, method: &str, params: &Value) -> Result<Value, CallError> {
        let mut params = params.clone();
        match &mut params {
            Value::Object(fields) => {
                fields.insert("auth".to_owned(), json!(keys.access.expose_secret()));
            }
            other => *other = json!({"auth": keys.access.expose_secret()}),
        }
        let address = format!("{}{method}.json", keys.client_endpoint);
        let mask = |text: &str| keys.mask(text);
        let body = self.wire.call(method, address, &params, &mask).await?;
        if method == BATCH && expired_inside(&body) {
            return Err(CallError::Unauthorised {
                code: EXPIRED.to_owned(),
                detail: Text::same(""),
            });
        }
        Ok(body)
    }

    /// Keys newer than `stale`, which the portal has just refused.
    async fn renewed(&self, stale: &AppKeys) -> Result<AppKeys, CallError> {
        // Whatever happens here, the call that brought us here was refused and did nothing.
        let not_sent = |why: Text| CallError::NotSent {
            detail: Text::new(
                format!("ключ приложения не продлён: {}", why.ru),
                format!("the application's key was not renewed: {}", why.en),
            ),
        };
        let mut held = self.held.lock().await;
        if !held.is_the_pair_of(stale) {
            return Ok(held.clone());
        }
        let _lock = self.vault.lock().map_err(not_sent)?;
        let kept = self.vault.load().map_err(not_sent)?;
        if !kept.is_the_pair_of(stale) {
            // Another process was faster.
            *held = kept;
            return Ok(held.clone());
        }
        let form = json!({"grant_type": "refresh_token", "refresh_token": kept.refresh.expose_secret()});
        let fresh = match pair(&self.wire, &kept, form).await {
            Ok(fresh) => fresh,
            Err(error @ CallError::Unauthorised { .. }) => return Err(error),
            Err(error) => return Err(not_sent(error.fact())),
        };
        self.vault.keep(&fresh).map_err(not_sent)?;
        *held = fresh;
        Ok(held.clone())
    }
}

/// A batch that outlived its token: commands only read or may be repeated, so all of it is.
fn expired_inside(body: &Value) -> bool {
    let errors = php::rows(&body["result"]["result_error"]);
    let mut codes = errors.into_iter().filter_map(|told| php::text(&told["error"]));
    codes.any(|code| code.eq_ignore_ascii_case(EXPIRED))
}

async fn pair(wire: &Wire, keys: &AppKeys, mut form: Value) -> Result<AppKeys, CallError> {
    form["client_id"] = json!(keys.application.client_id);
    form["client_secret"] = json!(keys.application.client_secret.expose_secret());
    let mask = |text: &str| keys.mask(text);
    let address = keys.token_address().ok_or_else(no_pair)?;
    let raw = wire.form(address, &form, &mask).await?;
    let body = told(&raw).map_err(|error| masked(error, &mask))?;
    keys.with_pair(&body).ok_or_else(no_pair)
}

/// The authorisation server answers without an envelope; its refusals are shaped as the portal's.
fn told(raw: &Raw) -> Result<Value, CallError> {
    let body: Option<Value> = serde_json::from_slice(&raw.body).ok();
    if let Some(body) = body.filter(|body| raw.status < 300 && body.get("access_token").is_some()) {
        return Ok(body);
    }
    match answer::read(&raw.answer()) {
        Ok(_) => Err(no_pair()),
        // Whatever it is called here, it is about the application and its keys.
        Err(CallError::Refused { code, detail, .. }) => Err(CallError::Unauthorised { code, detail }),
        Err(error) => Err(error),
    }
}

fn no_pair() -> CallError {
    CallError::NoAnswer {
        detail: Text::new(
            "в ответе сервера авторизации нет пары ключей",
            "the answer of the authorisation server holds no pair of tokens",
        ),
    }
}

impl Transport for AppTransport {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let keys = self.held.lock().await.clone();
        match self.post(&keys, method, params).await {
            Err(CallError::Unauthorised { code, .. }) if code.eq_ignore_ascii_case(EXPIRED) => {
                let fresh = self.renewed(&keys).await?;
                self.post(&fresh, method, params).await
            }
            answer => answer,
        }
    }

    async fn pause(&self, ms: u64) {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    fn server_time(&self) -> Option<Timestamp> {
        self.wire.server_time()
    }
}
