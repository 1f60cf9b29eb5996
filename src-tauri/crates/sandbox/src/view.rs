//! What the portal holds, put for people and tests: invoices with stage, payment ids and comments in one place.

use serde_json::{Value, json};

use crate::{
    cell::{Cell, Kind, portal_time, two_decimals},
    schema::{COMPANY, DEAL, INVOICE, Row},
    world::{World, int, text},
};

/// Custom fields whose names end like this hold ids of payments.
const PAYMENT_FIELD: &str = "PAYMENT_ID";

/// An invoice or a deal at a glance.
pub struct Glance {
    pub id: i64,
    pub number: String,
    pub title: String,
    pub company: String,
    pub amount: String,
    pub currency: String,
    pub stage: String,
    pub stage_name: String,
    pub semantics: String,
    pub payment_ids: Vec<String>,
    pub comments: Vec<String>,
}

pub fn glance(world: &World, entity_type_id: i64, row: &Row) -> Glance {
    let id = int(row, "id");
    let (stage_name, semantics) = world.stage_of(entity_type_id, row);
    let amount = match row.get("opportunity") {
        Some(Cell::Money(minor)) => two_decimals(*minor),
        _ => two_decimals(0),
    };
    let company = world.item(COMPANY, int(row, "companyId"));
    let entity = if entity_type_id == INVOICE {
        "dynamic_31"
    } else {
        "deal"
    };
    Glance {
        id,
        number: text(row, "accountNumber").to_owned(),
        title: text(row, "title").to_owned(),
        company: company.map_or("", |company| text(company, "title")).to_owned(),
        amount,
        currency: text(row, "currencyId").to_owned(),
        stage: text(row, "stageId").to_owned(),
        stage_name,
        semantics,
        payment_ids: payment_ids(row),
        comments: world
            .comments
            .values()
            .filter(|comment| int(comment, "ENTITY_ID") == id && text(comment, "ENTITY_TYPE") == entity)
            .map(|comment| text(comment, "COMMENT").to_owned())
            .collect(),
    }
}

fn payment_ids(row: &Row) -> Vec<String> {
    let fields = row
        .iter()
        .filter(|(key, _)| key.starts_with("UF_") && key.ends_with(PAYMENT_FIELD));
    fields
        .flat_map(|(_, cell)| match cell {
            Cell::Many(cells) => cells.clone(),
            cell => vec![cell.clone()],
        })
        .map(|cell| cell.as_text().to_owned())
        .filter(|id| !id.is_empty())
        .collect()
}

/// Everything the portal holds, as JSON.
pub fn world(world: &World) -> Value {
    let items = |entity_type_id: i64| -> Vec<Value> {
        world
            .rows(entity_type_id)
            .map(|row| {
                let glance = glance(world, entity_type_id, row);
                json!({
                    "id": glance.id,
                    "number": glance.number,
                    "title": glance.title,
                    "amount": glance.amount,
                    "currency": glance.currency,
                    "stage": glance.stage,
                    "stage_name": glance.stage_name,
                    "semantics": glance.semantics,
                    "previous_stage": text(row, "previousStageId"),
                    "category": int(row, "categoryId"),
                    "company": int(row, "companyId"),
                    "company_title": glance.company,
                    "deal": int(row, "parentId2"),
                    "updated": match row.get("updatedTime") { Some(Cell::Moment(ms)) => portal_time(*ms), _ => String::new() },
                    "payment_ids": glance.payment_ids,
                    "comments": glance.comments,
                    "user_fields": user_fields(row),
                })
            })
            .collect()
    };
    let companies: Vec<Value> = world
        .rows(COMPANY)
        .map(|row| json!({"id": int(row, "id"), "title": text(row, "title"), "own": row.get("isMyCompany") == Some(&Cell::Flag(true))}))
        .collect();
    json!({
        "invoices": items(INVOICE),
        "deals": items(DEAL),
        "companies": companies,
        "categories": world.categories,
        "stages": rows(world.statuses.values()),
        "requisites": rows(world.requisites.values()),
        "bank_details": rows(world.bank_details.values()),
        "requisite_links": rows(world.links.values().flat_map(std::collections::BTreeMap::values)),
        "comments": rows(world.comments.values()),
        "activities": rows(world.activities.values()),
        "tasks": rows(world.tasks.values()),
        "notifications": rows(world.notifications.values()),
        "log_messages": rows(world.log_messages.values()),
        "payments": rows(world.payments.values()),
        "documents": rows(world.documents.values()),
        "product_rows": rows(world.product_rows.values()),
        "old_invoices": rows(world.old_invoices.values()),
        "triggers": world.triggers,
        "events": world.events,
        "users": rows(world.users.values()),
        "user_fields": world.user_fields,
        "scopes": world.scopes,
    })
}

fn user_fields(row: &Row) -> Value {
    let fields = row.iter().filter(|(key, _)| key.starts_with("UF_"));
    Value::Object(fields.map(|(key, cell)| (key.clone(), shown(cell))).collect())
}

fn rows<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<Value> {
    rows.map(|row| Value::Object(row.iter().map(|(key, cell)| (key.clone(), shown(cell))).collect()))
        .collect()
}

fn shown(cell: &Cell) -> Value {
    serde_json::to_value(cell.typed(Kind::Text)).unwrap_or(Value::Null)
}
