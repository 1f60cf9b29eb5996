//! Lists in full, customers with their numbers, and what became of invoices that are open no longer.

use std::collections::BTreeSet;

use crm::{
    CallError,
    bitrix24::{Client, CrmError, Portal, READ_PAUSE_MS_MAX, READ_RETRIES_MAX},
};
use domain::{Customer, Invoice, InvoiceId, InvoiceStatus, Text};
use serde_json::{Value, json};

use crate::{
    delivery::money,
    fake::{COMPANY, Fake, Fault, INVOICE, Oddities, now},
};

const OPEN: u64 = 130;
const STAGES: [&str; 3] = ["DT31_3:N", "DT31_3:S", "DT31_3:UC_X"];

fn row(id: u64, stage: &str) -> Value {
    json!({"title": "Счёт", "accountNumber": format!("СЧ-{id}"), "opportunity": 1500.5, "currencyId": "RUB", "stageId": stage,
           "categoryId": 3, "companyId": 3000 + id, "contactId": 0, "mycompanyId": 5, "parentId2": null,
           "begindate": "2024-06-18T03:00:00+03:00", "closedate": ""})
}

/// 130 open invoices of 130 companies, between as many paid and cancelled ones; requisites and accounts for each.
fn firm() -> Fake {
    let fake = Fake::new();
    fake.put(COMPANY, 5, json!({"title": "ООО «Наша»"}));
    for at in 0..OPEN {
        let id = 1000 + at * 3;
        fake.put(INVOICE, id, row(id, STAGES[usize::try_from(at % 3).unwrap()]));
        fake.put(INVOICE, id + 1, row(id + 1, "DT31_3:P"));
        fake.put(INVOICE, id + 2, row(id + 2, "DT31_3:D"));
        let company = 3000 + id;
        fake.put(COMPANY, company, json!({"title": format!("ООО «Клиент {id}»")}));
        let mut state = fake.state();
        state.requisites.push(
            json!({"ID": (9000 + id).to_string(), "ENTITY_TYPE_ID": "4", "ENTITY_ID": company.to_string(),
            "RQ_INN": format!("77{id:08}"), "RQ_KPP": "770501001"}),
        );
        state.bank_details.push(
            json!({"ID": (90_000 + id).to_string(), "ENTITY_ID": (9000 + id).to_string(),
            "RQ_ACC_NUM": format!("4070 2810 {id:012}"), "RQ_IBAN": ""}),
        );
        // A contact with the same number is somebody else.
        state.requisites.push(
            json!({"ID": (50_000 + id).to_string(), "ENTITY_TYPE_ID": "3", "ENTITY_ID": company.to_string(),
            "RQ_INN": "000000000000"}),
        );
    }
    fake
}

fn client(fake: &Fake) -> Client<&Fake> {
    Client::new(fake, Portal::new("b24"))
}

fn check_open(invoices: &[Invoice]) {
    assert_eq!(u64::try_from(invoices.len()).unwrap(), OPEN);
    let ids: BTreeSet<&InvoiceId> = invoices.iter().map(|invoice| &invoice.id).collect();
    assert_eq!(ids.len(), invoices.len());
    for (at, invoice) in (0..OPEN).zip(invoices) {
        let id = 1000 + at * 3;
        let expected = Invoice {
            id: format!("b24:31:{id}").into(),
            number: format!("СЧ-{id}"),
            date: "2024-06-18".parse().unwrap(),
            amount: money("1500.50"),
            open: money("1500.50"),
            customer: Customer {
                name: format!("ООО «Клиент {id}»"),
                inn: Some(format!("77{id:08}")),
                kpp: Some("770501001".to_owned()),
                accounts: vec![format!("40702810{id:012}")],
            },
            status: InvoiceStatus::Open,
            due: None,
            contract: None,
            company: Some("ООО «Наша»".to_owned()),
            deal: None,
        };
        assert_eq!(*invoice, expected);
    }
}

#[test]
fn a_long_list_is_read_whole_and_only_what_is_open() {
    let fake = firm();
    let pull = now(client(&fake).pull(&[])).unwrap();
    check_open(&pull.invoices);
    assert!(pull.complete && pull.skipped.is_empty() && pull.deleted.is_empty());
}

#[test]
fn our_own_company_is_known_by_its_only_inn_and_else_by_its_name() {
    let fake = firm();
    let requisite =
        |id: u64, inn: &str| json!({"ID": id.to_string(), "ENTITY_TYPE_ID": "4", "ENTITY_ID": "5", "RQ_INN": inn});
    let issuers = |fake: &Fake| -> BTreeSet<Option<String>> {
        let pull = now(client(fake).pull(&[])).unwrap();
        pull.invoices.into_iter().map(|invoice| invoice.company).collect()
    };
    fake.state().requisites.push(requisite(1, "7802641756"));
    assert_eq!(issuers(&fake), BTreeSet::from([Some("7802641756".to_owned())]));
    // A second card of the same tax payer changes nothing; another tax payer on it leaves only the name.
    fake.state().requisites.push(requisite(2, "7802641756"));
    assert_eq!(issuers(&fake), BTreeSet::from([Some("7802641756".to_owned())]));
    fake.state().requisites.push(requisite(3, "7707083893"));
    assert_eq!(issuers(&fake), BTreeSet::from([Some("ООО «Наша»".to_owned())]));
}

#[test]
fn what_a_portal_takes_in_no_batch_is_asked_alone() {
    let fake = firm();
    fake.state().oddities.lists_want_to_be_alone = true;
    let pull = now(client(&fake).pull(&[])).unwrap();
    check_open(&pull.invoices);
    assert!(pull.complete && pull.skipped.is_empty());
}

#[test]
fn any_call_may_fail_and_be_repeated() {
    let calls = {
        let fake = firm();
        now(client(&fake).pull(&[])).unwrap();
        fake.state().calls.len()
    };
    for fault in [Fault::LostAfter, Fault::Limited, Fault::FailedBefore] {
        for call in 0..calls {
            let fake = firm();
            let retries = usize::try_from(READ_RETRIES_MAX).unwrap();
            fake.plan(std::iter::repeat_n(None, call).chain(std::iter::repeat_n(Some(fault), retries)));
            let pull = now(client(&fake).pull(&[])).unwrap();
            check_open(&pull.invoices);
            assert!(pull.complete);
        }
    }
}

#[test]
fn a_list_that_breaks_off_anywhere_is_an_error_and_never_half_a_list() {
    let retries = usize::try_from(READ_RETRIES_MAX).unwrap();
    let calls = {
        let fake = firm();
        now(client(&fake).pull(&[])).unwrap();
        fake.state().calls.len()
    };
    for call in 0..calls {
        let fake = firm();
        let good = std::iter::repeat_n(None, call);
        fake.plan(good.chain(std::iter::repeat_n(Some(Fault::LostBefore), retries + 1)));
        let error = now(client(&fake).pull(&[])).unwrap_err();
        assert!(matches!(error.call(), Some(CallError::NoAnswer { .. })), "{error}");
        assert!(!error.text().ru.is_empty());
    }
}

#[test]
fn offline_is_said_at_once() {
    let fake = firm();
    fake.fault_at(0, Fault::NotSent);
    let error = now(client(&fake).pull(&[])).unwrap_err();
    assert!(matches!(error.call(), Some(CallError::NotSent { .. })));
    assert_eq!(fake.state().calls.len(), 1);
}

#[test]
fn lists_that_ignore_their_filters_poison_nothing() {
    let fake = firm();
    fake.state().oddities = Oddities {
        old_lists_ignore_filters: true,
        items_ignore_filters: true,
        ..Oddities::default()
    };
    let pull = now(client(&fake).pull(&[])).unwrap();
    check_open(&pull.invoices);
    assert!(pull.complete);
}

#[test]
fn invoices_open_no_longer_come_with_what_became_of_them() {
    let fake = firm();
    fake.state().items.remove(&(INVOICE, 1003));
    let asked = [
        "b24:31:1000",
        "b24:31:1001",
        "b24:31:1002",
        "b24:31:1003",
        "amo:31:1004",
    ]
    .map(InvoiceId::from);
    let pull = now(client(&fake).pull(&asked)).unwrap();
    let status = |id: &str| {
        let found = pull.invoices.iter().find(|invoice| invoice.id.0 == id);
        found.map(|invoice| invoice.status)
    };
    assert_eq!(status("b24:31:1000"), Some(InvoiceStatus::Open));
    assert_eq!(status("b24:31:1001"), Some(InvoiceStatus::Paid));
    assert_eq!(status("b24:31:1002"), Some(InvoiceStatus::Cancelled));
    assert_eq!(pull.deleted, ["b24:31:1003".into()]);
    assert!(pull.skipped[0].ru.contains("1003"), "{:?}", pull.skipped);
    assert_eq!(u64::try_from(pull.invoices.len()).unwrap(), OPEN - 1 + 2);
}

#[test]
fn a_row_that_is_no_invoice_is_left_out_by_name() {
    for (change, words) in [
        (json!({"opportunity": "1.005"}), "сумма"),
        (json!({"currencyId": null}), "валюта"),
        (json!({"begindate": null}), "дата"),
        (json!({"accountNumber": ""}), "номера"),
    ] {
        let fake = Fake::new();
        let mut fields = row(7, "DT31_3:N");
        for (name, value) in change.as_object().unwrap() {
            fields[name] = value.clone();
        }
        fake.put(INVOICE, 7, fields);
        fake.put(INVOICE, 8, row(8, "DT31_3:N"));
        fake.put(COMPANY, 3008, json!({"title": "ООО «Ромашка»"}));
        let pull = now(client(&fake).pull(&[])).unwrap();
        assert_eq!(pull.invoices.len(), 1);
        assert_eq!(pull.skipped.len(), 1);
        assert!(pull.skipped[0].ru.contains(words), "{:?}", pull.skipped);
        assert!(pull.complete);
    }
}

#[test]
fn of_several_tax_payers_on_one_card_the_invoice_names_its_own() {
    let fake = Fake::new();
    fake.put(COMPANY, 3007, json!({"title": "Группа"}));
    fake.put(INVOICE, 7, row(7, "DT31_3:N"));
    {
        let mut state = fake.state();
        for (id, inn) in [(1, "7701000001"), (2, "7702000002")] {
            state
                .requisites
                .push(json!({"ID": id, "ENTITY_TYPE_ID": 4, "ENTITY_ID": 3007, "RQ_INN": inn}));
            state
                .bank_details
                .push(json!({"ID": id, "ENTITY_ID": id, "RQ_ACC_NUM": format!("4070281000000000000{id}")}));
        }
        state
            .links
            .push(json!({"ENTITY_TYPE_ID": "31", "ENTITY_ID": "7", "REQUISITE_ID": "2"}));
    }
    let pull = now(client(&fake).pull(&[])).unwrap();
    let customer = &pull.invoices[0].customer;
    assert_eq!(customer.inn.as_deref(), Some("7702000002"));
    assert_eq!(customer.accounts, ["40702810000000000002"]);
}

#[test]
fn errors_have_words_in_both_languages() {
    for error in [
        CrmError::Shape { method: "m", what: "w" },
        CrmError::OutOfOrder { method: "m" },
        CrmError::NoScope { scope: "crm" },
        CrmError::FieldNotMade {
            field: "f".to_owned(),
            reason: Text::same("r"),
        },
    ] {
        let text = error.text();
        assert!(!text.ru.is_empty() && !text.en.is_empty() && text.ru != text.en);
    }
}

#[test]
fn a_pause_is_waited_for_up_to_its_limit_and_not_a_millisecond_longer() {
    for (asked_ms, waited) in [(READ_PAUSE_MS_MAX, true), (READ_PAUSE_MS_MAX + 1, false)] {
        let fake = firm();
        fake.state().retry_after_ms = asked_ms;
        fake.fault_at(2, Fault::Limited);
        assert_eq!(now(client(&fake).pull(&[])).is_ok(), waited, "{asked_ms}");
    }
}
