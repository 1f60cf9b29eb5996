//! Through which stages objects went, as far as somebody moved them since the portal was founded.

use super::{Answer, CRM, Call, Method, Outcome, RestError, read, rows::cells};
use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    schema::{DEAL, Field, INVOICE, LEAD, Row, fixed},
    world::{World, int, text},
};

pub static METHODS: &[Method] = &[read("crm.stagehistory.list", CRM, list)];

static FIELDS: &[Field] = &[
    fixed("ID", "ID", Kind::Int, "ID"),
    fixed("TYPE_ID", "TYPE_ID", Kind::Int, "Вид записи"),
    fixed("OWNER_ID", "OWNER_ID", Kind::Int, "Объект"),
    fixed("CREATED_TIME", "CREATED_TIME", Kind::Moment, "Когда"),
    fixed("CATEGORY_ID", "CATEGORY_ID", Kind::Int, "Воронка"),
    fixed("STAGE_SEMANTIC_ID", "STAGE_SEMANTIC_ID", Kind::Text, "Вид стадии"),
    fixed("STAGE_ID", "STAGE_ID", Kind::Text, "Стадия"),
];
/// The object is made, goes on, comes to its end.
const MADE: i64 = 1;
const MOVED: i64 = 2;
const ENDED: i64 = 3;

/// Takes down where an object is now, when it was somewhere else before or is new.
pub fn note(world: &mut World, entity_type_id: i64, before: Option<&Row>, now: &Row, now_ms: i64) {
    let stage = text(now, "stageId");
    if stage.is_empty() || before.is_some_and(|before| text(before, "stageId") == stage) {
        return;
    }
    let (_, semantics) = world.stage_of(entity_type_id, now);
    let kind = match (before, semantics.as_str()) {
        (None, _) => MADE,
        (Some(_), "") => MOVED,
        (Some(_), _) => ENDED,
    };
    let id = world.new_id();
    let row = cells([
        ("ID", Cell::Int(id)),
        ("TYPE_ID", Cell::Int(kind)),
        ("OWNER_ID", Cell::Int(int(now, "id"))),
        ("CREATED_TIME", Cell::Moment(now_ms)),
        ("CATEGORY_ID", Cell::id(int(now, "categoryId"))),
        (
            "STAGE_SEMANTIC_ID",
            Cell::text(if semantics.is_empty() { "P" } else { &semantics }),
        ),
        ("STAGE_ID", Cell::text(stage)),
    ]);
    world.stage_history.entry(entity_type_id).or_default().insert(id, row);
}

fn list(call: &mut Call<'_>) -> Outcome {
    let entity_type_id = call.int("entityTypeId")?;
    if ![LEAD, DEAL, INVOICE].contains(&entity_type_id) {
        return Err(RestError::new(400, "INVALID_ARG_VALUE", "Entity type is not supported"));
    }
    let schema = Schema {
        fields: FIELDS,
        user_fields: &[],
        entity: "",
        strangers: Strangers::Refuse,
    };
    let rows = call.world.stage_history.get(&entity_type_id);
    let rows = rows.into_iter().flat_map(|rows| rows.values());
    let page = Query::new(&schema, call.params)?.page(rows);
    let select = Select::new(call.params);
    let items = Php::list(page.rows.iter().map(|row| select.typed(&schema, row, false)));
    Ok(Answer::page(Php::map([("items", items)]), &page))
}
