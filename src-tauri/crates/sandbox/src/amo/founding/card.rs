//! The cards of a firm: companies with their requisites, leads, invoices.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ground::{TEXT_REQUISITES, choice};
use crate::{
    amo::world::{ADMIN, Card, INVOICES, LOST, MANAGER, WON, World},
    cell::two_decimals,
    firm::{FirmCompany, FirmDeal, FirmRequisite},
};

/// Who pays or issues an invoice.
pub struct Party {
    name: String,
    requisites: Vec<FirmRequisite>,
}

impl Party {
    pub fn of(company: &FirmCompany) -> Self {
        Self {
            name: company.title.clone(),
            requisites: company.requisites.clone(),
        }
    }

    /// One `legal_entity` for every account, one without where there is none.
    fn legal_entities(&self) -> Vec<Value> {
        let each = self.requisites.iter().flat_map(|requisite| {
            let none = Default::default();
            let accounts = if requisite.accounts.is_empty() {
                vec![none]
            } else {
                requisite.accounts.clone()
            };
            accounts.into_iter().map(|account| {
                json!({"value": {
                    "name": if requisite.name.is_empty() { &self.name } else { &requisite.name },
                    "entity_type": if requisite.inn.len() == 12 { 1 } else { 2 },
                    "vat_id": text(&requisite.inn),
                    "tax_registration_reason_code": null,
                    "kpp": text(&requisite.kpp),
                    "address": null,
                    "real_address": null,
                    "bank_code": text(&account.bik),
                    "bank_account_number": text(&account.account),
                    "external_uid": null,
                    "director": null,
                    "unp": null,
                    "bin": null,
                    "egrpou": null,
                    "mfo": null,
                    "oked": null,
                }})
            })
        });
        each.collect()
    }
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// An invoice to be written.
pub struct Bill<'a> {
    pub id: i64,
    pub name: String,
    /// Hundredths.
    pub minor: i64,
    /// A code of `BILL_STATUS`.
    pub status: &'static str,
    pub date_s: Option<i64>,
    pub payer: Option<(i64, &'a Party)>,
    pub issuer: Option<&'a Party>,
}

fn blank(id: i64, name: &str, at_s: i64, now_s: i64) -> Card {
    let mut card = Card::default();
    for (key, value) in [
        ("id", json!(id)),
        ("name", json!(name)),
        ("created_by", json!(ADMIN)),
        ("updated_by", json!(ADMIN)),
        ("created_at", json!(at_s)),
        ("updated_at", json!(now_s)),
        ("is_deleted", json!(false)),
    ] {
        card.set(key, value);
    }
    card
}

fn person(card: &mut Card, id: i64) {
    let responsible = if id % 2 == 0 { MANAGER } else { ADMIN };
    for (key, value) in [
        ("responsible_user_id", json!(responsible)),
        ("group_id", json!(0)),
        ("closest_task_at", Value::Null),
    ] {
        card.set(key, value);
    }
}

pub fn company(world: &World, company: &FirmCompany, now_s: i64) -> Card {
    let mut card = blank(company.id, &company.title, now_s, now_s);
    person(&mut card, company.id);
    let entities = Party::of(company).legal_entities();
    let requisites = world.settings.requisites;
    let fields = world.fields_of("companies");
    if let Some(field) = fields.iter().find(|field| field.kind == "legal_entity") {
        card.values.insert(field.id, entities.clone());
    }
    if let Some(first) = entities.first().filter(|_| requisites.in_text()) {
        let parts = ["vat_id", "kpp", "bank_account_number", "bank_code"];
        for (name, part) in TEXT_REQUISITES.iter().zip(parts) {
            let field = fields.iter().find(|field| field.name == *name && field.kind == "text");
            let value = &first["value"][part];
            if let Some(field) = field.filter(|_| !value.is_null()) {
                card.values.insert(field.id, vec![json!({"value": value})]);
            }
        }
    }
    card.values.retain(|_, values| !values.is_empty());
    card
}

pub fn contact(world: &World, id: i64, company: &str, now_s: i64) -> Card {
    let name = world.settings.words("Бухгалтерия", "Accounts");
    let mut card = blank(id, &format!("{name} {company}"), now_s, now_s);
    person(&mut card, id);
    for (key, value) in [
        ("first_name", json!(name)),
        ("last_name", json!(company)),
        ("is_unsorted", json!(false)),
    ] {
        card.set(key, value);
    }
    if let Some(phone) = world.field("contacts", "PHONE") {
        let work = choice(phone, "WORK").map(|mut choice| {
            choice["value"] = json!(format!("+7812{:07}", id % 10_000_000));
            choice
        });
        card.values.insert(phone.id, work.into_iter().collect());
    }
    card
}

pub fn lead(deal: &FirmDeal, (pipeline, status): (i64, i64), minor: i64, now_s: i64) -> Card {
    let mut card = blank(deal.id, &deal.title, now_s, now_s);
    person(&mut card, deal.id);
    let is_closed = [WON, LOST].contains(&status);
    for (key, value) in [
        // Leads have whole sums.
        ("price", json!(minor / 100)),
        ("pipeline_id", json!(pipeline)),
        ("status_id", json!(status)),
        ("loss_reason_id", Value::Null),
        ("source_id", Value::Null),
        ("closed_at", if is_closed { json!(now_s) } else { Value::Null }),
        ("score", Value::Null),
        ("labor_cost", Value::Null),
    ] {
        card.set(key, value);
    }
    card
}

pub fn invoice(world: &World, bill: &Bill<'_>, now_s: i64) -> Card {
    let mut card = blank(bill.id, &bill.name, bill.date_s.unwrap_or(now_s), now_s);
    card.set("is_deleted", Value::Null);
    let place = INVOICES.to_string();
    let mut values: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
    let mut put = |code: &str, value: Option<Value>| {
        if let (Some(field), Some(value)) = (world.field(&place, code), value) {
            values.insert(field.id, vec![value]);
        }
    };
    let chosen = |code: &str, value: &str| choice(world.field(&place, code)?, value);
    put("BILL_STATUS", chosen("BILL_STATUS", bill.status));
    put("BILL_VAT_TYPE", chosen("BILL_VAT_TYPE", "vat_included"));
    put("BILL_PRICE", Some(json!({"value": plain(bill.minor)})));
    if bill.status == "paid" {
        put(
            "BILL_PAYMENT_DATE",
            Some(json!({"value": bill.date_s.unwrap_or(now_s)})),
        );
    }
    put(
        "ITEMS",
        Some(json!({"value": {
            "sku": null,
            "description": world.settings.words("Услуги по договору", "Services"),
            "unit_price": number(bill.minor),
            "quantity": 1,
            "unit_type": world.settings.words("шт", "pcs"),
            "discount": {"type": "amount", "value": 0},
            "vat_rate_value": 20,
            "external_uid": null,
            "product_id": null,
            "total_sum": number(bill.minor),
        }})),
    );
    put(
        "LEGAL_ENTITY",
        bill.issuer
            .and_then(|issuer| issuer.legal_entities().into_iter().next()),
    );
    put("PAYER", bill.payer.map(|(id, party)| payer(id, party)));
    card.values = values;
    card
}

fn payer(id: i64, party: &Party) -> Value {
    let entity = party.legal_entities().into_iter().next().unwrap_or_default();
    let part = |name: &str| entity["value"][name].clone();
    let is_person = part("entity_type") == json!(1);
    json!({"value": {
        "name": party.name,
        "type": if is_person { "individual" } else { "legal" },
        "entity_type": "companies",
        "entity_id": id,
        "vat_id": part("vat_id"),
        "kpp": part("kpp"),
        "tax_registration_reason_code": null,
        "address": null,
        "bank_code": part("bank_code"),
        "bank_account_number": part("bank_account_number"),
        "external_uid": null,
    }})
}

/// A sum as text without zeros at the end, as numeric fields come back.
fn plain(minor: i64) -> String {
    let text = two_decimals(minor);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The same as a number.
fn number(minor: i64) -> Value {
    serde_json::from_str(&plain(minor)).unwrap_or_default()
}
