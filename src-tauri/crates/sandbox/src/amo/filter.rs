//! Filters and order of lists, by PHP brackets. A filter that a list does not have is ignored, as the account does.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    call::Call,
    kind::Kind,
    world::{Card, Field, Object},
};
use crate::php::Php;

/// Whether `value` is what `filter` says: one value, any of a list, or `from` and `to` (both included).
pub fn fits(filter: &Php, value: Option<&Value>) -> bool {
    let bound = |name: &str| filter.get(name).and_then(Php::as_text);
    if let (None, None) = (bound("from"), bound("to")) {
        let text = value.map(shown).unwrap_or_default();
        return filter
            .texts()
            .iter()
            .any(|wanted| same(wanted, &text) || is_yes_or_no(value, wanted));
    }
    let Some(value) = value.map(shown).filter(|text| !text.is_empty()) else {
        return false;
    };
    let holds = |bound: Option<String>, refused: Ordering| bound.is_none_or(|bound| compare(&value, &bound) != refused);
    holds(bound("from"), Ordering::Less) && holds(bound("to"), Ordering::Greater)
}

fn is_yes_or_no(value: Option<&Value>, wanted: &str) -> bool {
    match value {
        Some(Value::Bool(yes)) => {
            matches!(wanted, "1" | "true") == *yes && matches!(wanted, "0" | "1" | "true" | "false")
        }
        _ => false,
    }
}

pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase() || compare(a, b) == Ordering::Equal && a.parse::<i64>().is_ok()
}

/// Whole numbers by size, everything else as text.
fn compare(a: &str, b: &str) -> Ordering {
    match (a.trim().parse::<i64>(), b.trim().parse::<i64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => match (crate::cell::hundredths(a), crate::cell::hundredths(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.to_lowercase().cmp(&b.to_lowercase()),
        },
    }
}

/// Whether every one of the named filters fits the object.
pub fn fits_all(call: &Call<'_>, names: &[&str], object: &Object) -> bool {
    names
        .iter()
        .all(|name| call.filter(name).is_none_or(|filter| fits(filter, object.get(*name))))
}

/// The same for the lists that clients write with commas: `filter[type]=lead_added,lead_status_changed`.
pub fn fits_any(call: &Call<'_>, name: &str, value: Option<&Value>) -> bool {
    call.filter(name).is_none_or(|filter| match filter.as_text() {
        Some(text) if text.contains(',') => {
            let mut parts = text.split(',').map(|part| Php::text(part.trim()));
            parts.any(|part| fits(&part, value))
        }
        _ => fits(filter, value),
    })
}

/// Whether a card changed since `If-Modified-Since`; `true` without it.
pub fn is_fresh(call: &Call<'_>, object: &Object) -> bool {
    let changed = object.get("updated_at").and_then(Value::as_i64).unwrap_or_default();
    call.modified_since.is_none_or(|since| changed >= since)
}

const CARD_FILTERS: [&str; 8] = [
    "id",
    "name",
    "created_by",
    "updated_by",
    "responsible_user_id",
    "created_at",
    "updated_at",
    "closest_task_at",
];
const LEAD_FILTERS: [&str; 3] = ["price", "closed_at", "pipeline_id"];

pub fn card_fits(call: &Call<'_>, kind: Kind, card: &Card) -> bool {
    fits_all(call, &CARD_FILTERS, &card.attributes)
        && (kind != Kind::Leads || fits_all(call, &LEAD_FILTERS, &card.attributes) && in_statuses(call, card))
        && fields_fit(call, card)
        && query_fits(call, card)
        && is_fresh(call, &card.attributes)
}

/// `filter[statuses][0][pipeline_id]=..&filter[statuses][0][status_id]=..`.
fn in_statuses(call: &Call<'_>, card: &Card) -> bool {
    let Some(statuses) = call.filter("statuses") else {
        return true;
    };
    statuses.entries().iter().any(|(_, status)| {
        let is = |name: &str| {
            status
                .get(name)
                .is_none_or(|filter| fits(filter, card.attributes.get(name)))
        };
        is("status_id") && is("pipeline_id")
    })
}

/// `filter[custom_fields_values][{id}][]=..` or `[from]`, `[to]`.
fn fields_fit(call: &Call<'_>, card: &Card) -> bool {
    let Some(fields) = call.filter("custom_fields_values") else {
        return true;
    };
    fields.entries().iter().all(|(id, filter)| {
        let values = id.parse().ok().and_then(|id: i64| card.values.get(&id));
        values.is_some_and(|values| {
            values.iter().any(|value| {
                fits(filter, value.get("value")) || value.get("enum_id").is_some_and(|id| fits(filter, Some(id)))
            })
        })
    })
}

/// `query=`: part of the name or of any field's text, whatever the case.
pub fn query_fits(call: &Call<'_>, card: &Card) -> bool {
    let Some(query) = call
        .query
        .get("query")
        .and_then(Php::as_text)
        .filter(|text| !text.is_empty())
    else {
        return true;
    };
    let wanted = query.to_lowercase();
    card.text("name").to_lowercase().contains(&wanted)
        || card
            .values
            .values()
            .flatten()
            .any(|value| value.get("value").is_some_and(|value| says(value, &wanted)))
}

fn says(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Object(parts) => parts.values().any(|part| says(part, wanted)),
        Value::Array(parts) => parts.iter().any(|part| says(part, wanted)),
        other => shown(other).to_lowercase().contains(wanted),
    }
}

/// Puts rows in the order asked for, by id where nothing is.
pub fn sort<T>(call: &Call<'_>, rows: &mut [T], keys: &[&str], value: impl Fn(&T, &str) -> i64) {
    let Some(order) = call.query.get("order") else {
        return;
    };
    let orders: Vec<(&str, bool)> = order
        .entries()
        .iter()
        .filter(|(key, _)| keys.contains(&key.as_str()))
        .map(|(key, way)| {
            let down = way.as_text().is_some_and(|way| way.eq_ignore_ascii_case("desc"));
            (key.as_str(), down)
        })
        .collect();
    rows.sort_by(|a, b| {
        let each = orders.iter().map(|(key, down)| {
            let ordering = value(a, key).cmp(&value(b, key));
            if *down { ordering.reverse() } else { ordering }
        });
        each.fold(Ordering::Equal, Ordering::then)
    });
}

/// A field's definition, by `filter[type]` and the like.
pub fn definition_fits(call: &Call<'_>, field: &Field) -> bool {
    call.filter("type")
        .is_none_or(|kinds| kinds.texts().contains(&field.kind))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::php::parse_form;

    #[test]
    fn a_filter_is_a_value_a_list_or_a_range() {
        for (query, value, fit) in [
            ("f=7", json!(7), true),
            ("f=7", json!(70), false),
            ("f[]=1&f[]=7", json!(7), true),
            ("f[0]=1", json!(7), false),
            ("f[from]=7&f[to]=9", json!(9), true),
            ("f[from]=7&f[to]=9", json!(10), false),
            ("f[from]=10", json!(9), false),
            ("f[from]=7", json!(null), false),
            ("f=Ромашка", json!("ромашка"), true),
            ("f=1", json!(true), true),
            ("f=0", json!(true), false),
            ("f[from]=9.5", json!("10.25"), true),
        ] {
            let parsed = parse_form(query);
            assert_eq!(fits(parsed.get("f").unwrap(), Some(&value)), fit, "{query} {value}");
        }
    }
}
