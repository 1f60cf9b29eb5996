//! A card as the API shows it: attributes, fields, and what is linked to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::amo::{
    call::Call,
    kind::Kind,
    sources, tags, values,
    world::{ACCOUNT_ID, Card, Link, World},
};

/// Every link of one kind of cards, by card, seen from it.
pub struct Neighbours<'a>(BTreeMap<i64, Vec<(Kind, i64, &'a Link)>>);

impl<'a> Neighbours<'a> {
    pub fn of(world: &'a World, kind: Kind) -> Self {
        let mut by_card: BTreeMap<i64, Vec<(Kind, i64, &Link)>> = BTreeMap::new();
        for link in &world.links {
            for (own, other) in [(link.from, link.to), (link.to, link.from)] {
                if own.0 == kind {
                    by_card.entry(own.1).or_default().push((other.0, other.1, link));
                }
            }
        }
        Self(by_card)
    }

    fn of_card(&self, id: i64, kind: Kind) -> impl Iterator<Item = (i64, &'a Link)> {
        let links = self.0.get(&id).map(Vec::as_slice).unwrap_or_default();
        links
            .iter()
            .filter(move |(other, ..)| *other == kind)
            .map(|(_, id, link)| (*id, *link))
    }
}

pub fn card_json(call: &Call<'_>, kind: Kind, card: &Card, neighbours: &Neighbours<'_>) -> Value {
    let id = card.id();
    let mut shown = card.attributes.clone();
    shown.insert(
        "custom_fields_values".into(),
        values::shown(call.world, kind.name(), card),
    );
    shown.insert("account_id".into(), json!(ACCOUNT_ID));
    let link = |path: String| json!({"self": {"href": call.href(&path)}});
    shown.insert("_links".into(), link(format!("{}/{id}", kind.name())));
    if kind == Kind::Leads && call.with("is_price_modified_by_robot") {
        shown.insert("is_price_modified_by_robot".into(), json!(false));
    }
    let tags: Vec<Value> = card.tags.iter().map(|name| tags::tag_json(name)).collect();
    let mut embedded = json!({"tags": tags});
    let of = |other: Kind| -> Vec<Value> {
        neighbours
            .of_card(id, other)
            .map(|(id, _)| json!({"id": id, "_links": link(format!("{}/{id}", other.name()))}))
            .collect()
    };
    if kind != Kind::Companies {
        embedded["companies"] = Value::Array(of(Kind::Companies));
    }
    if kind != Kind::Leads && call.with("leads") {
        embedded["leads"] = Value::Array(of(Kind::Leads));
    }
    if kind != Kind::Contacts && call.with("contacts") {
        let mut contacts = of(Kind::Contacts);
        if kind == Kind::Leads {
            let main = neighbours
                .of_card(id, Kind::Contacts)
                .find(|(_, link)| link.main)
                .map(|(id, _)| id);
            for (at, contact) in contacts.iter_mut().enumerate() {
                let is_main = main.map_or(at == 0, |main| contact["id"] == json!(main));
                contact["is_main"] = json!(is_main);
            }
        }
        embedded["contacts"] = Value::Array(contacts);
    }
    if call.with("customers") {
        embedded["customers"] = json!([]);
    }
    if call.with("catalog_elements") {
        embedded["catalog_elements"] = neighbours
            .of_card(id, Kind::CatalogElements)
            .map(|(id, element)| {
                let catalog = element.catalog.unwrap_or_default();
                json!({
                    "id": id,
                    "metadata": metadata(element),
                    "_links": link(format!("catalogs/{catalog}/elements/{id}")),
                })
            })
            .collect();
    }
    if kind == Kind::Leads && call.with("loss_reason") {
        embedded["loss_reason"] = tags::reason_of(call, card.int("loss_reason_id"));
    }
    if kind == Kind::Leads && call.with("source") {
        embedded["source"] = sources::of_lead(call, card.int("source_id"));
    }
    shown.insert("_embedded".into(), embedded);
    Value::Object(shown)
}

/// A lead in the bin: little is left of it.
pub fn deleted_json(call: &Call<'_>, lead: &Card) -> Value {
    let id = lead.id();
    json!({
        "id": id,
        "updated_at": lead.int("updated_at"),
        "updated_by": lead.attributes.get("updated_by"),
        "is_deleted": true,
        "account_id": ACCOUNT_ID,
        "_links": {"self": {"href": call.href(&format!("leads/{id}"))}},
    })
}

/// What a link to an element says beside its two ends.
pub fn metadata(link: &Link) -> Value {
    json!({"quantity": link.quantity, "catalog_id": link.catalog, "price_id": link.price})
}
