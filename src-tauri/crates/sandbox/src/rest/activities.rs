//! Activities of the CRM: to-dos, what they are bound to, and the marks of an outside system on them.

use super::{
    CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, described, fill, invalid, number, rows_list, table, whole},
    write,
};
use crate::{
    cell::{Cell, Kind},
    php::Php,
    queue::Deed,
    records::ACTIVITY_FIELDS,
    schema::Row,
    world::int,
};

/// The type of activities that a provider describes.
const BY_PROVIDER: i64 = 6;

pub static METHODS: &[Method] = &[
    write("crm.activity.todo.add", CRM, todo_add),
    write("crm.activity.todo.update", CRM, todo_update),
    write("crm.activity.todo.updateDeadline", CRM, todo_update),
    write("crm.activity.todo.updateDescription", CRM, todo_update),
    read("crm.activity.list", CRM, list),
    read("crm.activity.get", CRM, get),
    read("crm.activity.fields", CRM, |_| Ok(described(ACTIVITY_FIELDS).into())),
    write("crm.activity.add", CRM, add),
    write("crm.activity.update", CRM, update),
    write("crm.activity.delete", CRM, delete),
    write("crm.activity.binding.add", CRM, binding_add),
    read("crm.activity.binding.list", CRM, binding_list),
    write("crm.activity.binding.delete", CRM, binding_delete),
];

fn told(call: &mut Call<'_>, deed: Deed, id: i64) {
    let connector = call.connector();
    call.world.thing_event(
        "ACTIVITY",
        deed,
        id,
        call.caller.user,
        call.now_ms,
        connector.as_deref(),
    );
}

fn owner(call: &Call<'_>) -> Result<(i64, i64), RestError> {
    let owner = (call.int("ownerTypeId")?, call.int("ownerId")?);
    match call.world.item(owner.0, owner.1) {
        Some(_) => Ok(owner),
        None => Err(RestError::new(400, "OWNER_NOT_FOUND", "Owner was not found")),
    }
}

fn deadline(call: &Call<'_>) -> Result<Cell, RestError> {
    let text = call.text("deadline")?;
    Cell::read_text(Kind::Moment, &text)
        .ok_or_else(|| RestError::new(400, "WRONG_DATETIME_FORMAT", "Wrong format of the deadline"))
}

fn kept(call: &mut Call<'_>, mut row: Row) -> i64 {
    let id = call.world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    row.insert("AUTHOR_ID".to_owned(), Cell::Int(call.caller.user));
    for key in ["CREATED", "LAST_UPDATED"] {
        row.insert(key.to_owned(), Cell::Moment(call.now_ms));
    }
    call.world.activities.insert(id, row);
    told(call, Deed::Add, id);
    id
}

fn todo_add(call: &mut Call<'_>) -> Outcome {
    let (owner_type, owner) = owner(call)?;
    let deadline = deadline(call)?;
    let text = |name: &str| call.param(name).and_then(Php::as_text).unwrap_or_default();
    let title = text("title");
    let responsible = call.param("responsibleId").and_then(Php::as_int);
    if responsible.is_some_and(|user| !call.world.users.contains_key(&user)) {
        return Err(RestError::new(
            400,
            "CAN_NOT_ADD_TODO",
            "There is no such responsible user",
        ));
    }
    let row = cells([
        ("OWNER_TYPE_ID", Cell::Int(owner_type)),
        ("OWNER_ID", Cell::Int(owner)),
        ("TYPE_ID", Cell::Int(BY_PROVIDER)),
        ("PROVIDER_ID", Cell::text("CRM_TODO")),
        ("PROVIDER_TYPE_ID", Cell::text("TODO")),
        ("SUBJECT", Cell::text(if title.is_empty() { "Дело" } else { &title })),
        ("DESCRIPTION", Cell::text(text("description"))),
        ("DEADLINE", deadline.clone()),
        ("END_TIME", deadline),
        ("COMPLETED", Cell::Flag(false)),
        ("STATUS", Cell::Int(1)),
        ("PRIORITY", Cell::Int(2)),
        ("RESPONSIBLE_ID", Cell::Int(responsible.unwrap_or(call.caller.user))),
    ]);
    let id = kept(call, row);
    Ok(Php::map([("id", number(id))]).into())
}

fn todo_update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let deadline = match call.param("deadline") {
        Some(_) => Some(deadline(call)?),
        None => None,
    };
    let texts: Vec<(&str, String)> = [("title", "SUBJECT"), ("description", "DESCRIPTION")]
        .into_iter()
        .filter_map(|(name, key)| Some((key, call.param(name)?.as_text()?)))
        .collect();
    let now_ms = call.now_ms;
    let row = call.world.activities.get_mut(&id).ok_or_else(no_todo)?;
    for (key, text) in texts {
        row.insert(key.to_owned(), Cell::text(text));
    }
    for key in ["DEADLINE", "END_TIME"] {
        if let Some(deadline) = &deadline {
            row.insert(key.to_owned(), deadline.clone());
        }
    }
    row.insert("LAST_UPDATED".to_owned(), Cell::Moment(now_ms));
    told(call, Deed::Update, id);
    Ok(Php::map([("id", number(id))]).into())
}

fn no_todo() -> RestError {
    RestError::new(400, "NOT_FOUND", "Element not found")
}

fn not_found() -> RestError {
    RestError::legacy("Activity is not found.")
}

fn list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &table(ACTIVITY_FIELDS), call.world.activities.values())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.activities.get(&call.int("id")?).ok_or_else(not_found)?;
    Ok(whole(ACTIVITY_FIELDS, row).into())
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = Row::new();
    fill(&mut row, ACTIVITY_FIELDS, &fields).map_err(|name| invalid(&name))?;
    if call
        .world
        .item(int(&row, "OWNER_TYPE_ID"), int(&row, "OWNER_ID"))
        .is_none()
    {
        return Err(RestError::legacy("Owner was not found."));
    }
    Ok(number(kept(call, row)).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    let now_ms = call.now_ms;
    let row = call.world.activities.get_mut(&id).ok_or_else(not_found)?;
    let mut new = row.clone();
    fill(&mut new, ACTIVITY_FIELDS, &fields).map_err(|name| invalid(&name))?;
    new.insert("LAST_UPDATED".to_owned(), Cell::Moment(now_ms));
    *row = new;
    told(call, Deed::Update, id);
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.activities.remove(&id).ok_or_else(not_found)?;
    call.world.bindings.remove(&id);
    told(call, Deed::Delete, id);
    Ok(Php::Bool(true).into())
}

fn bound(call: &Call<'_>) -> Result<(i64, (i64, i64)), RestError> {
    let id = call.int("activityId")?;
    if !call.world.activities.contains_key(&id) {
        return Err(RestError::new(400, "NOT_FOUND", "Activity not found"));
    }
    Ok((id, (call.int("entityTypeId")?, call.int("entityId")?)))
}

/// Binds to what does not exist as readily as to what does.
fn binding_add(call: &mut Call<'_>) -> Outcome {
    let (id, object) = bound(call)?;
    let row = call.world.activities.get(&id).ok_or_else(not_found)?;
    let owner = (int(row, "OWNER_TYPE_ID"), int(row, "OWNER_ID"));
    let bindings = call.world.bindings.entry(id).or_default();
    if object == owner || bindings.contains(&object) {
        return Err(RestError::new(
            400,
            "ACTIVITY_IS_ALREADY_BOUND",
            "Activity is already bound",
        ));
    }
    bindings.push(object);
    Ok(Php::Bool(true).into())
}

fn binding_list(call: &mut Call<'_>) -> Outcome {
    let id = call.int("activityId")?;
    let row = call
        .world
        .activities
        .get(&id)
        .ok_or_else(|| RestError::new(400, "NOT_FOUND", "Activity not found"))?;
    let owner = (int(row, "OWNER_TYPE_ID"), int(row, "OWNER_ID"));
    let all = std::iter::once(owner).chain(call.world.bindings.get(&id).into_iter().flatten().copied());
    let shown = all.map(|(entity, id)| Php::map([("entityTypeId", number(entity)), ("entityId", number(id))]));
    Ok(Php::list(shown).into())
}

fn binding_delete(call: &mut Call<'_>) -> Outcome {
    let (id, object) = bound(call)?;
    let bindings = call.world.bindings.entry(id).or_default();
    let before = bindings.len();
    bindings.retain(|binding| *binding != object);
    if bindings.len() == before {
        return Err(RestError::new(400, "BINDING_NOT_FOUND", "Binding not found"));
    }
    Ok(Php::Bool(true).into())
}
