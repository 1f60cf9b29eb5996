//! Subscriptions, and the offline queue that an application without an address reads.

use super::{
    Answer, Call, Method, Outcome, RestError, read,
    rows::{cells, number, table},
    write,
};
use crate::{
    cell::{Cell, portal_time},
    listing::Query,
    php::Php,
    queue::{Bound, Queued, all_events},
    records::QUEUE_FIELDS,
    schema::Row,
    world::int,
};

/// Messages a pack holds unless fewer are asked for.
const PACK: usize = 50;
/// A reserved pack nobody cleared goes back into the queue's history after this.
const RESERVED_MS: i64 = 30 * 24 * 3_600_000;

pub static METHODS: &[Method] = &[
    read("events", &[], |_| {
        Ok(Php::list(all_events().into_iter().map(Php::text)).into())
    }),
    write("event.bind", &[], bind).for_applications(),
    write("event.unbind", &[], unbind).for_applications(),
    read("event.get", &[], bound).for_applications(),
    write("event.offline.get", &[], offline_get).for_applications(),
    write("event.offline.clear", &[], offline_clear).for_applications(),
    write("event.offline.error", &[], offline_error).for_applications(),
    read("event.offline.list", &[], offline_list).for_applications(),
];

fn text(call: &Call<'_>, name: &str) -> String {
    call.param(name).and_then(Php::as_text).unwrap_or_default()
}

fn asked_event(call: &Call<'_>) -> Result<String, RestError> {
    let event = call.text("event")?.to_ascii_uppercase();
    if all_events().contains(&event) {
        Ok(event)
    } else {
        Err(RestError::new(400, "ERROR_EVENT_NOT_FOUND", "Event not found"))
    }
}

fn is_offline(call: &Call<'_>) -> bool {
    text(call, "event_type").eq_ignore_ascii_case("offline")
}

fn asked_handler(call: &Call<'_>) -> Result<Option<String>, RestError> {
    if !is_offline(call) {
        return call.text("handler").map(Some);
    }
    let user = call.world.users.get(&call.caller.user);
    let admin = user.and_then(|user| user.get("ADMIN")) == Some(&Cell::Flag(true));
    if !admin {
        return Err(RestError::new(
            403,
            "ACCESS_DENIED",
            "Offline events binding requires administrator access rights",
        ));
    }
    Ok(None)
}

fn bind(call: &mut Call<'_>) -> Outcome {
    let event = asked_event(call)?;
    let handler = asked_handler(call)?;
    let connector = text(call, "auth_connector");
    let new = Bound {
        event,
        connector,
        handler,
    };
    if call.world.events.bound.contains(&new) {
        return Err(RestError::new(
            400,
            "ERROR_EVENT_BINDING_EXISTS",
            "Handler already binded",
        ));
    }
    call.world.events.bound.push(new);
    Ok(Php::Bool(true).into())
}

fn unbind(call: &mut Call<'_>) -> Outcome {
    let event = asked_event(call)?;
    let handler = asked_handler(call)?;
    let connector = text(call, "auth_connector");
    let bound = &mut call.world.events.bound;
    let before = bound.len();
    bound.retain(|old| !(old.event == event && old.handler == handler && old.connector == connector));
    let gone = i64::try_from(before - bound.len()).unwrap_or(0);
    Ok(Php::map([("count", number(gone))]).into())
}

fn bound(call: &mut Call<'_>) -> Outcome {
    let shown = call.world.events.bound.iter().map(|bound| {
        let mut entry = Php::map([("event", Php::text(&*bound.event)), ("auth_type", Php::text("0"))]);
        match &bound.handler {
            Some(handler) => entry.set("handler", Php::text(&**handler)),
            None => {
                entry.set("offline", number(1));
                entry.set("connector_id", Php::text(&*bound.connector));
            }
        }
        entry
    });
    Ok(Php::list(shown).into())
}

fn shown(row: &Queued) -> Php {
    let mut fields = Php::map([("ID", Php::text(row.object.to_string()))]);
    if let Some(entity_type_id) = row.entity_type_id {
        fields.set("ENTITY_TYPE_ID", Php::text(entity_type_id.to_string()));
    }
    Php::map([
        ("ID", Php::text(row.id.to_string())),
        ("TIMESTAMP_X", Php::text(portal_time(row.at_ms))),
        ("EVENT_NAME", Php::text(&*row.event)),
        ("EVENT_DATA", Php::map([("FIELDS", fields)])),
        ("EVENT_ADDITIONAL", Php::map([("user_id", number(row.user))])),
        ("MESSAGE_ID", Php::text(row.id.to_string())),
    ])
}

/// A row as filters and orders see it.
fn seen(row: &Queued) -> Row {
    cells([
        ("ID", Cell::Int(row.id)),
        ("MESSAGE_ID", Cell::Int(row.id)),
        ("TIMESTAMP_X", Cell::Moment(row.at_ms)),
        ("EVENT_NAME", Cell::text(&*row.event)),
    ])
}

/// The ids of the rows that fit `filter`, in `order`.
fn chosen(call: &Call<'_>, fits: impl Fn(&Queued) -> bool) -> Result<Vec<i64>, RestError> {
    let rows: Vec<Row> = call
        .world
        .events
        .queue
        .iter()
        .filter(|row| fits(row))
        .map(seen)
        .collect();
    let query = Query::new(&table(QUEUE_FIELDS), call.params)?;
    Ok(query.all(rows.iter()).into_iter().map(|row| int(row, "ID")).collect())
}

/// With `clear=1` (as without it) the pack is gone at once; with 0 it is reserved until cleared. Rows somebody failed on
/// are handed out to who asks for them only.
fn offline_get(call: &mut Call<'_>) -> Outcome {
    let clear = call.param("clear").is_none_or(Php::is_yes);
    let failed = call.param("error").is_some_and(Php::is_yes);
    let limit = call
        .param("limit")
        .and_then(Php::as_int)
        .and_then(|limit| usize::try_from(limit).ok());
    let connector = text(call, "auth_connector");
    let own_pack = text(call, "process_id");
    let now_ms = call.now_ms;
    call.world
        .events
        .queue
        .retain(|row| row.process.is_none() || now_ms < row.at_ms.saturating_add(RESERVED_MS));
    let free = |row: &Queued| match own_pack.is_empty() {
        true => row.process.is_none(),
        false => row.process.as_ref() == Some(&own_pack),
    };
    let mut ids = chosen(call, |row| {
        row.connector == connector && row.failed == failed && free(row)
    })?;
    ids.truncate(limit.unwrap_or(PACK));
    let events = &mut call.world.events;
    let pack: Vec<Php> = ids
        .iter()
        .filter_map(|id| events.queue.iter().find(|row| row.id == *id))
        .map(shown)
        .collect();
    let process = if clear {
        events.clear(|row| ids.contains(&row.id));
        Php::Null
    } else if own_pack.is_empty() {
        events.packs += 1;
        let process = format!("{:032x}", events.packs);
        for row in events.queue.iter_mut().filter(|row| ids.contains(&row.id)) {
            row.process = Some(process.clone());
        }
        Php::text(process)
    } else {
        Php::text(own_pack)
    };
    Ok(Php::map([("process_id", process), ("events", Php::list(pack))]).into())
}

/// Which rows of a pack are meant: those named, or all.
fn meant(call: &Call<'_>) -> Result<(String, Option<Vec<String>>), RestError> {
    let process = call
        .text("process_id")
        .map_err(|_| RestError::new(400, "ERROR_ARGUMENT", "Argument 'process_id' is null or empty"))?;
    let named = call
        .param("message_id")
        .or_else(|| call.param("id"))
        .map(Php::texts)
        .filter(|ids| !ids.is_empty());
    Ok((process, named))
}

fn is_meant(row: &Queued, process: &str, named: Option<&Vec<String>>) -> bool {
    row.process.as_deref() == Some(process) && named.is_none_or(|named| named.contains(&row.id.to_string()))
}

fn offline_clear(call: &mut Call<'_>) -> Outcome {
    let (process, named) = meant(call)?;
    call.world.events.clear(|row| is_meant(row, &process, named.as_ref()));
    Ok(Php::Bool(true).into())
}

fn offline_error(call: &mut Call<'_>) -> Outcome {
    let (process, named) = meant(call)?;
    for row in &mut call.world.events.queue {
        if is_meant(row, &process, named.as_ref()) {
            row.failed = true;
            row.process = None;
        }
    }
    Ok(Php::Bool(true).into())
}

fn offline_list(call: &mut Call<'_>) -> Outcome {
    let connector = text(call, "auth_connector");
    let all = chosen(call, |row| row.connector == connector)?;
    let start = call.param("start").and_then(Php::as_int).unwrap_or(0);
    let start = usize::try_from(start).unwrap_or(0);
    let (total, end) = (all.len(), start.saturating_add(PACK));
    let queue = &call.world.events.queue;
    let rows = all.iter().skip(start).take(PACK);
    let rows = rows.filter_map(|id| queue.iter().find(|row| row.id == *id)).map(|row| {
        let mut entry = shown(row);
        entry.set("PROCESS_ID", Php::text(row.process.clone().unwrap_or_default()));
        entry.set("ERROR", Php::text(if row.failed { "1" } else { "0" }));
        entry
    });
    Ok(Answer {
        result: Php::list(rows),
        total: Some(total),
        next: (end < total).then_some(end),
    })
}
