//! Tasks of people, on leads, contacts and companies (elements have none).

use serde_json::{Value, json};

use super::{
    call::{Call, request_id, whole},
    filter,
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, ADMIN, Object, World},
};

fn show(call: &Call<'_>, task: &Object) -> Value {
    let mut shown = task.clone();
    let href = call.href(&format!("tasks/{}", int(task, "id")));
    shown.insert("_links".into(), json!({"self": {"href": href}}));
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    Value::Object(shown)
}

fn int(object: &Object, key: &str) -> i64 {
    object.get(key).and_then(Value::as_i64).unwrap_or_default()
}

pub fn list(call: &Call<'_>) -> Outcome {
    let names = [
        "id",
        "entity_id",
        "entity_type",
        "responsible_user_id",
        "created_by",
        "task_type_id",
        "is_completed",
        "updated_at",
    ];
    let mut tasks: Vec<&Object> = call
        .world
        .tasks
        .values()
        .filter(|task| filter::fits_all(call, &names, task) && filter::is_fresh(call, task))
        .filter(|task| {
            call.filter("task_type")
                .is_none_or(|kinds| filter::fits(kinds, task.get("task_type_id")))
        })
        .collect();
    filter::sort(call, &mut tasks, &["created_at", "complete_till", "id"], |task, key| {
        int(task, key)
    });
    Ok(listing::page(call, "tasks", &tasks, listing::LIMIT_MAX, |task| {
        show(call, task)
    }))
}

pub fn get(call: &Call<'_>, id: i64) -> Outcome {
    let task = call.world.tasks.get(&id);
    Ok(task.map_or_else(Reply::no_content, |task| Reply::hal(show(call, task))))
}

pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    let mut tasks = Vec::new();
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut errors = Vec::new();
        for (key, is_text) in [("text", true), ("complete_till", false)] {
            let value = item.get(key);
            let fits = if is_text {
                value.and_then(Value::as_str).is_some_and(|text| !text.is_empty())
            } else {
                value.and_then(whole).is_some()
            };
            if !fits {
                errors.push(Invalid::blank(key));
            }
        }
        let blank = json!({
            "created_by": ADMIN,
            "created_at": call.now_s,
            "responsible_user_id": ADMIN,
            "group_id": 0,
            "entity_id": null,
            "entity_type": null,
            "duration": 0,
            "is_completed": false,
            "task_type_id": 1,
            "text": "",
            "result": [],
            "complete_till": null,
        });
        let mut task = blank.as_object().cloned().unwrap_or_default();
        errors.extend(change(call.world, &mut task, item));
        if errors.is_empty() {
            tasks.push((task, request_id(item, at)));
        } else {
            invalid.push((request_id(item, at), errors));
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (mut task, request_id) in tasks {
        let id = call.world.new_id();
        task.insert("id".into(), json!(id));
        if let Some(kind) = task.get("entity_type").and_then(Value::as_str).and_then(Kind::of) {
            let told = json!([{"task": {"id": id}}]);
            let card = (kind, int(&task, "entity_id"));
            call.world.happened("task_added", card, call.now_s, (json!([]), told));
        }
        written.push(keep(call, task, &request_id));
    }
    Ok(listing::written(call, "tasks", written))
}

fn keep(call: &mut Call<'_>, mut task: Object, request_id: &str) -> Value {
    let id = int(&task, "id");
    task.insert("updated_at".into(), json!(call.now_s));
    task.insert("updated_by".into(), json!(ADMIN));
    call.world.tasks.insert(id, task);
    json!({
        "id": id,
        "updated_at": call.now_s,
        "request_id": request_id,
        "_links": {"self": {"href": call.href(&format!("tasks/{id}"))}},
    })
}

/// Puts what a request says over a task.
fn change(world: &World, task: &mut Object, item: &Object) -> Vec<Invalid> {
    let mut errors = Vec::new();
    for (key, is_text) in [
        ("text", true),
        ("complete_till", false),
        ("duration", false),
        ("task_type_id", false),
        ("responsible_user_id", false),
        ("created_by", false),
        ("created_at", false),
    ] {
        match item.get(key) {
            None | Some(Value::Null) => {}
            Some(value) if is_text && value.is_string() => {
                task.insert(key.to_owned(), value.clone());
            }
            Some(value) if !is_text && whole(value).is_some() => {
                task.insert(key.to_owned(), json!(whole(value)));
            }
            Some(_) => errors.push(Invalid::kind(key, if is_text { "string" } else { "int" })),
        }
    }
    if let Some(kind) = item.get("entity_type").filter(|kind| !kind.is_null()) {
        let card = item.get("entity_id").and_then(Value::as_i64);
        match (kind.as_str().and_then(Kind::of), card) {
            (None, _) => errors.push(Invalid::choice("entity_type")),
            (Some(_), None) => errors.push(Invalid::blank("entity_id")),
            (Some(kind), Some(card)) if !world.holds(kind, card) => errors.push(Invalid::choice("entity_id")),
            (Some(kind), Some(card)) => {
                task.insert("entity_type".into(), json!(kind.name()));
                task.insert("entity_id".into(), json!(card));
            }
        }
    }
    if let Some(done) = item.get("is_completed").and_then(Value::as_bool) {
        task.insert("is_completed".into(), json!(done));
    }
    if let Some(Value::Object(result)) = item.get("result") {
        task.insert("result".into(), json!({"text": result.get("text")}));
    }
    errors
}

/// One task by its address, or several by their ids.
pub fn update(call: &mut Call<'_>, id: Option<i64>) -> Outcome {
    let items = match id {
        Some(_) => vec![call.item()?],
        None => call.items()?,
    };
    let mut tasks = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let request_id = request_id(item, at);
        let Some(mut task) = call.world.tasks.get(&id.unwrap_or_else(|| int(item, "id"))).cloned() else {
            return Err(match id {
                Some(_) => Problem::not_found(),
                None => Problem::invalid(vec![(request_id, vec![Invalid::choice("id")])]),
            });
        };
        let errors = change(call.world, &mut task, item);
        if !errors.is_empty() {
            return Err(Problem::invalid(vec![(request_id, errors)]));
        }
        tasks.push((task, request_id));
    }
    let mut written: Vec<Value> = tasks
        .into_iter()
        .map(|(task, request_id)| keep(call, task, &request_id))
        .collect();
    match (id, written.pop()) {
        (Some(_), Some(shown)) => Ok(Reply::hal(shown)),
        (_, last) => {
            written.extend(last);
            Ok(listing::written(call, "tasks", written))
        }
    }
}
