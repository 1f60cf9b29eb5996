//! Addresses of requisites: one of each kind (legal, actual) for a requisite, a company or a contact.

use super::{
    CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, described, fill, invalid, rows_list, table},
    write,
};
use crate::{
    cell::{Cell, Kind},
    php::Php,
    schema::{COMPANY, CONTACT, Field, Row, legacy},
    world::{World, int},
};

pub static METHODS: &[Method] = &[
    read("crm.address.fields", CRM, |_| Ok(described(FIELDS).into())),
    read("crm.address.list", CRM, list),
    write("crm.address.add", CRM, add),
    write("crm.address.update", CRM, update),
    write("crm.address.delete", CRM, delete),
];

static FIELDS: &[Field] = &[
    legacy("TYPE_ID", Kind::Int),
    legacy("ENTITY_TYPE_ID", Kind::Int),
    legacy("ENTITY_ID", Kind::Int),
    legacy("ADDRESS_1", Kind::Text),
    legacy("ADDRESS_2", Kind::Text),
    legacy("CITY", Kind::Text),
    legacy("POSTAL_CODE", Kind::Text),
    legacy("REGION", Kind::Text),
    legacy("PROVINCE", Kind::Text),
    legacy("COUNTRY", Kind::Text),
    legacy("COUNTRY_CODE", Kind::Text),
];
const REQUISITE: i64 = 8;

fn list(call: &mut Call<'_>) -> Outcome {
    rows_list(call.params, &table(FIELDS), call.world.addresses.values())
}

/// Whose address and of which kind: an address has no number of its own.
fn place(world: &World, fields: &Php) -> Result<(i64, i64, i64), RestError> {
    let number = |name: &str| fields.get_any_case(name).and_then(Php::as_int).unwrap_or_default();
    let (owner, id, kind) = (number("ENTITY_TYPE_ID"), number("ENTITY_ID"), number("TYPE_ID"));
    if kind <= 0 {
        return Err(RestError::legacy("TYPE_ID is not defined or invalid."));
    }
    let is_there = match owner {
        REQUISITE => world.requisites.contains_key(&id),
        COMPANY | CONTACT => world.item(owner, id).is_some(),
        _ => return Err(RestError::legacy("ENTITY_TYPE_ID is not defined or invalid.")),
    };
    match is_there {
        true => Ok((owner, id, kind)),
        false => Err(RestError::legacy("ENTITY_ID is not defined or invalid.")),
    }
}

fn found(world: &World, (owner, id, kind): (i64, i64, i64)) -> Option<i64> {
    let fits =
        |row: &Row| (int(row, "ENTITY_TYPE_ID"), int(row, "ENTITY_ID"), int(row, "TYPE_ID")) == (owner, id, kind);
    let mut rows = world.addresses.iter();
    rows.find(|(_, row)| fits(row)).map(|(number, _)| *number)
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let place = place(call.world, &fields)?;
    if found(call.world, place).is_some() {
        return Err(RestError::legacy("TypeAddress already exists."));
    }
    let mut row = cells([("ENTITY_TYPE_ID", Cell::Int(place.0))]);
    fill(&mut row, FIELDS, &fields).map_err(|name| invalid(&name))?;
    let number = call.world.new_id();
    call.world.addresses.insert(number, row);
    Ok(Php::Bool(true).into())
}

fn held(call: &Call<'_>) -> Result<i64, RestError> {
    let place = place(call.world, call.fields()?)?;
    found(call.world, place).ok_or_else(|| RestError::legacy("TypeAddress not found."))
}

fn update(call: &mut Call<'_>) -> Outcome {
    let number = held(call)?;
    let fields = call.fields()?.clone();
    let mut row = call.world.addresses.get(&number).cloned().unwrap_or_default();
    fill(&mut row, FIELDS, &fields).map_err(|name| invalid(&name))?;
    call.world.addresses.insert(number, row);
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let number = held(call)?;
    call.world.addresses.remove(&number);
    Ok(Php::Bool(true).into())
}
