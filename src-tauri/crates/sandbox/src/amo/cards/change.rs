//! Writing cards: first a draft of everything, then, if nothing is wrong, the change itself with its events.

use serde_json::{Value, json};

use crate::amo::{
    call::Call,
    kind::Kind,
    links,
    reply::Invalid,
    values::{self, Written},
    world::{ADMIN, Card, LOST, Link, Object, WON, World},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Text,
    Int,
    /// Whole, or with the minor units that some accounts have.
    Price,
}

const CARD_ATTRIBUTES: &[(&str, Shape)] = &[
    ("name", Shape::Text),
    ("responsible_user_id", Shape::Int),
    ("group_id", Shape::Int),
    ("created_by", Shape::Int),
    ("updated_by", Shape::Int),
    ("created_at", Shape::Int),
    ("updated_at", Shape::Int),
];
const LEAD_ATTRIBUTES: &[(&str, Shape)] = &[
    ("price", Shape::Price),
    ("status_id", Shape::Int),
    ("pipeline_id", Shape::Int),
    ("closed_at", Shape::Int),
    ("loss_reason_id", Shape::Int),
    ("score", Shape::Int),
    ("source_id", Shape::Int),
];
const CONTACT_ATTRIBUTES: &[(&str, Shape)] = &[("first_name", Shape::Text), ("last_name", Shape::Text)];

/// A card as it will be, and what else its request asks for.
#[derive(Debug)]
pub struct Draft {
    card: Card,
    written: Written,
    links: Vec<Link>,
}

/// # Errors
/// Everything in `item` that cannot be.
pub fn draft(world: &World, kind: Kind, mut card: Card, item: &Object, now_s: i64) -> Result<Draft, Vec<Invalid>> {
    let mut errors = Vec::new();
    let is_new = card.id() == 0;
    if is_new {
        begin(world, kind, &mut card, now_s);
    }
    card.set("updated_at", now_s);
    card.set("updated_by", ADMIN);
    let own: &[(&str, Shape)] = match kind {
        Kind::Leads => LEAD_ATTRIBUTES,
        Kind::Contacts => CONTACT_ATTRIBUTES,
        _ => &[],
    };
    for (key, shape) in CARD_ATTRIBUTES.iter().chain(own) {
        match item.get(*key).map(|value| attribute(*shape, value)) {
            None => {}
            Some(Some(value)) => card.set(key, value),
            Some(None) => errors.push(Invalid::kind(
                *key,
                match shape {
                    Shape::Text => "string",
                    Shape::Int => "int",
                    Shape::Price => "numeric",
                },
            )),
        }
    }
    if kind == Kind::Contacts && card.text("name").is_empty() {
        let name = format!("{} {}", card.text("first_name"), card.text("last_name"));
        card.set("name", name.trim());
    }
    if kind == Kind::Leads {
        errors.extend(stage(world, &mut card, item, now_s));
    }
    let written = item
        .get("custom_fields_values")
        .map_or(Ok(Written::new()), |sent| values::read(world, kind.name(), sent))
        .unwrap_or_else(|invalid| {
            errors.extend(invalid);
            Written::new()
        });
    tags(&mut card, item);
    let links = embedded_links(world, kind, item).unwrap_or_else(|error| {
        errors.push(error);
        Vec::new()
    });
    if errors.is_empty() {
        Ok(Draft { card, written, links })
    } else {
        Err(errors)
    }
}

/// Null clears.
fn attribute(shape: Shape, value: &Value) -> Option<Value> {
    match (shape, value) {
        (_, Value::Null) => Some(Value::Null),
        (Shape::Text, Value::String(_)) | (Shape::Price, Value::Number(_)) => Some(value.clone()),
        (Shape::Int, Value::Number(number)) => number.as_i64().map(Value::from),
        _ => None,
    }
}

fn begin(world: &World, kind: Kind, card: &mut Card, now_s: i64) {
    for (key, value) in [
        ("name", json!("")),
        ("responsible_user_id", json!(ADMIN)),
        ("group_id", json!(0)),
        ("created_by", json!(ADMIN)),
        ("created_at", json!(now_s)),
        ("closest_task_at", Value::Null),
        ("is_deleted", json!(false)),
    ] {
        card.set(key, value);
    }
    match kind {
        Kind::Leads => {
            let pipeline = world.main_pipeline();
            let status = pipeline.and_then(|pipeline| pipeline.open_statuses().next());
            for (key, value) in [
                ("price", json!(0)),
                ("pipeline_id", json!(pipeline.map(|pipeline| pipeline.id))),
                ("status_id", json!(status.map(|status| status.id))),
                ("loss_reason_id", Value::Null),
                ("source_id", Value::Null),
                ("closed_at", Value::Null),
                ("score", Value::Null),
                ("labor_cost", Value::Null),
            ] {
                card.set(key, value);
            }
        }
        Kind::Contacts => {
            for (key, value) in [
                ("first_name", json!("")),
                ("last_name", json!("")),
                ("is_unsorted", json!(false)),
            ] {
                card.set(key, value);
            }
        }
        _ => {}
    }
}

/// The stage must be one of the pipeline; a pipeline alone means its first stage, a stage alone its own pipeline.
fn stage(world: &World, card: &mut Card, item: &Object, now_s: i64) -> Option<Invalid> {
    if !item.contains_key("status_id") && !item.contains_key("pipeline_id") {
        return None;
    }
    let status = card.int("status_id");
    let is_common = [WON, LOST].contains(&status);
    if item.contains_key("status_id") && !item.contains_key("pipeline_id") && !is_common {
        let home = world
            .pipelines
            .iter()
            .find(|pipeline| pipeline.statuses.iter().any(|own| own.id == status));
        match home {
            Some(pipeline) => card.set("pipeline_id", pipeline.id),
            None => return Some(Invalid::choice("status_id")),
        }
    }
    let Some(pipeline) = world.pipeline(card.int("pipeline_id")) else {
        return Some(Invalid::choice("pipeline_id"));
    };
    if !pipeline.statuses.iter().any(|own| own.id == status) {
        if item.contains_key("status_id") {
            return Some(Invalid::choice("status_id"));
        }
        let first = pipeline.open_statuses().next().map(|status| status.id);
        card.set("status_id", json!(first));
    }
    let is_closed = [WON, LOST].contains(&card.int("status_id"));
    if !item.contains_key("closed_at") {
        match (is_closed, card.int("closed_at") > 0) {
            (true, false) => card.set("closed_at", now_s),
            (false, true) => card.set("closed_at", Value::Null),
            _ => {}
        }
    }
    None
}

/// `_embedded.tags` replaces all of them, `tags_to_add` and `tags_to_delete` change some.
fn tags(card: &mut Card, item: &Object) {
    let names = |value: Option<&Value>| -> Option<Vec<String>> {
        let names = value?.as_array()?.iter().filter_map(|tag| tag.get("name")?.as_str());
        Some(names.map(str::to_owned).collect())
    };
    if let Some(tags) = names(item.get("_embedded").and_then(|embedded| embedded.get("tags"))) {
        card.tags = tags;
    }
    if let Some(gone) = names(item.get("tags_to_delete")) {
        card.tags.retain(|tag| !gone.contains(tag));
    }
    for tag in names(item.get("tags_to_add")).unwrap_or_default() {
        if !card.tags.contains(&tag) {
            card.tags.push(tag);
        }
    }
}

/// Companies and contacts that `_embedded` names by id. Their own end of the link is filled in by [`commit`].
fn embedded_links(world: &World, kind: Kind, item: &Object) -> Result<Vec<Link>, Invalid> {
    let mut links = Vec::new();
    let embedded = item.get("_embedded");
    for other in [Kind::Companies, Kind::Contacts] {
        if other == kind {
            continue;
        }
        let cards = embedded
            .and_then(|embedded| embedded.get(other.name()))
            .and_then(Value::as_array);
        for (at, card) in cards.into_iter().flatten().enumerate() {
            let path = format!("_embedded.{}.{at}.id", other.name());
            let id = card
                .get("id")
                .and_then(Value::as_i64)
                .ok_or_else(|| Invalid::blank(path.clone()))?;
            if !world.holds(other, id) {
                return Err(Invalid::choice(path));
            }
            links.push(Link {
                from: (kind, 0),
                to: (other, id),
                catalog: None,
                quantity: None,
                price: None,
                main: card.get("is_main").and_then(Value::as_bool).unwrap_or(false),
            });
        }
    }
    Ok(links)
}

/// Writes a draft and what it says happened. Gives the card's id.
pub fn commit(call: &mut Call<'_>, kind: Kind, draft: Draft, is_new: bool) -> i64 {
    let Draft {
        mut card,
        written,
        links,
    } = draft;
    if is_new {
        let id = call.world.new_id();
        card.set("id", id);
        if card.text("name").is_empty() {
            card.set("name", format!("#{id}"));
        }
    }
    let (id, at_s) = (card.id(), call.now_s);
    let old = call.world.cards(kind).and_then(|cards| cards.get(&id)).cloned();
    let mut changes = changes(kind, old.as_ref(), &card);
    for (field, values) in &written {
        let before = card.values.get(field).cloned().unwrap_or_default();
        if before != *values && !is_new {
            let told = |values: &[Value]| -> Value {
                values
                    .iter()
                    .map(|value| json!({"custom_field_value": {"field_id": field, "text": value.get("value")}}))
                    .collect()
            };
            changes.push((
                format!("custom_field_{field}_value_changed"),
                told(&before),
                told(values),
            ));
        }
    }
    values::apply(&mut card, written);
    if let Some(cards) = call.world.cards_mut(kind) {
        cards.insert(id, card);
    }
    for (event, before, after) in changes {
        call.world.happened(&event, (kind, id), at_s, (before, after));
    }
    for link in links {
        links::add(
            call.world,
            Link {
                from: (kind, id),
                ..link
            },
            at_s,
        );
    }
    id
}

fn changes(kind: Kind, old: Option<&Card>, new: &Card) -> Vec<(String, Value, Value)> {
    let Some(old) = old else {
        return vec![(format!("{}_added", kind.singular()), json!([]), json!([]))];
    };
    let mut changes = Vec::new();
    let moved = ["status_id", "pipeline_id"]
        .iter()
        .any(|key| old.int(key) != new.int(key));
    if kind == Kind::Leads && moved {
        let stage = |card: &Card| json!([{"lead_status": {"id": card.int("status_id"), "pipeline_id": card.int("pipeline_id")}}]);
        changes.push(("lead_status_changed".to_owned(), stage(old), stage(new)));
    }
    if kind == Kind::Leads && old.attributes.get("price") != new.attributes.get("price") {
        let price = |card: &Card| json!([{"sale_field_value": {"sale": card.attributes.get("price")}}]);
        changes.push(("sale_field_changed".to_owned(), price(old), price(new)));
    }
    if old.text("name") != new.text("name") {
        let name = |card: &Card| json!([{"name_field_value": {"name": card.text("name")}}]);
        changes.push(("name_field_changed".to_owned(), name(old), name(new)));
    }
    changes
}
