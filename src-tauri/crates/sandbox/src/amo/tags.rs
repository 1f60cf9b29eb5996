//! Tags of cards, and the reasons leads are lost for.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    filter,
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
};
use crate::php::Php;

/// A tag as every place shows it. Its id follows from its name: the same word is the same tag.
pub fn tag_json(name: &str) -> Value {
    let id = name.chars().fold(17, |id: i64, letter| {
        (id * 31 + i64::from(u32::from(letter))) % 1_000_003
    });
    json!({"id": 100_000 + id, "name": name, "color": null})
}

/// The tags that cards of a kind have, and those made beforehand.
pub fn list(call: &Call<'_>, kind: Kind) -> Outcome {
    let used = call.world.cards(kind).into_iter().flat_map(|cards| cards.values());
    let names: BTreeSet<&String> = used.flat_map(|card| &card.tags).chain(&call.world.tags).collect();
    let wanted = call
        .query
        .get("query")
        .and_then(Php::as_text)
        .map(|text| text.to_lowercase());
    let tags: Vec<Value> = names
        .into_iter()
        .filter(|name| {
            wanted
                .as_ref()
                .is_none_or(|wanted| name.to_lowercase().contains(wanted))
        })
        .map(|name| tag_json(name))
        .filter(|tag| {
            ["id", "name"].iter().all(|key| {
                call.filter(key)
                    .is_none_or(|filter| filter::fits(filter, tag.get(*key)))
            })
        })
        .collect();
    Ok(listing::page(call, "tags", &tags, listing::LIMIT_MAX, Value::clone))
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() {
            return Err(Problem::invalid(vec![(
                request_id(item, at),
                vec![Invalid::blank("name")],
            )]));
        }
        let mut tag = tag_json(name);
        tag["request_id"] = json!(request_id(item, at));
        written.push(tag);
    }
    let names = items.iter().filter_map(|item| item.get("name")?.as_str());
    call.world.tags.extend(names.map(str::to_owned));
    Ok(listing::written(call, "tags", written))
}

/// Id and name in both languages.
const REASONS: [(i64, &str, &str); 3] = [
    (9101, "Слишком дорого", "Too expensive"),
    (9102, "Пропала потребность", "No longer needed"),
    (9103, "Выбрали других", "Chose somebody else"),
];

fn reason_json(call: &Call<'_>, (id, russian, english): (i64, &'static str, &'static str)) -> Value {
    json!({
        "id": id,
        "name": call.world.settings.words(russian, english),
        "sort": id,
        "created_at": 1_700_000_000,
        "updated_at": 1_700_000_000,
        "_links": {"self": {"href": call.href(&format!("leads/loss_reasons/{id}"))}},
    })
}

pub fn reasons(call: &Call<'_>) -> Outcome {
    Ok(listing::page(
        call,
        "loss_reasons",
        &REASONS,
        listing::LIMIT_MAX,
        |reason| reason_json(call, *reason),
    ))
}

pub fn reason(call: &Call<'_>, id: i64) -> Outcome {
    let found = REASONS.iter().find(|reason| reason.0 == id);
    Ok(found.map_or_else(Reply::no_content, |reason| Reply::hal(reason_json(call, *reason))))
}

/// The reason a lead was lost for, as the lead embeds it.
pub fn reason_of(call: &Call<'_>, id: i64) -> Value {
    let found = REASONS.iter().filter(|reason| reason.0 == id);
    found.map(|reason| reason_json(call, *reason)).collect()
}
