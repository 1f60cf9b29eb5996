//! What is written into custom fields: read by the field's type, refused as a whole where one value does not fit.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::{
    reply::Invalid,
    world::{Card, Field, World},
};
use crate::cell::hundredths;

/// New values by field id; an empty list clears the field.
pub type Written = BTreeMap<i64, Vec<Value>>;

/// Reads `custom_fields_values` of a request for cards of `place`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(world: &World, place: &str, sent: &Value) -> Result<Written, Vec<Invalid>> {
    let entries = match sent {
        Value::Null => return Ok(Written::new()),
        Value::Array(entries) => entries,
        _ => return Err(vec![Invalid::kind("custom_fields_values", "array")]),
    };
    let (mut written, mut invalid) = (Written::new(), Vec::new());
    for (at, entry) in entries.iter().enumerate() {
        let path = format!("custom_fields_values.{at}");
        match field(world, place, entry, &path).and_then(|field| {
            let values = one(field, entry.get("values").unwrap_or(&Value::Null), &path)?;
            Ok((field.id, values))
        }) {
            Ok((id, values)) => {
                written.insert(id, values);
            }
            Err(error) => invalid.push(error),
        }
    }
    if invalid.is_empty() { Ok(written) } else { Err(invalid) }
}

/// The field an entry names, by `field_id` or `field_code`.
fn field<'a>(world: &'a World, place: &str, entry: &Value, path: &str) -> Result<&'a Field, Invalid> {
    let missing = |part: &str| Invalid::choice(format!("{path}.{part}"));
    match (entry.get("field_id"), entry.get("field_code")) {
        (Some(Value::Number(id)), _) => id
            .as_i64()
            .and_then(|id| world.fields.get(&id))
            .filter(|field| field.place == place)
            .ok_or_else(|| missing("field_id")),
        (Some(Value::Null) | None, Some(Value::String(code))) => world
            .fields
            .values()
            .find(|field| {
                field.place == place && field.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
            })
            .ok_or_else(|| missing("field_code")),
        (Some(Value::Null) | None, None | Some(Value::Null)) => Err(Invalid::blank(format!("{path}.field_id"))),
        (Some(Value::Null) | None, Some(_)) => Err(Invalid::kind(format!("{path}.field_code"), "string")),
        (Some(_), _) => Err(Invalid::kind(format!("{path}.field_id"), "int")),
    }
}

fn one(field: &Field, values: &Value, path: &str) -> Result<Vec<Value>, Invalid> {
    let values = match values {
        Value::Null => return Ok(Vec::new()),
        Value::Array(values) => values,
        _ => return Err(Invalid::kind(format!("{path}.values"), "array")),
    };
    let is_many = matches!(
        field.kind.as_str(),
        "multiselect" | "multitext" | "legal_entity" | "items" | "linked_entity" | "chained_list"
    );
    let mut read = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let path = format!("{path}.values.{at}");
        if let Some(value) = scalar(field, value, &path)? {
            read.push(value);
        }
    }
    if !is_many {
        read.truncate(1);
    }
    Ok(read)
}

/// `None`: an empty value, which clears.
fn scalar(field: &Field, sent: &Value, path: &str) -> Result<Option<Value>, Invalid> {
    let value_path = format!("{path}.value");
    let value = sent.get("value").unwrap_or(&Value::Null);
    if matches!(
        field.kind.as_str(),
        "select" | "radiobutton" | "multiselect" | "multitext" | "category"
    ) {
        return chosen(field, sent, path);
    }
    if value.is_null() || value.as_str() == Some("") {
        return Ok(None);
    }
    let plain = |value: Value| Ok(Some(json!({"value": value})));
    match field.kind.as_str() {
        "numeric" | "price" | "monetary" => {
            let text = match value {
                Value::Number(number) => number.to_string(),
                Value::String(text) => text.trim().replace(',', "."),
                _ => return Err(Invalid::kind(value_path, "numeric")),
            };
            match hundredths(&text) {
                Some(_) => plain(json!(text)),
                None => Err(Invalid::kind(value_path, "numeric")),
            }
        }
        "checkbox" => match value {
            Value::Bool(yes) => plain(json!(yes)),
            _ => Err(Invalid::kind(value_path, "bool")),
        },
        "date" | "date_time" | "birthday" => match moment(value) {
            Some(at_s) => plain(json!(at_s)),
            None => Err(Invalid::new(
                "InvalidDateTime",
                value_path,
                "This value is not a valid datetime.",
            )),
        },
        "legal_entity" | "payer" | "supplier" | "items" | "linked_entity" | "file" => match value {
            Value::Object(parts) => plain(Value::Object(completed(&field.kind, parts))),
            _ => Err(Invalid::kind(value_path, "object")),
        },
        _ => match value {
            Value::String(_) => plain(value.clone()),
            Value::Number(number) => plain(json!(number.to_string())),
            Value::Bool(yes) => plain(json!(if *yes { "1" } else { "" })),
            _ => Err(Invalid::kind(value_path, "string")),
        },
    }
}

/// A choice by its id, code or text. Fields of several texts (telephones) have a text beside their choice.
fn chosen(field: &Field, sent: &Value, path: &str) -> Result<Option<Value>, Invalid> {
    let text = sent.get("value").and_then(Value::as_str);
    let is_text = field.kind == "multitext";
    if sent.get("enum_id").is_none_or(Value::is_null)
        && sent.get("enum_code").is_none_or(Value::is_null)
        && text.is_none_or(str::is_empty)
    {
        return Ok(None);
    }
    let (part, choice) = match (sent.get("enum_id"), sent.get("enum_code")) {
        (Some(id), _) if !id.is_null() => {
            let found = field.choices.iter().find(|choice| id.as_i64() == Some(choice.id));
            ("enum_id", found)
        }
        (_, Some(code)) if !code.is_null() => {
            let same = |own: &str| code.as_str().is_some_and(|code| code.eq_ignore_ascii_case(own));
            let found = field
                .choices
                .iter()
                .find(|choice| choice.code.as_deref().is_some_and(same));
            ("enum_code", found)
        }
        _ if is_text => ("value", field.choices.first()),
        _ => (
            "value",
            field.choices.iter().find(|choice| Some(choice.value.as_str()) == text),
        ),
    };
    let Some(choice) = choice else {
        return Err(Invalid::choice(format!("{path}.{part}")));
    };
    let value = if is_text {
        text.unwrap_or_default()
    } else {
        choice.value.as_str()
    };
    Ok(Some(
        json!({"value": value, "enum_id": choice.id, "enum_code": choice.code}),
    ))
}

/// Seconds since 1970, or a moment as text.
fn moment(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text
            .parse()
            .ok()
            .or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp())),
        _ => None,
    }
}

/// The parts the API always shows, absent ones as null.
fn completed(kind: &str, sent: &Map<String, Value>) -> Map<String, Value> {
    let parts: &[&str] = match kind {
        "legal_entity" => &[
            "name",
            "entity_type",
            "vat_id",
            "tax_registration_reason_code",
            "kpp",
            "address",
            "real_address",
            "bank_code",
            "bank_account_number",
            "external_uid",
            "director",
            "unp",
            "bin",
            "egrpou",
            "mfo",
            "oked",
        ],
        "payer" => &[
            "name",
            "type",
            "entity_type",
            "entity_id",
            "vat_id",
            "kpp",
            "tax_registration_reason_code",
            "address",
            "bank_code",
            "bank_account_number",
            "external_uid",
        ],
        _ => &[],
    };
    let mut whole: Map<String, Value> = parts.iter().map(|part| ((*part).to_owned(), Value::Null)).collect();
    whole.extend(sent.clone());
    whole
}

/// Puts what was written over what a card holds.
pub fn apply(card: &mut Card, written: Written) {
    for (id, values) in written {
        if values.is_empty() {
            card.values.remove(&id);
        } else {
            card.values.insert(id, values);
        }
    }
}

/// `custom_fields_values` of a card, null where it has none.
pub fn shown(world: &World, place: &str, card: &Card) -> Value {
    let fields: Vec<Value> = world
        .fields_of(place)
        .into_iter()
        .filter_map(|field| {
            let values = card.values.get(&field.id)?;
            Some(json!({
                "field_id": field.id,
                "field_name": field.name,
                "field_code": field.code,
                "field_type": field.kind,
                "values": values,
            }))
        })
        .collect();
    if fields.is_empty() {
        Value::Null
    } else {
        Value::Array(fields)
    }
}
