//! Every way of calling an invoice with every kind of number, date and company around it: the number is found, with its
//! date and its place, and nothing else is.

use matching::purpose::{Finding, FindingKind, read, slice};

const BEFORE: [&str; 9] = [
    "",
    "Оплата по ",
    "ОПЛ. ПО ",
    "За услуги связи, март 2025 г., ",
    "Договор № 17/25 от 01.02.2025, ",
    "Предоплата 50% по ",
    "Сумма 15000-00, в т.ч. НДС(20%) 2500-00, ",
    "л/с 99, с/ф № 98 от 05.02.2025, ",
    "за ООО «Ромашка» ИНН 7707083893 ",
];
const WORDS: [&str; 14] = [
    "счету",
    "счёту",
    "СЧЕТУ",
    "счет",
    "сч.",
    "сч",
    "счету на оплату",
    "счет-договору",
    "счёту-оферте",
    "счету покупателя",
    "Invoice",
    "inv.",
    "schetu",
    "հաշիվ",
];
const SIGNS: [&str; 8] = [" № ", " №", " N ", " N", " ", " номер ", " #", " No. "];
/// As typed, and its key.
const NUMBERS: [(&str, &str); 12] = [
    ("145", "145"),
    ("000145", "145"),
    ("7", "7"),
    ("145/1", "145-1"),
    ("145-25", "145-25"),
    ("СЧ-145", "сч145"),
    ("УТ-000145", "ут145"),
    ("A-17", "а17"),
    ("145а", "145а"),
    ("2025-0145", "2025-145"),
    ("145/25-ОП", "145-25оп"),
    ("29/09/7", "29-9-7"),
];
const DATES: [&str; 9] = [
    "",
    " от 12.03.2025",
    " от 12.03.25г.",
    " ОТ 12 МАРТА 2025 Г.",
    " от 12/03/2025",
    " (12.03.2025)",
    " 12.03.2025",
    " от 12-03-2025г",
    " от 2025-03-12",
];
const AFTER: [&str; 10] = [
    "",
    ". В том числе НДС 22% - 1 803,28 руб.",
    " за 3 месяца",
    ", НДС не облагается",
    ", 10 шт",
    " за товар. Без НДС",
    " к договору 16 от 01.02.2024",
    ", акт № 15 от 01.04.2025",
    " с/ф 14 от 01.04.2025",
    "; тел. 8-495-123-45-67, д. 5, кв. 6",
];

#[test]
fn a_number_is_found_in_every_company() {
    let mut wrong = Vec::new();
    let mut read_in_all = 0;
    for before in BEFORE {
        for word in WORDS {
            for sign in SIGNS {
                for (number, key) in NUMBERS {
                    // All dates and all companies have their turns, but not each with each.
                    let date = DATES[read_in_all % DATES.len()];
                    let after = AFTER[read_in_all % AFTER.len()];
                    let text = format!("{before}{word}{sign}{number}{date}{after}");
                    read_in_all += 1;
                    if let Some(fault) = fault(&text, number, key, !date.is_empty()) {
                        wrong.push(format!("«{text}»: {fault}"));
                    }
                }
            }
        }
    }
    wrong.sort_by_key(String::len);
    let shown = wrong.iter().take(40).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {read_in_all} wrong:\n{shown}", wrong.len());
}

fn fault(text: &str, number: &str, key: &str, dated: bool) -> Option<String> {
    let reading = read(text);
    let found: Vec<&Finding> = reading.of(FindingKind::InvoiceNumber).collect();
    let [finding] = found.as_slice() else {
        return Some(format!(
            "{:?}",
            found.iter().map(|finding| &finding.value).collect::<Vec<_>>()
        ));
    };
    let quoted = slice(text, finding.start, finding.end);
    let date = finding.date.map(|date| date.to_string());
    if !finding.keys.iter().any(|found| found == key) {
        Some(format!("{:?}", finding.keys))
    } else if !quoted.ends_with(number) {
        Some(format!("place «{quoted}»"))
    } else if date.as_deref() != dated.then_some("2025-03-12") {
        Some(format!("date {date:?}"))
    } else if reading.of(FindingKind::BareNumber).next().is_some() {
        Some("a number that nothing calls anything".to_owned())
    } else {
        None
    }
}

/// Words whose number is no invoice for payment, and what it is.
const OTHERS: [(FindingKind, &str); 9] = [
    (
        FindingKind::TaxInvoice,
        "с/ф; с-ф; сч-ф; сч/ф; сч. ф.; сч.ф.; с.ф.; счф; СФ; счет-фактура; счёт-фактуре; счету-фактуре; счет фактура; счет - фактура; \
         сч.-фактуре; сч-фактура; СЧЕТ-ФАКТУРЕ; УПД; ЭСФ; ЭСЧФ; հաշիվ-ապրանքագիր; schet-faktura; шот-фактура; корр. счет-фактура",
    ),
    (
        FindingKind::Contract,
        "договор; договору; дог.; дог; договору поставки; договору аренды помещения; контракт; госконтракт; соглашение; оферта; \
         contract; agreement; dogovor; պայմանագիր",
    ),
    (
        FindingKind::Act,
        "акт; акту; акт выполненных работ; накладная; накл.; тов. накл.; ТТН; ТН; ТОРГ-12; реализация",
    ),
    (
        FindingKind::Order,
        "заказ; заказ покупателя; заявка; заявке; заказ-наряд; з/н; зак.; order; PO",
    ),
    (
        FindingKind::Specification,
        "спецификация; спец.; приложение; прил.; доп. соглашение; д/с; допсоглашение",
    ),
    (
        FindingKind::PaymentOrder,
        "п/п; платежное поручение; пл. поручение; плат. пор.; платежному поручению",
    ),
    (
        FindingKind::Account,
        "л/с; л/счет; лицевой счет; лиц. счет; лицевому счету; ЛС; расчетный счет; р/сч; հաշվեհամար",
    ),
    (
        FindingKind::Code,
        "БИК; КБК; КПП; УИН; ОКТМО; код; кв.; д.; дом; офис; магазин; склад; рейс; маршрут; тариф; письмо; исх.; паспорт; полис; \
         лот; квитанция; карта; объект; вагон; участок; абонент",
    ),
    (FindingKind::Sum, "сумма; на сумму; итого"),
];

#[test]
fn the_number_of_another_document_is_not_an_invoices() {
    let mut wrong = Vec::new();
    let mut read_in_all = 0;
    for (kind, words) in OTHERS {
        for word in words.split("; ") {
            for sign in [" № ", " №", " ", " N ", " N"] {
                for before in ["", "Оплата по ", "по счету № 9 от 01.01.2025, ", "Счет 9, "] {
                    if kind == FindingKind::Sum && sign != " " {
                        continue;
                    }
                    let after = ["", " от 12.03.2025", ", без НДС", ". Спасибо"][read_in_all % 4];
                    let text = format!("{before}{word}{sign}14577{after}");
                    read_in_all += 1;
                    let reading = read(&text);
                    let invoices: Vec<&str> = reading
                        .of(FindingKind::InvoiceNumber)
                        .map(|finding| finding.value.as_str())
                        .collect();
                    let expected: &[&str] = if before.contains('9') { &["9"] } else { &[] };
                    if invoices != expected || !reading.of(kind).any(|finding| finding.value.contains("14577")) {
                        wrong.push(format!("«{text}»: {invoices:?}, {kind:?}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {read_in_all} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
