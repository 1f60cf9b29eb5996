//! Our own legal entities, their accounts, and the connections that bill for them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompaniesView {
    pub companies: Vec<CompanyView>,
    /// The accounts that there are statements of.
    pub accounts: Vec<AccountOwner>,
    pub connections: Vec<ConnectionServes>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CompanyView {
    pub inn: String,
    /// Empty where only statements or a CRM name it.
    pub name: String,
    pub kpp: Option<String>,
    /// false: nobody added it; the settings, a statement or a CRM name it.
    pub kept: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountOwner {
    pub account: String,
    /// The INN; null: it is not known.
    pub company: Option<String>,
    /// A person said so; else the statements name it, or there is no other.
    pub chosen: bool,
    /// The INN that the account's statements name.
    pub named: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConnectionServes {
    pub connection: String,
    pub name: String,
    /// INNs; empty: it is not known. An invoice's own company, where the CRM names one, goes before it.
    pub companies: Vec<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CompanyRequest {
    pub inn: String,
    pub name: String,
    pub kpp: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CompanyNamed {
    pub inn: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct AccountCompanyRequest {
    pub account: String,
    /// The INN; null: as the statements say.
    pub company: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ServesRequest {
    pub connection: String,
    /// INNs.
    pub companies: Vec<String>,
}
