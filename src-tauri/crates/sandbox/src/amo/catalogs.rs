//! Catalogs and their elements; an invoice is an element of the catalog of type `invoices`.
//!
//! Elements know only the filters `id` and `query`: there is none by status or time.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    filter, listing,
    reply::{Invalid, Outcome, Problem, Reply},
    values::{self, Written},
    world::{ACCOUNT_ID, ADMIN, Card, Object, World},
};
use crate::php::Php;

fn show_catalog(call: &Call<'_>, catalog: &Object) -> Value {
    let mut shown = catalog.clone();
    let id = id_of(catalog);
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    shown.insert(
        "_links".into(),
        json!({"self": {"href": call.href(&format!("catalogs/{id}"))}}),
    );
    Value::Object(shown)
}

fn id_of(object: &Object) -> i64 {
    object.get("id").and_then(Value::as_i64).unwrap_or_default()
}

pub fn list(call: &Call<'_>) -> Outcome {
    let wanted = call.query.get("type").or_else(|| call.filter("type"));
    let catalogs: Vec<&Object> = call
        .world
        .catalogs
        .values()
        .filter(|catalog| wanted.is_none_or(|kinds| filter::fits(kinds, catalog.get("type"))))
        .collect();
    Ok(listing::page(
        call,
        "catalogs",
        &catalogs,
        listing::LIMIT_MAX,
        |catalog| show_catalog(call, catalog),
    ))
}

pub fn get(call: &Call<'_>, id: i64) -> Outcome {
    let catalog = call.world.catalogs.get(&id);
    Ok(catalog.map_or_else(Reply::no_content, |catalog| Reply::hal(show_catalog(call, catalog))))
}

/// Catalogs of one's own; the account has at most one of invoices.
pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    for (at, item) in items.iter().enumerate() {
        let refuse = |error: Invalid| Err(Problem::invalid(vec![(request_id(item, at), vec![error])]));
        if item.get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
            return refuse(Invalid::blank("name"));
        }
        match item.get("type").map_or(Some("regular"), Value::as_str) {
            Some("regular" | "suppliers") => {}
            Some(only_one @ ("invoices" | "products")) => {
                if call
                    .world
                    .catalogs
                    .values()
                    .any(|catalog| catalog["type"] == json!(only_one))
                {
                    return refuse(Invalid::choice("type"));
                }
            }
            _ => return refuse(Invalid::choice("type")),
        }
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let id = call.world.new_id();
        let text = |key: &str, default: &str| item.get(key).and_then(Value::as_str).unwrap_or(default).to_owned();
        let catalog = catalog(id, &text("name", ""), &text("type", "regular"), call.now_s, item);
        let mut shown = show_catalog(call, &catalog);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
        call.world.catalogs.insert(id, catalog);
    }
    Ok(listing::written(call, "catalogs", written))
}

pub fn catalog(id: i64, name: &str, kind: &str, now_s: i64, item: &Object) -> Object {
    let flag = |key: &str, default: bool| item.get(key).and_then(Value::as_bool).unwrap_or(default);
    let catalog = json!({
        "id": id,
        "name": name,
        "created_by": ADMIN,
        "updated_by": ADMIN,
        "created_at": now_s,
        "updated_at": now_s,
        "sort": item.get("sort").and_then(Value::as_i64).unwrap_or(10),
        "type": kind,
        "can_add_elements": flag("can_add_elements", kind != "invoices"),
        "can_show_in_cards": flag("can_show_in_cards", false),
        "can_link_multiple": flag("can_link_multiple", true),
        "can_be_deleted": kind != "products",
        "sdk_widget_code": null,
    });
    match catalog {
        Value::Object(catalog) => catalog,
        _ => Object::new(),
    }
}

/// One catalog by its address, or several by their ids.
pub fn update(call: &mut Call<'_>, id: Option<i64>) -> Outcome {
    let items = match id {
        Some(_) => vec![call.item()?],
        None => call.items()?,
    };
    let own = |item: &Object| id.unwrap_or_else(|| id_of(item));
    for (at, item) in items.iter().enumerate() {
        if !call.world.catalogs.contains_key(&own(item)) {
            return Err(match id {
                Some(_) => Problem::not_found(),
                None => Problem::invalid(vec![(request_id(item, at), vec![Invalid::choice("id")])]),
            });
        }
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(catalog) = call.world.catalogs.get_mut(&own(item)) else {
            continue;
        };
        for key in [
            "name",
            "sort",
            "can_add_elements",
            "can_show_in_cards",
            "can_link_multiple",
        ] {
            if let Some(value) = item.get(key) {
                catalog.insert(key.to_owned(), value.clone());
            }
        }
        catalog.insert("updated_at".into(), json!(call.now_s));
        let catalog = catalog.clone();
        let mut shown = show_catalog(call, &catalog);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
    }
    match (id, written.pop()) {
        (Some(_), Some(shown)) => Ok(Reply::hal(shown)),
        (_, last) => {
            written.extend(last);
            Ok(listing::written(call, "catalogs", written))
        }
    }
}

pub fn element_json(call: &Call<'_>, catalog: i64, card: &Card) -> Value {
    let id = card.id();
    let mut shown = card.attributes.clone();
    let place = catalog.to_string();
    shown.insert("custom_fields_values".into(), values::shown(call.world, &place, card));
    shown.insert("catalog_id".into(), json!(catalog));
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    let href = call.href(&format!("catalogs/{catalog}/elements/{id}"));
    shown.insert("_links".into(), json!({"self": {"href": href}}));
    let is_invoice = call
        .world
        .catalogs
        .get(&catalog)
        .is_some_and(|catalog| catalog["type"] == json!("invoices"));
    if is_invoice && call.with("invoice_link") {
        let link = format!("{}/invoices/{}", call.base, id);
        shown.insert("invoice_link".into(), json!(link));
    }
    Value::Object(shown)
}

/// `filter[id]` and `id`, `query`, and nothing else.
pub fn elements(call: &Call<'_>, catalog: i64) -> Outcome {
    let Some(cards) = elements_of(call.world, catalog) else {
        return Err(Problem::not_found());
    };
    let ids = call.filter("id").or_else(|| call.query.get("id")).map(Php::texts);
    let found: Vec<&Card> = cards
        .filter(|card| ids.as_ref().is_none_or(|ids| ids.contains(&card.id().to_string())))
        .filter(|card| filter::query_fits(call, card))
        .collect();
    Ok(listing::page(call, "elements", &found, listing::LIMIT_MAX, |card| {
        element_json(call, catalog, card)
    }))
}

fn elements_of(world: &World, catalog: i64) -> Option<impl Iterator<Item = &Card>> {
    world.catalogs.get(&catalog)?;
    Some(
        world
            .elements
            .get(&catalog)
            .into_iter()
            .flat_map(|cards| cards.values()),
    )
}

pub fn element(call: &Call<'_>, catalog: i64, id: i64) -> Outcome {
    let card = call.world.elements.get(&catalog).and_then(|cards| cards.get(&id));
    Ok(card.map_or_else(Reply::no_content, |card| Reply::hal(element_json(call, catalog, card))))
}

pub fn create_elements(call: &mut Call<'_>, catalog: i64) -> Outcome {
    let items = call.items()?;
    write(call, catalog, &items, |call, item| {
        if item.get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(vec![Invalid::blank("name")]);
        }
        let mut card = Card::default();
        card.set("created_by", ADMIN);
        card.set("created_at", call.now_s);
        card.set("is_deleted", false);
        Ok(card)
    })
    .map(|written| listing::written(call, "elements", written))
}

/// Many elements by their ids; fields that are not named stay.
pub fn update_elements(call: &mut Call<'_>, catalog: i64) -> Outcome {
    let items = call.items()?;
    write(call, catalog, &items, |call, item| {
        let known = call
            .world
            .elements
            .get(&catalog)
            .and_then(|cards| cards.get(&id_of(item)));
        known
            .cloned()
            .ok_or_else(|| vec![Invalid::new("NotSupportedChoice", "id", "Element not found")])
    })
    .map(|written| listing::written(call, "elements", written))
}

pub fn update_element(call: &mut Call<'_>, catalog: i64, id: i64) -> Outcome {
    let item = call.item()?;
    let known = call
        .world
        .elements
        .get(&catalog)
        .and_then(|cards| cards.get(&id))
        .cloned();
    let known = known.ok_or_else(Problem::not_found)?;
    let mut written = write(call, catalog, &[item], |_, _| Ok(known.clone()))?;
    let mut shown = written.pop().unwrap_or_default();
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("request_id");
    }
    Ok(Reply::hal(shown))
}

/// All or none of `items`; a card without an id is a new one.
fn write(
    call: &mut Call<'_>,
    catalog: i64,
    items: &[Object],
    card: impl Fn(&Call<'_>, &Object) -> Result<Card, Vec<Invalid>>,
) -> Result<Vec<Value>, Problem> {
    if !call.world.catalogs.contains_key(&catalog) {
        return Err(Problem::not_found());
    }
    let place = catalog.to_string();
    let (mut cards, mut invalid) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let drafted = card(call, item).and_then(|card| {
            let written = item
                .get("custom_fields_values")
                .map_or(Ok(Written::new()), |sent| values::read(call.world, &place, sent))?;
            Ok((card, written))
        });
        match drafted {
            Ok((mut card, written)) => {
                if let Some(name) = item.get("name").and_then(Value::as_str).filter(|name| !name.is_empty()) {
                    card.set("name", name);
                }
                card.set("updated_by", ADMIN);
                card.set("updated_at", call.now_s);
                values::apply(&mut card, written);
                cards.push((card, request_id(item, at)));
            }
            Err(errors) => invalid.push((request_id(item, at), errors)),
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (mut card, request_id) in cards {
        if card.id() == 0 {
            let id = call.world.new_id();
            card.set("id", id);
        }
        let mut shown = element_json(call, catalog, &card);
        shown["request_id"] = json!(request_id);
        written.push(shown);
        call.world.elements.entry(catalog).or_default().insert(card.id(), card);
    }
    Ok(written)
}
