//! Filters of list methods: operators as prefixes of field names, lists for IN, and groups with OR logic.
//!
//! The two generations differ in one thing that costs money: `crm.item.list` refuses a field it does not know,
//! the legacy lists ignore it and answer with everything.

use std::cmp::Ordering;

use crate::{
    cell::{Cell, Kind},
    php::Php,
    schema::{Field, Row, field, user_field_item_name},
    world::UserField,
};

/// What a generation does with fields it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangers {
    Refuse,
    Ignore,
}

/// The fields of a kind of object: the portal's own and the custom ones.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    pub fields: &'static [Field],
    pub user_fields: &'a [UserField],
    /// Whose custom fields these are, as `CRM_DEAL`.
    pub entity: &'a str,
    pub strangers: Strangers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField {
    pub name: String,
    /// `filter` or `order`.
    pub place: &'static str,
}

impl Schema<'_> {
    /// The stored key and the kind of a field by any of its names.
    pub fn resolve(&self, name: &str) -> Option<(String, Kind)> {
        if let Some(field) = field(self.fields, name) {
            return Some((field.key.to_owned(), field.kind));
        }
        self.user_fields
            .iter()
            .find(|custom| {
                custom.entity == self.entity && (custom.name == name || user_field_item_name(&custom.name) == name)
            })
            .map(|custom| (custom.name.clone(), custom.kind()))
    }

    fn known(&self, name: &str, place: &'static str) -> Result<Option<(String, Kind)>, UnknownField> {
        match (self.resolve(name), self.strangers) {
            (None, Strangers::Refuse) => Err(UnknownField {
                name: name.to_owned(),
                place,
            }),
            (found, _) => Ok(found),
        }
    }

    /// `order`: pairs of a stored key and whether it descends.
    pub fn order(&self, order: Option<&Php>) -> Result<Vec<(String, bool)>, UnknownField> {
        let mut keys = Vec::new();
        for (name, direction) in order.map_or(&[][..], Php::entries) {
            if let Some((key, _)) = self.known(name, "order")? {
                let descends = direction
                    .as_text()
                    .unwrap_or_default()
                    .to_ascii_lowercase()
                    .starts_with("desc");
                keys.push((key, descends));
            }
        }
        Ok(keys)
    }

    pub fn filter(&self, filter: Option<&Php>) -> Result<Condition, UnknownField> {
        filter.map_or(Ok(Condition::All(Vec::new())), |filter| self.group(filter))
    }

    fn group(&self, group: &Php) -> Result<Condition, UnknownField> {
        let mut conditions = Vec::new();
        let mut any = false;
        for (key, value) in group.entries() {
            if key.eq_ignore_ascii_case("logic") {
                any = value.as_text().unwrap_or_default().eq_ignore_ascii_case("or");
            } else if key.bytes().all(|byte| byte.is_ascii_digit()) && value.is_map() {
                conditions.push(self.group(value)?);
            } else {
                let (operator, name) = Operator::split(key);
                if let Some((key, kind)) = self.known(name, "filter")? {
                    conditions.push(Condition::Test(Test::new(key, kind, operator, value)));
                }
            }
        }
        Ok(if any {
            Condition::Any(conditions)
        } else {
            Condition::All(conditions)
        })
    }
}

#[derive(Debug, Clone)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Test(Test),
}

impl Condition {
    pub fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(row)),
            Self::Any(conditions) => conditions.is_empty() || conditions.iter().any(|condition| condition.holds(row)),
            Self::Test(test) => test.holds(row),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    /// No prefix.
    Plain,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    /// `><field`: a pair of bounds, both included.
    Between,
    /// `%field`: contains.
    Contains,
    /// `=%field`, `%=field`: the value itself says where `%` stands.
    Like,
}

impl Operator {
    /// The operator, whether it is negated, and the field's name.
    fn split(key: &str) -> ((Self, bool), &str) {
        const PREFIXES: [(&str, Operator, bool); 19] = [
            ("!><", Operator::Between, true),
            ("!=%", Operator::Like, true),
            ("!%=", Operator::Like, true),
            ("=%", Operator::Like, false),
            ("%=", Operator::Like, false),
            ("!%", Operator::Contains, true),
            ("!=", Operator::Equal, true),
            ("!@", Operator::Equal, true),
            ("><", Operator::Between, false),
            (">=", Operator::GreaterOrEqual, false),
            ("<=", Operator::LessOrEqual, false),
            ("<>", Operator::Equal, true),
            (">", Operator::Greater, false),
            ("<", Operator::Less, false),
            ("@", Operator::Equal, false),
            ("%", Operator::Contains, false),
            ("?", Operator::Contains, false),
            ("!", Operator::Equal, true),
            ("=", Operator::Equal, false),
        ];
        PREFIXES
            .iter()
            .find_map(|(prefix, operator, negated)| Some(((*operator, *negated), key.strip_prefix(prefix)?)))
            .unwrap_or(((Self::Plain, false), key))
    }
}

#[derive(Debug, Clone)]
pub struct Test {
    key: String,
    operator: Operator,
    negated: bool,
    /// Any of these.
    values: Vec<Cell>,
    /// What an absent value counts as.
    absent: Cell,
}

impl Test {
    fn new(key: String, kind: Kind, (operator, negated): (Operator, bool), value: &Php) -> Self {
        let kind = if kind == Kind::Ints { Kind::Int } else { kind };
        // Without an operator a text is a pattern: a `%` in the value stands for anything.
        let operator = match operator {
            Operator::Plain if kind == Kind::Text && value.texts().iter().any(|text| text.contains('%')) => {
                Operator::Like
            }
            Operator::Plain => Operator::Equal,
            operator => operator,
        };
        let absent = match kind {
            Kind::Int | Kind::Link => Cell::Int(0),
            Kind::Flag => Cell::Flag(false),
            Kind::Money => Cell::Money(0),
            Kind::Quantity => Cell::Quantity(0),
            Kind::Text | Kind::Date | Kind::Moment | Kind::Ints => Cell::Empty,
        };
        let values = value
            .texts()
            .iter()
            .map(|text| match Cell::read_text(kind, text) {
                Some(Cell::Empty) => absent.clone(),
                Some(cell) => cell,
                // A text that is not of the field's kind equals nothing.
                None => Cell::Text(text.clone()),
            })
            .collect();
        Self {
            key,
            operator,
            negated,
            values,
            absent,
        }
    }

    fn holds(&self, row: &Row) -> bool {
        let cells = match row.get(&self.key) {
            Some(Cell::Many(cells)) if !cells.is_empty() => cells.as_slice(),
            None | Some(Cell::Empty | Cell::Many(_)) => std::slice::from_ref(&self.absent),
            Some(cell) => std::slice::from_ref(cell),
        };
        let hit = cells.iter().any(|cell| match (self.operator, &self.values[..]) {
            (Operator::Between, [from, to]) => {
                is_ordered(cell, from, &[Ordering::Greater, Ordering::Equal])
                    && is_ordered(cell, to, &[Ordering::Less, Ordering::Equal])
            }
            _ => self.values.iter().any(|value| self.fits(cell, value)),
        });
        hit != self.negated
    }

    fn fits(&self, cell: &Cell, value: &Cell) -> bool {
        let ordered = |wanted: &[Ordering]| is_ordered(cell, value, wanted);
        match self.operator {
            Operator::Plain | Operator::Equal => cell.compare(value) == Ordering::Equal,
            Operator::Greater => ordered(&[Ordering::Greater]),
            Operator::GreaterOrEqual => ordered(&[Ordering::Greater, Ordering::Equal]),
            Operator::Less => ordered(&[Ordering::Less]),
            Operator::LessOrEqual => ordered(&[Ordering::Less, Ordering::Equal]),
            // With anything but two bounds it is between nothing.
            Operator::Between => false,
            Operator::Contains => like(&cell.folded(), &format!("%{}%", value.folded())),
            Operator::Like => like(&cell.folded(), &value.folded()),
        }
    }
}

fn is_ordered(cell: &Cell, value: &Cell, wanted: &[Ordering]) -> bool {
    !cell.is_empty() && !value.is_empty() && wanted.contains(&cell.compare(value))
}

/// SQL's LIKE with `%` only.
fn like(text: &str, pattern: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('%') else {
        return text == pattern;
    };
    let Some(mut text) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('%').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part) {
            Some(at) => text = &text[at + part.len()..],
            None => return false,
        }
    }
    text.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{INVOICE, item_fields};

    fn schema(strangers: Strangers) -> Schema<'static> {
        Schema {
            fields: item_fields(INVOICE).unwrap(),
            user_fields: &[],
            entity: "CRM_SMART_INVOICE",
            strangers,
        }
    }

    fn row() -> Row {
        [
            ("id", Cell::Int(315)),
            ("title", Cell::text("Счёт №17")),
            ("opportunity", Cell::Money(150_050)),
            ("stageId", Cell::text("DT31_3:N")),
            ("closedate", Cell::read_text(Kind::Date, "2026-11-20").unwrap()),
        ]
        .into_iter()
        .map(|(key, cell)| (key.to_owned(), cell))
        .collect()
    }

    #[test]
    fn operators() {
        for (filter, expected) in [
            (r#"{}"#, true),
            (r#"[]"#, true),
            (r#"{"id":315}"#, true),
            (r#"{"=id":"315"}"#, true),
            (r#"{"!id":315}"#, false),
            (r#"{">id":99}"#, true),
            (r#"{">id":0}"#, true),
            (r#"{"companyId":""}"#, true),
            (r#"{">companyId":0}"#, false),
            (r#"{">id":315}"#, false),
            (r#"{">=id":315,"<id":1000}"#, true),
            (r#"{"@id":[1,315]}"#, true),
            (r#"{"id":[1,315]}"#, true),
            (r#"{"!@id":[1,315]}"#, false),
            (r#"{"@stageId":[]}"#, false),
            (r#"{"!@stageId":["DT31_3:P","DT31_3:D"]}"#, true),
            (r#"{"opportunity":1500.5}"#, true),
            (r#"{"<=opportunity":"1500.49"}"#, false),
            (r#"{"><opportunity":[1500.5,2000]}"#, true),
            (r#"{"><opportunity":["1000","1500.5"]}"#, true),
            (r#"{"><opportunity":[1500.51,2000]}"#, false),
            (r#"{"!><opportunity":[1,2]}"#, true),
            (r#"{"><opportunity":1500.5}"#, false),
            (r#"{"><closedate":["2026-11-01","2026-11-20"]}"#, true),
            (r#"{"><begindate":["2026-11-01","2026-11-20"]}"#, false),
            (r#"{"=companyId":null}"#, true),
            (r#"{"!=stageId":["DT31_3:P","DT31_3:N"]}"#, false),
            (r#"{"%title":["18","17"]}"#, true),
            (r#"{"LOGIC":"OR","0":{"id":1},"1":{"ID":315}}"#, true),
            (
                r#"{"0":{"LOGIC":"OR","0":{"LOGIC":"AND","0":{">id":1},"1":{"<id":9}},"1":{"id":315}}}"#,
                true,
            ),
            (r#"{"title":"счёт №17"}"#, true),
            (r#"{"title":"%№1%"}"#, true),
            (r#"{"=title":"%№1%"}"#, false),
            (r#"{"%title":"чёт"}"#, true),
            (r#"{"!%title":"чёт"}"#, false),
            (r#"{"=%title":"сч%17"}"#, true),
            (r#"{"%=title":"%18"}"#, false),
            (r#"{"!=%title":"%18"}"#, true),
            (r#"{"companyId":0}"#, true),
            (r#"{"!companyId":""}"#, false),
            (r#"{"isManualOpportunity":"N"}"#, true),
            (r#"{">=closedate":"2026-11-20T00:00:00+03:00"}"#, true),
            (r#"{"<begindate":"2026-11-20"}"#, false),
            (r#"{"0":{"logic":"OR","0":{"id":1},"1":{"stageId":"DT31_3:N"}}}"#, true),
            (
                r#"{"0":{"logic":"OR","0":{"id":1},"1":{"id":2}},"title":"Счёт №17"}"#,
                false,
            ),
            (r#"[{"logic":"OR","0":{"id":1},"1":{"id":315}}]"#, true),
        ] {
            let value: Php = serde_json::from_str(filter).unwrap();
            let condition = schema(Strangers::Refuse).filter(Some(&value)).unwrap();
            assert_eq!(condition.holds(&row()), expected, "{filter}");
        }
    }

    #[test]
    fn strangers_are_refused_by_one_generation_and_ignored_by_the_other() {
        let value: Php = serde_json::from_str(r#"{"=innn":"7707083893"}"#).unwrap();
        let refused = schema(Strangers::Refuse).filter(Some(&value));
        let unknown = |name: &str, place| UnknownField {
            name: name.to_owned(),
            place,
        };
        assert_eq!(refused.unwrap_err(), unknown("innn", "filter"));
        let order: Php = serde_json::from_str(r#"{"inn":"ASC"}"#).unwrap();
        let refused = schema(Strangers::Refuse).order(Some(&order));
        assert_eq!(refused.unwrap_err(), unknown("inn", "order"));
        let ignored = schema(Strangers::Ignore).filter(Some(&value)).unwrap();
        assert!(ignored.holds(&row()));
    }
}
