//! Funnels by both of their methods: `crm.category.*`, and `crm.dealcategory.*` of the generation before, which knows
//! deals only and does not name the first funnel.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read, rows::number, write};
use crate::{
    php::Php,
    schema::{DEAL, INVOICE},
    world::{Category, text},
};

pub static METHODS: &[Method] = &[
    read("crm.category.list", CRM, list),
    read("crm.category.get", CRM, get),
    read("crm.category.fields", CRM, |_| Ok(fields().into())),
    write("crm.category.add", CRM, add),
    write("crm.category.update", CRM, update),
    write("crm.category.delete", CRM, delete),
    read("crm.dealcategory.list", CRM, old_list),
    read("crm.dealcategory.get", CRM, old_get),
    read("crm.dealcategory.default.get", CRM, old_default),
    read("crm.dealcategory.stages", CRM, old_stages),
    read("crm.dealcategory.status", CRM, old_status),
];

fn entity(call: &Call<'_>) -> Result<i64, RestError> {
    let entity_type_id = call.int("entityTypeId")?;
    match [DEAL, INVOICE].contains(&entity_type_id) {
        true => Ok(entity_type_id),
        false => Err(RestError::new(
            400,
            "ENTITY_TYPE_NOT_SUPPORTED",
            "Entity type is not supported",
        )),
    }
}

fn not_found() -> RestError {
    RestError::new(400, "NOT_FOUND", "Element not found")
}

fn shown(category: &Category) -> Php {
    Php::map([
        ("id", number(category.id)),
        ("name", Php::text(&*category.name)),
        ("sort", number(category.sort)),
        ("entityTypeId", number(category.entity_type_id)),
        ("isDefault", Php::text(if category.default { "Y" } else { "N" })),
    ])
}

fn list(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = entity(call)?;
    let own = call.world.categories.iter();
    let own = own.filter(|category| category.entity_type_id == entity_type_id);
    let categories: Vec<Php> = own.map(shown).collect();
    let total = Some(categories.len());
    Ok(Answer {
        result: Php::map([("categories", Php::list(categories))]),
        total,
        next: None,
    })
}

fn get(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (call.int("entityTypeId")?, call.int("id")?);
    let found = call.world.category(entity_type_id, id).ok_or_else(not_found)?;
    Ok(Php::map([("category", shown(found))]).into())
}

/// A new funnel comes with the portal's default stages.
fn add(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = entity(call)?;
    let fields = call.fields()?.clone();
    let name = fields.get_any_case("name").and_then(Php::as_text).unwrap_or_default();
    if name.is_empty() {
        return Err(RestError::new(
            400,
            "CRM_FIELD_ERROR_REQUIRED",
            "The field 'name' is required",
        ));
    }
    let new = Category {
        id: call.world.new_id(),
        entity_type_id,
        name,
        sort: fields.get_any_case("sort").and_then(Php::as_int).unwrap_or(500),
        default: false,
    };
    let shown = shown(&new);
    call.world.categories.push(new);
    crate::firm::default_stages(call.world);
    Ok(Php::map([("category", shown)]).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (entity(call)?, call.int("id")?);
    let fields = call.fields()?.clone();
    let categories = &mut call.world.categories;
    let own = |category: &&mut Category| (category.entity_type_id, category.id) == (entity_type_id, id);
    let found = categories.iter_mut().find(own).ok_or_else(not_found)?;
    let name = fields.get_any_case("name").and_then(Php::as_text);
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        found.name = name;
    }
    if let Some(sort) = fields.get_any_case("sort").and_then(Php::as_int) {
        found.sort = sort;
    }
    Ok(Php::map([("category", shown(found))]).into())
}

/// The first funnel stays, and one with something in it.
fn delete(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (entity(call)?, call.int("id")?);
    let found = call.world.category(entity_type_id, id).ok_or_else(not_found)?;
    if found.default {
        return Err(RestError::new(
            400,
            "CRM_CATEGORY_IS_SYSTEM",
            "Нельзя удалить воронку по умолчанию",
        ));
    }
    let stages = found.stage_entity();
    let held = |row| crate::world::int(row, "categoryId") == id;
    if call.world.rows(entity_type_id).any(held) {
        return Err(RestError::new(
            400,
            "CRM_CATEGORY_HAS_ITEMS",
            "Нельзя удалить воронку, в которой есть элементы",
        ));
    }
    let own = |category: &Category| (category.entity_type_id, category.id) == (entity_type_id, id);
    call.world.categories.retain(|category| !own(category));
    call.world.statuses.retain(|_, row| text(row, "ENTITY_ID") != stages);
    Ok(Php::Null.into())
}

fn fields() -> Php {
    let about = |kind: &str, read_only: bool, title: &str| {
        Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(read_only)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(false)),
            ("isDynamic", Php::Bool(false)),
            ("title", Php::text(title)),
        ])
    };
    let fields = Php::map([
        ("id", about("integer", true, "ID")),
        ("name", about("string", false, "Название")),
        ("sort", about("integer", false, "Сортировка")),
        ("entityTypeId", about("integer", true, "Тип объекта")),
        ("isDefault", about("boolean", false, "По умолчанию")),
    ]);
    Php::map([("fields", fields)])
}

fn old(category: &Category) -> Php {
    Php::map([
        ("ID", Php::text(category.id.to_string())),
        ("NAME", Php::text(&*category.name)),
        ("SORT", Php::text(category.sort.to_string())),
        ("IS_LOCKED", Php::text("N")),
    ])
}

fn old_list(call: &mut Call<'_>) -> Outcome {
    let others = call.world.categories.iter();
    let others = others.filter(|category| category.entity_type_id == DEAL && category.id != 0);
    let rows: Vec<Php> = others.map(old).collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

fn old_get(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let found = call.world.category(DEAL, id).filter(|_| id != 0);
    Ok(old(found.ok_or_else(|| RestError::legacy("Not found"))?).into())
}

fn old_default(call: &mut Call<'_>) -> Outcome {
    let first = call.world.category(DEAL, 0);
    Ok(Php::map([
        ("ID", number(0)),
        ("NAME", Php::text(first.map_or("", |first| &*first.name))),
    ])
    .into())
}

fn old_category(call: &Call<'_>) -> Result<i64, RestError> {
    let id = call.param("id").and_then(Php::as_int).unwrap_or_default();
    let found = call.world.category(DEAL, id).map(|category| category.id);
    found.ok_or_else(|| RestError::legacy("Not found"))
}

fn old_stages(call: &mut Call<'_>) -> Outcome {
    let stages = call.world.stages(DEAL, old_category(call)?);
    let rows = stages.into_iter().map(|row| {
        Php::map([
            ("NAME", Php::text(text(row, "NAME"))),
            ("SORT", number(crate::world::int(row, "SORT"))),
            ("STATUS_ID", Php::text(text(row, "STATUS_ID"))),
        ])
    });
    Ok(Php::list(rows).into())
}

/// Where `crm.status.list` keeps the stages of a funnel.
fn old_status(call: &mut Call<'_>) -> Outcome {
    let id = old_category(call)?;
    Ok(Php::text(crate::world::stage_entity(DEAL, id)).into())
}
