//! Comments in the timeline of invoices, deals and companies.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, described, number, rows_list, table, whole},
    write,
};
use crate::{
    cell::Cell,
    php::Php,
    queue::Deed,
    schema::{COMMENT_FIELDS, COMPANY, CONTACT, DEAL, INVOICE, LEAD, Row},
    world::int,
};

pub static METHODS: &[Method] = &[
    write("crm.timeline.comment.add", CRM, add),
    read("crm.timeline.comment.list", CRM, list),
    read("crm.timeline.comment.get", CRM, get),
    read("crm.timeline.comment.fields", CRM, |_| {
        Ok(described(COMMENT_FIELDS).into())
    }),
    write("crm.timeline.comment.update", CRM, update),
    write("crm.timeline.comment.delete", CRM, delete),
    write("crm.timeline.logmessage.add", CRM, log_add),
    read("crm.timeline.logmessage.get", CRM, log_get),
    read("crm.timeline.logmessage.list", CRM, log_list),
    write("crm.timeline.logmessage.delete", CRM, log_delete),
];

/// What an object type is called here.
pub fn entity_type(name: &str) -> Option<i64> {
    match name.to_ascii_lowercase().as_str() {
        "dynamic_31" | "smart_invoice" => Some(INVOICE),
        "lead" => Some(LEAD),
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
    let author = fields
        .get_any_case("AUTHOR_ID")
        .and_then(Php::as_int)
        .filter(|author| call.world.users.contains_key(author))
        .unwrap_or(call.caller.user);
    let id = call.world.new_id();
    let row = cells([
        ("ID", Cell::Int(id)),
        ("ENTITY_ID", Cell::Int(entity_id)),
        ("ENTITY_TYPE", Cell::text(spelled(&entity))),
        ("CREATED", Cell::Moment(call.now_ms)),
        ("AUTHOR_ID", Cell::Int(author)),
        ("COMMENT", Cell::text(comment)),
    ]);
    call.world.comments.insert(id, row);
    told(call, Deed::Add, id);
    Ok(number(id).into())
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
    rows_list(&params, &table(COMMENT_FIELDS), call.world.comments.values())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let row = call.world.comments.get(&id).ok_or_else(not_found)?;
    Ok(whole(COMMENT_FIELDS, row).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.comments.remove(&id).ok_or_else(not_found)?;
    told(call, Deed::Delete, id);
    Ok(Php::Bool(true).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let comment = call.fields()?.get_any_case("COMMENT").and_then(Php::as_text);
    let row = call.world.comments.get_mut(&id).ok_or_else(not_found)?;
    match comment {
        Some(comment) if comment.is_empty() => {
            return Err(RestError::new(400, "INVALID_ARG_VALUE", "Empty comment message"));
        }
        Some(comment) => row.insert("COMMENT".to_owned(), Cell::text(comment)),
        None => None,
    };
    told(call, Deed::Update, id);
    Ok(Php::Bool(true).into())
}

fn told(call: &mut Call<'_>, deed: Deed, id: i64) {
    let connector = call.connector();
    call.world.thing_event(
        "TIMELINECOMMENT",
        deed,
        id,
        call.caller.user,
        call.now_ms,
        connector.as_deref(),
    );
}

fn log_shown(row: &Row) -> Php {
    let text = |key: &str| {
        row.get(key)
            .map_or(Php::text(""), |cell| cell.typed(crate::cell::Kind::Text))
    };
    Php::map([
        ("id", text("id")),
        ("created", text("created")),
        ("authorId", text("authorId")),
        ("title", text("title")),
        ("text", text("text")),
        ("iconCode", text("iconCode")),
    ])
}

fn log_add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let text = |name: &str| fields.get_any_case(name).and_then(Php::as_text).unwrap_or_default();
    let id_of = |name: &str| fields.get_any_case(name).and_then(Php::as_int).unwrap_or_default();
    let (entity_type_id, entity_id) = (id_of("entityTypeId"), id_of("entityId"));
    if call.world.item(entity_type_id, entity_id).is_none() {
        return Err(RestError::new(400, "NOT_FOUND", "Element not found"));
    }
    for name in ["title", "text", "iconCode"] {
        if text(name).is_empty() {
            return Err(RestError::missing(name));
        }
    }
    let id = call.world.new_id();
    let row = cells([
        ("id", Cell::Int(id)),
        ("entityTypeId", Cell::Int(entity_type_id)),
        ("entityId", Cell::Int(entity_id)),
        ("created", Cell::Moment(call.now_ms)),
        ("authorId", Cell::Int(call.caller.user)),
        ("title", Cell::text(text("title"))),
        ("text", Cell::text(text("text"))),
        ("iconCode", Cell::text(text("iconCode"))),
    ]);
    let shown = log_shown(&row);
    call.world.log_messages.insert(id, row);
    Ok(Php::map([("logMessage", shown)]).into())
}

fn log_missing() -> RestError {
    RestError::new(400, "NOT_FOUND", "Element not found")
}

fn log_get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.log_messages.get(&call.int("id")?).ok_or_else(log_missing)?;
    Ok(Php::map([("logMessage", log_shown(row))]).into())
}

fn log_list(call: &mut Call<'_>) -> Outcome {
    let place = (call.int("entityTypeId")?, call.int("entityId")?);
    let of = |row: &&Row| (int(row, "entityTypeId"), int(row, "entityId")) == place;
    let rows: Vec<Php> = call.world.log_messages.values().filter(of).map(log_shown).collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::map([("logMessages", Php::list(rows))]),
        total,
        next: None,
    })
}

fn log_delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.log_messages.remove(&id).ok_or_else(log_missing)?;
    Ok(Php::Null.into())
}
