//! Payments of an invoice or a deal, by the CRM's own methods and by the shop's, where vouchers are written.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, read,
    rows::{cells, fill, number, table},
    write,
};
use crate::{
    cell::{Cell, Kind},
    listing::{Query, Select},
    php::Php,
    records::PAYMENT_FIELDS,
    schema::Row,
    world::{World, int},
};

const SALE: &[&str] = &["sale"];
/// The one means of payment a new portal has.
pub const BANK_TRANSFER: i64 = 6;
const BANK_TRANSFER_NAME: &str = "Банковский перевод";

pub static METHODS: &[Method] = &[
    read("crm.item.payment.list", CRM, list).alone(),
    read("crm.item.payment.get", CRM, get),
    write("crm.item.payment.add", CRM, add),
    write("crm.item.payment.update", CRM, update),
    write("crm.item.payment.pay", CRM, |call| set_paid(call, true)).alone(),
    write("crm.item.payment.unpay", SALE, |call| set_paid(call, false)),
    write("crm.item.payment.delete", CRM, delete),
    read("crm.orderentity.list", CRM, order_list),
    read("sale.payment.list", SALE, sale_list).alone(),
    read("sale.payment.get", SALE, sale_get),
    write("sale.payment.update", SALE, sale_update),
    write("sale.payment.delete", SALE, sale_delete),
    read("sale.paysystem.list", SALE, pay_systems),
];

/// The CRM's methods know one code.
fn refused(text: &str) -> RestError {
    RestError::numbered(400, 0, text)
}

fn not_found() -> RestError {
    refused("Payment is not found")
}

fn sale_not_found() -> RestError {
    RestError::numbered(400, 200_640_400_001, "payment is not exists")
}

fn typed(row: &Row) -> Php {
    Php::map(PAYMENT_FIELDS.iter().map(|field| {
        let cell = row.get(field.key).unwrap_or(&Cell::Empty);
        let value = match (cell, field.kind) {
            (Cell::Empty, Kind::Moment | Kind::Date | Kind::Link) => Php::Null,
            (cell, kind) => cell.typed(kind),
        };
        (field.key, value)
    }))
}

/// What the CRM's own methods show of a payment.
fn brief(row: &Row) -> Php {
    const SHOWN: [&str; 9] = [
        "id",
        "accountNumber",
        "paid",
        "datePaid",
        "empPaidId",
        "paySystemId",
        "sum",
        "currency",
        "paySystemName",
    ];
    let whole = typed(row);
    Php::map(SHOWN.iter().filter_map(|key| Some((*key, whole.get(key)?.clone()))))
}

/// Makes an unpaid payment of the whole sum, and the order it belongs to where there is none yet.
pub fn bill(world: &mut World, entity_type_id: i64, id: i64, now_ms: i64) -> Option<i64> {
    let item = world.item(entity_type_id, id)?;
    let (sum, currency) = (
        item.get("opportunity").cloned().unwrap_or(Cell::Money(0)),
        item.get("currencyId").cloned().unwrap_or(Cell::Empty),
    );
    let known = world.orders.iter().find(|(_, object)| **object == (entity_type_id, id));
    let order = match known.map(|(order, _)| *order) {
        Some(order) => order,
        None => {
            let order = world.new_id();
            world.orders.insert(order, (entity_type_id, id));
            order
        }
    };
    let nth = world
        .payments
        .values()
        .filter(|row| int(row, "orderId") == order)
        .count()
        + 1;
    let payment = world.new_id();
    let row = cells([
        ("id", Cell::Int(payment)),
        ("orderId", Cell::Int(order)),
        ("accountNumber", Cell::text(format!("{order}/{nth}"))),
        ("paid", Cell::Flag(false)),
        ("paySystemId", Cell::Int(BANK_TRANSFER)),
        ("paySystemName", Cell::text(BANK_TRANSFER_NAME)),
        ("sum", sum),
        ("currency", currency),
        ("dateBill", Cell::Moment(now_ms)),
    ]);
    world.payments.insert(payment, row);
    Some(payment)
}

fn object(call: &Call<'_>) -> Result<(i64, i64), RestError> {
    let object = (call.int("entityTypeId")?, call.int("entityId")?);
    match call.world.item(object.0, object.1) {
        Some(_) => Ok(object),
        None => Err(refused("Entity is not found")),
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let object = object(call)?;
    let own = |row: &&Row| call.world.orders.get(&int(row, "orderId")) == Some(&object);
    let filtered = Query::new(&table(PAYMENT_FIELDS), call.params)?;
    let rows = filtered.all(call.world.payments.values().filter(own));
    Ok(Php::list(rows.into_iter().map(brief)).into())
}

fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.payments.get(&call.int("id")?).ok_or_else(not_found)?;
    Ok(brief(row).into())
}

fn add(call: &mut Call<'_>) -> Outcome {
    let (entity_type_id, id) = object(call)?;
    let payment = bill(call.world, entity_type_id, id, call.now_ms).ok_or_else(not_found)?;
    Ok(number(payment).into())
}

/// Keeps a changed payment; a paid one gets its day and its clerk.
fn settle(call: &mut Call<'_>, id: i64, mut row: Row) {
    let paid = row.get("paid") == Some(&Cell::Flag(true));
    let was_paid = call.world.payments.get(&id).and_then(|old| old.get("paid")) == Some(&Cell::Flag(true));
    if paid && !was_paid {
        row.entry("datePaid".to_owned()).or_insert(Cell::Moment(call.now_ms));
        row.entry("empPaidId".to_owned()).or_insert(Cell::Int(call.caller.user));
    } else if was_paid && !paid {
        row.remove("datePaid");
        row.remove("empPaidId");
    }
    call.world.payments.insert(id, row);
}

fn set_paid(call: &mut Call<'_>, paid: bool) -> Outcome {
    let id = call.int("id")?;
    let mut row = call.world.payments.get(&id).cloned().ok_or_else(not_found)?;
    row.insert("paid".to_owned(), Cell::Flag(paid));
    settle(call, id, row);
    Ok(Php::Bool(true).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    let mut row = call.world.payments.get(&id).cloned().ok_or_else(not_found)?;
    // This one knows two fields and takes the rest without a word.
    let known = Php::map(
        ["paid", "paySystemId"]
            .iter()
            .filter_map(|key| Some((*key, fields.get(key)?.clone()))),
    );
    fill(&mut row, PAYMENT_FIELDS, &known).map_err(|name| refused(&format!("Invalid value of the field '{name}'")))?;
    settle(call, id, row);
    Ok(Php::Bool(true).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.payments.remove(&id).ok_or_else(not_found)?;
    Ok(Php::Bool(true).into())
}

fn order_list(call: &mut Call<'_>) -> Outcome {
    let wanted = |name: &str| call.wanted(name).and_then(|text| text.parse::<i64>().ok());
    let (order, owner_type, owner) = (wanted("orderId"), wanted("ownerTypeId"), wanted("ownerId"));
    let rows: Vec<Php> = call
        .world
        .orders
        .iter()
        .filter(|(id, _)| order.is_none_or(|order| order == **id))
        .filter(|(_, (entity, _))| owner_type.is_none_or(|owner_type| owner_type == *entity))
        .filter(|(_, (_, id))| owner.is_none_or(|owner| owner == *id))
        .map(|(order, (entity, id))| {
            Php::map([
                ("orderId", number(*order)),
                ("ownerId", number(*id)),
                ("ownerTypeId", number(*entity)),
            ])
        })
        .collect();
    let total = Some(rows.len());
    Ok(Answer {
        result: Php::map([("orderEntity", Php::list(rows))]),
        total,
        next: None,
    })
}

fn sale_list(call: &mut Call<'_>) -> Outcome {
    let page = Query::new(&table(PAYMENT_FIELDS), call.params)?.page(call.world.payments.values());
    let select = Select::new(call.params);
    let chosen = |row: &Row| match (typed(row), select.names().is_empty()) {
        (Php::Map(entries), false) => Php::Map(entries.into_iter().filter(|(key, _)| select.asks(key)).collect()),
        (whole, _) => whole,
    };
    let payments = Php::list(page.rows.iter().map(|row| chosen(row)));
    Ok(Answer::page(Php::map([("payments", payments)]), &page))
}

fn sale_get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.payments.get(&call.int("id")?).ok_or_else(sale_not_found)?;
    Ok(Php::map([("payment", typed(row))]).into())
}

fn sale_update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    let mut row = call.world.payments.get(&id).cloned().ok_or_else(sale_not_found)?;
    if fields.get("paySystemId").and_then(Php::as_int).is_none() {
        return Err(RestError::numbered(400, 0, "Required fields: paySystemId"));
    }
    fill(&mut row, PAYMENT_FIELDS, &fields).map_err(|name| refused(&format!("Invalid value of the field '{name}'")))?;
    settle(call, id, row);
    let row = call.world.payments.get(&id).ok_or_else(sale_not_found)?;
    Ok(Php::map([("payment", typed(row))]).into())
}

fn sale_delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.payments.remove(&id).ok_or_else(sale_not_found)?;
    Ok(Php::Bool(true).into())
}

fn pay_systems(_: &mut Call<'_>) -> Outcome {
    let only = Php::map([
        ("ID", Php::text(BANK_TRANSFER.to_string())),
        ("NAME", Php::text(BANK_TRANSFER_NAME)),
        ("ACTIVE", Php::text("Y")),
        ("ENTITY_REGISTRY_TYPE", Php::text("ORDER")),
    ]);
    Ok(Php::list([only]).into())
}
