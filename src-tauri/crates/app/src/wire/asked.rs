//! Lines of statements that the program could not book without a person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Sum, Words};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AskedList {
    pub rows: Vec<AskedRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AskedRow {
    pub asked: u64,
    pub file: String,
    /// The line of the file it begins at.
    pub line: u64,
    pub account: String,
    pub date: String,
    pub sum: Sum,
    /// The other side, as the bank wrote it.
    pub counterparty: String,
    pub purpose: String,
    /// Why it was not booked.
    pub reason: Words,
    /// The file says which way the money went: then only booking it or not is asked.
    pub direction_known: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AskedAnswer {
    /// It is an entry of its own; money came.
    Credit,
    /// It is an entry of its own; money went.
    Debit,
    /// It is nothing of its own: known already, or no entry.
    Drop,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AskedAnswerRequest {
    pub asked: u64,
    pub answer: AskedAnswer,
}
