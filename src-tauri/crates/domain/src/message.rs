//! What the CRM must be told, and what it answered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{DecisionId, InvoiceId, MessageId, PaymentId},
    money::Money,
    payment_status::PaymentStatus,
    text::Text,
    time::Timestamp,
};

/// Messages of one CRM object keep their order; the lane is that object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lane(pub String);

impl Lane {
    #[must_use]
    pub fn of_invoice(invoice: &InvoiceId) -> Self {
        Self(invoice.0.to_string())
    }
}

/// One write to the CRM, whole: it is applied once however often it is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub id: MessageId,
    pub lane: Lane,
    /// What it follows from; `None`: no decision but the day, or what waits for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<DecisionId>,
    pub created: Timestamp,
    pub operation: Operation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Operation {
    /// Money came for this invoice.
    RecordPayment {
        invoice: InvoiceId,
        invoice_number: String,
        /// The deal behind the invoice, whose field carries the payment id too.
        deal: Option<String>,
        payment: PaymentId,
        /// What of the payment settles this invoice.
        amount: Money,
        booked: NaiveDate,
        document_number: Option<String>,
        payer: Option<String>,
        /// With this payment nothing stays open: only then may the stage become a successful one.
        settles: bool,
        /// The earlier message whose write somebody changed in the CRM since: a person says that we are right, so that
        /// what was changed is written over. `None`: what somebody changed stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        restores: Option<MessageId>,
    },
    /// The decision behind an earlier message was undone.
    ReversePayment {
        invoice: InvoiceId,
        invoice_number: String,
        deal: Option<String>,
        payment: PaymentId,
        amount: Money,
        booked: NaiveDate,
        document_number: Option<String>,
        /// The message being taken back.
        undoes: MessageId,
        /// The message that settled the invoice (perhaps another payment's), whose receipt says which stage was ours
        /// and what was there before; `None` where nothing had settled it, and the stage is left alone.
        settled_by: Option<MessageId>,
        /// The money went back to the customer; else the payment was another invoice's. Older messages never say so.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        refund: bool,
        /// The bank took the money back by itself; else we sent it. Only of a refund.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recalled: bool,
        /// Only a part of what the payment had settled goes back (`amount`): its code stays in the invoice. Only of a
        /// refund.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        partly: bool,
    },
    /// The refund behind an earlier message was undone: the payment stands in the invoice again, as it did before it.
    RestorePayment {
        invoice: InvoiceId,
        invoice_number: String,
        deal: Option<String>,
        payment: PaymentId,
        /// What is taken into the invoice again.
        amount: Money,
        booked: NaiveDate,
        document_number: Option<String>,
        /// The message of the refund, whose receipt says which stage was ours and what was there before.
        undoes: MessageId,
        /// How the invoice stands from now on.
        status: PaymentStatus,
    },
    /// How an invoice stands that no money moved: overdue, or with a payment that waits for a person; or no longer so. It is
    /// written where the user chose a stage for it, and never over what a manager chose.
    MarkStatus {
        invoice: InvoiceId,
        invoice_number: String,
        deal: Option<String>,
        /// [`PaymentStatus::Expired`], [`PaymentStatus::ManualReview`], or [`PaymentStatus::Awaiting`], which takes them back.
        status: PaymentStatus,
        /// The day it was due, where that is why.
        due: Option<NaiveDate>,
        /// Our last message before it: the invoice must be as that left it.
        follows: Option<MessageId>,
        /// Of those that followed each other, the first that said how the invoice stands: what was there before it comes
        /// back with [`PaymentStatus::Awaiting`].
        began: Option<MessageId>,
    },
    /// Somebody changed the invoice after our write, and whoever answers for it is to say why: a task in the CRM.
    AskResponsible {
        invoice: InvoiceId,
        invoice_number: String,
        deal: Option<String>,
        /// The payment that was recorded there.
        payment: PaymentId,
        amount: Money,
        /// What is otherwise than our write left it, in whole sentences.
        says: Text,
    },
    /// What an earlier message put into the CRM for people to read stands there more than once: something on the way
    /// delivered it again after it had been read back.
    RemoveRepeats {
        invoice: InvoiceId,
        invoice_number: String,
        deal: Option<String>,
        /// `None`: that message is about no payment.
        payment: Option<PaymentId>,
        amount: Option<Money>,
        /// The earlier message.
        of: MessageId,
        /// That message took a payment back; else it recorded one.
        reversed: bool,
        /// That message said how the invoice stands without money.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stands: bool,
    },
}

impl Operation {
    #[must_use]
    pub fn invoice(&self) -> &InvoiceId {
        match self {
            Self::RecordPayment { invoice, .. }
            | Self::ReversePayment { invoice, .. }
            | Self::RestorePayment { invoice, .. }
            | Self::MarkStatus { invoice, .. }
            | Self::AskResponsible { invoice, .. }
            | Self::RemoveRepeats { invoice, .. } => invoice,
        }
    }

    /// As people know the invoice.
    #[must_use]
    pub fn invoice_number(&self) -> &str {
        match self {
            Self::RecordPayment { invoice_number, .. }
            | Self::ReversePayment { invoice_number, .. }
            | Self::RestorePayment { invoice_number, .. }
            | Self::MarkStatus { invoice_number, .. }
            | Self::AskResponsible { invoice_number, .. }
            | Self::RemoveRepeats { invoice_number, .. } => invoice_number,
        }
    }

    /// The deal behind the invoice, as the CRM numbers it.
    #[must_use]
    pub fn deal(&self) -> Option<&str> {
        match self {
            Self::RecordPayment { deal, .. }
            | Self::ReversePayment { deal, .. }
            | Self::RestorePayment { deal, .. }
            | Self::MarkStatus { deal, .. }
            | Self::AskResponsible { deal, .. }
            | Self::RemoveRepeats { deal, .. } => deal.as_deref(),
        }
    }

    /// `None`: it is about no payment.
    #[must_use]
    pub fn payment(&self) -> Option<&PaymentId> {
        match self {
            Self::RecordPayment { payment, .. }
            | Self::ReversePayment { payment, .. }
            | Self::RestorePayment { payment, .. }
            | Self::AskResponsible { payment, .. } => Some(payment),
            Self::RemoveRepeats { payment, .. } => payment.as_ref(),
            Self::MarkStatus { .. } => None,
        }
    }

    /// When the money was booked, where the message is of money.
    #[must_use]
    pub fn booked(&self) -> Option<NaiveDate> {
        match self {
            Self::RecordPayment { booked, .. }
            | Self::ReversePayment { booked, .. }
            | Self::RestorePayment { booked, .. } => Some(*booked),
            Self::MarkStatus { .. } | Self::AskResponsible { .. } | Self::RemoveRepeats { .. } => None,
        }
    }

    /// The day the invoice was due, where that is what the message is about.
    #[must_use]
    pub fn due(&self) -> Option<NaiveDate> {
        match self {
            Self::MarkStatus { due, .. } => *due,
            _ => None,
        }
    }

    /// The number of the payment's document, where the message is of money and the bank told it.
    #[must_use]
    pub fn document_number(&self) -> Option<&str> {
        match self {
            Self::RecordPayment { document_number, .. }
            | Self::ReversePayment { document_number, .. }
            | Self::RestorePayment { document_number, .. } => document_number.as_deref(),
            Self::MarkStatus { .. } | Self::AskResponsible { .. } | Self::RemoveRepeats { .. } => None,
        }
    }

    /// Who paid, where the message records it.
    #[must_use]
    pub fn payer(&self) -> Option<&str> {
        match self {
            Self::RecordPayment { payer, .. } => payer.as_deref(),
            _ => None,
        }
    }

    /// `None`: it is about no money.
    #[must_use]
    pub fn amount(&self) -> Option<Money> {
        match self {
            Self::RecordPayment { amount, .. }
            | Self::ReversePayment { amount, .. }
            | Self::RestorePayment { amount, .. }
            | Self::AskResponsible { amount, .. } => Some(*amount),
            Self::RemoveRepeats { amount, .. } => *amount,
            Self::MarkStatus { .. } => None,
        }
    }

    /// Money came, went back, or came back. What is written once more is the same money.
    #[must_use]
    pub fn is_of_money(&self) -> bool {
        matches!(
            self,
            Self::RecordPayment { restores: None, .. } | Self::ReversePayment { .. } | Self::RestorePayment { .. }
        )
    }

    /// Whether its receipt says where the invoice was left: what asks people and what tidies up moves nothing.
    #[must_use]
    pub fn moves(&self) -> bool {
        !matches!(self, Self::AskResponsible { .. } | Self::RemoveRepeats { .. })
    }
}

/// What the CRM held before and after a message, and the ids of what was made: the proof of delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    pub stage_before: Option<String>,
    pub stage_after: Option<String>,
    /// What the invoice asked for at the write; `None` where it cannot be read, and in receipts of older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Money>,
    /// The payment ids in the invoice's field after the write.
    pub payments: Vec<PaymentId>,
    pub comment: Option<String>,
    /// `true`: everything was there already (an earlier attempt whose answer was lost had done it).
    pub found_done: bool,
    /// What was left alone on purpose, in words for a person.
    pub notes: Vec<Text>,
    /// Each thing that was changed or made, in the order it was done; empty in receipts of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub traces: Vec<Trace>,
}

/// One thing in the CRM that a delivery changed or made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    pub what: Touched,
    /// The CRM's own number of it.
    pub id: String,
    /// What was, where it is known: a stage, a voucher's number.
    pub before: Option<String>,
    /// What is.
    pub after: Option<String>,
    /// When, by the CRM's clock and in its own writing.
    pub at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touched {
    Invoice,
    Deal,
    Comment,
    /// A payment in the shop of the CRM, with its voucher.
    Voucher,
    Document,
    Notification,
    /// Something for a person to do.
    Task,
}

/// How one attempt to deliver ended. Whoever speaks to the CRM says which; the queue decides what follows.
///
/// A detail names the fact alone, as the end of a sentence: whoever shows it says what it means and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The CRM holds it, and was read back to be sure.
    Delivered { receipt: Receipt },
    /// It was sent and no usable answer came: perhaps done, perhaps not. The next attempt looks before it writes.
    Unknown { detail: Text },
    /// The CRM said «later», or failed before writing.
    Transient { detail: Text, retry_after_ms: Option<u64> },
    /// The CRM was not reached at all: nothing was sent. Normal; it counts against no limit.
    Offline { detail: Text },
    /// The key is wrong, expired or lacks a right, or the CRM is closed: every lane of it waits for a person. In sentences:
    /// what it is, and what to do.
    Unauthorised { detail: Text },
    /// The CRM refuses this very message: a person must look.
    Refused { detail: Text },
}
