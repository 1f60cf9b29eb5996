//! `crm.invoice.*`: invoices of the generation before the smart ones. Old portals still have them; new ones have none.

use super::{
    CRM, Call, Method, Outcome, RestError, read,
    rows::{described, fill, invalid, number, rows_list, table, whole},
    write,
};
use crate::{
    cell::Cell,
    php::Php,
    queue::Deed,
    records::OLD_INVOICE_FIELDS,
    schema::Row,
    world::{int, text},
};

/// The reference their states stand in, and the paid one.
pub const STATUS_ENTITY: &str = "INVOICE_STATUS";
pub const PAID: &str = "P";

pub static METHODS: &[Method] = &[
    read("crm.invoice.list", CRM, list),
    read("crm.invoice.get", CRM, get),
    read("crm.invoice.fields", CRM, |_| Ok(described(OLD_INVOICE_FIELDS).into())),
    write("crm.invoice.add", CRM, add),
    write("crm.invoice.update", CRM, update),
    write("crm.invoice.delete", CRM, delete),
];

fn not_found() -> RestError {
    RestError::legacy("Invoice not found")
}

fn list(call: &mut Call<'_>) -> Outcome {
    rows_list(
        call.params,
        &table(OLD_INVOICE_FIELDS),
        call.world.old_invoices.values(),
    )
}

/// The payer's details stand in properties here, not in requisites.
fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.old_invoices.get(&call.int("id")?).ok_or_else(not_found)?;
    let mut shown = whole(OLD_INVOICE_FIELDS, row);
    let company = int(row, "UF_COMPANY_ID");
    let requisite = call
        .world
        .requisites
        .values()
        .find(|requisite| int(requisite, "ENTITY_ID") == company);
    let of = |key: &str| Php::text(requisite.map_or("", |requisite| text(requisite, key)));
    let properties = Php::map([
        ("COMPANY", of("RQ_COMPANY_NAME")),
        ("INN", of("RQ_INN")),
        ("KPP", of("RQ_KPP")),
    ]);
    shown.set("INVOICE_PROPERTIES", properties);
    shown.set("PRODUCT_ROWS", Php::empty());
    Ok(shown.into())
}

/// The state decides whether it is paid and since when.
fn settle(call: &Call<'_>, row: &mut Row) -> Result<(), RestError> {
    let status = text(row, "STATUS_ID").to_owned();
    let known = call
        .world
        .statuses
        .values()
        .any(|known| text(known, "ENTITY_ID") == STATUS_ENTITY && text(known, "STATUS_ID") == status);
    if !known {
        return Err(RestError::legacy("Invalid value of the field 'STATUS_ID'"));
    }
    let (paid, was_paid) = (status == PAID, row.get("PAYED") == Some(&Cell::Flag(true)));
    row.insert("PAYED".to_owned(), Cell::Flag(paid));
    if paid && !was_paid {
        row.insert("DATE_PAYED".to_owned(), Cell::Moment(call.now_ms));
    } else if !paid {
        row.remove("DATE_PAYED");
    }
    row.insert("DATE_UPDATE".to_owned(), Cell::Moment(call.now_ms));
    Ok(())
}

fn kept(call: &mut Call<'_>, deed: Deed, id: i64, row: Row) {
    call.world.old_invoices.insert(id, row);
    told(call, deed, id);
}

fn told(call: &mut Call<'_>, deed: Deed, id: i64) {
    let connector = call.connector();
    call.world
        .thing_event("INVOICE", deed, id, call.caller.user, call.now_ms, connector.as_deref());
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let mut row = Row::new();
    row.insert("STATUS_ID".to_owned(), Cell::text("N"));
    row.insert("CURRENCY".to_owned(), Cell::text("RUB"));
    row.insert("RESPONSIBLE_ID".to_owned(), Cell::Int(call.caller.user));
    row.insert("DATE_INSERT".to_owned(), Cell::Moment(call.now_ms));
    fill(&mut row, OLD_INVOICE_FIELDS, &fields).map_err(|name| invalid(&name))?;
    if text(&row, "ORDER_TOPIC").is_empty() {
        return Err(RestError::legacy("The field 'ORDER_TOPIC' is required."));
    }
    settle(call, &mut row)?;
    let id = call.world.new_id();
    row.insert("ID".to_owned(), Cell::Int(id));
    row.entry("ACCOUNT_NUMBER".to_owned())
        .or_insert_with(|| Cell::text(id.to_string()));
    kept(call, Deed::Add, id, row);
    Ok(number(id).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let fields = call.fields()?.clone();
    let mut row = call.world.old_invoices.get(&id).cloned().ok_or_else(not_found)?;
    fill(&mut row, OLD_INVOICE_FIELDS, &fields).map_err(|name| invalid(&name))?;
    settle(call, &mut row)?;
    kept(call, Deed::Update, id, row);
    Ok(number(id).into())
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    call.world.old_invoices.remove(&id).ok_or_else(not_found)?;
    told(call, Deed::Delete, id);
    Ok(Php::Bool(true).into())
}
