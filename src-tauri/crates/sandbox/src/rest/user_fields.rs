//! Custom fields: `userfieldconfig.*` and the deals' own older methods, with their naming rules.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read, write};
use crate::{listing::PAGE_ROWS, php::Php, world::UserField};

const USER_FIELD_CONFIG: &[&str] = &["userfieldconfig"];

pub static METHODS: &[Method] = &[
    read("userfieldconfig.list", USER_FIELD_CONFIG, config_list),
    write("userfieldconfig.add", USER_FIELD_CONFIG, config_add),
    read("crm.deal.userfield.list", CRM, deal_list),
    write("crm.deal.userfield.add", CRM, deal_add),
];

/// The portal's limit for a field's name.
pub const NAME_CHARS_MAX: usize = 50;

const ENTITIES: [&str; 5] = [
    "CRM_SMART_INVOICE",
    "CRM_DEAL",
    "CRM_COMPANY",
    "CRM_CONTACT",
    "CRM_REQUISITE",
];

fn config_list(call: &mut Call<'_>) -> Outcome {
    require_crm_module(call)?;
    let entity = call
        .param("filter")
        .and_then(|filter| filter.get_any_case("entityId"))
        .and_then(Php::as_text);
    let name = call
        .param("filter")
        .and_then(|filter| filter.get_any_case("fieldName"))
        .and_then(Php::as_text);
    let found: Vec<Php> = call
        .world
        .user_fields
        .iter()
        .filter(|field| entity.as_ref().is_none_or(|entity| field.entity == *entity))
        .filter(|field| name.as_ref().is_none_or(|name| field.name == *name))
        .map(config)
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
    Ok(Php::map([("field", config(&added))]).into())
}

/// Older: the server puts `UF_CRM_` before the name, and errors have a code.
fn deal_add(call: &mut Call<'_>) -> Outcome {
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
        entity: "CRM_DEAL".to_owned(),
        user_type: text("USER_TYPE_ID"),
        multiple: fields.get_any_case("MULTIPLE").is_some_and(Php::is_yes),
        label: label(labels, &name),
        name,
    };
    let added = create(call, new).map_err(core)?;
    Ok(Php::Number(added.id.into()).into())
}

fn deal_list(call: &mut Call<'_>) -> Outcome {
    let wanted = |key: &str| {
        call.param("filter")
            .and_then(|filter| filter.get_any_case(key))
            .and_then(Php::as_text)
    };
    let name = wanted("FIELD_NAME");
    let rows: Vec<Php> = call
        .world
        .user_fields
        .iter()
        .filter(|field| field.entity == "CRM_DEAL")
        .filter(|field| name.as_ref().is_none_or(|name| field.name == *name))
        .map(|field| {
            Php::map([
                ("ID", Php::text(field.id.to_string())),
                ("ENTITY_ID", Php::text(&*field.entity)),
                ("FIELD_NAME", Php::text(&*field.name)),
                ("USER_TYPE_ID", Php::text(&*field.user_type)),
                ("SORT", Php::text("100")),
                ("MULTIPLE", Php::text(if field.multiple { "Y" } else { "N" })),
                ("MANDATORY", Php::text("N")),
            ])
        })
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
        return Err(RestError::insufficient_scope("webhook"));
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

fn config(field: &UserField) -> Php {
    let flag = |yes: bool| Php::text(if yes { "Y" } else { "N" });
    Php::map([
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
        ("editFormLabel", Php::map([("ru", Php::text(&*field.label))])),
    ])
}
