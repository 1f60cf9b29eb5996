//! The older generation for leads, deals, companies and contacts: upper-case names, every value a text, unknown fields ignored.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, items, multifields, read,
    rows::{described, number},
    write,
};
use crate::{
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    schema::{COMPANY, CONTACT, DEAL, LEAD, item_fields},
    world::int,
};

pub static METHODS: &[Method] = &[
    read("crm.lead.list", CRM, list::<LEAD>),
    read("crm.lead.get", CRM, get::<LEAD>),
    read("crm.lead.fields", CRM, fields::<LEAD>),
    write("crm.lead.add", CRM, add::<LEAD>),
    write("crm.lead.update", CRM, update::<LEAD>),
    write("crm.lead.delete", CRM, delete::<LEAD>),
    read("crm.deal.list", CRM, list::<DEAL>),
    read("crm.deal.get", CRM, get::<DEAL>),
    read("crm.deal.fields", CRM, fields::<DEAL>),
    write("crm.deal.add", CRM, add::<DEAL>),
    write("crm.deal.update", CRM, update::<DEAL>),
    write("crm.deal.delete", CRM, delete::<DEAL>),
    read("crm.company.list", CRM, list::<COMPANY>),
    read("crm.company.get", CRM, get::<COMPANY>),
    read("crm.company.fields", CRM, fields::<COMPANY>),
    write("crm.company.add", CRM, add::<COMPANY>),
    write("crm.company.update", CRM, update::<COMPANY>),
    write("crm.company.delete", CRM, delete::<COMPANY>),
    read("crm.contact.list", CRM, list::<CONTACT>),
    read("crm.contact.get", CRM, get::<CONTACT>),
    read("crm.contact.fields", CRM, fields::<CONTACT>),
    write("crm.contact.add", CRM, add::<CONTACT>),
    write("crm.contact.update", CRM, update::<CONTACT>),
    write("crm.contact.delete", CRM, delete::<CONTACT>),
];

fn schema<'a>(call: &'a Call<'_>, entity_type_id: i64) -> Result<Schema<'a>, RestError> {
    call.world
        .schema(entity_type_id, Strangers::Ignore)
        .ok_or_else(|| RestError::legacy("Access denied."))
}

/// This generation has no codes, only English.
fn uncoded(error: RestError) -> RestError {
    RestError::legacy(error.text)
}

fn not_found() -> RestError {
    RestError::legacy("Not found")
}

fn id(call: &Call<'_>) -> Result<i64, RestError> {
    call.int("id")
        .map_err(|_| RestError::legacy("ID is not defined or invalid."))
}

fn list<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let schema = schema(call, ENTITY)?;
    let rows = call.world.rows(ENTITY);
    let rows = rows.filter(|row| multifields::fits(call, ENTITY, int(row, "id")));
    let page = Query::new(&schema, call.params)?.page(rows);
    let select = Select::new(call.params);
    let shown = page.rows.iter().map(|row| {
        let mut shown = select.legacy(&schema, row);
        multifields::show(call, ENTITY, int(row, "id"), Some(&select), &mut shown);
        shown
    });
    Ok(Answer::page(Php::list(shown), &page))
}

fn get<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    let row = call.world.item(ENTITY, id).ok_or_else(not_found)?;
    let mut shown = Select::new(&Php::empty()).legacy_with(&schema(call, ENTITY)?, row, true);
    multifields::show(call, ENTITY, id, None, &mut shown);
    Ok(shown.into())
}

fn fields<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let schema = schema(call, ENTITY)?;
    let mut all = described(item_fields(ENTITY).unwrap_or_default());
    for custom in schema
        .user_fields
        .iter()
        .filter(|custom| custom.entity == schema.entity)
    {
        let about = Php::map([
            ("type", Php::text(&*custom.user_type)),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(false)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(custom.multiple)),
            ("isDynamic", Php::Bool(true)),
            ("title", Php::text(&*custom.name)),
            ("formLabel", Php::text(&*custom.label)),
        ]);
        all.set(&custom.name, about);
    }
    if multifields::has_any(ENTITY) {
        for (kind, about) in multifields::described().entries() {
            all.set(kind, about.clone());
        }
    }
    Ok(all.into())
}

fn add<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let named = |name: &str| {
        let text = fields.get_any_case(name).and_then(Php::as_text);
        text.is_some_and(|text| !text.trim().is_empty())
    };
    let missing = match ENTITY {
        COMPANY if !named("TITLE") => Some("Company Name"),
        CONTACT if !named("NAME") && !named("LAST_NAME") => Some("First name or last name"),
        _ => None,
    };
    if let Some(missing) = missing {
        return Err(RestError::legacy(format!("The field '{missing}' is required.")));
    }
    let (added, _) = items::create(call, ENTITY, &fields).map_err(uncoded)?;
    multifields::write(call, ENTITY, added, &fields);
    Ok(number(added).into())
}

fn update<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    let fields = call.fields()?.clone();
    items::write(call, ENTITY, id, &fields)
        .map_err(uncoded)?
        .ok_or_else(not_found)?;
    multifields::write(call, ENTITY, id, &fields);
    Ok(Php::Bool(true).into())
}

fn delete<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let id = id(call)?;
    items::remove(call, ENTITY, id).ok_or_else(not_found)?;
    Ok(Php::Bool(true).into())
}
