//! Поступления: the list, and one payment with its evidence.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{InboxCounts, MessageRow, Sum, Words};

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct InboxPageRequest {
    /// null: all.
    pub state: Option<EntryState>,
    /// Only payments of which something is kept as an advance.
    #[serde(default)]
    pub advances: bool,
    pub search: String,
    pub offset: u32,
    /// 1 to 500.
    pub limit: u32,
}

/// ◐ проверить · ○ не найдено · ● готово · – не от покупателя.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    Review,
    NotFound,
    Decided,
    NotCustomers,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct InboxPage {
    pub total: u64,
    pub counts: InboxCounts,
    pub rows: Vec<InboxRow>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct InboxRow {
    pub entry: String,
    pub date: String,
    pub payer: String,
    pub sum: Sum,
    pub purpose: String,
    pub state: EntryState,
    /// Decided by the engine, not by a person.
    pub automatic: bool,
    /// Why it is in this state, in a few words.
    pub reason: Words,
    /// Numbers of the invoices it pays, or may pay.
    pub invoices: Vec<String>,
    /// What of it is above the invoices it was given to.
    pub advance: Option<AdvanceView>,
    /// Money going out: it is listed because it takes a payment back, or says so.
    pub outgoing: bool,
    /// What of it went back by refunds that stand.
    pub went_back: Option<Sum>,
}

/// Money that came before its invoice.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AdvanceView {
    pub sum: Sum,
    /// The last day for a VAT payer's advance invoice (счёт-фактура на аванс): five calendar days (Tax Code of Russia,
    /// article 168, clause 3), counted from the day after the money came (article 6.1, clause 2).
    pub invoice_due: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EntryRequest {
    pub entry: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct EntryView {
    pub entry: String,
    pub account: String,
    /// Our company whose account it is, by name; null where there is only one, or it is not known.
    pub company: Option<String>,
    pub date: String,
    pub sum: Sum,
    pub payer: Party,
    pub kind: Option<String>,
    pub number: Option<String>,
    pub document_date: Option<String>,
    pub purpose: String,
    /// The payments it is made of, where the bank booked several as one and tells of each.
    pub details: Vec<DetailView>,
    pub state: EntryState,
    pub automatic: bool,
    /// Words of the purpose that prove something.
    pub marks: Vec<Mark>,
    pub reasons: Vec<Words>,
    pub against: Vec<Words>,
    /// Best first. Empty when decided.
    pub candidates: Vec<CandidateView>,
    pub decision: Option<DecisionView>,
    /// What the CRM is told of it.
    pub messages: Vec<MessageRow>,
    /// Money going out.
    pub outgoing: bool,
    /// The refunds of it that stand, the earliest first.
    pub refunds: Vec<RefundView>,
}

/// A refund of a payment.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RefundView {
    pub decision: String,
    /// The entry by which the money went back.
    pub entry: String,
    pub date: String,
    pub number: Option<String>,
    pub sum: Sum,
}

/// What money that goes back takes back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UndoesView {
    pub entry: String,
    pub date: String,
    pub number: Option<String>,
    pub payer: String,
    pub purpose: String,
    pub sum: Sum,
    /// Nothing of it is left with this refund.
    pub full: bool,
    /// It was a payment of our own.
    pub outgoing: bool,
}

/// One payment inside an entry.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DetailView {
    pub sum: Sum,
    pub payer: Party,
    pub purpose: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Party {
    pub name: String,
    pub inn: Option<String>,
    pub kpp: Option<String>,
    pub account: Option<String>,
    pub bank: Option<String>,
    pub bank_name: Option<String>,
}

/// Characters `start..end` of the purpose (counted in Unicode characters).
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Mark {
    pub start: u32,
    pub end: u32,
    pub kind: String,
    pub says: Words,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CandidateView {
    pub allocations: Vec<AllocationView>,
    pub remainder: Sum,
    pub reasons: Vec<Words>,
    pub against: Vec<Words>,
    /// Why it is not the first; null for the first itself.
    pub behind: Option<BehindView>,
    /// Of a refund: what it takes back. The allocations then go out of the invoices, the remainder out of what no invoice
    /// was given.
    pub undoes: Option<UndoesView>,
}

/// Both lists empty: it is behind in nothing, and a person has to choose.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BehindView {
    /// Reasons of the first that it does not have.
    pub lacks: Vec<Words>,
    /// What speaks against it and not against the first.
    pub against: Vec<Words>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AllocationView {
    pub invoice: String,
    /// What its CRM is called; null where there is only one.
    pub crm: Option<String>,
    /// Our company that issued it, by name; null where there is only one, or it is not known.
    pub company: Option<String>,
    pub number: String,
    pub date: String,
    pub customer: String,
    /// What the invoice is for, and what of it is open before this allocation.
    pub amount: Sum,
    pub open: Sum,
    /// What this payment settles of it.
    pub allocated: Sum,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DecisionView {
    pub decision: String,
    pub at: String,
    pub by: Words,
    pub allocations: Vec<AllocationView>,
    pub remainder: Sum,
    /// Of a refund, as in [`CandidateView`].
    pub undoes: Option<UndoesView>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct DecideRequest {
    pub entry: String,
    /// Empty: the best candidate.
    pub allocations: Vec<AllocationRequest>,
    /// The entry that this one takes back; null: of a debit, as the best candidate says.
    #[serde(default)]
    pub undoes: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AllocationRequest {
    pub invoice: String,
    /// A decimal in the payment's currency.
    pub amount: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UndoRequest {
    /// null: the last live decision.
    pub decision: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ImportRequest {
    pub paths: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ImportAnswer {
    pub files: Vec<ImportedFile>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ImportedFile {
    pub file: String,
    /// `statement`, `orders`, or null where it could not be read.
    pub content: Option<String>,
    pub entries_new: u64,
    pub entries_known: u64,
    pub entries_asked: u64,
    /// Provisional lines and advices: nothing of them is booked.
    pub entries_not_booked: u64,
    pub summary: Words,
    pub diagnostics: Vec<DiagnosticView>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DiagnosticView {
    pub severity: String,
    pub code: String,
    pub line: u64,
    pub column: u64,
    /// The piece of the file it speaks of, cut short; may be empty.
    #[serde(default)] // files imported before it was kept
    pub excerpt: String,
    pub message: Words,
    pub remedy: Words,
    /// The file inside of an archive that it speaks of.
    pub part: Option<String>,
}
