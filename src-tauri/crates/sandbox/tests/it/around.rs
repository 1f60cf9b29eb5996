//! What stands around an invoice: requisites, to-dos, tasks, payments, acts, invoices of the old kind, custom fields.

use serde_json::{Value, json};

use crate::desk::Desk;

const INVOICE: i64 = 1003;

#[tokio::test]
async fn requisites_belong_to_somebody_and_take_their_accounts_along() {
    let desk = Desk::demo();
    let add = |fields: Value| json!({"fields": fields});
    let whole = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": 11, "PRESET_ID": 1, "NAME": "Вторые", "RQ_INN": "7707083893"});
    for (name, value) in [("ENTITY_TYPE_ID", 31), ("ENTITY_ID", 404), ("PRESET_ID", 2)] {
        let mut wrong = whole.clone();
        wrong[name] = json!(value);
        assert_eq!(
            desk.refusal("crm.requisite.add", add(wrong)).await,
            (400, String::new()),
            "{name}"
        );
    }
    let requisite = desk.result("crm.requisite.add", add(whole)).await;
    let account = json!({"ENTITY_ID": requisite, "NAME": "Счёт", "RQ_ACC_NUM": "40702810938000060473"});
    let detail = desk.result("crm.requisite.bankdetail.add", add(account)).await;
    let iban = json!({"ENTITY_ID": requisite, "NAME": "Счёт", "RQ_IIK": "KZ12345678901234567890123456"});
    assert_eq!(desk.refusal("crm.requisite.bankdetail.add", add(iban)).await.1, "");
    let link = json!({"ENTITY_TYPE_ID": 31, "ENTITY_ID": INVOICE, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": detail});
    desk.result("crm.requisite.link.register", add(link)).await;
    let asked = json!({"entityTypeId": 31, "entityId": INVOICE});
    let linked = desk.result("crm.requisite.link.get", asked.clone()).await;
    assert_eq!(linked["REQUISITE_ID"], requisite.to_string());
    assert_eq!(linked["MC_REQUISITE_ID"], "0");
    desk.result("crm.requisite.delete", json!({"id": requisite})).await;
    assert_eq!(
        desk.refusal("crm.requisite.bankdetail.get", json!({"id": detail}))
            .await
            .1,
        ""
    );
}

#[tokio::test]
async fn a_company_goes_and_its_requisites_stay() {
    let desk = Desk::demo();
    let filter = json!({"filter": {"ENTITY_TYPE_ID": 4, "ENTITY_ID": 11}});
    assert_eq!(desk.body("crm.requisite.list", filter.clone()).await["total"], 1);
    assert_eq!(desk.result("crm.company.delete", json!({"id": 11})).await, true);
    assert_eq!(
        desk.refusal("crm.company.get", json!({"id": 11})).await,
        (400, String::new())
    );
    assert_eq!(desk.body("crm.requisite.list", filter).await["total"], 1);
}

#[tokio::test]
async fn a_to_do_is_found_by_the_mark_of_an_outside_system() {
    let desk = Desk::demo();
    let todo = |owner: i64| json!({"ownerTypeId": 31, "ownerId": owner, "deadline": "2026-11-23T12:00:00+03:00", "title": "Разобрать"});
    assert_eq!(
        desk.refusal("crm.activity.todo.add", todo(404)).await.1,
        "OWNER_NOT_FOUND"
    );
    let id = desk.result("crm.activity.todo.add", todo(INVOICE)).await["id"].clone();
    let mark = json!({"id": id, "fields": {"ORIGINATOR_ID": "sverka", "ORIGIN_ID": "17"}});
    desk.result("crm.activity.update", mark).await;
    let found = desk
        .result(
            "crm.activity.list",
            json!({"filter": {"ORIGINATOR_ID": "sverka", "ORIGIN_ID": "17"}}),
        )
        .await;
    assert_eq!(
        (found.as_array().unwrap().len(), &found[0]["DEADLINE"]),
        (1, &json!("2026-11-23T12:00:00+03:00"))
    );
    let binding = json!({"activityId": id, "entityTypeId": 4, "entityId": 404});
    assert_eq!(
        desk.result("crm.activity.binding.add", binding.clone()).await,
        true,
        "even to what is not there"
    );
    assert_eq!(
        desk.refusal("crm.activity.binding.add", binding).await.1,
        "ACTIVITY_IS_ALREADY_BOUND"
    );
}

#[tokio::test]
async fn tasks_and_notes_reach_people() {
    let desk = Desk::demo();
    let task = json!({"fields": {"TITLE": "Платёж", "RESPONSIBLE_ID": 7, "UF_CRM_TASK": ["SI_1003", "CO_11"]}});
    let added = desk.result("tasks.task.add", task).await["task"].clone();
    assert_eq!(added["responsibleId"], "7", "every value is a text");
    let found = desk
        .result(
            "tasks.task.list",
            json!({"filter": {"UF_CRM_TASK": "SI_1003"}, "select": ["ID", "TITLE"]}),
        )
        .await;
    assert_eq!(found["tasks"], json!([{"id": added["id"], "title": "Платёж"}]));
    let nobody = json!({"fields": {"TITLE": "Платёж", "RESPONSIBLE_ID": 404}});
    assert_eq!(desk.refusal("tasks.task.add", nobody).await.1, "ERROR_CORE");

    let note = |tag: &str| json!({"USER_ID": 7, "MESSAGE": "Деньги пришли", "TAG": tag, "CLIENT_ID": "sverka"});
    let first = desk.result("im.notify.system.add", note("bank-1")).await;
    let again = desk.result("im.notify.system.add", note("bank-1")).await;
    assert_ne!(first, again);
    assert_eq!(
        desk.state().await["bitrix24"]["notifications"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    for (params, code) in [
        (json!({"MESSAGE": "x"}), "USER_ID_EMPTY"),
        (json!({"USER_ID": 7}), "MESSAGE_EMPTY"),
    ] {
        assert_eq!(desk.refusal("im.notify.system.add", params).await.1, code);
    }
}

#[tokio::test]
async fn a_payment_takes_its_voucher_by_the_shop_only() {
    let desk = Desk::demo();
    let object = json!({"entityTypeId": 31, "entityId": INVOICE});
    assert_eq!(desk.result("crm.item.payment.list", object.clone()).await, json!([]));
    let id = desk.result("crm.item.payment.add", object.clone()).await;
    let voucher = json!({"paySystemId": 6, "paid": "Y", "payVoucherNum": "17", "payVoucherDate": "2026-11-20"});
    desk.result(
        "crm.item.payment.update",
        json!({"id": id, "fields": {"payVoucherNum": "1"}}),
    )
    .await;
    let before = desk.result("sale.payment.get", json!({"id": id})).await["payment"].clone();
    assert_eq!((&before["payVoucherNum"], &before["paid"]), (&json!(""), &json!("N")));
    let after = desk
        .result("sale.payment.update", json!({"id": id, "fields": voucher}))
        .await["payment"]
        .clone();
    assert_eq!((&after["payVoucherNum"], &after["paid"]), (&json!("17"), &json!("Y")));
    let brief = desk.result("crm.item.payment.list", object).await[0].clone();
    assert_eq!(brief["sum"].to_string(), "146400");
    assert!(
        brief["datePaid"].is_string() && brief.get("payVoucherNum").is_none(),
        "{brief}"
    );
    let order = desk
        .result(
            "crm.orderentity.list",
            json!({"filter": {"ownerTypeId": 31, "ownerId": INVOICE}}),
        )
        .await;
    assert_eq!(order["orderEntity"][0]["orderId"], after["orderId"]);
    let (status, gone) = desk.reply("sale.payment.get", json!({"id": 1})).await;
    assert_eq!((status, gone["error"].as_u64()), (400, Some(200_640_400_001)));
    let batch = desk.result("batch", json!({"cmd": {"a": "sale.payment.list"}})).await;
    assert_eq!(batch["result_error"]["a"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn an_acts_pdf_comes_later() {
    let desk = Desk::demo();
    desk.control("/clock", json!({"stopped": true})).await;
    let templates = desk
        .result(
            "crm.documentgenerator.template.list",
            json!({"filter": {"entityTypeId": "31"}}),
        )
        .await;
    assert_eq!(templates["templates"]["39"]["name"], "Акт выполненных работ");
    let add = json!({"templateId": 39, "entityTypeId": 31, "entityId": INVOICE, "values": {"DocumentNumber": "17"}});
    let document = desk.result("crm.documentgenerator.document.add", add).await["document"].clone();
    assert_eq!((&document["number"], &document["pdfUrl"]), (&json!("17"), &Value::Null));
    desk.control("/clock", json!({"advance_ms": 2000})).await;
    let later = desk
        .result("crm.documentgenerator.document.get", json!({"id": document["id"]}))
        .await;
    assert!(later["document"]["pdfUrl"].is_string());
    let found = desk
        .result(
            "crm.documentgenerator.document.list",
            json!({"filter": {"number": "17"}}),
        )
        .await;
    assert_eq!(found["documents"][0]["entityId"], INVOICE.to_string());
}

#[tokio::test]
async fn invoices_of_the_old_kind_are_paid_by_their_state() {
    let desk = Desk::demo();
    assert_eq!(desk.result("crm.invoice.list", json!({})).await, json!([]));
    let old = json!({"id": 77, "number": "77", "amount": "100.00", "company": 11});
    desk.control("/load", json!({"keep": true, "old_invoices": [old]}))
        .await;
    assert_eq!(
        desk.result("crm.invoice.get", json!({"id": 77})).await["INVOICE_PROPERTIES"]["INN"],
        "7813641821"
    );
    let pay = json!({"id": 77, "fields": {"STATUS_ID": "P", "PAYED": "N", "PAY_VOUCHER_NUM": "17", "PAY_VOUCHER_DATE": "2026-11-20"}});
    desk.result("crm.invoice.update", pay).await;
    let row = desk
        .result("crm.invoice.list", json!({"filter": {"STATUS_ID": "P"}}))
        .await[0]
        .clone();
    assert_eq!(
        (&row["PAYED"], &row["PAY_VOUCHER_NUM"], &row["PRICE"]),
        (&json!("Y"), &json!("17"), &json!("100.00"))
    );
    let wrong = json!({"id": 77, "fields": {"STATUS_ID": "WON"}});
    assert_eq!(desk.refusal("crm.invoice.update", wrong).await.1, "");
}

#[tokio::test]
async fn a_field_goes_with_what_was_written_into_it() {
    let desk = Desk::demo();
    let name = "UF_CRM_SMART_INVOICE_MARK";
    let field = json!({"entityId": "CRM_SMART_INVOICE", "fieldName": name, "userTypeId": "string"});
    let add = json!({"moduleId": "crm", "field": field});
    let id = desk.result("userfieldconfig.add", add.clone()).await["field"]["id"].clone();
    let write = json!({"entityTypeId": 31, "id": INVOICE, "fields": {"ufCrmSmartInvoiceMark": "x"}});
    assert_eq!(
        desk.result("crm.item.update", write).await["item"]["ufCrmSmartInvoiceMark"],
        "x"
    );
    desk.result("userfieldconfig.delete", json!({"moduleId": "crm", "id": id}))
        .await;
    assert!(desk.invoice(INVOICE).await.get("ufCrmSmartInvoiceMark").is_none());
    desk.result("userfieldconfig.add", add).await;
    assert_eq!(desk.invoice(INVOICE).await["ufCrmSmartInvoiceMark"], "");
}

#[tokio::test]
async fn funnels_and_stages_can_be_made() {
    let desk = Desk::demo();
    let stage = json!({"fields": {"ENTITY_ID": "SMART_INVOICE_STAGE_3", "STATUS_ID": "UC_NEW", "NAME": "Ещё"}});
    let id = desk.result("crm.status.add", stage.clone()).await;
    assert_eq!(
        desk.result("crm.status.get", json!({"id": id})).await["STATUS_ID"],
        "DT31_3:UC_NEW"
    );
    assert_eq!(desk.refusal("crm.status.add", stage).await.1, "");
    let moved = json!({"entityTypeId": 31, "id": INVOICE, "fields": {"stageId": "DT31_3:UC_NEW"}});
    desk.result("crm.item.update", moved).await;
    let funnel = json!({"entityTypeId": 31, "fields": {"name": "Аренда"}});
    let category = desk.result("crm.category.add", funnel).await["category"]["id"].clone();
    let filter = json!({"filter": {"ENTITY_ID": format!("SMART_INVOICE_STAGE_{category}")}});
    assert_eq!(
        desk.result("crm.status.list", filter).await.as_array().unwrap().len(),
        4
    );
}

#[tokio::test]
async fn a_deal_tells_what_its_stage_means() {
    let desk = Desk::demo();
    let win = json!({"id": 501, "fields": {"STAGE_ID": "WON"}});
    assert_eq!(desk.result("crm.deal.update", win).await, true);
    let deal = desk.result("crm.deal.get", json!({"id": 501})).await;
    assert_eq!(
        (&deal["STAGE_SEMANTIC_ID"], &deal["CLOSED"]),
        (&json!("S"), &json!("Y"))
    );
}
