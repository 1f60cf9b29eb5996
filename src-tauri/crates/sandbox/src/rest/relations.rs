//! Which contacts belong to a deal, a lead or a company, and which companies to a contact: each of them several, one first.

use super::{CRM, Call, Method, Outcome, RestError, items, read, rows::number, write};
use crate::{
    cell::Cell,
    php::Php,
    schema::{COMPANY, CONTACT, DEAL, INVOICE, LEAD, Row},
    world::int,
};

pub static METHODS: &[Method] = &[
    read("crm.deal.contact.fields", CRM, |_| Ok(fields("CONTACT_ID").into())),
    read("crm.deal.contact.items.get", CRM, get::<DEAL>),
    write("crm.deal.contact.items.set", CRM, set::<DEAL>),
    write("crm.deal.contact.items.delete", CRM, clear::<DEAL>),
    write("crm.deal.contact.add", CRM, add::<DEAL>),
    write("crm.deal.contact.delete", CRM, remove::<DEAL>),
    read("crm.lead.contact.fields", CRM, |_| Ok(fields("CONTACT_ID").into())),
    read("crm.lead.contact.items.get", CRM, get::<LEAD>),
    write("crm.lead.contact.items.set", CRM, set::<LEAD>),
    write("crm.lead.contact.items.delete", CRM, clear::<LEAD>),
    write("crm.lead.contact.add", CRM, add::<LEAD>),
    write("crm.lead.contact.delete", CRM, remove::<LEAD>),
    read("crm.contact.company.fields", CRM, |_| Ok(fields("COMPANY_ID").into())),
    read("crm.contact.company.items.get", CRM, get::<CONTACT>),
    write("crm.contact.company.items.set", CRM, set::<CONTACT>),
    write("crm.contact.company.items.delete", CRM, clear::<CONTACT>),
    write("crm.contact.company.add", CRM, add::<CONTACT>),
    write("crm.contact.company.delete", CRM, remove::<CONTACT>),
    read("crm.company.contact.fields", CRM, |_| Ok(fields("CONTACT_ID").into())),
    read("crm.company.contact.items.get", CRM, get::<COMPANY>),
    write("crm.company.contact.items.set", CRM, set::<COMPANY>),
    write("crm.company.contact.items.delete", CRM, clear::<COMPANY>),
    write("crm.company.contact.add", CRM, add::<COMPANY>),
    write("crm.company.contact.delete", CRM, remove::<COMPANY>),
];

/// The field of an object that holds the first of the others, the one that holds all of them, and what the others are.
pub fn related(entity_type_id: i64) -> Option<(&'static str, &'static str, i64)> {
    match entity_type_id {
        INVOICE | DEAL | LEAD => Some(("contactId", "contactIds", CONTACT)),
        CONTACT => Some(("companyId", "companyIds", COMPANY)),
        _ => None,
    }
}

/// Keeps the first and all of them in step, whichever was written.
pub fn settle(entity_type_id: i64, old: &Row, new: &mut Row) {
    let Some((first, all, _)) = related(entity_type_id) else {
        return;
    };
    if new.get(all) != old.get(all) {
        match ids(new, all).first() {
            Some(id) => new.insert(first.to_owned(), Cell::Int(*id)),
            None => new.remove(first),
        };
    } else if int(new, first) != int(old, first) {
        match int(new, first) {
            0 => new.remove(all),
            id => new.insert(all.to_owned(), Cell::Many(vec![Cell::Int(id)])),
        };
    }
}

fn ids(row: &Row, key: &str) -> Vec<i64> {
    match row.get(key) {
        Some(Cell::Many(cells)) => cells.iter().map(Cell::as_int).collect(),
        _ => Vec::new(),
    }
}

/// What an answer calls the number of the other.
fn name(entity: i64) -> &'static str {
    if entity == CONTACT { "COMPANY_ID" } else { "CONTACT_ID" }
}

fn fields(name: &str) -> Php {
    let about = |kind: &str, required: bool| {
        Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(required)),
            ("isReadOnly", Php::Bool(false)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(false)),
            ("isDynamic", Php::Bool(false)),
        ])
    };
    Php::map([
        (name, about("integer", true)),
        ("SORT", about("integer", false)),
        ("IS_PRIMARY", about("char", false)),
    ])
}

fn owner(call: &Call<'_>, entity: i64) -> Result<i64, RestError> {
    let id = call.int("id").ok().filter(|id| *id > 0);
    let id = id.ok_or_else(|| RestError::legacy("The parameter 'ownerEntityID' is invalid or not defined."))?;
    match call.world.item(entity, id) {
        Some(_) => Ok(id),
        None => Err(RestError::legacy("Not found")),
    }
}

/// The others of an object, the first one first. A company's are the contacts that name it.
fn others(call: &Call<'_>, entity: i64, id: i64) -> Vec<i64> {
    match related(entity) {
        Some((_, all, _)) => call.world.item(entity, id).map(|row| ids(row, all)).unwrap_or_default(),
        None => {
            let contacts = call.world.rows(CONTACT);
            let named = contacts.filter(|row| ids(row, "companyIds").contains(&id));
            named.map(|row| int(row, "id")).collect()
        }
    }
}

fn get<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = owner(call, ENTITY)?;
    let others = others(call, ENTITY, id);
    let rows = others.iter().enumerate().map(|(at, other)| {
        let sort = i64::try_from(at)
            .unwrap_or(i64::MAX)
            .saturating_add(1)
            .saturating_mul(10);
        Php::map([
            (name(ENTITY), number(*other)),
            ("SORT", number(sort)),
            ("ROLE_ID", number(0)),
            ("IS_PRIMARY", Php::text(if at == 0 { "Y" } else { "N" })),
        ])
    });
    Ok(Php::list(rows).into())
}

/// Writes the others of an object. For a company it is its contacts that change.
fn put(call: &mut Call<'_>, entity: i64, id: i64, wanted: &[i64]) -> Result<(), RestError> {
    let list = |ids: &[i64]| Php::list(ids.iter().map(|id| number(*id)));
    if let Some((_, all, _)) = related(entity) {
        let fields = Php::map([(all, list(wanted))]);
        items::write(call, entity, id, &fields).map_err(|error| RestError::legacy(error.text))?;
        return Ok(());
    }
    let held: Vec<i64> = others(call, entity, id);
    let contacts: Vec<i64> = held.iter().chain(wanted).copied().collect();
    for contact in contacts {
        let row = call.world.item(CONTACT, contact);
        let mut companies = row.map(|row| ids(row, "companyIds")).unwrap_or_default();
        companies.retain(|company| *company != id);
        if wanted.contains(&contact) {
            companies.push(id);
        }
        let fields = Php::map([("companyIds", list(&companies))]);
        items::write(call, CONTACT, contact, &fields).map_err(|error| RestError::legacy(error.text))?;
    }
    Ok(())
}

/// The other that an entry names, which must be there.
fn named(call: &Call<'_>, entity: i64, entry: &Php) -> Result<i64, RestError> {
    let id = entry
        .get_any_case(name(entity))
        .and_then(Php::as_int)
        .unwrap_or_default();
    let other = if entity == CONTACT { COMPANY } else { CONTACT };
    match call.world.item(other, id) {
        Some(_) => Ok(id),
        None => Err(RestError::legacy(format!(
            "The field '{}' is not found or invalid.",
            name(entity)
        ))),
    }
}

fn is_primary(entry: &Php) -> bool {
    entry.get_any_case("IS_PRIMARY").is_some_and(Php::is_yes)
}

fn set<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = owner(call, ENTITY)?;
    let entries = call.param("items").filter(|items| items.is_map());
    let entries = entries.ok_or_else(|| RestError::legacy("The parameter 'items' must be array."))?;
    let mut wanted: Vec<(bool, i64, i64)> = Vec::new();
    for (_, entry) in entries.entries() {
        let sort = entry.get_any_case("SORT").and_then(Php::as_int).unwrap_or(i64::MAX);
        wanted.push((!is_primary(entry), sort, named(call, ENTITY, entry)?));
    }
    wanted.sort_by_key(|(later, sort, _)| (*later, *sort));
    let wanted: Vec<i64> = wanted.into_iter().map(|(.., other)| other).collect();
    put(call, ENTITY, id, &wanted)?;
    Ok(Php::Bool(true).into())
}

fn clear<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = owner(call, ENTITY)?;
    put(call, ENTITY, id, &[])?;
    Ok(Php::Bool(true).into())
}

/// `false`: it was one of them already.
fn add<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = owner(call, ENTITY)?;
    let entry = call.fields()?;
    let (other, first) = (named(call, ENTITY, entry)?, is_primary(entry));
    let mut wanted = others(call, ENTITY, id);
    let is_new = !wanted.contains(&other);
    wanted.retain(|known| *known != other || !first);
    if first {
        wanted.insert(0, other);
    } else if is_new {
        wanted.push(other);
    }
    put(call, ENTITY, id, &wanted)?;
    Ok(Php::Bool(is_new).into())
}

fn remove<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = owner(call, ENTITY)?;
    let other = named(call, ENTITY, call.fields()?)?;
    let mut wanted = others(call, ENTITY, id);
    let held = wanted.len();
    wanted.retain(|known| *known != other);
    let gone = wanted.len() < held;
    put(call, ENTITY, id, &wanted)?;
    Ok(Php::Bool(gone).into())
}
