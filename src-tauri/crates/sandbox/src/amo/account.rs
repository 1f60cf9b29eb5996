//! The account itself and its users.

use serde_json::{Value, json};

use super::{
    call::Call,
    listing,
    reply::{Outcome, Reply},
    world::{ACCOUNT_ID, ADMIN, INVOICES, MANAGER, World},
};

/// When the account was opened.
const OPENED_S: i64 = 1_700_000_000;

pub fn get(call: &Call<'_>) -> Outcome {
    let settings = &call.world.settings;
    let mut account = json!({
        "id": ACCOUNT_ID,
        "name": settings.words("Северный ветер", "North Wind"),
        "subdomain": "sverka",
        "created_at": OPENED_S,
        "created_by": 0,
        "updated_at": OPENED_S,
        "updated_by": 0,
        "current_user_id": ADMIN,
        "country": match settings.currency() { "AMD" => "AM", "RUB" => "RU", "KZT" => "KZ", _ => "US" },
        "currency": settings.currency(),
        "currency_symbol": match settings.currency() { "AMD" => "֏", "RUB" => "₽", "KZT" => "₸", "EUR" => "€", _ => "$" },
        "customers_mode": "unavailable",
        "is_unsorted_on": true,
        "mobile_feature_version": 0,
        "is_loss_reason_enabled": true,
        "is_helpbot_enabled": false,
        "is_technical_account": false,
        "contact_name_display_order": 1,
        "_links": {"self": {"href": call.href("account")}},
    });
    let mut embedded = json!({});
    for (name, part) in [
        ("amojo_id", json!("5f3c2b1a-0000-4000-8000-000000000001")),
        ("uuid", json!("5f3c2b1a-0000-4000-8000-000000000002")),
        ("version", json!(11)),
        ("is_api_filter_enabled", json!(true)),
        ("drive_url", json!("https://drive-b.amocrm.ru")),
        ("datetime_settings", dates(call.world)),
        ("invoices_settings", invoices(call.world)),
    ] {
        if call.with(name) {
            account[name] = part;
        }
    }
    for (name, part) in [
        ("amojo_rights", json!({"can_direct": true, "can_create_groups": true})),
        (
            "users_groups",
            json!([{"id": 0, "name": settings.words("Отдел продаж", "Sales"), "uuid": null}]),
        ),
        ("task_types", task_types(call.world)),
    ] {
        if call.with(name) {
            embedded[name] = part;
        }
    }
    if embedded.as_object().is_some_and(|parts| !parts.is_empty()) {
        account["_embedded"] = embedded;
    }
    Ok(Reply::hal(account))
}

fn invoices(world: &World) -> Value {
    match world.catalogs.contains_key(&INVOICES) {
        true => json!({"lang": world.settings.words("ru", "en"), "invoices_catalog_id": INVOICES}),
        false => json!({"lang": world.settings.words("ru", "en"), "invoices_catalog_id": null}),
    }
}

fn dates(world: &World) -> Value {
    json!({
        "date_pattern": "d.m.Y H:i",
        "short_date_pattern": "d.m.Y",
        "short_time_pattern": "H:i",
        "date_format": "d.m.Y",
        "time_format": "H:i:s",
        "timezone": if world.settings.currency() == "AMD" { "Asia/Yerevan" } else { "Europe/Moscow" },
        "timezone_offset": if world.settings.currency() == "AMD" { "+04:00" } else { "+03:00" },
    })
}

fn task_types(world: &World) -> Value {
    json!([
        {"id": 1, "name": world.settings.words("Связаться", "Follow-up"), "color": null, "icon_id": null, "code": "FOLLOW_UP"},
        {"id": 2, "name": world.settings.words("Встреча", "Meeting"), "color": null, "icon_id": null, "code": "MEETING"},
    ])
}

fn user_json(call: &Call<'_>, id: i64) -> Value {
    let all = json!({"view": "A", "edit": "A", "add": "A", "delete": "A", "export": "A"});
    let is_admin = id == ADMIN;
    let mut user = json!({
        "id": id,
        "name": match is_admin {
            true => call.world.settings.words("Анна Соколова", "Anna Sokolova"),
            false => call.world.settings.words("Пётр Белов", "Peter Belov"),
        },
        "email": if is_admin { "anna@example.test" } else { "peter@example.test" },
        "lang": call.world.settings.words("ru", "en"),
        "rights": {
            "leads": all, "contacts": all, "companies": all,
            "tasks": {"edit": "A", "delete": "A"},
            "mail_access": false,
            "catalog_access": true,
            "files_access": true,
            "status_rights": [],
            "catalog_rights": null,
            "custom_fields_rights": null,
            "oper_day_reports_view_access": false,
            "oper_day_user_tracking": false,
            "is_admin": is_admin,
            "is_free": false,
            "is_active": true,
            "group_id": null,
            "role_id": null,
        },
        "_links": {"self": {"href": call.href(&format!("users/{id}"))}},
        "_embedded": {},
    });
    for (name, part) in [
        ("roles", json!([])),
        (
            "groups",
            json!([{"id": 0, "name": call.world.settings.words("Отдел продаж", "Sales")}]),
        ),
    ] {
        if call.with(name.trim_end_matches('s')) {
            user["_embedded"][name] = part;
        }
    }
    for (name, part) in [
        ("uuid", json!(format!("5f3c2b1a-0000-4000-8000-{id:012}"))),
        ("amojo_id", Value::Null),
    ] {
        if call.with(name) {
            user[name] = part;
        }
    }
    user
}

pub fn users(call: &Call<'_>) -> Outcome {
    Ok(listing::page(
        call,
        "users",
        &[ADMIN, MANAGER],
        listing::LIMIT_MAX,
        |id| user_json(call, *id),
    ))
}

pub fn user(call: &Call<'_>, id: i64) -> Outcome {
    Ok(match [ADMIN, MANAGER].contains(&id) {
        true => Reply::hal(user_json(call, id)),
        false => Reply::no_content(),
    })
}
