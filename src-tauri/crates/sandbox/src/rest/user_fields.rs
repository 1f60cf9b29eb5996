//! Custom fields: `userfieldconfig.*` and the deals' own older methods, with their naming rules.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read, write};
use crate::{
    listing::PAGE_ROWS,
    php::Php,
    schema::{COMPANY, CONTACT, DEAL, LEAD, user_field_entity},
    world::UserField,
};

const USER_FIELD_CONFIG: &[&str] = &["userfieldconfig"];

pub static METHODS: &[Method] = &[
    read("userfieldconfig.list", USER_FIELD_CONFIG, config_list),
    write("userfieldconfig.add", USER_FIELD_CONFIG, config_add),
    read("userfieldconfig.get", USER_FIELD_CONFIG, config_get),
    read("userfieldconfig.getTypes", USER_FIELD_CONFIG, config_types),
    write("userfieldconfig.update", USER_FIELD_CONFIG, config_update),
    write("userfieldconfig.delete", USER_FIELD_CONFIG, config_delete),
    read("crm.lead.userfield.list", CRM, list::<LEAD>),
    read("crm.lead.userfield.get", CRM, get::<LEAD>),
    write("crm.lead.userfield.add", CRM, add::<LEAD>),
    write("crm.lead.userfield.update", CRM, update::<LEAD>),
    write("crm.lead.userfield.delete", CRM, delete::<LEAD>),
    read("crm.deal.userfield.list", CRM, list::<DEAL>),
    read("crm.deal.userfield.get", CRM, get::<DEAL>),
    write("crm.deal.userfield.add", CRM, add::<DEAL>),
    write("crm.deal.userfield.update", CRM, update::<DEAL>),
    write("crm.deal.userfield.delete", CRM, delete::<DEAL>),
    read("crm.company.userfield.list", CRM, list::<COMPANY>),
    read("crm.company.userfield.get", CRM, get::<COMPANY>),
    write("crm.company.userfield.add", CRM, add::<COMPANY>),
    write("crm.company.userfield.update", CRM, update::<COMPANY>),
    write("crm.company.userfield.delete", CRM, delete::<COMPANY>),
    read("crm.contact.userfield.list", CRM, list::<CONTACT>),
    read("crm.contact.userfield.get", CRM, get::<CONTACT>),
    write("crm.contact.userfield.add", CRM, add::<CONTACT>),
    write("crm.contact.userfield.update", CRM, update::<CONTACT>),
    write("crm.contact.userfield.delete", CRM, delete::<CONTACT>),
];

/// The portal's limit for a field's name.
pub const NAME_CHARS_MAX: usize = 50;

const ENTITIES: [&str; 6] = [
    "CRM_SMART_INVOICE",
    "CRM_LEAD",
    "CRM_DEAL",
    "CRM_COMPANY",
    "CRM_CONTACT",
    "CRM_REQUISITE",
];

fn config_list(call: &mut Call<'_>) -> Outcome {
    require_crm_module(call)?;
    let (entity, name) = (call.wanted("entityId"), call.wanted("fieldName"));
    let found: Vec<Php> = call
        .world
        .user_fields
        .iter()
        .filter(|field| entity.as_ref().is_none_or(|entity| field.entity == *entity))
        .filter(|field| name.as_ref().is_none_or(|name| field.name == *name))
        .map(|field| config(field, false))
        .collect();
    let start = call.param("start").and_then(Php::as_int).unwrap_or(0);
    let start = usize::try_from(start).unwrap_or(0);
    let (total, end) = (found.len(), start.saturating_add(PAGE_ROWS));
    Ok(Answer {
        result: Php::map([("fields", Php::list(found.into_iter().skip(start).take(PAGE_ROWS)))]),
        total: Some(total),
        next: (end < total).then_some(end),
    })
}

fn config_add(call: &mut Call<'_>) -> Outcome {
    require_crm_module(call)?;
    let field = call
        .param("field")
        .filter(|field| field.is_map())
        .ok_or_else(|| RestError::missing("field"))?;
    let text = |name: &str| field.get_any_case(name).and_then(Php::as_text).unwrap_or_default();
    let (entity, name) = (text("entityId"), text("fieldName"));
    if !ENTITIES.contains(&entity.as_str()) {
        return Err(RestError::legacy("You cannot create custom fields"));
    }
    if name.is_empty() {
        return Err(RestError::legacy("The 'FIELD_NAME' field is not found."));
    }
    if !name.starts_with(&format!("UF_{entity}_")) {
        return Err(RestError::legacy(format!(
            "The 'FIELD_NAME' field should start with 'UF_{entity}_'."
        )));
    }
    let new = UserField {
        id: 0,
        user_type: text("userTypeId"),
        multiple: field.get_any_case("multiple").is_some_and(Php::is_yes),
        label: label(field.get_any_case("editFormLabel"), &name),
        entity,
        name,
    };
    let added = create(call, new).map_err(RestError::legacy)?;
    Ok(Php::map([("field", config(&added, true))]).into())
}

/// Older: the server puts `UF_CRM_` before the name, and errors have a code.
fn add<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let core = |text: String| RestError::new(400, "ERROR_CORE", text);
    let fields = call.fields()?;
    let text = |name: &str| fields.get_any_case(name).and_then(Php::as_text).unwrap_or_default();
    let name = text("FIELD_NAME").to_uppercase();
    if name.is_empty() {
        return Err(core("The 'FIELD_NAME' field is not found.".to_owned()));
    }
    let name = if name.starts_with("UF_CRM_") {
        name
    } else {
        format!("UF_CRM_{name}")
    };
    let labels = fields
        .get_any_case("EDIT_FORM_LABEL")
        .or_else(|| fields.get_any_case("LABEL"));
    let new = UserField {
        id: 0,
        entity: user_field_entity(ENTITY).to_owned(),
        user_type: text("USER_TYPE_ID"),
        multiple: fields.get_any_case("MULTIPLE").is_some_and(Php::is_yes),
        label: label(labels, &name),
        name,
    };
    let added = create(call, new).map_err(core)?;
    Ok(Php::Number(added.id.into()).into())
}

/// As the older methods show a field.
fn older(field: &UserField) -> Php {
    Php::map([
        ("ID", Php::text(field.id.to_string())),
        ("ENTITY_ID", Php::text(&*field.entity)),
        ("FIELD_NAME", Php::text(&*field.name)),
        ("USER_TYPE_ID", Php::text(&*field.user_type)),
        ("XML_ID", Php::Null),
        ("SORT", Php::text("100")),
        ("MULTIPLE", Php::text(if field.multiple { "Y" } else { "N" })),
        ("MANDATORY", Php::text("N")),
        ("SHOW_FILTER", Php::text("N")),
        ("SHOW_IN_LIST", Php::text("Y")),
        ("EDIT_IN_LIST", Php::text("Y")),
        ("IS_SEARCHABLE", Php::text("N")),
    ])
}

fn own<'a, const ENTITY: i64>(call: &'a mut Call<'_>) -> Result<&'a mut UserField, RestError> {
    let id = call.int("id")?;
    call.world
        .user_fields
        .iter_mut()
        .find(|field| field.id == id && field.entity == user_field_entity(ENTITY))
        .ok_or_else(|| RestError::new(400, "ERROR_NOT_FOUND", "The entity with ID is not found"))
}

fn get<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let field = own::<ENTITY>(call)?;
    let mut shown = older(field);
    shown.set("EDIT_FORM_LABEL", Php::map([("ru", Php::text(&*field.label))]));
    Ok(shown.into())
}

fn update<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let labels = call.fields()?.get_any_case("EDIT_FORM_LABEL").cloned();
    let field = own::<ENTITY>(call)?;
    if labels.is_some() {
        field.label = label(labels.as_ref(), &field.name);
    }
    Ok(Php::Bool(true).into())
}

fn delete<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let gone = own::<ENTITY>(call)?.clone();
    forget(call, &gone);
    Ok(Php::Bool(true).into())
}

/// A field goes with everything that was written into it.
fn forget(call: &mut Call<'_>, gone: &UserField) {
    call.world.user_fields.retain(|field| field.id != gone.id);
    for (entity_type_id, rows) in &mut call.world.items {
        if user_field_entity(*entity_type_id) == gone.entity {
            rows.values_mut().for_each(|row| {
                row.remove(&gone.name);
            });
        }
    }
}

fn configured<'a>(call: &'a mut Call<'_>) -> Result<&'a mut UserField, RestError> {
    require_crm_module(call)?;
    let id = call.int("id")?;
    call.world
        .user_fields
        .iter_mut()
        .find(|field| field.id == id)
        .ok_or_else(|| RestError::legacy("You cannot view this custom field"))
}

fn config_get(call: &mut Call<'_>) -> Outcome {
    let field = configured(call)?;
    Ok(Php::map([("field", config(field, true))]).into())
}

fn config_types(call: &mut Call<'_>) -> Outcome {
    require_crm_module(call)?;
    const TYPES: [&str; 8] = [
        "string",
        "integer",
        "double",
        "date",
        "datetime",
        "boolean",
        "enumeration",
        "employee",
    ];
    let types = TYPES.iter().map(|name| {
        (
            *name,
            Php::map([("userTypeId", Php::text(*name)), ("description", Php::text(*name))]),
        )
    });
    Ok(Php::map([("types", Php::map(types))]).into())
}

fn config_update(call: &mut Call<'_>) -> Outcome {
    let labels = call
        .param("field")
        .and_then(|field| field.get_any_case("editFormLabel"))
        .cloned();
    let field = configured(call)?;
    if labels.is_some() {
        field.label = label(labels.as_ref(), &field.name);
    }
    Ok(Php::map([("field", config(field, true))]).into())
}

fn config_delete(call: &mut Call<'_>) -> Outcome {
    let gone = configured(call)?.clone();
    forget(call, &gone);
    Ok(Php::Null.into())
}

fn list<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let name = call.wanted("FIELD_NAME");
    let rows: Vec<Php> = call
        .world
        .user_fields
        .iter()
        .filter(|field| field.entity == user_field_entity(ENTITY))
        .filter(|field| name.as_ref().is_none_or(|name| field.name == *name))
        .map(older)
        .collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::list(rows),
        total,
        next: None,
    })
}

fn require_crm_module(call: &Call<'_>) -> Result<(), RestError> {
    if call.text("moduleId")? != "crm" {
        return Err(RestError::legacy("Access denied."));
    }
    if !call.caller.scopes.iter().any(|scope| scope == "crm") {
        return Err(RestError::insufficient_scope(call.world.forbidden(), "webhook"));
    }
    Ok(())
}

fn create(call: &mut Call<'_>, mut field: UserField) -> Result<UserField, String> {
    let fits = field
        .name
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if !fits {
        return Err("The 'FIELD_NAME' field contains invalid symbols. Allowed symbols: A-Z, 0-9 and _.".to_owned());
    }
    if field.name.len() > NAME_CHARS_MAX {
        return Err(format!(
            "The 'FIELD_NAME' field is too long (more than {NAME_CHARS_MAX} characters)."
        ));
    }
    let taken = call
        .world
        .user_fields
        .iter()
        .any(|old| old.entity == field.entity && old.name == field.name);
    if taken {
        return Err(format!(
            "Field {} for object {} already exists",
            field.name, field.entity
        ));
    }
    if field.user_type.is_empty() {
        return Err("The 'USER_TYPE_ID' field is not found.".to_owned());
    }
    field.id = call.world.new_id();
    call.world.user_fields.push(field.clone());
    Ok(field)
}

/// The Russian label, else any, else the name.
fn label(value: Option<&Php>, name: &str) -> String {
    let text = value.and_then(|value| match value.get("ru") {
        Some(text) => text.as_text(),
        None => value.texts().into_iter().next(),
    });
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| name.to_owned())
}

/// Lists leave the labels out.
fn config(field: &UserField, labels: bool) -> Php {
    let flag = |yes: bool| Php::text(if yes { "Y" } else { "N" });
    let mut shown = Php::map([
        ("id", Php::text(field.id.to_string())),
        ("entityId", Php::text(&*field.entity)),
        ("fieldName", Php::text(&*field.name)),
        ("userTypeId", Php::text(&*field.user_type)),
        ("xmlId", Php::Null),
        ("sort", Php::text("100")),
        ("multiple", flag(field.multiple)),
        ("mandatory", flag(false)),
        ("showFilter", Php::text("N")),
        ("showInList", flag(true)),
        ("editInList", flag(true)),
        ("isSearchable", flag(false)),
    ]);
    if labels {
        shown.set("editFormLabel", Php::map([("ru", Php::text(&*field.label))]));
    }
    shown
}
