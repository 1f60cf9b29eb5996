use domain::{AccountNumber, Bik, Inn, InvalidIdentifier, Kpp};
use proptest::prelude::*;

use crate::sample;

#[test]
fn known_tax_numbers() {
    for (text, person) in [
        ("7707083893", false),
        ("7727406020", false),
        ("500100732259", true),
        (" 7707083893 ", false),
    ] {
        assert_eq!(Inn::parse(text).unwrap().is_person(), person, "{text}");
    }
    for text in ["7707083894", "500100732258", "500100732269"] {
        assert!(
            matches!(Inn::parse(text), Err(InvalidIdentifier::Control { .. })),
            "{text}"
        );
    }
    for text in [
        "",
        "0",
        "770708389",
        "77070838930",
        "0000000000",
        "77070838З3",
        "٧٧٠٧٠٨٣٨٩٣",
        "12345",
    ] {
        assert!(
            matches!(Inn::parse(text), Err(InvalidIdentifier::Shape { .. })),
            "{text}"
        );
    }
}

/// Worked examples of the Bank of Russia (515 of 08.09.1997), and accounts of the treasury's bank.
#[test]
fn known_account_keys() {
    let parse = |account: &str, bik: &str| AccountNumber::parse(account, &Bik::parse(bik).unwrap());
    assert!(parse("40602810700000000025", "049805746").is_ok());
    assert!(parse("40602810800000000025", "049805746").is_err());
    let correspondent =
        |account: &str, bik: &str| AccountNumber::parse_correspondent(account, &Bik::parse(bik).unwrap());
    assert!(correspondent("30101810800000000746", "049805000").is_ok());
    assert!(correspondent("30101810700000000746", "049805000").is_err());
    assert!(correspondent("40102810445370000059", "017003983").is_ok());
    assert!(correspondent("30101810400000000225", "044525225").is_ok());
}

#[test]
fn an_account_has_twenty_characters() {
    let bik = Bik::parse("044525225").unwrap();
    for text in [
        "",
        "4070281093800006047",
        "407028109380000604731",
        "4070281093800006047Х",
        "А0702810938000060473",
    ] {
        assert!(
            matches!(AccountNumber::parse(text, &bik), Err(InvalidIdentifier::Shape { .. })),
            "{text}"
        );
    }
}

#[test]
fn reason_codes_and_bank_codes() {
    for text in ["770701001", "7707AB001", " 770701001 "] {
        assert!(Kpp::parse(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "0",
        "000000000",
        "77070100",
        "7707010011",
        "7707ab001",
        "A70701001",
        "77070100Я",
    ] {
        assert!(Kpp::parse(text).is_err(), "{text}");
    }
    for text in ["044525225", "017003983", "001234567"] {
        assert!(Bik::parse(text).is_ok(), "{text}");
    }
    for text in ["", "144525225", "04452522", "0445252255", "04452522a"] {
        assert!(Bik::parse(text).is_err(), "{text}");
    }
}

#[test]
fn reasons_are_told_in_both_languages() {
    let text = Inn::parse("7707083894").unwrap_err().text();
    assert!(text.ru.contains("ИНН «7707083894»") && text.ru.contains("контрольный"));
    assert!(text.en.contains("INN «7707083894»"));
}

/// The position of a digit and another digit for it.
fn slip(length: usize) -> impl Strategy<Value = (usize, u32)> {
    (0..length, 1..10_u32)
}

fn with_slip(number: &str, (at, by): (usize, u32)) -> String {
    let changed = |digit: char| char::from_digit((digit.to_digit(10).unwrap() + by) % 10, 10).unwrap();
    number
        .chars()
        .enumerate()
        .map(|(place, digit)| if place == at { changed(digit) } else { digit })
        .collect()
}

proptest! {
    /// What the control key is for: any one wrong digit shows.
    #[test]
    fn one_wrong_digit_in_an_account_shows(serial in 0..100_000_000_000_u64, slip in slip(20)) {
        let number = sample::account(serial, "044525225");
        let bik = Bik::parse("044525225").unwrap();
        prop_assert!(AccountNumber::parse(&with_slip(&number, slip), &bik).is_err());
    }

    #[test]
    fn one_key_in_ten_fits(serial in 0..100_000_000_000_u64) {
        let bik = Bik::parse("044525593").unwrap();
        let fitting = (0..10).filter(|key| AccountNumber::parse(&format!("40702810{key}{serial:011}"), &bik).is_ok());
        prop_assert_eq!(fitting.count(), 1);
    }

    #[test]
    fn any_text_is_parsed_without_panic(text in ".{0,24}") {
        let bik = Bik::parse("044525225").unwrap();
        let _ = (Inn::parse(&text), Kpp::parse(&text), Bik::parse(&text), AccountNumber::parse(&text, &bik));
    }

    #[test]
    fn an_organisation_has_one_control_digit(first in 1_000_000..999_999_999_u32) {
        prop_assume!(first >= 10_000_000);
        let fitting = (0..10).filter(|control| Inn::parse(&format!("{first:09}{control}")).is_ok());
        let expected = usize::from(!format!("{first:09}").starts_with("00"));
        prop_assert_eq!(fitting.count(), expected);
    }
}
