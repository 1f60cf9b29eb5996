//! Bringing open invoices from the CRM into the ledger's mirror.

use std::sync::Arc;

use domain::{InvoiceStatus, Text};
use store::PullReport;

use crate::{
    connect::{crm_failure, state_after},
    failure::Failure,
    session::Session,
    settings::CRM_COMPLETE,
    wire::CrmState,
};

/// What the notice about a pull is filed under.
const LEFT_OUT: &str = "crm.pull";

/// What one pull brought.
#[derive(Debug, Clone)]
pub struct Pulled {
    pub report: PullReport,
    /// `false`: the list was not read to its end, and nothing is decided automatically until it is.
    pub complete: bool,
    /// Invoices that could not be used, and why.
    pub left_out: Vec<Text>,
}

impl Session {
    /// Pulls open invoices and matches what waits for them.
    ///
    /// # Errors
    /// No CRM is connected; it does not answer; the ledger cannot be written. A pull that broke off changes nothing.
    pub async fn pull_invoices(self: &Arc<Self>) -> Result<Pulled, Failure> {
        let line = self.line()?.ok_or_else(not_connected)?;
        // Also those we know to be paid in full: only the CRM can say that they are closed there too.
        let still_open: Vec<_> = self
            .ledger
            .matchable_invoices()?
            .into_iter()
            .filter(|invoice| invoice.status == InvoiceStatus::Open)
            .map(|invoice| invoice.id)
            .collect();
        let pull = match line.crm.pull(&still_open).await {
            Ok(pull) => pull,
            Err(trouble) => {
                let state = state_after(&trouble);
                let failure = crm_failure(&*line.crm, trouble);
                self.crm_is(state, failure.message.clone());
                return Err(failure);
            }
        };
        let report =
            self.ledger
                .replace_invoices(line.kind.connection(), &pull.invoices, pull.complete, self.host.now())?;
        for deleted in &pull.deleted {
            self.ledger
                .set_invoice_status(deleted, InvoiceStatus::Cancelled, self.host.now())?;
        }
        self.put_setting(CRM_COMPLETE, if pull.complete { "yes" } else { "no" })?;
        self.tell_left_out(&pull.skipped);
        self.crm_is(CrmState::Ok, Text::same(""));
        self.crm_answered();
        self.match_new()?;
        self.changed();
        Ok(Pulled {
            report,
            complete: pull.complete,
            left_out: pull.skipped,
        })
    }

    /// Until a pull says otherwise the list is whole: without a CRM there is none.
    pub(crate) fn invoices_complete(&self) -> Result<bool, Failure> {
        Ok(self.ledger.setting(CRM_COMPLETE)?.as_deref() != Some("no"))
    }

    fn tell_left_out(&self, left_out: &[Text]) {
        let Some(first) = left_out.first() else {
            return self.settled(LEFT_OUT);
        };
        let more = left_out.len() - 1;
        let others = if more == 0 {
            Text::same("")
        } else {
            Text::new(format!(" (и ещё {more})"), format!(" (and {more} more)"))
        };
        let says = Text::new(
            format!("Из CRM взяты не все счета: {}{}", first.ru, others.ru),
            format!("Not all invoices came from the CRM: {}{}", first.en, others.en),
        );
        self.notice(LEFT_OUT, says);
    }
}

pub(crate) fn not_connected() -> Failure {
    Failure::new(
        "crm/not-connected",
        Text::new("CRM не подключена", "no CRM is connected"),
        Text::new(
            "подключите: `sverka connect bitrix24`, `sverka connect amocrm` или Настройки → CRM",
            "connect one: `sverka connect bitrix24`, `sverka connect amocrm`, or Settings → CRM",
        ),
    )
}
