//! How an invoice stands with its money, in the words that every CRM's own stages are mapped to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// What the facts come to. It is never the last event that decides: see [`PaymentStatus::may_follow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Nothing is paid, or what was paid turned out to be another invoice's.
    Awaiting,
    /// A payment waits for a person, and this is the one invoice that it may pay.
    ManualReview,
    /// The day it was due has passed, and nothing is paid.
    Expired,
    PartlyPaid,
    Paid,
    /// The bank took the only payment back itself: it never came to stay.
    Failed,
    /// A part of the money went back to the customer.
    PartialRefund,
    /// All of the money went back to the customer.
    FullRefund,
}

impl PaymentStatus {
    /// In the order of an invoice's life.
    pub const ALL: [Self; 8] = [
        Self::Awaiting,
        Self::ManualReview,
        Self::Expired,
        Self::PartlyPaid,
        Self::Paid,
        Self::Failed,
        Self::PartialRefund,
        Self::FullRefund,
    ];

    /// Whether a fact that means `self` moves an invoice that stands at `before`. One that does not is recorded and
    /// leaves the stage alone: a day that passes takes nothing from money that came.
    #[must_use]
    pub fn may_follow(self, before: Self) -> bool {
        use PaymentStatus::{Awaiting, Expired, Failed, FullRefund, ManualReview, Paid, PartialRefund, PartlyPaid};
        if self == before {
            return false;
        }
        match before {
            Awaiting | ManualReview | Expired => !matches!(self, Failed | PartialRefund | FullRefund),
            PartlyPaid => matches!(self, Paid | Failed | PartialRefund | FullRefund),
            // Only money that goes back opens what is paid.
            Paid => matches!(self, Failed | PartialRefund | FullRefund),
            // The customer owes it still, as if nothing had come.
            Failed => matches!(self, ManualReview | Expired | PartlyPaid | Paid),
            PartialRefund | FullRefund => matches!(self, PartlyPaid | Paid | FullRefund),
        }
    }

    /// Stable, for settings and programs: `partly_paid`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::ManualReview => "manual_review",
            Self::Expired => "expired",
            Self::PartlyPaid => "partly_paid",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::PartialRefund => "partial_refund",
            Self::FullRefund => "full_refund",
        }
    }

    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Awaiting => Text::new("ждёт оплаты", "awaiting payment"),
            Self::ManualReview => Text::new("платёж ждёт решения", "a payment awaits a decision"),
            Self::Expired => Text::new("просрочен", "overdue"),
            Self::PartlyPaid => Text::new("оплачен частично", "partly paid"),
            Self::Paid => Text::new("оплачен", "paid"),
            Self::Failed => Text::new("банк отозвал платёж", "the bank took the payment back"),
            Self::PartialRefund => Text::new("часть денег возвращена", "partly refunded"),
            Self::FullRefund => Text::new("деньги возвращены", "refunded"),
        }
    }
}

impl fmt::Display for PaymentStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a payment status")]
pub struct UnknownStatus;

impl FromStr for PaymentStatus {
    type Err = UnknownStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or(UnknownStatus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_older_fact_moves_an_invoice_back() {
        use PaymentStatus::{Awaiting, Expired, Failed, FullRefund, ManualReview, Paid, PartialRefund, PartlyPaid};
        let follow = |before: PaymentStatus| -> Vec<PaymentStatus> {
            PaymentStatus::ALL
                .into_iter()
                .filter(|after| after.may_follow(before))
                .collect()
        };
        assert_eq!(follow(Paid), [Failed, PartialRefund, FullRefund]);
        assert_eq!(follow(PartlyPaid), [Paid, Failed, PartialRefund, FullRefund]);
        assert_eq!(follow(Failed), [ManualReview, Expired, PartlyPaid, Paid]);
        assert_eq!(follow(Awaiting), [ManualReview, Expired, PartlyPaid, Paid]);
        assert_eq!(follow(Expired), [Awaiting, ManualReview, PartlyPaid, Paid]);
        assert_eq!(follow(ManualReview), [Awaiting, Expired, PartlyPaid, Paid]);
        assert_eq!(follow(FullRefund), [PartlyPaid, Paid]);
        assert_eq!(follow(PartialRefund), [PartlyPaid, Paid, FullRefund]);
    }

    #[test]
    fn a_status_is_the_same_word_everywhere() {
        for status in PaymentStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
            assert_ne!(status.text().ru, status.text().en);
        }
        assert_eq!("void".parse::<PaymentStatus>(), Err(UnknownStatus));
    }
}
