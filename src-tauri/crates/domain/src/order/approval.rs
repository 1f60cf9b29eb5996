//! Consent: from a submitted order to one that may be written, by types that have no other way.

use serde::{Deserialize, Serialize};

use super::PaymentOrder;
use crate::{ids::PersonId, money::Money, text::Text, time::Timestamp};

/// Why an order may be written to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ApprovalKind {
    /// A person other than the author.
    SecondPerson { approver: PersonId },
    /// The only operator, who confirmed the sum once more; the owner switched this on.
    SoleOperator { operator: PersonId },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub kind: ApprovalKind,
    /// [`PaymentOrder::content_hash`] of what was approved.
    pub content_hash: String,
    pub at: Timestamp,
}

/// That the owner lets a sole operator approve own orders. Made from the ledger's setting only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permission {
    pub sole_operator: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    #[error("the author of an order cannot approve it")]
    AuthorApproves,
    #[error("approving own orders is not switched on")]
    SoleOperatorOff,
    #[error("only the author of an order approves it alone; anybody else approves as the second person")]
    NotTheAuthor,
    #[error("the repeated sum differs from the order's")]
    ConfirmationDiffers,
    #[error("the order was changed after it was approved")]
    ContentChanged,
}

impl ApprovalError {
    #[must_use]
    pub fn text(&self) -> Text {
        let ru = match self {
            Self::AuthorApproves => "автор платёжки не может утвердить её сам: нужен второй человек",
            Self::NotTheAuthor => {
                "единолично платёжку утверждает только её автор; любой другой утверждает как второй человек"
            }
            Self::SoleOperatorOff => "утверждение собственных платёжек не включено владельцем",
            Self::ConfirmationDiffers => "повторённая сумма не совпадает с суммой платёжки",
            Self::ContentChanged => "платёжка изменена после утверждения: утвердите её заново",
        };
        Text::new(ru, self.to_string())
    }
}

/// A checked order that waits for an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    order: PaymentOrder,
    author: PersonId,
}

impl Submitted {
    #[must_use]
    pub fn new(order: PaymentOrder, author: PersonId) -> Self {
        Self { order, author }
    }

    #[must_use]
    pub fn order(&self) -> &PaymentOrder {
        &self.order
    }

    /// Consent of another person. Whoever calls has checked the passphrase.
    ///
    /// # Errors
    /// The approver is the author.
    pub fn approve(self, approver: PersonId, at: Timestamp) -> Result<Approved, ApprovalError> {
        if approver == self.author {
            return Err(ApprovalError::AuthorApproves);
        }
        Ok(Approved::sealed(
            self.order,
            ApprovalKind::SecondPerson { approver },
            at,
        ))
    }

    /// The operator's own consent, where the owner permits it, with the sum repeated by hand.
    ///
    /// # Errors
    /// Not permitted; not the author; another sum.
    pub fn approve_alone(
        self,
        operator: PersonId,
        permission: Permission,
        repeated_amount: Money,
        at: Timestamp,
    ) -> Result<Approved, ApprovalError> {
        if !permission.sole_operator {
            return Err(ApprovalError::SoleOperatorOff);
        }
        if operator != self.author {
            return Err(ApprovalError::NotTheAuthor);
        }
        if repeated_amount != self.order.amount {
            return Err(ApprovalError::ConfirmationDiffers);
        }
        Ok(Approved::sealed(
            self.order,
            ApprovalKind::SoleOperator { operator },
            at,
        ))
    }
}

/// An order that may be written to a bank's file. There is no other way to one than an approval of this very content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    order: PaymentOrder,
    approval: Approval,
}

impl Approved {
    fn sealed(order: PaymentOrder, kind: ApprovalKind, at: Timestamp) -> Self {
        let content_hash = order.content_hash();
        Self {
            order,
            approval: Approval { kind, content_hash, at },
        }
    }

    /// From the ledger: the approval must still fit the content.
    ///
    /// # Errors
    /// The content has another hash than what was approved.
    pub fn restore(order: PaymentOrder, approval: Approval) -> Result<Self, ApprovalError> {
        if approval.content_hash != order.content_hash() {
            return Err(ApprovalError::ContentChanged);
        }
        Ok(Self { order, approval })
    }

    #[must_use]
    pub fn order(&self) -> &PaymentOrder {
        &self.order
    }

    #[must_use]
    pub fn approval(&self) -> &Approval {
        &self.approval
    }
}
