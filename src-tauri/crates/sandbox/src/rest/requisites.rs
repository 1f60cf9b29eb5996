//! Tax numbers and bank accounts of companies, and with which of them an invoice or a deal was issued.

use std::collections::BTreeMap;

use super::{
    CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, described, fill, invalid, number, rows_list, table, whole},
    write,
};
use crate::{
    cell::Cell,
    firm::{ORGANISATION_PRESET, SOLE_TRADER_PRESET},
    php::Php,
    queue::Deed,
    schema::{BANK_DETAIL_FIELDS, COMPANY, CONTACT, Field, LINK_FIELDS, PRESET_FIELDS, REQUISITE_FIELDS, Row},
    world::{World, int},
};

pub static METHODS: &[Method] = &[
    read("crm.requisite.list", CRM, list),
    read("crm.requisite.get", CRM, get),
    read("crm.requisite.fields", CRM, |_| Ok(described(REQUISITE_FIELDS).into())),
    write("crm.requisite.add", CRM, add),
    write("crm.requisite.update", CRM, update),
    write("crm.requisite.delete", CRM, delete),
    read("crm.requisite.preset.list", CRM, preset_list),
    read("crm.requisite.preset.get", CRM, preset_get),
    read("crm.requisite.preset.fields", CRM, |_| {
        Ok(described(PRESET_FIELDS).into())
    }),
    read("crm.requisite.preset.countries", CRM, |_| Ok(countries().into())),
    read("crm.requisite.bankdetail.list", CRM, bank_detail_list),
    read("crm.requisite.bankdetail.get", CRM, bank_detail_get),
    read("crm.requisite.bankdetail.fields", CRM, |_| {
        Ok(described(BANK_DETAIL_FIELDS).into())
    }),
    write("crm.requisite.bankdetail.add", CRM, bank_detail_add),
    write("crm.requisite.bankdetail.update", CRM, bank_detail_update),
    write("crm.requisite.bankdetail.delete", CRM, bank_detail_delete),
    read("crm.requisite.link.list", CRM, link_list),
    read("crm.requisite.link.get", CRM, link_get),
    read("crm.requisite.link.fields", CRM, |_| Ok(described(LINK_FIELDS).into())),
    write("crm.requisite.link.register", CRM, link_register),
    write("crm.requisite.link.unregister", CRM, link_unregister),
];

/// An IBAN does not fit into the field of a Kazakh account.
const IIK_CHARS_MAX: usize = 20;

fn list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &table(REQUISITE_FIELDS), call.world.requisites.values())
}

fn bank_detail_list(call: &mut Call<'_>) -> Outcome {
    rows_list(
        call.params,
        &table(BANK_DETAIL_FIELDS),
        call.world.bank_details.values(),
    )
}

fn link_list(call: &mut Call<'_>) -> Outcome {
    rows_list(
        call.params,
        &table(LINK_FIELDS),
        call.world.links.values().flat_map(BTreeMap::values),
    )
}

fn id(call: &Call<'_>) -> Result<i64, RestError> {
    call.int("id")
        .map_err(|_| RestError::legacy("ID is not defined or invalid."))
}

fn not_found(what: &str, id: i64) -> RestError {
    RestError::legacy(format!("The {what} with ID '{id}' is not found"))
}

fn get(call: &mut Call<'_>) -> Outcome {
    row_get(call, &call.world.requisites, REQUISITE_FIELDS, "Requisite")
}

fn bank_detail_get(call: &mut Call<'_>) -> Outcome {
    row_get(call, &call.world.bank_details, BANK_DETAIL_FIELDS, "BankDetail")
}

fn row_get(call: &Call<'_>, rows: &BTreeMap<i64, Row>, fields: &'static [Field], what: &str) -> Outcome {
    let id = id(call)?;
    let row = rows.get(&id).ok_or_else(|| not_found(what, id))?;
    Ok(whole(fields, row).into())
}

fn told(call: &mut Call<'_>, thing: &str, deed: Deed, id: i64) {
    let connector = call.connector();
    call.world
        .thing_event(thing, deed, id, call.caller.user, call.now_ms, connector.as_deref());
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = cells([
        ("ACTIVE", Cell::Flag(true)),
        ("SORT", Cell::Int(500)),
        ("DATE_CREATE", Cell::Moment(call.now_ms)),
    ]);
    fill(&mut row, REQUISITE_FIELDS, &fields).map_err(|name| invalid(&name))?;
    let owner = (int(&row, "ENTITY_TYPE_ID"), int(&row, "ENTITY_ID"));
    if ![COMPANY, CONTACT].contains(&owner.0) {
        return Err(RestError::legacy("ENTITY_TYPE_ID is not defined or invalid."));
    }
    if call.world.item(owner.0, owner.1).is_none() {
        return Err(RestError::legacy("ENTITY_ID is not defined or invalid."));
    }
    if !PRESETS.iter().any(|(preset, _)| *preset == int(&row, "PRESET_ID")) {
        return Err(RestError::legacy("PRESET_ID is not defined or invalid."));
    }
    if crate::world::text(&row, "NAME").is_empty() {
        return Err(RestError::legacy("The field 'NAME' is required."));
    }
    let id = call.world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    call.world.requisites.insert(id, row);
    told(call, "REQUISITE", Deed::Add, id);
    Ok(number(id).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    let fields = call.fields()?.clone();
    let row = call
        .world
        .requisites
        .get_mut(&id)
        .ok_or_else(|| not_found("Requisite", id))?;
    let mut new = row.clone();
    fill(&mut new, REQUISITE_FIELDS, &fields).map_err(|name| invalid(&name))?;
    // A requisite does not change hands.
    for key in ["ENTITY_TYPE_ID", "ENTITY_ID"] {
        new.insert(key.to_owned(), row.get(key).cloned().unwrap_or(Cell::Empty));
    }
    new.insert("DATE_MODIFY".to_owned(), Cell::Moment(call.now_ms));
    *row = new;
    told(call, "REQUISITE", Deed::Update, id);
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    call.world
        .requisites
        .remove(&id)
        .ok_or_else(|| not_found("Requisite", id))?;
    call.world
        .bank_details
        .retain(|_, detail| int(detail, "ENTITY_ID") != id);
    told(call, "REQUISITE", Deed::Delete, id);
    Ok(Php::Bool(true).into())
}

fn fill_bank_detail(row: &mut Row, fields: &Php) -> Result<(), RestError> {
    fill(row, BANK_DETAIL_FIELDS, fields).map_err(|name| invalid(&name))?;
    if crate::world::text(row, "RQ_IIK").chars().count() > IIK_CHARS_MAX {
        return Err(RestError::legacy("The field 'RQ_IIK' is too long."));
    }
    Ok(())
}

fn bank_detail_add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = cells([
        ("ACTIVE", Cell::Flag(true)),
        ("SORT", Cell::Int(500)),
        ("COUNTRY_ID", Cell::Int(1)),
        ("DATE_CREATE", Cell::Moment(call.now_ms)),
    ]);
    fill_bank_detail(&mut row, &fields)?;
    if !call.world.requisites.contains_key(&int(&row, "ENTITY_ID")) {
        return Err(RestError::legacy("ENTITY_ID is not defined or invalid."));
    }
    if crate::world::text(&row, "NAME").is_empty() {
        return Err(RestError::legacy("The field 'NAME' is required."));
    }
    let id = call.world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    call.world.bank_details.insert(id, row);
    told(call, "BANKDETAIL", Deed::Add, id);
    Ok(number(id).into())
}

fn bank_detail_update(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    let fields = call.fields()?.clone();
    let row = call
        .world
        .bank_details
        .get_mut(&id)
        .ok_or_else(|| not_found("BankDetail", id))?;
    let mut new = row.clone();
    fill_bank_detail(&mut new, &fields)?;
    new.insert(
        "ENTITY_ID".to_owned(),
        row.get("ENTITY_ID").cloned().unwrap_or(Cell::Empty),
    );
    new.insert("DATE_MODIFY".to_owned(), Cell::Moment(call.now_ms));
    *row = new;
    told(call, "BANKDETAIL", Deed::Update, id);
    Ok(Php::Bool(true).into())
}

fn bank_detail_delete(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    call.world
        .bank_details
        .remove(&id)
        .ok_or_else(|| not_found("BankDetail", id))?;
    told(call, "BANKDETAIL", Deed::Delete, id);
    Ok(Php::Bool(true).into())
}

/// The object a link belongs to.
fn linked(value: impl Fn(&str) -> Option<i64>, world: &World) -> Result<(i64, i64), RestError> {
    let wrong = |name: &str| RestError::legacy(format!("{name} is not defined or invalid."));
    let entity_type_id = value("ENTITY_TYPE_ID").ok_or_else(|| wrong("ENTITY_TYPE_ID"))?;
    let id = value("ENTITY_ID").ok_or_else(|| wrong("ENTITY_ID"))?;
    match world.item(entity_type_id, id) {
        Some(_) => Ok((entity_type_id, id)),
        None => Err(wrong("ENTITY_ID")),
    }
}

/// The parameters of `get` and `unregister`, which are spelled differently.
fn asked(call: &Call<'_>) -> Result<(i64, i64), RestError> {
    let value = |name: &str| call.param(&name.replace('_', "")).and_then(Php::as_int);
    linked(value, call.world)
}

fn link_get(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = asked(call)?;
    let row = call
        .world
        .links
        .get(&entity_type_id)
        .and_then(|links| links.get(&id))
        .ok_or_else(|| RestError::legacy(format!("Link of the entity {entity_type_id}:{id} is not found")))?;
    Ok(whole(LINK_FIELDS, row).into())
}

fn link_register(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = Row::new();
    fill(&mut row, LINK_FIELDS, &fields).map_err(|name| invalid(&name))?;
    let (entity_type_id, id) = linked(|name| Some(int(&row, name)), call.world)?;
    for (name, held) in [
        ("REQUISITE_ID", &call.world.requisites),
        ("MC_REQUISITE_ID", &call.world.requisites),
        ("BANK_DETAIL_ID", &call.world.bank_details),
        ("MC_BANK_DETAIL_ID", &call.world.bank_details),
    ] {
        let id = int(&row, name);
        if id != 0 && !held.contains_key(&id) {
            return Err(RestError::legacy(format!("{name} is not defined or invalid.")));
        }
    }
    call.world.links.entry(entity_type_id).or_default().insert(id, row);
    Ok(Php::Bool(true).into())
}

fn link_unregister(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = asked(call)?;
    if let Some(links) = call.world.links.get_mut(&entity_type_id) {
        links.remove(&id);
    }
    Ok(Php::Bool(true).into())
}

const PRESETS: [(i64, &str); 2] = [(ORGANISATION_PRESET, "Организация"), (SOLE_TRADER_PRESET, "ИП")];

/// The countries a preset can be for.
fn countries() -> Php {
    let known = [
        (1, "RU", "Россия"),
        (4, "BY", "Беларусь"),
        (6, "KZ", "Казахстан"),
        (14, "UA", "Украина"),
        (46, "DE", "Германия"),
        (122, "US", "США"),
    ];
    Php::list(known.map(|(id, code, title)| {
        Php::map([
            ("ID", number(id)),
            ("CODE", Php::text(code)),
            ("TITLE", Php::text(title)),
        ])
    }))
}

fn presets() -> Vec<Row> {
    PRESETS
        .iter()
        .map(|(id, name)| {
            cells([
                ("ID", Cell::Int(*id)),
                ("ENTITY_TYPE_ID", Cell::Int(COMPANY)),
                ("COUNTRY_ID", Cell::Int(1)),
                ("NAME", Cell::text(*name)),
                ("ACTIVE", Cell::Flag(true)),
                ("SORT", Cell::Int(500)),
            ])
        })
        .collect()
}

fn preset_list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &table(PRESET_FIELDS), presets().iter())
}

fn preset_get(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    let presets = presets();
    let row = presets
        .iter()
        .find(|row| int(row, "ID") == id)
        .ok_or_else(|| not_found("Preset", id))?;
    Ok(whole(PRESET_FIELDS, row).into())
}
