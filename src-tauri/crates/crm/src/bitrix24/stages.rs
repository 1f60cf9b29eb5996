//! Categories of invoices and the stages in each, told apart by their semantics: codes differ from portal to portal.

use domain::{PaymentStatus, Timestamp};
use serde_json::{Value, json};

use super::{Client, CrmError, batch::Read, kind};
use crate::{
    call::Transport,
    mapping::{Funnel, Means, Of, Offered},
    php,
};

pub(super) const STATUS_LIST: &str = "crm.status.list";

/// What a stage means to the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantics {
    Open,
    Success,
    Failure,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    pub id: String,
    pub name: String,
    pub sort: i64,
    pub semantics: Semantics,
}

/// A funnel of invoices with its stages in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub id: u64,
    pub name: String,
    pub stages: Vec<Stage>,
}

impl Category {
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// The stage of a paid invoice: of several, the first in the portal's order.
    #[must_use]
    pub fn success(&self) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.semantics == Semantics::Success)
    }
}

/// The stages in an answer to [`STATUS_LIST`], only those of the reference asked for, in their order.
pub(super) fn stages(result: &Value, reference: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = php::rows(result)
        .into_iter()
        .filter(|row| php::text(&row["ENTITY_ID"]).as_deref() == Some(reference))
        .filter_map(|row| {
            let id = php::text(&row["STATUS_ID"])?;
            let semantics = semantics(row);
            Some(Stage {
                name: php::text(&row["NAME"]).unwrap_or_else(|| id.clone()),
                id,
                sort: php::text(&row["SORT"])
                    .and_then(|sort| sort.parse().ok())
                    .unwrap_or(i64::MAX),
                semantics,
            })
        })
        .collect();
    stages.sort_by_key(|stage| stage.sort);
    stages
}

/// Some portals name it only among the extras, by a word.
fn semantics(row: &Value) -> Semantics {
    match php::text(&row["SEMANTICS"]).as_deref() {
        Some("S" | "s") => Semantics::Success,
        Some("F" | "f") => Semantics::Failure,
        _ => match php::text(&row["EXTRA"]["SEMANTICS"]).as_deref() {
            Some("success") => Semantics::Success,
            Some("failure" | "apology") => Semantics::Failure,
            _ => Semantics::Open,
        },
    }
}

pub(super) fn status_filter(reference: &str) -> Value {
    json!({"filter": {"ENTITY_ID": reference}, "order": {"SORT": "ASC"}})
}

/// Where the stages of a funnel of deals are.
pub(super) fn deal_reference(funnel: u64) -> String {
    match funnel {
        0 => "DEAL_STAGE".to_owned(),
        funnel => format!("DEAL_STAGE_{funnel}"),
    }
}

fn funnel(of: Of, category: Category) -> Funnel {
    // Deals move only where the user says so.
    let paid = category.success().filter(|_| of == Of::Invoices);
    let by_itself = paid
        .map(|stage| (PaymentStatus::Paid, stage.id.clone()))
        .into_iter()
        .collect();
    let stages = category.stages.into_iter().map(|stage| Offered {
        id: stage.id,
        name: stage.name,
        means: match stage.semantics {
            Semantics::Open => Means::Open,
            Semantics::Success => Means::Success,
            Semantics::Failure => Means::Failure,
        },
    });
    Funnel {
        of,
        number: category.id,
        name: category.name,
        stages: stages.collect(),
        by_itself,
    }
}

impl<T: Transport> Client<T> {
    pub(super) fn stage_reference(&self, category: u64) -> String {
        format!("{}{category}", self.portal.stage_reference)
    }

    fn reference(&self, kind: u64, category: u64) -> String {
        if kind == kind::DEAL {
            deal_reference(category)
        } else {
            self.stage_reference(category)
        }
    }

    /// Invoices first, then deals.
    pub(super) async fn funnels(&self) -> Result<Vec<Funnel>, CrmError> {
        let (invoices, _) = self.categories_of(kind::INVOICE).await?;
        let (deals, _) = self.categories_of(kind::DEAL).await?;
        let invoices = invoices.into_iter().map(|category| funnel(Of::Invoices, category));
        Ok(invoices
            .chain(deals.into_iter().map(|category| funnel(Of::Deals, category)))
            .collect())
    }

    pub(super) async fn categories(&self) -> Result<Vec<Category>, CrmError> {
        Ok(self.categories_and_time().await?.0)
    }

    /// Of invoices, with the portal's clock when it was asked.
    pub(super) async fn categories_and_time(&self) -> Result<(Vec<Category>, Option<Timestamp>), CrmError> {
        self.categories_of(kind::INVOICE).await
    }

    async fn categories_of(&self, kind: u64) -> Result<(Vec<Category>, Option<Timestamp>), CrmError> {
        const METHOD: &str = "crm.category.list";
        let body = self.read(METHOD, &json!({"entityTypeId": kind})).await?;
        let time = php::text(&body["time"]["start"]).and_then(|start| start.split('.').next()?.parse::<i64>().ok());
        let time = time.and_then(|seconds| seconds.checked_mul(1_000)).map(Timestamp);
        let shape = CrmError::Shape {
            method: METHOD,
            what: "categories",
        };
        let rows = body["result"]
            .get("categories")
            .filter(|rows| php::is_list(rows))
            .ok_or(shape)?;
        let named: Vec<(u64, String)> = php::rows(rows)
            .into_iter()
            .filter_map(|row| {
                // Zero is the first funnel of deals.
                let id = php::text(&row["id"])?.parse().ok()?;
                Some((id, php::text(&row["name"]).unwrap_or_default()))
            })
            .collect();
        let reads: Vec<Read> = named
            .iter()
            .map(|(id, _)| Read {
                method: STATUS_LIST,
                params: status_filter(&self.reference(kind, *id)),
            })
            .collect();
        let mut categories = Vec::new();
        for ((id, name), answer) in named.into_iter().zip(self.read_together(&reads).await?) {
            let reference = self.reference(kind, id);
            let body = answer.map_err(|error| CrmError::Call {
                method: STATUS_LIST,
                error,
            })?;
            if !php::is_list(&body["result"]) {
                return Err(CrmError::Shape {
                    method: STATUS_LIST,
                    what: "result",
                });
            }
            categories.push(Category {
                id,
                name,
                stages: stages(&body["result"], &reference),
            });
        }
        Ok((categories, time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stage_means_is_read_wherever_the_portal_says_it() {
        let row = |code: &str, sort: &str, rest: Value| {
            let mut row = json!({"ENTITY_ID": "SMART_INVOICE_STAGE_3", "STATUS_ID": code, "NAME": code, "SORT": sort});
            row.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            row
        };
        let result = json!([
            row("N", "10", json!({"SEMANTICS": null, "EXTRA": {"SEMANTICS": "process"}})),
            row("P", "20", json!({"EXTRA": {"SEMANTICS": "success"}})),
            row("Q", "30", json!({"SEMANTICS": "S", "EXTRA": []})),
            row("D", "40", json!({"SEMANTICS": "", "EXTRA": {"SEMANTICS": "failure"}})),
            row("A", "50", json!({"SEMANTICS": null, "EXTRA": {"SEMANTICS": "apology"}})),
            row("X", "60", json!({})),
        ]);
        let means: Vec<Semantics> = stages(&result, "SMART_INVOICE_STAGE_3")
            .into_iter()
            .map(|stage| stage.semantics)
            .collect();
        let expected = [
            Semantics::Open,
            Semantics::Success,
            Semantics::Success,
            Semantics::Failure,
            Semantics::Failure,
            Semantics::Open,
        ];
        assert_eq!(means, expected);
    }
}
