//! Tasks, and notes to people in the messenger.

use super::{
    Answer, Call, Method, Outcome, RestError, read,
    rows::{cells, fill, number, table},
    write,
};
use crate::{
    cell::{Cell, Kind},
    listing::{Query, Select},
    php::Php,
    records::TASK_FIELDS,
    schema::Row,
    world::{int, text},
};

const TASK: &[&str] = &["task", "tasks", "tasks_extended"];
const IM: &[&str] = &["im"];
/// Links of a task to objects of the CRM, as `SI_315`.
const LINKS: &str = "ufCrmTask";
const PENDING: i64 = 2;
const STARTED: i64 = 3;
const COMPLETED: i64 = 5;
const DEFERRED: i64 = 6;

pub static METHODS: &[Method] = &[
    write("tasks.task.add", TASK, add),
    read("tasks.task.get", TASK, get),
    read("tasks.task.list", TASK, list),
    write("tasks.task.update", TASK, update),
    read("tasks.task.getFields", TASK, |_| Ok(fields().into())),
    write("tasks.task.complete", TASK, |call| step(call, COMPLETED)),
    write("tasks.task.start", TASK, |call| step(call, STARTED)),
    write("tasks.task.pause", TASK, |call| step(call, PENDING)),
    write("tasks.task.renew", TASK, |call| step(call, PENDING)),
    write("tasks.task.defer", TASK, |call| step(call, DEFERRED)),
    write("tasks.task.delete", TASK, delete),
    write("im.notify.system.add", IM, notify),
    write("im.notify.personal.add", IM, notify),
    write("im.notify", IM, notify),
    write("im.notify.delete", IM, notify_delete),
];

fn core(text: &str) -> RestError {
    RestError::new(400, "ERROR_CORE", text)
}

fn not_found() -> RestError {
    core("Task not found or not accessible.")
}

/// A task as this generation shows it.
pub fn shown(row: &Row) -> Php {
    let fields = TASK_FIELDS.iter().map(|field| {
        let cell = row.get(field.key).unwrap_or(&Cell::Empty);
        let empty = cell.is_empty() && matches!(field.kind, Kind::Moment | Kind::Text);
        let value = if empty { Php::Null } else { cell.legacy(field.kind) };
        (field.key, value)
    });
    let mut task = Php::map(fields);
    let links = match row.get(LINKS) {
        Some(Cell::Many(links)) if !links.is_empty() => Php::list(links.iter().map(|link| link.legacy(Kind::Text))),
        _ => Php::Bool(false),
    };
    task.set(LINKS, links);
    task
}

fn filled(call: &Call<'_>, row: &mut Row) -> Result<(), RestError> {
    let fields = call.fields()?;
    fill(row, TASK_FIELDS, fields).map_err(|name| core(&format!("Invalid value of the field '{name}'")))?;
    if let Some(links) = fields.get_any_case("UF_CRM_TASK") {
        let links = links.texts().into_iter().filter(|link| !link.is_empty());
        row.insert(LINKS.to_owned(), Cell::Many(links.map(Cell::text).collect()));
    }
    Ok(())
}

fn add(call: &mut Call<'_>) -> Outcome {
    let mut row = cells([
        ("status", Cell::Int(PENDING)),
        ("priority", Cell::Int(1)),
        ("createdBy", Cell::Int(call.caller.user)),
        ("createdDate", Cell::Moment(call.now_ms)),
        ("changedDate", Cell::Moment(call.now_ms)),
    ]);
    filled(call, &mut row)?;
    if text(&row, "title").is_empty() {
        return Err(core("Не указано название задачи."));
    }
    if !call.world.users.contains_key(&int(&row, "responsibleId")) {
        return Err(core("Не указан ответственный"));
    }
    let id = call.world.new_id();
    row.insert("id".to_owned(), Cell::Int(id));
    let task = shown(&row);
    call.world.tasks.insert(id, row);
    Ok(Php::map([("task", task)]).into())
}

fn task_id(call: &Call<'_>) -> Result<i64, RestError> {
    call.int("taskId").or_else(|_| call.int("id"))
}

fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.tasks.get(&task_id(call)?).ok_or_else(not_found)?;
    Ok(Php::map([("task", shown(row))]).into())
}

fn list(call: &mut Call<'_>) -> Outcome {
    let mut params = call.params.clone();
    // The links are found by one of them.
    let mut filter = call.param("filter").cloned().unwrap_or_else(Php::empty);
    let link = filter.get_any_case("UF_CRM_TASK").map(Php::texts);
    if let Php::Map(entries) = &mut filter {
        entries.retain(|(key, _)| !key.eq_ignore_ascii_case("UF_CRM_TASK"));
    }
    params.set("filter", filter);
    let linked = |row: &&Row| match (&link, row.get(LINKS)) {
        (None, _) => true,
        (Some(wanted), Some(Cell::Many(links))) => {
            links.iter().any(|link| wanted.iter().any(|one| one == link.as_text()))
        }
        (Some(_), _) => false,
    };
    let page = Query::new(&table(TASK_FIELDS), &params)?.page(call.world.tasks.values().filter(linked));
    let names = Select::new(call.params);
    let chosen = |row: &Row| match (shown(row), names.names().is_empty()) {
        (Php::Map(entries), false) => Php::Map(
            entries
                .into_iter()
                .filter(|(key, _)| key == "id" || names.asks(key))
                .collect(),
        ),
        (task, _) => task,
    };
    let tasks = Php::list(page.rows.iter().map(|row| chosen(row)));
    Ok(Answer::page(Php::map([("tasks", tasks)]), &page))
}

fn change(call: &mut Call<'_>, id: i64, edit: impl FnOnce(&Call<'_>, &mut Row) -> Result<(), RestError>) -> Outcome {
    let mut row = call.world.tasks.get(&id).cloned().ok_or_else(not_found)?;
    edit(call, &mut row)?;
    row.insert("changedDate".to_owned(), Cell::Moment(call.now_ms));
    let task = shown(&row);
    call.world.tasks.insert(id, row);
    Ok(Php::map([("task", task)]).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = task_id(call)?;
    change(call, id, filled)
}

/// Another status, and with it whether the task is closed.
fn step(call: &mut Call<'_>, status: i64) -> Outcome {
    let id = task_id(call)?;
    change(call, id, |call, row| {
        row.insert("status".to_owned(), Cell::Int(status));
        if status == COMPLETED {
            row.insert("closedDate".to_owned(), Cell::Moment(call.now_ms));
        } else {
            row.remove("closedDate");
        }
        Ok(())
    })
}

fn fields() -> Php {
    let fields = TASK_FIELDS.iter().map(|field| {
        let kind = match field.kind {
            Kind::Moment => "datetime",
            Kind::Int => "integer",
            _ => "string",
        };
        let about = Php::map([("title", Php::text(field.title)), ("type", Php::text(kind))]);
        (field.upper, about)
    });
    let links = Php::map([("title", Php::text("Элементы CRM")), ("type", Php::text("crm"))]);
    let fields = fields.chain([("UF_CRM_TASK", links)]);
    Php::map([("fields", Php::map(fields))])
}

fn delete(call: &mut Call<'_>) -> Outcome {
    call.world.tasks.remove(&task_id(call)?).ok_or_else(not_found)?;
    Ok(Php::map([("task", Php::Bool(true))]).into())
}

/// A note replaces the one with the same tag.
fn notify(call: &mut Call<'_>) -> Outcome {
    let text = |name: &str| call.param(name).and_then(Php::as_text).unwrap_or_default();
    let user = call.param("USER_ID").or_else(|| call.param("to")).and_then(Php::as_int);
    let user = user
        .filter(|user| call.world.users.contains_key(user))
        .ok_or_else(|| RestError::new(400, "USER_ID_EMPTY", "User ID can't be empty"))?;
    let message = text("MESSAGE");
    if message.is_empty() {
        return Err(RestError::new(400, "MESSAGE_EMPTY", "Message can't be empty"));
    }
    let tag = text("TAG");
    if !tag.is_empty() && !call.caller.application && text("CLIENT_ID").is_empty() {
        return Err(RestError::new(400, "CLIENT_ID_EMPTY", "Client ID can't be empty"));
    }
    let row = cells([
        ("USER_ID", Cell::Int(user)),
        ("MESSAGE", Cell::text(message)),
        ("TAG", Cell::text(&*tag)),
        ("CLIENT_ID", Cell::text(text("CLIENT_ID"))),
        ("CREATED", Cell::Moment(call.now_ms)),
    ]);
    if !tag.is_empty() {
        let same = |old: &Row| crate::world::text(old, "TAG") == tag && int(old, "USER_ID") == user;
        call.world.notifications.retain(|_, old| !same(old));
    }
    let id = call.world.new_id();
    call.world.notifications.insert(id, row);
    Ok(number(id).into())
}

fn notify_delete(call: &mut Call<'_>) -> Outcome {
    let gone = match call.param("ID").and_then(Php::as_int) {
        Some(id) => call.world.notifications.remove(&id).is_some(),
        None => {
            let tag = call.text("TAG")?;
            let before = call.world.notifications.len();
            call.world.notifications.retain(|_, row| text(row, "TAG") != tag);
            call.world.notifications.len() < before
        }
    };
    Ok(Php::Bool(gone).into())
}
