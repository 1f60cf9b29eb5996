//! Deliveries side by side ([`crate::together`]) for amoCRM: their looks at invoices, leads and notes become filters of
//! lists.
//!
//! What a list shows is believed; what it does not show is asked for by itself wherever anything hangs on it, because pages
//! shift, and an account (or a server in between) may understand a filter otherwise. An account whose answer holds what
//! nobody asked for does not filter: it is asked one by one from then on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::PoisonError,
};

use domain::Outcome;
use serde_json::{Value, json};

use super::{
    AmocrmError, Client, notes,
    pages::{CHUNK_IDS, PAGE_ROWS},
};
use crate::{
    call::{CallError, Transport},
    interface::Doing,
    php,
    together::{Answer, Gather, Parcel, Question, in_waves},
};

/// Messages side by side. What a message has seen is as old as the writes of the others take: a seventh of a second each.
pub(super) const SIDE_BY_SIDE_MAX: usize = 50;

/// A list in which several looks find what they want to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shelf {
    Elements { catalog: u64 },
    Leads,
    NotesOfLeads,
}

impl Shelf {
    /// The list and the number that a look is about; `None`: not a look that may share a request.
    fn of(call: &str, params: &Value) -> Option<(Self, u64)> {
        let path: Vec<&str> = call.strip_prefix("GET ")?.split('/').collect();
        let (shelf, id, alone) = match path[..] {
            ["catalogs", catalog, "elements", id] => {
                let catalog = catalog.parse().ok()?;
                (Self::Elements { catalog }, id, json!({}))
            }
            ["leads", id] => (Self::Leads, id, json!({})),
            ["leads", id, "notes"] => (Self::NotesOfLeads, id, notes::page(1)),
            _ => return None,
        };
        // Asked for with anything else, it wants to see something else.
        (*params == alone).then_some((shelf, id.parse().ok()?))
    }

    fn call(self) -> String {
        match self {
            Self::Elements { catalog } => format!("GET catalogs/{catalog}/elements"),
            Self::Leads => "GET leads".to_owned(),
            Self::NotesOfLeads => "GET leads/notes".to_owned(),
        }
    }

    fn params(self, ids: &[u64]) -> Value {
        match self {
            Self::Elements { .. } | Self::Leads => json!({"filter": {"id": ids}, "page": 1, "limit": PAGE_ROWS}),
            Self::NotesOfLeads => {
                let mut params = notes::page(1);
                params["filter"]["entity_id"] = json!(ids);
                params
            }
        }
    }

    /// The rows of an answer by what they were asked for; `None` where one was not asked for.
    fn rows(self, body: &Value, ids: &[u64]) -> Option<BTreeMap<u64, Vec<Value>>> {
        let (key, by) = match self {
            Self::Elements { .. } => ("elements", "id"),
            Self::Leads => ("leads", "id"),
            Self::NotesOfLeads => ("notes", "entity_id"),
        };
        let mut rows: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
        for row in php::rows(&body["_embedded"][key]) {
            let id = php::id(&row[by]).filter(|id| ids.contains(id))?;
            rows.entry(id).or_default().push(row.clone());
        }
        Some(rows)
    }
}

impl<T: Transport + Send> Client<T> {
    /// Delivers messages as [`Client::deliver`] does each of them, and answers in their order.
    pub async fn deliver_together(&self, parcels: &[Parcel]) -> Vec<Outcome> {
        in_waves(parcels, SIDE_BY_SIDE_MAX, |group| Box::pin(self.side_by_side(group))).await
    }

    async fn side_by_side(&self, group: Vec<&Parcel>) -> Vec<Option<Outcome>> {
        let gather = Gather::new(&self.transport, |call, params| Shelf::of(call, params).is_some());
        let client = self.over(&gather);
        let mut deliveries: Vec<Doing<'_, Outcome>> = Vec::with_capacity(group.len());
        for (message, earlier) in group {
            deliveries.push(Box::pin(client.deliver(message, earlier)));
        }
        gather
            .drive(deliveries, |questions| Box::pin(self.ask_together(questions)))
            .await
    }

    async fn ask_together(&self, questions: Vec<Question>) -> Vec<Answer> {
        let mut wanted: BTreeMap<Shelf, BTreeSet<u64>> = BTreeMap::new();
        for (shelf, id) in questions.iter().filter_map(|(call, params)| Shelf::of(call, params)) {
            wanted.entry(shelf).or_default().insert(id);
        }
        let mut shown: BTreeMap<(Shelf, u64), Answer> = BTreeMap::new();
        for (shelf, ids) in wanted {
            let ids: Vec<u64> = ids.into_iter().collect();
            let answers = self.shown(shelf, &ids).await;
            shown.extend(answers.into_iter().map(|(id, answer)| ((shelf, id), answer)));
        }
        let mut answers = Vec::with_capacity(questions.len());
        for (call, params) in &questions {
            let shared = Shelf::of(call, params).and_then(|look| shown.remove(&look));
            answers.push(match shared {
                Some(answer) => answer,
                None => self.read(call, params).await.map_err(call_of),
            });
        }
        answers
    }

    /// What a list answers to each of these, as if it had been asked for by itself; what is left out must be.
    async fn shown(&self, shelf: Shelf, ids: &[u64]) -> BTreeMap<u64, Answer> {
        let mut shown = BTreeMap::new();
        let mut parts: Vec<&[u64]> = ids.chunks(CHUNK_IDS).collect();
        while let Some(part) = parts.pop() {
            if part.len() < 2 || self.unfiltered().contains(&shelf) {
                continue;
            }
            let body = match self.read(&shelf.call(), &shelf.params(part)).await.map_err(call_of) {
                Ok(body) => body,
                // It may be the list that is refused, and not what is in it.
                Err(CallError::Refused { .. }) => continue,
                Err(error) => {
                    shown.extend(part.iter().map(|id| (*id, Err(error.clone()))));
                    continue;
                }
            };
            let Some(mut rows) = shelf.rows(&body, part) else {
                self.unfiltered().insert(shelf);
                continue;
            };
            let is_whole = php::text(&body["_links"]["next"]["href"]).is_none();
            match shelf {
                Shelf::Elements { .. } | Shelf::Leads => {
                    let found = rows
                        .into_iter()
                        .filter_map(|(id, rows)| Some((id, rows.into_iter().next()?)));
                    shown.extend(found.map(|(id, row)| (id, Ok(row))));
                }
                // No notes are an answer too. Page by page they might slip from one to the other, so it is asked for less.
                Shelf::NotesOfLeads if is_whole => shown.extend(part.iter().map(|id| {
                    let notes = rows.remove(id).unwrap_or_default();
                    (*id, Ok(json!({"_embedded": {"notes": notes}})))
                })),
                Shelf::NotesOfLeads => parts.extend(part.chunks(part.len().div_ceil(2))),
            }
        }
        shown
    }

    fn unfiltered(&self) -> std::sync::MutexGuard<'_, BTreeSet<Shelf>> {
        self.unfiltered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn call_of(error: AmocrmError) -> CallError {
    match error {
        AmocrmError::Call { error, .. } => error,
        other => CallError::NoAnswer { detail: other.text() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_looks_at_one_thing_share_a_request() {
        let look = |call: &str, params: Value| Shelf::of(call, &params);
        let elements = Shelf::Elements { catalog: 4517 };
        assert_eq!(look("GET catalogs/4517/elements/7", json!({})), Some((elements, 7)));
        assert_eq!(look("GET leads/7", json!({})), Some((Shelf::Leads, 7)));
        assert_eq!(
            look("GET leads/7/notes", notes::page(1)),
            Some((Shelf::NotesOfLeads, 7))
        );
        for (call, params) in [
            ("GET leads/7/notes", notes::page(2)),
            ("GET leads/7/notes", json!({})),
            ("GET leads/7", json!({"with": "contacts"})),
            ("GET leads/pipelines", json!({})),
            ("GET leads", json!({})),
            ("GET account", json!({})),
            ("GET catalogs/4517/custom_fields", json!({})),
            ("PATCH leads/7", json!({})),
            ("PATCH catalogs/4517/elements", json!({})),
            ("POST leads/7/notes", notes::page(1)),
        ] {
            assert_eq!(look(call, params), None, "{call}");
        }
    }

    #[test]
    fn a_row_that_nobody_asked_for_says_that_nothing_is_filtered() {
        let body = |ids: [u64; 2]| json!({"_embedded": {"leads": [{"id": ids[0]}, {"id": ids[1].to_string()}]}});
        let rows = Shelf::Leads.rows(&body([1, 2]), &[1, 2, 3]).unwrap();
        assert_eq!(rows.into_keys().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(Shelf::Leads.rows(&body([1, 4]), &[1, 2, 3]), None);
        assert_eq!(Shelf::Leads.rows(&Value::Null, &[1]), Some(BTreeMap::new()));
    }
}
