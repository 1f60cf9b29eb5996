//! Lists, read whole or not at all. `crm.item.list` is exact and refuses what it does not know; the older lists ignore
//! filters they do not know and return everything, so their rows are checked one by one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Client, CrmError, READ_PAUSE_MS, READ_RETRIES_MAX,
    batch::{self, BATCH, COMMANDS_MAX, Read},
};
use crate::{call::Transport, php};

/// Rows of a full page, always.
pub const PAGE_ROWS: usize = 50;
/// Ids asked for at once.
pub const CHUNK_IDS: usize = 50;
/// Owners asked for at once: fewer than a page has rows, so that owners with one row each need no second page.
const CHUNK_OWNERS: usize = 40;
/// Pages of one list; past it the portal is answering something else.
const PAGES_MAX: usize = 4_000;
/// Pages of a first batch, where the portal does not say how many there are.
const PAGES_FIRST: usize = 4;

const ITEMS: &str = "crm.item.list";

/// How far a list has been read.
struct Walk {
    rows: Vec<Value>,
    last: u64,
    ended: bool,
}

impl Walk {
    /// Takes one page. `false`: it does not go on where the one before ended, and nothing of it was taken.
    fn take(&mut self, body: &Value) -> Result<bool, CrmError> {
        let items = body["result"].get("items").filter(|items| php::is_list(items));
        let items = php::rows(items.ok_or(CrmError::Shape {
            method: ITEMS,
            what: "items",
        })?);
        let mut last = self.last;
        for item in &items {
            match php::id(&item["id"]) {
                Some(id) if id > last => last = id,
                _ => return Ok(false),
            }
        }
        self.last = last;
        self.ended = items.len() < PAGE_ROWS;
        self.rows.extend(items.into_iter().cloned());
        Ok(true)
    }
}

impl<T: Transport> Client<T> {
    /// Objects of one kind, by ascending id: a row that appears or goes meanwhile moves no page. Each page of a batch
    /// begins behind the last row of the page before; every row of it is looked at before it is believed.
    ///
    /// # Errors
    /// A list that breaks off anywhere is an error: half a list would say that the other half is gone.
    pub(super) async fn items(
        &self,
        kind: u64,
        filter: &Map<String, Value>,
        select: &[&str],
    ) -> Result<Vec<Value>, CrmError> {
        let page = |after: Value, start: i64| {
            let mut filter = filter.clone();
            filter.insert(">id".to_owned(), after);
            json!({"entityTypeId": kind, "select": select, "filter": filter, "order": {"id": "ASC"}, "start": start})
        };
        let out_of_order = || CrmError::OutOfOrder { method: ITEMS };
        let mut walk = Walk {
            rows: Vec::new(),
            last: 0,
            ended: false,
        };
        // The first page alone, and it counts: then the batches are as long as the list.
        let first = self.read(ITEMS, &page(json!(0), 0)).await?;
        if !walk.take(&first)? {
            return Err(out_of_order());
        }
        let total = php::id(&first["total"]).and_then(|total| usize::try_from(total).ok());
        let mut longest = COMMANDS_MAX;
        let mut guess = PAGES_FIRST;
        let mut pages = 1;
        let (mut retries, mut pause_ms) = (0, READ_PAUSE_MS);
        while !walk.ended {
            if pages >= PAGES_MAX {
                return Err(out_of_order());
            }
            let left = total.and_then(|total| total.checked_sub(walk.rows.len()));
            // A full last page is followed by an empty one, and only that shows the end.
            let wanted = left.map_or(guess, |left| left / PAGE_ROWS + 1).min(longest);
            let commands: Vec<Value> = (0..wanted)
                .map(|at| match at.checked_sub(1) {
                    None => page(json!(walk.last), -1),
                    Some(before) => {
                        let last_row = PAGE_ROWS - 1;
                        let after = format!("$result[{}][items][{last_row}][id]", batch::key(before));
                        page(json!(after), -1)
                    }
                })
                .collect();
            let several = commands.len() > 1;
            let answers = match commands.as_slice() {
                [alone] => self.transport.call(ITEMS, alone).await.map(|body| vec![Ok(body)]),
                several => {
                    let asked = batch::request(several.iter().map(|params| (ITEMS, params)), true);
                    let body = self.transport.call(BATCH, &asked).await;
                    body.map(|body| batch::answers(&body, several.len()))
                }
            };
            let answers = answers.unwrap_or_else(|error| vec![Err(error)]);
            for (at, answer) in answers.into_iter().enumerate() {
                match answer {
                    Ok(body) if walk.take(&body)? => {
                        (retries, pause_ms) = (0, READ_PAUSE_MS);
                        pages += 1;
                    }
                    // The portal does not follow the reference: page by page, then.
                    Ok(_) if at > 0 => {
                        longest = 1;
                        break;
                    }
                    Ok(_) => return Err(out_of_order()),
                    Err(error) if several && batch::wants_to_be_alone(&error) => {
                        longest = 1;
                        break;
                    }
                    Err(error) => {
                        pause_ms = self.before_retry(ITEMS, error, retries, pause_ms).await?;
                        retries += 1;
                        // Perhaps it was too much for one request.
                        longest = (longest / 2).max(1);
                        break;
                    }
                }
                if walk.ended {
                    break;
                }
            }
            guess = guess.saturating_mul(4);
        }
        Ok(walk.rows)
    }

    /// Objects of one kind by their ids, those that are there.
    pub(super) async fn items_by_id(&self, kind: u64, ids: &[u64], select: &[&str]) -> Result<Vec<Value>, CrmError> {
        let reads: Vec<Read> = ids
            .chunks(CHUNK_IDS)
            .map(|chunk| Read {
                method: ITEMS,
                params: json!({"entityTypeId": kind, "select": select, "filter": {"@id": chunk, ">id": 0},
                               "order": {"id": "ASC"}, "start": -1}),
            })
            .collect();
        let wanted: BTreeSet<u64> = ids.iter().copied().collect();
        let mut found = BTreeMap::new();
        for (chunk, answer) in ids.chunks(CHUNK_IDS).zip(self.read_together(&reads).await?) {
            let body = answer.map_err(|error| CrmError::Call { method: ITEMS, error })?;
            let items = body["result"].get("items").filter(|items| php::is_list(items));
            let items = php::rows(items.ok_or(CrmError::Shape {
                method: ITEMS,
                what: "items",
            })?);
            for item in items {
                match php::id(&item["id"]).filter(|id| chunk.contains(id)) {
                    Some(id) => {
                        found.insert(id, item.clone());
                    }
                    // Not what was asked for: the filter means nothing here, so everything is read and picked from.
                    None => {
                        let all = self.items(kind, &Map::new(), select).await?;
                        let ours = |row: &Value| php::id(&row["id"]).is_some_and(|id| wanted.contains(&id));
                        return Ok(all.into_iter().filter(ours).collect());
                    }
                }
            }
        }
        Ok(found.into_values().collect())
    }

    /// Rows of an older list that belong to one of `owners` (by `ENTITY_ID`) and are `wanted`, by ascending id.
    pub(super) async fn old_rows(
        &self,
        method: &'static str,
        fixed: &Map<String, Value>,
        owners: &[u64],
        select: &[&str],
        wanted: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Vec<Value>, CrmError> {
        let owned: BTreeSet<u64> = owners.iter().copied().collect();
        let ours = |row: &Value| php::id(&row["ENTITY_ID"]).is_some_and(|owner| owned.contains(&owner)) && wanted(row);
        let mut kept = BTreeMap::new();
        let mut open: Vec<(&[u64], u64)> = owners.chunks(CHUNK_OWNERS).map(|chunk| (chunk, 0)).collect();
        for _ in 0..PAGES_MAX {
            if open.is_empty() {
                return Ok(kept.into_values().collect());
            }
            let reads: Vec<Read> = open
                .iter()
                .map(|(chunk, last)| {
                    let mut filter = fixed.clone();
                    filter.insert("@ENTITY_ID".to_owned(), json!(chunk));
                    filter.insert(">ID".to_owned(), json!(last));
                    Read {
                        method,
                        params: json!({"filter": filter, "select": select, "order": {"ID": "ASC"}, "start": -1}),
                    }
                })
                .collect();
            let mut further = Vec::new();
            for ((chunk, last), answer) in open.into_iter().zip(self.read_together(&reads).await?) {
                let body = answer.map_err(|error| CrmError::Call { method, error })?;
                let page = old_page(method, &body)?;
                let stuck = page.first().is_some_and(|(id, _)| *id <= last) || !page.is_sorted_by(|a, b| a.0 < b.0);
                if stuck || page.iter().any(|(_, row)| !ours(row)) {
                    // The portal ignores the filter, or the ids: by offsets, once, and picked from.
                    return self.old_rows_by_offset(method, fixed, select, ours).await;
                }
                if page.len() >= PAGE_ROWS {
                    further.push((chunk, page.last().map_or(last, |(id, _)| *id)));
                }
                kept.extend(page);
            }
            open = further;
        }
        Err(CrmError::OutOfOrder { method })
    }

    async fn old_rows_by_offset(
        &self,
        method: &'static str,
        filter: &Map<String, Value>,
        select: &[&str],
        wanted: impl Fn(&Value) -> bool + Send + Sync,
    ) -> Result<Vec<Value>, CrmError> {
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

    /// Waits before a read is repeated; the next pause is twice as long.
    ///
    /// # Errors
    /// The call's own, where repeating cannot help or was done often enough.
    pub(super) async fn before_retry(
        &self,
        method: &'static str,
        error: crate::CallError,
        retries: u32,
        pause_ms: u64,
    ) -> Result<u64, CrmError> {
        let asked_ms = match &error {
            crate::CallError::Limited { retry_after_ms, .. } => *retry_after_ms,
            _ => None,
        };
        let wait_ms = asked_ms.unwrap_or(pause_ms);
        if !error.may_pass() || retries == READ_RETRIES_MAX || wait_ms > super::READ_PAUSE_MS_MAX {
            return Err(CrmError::Call { method, error });
        }
        self.transport.pause(wait_ms).await;
        Ok(pause_ms.saturating_mul(2))
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
