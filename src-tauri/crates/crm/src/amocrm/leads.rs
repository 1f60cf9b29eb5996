//! Which lead an invoice belongs to. An invoice does not know; leads name their invoices, so leads are read, the newest
//! first, until every invoice in question has one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{AmocrmError, Client, customers::Card, pages::More};
use crate::{call::Transport, php};

/// Won and lost, in every pipeline.
pub const WON: u64 = 142;
pub const LOST: u64 = 143;

/// The lead behind an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    pub id: u64,
    pub open: bool,
    pub customer: Option<Card>,
}

/// By the number of the invoice.
#[derive(Debug, Default)]
pub struct Leads(BTreeMap<u64, Lead>);

impl Leads {
    pub fn of(&self, invoice: u64) -> Option<&Lead> {
        self.0.get(&invoice)
    }
}

impl<T: Transport> Client<T> {
    pub(super) async fn leads_of(&self, catalog: u64, invoices: &BTreeSet<u64>) -> Result<Leads, AmocrmError> {
        let mut leads = Leads::default();
        if invoices.is_empty() {
            return Ok(leads);
        }
        let params = json!({"with": "contacts,catalog_elements", "order": {"id": "desc"}});
        self.each("leads", &params, "leads", |page| {
            for row in &page {
                if let Some(lead) = lead(row) {
                    for invoice in elements(row, catalog).filter(|invoice| invoices.contains(invoice)) {
                        // Of several leads an open one is meant, and of those the newest.
                        let known = leads.0.entry(invoice).or_insert(lead);
                        if !known.open && lead.open {
                            *known = lead;
                        }
                    }
                }
            }
            if leads.0.len() == invoices.len() {
                More::Enough
            } else {
                More::Wanted
            }
        })
        .await?;
        Ok(leads)
    }
}

fn lead(row: &Value) -> Option<Lead> {
    let embedded = &row["_embedded"];
    let first = |key: &str| {
        let rows = php::rows(&embedded[key]);
        let main = rows
            .iter()
            .find(|row| php::flag(&row["is_main"]))
            .or_else(|| rows.first())?;
        php::id(&main["id"])
    };
    let status = php::id(&row["status_id"]);
    Some(Lead {
        id: php::id(&row["id"])?,
        open: status != Some(WON) && status != Some(LOST),
        customer: first("companies")
            .map(Card::Company)
            .or_else(|| first("contacts").map(Card::Contact)),
    })
}

/// The elements of the catalog that a lead names.
fn elements(row: &Value, catalog: u64) -> impl Iterator<Item = u64> {
    let linked = php::rows(&row["_embedded"]["catalog_elements"]);
    linked.into_iter().filter_map(move |linked| {
        let of = [&linked["metadata"]["catalog_id"], &linked["catalog_id"]];
        let of = of.into_iter().find_map(php::id);
        php::id(&linked["id"]).filter(|_| of.is_none_or(|of| of == catalog))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_names_its_invoices_and_its_customer() {
        let row = json!({"id": 25, "status_id": 142, "_embedded": {
            "companies": [{"id": 555}],
            "contacts": [{"id": 1, "is_main": false}, {"id": 2, "is_main": true}],
            "catalog_elements": [{"id": 7, "metadata": {"catalog_id": 4517}}, {"id": 8, "catalog_id": 9}, {"id": "9"}],
        }});
        let lead = lead(&row).unwrap();
        assert_eq!(
            (lead.id, lead.open, lead.customer),
            (25, false, Some(Card::Company(555)))
        );
        assert_eq!(elements(&row, 4517).collect::<Vec<_>>(), [7, 9]);
        let person =
            json!({"id": 1, "status_id": 5, "_embedded": {"contacts": [{"id": 1}, {"id": 2, "is_main": true}]}});
        assert_eq!(super::lead(&person).unwrap().customer, Some(Card::Contact(2)));
        assert!(super::lead(&person).unwrap().open);
    }
}
