//! Rules of the user, in their order. Settings, not money: they change, and every change is an event in the chain with
//! the rule as it was. What is in a rule is the matcher's; here it is a text.

use domain::{Actor, AuditEvent, Timestamp};
use rusqlite::Connection;
use serde::Serialize;

use crate::{
    Ledger, StoreError,
    columns::{clamp, json, to_json},
    table::audit,
};

pub(crate) const SCHEMA: &str = "
CREATE TABLE rule (
    id TEXT PRIMARY KEY,
    place INTEGER NOT NULL CHECK (place > 0),
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    pub id: String,
    pub body: String,
    /// Who made it.
    pub actor: Actor,
    pub at: Timestamp,
}

impl Ledger {
    /// In their order.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn rules(&self) -> Result<Vec<RuleRow>, StoreError> {
        self.read(all)
    }

    /// Puts a rule at a place counted from 1; beyond the last, behind it.
    ///
    /// # Errors
    /// There is a rule of this id; the ledger cannot be written to.
    pub fn add_rule(&self, rule: &RuleRow, place: u64) -> Result<(), StoreError> {
        self.change(&rule.actor, rule.at, "rule.added", |rules| {
            if rules.iter().any(|known| known.id == rule.id) {
                return Err(StoreError::Exists {
                    what: "rule",
                    id: rule.id.clone(),
                });
            }
            rules.insert(index(place, rules.len()), rule.clone());
            Ok(rule.clone())
        })
    }

    /// # Errors
    /// There is no such rule.
    pub fn remove_rule(&self, id: &str, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.change(
            actor,
            at,
            "rule.removed",
            |rules| Ok(rules.remove(position(rules, id)?)),
        )
    }

    /// # Errors
    /// There is no such rule.
    pub fn move_rule(&self, id: &str, place: u64, actor: &Actor, at: Timestamp) -> Result<(), StoreError> {
        self.change(actor, at, "rule.moved", |rules| {
            let rule = rules.remove(position(rules, id)?);
            rules.insert(index(place, rules.len()), rule.clone());
            Ok(rule)
        })
    }

    /// Writes a rule anew in its place.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn rewrite_rule(&self, rule: &RuleRow) -> Result<(), StoreError> {
        self.change(&rule.actor, rule.at, "rule.rewritten", |rules| {
            let at = position(rules, &rule.id)?;
            rules.splice(at..=at, [rule.clone()]);
            Ok(rule.clone())
        })
    }

    fn change(
        &self,
        actor: &Actor,
        at: Timestamp,
        action: &str,
        change: impl FnOnce(&mut Vec<RuleRow>) -> Result<RuleRow, StoreError>,
    ) -> Result<(), StoreError> {
        self.write(|transaction| {
            let mut rules = all(transaction)?;
            let changed = change(&mut rules)?;
            transaction.execute("DELETE FROM rule", [])?;
            let mut place = 0;
            for (at, rule) in rules.iter().enumerate() {
                transaction
                    .prepare_cached("INSERT INTO rule (id, place, body, actor, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute((
                        &rule.id,
                        clamp(at as u64 + 1),
                        &rule.body,
                        to_json(&rule.actor)?,
                        rule.at.0,
                    ))?;
                if rule.id == changed.id {
                    place = at + 1;
                }
            }
            let body = serde_json::json!({ "rule": changed.body, "place": place });
            let event = AuditEvent {
                at,
                actor: actor.clone(),
                action: action.to_owned(),
                subject: changed.id,
                body: body.to_string(),
            };
            audit::append(transaction, event).map(|_| ())
        })
    }
}

fn all(connection: &Connection) -> Result<Vec<RuleRow>, StoreError> {
    connection
        .prepare_cached("SELECT * FROM rule ORDER BY place")?
        .query_and_then([], |row| {
            Ok(RuleRow {
                id: row.get("id")?,
                body: row.get("body")?,
                actor: json(row, "actor")?,
                at: Timestamp(row.get("at")?),
            })
        })?
        .collect()
}

fn position(rules: &[RuleRow], id: &str) -> Result<usize, StoreError> {
    let found = rules.iter().position(|rule| rule.id == id);
    found.ok_or_else(|| StoreError::NotFound {
        what: "rule",
        id: id.to_owned(),
    })
}

fn index(place: u64, length: usize) -> usize {
    usize::try_from(place.saturating_sub(1)).map_or(length, |at| at.min(length))
}
