//! The bank's own word that an order was executed: its debit on a later statement.

use domain::{Actor, OrderId};
use store::{OrderEvent, OrderRecord, OrderState, StoreError};

use crate::{failure::Failure, session::Session};

impl Session {
    /// Closes exported orders whose debit has come: same account, number, document date, sum and payee account.
    /// Each debit closes one order. Repeating this changes nothing.
    ///
    /// # Errors
    /// The ledger cannot be written.
    pub fn close_executed_orders(&self) -> Result<Vec<OrderId>, Failure> {
        let mut closed = Vec::new();
        for record in self.ledger.orders(Some(OrderState::Exported))? {
            let Some(entry) = self.debit_of(&record)? else { continue };
            let executed = OrderEvent::Executed { entry };
            match self
                .ledger
                .record_order_event(&record.id, &executed, &Actor::Program, self.host.now())
            {
                Ok(()) => closed.push(record.id),
                // Another process closed it, or gave the debit to its twin, a moment ago.
                Err(StoreError::OrderState { .. } | StoreError::EntryClaimed { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !closed.is_empty() {
            self.changed();
        }
        Ok(closed)
    }

    fn debit_of(&self, record: &OrderRecord) -> Result<Option<domain::EntryId>, Failure> {
        // An exported order passed its checks; one that no longer does is left for a person to look at.
        let Ok(order) = record.draft.check() else {
            return Ok(None);
        };
        let found = self.ledger.find_debit(
            order.payer.account.as_str(),
            &order.number,
            order.date,
            order.amount,
            order.payee.account.as_str(),
        )?;
        Ok(found.into_iter().next())
    }
}
