//! A payment as the engine sees it: one booked line of a statement, or one payment of a batch.

use chrono::NaiveDate;
use domain::{Counterparty, Direction, Money, ShortText};

use crate::fold::{identifier_key, name_key};

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
    pub kind: Option<ShortText>,
    pub number: Option<ShortText>,
    /// Our account the money came to.
    pub own_account: Option<String>,
    pub reversal: bool,
    pub hold: Option<Hold>,
}

/// The payer in the spelling payers are compared in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PayerKeys {
    pub inn: Option<ShortText>,
    pub account: Option<ShortText>,
    /// Empty where there is none.
    pub name: String,
}

impl PayerKeys {
    pub fn of(payment: &Payment) -> Self {
        let payer = &payment.payer;
        Self {
            inn: identifier_key(payer.inn.as_deref()),
            account: identifier_key(payer.account.as_deref()),
            name: name_key(payer.name.as_deref().unwrap_or_default()),
        }
    }
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
