//! Sums and counts in sentences.

use domain::{Currency, Money, MoneyError};

/// A sum as people type it: `1 200,50`.
///
/// # Errors
/// It is none, or has more digits after the point than the currency.
pub(crate) fn typed_money(text: &str, currency: Currency) -> Result<Money, MoneyError> {
    let plain: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    Money::parse(&plain.replace(',', "."), currency)
}

/// The Russian form for a number: 1 платёж, 2 платежа, 5 платежей.
#[must_use]
pub fn plural(count: u64, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn russian_counts() {
        let forms = ["платёж", "платежа", "платежей"];
        let shown = [1, 2, 5, 11, 14, 21, 22, 111, 100].map(|count| plural(count, forms));
        assert_eq!(
            shown,
            [
                "платёж",
                "платежа",
                "платежей",
                "платежей",
                "платежей",
                "платёж",
                "платежа",
                "платежей",
                "платежей"
            ]
        );
    }
}
