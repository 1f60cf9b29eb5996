//! Comments in the timeline of invoices, deals and companies.

use super::{CRM, Call, Method, Outcome, RestError, legacy::rows_list, read, write};
use crate::{
    cell::Cell,
    filter::{Schema, Strangers},
    listing::Select,
    php::Php,
    schema::{COMMENT_FIELDS, COMPANY, CONTACT, DEAL, INVOICE, Row},
    world::WEBHOOK_USER,
};

pub static METHODS: &[Method] = &[
    write("crm.timeline.comment.add", CRM, add),
    read("crm.timeline.comment.list", CRM, list),
    read("crm.timeline.comment.get", CRM, get),
    write("crm.timeline.comment.delete", CRM, delete),
];

const SCHEMA: Schema<'static> = Schema {
    fields: COMMENT_FIELDS,
    user_fields: &[],
    entity: "",
    strangers: Strangers::Ignore,
};

fn entity_type(name: &str) -> Option<i64> {
    match name.to_ascii_lowercase().as_str() {
        "dynamic_31" | "smart_invoice" => Some(INVOICE),
        "deal" => Some(DEAL),
        "company" => Some(COMPANY),
        "contact" => Some(CONTACT),
        _ => None,
    }
}

/// One spelling in the store, so that a comment is found under both names of an invoice.
fn spelled(name: &str) -> String {
    match entity_type(name) {
        Some(INVOICE) => "dynamic_31".to_owned(),
        _ => name.to_ascii_lowercase(),
    }
}

fn not_found() -> RestError {
    RestError::new(400, "NOT_FOUND", "Comment not found")
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?;
    let entity_id = fields.get_any_case("ENTITY_ID").and_then(Php::as_int).unwrap_or(0);
    let entity = fields
        .get_any_case("ENTITY_TYPE")
        .and_then(Php::as_text)
        .unwrap_or_default();
    let comment = fields
        .get_any_case("COMMENT")
        .and_then(Php::as_text)
        .unwrap_or_default();
    if comment.is_empty() {
        return Err(RestError::new(400, "INVALID_ARG_VALUE", "Empty comment message"));
    }
    let owner = entity_type(&entity).filter(|entity_type_id| call.world.item(*entity_type_id, entity_id).is_some());
    if owner.is_none() {
        return Err(RestError::new(400, "OWNER_NOT_FOUND", "Owner was not found"));
    }
    let id = call.world.new_id();
    let row: Row = [
        ("ID", Cell::Int(id)),
        ("ENTITY_ID", Cell::Int(entity_id)),
        ("ENTITY_TYPE", Cell::text(spelled(&entity))),
        ("CREATED", Cell::Moment(call.now_ms)),
        ("AUTHOR_ID", Cell::Int(WEBHOOK_USER)),
        ("COMMENT", Cell::text(comment)),
    ]
    .into_iter()
    .map(|(key, cell)| (key.to_owned(), cell))
    .collect();
    call.world.comments.insert(id, row);
    Ok(Php::Number(id.into()).into())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let mut params = call.params.clone();
    let mut filter = call.param("filter").cloned().unwrap_or_else(Php::empty);
    let value = |name: &str| {
        filter
            .get_any_case(name)
            .or_else(|| filter.get_any_case(&format!("={name}")))
    };
    for name in ["ENTITY_ID", "ENTITY_TYPE"] {
        if value(name).is_none() {
            return Err(RestError::new(400, "100", format!("Filter field {name} is required")));
        }
    }
    let key = ["ENTITY_TYPE", "=ENTITY_TYPE"]
        .into_iter()
        .find(|key| filter.get(key).is_some());
    if let Some(key) = key {
        let entity = filter.get(key).and_then(Php::as_text).unwrap_or_default();
        filter.set(key, Php::text(spelled(&entity)));
    }
    params.set("filter", filter);
    rows_list(&params, &SCHEMA, call.world.comments.values())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let row = call.world.comments.get(&id).ok_or_else(not_found)?;
    Ok(Select::new(&Php::empty()).legacy(&SCHEMA, row).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.comments.remove(&id).ok_or_else(not_found)?;
    Ok(Php::Bool(true).into())
}
