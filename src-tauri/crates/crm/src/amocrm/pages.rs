//! Lists, read whole by `_links.next`. Pages shift when somebody writes meanwhile, so a row may come twice: it is kept once.
//! An empty list is 204. A list that breaks off is an error, never half a list.

use std::collections::{BTreeSet, HashMap};

use reqwest::Url;
use serde_json::{Value, json};

use super::{AmocrmError, Client};
use crate::{call::Transport, php};

/// Rows of a full page, the most that is answered.
pub const PAGE_ROWS: u64 = 250;
/// Ids asked for at once: more would make an address too long for some servers.
pub const CHUNK_IDS: usize = 100;
/// Pages of one list; past it the CRM is answering something else.
const PAGES_MAX: usize = 4_000;

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    Wanted,
    Enough,
}

impl<T: Transport> Client<T> {
    /// Every row of a list, each once.
    pub(super) async fn list(&self, path: &str, params: &Value, key: &str) -> Result<Vec<Value>, AmocrmError> {
        let mut rows = Vec::new();
        self.each(path, params, key, |page| {
            rows.extend(page);
            More::Wanted
        })
        .await?;
        Ok(rows)
    }

    /// The rows of a list page by page, each once, until there is enough.
    pub(super) async fn each(
        &self,
        path: &str,
        params: &Value,
        key: &str,
        mut take: impl FnMut(Vec<Value>) -> More + Send,
    ) -> Result<(), AmocrmError> {
        let call = format!("GET {path}");
        let mut params = params.clone();
        params["limit"] = json!(PAGE_ROWS);
        params["page"] = json!(1);
        let mut seen = BTreeSet::new();
        let mut asked = BTreeSet::new();
        for _ in 0..PAGES_MAX {
            if !asked.insert(params.to_string()) {
                return Err(AmocrmError::Endless { call });
            }
            let body = self.read(&call, &params).await?;
            if body.is_null() {
                return Ok(());
            }
            let rows = body["_embedded"].get(key).filter(|rows| php::is_list(rows));
            let rows = rows.ok_or_else(|| AmocrmError::Shape {
                call: call.clone(),
                what: "_embedded",
            })?;
            let fresh = php::rows(rows).into_iter().filter(|row| match php::id(&row["id"]) {
                Some(id) => seen.insert(id),
                None => true,
            });
            if take(fresh.cloned().collect()) == More::Enough {
                return Ok(());
            }
            match next(&body) {
                None => return Ok(()),
                Some(next) => params = followed(params, &next),
            }
        }
        Err(AmocrmError::Endless { call })
    }
}

/// The parameters of the next page; never its address, which a proxy may have changed.
fn next(body: &Value) -> Option<HashMap<String, String>> {
    let href = php::text(&body["_links"]["next"]["href"])?;
    let here = Url::parse("https://account/").ok()?;
    let url = here.join(&href).ok()?;
    Some(url.query_pairs().into_owned().collect())
}

/// What the next page names is taken; filters were given by us and stay.
fn followed(mut params: Value, next: &HashMap<String, String>) -> Value {
    for (name, value) in next.iter().filter(|(name, _)| !name.contains('[')) {
        if name != "limit" && name != "with" {
            params[name] = json!(value);
        }
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_what_its_link_says() {
        let body = json!({"_links": {"next": {"href": "http://other:1/api/v4/leads?limit=50&page=7&filter[id][]=3"}}});
        let params = followed(
            json!({"limit": 250, "page": 1, "filter": {"id": [3]}}),
            &next(&body).unwrap(),
        );
        assert_eq!(params, json!({"limit": 250, "page": "7", "filter": {"id": [3]}}));
        assert!(next(&json!({"_links": {"self": {"href": "x"}}})).is_none());
        assert!(next(&json!({"_links": {"next": null}})).is_none());
        let relative = json!({"_links": {"next": {"href": "/api/v4/leads?page=2"}}});
        assert_eq!(next(&relative).unwrap()["page"], "2");
    }
}
