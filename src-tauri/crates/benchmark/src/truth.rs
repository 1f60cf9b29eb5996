//! What is right about a payment. Written beside the payments, so that any program's answers can be judged later.

use serde::{Deserialize, Serialize};

use crate::shape::AllocationLine;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    pub payment: String,
    /// A name from [`crate::class::CLASSES`].
    pub class: String,
    pub autonomy: Autonomy,
    /// Every right way to allocate it. Several are a tie: nothing in the payment tells them apart. None: there is no
    /// right answer to find, because the payment is no customer's or what it names cannot take it.
    pub solutions: Vec<Vec<AllocationLine>>,
    /// The payment is no customer's: the words for a right reason. Empty for a customer's payment.
    pub reasons: Vec<String>,
    /// Where in the purpose the reasons stand.
    pub places: Vec<PlaceOf>,
}

impl Truth {
    #[must_use]
    pub fn is_tie(&self) -> bool {
        self.solutions.len() > 1
    }
}

/// Whether a machine may decide it alone, by what is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Autonomy {
    /// Enough is known: a program that asks here asks too much.
    Decidable,
    /// A right automatic decision is no fault, and a question neither.
    Open,
    /// Whoever posts it without a person has guessed, even where the guess was good.
    Forbidden,
}

/// A piece of the purpose that proves something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOf {
    pub what: Proof,
    /// Characters from the start of the purpose; `end` is the place after the last one. The least that must be shown.
    pub start: usize,
    pub end: usize,
    /// The most that may be shown: with the words that announce it.
    pub outer_start: usize,
    pub outer_end: usize,
    pub invoice: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proof {
    Number,
    Date,
    Inn,
}
