//! What payment statuses may be mapped to: the statuses of invoices, and those of leads in each pipeline.

use domain::PaymentStatus;
use serde_json::{Value, json};

use super::{
    AmocrmError, Client,
    layout::Field,
    leads::{LOST, WON},
    status::{ADVANCE, PAID, PARTLY, id_of},
};
use crate::{
    call::Transport,
    mapping::{Funnel, Means, Of, Offered},
    php,
};

/// An account has one list of invoices.
pub const INVOICES: u64 = 0;

impl<T: Transport> Client<T> {
    /// Invoices first, then the pipelines of leads.
    pub(super) async fn offered_funnels(&self) -> Result<Vec<Funnel>, AmocrmError> {
        let layout = self.layout_anew().await?;
        let body = self.read("GET leads/pipelines", &json!({})).await?;
        let pipelines = php::rows(&body["_embedded"]["pipelines"]);
        let invoices = Funnel {
            of: Of::Invoices,
            number: INVOICES,
            name: layout.catalog_name.clone(),
            stages: layout.status_field().map(bill_statuses).unwrap_or_default(),
            by_itself: vec![
                (PaymentStatus::PartlyPaid, PARTLY.to_owned()),
                (PaymentStatus::Paid, PAID.to_owned()),
            ],
        };
        Ok(std::iter::once(invoices)
            .chain(pipelines.into_iter().filter_map(pipeline))
            .collect())
    }
}

fn bill_statuses(field: &Field) -> Vec<Offered> {
    let offered = field.choices.iter().map(|choice| {
        let id = id_of(choice);
        Offered {
            means: if id == PAID || id == ADVANCE {
                Means::Success
            } else {
                Means::Open
            },
            name: choice.name.clone(),
            id,
        }
    });
    offered.collect()
}

fn pipeline(row: &Value) -> Option<Funnel> {
    /// Where leads from outside wait to be sorted; nothing can be moved there.
    const UNSORTED: u64 = 1;
    let mut statuses: Vec<&Value> = php::rows(&row["_embedded"]["statuses"]);
    statuses.retain(|status| php::id(&status["type"]) != Some(UNSORTED));
    statuses.sort_by_key(|status| php::id(&status["sort"]));
    let stages = statuses.into_iter().filter_map(|status| {
        let id = php::id(&status["id"])?;
        Some(Offered {
            id: id.to_string(),
            name: php::text(&status["name"]).unwrap_or_else(|| id.to_string()),
            means: match id {
                WON => Means::Success,
                LOST => Means::Failure,
                _ => Means::Open,
            },
        })
    });
    Some(Funnel {
        of: Of::Deals,
        number: php::id(&row["id"])?,
        name: php::text(&row["name"]).unwrap_or_default(),
        stages: stages.collect(),
        by_itself: Vec::new(),
    })
}
