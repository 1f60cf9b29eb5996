//! What an invoice, a deal or a lead is made of: goods and services with price, discount and tax. The object's sum is
//! theirs, unless it is kept by hand.

use super::{
    Answer, CRM, Call, Method, Outcome, RestError, items, read,
    rows::{cells, fill, table, whole},
    write,
};
use crate::{
    cell::{Cell, Kind},
    filter::{Schema, Strangers},
    listing::{Query, Select},
    php::Php,
    records::PRODUCT_ROW_FIELDS,
    schema::{DEAL, INVOICE, LEAD, Row},
    world::{int, text},
};

pub static METHODS: &[Method] = &[
    read("crm.item.productrow.list", CRM, list),
    read("crm.item.productrow.get", CRM, get),
    read("crm.item.productrow.fields", CRM, fields),
    write("crm.item.productrow.add", CRM, add),
    write("crm.item.productrow.update", CRM, update),
    write("crm.item.productrow.delete", CRM, delete),
    write("crm.item.productrow.set", CRM, set),
    read("crm.deal.productrows.get", CRM, legacy_get::<DEAL>),
    write("crm.deal.productrows.set", CRM, legacy_set::<DEAL>),
    read("crm.lead.productrows.get", CRM, legacy_get::<LEAD>),
    write("crm.lead.productrows.set", CRM, legacy_set::<LEAD>),
];

const OWNERS: [(&str, i64); 3] = [("L", LEAD), ("D", DEAL), ("SI", INVOICE)];
/// Of a row without a unit: pieces.
const PIECES: (i64, &str) = (796, "шт");
/// Hundredths of a percent that are the whole.
const WHOLE: i128 = 10_000;

const SCHEMA: Schema<'static> = Schema {
    strangers: Strangers::Refuse,
    ..table(PRODUCT_ROW_FIELDS)
};

/// Somebody's object: its type's number, the short code of the type, its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    entity_type_id: i64,
    code: &'static str,
    id: i64,
}

impl Owner {
    fn find(call: &Call<'_>, code: &str, id: i64) -> Result<Self, RestError> {
        let known = OWNERS.iter().find(|(own, _)| own.eq_ignore_ascii_case(code));
        let Some((code, entity_type_id)) = known else {
            return Err(RestError::new(
                400,
                "ENTITY_TYPE_NOT_SUPPORTED",
                format!("Entity type '{code}' is not supported"),
            ));
        };
        call.world
            .item(*entity_type_id, id)
            .ok_or_else(|| RestError::new(400, "OWNER_NOT_FOUND", "Owner was not found"))?;
        Ok(Self {
            entity_type_id: *entity_type_id,
            code,
            id,
        })
    }

    fn owns(&self, row: &Row) -> bool {
        int(row, "ownerId") == self.id && text(row, "ownerType") == self.code
    }
}

fn not_found() -> RestError {
    RestError::new(400, "NOT_FOUND", "Элемент не найден")
}

/// A row without a tax says so by null.
fn typed(row: &Row) -> Php {
    let mut shown = Select::new(&Php::empty()).typed(&SCHEMA, row, false);
    if !row.contains_key("taxRate") {
        shown.set("taxRate", Php::Null);
    }
    shown
}

/// Of one owner only: the two fields that name it must be there.
fn list(call: &mut Call<'_>) -> Outcome {
    call.param("filter").ok_or_else(|| RestError::missing("filter"))?;
    for field in ["ownerType", "ownerId"] {
        if call.wanted(field).is_none() {
            return Err(RestError::new(
                400,
                "INVALID_ARG_VALUE",
                format!("Invalid filter: field '={field}' is required in filter"),
            ));
        }
    }
    let page = Query::new(&SCHEMA, call.params)?.page(call.world.product_rows.values());
    let rows = Php::list(page.rows.iter().map(|row| typed(row)));
    Ok(Answer::page(Php::map([("productRows", rows)]), &page))
}

fn get(call: &mut Call<'_>) -> Outcome {
    let row = call.world.product_rows.get(&call.int("id")?).ok_or_else(not_found)?;
    Ok(Php::map([("productRow", typed(row))]).into())
}

fn fields(_: &mut Call<'_>) -> Outcome {
    let all = PRODUCT_ROW_FIELDS.iter().map(|field| {
        let kind = match field.kind {
            Kind::Money | Kind::Quantity => "double",
            Kind::Flag => "char",
            Kind::Text => "string",
            _ => "integer",
        };
        let is_owner = field.key.starts_with("owner");
        let about = Php::map([
            ("type", Php::text(kind)),
            ("isRequired", Php::Bool(is_owner)),
            ("isReadOnly", Php::Bool(!field.writable && !is_owner)),
            ("isImmutable", Php::Bool(is_owner)),
            ("isMultiple", Php::Bool(false)),
            ("isDynamic", Php::Bool(false)),
            ("title", Php::text(field.title)),
        ]);
        (field.key, about)
    });
    Ok(Php::map([("fields", Php::map(all))]).into())
}

fn add(call: &mut Call<'_>) -> Outcome {
    let fields = call.fields()?.clone();
    let of = |name: &str| fields.get_any_case(name).and_then(Php::as_text);
    let code = of("ownerType").ok_or_else(|| RestError::missing("ownerType"))?;
    let id = of("ownerId").and_then(|id| id.trim().parse().ok());
    let owner = Owner::find(call, &code, id.ok_or_else(|| RestError::missing("ownerId"))?)?;
    let row = made(&fields, None)?;
    let id = keep(call, owner, row);
    settle(call, owner)?;
    shown(call, id)
}

fn shown(call: &Call<'_>, id: i64) -> Outcome {
    let row = call.world.product_rows.get(&id).ok_or_else(not_found)?;
    Ok(Php::map([("productRow", typed(row))]).into())
}

fn update(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let old = call.world.product_rows.get(&id).ok_or_else(not_found)?.clone();
    let row = made(&call.fields()?.clone(), Some(&old))?;
    call.world.product_rows.insert(id, row);
    settle_owner_of(call, &old)?;
    shown(call, id)
}

fn delete(call: &mut Call<'_>) -> Outcome {
    let id = call.int("id")?;
    let gone = call.world.product_rows.remove(&id).ok_or_else(not_found)?;
    settle_owner_of(call, &gone)?;
    Ok(Php::Null.into())
}

/// The rows of an object whose object went have nobody's sum to settle.
fn settle_owner_of(call: &mut Call<'_>, row: &Row) -> Result<(), RestError> {
    match Owner::find(call, text(row, "ownerType"), int(row, "ownerId")) {
        Ok(owner) => settle(call, owner),
        Err(_) => Ok(()),
    }
}

fn set(call: &mut Call<'_>) -> Outcome {
    let (code, id) = (call.text("ownerType")?, call.int("ownerId")?);
    let owner = Owner::find(call, &code, id)?;
    let rows = call.param("productRows").filter(|rows| rows.is_map()).cloned();
    replace(call, owner, &rows.ok_or_else(|| RestError::missing("productRows"))?)?;
    let own = call.world.product_rows.values().filter(|row| owner.owns(row));
    Ok(Php::map([("productRows", Php::list(own.map(typed)))]).into())
}

/// All of them or none: what is not among `rows` goes.
fn replace(call: &mut Call<'_>, owner: Owner, rows: &Php) -> Result<(), RestError> {
    let made: Vec<Row> = rows
        .entries()
        .iter()
        .map(|(_, fields)| made(fields, None))
        .collect::<Result<_, _>>()?;
    call.world.product_rows.retain(|_, row| !owner.owns(row));
    for row in made {
        keep(call, owner, row);
    }
    settle(call, owner)
}

fn keep(call: &mut Call<'_>, owner: Owner, mut row: Row) -> i64 {
    let id = call.world.new_id();
    row.extend(cells([
        ("id", Cell::Int(id)),
        ("ownerId", Cell::Int(owner.id)),
        ("ownerType", Cell::text(owner.code)),
    ]));
    call.world.product_rows.insert(id, row);
    id
}

/// A row of the fields of a request, with what follows from them.
fn made(fields: &Php, old: Option<&Row>) -> Result<Row, RestError> {
    let mut row = old.cloned().unwrap_or_else(|| {
        cells([
            ("quantity", Cell::Quantity(10_000)),
            ("discountTypeId", Cell::Int(2)),
            ("taxIncluded", Cell::Flag(false)),
            ("customized", Cell::Flag(true)),
            ("measureCode", Cell::Int(PIECES.0)),
            ("measureName", Cell::text(PIECES.1)),
            ("type", Cell::Int(4)),
        ])
    });
    let invalid = |name: &str| RestError::new(400, "INVALID_ARG_VALUE", format!("Invalid value of the field '{name}'"));
    fill(&mut row, PRODUCT_ROW_FIELDS, fields).map_err(|name| invalid(&name))?;
    price(&mut row).ok_or_else(|| invalid("price"))?;
    Ok(row)
}

fn money(row: &Row, key: &str) -> i128 {
    match row.get(key) {
        Some(Cell::Money(minor)) => i128::from(*minor),
        _ => 0,
    }
}

/// Half away from zero.
fn rounded(dividend: i128, divisor: i128) -> i128 {
    let half = if dividend < 0 { -divisor / 2 } else { divisor / 2 };
    (dividend + half) / divisor
}

/// The prices before tax and before discount. `None`: a discount of everything says nothing about the price before it,
/// or a sum too large to hold.
fn price(row: &mut Row) -> Option<()> {
    let (final_price, tax) = (money(row, "price"), money(row, "taxRate"));
    let exclusive = rounded(final_price.checked_mul(WHOLE)?, WHOLE + tax);
    let is_percent = int(row, "discountTypeId") != 1;
    let netto = if is_percent {
        match WHOLE - money(row, "discountRate") {
            left if left <= 0 => exclusive.checked_add(money(row, "discountSum"))?,
            left => rounded(exclusive.checked_mul(WHOLE)?, left),
        }
    } else {
        exclusive.checked_add(money(row, "discountSum"))?
    };
    let discount = netto - exclusive;
    let brutto = rounded(netto.checked_mul(WHOLE + tax)?, WHOLE);
    let rate = match netto {
        0 => money(row, "discountRate"),
        netto => rounded(discount.checked_mul(WHOLE)?, netto),
    };
    let mut put = |key: &str, minor: i128| -> Option<()> {
        row.insert(key.to_owned(), Cell::Money(i64::try_from(minor).ok()?));
        Some(())
    };
    put("priceAccount", final_price)?;
    put("priceExclusive", exclusive)?;
    put("priceNetto", netto)?;
    put("priceBrutto", brutto)?;
    put("discountSum", discount)?;
    if !is_percent {
        put("discountRate", rate)?;
    }
    Some(())
}

/// Gives the object the sum and the tax of its rows, unless its sum is kept by hand.
fn settle(call: &mut Call<'_>, owner: Owner) -> Result<(), RestError> {
    let item = call.world.item(owner.entity_type_id, owner.id);
    let by_hand = item.and_then(|item| item.get("isManualOpportunity"));
    if by_hand == Some(&Cell::Flag(true)) {
        return Ok(());
    }
    let (mut sum, mut tax) = (0, 0);
    for row in call.world.product_rows.values().filter(|row| owner.owns(row)) {
        let quantity = match row.get("quantity") {
            Some(Cell::Quantity(parts)) => i128::from(*parts),
            _ => 0,
        };
        let times = |price: i128| rounded(price.saturating_mul(quantity), 10_000);
        sum += times(money(row, "price"));
        tax += times(money(row, "price") - money(row, "priceExclusive"));
    }
    let shown = |minor: i128| Php::text(crate::cell::two_decimals(i64::try_from(minor).unwrap_or(i64::MAX)));
    let fields = Php::map([("opportunity", shown(sum)), ("taxValue", shown(tax))]);
    items::write(call, owner.entity_type_id, owner.id, &fields).map(|_| ())
}

fn legacy_owner<const ENTITY: i64>(call: &Call<'_>) -> Result<Owner, RestError> {
    let id = call
        .int("id")
        .map_err(|_| RestError::legacy("The parameter id is invalid or not defined."))?;
    let code = OWNERS
        .iter()
        .find(|(_, own)| *own == ENTITY)
        .map_or("", |(code, _)| code);
    Owner::find(call, code, id).map_err(|_| RestError::legacy("Not found."))
}

/// Names in upper case; ids are texts and the rest numbers.
fn legacy_get<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let owner = legacy_owner::<ENTITY>(call)?;
    let own = call.world.product_rows.values().filter(|row| owner.owns(row));
    let shown = own.map(|row| {
        let mut shown = whole(PRODUCT_ROW_FIELDS, row);
        for field in PRODUCT_ROW_FIELDS {
            let cell = row.get(field.key).unwrap_or(&Cell::Empty);
            match field.upper {
                "ID" | "OWNER_ID" | "PRICE_ACCOUNT" => {}
                "TAX_RATE" if cell.is_empty() => shown.set(field.upper, Php::Null),
                upper => shown.set(upper, cell.typed(field.kind)),
            }
        }
        shown.set("ORIGINAL_PRODUCT_NAME", Php::text(text(row, "productName")));
        shown
    });
    Ok(Php::list(shown).into())
}

fn legacy_set<const ENTITY: i64>(call: &mut Call<'_>) -> Outcome {
    let owner = legacy_owner::<ENTITY>(call)?;
    let rows = call.param("rows").filter(|rows| rows.is_map()).cloned();
    let rows = rows.ok_or_else(|| RestError::legacy("The parameter 'rows' must be array."))?;
    replace(call, owner, &rows).map_err(|error| RestError::new(400, "ERROR_CORE", error.text))?;
    Ok(Php::Bool(true).into())
}

/// What goes with an object that is deleted.
pub fn forget(call: &mut Call<'_>, entity_type_id: i64, id: i64) {
    let code = OWNERS
        .iter()
        .find(|(_, own)| *own == entity_type_id)
        .map(|(code, _)| *code);
    let Some(code) = code else { return };
    let owner = Owner {
        entity_type_id,
        code,
        id,
    };
    call.world.product_rows.retain(|_, row| !owner.owns(row));
}
