//! Parameters of a GET as PHP reads them: `filter[id][]=1&filter[statuses][0][status_id]=142`.

use serde_json::Value;

use crate::php;

/// Flat pairs in the order of the object; what is null is left out.
pub fn pairs(params: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    if let Value::Object(params) = params {
        for (name, value) in params {
            flatten(name.clone(), value, &mut pairs);
        }
    }
    pairs
}

fn flatten(name: String, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(format!("{name}[{key}]"), value, pairs);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                let name = if value.is_object() {
                    format!("{name}[{at}]")
                } else {
                    format!("{name}[]")
                };
                flatten(name, value, pairs);
            }
        }
        Value::Bool(flag) => pairs.push((name, u8::from(*flag).to_string())),
        Value::String(_) | Value::Number(_) => pairs.push((name, php::text(value).unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_objects_become_brackets() {
        let params = json!({
            "filter": {"id": [1, 2], "statuses": [{"status_id": 142}]},
            "limit": 250,
            "none": null,
            "with": "a,b",
        });
        let pairs = pairs(&params);
        let mut told: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        told.sort();
        assert_eq!(
            told,
            [
                "filter[id][]=1",
                "filter[id][]=2",
                "filter[statuses][0][status_id]=142",
                "limit=250",
                "with=a,b"
            ]
        );
    }
}
