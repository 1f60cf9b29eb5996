//! A row of `crm.item.list` of smart invoices, and the invoice it is.

use chrono::NaiveDate;
use domain::{Currency, Customer, Invoice, InvoiceStatus, Money, Text};
use serde_json::Value;

use super::{Portal, sums::sum};
use crate::php;

/// What a row must hold to be used. `parentId2` is the deal; never ask for it of deals themselves.
pub const SELECT: [&str; 13] = [
    "id",
    "title",
    "accountNumber",
    "opportunity",
    "currencyId",
    "stageId",
    "categoryId",
    "companyId",
    "contactId",
    "mycompanyId",
    "parentId2",
    "begindate",
    "closedate",
];

/// Who an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustomerKey {
    Company(u64),
    Contact(u64),
}

/// A readable row, before its customer is known.
pub struct InvoiceRow {
    pub id: u64,
    pub number: String,
    pub date: NaiveDate,
    pub due: Option<NaiveDate>,
    pub amount: Money,
    pub stage: String,
    pub customer: Option<CustomerKey>,
    pub own_company: Option<u64>,
    pub deal: Option<u64>,
}

impl InvoiceRow {
    /// # Errors
    /// In words: what the row lacks to be an invoice.
    pub fn read(row: &Value) -> Result<Self, Text> {
        let lacks = |id: &str, ru: &str, en: &str| {
            Text::new(
                format!("Счёт № {id} в Битрикс24 пропущен: {ru}. Исправьте счёт в CRM."),
                format!("Invoice {id} in Bitrix24 is left out: {en}. Correct the invoice in the CRM."),
            )
        };
        let id = php::id(&row["id"]).ok_or_else(|| lacks("?", "нет номера записи", "it has no id"))?;
        let lacks = |ru: &str, en: &str| lacks(&id.to_string(), ru, en);
        let number = php::text(&row["accountNumber"]).ok_or_else(|| lacks("нет номера счёта", "it has no number"))?;
        let currency = php::text(&row["currencyId"])
            .and_then(|code| Currency::parse(&code).ok())
            .ok_or_else(|| lacks("не указана валюта", "it has no currency"))?;
        let amount = php::text(&row["opportunity"])
            .and_then(|text| sum(&text, currency))
            .ok_or_else(|| lacks("не читается сумма", "its sum cannot be read"))?;
        let date =
            date(&row["begindate"]).ok_or_else(|| lacks("не указана дата выставления", "it has no date of issue"))?;
        let stage = php::text(&row["stageId"]).ok_or_else(|| lacks("нет стадии", "it has no stage"))?;
        let contact = || php::id(&row["contactId"]).map(CustomerKey::Contact);
        Ok(Self {
            id,
            number,
            date,
            due: self::date(&row["closedate"]),
            amount,
            stage,
            customer: php::id(&row["companyId"]).map(CustomerKey::Company).or_else(contact),
            own_company: php::id(&row["mycompanyId"]),
            deal: php::id(&row["parentId2"]),
        })
    }

    pub fn invoice(
        self,
        portal: &Portal,
        status: InvoiceStatus,
        customer: Customer,
        company: Option<String>,
    ) -> Invoice {
        Invoice {
            id: portal.invoice_id(self.id),
            number: self.number,
            date: self.date,
            amount: self.amount,
            // The CRM knows no allocations: the ledger takes its own off.
            open: self.amount,
            customer,
            status,
            due: self.due,
            contract: None,
            company,
            deal: self.deal.map(|deal| deal.to_string()),
        }
    }
}

/// Dates come as `2024-06-18T03:00:00+03:00`: only the date means anything.
fn date(value: &Value) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(php::text(value)?.get(..10)?, "%Y-%m-%d").ok()
}
