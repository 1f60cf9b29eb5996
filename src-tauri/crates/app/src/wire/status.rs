//! How everything stands, in one answer: what the window's frame and the tray show.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Sum, Words};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Status {
    pub version: String,
    pub condition: Condition,
    /// One calm line: «Всё сделано», «2 платежа ждут решения», «Нет сети: 12 записей уйдут сами».
    pub headline: Words,
    pub folder: FolderStatus,
    /// The one CRM there is; of several the one that most wants a person, with the sentence saying which.
    pub crm: CrmStatus,
    /// Each connected CRM, in the order in which they were connected.
    pub crms: Vec<CrmStatus>,
    pub inbox: InboxCounts,
    pub outbox: OutboxCounts,
    pub orders_waiting: u64,
    /// What a person should hear of and no list shows: a file that cannot be read, a balance that does not add up.
    pub notices: Vec<Words>,
    pub accounts: Vec<AccountStatus>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Ok,
    NeedsYou,
    Offline,
    Error,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FolderStatus {
    pub path: Option<String>,
    pub state: FolderState,
    pub message: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FolderState {
    NotChosen,
    Watching,
    Paused,
    Gone,
    /// Chosen, but nobody watches in this process.
    Idle,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CrmStatus {
    /// The id of the connection, the first part of the ids of its invoices; null: none is connected.
    pub connection: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    pub kind: Option<CrmKind>,
    pub state: CrmState,
    /// The portal's host; never its key.
    pub portal: Option<String>,
    pub message: Words,
    /// When open invoices were last pulled, ISO 8601 UTC.
    pub pulled_at: Option<String>,
    /// Messages on their way to it.
    pub waiting: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CrmKind {
    Bitrix24,
    /// Kommo too.
    Amocrm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CrmState {
    NotConnected,
    Ok,
    Offline,
    Unauthorised,
    Failing,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxCounts {
    pub review: u64,
    pub not_found: u64,
    pub decided: u64,
    /// Of the decided ones, those of which something is kept as an advance.
    pub advances: u64,
    pub not_customers: u64,
    /// Lines of statements that could not be booked without a person.
    pub asked: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OutboxCounts {
    pub waiting: u64,
    pub parked: u64,
    pub delivered: u64,
    pub withdrawn: u64,
    /// Invoices that somebody changed in the CRM after our write, and nobody here has said a word to.
    pub drifts: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AccountStatus {
    pub account: String,
    pub closing: Option<Sum>,
    pub closing_date: Option<String>,
    /// true: the chain of days adds up; false: it is broken; null: nothing is declared.
    pub proven: Option<bool>,
    /// Automatic decisions stop from this day on.
    pub blocked_from: Option<String>,
    pub difference: Option<Sum>,
}

/// The event «money came»: what a notification says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoneyCame {
    pub count: u64,
    /// A sum a currency.
    pub total: Vec<Sum>,
    /// How many of them wait for a person.
    pub waiting: u64,
    pub says: Words,
    /// The same without sums, for a screen others can see.
    pub says_hidden: Words,
    /// The first of them, to open when the notification is clicked.
    pub first_entry: Option<String>,
}
