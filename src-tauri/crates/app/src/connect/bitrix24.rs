//! Connecting a Bitrix24 portal by its inbound webhook.

use std::sync::Arc;

use crm::{
    HttpTransport, Timeouts, WebhookUrl,
    bitrix24::{Also, AppKeys, Client, Portal},
};
use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{Kind, LOOPBACK, Line, no_transport};
use crate::{
    failure::{Failure, broken_json},
    link::Link,
    session::Session,
    settings::{CRM_FIELDS, WEBHOOK},
    wire::{ConnectRequest, Connected},
};

impl Session {
    /// Checks a webhook, makes the fields that are missing, and keeps it sealed.
    ///
    /// # Errors
    /// Not a webhook's address; the portal does not answer or does not accept it; the keyring is locked.
    pub async fn connect(self: &Arc<Self>, request: &ConnectRequest) -> Result<Connected, Failure> {
        let webhook = parse(&request.webhook)?;
        let portal = webhook.origin().to_owned();
        let secret = SecretString::from(request.webhook.trim().to_owned());
        let line = self.bitrix24_by(webhook)?;
        self.connect_line(&line, portal, &secret).await
    }

    pub(super) fn bitrix24(self: &Arc<Self>) -> Result<Option<Line>, Failure> {
        let Some(secret) = self.secret(WEBHOOK)? else {
            return Ok(None);
        };
        match AppKeys::from_secret(&secret) {
            Some(keys) => self.bitrix24_by_application(keys).map(Some),
            None => self.bitrix24_by(parse(secret.expose_secret())?).map(Some),
        }
    }

    fn bitrix24_by(self: &Arc<Self>, webhook: WebhookUrl) -> Result<Line, Failure> {
        let loopback = webhook.is_loopback();
        let timeouts = if loopback { LOOPBACK } else { Timeouts::default() };
        let http = HttpTransport::new(webhook, timeouts).map_err(|error| no_transport(&error))?;
        let kind = Kind::Bitrix24;
        let portal = self.portal()?;
        let link = Link::new(Arc::clone(self), http, kind)?;
        Ok(Line {
            kind,
            crm: Box::new(Client::new(link, portal)),
            loopback,
        })
    }

    /// The portal as its connection remembers it, with the stages that were chosen.
    pub(super) fn portal(&self) -> Result<Portal, Failure> {
        let kind = Kind::Bitrix24;
        let mut portal = Portal::remembered(kind.connection(), &self.fields()?);
        portal.mapping = self.mapping_of(kind)?;
        if let Some(chosen) = self.extras_chosen()? {
            portal.also = Also {
                notifies: chosen.notifies,
                vouchers: chosen.vouchers,
                act_template: chosen.act_template.and_then(|template| template.parse().ok()),
            };
        }
        Ok(portal)
    }

    /// The custom fields that carry payment ids, as this portal has them.
    pub(super) fn fields(&self) -> Result<Value, Failure> {
        let kept = self.ledger.setting(CRM_FIELDS)?;
        kept.map_or(Ok(Value::Null), |kept| {
            serde_json::from_str(&kept).map_err(|error| broken_json(&error))
        })
    }
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
