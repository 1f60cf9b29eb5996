//! Pages of 50 rows, in order, with what was selected of them.

use crate::{
    cell::{Cell, Kind},
    filter::{Condition, Schema, UnknownField},
    php::Php,
    schema::{Field, Row, user_field_item_name},
};

/// Every list method of the portal, always.
pub const PAGE_ROWS: usize = 50;

/// The parts of a list request.
pub struct Query {
    condition: Condition,
    order: Vec<(String, bool)>,
    start: i64,
}

pub struct Page<'a> {
    pub rows: Vec<&'a Row>,
    /// `None` for `start=-1`, which asks not to count.
    pub total: Option<usize>,
    pub next: Option<usize>,
}

impl Query {
    pub fn new(schema: &Schema<'_>, params: &Php) -> Result<Self, UnknownField> {
        Ok(Self {
            condition: schema.filter(params.get_any_case("filter"))?,
            order: schema.order(params.get_any_case("order"))?,
            start: params.get_any_case("start").and_then(Php::as_int).unwrap_or(0),
        })
    }

    /// All rows that fit, in order: for the few lists without pages.
    pub fn all<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> Vec<&'a Row> {
        let mut found: Vec<&Row> = rows.filter(|row| self.condition.holds(row)).collect();
        if !self.order.is_empty() {
            found.sort_by(|a, b| {
                self.order
                    .iter()
                    .map(|(key, descends)| {
                        let ordering = cell(a, key).compare(cell(b, key));
                        if *descends { ordering.reverse() } else { ordering }
                    })
                    .find(|ordering| ordering.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        found
    }

    /// Whether it wants them as they are held: by ascending id.
    fn is_by_id(&self) -> bool {
        match self.order.as_slice() {
            [] => true,
            [(key, descends)] => key.eq_ignore_ascii_case("id") && !descends,
            _ => false,
        }
    }

    /// `rows` come by ascending id.
    pub fn page<'a>(&self, rows: impl Iterator<Item = &'a Row>) -> Page<'a> {
        let Ok(start) = usize::try_from(self.start) else {
            // Nobody wants to know how many there are, so a long list need not be walked to its end.
            let rows = match self.is_by_id() {
                true => rows.filter(|row| self.condition.holds(row)).take(PAGE_ROWS).collect(),
                false => self.all(rows).into_iter().take(PAGE_ROWS).collect(),
            };
            return Page {
                rows,
                total: None,
                next: None,
            };
        };
        let found = self.all(rows);
        // The portal counts in whole pages.
        let start = start / PAGE_ROWS * PAGE_ROWS;
        let total = found.len();
        let end = start.saturating_add(PAGE_ROWS);
        Page {
            rows: found.into_iter().skip(start).take(PAGE_ROWS).collect(),
            total: Some(total),
            next: (end < total).then_some(end),
        }
    }
}

fn cell<'a>(row: &'a Row, key: &str) -> &'a Cell {
    row.get(key).unwrap_or(&Cell::Empty)
}

/// What `select` asks for. Names the portal does not know are ignored by both generations.
pub struct Select {
    names: Vec<String>,
}

impl Select {
    pub fn new(params: &Php) -> Self {
        Self {
            names: params.get_any_case("select").map(Php::texts).unwrap_or_default(),
        }
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether a name stands in it, in any case.
    pub fn asks(&self, key: &str) -> bool {
        self.names
            .iter()
            .any(|name| name == "*" || name.replace('_', "").eq_ignore_ascii_case(key))
    }

    fn takes_field(&self, field: &Field) -> bool {
        self.names.is_empty()
            || field.upper == "ID"
            || self
                .names
                .iter()
                .any(|name| name == "*" || name == field.key || name == field.upper)
    }

    fn takes_user_field(&self, upper: &str, by_default: bool) -> bool {
        if self.names.is_empty() {
            return by_default;
        }
        self.names.iter().any(|name| {
            name.eq_ignore_ascii_case("UF_*")
                || name.eq_ignore_ascii_case("uf*")
                || (by_default && name == "*")
                || name == upper
                || *name == user_field_item_name(upper)
        })
    }

    /// An object as `crm.item.*` shows it. `original_names`: custom fields keep their upper-case names.
    pub fn typed(&self, schema: &Schema<'_>, row: &Row, original_names: bool) -> Php {
        let mut entries: Vec<(String, Php)> = schema
            .fields
            .iter()
            .filter(|field| self.takes_field(field))
            .map(|field| (field.key.to_owned(), cell(row, field.key).typed(field.kind)))
            .collect();
        for custom in schema
            .user_fields
            .iter()
            .filter(|custom| custom.entity == schema.entity)
        {
            if self.takes_user_field(&custom.name, true) {
                let name = if original_names {
                    custom.name.clone()
                } else {
                    user_field_item_name(&custom.name)
                };
                let value = match cell(row, &custom.name) {
                    Cell::Empty if custom.multiple => Php::empty(),
                    cell => cell.typed(custom.kind()),
                };
                entries.push((name, value));
            }
        }
        Php::Map(entries)
    }

    /// An object as the legacy methods show it: upper-case names, every value a text. Custom fields only when asked.
    pub fn legacy(&self, schema: &Schema<'_>, row: &Row) -> Php {
        self.legacy_with(schema, row, false)
    }

    /// `.get` of the legacy generation shows custom fields unasked.
    pub fn legacy_with(&self, schema: &Schema<'_>, row: &Row, user_fields: bool) -> Php {
        let mut entries: Vec<(String, Php)> = schema
            .fields
            .iter()
            // Several others of an object are shown by methods of their own.
            .filter(|field| self.takes_field(field) && field.kind != Kind::Ints)
            .map(|field| (field.upper.to_owned(), cell(row, field.key).legacy(field.kind)))
            .collect();
        for custom in schema
            .user_fields
            .iter()
            .filter(|custom| custom.entity == schema.entity)
        {
            if self.takes_user_field(&custom.name, user_fields) {
                let value = match cell(row, &custom.name) {
                    Cell::Empty if custom.multiple => Php::empty(),
                    cell => cell.legacy(custom.kind()),
                };
                entries.push((custom.name.clone(), value));
            }
        }
        Php::Map(entries)
    }
}
