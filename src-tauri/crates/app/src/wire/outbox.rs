//! Очередь: what the CRM must still be told, and the receipts of what it was.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{DriftRow, OutboxCounts, Sum, Words};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Queued,
    InFlight,
    Delivered,
    Parked,
    Withdrawn,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct OutboxPageRequest {
    pub state: Option<MessageState>,
    pub offset: u32,
    /// 1 to 500.
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OutboxPage {
    pub total: u64,
    pub counts: OutboxCounts,
    pub rows: Vec<MessageRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MessageRow {
    pub message: String,
    /// `record_payment`, `reverse_payment`, `refund_payment`, `recall_payment`, `restore_payment`, `mark_status`,
    /// `ask_responsible` or `remove_repeats`.
    pub operation: String,
    pub invoice: String,
    pub invoice_number: String,
    /// What its CRM is called; null where there is only one.
    pub crm: Option<String>,
    /// null: it is about no money.
    pub sum: Option<Sum>,
    /// How the invoice is told to stand, where it is about no money.
    pub status: Option<Words>,
    pub state: MessageState,
    pub attempts: u32,
    pub created: String,
    /// When it is tried next, ISO 8601 UTC.
    pub due: Option<String>,
    /// What it waits for, in words.
    pub says: Words,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MessageRequest {
    pub message: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MessageView {
    pub row: MessageRow,
    /// null: no money is told of.
    pub payment_id: Option<String>,
    pub attempts: Vec<AttemptView>,
    pub receipt: Option<ReceiptView>,
    /// What somebody changed in its invoice since, while nobody has said what to do about it.
    pub drift: Option<DriftRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AttemptView {
    pub number: u32,
    pub started: String,
    pub ended: Option<String>,
    pub outcome: Words,
}

/// What was, what is, and the ids: proof that the CRM holds it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ReceiptView {
    pub stage_before: Option<String>,
    pub stage_after: Option<String>,
    pub payments: Vec<String>,
    pub comment: Option<String>,
    pub found_done: bool,
    pub notes: Vec<Words>,
    /// Each thing touched: what, its number in the CRM, what was and what is, when by the CRM's clock.
    pub traces: Vec<Words>,
}
