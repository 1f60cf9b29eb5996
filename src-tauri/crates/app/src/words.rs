//! Sums and counts in sentences.

use domain::{Currency, Money, MoneyError, Text};

/// `1 234,50 ₽` in Russian, `1,234.50 RUB` in English.
#[must_use]
pub fn money(sum: Money) -> Text {
    let decimal = sum.decimal();
    let code = sum.currency();
    let sign = if code == Currency::RUB {
        "₽".to_owned()
    } else {
        code.to_string()
    };
    Text::new(
        format!("{}\u{a0}{sign}", grouped(&decimal, '\u{a0}', ',')),
        format!("{}\u{a0}{code}", grouped(&decimal, ',', '.')),
    )
}

/// A sum as people type it: `1 200,50`.
///
/// # Errors
/// It is none, or has more digits after the point than the currency.
pub(crate) fn typed_money(text: &str, currency: Currency) -> Result<Money, MoneyError> {
    let plain: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    Money::parse(&plain.replace(',', "."), currency)
}

fn grouped(decimal: &str, thousands: char, point: char) -> String {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let (minus, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let mut shown = String::from(minus);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            shown.push(thousands);
        }
        shown.push(digit);
    }
    if !fraction.is_empty() {
        shown.push(point);
        shown.push_str(fraction);
    }
    shown
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
    use domain::{Currency, Money};

    use super::{money, plural};

    #[test]
    fn sums_are_grouped_by_thousands() {
        for (minor, ru, en) in [
            (5, "0,05 ₽", "0.05 RUB"),
            (99_900, "999,00 ₽", "999.00 RUB"),
            (100_000, "1 000,00 ₽", "1,000.00 RUB"),
            (-123_456_789, "−1 234 567,89 ₽", "−1,234,567.89 RUB"),
        ] {
            let text = money(Money::from_minor(minor, Currency::RUB));
            assert_eq!(
                (text.ru.replace('\u{a0}', " "), text.en.replace('\u{a0}', " ")),
                (ru.to_owned(), en.to_owned())
            );
        }
    }

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
