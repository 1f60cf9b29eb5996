//! Who asks and what the portal can: users, scopes, methods, the clock, the application.

use super::{Answer, Call, Method, Outcome, RestError, call::read, method, methods};
use crate::{
    cell::{Cell, portal_time},
    filter::{Schema, Strangers},
    listing::{Query, Select},
    oauth::{CLIENT_ID, MEMBER_ID},
    php::Php,
    schema::{Row, USER_FIELDS},
    world::text,
};

const USER: &[&str] = &["user", "user_brief", "user_basic"];

/// Whoever sees people sees where they work; there is a scope of its own for it too.
const DEPARTMENT: &[&str] = &["department", "user", "user_basic", "user_brief"];

pub static METHODS: &[Method] = &[
    read("profile", &[], profile),
    read("user.current", USER, user_current),
    read("user.admin", &[], |call| Ok(is_set(&own_row(call), "ADMIN").into())),
    read("user.get", USER, user_get),
    read("user.search", USER, user_search),
    read("user.fields", USER, |_| Ok(user_fields().into())),
    read("department.get", DEPARTMENT, departments),
    read("department.fields", DEPARTMENT, |_| Ok(department_fields().into())),
    read("scope", &[], scope),
    read("server.time", &[], server_time),
    read("method.get", &[], method_get),
    read("methods", &[], all_methods),
    read("feature.get", &[], feature_get),
    read("app.info", &[], app_info).for_applications(),
];

const SCHEMA: Schema<'static> = Schema {
    fields: USER_FIELDS,
    user_fields: &[],
    entity: "",
    strangers: Strangers::Ignore,
};

fn own_row(call: &Call<'_>) -> Row {
    call.world.users.get(&call.caller.user).cloned().unwrap_or_default()
}

/// A flag that these methods, unlike others, show as a boolean.
fn is_set(row: &Row, key: &str) -> Php {
    Php::Bool(row.get(key) == Some(&Cell::Flag(true)))
}

fn profile(call: &mut Call<'_>) -> Outcome {
    let row = own_row(call);
    let profile = Php::map([
        ("ID", Php::text(call.caller.user.to_string())),
        ("ADMIN", is_set(&row, "ADMIN")),
        ("NAME", Php::text(text(&row, "NAME"))),
        ("LAST_NAME", Php::text(text(&row, "LAST_NAME"))),
        ("PERSONAL_GENDER", Php::text("")),
        ("TIME_ZONE", Php::text("")),
    ]);
    Ok(profile.into())
}

fn shown(row: &Row) -> Php {
    let mut user = Select::new(&Php::empty()).legacy(&SCHEMA, row);
    user.set("ACTIVE", is_set(row, "ACTIVE"));
    if let Php::Map(entries) = &mut user {
        entries.retain(|(key, _)| key != "ADMIN");
    }
    user
}

fn user_current(call: &mut Call<'_>) -> Outcome {
    Ok(shown(&own_row(call)).into())
}

/// Filters stand in `FILTER` or at the top, and `SORT`/`ORDER` are texts.
fn user_get(call: &mut Call<'_>) -> Outcome {
    let filter = call.param("filter").cloned().unwrap_or_else(|| call.params.clone());
    let sort = call.param("sort").and_then(Php::as_text);
    let order = call.param("order").cloned().unwrap_or_else(|| Php::text("ASC"));
    let mut params = Php::map([("filter", filter)]);
    params.set("order", Php::map([(sort.unwrap_or_else(|| "ID".to_owned()), order)]));
    if let Some(start) = call.param("start") {
        params.set("start", start.clone());
    }
    let page = Query::new(&SCHEMA, &params)?.page(call.world.users.values());
    let result = Php::list(page.rows.iter().map(|row| shown(row)));
    Ok(Answer::page(result, &page))
}

/// People by the beginning of a name, or by fields.
fn user_search(call: &mut Call<'_>) -> Outcome {
    let filter = call.param("filter").unwrap_or(call.params).clone();
    let find = filter.get_any_case("FIND").or_else(|| filter.get_any_case("NAME"));
    let find = find.and_then(Php::as_text).unwrap_or_default().to_lowercase();
    let begins = |row: &&Row| {
        ["NAME", "LAST_NAME"]
            .iter()
            .any(|key| text(row, key).to_lowercase().starts_with(&find))
    };
    let page = Query::new(&SCHEMA, &Php::empty())?.page(call.world.users.values().filter(begins));
    let result = Php::list(page.rows.iter().map(|row| shown(row)));
    Ok(Answer::page(result, &page))
}

/// Names of fields and what people call them.
fn user_fields() -> Php {
    let known = USER_FIELDS.iter().filter(|field| field.upper != "ADMIN");
    Php::map(known.map(|field| (field.upper, Php::text(field.title))))
}

/// The firm is one department, and the service user is its head.
fn departments(call: &mut Call<'_>) -> Outcome {
    let asked = |name: &str| call.param(name).and_then(Php::as_text);
    let is_other = asked("ID").is_some_and(|id| id != "1") || asked("PARENT").is_some_and(|parent| !parent.is_empty());
    let firm = Php::map([
        ("ID", Php::text("1")),
        ("NAME", Php::text("Песочница")),
        ("SORT", Php::Number(500.into())),
        ("UF_HEAD", Php::text(crate::world::WEBHOOK_USER.to_string())),
    ]);
    let found = if is_other { Vec::new() } else { vec![firm] };
    let total = Some(found.len());
    Ok(Answer {
        result: Php::list(found),
        total,
        next: None,
    })
}

fn department_fields() -> Php {
    Php::map([
        ("ID", Php::text("ID")),
        ("NAME", Php::text("Название отдела")),
        ("SORT", Php::text("Поле сортировки")),
        ("PARENT", Php::text("Родительский отдел")),
        ("UF_HEAD", Php::text("Руководитель")),
    ])
}

/// With `full` every scope there is.
fn scope(call: &mut Call<'_>) -> Outcome {
    if !call.param("full").is_some_and(Php::is_yes) {
        return Ok(Php::list(call.caller.scopes.iter().map(Php::text)).into());
    }
    let mut all: Vec<&str> = methods().flat_map(|method| method.scopes).copied().collect();
    all.sort_unstable();
    all.dedup();
    Ok(Php::list(all.into_iter().map(Php::text)).into())
}

fn server_time(call: &mut Call<'_>) -> Outcome {
    Ok(Php::text(portal_time(call.now_ms)).into())
}

fn method_get(call: &mut Call<'_>) -> Outcome {
    let name = call.text("name")?;
    let found = method(&name);
    let existing = found.is_some() || name.eq_ignore_ascii_case("batch");
    let allowed = found.is_none_or(|method| method.allows(call.caller));
    let answer = Php::map([
        ("isExisting", Php::Bool(existing)),
        ("isAvailable", Php::Bool(existing && allowed)),
    ]);
    Ok::<_, RestError>(answer.into())
}

/// The names the caller may use; with `full` all, with `scope` those of one scope.
fn all_methods(call: &mut Call<'_>) -> Outcome {
    let full = call.param("full").is_some_and(Php::is_yes);
    let scope = call.param("scope").and_then(Php::as_text);
    let fits = |method: &&Method| match &scope {
        Some(scope) => method.scopes.contains(&scope.as_str()) || (scope.is_empty() && method.scopes.is_empty()),
        None => full || method.allows(call.caller),
    };
    let names = std::iter::once("batch").chain(methods().filter(fits).map(|method| method.name));
    Ok(Php::list(names.map(Php::text)).into())
}

/// Everything a portal's plan may allow, this one does.
fn feature_get(call: &mut Call<'_>) -> Outcome {
    let code = call.text("CODE")?;
    let known = ["rest_offline_extended", "rest_auth_connector"].contains(&code.as_str());
    Ok(Php::map([("value", Php::text(if known { "Y" } else { "N" }))]).into())
}

fn app_info(call: &mut Call<'_>) -> Outcome {
    let scope = call.caller.scopes.join(",");
    let origin = &call.world.oauth.origin;
    let host = origin.split_once("://").map_or(&**origin, |(_, host)| host);
    let install = Php::map([
        ("installed", Php::Bool(true)),
        ("version", Php::text("1")),
        ("status", Php::text("L")),
        ("scope", Php::text(&*scope)),
        ("domain", Php::text(host)),
        ("uri", Php::text(&**origin)),
        ("client_endpoint", Php::text(format!("{origin}/rest/"))),
        ("member_id", Php::text(MEMBER_ID)),
        ("member_type", Php::text("owner")),
    ]);
    let expires = call.now_ms + crate::oauth::ACCESS_MS;
    let info = Php::map([
        ("ID", Php::Number(1.into())),
        ("CODE", Php::text(CLIENT_ID)),
        ("VERSION", Php::Number(1.into())),
        ("STATUS", Php::text("L")),
        ("INSTALLED", Php::Bool(true)),
        ("PAYMENT_EXPIRED", Php::text("N")),
        ("DAYS", Php::Null),
        ("LANGUAGE_ID", Php::text("ru")),
        ("LICENSE", Php::text("ru_pro")),
        ("client_id", Php::text(CLIENT_ID)),
        ("scope", Php::text(scope)),
        ("expires", Php::text(portal_time(expires))),
        ("install", install),
        ("user_id", Php::Number(call.caller.user.into())),
    ]);
    Ok(info.into())
}
