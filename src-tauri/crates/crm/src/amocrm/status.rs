//! The status of an invoice: by its code where it has one, by its standard name where an account lost the code.

use serde_json::Value;

use super::layout::{Choice, Field};
use crate::php;

/// Codes of `BILL_STATUS`.
pub const CREATED: &str = "created";
pub const PAID: &str = "paid";
pub const PARTLY: &str = "partially_paid";
pub const ADVANCE: &str = "paid_in_advance";

/// What accounts call the standard statuses, for accounts whose choices have no codes.
const NAMES: [(&str, [&str; 2]); 4] = [
    (CREATED, ["Создан", "Created"]),
    (PAID, ["Оплачен", "Paid"]),
    (PARTLY, ["Частично оплачен", "Partially paid"]),
    (ADVANCE, ["Оплачен в аванс", "Paid in advance"]),
];

/// One status: what it is, and what people see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// A code of the four, or `#` and the number of a choice that the account made itself.
    pub id: String,
    pub name: String,
}

/// The status in a value of the field; `None` where nothing was chosen.
pub fn status(value: &Value, field: Option<&Field>) -> Option<Status> {
    let number = php::id(&value["enum_id"]);
    let known = number.and_then(|number| field?.choices.iter().find(|choice| choice.id == number));
    let name = php::text(&value["value"]).or_else(|| known.map(|choice| choice.name.clone()));
    let code = php::text(&value["enum_code"]).or_else(|| known.and_then(|choice| choice.code.clone()));
    let id = code.or_else(|| name.as_deref().and_then(code_of_name).map(str::to_owned));
    let id = id.or_else(|| number.map(|number| format!("#{number}")))?;
    Some(Status {
        name: name.unwrap_or_else(|| id.clone()),
        id,
    })
}

/// What a choice is called here, whether or not an invoice stands in it.
pub fn id_of(choice: &Choice) -> String {
    let known = choice.code.clone();
    known
        .or_else(|| code_of_name(&choice.name).map(str::to_owned))
        .unwrap_or_else(|| format!("#{}", choice.id))
}

fn code_of_name(name: &str) -> Option<&'static str> {
    let same = |known: &&str| known.to_lowercase() == name.trim().to_lowercase();
    NAMES
        .iter()
        .find(|(_, names)| names.iter().any(same))
        .map(|(code, _)| *code)
}

/// What to write to make an invoice's status `id`: the number of the choice, which cannot be mistaken. `None` where the
/// account has no such choice.
pub fn choice(field: &Field, id: &str) -> Option<u64> {
    if let Some(number) = id.strip_prefix('#') {
        let number = number.parse().ok()?;
        return field.choices.iter().any(|choice| choice.id == number).then_some(number);
    }
    let coded = field.choices.iter().find(|choice| choice.code.as_deref() == Some(id));
    let named = || {
        field
            .choices
            .iter()
            .find(|choice| choice.code.is_none() && code_of_name(&choice.name) == Some(id))
    };
    coded.or_else(named).map(|choice| choice.id)
}

/// The name of a status as this account has it.
pub fn name_of(field: Option<&Field>, id: &str) -> String {
    let named = field.and_then(|field| {
        let number = choice(field, id)?;
        let choice = field.choices.iter().find(|choice| choice.id == number)?;
        Some(choice.name.clone())
    });
    named.unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field() -> Field {
        let choice = |id, name: &str, code: Option<&str>| Choice {
            id,
            name: name.to_owned(),
            code: code.map(str::to_owned),
        };
        Field {
            kind: "select".to_owned(),
            id: 901,
            code: Some("BILL_STATUS".to_owned()),
            name: "Статус".to_owned(),
            choices: vec![
                choice(1, "Выставлен", Some(CREATED)),
                choice(2, "оплачен", None),
                choice(3, "Отменён", None),
            ],
        }
    }

    #[test]
    fn a_status_is_told_by_code_by_choice_and_by_name() {
        let field = field();
        for (value, expected) in [
            (json!({"enum_id": 1, "enum_code": "paid", "value": "X"}), Some("paid")),
            (json!({"enum_id": 1, "value": "Выставлен"}), Some("created")),
            (json!({"enum_id": 2, "enum_code": null}), Some("paid")),
            (json!({"value": " Частично ОПЛАЧЕН "}), Some("partially_paid")),
            (json!({"enum_id": "3", "value": "Отменён"}), Some("#3")),
            (json!({}), None),
            (Value::Null, None),
        ] {
            let status = status(&value, Some(&field));
            assert_eq!(status.as_ref().map(|status| status.id.as_str()), expected, "{value}");
        }
    }

    #[test]
    fn a_choice_is_found_by_code_or_standard_name_or_number() {
        let field = field();
        for (id, expected) in [
            (CREATED, Some(1)),
            (PAID, Some(2)),
            ("#3", Some(3)),
            ("#9", None),
            (PARTLY, None),
        ] {
            assert_eq!(choice(&field, id), expected, "{id}");
        }
        let ids: Vec<String> = field.choices.iter().map(id_of).collect();
        assert_eq!(ids, [CREATED, PAID, "#3"]);
        assert_eq!(name_of(Some(&field), CREATED), "Выставлен");
        assert_eq!(name_of(None, CREATED), CREATED);
    }
}
