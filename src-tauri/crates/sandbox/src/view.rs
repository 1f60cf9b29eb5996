//! What the portal holds, put for people and tests: invoices with stage, payment ids and comments in one place.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    cell::{Cell, Kind, portal_time, two_decimals},
    page::{self, Crm, ROWS_MAX, Table, escaped, money, several},
    portal::Portal,
    schema::{COMPANY, CONTACT, DEAL, INVOICE, LEAD, Row},
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

/// What was written under objects, by their kind and number.
pub struct Comments<'a>(BTreeMap<(&'a str, i64), Vec<&'a str>>);

impl<'a> Comments<'a> {
    pub fn of(world: &'a World) -> Self {
        let mut comments: BTreeMap<(&str, i64), Vec<&str>> = BTreeMap::new();
        for comment in world.comments.values() {
            let place = (text(comment, "ENTITY_TYPE"), int(comment, "ENTITY_ID"));
            comments.entry(place).or_default().push(text(comment, "COMMENT"));
        }
        Self(comments)
    }

    fn under(&self, entity_type_id: i64, id: i64) -> &[&'a str] {
        let entity = if entity_type_id == INVOICE {
            "dynamic_31"
        } else {
            "deal"
        };
        self.0.get(&(entity, id)).map_or(&[], Vec::as_slice)
    }
}

pub fn glance(world: &World, comments: &Comments<'_>, entity_type_id: i64, row: &Row) -> Glance {
    let id = int(row, "id");
    let (stage_name, semantics) = world.stage_of(entity_type_id, row);
    let amount = match row.get("opportunity") {
        Some(Cell::Money(minor)) => two_decimals(*minor),
        _ => two_decimals(0),
    };
    let company = world.item(COMPANY, int(row, "companyId"));
    let comments = comments.under(entity_type_id, id).iter();
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
        comments: comments.map(|comment| (*comment).to_owned()).collect(),
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
    let comments = Comments::of(world);
    let items = |entity_type_id: i64| -> Vec<Value> {
        world
            .rows(entity_type_id)
            .map(|row| {
                let glance = glance(world, &comments, entity_type_id, row);
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
        "contacts": rows(world.rows(CONTACT)),
        "leads": rows(world.rows(LEAD)),
        "categories": world.categories,
        "stages": rows(world.statuses.values()),
        "requisites": rows(world.requisites.values()),
        "bank_details": rows(world.bank_details.values()),
        "addresses": rows(world.addresses.values()),
        "stage_history": rows(world.stage_history.values().flat_map(BTreeMap::values)),
        "requisite_links": rows(world.links.values().flat_map(BTreeMap::values)),
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
        "list_elements": world.list_elements,
        "workflows": world.workflows,
        "options": world.options,
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

/// The portal's part of the page for people.
pub fn crm(portal: &Portal) -> Crm {
    let world = &portal.world;
    Crm {
        id: "bitrix24",
        name: "Битрикс24",
        requests: portal.record.total,
        tables: vec![
            objects(world, "Счета", INVOICE),
            objects(world, "Сделки", DEAL),
            around(
                "Дела",
                &["Что", "Подробно", "Срок", "Счёт или сделка"],
                world.activities.values(),
                &["SUBJECT", "DESCRIPTION", "DEADLINE", "OWNER_ID"],
            ),
            around(
                "Задачи",
                &["Что", "Подробно", "Срок"],
                world.tasks.values(),
                &["title", "description", "deadline"],
            ),
            around(
                "Уведомления",
                &["Что", "Кому", "Метка"],
                world.notifications.values(),
                &["MESSAGE", "USER_ID", "TAG"],
            ),
            around(
                "Документы",
                &["Что", "№", "Счёт или сделка"],
                world.documents.values(),
                &["title", "number", "entityId"],
            ),
        ],
    }
}

/// Invoices or deals, those first that something was written into.
fn objects(world: &World, title: &'static str, entity_type_id: i64) -> Table {
    let comments = Comments::of(world);
    let mut rows: Vec<(bool, &Row)> = world
        .rows(entity_type_id)
        .map(|row| {
            let untouched = payment_ids(row).is_empty() && comments.under(entity_type_id, int(row, "id")).is_empty();
            (untouched, row)
        })
        .collect();
    // They come by their numbers, and stay so among their kind.
    rows.sort_by_key(|(untouched, _)| *untouched);
    let total = rows.len();
    let shown = rows.into_iter().take(ROWS_MAX).map(|(_, row)| {
        let row = glance(world, &comments, entity_type_id, row);
        // A title that only repeats the number says nothing.
        let says_more = !row.number.is_empty() && !row.title.ends_with(&row.number);
        let number = if row.number.is_empty() { &row.title } else { &row.number };
        page::Row::of([
            escaped(number),
            if says_more { escaped(&row.title) } else { String::new() },
            escaped(&row.company),
            money(&row.amount, &row.currency),
            escaped(&row.stage_name),
            several(&row.payment_ids),
            several(&row.comments),
        ])
        .meaning(&row.semantics)
    });
    Table {
        title,
        columns: &[
            "№",
            "Название",
            "Компания",
            "=Сумма",
            "Стадия",
            "Платежи",
            "Комментарии",
        ],
        rows: shown.collect(),
        total,
    }
}

/// What stands around them, the newest first.
fn around<'a>(
    title: &'static str,
    columns: &'static [&'static str],
    rows: impl DoubleEndedIterator<Item = &'a Row> + ExactSizeIterator,
    keys: &[&str],
) -> Table {
    let total = rows.len();
    let cell = |row: &Row, key: &str| match row.get(key) {
        Some(Cell::Moment(ms)) => day(*ms),
        Some(cell) => escaped(&cell.legacy(Kind::Text).as_text().unwrap_or_default()),
        None => String::new(),
    };
    let shown = rows.rev().take(ROWS_MAX);
    Table {
        title,
        columns,
        rows: shown
            .map(|row| page::Row::of(keys.iter().map(|key| cell(row, key))))
            .collect(),
        total,
    }
}

fn day(ms: i64) -> String {
    let time = portal_time(ms);
    let mut parts = time.get(..10).unwrap_or_default().splitn(3, '-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
    format!("{}.{}.{}", part(day), part(month), part(year))
}
