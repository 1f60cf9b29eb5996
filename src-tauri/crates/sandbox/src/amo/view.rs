//! What the account holds, put for people and tests.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Value, json};

use super::{
    kind::Kind,
    site::Site,
    values,
    world::{Card, INVOICES, LOST, Object, WON, World},
};
use crate::page::{Crm, ROWS_MAX, Row, Table, escaped, money, several};

/// Adds `amocrm` to the portal's state, and the account's requests to the counts of all.
pub(crate) fn merge_into(state: &mut Value, site: &Site) {
    let mut own = world(&site.world);
    if let (Value::Object(own), Value::Object(moods)) = (&mut own, site.moods()) {
        own.extend(moods);
    }
    if let Some(all) = state.get_mut("requests").and_then(Value::as_object_mut) {
        let total = all.get("total").and_then(Value::as_u64).unwrap_or_default();
        all.insert("total".into(), json!(total + site.record.total));
        add_counts(all, "by_method", site.record.by_method.iter());
        let by_status: Vec<(String, u64)> = site
            .record
            .by_status
            .iter()
            .map(|(status, count)| (status.to_string(), *count))
            .collect();
        add_counts(
            all,
            "by_status",
            by_status.iter().map(|(status, count)| (status, count)),
        );
    }
    state["amocrm"] = own;
}

fn add_counts<'a>(all: &mut Object, name: &str, counts: impl Iterator<Item = (&'a String, &'a u64)>) {
    let Some(kept) = all.get_mut(name).and_then(Value::as_object_mut) else {
        return;
    };
    for (key, count) in counts {
        let before = kept.get(key).and_then(Value::as_u64).unwrap_or_default();
        kept.insert(key.clone(), json!(before + count));
    }
}

/// An invoice at a glance.
struct Glance {
    id: i64,
    name: String,
    price: String,
    status: String,
    status_name: String,
    paid_s: Option<i64>,
    payer: String,
    leads: Vec<i64>,
    /// Own fields of programs: name (or code) and value.
    added: Vec<(String, String)>,
}

/// The leads every invoice hangs on.
fn leads_of_invoices(world: &World) -> BTreeMap<i64, Vec<i64>> {
    let mut leads: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for link in &world.links {
        if (link.from.0, link.to.0, link.catalog) == (Kind::Leads, Kind::CatalogElements, Some(INVOICES)) {
            leads.entry(link.to.1).or_default().push(link.from.1);
        }
    }
    leads
}

fn glance(world: &World, card: &Card, leads: &BTreeMap<i64, Vec<i64>>) -> Glance {
    let place = INVOICES.to_string();
    let value = |code: &str, part: &str| -> Value {
        let values = world.field(&place, code).and_then(|field| card.values.get(&field.id));
        let first = values.and_then(|values| values.first());
        first.and_then(|value| value.get(part)).cloned().unwrap_or_default()
    };
    let text = |value: Value| value.as_str().map(str::to_owned).unwrap_or_default();
    let added = world
        .fields_of(&place)
        .into_iter()
        .filter(|field| !field.predefined)
        .filter_map(|field| {
            let values = card.values.get(&field.id)?;
            let texts: Vec<String> = values
                .iter()
                .map(|value| super::filter::shown(&value["value"]))
                .collect();
            Some((
                field.code.clone().unwrap_or_else(|| field.name.clone()),
                texts.join(", "),
            ))
        });
    Glance {
        id: card.id(),
        name: card.text("name").to_owned(),
        price: text(value("BILL_PRICE", "value")),
        status: text(value("BILL_STATUS", "enum_code")),
        status_name: text(value("BILL_STATUS", "value")),
        paid_s: value("BILL_PAYMENT_DATE", "value").as_i64(),
        payer: text(value("PAYER", "value")["name"].clone()),
        leads: leads.get(&card.id()).cloned().unwrap_or_default(),
        added: added.collect(),
    }
}

fn invoices(world: &World) -> impl Iterator<Item = &Card> {
    world
        .elements
        .get(&INVOICES)
        .into_iter()
        .flat_map(|cards| cards.values())
}

/// Everything the account holds, as JSON.
fn world(world: &World) -> Value {
    let cards = |kind: Kind| -> Vec<Value> {
        let cards = world.cards(kind).into_iter().flat_map(|cards| cards.values());
        cards
            .map(|card| {
                let mut shown = card.attributes.clone();
                shown.insert("custom_fields_values".into(), values::shown(world, kind.name(), card));
                shown.insert("tags".into(), json!(card.tags));
                Value::Object(shown)
            })
            .collect()
    };
    let place = INVOICES.to_string();
    let leads = leads_of_invoices(world);
    let bills: Vec<Value> = invoices(world)
        .map(|card| {
            let glance = glance(world, card, &leads);
            json!({
                "id": glance.id,
                "name": glance.name,
                "price": glance.price,
                "status": glance.status,
                "status_name": glance.status_name,
                "payment_date": glance.paid_s,
                "payer": glance.payer,
                "leads": glance.leads,
                "added": glance.added.iter().cloned().collect::<BTreeMap<_, _>>(),
                "updated_at": card.int("updated_at"),
                "custom_fields_values": values::shown(world, &place, card),
            })
        })
        .collect();
    let notes: Vec<Value> = world
        .notes
        .iter()
        .flat_map(|(kind, notes)| {
            notes.values().map(|note| {
                let mut shown = note.clone();
                shown.insert("entity_type".into(), json!(kind.name()));
                Value::Object(shown)
            })
        })
        .collect();
    json!({
        "sources": world.sources.values().collect::<Vec<_>>(),
        "unsorted": world.unsorted,
        "invoices": bills,
        "leads": cards(Kind::Leads),
        "companies": cards(Kind::Companies),
        "contacts": cards(Kind::Contacts),
        "catalogs": world.catalogs.values().collect::<Vec<_>>(),
        "fields": world.fields.values().collect::<Vec<_>>(),
        "links": world.links,
        "notes": notes,
        "tasks": world.tasks.values().collect::<Vec<_>>(),
        "pipelines": world.pipelines,
        "webhooks": world.webhooks,
        "settings": world.settings,
    })
}

/// Everything the account holds, for `GET /state/amocrm`.
pub(crate) fn holdings(site: &Site) -> Value {
    world(&site.world)
}

/// The account's part of the page for people.
pub(crate) fn crm(site: &Site) -> Crm {
    let world = &site.world;
    let kommo = world.settings.kommo;
    Crm {
        id: "amocrm",
        name: if kommo { "Kommo" } else { "amoCRM" },
        requests: site.record.total,
        tables: vec![bills(world), leads(world), tasks(world)],
    }
}

/// Invoices, those first that something was written into.
fn bills(world: &World) -> Table {
    let on_leads = leads_of_invoices(world);
    let mut bills: Vec<Glance> = invoices(world).map(|card| glance(world, card, &on_leads)).collect();
    bills.sort_by_key(|bill| (bill.added.is_empty() && bill.status != "partially_paid", bill.id));
    let total = bills.len();
    let shown = bills.into_iter().take(ROWS_MAX).map(|bill| {
        let added = bill.added.iter().map(|(name, value)| format!("{name}: {value}"));
        let leads: Vec<String> = bill.leads.iter().map(ToString::to_string).collect();
        let meaning = match bill.status.as_str() {
            "paid" | "paid_in_advance" => "S",
            _ => "",
        };
        let paid = bill.paid_s.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Row::of([
            escaped(&bill.name),
            escaped(&bill.payer),
            money(&bill.price, world.settings.currency()),
            escaped(&bill.status_name),
            paid.map_or_else(String::new, |paid| paid.format("%d.%m.%Y").to_string()),
            leads.join(", "),
            several(&added.collect::<Vec<_>>()),
        ])
        .meaning(meaning)
    });
    Table {
        title: "Счета",
        columns: &[
            "Счёт",
            "Плательщик",
            "=Сумма",
            "Статус",
            "Оплачен",
            "Сделки",
            "Записано",
        ],
        rows: shown.collect(),
        total,
    }
}

fn leads(world: &World) -> Table {
    let notes = world.notes.get(&Kind::Leads);
    let mut texts: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for note in notes.into_iter().flat_map(BTreeMap::values) {
        let lead = note["entity_id"].as_i64().unwrap_or_default();
        let text = note["params"]["text"].as_str().unwrap_or_default();
        texts.entry(lead).or_default().push(text.to_owned());
    }
    let mut cards: Vec<&Card> = world.leads.values().collect();
    // They come by their numbers, and stay so among their kind.
    cards.sort_by_key(|card| !texts.contains_key(&card.id()));
    let total = cards.len();
    let shown = cards.into_iter().take(ROWS_MAX).map(|card| {
        let status = card.int("status_id");
        let pipeline = world.pipeline(card.int("pipeline_id"));
        let stage = pipeline.and_then(|pipeline| pipeline.statuses.iter().find(|stage| stage.id == status));
        let meaning = match status {
            WON => "S",
            LOST => "F",
            _ => "",
        };
        Row::of([
            card.id().to_string(),
            escaped(card.text("name")),
            money(&card.int("price").to_string(), world.settings.currency()),
            escaped(stage.map_or("", |stage| stage.name.as_str())),
            several(texts.get(&card.id()).map_or(&[], Vec::as_slice)),
        ])
        .meaning(meaning)
    });
    Table {
        title: "Сделки",
        columns: &["№", "Название", "=Сумма", "Этап", "Примечания"],
        rows: shown.collect(),
        total,
    }
}

fn tasks(world: &World) -> Table {
    let shown = world.tasks.values().rev().take(ROWS_MAX).map(|task| {
        let till = task["complete_till"].as_i64();
        let till = till.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Row::of([
            escaped(task["text"].as_str().unwrap_or_default()),
            till.map_or_else(String::new, |till| till.format("%d.%m.%Y").to_string()),
        ])
    });
    Table {
        title: "Задачи",
        columns: &["Что", "Срок"],
        rows: shown.collect(),
        total: world.tasks.len(),
    }
}
