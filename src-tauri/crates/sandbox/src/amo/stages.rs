//! Changing pipelines and their stages, as a portal's owner does while programs are connected.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    listing,
    pipelines::{pipeline_json, status_json},
    reply::{Invalid, Outcome, Problem, Reply},
    world::{LOST, Object, Pipeline, Status, WON, World},
};

/// Stages a pipeline may have beside the incoming one and the two last ones.
const STATUSES_MAX: usize = 100;

fn text(item: &Object, key: &str) -> Option<String> {
    item.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn named(items: &[Object]) -> Result<(), Problem> {
    let nameless = items
        .iter()
        .position(|item| text(item, "name").is_none_or(|name| name.is_empty()));
    nameless.map_or(Ok(()), |at| {
        Err(Problem::invalid(vec![(
            request_id(&items[at], at),
            vec![Invalid::blank("name")],
        )]))
    })
}

/// A new pipeline has the incoming stage, those it asks for, and the two last ones.
pub fn create(call: &mut Call<'_>) -> Outcome {
    let items = call.items()?;
    named(&items)?;
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Some(model) = call.world.main_pipeline().cloned() else {
            return Err(Problem::not_found());
        };
        let id = call.world.new_id();
        let asked = item
            .get("_embedded")
            .and_then(|embedded| embedded.get("statuses"))
            .and_then(Value::as_array);
        let mut statuses: Vec<Status> = Vec::new();
        for status in &model.statuses {
            let is_last = [WON, LOST].contains(&status.id);
            if is_last || status.kind == 1 || asked.is_none() {
                let id = if is_last { status.id } else { call.world.new_id() };
                statuses.push(Status { id, ..status.clone() });
            }
        }
        for (status, sort) in asked.into_iter().flatten().filter_map(Value::as_object).zip(2_i64..) {
            match statuses.iter_mut().find(|own| status.get("id") == Some(&json!(own.id))) {
                Some(own) => change(own, status),
                None => statuses.push(made(call.world, status, sort * 10)),
            }
        }
        statuses.sort_by_key(|status| status.sort);
        let pipeline = Pipeline {
            id,
            name: text(item, "name").unwrap_or_default(),
            sort: item.get("sort").and_then(Value::as_i64).unwrap_or(model.sort + 1),
            main: item.get("is_main").and_then(Value::as_bool).unwrap_or(false),
            statuses,
        };
        let mut shown = pipeline_json(call, &pipeline);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
        if pipeline.main {
            one_main(call.world, id);
        }
        call.world.pipelines.push(pipeline);
    }
    Ok(listing::written(call, "pipelines", written))
}

fn one_main(world: &mut World, id: i64) {
    for pipeline in &mut world.pipelines {
        pipeline.main = pipeline.id == id;
    }
}

fn made(world: &mut World, item: &Object, sort: i64) -> Status {
    let mut status = Status {
        id: world.new_id(),
        name: String::new(),
        sort,
        kind: 0,
        color: "#99ccff".to_owned(),
    };
    change(&mut status, item);
    status
}

fn change(status: &mut Status, item: &Object) {
    if let Some(name) = text(item, "name") {
        status.name = name;
    }
    if let Some(color) = text(item, "color") {
        status.color = color;
    }
    if let Some(sort) = item
        .get("sort")
        .and_then(Value::as_i64)
        .filter(|_| ![WON, LOST].contains(&status.id))
    {
        status.sort = sort;
    }
}

fn pipeline_mut(world: &mut World, id: i64) -> Result<&mut Pipeline, Problem> {
    let found = world.pipelines.iter_mut().find(|pipeline| pipeline.id == id);
    found.ok_or_else(Problem::not_found)
}

pub fn update(call: &mut Call<'_>, id: i64) -> Outcome {
    let item = call.item()?;
    let pipeline = pipeline_mut(call.world, id)?;
    if let Some(name) = text(&item, "name") {
        pipeline.name = name;
    }
    if let Some(sort) = item.get("sort").and_then(Value::as_i64) {
        pipeline.sort = sort;
    }
    if item.get("is_main") == Some(&json!(true)) {
        one_main(call.world, id);
    }
    let pipeline = pipeline_mut(call.world, id)?.clone();
    Ok(Reply::hal(pipeline_json(call, &pipeline)))
}

/// The main pipeline stays, and so does one that leads are in.
pub fn delete(call: &mut Call<'_>, id: i64) -> Outcome {
    if pipeline_mut(call.world, id)?.main {
        return Err(Problem::new(403, "The main pipeline cannot be deleted"));
    }
    if call.world.leads.values().any(|lead| lead.int("pipeline_id") == id) {
        return Err(Problem::new(403, "The pipeline has leads"));
    }
    call.world.pipelines.retain(|pipeline| pipeline.id != id);
    Ok(Reply::no_content())
}

pub fn create_statuses(call: &mut Call<'_>, id: i64) -> Outcome {
    let items = call.items()?;
    named(&items)?;
    if pipeline_mut(call.world, id)?.statuses.len() + items.len() > STATUSES_MAX {
        return Err(Problem::new(400, "The number of statuses in a pipeline is limited"));
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let own = pipeline_mut(call.world, id)?;
        let last = own.open_statuses().map(|status| status.sort).max().unwrap_or(10);
        let status = made(call.world, item, last + 10);
        let pipeline = pipeline_mut(call.world, id)?;
        pipeline.statuses.push(status.clone());
        pipeline.statuses.sort_by_key(|status| status.sort);
        let pipeline = pipeline.clone();
        let mut shown = status_json(call, &pipeline, &status);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
    }
    Ok(listing::written(call, "statuses", written))
}

pub fn update_status(call: &mut Call<'_>, id: i64, status: i64) -> Outcome {
    let item = call.item()?;
    let pipeline = pipeline_mut(call.world, id)?;
    let own = pipeline
        .statuses
        .iter_mut()
        .find(|own| own.id == status)
        .ok_or_else(Problem::not_found)?;
    change(own, &item);
    let own = own.clone();
    pipeline.statuses.sort_by_key(|status| status.sort);
    let pipeline = pipeline.clone();
    Ok(Reply::hal(status_json(call, &pipeline, &own)))
}

pub fn delete_status(call: &mut Call<'_>, id: i64, status: i64) -> Outcome {
    remove(call.world, id, status, call.now_s)?;
    Ok(Reply::no_content())
}

/// The incoming stage and the two last ones stay; leads of a deleted one go to the first open one.
///
/// # Errors
/// There is no such stage, or it stays.
pub fn remove(world: &mut World, id: i64, status: i64, now_s: i64) -> Result<(), Problem> {
    let pipeline = pipeline_mut(world, id)?;
    let open: Vec<i64> = pipeline.open_statuses().map(|own| own.id).collect();
    if !pipeline.statuses.iter().any(|own| own.id == status) {
        return Err(Problem::not_found());
    }
    if !open.contains(&status) {
        return Err(Problem::new(403, "The status cannot be deleted"));
    }
    let Some(first) = open.into_iter().find(|own| *own != status) else {
        return Err(Problem::new(403, "The last status cannot be deleted"));
    };
    pipeline.statuses.retain(|own| own.id != status);
    for lead in world.leads.values_mut() {
        if lead.int("status_id") == status {
            lead.set("status_id", first);
            lead.set("updated_at", now_s);
        }
    }
    Ok(())
}
