//! The older generation for deals and companies: upper-case names, every value a text, unknown fields ignored.

use super::{Answer, CRM, Call, Method, Outcome, RestError, items, read, write};
use crate::{
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    schema::{COMPANY, DEAL, Row},
};

pub static METHODS: &[Method] = &[
    read("crm.deal.list", CRM, deal_list),
    read("crm.deal.get", CRM, deal_get),
    write("crm.deal.update", CRM, deal_update),
    read("crm.company.list", CRM, company_list),
    read("crm.company.get", CRM, company_get),
];

fn deal_list(call: &mut Call<'_>) -> Outcome {
    item_list(call, DEAL)
}

fn company_list(call: &mut Call<'_>) -> Outcome {
    item_list(call, COMPANY)
}

fn deal_get(call: &mut Call<'_>) -> Outcome {
    item_get(call, DEAL)
}

fn company_get(call: &mut Call<'_>) -> Outcome {
    item_get(call, COMPANY)
}

fn deal_update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    items::write(call, DEAL, id, &fields)
        .map_err(|error| RestError::legacy(error.text))?
        .ok_or_else(|| RestError::legacy("Not found"))?;
    Ok(Php::Bool(true).into())
}

fn schema<'a>(call: &'a Call<'_>, entity_type_id: i64) -> Result<Schema<'a>, RestError> {
    call.world
        .schema(entity_type_id, Strangers::Ignore)
        .ok_or_else(|| RestError::legacy("Access denied."))
}

fn item_list(call: &Call<'_>, entity_type_id: i64) -> Outcome {
    rows_list(
        call.params,
        &schema(call, entity_type_id)?,
        call.world.rows(entity_type_id),
    )
}

fn item_get(call: &Call<'_>, entity_type_id: i64) -> Outcome {
    let id = call.int("id")?;
    let row = call
        .world
        .item(entity_type_id, id)
        .ok_or_else(|| RestError::legacy("Not found"))?;
    let select = Select::new(&Php::empty());
    Ok(select.legacy_with(&schema(call, entity_type_id)?, row, true).into())
}

/// A legacy list of any rows.
pub fn rows_list<'a>(params: &Php, schema: &Schema<'_>, rows: impl Iterator<Item = &'a Row>) -> Outcome {
    let page = Query::new(schema, params)?.page(rows);
    let select = Select::new(params);
    let result = Php::list(page.rows.iter().map(|row| select.legacy(schema, row)));
    Ok(Answer::page(result, &page))
}
