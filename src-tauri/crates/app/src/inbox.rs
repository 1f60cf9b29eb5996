//! Поступления, as they are shown: the list, and one payment with its evidence.

use chrono::Days;
use domain::{Allocation, Counterparty, Decision, DecisionKind, Direction, EntryDetail, EntryId, Money, Text};
use store::{EntryRecord, InboxQuery, InboxRow as Row, InboxState, RefundRecord};

use crate::{
    companies::OwnBook,
    connect::CrmNames,
    failure::Failure,
    proposals::{CandidateKept, Proposed, words},
    session::Session,
    wire::{
        AdvanceView, AllocationView, BehindView, CandidateView, DecisionView, DetailView, EntryRequest, EntryState,
        EntryView, InboxCounts, InboxPage, InboxPageRequest, InboxRow, Party, RefundView, UndoesView, Words,
    },
};

/// As [`AdvanceView::invoice_due`] says.
const ADVANCE_INVOICE_DAYS: Days = Days::new(5);

/// What CRMs and companies of ours are called, where there are several.
struct Called {
    crms: CrmNames,
    own: OwnBook,
}

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn inbox_page(&self, request: &InboxPageRequest) -> Result<InboxPage, Failure> {
        let query = InboxQuery {
            state: request.state.map(stored_state),
            advances: request.advances,
            search: request.search.clone(),
            offset: u64::from(request.offset),
            limit: crate::paging::rows(request.limit) as u64,
            ..InboxQuery::default()
        };
        let page = self.ledger.inbox(&query)?;
        Ok(InboxPage {
            total: page.total,
            counts: self.inbox_counts()?,
            rows: page.rows.into_iter().map(shown_row).collect(),
        })
    }

    pub(crate) fn inbox_counts(&self) -> Result<InboxCounts, Failure> {
        let counts = self.ledger.inbox_counts()?;
        Ok(InboxCounts {
            review: counts.review,
            not_found: counts.not_found,
            decided: counts.decided,
            advances: counts.advances,
            not_customers: counts.not_customers,
            asked: counts.asked,
        })
    }

    /// # Errors
    /// No such entry.
    pub fn entry_view(&self, request: &EntryRequest) -> Result<EntryView, Failure> {
        let record = self.entry_record(&request.entry)?;
        let stored = record
            .decision
            .as_ref()
            .map(|decision| decision.decision.evidence.as_str());
        let proposed = self.proposed(stored.or(record.proposal_json.as_deref()));
        let called = Called {
            crms: self.crm_names()?,
            own: self.own_book()?,
        };
        let decision = record
            .decision
            .as_ref()
            .map(|made| self.decision_view(&made.decision, &record, &called))
            .transpose()?;
        let candidates = if decision.is_some() {
            &[]
        } else {
            proposed.candidates.as_slice()
        };
        let candidates = candidates
            .iter()
            .map(|one| self.candidate_view(one, &called))
            .collect::<Result<_, Failure>>()?;
        let rows = record.messages.iter();
        let messages = rows
            .map(|record| crate::outbox_views::row(record, &called.crms))
            .collect();
        let entry = &record.ledger_entry.entry;
        Ok(EntryView {
            entry: record.ledger_entry.id.0.clone(),
            account: record.ledger_entry.account.clone(),
            company: called.own.called(called.own.owner(&record.ledger_entry.account)),
            date: entry.booked.to_string(),
            sum: entry.amount.into(),
            payer: shown_party(&entry.counterparty),
            kind: entry.kind.as_deref().map(str::to_owned),
            number: entry.number.as_deref().map(str::to_owned),
            document_date: entry.document_date.map(|date| date.to_string()),
            purpose: entry.purpose.clone(),
            details: record.details.iter().map(shown_detail).collect(),
            state: state_of(&record),
            automatic: record
                .decision
                .as_ref()
                .is_some_and(|made| is_automatic(&made.decision)),
            marks: proposed.marks(),
            reasons: words(&proposed.reasons),
            against: words(&against(&proposed)),
            candidates,
            decision,
            messages,
            outgoing: entry.direction == Some(Direction::Debit),
            refunds: record.refunds.iter().map(shown_refund).collect(),
        })
    }

    fn candidate_view(&self, candidate: &CandidateKept, called: &Called) -> Result<CandidateView, Failure> {
        Ok(CandidateView {
            allocations: self.allocation_views(&candidate.allocations, called)?,
            remainder: candidate.remainder.into(),
            reasons: words(&candidate.reasons),
            against: words(&candidate.against),
            behind: candidate.behind.as_ref().map(|behind| BehindView {
                lacks: words(&behind.lacks),
                against: words(&behind.against),
            }),
            undoes: match &candidate.undoes {
                Some(undoes) => Some(self.undoes_view(&undoes.entry, undoes.full)?),
                None => None,
            },
        })
    }

    fn undoes_view(&self, entry: &EntryId, full: bool) -> Result<UndoesView, Failure> {
        let record = self.entry_record(entry.as_str())?;
        let undone = &record.ledger_entry.entry;
        Ok(UndoesView {
            entry: entry.0.clone(),
            date: undone.booked.to_string(),
            number: undone.number.as_deref().map(str::to_owned),
            payer: undone.counterparty.name.clone().unwrap_or_default(),
            purpose: undone.purpose.clone(),
            sum: undone.amount.into(),
            full,
            outgoing: undone.direction == Some(Direction::Debit),
        })
    }

    fn decision_view(
        &self,
        decision: &Decision,
        record: &EntryRecord,
        called: &Called,
    ) -> Result<DecisionView, Failure> {
        let paid = record.ledger_entry.entry.amount;
        let undoes = match &decision.kind {
            DecisionKind::Refund { of } => {
                let left = self.entry_record(of.as_str())?.ledger_entry.left();
                Some(self.undoes_view(of, left.is_zero())?)
            }
            DecisionKind::Allocated | DecisionKind::NotACustomersPayment => None,
        };
        let allocated = decision
            .allocations
            .iter()
            .try_fold(Money::zero(paid.currency()), |sum, one| sum.checked_add(one.amount))
            .and_then(|sum| paid.checked_sub(sum));
        Ok(DecisionView {
            decision: decision.id.0.clone(),
            at: decision.at.iso(),
            by: self.name_of(&decision.actor)?.into(),
            allocations: self.allocation_views(&decision.allocations, called)?,
            // The ledger refuses allocations beyond the payment, so there is always a remainder.
            remainder: allocated.unwrap_or(paid).into(),
            undoes,
        })
    }

    /// An invoice that left the mirror keeps its id for a name.
    fn allocation_views(&self, allocations: &[Allocation], called: &Called) -> Result<Vec<AllocationView>, Failure> {
        let Called { crms, own } = called;
        let mut views = Vec::new();
        for allocation in allocations {
            let invoice = self.ledger.invoice(&allocation.invoice)?;
            let issuer = invoice.as_ref().and_then(|found| own.issuer(found));
            let shown = |text: Option<String>| text.unwrap_or_default();
            let zero = Money::zero(allocation.amount.currency());
            views.push(AllocationView {
                invoice: allocation.invoice.to_string(),
                crm: crms.of_invoice(&allocation.invoice),
                company: own.called(issuer.as_deref()),
                number: invoice
                    .as_ref()
                    .map_or_else(|| allocation.invoice.to_string(), |found| found.number.clone()),
                date: shown(invoice.as_ref().map(|found| found.date.to_string())),
                customer: shown(invoice.as_ref().map(|found| found.customer.name.clone())),
                amount: invoice.as_ref().map_or(zero, |found| found.amount).into(),
                open: invoice.as_ref().map_or(zero, |found| found.open).into(),
                allocated: allocation.amount.into(),
            });
        }
        Ok(views)
    }
}

/// Against the whole, and where that is silent, against the best candidate.
fn against(proposed: &Proposed) -> Vec<Text> {
    if proposed.against.is_empty() {
        proposed
            .candidates
            .first()
            .map(|best| best.against.clone())
            .unwrap_or_default()
    } else {
        proposed.against.clone()
    }
}

fn is_automatic(decision: &Decision) -> bool {
    matches!(decision.actor, domain::Actor::Rule { .. })
}

fn state_of(record: &EntryRecord) -> EntryState {
    match (&record.decision, record.verdict) {
        (Some(made), _) => match made.decision.kind {
            DecisionKind::Allocated | DecisionKind::Refund { .. } => EntryState::Decided,
            DecisionKind::NotACustomersPayment => EntryState::NotCustomers,
        },
        // It went back as a whole.
        (None, _) if !record.refunds.is_empty() && record.ledger_entry.left().is_zero() => EntryState::Decided,
        (None, Some(store::Verdict::Review | store::Verdict::Auto)) => EntryState::Review,
        (None, Some(store::Verdict::Stranger)) => EntryState::NotCustomers,
        (None, Some(store::Verdict::None) | None) => EntryState::NotFound,
    }
}

fn shown_refund(refund: &RefundRecord) -> RefundView {
    RefundView {
        decision: refund.decision.0.clone(),
        entry: refund.entry.0.clone(),
        date: refund.booked.to_string(),
        number: refund.number.clone(),
        sum: refund.amount.into(),
    }
}

fn shown_party(party: &Counterparty) -> Party {
    Party {
        name: party.name.clone().unwrap_or_default(),
        inn: party.inn.as_deref().map(str::to_owned),
        kpp: party.kpp.as_deref().map(str::to_owned),
        account: party.account.as_deref().map(str::to_owned),
        bank: party.bank.as_deref().map(str::to_owned),
        bank_name: party.bank_name.clone(),
    }
}

fn shown_detail(detail: &EntryDetail) -> DetailView {
    DetailView {
        sum: detail.amount.into(),
        payer: shown_party(&detail.counterparty),
        purpose: detail.purpose.clone(),
    }
}

fn shown_row(row: Row) -> InboxRow {
    InboxRow {
        advance: (!row.advance.is_zero()).then(|| AdvanceView {
            sum: row.advance.into(),
            invoice_due: (row.date + ADVANCE_INVOICE_DAYS).to_string(),
        }),
        entry: row.entry.0,
        date: row.date.to_string(),
        payer: row.payer.unwrap_or_default(),
        sum: row.amount.into(),
        purpose: row.purpose,
        state: shown_state(row.state),
        automatic: row.automatic,
        reason: reason(&row.reason),
        invoices: row.invoice_numbers,
        outgoing: row.direction == Direction::Debit,
        went_back: (!row.went_back.is_zero()).then(|| row.went_back.into()),
    }
}

/// Reasons are kept as sentences in both languages.
fn reason(kept: &str) -> Words {
    let text: Option<Text> = serde_json::from_str(kept).ok();
    text.unwrap_or_else(|| Text::new("подходящего счёта нет", "no invoice fits"))
        .into()
}

fn shown_state(state: InboxState) -> EntryState {
    match state {
        InboxState::Review => EntryState::Review,
        InboxState::NotFound => EntryState::NotFound,
        InboxState::Decided => EntryState::Decided,
        InboxState::NotCustomers => EntryState::NotCustomers,
    }
}

fn stored_state(state: EntryState) -> InboxState {
    match state {
        EntryState::Review => InboxState::Review,
        EntryState::NotFound => InboxState::NotFound,
        EntryState::Decided => InboxState::Decided,
        EntryState::NotCustomers => InboxState::NotCustomers,
    }
}
