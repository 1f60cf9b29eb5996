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
}
