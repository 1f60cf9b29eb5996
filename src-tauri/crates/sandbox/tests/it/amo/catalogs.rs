//! Invoices: the catalog, its fields, its elements.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{AmoDesk, ids, values};

#[tokio::test]
async fn the_account_names_its_catalog_of_invoices() {
    let desk = AmoDesk::demo();
    let account = desk
        .read("account?with=invoices_settings,users_groups,task_types,version,datetime_settings,is_api_filter_enabled")
        .await;
    assert_eq!(
        account["invoices_settings"],
        json!({"lang": "ru", "invoices_catalog_id": 5001})
    );
    assert_eq!((&account["currency"], &account["version"]), (&json!("RUB"), &json!(11)));
    assert_eq!(account["_embedded"]["task_types"][0]["id"], 1);
    assert!(desk.read("account").await["invoices_settings"].is_null());
    let found = desk.read("catalogs?type=invoices").await["_embedded"]["catalogs"].clone();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(
        (&found[0]["id"], &found[0]["can_add_elements"]),
        (&json!(5001), &json!(false))
    );
    assert_eq!(
        desk.read("catalogs").await["_embedded"]["catalogs"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_bill_is_paid_by_code_id_or_text_and_the_rest_stays() {
    let desk = AmoDesk::demo();
    let fields = desk.all("catalogs/5001/custom_fields", "custom_fields").await;
    let status = fields.iter().find(|field| field["code"] == "BILL_STATUS").unwrap();
    let enums = status["enums"].as_array().unwrap();
    let codes: Vec<&str> = enums.iter().map(|choice| choice["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["created", "paid", "partially_paid", "paid_in_advance"]);

    let before = desk.read("catalogs/5001/elements/1003").await;
    assert!(before["name"].as_str().unwrap().contains("№СЧ-145 от 05.11.2026"));
    assert_eq!(values(&before, "BILL_PRICE")[0]["value"], "146400");
    assert_eq!(values(&before, "BILL_STATUS")[0]["enum_code"], "created");
    assert!(values(&before, "BILL_PAYMENT_DATE").is_null());
    let payer = &values(&before, "PAYER")[0]["value"];
    assert_eq!(
        (&payer["entity_id"], &payer["entity_type"]),
        (&json!(11), &json!("companies"))
    );

    let payment = json!([{"name": "ID банковского платежа", "type": "text", "code": "BANK_PAYMENT_ID"}]);
    desk.ok(Method::POST, "catalogs/5001/custom_fields", payment).await;
    for value in [
        json!({"enum_code": "partially_paid"}),
        json!({"enum_id": enums[1]["id"]}),
        json!({"value": "Создан"}),
        json!({"enum_code": "paid"}),
    ] {
        let patch = json!([{"id": 1003, "custom_fields_values": [{"field_code": "BILL_STATUS", "values": [value]}]}]);
        desk.write(Method::PATCH, "catalogs/5001/elements", "elements", patch)
            .await;
    }
    let patch = json!([{"id": 1003, "request_id": "r", "custom_fields_values": [
        {"field_code": "BILL_PAYMENT_DATE", "values": [{"value": 1_795_564_800}]},
        {"field_code": "BANK_PAYMENT_ID", "values": [{"value": "p-1"}]},
    ]}]);
    let written = desk
        .write(Method::PATCH, "catalogs/5001/elements", "elements", patch)
        .await;
    assert_eq!((&written["request_id"], &written["id"]), (&json!("r"), &json!(1003)));
    let after = desk.read("catalogs/5001/elements/1003?with=invoice_link").await;
    assert_eq!(values(&after, "BILL_STATUS")[0]["enum_code"], "paid");
    assert_eq!(values(&after, "BILL_PAYMENT_DATE")[0]["value"], 1_795_564_800);
    assert_eq!(values(&after, "PAYER"), values(&before, "PAYER"), "unnamed fields stay");
    assert!(after["invoice_link"].as_str().unwrap().starts_with("http"));
    assert_eq!(
        ids(&desk.all("catalogs/5001/elements?query=p-1", "elements").await),
        [1003]
    );

    let state = desk.state().await;
    let bill = state["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .find(|bill| bill["id"] == 1003)
        .unwrap()
        .clone();
    assert_eq!(bill["added"], json!({"BANK_PAYMENT_ID": "p-1"}));
    assert_eq!((&bill["status"], &bill["leads"]), (&json!("paid"), &json!([501])));
    // A null value clears the field.
    let clear = json!({"custom_fields_values": [{"field_code": "BILL_PAYMENT_DATE", "values": null}]});
    let cleared = desk.ok(Method::PATCH, "catalogs/5001/elements/1003", clear).await;
    assert!(values(&cleared, "BILL_PAYMENT_DATE").is_null());
}

#[tokio::test]
async fn elements_have_no_filter_but_id_and_query() {
    let desk = AmoDesk::demo();
    let all = desk.all("catalogs/5001/elements?limit=250", "elements").await;
    assert!(all.len() > 50);
    for (query, count) in [
        ("filter[id]=1003", 1),
        ("filter[id][]=1003&filter[id][]=1001", 2),
        ("id[]=1003", 1),
        ("id=1003", 1),
        ("query=СЧ-145", 1),
        ("query=сч-145", 1),
        ("filter[custom_fields_values][BILL_STATUS][]=paid&limit=250", all.len()),
        ("filter[updated_at][from]=9999999999&limit=250", all.len()),
        ("query=нет такого", 0),
    ] {
        let rows = desk.all(&format!("catalogs/5001/elements?{query}"), "elements").await;
        assert_eq!(rows.len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_bill_that_cannot_be_is_refused_whole() {
    let desk = AmoDesk::demo();
    let field = |code: &str, value: Value| json!([{"id": 1003, "custom_fields_values": [{"field_code": code, "values": [value]}]}]);
    for (body, refusal) in [
        (
            field("BILL_STATUS", json!({"enum_code": "cancelled"})),
            ("NotSupportedChoice", "custom_fields_values.0.values.0.enum_code"),
        ),
        (
            field("BILL_STATUS", json!({"enum_id": 5})),
            ("NotSupportedChoice", "custom_fields_values.0.values.0.enum_id"),
        ),
        (
            field("BILL_STATUS", json!({"value": "Отменён"})),
            ("NotSupportedChoice", "custom_fields_values.0.values.0.value"),
        ),
        (
            field("BILL_PAYMENT_DATE", json!({"value": "вчера"})),
            ("InvalidDateTime", "custom_fields_values.0.values.0.value"),
        ),
        (
            field("BILL_PRICE", json!({"value": "много"})),
            ("InvalidType", "custom_fields_values.0.values.0.value"),
        ),
        (
            field("BILL_NUMBER", json!({"value": "1"})),
            ("NotSupportedChoice", "custom_fields_values.0.field_code"),
        ),
        (
            json!([{"id": 1003, "custom_fields_values": [{"field_id": "7", "values": []}]}]),
            ("InvalidType", "custom_fields_values.0.field_id"),
        ),
        (json!([{"id": 77, "name": "x"}]), ("NotSupportedChoice", "id")),
    ] {
        let (status, code, path) = desk
            .refusal(Method::PATCH, "catalogs/5001/elements", body.clone())
            .await;
        assert_eq!(
            (status, code.as_str(), path.as_str()),
            (400, refusal.0, refusal.1),
            "{body}"
        );
    }
    let missing = desk
        .refusal(Method::PATCH, "catalogs/77/elements", json!([{"id": 1003}]))
        .await;
    assert_eq!(missing.0, 404);
    let again = desk
        .refusal(Method::POST, "catalogs", json!([{"name": "Счета", "type": "invoices"}]))
        .await;
    assert_eq!(
        (again.0, again.2.as_str()),
        (400, "type"),
        "there is at most one catalog of invoices"
    );
}

#[tokio::test]
async fn catalogs_and_elements_can_be_made() {
    let desk = AmoDesk::demo();
    let catalog = desk
        .write(Method::POST, "catalogs", "catalogs", json!([{"name": "Договоры"}]))
        .await["id"]
        .clone();
    let path = format!("catalogs/{catalog}/elements");
    let element = desk
        .write(Method::POST, &path, "elements", json!([{"name": "Договор 7"}]))
        .await;
    assert_eq!(
        (&element["name"], &element["catalog_id"]),
        (&json!("Договор 7"), &catalog)
    );
    let bill = json!([{"name": "Счет №Н-1", "custom_fields_values": [
        {"field_code": "BILL_STATUS", "values": [{"enum_code": "created"}]},
        {"field_code": "BILL_PRICE", "values": [{"value": 1500.5}]},
        {"field_code": "ITEMS", "values": [{"value": {"description": "Услуга", "unit_price": 1500.5, "quantity": 1}}]},
    ]}]);
    let bill = desk
        .write(Method::POST, "catalogs/5001/elements", "elements", bill)
        .await;
    assert_eq!(values(&bill, "BILL_PRICE")[0]["value"], "1500.5");
    assert_eq!(values(&bill, "ITEMS")[0]["value"]["unit_price"], 1500.5);
    desk.desk
        .control("/amocrm/delete", json!({"elements": [bill["id"]]}))
        .await;
    assert_eq!(
        desk.get(&format!("catalogs/5001/elements/{}", bill["id"])).await.status,
        204
    );
}
