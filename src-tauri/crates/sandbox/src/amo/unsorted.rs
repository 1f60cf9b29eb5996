//! Leads that nobody has looked at yet, from forms and calls: added by programs, then accepted, declined or linked.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    complex, filter,
    kind::Kind,
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, ADMIN, LOST, Object, World},
};

/// Of the four there are, a program adds these two.
const ADDED: [&str; 2] = ["sip", "forms"];
const CATEGORIES: [&str; 4] = ["sip", "mail", "forms", "chats"];

/// What must be told of where it came from.
fn needed(category: &str) -> &'static [&'static str] {
    match category {
        "sip" => &["from", "phone", "called_at", "duration", "link", "service_code", "uniq"],
        _ => &["form_id", "form_name", "form_page", "form_sent_at", "ip"],
    }
}

fn text<'a>(object: &'a Object, key: &str) -> &'a str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn int(object: &Object, key: &str) -> i64 {
    object.get(key).and_then(Value::as_i64).unwrap_or_default()
}

/// What hangs on it now.
fn embedded(call: &Call<'_>, lead: i64) -> Value {
    let link = |kind: Kind, id: i64| json!({"id": id, "_links": {"self": {"href": call.href(&format!("{}/{id}", kind.name()))}}});
    let of = |kind: Kind| -> Vec<Value> {
        let own = (Kind::Leads, lead);
        let links = call.world.links.iter();
        let ends = links.filter(|one| one.from == own && one.to.0 == kind);
        ends.map(|one| link(kind, one.to.1)).collect()
    };
    let leads: Vec<Value> = call
        .world
        .leads
        .get(&lead)
        .map(|_| link(Kind::Leads, lead))
        .into_iter()
        .collect();
    json!({"contacts": of(Kind::Contacts), "leads": leads, "companies": of(Kind::Companies)})
}

fn show(call: &Call<'_>, unsorted: &Object) -> Value {
    let mut shown = unsorted.clone();
    for inner in ["lead", "decided", "decided_at"] {
        shown.remove(inner);
    }
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    let href = call.href(&format!("leads/unsorted/{}", text(unsorted, "uid")));
    shown.insert("_links".into(), json!({"self": {"href": href}}));
    shown.insert("_embedded".into(), embedded(call, int(unsorted, "lead")));
    Value::Object(shown)
}

fn is_waiting(unsorted: &Object) -> bool {
    !unsorted.contains_key("decided")
}

pub fn list(call: &Call<'_>) -> Outcome {
    let names = ["uid", "pipeline_id", "category"];
    let mut found: Vec<&Object> = call
        .world
        .unsorted
        .iter()
        .filter(|unsorted| is_waiting(unsorted) && filter::fits_all(call, &names, unsorted))
        .collect();
    filter::sort(call, &mut found, &["created_at", "updated_at"], |unsorted, _| {
        int(unsorted, "created_at")
    });
    Ok(listing::page(
        call,
        "unsorted",
        &found,
        listing::LIMIT_MAX,
        |unsorted| show(call, unsorted),
    ))
}

pub fn get(call: &Call<'_>, uid: &str) -> Outcome {
    let found = call.world.unsorted.iter().find(|unsorted| text(unsorted, "uid") == uid);
    Ok(found.map_or_else(Reply::no_content, |unsorted| Reply::hal(show(call, unsorted))))
}

/// How many there were and what became of them.
pub fn summary(call: &Call<'_>) -> Outcome {
    let names = ["uid", "pipeline_id", "created_at"];
    let all: Vec<&Object> = call
        .world
        .unsorted
        .iter()
        .filter(|unsorted| filter::fits_all(call, &names, unsorted))
        .collect();
    let decided = |how: &str| all.iter().filter(|unsorted| text(unsorted, "decided") == how).count();
    let waits: Vec<i64> = all
        .iter()
        .filter(|unsorted| !is_waiting(unsorted))
        .map(|unsorted| int(unsorted, "decided_at") - int(unsorted, "created_at"))
        .collect();
    let count = i64::try_from(waits.len()).unwrap_or(1).max(1);
    let mut categories = Object::new();
    for category in CATEGORIES {
        let total = all
            .iter()
            .filter(|unsorted| text(unsorted, "category") == category)
            .count();
        categories.insert(category.to_owned(), json!({"total": total}));
    }
    Ok(Reply::hal(json!({
        "total": all.len(),
        "accepted": decided("accepted"),
        "declined": decided("declined"),
        "average_sort_time": waits.iter().sum::<i64>() / count,
        "categories": categories,
        "_links": {"self": {"href": call.own_href()}},
    })))
}

/// The lead goes into the incoming stage of its pipeline.
pub fn create(call: &mut Call<'_>, category: &str) -> Outcome {
    if !ADDED.contains(&category) {
        return Err(Problem::new(404, "Not found"));
    }
    let items = call.items()?;
    let (mut plans, mut invalid) = (Vec::new(), Vec::new());
    for (at, item) in items.iter().enumerate() {
        match plan(call, item, category) {
            Ok((plan, pipeline)) => plans.push((plan, pipeline, item, request_id(item, at))),
            Err(errors) => invalid.push((request_id(item, at), errors)),
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    let mut written = Vec::new();
    for (plan, pipeline, item, request_id) in plans {
        let row = complex::carry_out(call, plan, &request_id);
        let lead = row["id"].as_i64().unwrap_or_default();
        let number = call.world.new_id();
        let unsorted = json!({
            "uid": format!("5verka{number:054}"),
            "source_uid": item.get("source_uid"),
            "source_name": item.get("source_name"),
            "category": category,
            "pipeline_id": pipeline,
            "created_at": item.get("created_at").and_then(Value::as_i64).unwrap_or(call.now_s),
            "metadata": item.get("metadata"),
            "lead": lead,
        });
        let unsorted = unsorted.as_object().cloned().unwrap_or_default();
        if let Some(contact) = row["contact_id"]
            .as_i64()
            .and_then(|id| call.world.contacts.get_mut(&id))
        {
            contact.set("is_unsorted", true);
        }
        let shown = show(call, &unsorted);
        written.push(json!({
            "uid": unsorted["uid"],
            "account_id": ACCOUNT_ID,
            "request_id": request_id,
            "_links": shown["_links"],
            "_embedded": shown["_embedded"],
        }));
        call.world.unsorted.push(unsorted);
    }
    Ok(Reply::hal(json!({
        "_total_items": written.len(),
        "_links": {"self": {"href": call.own_href()}},
        "_embedded": {"unsorted": written},
    })))
}

fn plan(call: &Call<'_>, item: &Object, category: &str) -> Result<(complex::Plan, i64), Vec<Invalid>> {
    let mut errors = Vec::new();
    for key in ["source_uid", "source_name"] {
        if text(item, key).is_empty() {
            errors.push(Invalid::blank(key));
        }
    }
    let metadata = item.get("metadata").and_then(Value::as_object);
    for key in needed(category) {
        let value = metadata.and_then(|metadata| metadata.get(*key));
        if value.is_none_or(|value| value.is_null() || value == "") {
            errors.push(Invalid::blank(format!("metadata.{key}")));
        }
    }
    let pipeline = match item.get("pipeline_id").filter(|id| !id.is_null()) {
        None => call.world.main_pipeline(),
        Some(id) => id.as_i64().and_then(|id| call.world.pipeline(id)),
    };
    let Some(pipeline) = pipeline else {
        errors.push(Invalid::choice("pipeline_id"));
        return Err(errors);
    };
    let given = |kind: Kind| {
        item.get("_embedded")
            .and_then(|embedded| embedded.get(kind.name()))
            .cloned()
    };
    let mut lead = given(Kind::Leads)
        .and_then(|leads| leads.get(0)?.as_object().cloned())
        .unwrap_or_default();
    let incoming = pipeline.statuses.iter().find(|status| status.kind == 1);
    lead.insert("pipeline_id".into(), json!(pipeline.id));
    lead.insert("status_id".into(), json!(incoming.map(|status| status.id)));
    let mut others = Object::new();
    for kind in [Kind::Contacts, Kind::Companies] {
        // Clients send an empty card where there is none.
        let cards = given(kind)
            .and_then(|cards| cards.as_array().cloned())
            .unwrap_or_default();
        let filled = cards
            .into_iter()
            .filter(|card| card.as_object().is_some_and(|card| !card.is_empty()));
        others.insert(kind.name().to_owned(), filled.collect());
    }
    lead.insert("_embedded".into(), Value::Object(others));
    match complex::plan(call, &lead) {
        Ok(plan) if errors.is_empty() => Ok((plan, pipeline.id)),
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}

/// Where it stands among all, while it waits.
fn waiting(world: &World, uid: &str) -> Result<usize, Problem> {
    let mut all = world.unsorted.iter();
    all.position(|unsorted| text(unsorted, "uid") == uid && is_waiting(unsorted))
        .ok_or_else(Problem::not_found)
}

/// The body may be empty: then it is the token's owner who decides.
fn decision(call: &Call<'_>) -> Result<Object, Problem> {
    match &call.body {
        Value::Null => Ok(Object::new()),
        Value::Array(none) if none.is_empty() => Ok(Object::new()),
        _ => call.item(),
    }
}

fn decide(call: &mut Call<'_>, at: usize, how: &str) -> Value {
    let now_s = call.now_s;
    let unsorted = &mut call.world.unsorted[at];
    unsorted.insert("decided".into(), json!(how));
    unsorted.insert("decided_at".into(), json!(now_s));
    let unsorted = unsorted.clone();
    let mut shown = show(call, &unsorted);
    if let Some(shown) = shown.as_object_mut() {
        shown.retain(|key, _| ["uid", "pipeline_id", "category", "created_at", "_embedded"].contains(&key.as_str()));
    }
    shown
}

fn move_lead(call: &mut Call<'_>, lead: i64, status: i64, user: i64) {
    let now_s = call.now_s;
    let mut moved = None;
    if let Some(card) = call.world.leads.get_mut(&lead) {
        let stage = |status: i64, pipeline: i64| json!([{"lead_status": {"id": status, "pipeline_id": pipeline}}]);
        let pipeline = card.int("pipeline_id");
        moved = Some((stage(card.int("status_id"), pipeline), stage(status, pipeline)));
        card.set("status_id", status);
        card.set("responsible_user_id", user);
        card.set("updated_at", now_s);
        if status == LOST {
            card.set("closed_at", now_s);
        }
    }
    if let Some(change) = moved {
        call.world
            .happened("lead_status_changed", (Kind::Leads, lead), now_s, change);
    }
    let contacts: Vec<i64> = call
        .world
        .links
        .iter()
        .filter(|link| link.from == (Kind::Leads, lead) && link.to.0 == Kind::Contacts)
        .map(|link| link.to.1)
        .collect();
    for contact in contacts {
        if let Some(card) = call.world.contacts.get_mut(&contact) {
            card.set("is_unsorted", false);
        }
    }
}

/// The lead goes to the stage that is named, else to the first open one of its pipeline.
pub fn accept(call: &mut Call<'_>, uid: &str) -> Outcome {
    let asked = decision(call)?;
    let at = waiting(call.world, uid)?;
    let unsorted = &call.world.unsorted[at];
    let (lead, pipeline) = (int(unsorted, "lead"), int(unsorted, "pipeline_id"));
    let pipeline = call.world.pipeline(pipeline).ok_or_else(Problem::not_found)?;
    let status = match asked.get("status_id").filter(|id| !id.is_null()) {
        None => pipeline.open_statuses().next().map(|status| status.id),
        Some(id) => id.as_i64().filter(|id| {
            pipeline
                .statuses
                .iter()
                .any(|status| status.id == *id && status.kind == 0)
        }),
    };
    let status = status.ok_or_else(|| Problem::one(Invalid::choice("status_id")))?;
    move_lead(call, lead, status, user_of(&asked));
    Ok(Reply::hal(decide(call, at, "accepted")))
}

/// The lead is closed as lost.
pub fn decline(call: &mut Call<'_>, uid: &str) -> Outcome {
    let asked = decision(call)?;
    let at = waiting(call.world, uid)?;
    let lead = int(&call.world.unsorted[at], "lead");
    move_lead(call, lead, LOST, user_of(&asked));
    Ok(Reply::hal(decide(call, at, "declined")))
}

fn user_of(asked: &Object) -> i64 {
    asked.get("user_id").and_then(Value::as_i64).unwrap_or(ADMIN)
}

/// Letters and chats only, and no program adds those: whatever is here cannot be linked.
pub fn link(call: &mut Call<'_>, uid: &str) -> Outcome {
    waiting(call.world, uid)?;
    Err(Problem::new(
        400,
        "Only unsorted of categories mail and chats can be linked",
    ))
}
