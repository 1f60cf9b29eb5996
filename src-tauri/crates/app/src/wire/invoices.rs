//! Счета: what the CRM says is owed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Sum;

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct InvoicesPageRequest {
    pub search: String,
    pub only_open: bool,
    pub offset: u32,
    /// 1 to 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct InvoicesPage {
    pub total: u64,
    pub rows: Vec<InvoiceRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct InvoiceRow {
    pub invoice: String,
    pub number: String,
    pub date: String,
    pub due: Option<String>,
    pub customer: String,
    pub inn: Option<String>,
    pub amount: Sum,
    pub open: Sum,
    /// `open`, `paid`, `cancelled`.
    pub status: String,
    /// What its CRM is called; null where there is only one.
    pub crm: Option<String>,
    /// Our company that issued it, by name; null where there is only one, or it is not known.
    pub company: Option<String>,
}
