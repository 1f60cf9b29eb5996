//! Money on the wire: `{"amount":"1200.00","currency":"RUB"}`.

use domain::Money;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Sum {
    /// A decimal with a point and the currency's digits after it.
    pub amount: String,
    pub currency: String,
}

impl From<Money> for Sum {
    fn from(money: Money) -> Self {
        Self {
            amount: money.decimal(),
            currency: money.currency().code().to_owned(),
        }
    }
}
