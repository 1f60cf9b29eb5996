//! What the account holds, put for people and tests.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::{Value, json};

use super::{
    kind::Kind,
    site::Site,
    values,
    world::{Card, INVOICES, Object, World},
};
use crate::page::escaped;

/// Rows a table of the page shows.
const ROWS_MAX: usize = 300;

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

/// Notes of one card, newest last.
fn notes_of(world: &World, kind: Kind, id: i64) -> Vec<&Object> {
    let notes = world.notes.get(&kind).into_iter().flat_map(|notes| notes.values());
    notes.filter(|note| note["entity_id"] == json!(id)).collect()
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
pub(crate) fn html(site: &Site) -> String {
    let world = &site.world;
    let mut html = String::new();
    let on_leads = leads_of_invoices(world);
    let mut bills: Vec<Glance> = invoices(world).map(|card| glance(world, card, &on_leads)).collect();
    // What was written to comes first.
    bills.sort_by_key(|bill| (bill.added.is_empty() && bill.status != "partially_paid", bill.id));
    // Writing to a String cannot fail.
    let _ = write!(
        html,
        "<h1>{}</h1><p class=note>Запросов: {}. Счетов: {}, сделок: {}, примечаний: {}, задач: {}.</p>\
         <h2>Счета</h2><table><tr><th>№</th><th>Название</th><th>Плательщик</th><th>Сумма</th><th>Статус</th>\
         <th>Сделки</th><th>Записано</th></tr>",
        if world.settings.kommo { "Kommo" } else { "amoCRM" },
        site.record.total,
        bills.len(),
        world.leads.len(),
        world.notes.values().map(BTreeMap::len).sum::<usize>(),
        world.tasks.len(),
    );
    for bill in bills.iter().take(ROWS_MAX) {
        let leads: Vec<String> = bill.leads.iter().map(ToString::to_string).collect();
        let added: Vec<String> = bill
            .added
            .iter()
            .map(|(name, value)| escaped(&format!("{name}: {value}")))
            .collect();
        let class = match bill.status.as_str() {
            "paid" | "paid_in_advance" => "S",
            _ => "",
        };
        let _ = write!(
            html,
            "<tr class=\"{class}\"><td>{}</td><td>{}</td><td>{}</td><td class=sum>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            bill.id,
            escaped(&bill.name),
            escaped(&bill.payer),
            escaped(&bill.price),
            world.settings.currency(),
            escaped(&bill.status_name),
            leads.join(", "),
            added.join("<br>"),
        );
    }
    html.push_str("</table>");
    leads(&mut html, world);
    html
}

fn leads(html: &mut String, world: &World) {
    html.push_str(
        "<h2>Сделки</h2><table><tr><th>№</th><th>Название</th><th>Сумма</th><th>Этап</th><th>Примечания</th></tr>",
    );
    for card in world.leads.values().take(ROWS_MAX) {
        let stage = world.pipeline(card.int("pipeline_id")).and_then(|pipeline| {
            pipeline
                .statuses
                .iter()
                .find(|status| status.id == card.int("status_id"))
        });
        let notes: Vec<String> = notes_of(world, Kind::Leads, card.id())
            .iter()
            .map(|note| escaped(note["params"]["text"].as_str().unwrap_or_default()))
            .collect();
        let _ = write!(
            html,
            "<tr><td>{}</td><td>{}</td><td class=sum>{}</td><td>{}</td><td>{}</td></tr>",
            card.id(),
            escaped(card.text("name")),
            card.int("price"),
            escaped(stage.map_or("", |stage| stage.name.as_str())),
            notes.join("<hr>"),
        );
    }
    html.push_str("</table>");
}
