//! Bringing open invoices from the CRM into the ledger's mirror.

use std::sync::Arc;

use domain::{InvoiceStatus, Text};
use store::PullReport;

use crate::{
    connect::{CONNECTION, crm_failure, state_after},
    failure::Failure,
    session::Session,
    wire::CrmState,
};

impl Session {
    /// Pulls open invoices and matches what waits for them.
    ///
    /// # Errors
    /// No CRM is connected; it does not answer; the ledger cannot be written. A pull that broke off changes nothing.
    pub async fn pull_invoices(self: &Arc<Self>) -> Result<PullReport, Failure> {
        let client = self.client()?.ok_or_else(not_connected)?;
        // Also those we know to be paid in full: only the CRM can say that they are closed there too.
        let still_open: Vec<_> = self
            .ledger
            .matchable_invoices()?
            .into_iter()
            .filter(|invoice| invoice.status == InvoiceStatus::Open)
            .map(|invoice| invoice.id)
            .collect();
        let pull = match client.pull(&still_open).await {
            Ok(pull) => pull,
            Err(error) => {
                let state = state_after(&error);
                let failure = crm_failure(error);
                self.crm_is(state, failure.message.clone());
                return Err(failure);
            }
        };
        for skipped in &pull.skipped {
            tracing::warn!(reason = skipped.en, "an invoice was left out of the pull");
        }
        let report = self
            .ledger
            .replace_invoices(CONNECTION, &pull.invoices, pull.complete, self.host.now())?;
        for deleted in &pull.deleted {
            self.ledger
                .set_invoice_status(deleted, InvoiceStatus::Cancelled, self.host.now())?;
        }
        self.crm_is(CrmState::Ok, Text::same(""));
        self.crm_answered();
        self.match_new()?;
        self.changed();
        Ok(report)
    }
}

pub(crate) fn not_connected() -> Failure {
    Failure::new(
        "crm/not-connected",
        Text::new("CRM не подключена", "no CRM is connected"),
        Text::new(
            "подключите: `sverka connect bitrix24` или Настройки → CRM",
            "connect one: `sverka connect bitrix24`, or Settings → CRM",
        ),
    )
}
