//! What invoices, deals and leads are made of, and the references that say what the portal's numbers stand for.

use serde_json::{Value, json};

use crate::desk::Desk;

const INVOICE: i64 = 1003;

#[tokio::test]
async fn a_row_is_priced_before_tax_and_before_discount() {
    let desk = Desk::demo();
    // The documentation's own two samples.
    for (price, tax, discount, expected) in [
        ("90000", "10", "10", [81818.18, 90909.09, 100_000.0, 9090.91]),
        ("80000", "20", "20", [66666.67, 83333.34, 100_000.01, 16666.67]),
    ] {
        let fields = json!({"ownerType": "SI", "ownerId": INVOICE, "productName": "Телефон", "price": price,
            "taxRate": tax, "taxIncluded": "Y", "discountTypeId": 2, "discountRate": discount});
        let row = desk.result("crm.item.productrow.add", json!({"fields": fields})).await["productRow"].clone();
        let seen = ["priceExclusive", "priceNetto", "priceBrutto", "discountSum"].map(|key| row[key].as_f64().unwrap());
        assert_eq!(seen, expected, "{row}");
        assert_eq!((&row["quantity"], &row["ownerType"]), (&json!(1), &json!("SI")));
    }
}

#[tokio::test]
async fn rows_make_the_sum_of_their_invoice_unless_it_is_kept_by_hand() {
    let desk = Desk::demo();
    let kept = |how: &str, sum: i64| json!({"entityTypeId": 31, "id": INVOICE, "fields": {"isManualOpportunity": how, "opportunity": sum}});
    desk.result("crm.item.update", kept("N", 0)).await;
    let rows = json!([
        {"productName": "Песок", "price": 100, "quantity": "1.255", "measureCode": 168, "taxRate": 20, "taxIncluded": "Y"},
        {"productId": 17, "productName": "Доставка", "price": "10.10", "quantity": 3},
    ]);
    let set = |rows: &Value| json!({"ownerType": "SI", "ownerId": INVOICE, "productRows": rows});
    let shown = desk.result("crm.item.productrow.set", set(&rows)).await["productRows"].clone();
    assert_eq!(shown[0]["quantity"].as_f64(), Some(1.255));
    assert_eq!((&shown[0]["taxRate"], &shown[1]["taxRate"]), (&json!(20), &Value::Null));
    let invoice = desk.invoice(INVOICE).await;
    assert_eq!(invoice["opportunity"].as_f64(), Some(155.8));
    assert_eq!(invoice["taxValue"].as_f64(), Some(20.92));

    let change = json!({"id": shown[1]["id"], "fields": {"quantity": 2, "ownerId": 1004}});
    let changed = desk.result("crm.item.productrow.update", change).await["productRow"].clone();
    assert_eq!(changed["ownerId"], INVOICE, "a row does not change hands");
    assert_eq!(desk.invoice(INVOICE).await["opportunity"].as_f64(), Some(145.70));
    assert_eq!(
        desk.result("crm.item.productrow.delete", json!({"id": shown[0]["id"]}))
            .await,
        Value::Null
    );
    assert_eq!(desk.invoice(INVOICE).await["opportunity"].as_f64(), Some(20.20));

    desk.result("crm.item.update", kept("Y", 500)).await;
    desk.result("crm.item.productrow.set", set(&rows)).await;
    assert_eq!(desk.invoice(INVOICE).await["opportunity"].as_f64(), Some(500.0));
}

#[tokio::test]
async fn rows_are_listed_of_one_owner_and_go_with_it() {
    let desk = Desk::demo();
    let rows: Vec<Value> = (1..=60)
        .map(|at| json!({"productName": format!("Товар {at}"), "price": at}))
        .collect();
    let set = json!({"ownerType": "SI", "ownerId": INVOICE, "productRows": rows});
    desk.result("crm.item.productrow.set", set).await;
    let asked = |start: i64| json!({"filter": {"=ownerType": "SI", "=ownerId": INVOICE, ">price": 5}, "order": {"price": "desc"}, "start": start});
    let first = desk.body("crm.item.productrow.list", asked(0)).await;
    assert_eq!((&first["total"], &first["next"]), (&json!(55), &json!(50)));
    assert_eq!(first["result"]["productRows"][0]["price"], 60);
    let last = desk.body("crm.item.productrow.list", asked(50)).await;
    assert_eq!(last["result"]["productRows"].as_array().unwrap().len(), 5);

    for (filter, code) in [
        (json!({"=ownerType": "SI"}), "INVALID_ARG_VALUE"),
        (
            json!({"=ownerType": "SI", "=ownerId": INVOICE, "sum": 1}),
            "INVALID_ARG_VALUE",
        ),
    ] {
        let refusal = desk
            .refusal("crm.item.productrow.list", json!({"filter": filter}))
            .await;
        assert_eq!(refusal, (400, code.to_owned()));
    }
    assert_eq!(desk.refusal("crm.item.productrow.list", json!({})).await.1, "100");
    for (owner, id, code) in [("SI", 404, "OWNER_NOT_FOUND"), ("CO", 11, "ENTITY_TYPE_NOT_SUPPORTED")] {
        let fields = json!({"ownerType": owner, "ownerId": id, "price": 1});
        assert_eq!(
            desk.refusal("crm.item.productrow.add", json!({"fields": fields}))
                .await
                .1,
            code
        );
    }
    assert_eq!(
        desk.refusal("crm.item.productrow.get", json!({"id": 404})).await.1,
        "NOT_FOUND"
    );

    desk.result("crm.item.delete", json!({"entityTypeId": 31, "id": INVOICE}))
        .await;
    let left = desk.body("crm.item.productrow.list", asked(0)).await;
    assert_eq!(left["total"], 0);
}

#[tokio::test]
async fn the_older_methods_show_the_same_rows_in_their_own_way() {
    let desk = Desk::demo();
    let lead = desk
        .result("crm.lead.add", json!({"fields": {"TITLE": "Заявка"}}))
        .await;
    let rows = json!([{"PRODUCT_NAME": "Услуга", "PRICE": 99.9, "QUANTITY": 2}]);
    assert_eq!(
        desk.result("crm.lead.productrows.set", json!({"id": lead, "rows": rows}))
            .await,
        true
    );
    let shown = desk.result("crm.lead.productrows.get", json!({"id": lead})).await[0].clone();
    assert_eq!(
        (&shown["OWNER_ID"], &shown["OWNER_TYPE"]),
        (&json!(lead.to_string()), &json!("L"))
    );
    assert_eq!(
        (&shown["PRICE"], &shown["PRICE_ACCOUNT"]),
        (&json!(99.9), &json!("99.90"))
    );
    assert_eq!(shown["TAX_RATE"], Value::Null);
    let held = desk.result("crm.lead.get", json!({"id": lead})).await;
    assert_eq!(
        (&held["OPPORTUNITY"], &held["STATUS_ID"]),
        (&json!("199.80"), &json!("NEW"))
    );
    assert_eq!(
        desk.refusal("crm.deal.productrows.get", json!({"id": 404})).await,
        (400, String::new())
    );
}

#[tokio::test]
async fn a_lead_goes_through_its_states() {
    let desk = Desk::demo();
    let lead = desk
        .result("crm.lead.add", json!({"fields": {"TITLE": "Заявка", "NAME": "Пётр"}}))
        .await;
    let states = desk
        .result("crm.status.list", json!({"filter": {"ENTITY_ID": "STATUS"}}))
        .await;
    let won = states
        .as_array()
        .unwrap()
        .iter()
        .find(|state| state["SEMANTICS"] == "S")
        .unwrap();
    let update = json!({"id": lead, "fields": {"STATUS_ID": won["STATUS_ID"]}});
    assert_eq!(desk.result("crm.lead.update", update).await, true);
    let item = desk
        .result("crm.item.get", json!({"entityTypeId": 1, "id": lead}))
        .await["item"]
        .clone();
    assert_eq!(
        (&item["stageId"], &item["previousStageId"]),
        (&json!("CONVERTED"), &json!("NEW"))
    );
    assert_eq!(item["stageSemanticId"], "S");
    let unknown = json!({"id": lead, "fields": {"STATUS_ID": "WON"}});
    assert_eq!(desk.refusal("crm.lead.update", unknown).await, (400, String::new()));
    let categories = desk.refusal("crm.category.list", json!({"entityTypeId": 1})).await;
    assert_eq!(categories.1, "ENTITY_TYPE_NOT_SUPPORTED");
}

#[tokio::test]
async fn references_say_what_numbers_stand_for() {
    let desk = Desk::demo();
    let owners = desk.result("crm.enum.ownertype", json!({})).await;
    let invoice = owners
        .as_array()
        .unwrap()
        .iter()
        .find(|owner| owner["ID"] == 31)
        .unwrap();
    assert_eq!(
        (&invoice["SYMBOL_CODE"], &invoice["SYMBOL_CODE_SHORT"]),
        (&json!("SMART_INVOICE"), &json!("SI"))
    );
    for (method, id, name) in [
        ("crm.enum.activitytype", 2, "Звонок"),
        ("crm.enum.activitystatus", 2, "Завершено"),
        ("crm.enum.activitypriority", 3, "высокая"),
        ("crm.enum.activitydirection", 1, "Входящее"),
        ("crm.enum.activitynotifytype", 1, "мин."),
        ("crm.enum.contenttype", 2, "bbCode"),
        ("crm.enum.addresstype", 6, "Юридический адрес"),
        ("crm.enum.settings.mode", 1, "Классическая CRM"),
    ] {
        let entries = desk.result(method, json!({})).await;
        let entry = entries
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["ID"] == id)
            .unwrap();
        assert_eq!(
            (&entry["NAME"], &entry["SYMBOL_CODE"]),
            (&json!(name), &Value::Null),
            "{method}"
        );
    }
    assert_eq!(
        desk.result("crm.enum.fields", json!({})).await["ID"]["isReadOnly"],
        true
    );
    assert_eq!(desk.result("crm.settings.mode.get", json!({})).await, 1);
    assert_eq!(
        desk.refusal("crm.enum.nothing", json!({})).await,
        (404, "ERROR_METHOD_NOT_FOUND".to_owned())
    );
}

#[tokio::test]
async fn a_portal_without_types_of_its_own_lists_none() {
    let desk = Desk::demo();
    let listed = desk
        .body("crm.type.list", json!({"filter": {"isStagesEnabled": "Y"}}))
        .await;
    assert_eq!((&listed["result"]["types"], &listed["total"]), (&json!([]), &json!(0)));
    let refusal = desk.refusal("crm.type.list", json!({"filter": {"colour": 1}})).await;
    assert_eq!(refusal, (400, "INVALID_ARG_VALUE".to_owned()));
    let own = desk
        .result("crm.type.getByEntityTypeId", json!({"entityTypeId": 31}))
        .await["type"]
        .clone();
    assert_eq!(
        (&own["entityTypeId"], &own["isPaymentsEnabled"]),
        (&json!(31), &json!("Y"))
    );
    assert_eq!(
        desk.refusal("crm.type.get", json!({"id": 404})).await,
        (400, "NOT_FOUND".to_owned())
    );
}

#[tokio::test]
async fn phones_and_addresses_are_several_and_found_by() {
    let desk = Desk::demo();
    let phone = |value: &str| json!({"VALUE": value, "VALUE_TYPE": "MOBILE"});
    let fields = json!({"NAME": "Пётр", "PHONE": [phone("+7 (999) 123-45-67"), phone("112")], "EMAIL": [{"VALUE": "P@example.test"}]});
    let contact = desk.result("crm.contact.add", json!({"fields": fields})).await;
    let held = desk.result("crm.contact.get", json!({"id": contact})).await;
    assert_eq!(
        (&held["HAS_PHONE"], &held["HAS_EMAIL"], &held["HAS_IMOL"]),
        (&json!("Y"), &json!("Y"), &json!("N"))
    );
    assert_eq!(
        (&held["PHONE"][0]["VALUE_TYPE"], &held["EMAIL"][0]["VALUE_TYPE"]),
        (&json!("MOBILE"), &json!("WORK"))
    );

    let change = json!([{"ID": held["PHONE"][0]["ID"], "VALUE": "+79990000000"}, {"ID": held["PHONE"][1]["ID"], "DELETE": "Y"}, phone("03")]);
    desk.result(
        "crm.contact.update",
        json!({"id": contact, "fields": {"PHONE": change}}),
    )
    .await;
    let list = |filter: Value, select: Value| json!({"filter": filter, "select": select});
    let found = desk
        .result(
            "crm.contact.list",
            list(json!({"PHONE": "+7 999 000-00-00"}), json!(["ID", "PHONE"])),
        )
        .await;
    let numbers: Vec<&Value> = found[0]["PHONE"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["VALUE"])
        .collect();
    assert_eq!(numbers, [&json!("+79990000000"), &json!("03")]);
    assert!(
        found[0]["EMAIL"].is_null() && found.as_array().unwrap().len() == 1,
        "only what is selected by name"
    );
    assert_eq!(
        desk.result("crm.contact.list", list(json!({"PHONE": "112"}), json!([])))
            .await,
        json!([])
    );

    let asked = json!({"type": "EMAIL", "values": ["p@EXAMPLE.test"]});
    assert_eq!(
        desk.result("crm.duplicate.findbycomm", asked.clone()).await,
        json!({"CONTACT": [contact]})
    );
    desk.result("crm.contact.delete", json!({"id": contact})).await;
    assert_eq!(
        desk.result("crm.duplicate.findbycomm", asked).await,
        json!([]),
        "nothing is an empty list"
    );
    let wrong = json!({"type": "FAX", "values": ["1"]});
    assert_eq!(
        desk.refusal("crm.duplicate.findbycomm", wrong).await,
        (400, String::new())
    );
}
