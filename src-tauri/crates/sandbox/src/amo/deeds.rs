//! What a person in the account does between two requests: prices an invoice anew, moves or deletes it, changes stages,
//! puts a company into the bin. Whom it happens to is named, or picked by a number, so that a seed can do it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    faults::AmoFaultKind,
    stages,
    world::{Card, Field, INVOICES, MANAGER, World},
};
use crate::cell::{hundredths, two_decimals};

/// Added to the sum of an invoice that is priced anew, in hundredths.
const DEARER: i64 = 10_000;

/// One order of `POST /amocrm/change`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deed {
    pub kind: AmoFaultKind,
    pub target: Option<i64>,
    pub choice: Option<u64>,
}

/// Does it and says what was done. `None`: the kind is no deed, or there is nothing it could happen to.
pub fn deed(world: &mut World, kind: AmoFaultKind, which: (Option<i64>, u64), now_s: i64) -> Option<Value> {
    match kind {
        AmoFaultKind::InvoiceRepriced => {
            let field = world.field(&INVOICES.to_string(), "BILL_PRICE")?.id;
            let card = invoice(world, which, now_s)?;
            let old = card.values.get(&field).and_then(|values| values.first()?.get("value"));
            let old = old.and_then(Value::as_str).and_then(hundredths).unwrap_or_default();
            let price = two_decimals(old.saturating_add(DEARER));
            card.values.insert(field, vec![json!({"value": price})]);
            Some(json!({"element": card.id(), "price": price}))
        }
        AmoFaultKind::InvoiceMoved => {
            let field = world.field(&INVOICES.to_string(), "BILL_STATUS")?.clone();
            let card = invoice(world, which, now_s)?;
            let is = card
                .values
                .get(&field.id)
                .and_then(|values| values.first()?.get("enum_id")?.as_i64());
            let choice = other(&field, is, which.1)?;
            card.values.insert(field.id, vec![choice.clone()]);
            Some(json!({"element": card.id(), "status": choice["enum_code"]}))
        }
        AmoFaultKind::InvoiceDeleted => {
            let id = invoice(world, which, now_s)?.id();
            world.delete("elements", &[id]);
            Some(json!({"element": id}))
        }
        AmoFaultKind::CompanyArchived => {
            let ids: Vec<i64> = world.companies.keys().copied().collect();
            let id = picked(&ids, which)?;
            world.delete("companies", &[id]);
            Some(json!({"company": id}))
        }
        AmoFaultKind::StageRenamed => {
            let (pipeline, status) = open_status(world, which)?;
            let pipeline = world.pipelines.iter_mut().find(|own| own.id == pipeline)?;
            let stage = pipeline.statuses.iter_mut().find(|own| own.id == status)?;
            stage.name.push_str(" (иначе)");
            Some(json!({"status": status, "name": stage.name}))
        }
        AmoFaultKind::StageRemoved => {
            let (pipeline, status) = open_status(world, which)?;
            stages::remove(world, pipeline, status, now_s).ok()?;
            Some(json!({"status": status}))
        }
        _ => None,
    }
}

fn picked(ids: &[i64], (target, choice): (Option<i64>, u64)) -> Option<i64> {
    match target {
        Some(target) => ids.contains(&target).then_some(target),
        None => {
            let at = choice.checked_rem(u64::try_from(ids.len()).ok()?)?;
            ids.get(usize::try_from(at).ok()?).copied()
        }
    }
}

/// An invoice, changed by the manager now.
fn invoice(world: &mut World, which: (Option<i64>, u64), now_s: i64) -> Option<&mut Card> {
    let cards = world.elements.get_mut(&INVOICES)?;
    let ids: Vec<i64> = cards.keys().copied().collect();
    let card = cards.get_mut(&picked(&ids, which)?)?;
    card.set("updated_at", now_s);
    card.set("updated_by", MANAGER);
    Some(card)
}

/// Another choice of a field than it has, in the shape values have.
fn other(field: &Field, is: Option<i64>, choice: u64) -> Option<Value> {
    let ids: Vec<i64> = field
        .choices
        .iter()
        .map(|one| one.id)
        .filter(|id| Some(*id) != is)
        .collect();
    // Another part of the number than the one that picked the invoice.
    let id = picked(&ids, (None, choice.rotate_right(32)))?;
    let found = field.choices.iter().find(|one| one.id == id)?;
    Some(json!({"value": found.value, "enum_id": found.id, "enum_code": found.code}))
}

/// An open stage of the main pipeline, or the one that is named, of its own.
fn open_status(world: &World, which: (Option<i64>, u64)) -> Option<(i64, i64)> {
    let pipeline = match which.0 {
        None => world.main_pipeline()?,
        Some(target) => {
            let mut pipelines = world.pipelines.iter();
            pipelines.find(|pipeline| pipeline.open_statuses().any(|status| status.id == target))?
        }
    };
    let ids: Vec<i64> = pipeline.open_statuses().map(|status| status.id).collect();
    Some((pipeline.id, picked(&ids, which)?))
}
