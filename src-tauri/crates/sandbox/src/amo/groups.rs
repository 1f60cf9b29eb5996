//! Groups of custom fields: the tabs of a card. Some come with the account and stay.

use serde_json::{Value, json};

use super::{
    call::{Call, request_id},
    listing,
    reply::{Invalid, Outcome, Problem, Reply},
    world::{ACCOUNT_ID, Group, Object, World},
};

/// Where fields are that belong to no group of their own.
const DEFAULT: &str = "default";
const STATISTIC: &str = "statistic";
/// Groups a place may have, those of the account included.
const GROUPS_MAX: usize = 25;

/// Those that come with the account, then the account's own by their order.
fn of_place(world: &World, place: &str) -> Vec<Group> {
    let given = |id: &str, name: &str, sort: i64| Group {
        id: id.to_owned(),
        place: place.to_owned(),
        name: name.to_owned(),
        sort,
    };
    let mut groups = vec![given(DEFAULT, world.settings.words("Основное", "Main"), 0)];
    if place == "leads" {
        groups.push(given(STATISTIC, world.settings.words("Статистика", "Statistics"), 1));
    }
    let mut own: Vec<&Group> = world.groups.iter().filter(|group| group.place == place).collect();
    own.sort_by_key(|group| group.sort);
    groups.extend(own.into_iter().cloned());
    groups
}

fn show(call: &Call<'_>, group: &Group) -> Value {
    let is_predefined = [DEFAULT, STATISTIC].contains(&group.id.as_str());
    let own = (!is_predefined).then_some(group.id.as_str());
    // Fields without a group are in the first.
    let is_of = |field_group: Option<&str>| match group.id.as_str() {
        DEFAULT => field_group.is_none(),
        _ => own.is_some() && field_group == own,
    };
    let fields = call.world.fields_of(&group.place);
    let fields: Vec<i64> = fields
        .into_iter()
        .filter(|field| is_of(field.group.as_deref()))
        .map(|field| field.id)
        .collect();
    let is_catalog = group.place.parse::<i64>().is_ok();
    let path = match is_catalog {
        true => format!("catalogs/{}", group.place),
        false => group.place.clone(),
    };
    json!({
        "id": group.id,
        "name": group.name,
        "is_predefined": is_predefined,
        "type": if is_predefined { "system" } else { "custom" },
        "entity_type": if is_catalog { "catalogs" } else { group.place.as_str() },
        "sort": group.sort,
        "fields": fields,
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": call.href(&format!("{path}/custom_fields/groups/{}", group.id))}},
    })
}

pub fn list(call: &Call<'_>, place: &str) -> Outcome {
    let groups = of_place(call.world, place);
    Ok(listing::page(
        call,
        "custom_field_groups",
        &groups,
        listing::LIMIT_MAX,
        |group| show(call, group),
    ))
}

pub fn get(call: &Call<'_>, place: &str, id: &str) -> Outcome {
    let found = of_place(call.world, place).into_iter().find(|group| group.id == id);
    Ok(found.map_or_else(Reply::no_content, |group| Reply::hal(show(call, &group))))
}

pub fn create(call: &mut Call<'_>, place: &str) -> Outcome {
    let items = call.items()?;
    let mut invalid = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let errors = errors(call.world, place, item, true);
        if !errors.is_empty() {
            invalid.push((request_id(item, at), errors));
        }
    }
    if !invalid.is_empty() {
        return Err(Problem::invalid(invalid));
    }
    if of_place(call.world, place).len() + items.len() > GROUPS_MAX {
        return Err(Problem::new(400, "The number of groups is limited"));
    }
    let mut written = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let last = of_place(call.world, place).iter().map(|group| group.sort).max();
        let mut group = Group {
            id: format!("{place}_{}", call.world.new_id()),
            place: place.to_owned(),
            name: String::new(),
            sort: last.unwrap_or_default() + 1,
        };
        write(call.world, &mut group, item);
        let shown_of = group.clone();
        call.world.groups.push(group);
        let mut shown = show(call, &shown_of);
        shown["request_id"] = json!(request_id(item, at));
        written.push(shown);
    }
    Ok(listing::written(call, "custom_field_groups", written))
}

fn errors(world: &World, place: &str, item: &Object, is_new: bool) -> Vec<Invalid> {
    let mut errors = Vec::new();
    match item.get("name") {
        None if !is_new => {}
        Some(Value::String(name)) if !name.is_empty() => {}
        None | Some(Value::Null | Value::String(_)) => errors.push(Invalid::blank("name")),
        Some(_) => errors.push(Invalid::kind("name", "string")),
    }
    if item.get("sort").is_some_and(|sort| !sort.is_i64()) {
        errors.push(Invalid::kind("sort", "int"));
    }
    let fields = item.get("fields").and_then(Value::as_array);
    for (at, field) in fields.into_iter().flatten().enumerate() {
        let known = field.as_i64().and_then(|id| world.fields.get(&id));
        if known.is_none_or(|field| field.place != place) {
            errors.push(Invalid::choice(format!("fields.{at}")));
        }
    }
    errors
}

/// What a request says of a group; `fields` are taken into it, and those it had besides go back to the first.
fn write(world: &mut World, group: &mut Group, item: &Object) {
    if let Some(name) = item.get("name").and_then(Value::as_str) {
        name.clone_into(&mut group.name);
    }
    if let Some(sort) = item.get("sort").and_then(Value::as_i64) {
        group.sort = sort;
    }
    let Some(fields) = item.get("fields").and_then(Value::as_array) else {
        return;
    };
    let fields: Vec<i64> = fields.iter().filter_map(Value::as_i64).collect();
    for field in world.fields.values_mut() {
        if fields.contains(&field.id) {
            field.group = Some(group.id.clone());
        } else if field.group.as_deref() == Some(&group.id) {
            field.group = None;
        }
    }
}

/// One group by its address.
pub fn update(call: &mut Call<'_>, place: &str, id: &str) -> Outcome {
    let item = call.item()?;
    let at = own(call.world, place, id)?;
    let errors = errors(call.world, place, &item, false);
    if !errors.is_empty() {
        return Err(Problem::invalid(vec![("0".to_owned(), errors)]));
    }
    let mut group = call.world.groups[at].clone();
    write(call.world, &mut group, &item);
    call.world.groups[at] = group.clone();
    Ok(Reply::hal(show(call, &group)))
}

/// Its fields go back to the first.
pub fn delete(call: &mut Call<'_>, place: &str, id: &str) -> Outcome {
    let at = own(call.world, place, id)?;
    call.world.groups.remove(at);
    for field in call.world.fields.values_mut() {
        if field.group.as_deref() == Some(id) {
            field.group = None;
        }
    }
    Ok(Reply::no_content())
}

fn own(world: &World, place: &str, id: &str) -> Result<usize, Problem> {
    if [DEFAULT, STATISTIC].contains(&id) {
        return Err(Problem::new(403, "The group cannot be changed"));
    }
    world
        .groups
        .iter()
        .position(|group| group.place == place && group.id == id)
        .ok_or_else(Problem::not_found)
}
