//! Sources that leads come from, as integrations register them.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    filter, listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{Object, World},
};

/// Sources an integration may have.
const SOURCES_MAX: usize = 50;

fn show(call: &Call<'_>, source: &Object) -> Value {
    let mut shown = source.clone();
    let id = id_of(source);
    shown.insert(
        "_links".into(),
        json!({"self": {"href": call.href(&format!("sources/{id}"))}}),
    );
    Value::Object(shown)
}

fn id_of(source: &Object) -> i64 {
    source.get("id").and_then(Value::as_i64).unwrap_or_default()
}

pub fn list(call: &Call<'_>) -> Outcome {
    let sources: Vec<&Object> = call
        .world
        .sources
        .values()
        .filter(|source| filter::fits_all(call, &["external_id", "id"], source))
        .collect();
    Ok(listing::page(call, "sources", &sources, listing::LIMIT_MAX, |source| {
        show(call, source)
    }))
}

pub fn get(call: &Call<'_>, id: i64) -> Outcome {
    let source = call.world.sources.get(&id);
    Ok(source.map_or_else(Reply::no_content, |source| Reply::hal(show(call, source))))
}

/// The source of a lead, as the lead embeds it.
pub fn of_lead(call: &Call<'_>, id: i64) -> Value {
    let source = call.world.sources.get(&id);
    source.map_or(
        Value::Null,
        |source| json!({"id": id, "name": source.get("name"), "_links": show(call, source)["_links"]}),
    )
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    if call.world.sources.len() + items.len() > SOURCES_MAX {
        return Err(Problem::new(400, "The number of sources is limited"));
    }
    let (mut sources, mut invalid) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let blank = json!({
            "id": 0,
            "name": null,
            "pipeline_id": call.world.main_pipeline().map(|pipeline| pipeline.id),
            "external_id": null,
            "default": false,
            "origin_code": null,
            "services": [],
        });
        let mut source = blank.as_object().cloned().unwrap_or_default();
        let mut errors = change(call.world, &mut source, item);
        for key in ["name", "external_id"] {
            if source.get(key).is_none_or(Value::is_null) {
                errors.push(Invalid::blank(key));
            }
        }
        let same = |other: &Object| other.get("external_id") == source.get("external_id");
        if sources.iter().any(|(other, _)| same(other)) {
            errors.push(not_unique());
        }
        match errors.is_empty() {
            true => sources.push((source, request_id(item, at))),
            false => invalid.push((request_id(item, at), errors)),
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (mut source, request_id) in sources {
        let id = call.world.new_id();
        source.insert("id".into(), json!(id));
        written.push(keep(call, source, &request_id));
    }
    Ok(listing::written(call, "sources", written))
}

fn not_unique() -> Invalid {
    Invalid::new("FieldValueNotUnique", "external_id", "This value is already used.")
}

/// Puts what a request says over a source.
fn change(world: &World, source: &mut Object, item: &Object) -> Vec<Invalid> {
    let mut errors = Vec::new();
    for key in ["name", "external_id", "origin_code"] {
        match item.get(key) {
            None => {}
            Some(Value::String(text)) if !text.is_empty() => {
                source.insert(key.into(), json!(text));
            }
            Some(Value::Null) if key == "origin_code" => {
                source.insert(key.into(), Value::Null);
            }
            Some(Value::Null | Value::String(_)) => errors.push(Invalid::blank(key)),
            Some(_) => errors.push(Invalid::kind(key, "string")),
        }
    }
    match item.get("pipeline_id").map(Value::as_i64) {
        None => {}
        Some(Some(id)) if world.pipeline(id).is_some() => {
            source.insert("pipeline_id".into(), json!(id));
        }
        Some(_) => errors.push(Invalid::choice("pipeline_id")),
    }
    if let Some(default) = item.get("default").and_then(Value::as_bool) {
        source.insert("default".into(), json!(default));
    }
    if let Some(services) = item.get("services").filter(|services| services.is_array()) {
        source.insert("services".into(), services.clone());
    }
    let external = source.get("external_id").filter(|external| !external.is_null());
    let taken = world
        .sources
        .values()
        .any(|other| external.is_some() && other.get("external_id") == external && other.get("id") != source.get("id"));
    if taken {
        errors.push(not_unique());
    }
    errors
}

/// One source is the default of its pipeline.
fn keep(call: &mut Call<'_>, source: Object, request_id: &str) -> Value {
    if source.get("default") == Some(&json!(true)) {
        for other in call.world.sources.values_mut() {
            if other.get("pipeline_id") == source.get("pipeline_id") {
                other.insert("default".into(), json!(false));
            }
        }
    }
    let mut shown = show(call, &source);
    shown["request_id"] = json!(request_id);
    call.world.sources.insert(id_of(&source), source);
    shown
}

/// One source by its address, or several by their ids.
pub fn update(call: &mut Call<'_>, id: Option<i64>) -> Outcome {
    let items = match id {
        Some(_) => vec![call.item()?],
        None => call.items()?,
    };
    let mut sources = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let request_id = request_id(item, at);
        let Some(mut source) = call.world.sources.get(&id.unwrap_or_else(|| id_of(item))).cloned() else {
            return Err(match id {
                Some(_) => Problem::not_found(),
                None => Problem::invalid(vec![(request_id, vec![Invalid::choice("id")])]),
            });
        };
        let errors = change(call.world, &mut source, item);
        if !errors.is_empty() {
            return Err(Problem::invalid(vec![(request_id, errors)]));
        }
        sources.push((source, request_id));
    }
    let mut written: Vec<Value> = sources
        .into_iter()
        .map(|(source, request_id)| keep(call, source, &request_id))
        .collect();
    match (id, written.pop()) {
        (Some(_), Some(shown)) => Ok(Reply::hal(shown)),
        (_, last) => {
            written.extend(last);
            Ok(listing::written(call, "sources", written))
        }
    }
}

/// One source by its address, or several by their ids; leads that came from them forget it.
pub fn delete(call: &mut Call<'_>, id: Option<i64>) -> Outcome {
    let gone: Vec<i64> = match id {
        Some(id) => vec![id],
        None => call.items()?.iter().map(id_of).collect(),
    };
    if gone.iter().any(|id| !call.world.sources.contains_key(id)) {
        return Err(Problem::not_found());
    }
    call.world.sources.retain(|id, _| !gone.contains(id));
    for lead in call.world.leads.values_mut() {
        if gone.contains(&lead.int("source_id")) {
            lead.set("source_id", Value::Null);
        }
    }
    Ok(Reply::no_content())
}
