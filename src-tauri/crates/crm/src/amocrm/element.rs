//! One element of the catalog of invoices, and the values of its fields.

use domain::{Money, PaymentId};
use serde_json::Value;

use super::{
    items,
    layout::{BILL_PAYMENT_DATE, BILL_PRICE, BILL_STATUS, Layout, PAYMENT_ID},
    status::{Status, status},
};
use crate::{php, sums::sum};

/// The entries of a field in an object of the CRM, by the field's code or, where the answer has no codes, by its number.
pub fn entries<'a>(row: &'a Value, layout: &Layout, code: &str) -> Vec<&'a Value> {
    let number = layout.field(code).map(|field| field.id);
    let of_field = |field: &&Value| {
        php::text(&field["field_code"]).is_some_and(|known| known.eq_ignore_ascii_case(code))
            || (number.is_some() && php::id(&field["field_id"]) == number)
    };
    let field = php::rows(&row["custom_fields_values"]).into_iter().find(of_field);
    field.map_or_else(Vec::new, |field| php::rows(&field["values"]))
}

/// The first value of a field.
pub fn value<'a>(row: &'a Value, layout: &Layout, code: &str) -> Option<&'a Value> {
    let first = entries(row, layout, code).into_iter().next()?;
    Some(&first["value"])
}

/// An invoice as a delivery sees it.
#[derive(Debug, Clone)]
pub struct Element {
    pub status: Option<Status>,
    pub amount: Option<Money>,
    /// In their order, foreign ones too.
    pub payments: Vec<String>,
    /// A day of payment stands in it.
    pub dated: bool,
}

impl Element {
    /// `None` for an element that is another one or was deleted.
    pub fn read(row: &Value, id: u64, layout: &Layout) -> Option<Self> {
        if php::id(&row["id"]) != Some(id) || is_deleted(row) {
            return None;
        }
        let payments = value(row, layout, PAYMENT_ID).and_then(php::text).unwrap_or_default();
        let separators = |character: char| character.is_whitespace() || matches!(character, ',' | ';');
        Some(Self {
            status: status_of(row, layout),
            amount: amount(row, layout),
            payments: payments
                .split(separators)
                .filter(|payment| !payment.is_empty())
                .map(str::to_owned)
                .collect(),
            dated: value(row, layout, BILL_PAYMENT_DATE).is_some_and(|day| php::text(day).is_some()),
        })
    }

    pub fn holds(&self, payment: &PaymentId) -> bool {
        self.payments.contains(&payment.0)
    }

    pub fn payment_ids(&self) -> Vec<PaymentId> {
        self.payments.iter().cloned().map(PaymentId).collect()
    }

    pub fn status_id(&self) -> Option<String> {
        self.status.as_ref().map(|status| status.id.clone())
    }

    pub fn status_name(&self) -> &str {
        self.status.as_ref().map_or("?", |status| status.name.as_str())
    }
}

pub fn is_deleted(row: &Value) -> bool {
    php::flag(&row["is_deleted"])
}

pub fn status_of(row: &Value, layout: &Layout) -> Option<Status> {
    let chosen = entries(row, layout, BILL_STATUS).into_iter().next()?;
    status(chosen, layout.status_field())
}

/// What an invoice asks for: its price where it has one, else what its lines come to. Exact, or `None`.
pub fn amount(row: &Value, layout: &Layout) -> Option<Money> {
    let price = value(row, layout, BILL_PRICE).and_then(php::text);
    let price = price.map(|price| sum(&price, layout.currency));
    match price {
        Some(Some(price)) if price.minor() != 0 => Some(price),
        // A price that cannot be read is not made good by lines.
        Some(None) => None,
        zero => items::total(row, layout).or(zero.flatten()),
    }
}
