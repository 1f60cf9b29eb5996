//! Which function answers which address.

use super::{
    account,
    call::Call,
    calls, cards, catalogs, complex, fields, groups,
    kind::Kind,
    links, notes, pipelines,
    reply::{Outcome, Problem, Reply},
    sources, stages, tags, tasks, unsorted, webhooks,
};

/// A segment of an address, as patterns read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    Id(i64),
    Card(Kind),
    Word(&'a str),
}

fn part(segment: &str) -> Part<'_> {
    match (segment.parse(), Kind::of(segment)) {
        (Ok(id), _) => Part::Id(id),
        (_, Some(kind)) => Part::Card(kind),
        _ => Part::Word(segment),
    }
}

/// A verb and an address with `{id}` for every number: what requests are counted by and faults are ordered for.
pub fn method_name(verb: &str, path: &str) -> String {
    let segments: Vec<&str> = path
        .trim_end_matches('/')
        .split('/')
        .map(|segment| {
            if segment.parse::<i64>().is_ok() {
                "{id}"
            } else {
                segment
            }
        })
        .collect();
    format!("{verb} {}", segments.join("/"))
}

/// Answers `{verb} /api/v4/{path}`.
pub fn answer(call: &mut Call<'_>, verb: &str, path: &str) -> Outcome {
    let parts: Vec<Part<'_>> = path.trim_matches('/').split('/').map(part).collect();
    match parts.as_slice() {
        [Part::Card(kind), rest @ ..] => on_cards(call, verb, *kind, rest),
        [Part::Word("catalogs"), rest @ ..] => on_catalogs(call, verb, rest),
        [Part::Word("tasks"), rest @ ..] => match (verb, rest) {
            ("GET", []) => tasks::list(call),
            ("POST", []) => tasks::create(call),
            ("PATCH", []) => tasks::update(call, None),
            ("GET", [Part::Id(id)]) => tasks::get(call, *id),
            ("PATCH", [Part::Id(id)]) => tasks::update(call, Some(*id)),
            _ => unknown(rest.len() <= 1),
        },
        [Part::Word("sources"), rest @ ..] => match (verb, rest) {
            ("GET", []) => sources::list(call),
            ("POST", []) => sources::create(call),
            ("PATCH", []) => sources::update(call, None),
            ("DELETE", []) => sources::delete(call, None),
            ("GET", [Part::Id(id)]) => sources::get(call, *id),
            ("PATCH", [Part::Id(id)]) => sources::update(call, Some(*id)),
            ("DELETE", [Part::Id(id)]) => sources::delete(call, Some(*id)),
            _ => unknown(rest.len() <= 1),
        },
        [Part::Word("calls")] if verb == "POST" => calls::create(call),
        [Part::Word("account")] if verb == "GET" => account::get(call),
        [Part::Word("users")] if verb == "GET" => account::users(call),
        [Part::Word("users"), Part::Id(id)] if verb == "GET" => account::user(call, *id),
        // What an account may have and this one has none of.
        [Part::Word("roles" | "widgets" | "talks" | "website_buttons")] if verb == "GET" => Ok(Reply::no_content()),
        [Part::Word("chats"), Part::Word("templates")] if verb == "GET" => Ok(Reply::no_content()),
        [Part::Word("customers"), ..] => Err(Problem::new(402, "Customers are not enabled")),
        [Part::Word("events")] if verb == "GET" => webhooks::events(call),
        [Part::Word("events"), Part::Word("types")] if verb == "GET" => webhooks::types(call),
        [Part::Word("events"), Part::Word(id)] if verb == "GET" => webhooks::event(call, id),
        [Part::Word("webhooks")] => match verb {
            "GET" => webhooks::list(call),
            "POST" => webhooks::subscribe(call),
            "DELETE" => webhooks::unsubscribe(call),
            _ => unknown(true),
        },
        [Part::Word("account" | "users" | "events" | "calls"), ..] => unknown(true),
        _ => unknown(false),
    }
}

fn unknown(address_is_known: bool) -> Outcome {
    Err(if address_is_known {
        Problem::no_method()
    } else {
        Problem::new(404, "Not found")
    })
}

fn on_cards(call: &mut Call<'_>, verb: &str, kind: Kind, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => cards::list(call, kind),
        ("POST", []) => cards::create(call, kind),
        ("PATCH", []) => cards::update_many(call, kind),
        ("GET", [Part::Id(id)]) => cards::get(call, kind, *id),
        ("PATCH", [Part::Id(id)]) => cards::update_one(call, kind, *id),
        ("POST", [Part::Word("complex")]) if kind == Kind::Leads => complex::create(call),
        (_, [Part::Word("pipelines"), rest @ ..]) if kind == Kind::Leads => on_pipelines(call, verb, rest),
        (_, [Part::Word("unsorted"), rest @ ..]) if kind == Kind::Leads => on_unsorted(call, verb, rest),
        (_, [Part::Word("custom_fields"), rest @ ..]) => on_fields(call, verb, kind.name(), rest),
        ("GET", [Part::Word("loss_reasons")]) if kind == Kind::Leads => tags::reasons(call),
        ("GET", [Part::Word("loss_reasons"), Part::Id(id)]) if kind == Kind::Leads => tags::reason(call, *id),
        ("GET", [Part::Word("chats")]) if kind == Kind::Contacts => Ok(Reply::no_content()),
        ("GET", [Part::Id(_), Part::Word("subscriptions" | "files")]) => Ok(Reply::no_content()),
        ("GET", [Part::Word("tags")]) => tags::list(call, kind),
        ("POST", [Part::Word("tags")]) => tags::create(call),
        ("GET", [Part::Word("links")]) => links::of_many(call, kind),
        ("POST", [Part::Word("link")]) => links::write(call, kind, None, true),
        ("POST", [Part::Word("unlink")]) => links::write(call, kind, None, false),
        ("GET", [Part::Id(id), Part::Word("links")]) => links::of_card(call, (kind, *id)),
        ("POST", [Part::Id(id), Part::Word("link")]) => links::write(call, kind, Some(*id), true),
        ("POST", [Part::Id(id), Part::Word("unlink")]) => links::write(call, kind, Some(*id), false),
        (_, [Part::Word("notes"), rest @ ..]) => on_notes(call, verb, kind, None, rest),
        (_, [Part::Id(id), Part::Word("notes"), rest @ ..]) => on_notes(call, verb, kind, Some(*id), rest),
        (_, [] | [Part::Id(_)]) => unknown(true),
        _ => unknown(false),
    }
}

fn on_notes(call: &mut Call<'_>, verb: &str, kind: Kind, card: Option<i64>, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest, card) {
        ("GET", [], _) => notes::list(call, kind, card),
        ("POST", [], _) => notes::create(call, kind, card),
        ("PATCH", [], _) => notes::update(call, kind, card, None),
        ("GET", [Part::Id(id)], _) => notes::get(call, kind, card, *id),
        ("PATCH", [Part::Id(id)], _) => notes::update(call, kind, card, Some(*id)),
        ("POST", [Part::Id(id), Part::Word("pin")], Some(card)) => notes::pin(call, kind, card, *id, true),
        ("POST", [Part::Id(id), Part::Word("unpin")], Some(card)) => notes::pin(call, kind, card, *id, false),
        _ => unknown(rest.len() <= 1),
    }
}

fn on_unsorted(call: &mut Call<'_>, verb: &str, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => unsorted::list(call),
        ("GET", [Part::Word("summary")]) => unsorted::summary(call),
        ("GET", [Part::Word(uid)]) => unsorted::get(call, uid),
        ("POST", [Part::Word(category)]) => unsorted::create(call, category),
        ("POST", [Part::Word(uid), Part::Word("accept")]) => unsorted::accept(call, uid),
        ("DELETE", [Part::Word(uid), Part::Word("decline")]) => unsorted::decline(call, uid),
        ("POST", [Part::Word(uid), Part::Word("link")]) => unsorted::link(call, uid),
        _ => unknown(rest.len() <= 1),
    }
}

fn on_pipelines(call: &mut Call<'_>, verb: &str, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => pipelines::list(call),
        ("POST", []) => stages::create(call),
        ("GET", [Part::Id(id)]) => pipelines::get(call, *id),
        ("PATCH", [Part::Id(id)]) => stages::update(call, *id),
        ("DELETE", [Part::Id(id)]) => stages::delete(call, *id),
        ("GET", [Part::Id(id), Part::Word("statuses")]) => pipelines::statuses(call, *id),
        ("POST", [Part::Id(id), Part::Word("statuses")]) => stages::create_statuses(call, *id),
        (_, [Part::Id(id), Part::Word("statuses"), Part::Id(status)]) => match verb {
            "GET" => pipelines::status(call, *id, *status),
            "PATCH" => stages::update_status(call, *id, *status),
            "DELETE" => stages::delete_status(call, *id, *status),
            _ => unknown(true),
        },
        _ => unknown(rest.len() <= 2),
    }
}

fn on_fields(call: &mut Call<'_>, verb: &str, place: &str, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => fields::list(call, place),
        ("POST", []) => fields::create(call, place),
        ("PATCH", []) => fields::update(call, place, None),
        (_, [Part::Word("groups"), rest @ ..]) => on_groups(call, verb, place, rest),
        ("GET", [Part::Id(id)]) => fields::get(call, place, *id),
        ("PATCH", [Part::Id(id)]) => fields::update(call, place, Some(*id)),
        ("DELETE", [Part::Id(id)]) => fields::delete(call, place, *id),
        _ => unknown(rest.len() <= 1),
    }
}

fn on_groups(call: &mut Call<'_>, verb: &str, place: &str, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => groups::list(call, place),
        ("POST", []) => groups::create(call, place),
        ("GET", [Part::Word(id)]) => groups::get(call, place, id),
        ("PATCH", [Part::Word(id)]) => groups::update(call, place, id),
        ("DELETE", [Part::Word(id)]) => groups::delete(call, place, id),
        _ => unknown(rest.len() <= 1),
    }
}

fn on_catalogs(call: &mut Call<'_>, verb: &str, rest: &[Part<'_>]) -> Outcome {
    match (verb, rest) {
        ("GET", []) => catalogs::list(call),
        ("POST", []) => catalogs::create(call),
        ("PATCH", []) => catalogs::update(call, None),
        ("GET", [Part::Id(id)]) => catalogs::get(call, *id),
        ("PATCH", [Part::Id(id)]) => catalogs::update(call, Some(*id)),
        (_, [Part::Id(id), Part::Word("custom_fields"), rest @ ..]) => match call.world.catalogs.contains_key(id) {
            true => on_fields(call, verb, &id.to_string(), rest),
            false => Err(Problem::not_found()),
        },
        ("GET", [Part::Id(id), Part::Word("elements")]) => catalogs::elements(call, *id),
        ("POST", [Part::Id(id), Part::Word("elements")]) => catalogs::create_elements(call, *id),
        ("PATCH", [Part::Id(id), Part::Word("elements")]) => catalogs::update_elements(call, *id),
        ("GET", [Part::Id(id), Part::Word("elements"), Part::Id(element)]) => catalogs::element(call, *id, *element),
        ("PATCH", [Part::Id(id), Part::Word("elements"), Part::Id(element)]) => {
            catalogs::update_element(call, *id, *element)
        }
        (_, [] | [Part::Id(_)]) => unknown(true),
        _ => unknown(false),
    }
}
