//! Tax numbers and bank accounts of companies, and with which of them an invoice was issued.

use std::collections::BTreeMap;

use super::{CRM, Call, Method, Outcome, RestError, legacy::rows_list, read};
use crate::{
    cell::Cell,
    filter::{Schema, Strangers},
    firm::{ORGANISATION_PRESET, SOLE_TRADER_PRESET},
    listing::Select,
    php::Php,
    schema::{BANK_DETAIL_FIELDS, COMPANY, Field, INVOICE, LINK_FIELDS, PRESET_FIELDS, REQUISITE_FIELDS, Row},
};

pub static METHODS: &[Method] = &[
    read("crm.requisite.list", CRM, list),
    read("crm.requisite.get", CRM, get),
    read("crm.requisite.preset.list", CRM, preset_list),
    read("crm.requisite.bankdetail.list", CRM, bank_detail_list),
    read("crm.requisite.bankdetail.get", CRM, bank_detail_get),
    read("crm.requisite.link.list", CRM, link_list),
    read("crm.requisite.link.get", CRM, link_get),
];

fn schema(fields: &'static [Field]) -> Schema<'static> {
    Schema {
        fields,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Ignore,
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &schema(REQUISITE_FIELDS), call.world.requisites.values())
}

fn bank_detail_list(call: &mut Call<'_>) -> Outcome {
    rows_list(
        call.params,
        &schema(BANK_DETAIL_FIELDS),
        call.world.bank_details.values(),
    )
}

fn link_list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &schema(LINK_FIELDS), call.world.links.values())
}

fn get(call: &mut Call<'_>) -> Outcome {
    row_get(call, &call.world.requisites, REQUISITE_FIELDS, "Requisite")
}

fn bank_detail_get(call: &mut Call<'_>) -> Outcome {
    row_get(call, &call.world.bank_details, BANK_DETAIL_FIELDS, "BankDetail")
}

fn row_get(call: &Call<'_>, rows: &BTreeMap<i64, Row>, fields: &'static [Field], what: &str) -> Outcome {
    let id = call.int("id")?;
    let row = rows
        .get(&id)
        .ok_or_else(|| RestError::legacy(format!("The {what} with ID '{id}' is not found")))?;
    Ok(Select::new(&Php::empty()).legacy(&schema(fields), row).into())
}

fn link_get(call: &mut Call<'_>) -> Outcome {
    let invalid = || RestError::legacy("ENTITY_ID is not defined or invalid.");
    let entity_type_id = call.int("entityTypeId").map_err(|_| invalid())?;
    let id = call.int("entityId").map_err(|_| invalid())?;
    let row = call
        .world
        .links
        .get(&id)
        .filter(|_| entity_type_id == INVOICE)
        .ok_or_else(|| RestError::legacy(format!("Link of the entity {entity_type_id}:{id} is not found")))?;
    Ok(Select::new(&Php::empty()).legacy(&schema(LINK_FIELDS), row).into())
}

fn preset_list(call: &mut Call<'_>) -> Outcome {
    let preset = |id: i64, name: &str| -> Row {
        [
            ("ID", Cell::Int(id)),
            ("ENTITY_TYPE_ID", Cell::Int(COMPANY)),
            ("COUNTRY_ID", Cell::Int(1)),
            ("NAME", Cell::text(name)),
            ("ACTIVE", Cell::Flag(true)),
            ("SORT", Cell::Int(500)),
        ]
        .into_iter()
        .map(|(key, cell)| (key.to_owned(), cell))
        .collect()
    };
    let presets = [
        preset(ORGANISATION_PRESET, "Организация"),
        preset(SOLE_TRADER_PRESET, "ИП"),
    ];
    rows_list(call.params, &schema(PRESET_FIELDS), presets.iter())
}
