//! What a manager does in the portal behind our back: re-prices, moves, deletes, changes the stages of a funnel.
//!
//! Made without the checks of the API: a portal's own screens and its administrators may do more.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    cell::Cell,
    filter::Strangers,
    firm,
    php::Php,
    queue::Deed,
    schema::Row,
    world::{MANAGER, World},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Fields of an object, by any of their names.
    Update {
        entity_type_id: i64,
        id: i64,
        fields: BTreeMap<String, Value>,
    },
    /// An object goes; its comments, requisites and links stay behind, as they do in the portal.
    Delete { entity_type_id: i64, id: i64 },
    /// A stage is made, or gets another name or meaning; without `semantics` it keeps the meaning it has.
    Stage {
        entity_type_id: i64,
        category: i64,
        id: String,
        name: String,
        #[serde(default)]
        semantics: Option<String>,
    },
    /// The offline queue hands out again what it has handed out already.
    Redeliver {},
    /// A stage goes; objects in it keep its name.
    RemoveStage {
        entity_type_id: i64,
        category: i64,
        id: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no object {id} of type {entity_type_id}")]
    Object { entity_type_id: i64, id: i64 },
    #[error("«{0}» is no field of this object, or the value is not of its kind")]
    Field(String),
    #[error("there is no stage «{0}» in this funnel")]
    Stage(String),
}

impl Change {
    /// # Errors
    /// What the change names is not there; nothing is changed.
    pub fn make(&self, world: &mut World, now_ms: i64) -> Result<(), ChangeError> {
        match self {
            Self::Update {
                entity_type_id,
                id,
                fields,
            } => update(world, (*entity_type_id, *id), fields, now_ms),
            Self::Delete { entity_type_id, id } => {
                world.remove_item(*entity_type_id, *id).ok_or(ChangeError::Object {
                    entity_type_id: *entity_type_id,
                    id: *id,
                })?;
                world.item_event(*entity_type_id, Deed::Delete, *id, MANAGER, now_ms, None);
                Ok(())
            }
            Self::Stage {
                entity_type_id,
                category,
                id,
                name,
                semantics,
            } => {
                let place = (*entity_type_id, *category);
                let known = world.stage(place.0, place.1, id);
                let known = known.map_or_else(String::new, |stage| crate::world::text(stage, "SEMANTICS").to_owned());
                firm::put_stage(world, place, id, name, semantics.as_deref().unwrap_or(&known));
                Ok(())
            }
            Self::Redeliver {} => {
                world.events.redeliver();
                Ok(())
            }
            Self::RemoveStage {
                entity_type_id,
                category,
                id,
            } => {
                let row = world
                    .stage(*entity_type_id, *category, id)
                    .and_then(|row| row.get("ID"))
                    .map(Cell::as_int)
                    .ok_or_else(|| ChangeError::Stage(id.clone()))?;
                world.statuses.remove(&row);
                Ok(())
            }
        }
    }
}

fn update(
    world: &mut World,
    (entity_type_id, id): (i64, i64),
    fields: &BTreeMap<String, Value>,
    now_ms: i64,
) -> Result<(), ChangeError> {
    let missing = || ChangeError::Object { entity_type_id, id };
    let schema = world.schema(entity_type_id, Strangers::Refuse).ok_or_else(missing)?;
    let mut row = world.item(entity_type_id, id).ok_or_else(missing)?.clone();
    for (name, value) in fields {
        let unknown = || ChangeError::Field(name.clone());
        let (key, kind) = schema.resolve(name).ok_or_else(unknown)?;
        let cell = Cell::read(kind, &Php::from(value.clone())).ok_or_else(unknown)?;
        row.insert(key, cell);
    }
    let stage = |row: &Row| row.get("stageId").cloned();
    let before = world.item(entity_type_id, id).and_then(stage);
    if before != stage(&row) {
        row.insert("previousStageId".to_owned(), before.unwrap_or(Cell::Empty));
    }
    row.insert("updatedTime".to_owned(), Cell::Moment(now_ms));
    row.insert("updatedBy".to_owned(), Cell::Int(MANAGER));
    world.put_item(entity_type_id, id, row);
    world.item_event(entity_type_id, Deed::Update, id, MANAGER, now_ms, None);
    Ok(())
}
