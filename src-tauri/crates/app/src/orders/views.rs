//! Orders as they are shown.

use store::{OrderRecord, OrderState as Stored};

use super::defects;
use crate::{
    failure::Failure,
    session::Session,
    wire::{OrderRequest, OrderRow, OrderState, OrderStep, OrderView, OrdersPage, OrdersPageRequest},
};

impl Session {
    /// # Errors
    /// The ledger cannot be read.
    pub fn orders_page(&self, request: &OrdersPageRequest) -> Result<OrdersPage, Failure> {
        let records = self.ledger.orders(request.state.map(stored_state))?;
        let total = records.len() as u64;
        let rows = records
            .into_iter()
            .skip(request.offset as usize)
            .take(crate::paging::rows(request.limit))
            .map(|record| OrderRow {
                order: record.id.0.clone(),
                number: record.draft.number.clone(),
                date: record.draft.date.map(|date| date.to_string()),
                payee: record.draft.payee.name.clone(),
                amount: record.draft.amount.clone(),
                purpose: record.draft.purpose.clone(),
                state: shown_state(record.state),
                alone: alone(&record),
            });
        Ok(OrdersPage {
            total,
            rows: rows.collect(),
        })
    }

    /// # Errors
    /// No such order.
    pub fn order_view(&self, request: &OrderRequest) -> Result<OrderView, Failure> {
        let record = self.order(&domain::OrderId(request.order.clone()))?;
        let warnings = self.warnings(&record.draft, Some(&record.id))?;
        let named = |id: &domain::PersonId| self.name_of(&domain::Actor::Person { id: id.clone() });
        let approver = record.approval.as_ref().map(|approval| match &approval.kind {
            domain::ApprovalKind::SecondPerson { approver } => approver,
            domain::ApprovalKind::SoleOperator { operator } => operator,
        });
        let approved_by = approver.map(named).transpose()?.map(|name| name.ru);
        let author = record.submitted_by.as_ref().map(named).transpose()?.map(|name| name.ru);
        let mut history = Vec::new();
        for step in &record.history {
            let who = self.name_of(&step.actor)?;
            let what = step.event.text();
            let says = domain::Text::new(format!("{}: {}", who.ru, what.ru), format!("{}: {}", who.en, what.en));
            history.push(OrderStep {
                at: step.at.iso(),
                says: says.into(),
            });
        }
        Ok(OrderView {
            order: record.id.0.clone(),
            state: shown_state(record.state),
            content_hash: record.draft.check().ok().map(|order| order.content_hash()),
            defects: defects(&record.draft),
            warnings,
            author,
            approved_by,
            alone: alone(&record),
            file: record.exported.as_ref().map(|exported| {
                std::path::Path::new(&exported.folder)
                    .join(&exported.file_name)
                    .display()
                    .to_string()
            }),
            executed_entry: record.executed.as_ref().map(|entry| entry.0.clone()),
            history,
            draft: record.draft.into(),
        })
    }
}

fn alone(record: &OrderRecord) -> bool {
    let kind = record.approval.as_ref().map(|approval| &approval.kind);
    matches!(kind, Some(domain::ApprovalKind::SoleOperator { .. }))
}

fn shown_state(state: Stored) -> OrderState {
    match state {
        Stored::Draft => OrderState::Draft,
        Stored::Submitted => OrderState::Submitted,
        Stored::Approved => OrderState::Approved,
        Stored::Exported => OrderState::Exported,
        Stored::Executed => OrderState::Executed,
        Stored::Rejected => OrderState::Rejected,
    }
}

fn stored_state(state: OrderState) -> Stored {
    match state {
        OrderState::Draft => Stored::Draft,
        OrderState::Submitted => Stored::Submitted,
        OrderState::Approved => Stored::Approved,
        OrderState::Exported => Stored::Exported,
        OrderState::Executed => Stored::Executed,
        OrderState::Rejected => Stored::Rejected,
    }
}
