//! What every legacy table of rows has in common: lists, fields read into a row, and a table's description.

use super::{Answer, Outcome, RestError};
use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    schema::{Field, Row, field},
};

/// A table without custom fields.
pub const fn table(fields: &'static [Field]) -> Schema<'static> {
    Schema {
        fields,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Ignore,
    }
}

/// A legacy list of any rows.
pub fn rows_list<'a>(params: &Php, schema: &Schema<'_>, rows: impl Iterator<Item = &'a Row>) -> Outcome {
    let page = Query::new(schema, params)?.page(rows);
    let select = Select::new(params);
    let result = Php::list(page.rows.iter().map(|row| select.legacy(schema, row)));
    Ok(Answer::page(result, &page))
}

pub fn whole(fields: &'static [Field], row: &Row) -> Php {
    Select::new(&Php::empty()).legacy(&table(fields), row)
}

/// Writes what the table knows of `fields` into a row; names it does not know and fixed ones are ignored.
///
/// # Errors
/// The name of the field whose value is not of its kind.
pub fn fill(row: &mut Row, known: &'static [Field], fields: &Php) -> Result<(), String> {
    for (name, value) in fields.entries() {
        let Some(field) = field(known, name).filter(|field| field.writable && field.upper != "ID") else {
            continue;
        };
        let cell = Cell::read(field.kind, value).ok_or_else(|| name.clone())?;
        if cell.is_empty() {
            row.remove(field.key);
        } else {
            row.insert(field.key.to_owned(), cell);
        }
    }
    Ok(())
}

pub fn invalid(name: &str) -> RestError {
    RestError::legacy(format!("Invalid value of the field '{name}'"))
}

/// What `.fields` of a legacy table answers.
pub fn described(fields: &[Field]) -> Php {
    Php::map(fields.iter().map(|field| {
        let kind = match field.kind {
            Kind::Int | Kind::Ints | Kind::Link => "integer",
            Kind::Money | Kind::Quantity => "double",
            Kind::Text => "string",
            Kind::Flag => "char",
            Kind::Date => "date",
            Kind::Moment => "datetime",
        };
        let fixed = !field.writable || field.upper == "ID";
        let about = Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(false)),
            ("isReadOnly", Php::Bool(fixed)),
            ("isImmutable", Php::Bool(false)),
            ("isMultiple", Php::Bool(field.kind == Kind::Ints)),
            ("isDynamic", Php::Bool(false)),
            ("title", Php::text(field.title)),
        ]);
        (field.upper, about)
    }))
}

pub fn number(number: i64) -> Php {
    Php::Number(number.into())
}

pub fn cells<const N: usize>(cells: [(&str, Cell); N]) -> Row {
    cells.into_iter().map(|(key, cell)| (key.to_owned(), cell)).collect()
}
