//! Connecting a Bitrix24 portal by its inbound webhook: checked before it is kept, kept sealed.

use std::sync::Arc;

use crm::{
    CallError, HttpTransport, Timeouts, WebhookUrl,
    bitrix24::{Client, ConnectReport, CrmError, FieldState, PaymentField, Portal},
};
use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    failure::{Failure, broken_json},
    link::Link,
    session::Session,
    settings::{CRM_FIELDS, CRM_PORTAL, WEBHOOK},
    wire::{ConnectRequest, Connected, CrmState, Done, Words},
};

/// The name of the connection in invoice ids.
pub(crate) const CONNECTION: &str = "b24";

/// A portal on this very machine (the sandbox) answers at once or never.
const LOOPBACK: Timeouts = Timeouts {
    connect_ms: 500,
    answer_ms: 2_000,
};

pub(crate) type Portal24 = Client<Link>;

impl Session {
    /// Checks a webhook, makes the fields that are missing, and keeps it sealed.
    ///
    /// # Errors
    /// Not a webhook's address; the portal does not answer or does not accept it; the keyring is locked.
    pub async fn connect(self: &Arc<Self>, request: &ConnectRequest) -> Result<Connected, Failure> {
        let webhook = parse(&request.webhook)?;
        let portal = webhook.origin().to_owned();
        let secret = SecretString::from(request.webhook.trim().to_owned());
        let client = self.client_for(webhook)?;
        self.same_portal(&portal)?;
        let (invoice, deal) = client.ensure_fields().await.map_err(crm_failure)?;
        let report = client.check().await.map_err(crm_failure)?;
        let fields = Fields {
            invoice: Field::of(&invoice),
            deal: Field::of(&deal),
        };
        // The key last: with it the connection is made, and then it must be whole.
        self.put_setting(CRM_FIELDS, &fields.json()?)?;
        self.put_setting(CRM_PORTAL, &portal)?;
        self.put_secret(WEBHOOK, &secret)?;
        self.crm_is(CrmState::Ok, Text::same(""));
        self.crm_answered();
        self.changed();
        Ok(Connected {
            portal,
            found: found(&report),
            missing: report.warnings.into_iter().map(Into::into).collect(),
        })
    }

    /// Forgets the webhook. What waits in the queue stays there.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn disconnect(&self) -> Result<Done, Failure> {
        let actor = self.operator()?;
        self.ledger.delete_secret(WEBHOOK, &actor, self.host.now())?;
        self.live().crm = None;
        self.changed();
        let message = Text::new(
            "CRM отключена, её ключ удалён; очередь сохранена",
            "the CRM is disconnected and its key removed; the queue is kept",
        );
        Ok(Done {
            message: message.into(),
            decision: None,
        })
    }

    /// Invoices are known by the numbers of their portal: another portal's invoice of that number is another invoice,
    /// and what waits in the queue would be written to it.
    fn same_portal(&self, portal: &str) -> Result<(), Failure> {
        let before = self.ledger.setting(CRM_PORTAL)?.filter(|before| !before.is_empty());
        let Some(before) = before.filter(|before| before != portal && !is_loopback(before)) else {
            return Ok(());
        };
        if self.ledger.matchable_invoices()?.is_empty() {
            return Ok(());
        }
        Err(Failure::new(
            "crm/another-portal",
            Text::new(
                format!("этот учёт ведётся для портала {before}, а вебхук — от {portal}"),
                format!("this ledger is kept for {before}, the webhook is of {portal}"),
            ),
            Text::new(
                "подключите прежний портал; для другого заведите отдельный учёт: `sverka --ledger ПАПКА init`",
                "connect the same portal; for another one make a ledger of its own: `sverka --ledger DIR init`",
            ),
        ))
    }

    /// The connected portal; `None` where there is none.
    ///
    /// # Errors
    /// The keyring is locked, or the sealed webhook does not open.
    pub(crate) fn client(self: &Arc<Self>) -> Result<Option<Portal24>, Failure> {
        let Some(secret) = self.secret(WEBHOOK)? else {
            return Ok(None);
        };
        self.client_for(parse(secret.expose_secret())?).map(Some)
    }

    /// What the connection is made of, to see whether it is still the same.
    pub(crate) fn connection(&self) -> Result<Connection, Failure> {
        Ok(Connection {
            sealed: self.ledger.secret(WEBHOOK)?,
            fields: self.ledger.setting(CRM_FIELDS)?,
        })
    }

    fn fields(&self) -> Result<Option<Fields>, Failure> {
        let kept = self.ledger.setting(CRM_FIELDS)?;
        kept.map(|kept| serde_json::from_str(&kept).map_err(|error| broken_json(&error)))
            .transpose()
    }

    fn client_for(self: &Arc<Self>, webhook: WebhookUrl) -> Result<Portal24, Failure> {
        let timeouts = if webhook.is_loopback() {
            LOOPBACK
        } else {
            Timeouts::default()
        };
        let http = HttpTransport::new(webhook, timeouts).map_err(|error| {
            Failure::new(
                "crm/transport",
                Text::new(
                    format!("сетевой слой не запустился: {error}"),
                    format!("the network layer did not start: {error}"),
                ),
                Text::new(
                    "проверьте системные сертификаты и прокси",
                    "check the system's certificates and proxy",
                ),
            )
        })?;
        let mut portal = Portal::new(CONNECTION);
        if let Some(fields) = self.fields()? {
            portal.invoice_field = fields.invoice.into();
            portal.deal_field = Some(fields.deal.into());
        }
        Ok(Client::new(Link::new(Arc::clone(self), http)?, portal))
    }
}

/// Sealed anew, the same key looks different: that only costs a new line.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Connection {
    sealed: Option<Vec<u8>>,
    fields: Option<String>,
}

/// The custom fields that carry payment ids, as this portal has them.
#[derive(Serialize, Deserialize)]
struct Fields {
    invoice: Field,
    deal: Field,
}

#[derive(Serialize, Deserialize)]
struct Field {
    name: String,
    multiple: bool,
}

impl Field {
    fn of(field: &PaymentField) -> Self {
        Self {
            name: field.name.clone(),
            multiple: field.multiple,
        }
    }
}

impl From<Field> for PaymentField {
    fn from(field: Field) -> Self {
        Self {
            name: field.name,
            multiple: field.multiple,
        }
    }
}

impl Fields {
    fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| broken_json(&error))
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

/// The sandbox gets another port at every start.
fn is_loopback(origin: &str) -> bool {
    WebhookUrl::parse(&format!("{origin}/rest/1/x/")).is_ok_and(|url| url.is_loopback())
}

/// What the portal has, in words.
fn found(report: &ConnectReport) -> Vec<Words> {
    let user = &report.user;
    let mut found = vec![Text::new(
        format!("вебхук пользователя: {user}"),
        format!("the webhook of: {user}"),
    )];
    for category in &report.categories {
        let stages: Vec<&str> = category.stages.iter().map(|stage| stage.name.as_str()).collect();
        let (name, stages) = (&category.name, stages.join(", "));
        found.push(Text::new(
            format!("воронка счетов «{name}»: {stages}"),
            format!("invoice pipeline «{name}»: {stages}"),
        ));
    }
    let fields = [
        (
            &report.invoice_field,
            "поле для кода платежа в счёте",
            "the field for payment ids on invoices",
        ),
        (
            &report.deal_field,
            "поле для кода платежа в сделке",
            "the field for payment ids on deals",
        ),
    ];
    for (state, ru, en) in fields {
        if let FieldState::Found(field) = state {
            found.push(Text::new(
                format!("{ru}: {}", field.name),
                format!("{en}: {}", field.name),
            ));
        }
    }
    found.into_iter().map(Into::into).collect()
}

/// How far the CRM is from answering.
pub(crate) fn state_after(error: &CrmError) -> CrmState {
    match error.call() {
        Some(CallError::NotSent { .. } | CallError::NoAnswer { .. }) => CrmState::Offline,
        Some(CallError::Unauthorised { .. } | CallError::Moved { .. }) => CrmState::Unauthorised,
        _ if matches!(error, CrmError::NoScope { .. }) => CrmState::Unauthorised,
        _ => CrmState::Failing,
    }
}

/// What to do where the portal takes the key no longer.
pub(crate) fn new_key() -> Text {
    Text::new(
        "создайте в Битрикс24 новый входящий вебхук с правами crm и userfieldconfig и подключите его",
        "make a new inbound webhook in Bitrix24 with the scopes crm and userfieldconfig, and connect it",
    )
}

pub(crate) fn crm_failure(error: CrmError) -> Failure {
    let (code, remedy) = match state_after(&error) {
        CrmState::Offline => (
            "crm/offline",
            Text::new(
                "проверьте интернет и адрес; очередь подождёт",
                "check the network and the address; the queue waits",
            ),
        ),
        CrmState::Unauthorised => ("crm/unauthorised", new_key()),
        CrmState::Ok | CrmState::Failing | CrmState::NotConnected => (
            "crm/failed",
            Text::new(
                "повторите позже; ничего не потеряно",
                "try again later; nothing is lost",
            ),
        ),
    };
    Failure::new(code, error.text(), remedy)
}
