//! Notes on leads, contacts and companies.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    filter,
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, ADMIN, Object},
};

/// What kinds of notes a program may write, and which of their parameters must be there.
const KINDS: [(&str, &[&str]); 13] = [
    ("common", &["text"]),
    ("service_message", &["service", "text"]),
    ("extended_service_message", &["service", "text"]),
    ("invoice_paid", &["text", "service", "icon_url"]),
    ("bill_paid", &["text", "service", "icon_url"]),
    ("call_in", &["uniq", "duration", "source", "phone"]),
    ("call_out", &["uniq", "duration", "source", "phone"]),
    ("sms_in", &["text", "phone"]),
    ("sms_out", &["text", "phone"]),
    ("attachment", &["file_uuid"]),
    ("geolocation", &["text", "address", "longitude", "latitude"]),
    ("message_cashier", &["status"]),
    ("messenger", &["text"]),
];

fn show(call: &Call<'_>, kind: Kind, note: &Object) -> Value {
    let mut shown = note.clone();
    let (own, card) = (int(note, "id"), int(note, "entity_id"));
    let href = call.href(&format!("{}/{card}/notes/{own}", kind.name()));
    shown.insert("_links".into(), json!({"self": {"href": href}}));
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    if call.with("is_pinned") {
        shown.entry("is_pinned").or_insert(json!(false));
    } else {
        shown.remove("is_pinned");
    }
    Value::Object(shown)
}

fn int(object: &Object, key: &str) -> i64 {
    object.get(key).and_then(Value::as_i64).unwrap_or_default()
}

/// Of every card of a kind, or of one card.
pub fn list(call: &Call<'_>, kind: Kind, card: Option<i64>) -> Outcome {
    if card.is_some_and(|card| !call.world.holds(kind, card)) {
        return Err(Problem::not_found());
    }
    let names = ["id", "entity_id", "note_type", "updated_at"];
    let mut notes: Vec<&Object> = call
        .world
        .notes
        .get(&kind)
        .into_iter()
        .flat_map(|notes| notes.values())
        .filter(|note| card.is_none_or(|card| int(note, "entity_id") == card))
        .filter(|note| filter::fits_all(call, &names, note) && filter::is_fresh(call, note))
        .collect();
    filter::sort(call, &mut notes, &["updated_at", "id"], |note, key| int(note, key));
    Ok(listing::page(call, "notes", &notes, listing::LIMIT_MAX, |note| {
        show(call, kind, note)
    }))
}

pub fn get(call: &Call<'_>, kind: Kind, card: Option<i64>, id: i64) -> Outcome {
    let note = call.world.notes.get(&kind).and_then(|notes| notes.get(&id));
    let note = note.filter(|note| card.is_none_or(|card| int(note, "entity_id") == card));
    Ok(note.map_or_else(Reply::no_content, |note| Reply::hal(show(call, kind, note))))
}

/// `card`: the one of the address; without it every note names its own.
pub fn create(call: &mut Call<'_>, kind: Kind, card: Option<i64>) -> Outcome {
    if card.is_some_and(|card| !call.world.holds(kind, card)) {
        return Err(Problem::not_found());
    }
    let items = call.items()?;
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut errors = content_errors(item);
        match card.or_else(|| item.get("entity_id").and_then(Value::as_i64)) {
            None => errors.push(Invalid::blank("entity_id")),
            Some(card) if !call.world.holds(kind, card) => errors.push(Invalid::choice("entity_id")),
            Some(_) => {}
        }
        if !errors.is_empty() {
            invalid.push((request_id(item, at), errors));
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let card = card.unwrap_or_else(|| int(item, "entity_id"));
        let id = keep(call, kind, card, item);
        written.push(json!({
            "id": id,
            "entity_id": card,
            "request_id": request_id(item, at),
            "_links": {"self": {"href": call.href(&format!("{}/{card}/notes/{id}", kind.name()))}},
        }));
    }
    Ok(listing::written(call, "notes", written))
}

/// Writes a note of a card that is there, and gives its id.
pub fn keep(call: &mut Call<'_>, kind: Kind, card: i64, item: &Object) -> i64 {
    let id = call.world.new_id();
    let author = item.get("created_by").and_then(Value::as_i64).unwrap_or(ADMIN);
    let responsible = item
        .get("responsible_user_id")
        .and_then(Value::as_i64)
        .unwrap_or(author);
    let note = json!({
        "id": id,
        "entity_id": card,
        "created_by": author,
        "updated_by": author,
        "created_at": item.get("created_at").and_then(Value::as_i64).unwrap_or(call.now_s),
        "updated_at": call.now_s,
        "responsible_user_id": responsible,
        "group_id": 0,
        "note_type": item["note_type"],
        "params": item["params"],
        "is_need_to_trigger_digital_pipeline": item.get("is_need_to_trigger_digital_pipeline").and_then(Value::as_bool).unwrap_or(true),
    });
    if let Value::Object(note) = note {
        call.world.notes.entry(kind).or_default().insert(id, note);
    }
    let told = json!([{"note": {"id": id}}]);
    let event = format!("{}_note_added", item["note_type"].as_str().unwrap_or("common"));
    call.world.happened(&event, (kind, card), call.now_s, (json!([]), told));
    id
}

fn content_errors(item: &Object) -> Vec<Invalid> {
    let Some(kind) = item.get("note_type").and_then(Value::as_str) else {
        return vec![Invalid::blank("note_type")];
    };
    let Some((_, needed)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return vec![Invalid::choice("note_type")];
    };
    let Some(Value::Object(params)) = item.get("params") else {
        return vec![Invalid::blank("params")];
    };
    needed
        .iter()
        .filter(|name| match params.get(**name) {
            None | Some(Value::Null) => true,
            Some(value) => value.as_str().is_some_and(str::is_empty),
        })
        .map(|name| Invalid::blank(format!("params.{name}")))
        .collect()
}

/// One note by its address, or several by their ids.
pub fn update(call: &mut Call<'_>, kind: Kind, card: Option<i64>, id: Option<i64>) -> Outcome {
    let items = match id {
        Some(_) => vec![call.item()?],
        None => call.items()?,
    };
    let mut changed = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let own = id.unwrap_or_else(|| int(item, "id"));
        let note = call.world.notes.get(&kind).and_then(|notes| notes.get(&own));
        match note.filter(|note| card.is_none_or(|card| int(note, "entity_id") == card)) {
            Some(note) => changed.push((own, note.clone(), item, request_id(item, at))),
            None if id.is_some() => return Err(Problem::not_found()),
            None => {
                return Err(Problem::invalid(vec![(
                    request_id(item, at),
                    vec![Invalid::choice("id")],
                )]));
            }
        }
    }
    let mut written = Vec::new();
    for (own, mut note, item, request_id) in changed {
        if let Some(Value::Object(params)) = item.get("params") {
            let mut merged = note
                .get("params")
                .and_then(Value::as_object)
                .cloned()
                .unwrap_or_default();
            merged.extend(params.clone());
            note.insert("params".into(), Value::Object(merged));
        }
        note.insert("updated_at".into(), json!(call.now_s));
        written.push(json!({
            "id": own,
            "entity_id": int(&note, "entity_id"),
            "updated_at": call.now_s,
            "request_id": request_id,
            "_links": show(call, kind, &note)["_links"],
        }));
        call.world.notes.entry(kind).or_default().insert(own, note);
    }
    match (id, written.pop()) {
        (Some(_), Some(shown)) => Ok(Reply::hal(shown)),
        (_, last) => {
            written.extend(last);
            Ok(listing::written(call, "notes", written))
        }
    }
}

/// A pinned note stands above the others of its card.
pub fn pin(call: &mut Call<'_>, kind: Kind, card: i64, id: i64, pinned: bool) -> Outcome {
    let note = call.world.notes.get_mut(&kind).and_then(|notes| notes.get_mut(&id));
    match note.filter(|note| int(note, "entity_id") == card) {
        None => Err(Problem::not_found()),
        Some(note) => {
            note.insert("is_pinned".into(), json!(pinned));
            Ok(Reply::no_content())
        }
    }
}
