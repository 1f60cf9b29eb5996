//! `POST /leads/complex`: leads with a contact and a company of their own, in one request.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    cards::{self, Draft},
    kind::Kind,
    links,
    reply::{Outcome, Problem, Reply},
    world::{Card, Link, Object},
};

/// Leads that one such request may hold.
const LEADS_MAX: usize = 50;

pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    if items.len() > LEADS_MAX {
        return Err(Problem::new(400, "The number of leads in one request is limited to 50"));
    }
    let mut plans = Vec::new();
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        match plan(call, item) {
            Ok(plan) => plans.push((plan, request_id(item, at))),
            Err(errors) => invalid.push((request_id(item, at), errors)),
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let rows = plans
        .into_iter()
        .map(|(plan, request_id)| carry_out(call, plan, &request_id))
        .collect();
    Ok(Reply::hal(Value::Array(rows)))
}

/// A lead as it will be, and the cards beside it.
pub struct Plan {
    lead: Draft,
    /// A new card, or the id of one that is there.
    others: Vec<(Kind, Result<i64, Draft>)>,
}

/// # Errors
/// Everything in `item` that cannot be.
pub fn plan(call: &Call<'_>, item: &Object) -> Result<Plan, Vec<super::reply::Invalid>> {
    let mut lead = item.clone();
    let mut others = Vec::new();
    if let Some(Value::Object(embedded)) = lead.get_mut("_embedded") {
        for kind in [Kind::Contacts, Kind::Companies] {
            let Some(Value::Array(given)) = embedded.remove(kind.name()) else {
                continue;
            };
            for card in given.iter().filter_map(Value::as_object) {
                let known = card
                    .get("id")
                    .and_then(Value::as_i64)
                    .filter(|id| call.world.holds(kind, *id));
                let other = match known {
                    Some(id) => Ok(id),
                    None => Err(cards::draft(call.world, kind, Card::default(), card, call.now_s)?),
                };
                others.push((kind, other));
            }
        }
    }
    let lead = cards::draft(call.world, Kind::Leads, Card::default(), &lead, call.now_s)?;
    Ok(Plan { lead, others })
}

/// Writes all of it and gives the lead's row of an answer.
pub fn carry_out(call: &mut Call<'_>, plan: Plan, request_id: &str) -> Value {
    let lead = cards::commit(call, Kind::Leads, plan.lead, true);
    let mut row = json!({
        "id": lead, "contact_id": null, "company_id": null, "request_id": [request_id], "merged": false,
    });
    for (kind, other) in plan.others {
        let id = other.unwrap_or_else(|draft| cards::commit(call, kind, draft, true));
        let link = Link {
            from: (Kind::Leads, lead),
            to: (kind, id),
            catalog: None,
            quantity: None,
            price: None,
            main: kind == Kind::Contacts,
        };
        links::add(call.world, link, call.now_s);
        row[format!("{}_id", kind.singular())] = json!(id);
    }
    row
}
