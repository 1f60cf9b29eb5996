//! Lists, read whole. `crm.item.list` is exact and refuses what it does not know; the older lists ignore filters they do
//! not know and return everything, so their rows are checked one by one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Client, CrmError};
use crate::{call::Transport, php};

/// Rows of a full page, always.
pub const PAGE_ROWS: usize = 50;
/// Ids asked for at once.
pub const CHUNK_IDS: usize = 50;
/// Pages of one list; past it the portal is answering something else.
const PAGES_MAX: usize = 4_000;

/// A list as far as it could be read.
pub struct Listed {
    pub rows: Vec<Value>,
    /// Why it is not whole.
    pub failed: Option<CrmError>,
}

impl Listed {
    pub fn whole(self) -> Result<Vec<Value>, CrmError> {
        match self.failed {
            None => Ok(self.rows),
            Some(error) => Err(error),
        }
    }
}

impl<T: Transport> Client<T> {
    /// Objects of one kind, by ascending id: a row that appears or goes meanwhile moves no page.
    pub(super) async fn items(&self, kind: u64, filter: &Map<String, Value>, select: &[&str]) -> Listed {
        const METHOD: &str = "crm.item.list";
        let mut listed = Listed {
            rows: Vec::new(),
            failed: None,
        };
        let mut last = 0;
        for _ in 0..PAGES_MAX {
            let mut filter = filter.clone();
            filter.insert(">id".to_owned(), json!(last));
            let params =
                json!({"entityTypeId": kind, "select": select, "filter": filter, "order": {"id": "ASC"}, "start": -1});
            let body = match self.read(METHOD, &params).await {
                Ok(body) => body,
                Err(error) => {
                    listed.failed = Some(error);
                    return listed;
                }
            };
            let Some(items) = body["result"].get("items").filter(|items| php::is_list(items)) else {
                listed.failed = Some(CrmError::Shape {
                    method: METHOD,
                    what: "items",
                });
                return listed;
            };
            let items = php::rows(items);
            for item in &items {
                match php::id(&item["id"]) {
                    Some(id) if id > last => last = id,
                    _ => {
                        listed.failed = Some(CrmError::OutOfOrder { method: METHOD });
                        return listed;
                    }
                }
                listed.rows.push((*item).clone());
            }
            if items.len() < PAGE_ROWS {
                return listed;
            }
        }
        listed.failed = Some(CrmError::OutOfOrder { method: METHOD });
        listed
    }

    /// Rows of an older list that are `wanted`, by ascending id; by offsets where the portal ignores the ids.
    pub(super) async fn old_rows(
        &self,
        method: &'static str,
        filter: &Map<String, Value>,
        select: &[&str],
        wanted: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Vec<Value>, CrmError> {
        let mut kept = BTreeMap::new();
        let mut last = 0;
        for _ in 0..PAGES_MAX {
            let mut filter = filter.clone();
            filter.insert(">ID".to_owned(), json!(last));
            let params = json!({"filter": filter, "select": select, "order": {"ID": "ASC"}, "start": -1});
            let body = self.read(method, &params).await?;
            let page = old_page(method, &body)?;
            if page.first().is_some_and(|(id, _)| *id <= last) || !page.is_sorted_by(|a, b| a.0 < b.0) {
                return self.old_rows_by_offset(method, filter, select, wanted).await;
            }
            let full = page.len() >= PAGE_ROWS;
            last = page.last().map_or(last, |(id, _)| *id);
            kept.extend(page.into_iter().filter(|(_, row)| wanted(row)));
            if !full {
                return Ok(kept.into_values().collect());
            }
        }
        Err(CrmError::OutOfOrder { method })
    }

    async fn old_rows_by_offset(
        &self,
        method: &'static str,
        mut filter: Map<String, Value>,
        select: &[&str],
        wanted: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Vec<Value>, CrmError> {
        filter.remove(">ID");
        let mut kept = BTreeMap::new();
        let mut start = 0;
        for _ in 0..PAGES_MAX {
            let params = json!({"filter": filter, "select": select, "order": {"ID": "ASC"}, "start": start});
            let body = self.read(method, &params).await?;
            let page = old_page(method, &body)?;
            kept.extend(page.into_iter().filter(|(_, row)| wanted(row)));
            match body.get("next").and_then(php::id) {
                None => return Ok(kept.into_values().collect()),
                Some(next) if next > start => start = next,
                Some(_) => break,
            }
        }
        Err(CrmError::OutOfOrder { method })
    }
}

fn old_page(method: &'static str, body: &Value) -> Result<Vec<(u64, Value)>, CrmError> {
    let result = &body["result"];
    if !php::is_list(result) {
        return Err(CrmError::Shape { method, what: "result" });
    }
    let numbered = php::rows(result).into_iter().map(|row| {
        let id = php::id(&row["ID"]).ok_or(CrmError::Shape { method, what: "ID" })?;
        Ok((id, row.clone()))
    });
    numbered.collect()
}

/// A filter of these conditions. Never put a client's text into one: `%` in a value is a wildcard.
pub fn filter<const N: usize>(conditions: [(&str, Value); N]) -> Map<String, Value> {
    conditions
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
