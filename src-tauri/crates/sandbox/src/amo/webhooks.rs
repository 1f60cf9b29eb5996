//! What happened: the list of events, and subscriptions to webhooks (kept, never called: nothing here goes out).

use serde_json::{Value, json};

use super::{
    call::Call,
    filter, listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, ADMIN, Object},
};

/// Events come in pages of at most this many.
const EVENTS_LIMIT_MAX: usize = 100;

fn show(call: &Call<'_>, event: &Object) -> Value {
    let mut shown = event.clone();
    let text = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let plural = match text("entity_type") {
        "company" => "companies",
        "contact" => "contacts",
        _ => "leads",
    };
    let id = event.get("entity_id").cloned().unwrap_or_default();
    shown.insert(
        "_links".into(),
        json!({"self": {"href": call.href(&format!("events/{}", text("id")))}}),
    );
    shown.insert(
        "_embedded".into(),
        json!({"entity": {"id": id, "_links": {"self": {"href": call.href(&format!("{plural}/{id}"))}}}}),
    );
    Value::Object(shown)
}

/// The newest first.
pub fn events(call: &Call<'_>) -> Outcome {
    let names = [
        ("id", "id"),
        ("type", "type"),
        ("entity", "entity_type"),
        ("entity_id", "entity_id"),
        ("created_by", "created_by"),
        ("created_at", "created_at"),
    ];
    let found: Vec<&Object> = call
        .world
        .events
        .iter()
        .rev()
        .filter(|event| {
            names
                .iter()
                .all(|(name, key)| filter::fits_any(call, name, event.get(*key)))
        })
        .collect();
    Ok(listing::page(call, "events", &found, EVENTS_LIMIT_MAX, |event| {
        show(call, event)
    }))
}

pub fn event(call: &Call<'_>, id: &str) -> Outcome {
    let event = call.world.events.iter().find(|event| event["id"] == json!(id));
    Ok(event.map_or_else(Reply::no_content, |event| Reply::hal(show(call, event))))
}

/// What is remembered, with the words people see.
const TYPES: [(&str, &str, &str); 10] = [
    ("lead_added", "Новая сделка", "New lead"),
    ("lead_status_changed", "Изменение этапа продажи", "Lead stage changed"),
    ("contact_added", "Новый контакт", "New contact"),
    ("company_added", "Новая компания", "New company"),
    ("entity_linked", "Прикрепление", "Linked"),
    ("entity_unlinked", "Открепление", "Unlinked"),
    ("common_note_added", "Новое примечание", "New note"),
    ("task_added", "Новая задача", "New task"),
    ("sale_field_changed", "Изменение поля «Бюджет»", "Sale changed"),
    ("name_field_changed", "Изменение поля «Название»", "Name changed"),
];

pub fn types(call: &Call<'_>) -> Outcome {
    let words = |russian, english| call.world.settings.words(russian, english);
    let rows = TYPES
        .iter()
        .zip(1..)
        .map(|((key, russian, english), number)| json!({"key": key, "type": number, "lang": words(russian, english)}))
        .collect();
    Ok(listing::whole(call, "events_types", rows))
}

/// What subscriptions may name: something done to a kind of cards.
const DONE: [&str; 6] = ["add", "update", "delete", "restore", "status", "responsible"];
const OF: [&str; 8] = [
    "lead", "contact", "company", "customer", "task", "catalog", "talk", "unsorted",
];

fn is_setting(setting: &Value) -> bool {
    setting
        .as_str()
        .and_then(|setting| setting.split_once('_'))
        .is_some_and(|(done, of)| (DONE.contains(&done) || done == "note") && OF.contains(&of))
}

pub fn list(call: &Call<'_>) -> Outcome {
    let rows = call
        .world
        .webhooks
        .iter()
        .filter(|webhook| filter::fits_all(call, &["destination"], webhook))
        .map(|webhook| Value::Object(webhook.clone()))
        .collect();
    Ok(listing::whole(call, "webhooks", rows))
}

/// Subscribing again changes what a destination gets.
pub fn subscribe(call: &mut Call<'_>) -> Outcome {
    let item = call.item()?;
    let destination = item.get("destination").and_then(Value::as_str).unwrap_or_default();
    if !destination.starts_with("https://") && !destination.starts_with("http://") {
        return Err(Problem::one(Invalid::new(
            "InvalidUrl",
            "destination",
            "This value is not a valid URL.",
        )));
    }
    let settings = item
        .get("settings")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if settings.is_empty() {
        return Err(Problem::one(Invalid::blank("settings")));
    }
    if let Some(at) = settings.iter().position(|setting| !is_setting(setting)) {
        return Err(Problem::one(Invalid::choice(format!("settings.{at}"))));
    }
    let known = call
        .world
        .webhooks
        .iter()
        .position(|webhook| webhook["destination"] == json!(destination));
    let id = match known.and_then(|at| call.world.webhooks[at].get("id").cloned()) {
        Some(id) => id,
        None => json!(call.world.new_id()),
    };
    let webhook = json!({
        "id": id,
        "destination": destination,
        "created_at": call.now_s,
        "updated_at": call.now_s,
        "account_id": ACCOUNT_ID,
        "created_by": ADMIN,
        "sort": known.unwrap_or(call.world.webhooks.len()) + 1,
        "disabled": false,
        "settings": settings,
    });
    if let Value::Object(kept) = webhook.clone() {
        match known {
            Some(at) => call.world.webhooks[at] = kept,
            None => call.world.webhooks.push(kept),
        }
    }
    Ok(Reply::of(201, Some(webhook)))
}

pub fn unsubscribe(call: &mut Call<'_>) -> Outcome {
    let item = call.item()?;
    let count = call.world.webhooks.len();
    let destination = item.get("destination").cloned().unwrap_or_default();
    call.world
        .webhooks
        .retain(|webhook| webhook["destination"] != destination);
    match call.world.webhooks.len() < count {
        true => Ok(Reply::no_content()),
        false => Err(Problem::not_found()),
    }
}
