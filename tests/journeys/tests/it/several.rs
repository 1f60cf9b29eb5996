//! Two companies, two portals of Bitrix24 and an account of amoCRM on one ledger, each with an invoice of the same number and
//! sum: every payment lands in its own CRM once, and one that is away keeps no other waiting.

use domain::Lang;
use journeys::{
    bank,
    place::Place,
    portal::{Portal, rows, text},
    story::{connect, queue_is_done},
    wait,
};
use serde_json::{Value, json};

struct Party {
    inn: &'static str,
    name: &'static str,
    account: &'static str,
}

const NORTH: Party = Party {
    inn: "7802641756",
    name: "ООО «Северный ветер»",
    account: "40702810500032000017",
};
const SOUTH: Party = Party {
    inn: "7707083893",
    name: "ООО «Южный ветер»",
    account: "40702810900000000001",
};
const DAISY: Party = Party {
    inn: "7813641821",
    name: "ООО «Ромашка»",
    account: "40702810702300004517",
};
const TULIP: Party = Party {
    inn: "7816715302",
    name: "ООО «Тюльпан»",
    account: "40702810702300004518",
};
const NUMBER: &str = "СЧ-500";
const SUM: &str = "15432.10";
/// The invoice of that number, and another one that nobody pays.
const PAID: u64 = 1_001;
const OTHER: u64 = 1_002;
const DEAL: u64 = 501;

/// What a CRM holds: invoices to one customer, of our company where the CRM names it.
fn firm(own: Option<&Party>, customer: &Party) -> Value {
    let company = |id: u64, party: &Party, own: bool| {
        let requisites = json!([{ "name": party.name, "inn": party.inn }]);
        json!({ "id": id, "title": party.name, "own": own, "requisites": requisites })
    };
    let mut companies = vec![company(11, customer, false)];
    companies.extend(own.map(|own| company(1, own, true)));
    let invoice = |id: u64, number: &str, amount: &str| {
        json!({ "id": id, "number": number, "date": "2026-11-05", "amount": amount, "stage": "DT31_3:S", "category": 3,
            "company": 11, "own_company": own.map_or(0, |_| 1), "deal": DEAL })
    };
    json!({
        "companies": companies,
        "categories": [{ "id": 3, "entity_type_id": 31, "name": "Общая", "default": true }],
        "deals": [{ "id": DEAL, "title": "Поставка", "amount": SUM, "stage": "EXECUTING", "category": 0, "company": 11 }],
        "invoices": [invoice(PAID, NUMBER, SUM), invoice(OTHER, "СЧ-501", "777.00")],
    })
}

/// A day's statement of an account: a payment from each.
fn statement(own: &Party, payers: &[&Party]) -> Vec<u8> {
    let kopecks = 1_543_210 * payers.len();
    let total = format!("{}.{:02}", kopecks / 100, kopecks % 100);
    let (account, period) = (own.account, "ДатаНачала=20.11.2026\r\nДатаКонца=20.11.2026\r\n");
    let mut text = format!(
        "1CClientBankExchange\r\nВерсияФормата=1.03\r\nКодировка=Windows\r\n{period}РасчСчет={account}\r\n\
         СекцияРасчСчет\r\n{period}РасчСчет={account}\r\nНачальныйОстаток=0.00\r\nВсегоПоступило={total}\r\n\
         ВсегоСписано=0.00\r\nКонечныйОстаток={total}\r\nКонецРасчСчет\r\n"
    );
    for (at, payer) in payers.iter().enumerate() {
        text.push_str(&format!(
            "СекцияДокумент=Платежное поручение\r\nНомер={at}7\r\nДата=20.11.2026\r\nСумма={SUM}\r\n\
             ПлательщикСчет={}\r\nПлательщик={}\r\nПлательщикИНН={}\r\nПолучательСчет={account}\r\n\
             ДатаПоступило=20.11.2026\r\nПолучатель={}\r\nПолучательИНН={}\r\n\
             НазначениеПлатежа=Оплата по счету {NUMBER} от 05.11.2026\r\nКонецДокумента\r\n",
            payer.account, payer.name, payer.inn, own.name, own.inn
        ));
    }
    text.push_str("КонецФайла\r\n");
    encoding_rs::WINDOWS_1251.encode(&text).0.into_owned()
}

/// The stage's meaning, the payment ids and the comments on an invoice of a portal.
fn told(portal: &Portal, id: u64) -> (String, usize, usize) {
    let held = portal.snapshot().unwrap();
    let invoice = held.invoice(id).unwrap();
    (
        invoice.semantics.clone(),
        invoice.payments.len(),
        invoice.comments.len(),
    )
}

fn paid_once() -> (String, usize, usize) {
    ("S".to_owned(), 1, 1)
}

fn untouched() -> (String, usize, usize) {
    (String::new(), 0, 0)
}

/// The status of an invoice of the amoCRM account, with whether it carries a payment's code.
fn told_amo(portal: &Portal, id: u64) -> (String, bool) {
    let held = portal.amocrm().unwrap();
    let invoice = held.invoice(id).unwrap();
    let code = text(&invoice["added"], "BANK_PAYMENT_ID");
    (
        text(invoice, "status"),
        code.starts_with("sv1-") && !code.contains([' ', ',']),
    )
}

fn crm(place: &Place, id: &str) -> anyhow::Result<Value> {
    let status = place.one(&["status"])?;
    let found = rows(&status["crms"]).iter().find(|crm| crm["connection"] == id);
    Ok(found.cloned().unwrap_or_default())
}

#[test]
fn each_payment_lands_in_its_own_crm_once_and_one_that_is_away_keeps_no_other_waiting() {
    let place = Place::new(Lang::En).unwrap();
    connect::found_firm(&place).unwrap();
    let [north, south, account] = ["north", "south", "amo"].map(|name| Portal::start_as(name, &place).unwrap());
    north.load(&firm(Some(&NORTH), &DAISY)).unwrap();
    south.load(&firm(Some(&SOUTH), &DAISY)).unwrap();
    account.load(&firm(None, &TULIP)).unwrap();
    for (portal, words) in [(&north, "North"), (&south, "South")] {
        let command = ["connect", "bitrix24", "--webhook-stdin", "--name", words];
        place.one_with(&command, &format!("{}\n", portal.webhook())).unwrap();
    }
    let command = ["connect", "amocrm", account.address(), "--token-stdin"];
    place
        .one_with(&command, &format!("{}\n", account.amo_bearer()))
        .unwrap();
    for company in [&NORTH, &SOUTH] {
        place
            .one(&["companies", "add", company.inn, "--name", company.name])
            .unwrap();
    }
    // amoCRM names no company of ours on an invoice.
    place.one(&["companies", "serves", "amo", NORTH.inn]).unwrap();
    let pulled = place.lines(&["invoices", "pull"]).unwrap();
    let new: Vec<(String, u64)> = pulled
        .iter()
        .map(|line| (text(line, "connection"), line["new"].as_u64().unwrap()))
        .collect();
    let of = |connection: &str| (connection.to_owned(), 2);
    assert_eq!(new, [of("b24"), of("b24-2"), of("amo")]);

    // The second portal is away while the money comes: to the first company from both customers, to the second from both.
    south.offline().unwrap();
    let watch = place.watch().unwrap();
    for (own, name) in [(&SOUTH, "south.txt"), (&NORTH, "north.txt")] {
        bank::drop_file(&place.statements(), name, &statement(own, &[&DAISY, &TULIP])).unwrap();
    }
    let explained = |error: anyhow::Error| panic!("{error:#}\n{}\n{}", watch.tail(), place.log_tail());
    wait::until("the others are told", || {
        let delivered = place.one(&["status"])?["outbox"]["delivered"] == 2;
        let away = crm(&place, "b24-2")?;
        Ok((delivered && away["waiting"] == 1 && away["state"] == "offline").then_some(()))
    })
    .unwrap_or_else(explained);
    assert_eq!(told(&north, PAID), paid_once());
    assert_eq!(told_amo(&account, PAID), ("paid".to_owned(), true));
    assert_eq!(told(&south, PAID), untouched());
    for id in ["b24", "amo"] {
        assert_eq!(crm(&place, id).unwrap()["state"], "ok", "{id}");
    }
    // The customer of the first company's invoice paid the second company: nobody but a person gives it to that invoice.
    let asked = place.lines(&["inbox", "--state", "review"]).unwrap();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let entry = place.one(&["inbox", &text(&asked[0], "entry")]).unwrap();
    assert_eq!(
        (text(&entry, "account").as_str(), text(&entry["payer"], "inn").as_str()),
        (SOUTH.account, TULIP.inn)
    );
    let against = rows(&entry["against"]).iter().map(|why| text(why, "en"));
    assert!(
        against.clone().any(|why| why.contains("another own company")),
        "{:?}",
        against.collect::<Vec<_>>()
    );

    // Killed in the middle, started anew; and the portal comes back.
    watch.kill().unwrap();
    south.online().unwrap();
    let watch = place.watch().unwrap();
    queue_is_done(&place).unwrap_or_else(|error| panic!("{error:#}\n{}\n{}", watch.tail(), place.log_tail()));
    for portal in [&north, &south] {
        assert_eq!((told(portal, PAID), told(portal, OTHER)), (paid_once(), untouched()));
    }
    assert_eq!(told_amo(&account, PAID), ("paid".to_owned(), true));
    assert!(!told_amo(&account, OTHER).1);
    assert_eq!(account.amocrm().unwrap().notes_with("sv1-"), 1, "one note, on the lead");
    let queue = place.lines(&["outbox", "list"]).unwrap();
    let mut told: Vec<String> = queue.iter().map(|row| text(row, "invoice")).collect();
    told.sort();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].starts_with("amo:") && told[1] == "b24-2:31:1001" && told[2] == "b24:31:1001",
        "{told:?}"
    );
    assert_eq!(place.one(&["audit", "verify"]).unwrap()["sound"], true);
}
