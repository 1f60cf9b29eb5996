//! Leads, companies and contacts: list, get, create, change one or many.

mod change;
mod show;

use serde_json::{Value, json};

pub use self::{
    change::{Draft, commit, draft},
    show::{Neighbours, card_json, deleted_json, metadata},
};
use super::{
    call::{Call, request_id},
    filter,
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{Card, Object},
};

pub fn list(call: &Call<'_>, kind: Kind) -> Outcome {
    if kind == Kind::Leads && call.with("only_deleted") {
        let found: Vec<&Card> = call
            .world
            .deleted_leads
            .values()
            .filter(|card| filter::card_fits(call, kind, card))
            .collect();
        return Ok(listing::page(call, kind.name(), &found, listing::LIMIT_MAX, |card| {
            deleted_json(call, card)
        }));
    }
    let Some(cards) = call.world.cards(kind) else {
        return Err(Problem::not_found());
    };
    let mut found: Vec<&Card> = cards
        .values()
        .filter(|card| filter::card_fits(call, kind, card))
        .collect();
    filter::sort(call, &mut found, &["created_at", "updated_at", "id"], |card, key| {
        card.int(key)
    });
    if found.is_empty() && call.modified_since.is_some() {
        return Ok(Reply::of(304, None));
    }
    let neighbours = Neighbours::of(call.world, kind);
    Ok(listing::page(call, kind.name(), &found, listing::LIMIT_MAX, |card| {
        card_json(call, kind, card, &neighbours)
    }))
}

pub fn get(call: &Call<'_>, kind: Kind, id: i64) -> Outcome {
    let card = call.world.cards(kind).and_then(|cards| cards.get(&id));
    Ok(card.map_or_else(Reply::no_content, |card| {
        Reply::hal(card_json(call, kind, card, &Neighbours::of(call.world, kind)))
    }))
}

pub fn create(call: &mut Call<'_>, kind: Kind) -> Outcome {
    let items = call.items()?;
    let drafts = drafts(call, kind, &items, |_| Ok(Card::default()))?;
    let mut written = Vec::new();
    for (at, (item, draft)) in items.iter().zip(drafts).enumerate() {
        let id = commit(call, kind, draft, true);
        written.push(reference(call, kind, id, Some(&request_id(item, at)), false));
    }
    Ok(listing::written(call, kind.name(), written))
}

/// Changes many by their ids. One that is wrong or missing refuses them all.
pub fn update_many(call: &mut Call<'_>, kind: Kind) -> Outcome {
    let items = call.items()?;
    let drafts = drafts(call, kind, &items, |item| {
        let id = match item.get("id") {
            None | Some(Value::Null) => return Err(Invalid::blank("id")),
            Some(id) => id.as_i64().ok_or_else(|| Invalid::kind("id", "int"))?,
        };
        let card = call.world.cards(kind).and_then(|cards| cards.get(&id));
        card.cloned()
            .ok_or_else(|| Invalid::new("NotSupportedChoice", "id", "Entity not found"))
    })?;
    let mut written = Vec::new();
    for (at, (item, draft)) in items.iter().zip(drafts).enumerate() {
        let id = commit(call, kind, draft, false);
        written.push(reference(call, kind, id, Some(&request_id(item, at)), true));
    }
    Ok(listing::written(call, kind.name(), written))
}

pub fn update_one(call: &mut Call<'_>, kind: Kind, id: i64) -> Outcome {
    let item = call.item()?;
    let card = call.world.cards(kind).and_then(|cards| cards.get(&id)).cloned();
    let card = card.ok_or_else(Problem::not_found)?;
    let draft = draft(call.world, kind, card, &item, call.now_s)
        .map_err(|errors| Problem::invalid(vec![("0".to_owned(), errors)]))?;
    let id = commit(call, kind, draft, false);
    Ok(Reply::hal(reference(call, kind, id, None, true)))
}

/// Every item made a draft, or everything that is wrong.
fn drafts(
    call: &Call<'_>,
    kind: Kind,
    items: &[Object],
    card: impl Fn(&Object) -> Result<Card, Invalid>,
) -> Result<Vec<Draft>, Problem> {
    let (mut drafts, mut invalid) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let made = card(item)
            .map_err(|error| vec![error])
            .and_then(|card| draft(call.world, kind, card, item, call.now_s));
        match made {
            Ok(draft) => drafts.push(draft),
            Err(errors) => invalid.push((request_id(item, at), errors)),
        }
    }
    if invalid.is_empty() {
        Ok(drafts)
    } else {
        Err(Problem::invalid(invalid))
    }
}

/// What a writing request says of a card.
fn reference(call: &Call<'_>, kind: Kind, id: i64, request_id: Option<&str>, changed: bool) -> Value {
    let mut reference = json!({
        "id": id,
        "_links": {"self": {"href": call.href(&format!("{}/{id}", kind.name()))}},
    });
    if let Some(request_id) = request_id {
        reference["request_id"] = json!(request_id);
    }
    if changed {
        let card = call.world.cards(kind).and_then(|cards| cards.get(&id));
        reference["updated_at"] = json!(card.map_or(call.now_s, |card| card.int("updated_at")));
        if let Some(card) = card.filter(|_| kind != Kind::Leads) {
            reference["name"] = json!(card.text("name"));
        }
    }
    reference
}
