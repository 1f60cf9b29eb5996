//! Funnels, their stages, currencies.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read};
use crate::{
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    schema::{DEAL, INVOICE, STATUS_FIELDS},
    world::text,
};

pub static METHODS: &[Method] = &[
    read("crm.category.list", CRM, category_list),
    read("crm.status.list", CRM, status_list),
    read("crm.currency.list", CRM, currency_list),
];

fn category_list(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = call.int("entityTypeId")?;
    if ![DEAL, INVOICE].contains(&entity_type_id) {
        return Err(RestError::new(
            400,
            "ENTITY_TYPE_NOT_SUPPORTED",
            "Entity type is not supported",
        ));
    }
    let categories: Vec<Php> = call
        .world
        .categories
        .iter()
        .filter(|category| category.entity_type_id == entity_type_id)
        .map(|category| {
            Php::map([
                ("id", Php::Number(category.id.into())),
                ("name", Php::text(&*category.name)),
                ("sort", Php::Number(category.sort.into())),
                ("entityTypeId", Php::Number(entity_type_id.into())),
                ("isDefault", Php::text(if category.default { "Y" } else { "N" })),
            ])
        })
        .collect();
    let total = Some(categories.len());
    Ok(Answer {
        result: Php::map([("categories", Php::list(categories))]),
        total,
        next: None,
    })
}

/// All rows at once: this list has no pages.
fn status_list(call: &mut Call<'_>) -> Outcome {
    let schema = Schema {
        fields: STATUS_FIELDS,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Ignore,
    };
    let query = Query::new(&schema, call.params)?;
    let select = Select::new(&Php::empty());
    let rows: Vec<Php> = query
        .all(call.world.statuses.values())
        .into_iter()
        .map(|row| {
            let mut shown = select.legacy(&schema, row);
            let semantics = text(row, "SEMANTICS");
            let word = match semantics {
                "S" => "success",
                "F" => "failure",
                _ => "process",
            };
            if semantics.is_empty() {
                shown.set("SEMANTICS", Php::Null);
            }
            let extra = Php::map([("SEMANTICS", Php::text(word)), ("COLOR", Php::text(text(row, "COLOR")))]);
            shown.set("EXTRA", extra);
            shown
        })
        .collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

fn currency_list(call: &mut Call<'_>) -> Outcome {
    let rows = call.world.currencies.iter().enumerate().map(|(at, code)| {
        Php::map([
            ("CURRENCY", Php::text(&**code)),
            ("AMOUNT_CNT", Php::text("1")),
            ("AMOUNT", Php::text("1.0000")),
            ("SORT", Php::text((100 * (at + 1)).to_string())),
            ("BASE", Php::text(if at == 0 { "Y" } else { "N" })),
        ])
    });
    Ok(Answer {
        result: Php::list(rows),
        total: Some(0),
        next: None,
    })
}
