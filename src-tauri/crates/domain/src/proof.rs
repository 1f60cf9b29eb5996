//! The proof of a statement: opening + credits - debits = closing, day chained to day.
//!
//! Silence proves nothing and blocks nothing.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    money::Money,
    statement::{Day, Statement},
};

/// What the balances of a statement, a day or an account say about its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Proof {
    Proven,
    /// Something declared does not add up; `difference` is declared less counted.
    Broken {
        day: Option<NaiveDate>,
        difference: Money,
    },
    /// Too little is declared to tell.
    Silent,
}

impl Proof {
    /// As the command prints it: true, false, null.
    #[must_use]
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Proven => Some(true),
            Self::Broken { .. } => Some(false),
            Self::Silent => None,
        }
    }
}

/// What is declared and what was counted over one stretch of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCheck {
    pub date: Option<NaiveDate>,
    pub opening: Option<Money>,
    pub closing: Option<Money>,
    pub credits: Option<Money>,
    pub debits: Option<Money>,
    /// Sums of the booked entries themselves.
    pub counted_credits: Money,
    pub counted_debits: Money,
}

impl DayCheck {
    #[must_use]
    pub fn of_day(day: &Day, counted_credits: Money, counted_debits: Money) -> Self {
        Self {
            date: Some(day.date),
            opening: day.opening,
            closing: day.closing,
            credits: day.credits,
            debits: day.debits,
            counted_credits,
            counted_debits,
        }
    }

    #[must_use]
    pub fn of_statement(statement: &Statement, counted_credits: Money, counted_debits: Money) -> Self {
        Self {
            date: None,
            opening: statement.opening,
            closing: statement.closing,
            credits: statement.credits,
            debits: statement.debits,
            counted_credits,
            counted_debits,
        }
    }

    /// A declared turnover that disagrees breaks; opening and closing together prove or break; less is silence.
    #[must_use]
    pub fn proof(&self) -> Proof {
        for (declared, counted) in [(self.credits, self.counted_credits), (self.debits, self.counted_debits)] {
            if let Some(declared) = declared
                && let Some(broken) = self.compare(declared, Some(counted))
            {
                return broken;
            }
        }
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else {
            return Proof::Silent;
        };
        let counted = opening
            .checked_add(self.counted_credits)
            .and_then(|sum| sum.checked_sub(self.counted_debits))
            .ok();
        self.compare(closing, counted).unwrap_or(Proof::Proven)
    }

    /// `None` when they agree. Sums that cannot be compared (an overflow, another currency) are broken by all of it.
    fn compare(&self, declared: Money, counted: Option<Money>) -> Option<Proof> {
        let difference = counted
            .and_then(|counted| declared.checked_sub(counted).ok())
            .unwrap_or(declared);
        let agrees = counted == Some(declared);
        (!agrees).then_some(Proof::Broken {
            day: self.date,
            difference,
        })
    }
}
