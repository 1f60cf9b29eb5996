//! One invoice or deal as a delivery sees it: its stage, its sum, and the payment ids in its custom field.

use domain::{Currency, Money, PaymentId, Text, Touched, Trace};
use serde_json::{Map, Value, json};

use super::{
    Client, PaymentField,
    attempt::{Attempt, Failed, Stop},
    connect::field_map,
    kind,
    stages::{STATUS_LIST, Stage, stages, status_filter},
    sums::sum,
};
use crate::{call::Transport, php};

const GET: &str = "crm.item.get";
const UPDATE: &str = "crm.item.update";
const FIELDS: &str = "crm.item.fields";

/// An object of the portal and where its payment ids are.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub kind: u64,
    pub id: u64,
    pub field: &'a PaymentField,
}

pub struct Item {
    pub stage: Option<String>,
    pub previous_stage: Option<String>,
    pub category: Option<u64>,
    pub amount: Option<Money>,
    /// Who answers for it.
    pub responsible: Option<u64>,
    /// In the portal's order, foreign ones too.
    pub payments: Vec<String>,
}

impl Item {
    pub fn holds(&self, payment: &PaymentId) -> bool {
        self.payments.contains(&payment.0)
    }

    pub fn payment_ids(&self) -> Vec<PaymentId> {
        self.payments.iter().cloned().map(PaymentId).collect()
    }
}

/// What a look at an object found.
pub enum Looked {
    Item(Item),
    Deleted,
    /// The kind of object has no such field: a write to it would be lost in silence.
    NoField,
}

/// The portal's clock in an answer.
pub fn told_at(body: &Value) -> Option<String> {
    php::text(&body["time"]["date_finish"])
}

impl<T: Transport> Client<T> {
    /// As it stands now: looked at anew where this attempt wrote anything.
    pub(super) async fn after_writing(
        &self,
        attempt: &mut Attempt<'_, T>,
        target: Target<'_>,
        item: Item,
    ) -> Result<Item, Stop> {
        if !attempt.has_written() {
            return Ok(item);
        }
        match self.item(attempt, target).await? {
            Looked::Item(now) => Ok(now),
            Looked::NoField | Looked::Deleted => Err(attempt.unproven(gone())),
        }
    }

    pub(super) async fn item(&self, attempt: &mut Attempt<'_, T>, target: Target<'_>) -> Result<Looked, Stop> {
        let params = json!({"entityTypeId": target.kind, "id": target.id});
        let body = match attempt.look(GET, &params).await {
            Ok(body) => body,
            Err(Failed { error, .. }) if error.is_not_found() => return Ok(Looked::Deleted),
            Err(failed) => return Err(failed.into()),
        };
        let item = &body["result"]["item"];
        if php::id(&item["id"]) != Some(target.id) {
            return Err(attempt.unproven(Text::new(
                format!("Битрикс24 вернул не тот объект, который спрошен ({GET})"),
                format!("Bitrix24 gave another object than was asked for ({GET})"),
            )));
        }
        let held = match item.get(&target.field.name) {
            Some(held) => held,
            // Perhaps empty fields are left out here: the list of fields knows.
            None if self.has_field(attempt, target).await? => &Value::Null,
            None => return Ok(Looked::NoField),
        };
        let payments = php::texts(held)
            .iter()
            .flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let currency = php::text(&item["currencyId"]).and_then(|code| Currency::parse(&code).ok());
        let amount = php::text(&item["opportunity"]);
        Ok(Looked::Item(Item {
            stage: php::text(&item["stageId"]),
            previous_stage: php::text(&item["previousStageId"]),
            // Zero is the first funnel of deals.
            category: php::text(&item["categoryId"]).and_then(|category| category.parse().ok()),
            responsible: php::id(&item["assignedById"]),
            amount: currency.and_then(|currency| sum(&amount?, currency)),
            payments,
        }))
    }

    async fn has_field(&self, attempt: &mut Attempt<'_, T>, target: Target<'_>) -> Result<bool, Stop> {
        let body = attempt.look(FIELDS, &json!({"entityTypeId": target.kind})).await?;
        let fields = field_map(&body).ok_or_else(|| {
            attempt.unproven(Text::new(
                format!("в ответе Битрикс24 нет списка полей ({FIELDS})"),
                format!("the answer of Bitrix24 has no list of fields ({FIELDS})"),
            ))
        })?;
        Ok(fields.contains_key(&target.field.name))
    }

    /// One write: the payment ids (where they change) and the stage (where it changes) together.
    pub(super) async fn update(
        &self,
        attempt: &mut Attempt<'_, T>,
        target: Target<'_>,
        was: &Item,
        payments: Option<&[String]>,
        stage: Option<&str>,
    ) -> Result<(), Failed> {
        let mut fields = Map::new();
        if let Some(payments) = payments {
            let value = if !target.field.multiple {
                json!(payments.join(" "))
            } else if payments.is_empty() && self.portal.empties_with_blank {
                json!([""])
            } else {
                json!(payments)
            };
            fields.insert(target.field.name.clone(), value);
        }
        if let Some(stage) = stage {
            fields.insert("stageId".to_owned(), json!(stage));
        }
        let params = json!({"entityTypeId": target.kind, "id": target.id, "fields": fields});
        let body = attempt.write(UPDATE, &params).await?;
        let what = if target.kind == kind::DEAL {
            Touched::Deal
        } else {
            Touched::Invoice
        };
        let updated = php::text(&body["result"]["item"]["updatedTime"]);
        attempt.traces.push(Trace {
            what,
            id: target.id.to_string(),
            before: was.stage.clone(),
            after: stage.map(str::to_owned).or_else(|| was.stage.clone()),
            at: updated.or_else(|| told_at(&body)),
        });
        Ok(())
    }

    /// The stages of the funnel an invoice is in.
    pub(super) async fn stages_of(&self, attempt: &Attempt<'_, T>, item: &Item) -> Result<Vec<Stage>, Stop> {
        let category = item.category.ok_or_else(|| {
            attempt.unproven(Text::new(
                "Битрикс24 не назвал воронку счёта (categoryId)",
                "Bitrix24 did not name the invoice's category (categoryId)",
            ))
        })?;
        let reference = self.stage_reference(category);
        let body = attempt.look(STATUS_LIST, &status_filter(&reference)).await?;
        Ok(stages(&body["result"], &reference))
    }
}

/// The invoice was there before the write and is not there after it.
fn gone() -> Text {
    Text::new(
        "счёт исчез сразу после записи",
        "the invoice was gone right after the write",
    )
}
