//! What the portal holds. Rows and tables, no HTTP, no API names beyond the fields' own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    oauth::OAuth,
    queue::Events,
    rest::Multifields,
    schema::{INVOICE, LEAD, Row, item_fields, user_field_entity},
    settings::PortalSettings,
    v3::Remembered,
};

/// The user behind the webhook.
pub const WEBHOOK_USER: i64 = 1;
/// A manager of the firm, who also works in the portal.
pub const MANAGER: i64 = 7;
/// The webhook's secret. The sandbox listens on this machine only and holds invented firms.
pub const WEBHOOK_CODE: &str = "sverka0sandbox00";
/// Sandbox portals give a webhook these unless the firm says otherwise.
pub const SCOPES: [&str; 8] = [
    "crm",
    "user",
    "user_brief",
    "userfieldconfig",
    "im",
    "task",
    "sale",
    "documentgenerator",
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub id: i64,
    pub entity_type_id: i64,
    pub name: String,
    pub sort: i64,
    pub default: bool,
}

impl Category {
    /// Where `crm.status.list` keeps the stages of this funnel.
    pub fn stage_entity(&self) -> String {
        stage_entity(self.entity_type_id, self.id)
    }
}

pub fn stage_entity(entity_type_id: i64, category: i64) -> String {
    match (entity_type_id, category) {
        (INVOICE, category) => format!("SMART_INVOICE_STAGE_{category}"),
        (LEAD, _) => "STATUS".to_owned(),
        (_, 0) => "DEAL_STAGE".to_owned(),
        (_, category) => format!("DEAL_STAGE_{category}"),
    }
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserField {
    pub id: i64,
    /// `CRM_DEAL`, `CRM_SMART_INVOICE`.
    pub entity: String,
    pub name: String,
    pub user_type: String,
    pub multiple: bool,
    pub label: String,
}

impl UserField {
    pub fn kind(&self) -> Kind {
        match self.user_type.as_str() {
            "integer" | "employee" | "enumeration" => Kind::Int,
            "double" => Kind::Money,
            "boolean" => Kind::Flag,
            "date" => Kind::Date,
            "datetime" => Kind::Moment,
            _ => Kind::Text,
        }
    }
}

/// A trigger of the portal's automation that an application registered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trigger {
    pub name: String,
    /// Entity types and ids it was pulled for.
    pub pulled: Vec<(i64, i64)>,
}

/// A row of a universal list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ListElement {
    pub list: String,
    pub code: String,
    /// As JSON, by name.
    pub fields: BTreeMap<String, String>,
}

/// A business process that was started.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Workflow {
    pub template: i64,
    pub entity_type_id: i64,
    pub object: i64,
    /// As JSON.
    pub parameters: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct World {
    pub oauth: OAuth,
    /// See [`crate::Firm::forbidden_status`]; 0 is 401.
    pub forbidden_status: u16,
    pub settings: PortalSettings,
    pub events: Events,
    pub users: BTreeMap<i64, Row>,
    pub scopes: Vec<String>,
    pub categories: Vec<Category>,
    pub statuses: BTreeMap<i64, Row>,
    /// By entity type, by id.
    pub items: BTreeMap<i64, BTreeMap<i64, Row>>,
    pub requisites: BTreeMap<i64, Row>,
    pub bank_details: BTreeMap<i64, Row>,
    /// Of requisites, companies and contacts.
    pub addresses: BTreeMap<i64, Row>,
    /// Through which stages objects went, by entity type.
    pub stage_history: BTreeMap<i64, BTreeMap<i64, Row>>,
    /// Which requisites an object was issued with, by entity type, by object.
    pub links: BTreeMap<i64, BTreeMap<i64, Row>>,
    pub activities: BTreeMap<i64, Row>,
    /// What an activity is bound to besides its owner: entity types and ids.
    pub bindings: BTreeMap<i64, Vec<(i64, i64)>>,
    pub tasks: BTreeMap<i64, Row>,
    pub notifications: BTreeMap<i64, Row>,
    pub log_messages: BTreeMap<i64, Row>,
    pub payments: BTreeMap<i64, Row>,
    /// The shop's order behind an invoice or a deal, which its payments belong to: entity types and ids by order.
    pub orders: BTreeMap<i64, (i64, i64)>,
    pub documents: BTreeMap<i64, Row>,
    /// What objects are sold of, by their ids.
    pub product_rows: BTreeMap<i64, Row>,
    pub multifields: Multifields,
    /// Invoices of the generation before the smart ones.
    pub old_invoices: BTreeMap<i64, Row>,
    pub triggers: BTreeMap<String, Trigger>,
    pub list_elements: BTreeMap<i64, ListElement>,
    /// By their own numbers, which are texts.
    pub workflows: BTreeMap<String, Workflow>,
    /// Answers under the keys that make a write of the third generation safe to repeat.
    pub remembered: BTreeMap<String, Remembered>,
    /// What an application keeps here, as JSON by name: under 0 for everybody, under a user's number for that user.
    pub options: BTreeMap<i64, BTreeMap<String, String>>,
    pub user_fields: Vec<UserField>,
    pub comments: BTreeMap<i64, Row>,
    pub currencies: Vec<String>,
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

    pub fn item(&self, entity_type_id: i64, id: i64) -> Option<&Row> {
        self.items.get(&entity_type_id)?.get(&id)
    }

    /// Of refusals whose status the sources do not agree on.
    pub fn forbidden(&self) -> u16 {
        if self.forbidden_status == 0 {
            401
        } else {
            self.forbidden_status
        }
    }

    pub fn put_item(&mut self, entity_type_id: i64, id: i64, row: Row) {
        self.items.entry(entity_type_id).or_default().insert(id, row);
    }

    pub fn remove_item(&mut self, entity_type_id: i64, id: i64) -> Option<Row> {
        self.items.get_mut(&entity_type_id)?.remove(&id)
    }

    pub fn rows(&self, entity_type_id: i64) -> impl Iterator<Item = &Row> {
        self.items.get(&entity_type_id).into_iter().flat_map(BTreeMap::values)
    }

    /// `None`: not an object type of this portal.
    pub fn schema(&self, entity_type_id: i64, strangers: Strangers) -> Option<Schema<'_>> {
        Some(Schema {
            fields: item_fields(entity_type_id)?,
            user_fields: &self.user_fields,
            entity: user_field_entity(entity_type_id),
            strangers,
        })
    }

    pub fn category(&self, entity_type_id: i64, id: i64) -> Option<&Category> {
        self.categories
            .iter()
            .find(|category| category.entity_type_id == entity_type_id && category.id == id)
    }

    pub fn default_category(&self, entity_type_id: i64) -> Option<&Category> {
        let mut own = self
            .categories
            .iter()
            .filter(|category| category.entity_type_id == entity_type_id);
        own.clone().find(|category| category.default).or_else(|| own.next())
    }

    /// The stages of a funnel, in its order.
    pub fn stages(&self, entity_type_id: i64, category: i64) -> Vec<&Row> {
        let entity = stage_entity(entity_type_id, category);
        let mut stages: Vec<&Row> = self
            .statuses
            .values()
            .filter(|row| text(row, "ENTITY_ID") == entity)
            .collect();
        stages.sort_by_key(|row| row.get("SORT").map_or(0, Cell::as_int));
        stages
    }

    pub fn stage(&self, entity_type_id: i64, category: i64, status: &str) -> Option<&Row> {
        self.stages(entity_type_id, category)
            .into_iter()
            .find(|row| text(row, "STATUS_ID") == status)
    }

    /// The name and the semantics (`S`, `F` or empty) of the stage an object is in.
    pub fn stage_of(&self, entity_type_id: i64, row: &Row) -> (String, String) {
        let category = row.get("categoryId").map_or(0, Cell::as_int);
        self.stage(entity_type_id, category, text(row, "stageId")).map_or_else(
            || (text(row, "stageId").to_owned(), String::new()),
            |stage| (text(stage, "NAME").to_owned(), text(stage, "SEMANTICS").to_owned()),
        )
    }
}

pub fn text<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).map_or("", Cell::as_text)
}

pub fn int(row: &Row, key: &str) -> i64 {
    row.get(key).map_or(0, Cell::as_int)
}
