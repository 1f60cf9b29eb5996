//! Connecting a Bitrix24 portal by a local application: its tokens are kept sealed where a webhook would be, and a
//! renewed pair replaces the old one before it is used.

use std::sync::Arc;

use crm::{
    CallError, Timeouts, Trouble,
    bitrix24::{AppKeys, AppTransport, AppVault, Application, Client, CrmError, Grant, Portal},
};
use domain::Text;
use secrecy::SecretString;

use super::{Kind, LOOPBACK, Line, no_transport};
use crate::{failure::Failure, files, link::Link, session::Session, settings::WEBHOOK, wire::Connected};

/// What the application's card on the portal shows, and the code that the portal gave for it. It prints nothing.
pub struct ApplicationKeys {
    pub client_id: String,
    pub client_secret: String,
    /// The code, or the whole address that the browser ended at.
    pub code: String,
}

impl Session {
    /// Trades the code for tokens, checks the portal, makes the fields that are missing, and keeps the tokens sealed.
    ///
    /// # Errors
    /// No code; the authorisation server takes neither code nor application; as [`Session::connect`] from there on.
    pub async fn connect_application(self: &Arc<Self>, keys: ApplicationKeys) -> Result<Connected, Failure> {
        let grant = Grant::parse(&keys.code).map_err(refused)?;
        let application = Application {
            client_id: keys.client_id,
            client_secret: SecretString::from(keys.client_secret),
        };
        let keys = AppTransport::authorise(application, &grant, Timeouts::default())
            .await
            .map_err(not_authorised)?;
        let (portal, secret) = (keys.origin(), keys.to_secret());
        let line = self.bitrix24_by_application(keys)?;
        self.connect_line(&line, portal, &secret).await
    }

    pub(super) fn bitrix24_by_application(self: &Arc<Self>, keys: AppKeys) -> Result<Line, Failure> {
        let loopback = keys.is_loopback();
        let timeouts = if loopback { LOOPBACK } else { Timeouts::default() };
        let vault = Arc::new(Sealed(Arc::clone(self)));
        let http = AppTransport::new(keys, vault, timeouts).map_err(|error| no_transport(&error))?;
        let kind = Kind::Bitrix24;
        let mut portal = Portal::remembered(kind.connection(), &self.fields()?);
        portal.by_application = true;
        let link = Link::new(Arc::clone(self), http, kind)?;
        Ok(Line {
            kind,
            crm: Box::new(Client::new(link, portal)),
            loopback,
        })
    }
}

/// The ledger as the keeper of tokens.
struct Sealed(Arc<Session>);

impl AppVault for Sealed {
    fn load(&self) -> Result<AppKeys, Text> {
        let secret = self.0.secret(WEBHOOK).map_err(|failure| failure.message)?;
        secret.as_ref().and_then(AppKeys::from_secret).ok_or_else(|| {
            Text::new(
                "приложение отключено в другом окне",
                "the application was disconnected elsewhere",
            )
        })
    }

    fn keep(&self, keys: &AppKeys) -> Result<(), Text> {
        let kept = self.0.put_secret(WEBHOOK, &keys.to_secret());
        kept.map_err(|failure| failure.message)
    }

    fn lock(&self) -> Result<Box<dyn Send>, Text> {
        let lock = files::lock(&self.0.folder().join("crm-key.lock"), || {
            refused(Text::new(
                "ключ приложения сейчас продлевает другая запущенная «Сверка»",
                "another running Sverka renews the application's key right now",
            ))
        });
        match lock {
            Ok(file) => Ok(Box::new(file)),
            Err(failure) => Err(failure.message),
        }
    }
}

fn not_authorised(error: CallError) -> Failure {
    let method = "oauth/token";
    refused(Trouble::from(CrmError::Call { method, error }).says)
}

fn refused(why: Text) -> Failure {
    Failure::new(
        "crm/application",
        why,
        Text::new(
            "в Битрикс24: Разработчикам → Другое → Локальное приложение, права crm, userfieldconfig и im; откройте его и \
             вставьте код за 30 секунд",
            "in Bitrix24: Developer resources → Other → Local application, scopes crm, userfieldconfig and im; open it \
             and paste the code within 30 seconds",
        ),
    )
}
