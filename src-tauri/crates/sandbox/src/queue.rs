//! The offline queue: what happened to the objects somebody asked to be told about, until it is fetched.
//!
//! One row an object and event, the last state only. A reserved row belongs to one pack until it is cleared or set
//! back; a thing that happens meanwhile is a row of its own.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::{
    heralds::Herald,
    schema::{COMPANY, CONTACT, DEAL, LEAD},
    world::World,
};

/// Cleared rows that can be delivered again.
const PAST_ROWS: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Add,
    Update,
    Delete,
}

impl Deed {
    fn word(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// A subscription without an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    pub event: String,
    /// Whose own writes it does not want back.
    pub connector: String,
    /// The address of a handler; none for an offline one.
    pub handler: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    pub id: i64,
    pub at_ms: i64,
    pub event: String,
    pub connector: String,
    pub object: i64,
    /// Of universal items only.
    pub entity_type_id: Option<i64>,
    pub user: i64,
    pub process: Option<String>,
    pub failed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Events {
    pub bound: Vec<Bound>,
    pub queue: Vec<Queued>,
    /// The last rows that were cleared.
    pub past: VecDeque<Queued>,
    pub last_id: i64,
    pub packs: u64,
    /// For handlers, until they are posted.
    #[serde(skip)]
    pub heralds: Vec<Herald>,
}

impl Events {
    /// Takes rows out of the queue for good.
    pub fn clear(&mut self, gone: impl Fn(&Queued) -> bool) {
        let (cleared, left): (Vec<Queued>, Vec<Queued>) = self.queue.drain(..).partition(gone);
        self.queue = left;
        self.past.extend(cleared);
        while self.past.len() > PAST_ROWS {
            self.past.pop_front();
        }
    }

    /// Puts what was reserved or cleared back into the queue.
    pub fn redeliver(&mut self) {
        self.queue.extend(self.past.drain(..));
        for row in &mut self.queue {
            row.process = None;
        }
        self.queue.sort_by_key(|row| row.id);
    }
}

/// The base name of an object's events and, for universal items, the one with the type's number.
fn names(entity_type_id: i64, deed: Deed) -> Vec<String> {
    let word = deed.word();
    match entity_type_id {
        LEAD => vec![format!("ONCRMLEAD{word}")],
        DEAL => vec![format!("ONCRMDEAL{word}")],
        COMPANY => vec![format!("ONCRMCOMPANY{word}")],
        CONTACT => vec![format!("ONCRMCONTACT{word}")],
        other => vec![
            format!("ONCRMDYNAMICITEM{word}"),
            format!("ONCRMDYNAMICITEM{word}_{other}"),
        ],
    }
}

/// Every event that can be bound.
pub fn all_events() -> Vec<String> {
    let deeds = [Deed::Add, Deed::Update, Deed::Delete];
    let mut all: Vec<String> = ["REQUISITE", "BANKDETAIL", "TIMELINECOMMENT", "ACTIVITY", "INVOICE"]
        .iter()
        .flat_map(|object| deeds.map(|deed| format!("ONCRM{object}{}", deed.word())))
        .collect();
    for entity_type_id in [LEAD, DEAL, COMPANY, CONTACT, crate::schema::INVOICE] {
        all.extend(deeds.iter().flat_map(|deed| names(entity_type_id, *deed)));
    }
    all.extend(["ONAPPINSTALL", "ONAPPUNINSTALL", "ONOFFLINEEVENT"].map(str::to_owned));
    all
}

impl World {
    /// Something happened to a deal, company, contact or item.
    pub fn item_event(&mut self, entity: i64, deed: Deed, id: i64, user: i64, now_ms: i64, connector: Option<&str>) {
        let universal = ![LEAD, DEAL, COMPANY, CONTACT].contains(&entity);
        for name in names(entity, deed) {
            self.event(&name, id, universal.then_some(entity), user, now_ms, connector);
        }
    }

    /// Something happened to another thing, as `REQUISITE`.
    pub fn thing_event(&mut self, thing: &str, deed: Deed, id: i64, user: i64, now_ms: i64, connector: Option<&str>) {
        self.event(
            &format!("ONCRM{thing}{}", deed.word()),
            id,
            None,
            user,
            now_ms,
            connector,
        );
    }

    fn event(
        &mut self,
        name: &str,
        object: i64,
        entity_type_id: Option<i64>,
        user: i64,
        now_ms: i64,
        connector: Option<&str>,
    ) {
        let events = &mut self.events;
        for bound in &events.bound {
            let own = !bound.connector.is_empty() && connector == Some(bound.connector.as_str());
            if bound.event != name || own {
                continue;
            }
            if let Some(handler) = &bound.handler {
                events.heralds.push(Herald {
                    handler: handler.clone(),
                    event: name.to_owned(),
                    object,
                    entity_type_id,
                    at_ms: now_ms,
                });
                continue;
            }
            events.queue.retain(|row| {
                !(row.process.is_none()
                    && row.event == name
                    && row.object == object
                    && row.connector == bound.connector)
            });
            events.last_id += 1;
            events.queue.push(Queued {
                id: events.last_id,
                at_ms: now_ms,
                event: name.to_owned(),
                connector: bound.connector.clone(),
                object,
                entity_type_id,
                user,
                process: None,
                failed: false,
            });
        }
    }
}
