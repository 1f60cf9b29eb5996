//! Open invoices with their customers and leads; half a list is an error.

use crm::{
    Health, Pull, Trouble,
    amocrm::{Account, Client},
};
use domain::{InvoiceStatus, Money};
use serde_json::{Value, json};

use crate::fake::{CATALOG, Fake, Fault, ITEMS, PAYER, PRICE, STATUS, now};

fn pull(fake: &Fake, still_open: &[u64]) -> Result<Pull, Trouble> {
    let ids: Vec<_> = still_open
        .iter()
        .map(|id| format!("amo:{CATALOG}:{id}").into())
        .collect();
    Ok(now(Client::new(fake, Account::new("amo")).pull(&ids))?)
}

fn price(text: &str) -> (u64, Value) {
    (PRICE, json!([{"value": text}]))
}

fn status(choice: u64) -> (u64, Value) {
    (STATUS, json!([{"enum_id": choice}]))
}

#[test]
fn open_invoices_come_whole_with_who_owes_and_where_from() {
    let fake = Fake::new();
    let payer = json!([{"value": {"name": "ООО Ромашка", "entity_type": "companies", "entity_id": 555,
        "vat_id": "7707083893", "kpp": "770501001", "bank_account_number": "40702810900000000001"}}]);
    fake.put(
        1,
        "Счёт №СЧ-145/1 от 20.11.2026",
        &[price("1500.5"), status(11), (PAYER, payer)],
    );
    // Silent about its payer: the lead's company knows.
    fake.put(
        2,
        "Счет №2",
        &[
            (ITEMS, json!([{"value": {"unit_price": 0.1, "quantity": 3}}])),
            status(13),
        ],
    );
    fake.put(3, "Счет №3", &[price("7"), status(12)]);
    fake.put(4, "Счет №4", &[price("90071992547409.93")]);
    fake.put(5, "Счет", &[price("5")]);
    fake.put(6, "Счет №6", &[price("1"), status(15)]);
    let mut state = fake.state();
    for id in 0..5_u64 {
        state
            .leads
            .insert(id + 1, json!({"id": id + 1, "status_id": 7, "_embedded": {}}));
    }
    state.leads.insert(
        25,
        json!({"id": 25, "status_id": 70, "_embedded": {
        "companies": [{"id": 555}], "catalog_elements": [{"id": 2, "metadata": {"catalog_id": CATALOG}}]}}),
    );
    state.companies.insert(
        555,
        json!({"id": 555, "name": "Ромашка", "custom_fields_values": [
        {"field_type": "legal_entity", "values": [{"value": {"name": "ООО «Ромашка»", "vat_id": "7707083893",
            "kpp": "770501001", "bank_account_number": "4070 2810 9000 0000 0002"}}]}]}),
    );
    drop(state);

    let pull = pull(&fake, &[]).unwrap();
    assert!(pull.complete && pull.deleted.is_empty());
    let told: Vec<_> = pull
        .invoices
        .iter()
        .map(|invoice| {
            (
                invoice.id.0.as_str(),
                invoice.number.as_str(),
                invoice.amount.minor(),
                invoice.deal.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("amo:4517:1", "СЧ-145/1", 150_050, None),
            ("amo:4517:2", "2", 30, Some("25")),
            ("amo:4517:4", "4", 9_007_199_254_740_993, None),
        ]
    );
    let first = &pull.invoices[0];
    assert_eq!(first.date.to_string(), "2026-11-20");
    assert_eq!((first.open, first.status), (first.amount, InvoiceStatus::Open));
    assert_eq!(first.customer.inn.as_deref(), Some("7707083893"));
    assert_eq!(
        first.customer.accounts,
        ["40702810900000000001", "40702810900000000002"]
    );
    let second = &pull.invoices[1];
    assert_eq!(
        (second.customer.name.as_str(), second.customer.kpp.as_deref()),
        ("Ромашка", Some("770501001"))
    );
    assert_eq!(second.customer.accounts, ["40702810900000000002"]);
    // Made on the evening of the 19th in Greenwich, which is the 20th in the account.
    assert_eq!(second.date.to_string(), "2026-11-20");
    let skipped: Vec<&str> = pull.skipped.iter().map(|why| why.ru.as_str()).collect();
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(
        skipped[0].contains("нет номера") && skipped[1].contains("Отменён"),
        "{skipped:?}"
    );
}

#[test]
fn what_is_open_no_longer_is_told_apart() {
    let fake = Fake::new();
    fake.put(1, "Счет №1", &[price("1"), status(12)]);
    fake.put(2, "Счет №2", &[price("1"), status(11)]);
    fake.put(3, "Счет №3", &[price("1"), status(12)]);
    fake.put(4, "Счет №4", &[price("1"), status(11)]);
    fake.state().elements.get_mut(&4).unwrap()["is_deleted"] = json!(true);
    let pull = pull(&fake, &[1, 2, 4, 99]).unwrap();
    let told: Vec<_> = pull
        .invoices
        .iter()
        .map(|invoice| (invoice.id.0.as_str(), invoice.status))
        .collect();
    assert_eq!(
        told,
        [("amo:4517:1", InvoiceStatus::Paid), ("amo:4517:2", InvoiceStatus::Open)]
    );
    let deleted: Vec<&str> = pull.deleted.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(deleted, ["amo:4517:4", "amo:4517:99"]);
}

#[test]
fn a_row_that_comes_twice_is_one_and_an_empty_account_is_no_error() {
    let fake = Fake::new();
    assert_eq!(pull(&fake, &[]).unwrap().invoices.len(), 0);
    for id in 1..=8 {
        fake.put(id, &format!("Счет №{id}"), &[price("1")]);
    }
    fake.state().pages_shift = true;
    assert_eq!(pull(&fake, &[]).unwrap().invoices.len(), 8);
}

#[test]
fn a_list_that_breaks_off_is_an_error_and_never_half_a_list() {
    for id_of_the_page in 0..3 {
        let fake = Fake::new();
        for id in 1..=8 {
            fake.put(id, &format!("Счет №{id}"), &[price("1")]);
        }
        // account, catalogs, two pages of fields come before the elements; four faults outlast the repeats of a read.
        let mut plan = vec![None; 4 + id_of_the_page];
        plan.extend([Some(Fault::FailedBefore); 4]);
        fake.plan(plan);
        let trouble = pull(&fake, &[]).unwrap_err();
        assert_eq!(trouble.health, Health::Failing, "{trouble}");
        assert!(trouble.says.ru.contains("elements"), "{trouble:?}");
        // One fault less is got over.
        let mut plan = vec![None; 4 + id_of_the_page];
        plan.extend([Some(Fault::FailedBefore); 3]);
        fake.plan(plan);
        assert_eq!(pull(&fake, &[]).unwrap().invoices.len(), 8);
    }
}

#[test]
fn a_list_in_circles_ends_with_an_error() {
    let fake = Fake::new();
    fake.put(1, "Счет №1", &[price("1")]);
    fake.state().circles = true;
    let trouble = pull(&fake, &[]).unwrap_err();
    assert!(trouble.says.ru.contains("по кругу"), "{trouble:?}");
}

#[test]
fn leads_are_read_no_further_than_they_are_needed() {
    let fake = Fake::new();
    fake.put(1, "Счет №1", &[price("1")]);
    for id in 1..=30_u64 {
        fake.state()
            .leads
            .insert(id, json!({"id": id, "status_id": 7, "_embedded": {}}));
    }
    let linked = json!({"id": 30, "status_id": 7, "_embedded": {"catalog_elements": [{"id": 1}]}});
    fake.state().leads.insert(30, linked);
    let pull = pull(&fake, &[]).unwrap();
    assert_eq!(pull.invoices[0].deal.as_deref(), Some("30"));
    let pages = fake.state().calls.iter().filter(|call| *call == "GET leads").count();
    assert_eq!(pages, 1);
}

#[test]
fn a_kommo_account_in_another_currency_is_the_same() {
    let fake = Fake::new();
    fake.state().currency = "AMD";
    fake.put(
        1,
        "Invoice #7",
        &[price("10.50"), (STATUS, json!([{"value": "Partially paid"}]))],
    );
    let pull = pull(&fake, &[]).unwrap();
    let invoice = &pull.invoices[0];
    let amd = domain::Currency::parse("AMD").unwrap();
    assert_eq!(
        (invoice.number.as_str(), invoice.amount),
        ("7", Money::from_minor(1_050, amd))
    );
}
