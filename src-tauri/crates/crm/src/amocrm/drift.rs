//! What became of our writes: an invoice that somebody paid by hand, re-priced, moved or deleted since is told. Nothing is
//! overwritten here; writing again is a person's decision.

use std::collections::BTreeMap;

use domain::{Drift, PaymentId, Written};
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    element::{Element, is_deleted},
    layout::{Layout, PAYMENT_ID},
    pages::CHUNK_IDS,
    pull::elements_of,
    status::{ADVANCE, PAID, PARTLY},
};
use crate::{call::Transport, interface::Drifted, php};

impl<T: Transport> Client<T> {
    /// Looks at what our writes left behind. Each invoice of this account is in the answer.
    ///
    /// # Errors
    /// The account could not be asked, has no invoices, or a list broke off.
    pub async fn drift(&self, written: &[Written]) -> Result<Vec<Drifted>, AmocrmError> {
        if written.is_empty() {
            return Ok(Vec::new());
        }
        let layout = self.layout().await?;
        let path = elements_of(&layout);
        let of_catalog = |one: &Written| {
            let (catalog, element) = self.account.element(&one.invoice)?;
            (catalog == layout.catalog).then_some(element)
        };
        let numbers: Vec<u64> = written.iter().filter_map(of_catalog).collect();
        let mut rows: BTreeMap<u64, Value> = BTreeMap::new();
        for chunk in numbers.chunks(CHUNK_IDS) {
            let listed = self.list(&path, &json!({"filter": {"id": chunk}}), "elements").await?;
            rows.extend(listed.into_iter().filter_map(|row| Some((php::id(&row["id"])?, row))));
        }
        let mut drifts = Vec::new();
        for one in written {
            let Some(number) = of_catalog(one) else { continue };
            let element = match rows.get(&number) {
                Some(row) => Element::read(row, number, &layout),
                // Not in a list is not yet deleted: pages shift while they are read.
                None => self.gone_or_there(&path, number, &layout).await?,
            };
            let drift = match element {
                Some(element) => since(one, &element, &layout),
                None => vec![Drift::Deleted],
            };
            drifts.push((one.invoice.clone(), drift));
        }
        Ok(drifts)
    }

    async fn gone_or_there(&self, path: &str, number: u64, layout: &Layout) -> Result<Option<Element>, AmocrmError> {
        let row = match self.read(&format!("GET {path}/{number}"), &json!({})).await {
            Err(AmocrmError::Call { error, .. }) if error.is_not_found() => Value::Null,
            row => row?,
        };
        let there = (!is_deleted(&row)).then(|| Element::read(&row, number, layout));
        Ok(there.flatten())
    }
}

fn since(one: &Written, element: &Element, layout: &Layout) -> Vec<Drift> {
    let mut drift = Vec::new();
    let now = element.status_id();
    if now != one.stage {
        let stage = element.status_name().to_owned();
        let paid = |status: Option<&str>| matches!(status, Some(PAID | ADVANCE));
        let (left, now) = (one.stage.as_deref(), now.as_deref());
        match (paid(left), paid(now)) {
            (false, true) if !one.settled => drift.push(Drift::PaidByHand { stage }),
            (true, false) if one.settled => drift.push(Drift::Reopened { stage }),
            // Our write said that a part is paid, and nothing says so now.
            (false, false) if left == Some(PARTLY) => drift.push(Drift::Reopened { stage }),
            _ => {}
        }
    }
    if let Some((was, is)) = one.amount.zip(element.amount).filter(|(was, is)| was != is) {
        drift.push(Drift::RePriced { was, is });
    }
    // An account that lost the field itself is said by connecting and by the queue, not a hundred times here.
    let has_field = layout.field(PAYMENT_ID).is_some();
    let gone: Vec<PaymentId> = one
        .payments
        .iter()
        .filter(|payment| has_field && !element.holds(payment))
        .cloned()
        .collect();
    if !gone.is_empty() {
        drift.push(Drift::CodesGone { payments: gone });
    }
    drift
}
