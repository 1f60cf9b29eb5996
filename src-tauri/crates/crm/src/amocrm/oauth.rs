//! OAuth 2.0: a code for the first pair, a spent pair for the next one, and an account that has moved.

use std::time::Duration;

use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{
    AccountUrl,
    causes::{LOST, SPENT},
    http::AmocrmHttp,
    tokens::{self, Integration, Kept, Keys, Pair, Vault},
};
use crate::{call::CallError, http::Timeouts, php};

/// How often the lock of a renewal is asked for once more, and how long after the time before: longer in all than a request
/// is waited for on this machine, shorter than anybody waits for a page.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(250);

impl AmocrmHttp {
    /// Keys for `account` by the code that its administrator was shown; the code works once and for 20 minutes.
    ///
    /// # Errors
    /// The account does not answer, or does not accept the code.
    pub async fn authorise(
        account: &AccountUrl,
        integration: Integration,
        code: &SecretString,
        vault: std::sync::Arc<dyn Vault>,
        timeouts: Timeouts,
    ) -> Result<Kept, CallError> {
        let nothing = Pair {
            access: SecretString::from(""),
            refresh: SecretString::from(""),
            renewing: false,
        };
        let kept = Kept {
            account: account.origin().to_owned(),
            keys: Keys::OAuth {
                integration: integration.clone(),
                pair: nothing,
            },
        };
        let http = Self::new(kept.clone(), vault, timeouts).map_err(|error| CallError::NotSent {
            detail: Text::same(error.to_string()),
        })?;
        let mut form = form(&integration, "authorization_code");
        form["code"] = json!(code.expose_secret());
        let body = http.token(&kept, &form).await.map_err(code_refused)?;
        let pair = tokens::pair(&body).ok_or_else(no_pair)?;
        Ok(Kept {
            keys: Keys::OAuth { integration, pair },
            ..kept
        })
    }

    /// Keys newer than `stale`, which the CRM has just refused. One renewal at a time, here and among processes.
    pub(super) async fn renewed(&self, stale: &Kept) -> Result<Kept, CallError> {
        let mut held = self.held.lock().await;
        let same = |kept: &Kept| kept.bearer().expose_secret() == stale.bearer().expose_secret();
        if !same(&held) {
            return Ok(held.clone());
        }
        let _lock = self.renewal_lock().await?;
        let stored = self.vault.load().map_err(later)?;
        if !same(&stored) {
            *held = stored.clone();
            return Ok(stored);
        }
        let Keys::OAuth { integration, pair } = &stored.keys else {
            return Err(lost());
        };
        if pair.renewing {
            return Err(lost());
        }
        if pair.is_spent() {
            return Err(refused_before());
        }
        let marked = with_pair(
            &stored,
            integration,
            Pair {
                renewing: true,
                ..pair.clone()
            },
        );
        self.vault.keep(&marked).map_err(later)?;
        match self.renew(&stored, integration, pair).await {
            Ok(new) => {
                self.vault.keep(&new).map_err(later)?;
                *held = new.clone();
                Ok(new)
            }
            // Nobody looked at the token, so nothing can have been given out for it: it may be tried again.
            Err(error) if is_before_the_token(&error) => {
                self.vault.keep(&stored).map_err(later)?;
                Err(error)
            }
            Err(CallError::NoAnswer { .. } | CallError::ServerFailed { .. }) => Err(lost()),
            Err(error) => {
                // It ended, and nothing is open: the next look says the same, and not that a renewal broke off.
                let spent = with_pair(&stored, integration, pair.clone().spent());
                self.vault.keep(&spent).map_err(later)?;
                Err(error)
            }
        }
    }

    /// Another process that renews is done in a moment, and its new pair is in the vault then.
    async fn renewal_lock(&self) -> Result<Box<dyn Send>, CallError> {
        let mut tries = LOCK_TRIES;
        loop {
            match self.vault.lock() {
                Ok(lock) => return Ok(lock),
                Err(why) if tries == 0 => return Err(later(why)),
                Err(_) => tries -= 1,
            }
            tokio::time::sleep(LOCK_PAUSE).await;
        }
    }

    async fn renew(&self, kept: &Kept, integration: &Integration, pair: &Pair) -> Result<Kept, CallError> {
        let mut form = form(integration, "refresh_token");
        form["refresh_token"] = json!(pair.refresh.expose_secret());
        let refused = match self.token(kept, &form).await {
            Ok(body) => return Ok(with_pair(kept, integration, tokens::pair(&body).ok_or_else(no_pair)?)),
            Err(error) => error,
        };
        // The account may have moved: its old address knows nothing of the token, which is not spent by that.
        let gone = refused.is_not_found() || matches!(&refused, CallError::Unauthorised { code, .. } if code == "401");
        let moved = if gone { self.moved_to(kept, pair).await } else { None };
        let Some(moved) = moved.filter(|moved| moved.origin() != kept.account) else {
            return Err(spent(refused));
        };
        let kept = Kept {
            account: moved.origin().to_owned(),
            ..kept.clone()
        };
        let body = self.token(&kept, &form).await.map_err(|error| match error {
            refused @ (CallError::Refused { .. } | CallError::Unauthorised { .. }) => spent(refused),
            error => error,
        })?;
        Ok(with_pair(&kept, integration, tokens::pair(&body).ok_or_else(no_pair)?))
    }

    async fn token(&self, kept: &Kept, form: &Value) -> Result<Value, CallError> {
        let request = self
            .client
            .post(format!("{}/oauth2/access_token", kept.account))
            .json(form);
        self.turn().await;
        self.send(kept, request).await
    }

    /// Where the account is now, as the server named in its token tells; `None` where nobody knows.
    async fn moved_to(&self, kept: &Kept, pair: &Pair) -> Option<AccountUrl> {
        let account = AccountUrl::parse(&kept.account).ok()?;
        let server = account.moved(&tokens::api_domain(&pair.access)?)?;
        let request = self
            .client
            .get(format!("{}/oauth2/account/current/subdomain", server.origin()))
            .header("X-Refresh-Token", pair.refresh.expose_secret());
        let told = self.send(kept, request).await.ok()?;
        let host = php::text(&told["domain"]).or_else(|| {
            let (_, domain) = account.origin().split_once("://")?.1.split_once('.')?;
            Some(format!("{}.{domain}", php::text(&told["subdomain"])?))
        })?;
        account.moved(&host)
    }
}

fn form(integration: &Integration, grant: &str) -> Value {
    json!({
        "client_id": integration.client_id,
        "client_secret": integration.client_secret.expose_secret(),
        "redirect_uri": integration.redirect_uri,
        "grant_type": grant,
    })
}

fn with_pair(kept: &Kept, integration: &Integration, pair: Pair) -> Kept {
    Kept {
        account: kept.account.clone(),
        keys: Keys::OAuth {
            integration: integration.clone(),
            pair,
        },
    }
}

/// Nothing was sent: this machine was not ready.
fn later(detail: Text) -> CallError {
    CallError::NotSent { detail }
}

fn no_pair() -> CallError {
    CallError::NoAnswer {
        detail: Text::new("в ответе нет новых токенов", "an answer without new tokens"),
    }
}

fn lost() -> CallError {
    CallError::Unauthorised {
        code: LOST.to_owned(),
        detail: Text::new(
            "токен не удалось продлить, а второй раз тем же токеном этого делать нельзя",
            "the token could not be renewed, and it works for a renewal only once",
        ),
    }
}

/// Refused or cut off before the authorisation server looked at the token: not reached, too many requests, an account that
/// is not paid for, an address that is blocked.
fn is_before_the_token(error: &CallError) -> bool {
    match error {
        CallError::NotSent { .. } | CallError::Limited { .. } => true,
        CallError::Unauthorised { code, .. } => code == "402" || code == "403",
        _ => false,
    }
}

fn spent(refused: CallError) -> CallError {
    match refused {
        refused if is_before_the_token(&refused) => refused,
        CallError::Refused { detail, .. } | CallError::Unauthorised { detail, .. } => CallError::Unauthorised {
            code: SPENT.to_owned(),
            detail,
        },
        other => other,
    }
}

fn refused_before() -> CallError {
    CallError::Unauthorised {
        code: SPENT.to_owned(),
        detail: Text::new(
            "токен для продления amoCRM уже отклонила",
            "amoCRM has refused the token for a renewal before",
        ),
    }
}

fn code_refused(error: CallError) -> CallError {
    match error {
        CallError::Refused { code, detail, .. } => CallError::Unauthorised { code, detail },
        error => error,
    }
}
