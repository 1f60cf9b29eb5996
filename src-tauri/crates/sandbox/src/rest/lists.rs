//! Rows of universal lists. A row's code is unique in its list, which makes it safe to add one again.

use super::{Answer, Call, Method, Outcome, RestError, read, rows::number, write};
use crate::{php::Php, world::ListElement};

const LISTS: &[&str] = &["lists"];
const PAGE_ROWS: usize = 50;

pub static METHODS: &[Method] = &[
    write("lists.element.add", LISTS, add),
    read("lists.element.get", LISTS, get),
    write("lists.element.update", LISTS, update),
    write("lists.element.delete", LISTS, delete),
];

fn refused(code: &str, text: &str) -> RestError {
    RestError::new(400, code, text)
}

fn required(call: &Call<'_>, name: &str) -> Result<String, RestError> {
    let text = call.param(name).and_then(Php::as_text).filter(|text| !text.is_empty());
    text.ok_or_else(|| {
        refused(
            "ERROR_REQUIRED_PARAMETERS_MISSING",
            &format!("Required parameter \"{name}\" is missing"),
        )
    })
}

/// The list a call is about, by its number or its code.
fn list(call: &Call<'_>) -> Result<String, RestError> {
    required(call, "IBLOCK_TYPE_ID")?;
    required(call, "IBLOCK_ID").or_else(|_| required(call, "IBLOCK_CODE"))
}

/// The row of the list that a call names by its number or its code.
fn named(call: &Call<'_>, list: &str) -> Option<i64> {
    let id = call.param("ELEMENT_ID").and_then(Php::as_int);
    let code = call.param("ELEMENT_CODE").and_then(Php::as_text);
    let mut rows = call.world.list_elements.iter().filter(|(_, row)| row.list == list);
    let found = rows.find(|(known, row)| Some(**known) == id || (id.is_none() && Some(&row.code) == code.as_ref()));
    found.map(|(id, _)| *id)
}

fn not_found() -> RestError {
    refused("ERROR_ELEMENT_NOT_FOUND", "Element not found")
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (list, code) = (list(call)?, required(call, "ELEMENT_CODE")?);
    let fields = call.fields()?;
    if fields
        .get("NAME")
        .and_then(Php::as_text)
        .is_none_or(|name| name.is_empty())
    {
        return Err(refused(
            "ERROR_ADD_ELEMENT",
            "Не заполнено обязательное поле \"Название\"",
        ));
    }
    let taken = |row: &ListElement| row.list == list && row.code == code;
    if call.world.list_elements.values().any(taken) {
        return Err(refused("ERROR_ELEMENT_ALREADY_EXISTS", "Element already exists"));
    }
    let fields = fields.entries().iter();
    let fields = fields.filter_map(|(name, value)| Some((name.clone(), serde_json::to_string(value).ok()?)));
    let row = ListElement {
        list,
        code,
        fields: fields.collect(),
    };
    let id = call.world.new_id();
    call.world.list_elements.insert(id, row);
    Ok(number(id).into())
}

fn shown(id: i64, row: &ListElement) -> Php {
    let mut shown = Php::map([
        ("ID", Php::text(id.to_string())),
        ("CODE", Php::text(&*row.code)),
        ("IBLOCK_ID", Php::text(&*row.list)),
    ]);
    for (name, text) in &row.fields {
        let value = serde_json::from_str(text).unwrap_or(Php::Null);
        // A property's values stand under their own numbers.
        let value = match name.starts_with("PROPERTY_") && !value.is_map() {
            true => Php::map([(id.to_string(), value)]),
            false => value,
        };
        shown.set(name, value);
    }
    shown
}

/// One row, or those of the list that a filter by code or name lets through.
fn get(call: &mut Call<'_>) -> Outcome {
    let list = list(call)?;
    let asked = ["ELEMENT_ID", "ELEMENT_CODE"];
    let one = asked
        .iter()
        .any(|name| call.param(name).is_some())
        .then(|| named(call, &list));
    let (code, name) = (call.wanted("CODE"), call.wanted("NAME"));
    let title = |row: &ListElement| {
        row.fields
            .get("NAME")
            .and_then(|text| serde_json::from_str::<String>(text).ok())
    };
    let found: Vec<Php> = call
        .world
        .list_elements
        .iter()
        .filter(|(id, row)| row.list == list && one.is_none_or(|one| one == Some(**id)))
        .filter(|(_, row)| code.as_ref().is_none_or(|code| *code == row.code))
        .filter(|(_, row)| name.is_none() || name == title(row))
        .map(|(id, row)| shown(*id, row))
        .collect();
    let start = call
        .param("start")
        .and_then(Php::as_int)
        .and_then(|start| usize::try_from(start).ok());
    let (start, total) = (start.unwrap_or_default(), found.len());
    let end = start.saturating_add(PAGE_ROWS);
    Ok(Answer {
        result: Php::list(found.into_iter().skip(start).take(PAGE_ROWS)),
        total: Some(total),
        next: (end < total).then_some(end),
    })
}

fn update(call: &mut Call<'_>) -> Outcome {
    let list = list(call)?;
    let id = named(call, &list).ok_or_else(not_found)?;
    let fields = call.fields()?.clone();
    if let Some(row) = call.world.list_elements.get_mut(&id) {
        for (name, value) in fields.entries() {
            let text = serde_json::to_string(value).unwrap_or_default();
            row.fields.insert(name.clone(), text);
        }
    }
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let list = list(call)?;
    let id = named(call, &list).ok_or_else(not_found)?;
    call.world.list_elements.remove(&id);
    Ok(Php::Bool(true).into())
}
