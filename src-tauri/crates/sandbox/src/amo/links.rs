//! Links between cards: of one card, of many at once; both ends see them.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{Link, Object, World},
};
use crate::php::Php;

/// Adds a link, or makes one of before it: a lead has one company, a pair of cards one link.
pub fn add(world: &mut World, link: Link, at_s: i64) {
    let same = |other: &Link| {
        let ends = [other.from, other.to];
        ends.contains(&link.from) && ends.contains(&link.to) && other.catalog == link.catalog
    };
    let is_replaced = |other: &Link| {
        let one_company = link.from.0 == Kind::Leads && link.to.0 == Kind::Companies;
        same(other) || one_company && other.from == link.from && other.to.0 == Kind::Companies
    };
    if !world.links.iter().any(same) {
        let told = json!([{"link": {"entity": {"type": link.to.0.singular(), "id": link.to.1}}}]);
        world.happened("entity_linked", link.from, at_s, (json!([]), told));
    }
    world.links.retain(|other| !is_replaced(other));
    world.links.push(link);
}

fn show(link: &Link, own: (Kind, i64)) -> Value {
    let other = if link.from == own { link.to } else { link.from };
    let metadata = match other.0 {
        Kind::CatalogElements => super::cards::metadata(link),
        Kind::Contacts => json!({"main_contact": link.main}),
        _ => Value::Null,
    };
    json!({
        "entity_id": own.1,
        "entity_type": own.0.name(),
        "to_entity_id": other.1,
        "to_entity_type": other.0.name(),
        "metadata": metadata,
    })
}

/// `filter[to_entity_type]` and `filter[to_entity_id]`.
fn fits(call: &Call<'_>, link: &Link, own: (Kind, i64)) -> bool {
    let other = if link.from == own { link.to } else { link.from };
    let is = |name: &str, value: String| call.filter(name).is_none_or(|filter| filter.texts().contains(&value));
    is("to_entity_type", other.0.name().to_owned())
        && is("to_entity_id", other.1.to_string())
        && link
            .catalog
            .is_none_or(|catalog| is("to_catalog_id", catalog.to_string()))
}

pub fn of_card(call: &Call<'_>, own: (Kind, i64)) -> Outcome {
    if !call.world.holds(own.0, own.1) {
        return Err(Problem::not_found());
    }
    Ok(listing::whole(call, "links", rows(call, own)))
}

fn rows(call: &Call<'_>, own: (Kind, i64)) -> Vec<Value> {
    let links = call
        .world
        .links
        .iter()
        .filter(|link| link.from == own || link.to == own);
    links
        .filter(|link| fits(call, link, own))
        .map(|link| show(link, own))
        .collect()
}

/// `GET /{kind}/links?filter[entity_id][]=..`.
pub fn of_many(call: &Call<'_>, kind: Kind) -> Outcome {
    let Some(ids) = call.filter("entity_id").map(Php::texts) else {
        return Err(Problem::one(Invalid::blank("filter.entity_id")));
    };
    let ids = ids.iter().filter_map(|id| id.parse::<i64>().ok());
    let rows: Vec<Value> = ids.flat_map(|id| rows(call, (kind, id))).collect();
    Ok(listing::whole(call, "links", rows))
}

/// Adds (or takes away) the links of a request; `own` is the card of its address, absent for many at once.
pub fn write(call: &mut Call<'_>, kind: Kind, own: Option<i64>, is_added: bool) -> Outcome {
    if own.is_some_and(|own| !call.world.holds(kind, own)) {
        return Err(Problem::not_found());
    }
    let items = call.items()?;
    let (mut links, mut invalid) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        match read(call.world, kind, own, item, is_added) {
            Ok(link) => links.push(link),
            Err(error) => invalid.push((request_id(item, at), vec![error])),
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    if is_added {
        let shown: Vec<Value> = links.iter().map(|link| show(link, link.from)).collect();
        for link in links {
            add(call.world, link, call.now_s);
        }
        return Ok(Reply::hal(json!({
            "_total_items": shown.len(),
            "_links": {"self": {"href": call.own_href()}},
            "_embedded": {"links": shown},
        })));
    }
    for link in links {
        remove(call, &link);
    }
    Ok(Reply::no_content())
}

fn remove(call: &mut Call<'_>, gone: &Link) {
    let ends = [gone.from, gone.to];
    let count = call.world.links.len();
    call.world
        .links
        .retain(|link| !(ends.contains(&link.from) && ends.contains(&link.to)));
    if call.world.links.len() < count {
        let told = json!([{"link": {"entity": {"type": gone.to.0.singular(), "id": gone.to.1}}}]);
        call.world
            .happened("entity_unlinked", gone.from, call.now_s, (told, json!([])));
    }
}

fn read(world: &World, kind: Kind, own: Option<i64>, item: &Object, is_added: bool) -> Result<Link, Invalid> {
    let int = |key: &str| match item.get(key) {
        None | Some(Value::Null) => Err(Invalid::blank(key)),
        Some(value) => value.as_i64().ok_or_else(|| Invalid::kind(key, "int")),
    };
    let from = match own {
        Some(own) => own,
        None => int("entity_id")?,
    };
    if !world.holds(kind, from) {
        return Err(Invalid::choice("entity_id"));
    }
    let to_kind = item
        .get("to_entity_type")
        .and_then(Value::as_str)
        .ok_or_else(|| Invalid::blank("to_entity_type"))?;
    let to_kind = Kind::of_link(to_kind)
        .filter(|to| *to != kind)
        .ok_or_else(|| Invalid::choice("to_entity_type"))?;
    let to = int("to_entity_id")?;
    let metadata = item.get("metadata");
    let part = |key: &str| metadata.and_then(|metadata| metadata.get(key));
    let catalog = match (to_kind, part("catalog_id").and_then(Value::as_i64)) {
        (Kind::CatalogElements, Some(catalog)) => {
            let elements = world.elements.get(&catalog);
            if elements.is_none_or(|elements| is_added && !elements.contains_key(&to)) {
                return Err(Invalid::choice("to_entity_id"));
            }
            Some(catalog)
        }
        (Kind::CatalogElements, None) => return Err(Invalid::blank("metadata.catalog_id")),
        _ if is_added && !world.holds(to_kind, to) => return Err(Invalid::choice("to_entity_id")),
        _ => None,
    };
    Ok(Link {
        from: (kind, from),
        to: (to_kind, to),
        catalog,
        quantity: catalog.map(|_| {
            part("quantity")
                .filter(|quantity| quantity.is_number())
                .cloned()
                .unwrap_or(json!(1))
        }),
        price: part("price_id").and_then(Value::as_i64),
        main: ["is_main", "main_contact"]
            .iter()
            .any(|key| part(key).and_then(Value::as_bool).unwrap_or(false)),
    })
}
