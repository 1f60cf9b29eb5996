//! Pipelines of leads and their stages, read.

use serde_json::{Value, json};

use super::{
    call::Call,
    listing,
    reply::{Outcome, Reply},
    world::{ACCOUNT_ID, LOST, Pipeline, Status, WON},
};

pub fn pipeline_json(call: &Call<'_>, pipeline: &Pipeline) -> Value {
    let statuses: Vec<Value> = pipeline
        .statuses
        .iter()
        .map(|status| status_json(call, pipeline, status))
        .collect();
    json!({
        "id": pipeline.id,
        "name": pipeline.name,
        "sort": pipeline.sort,
        "is_main": pipeline.main,
        "is_unsorted_on": true,
        "is_archive": false,
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": call.href(&format!("leads/pipelines/{}", pipeline.id))}},
        "_embedded": {"statuses": statuses},
    })
}

pub fn status_json(call: &Call<'_>, pipeline: &Pipeline, status: &Status) -> Value {
    let href = call.href(&format!("leads/pipelines/{}/statuses/{}", pipeline.id, status.id));
    let mut shown = json!({
        "id": status.id,
        "name": status.name,
        "sort": status.sort,
        "is_editable": ![WON, LOST].contains(&status.id) && status.kind == 0,
        "pipeline_id": pipeline.id,
        "color": status.color,
        "type": status.kind,
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": href}},
    });
    if call.with("descriptions") {
        shown["descriptions"] = json!([]);
    }
    shown
}

pub fn list(call: &Call<'_>) -> Outcome {
    let rows = call
        .world
        .pipelines
        .iter()
        .map(|pipeline| pipeline_json(call, pipeline))
        .collect();
    Ok(listing::whole(call, "pipelines", rows))
}

pub fn get(call: &Call<'_>, id: i64) -> Outcome {
    let pipeline = call.world.pipeline(id);
    Ok(pipeline.map_or_else(Reply::no_content, |pipeline| Reply::hal(pipeline_json(call, pipeline))))
}

pub fn statuses(call: &Call<'_>, id: i64) -> Outcome {
    let rows = call.world.pipeline(id).map_or_else(Vec::new, |pipeline| {
        pipeline
            .statuses
            .iter()
            .map(|status| status_json(call, pipeline, status))
            .collect()
    });
    Ok(listing::whole(call, "statuses", rows))
}

pub fn status(call: &Call<'_>, pipeline: i64, id: i64) -> Outcome {
    let found = call
        .world
        .pipeline(pipeline)
        .and_then(|pipeline| Some((pipeline, pipeline.statuses.iter().find(|status| status.id == id)?)));
    Ok(found.map_or_else(Reply::no_content, |(pipeline, status)| {
        Reply::hal(status_json(call, pipeline, status))
    }))
}
