//! Open invoices with their customers, whole; and what became of those that were open before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{InvoiceId, InvoiceStatus, Text};
use serde_json::{Value, json};

use super::{
    Category, Client, CrmError, Semantics,
    invoices::{InvoiceRow, SELECT},
    kind,
    lists::{CHUNK_IDS, filter},
};
use crate::{
    call::{CallError, Transport},
    interface::Pull,
};

impl<T: Transport> Client<T> {
    /// # Errors
    /// The portal could not be asked, or answers something else. A list that breaks off later is no error: see
    /// [`Pull::complete`].
    pub async fn pull(&self, still_open: &[InvoiceId]) -> Result<Pull, CrmError> {
        let categories = self.categories().await?;
        let semantics = semantics_by_stage(&categories);
        let mut pull = Pull {
            invoices: Vec::new(),
            deleted: Vec::new(),
            complete: true,
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
            let company = row.own_company.and_then(|id| customers.company_name(id));
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
        let listed = self
            .items(kind::INVOICE, &filter([("@stageId", json!(open))]), &SELECT)
            .await;
        if let Some(error) = listed.failed {
            if listed.rows.is_empty() {
                return Err(error);
            }
            let reason = error.text();
            pull.complete = false;
            pull.skipped.push(Text::new(
                format!("Список счетов прочитан не до конца: {}", reason.ru),
                format!("The list of invoices broke off: {}", reason.en),
            ));
        }
        for row in &listed.rows {
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
        for chunk in missing.chunks(CHUNK_IDS) {
            let asked = filter([("@id", json!(chunk))]);
            let rows = self.items(kind::INVOICE, &asked, &SELECT).await.whole()?;
            let mut answered = BTreeSet::new();
            for row in &rows {
                let id = crate::php::id(&row["id"]).filter(|id| chunk.contains(id));
                if let Some(id) = id {
                    answered.insert(id);
                    take(row, semantics, None, found, pull);
                }
            }
            for id in chunk.iter().filter(|id| !answered.contains(id)) {
                self.missing_invoice(*id, semantics, found, pull).await?;
            }
        }
        Ok(())
    }

    /// Not in a list is not yet deleted: the webhook's owner may have lost the right to see it.
    async fn missing_invoice(
        &self,
        id: u64,
        semantics: &BTreeMap<String, Semantics>,
        found: &mut BTreeMap<u64, (InvoiceRow, InvoiceStatus)>,
        pull: &mut Pull,
    ) -> Result<(), CrmError> {
        let asked = json!({"entityTypeId": kind::INVOICE, "id": id});
        match self.read("crm.item.get", &asked).await {
            Ok(body) => take(&body["result"]["item"], semantics, None, found, pull),
            Err(CrmError::Call { error, .. }) if error.is_not_found() => {
                pull.deleted.push(self.portal.invoice_id(id));
                pull.skipped.push(Text::new(
                    format!("Счёт № {id} удалён в Битрикс24: считается отменённым."),
                    format!("Invoice {id} was deleted in Bitrix24: it counts as cancelled."),
                ));
            }
            Err(CrmError::Call {
                error: CallError::Refused { code, .. },
                ..
            }) => pull.skipped.push(Text::new(
                format!(
                    "Счёт № {id} больше не виден владельцу вебхука ({code}). Дайте ему право на этот счёт или отмените \
                     счёт здесь."
                ),
                format!(
                    "Invoice {id} can no longer be seen by the webhook's owner ({code}). Give him the right to it, or \
                     cancel it here."
                ),
            )),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn semantics_by_stage(categories: &[Category]) -> BTreeMap<String, Semantics> {
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
    let row = match InvoiceRow::read(row) {
        Ok(row) => row,
        Err(lacks) => {
            pull.skipped.push(lacks);
            return;
        }
    };
    let Some(semantics) = semantics.get(&row.stage) else {
        pull.skipped.push(Text::new(
            format!(
                "Счёт {}: стадия «{}» порталу неизвестна, счёт пропущен.",
                row.number, row.stage
            ),
            format!(
                "Invoice {}: the portal does not know its stage «{}»; left out.",
                row.number, row.stage
            ),
        ));
        return;
    };
    let status = match semantics {
        Semantics::Open => InvoiceStatus::Open,
        Semantics::Success => InvoiceStatus::Paid,
        Semantics::Failure => InvoiceStatus::Cancelled,
    };
    if only.is_none_or(|only| only == status) {
        found.insert(row.id, (row, status));
    }
}
