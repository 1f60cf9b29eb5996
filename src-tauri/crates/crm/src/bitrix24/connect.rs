//! The first look at a portal: who we are there, what we may, which stages and fields it has, and what is missing.

use domain::{Text, Timestamp};
use serde_json::{Value, json};

use super::{
    Category, Cause, Client, CrmError, PaymentField, kind,
    portal::{DEAL_FIELD, DEAL_FIELD_OLD, DEAL_FIELD_OLD_SHORT, INVOICE_FIELD},
};
use crate::{
    call::Transport,
    interface::{Check, Part},
    php,
};

const FIELDS: &str = "crm.item.fields";
const SCOPE_CRM: &str = "crm";
const SCOPE_FIELDS: &str = "userfieldconfig";
const LABEL_RU: &str = "Код банковского платежа";
const LABEL_EN: &str = "Bank payment code";

/// A custom field for payment ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldState {
    Found(PaymentField),
    /// It can be made: [`Client::ensure_fields`].
    Missing,
    /// It is missing, and the webhook lacks the scope to make it.
    NoRight,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectReport {
    /// In whose name everything is written, where the portal says it.
    pub user: Option<String>,
    pub scopes: Vec<String>,
    pub categories: Vec<Category>,
    pub invoice_field: FieldState,
    pub deal_field: FieldState,
    /// What is missing, and how to give it.
    pub lacking: Vec<Check>,
    /// The portal's clock, where it tells: to be compared with this machine's.
    pub server_time: Option<Timestamp>,
}

impl<T: Transport> Client<T> {
    /// Looks and changes nothing.
    ///
    /// # Errors
    /// The portal cannot be asked, or the key lacks the scope `crm`.
    pub async fn check(&self) -> Result<ConnectReport, CrmError> {
        let user = self.user().await?;
        let scopes = self.scopes().await?;
        let has = |wanted: &str| scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
        if !has(SCOPE_CRM) {
            return Err(CrmError::NoScope { scope: SCOPE_CRM });
        }
        let (categories, server_time) = self.categories_and_time().await?;
        let invoice = self.find_field(kind::INVOICE, &[INVOICE_FIELD]).await?;
        let invoice_field = match invoice {
            Some(field) => FieldState::Found(field),
            None if has(SCOPE_FIELDS) => FieldState::Missing,
            None => FieldState::NoRight,
        };
        // Deals have an older way that needs no scope of its own.
        let deal = self.find_field(kind::DEAL, &[DEAL_FIELD, DEAL_FIELD_OLD]).await?;
        let deal_field = deal.map_or(FieldState::Missing, FieldState::Found);
        let lacking = lacking(&categories, &invoice_field, &deal_field);
        Ok(ConnectReport {
            user,
            scopes,
            categories,
            invoice_field,
            deal_field,
            lacking,
            // Old installations say no time in their answers.
            server_time: server_time.or_else(|| self.transport.server_time()),
        })
    }

    /// A name is only shown: a portal that does not tell it can do everything else.
    async fn user(&self) -> Result<Option<String>, CrmError> {
        let body = match self.read("profile", &json!({})).await {
            Ok(body) => body,
            Err(error) if matches!(Cause::of(&error), Cause::NoSuchMethod | Cause::Scope | Cause::Forbidden) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let parts = ["NAME", "LAST_NAME"].map(|part| php::text(&body["result"][part]));
        let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    /// What the key may do: a list, or one text with commas, as tokens say it.
    pub(super) async fn scopes(&self) -> Result<Vec<String>, CrmError> {
        let body = self.read("scope", &json!({})).await?;
        let texts = php::texts(&body["result"]);
        let scopes = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
        Ok(scopes.filter(|scope| !scope.is_empty()).map(str::to_owned).collect())
    }

    /// Finds the fields for payment ids or makes them; their names are the connection's to remember. Safe to repeat. Deals
    /// may do without, and why they must is told: the invoice is what counts.
    ///
    /// # Errors
    /// A field of invoices that is neither there nor could be made; the portal could not be asked.
    pub async fn ensure_fields(&self) -> Result<(PaymentField, Result<PaymentField, CrmError>), CrmError> {
        let invoice = match self.find_field(kind::INVOICE, &[INVOICE_FIELD]).await? {
            Some(field) => field,
            None => {
                self.make_field("CRM_SMART_INVOICE", kind::INVOICE, INVOICE_FIELD)
                    .await?
            }
        };
        let deal_names = [DEAL_FIELD, DEAL_FIELD_OLD];
        let deal = match self.find_field(kind::DEAL, &deal_names).await? {
            Some(field) => Ok(field),
            None => match self.make_field("CRM_DEAL", kind::DEAL, DEAL_FIELD).await {
                Err(CrmError::FieldNotMade { .. }) => self.make_deal_field_the_old_way().await,
                made => made,
            },
        };
        match deal {
            Ok(_) | Err(CrmError::FieldNotMade { .. }) => Ok((invoice, deal)),
            Err(error) => Err(error),
        }
    }

    async fn make_field(&self, entity: &str, kind: u64, name: &str) -> Result<PaymentField, CrmError> {
        let field = json!({
            "entityId": entity,
            "fieldName": name,
            "userTypeId": "string",
            "multiple": "Y",
            "editFormLabel": {"ru": LABEL_RU, "en": LABEL_EN},
        });
        let params = json!({"moduleId": "crm", "field": field});
        self.made_field("userfieldconfig.add", &params, kind, &[name]).await
    }

    async fn make_deal_field_the_old_way(&self) -> Result<PaymentField, CrmError> {
        let field = json!({
            "FIELD_NAME": DEAL_FIELD_OLD_SHORT,
            "USER_TYPE_ID": "string",
            "MULTIPLE": "Y",
            "LABEL": LABEL_RU,
        });
        let params = json!({"fields": field});
        self.made_field("crm.deal.userfield.add", &params, kind::DEAL, &[DEAL_FIELD_OLD])
            .await
    }

    /// Whatever the answer to the making was (it may be lost, or say «already exists» in the portal's language), the
    /// list of fields tells whether the field is there.
    async fn made_field(
        &self,
        method: &'static str,
        params: &Value,
        kind: u64,
        names: &[&str],
    ) -> Result<PaymentField, CrmError> {
        let made = self.transport.call(method, params).await;
        if let Some(field) = self.find_field(kind, names).await? {
            return Ok(field);
        }
        match made {
            // Refusals and missing scopes are about this field; the rest is about the way to the portal.
            Err(error) if error.may_pass() || matches!(error, crate::CallError::NotSent { .. }) => {
                Err(CrmError::Call { method, error })
            }
            Err(error) => Err(CrmError::FieldNotMade {
                field: names.join(", "),
                reason: error.fact(),
            }),
            Ok(_) => Err(CrmError::FieldNotMade {
                field: names.join(", "),
                reason: Text::new(
                    "портал ответил «готово», но поля нет",
                    "the portal answered «done», but the field is not there",
                ),
            }),
        }
    }

    /// By its full name; portals call it otherwise in items.
    async fn find_field(&self, kind: u64, full_names: &[&str]) -> Result<Option<PaymentField>, CrmError> {
        let body = self.read(FIELDS, &json!({"entityTypeId": kind})).await?;
        let fields = field_map(&body).ok_or(CrmError::Shape {
            method: FIELDS,
            what: "fields",
        })?;
        let named = |full: &str| {
            fields.iter().find(|(name, field)| {
                php::text(&field["upperName"]).is_some_and(|upper| upper.eq_ignore_ascii_case(full))
                    || name.eq_ignore_ascii_case(full)
            })
        };
        let found = full_names.iter().find_map(|full| named(full));
        Ok(found.map(|(name, field)| PaymentField {
            name: name.clone(),
            multiple: php::flag(&field["isMultiple"]),
        }))
    }
}

/// The fields in an answer to `crm.item.fields`.
pub(super) fn field_map(body: &Value) -> Option<&serde_json::Map<String, Value>> {
    body["result"].get("fields")?.as_object()
}

fn lacking(categories: &[Category], invoice: &FieldState, deal: &FieldState) -> Vec<Check> {
    let mut lacking = Vec::new();
    if categories.is_empty() {
        lacking.push(Check::lacking(
            Part::Stages,
            "На портале нет воронок новых счетов: включите «Счета» в CRM.",
            "The portal has no categories of smart invoices: switch on «Invoices» in the CRM.",
        ));
    }
    for category in categories.iter().filter(|category| category.success().is_none()) {
        lacking.push(Check::lacking(
            Part::Stages,
            format!(
                "В воронке счетов «{}» нет успешной стадии: оплаченные счета нельзя будет перевести. Добавьте её в \
                 настройках стадий.",
                category.name
            ),
            format!(
                "Category «{}» has no successful stage: paid invoices could not be moved. Add one in its settings.",
                category.name
            ),
        ));
    }
    if *invoice == FieldState::NoRight {
        lacking.push(Check::lacking(
            Part::Field,
            "У счетов нет поля для кода платежа, а у вебхука нет права userfieldconfig, чтобы его создать. Добавьте право.",
            "Invoices have no field for the payment's code, and the webhook lacks the scope userfieldconfig to make it. \
             Add the scope.",
        ));
    }
    for (state, ru, en) in [(invoice, "счетов", "Invoices"), (deal, "сделок", "Deals")] {
        if let FieldState::Found(field) = state
            && !field.multiple
        {
            lacking.push(Check::lacking(
                Part::Field,
                format!("Поле кода платежа у {ru} не множественное: несколько кодов будут записаны через пробел."),
                format!("{en}: the field of the payment's code is not multiple; several codes are joined by spaces."),
            ));
        }
    }
    lacking
}
