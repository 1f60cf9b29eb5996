//! Calls that a telephone service reports: each becomes a note of the card that has the number.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id, whole},
    kind::Kind,
    notes,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, ADMIN, Object, World},
};

/// Digits of a number that are compared: what stands before them is a country or a trunk.
const DIGITS: usize = 10;
/// What the account says of a number that no card has.
const NO_CARD: i64 = 263;

fn digits(text: &str) -> String {
    let all: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    all[all.len().saturating_sub(DIGITS)..].iter().collect()
}

/// A contact with this number, else a company.
fn owner(world: &World, phone: &str) -> Option<(Kind, i64)> {
    let wanted = digits(phone);
    if wanted.is_empty() {
        return None;
    }
    for kind in [Kind::Contacts, Kind::Companies] {
        let field = world.field(kind.name(), "PHONE")?.id;
        let has = |values: &Vec<Value>| {
            let mut texts = values.iter().filter_map(|value| value.get("value")?.as_str());
            texts.any(|text| digits(text) == wanted)
        };
        let mut cards = world.cards(kind).into_iter().flatten();
        if let Some((id, _)) = cards.find(|(_, card)| card.values.get(&field).is_some_and(has)) {
            return Some((kind, *id));
        }
    }
    None
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let errors = errors(item);
        if !errors.is_empty() {
            invalid.push((request_id(item, at), errors));
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let (mut written, mut lost) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        let request_id = request_id(item, at);
        let phone = item.get("phone").map(super::filter::shown).unwrap_or_default();
        match owner(call.world, &phone) {
            Some(owner) => written.push(keep(call, owner, item, &request_id)),
            None => lost.push(json!({
                "request_id": request_id,
                "status": NO_CARD,
                "title": "Entity not found",
                "detail": format!("Entity not found for phone: {phone}"),
            })),
        }
    }
    let body = json!({
        "_total_items": written.len(),
        "errors": lost,
        "_links": {"self": {"href": call.own_href()}},
        "_embedded": {"calls": written},
    });
    Ok(Reply::hal(body))
}

fn errors(item: &Object) -> Vec<Invalid> {
    let mut errors = Vec::new();
    for key in ["direction", "duration", "source", "phone"] {
        let value = item.get(key);
        if value.is_none_or(|value| value.is_null() || value == "") {
            errors.push(Invalid::blank(key));
        }
    }
    match item.get("direction").and_then(Value::as_str) {
        None | Some("inbound" | "outbound" | "") => {}
        Some(_) => errors.push(Invalid::choice("direction")),
    }
    if item.get("duration").is_some_and(|duration| whole(duration).is_none()) {
        errors.push(Invalid::kind("duration", "int"));
    }
    // Left a message, calls back, is not there, talked, wrong number, no answer, busy.
    if item
        .get("call_status")
        .is_some_and(|status| !status.as_i64().is_some_and(|status| (1..=7).contains(&status)))
    {
        errors.push(Invalid::choice("call_status"));
    }
    errors
}

fn keep(call: &mut Call<'_>, (kind, card): (Kind, i64), item: &Object, request_id: &str) -> Value {
    let note_type = match item.get("direction").and_then(Value::as_str) {
        Some("outbound") => "call_out",
        _ => "call_in",
    };
    let mut params = Object::new();
    for key in [
        "uniq",
        "duration",
        "source",
        "link",
        "phone",
        "call_result",
        "call_status",
        "call_responsible",
    ] {
        params.insert(key.to_owned(), item.get(key).cloned().unwrap_or_default());
    }
    let duration = item.get("duration").and_then(whole);
    params.insert("duration".to_owned(), json!(duration));
    let author = item.get("created_by").and_then(Value::as_i64).unwrap_or(ADMIN);
    let note = json!({
        "note_type": note_type,
        "params": params,
        "created_by": author,
        "created_at": item.get("created_at"),
        "responsible_user_id": item.get("responsible_user_id"),
    });
    let id = notes::keep(call, kind, card, note.as_object().unwrap_or(item));
    json!({
        "id": id,
        "entity_id": card,
        "entity_type": kind.singular(),
        "account_id": ACCOUNT_ID,
        "request_id": request_id,
        "_embedded": {"entity": {
            "id": card,
            "_links": {"self": {"href": call.href(&format!("{}/{card}", kind.name()))}},
        }},
    })
}
