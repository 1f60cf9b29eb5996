//! The vocabulary of Sverka: what the accountant talks about, as types.
//!
//! Everything here is pure: no files, no network, no database, and no clock (the host brings the time).
//! One word per idea; ISO 20022 names where they exist. What a bank wrote is kept as text ([`Counterparty`]),
//! while payment orders demand the validated types ([`Inn`], [`Kpp`], [`Bik`], [`AccountNumber`]).

pub mod audit;
pub mod decision;
pub mod drift;
pub mod identifiers;
pub mod identity;
pub mod ids;
pub mod invoice;
pub mod message;
pub mod money;
pub mod order;
pub mod proof;
pub mod raw;
pub mod statement;
pub mod text;
pub mod time;

pub use audit::{Actor, AuditEvent, AuditLink};
pub use decision::{Allocation, Decision, DecisionKind, Reversal};
pub use drift::{Drift, DriftChoice, Written};
pub use identifiers::{AccountNumber, Bik, Inn, InvalidIdentifier, Kpp};
pub use identity::{EntryIdentity, EntryKey};
pub use ids::{DecisionId, EntryId, InvoiceId, MessageId, OrderId, PaymentId, PersonId};
pub use invoice::{Customer, Invoice, InvoiceStatus};
pub use message::{Lane, Message, Operation, Outcome, Receipt, Touched, Trace};
pub use money::{Currency, Money, MoneyError};
pub use order::{
    Approval, ApprovalError, ApprovalKind, Approved, Bank, Defect, OrderDraft, OrderParty, PartyDraft, PaymentOrder,
    Permission, Submitted,
};
pub use proof::{DayCheck, Proof};
pub use raw::{RawFields, RawKey};
pub use statement::{
    Content, Counterparty, Day, Direction, Entry, EntryDetail, EntryStatus, Period, Statement, StatementAccount,
};
pub use text::{Lang, ShortText, Text};
pub use time::Timestamp;
