//! What a customer owes, as the CRM tells it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{ids::InvoiceId, money::Money};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InvoiceStatus {
    Open,
    Paid,
    Cancelled,
}

/// Who owes. Numbers are the CRM's text: people type them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Customer {
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    /// Accounts the CRM knows of this customer.
    pub accounts: Vec<String>,
}

/// An invoice. `amount` and `open` are of one currency; `open` is the amount less live allocations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub id: InvoiceId,
    pub number: String,
    pub date: NaiveDate,
    pub amount: Money,
    pub open: Money,
    pub customer: Customer,
    pub status: InvoiceStatus,
    pub due: Option<NaiveDate>,
    pub contract: Option<String>,
    /// Our own legal entity that issued it: its INN where the CRM knows it, else as the CRM names it.
    pub company: Option<String>,
    /// The deal behind it, as the CRM numbers it.
    pub deal: Option<String>,
}
