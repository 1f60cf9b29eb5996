//! What was ruled about an entry, and how it is taken back. Rows of these are only ever added.

use serde::{Deserialize, Serialize};

use crate::{
    audit::Actor,
    ids::{DecisionId, EntryId, InvoiceId},
    money::Money,
    time::Timestamp,
};

/// Part of an entry settling part of an invoice; of a refund, what it takes out of the invoice again. Always positive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    pub invoice: InvoiceId,
    pub amount: Money,
}

/// What a decision says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The entry pays these invoices; what is not allocated stays as an advance.
    Allocated,
    /// The entry pays no invoice (a person says so).
    NotACustomersPayment,
    /// The entry takes an earlier one back, in whole or in part: our debit back to a customer, the bank's reversal, an own
    /// payment that was returned. What is not allocated comes out of what no invoice had been given.
    Refund {
        /// The entry taken back; it went the other way.
        of: EntryId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub id: DecisionId,
    pub entry: EntryId,
    pub kind: DecisionKind,
    pub allocations: Vec<Allocation>,
    pub actor: Actor,
    pub at: Timestamp,
    /// Evidence as it was shown when the decision was made, as JSON.
    pub evidence: String,
}

/// Undo: a new row that takes a decision back, in the ledger and in the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reversal {
    pub decision: DecisionId,
    pub actor: Actor,
    pub at: Timestamp,
    pub reason: String,
}
