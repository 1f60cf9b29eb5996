//! What a write changes, and what it leaves.

use sandbox::Options;
use serde_json::{Value, json};

use crate::desk::{Desk, ids};

const FIELD: &str = "UF_CRM_SMART_INVOICE_BANK_PAYMENT_ID";

async fn add_field(desk: &Desk, entity: &str, name: &str, multiple: &str) -> (u16, Value) {
    let field = json!({"entityId": entity, "fieldName": name, "userTypeId": "string", "multiple": multiple,
                       "editFormLabel": {"ru": "ID банковского платежа"}});
    desk.reply("userfieldconfig.add", json!({"moduleId": "crm", "field": field}))
        .await
}

#[tokio::test]
async fn a_payment_is_written_and_read_back_in_both_spellings() {
    let desk = Desk::demo();
    let (status, added) = add_field(&desk, "CRM_SMART_INVOICE", FIELD, "Y").await;
    assert_eq!((status, &added["result"]["field"]["fieldName"]), (200, &json!(FIELD)));
    let before = desk.invoice(1003).await;
    assert_eq!(before["ufCrmSmartInvoiceBankPaymentId"], json!([]));

    desk.control("/clock", json!({"advance_ms": 5000})).await;
    let fields = json!({"stageId": "DT31_3:P", "ufCrmSmartInvoiceBankPaymentId": ["p1", "p2"], "nonsense": 1, "id": 7});
    let written = desk
        .result(
            "crm.item.update",
            json!({"entityTypeId": 31, "id": 1003, "fields": fields}),
        )
        .await["item"]
        .clone();
    let read = desk.invoice(1003).await;
    assert_eq!(written, read);
    assert_eq!(read["id"], 1003);
    assert_eq!(
        (&read["stageId"], &read["previousStageId"]),
        (&json!("DT31_3:P"), &json!("DT31_3:S"))
    );
    assert_eq!(read["ufCrmSmartInvoiceBankPaymentId"], json!(["p1", "p2"]));
    assert!(read["updatedTime"].as_str() > before["updatedTime"].as_str());

    let found = desk
        .result(
            "crm.item.list",
            json!({"entityTypeId": 31, "filter": {FIELD: "p2"}, "useOriginalUfNames": "Y"}),
        )
        .await["items"]
        .clone();
    assert_eq!(ids(&found), [1003]);
    assert_eq!(found[0][FIELD], json!(["p1", "p2"]));
    let fields = desk.result("crm.item.fields", json!({"entityTypeId": 31})).await["fields"].clone();
    assert_eq!(fields["ufCrmSmartInvoiceBankPaymentId"]["upperName"], FIELD);
    assert_eq!(fields["stageId"]["statusType"], "SMART_INVOICE_STAGE_3");
    let at_a_glance = desk.state().await["bitrix24"]["invoices"][2].clone();
    assert_eq!(
        (&at_a_glance["id"], &at_a_glance["semantics"]),
        (&json!(1003), &json!("S"))
    );
    assert_eq!(at_a_glance["payment_ids"], json!(["p1", "p2"]));
}

#[tokio::test]
async fn nothing_new_saves_nothing() {
    let desk = Desk::demo();
    let before = desk.invoice(1003).await;
    desk.control("/clock", json!({"advance_ms": 60000})).await;
    let fields = json!({"stageId": "DT31_3:S", "opportunity": "146400.00"});
    let after = desk
        .result(
            "crm.item.update",
            json!({"entityTypeId": 31, "id": 1003, "fields": fields}),
        )
        .await["item"]
        .clone();
    assert_eq!(before["updatedTime"], after["updatedTime"]);
}

#[tokio::test]
async fn custom_fields_obey_the_portals_naming_rules() {
    let desk = Desk::demo();
    for (entity, name, text) in [
        ("CRM_SMART_INVOICE", "UF_BANK_PAYMENT_ID", "should start with"),
        ("CRM_DEAL", "UF_CRM_BANK_PAYMENT_ID", "should start with"),
        ("CRM_DEAL", "", "The 'FIELD_NAME' field is not found."),
        ("CRM_DEAL", "UF_CRM_DEAL_bank", "invalid symbols"),
        ("CRM_ANYTHING", "UF_CRM_ANYTHING_ID", "You cannot create custom fields"),
    ] {
        let (status, body) = add_field(&desk, entity, name, "N").await;
        assert_eq!((status, &body["error"]), (400, &json!("")), "{name}");
        assert!(body["error_description"].as_str().unwrap().contains(text), "{body}");
    }
    let prefix = "UF_CRM_DEAL_";
    for (length, status) in [(50, 200), (51, 400)] {
        let name = format!("{prefix}{}", "A".repeat(length - prefix.len()));
        assert_eq!(
            add_field(&desk, "CRM_DEAL", &name, "N").await.0,
            status,
            "{length} characters"
        );
    }
    assert_eq!(add_field(&desk, "CRM_SMART_INVOICE", FIELD, "N").await.0, 200);
    let (_, again) = add_field(&desk, "CRM_SMART_INVOICE", FIELD, "N").await;
    assert!(
        again["error_description"].as_str().unwrap().ends_with("already exists"),
        "{again}"
    );
    let filter = json!({"moduleId": "crm", "filter": {"entityId": "CRM_SMART_INVOICE"}});
    let listed = desk.body("userfieldconfig.list", filter).await;
    assert_eq!(
        (&listed["total"], &listed["result"]["fields"][0]["fieldName"]),
        (&json!(1), &json!(FIELD))
    );
}

#[tokio::test]
async fn a_webhook_without_the_scope_uses_the_deals_own_method() {
    let desk = Desk::open(Options {
        load: Some(json!({"scopes": ["crm"], "deals": [{"id": 25, "title": "Сделка", "amount": 10}]})),
        ..Options::default()
    });
    let (status, body) = add_field(&desk, "CRM_DEAL", "UF_CRM_DEAL_BANK_PAYMENT_ID", "N").await;
    assert_eq!((status, &body["error"]), (401, &json!("insufficient_scope")));
    let fields = json!({"fields": {"FIELD_NAME": "BANK_PAYMENT_ID", "USER_TYPE_ID": "string", "MULTIPLE": "Y"}});
    assert!(desk.result("crm.deal.userfield.add", fields.clone()).await.is_i64());
    assert_eq!(
        desk.refusal("crm.deal.userfield.add", fields).await,
        (400, "ERROR_CORE".to_owned())
    );
    let listed = desk.result("crm.deal.userfield.list", json!({})).await;
    assert_eq!(listed[0]["FIELD_NAME"], "UF_CRM_BANK_PAYMENT_ID");

    let update = json!({"id": 25, "fields": {"STAGE_ID": "WON", "UF_CRM_BANK_PAYMENT_ID": ["p1"]}, "params": {"REGISTER_SONET_EVENT": "N"}});
    assert_eq!(desk.result("crm.deal.update", update).await, json!(true));
    let select = json!({"filter": {"STAGE_ID": "WON"}, "select": ["ID", "CLOSED", "UF_*"]});
    let deal = desk.result("crm.deal.list", select).await[0].clone();
    assert_eq!(
        deal,
        json!({"ID": "25", "CLOSED": "Y", "UF_CRM_BANK_PAYMENT_ID": ["p1"]})
    );
    let item = desk.result("crm.item.get", json!({"entityTypeId": 2, "id": 25})).await["item"].clone();
    assert_eq!(
        (&item["ufCrmBankPaymentId"], &item["previousStageId"]),
        (&json!(["p1"]), &json!("NEW"))
    );
    let wrong = json!({"id": 25, "fields": {"STAGE_ID": "C5:WON"}});
    assert_eq!(desk.refusal("crm.deal.update", wrong).await, (400, String::new()));
}

#[tokio::test]
async fn items_are_added_and_deleted() {
    let desk = Desk::demo();
    let fields = json!({"title": "Счёт", "opportunity": 1500.5, "companyId": 11, "closedate": "2026-12-01"});
    let item = desk
        .result("crm.item.add", json!({"entityTypeId": 31, "fields": fields}))
        .await["item"]
        .clone();
    assert_eq!(
        (&item["stageId"], item["opportunity"].to_string()),
        (&json!("DT31_3:N"), "1500.5".to_owned())
    );
    assert_eq!(item["closedate"], "2026-12-01T03:00:00+03:00");
    assert_eq!(item["accountNumber"], item["id"].to_string(), "numbered by itself");
    let stranger = json!({"entityTypeId": 31, "fields": {"currencyId": "XXX"}});
    let (_, refused) = desk.reply("crm.item.add", stranger).await;
    assert_eq!(refused["error_description"], "Currency is incorrect");
    let which = json!({"entityTypeId": 31, "id": item["id"]});
    assert_eq!(desk.result("crm.item.delete", which.clone()).await, json!([]));
    assert_eq!(desk.refusal("crm.item.get", which).await.1, "NOT_FOUND");
}

#[tokio::test]
async fn comments_are_kept_in_the_timeline() {
    let desk = Desk::demo();
    let comment = |text: &str| json!({"fields": {"ENTITY_ID": 1003, "ENTITY_TYPE": "dynamic_31", "COMMENT": text}});
    let id = desk
        .result("crm.timeline.comment.add", comment("[b]Оплата[/b] 146400.00"))
        .await;
    desk.result("crm.timeline.comment.add", comment("второй")).await;
    let filter = json!({"filter": {"ENTITY_ID": 1003, "ENTITY_TYPE": "smart_invoice"}, "order": {"ID": "DESC"}});
    let listed = desk.body("crm.timeline.comment.list", filter).await;
    assert_eq!(
        (&listed["total"], &listed["result"][0]["COMMENT"]),
        (&json!(2), &json!("второй"))
    );
    let one = desk.result("crm.timeline.comment.get", json!({"id": id})).await;
    assert_eq!(
        (&one["ID"], &one["ENTITY_ID"]),
        (&json!(id.to_string()), &json!("1003"))
    );
    desk.result("crm.timeline.comment.delete", json!({"id": id})).await;
    assert_eq!(
        desk.refusal("crm.timeline.comment.get", json!({"id": id})).await.1,
        "NOT_FOUND"
    );
}
