//! How an account is made: its currency, its catalog of invoices, and the fields of that.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use domain::Currency;
use serde_json::{Value, json};

use super::{AmocrmError, Client};
use crate::{
    call::{CallError, Transport},
    mapping::Mapping,
    php,
};

/// Codes of the fields of invoices.
pub const BILL_STATUS: &str = "BILL_STATUS";
pub const BILL_PRICE: &str = "BILL_PRICE";
pub const BILL_PAYMENT_DATE: &str = "BILL_PAYMENT_DATE";
pub const BILL_VAT_TYPE: &str = "BILL_VAT_TYPE";
pub const PAYER: &str = "PAYER";
pub const ITEMS: &str = "ITEMS";
pub const LEGAL_ENTITY: &str = "LEGAL_ENTITY";
pub const SUPPLIER: &str = "SUPPLIER";
/// Ours.
pub const PAYMENT_ID: &str = "BANK_PAYMENT_ID";

const ACCOUNT: &str = "GET account";
const CATALOGS: &str = "GET catalogs";

/// One choice of a select field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub id: u64,
    pub name: String,
    pub code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub id: u64,
    pub code: Option<String>,
    pub name: String,
    /// As the CRM calls it: `text`, `textarea`, `select` …
    pub kind: String,
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    pub account: String,
    pub currency: Currency,
    /// Seconds that the account's clock is ahead of UTC.
    pub utc_offset_s: i32,
    pub catalog: u64,
    pub catalog_name: String,
    pub fields: Vec<Field>,
    /// What the user said its statuses stand for.
    pub mapping: Mapping,
}

/// Characters that the API takes into a field of type `text`; more refuse the whole write, although the CRM's own page takes
/// them.
pub const SHORT_CHARS: usize = 256;

impl Field {
    /// It takes [`SHORT_CHARS`] and no more.
    pub fn is_short(&self) -> bool {
        self.kind == "text"
    }
}

impl Layout {
    /// By code; of our own field also by the name it is made with, because a person may have made it by hand.
    pub fn field(&self, code: &str) -> Option<&Field> {
        let coded = |field: &&Field| {
            field
                .code
                .as_deref()
                .is_some_and(|known| known.eq_ignore_ascii_case(code))
        };
        let named = |field: &&Field| code == PAYMENT_ID && field.name.trim() == super::error::FIELD_NAME;
        self.fields
            .iter()
            .find(coded)
            .or_else(|| self.fields.iter().find(named))
    }

    /// A day as the value of a field of dates: a moment that is on this day by the account's calendar and by UTC, whichever
    /// of them somebody reads it by.
    pub fn moment_of(&self, day: NaiveDate) -> i64 {
        // East of Greenwich midnight is that day already; west of it is the day before, and noon is the same day in both.
        let noon_s = if self.utc_offset_s < 0 { 12 * 3_600 } else { 0 };
        day.and_time(NaiveTime::MIN).and_utc().timestamp() + noon_s
    }

    pub fn status_field(&self) -> Option<&Field> {
        self.field(BILL_STATUS)
    }
}

impl<T: Transport> Client<T> {
    /// As it was when last asked for.
    pub(super) async fn layout(&self) -> Result<Arc<Layout>, AmocrmError> {
        let mut held = self.layout.lock().await;
        if let Some(layout) = held.as_ref() {
            return Ok(Arc::clone(layout));
        }
        let layout = Arc::new(self.ask_layout().await?);
        *held = Some(Arc::clone(&layout));
        Ok(layout)
    }

    /// As it is now.
    pub(super) async fn layout_anew(&self) -> Result<Arc<Layout>, AmocrmError> {
        self.forget_layout().await;
        self.layout().await
    }

    pub(super) async fn forget_layout(&self) {
        *self.layout.lock().await = None;
    }

    async fn ask_layout(&self) -> Result<Layout, AmocrmError> {
        let account = self
            .read(ACCOUNT, &json!({"with": "datetime_settings,invoices_settings"}))
            .await;
        let account = match account {
            Err(AmocrmError::Call { error, .. }) if no_account(&error) => return Err(AmocrmError::NoAccount),
            account => account?,
        };
        let currency = php::text(&account["currency"]).and_then(|code| Currency::parse(&code).ok());
        let currency = currency.ok_or_else(|| AmocrmError::Shape {
            call: ACCOUNT.to_owned(),
            what: "currency",
        })?;
        let (catalog, catalog_name) = self.catalog(&account).await?;
        let path = format!("catalogs/{catalog}/custom_fields");
        let fields = self.list(&path, &json!({}), "custom_fields").await?;
        Ok(Layout {
            account: php::text(&account["name"]).unwrap_or_else(|| "?".to_owned()),
            currency,
            utc_offset_s: utc_offset_s(&account),
            catalog,
            catalog_name,
            fields: fields.iter().filter_map(field).collect(),
            mapping: self.account.mapping.clone(),
        })
    }

    async fn catalog(&self, account: &Value) -> Result<(u64, String), AmocrmError> {
        let all = self.list("catalogs", &json!({"type": "invoices"}), "catalogs").await?;
        let named = php::id(&account["_embedded"]["invoices_settings"]["invoices_catalog_id"])
            .or_else(|| php::id(&account["invoices_settings"]["invoices_catalog_id"]));
        let is_invoices = |row: &&Value| {
            // A list that ignores the filter shows every catalog.
            php::text(&row["type"]).is_some_and(|kind| kind == "invoices") && php::id(&row["id"]).is_some()
        };
        let mut invoices = all.iter().filter(is_invoices);
        let chosen = invoices
            .clone()
            .find(|row| named.is_some() && php::id(&row["id"]) == named)
            .or_else(|| invoices.next());
        let chosen = chosen.ok_or(AmocrmError::NoInvoices)?;
        let id = php::id(&chosen["id"]).ok_or_else(|| AmocrmError::Shape {
            call: CATALOGS.to_owned(),
            what: "id",
        })?;
        Ok((id, php::text(&chosen["name"]).unwrap_or_default()))
    }
}

/// A page instead of the API, or a 404 of the whole account: a wrong subdomain.
fn no_account(error: &CallError) -> bool {
    error.is_not_found() || matches!(error, CallError::Refused { status: 400..=499, .. })
}

/// `+03:00`, `10800` or nothing, which is Moscow: accounts without settings are Russian.
fn utc_offset_s(account: &Value) -> i32 {
    const MOSCOW_S: i32 = 3 * 3_600;
    let settings = [
        &account["_embedded"]["datetime_settings"],
        &account["datetime_settings"],
    ];
    let told = settings
        .iter()
        .find_map(|settings| php::text(&settings["timezone_offset"]));
    let Some(told) = told else { return MOSCOW_S };
    if let Ok(offset) = told.parse::<chrono::FixedOffset>() {
        return offset.local_minus_utc();
    }
    told.parse().unwrap_or(MOSCOW_S)
}

fn field(row: &Value) -> Option<Field> {
    let choices = php::rows(&row["enums"]).into_iter().filter_map(|choice| {
        Some(Choice {
            id: php::id(&choice["id"])?,
            name: php::text(&choice["value"]).unwrap_or_default(),
            code: php::text(&choice["code"]),
        })
    });
    Some(Field {
        id: php::id(&row["id"])?,
        code: php::text(&row["code"]),
        name: php::text(&row["name"]).unwrap_or_default(),
        kind: php::text(&row["type"]).unwrap_or_default(),
        choices: choices.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_same_day_by_the_accounts_calendar_and_by_utc() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        // Kamchatka, Moscow, Greenwich, the Azores, New York, and where the day ends last.
        for hours in [12, 3, 0, -1, -5, -12] {
            let layout = Layout {
                account: String::new(),
                currency: Currency::RUB,
                utc_offset_s: hours * 3_600,
                catalog: 1,
                catalog_name: String::new(),
                fields: Vec::new(),
                mapping: Mapping::default(),
            };
            let moment = layout.moment_of(day);
            for offset_s in [0, i64::from(layout.utc_offset_s)] {
                let read = chrono::DateTime::from_timestamp(moment + offset_s, 0).unwrap();
                assert_eq!(read.date_naive(), day, "{hours} {offset_s}");
            }
        }
    }

    #[test]
    fn the_accounts_clock_is_read_in_each_form() {
        for (settings, expected) in [
            (json!({"timezone_offset": "+04:00"}), 14_400),
            (json!({"timezone_offset": "-05:00"}), -18_000),
            (json!({"timezone_offset": 7200}), 7_200),
            (json!({}), 10_800),
        ] {
            assert_eq!(
                utc_offset_s(&json!({"_embedded": {"datetime_settings": settings}})),
                expected,
                "{settings}"
            );
        }
    }
}
