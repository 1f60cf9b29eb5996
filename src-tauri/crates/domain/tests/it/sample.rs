//! Things the tests share.

use chrono::NaiveDate;
use domain::{
    AccountNumber, Bik, Counterparty, Currency, Direction, Entry, EntryStatus, Money, OrderDraft, PartyDraft, RawFields,
};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn roubles(minor: i64) -> Money {
    Money::from_minor(minor, Currency::RUB)
}

pub fn entry() -> Entry {
    Entry {
        direction: Some(Direction::Credit),
        status: EntryStatus::Booked,
        reversal: false,
        amount: roubles(1_500_000),
        booked: day("2026-11-20"),
        value: None,
        kind: Some("Платежное поручение".into()),
        number: Some("318".into()),
        document_date: Some(day("2026-11-19")),
        counterparty: Counterparty {
            account: Some("40702810938000060473".into()),
            name: Some("ООО «Ромашка»".to_owned()),
            ..Counterparty::default()
        },
        purpose: "Оплата по счету № 145".to_owned(),
        bank_reference: None,
        end_to_end_id: None,
        line: 1,
        details: Vec::new(),
        raw: RawFields::default(),
    }
}

/// The account of this serial number in that bank, with the control digit that fits.
pub fn account(serial: u64, bik: &str) -> String {
    let bik = Bik::parse(bik).unwrap();
    (0..10)
        .map(|control| format!("40702810{control}{serial:011}"))
        .find(|number| AccountNumber::parse(number, &bik).is_ok())
        .unwrap()
}

/// A draft without a defect.
pub fn draft() -> OrderDraft {
    let party = |name: &str, inn: &str, kpp: &str, serial, bik: &str| PartyDraft {
        name: name.to_owned(),
        inn: inn.to_owned(),
        kpp: kpp.to_owned(),
        account: account(serial, bik),
        bik: bik.to_owned(),
        bank_name: "ПАО СБЕРБАНК".to_owned(),
        bank_city: "г. Москва".to_owned(),
        correspondent_account: String::new(),
    };
    OrderDraft {
        number: "17".to_owned(),
        date: Some(day("2026-11-20")),
        amount: "48500,00".to_owned(),
        payer: party("ООО «Северный ветер»", "7707083893", "773601001", 17, "044525225"),
        payee: party("ООО «Канцторг»", "7830002293", "784001001", 99, "044525593"),
        purpose: "Оплата по счёту № 77 за бумагу. НДС 22 % — 8745,90".to_owned(),
        priority: String::new(),
        uin: String::new(),
    }
}
