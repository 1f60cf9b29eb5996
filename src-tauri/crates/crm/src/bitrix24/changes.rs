//! What changed since the last look, without reading everything again; and what is gone, which no change tells of.
//!
//! A change of an invoice moves its `updatedTime`; a change of its customer's card or requisites does not. So a full
//! [`Client::pull`] still belongs to every day, and [`Client::deleted`] to every hour or so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};
use domain::{InvoiceId, Timestamp};
use serde_json::{Value, json};

use super::{
    Client, CrmError, Semantics,
    batch::Read,
    invoices::SELECT,
    kind,
    lists::filter,
    pull::{read_row, semantics_by_stage},
};
use crate::{
    call::{CallError, Transport},
    interface::{Changes, OVERLAP_MS},
    php,
};

const UPDATED: &str = "updatedTime";
const GET: &str = "crm.item.get";

impl<T: Transport> Client<T> {
    /// Everything that changed since then by the portal's clock, and a little before.
    ///
    /// # Errors
    /// The portal could not be asked, answers something else, or the list broke off anywhere.
    pub async fn changes(&self, since: Timestamp) -> Result<Changes, CrmError> {
        let (categories, until) = self.categories_and_time().await?;
        let semantics = semantics_by_stage(&categories);
        let from_ms = since.0.saturating_sub(OVERLAP_MS);
        let from = DateTime::<Utc>::from_timestamp_millis(from_ms).unwrap_or_default();
        let mut select = SELECT.to_vec();
        select.push(UPDATED);
        let asked = filter([(">=updatedTime", json!(from.to_rfc3339_opts(SecondsFormat::Secs, false)))]);
        let rows = self.items(kind::INVOICE, &asked, &select).await?;
        // An older row is not what was asked for, whatever the list thinks.
        let fresh = |row: &&Value| moment(&row[UPDATED]).is_none_or(|updated| updated >= from);
        self.read_rows(rows.iter().filter(fresh), &semantics, until).await
    }

    /// [`Client::changes`], and where the portal queues events for us ([`Client::listen`]) what those tell besides: above
    /// all what is gone. An event is only a hint: what it names is looked at.
    ///
    /// # Errors
    /// As [`Client::changes`].
    pub(super) async fn increment(&self, since: Timestamp) -> Result<Changes, CrmError> {
        if !self.portal.listens {
            return self.changes(since).await;
        }
        let heard = self.heard().await?;
        let mut changes = self.changes(since).await?;
        let known: BTreeSet<&InvoiceId> = changes.invoices.iter().map(|invoice| &invoice.id).collect();
        let unseen: Vec<InvoiceId> = heard.changed.iter().filter(|id| !known.contains(id)).cloned().collect();
        if !unseen.is_empty() {
            let more = self.invoices(&unseen).await?;
            changes.invoices.extend(more.invoices);
            changes.skipped.extend(more.skipped);
        }
        if !heard.deleted.is_empty() {
            changes.deleted = self.deleted(&heard.deleted).await?;
        }
        changes.told = heard.told();
        Ok(changes)
    }

    /// These invoices as they are now, those that are there: what events told of.
    ///
    /// # Errors
    /// As [`Client::changes`].
    pub async fn invoices(&self, ids: &[InvoiceId]) -> Result<Changes, CrmError> {
        let (categories, until) = self.categories_and_time().await?;
        let numbers: BTreeSet<u64> = ids.iter().filter_map(|id| self.portal.invoice_number(id)).collect();
        let numbers: Vec<u64> = numbers.into_iter().collect();
        let rows = self.items_by_id(kind::INVOICE, &numbers, &SELECT).await?;
        self.read_rows(rows.iter(), &semantics_by_stage(&categories), until)
            .await
    }

    async fn read_rows(
        &self,
        rows: impl Iterator<Item = &Value> + Send,
        semantics: &BTreeMap<String, Semantics>,
        until: Option<Timestamp>,
    ) -> Result<Changes, CrmError> {
        let mut skipped = Vec::new();
        let (mut read, mut statuses) = (Vec::new(), Vec::new());
        for row in rows {
            match read_row(row, semantics) {
                Ok((row, status)) => {
                    read.push(row);
                    statuses.push(status);
                }
                Err(why) => skipped.push(why),
            }
        }
        let customers = self.customers(&read).await?;
        let mut invoices = Vec::with_capacity(read.len());
        for (row, status) in read.into_iter().zip(statuses) {
            let customer = customers.of(&row);
            let company = customers.issuer_of(&row);
            invoices.push(row.invoice(&self.portal, status, customer, company));
        }
        skipped.extend(customers.skipped);
        Ok(Changes {
            invoices,
            until,
            skipped,
            ..Changes::default()
        })
    }

    /// Those of `known` that the portal no longer has. One that it only does not show to us is not among them.
    ///
    /// # Errors
    /// The portal could not be asked, or answers something else.
    pub async fn deleted(&self, known: &[InvoiceId]) -> Result<Vec<InvoiceId>, CrmError> {
        let numbers: BTreeMap<u64, &InvoiceId> = known
            .iter()
            .filter_map(|id| Some((self.portal.invoice_number(id)?, id)))
            .collect();
        let asked: Vec<u64> = numbers.keys().copied().collect();
        let rows = self.items_by_id(kind::INVOICE, &asked, &["id"]).await?;
        let there: BTreeSet<u64> = rows.iter().filter_map(|row| php::id(&row["id"])).collect();
        let missing: Vec<u64> = asked.into_iter().filter(|id| !there.contains(id)).collect();
        let reads: Vec<Read> = missing.iter().map(|id| read_invoice(*id)).collect();
        let mut deleted = Vec::new();
        for (id, answer) in missing.iter().zip(self.read_together(&reads).await?) {
            match answer {
                Err(error) if error.is_not_found() => deleted.extend(numbers.get(id).copied().cloned()),
                Ok(_) | Err(CallError::Refused { .. }) => {}
                Err(error) => return Err(CrmError::Call { method: GET, error }),
            }
        }
        Ok(deleted)
    }
}

/// Not in a list is not yet deleted: the owner of the key may have lost the right to see it.
pub(super) fn read_invoice(id: u64) -> Read {
    Read {
        method: GET,
        params: json!({"entityTypeId": kind::INVOICE, "id": id}),
    }
}

fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let text = php::text(value)?;
    Some(DateTime::parse_from_rfc3339(&text).ok()?.with_timezone(&Utc))
}
