//! Изменено в CRM: what somebody changed there after our write, and what a person says to it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Words;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftList {
    /// Those put off last, the oldest first.
    pub rows: Vec<DriftRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftRow {
    pub drift: String,
    pub invoice: String,
    pub invoice_number: String,
    /// What its CRM is called; null where there is only one.
    pub crm: Option<String>,
    pub customer: String,
    /// When it was found, ISO 8601 UTC.
    pub found: String,
    /// What is otherwise than our write left it, a sentence each.
    pub says: Vec<Words>,
    /// What may be done, in the order to offer it.
    pub answers: Vec<DriftAnswer>,
    /// A person put it off.
    pub later: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DriftAnswer {
    /// We are right: what is recorded goes to the CRM once more.
    WriteAgain,
    /// The CRM is right: nothing is written.
    LeaveIt,
    /// Whoever answers for the invoice is asked, by a task in the CRM; it stays in the list.
    Ask,
    /// The decision on the payment is taken back, here and in the CRM.
    Undo,
    /// Not now: it stays in the list.
    Later,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftAnswerRequest {
    pub drift: String,
    pub answer: DriftAnswer,
}
