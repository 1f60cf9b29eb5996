//! The ledger: what was imported, decided, told to the CRM and ordered, in one SQLite file.
//!
//! Rows with a financial meaning are only ever added; a correction is a new row, and triggers refuse anything else.
//! Every write is one transaction together with its audit events. The public interface is coarse and has no SQLite
//! type in it, because a server's database follows behind the same tests.
//!
//! The ledger does not read bank files, does not match, does not know the CRM, and has no clock: callers bring
//! entries, rulings and the time. What it guards by itself is what two callers could break together: counted
//! identity, one live decision an entry, no invoice paid beyond its sum, legal steps of a payment order.

mod columns;
mod error;
mod import;
mod ledger;
mod migrations;
mod search;
mod table;

pub use error::{ALREADY_EXISTS, StoreError};
pub use import::{AskedReason, Booked, EntryAsked, Import, ImportReport, SourceFile, StatementRow};
pub use ledger::Ledger;
pub use table::{
    asked::AskedEntry,
    attempt::{AttemptEnd, AttemptRecord},
    audit::AuditVerdict,
    balance::{AccountProof, DayProof},
    company::CompanyRow,
    connection::{ConnectionPart, ConnectionRow, CrmKind},
    decision::{ConfirmedEntry, DecisionRecord, ReversalReport},
    drift::{DriftLook, DriftRecord, DriftRuling, WrittenInvoice},
    entry::{EntryRecord, LedgerEntry},
    file::{FileOutcome, FileRecord},
    inbox::{InboxCounts, InboxDirection, InboxQuery, InboxRow, InboxState},
    invoice::InvoiceQuery,
    lesson::{FactRow, FactSource, Lesson, PayerRow},
    mark::MarkDraft,
    message::{MessageQuery, MessageRecord, MessageState, OutboxCounts, StoredMessage},
    order::{ExportRecord, ExportedFile, OrderEvent, OrderHistoryRow, OrderRecord, OrderState, OrderStep},
    person::{Person, Role},
    proposal::{ProposalRow, Verdict},
    pull::{PullMark, PullReport, PullScope, Pulled},
    refund::{DebitsToLookAt, PastQuery, RefundRecord},
    rejection::{Refused, Rejection},
    rule::RuleRow,
    status::StatusCounts,
};

/// One page of a longer list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Page<T> {
    /// How many there are in all.
    pub total: u64,
    pub rows: Vec<T>,
}
