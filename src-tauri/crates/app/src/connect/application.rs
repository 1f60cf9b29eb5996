//! Connecting a Bitrix24 portal by a local application: its tokens are kept sealed where a webhook would be, and a
//! renewed pair replaces the old one before it is used.

use std::sync::Arc;

use crm::{
    CallError, Timeouts, Trouble,
    bitrix24::{AppKeys, AppTransport, AppVault, Application, Client, CrmError, Grant},
};
use domain::Text;
use secrecy::SecretString;
use store::ConnectionRow;

use super::{Kind, LOOPBACK, Line, bitrix24::portal, name_of, no_transport, place::Wanted};
use crate::{
    failure::Failure,
    files,
    link::Link,
    session::Session,
    wire::{Address, AuthoriseRequest, ConnectApplicationRequest, Connected},
};

impl Session {
    /// Trades the code for tokens, checks the portal, makes the fields that are missing, and keeps the tokens sealed.
    ///
    /// # Errors
    /// No code; the authorisation server takes neither code nor application; as [`Session::connect`] from there on.
    pub async fn connect_application(
        self: &Arc<Self>,
        request: &ConnectApplicationRequest,
    ) -> Result<Connected, Failure> {
        let grant = Grant::parse(&request.code).map_err(refused)?;
        let application = Application {
            client_id: request.client_id.trim().to_owned(),
            client_secret: SecretString::from(request.client_secret.trim().to_owned()),
        };
        let keys = AppTransport::authorise(application, &grant, Timeouts::default())
            .await
            .map_err(not_authorised)?;
        let wanted = Wanted {
            connection: request.connection.as_deref(),
            name: request.name.as_deref(),
        };
        let place = self.place(Kind::Bitrix24, &keys.origin(), wanted).await?;
        let secret = keys.to_secret();
        let line = self.bitrix24_by_application(keys, &place.row)?;
        self.connect_line(&line, place, &secret).await
    }

    /// Where the portal asks its user whether the application may, and gives the code.
    ///
    /// # Errors
    /// Not a portal's address.
    pub fn authorise_address(&self, request: &AuthoriseRequest) -> Result<Address, Failure> {
        // A code that is pasted by hand has no way back by which a stranger's could come.
        let state = "sverka";
        let address = crm::bitrix24::authorise_address(request.portal.trim(), request.client_id.trim(), state);
        Ok(Address {
            address: address.map_err(refused)?,
        })
    }

    pub(super) fn bitrix24_by_application(
        self: &Arc<Self>,
        keys: AppKeys,
        row: &ConnectionRow,
    ) -> Result<Line, Failure> {
        let loopback = keys.is_loopback();
        let timeouts = if loopback { LOOPBACK } else { Timeouts::default() };
        let vault = Arc::new(Sealed {
            session: Arc::clone(self),
            connection: row.id.clone(),
            secret: row.secret.clone(),
        });
        let http = AppTransport::new(keys, vault, timeouts).map_err(|error| no_transport(&error))?;
        let kind = Kind::Bitrix24;
        let mut portal = portal(row)?;
        portal.by_application = true;
        let link = Link::new(Arc::clone(self), http, &row.id, kind)?;
        Ok(Line {
            id: row.id.clone(),
            kind,
            name: name_of(row),
            crm: Box::new(Client::new(link, portal)),
            loopback,
        })
    }
}

/// The ledger as the keeper of tokens.
struct Sealed {
    session: Arc<Session>,
    connection: String,
    secret: String,
}

impl AppVault for Sealed {
    fn load(&self) -> Result<AppKeys, Text> {
        let secret = self.session.secret(&self.secret).map_err(|failure| failure.message)?;
        secret.as_ref().and_then(AppKeys::from_secret).ok_or_else(|| {
            Text::new(
                "приложение отключено в другом окне",
                "the application was disconnected elsewhere",
            )
        })
    }

    fn keep(&self, keys: &AppKeys) -> Result<(), Text> {
        let kept = self.session.renew_secret(&self.secret, &keys.to_secret());
        kept.map_err(|failure| failure.message)
    }

    fn lock(&self) -> Result<Box<dyn Send>, Text> {
        let path = self.session.folder().join(format!("renewal-{}.lock", self.connection));
        let lock = files::lock(&path, || {
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
