//! The payment order (form 0401060, Bank of Russia 762-П) and its way to the bank, states as types.
//!
//! [`OrderDraft`] is what a person typed, with whatever is wrong in it. [`OrderDraft::check`] makes a [`PaymentOrder`]
//! or names every defect. [`Submitted`] waits for an approval; only [`Approved`] can be written to a bank's file, and
//! the only ways to one are a second person, a sole operator with the owner's permission, and an earlier approval
//! whose hash still fits the content.

mod approval;
mod check;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use approval::{Approval, ApprovalError, ApprovalKind, Approved, Permission, Submitted};
pub use check::one_line;

use crate::{
    audit::hash_of,
    identifiers::{AccountNumber, Bik, Inn, Kpp},
    money::Money,
    text::Text,
};

/// Field 24: at most 210 characters.
pub const PURPOSE_CHARS_MAX: usize = 210;
/// Fields 8 and 16: at most 160 characters.
pub const NAME_CHARS_MAX: usize = 160;
/// Field 3: at most 6 digits.
pub const NUMBER_DIGITS_MAX: usize = 6;
/// Field 7: 18 digits in kopecks is the form's limit; this is ours: 100 billion roubles.
pub const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000;

/// One side of an order as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PartyDraft {
    pub name: String,
    pub inn: String,
    pub kpp: String,
    pub account: String,
    pub bik: String,
    pub bank_name: String,
    pub bank_city: String,
    pub correspondent_account: String,
}

/// An order as typed. Everything is text, nothing is refused: a draft may be saved half done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderDraft {
    pub number: String,
    pub date: Option<NaiveDate>,
    /// Roubles, `1234.56`; a decimal comma and spaces are taken too.
    pub amount: String,
    pub payer: PartyDraft,
    pub payee: PartyDraft,
    pub purpose: String,
    /// Field 21, 1 to 5; empty means 5.
    pub priority: String,
    /// Field 22 (УИН); empty or `0` where there is none.
    pub uin: String,
}

/// What is wrong in a draft, by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// As in [`OrderDraft`]: `number`, `payee.account`.
    pub field: String,
    pub message: Text,
}

/// A bank, by its code. The correspondent account is validated against the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bank {
    pub bik: Bik,
    pub name: String,
    pub city: String,
    /// Some participants have none.
    pub correspondent_account: Option<AccountNumber>,
}

/// Payer or payee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderParty {
    pub name: String,
    /// A payee who is a person may have none.
    pub inn: Option<Inn>,
    pub kpp: Option<Kpp>,
    pub account: AccountNumber,
    pub bank: Bank,
}

/// An order every field of which is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOrder {
    /// 1 to 6 digits, not all zeros.
    pub number: String,
    pub date: NaiveDate,
    /// Roubles, positive.
    pub amount: Money,
    pub payer: OrderParty,
    pub payee: OrderParty,
    /// 1 to 210 characters of the allowed set.
    pub purpose: String,
    /// 1 to 5.
    pub priority: u8,
    pub uin: Option<String>,
}

impl PaymentOrder {
    /// What an approval is bound to: every field that reaches the bank.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let amount = self.amount.minor().to_string();
        let date = self.date.to_string();
        let priority = self.priority.to_string();
        let currency = self.amount.currency();
        let mut parts = vec![
            "order/1",
            &self.number,
            &date,
            &amount,
            currency.code(),
            &self.purpose,
            &priority,
            self.uin.as_deref().unwrap_or(""),
        ];
        for party in [&self.payer, &self.payee] {
            parts.extend([
                party.name.as_str(),
                party.inn.as_ref().map_or("", Inn::as_str),
                party.kpp.as_ref().map_or("", Kpp::as_str),
                party.account.as_str(),
                party.bank.bik.as_str(),
                &party.bank.name,
                &party.bank.city,
                party
                    .bank
                    .correspondent_account
                    .as_ref()
                    .map_or("", AccountNumber::as_str),
            ]);
        }
        hash_of(&parts)
    }
}
