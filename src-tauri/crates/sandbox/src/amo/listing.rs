//! Pages: `page`, `limit`, `_links`. Nothing to show is 204 without a body.

use serde_json::{Value, json};

use super::{call::Call, reply::Reply};
use crate::php::Php;

pub const LIMIT_MAX: usize = 250;
const LIMIT: usize = 50;

/// A number of the query, or what stands for it.
fn number(query: &Php, name: &str, default: usize) -> usize {
    query
        .get(name)
        .and_then(Php::as_int)
        .and_then(|number| usize::try_from(number).ok())
        .filter(|number| *number > 0)
        .unwrap_or(default)
}

/// The asked page of `rows`. More than `limit_max` at once are never given.
pub fn page<T>(call: &Call<'_>, name: &str, rows: &[T], limit_max: usize, show: impl Fn(&T) -> Value) -> Reply {
    let limit = number(&call.query, "limit", LIMIT).min(limit_max);
    let page = number(&call.query, "page", 1);
    let start = (page - 1).saturating_mul(limit);
    let shown: Vec<Value> = rows.iter().skip(start).take(limit).map(show).collect();
    if shown.is_empty() {
        return Reply::no_content();
    }
    let others: Vec<&str> = call
        .raw_query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("page=") && !pair.starts_with("limit="))
        .collect();
    let href = |page: usize| {
        let mut query = others.join("&");
        if !query.is_empty() {
            query.push('&');
        }
        json!({"href": format!("{}?{query}limit={limit}&page={page}", call.own_href())})
    };
    let mut links = json!({"self": href(page)});
    if start + shown.len() < rows.len() {
        links["next"] = href(page + 1);
    }
    if page > 1 {
        links["first"] = href(1);
        links["prev"] = href(page - 1);
    }
    Reply::hal(json!({"_page": page, "_links": links, "_embedded": {name: shown}}))
}

/// A list that has no pages.
pub fn whole(call: &Call<'_>, name: &str, rows: Vec<Value>) -> Reply {
    if rows.is_empty() {
        return Reply::no_content();
    }
    Reply::hal(json!({
        "_total_items": rows.len(),
        "_links": {"self": {"href": call.own_href()}},
        "_embedded": {name: rows},
    }))
}

/// What a writing request answers.
pub fn written(call: &Call<'_>, name: &str, rows: Vec<Value>) -> Reply {
    Reply::hal(json!({
        "_links": {"self": {"href": call.own_href()}},
        "_embedded": {name: rows},
    }))
}
