//! Open invoices with their customers and leads, whole; and what became of those that were open before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Invoice, InvoiceId, InvoiceStatus, Text};
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    element::is_deleted,
    invoices::{InvoiceRow, ledger_status},
    layout::Layout,
    pages::{CHUNK_IDS, More},
};
use crate::{call::Transport, interface::Pull, php};

/// What the rows read so far came to.
#[derive(Default)]
pub(super) struct Found {
    rows: BTreeMap<u64, InvoiceRow>,
    seen: BTreeSet<u64>,
    skipped: Vec<Text>,
}

pub(super) fn elements_of(layout: &Layout) -> String {
    format!("catalogs/{}/elements", layout.catalog)
}

impl Found {
    /// Keeps a row that is open, or was.
    fn take(&mut self, row: &Value, layout: &Layout, was_open: &BTreeSet<u64>) {
        let Some(id) = php::id(&row["id"]).filter(|_| !is_deleted(row)) else {
            return;
        };
        self.seen.insert(id);
        let paid = ledger_status(row, layout).is_ok_and(|status| status == InvoiceStatus::Paid);
        if paid && !was_open.contains(&id) {
            return;
        }
        self.keep(id, row, layout);
    }

    /// Keeps a row in whatever status it is.
    pub(super) fn keep(&mut self, id: u64, row: &Value, layout: &Layout) {
        match InvoiceRow::read(row, layout) {
            Ok(row) => {
                self.rows.insert(id, row);
            }
            Err(lacks) => self.skipped.push(lacks),
        }
    }
}

impl<T: Transport> Client<T> {
    /// # Errors
    /// The account could not be asked, has no invoices, or a list broke off: what is missing from half a list would look
    /// paid.
    pub async fn pull(&self, still_open: &[InvoiceId]) -> Result<Pull, AmocrmError> {
        let layout = self.layout_anew().await?;
        let was_open: BTreeSet<u64> = still_open
            .iter()
            .filter_map(|id| self.account.element(id))
            .filter(|(catalog, _)| *catalog == layout.catalog)
            .map(|(_, element)| element)
            .collect();
        // Of the answers before the list begins.
        let until = self.transport.server_time();
        let path = elements_of(&layout);
        let mut found = Found::default();
        self.each(&path, &json!({}), "elements", |page| {
            for row in &page {
                found.take(row, &layout, &was_open);
            }
            More::Wanted
        })
        .await?;
        let missing: Vec<u64> = was_open.difference(&found.seen).copied().collect();
        let deleted = self.missing(&path, &missing, &layout, &was_open, &mut found).await?;
        let (invoices, skipped) = self.invoices(found, &layout).await?;
        Ok(Pull {
            invoices,
            deleted,
            complete: true,
            until,
            skipped,
        })
    }

    /// With their customers and leads.
    pub(super) async fn invoices(
        &self,
        found: Found,
        layout: &Layout,
    ) -> Result<(Vec<Invoice>, Vec<Text>), AmocrmError> {
        let leads = self
            .leads_of(layout.catalog, &found.rows.keys().copied().collect())
            .await?;
        let rows: Vec<InvoiceRow> = found.rows.into_values().collect();
        let customers = self.customers(&rows, &leads).await?;
        let mut skipped = found.skipped;
        let invoices = rows
            .into_iter()
            .map(|row| {
                let customer = customers.of(&row, &leads);
                let lead = leads.of(row.id).map(|lead| lead.id);
                row.invoice(&self.account, layout.catalog, customer, lead)
            })
            .collect();
        skipped.extend(customers.skipped);
        Ok((invoices, skipped))
    }

    /// Not in a list is not yet deleted: pages shift while they are read.
    async fn missing(
        &self,
        path: &str,
        missing: &[u64],
        layout: &Layout,
        was_open: &BTreeSet<u64>,
        found: &mut Found,
    ) -> Result<Vec<InvoiceId>, AmocrmError> {
        for chunk in missing.chunks(CHUNK_IDS) {
            let rows = self.list(path, &json!({"filter": {"id": chunk}}), "elements").await?;
            for row in rows
                .iter()
                .filter(|row| php::id(&row["id"]).is_some_and(|id| chunk.contains(&id)))
            {
                found.take(row, layout, was_open);
            }
        }
        let mut deleted = Vec::new();
        for id in missing {
            if found.seen.contains(id) {
                continue;
            }
            let row = match self.read(&format!("GET {path}/{id}"), &json!({})).await {
                Err(AmocrmError::Call { error, .. }) if error.is_not_found() => Value::Null,
                row => row?,
            };
            if php::id(&row["id"]) == Some(*id) && !is_deleted(&row) {
                found.take(&row, layout, was_open);
                continue;
            }
            deleted.push(self.account.invoice_id(layout.catalog, *id));
            found.skipped.push(Text::new(
                format!("Счёт № {id} удалён в amoCRM: считается отменённым."),
                format!("Invoice {id} was deleted in amoCRM: it counts as cancelled."),
            ));
        }
        Ok(deleted)
    }
}
