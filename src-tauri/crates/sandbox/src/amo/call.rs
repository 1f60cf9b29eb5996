//! One request, read: what it asks of which part of the world, and when.

use serde_json::Value;

use super::{
    reply::{Invalid, Problem},
    world::{Object, World},
};
use crate::php::Php;

/// Objects that one writing request may hold.
pub const ITEMS_MAX: usize = 250;

pub struct Call<'a> {
    pub world: &'a mut World,
    /// Seconds since 1970.
    pub now_s: i64,
    /// `https://host:port`, as the client addressed us.
    pub base: &'a str,
    /// `/api/v4/...`, without the query.
    pub path: &'a str,
    pub raw_query: &'a str,
    pub query: Php,
    pub body: Value,
    /// `If-Modified-Since`, in seconds since 1970.
    pub modified_since: Option<i64>,
}

impl Call<'_> {
    /// `base` and a path under the API.
    pub fn href(&self, path: &str) -> String {
        format!("{}/api/v4/{path}", self.base)
    }

    /// The address that was asked for.
    pub fn own_href(&self) -> String {
        format!("{}{}", self.base, self.path)
    }

    /// Whether `with=a,b` names this.
    pub fn with(&self, name: &str) -> bool {
        self.query.get("with").is_some_and(|with| {
            with.texts()
                .iter()
                .any(|text| text.split(',').any(|part| part.trim() == name))
        })
    }

    pub fn filter(&self, name: &str) -> Option<&Php> {
        self.query.get("filter")?.get(name)
    }

    /// The objects of a writing request.
    ///
    /// # Errors
    /// It holds none, too many, or something else.
    pub fn items(&self) -> Result<Vec<Object>, Problem> {
        let items = match &self.body {
            Value::Array(items) => items,
            _ => return Err(Problem::one(Invalid::kind("", "array"))),
        };
        if items.is_empty() {
            return Err(Problem::one(Invalid::blank("")));
        }
        if items.len() > ITEMS_MAX {
            return Err(Problem::one(Invalid::new(
                "TooMany",
                "",
                format!("This collection should contain {ITEMS_MAX} elements or less."),
            )));
        }
        let objects: Vec<Object> = items.iter().filter_map(Value::as_object).cloned().collect();
        if objects.len() == items.len() {
            Ok(objects)
        } else {
            Err(Problem::one(Invalid::kind("", "object")))
        }
    }

    /// The one object of a request for one card; a list of one is taken too.
    ///
    /// # Errors
    /// It is none.
    pub fn item(&self) -> Result<Object, Problem> {
        match &self.body {
            Value::Object(item) => Ok(item.clone()),
            Value::Array(_) => {
                let mut items = self.items()?;
                match (items.pop(), items.is_empty()) {
                    (Some(item), true) => Ok(item),
                    _ => Err(Problem::one(Invalid::kind("", "object"))),
                }
            }
            _ => Err(Problem::one(Invalid::kind("", "object"))),
        }
    }
}

/// The item's own request id, or its place.
pub fn request_id(item: &Object, at: usize) -> String {
    match item.get("request_id") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => at.to_string(),
    }
}

/// A whole number; clients that keep moments as fractions of seconds are taken at the second.
pub fn whole(value: &Value) -> Option<i64> {
    let number = value.as_number()?;
    number.as_i64().or_else(|| {
        let text = number.to_string();
        text.split_once('.')?.0.parse().ok()
    })
}
