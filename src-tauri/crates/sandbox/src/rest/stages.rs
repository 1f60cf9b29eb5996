//! Stages of funnels, and other lists that people choose from.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, described, fill, invalid, number, table, whole},
    write,
};
use crate::{
    cell::Cell,
    listing::Query,
    php::Php,
    schema::{Row, STATUS_FIELDS},
    world::text,
};

pub static METHODS: &[Method] = &[
    read("crm.status.list", CRM, status_list),
    read("crm.status.get", CRM, status_get),
    read("crm.status.fields", CRM, |_| Ok(described(STATUS_FIELDS).into())),
    read("crm.status.entity.types", CRM, entity_types),
    read("crm.status.entity.items", CRM, entity_items),
    write("crm.status.add", CRM, status_add),
    write("crm.status.update", CRM, status_update),
    write("crm.status.delete", CRM, status_delete),
];

/// All rows at once: this list has no pages.
fn status_list(call: &mut Call<'_>) -> Outcome {
    let query = Query::new(&table(STATUS_FIELDS), call.params)?;
    let rows: Vec<Php> = query
        .all(call.world.statuses.values())
        .into_iter()
        .map(status)
        .collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

fn status(row: &Row) -> Php {
    let mut shown = whole(STATUS_FIELDS, row);
    let semantics = text(row, "SEMANTICS");
    let word = match semantics {
        "S" => "success",
        "F" => "failure",
        _ => "process",
    };
    if semantics.is_empty() {
        shown.set("SEMANTICS", Php::Null);
    }
    let extra = Php::map([("SEMANTICS", Php::text(word)), ("COLOR", Php::text(text(row, "COLOR")))]);
    shown.set("EXTRA", extra);
    shown
}

fn status_missing() -> RestError {
    RestError::legacy("CRM Status is not found.")
}

fn status_get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.statuses.get(&call.int("id")?).ok_or_else(status_missing)?;
    Ok(status(row).into())
}

/// The references there are, by the names of their entities.
fn entity_types(call: &mut Call<'_>) -> Outcome {
    let mut names: Vec<&str> = call.world.statuses.values().map(|row| text(row, "ENTITY_ID")).collect();
    names.sort_unstable();
    names.dedup();
    let shown = names
        .into_iter()
        .map(|name| Php::map([("ID", Php::text(name)), ("NAME", Php::text(name))]));
    Ok(Php::list(shown).into())
}

fn entity_items(call: &mut Call<'_>) -> Outcome {
    let entity = call.text("entityId")?;
    let mut rows: Vec<&Row> = call
        .world
        .statuses
        .values()
        .filter(|row| text(row, "ENTITY_ID") == entity)
        .collect();
    rows.sort_by_key(|row| row.get("SORT").map_or(0, Cell::as_int));
    let shown = rows.into_iter().map(|row| {
        let of = |key: &str| whole(STATUS_FIELDS, row).get(key).cloned().unwrap_or(Php::Null);
        Php::map([
            ("NAME", of("NAME")),
            ("SORT", of("SORT")),
            ("STATUS_ID", of("STATUS_ID")),
        ])
    });
    Ok(Php::list(shown).into())
}

fn status_add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = cells([("SYSTEM", Cell::Flag(false)), ("SORT", Cell::Int(500))]);
    fill(&mut row, STATUS_FIELDS, &fields).map_err(|name| invalid(&name))?;
    let entity = text(&row, "ENTITY_ID").to_owned();
    let sibling = call
        .world
        .statuses
        .values()
        .find(|row| text(row, "ENTITY_ID") == entity);
    let sibling = sibling.ok_or_else(|| RestError::legacy("ENTITY_ID is not defined or invalid."))?;
    for name in ["STATUS_ID", "NAME"] {
        if text(&row, name).is_empty() {
            return Err(RestError::legacy(format!("The field '{name}' is required.")));
        }
    }
    // Stages of funnels get the prefix of their funnel.
    let prefix = text(sibling, "STATUS_ID")
        .split_once(':')
        .map(|(prefix, _)| format!("{prefix}:"));
    let status = text(&row, "STATUS_ID").to_owned();
    let status = match prefix {
        Some(prefix) if !status.starts_with(&prefix) => format!("{prefix}{status}"),
        _ => status,
    };
    let category = sibling.get("CATEGORY_ID").cloned().unwrap_or(Cell::Empty);
    let taken = |row: &Row| text(row, "ENTITY_ID") == entity && text(row, "STATUS_ID") == status;
    if call.world.statuses.values().any(taken) {
        return Err(RestError::legacy("CRM Status with this STATUS_ID already exists."));
    }
    let id = call.world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    row.insert("STATUS_ID".to_owned(), Cell::text(status));
    row.insert("CATEGORY_ID".to_owned(), category);
    call.world.statuses.insert(id, row);
    Ok(number(id).into())
}

fn status_update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    let row = call.world.statuses.get_mut(&id).ok_or_else(status_missing)?;
    let mut new = row.clone();
    fill(&mut new, STATUS_FIELDS, &fields).map_err(|name| invalid(&name))?;
    for key in ["ENTITY_ID", "STATUS_ID", "SYSTEM", "CATEGORY_ID"] {
        new.insert(key.to_owned(), row.get(key).cloned().unwrap_or(Cell::Empty));
    }
    *row = new;
    Ok(Php::Bool(true).into())
}

fn status_delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let row = call.world.statuses.get(&id).ok_or_else(status_missing)?;
    let forced = call.param("params").and_then(|params| params.get_any_case("FORCED"));
    if row.get("SYSTEM") == Some(&Cell::Flag(true)) && !forced.is_some_and(Php::is_yes) {
        return Err(RestError::legacy(
            "CRM System Status can be deleted only if parameter FORCED is specified.",
        ));
    }
    call.world.statuses.remove(&id);
    Ok(Php::Bool(true).into())
}
