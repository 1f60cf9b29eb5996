//! What the account holds. Cards and tables, no HTTP.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{auth::Tokens, kind::Kind, settings::AmoSettings};

pub type Object = Map<String, Value>;

pub const ACCOUNT_ID: i64 = 31_415_926;
/// The user behind every token: an administrator.
pub const ADMIN: i64 = 7001;
/// A manager, responsible for half of the cards.
pub const MANAGER: i64 = 7002;
/// The catalog of invoices, where the account has one.
pub const INVOICES: i64 = 5001;
/// The stages that every pipeline has.
pub const WON: i64 = 142;
pub const LOST: i64 = 143;
/// Events that are remembered.
const EVENTS_MAX: usize = 20_000;

/// A lead, a company, a contact or a catalog element.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// As the API shows them, but for fields, links and what is embedded.
    pub attributes: Object,
    /// By field id, in the shape the API shows.
    pub values: BTreeMap<i64, Vec<Value>>,
    pub tags: Vec<String>,
}

impl Card {
    pub fn id(&self) -> i64 {
        self.int("id")
    }

    pub fn int(&self, key: &str) -> i64 {
        self.attributes.get(key).and_then(Value::as_i64).unwrap_or_default()
    }

    pub fn text(&self, key: &str) -> &str {
        self.attributes.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.attributes.insert(key.to_owned(), value.into());
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: i64,
    pub value: String,
    pub sort: i64,
    pub code: Option<String>,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub id: i64,
    /// `leads`, `companies`, `contacts`, or the catalog's id as text.
    pub place: String,
    pub name: String,
    pub code: Option<String>,
    /// As the API calls its type.
    pub kind: String,
    pub sort: i64,
    pub api_only: bool,
    /// Comes with the account and cannot be deleted.
    pub predefined: bool,
    pub choices: Vec<Choice>,
    /// The group it stands in; none: the first.
    #[serde(default)]
    pub group: Option<String>,
}

/// A group of custom fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: String,
    /// As of a [`Field`].
    pub place: String,
    pub name: String,
    pub sort: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub from: (Kind, i64),
    pub to: (Kind, i64),
    /// For elements.
    pub catalog: Option<i64>,
    /// As it was sent: a whole number or a decimal.
    pub quantity: Option<Value>,
    pub price: Option<i64>,
    /// For contacts of a lead.
    pub main: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub id: i64,
    pub name: String,
    pub sort: i64,
    /// 1: the incoming stage, 0: any other.
    pub kind: i64,
    pub color: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pipeline {
    pub id: i64,
    pub name: String,
    pub sort: i64,
    pub main: bool,
    pub statuses: Vec<Status>,
}

impl Pipeline {
    /// Stages where a lead is neither incoming, nor won, nor lost, in order.
    pub fn open_statuses(&self) -> impl Iterator<Item = &Status> {
        self.statuses
            .iter()
            .filter(|status| status.kind == 0 && ![WON, LOST].contains(&status.id))
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct World {
    pub settings: AmoSettings,
    pub tokens: Tokens,
    pub leads: BTreeMap<i64, Card>,
    pub companies: BTreeMap<i64, Card>,
    pub contacts: BTreeMap<i64, Card>,
    pub catalogs: BTreeMap<i64, Object>,
    /// By catalog, by id.
    pub elements: BTreeMap<i64, BTreeMap<i64, Card>>,
    pub fields: BTreeMap<i64, Field>,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub sources: BTreeMap<i64, Object>,
    /// Leads nobody had looked at when they came, with what became of them.
    #[serde(default)]
    pub unsorted: Vec<Object>,
    /// Leads in the bin.
    #[serde(default)]
    pub deleted_leads: BTreeMap<i64, Card>,
    pub links: Vec<Link>,
    /// By the kind of card they are on, by id.
    pub notes: BTreeMap<Kind, BTreeMap<i64, Object>>,
    pub tasks: BTreeMap<i64, Object>,
    pub pipelines: Vec<Pipeline>,
    pub events: Vec<Object>,
    pub webhooks: Vec<Object>,
    /// Names of tags made before any card has them.
    pub tags: BTreeSet<String>,
    /// The highest id ever given: deleted ids do not come back.
    pub last_id: i64,
}

impl World {
    pub fn new_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Takes note of an id given from outside.
    pub fn claim(&mut self, id: i64) {
        self.last_id = self.last_id.max(id);
    }

    /// `None` for elements: they live in catalogs.
    pub fn cards(&self, kind: Kind) -> Option<&BTreeMap<i64, Card>> {
        match kind {
            Kind::Leads => Some(&self.leads),
            Kind::Companies => Some(&self.companies),
            Kind::Contacts => Some(&self.contacts),
            Kind::CatalogElements => None,
        }
    }

    pub fn cards_mut(&mut self, kind: Kind) -> Option<&mut BTreeMap<i64, Card>> {
        match kind {
            Kind::Leads => Some(&mut self.leads),
            Kind::Companies => Some(&mut self.companies),
            Kind::Contacts => Some(&mut self.contacts),
            Kind::CatalogElements => None,
        }
    }

    pub fn holds(&self, kind: Kind, id: i64) -> bool {
        match self.cards(kind) {
            Some(cards) => cards.contains_key(&id),
            None => self.elements.values().any(|elements| elements.contains_key(&id)),
        }
    }

    pub fn field(&self, place: &str, code: &str) -> Option<&Field> {
        self.fields
            .values()
            .find(|field| field.place == place && field.code.as_deref() == Some(code))
    }

    /// The fields of one place, in the order of the card.
    pub fn fields_of(&self, place: &str) -> Vec<&Field> {
        let mut fields: Vec<&Field> = self.fields.values().filter(|field| field.place == place).collect();
        fields.sort_by_key(|field| (field.sort, field.id));
        fields
    }

    pub fn pipeline(&self, id: i64) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.id == id)
    }

    pub fn main_pipeline(&self) -> Option<&Pipeline> {
        self.pipelines
            .iter()
            .find(|pipeline| pipeline.main)
            .or_else(|| self.pipelines.first())
    }

    /// Remembers what happened to a card; the oldest is forgotten.
    pub fn happened(&mut self, kind: &str, card: (Kind, i64), at_s: i64, change: (Value, Value)) {
        let id = self.new_id();
        if self.events.len() >= EVENTS_MAX {
            self.events.remove(0);
        }
        let (before, after) = change;
        let event = json!({
            "id": format!("01sverka{id:018}"),
            "type": kind,
            "entity_id": card.1,
            "entity_type": card.0.singular(),
            "created_by": ADMIN,
            "created_at": at_s,
            "value_after": after,
            "value_before": before,
            "account_id": ACCOUNT_ID,
        });
        if let Value::Object(event) = event {
            self.events.push(event);
        }
    }
}
