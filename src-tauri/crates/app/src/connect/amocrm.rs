//! Connecting an account of amoCRM or Kommo, by a long-lived token or by an integration's code.

use std::{
    path::PathBuf,
    sync::{Arc, Weak},
};

use crm::{
    CallError, Timeouts,
    amocrm::{Account, AccountUrl, AmocrmHttp, Client, Integration, Kept, Keys, Vault},
};
use domain::Text;
use secrecy::SecretString;
use store::{ConnectionPart, ConnectionRow};

use super::{Kind, LOOPBACK, Line, name_of, no_transport, place::Wanted};
use crate::{
    failure::{Failure, broken_json},
    link::Link,
    mapping::{lead_paid, mapping_of},
    session::Session,
    turns::Turns,
    vault::VaultError,
    wire::{ConnectAmocrmRequest, Connected},
};

impl Session {
    /// Checks an account, makes the field that is missing, and keeps its keys sealed.
    ///
    /// # Errors
    /// Not an account's address; neither a token nor a code; the account does not answer or does not accept them; the
    /// keyring is locked.
    pub async fn connect_amocrm(self: &Arc<Self>, request: &ConnectAmocrmRequest) -> Result<Connected, Failure> {
        let account = AccountUrl::parse(&request.account).map_err(|invalid| {
            Failure::new(
                "crm/account",
                invalid.text(),
                Text::new(
                    "укажите адрес аккаунта: `sverka connect amocrm https://фирма.amocrm.ru`",
                    "name the account: `sverka connect amocrm https://firm.amocrm.ru`",
                ),
            )
        })?;
        let wanted = Wanted {
            connection: request.connection.as_deref(),
            name: request.name.as_deref(),
        };
        let mut place = self.place(Kind::Amocrm, account.origin(), wanted).await?;
        let kept = self.keys(&account, request, &place.row).await?;
        if let Some(chosen) = &request.lead_paid {
            let mut mapping = mapping_of(&place.row)?;
            let chosen = lead_paid(u64::from(chosen.pipeline), u64::from(chosen.status));
            mapping
                .choices
                .retain(|known| (known.of, known.funnel, known.status) != (chosen.of, chosen.funnel, chosen.status));
            mapping.choices.push(chosen);
            place.row.mapping = Some(serde_json::to_string(&mapping).map_err(|error| broken_json(&error))?);
        }
        let line = self.amocrm_by(kept.clone(), &place.row)?;
        self.connect_line(&line, place, &kept.to_secret()).await
    }

    async fn keys(
        self: &Arc<Self>,
        account: &AccountUrl,
        request: &ConnectAmocrmRequest,
        row: &ConnectionRow,
    ) -> Result<Kept, Failure> {
        let token = request
            .token
            .as_deref()
            .map(str::trim)
            .filter(|token| !token.is_empty());
        if let Some(token) = token {
            // A header holds visible ASCII and nothing else.
            if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(no_key());
            }
            return Ok(Kept {
                account: account.origin().to_owned(),
                keys: Keys::LongLived(SecretString::from(token.to_owned())),
            });
        }
        let Some(given) = &request.integration else {
            return Err(no_key());
        };
        let integration = Integration {
            client_id: given.client_id.trim().to_owned(),
            client_secret: SecretString::from(given.client_secret.trim().to_owned()),
            redirect_uri: given.redirect_uri.trim().to_owned(),
        };
        let code = SecretString::from(given.code.trim().to_owned());
        let vault = Arc::new(SessionVault::of(self, row));
        let kept = AmocrmHttp::authorise(account, integration, &code, vault, timeouts(account)).await;
        kept.map_err(|error| code_refused(&error))
    }

    pub(super) fn amocrm(self: &Arc<Self>, row: &ConnectionRow) -> Result<Option<Line>, Failure> {
        let Some(secret) = self.secret(&row.secret)? else {
            return Ok(None);
        };
        let kept = Kept::from_secret(&secret).ok_or_else(|| VaultError::WrongKey(row.secret.clone()))?;
        self.amocrm_by(kept, row).map(Some)
    }

    fn amocrm_by(self: &Arc<Self>, kept: Kept, row: &ConnectionRow) -> Result<Line, Failure> {
        let kind = Kind::Amocrm;
        let account = AccountUrl::parse(&kept.account).map_err(|_| VaultError::WrongKey(row.secret.clone()))?;
        let vault = Arc::new(SessionVault::of(self, row));
        let http = AmocrmHttp::new(kept, vault, timeouts(&account)).map_err(|error| no_transport(&error))?;
        let turns = Turns::new(Arc::clone(self), &row.id, kind);
        let link = Link::new(Arc::clone(self), http.paced(Arc::new(turns)), &row.id, kind)?;
        let particular = Account {
            mapping: mapping_of(row)?,
            ..Account::new(row.id.as_str())
        };
        Ok(Line {
            id: row.id.clone(),
            kind,
            name: name_of(row),
            crm: Box::new(Client::new(link, particular)),
            loopback: account.is_loopback(),
        })
    }
}

fn timeouts(account: &AccountUrl) -> Timeouts {
    if account.is_loopback() {
        LOOPBACK
    } else {
        Timeouts::default()
    }
}

fn no_key() -> Failure {
    Failure::new(
        "crm/token",
        Text::new("это не токен amoCRM", "this is no token of amoCRM"),
        Text::new(
            "в amoCRM: amoМаркет → ваша интеграция → Ключи и доступы → Долгосрочный токен; скопируйте его целиком",
            "in amoCRM: amoMarket → your integration → Keys and scopes → Long-lived token; copy it whole",
        ),
    )
}

fn code_refused(error: &CallError) -> Failure {
    let fact = error.fact();
    let (code, remedy) = match error {
        CallError::NotSent { .. } | CallError::NoAnswer { .. } => (
            "crm/offline",
            Text::new(
                "проверьте интернет и адрес, возьмите новый код и повторите",
                "check the network and the address, take a new code and repeat",
            ),
        ),
        _ => (
            "crm/unauthorised",
            Text::new(
                "проверьте данные интеграции и возьмите новый код: он действует 20 минут и один раз",
                "check the integration's data and take a new code: it works for 20 minutes and once",
            ),
        ),
    };
    let says = Text::new(
        format!("amoCRM не приняла код: {}", fact.ru),
        format!("amoCRM did not accept the code: {}", fact.en),
    );
    Failure::new(code, says, remedy)
}

/// The ledger's sealed secret as the place where tokens are kept. It does not keep the session alive.
struct SessionVault {
    session: Weak<Session>,
    connection: String,
    secret: String,
}

impl SessionVault {
    fn of(session: &Arc<Session>, row: &ConnectionRow) -> Self {
        Self {
            session: Arc::downgrade(session),
            connection: row.id.clone(),
            secret: row.secret.clone(),
        }
    }

    fn session(&self) -> Result<Arc<Session>, Text> {
        self.session
            .upgrade()
            .ok_or_else(|| Text::new("программа закрывается", "the program is ending"))
    }
}

impl Vault for SessionVault {
    fn load(&self) -> Result<Kept, Text> {
        let secret = self
            .session()?
            .secret(&self.secret)
            .map_err(|failure| failure.message)?;
        let kept = secret.as_ref().and_then(Kept::from_secret);
        kept.ok_or_else(|| Text::new("ключ amoCRM удалён", "the key of amoCRM was removed"))
    }

    fn keep(&self, kept: &Kept) -> Result<(), Text> {
        let session = self.session()?;
        // An account that has moved is the same connection at its new address.
        session
            .change_connection(&self.connection, ConnectionPart::Portal, &kept.account)
            .map_err(|failure| failure.message)?;
        session
            .renew_secret(&self.secret, &kept.to_secret())
            .map_err(|failure| failure.message)
    }

    fn lock(&self) -> Result<Box<dyn Send>, Text> {
        // One process renews the tokens of a connection at a time.
        let path: PathBuf = self
            .session()?
            .folder()
            .join(format!("renewal-{}.lock", self.connection));
        let lock = crate::files::lock(&path, || {
            Failure::new(
                "crm/renewal",
                Text::new(
                    "токен сейчас продлевает другая программа",
                    "another program renews the token right now",
                ),
                Text::new("ничего делать не нужно", "nothing needs doing"),
            )
        });
        lock.map(|lock| Box::new(lock) as Box<dyn Send>)
            .map_err(|failure| failure.message)
    }
}
