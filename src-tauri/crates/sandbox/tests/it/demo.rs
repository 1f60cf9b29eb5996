//! The demo fits together: numbers have right control digits, statements add up and chain, the order passes its checks.

use std::collections::BTreeMap;

use domain::{AccountNumber, Bik, Currency, Inn, Kpp, Money, OrderDraft};
use encoding_rs::WINDOWS_1251;
use sandbox::{DEMO, Firm};

const DAY_1: &[u8] = include_bytes!("../../../../../fixtures/demo/kl_to_1c-2026-11-20.txt");
const DAY_2: &[u8] = include_bytes!("../../../../../fixtures/demo/kl_to_1c-2026-11-21.txt");
const DAY_3: &[u8] = include_bytes!("../../../../../fixtures/demo/kl_to_1c-2026-11-23.txt");
const ORDER: &str = include_str!("../../../../../fixtures/demo/order.json");

type Section = BTreeMap<String, String>;

/// The account section and the documents, by a reading that is not the product's.
fn sections(bytes: &[u8]) -> (Section, Vec<Section>) {
    let (text, _, broken) = WINDOWS_1251.decode(bytes);
    assert!(!broken && text.ends_with("КонецФайла\r\n"));
    let mut all = vec![Section::new()];
    for line in text.split("\r\n") {
        assert!(!line.contains('\n'), "every line ends in CRLF");
        match line.split_once('=') {
            None if line == "СекцияРасчСчет" => all.push(Section::new()),
            Some(("СекцияДокумент", _)) => all.push(Section::new()),
            Some((key, value)) => {
                all.last_mut().unwrap().insert(key.to_owned(), value.to_owned());
            }
            None => {}
        }
    }
    let documents = all.split_off(2);
    (all.remove(1), documents)
}

fn rub(text: &str) -> Money {
    Money::parse(text, Currency::RUB).unwrap()
}

fn firm() -> Firm {
    Firm::parse(&serde_json::from_str(DEMO).unwrap()).unwrap()
}

#[test]
fn statements_add_up_and_chain() {
    let mut before: Option<Money> = None;
    for bytes in [DAY_1, DAY_2, DAY_3] {
        let (account, documents) = sections(bytes);
        let own = &account["РасчСчет"];
        let mut sums = BTreeMap::from([("credit", rub("0.00")), ("debit", rub("0.00"))]);
        for document in &documents {
            let side = if document["ПолучательСчет"] == *own {
                "credit"
            } else {
                "debit"
            };
            let sum = sums[side].checked_add(rub(&document["Сумма"])).unwrap();
            sums.insert(side, sum);
            let date_key = if side == "credit" {
                "ДатаПоступило"
            } else {
                "ДатаСписано"
            };
            assert_eq!(document[date_key], account["ДатаНачала"]);
        }
        assert_eq!(sums["credit"], rub(&account["ВсегоПоступило"]));
        assert_eq!(sums["debit"], rub(&account["ВсегоСписано"]));
        let opening = rub(&account["НачальныйОстаток"]);
        let closing = opening
            .checked_add(sums["credit"])
            .and_then(|sum| sum.checked_sub(sums["debit"]))
            .unwrap();
        assert_eq!(closing, rub(&account["КонечныйОстаток"]));
        assert!(before.is_none_or(|before| before == opening), "the days chain");
        before = Some(closing);
    }
}

#[test]
fn every_number_agrees_with_its_control_digits() {
    for document in [DAY_1, DAY_2, DAY_3].into_iter().flat_map(|bytes| sections(bytes).1) {
        for side in ["Плательщик", "Получатель"] {
            let value = |key: &str| document[&format!("{side}{key}")].as_str();
            let bik = Bik::parse(value("БИК")).unwrap();
            AccountNumber::parse(value("Счет"), &bik).unwrap();
            AccountNumber::parse_correspondent(value("Корсчет"), &bik).unwrap();
            let inn = Inn::parse(value("ИНН")).unwrap();
            assert_eq!(inn.is_person(), value("КПП") == "0");
        }
        assert!(document["НазначениеПлатежа"].chars().count() <= domain::order::PURPOSE_CHARS_MAX);
    }
    let firm = firm();
    assert!(firm.invoices.len() > 50, "lists need more than one page");
    for requisite in firm.companies.iter().flat_map(|company| &company.requisites) {
        let inn = Inn::parse(&requisite.inn).unwrap();
        assert!(inn.is_person() || Kpp::parse(&requisite.kpp).is_ok());
        for account in &requisite.accounts {
            let bik = Bik::parse(&account.bik).unwrap();
            AccountNumber::parse(&account.account, &bik).unwrap();
        }
    }
}

/// Which invoices the credits name, by the payer's own company and sum: what the journey relies on.
#[test]
fn credits_fit_the_invoices_they_are_meant_for() {
    let firm = firm();
    let credits: Vec<Section> = [DAY_1, DAY_2, DAY_3]
        .into_iter()
        .flat_map(|bytes| sections(bytes).1)
        .collect();
    for (document, number, share) in [
        ("318", Some("СЧ-145"), 1),
        ("1204", Some("СЧ-146"), 1),
        ("77", Some("СЧ-147"), 1),
        ("12", Some("СЧ-148"), 1),
        ("509", Some("СЧ-149"), 1),
        ("233", Some("СЧ-152"), 2),
        ("145", Some("СЧ-153"), 1),
        ("324", Some("СЧ-154"), 1),
        ("86", None, 1),
    ] {
        let credit = credits.iter().find(|credit| credit["Номер"] == document).unwrap();
        let payer = firm
            .companies
            .iter()
            .find(|company| company.requisites[0].inn == credit["ПлательщикИНН"])
            .unwrap();
        let sum = rub(&credit["Сумма"]);
        let fitting: Vec<&str> = firm
            .invoices
            .iter()
            .filter(|invoice| invoice.company == payer.id)
            .filter(|invoice| rub(invoice.amount.as_str().unwrap()).minor() == sum.minor() * share)
            .map(|invoice| invoice.number.as_str())
            .collect();
        match number {
            Some(number) => {
                assert_eq!(fitting, [number]);
                assert!(credit["НазначениеПлатежа"].contains(number));
            }
            None => assert_eq!(fitting, ["СЧ-150", "СЧ-151"], "a tie"),
        }
    }
}

#[test]
fn the_order_passes_its_checks_and_is_the_debit_of_the_next_day() {
    let draft: OrderDraft = serde_json::from_str(ORDER).unwrap();
    let order = draft.check().unwrap();
    let (account, documents) = sections(DAY_2);
    let debit = documents
        .iter()
        .find(|document| document["Номер"] == order.number)
        .unwrap();
    assert_eq!(rub(&debit["Сумма"]), order.amount);
    assert_eq!(debit["Дата"], order.date.format("%d.%m.%Y").to_string());
    assert_eq!(debit["ПлательщикСчет"], order.payer.account.as_str());
    assert_eq!(account["РасчСчет"], order.payer.account.as_str());
    assert_eq!(debit["ПолучательСчет"], order.payee.account.as_str());
    assert_eq!(debit["ПолучательИНН"], order.payee.inn.as_ref().unwrap().as_str());
    assert_eq!(debit["НазначениеПлатежа"], order.purpose);
}

#[test]
fn the_table_in_the_readme_is_true() {
    let readme = include_str!("../../../../../fixtures/demo/README.md");
    let spaced = |text: &str| -> String {
        let (whole, kopecks) = text.split_once('.').unwrap();
        let groups: Vec<&str> = whole
            .as_bytes()
            .rchunks(3)
            .rev()
            .map(|group| std::str::from_utf8(group).unwrap())
            .collect();
        format!("{}.{kopecks}", groups.join(" "))
    };
    for bytes in [DAY_1, DAY_2, DAY_3] {
        let (account, documents) = sections(bytes);
        for balance in ["НачальныйОстаток", "ВсегоПоступило", "ВсегоСписано", "КонечныйОстаток"]
        {
            assert!(readme.contains(&spaced(&account[balance])), "{balance}");
        }
        for document in documents {
            let (sign, inn) = if document["ПолучательСчет"] == account["РасчСчет"] {
                ("+", document["ПлательщикИНН"].as_str())
            } else {
                ("−", document["ПолучательИНН"].as_str())
            };
            let start = format!("| {} | {sign}{} |", document["Номер"], spaced(&document["Сумма"]));
            let row = readme.lines().find(|line| line.starts_with(&start));
            let row = row.unwrap_or_else(|| panic!("no row «{start}»"));
            let customer = firm()
                .companies
                .iter()
                .any(|company| !company.own && company.requisites[0].inn == inn);
            assert!(!customer || row.contains(inn), "{row}: {inn}");
        }
    }
}
