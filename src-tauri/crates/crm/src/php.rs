//! The shapes PHP leaks into JSON: an empty object is `[]`, a list may be an object, ids are numbers or text.

use serde_json::Value;

/// Text or a number as its text; `None` for null, blanks, `false` and everything that is neither.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// An object's id: a whole number above zero (`0` is how an empty link is written), as a number or as text.
pub fn id(value: &Value) -> Option<u64> {
    text(value)?.parse().ok().filter(|id| *id > 0)
}

/// A flag: `"Y"`, `"1"`, `1` or `true`.
pub fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        other => text(other).is_some_and(|text| text.eq_ignore_ascii_case("Y") || text == "1"),
    }
}

/// The rows of a list, whether it came as an array or as an object keyed by anything.
pub fn rows(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(rows) => rows.iter().collect(),
        Value::Object(rows) => rows.values().collect(),
        _ => Vec::new(),
    }
}

/// Whether this can be a list at all (an error page or a bare flag cannot).
pub fn is_list(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

/// Every text of a field that may hold one or several.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(_) | Value::Object(_) => rows(value).into_iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

/// Parameters as PHP reads a query: `filter[>id]=5&select[0]=id`. Nulls and empty lists vanish, as PHP's own writer has it.
pub fn query(params: &Value) -> String {
    let mut query = String::new();
    pairs(params, "", &mut query);
    query
}

fn pairs(value: &Value, name: &str, into: &mut String) {
    let inner = |key: &str| match name {
        "" => escaped(key),
        name => format!("{name}[{}]", escaped(key)),
    };
    let plain = match value {
        Value::Object(fields) => return fields.iter().for_each(|(key, value)| pairs(value, &inner(key), into)),
        Value::Array(rows) => {
            let rows = rows.iter().enumerate();
            return rows.for_each(|(at, value)| pairs(value, &inner(&at.to_string()), into));
        }
        Value::Null => return,
        Value::Bool(flag) => u8::from(*flag).to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
    };
    if !into.is_empty() {
        into.push('&');
    }
    into.push_str(name);
    into.push('=');
    into.push_str(&escaped(&plain));
}

/// Everything but the characters that no address needs escaped.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_come_as_numbers_and_as_text_and_zero_is_none() {
        assert_eq!(id(&json!(37)), Some(37));
        assert_eq!(id(&json!("37")), Some(37));
        for none in [
            json!(0),
            json!("0"),
            json!(null),
            json!(""),
            json!([]),
            json!("x"),
            json!(-1),
        ] {
            assert_eq!(id(&none), None, "{none}");
        }
    }

    #[test]
    fn lists_come_as_arrays_and_as_objects() {
        assert_eq!(rows(&json!([])).len(), 0);
        assert_eq!(rows(&json!({"5": 1, "7": 2})).len(), 2);
        assert_eq!(rows(&json!([1, 2, 3])).len(), 3);
        assert_eq!(rows(&json!(false)).len(), 0);
    }

    #[test]
    fn a_field_holds_none_one_or_several_texts() {
        assert!(texts(&json!(null)).is_empty());
        assert!(texts(&json!([])).is_empty());
        assert!(texts(&json!(false)).is_empty());
        assert_eq!(texts(&json!("a")), ["a"]);
        assert_eq!(texts(&json!(["a", "", "b"])), ["a", "b"]);
        assert_eq!(texts(&json!({"1": "a", "4": 7})), ["a", "7"]);
    }

    #[test]
    fn flags_come_in_four_ways() {
        for yes in [json!("Y"), json!(true), json!(1), json!("1")] {
            assert!(flag(&yes), "{yes}");
        }
        for no in [json!("N"), json!(false), json!(0), json!(null), json!([])] {
            assert!(!flag(&no), "{no}");
        }
    }

    #[test]
    fn parameters_become_a_query_that_php_reads() {
        let params = json!({
            "entityTypeId": 31, "start": -1, "filter": {">id": "$result[c0][items][49][id]", "@stageId": ["a:b", "в"]},
            "order": {"id": "ASC"}, "none": null, "empty": [], "yes": true,
        });
        assert_eq!(
            query(&params).split('&').collect::<std::collections::BTreeSet<_>>(),
            [
                "entityTypeId=31",
                "start=-1",
                "filter[%3Eid]=%24result%5Bc0%5D%5Bitems%5D%5B49%5D%5Bid%5D",
                "filter[%40stageId][0]=a%3Ab",
                "filter[%40stageId][1]=%D0%B2",
                "order[id]=ASC",
                "yes=1",
            ]
            .into_iter()
            .collect()
        );
    }
}
