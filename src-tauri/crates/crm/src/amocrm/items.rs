//! What the lines of an invoice come to. A percentage may end below a kopeck; how accounts round is not documented, so a sum
//! is taken only where rounding each line and rounding what they come to are the same.

use domain::Money;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::{
    element::entries,
    layout::{BILL_VAT_TYPE, ITEMS, Layout},
};
use crate::{php, sums::sum};

/// The choice that says that tax comes on top of the prices.
const VAT_NOT_INCLUDED: &str = "vat_not_included";

/// `None`: there are no lines, or one cannot be read.
pub fn total(row: &Value, layout: &Layout) -> Option<Money> {
    let lines = entries(row, layout, ITEMS);
    if lines.is_empty() {
        return None;
    }
    let vat = entries(row, layout, BILL_VAT_TYPE).into_iter().next();
    let on_top = vat.is_some_and(|vat| php::text(&vat["enum_code"]).as_deref() == Some(VAT_NOT_INCLUDED));
    let places = layout.currency.minor_digits();
    let rounded = |exact: Decimal| exact.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    let (mut total, mut of_rounded) = (Decimal::ZERO, Decimal::ZERO);
    for line in lines {
        let exact = line_sum(&line["value"], on_top)?;
        total = total.checked_add(exact)?;
        of_rounded = of_rounded.checked_add(rounded(exact))?;
    }
    let total = rounded(total);
    (total == of_rounded).then(|| sum(&total.normalize().to_string(), layout.currency))?
}

fn line_sum(line: &Value, vat_on_top: bool) -> Option<Decimal> {
    if let Some(told) = php::text(&line["total_sum"]) {
        return Decimal::from_str_exact(&told).ok();
    }
    let gross = decimal(&line["unit_price"])?.checked_mul(decimal(&line["quantity"])?)?;
    let discount = &line["discount"];
    let off = match php::text(&discount["value"]) {
        None => Decimal::ZERO,
        Some(value) => {
            let value = Decimal::from_str_exact(&value).ok()?;
            match php::text(&discount["type"]).as_deref() {
                Some("percentage" | "percent") => percent(gross, value)?,
                _ => value,
            }
        }
    };
    let net = gross.checked_sub(off)?;
    match (vat_on_top, php::text(&line["vat_rate_value"])) {
        (true, Some(rate)) => net.checked_add(percent(net, Decimal::from_str_exact(&rate).ok()?)?),
        _ => Some(net),
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    Decimal::from_str_exact(&php::text(value)?).ok()
}

fn percent(of: Decimal, rate: Decimal) -> Option<Decimal> {
    of.checked_mul(rate)?.checked_mul(Decimal::new(1, 2))
}

#[cfg(test)]
mod tests {
    use domain::Currency;
    use serde_json::json;

    use super::*;

    fn of(lines: Value, vat: &str) -> Option<i64> {
        let layout = Layout {
            account: String::new(),
            currency: Currency::RUB,
            utc_offset_s: 0,
            catalog: 1,
            catalog_name: String::new(),
            mapping: crate::mapping::Mapping::default(),
            fields: Vec::new(),
        };
        let values: Vec<Value> = lines
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!({"value": line}))
            .collect();
        let row = json!({"custom_fields_values": [
            {"field_code": "ITEMS", "values": values},
            {"field_code": "BILL_VAT_TYPE", "values": [{"enum_code": vat}]},
        ]});
        total(&row, &layout).map(Money::minor)
    }

    #[test]
    fn lines_add_up_to_the_kopeck_or_not_at_all() {
        for (lines, vat, expected) in [
            (json!([{"unit_price": 150, "quantity": 10}]), "", Some(150_000)),
            (
                json!([{"unit_price": 150, "quantity": 10, "discount": {"type": "amount", "value": 15.15}}]),
                "",
                Some(148_485),
            ),
            (
                json!([{"unit_price": "0.10", "quantity": 3}, {"unit_price": 0.2, "quantity": "1"}]),
                "",
                Some(50),
            ),
            (
                json!([{"unit_price": 100, "quantity": 1, "discount": {"type": "percentage", "value": 10}, "vat_rate_value": 20}]),
                "vat_not_included",
                Some(10_800),
            ),
            (
                json!([{"unit_price": 100, "quantity": 1, "vat_rate_value": 20}]),
                "vat_included",
                Some(10_000),
            ),
            (
                json!([{"unit_price": 1, "quantity": 1, "total_sum": "7.77"}]),
                "",
                Some(777),
            ),
            (
                json!([{"unit_price": "100.10", "quantity": 2, "discount": {"type": "percentage", "value": 10}, "vat_rate_value": 20}]),
                "vat_not_included",
                Some(21_622),
            ),
            (
                json!([{"unit_price": 19.99, "quantity": 3, "vat_rate_value": 20}]),
                "vat_not_included",
                Some(7_196),
            ),
            // A third of a kopeck in each of two lines: 0.66 or 0.67.
            (
                json!([{"unit_price": 0.333, "quantity": 1}, {"unit_price": 0.333, "quantity": 1}]),
                "",
                None,
            ),
            (json!([{"unit_price": 0.333, "quantity": 1}]), "", Some(33)),
            (json!([{"unit_price": "сто", "quantity": 1}]), "", None),
            (json!([{"quantity": 1}]), "", None),
            (json!([]), "", None),
        ] {
            assert_eq!(of(lines.clone(), vat), expected, "{lines}");
        }
    }
}
