//! Definitions of custom fields: `/{place}/custom_fields`.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    filter, listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, Choice, Field, Object, World},
};

const KINDS: [&str; 25] = [
    "text",
    "numeric",
    "checkbox",
    "select",
    "multiselect",
    "multitext",
    "date",
    "url",
    "textarea",
    "radiobutton",
    "streetaddress",
    "smart_address",
    "birthday",
    "legal_entity",
    "date_time",
    "items",
    "category",
    "price",
    "tracking_data",
    "linked_entity",
    "monetary",
    "chained_list",
    "file",
    "payer",
    "supplier",
];

/// Where a field belongs, in addresses.
fn path(place: &str) -> String {
    if place.parse::<i64>().is_ok() {
        format!("catalogs/{place}/custom_fields")
    } else {
        format!("{place}/custom_fields")
    }
}

fn show(call: &Call<'_>, field: &Field) -> Value {
    let choices: Vec<Value> = field
        .choices
        .iter()
        .map(|choice| json!({"id": choice.id, "value": choice.value, "sort": choice.sort, "code": choice.code}))
        .collect();
    let mut shown = json!({
        "id": field.id,
        "name": field.name,
        "type": field.kind,
        "account_id": ACCOUNT_ID,
        "code": field.code,
        "sort": field.sort,
        "is_api_only": field.api_only,
        "enums": if choices.is_empty() { Value::Null } else { Value::Array(choices) },
        "is_deletable": !field.predefined,
        "is_predefined": field.predefined,
        "required_statuses": [],
        "group_id": field.group,
        "entity_type": field.place,
        "_links": {"self": {"href": call.href(&format!("{}/{}", path(&field.place), field.id))}},
    });
    if let Ok(catalog) = field.place.parse::<i64>() {
        shown["entity_type"] = json!("catalogs");
        shown["catalog_id"] = json!(catalog);
        shown["is_visible"] = json!(true);
        shown["is_required"] = json!(false);
    }
    shown
}

pub fn list(call: &Call<'_>, place: &str) -> Outcome {
    let fields: Vec<&Field> = call
        .world
        .fields_of(place)
        .into_iter()
        .filter(|field| filter::definition_fits(call, field))
        .collect();
    Ok(listing::page(
        call,
        "custom_fields",
        &fields,
        listing::LIMIT_MAX,
        |field| show(call, field),
    ))
}

pub fn get(call: &Call<'_>, place: &str, id: i64) -> Outcome {
    match call.world.fields.get(&id).filter(|field| field.place == place) {
        Some(field) => Ok(Reply::hal(show(call, field))),
        None => Ok(Reply::no_content()),
    }
}

pub fn create(call: &mut Call<'_>, place: &str) -> Outcome {
    let items = match &call.body {
        Value::Object(_) => vec![call.item()?],
        _ => call.items()?,
    };
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let errors = errors(call.world, place, item);
        if !errors.is_empty() {
            invalid.push((request_id(item, at), errors));
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let id = call.world.new_id();
        let field = made(call.world, place, id, item);
        let mut shown = show(call, &field);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
        call.world.fields.insert(id, field);
    }
    Ok(listing::written(call, "custom_fields", written))
}

fn errors(world: &World, place: &str, item: &Object) -> Vec<Invalid> {
    let mut errors = Vec::new();
    if item.get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
        errors.push(Invalid::blank("name"));
    }
    match item.get("type").and_then(Value::as_str) {
        None => errors.push(Invalid::blank("type")),
        Some(kind) if !KINDS.contains(&kind) => errors.push(Invalid::choice("type")),
        Some(_) => {}
    }
    match item.get("code") {
        None | Some(Value::Null) => {}
        Some(Value::String(code)) if world.field(place, code).is_some() => {
            errors.push(Invalid::new(
                "FieldValueNotUnique",
                "code",
                "This value is already used.",
            ));
        }
        Some(Value::String(_)) => {}
        Some(_) => errors.push(Invalid::kind("code", "string")),
    }
    errors
}

fn made(world: &mut World, place: &str, id: i64, item: &Object) -> Field {
    let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let last = world
        .fields_of(place)
        .iter()
        .map(|field| field.sort)
        .max()
        .unwrap_or(500);
    let mut field = Field {
        id,
        place: place.to_owned(),
        name: text("name").unwrap_or_default(),
        code: text("code").filter(|code| !code.is_empty()),
        kind: text("type").unwrap_or_default(),
        sort: item.get("sort").and_then(Value::as_i64).unwrap_or(last + 1),
        api_only: item.get("is_api_only").and_then(Value::as_bool).unwrap_or(false),
        predefined: false,
        choices: Vec::new(),
        group: group(world, place, item),
    };
    set_choices(world, &mut field, item);
    field
}

/// `group_id`, where there is such a group.
fn group(world: &World, place: &str, item: &Object) -> Option<String> {
    let id = item.get("group_id").and_then(Value::as_str)?;
    let mut groups = world.groups.iter();
    groups
        .any(|group| group.place == place && group.id == id)
        .then(|| id.to_owned())
}

/// `enums`: choices of before keep their id where it is sent.
fn set_choices(world: &mut World, field: &mut Field, item: &Object) {
    let Some(Value::Array(enums)) = item.get("enums") else {
        return;
    };
    field.choices = enums
        .iter()
        .enumerate()
        .map(|(at, choice)| Choice {
            id: choice
                .get("id")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| world.new_id()),
            value: choice
                .get("value")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            sort: choice
                .get("sort")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| i64::try_from(at).unwrap_or_default()),
            code: choice.get("code").and_then(Value::as_str).map(str::to_owned),
        })
        .collect();
}

/// One field by its address, or several by their ids.
pub fn update(call: &mut Call<'_>, place: &str, id: Option<i64>) -> Outcome {
    let items = match id {
        Some(_) => vec![call.item()?],
        None => call.items()?,
    };
    let mut changed = Vec::new();
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let own = id
            .or_else(|| item.get("id").and_then(Value::as_i64))
            .unwrap_or_default();
        match call.world.fields.get(&own).filter(|field| field.place == place) {
            Some(field) => changed.push((field.clone(), item, at)),
            None => invalid.push((request_id(item, at), vec![Invalid::choice("id")])),
        }
    }
    match (invalid.is_empty(), id) {
        (false, Some(_)) => return Err(Problem::not_found()),
        (false, None) => return Err(Problem::invalid(invalid)),
        (true, _) => {}
    }
    let mut written = Vec::new();
    for (mut field, item, at) in changed {
        if let Some(name) = item.get("name").and_then(Value::as_str) {
            name.clone_into(&mut field.name);
        }
        if let Some(code) = item.get("code").and_then(Value::as_str) {
            field.code = Some(code.to_owned());
        }
        if let Some(sort) = item.get("sort").and_then(Value::as_i64) {
            field.sort = sort;
        }
        if item.contains_key("group_id") {
            field.group = group(call.world, place, item);
        }
        set_choices(call.world, &mut field, item);
        let mut shown = show(call, &field);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
        call.world.fields.insert(field.id, field);
    }
    match (id, written.pop()) {
        (Some(_), Some(shown)) => Ok(Reply::hal(shown)),
        (_, last) => {
            written.extend(last);
            Ok(listing::written(call, "custom_fields", written))
        }
    }
}

/// A field that came with the account stays; what cards held in a deleted one goes with it.
pub fn delete(call: &mut Call<'_>, place: &str, id: i64) -> Outcome {
    match call.world.fields.get(&id).filter(|field| field.place == place) {
        None => Err(Problem::not_found()),
        Some(field) if field.predefined => Err(Problem::new(403, "The field cannot be deleted")),
        Some(_) => {
            call.world.fields.remove(&id);
            Ok(Reply::no_content())
        }
    }
}
