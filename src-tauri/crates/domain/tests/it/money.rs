use domain::{Currency, Money, MoneyError};
use proptest::prelude::*;

#[test]
fn decimals_are_read_exactly() {
    let yen = Currency::parse("JPY").unwrap();
    let dinar = Currency::parse("kwd").unwrap();
    for (text, currency, minor) in [
        ("0", Currency::RUB, 0),
        ("0.01", Currency::RUB, 1),
        ("-0.01", Currency::RUB, -1),
        ("12.5", Currency::RUB, 1_250),
        ("12.500", Currency::RUB, 1_250),
        ("92233720368547758.07", Currency::RUB, i64::MAX),
        ("-92233720368547758.08", Currency::RUB, i64::MIN),
        ("100", yen, 100),
        ("1.234", dinar, 1_234),
    ] {
        assert_eq!(Money::parse(text, currency).unwrap().minor(), minor, "{text}");
    }
}

#[test]
fn what_is_no_sum_is_refused() {
    for text in [
        "", "-", ".", "1.", ".5", "1,5", "1 000", "1e3", "+1", "0x1", "--1", "1.2.3", "١",
    ] {
        assert!(
            matches!(Money::parse(text, Currency::RUB), Err(MoneyError::NotASum(..))),
            "{text:?}"
        );
    }
    assert!(
        Money::parse("0.001", Currency::RUB).is_err(),
        "a tenth of a kopeck is never rounded away"
    );
    assert_eq!(
        Money::parse("92233720368547758.08", Currency::RUB),
        Err(MoneyError::Overflow)
    );
}

#[test]
fn roubles_are_one_currency_under_two_codes() {
    assert_eq!(Currency::parse("RUR").unwrap(), Currency::RUB);
    assert_eq!(Currency::of_account("40702810500032000017"), Some(Currency::RUB));
    assert_eq!(Currency::of_account("40702840500032000017").unwrap().code(), "USD");
    assert_eq!(Currency::of_account("short"), None);
    assert_eq!(
        Currency::of_account("ККККККККККККККККККК"),
        None,
        "letters of two bytes do not split a character"
    );
}

#[test]
fn currencies_do_not_mix() {
    let (rub, usd) = (Currency::RUB, Currency::parse("USD").unwrap());
    let (one, two) = (Money::from_minor(1, rub), Money::from_minor(2, usd));
    assert_eq!(one.checked_add(two), Err(MoneyError::CurrencyMismatch(rub, usd)));
    assert_eq!(one.partial_cmp(&two), None);
    assert!(Money::from_minor(i64::MIN, rub).checked_neg().is_err());
}

#[test]
fn people_read_sums_by_thousands() {
    for (minor, ru, en) in [
        (5, "0,05 ₽", "0.05 RUB"),
        (99_900, "999,00 ₽", "999.00 RUB"),
        (100_000, "1 000,00 ₽", "1,000.00 RUB"),
        (-123_456_789, "−1 234 567,89 ₽", "−1,234,567.89 RUB"),
    ] {
        let text = Money::from_minor(minor, Currency::RUB).text();
        assert_eq!(
            (text.ru.replace('\u{a0}', " "), text.en.replace('\u{a0}', " ")),
            (ru.to_owned(), en.to_owned())
        );
    }
    assert_eq!(
        Money::from_minor(1_234, Currency::parse("JPY").unwrap()).text().ru,
        "1\u{a0}234\u{a0}JPY"
    );
}

proptest! {
    #[test]
    fn a_sum_survives_its_decimal(minor: i64, code in "(RUB|JPY|KWD|USD)") {
        let sum = Money::from_minor(minor, Currency::parse(&code).unwrap());
        prop_assert_eq!(Money::parse(&sum.decimal(), sum.currency()).unwrap(), sum);
    }

    #[test]
    fn any_text_is_a_sum_or_refused(text in ".{0,40}") {
        if let Ok(sum) = Money::parse(&text, Currency::RUB) {
            prop_assert_eq!(Money::parse(&sum.decimal(), Currency::RUB).unwrap(), sum);
        }
    }

    #[test]
    fn taking_away_undoes_adding(a: i64, b: i64) {
        let (a, b) = (Money::from_minor(a, Currency::RUB), Money::from_minor(b, Currency::RUB));
        match a.checked_add(b) {
            Ok(sum) => prop_assert_eq!(sum.checked_sub(b).unwrap(), a),
            Err(error) => {
                prop_assert_eq!(error, MoneyError::Overflow);
                prop_assert!(a.minor().checked_add(b.minor()).is_none());
            }
        }
    }

    #[test]
    fn a_sum_survives_json(minor: i64) {
        let sum = Money::from_minor(minor, Currency::RUB);
        let text = serde_json::to_string(&sum).unwrap();
        prop_assert_eq!(serde_json::from_str::<Money>(&text).unwrap(), sum);
    }
}
