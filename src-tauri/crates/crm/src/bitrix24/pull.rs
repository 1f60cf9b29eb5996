//! Open invoices with their customers, whole; and what became of those that were open before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{InvoiceId, InvoiceStatus, Text};
use serde_json::{Value, json};

use super::{
    Category, Client, CrmError, Semantics,
    batch::Read,
    changes::read_invoice,
    invoices::{InvoiceRow, SELECT},
    kind,
    lists::filter,
};
use crate::{
    call::{CallError, Transport},
    interface::Pull,
    php,
};

impl<T: Transport> Client<T> {
    /// # Errors
    /// The portal could not be asked, or answers something else. A list that breaks off halfway is an error as well: the
    /// invoices it did not reach would look as if they were gone.
    pub async fn pull(&self, still_open: &[InvoiceId]) -> Result<Pull, CrmError> {
        let (categories, until) = self.categories_and_time().await?;
        let semantics = semantics_by_stage(&categories);
        let mut pull = Pull {
            invoices: Vec::new(),
            deleted: Vec::new(),
            complete: true,
            until,
            skipped: Vec::new(),
        };
        for category in categories.iter().filter(|category| category.stages.is_empty()) {
            pull.complete = false;
            pull.skipped.push(Text::new(
                format!(
                    "Воронка счетов «{}»: портал не назвал её стадий, её счета не прочитаны.",
                    category.name
                ),
                format!(
                    "Category «{}»: the portal named no stages of it, its invoices were not read.",
                    category.name
                ),
            ));
        }
        let mut found: BTreeMap<u64, (InvoiceRow, InvoiceStatus)> = BTreeMap::new();
        self.open_rows(&semantics, &mut found, &mut pull).await?;
        self.no_longer_open(still_open, &semantics, &mut found, &mut pull)
            .await?;
        let (rows, statuses): (Vec<InvoiceRow>, Vec<InvoiceStatus>) = found.into_values().unzip();
        let customers = self.customers(&rows).await?;
        for (row, status) in rows.into_iter().zip(statuses) {
            let customer = customers.of(&row);
            let company = customers.issuer_of(&row);
            pull.invoices.push(row.invoice(&self.portal, status, customer, company));
        }
        pull.skipped.extend(customers.skipped);
        Ok(pull)
    }

    async fn open_rows(
        &self,
        semantics: &BTreeMap<String, Semantics>,
        found: &mut BTreeMap<u64, (InvoiceRow, InvoiceStatus)>,
        pull: &mut Pull,
    ) -> Result<(), CrmError> {
        let open = semantics.iter().filter(|(_, semantics)| **semantics == Semantics::Open);
        let open: Vec<&String> = open.map(|(stage, _)| stage).collect();
        if open.is_empty() {
            return Ok(());
        }
        let rows = self
            .items(kind::INVOICE, &filter([("@stageId", json!(open))]), &SELECT)
            .await?;
        for row in &rows {
            // A row of another stage is not what was asked for, whatever the list thinks.
            take(row, semantics, Some(InvoiceStatus::Open), found, pull);
        }
        Ok(())
    }

    async fn no_longer_open(
        &self,
        still_open: &[InvoiceId],
        semantics: &BTreeMap<String, Semantics>,
        found: &mut BTreeMap<u64, (InvoiceRow, InvoiceStatus)>,
        pull: &mut Pull,
    ) -> Result<(), CrmError> {
        let ours: BTreeSet<u64> = still_open
            .iter()
            .filter_map(|id| self.portal.invoice_number(id))
            .collect();
        let missing: Vec<u64> = ours.into_iter().filter(|id| !found.contains_key(id)).collect();
        let mut unanswered: BTreeSet<u64> = missing.iter().copied().collect();
        for row in self.items_by_id(kind::INVOICE, &missing, &SELECT).await? {
            if let Some(id) = php::id(&row["id"]) {
                unanswered.remove(&id);
                take(&row, semantics, None, found, pull);
            }
        }
        let unanswered: Vec<u64> = unanswered.into_iter().collect();
        self.missing_invoices(&unanswered, semantics, found, pull).await
    }

    /// Not in a list is not yet deleted: the webhook's owner may have lost the right to see it.
    async fn missing_invoices(
        &self,
        ids: &[u64],
        semantics: &BTreeMap<String, Semantics>,
        found: &mut BTreeMap<u64, (InvoiceRow, InvoiceStatus)>,
        pull: &mut Pull,
    ) -> Result<(), CrmError> {
        let reads: Vec<Read> = ids.iter().map(|id| read_invoice(*id)).collect();
        for (id, answer) in ids.iter().zip(self.read_together(&reads).await?) {
            match answer {
                Ok(body) => take(&body["result"]["item"], semantics, None, found, pull),
                Err(error) if error.is_not_found() => {
                    pull.deleted.push(self.portal.invoice_id(*id));
                    pull.skipped.push(Text::new(
                        format!("Счёт № {id} удалён в Битрикс24: считается отменённым."),
                        format!("Invoice {id} was deleted in Bitrix24: it counts as cancelled."),
                    ));
                }
                Err(CallError::Refused { code, .. }) => pull.skipped.push(Text::new(
                    format!(
                        "Счёт № {id} больше не виден владельцу вебхука ({code}). Дайте ему право на этот счёт или \
                         отмените счёт здесь."
                    ),
                    format!(
                        "Invoice {id} can no longer be seen by the webhook's owner ({code}). Give him the right to it, \
                         or cancel it here."
                    ),
                )),
                Err(error) => {
                    return Err(CrmError::Call {
                        method: "crm.item.get",
                        error,
                    });
                }
            }
        }
        Ok(())
    }
}

pub(super) fn semantics_by_stage(categories: &[Category]) -> BTreeMap<String, Semantics> {
    let stages = categories.iter().flat_map(|category| &category.stages);
    stages.map(|stage| (stage.id.clone(), stage.semantics)).collect()
}

fn take(
    row: &Value,
    semantics: &BTreeMap<String, Semantics>,
    only: Option<InvoiceStatus>,
    found: &mut BTreeMap<u64, (InvoiceRow, InvoiceStatus)>,
    pull: &mut Pull,
) {
    match read_row(row, semantics) {
        Ok((row, status)) if only.is_none_or(|only| only == status) => {
            found.insert(row.id, (row, status));
        }
        Ok(_) => {}
        Err(why) => pull.skipped.push(why),
    }
}

/// A row with the status its stage means; or why it is left out.
pub(super) fn read_row(
    row: &Value,
    semantics: &BTreeMap<String, Semantics>,
) -> Result<(InvoiceRow, InvoiceStatus), Text> {
    let row = InvoiceRow::read(row)?;
    let status = match semantics.get(&row.stage) {
        Some(Semantics::Open) => InvoiceStatus::Open,
        Some(Semantics::Success) => InvoiceStatus::Paid,
        Some(Semantics::Failure) => InvoiceStatus::Cancelled,
        None => {
            return Err(Text::new(
                format!(
                    "Счёт {}: стадия «{}» порталу неизвестна, счёт пропущен.",
                    row.number, row.stage
                ),
                format!(
                    "Invoice {}: the portal does not know its stage «{}»; left out.",
                    row.number, row.stage
                ),
            ));
        }
    };
    Ok((row, status))
}
