//! What a manager may do just before a request, when it is only said what and not to whom: an invoice, a stage or a
//! company is picked by a number, so that a seed can do it.

use std::collections::BTreeMap;

use serde_json::json;

use crate::{
    cell::{Cell, two_decimals},
    change::Change,
    faults::FaultKind,
    schema::{COMPANY, INVOICE, Row},
    world::{World, int, text},
};

/// Added to the sum of an invoice that is priced anew, in hundredths.
const DEARER: i64 = 10_000;

/// The change that a kind of fault stands for. `None`: it stands for none, or there is nothing it could happen to.
pub fn deed(kind: FaultKind, choice: u64, world: &World) -> Option<Change> {
    let of_invoice = |row: &Row, name: &str, value: String| Change::Update {
        entity_type_id: INVOICE,
        id: int(row, "id"),
        fields: BTreeMap::from([(name.to_owned(), json!(value))]),
    };
    Some(match kind {
        FaultKind::InvoiceRepriced => {
            let row = pick(choice, world.rows(INVOICE))?;
            let sum = match row.get("opportunity") {
                Some(Cell::Money(minor)) => *minor,
                _ => 0,
            };
            of_invoice(row, "opportunity", two_decimals(sum.saturating_add(DEARER)))
        }
        FaultKind::InvoiceMoved => {
            let row = pick(choice, world.rows(INVOICE))?;
            let others = world.stages(INVOICE, int(row, "categoryId")).into_iter();
            let others = others.filter(|stage| text(stage, "STATUS_ID") != text(row, "stageId"));
            // Another part of the number, or the same invoice would always go to the same stage.
            let stage = pick(choice.rotate_right(32), others)?;
            of_invoice(row, "stageId", text(stage, "STATUS_ID").to_owned())
        }
        FaultKind::InvoiceDeleted => Change::Delete {
            entity_type_id: INVOICE,
            id: int(pick(choice, world.rows(INVOICE))?, "id"),
        },
        // The portal's bin, where a company is out of every list.
        FaultKind::CompanyArchived => {
            let theirs = world
                .rows(COMPANY)
                .filter(|row| row.get("isMyCompany") != Some(&Cell::Flag(true)));
            Change::Delete {
                entity_type_id: COMPANY,
                id: int(pick(choice, theirs)?, "id"),
            }
        }
        FaultKind::StageRenamed => {
            let (category, stage) = open_stage(choice, world)?;
            let name = text(stage, "NAME");
            Change::Stage {
                entity_type_id: INVOICE,
                category,
                id: text(stage, "STATUS_ID").to_owned(),
                name: format!("{name} (иначе)"),
                semantics: None,
            }
        }
        FaultKind::StageRemoved => {
            let (category, stage) = open_stage(choice, world)?;
            Change::RemoveStage {
                entity_type_id: INVOICE,
                category,
                id: text(stage, "STATUS_ID").to_owned(),
            }
        }
        _ => return None,
    })
}

fn pick<'a>(choice: u64, rows: impl Iterator<Item = &'a Row>) -> Option<&'a Row> {
    let rows: Vec<&Row> = rows.collect();
    let at = choice.checked_rem(u64::try_from(rows.len()).ok()?)?;
    rows.get(usize::try_from(at).ok()?).copied()
}

/// A stage of the invoices that is neither a success nor a failure.
fn open_stage(choice: u64, world: &World) -> Option<(i64, &Row)> {
    let category = world.default_category(INVOICE)?.id;
    let open = world.stages(INVOICE, category).into_iter();
    let open = open.filter(|stage| text(stage, "SEMANTICS").is_empty());
    Some((category, pick(choice, open)?))
}
