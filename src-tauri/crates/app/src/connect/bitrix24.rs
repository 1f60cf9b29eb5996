//! Connecting a Bitrix24 portal by its inbound webhook.

use std::sync::Arc;

use crm::{
    HttpTransport, Timeouts, WebhookUrl,
    bitrix24::{Also, AppKeys, Client, Portal},
};
use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use store::ConnectionRow;

use super::{Kind, LOOPBACK, Line, name_of, no_transport, place::Wanted};
use crate::{
    failure::{Failure, broken_json},
    link::Link,
    mapping::{extras_chosen, mapping_of},
    session::Session,
    wire::{ConnectRequest, Connected},
};

impl Session {
    /// Checks a webhook, makes the fields that are missing, and keeps it sealed.
    ///
    /// # Errors
    /// Not a webhook's address; the portal does not answer or does not accept it; the keyring is locked.
    pub async fn connect(self: &Arc<Self>, request: &ConnectRequest) -> Result<Connected, Failure> {
        let webhook = parse(&request.webhook)?;
        let wanted = Wanted {
            connection: request.connection.as_deref(),
            name: request.name.as_deref(),
        };
        let place = self.place(Kind::Bitrix24, webhook.origin(), wanted).await?;
        let secret = SecretString::from(request.webhook.trim().to_owned());
        let line = self.bitrix24_by(webhook, &place.row)?;
        self.connect_line(&line, place, &secret).await
    }

    pub(super) fn bitrix24(self: &Arc<Self>, row: &ConnectionRow) -> Result<Option<Line>, Failure> {
        let Some(secret) = self.secret(&row.secret)? else {
            return Ok(None);
        };
        match AppKeys::from_secret(&secret) {
            Some(keys) => self.bitrix24_by_application(keys, row).map(Some),
            None => self.bitrix24_by(parse(secret.expose_secret())?, row).map(Some),
        }
    }

    fn bitrix24_by(self: &Arc<Self>, webhook: WebhookUrl, row: &ConnectionRow) -> Result<Line, Failure> {
        let loopback = webhook.is_loopback();
        let timeouts = if loopback { LOOPBACK } else { Timeouts::default() };
        let http = HttpTransport::new(webhook, timeouts).map_err(|error| no_transport(&error))?;
        let kind = Kind::Bitrix24;
        let link = Link::new(Arc::clone(self), http, &row.id, kind)?;
        Ok(Line {
            id: row.id.clone(),
            kind,
            name: name_of(row),
            crm: Box::new(Client::new(link, portal(row)?)),
            loopback,
        })
    }
}

/// The portal as its connection remembers it, with the stages that were chosen.
pub(super) fn portal(row: &ConnectionRow) -> Result<Portal, Failure> {
    let remembered = row.remembered.as_deref();
    let remembered = remembered.map_or(Ok(Value::Null), |kept| {
        serde_json::from_str(kept).map_err(|error| broken_json(&error))
    })?;
    let mut portal = Portal::remembered(row.id.as_str(), &remembered);
    portal.mapping = mapping_of(row)?;
    if let Some(chosen) = extras_chosen(row)? {
        portal.also = Also {
            notifies: chosen.notifies,
            vouchers: chosen.vouchers,
            act_template: chosen.act_template.and_then(|template| template.parse().ok()),
        };
    }
    Ok(portal)
}

fn parse(text: &str) -> Result<WebhookUrl, Failure> {
    WebhookUrl::parse(text.trim()).map_err(|invalid| {
        Failure::new(
            "crm/webhook",
            invalid.text(),
            Text::new(
                "в Битрикс24: Разработчикам → Другое → Входящий вебхук, права crm и userfieldconfig; скопируйте адрес целиком",
                "in Bitrix24: Developer resources → Other → Inbound webhook, scopes crm and userfieldconfig; copy the whole address",
            ),
        )
    })
}
