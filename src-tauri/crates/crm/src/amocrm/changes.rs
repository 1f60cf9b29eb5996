//! What changed since the last look. The catalog of invoices takes no filter by time: its pages are read whole and each
//! row's time is looked at here. What that saves is the leads and the companies of all that did not change.
//!
//! A deleted element is not in the list as a rule, and its absence says nothing: a full [`Client::pull`] asks for each
//! that is missing. A change of a lead or a company does not move the invoice's time either.

use domain::{InvoiceId, Timestamp};
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    element::is_deleted,
    pages::More,
    pull::{Found, elements_of},
};
use crate::{
    call::Transport,
    interface::{Changes, OVERLAP_MS},
    php,
};

impl<T: Transport> Client<T> {
    /// Everything that changed since then by the account's clock, and a little before.
    ///
    /// # Errors
    /// The account could not be asked, has no invoices, or a list broke off anywhere.
    pub async fn changes(&self, since: Timestamp) -> Result<Changes, AmocrmError> {
        let layout = self.layout_anew().await?;
        let until = self.transport.server_time();
        let from_s = since.0.saturating_sub(OVERLAP_MS).div_euclid(1_000);
        let mut found = Found::default();
        let mut deleted: Vec<InvoiceId> = Vec::new();
        self.each(&elements_of(&layout), &json!({}), "elements", |page| {
            for row in &page {
                let Some(id) = php::id(&row["id"]) else { continue };
                if is_deleted(row) {
                    deleted.push(self.account.invoice_id(layout.catalog, id));
                } else if updated_s(row).is_none_or(|updated| updated >= from_s) {
                    found.keep(id, row, &layout);
                }
            }
            More::Wanted
        })
        .await?;
        let (invoices, skipped) = self.invoices(found, &layout).await?;
        Ok(Changes {
            invoices,
            deleted,
            until,
            skipped,
            ..Changes::default()
        })
    }
}

/// Seconds since 1970; a row that does not tell may have changed.
fn updated_s(row: &Value) -> Option<i64> {
    php::text(&row["updated_at"])?.parse().ok()
}
