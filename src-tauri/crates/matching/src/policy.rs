//! What the firm told the engine about itself and its payers.

use domain::Money;
use serde::{Deserialize, Serialize};

use crate::{autonomy::Autonomy, learned::Habits, rejections::Rejected, rules::Rules};

/// Nothing in it is needed: without a policy no account is own, nothing was learned, earned or refused, there are no
/// rules, and no sum is capped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    pub own: Vec<OwnCompany>,
    pub facts: Vec<LearnedFact>,
    pub habits: Habits,
    /// Pairs that are not offered.
    pub rejected: Vec<Rejected>,
    /// In their order: the first that fits holds.
    pub rules: Rules,
    pub autonomy: Autonomy,
    pub caps: Caps,
}

/// One of the firm's own legal entities.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnCompany {
    pub inn: Option<String>,
    pub accounts: Vec<String>,
}

/// A person confirmed that this payer pays for that customer. What is given of the payer must all agree.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LearnedFact {
    pub payer_inn: Option<String>,
    pub payer_account: Option<String>,
    pub pays_for_inn: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Caps {
    /// The largest payment that is decided without a person. A payment in another currency is over it.
    pub automatic_sum: Option<Money>,
}
