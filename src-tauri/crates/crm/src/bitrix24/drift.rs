//! What became of our writes: an invoice that somebody paid by hand, re-priced, cancelled, moved or deleted since is
//! shown with the choices there are. Nothing is overwritten here; writing again is a person's decision.

use std::collections::BTreeMap;

use domain::{Currency, Drift, InvoiceId, PaymentId, Written};
use serde_json::Value;

use super::{Client, CrmError, Semantics, kind, sums::sum};
use crate::{call::Transport, interface::Drifted, php};

impl<T: Transport> Client<T> {
    /// Looks at what our writes left behind, many invoices a request. Each invoice that was seen is in the answer; one
    /// that the portal does not show us any more but still has is not.
    ///
    /// # Errors
    /// The portal could not be asked, or answers something else.
    pub async fn drift(&self, written: &[Written]) -> Result<Vec<Drifted>, CrmError> {
        if written.is_empty() {
            return Ok(Vec::new());
        }
        let categories = self.categories().await?;
        let stages: BTreeMap<&str, (&str, Semantics)> = categories
            .iter()
            .flat_map(|category| &category.stages)
            .map(|stage| (stage.id.as_str(), (stage.name.as_str(), stage.semantics)))
            .collect();
        let field = &self.portal.invoice_field.name;
        let numbers: Vec<u64> = written
            .iter()
            .filter_map(|one| self.portal.invoice_number(&one.invoice))
            .collect();
        let select = ["id", "stageId", "opportunity", "currencyId", field.as_str()];
        let rows = self.items_by_id(kind::INVOICE, &numbers, &select).await?;
        let rows: BTreeMap<u64, Value> = rows
            .into_iter()
            .filter_map(|row| Some((php::id(&row["id"])?, row)))
            .collect();
        let unseen: Vec<InvoiceId> = written
            .iter()
            .filter(|one| {
                let number = self.portal.invoice_number(&one.invoice);
                number.is_some_and(|number| !rows.contains_key(&number))
            })
            .map(|one| one.invoice.clone())
            .collect();
        let deleted = self.deleted(&unseen).await?;
        let mut drifts = Vec::new();
        for one in written {
            let row = self
                .portal
                .invoice_number(&one.invoice)
                .and_then(|number| rows.get(&number));
            let drift = match row {
                Some(row) => since(one, row, field, &stages),
                None if deleted.contains(&one.invoice) => vec![Drift::Deleted],
                None => continue,
            };
            drifts.push((one.invoice.clone(), drift));
        }
        Ok(drifts)
    }
}

fn since(one: &Written, row: &Value, field: &str, stages: &BTreeMap<&str, (&str, Semantics)>) -> Vec<Drift> {
    let mut drift = Vec::new();
    let now = php::text(&row["stageId"]);
    if let Some((name, semantics)) = now.as_deref().and_then(|now| stages.get(now))
        && now != one.stage
    {
        let stage = (*name).to_owned();
        let left = one.stage.as_deref().and_then(|left| stages.get(left));
        let was_successful = left.is_some_and(|(_, semantics)| *semantics == Semantics::Success);
        match semantics {
            Semantics::Failure => drift.push(Drift::Cancelled { stage }),
            Semantics::Success if !one.settled && !was_successful => drift.push(Drift::PaidByHand { stage }),
            Semantics::Open if one.settled && was_successful => drift.push(Drift::Reopened { stage }),
            // From one open stage to the next, or from one successful one to another: that is what stages are for.
            Semantics::Success | Semantics::Open => {}
        }
    }
    let currency = php::text(&row["currencyId"]).and_then(|code| Currency::parse(&code).ok());
    let is = currency.and_then(|currency| sum(&php::text(&row["opportunity"])?, currency));
    if let Some((was, is)) = one.amount.zip(is).filter(|(was, is)| was != is) {
        drift.push(Drift::RePriced { was, is });
    }
    // A row without the field says nothing about it.
    if let Some(held) = row.get(field) {
        let held: Vec<String> = php::texts(held)
            .iter()
            .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let gone: Vec<PaymentId> = one
            .payments
            .iter()
            .filter(|payment| !held.contains(&payment.0))
            .cloned()
            .collect();
        if !gone.is_empty() {
            drift.push(Drift::CodesGone { payments: gone });
        }
    }
    drift
}
