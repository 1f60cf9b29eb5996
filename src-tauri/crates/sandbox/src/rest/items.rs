//! `crm.item.*`: the typed generation, for invoices, leads, deals, companies and contacts.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, multifields, product_rows, read, relations, stage_history,
    write as writes,
};
use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    queue::Deed,
    schema::{COMPANY, CONTACT, DEAL, INVOICE, LEAD, Row, user_field_item_name},
    world::{World, int, text},
};

pub static METHODS: &[Method] = &[
    read("crm.item.list", CRM, list),
    read("crm.item.get", CRM, get),
    read("crm.item.fields", CRM, fields),
    writes("crm.item.add", CRM, add),
    writes("crm.item.update", CRM, update),
    writes("crm.item.delete", CRM, delete),
];

fn schema(world: &World, entity_type_id: i64) -> Result<Schema<'_>, RestError> {
    world
        .schema(entity_type_id, Strangers::Refuse)
        .ok_or_else(|| match entity_type_id {
            5 => RestError::new(400, "ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported"),
            _ => RestError::new(400, "NOT_FOUND", "Smart process not found"),
        })
}

fn not_found() -> RestError {
    RestError::new(400, "NOT_FOUND", "Element not found")
}

fn invalid(field: &str) -> RestError {
    RestError::new(
        400,
        "CRM_FIELD_ERROR_VALUE_NOT_VALID",
        format!("Invalid value of the field '{field}'"),
    )
}

fn original_names(call: &Call<'_>) -> bool {
    call.param("useOriginalUfNames").is_some_and(Php::is_yes)
}

fn shown(call: &Call<'_>, entity_type_id: i64, row: &Row) -> Result<Php, RestError> {
    let schema = schema(call.world, entity_type_id)?;
    let mut item = Select::new(&Php::empty()).typed(&schema, row, original_names(call));
    item.set("entityTypeId", Php::Number(entity_type_id.into()));
    Ok(Php::map([("item", item)]))
}

fn list(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = call.int("entityTypeId")?;
    let schema = schema(call.world, entity_type_id)?;
    let query = Query::new(&schema, call.params)?;
    let select = Select::new(call.params);
    if entity_type_id == DEAL && select.names().iter().any(|name| name.eq_ignore_ascii_case("parentId2")) {
        return Err(RestError::new(
            400,
            "INVALID_ARG_VALUE",
            "Invalid select: field 'parentId2' is not allowed in select",
        ));
    }
    let original = original_names(call);
    let page = query.page(call.world.rows(entity_type_id));
    let items = page.rows.iter().map(|row| select.typed(&schema, row, original));
    Ok(Answer::page(Php::map([("items", Php::list(items))]), &page))
}

fn get(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (call.int("entityTypeId")?, call.int("id")?);
    schema(call.world, entity_type_id)?;
    let row = call.world.item(entity_type_id, id).ok_or_else(not_found)?;
    Ok(shown(call, entity_type_id, row)?.into())
}

fn fields(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = call.int("entityTypeId")?;
    let schema = schema(call.world, entity_type_id)?;
    let kind_name = |kind: Kind| match kind {
        Kind::Int | Kind::Ints => "integer",
        Kind::Link => "crm_entity",
        Kind::Money | Kind::Quantity => "double",
        Kind::Text => "string",
        Kind::Flag => "boolean",
        Kind::Date => "date",
        Kind::Moment => "datetime",
    };
    let described = |kind: &str, writable: bool, multiple: bool, title: &str, upper: &str| {
        Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(!writable)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(multiple)),
            ("isDynamic", Php::Bool(upper.starts_with("UF_"))),
            ("title", Php::text(title)),
            ("upperName", Php::text(upper)),
        ])
    };
    let mut all: Vec<(String, Php)> = Vec::new();
    for field in schema.fields {
        let kind = match field.key {
            "stageId" | "previousStageId" => "crm_status",
            "companyId" | "mycompanyId" => "crm_company",
            "contactId" => "crm_contact",
            "currencyId" => "crm_currency",
            "categoryId" => "crm_category",
            _ => kind_name(field.kind),
        };
        let mut shown = described(kind, field.writable, field.kind == Kind::Ints, field.title, field.upper);
        if kind == "crm_status" {
            let entity = call
                .world
                .default_category(entity_type_id)
                .map(crate::world::Category::stage_entity)
                .unwrap_or_default();
            shown.set("statusType", Php::text(entity));
        }
        all.push((field.key.to_owned(), shown));
    }
    let own = schema
        .user_fields
        .iter()
        .filter(|custom| custom.entity == schema.entity);
    for custom in own {
        let shown = described(&custom.user_type, true, custom.multiple, &custom.label, &custom.name);
        let name = if original_names(call) {
            custom.name.clone()
        } else {
            user_field_item_name(&custom.name)
        };
        all.push((name, shown));
    }
    Ok(Php::map([("fields", Php::Map(all))]).into())
}

fn add(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = call.int("entityTypeId")?;
    schema(call.world, entity_type_id)?;
    let fields = call.fields()?.clone();
    let (_, row) = create(call, entity_type_id, &fields)?;
    Ok(shown(call, entity_type_id, &row)?.into())
}

/// Makes an object and keeps it.
pub fn create(call: &mut Call<'_>, entity_type_id: i64, fields: &Php) -> Result<(i64, Row), RestError> {
    let mut row = Row::new();
    row.insert("currencyId".to_owned(), Cell::text("RUB"));
    row.insert("assignedById".to_owned(), Cell::Int(call.caller.user));
    row.insert("opened".to_owned(), Cell::Flag(true));
    if let Some(category) = call.world.default_category(entity_type_id) {
        row.insert("categoryId".to_owned(), Cell::id(category.id));
    }
    let mut row = changed(call, entity_type_id, &row, fields)?;
    let id = call.world.new_id();
    row.insert("id".to_owned(), Cell::Int(id));
    if entity_type_id == INVOICE && text(&row, "accountNumber").is_empty() {
        row.insert("accountNumber".to_owned(), Cell::text(id.to_string()));
    }
    for key in ["createdTime", "updatedTime", "movedTime"] {
        row.insert(key.to_owned(), Cell::Moment(call.now_ms));
    }
    for key in ["createdBy", "updatedBy", "movedBy"] {
        row.insert(key.to_owned(), Cell::Int(call.caller.user));
    }
    if text(&row, "title").is_empty() && entity_type_id != CONTACT {
        let kind = match entity_type_id {
            DEAL => "Сделка",
            LEAD => "Лид",
            COMPANY => "Компания",
            _ => "Счёт",
        };
        row.insert("title".to_owned(), Cell::text(format!("{kind} #{id}")));
    }
    call.world.put_item(entity_type_id, id, row.clone());
    stage_history::note(call.world, entity_type_id, None, &row, call.now_ms);
    told(call, entity_type_id, Deed::Add, id);
    Ok((id, row))
}

/// Takes an object away. `None`: there is no such object.
pub fn remove(call: &mut Call<'_>, entity_type_id: i64, id: i64) -> Option<Row> {
    let row = call.world.remove_item(entity_type_id, id)?;
    product_rows::forget(call, entity_type_id, id);
    multifields::forget(call, entity_type_id, id);
    told(call, entity_type_id, Deed::Delete, id);
    Some(row)
}

fn told(call: &mut Call<'_>, entity_type_id: i64, deed: Deed, id: i64) {
    let connector = call.connector();
    call.world.item_event(
        entity_type_id,
        deed,
        id,
        call.caller.user,
        call.now_ms,
        connector.as_deref(),
    );
}

fn update(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (call.int("entityTypeId")?, call.int("id")?);
    schema(call.world, entity_type_id)?;
    let fields = call.fields()?.clone();
    let row = write(call, entity_type_id, id, &fields)?.ok_or_else(not_found)?;
    Ok(shown(call, entity_type_id, &row)?.into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = (call.int("entityTypeId")?, call.int("id")?);
    schema(call.world, entity_type_id)?;
    remove(call, entity_type_id, id).ok_or_else(not_found)?;
    Ok(Php::empty().into())
}

/// Changes an object and keeps it. `None`: there is no such object. Where no value differs, nothing is saved and the
/// time of the last change stays.
pub fn write(call: &mut Call<'_>, entity_type_id: i64, id: i64, fields: &Php) -> Result<Option<Row>, RestError> {
    let Some(old) = call.world.item(entity_type_id, id).cloned() else {
        return Ok(None);
    };
    let mut new = changed(call, entity_type_id, &old, fields)?;
    if new != old {
        new.insert("updatedTime".to_owned(), Cell::Moment(call.now_ms));
        new.insert("updatedBy".to_owned(), Cell::Int(call.caller.user));
        call.world.put_item(entity_type_id, id, new.clone());
        stage_history::note(call.world, entity_type_id, Some(&old), &new, call.now_ms);
        told(call, entity_type_id, Deed::Update, id);
    }
    Ok(Some(new))
}

/// The object with the fields written into it, checked as a whole. Names that do not exist and read-only fields are
/// ignored without a word, as the portal does.
fn changed(call: &Call<'_>, entity_type_id: i64, old: &Row, fields: &Php) -> Result<Row, RestError> {
    let world = &*call.world;
    let schema = schema(world, entity_type_id)?;
    let mut new = old.clone();
    for (name, value) in fields.entries() {
        let Some((key, kind)) = schema.resolve(name) else {
            continue;
        };
        let custom = schema
            .user_fields
            .iter()
            .find(|custom| custom.entity == schema.entity && custom.name == key);
        let read_only = schema.fields.iter().any(|field| field.key == key && !field.writable);
        if read_only {
            continue;
        }
        let cell = match custom {
            Some(custom) if custom.multiple => {
                let filled = value.texts().into_iter().filter(|text| !text.is_empty());
                let cells: Option<Vec<Cell>> = filled.map(|text| Cell::read_text(kind, &text)).collect();
                cells.map(Cell::Many)
            }
            _ => Cell::read(kind, value),
        };
        let cell = cell.ok_or_else(|| invalid(name))?;
        if cell.is_empty() {
            new.remove(&key);
        } else {
            new.insert(key, cell);
        }
    }
    relations::settle(entity_type_id, old, &mut new);
    if [COMPANY, CONTACT].contains(&entity_type_id) {
        return Ok(new);
    }
    check_currency(world, &new)?;
    check_number(world, entity_type_id, old, &new)?;
    settle_stage(call, entity_type_id, old, &mut new)?;
    Ok(new)
}

fn check_currency(world: &World, new: &Row) -> Result<(), RestError> {
    let currency = text(new, "currencyId");
    if currency.is_empty() || world.currencies.iter().any(|known| known == currency) {
        return Ok(());
    }
    Err(RestError::new(
        400,
        "CRM_FIELD_ERROR_VALUE_NOT_VALID",
        "Currency is incorrect",
    ))
}

fn check_number(world: &World, entity_type_id: i64, old: &Row, new: &Row) -> Result<(), RestError> {
    let number = text(new, "accountNumber");
    if entity_type_id != INVOICE || number.is_empty() || number == text(old, "accountNumber") {
        return Ok(());
    }
    if world.rows(INVOICE).any(|row| text(row, "accountNumber") == number) {
        return Err(RestError::new(
            400,
            "CRM_FIELD_ERROR_VALUE_NOT_UNIQUE",
            format!("Invoice with the number '{number}' already exists"),
        ));
    }
    Ok(())
}

/// The stage must be one of the funnel's; a change leaves the former stage and the time behind.
fn settle_stage(call: &Call<'_>, entity_type_id: i64, old: &Row, new: &mut Row) -> Result<(), RestError> {
    let world = &*call.world;
    let category = int(new, "categoryId");
    if world.category(entity_type_id, category).is_none() {
        return Err(invalid("categoryId"));
    }
    let moved_funnel = category != int(old, "categoryId") && text(new, "stageId") == text(old, "stageId");
    if text(new, "stageId").is_empty() || moved_funnel {
        let first = world
            .stages(entity_type_id, category)
            .first()
            .map(|row| text(row, "STATUS_ID").to_owned());
        new.insert("stageId".to_owned(), Cell::text(first.unwrap_or_default()));
    }
    let stage = text(new, "stageId").to_owned();
    let Some(found) = world.stage(entity_type_id, category, &stage) else {
        return Err(invalid("stageId"));
    };
    let former = text(old, "stageId");
    if stage != former {
        if !former.is_empty() {
            new.insert("previousStageId".to_owned(), Cell::text(former));
        }
        new.insert("movedTime".to_owned(), Cell::Moment(call.now_ms));
        new.insert("movedBy".to_owned(), Cell::Int(call.caller.user));
        if [DEAL, LEAD].contains(&entity_type_id) {
            let semantics = text(found, "SEMANTICS");
            if entity_type_id == DEAL {
                new.insert("closed".to_owned(), Cell::Flag(!semantics.is_empty()));
            }
            let shown = if semantics.is_empty() { "P" } else { semantics };
            new.insert("stageSemanticId".to_owned(), Cell::text(shown));
        }
    }
    Ok(())
}
