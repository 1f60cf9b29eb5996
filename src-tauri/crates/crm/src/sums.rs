//! Sums as portals write them: exact where they are, and without the dust that doubles leave at the far end.

use domain::{Currency, Money};

/// Digits in a row, all zeros or all nines, that show a double's dust and not a sum: no currency has so many.
const DUST_DIGITS: usize = 4;

/// `15000`, `19999.99`, and also `19999.990000000002`. `None` for what is no sum or would have to be rounded.
pub fn sum(text: &str, currency: Currency) -> Option<Money> {
    if let Ok(money) = Money::parse(text, currency) {
        return Some(money);
    }
    let (whole, fraction) = text.split_once('.')?;
    let places = usize::try_from(currency.minor_digits()).ok()?;
    let (kept, dust) = (fraction.get(..places)?, fraction.get(places..)?);
    let near = dust.get(..DUST_DIGITS)?;
    if !dust.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exact = if kept.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{kept}")
    };
    let cut = Money::parse(&exact, currency).ok()?;
    if near.bytes().all(|byte| byte == b'0') {
        return Some(cut);
    }
    let step = if text.starts_with('-') { -1 } else { 1 };
    let up = cut.checked_add(Money::from_minor(step, currency)).ok()?;
    near.bytes().all(|byte| byte == b'9').then_some(up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_exact_or_none() {
        for (text, minor) in [
            ("15000", Some(1_500_000)),
            ("1500.5", Some(150_050)),
            ("19999.99", Some(1_999_999)),
            ("90071992547409.93", Some(9_007_199_254_740_993)),
            ("19999.990000000002", Some(1_999_999)),
            ("0.28999999999999998", Some(29)),
            ("99.9999999", Some(10_000)),
            ("-0.28999999999999998", Some(-29)),
            ("1.0050", None),
            ("1.005", None),
            ("1.00001", None),
            ("1.9999x", None),
            ("1e3", None),
            ("", None),
            ("сто", None),
        ] {
            assert_eq!(sum(text, Currency::RUB).map(Money::minor), minor, "{text}");
        }
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(sum("12.00000001", yen).map(Money::minor), Some(12));
    }
}
