//! The stages of funnels: those a new portal has, and those a firm or a manager names.

use crate::{
    cell::Cell,
    rest::OLD_INVOICE_STATUS_ENTITY,
    schema::{INVOICE, LEAD, Row},
    world::{World, stage_entity, text},
};

/// The stages a new portal has: id after the prefix, name, semantics.
const INVOICE_STAGES: [(&str, &str, &str); 4] = [
    ("N", "Новый", ""),
    ("S", "Отправлен", ""),
    ("P", "Оплачен", "S"),
    ("D", "Не оплачен", "F"),
];
const OLD_INVOICE_STATES: [(&str, &str, &str); 5] = [
    ("N", "Черновик", ""),
    ("S", "Отправлен клиенту", ""),
    ("A", "Подтверждён", ""),
    ("P", "Оплачен", "S"),
    ("D", "Отклонён", "F"),
];
const DEAL_STAGES: [(&str, &str, &str); 8] = [
    ("NEW", "Новая", ""),
    ("PREPARATION", "Подготовка документов", ""),
    ("PREPAYMENT_INVOICE", "Счёт на предоплату", ""),
    ("EXECUTING", "В работе", ""),
    ("FINAL_INVOICE", "Финальный счёт", ""),
    ("WON", "Сделка успешна", "S"),
    ("LOSE", "Сделка провалена", "F"),
    ("APOLOGY", "Анализ причины провала", "F"),
];

const LEAD_STATES: [(&str, &str, &str); 5] = [
    ("NEW", "Не обработан", ""),
    ("IN_PROCESS", "В работе", ""),
    ("PROCESSED", "Обработан", ""),
    ("CONVERTED", "Качественный лид", "S"),
    ("JUNK", "Некачественный лид", "F"),
];

/// A stage, in the place of the one that has its id.
pub fn put_stage(world: &mut World, place: (i64, i64), status: &str, name: &str, semantics: &str) {
    let known = stage_row(world, place, status).and_then(|id| world.statuses.get_mut(&id));
    match known {
        None => add_stage(world, place, status, name, semantics),
        Some(row) => {
            for (key, value) in [("NAME", name), ("SEMANTICS", semantics), ("COLOR", color(semantics))] {
                row.insert(key.to_owned(), Cell::text(value));
            }
        }
    }
}

fn color(semantics: &str) -> &'static str {
    match semantics {
        "S" => "#DBF199",
        "F" => "#FFBEBD",
        _ => "#ACE9FB",
    }
}

/// Gives every funnel without stages those a new portal has, and the old invoices their states.
pub fn default_stages(world: &mut World) {
    for category in world.categories.clone() {
        let place = (category.entity_type_id, category.id);
        if !world.stages(place.0, place.1).is_empty() {
            continue;
        }
        let (prefix, stages): (String, &[(&str, &str, &str)]) = match place {
            (INVOICE, id) => (format!("DT31_{id}:"), &INVOICE_STAGES),
            (LEAD, _) => (String::new(), &LEAD_STATES),
            (_, 0) => (String::new(), &DEAL_STAGES),
            (_, id) => (format!("C{id}:"), &DEAL_STAGES),
        };
        for (id, name, semantics) in stages {
            add_stage(world, place, &format!("{prefix}{id}"), name, semantics);
        }
    }
    let old = |row: &Row| text(row, "ENTITY_ID") == OLD_INVOICE_STATUS_ENTITY;
    if !world.statuses.values().any(old) {
        for (at, (id, name, semantics)) in (1..).zip(OLD_INVOICE_STATES) {
            let row = row([
                ("ENTITY_ID", Cell::text(OLD_INVOICE_STATUS_ENTITY)),
                ("STATUS_ID", Cell::text(id)),
                ("NAME", Cell::text(name)),
                ("SORT", Cell::Int(10 * at)),
                ("SYSTEM", Cell::Flag(true)),
                ("SEMANTICS", Cell::text(semantics)),
            ]);
            add_status(world, row);
        }
    }
}

fn add_status(world: &mut World, mut row: Row) {
    let id = world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    world.statuses.insert(id, row);
}

fn stage_row(world: &World, (entity_type_id, category): (i64, i64), status: &str) -> Option<i64> {
    let row = world.stage(entity_type_id, category, status)?;
    row.get("ID").map(Cell::as_int)
}

fn add_stage(world: &mut World, (entity_type_id, category): (i64, i64), status: &str, name: &str, semantics: &str) {
    let sort = 10 * (i64::try_from(world.stages(entity_type_id, category).len()).unwrap_or(0) + 1);
    let row = row([
        ("ENTITY_ID", Cell::text(stage_entity(entity_type_id, category))),
        ("STATUS_ID", Cell::text(status)),
        ("NAME", Cell::text(name)),
        ("SORT", Cell::Int(sort)),
        ("SYSTEM", Cell::Flag(!status.contains("UC_"))),
        ("CATEGORY_ID", Cell::id(category)),
        ("COLOR", Cell::text(color(semantics))),
        ("SEMANTICS", Cell::text(semantics)),
    ]);
    add_status(world, row);
}

fn row<const N: usize>(cells: [(&str, Cell); N]) -> Row {
    cells.into_iter().map(|(key, cell)| (key.to_owned(), cell)).collect()
}
