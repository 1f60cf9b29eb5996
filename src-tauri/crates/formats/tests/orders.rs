//! What is written for the bank reads back as what was approved, and nothing a bank cannot read is written.

#![expect(clippy::unwrap_used, reason = "what a test stands on must be there")]

use chrono::{NaiveDate, NaiveTime};
use domain::{Approved, OrderDraft, PartyDraft, PersonId, Submitted, Timestamp};
use formats::onec::{OrderFileHeader, ReadOrder, ReadOrdersError, WriteError, read_orders, write_orders};
use proptest::prelude::*;

fn header() -> OrderFileHeader {
    OrderFileHeader {
        sender: "Sverka".to_owned(),
        created: NaiveDate::from_ymd_opt(2024, 7, 5).unwrap(),
        time: NaiveTime::from_hms_opt(10, 0, 9).unwrap(),
    }
}

/// A number whose control key agrees: the ninth digit is it.
fn keyed(prefix: &str, bank: &str, rest: &str) -> String {
    let with = |key: u32| format!("{prefix}{key}{rest}");
    let agrees = |account: &String| {
        let digits = bank
            .chars()
            .chain(account.chars())
            .map(|digit| digit.to_digit(10).unwrap());
        let sum: u32 = digits
            .zip([7, 1, 3].into_iter().cycle())
            .map(|(digit, weight)| digit * weight % 10)
            .sum();
        sum.is_multiple_of(10)
    };
    (0..10).map(with).find(agrees).unwrap()
}

fn party(name: &str, inn: &str, kpp: &str, bik: &str, rest: &str) -> PartyDraft {
    PartyDraft {
        name: name.to_owned(),
        inn: inn.to_owned(),
        kpp: kpp.to_owned(),
        account: keyed("40702810", &bik[6..], rest),
        bik: bik.to_owned(),
        bank_name: "АО \"УЧЕБНЫЙ БАНК\"".to_owned(),
        bank_city: "г. Москва".to_owned(),
        correspondent_account: keyed(
            "30101810",
            &format!("0{}", &bik[4..6]),
            &format!("00000000{}", &bik[6..]),
        ),
    }
}

fn draft(number: &str, purpose: &str) -> OrderDraft {
    OrderDraft {
        number: number.to_owned(),
        date: NaiveDate::from_ymd_opt(2024, 7, 5),
        amount: "3200.5".to_owned(),
        payer: party(
            "ООО «Северный ветер»",
            "7701122338",
            "770101001",
            "044525974",
            "00000000101",
        ),
        payee: party("ИП Ковалёва А.П.", "325502595143", "", "044525225", "00000001204"),
        purpose: purpose.to_owned(),
        priority: String::new(),
        uin: String::new(),
    }
}

fn approved(draft: &OrderDraft) -> Approved {
    let order = draft.check().unwrap_or_else(|defects| panic!("{defects:?}"));
    Submitted::new(order, PersonId::from("author"))
        .approve(PersonId::from("approver"), Timestamp(0))
        .unwrap()
}

fn decoded(bytes: &[u8]) -> String {
    let (text, lossy) = encoding_rs::WINDOWS_1251.decode_without_bom_handling(bytes);
    assert!(!lossy);
    text.into_owned()
}

#[test]
fn the_strict_profile() {
    let orders = [
        approved(&draft("12", "Оплата по счёту № 7. НДС 20% = 533.42")),
        approved(&draft("13", "Аренда")),
    ];
    let bytes = write_orders(&orders, &header()).unwrap();
    let text = decoded(&bytes);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    let read = read_orders(&bytes).unwrap();
    let expected: Vec<ReadOrder> = orders.iter().map(|order| ReadOrder::of(order.order())).collect();
    assert_eq!(read, expected);
}

#[test]
fn what_windows_1251_lacks_is_refused_by_name() {
    let mut alien = header();
    alien.sender = "Սվերկա".to_owned();
    let refused = write_orders(&[approved(&draft("1", "Оплата"))], &alien).unwrap_err();
    let WriteError::Character { field, character, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert_eq!((*field, *character), ("Отправитель", 'Ս'));
    assert!(refused.text().ru.contains('Ս'));
    let mut broken = header();
    broken.sender = "Sverka\r\nСумма=1".to_owned();
    assert!(matches!(
        write_orders(&[approved(&draft("1", "Оплата"))], &broken),
        Err(WriteError::Character { character: '\r', .. })
    ));
}

#[test]
fn an_empty_file_is_not_written() {
    assert_eq!(write_orders(&[], &header()), Err(WriteError::NoOrders));
}

#[test]
fn a_file_that_was_changed_does_not_read_back_equal() {
    let order = approved(&draft("12", "Оплата"));
    let bytes = write_orders(std::slice::from_ref(&order), &header()).unwrap();
    let text = decoded(&bytes);
    let change = |from: &str, to: &str| {
        assert!(text.contains(from));
        read_orders(&encoding_rs::WINDOWS_1251.encode(&text.replacen(from, to, 1)).0)
    };
    let account = order.order().payee.account.as_str();
    let swapped = change(
        &format!("ПолучательСчет={account}"),
        "ПолучательСчет=40702810000000000000",
    )
    .unwrap();
    assert_ne!(swapped, [ReadOrder::of(order.order())]);
    assert!(matches!(
        change("Сумма=3200.50", "Сумма=32OO.50"),
        Err(ReadOrdersError::Unclean(_))
    ));
    assert!(matches!(change("КонецФайла", ""), Err(ReadOrdersError::Unclean(_))));
}

#[test]
fn a_statement_is_not_taken_for_orders() {
    let statement = "1CClientBankExchange\nСекцияРасчСчет\nРасчСчет=40702810400000000101\nКонецРасчСчет\nКонецФайла\n";
    assert!(matches!(
        read_orders(statement.as_bytes()),
        Err(ReadOrdersError::NotOrders)
    ));
    assert!(matches!(read_orders(b"%PDF-1.4"), Err(ReadOrdersError::Unclean(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn every_order_reads_back_equal(
        orders in prop::collection::vec(
            (
                1..=999_999_u32,
                1..=10_000_000_000_000_i64,
                "[ -~А-яЁё№«»—\u{a0}]{0,150}…{0,10}[0-9А-я=\"/]",
                1..=5_u8,
                "[А-я][ -~А-яЁё№]{0,80}[А-я]",
                0..9000_u64,
            ),
            1..5,
        ),
    ) {
        let approve = |(number, minor, purpose, priority, name, day): &(u32, i64, String, u8, String, u64)| {
            let mut draft = draft(&number.to_string(), purpose);
            draft.amount = format!("{}.{:02}", minor / 100, minor % 100);
            draft.priority = priority.to_string();
            draft.payer.name.clone_from(name);
            draft.payer.name = name.chars().rev().collect();
            draft.payee.account = keyed("40702810", "225", &format!("{:011}", day * 7919));
            draft.payer.kpp = if day % 3 == 0 { String::new() } else { "770101001".to_owned() };
            draft.payee.bank_city = if day % 2 == 0 { String::new() } else { "г. Тула".to_owned() };
            draft.date = draft.date.and_then(|date| date.checked_add_days(chrono::Days::new(*day)));
            approved(&draft)
        };
        let orders: Vec<Approved> = orders.iter().map(approve).collect();
        let bytes = write_orders(&orders, &header()).unwrap();
        let expected: Vec<ReadOrder> = orders.iter().map(|order| ReadOrder::of(order.order())).collect();
        prop_assert_eq!(read_orders(&bytes).unwrap(), expected);
    }
}
