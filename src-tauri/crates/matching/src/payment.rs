//! A payment as the engine sees it: one booked line of a statement, or one payment of a batch.

use chrono::NaiveDate;
use domain::{Counterparty, Direction, Money};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: String,
    pub date: NaiveDate,
    /// Never negative: the direction says which way.
    pub amount: Money,
    pub payer: Counterparty,
    pub purpose: String,
    /// `None`: the statement does not tell. Such a payment is asked about, never decided. A caller whose source only
    /// ever holds incoming money says `Credit`.
    pub direction: Option<Direction>,
    pub kind: Option<String>,
    pub number: Option<String>,
    /// Our account the money came to.
    pub own_account: Option<String>,
    pub reversal: bool,
    pub hold: Option<Hold>,
}

/// What the ledger knows that forbids an automatic decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// The statement's chain of balances is broken.
    Unproven,
    /// A person took back a decision about this payment.
    Undone,
    /// The CRM's list of invoices was not read to its end: a second one that fits may be missing.
    InvoicesIncomplete,
}
