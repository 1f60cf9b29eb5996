//! A firm as `POST /load`, `--seed` and the demo describe it, made into what the portal holds.
//!
//! ```json
//! {"keep": false, "scopes": ["crm"], "app": {"scopes": ["crm"], "redirect": "http://127.0.0.1:8080/"},
//!  "users": [{"id": 7, "name": "Анна", "last_name": "Орлова", "admin": false}],
//!  "categories": [{"id": 3, "entity_type_id": 31, "name": "Поставка", "default": true}],
//!  "stages": [{"entity_type_id": 31, "category": 3, "id": "DT31_3:P", "name": "Оплачен", "semantics": "S"}],
//!  "companies": [{"id": 11, "title": "ООО «Ромашка»", "own": false,
//!                 "requisites": [{"name": "ООО «Ромашка»", "inn": "7801234564", "kpp": "780101001",
//!                                 "accounts": [{"account": "40702810...", "bik": "044525225", "bank": "ПАО Сбербанк"}]}]}],
//!  "deals": [{"id": 501, "title": "Поставка", "amount": "100.00", "stage": "EXECUTING", "category": 0, "company": 11}],
//!  "invoices": [{"id": 1001, "number": "СЧ-145", "date": "2026-11-05", "due": "2026-11-19", "amount": "146400.00",
//!                "stage": "DT31_3:N", "category": 3, "company": 11, "own_company": 1, "deal": 501}],
//!  "user_fields": [{"entity": "CRM_DEAL", "name": "UF_CRM_DEAL_BANK_PAYMENT_ID", "multiple": true}],
//!  "portal": {"on_premise": false, "enterprise": false, "missing_reference": "empty"},
//!  "amocrm": {"kommo": false, "currency": "RUB", "requisites": "legal_entity"}}
//! ```
//! Objects are numbered from 1 where they say no `id` (unless they are added), fields may have the portal's own names
//! (`accountNumber`, `opportunity`, `stageId`, `companyId`), and a company may hold `inn`, `kpp`, `account` and `bik` itself.
//! Everything is optional but the names: without categories there is invoice funnel 3 and deal funnel 0, a
//! funnel without stages gets the portal's default ones, an invoice without a stage is in the first. `keep` adds to
//! what is there instead of replacing it. Sums are decimal text (numbers are taken too).

mod completed;
mod found;
mod stages;

pub(crate) use found::{ORGANISATION_PRESET, SOLE_TRADER_PRESET};
pub(crate) use stages::{default_stages, put_stage};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{amo::AmoSettings, schema::INVOICE, settings::PortalSettings};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Firm {
    pub keep: bool,
    pub scopes: Option<Vec<String>>,
    /// The status of refusals for a wrong webhook and a missing scope: 401 as the makers' clients expect, or 403 as
    /// their documentation says.
    pub forbidden_status: Option<u16>,
    /// How the portal is set; as it was, where absent.
    pub portal: Option<PortalSettings>,
    pub app: FirmApp,
    pub users: Vec<FirmUser>,
    pub categories: Vec<FirmCategory>,
    pub stages: Vec<FirmStage>,
    pub companies: Vec<FirmCompany>,
    pub deals: Vec<FirmDeal>,
    pub invoices: Vec<FirmInvoice>,
    /// Of the generation before; a portal that has none answers with empty lists.
    pub old_invoices: Vec<FirmOldInvoice>,
    pub user_fields: Vec<FirmUserField>,
    /// How the amoCRM account beside the portal is set; as it was, where absent or where the firm only adds.
    pub amocrm: Option<AmoSettings>,
}

/// The local application's card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirmApp {
    pub scopes: Option<Vec<String>>,
    /// Where the browser is sent with a code.
    pub redirect: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmUser {
    pub id: i64,
    pub name: String,
    pub last_name: String,
    #[serde(default)]
    pub admin: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmCategory {
    pub id: i64,
    #[serde(default = "invoice")]
    pub entity_type_id: i64,
    pub name: String,
    #[serde(default)]
    pub default: bool,
}

fn invoice() -> i64 {
    INVOICE
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmStage {
    #[serde(default = "invoice")]
    pub entity_type_id: i64,
    pub category: i64,
    #[serde(alias = "stage", alias = "STATUS_ID")]
    pub id: String,
    #[serde(alias = "NAME")]
    pub name: String,
    /// `S` success, `F` failure, nothing in between.
    #[serde(default, alias = "SEMANTICS")]
    pub semantics: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmCompany {
    pub id: i64,
    #[serde(alias = "name")]
    pub title: String,
    #[serde(default, alias = "is_my_company", alias = "isMyCompany")]
    pub own: bool,
    #[serde(default)]
    pub requisites: Vec<FirmRequisite>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirmRequisite {
    pub name: String,
    pub inn: String,
    pub kpp: String,
    pub accounts: Vec<FirmAccount>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirmAccount {
    #[serde(alias = "number")]
    pub account: String,
    pub bik: String,
    pub bank: String,
    pub correspondent: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmDeal {
    pub id: i64,
    pub title: String,
    #[serde(alias = "sum", alias = "opportunity")]
    pub amount: Value,
    #[serde(default, alias = "stageId")]
    pub stage: Option<String>,
    #[serde(default, alias = "categoryId")]
    pub category: i64,
    #[serde(default, alias = "companyId", alias = "company_id")]
    pub company: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmInvoice {
    pub id: i64,
    #[serde(alias = "accountNumber")]
    pub number: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default, alias = "begindate")]
    pub date: Option<String>,
    #[serde(default, alias = "closedate")]
    pub due: Option<String>,
    #[serde(alias = "sum", alias = "opportunity")]
    pub amount: Value,
    #[serde(default, alias = "currencyId")]
    pub currency: Option<String>,
    #[serde(default, alias = "stageId")]
    pub stage: Option<String>,
    #[serde(default, alias = "categoryId")]
    pub category: Option<i64>,
    #[serde(default, alias = "companyId", alias = "company_id")]
    pub company: i64,
    #[serde(default, alias = "mycompanyId")]
    pub own_company: i64,
    #[serde(default, alias = "parentId2", alias = "deal_id")]
    pub deal: i64,
    /// Whose it is; the service user's where nobody is named.
    #[serde(default, alias = "assignedById")]
    pub responsible: Option<i64>,
    /// Whether the portal has an unpaid payment for it.
    #[serde(default)]
    pub payment: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmOldInvoice {
    pub id: i64,
    pub number: String,
    pub amount: Value,
    #[serde(default)]
    pub date: Option<String>,
    /// `N`, `S`, `A`, `P` paid, `D` declined.
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub company: i64,
    #[serde(default)]
    pub own_company: i64,
    #[serde(default)]
    pub deal: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmUserField {
    pub entity: String,
    pub name: String,
    #[serde(default)]
    pub user_type: Option<String>,
    #[serde(default)]
    pub multiple: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FirmError {
    #[error("not a firm: {0}")]
    Shape(String),
    #[error("invoice or deal {id}: «{amount}» is not a sum")]
    Amount { id: i64, amount: String },
    #[error("invoice {id}: «{text}» is not a date")]
    Date { id: i64, text: String },
    #[error("{what} {id}: there is no stage «{stage}» in funnel {category}")]
    Stage {
        what: &'static str,
        id: i64,
        stage: String,
        category: i64,
    },
    #[error("invoice {id}: the number «{number}» is taken")]
    Number { id: i64, number: String },
}

impl Firm {
    /// # Errors
    /// What the text has that a firm has not.
    pub fn parse(value: &Value) -> Result<Self, FirmError> {
        // By way of the text: numbers with kept digits do not pass through serde's buffers.
        let firm = completed::completed(value.clone())?;
        serde_json::from_str(&firm.to_string()).map_err(|error| FirmError::Shape(error.to_string()))
    }
}
