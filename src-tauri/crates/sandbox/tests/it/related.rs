//! What belongs together: contacts, companies, funnels, lists, workflows, and what an application keeps.

use serde_json::{Value, json};

use crate::{desk::Desk, tokens::App};

async fn contacts(desk: &Desk, names: [&str; 3]) -> Vec<i64> {
    let mut ids = Vec::new();
    for name in names {
        let made = desk.result("crm.contact.add", json!({"fields": {"NAME": name}})).await;
        ids.push(made.as_i64().unwrap());
    }
    ids
}

fn ids(rows: &Value, name: &str) -> Vec<i64> {
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[name].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_deal_has_several_contacts_and_one_first() {
    let desk = Desk::demo();
    let people = contacts(&desk, ["Анна", "Борис", "Вера"]).await;
    let get = async || desk.result("crm.deal.contact.items.get", json!({"id": 501})).await;
    let items =
        json!([{"CONTACT_ID": people[0], "SORT": 20}, {"CONTACT_ID": people[1], "SORT": 30, "IS_PRIMARY": "Y"}]);
    let set = json!({"id": 501, "items": items});
    assert_eq!(desk.result("crm.deal.contact.items.set", set).await, true);
    let rows = get().await;
    assert_eq!(ids(&rows, "CONTACT_ID"), [people[1], people[0]]);
    assert_eq!(
        (&rows[0]["IS_PRIMARY"], &rows[1]["IS_PRIMARY"]),
        (&json!("Y"), &json!("N"))
    );
    let deal = desk.result("crm.deal.get", json!({"id": 501})).await;
    assert_eq!(deal["CONTACT_ID"], people[1].to_string());
    assert!(
        deal.get("CONTACT_IDS").is_none(),
        "the older generation does not show them"
    );
    let item = desk.result("crm.item.get", json!({"entityTypeId": 2, "id": 501})).await["item"].clone();
    assert_eq!(
        (&item["contactId"], &item["contactIds"]),
        (&json!(people[1]), &json!([people[1], people[0]]))
    );
    let one =
        |contact: i64, primary: &str| json!({"id": 501, "fields": {"CONTACT_ID": contact, "IS_PRIMARY": primary}});
    assert_eq!(desk.result("crm.deal.contact.add", one(people[2], "Y")).await, true);
    assert_eq!(desk.result("crm.deal.contact.add", one(people[0], "N")).await, false);
    assert_eq!(ids(&get().await, "CONTACT_ID"), [people[2], people[1], people[0]]);
    assert_eq!(desk.result("crm.deal.contact.delete", one(people[2], "N")).await, true);
    assert_eq!(ids(&get().await, "CONTACT_ID"), [people[1], people[0]]);
    assert_eq!(
        desk.result("crm.deal.contact.items.delete", json!({"id": 501})).await,
        true
    );
    assert_eq!(get().await, json!([]));
    for asked in [json!({"id": 0}), json!({"id": 999_999})] {
        assert_eq!(
            desk.refusal("crm.deal.contact.items.get", asked).await,
            (400, String::new())
        );
    }
    assert_eq!(
        desk.refusal("crm.deal.contact.add", one(999_999, "N")).await,
        (400, String::new())
    );
}

#[tokio::test]
async fn the_first_contact_and_all_of_them_agree_whichever_is_written() {
    let desk = Desk::demo();
    let people = contacts(&desk, ["Анна", "Борис", "Вера"]).await;
    let write = async |fields: Value| {
        let asked = json!({"entityTypeId": 31, "id": 1003, "fields": fields});
        let item = desk.result("crm.item.update", asked).await["item"].clone();
        (item["contactId"].clone(), item["contactIds"].clone())
    };
    assert_eq!(
        write(json!({"contactIds": [people[0], people[1]]})).await,
        (json!(people[0]), json!([people[0], people[1]]))
    );
    assert_eq!(
        write(json!({"contactId": people[2]})).await,
        (json!(people[2]), json!([people[2]]))
    );
    assert_eq!(write(json!({"contactIds": []})).await, (Value::Null, json!([])));
}

#[tokio::test]
async fn companies_and_contacts_know_each_other() {
    let desk = Desk::demo();
    let people = contacts(&desk, ["Анна", "Борис", "Вера"]).await;
    let items = json!([{"CONTACT_ID": people[0]}, {"CONTACT_ID": people[1]}]);
    desk.result("crm.company.contact.items.set", json!({"id": 11, "items": items}))
        .await;
    let of_contact = desk
        .result("crm.contact.company.items.get", json!({"id": people[0]}))
        .await;
    assert_eq!(ids(&of_contact, "COMPANY_ID"), [11]);
    assert_eq!(
        desk.result("crm.contact.get", json!({"id": people[0]})).await["COMPANY_ID"],
        "11"
    );
    let second = json!({"id": people[0], "fields": {"COMPANY_ID": 12}});
    assert_eq!(desk.result("crm.contact.company.add", second).await, true);
    let gone = json!({"id": 11, "fields": {"CONTACT_ID": people[0]}});
    assert_eq!(desk.result("crm.company.contact.delete", gone).await, true);
    let left = desk
        .result("crm.contact.company.items.get", json!({"id": people[0]}))
        .await;
    assert_eq!(ids(&left, "COMPANY_ID"), [12]);
    let of_company = desk.result("crm.company.contact.items.get", json!({"id": 11})).await;
    assert_eq!(ids(&of_company, "CONTACT_ID"), [people[1]]);
}

#[tokio::test]
async fn funnels_are_renamed_and_taken_away() {
    let desk = Desk::demo();
    let add = json!({"entityTypeId": 2, "fields": {"name": "Опт", "sort": 300}});
    let id = desk.result("crm.category.add", add).await["category"]["id"].clone();
    let rename = json!({"entityTypeId": 2, "id": id, "fields": {"name": "Розница"}});
    let renamed = desk.result("crm.category.update", rename).await;
    assert_eq!(
        (&renamed["category"]["name"], &renamed["category"]["sort"]),
        (&json!("Розница"), &json!(300))
    );
    let old = desk.result("crm.dealcategory.list", json!({})).await;
    let number = json!(id.to_string());
    let own = old.as_array().unwrap().iter().find(|row| row["ID"] == number);
    let own = own.unwrap();
    assert_eq!(
        (&own["NAME"], &own["SORT"], &own["IS_LOCKED"]),
        (&json!("Розница"), &json!("300"), &json!("N"))
    );
    let before = old.as_array().unwrap().len() - 1;
    let stages = desk.result("crm.dealcategory.stages", json!({"id": id})).await;
    assert_eq!(stages[0]["STATUS_ID"], format!("C{id}:NEW"));
    assert_eq!(
        desk.result("crm.dealcategory.status", json!({"id": 0})).await,
        "DEAL_STAGE"
    );
    let deal = json!({"entityTypeId": 2, "id": 501, "fields": {"categoryId": id}});
    desk.result("crm.item.update", deal).await;
    let gone = json!({"entityTypeId": 2, "id": id});
    assert_eq!(
        desk.refusal("crm.category.delete", gone.clone()).await.1,
        "CRM_CATEGORY_HAS_ITEMS"
    );
    desk.result(
        "crm.item.update",
        json!({"entityTypeId": 2, "id": 501, "fields": {"categoryId": 0}}),
    )
    .await;
    assert_eq!(desk.result("crm.category.delete", gone).await, Value::Null);
    let left = desk.result("crm.dealcategory.list", json!({})).await;
    assert_eq!(left.as_array().unwrap().len(), before);
    let first = json!({"entityTypeId": 31, "id": 3});
    assert_eq!(
        desk.refusal("crm.category.delete", first).await.1,
        "CRM_CATEGORY_IS_SYSTEM"
    );
    assert_eq!(
        desk.refusal(
            "crm.category.update",
            json!({"entityTypeId": 31, "id": 77, "fields": {}})
        )
        .await
        .1,
        "NOT_FOUND"
    );
}

#[tokio::test]
async fn a_row_of_a_list_is_added_once() {
    let desk = Desk::demo();
    let add = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 5, "ELEMENT_CODE": "bank-1", "FIELDS": {"NAME": "Платёж", "PROPERTY_100": "1500"}});
    assert_eq!(
        desk.refusal("lists.element.add", add.clone()).await,
        (401, "insufficient_scope".to_owned())
    );
    desk.control("/load", json!({"keep": true, "scopes": ["crm", "lists", "bizproc"]}))
        .await;
    let id = desk.result("lists.element.add", add.clone()).await.as_i64().unwrap();
    assert_eq!(
        desk.refusal("lists.element.add", add).await,
        (400, "ERROR_ELEMENT_ALREADY_EXISTS".to_owned())
    );
    let one = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 5, "ELEMENT_CODE": "bank-1"});
    let found = desk.result("lists.element.get", one.clone()).await;
    assert_eq!(found[0]["PROPERTY_100"][id.to_string()], "1500");
    let other = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 6});
    assert_eq!(desk.body("lists.element.get", other).await["total"], 0);
    assert_eq!(desk.result("lists.element.delete", one.clone()).await, true);
    assert_eq!(desk.result("lists.element.get", one).await, json!([]));
    let nameless = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 5, "FIELDS": {}});
    assert_eq!(
        desk.refusal("lists.element.add", nameless).await.1,
        "ERROR_REQUIRED_PARAMETERS_MISSING"
    );
}

#[tokio::test]
async fn a_workflow_is_started_on_what_is_there() {
    let desk = Desk::demo();
    desk.control("/load", json!({"keep": true, "scopes": ["crm", "bizproc"]}))
        .await;
    let start = |template: i64, object: &str| json!({"TEMPLATE_ID": template, "DOCUMENT_ID": ["crm", "CCrmDocumentDeal", object], "PARAMETERS": {}});
    let started = desk.result("bizproc.workflow.start", start(1, "DEAL_501")).await;
    assert!(started.is_string(), "{started}");
    assert_eq!(
        desk.result("bizproc.workflow.instances", json!({})).await[0]["ID"],
        started
    );
    for wrong in [
        start(9, "DEAL_501"),
        start(1, "DEAL_999999"),
        start(1, "501"),
        start(2, "DEAL_501"),
    ] {
        assert_eq!(desk.refusal("bizproc.workflow.start", wrong).await.0, 400);
    }
}

#[tokio::test]
async fn an_application_keeps_options_for_itself_and_for_its_users() {
    let app = App::open();
    let refusal = app.desk.refusal("app.option.get", json!({})).await;
    assert_eq!(refusal, (403, "WRONG_AUTH_TYPE".to_owned()));
    let token = app.refreshed(0).await["access_token"].as_str().unwrap().to_owned();
    let ask = async |method: &str, params: Value| app.call(&token, method, params).await.1["result"].clone();
    assert_eq!(ask("app.option.get", json!({})).await, json!([]));
    let options = json!({"options": {"rate": 12.5, "list": ["a"]}});
    assert_eq!(ask("app.option.set", options).await, true);
    assert_eq!(ask("user.option.set", json!({"options": {"rate": "own"}})).await, true);
    let kept = ask("app.option.get", json!({})).await;
    assert_eq!((&kept["rate"], &kept["list"]), (&json!(12.5), &json!(["a"])));
    assert_eq!(ask("user.option.get", json!({"option": "rate"})).await, "own");
    assert_eq!(ask("app.option.get", json!({"option": "none"})).await, "");
}

#[tokio::test]
async fn a_currency_says_how_each_language_writes_it() {
    let desk = Desk::demo();
    let currency = desk.result("crm.currency.get", json!({"id": "AMD"})).await;
    assert_eq!(
        (
            &currency["LANG"]["ru"]["FULL_NAME"],
            &currency["LANG"]["en"]["FORMAT_STRING"]
        ),
        (&json!("Армянский драм"), &json!("֏#"))
    );
    let rows = desk.result("crm.currency.list", json!({})).await;
    assert_eq!(
        (&rows[0]["BASE"], &rows[0]["FORMAT_STRING"], &rows[0]["DECIMALS"]),
        (&json!("Y"), &json!("# ₽"), &json!("2"))
    );
    assert_eq!(
        desk.result("crm.currency.localizations.get", json!({"id": "RUB"}))
            .await["ru"]["DEC_POINT"],
        ","
    );
}

#[tokio::test]
async fn the_stages_an_invoice_went_through_are_told() {
    let desk = Desk::demo();
    let made = json!({"entityTypeId": 31, "fields": {"title": "Новый"}});
    let item = desk.result("crm.item.add", made).await["item"].clone();
    let (id, first) = (item["id"].clone(), item["stageId"].as_str().unwrap().to_owned());
    let category = item["categoryId"].clone();
    let stages = json!({"filter": {"ENTITY_ID": format!("SMART_INVOICE_STAGE_{category}")}});
    let stages = desk.result("crm.status.list", stages).await;
    let paid = stages.as_array().unwrap().iter().find(|row| row["SEMANTICS"] == "S");
    let paid = paid.unwrap()["STATUS_ID"].clone();
    for fields in [
        json!({"title": "Ещё"}),
        json!({"stageId": paid}),
        json!({"stageId": paid}),
    ] {
        let asked = json!({"entityTypeId": 31, "id": id, "fields": fields});
        desk.result("crm.item.update", asked).await;
    }
    let asked = json!({"entityTypeId": 31, "filter": {"OWNER_ID": id}, "order": {"ID": "ASC"}});
    let told = desk.body("crm.stagehistory.list", asked).await;
    let rows = told["result"]["items"].as_array().unwrap();
    let seen: Vec<(i64, &str, &Value)> = rows
        .iter()
        .map(|row| {
            (
                row["TYPE_ID"].as_i64().unwrap(),
                row["STAGE_SEMANTIC_ID"].as_str().unwrap(),
                &row["STAGE_ID"],
            )
        })
        .collect();
    assert_eq!(seen, [(1, "P", &json!(first)), (3, "S", &paid)]);
    assert_eq!(told["total"], 2);
    let wrong = json!({"entityTypeId": 31, "filter": {"NOTHING": 1}});
    assert_eq!(
        desk.refusal("crm.stagehistory.list", wrong).await.1,
        "INVALID_ARG_VALUE"
    );
}

#[tokio::test]
async fn a_requisite_has_one_address_of_each_kind() {
    let desk = Desk::demo();
    let requisite = desk
        .result("crm.requisite.list", json!({"filter": {"ENTITY_ID": 11}}))
        .await[0]["ID"]
        .clone();
    let fields = |more: Value| {
        let mut fields = json!({"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite});
        fields
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "fields": fields })
    };
    assert_eq!(
        desk.result("crm.address.add", fields(json!({"CITY": "Москва"}))).await,
        true
    );
    let again = desk.refusal("crm.address.add", fields(json!({"CITY": "Тверь"}))).await;
    assert_eq!(again, (400, String::new()));
    assert_eq!(
        desk.result("crm.address.update", fields(json!({"CITY": "Тверь"})))
            .await,
        true
    );
    let found = json!({"filter": {"ENTITY_TYPE_ID": 8, "ENTITY_ID": requisite}});
    let rows = desk.result("crm.address.list", found.clone()).await;
    assert_eq!((&rows[0]["CITY"], &rows[0]["TYPE_ID"]), (&json!("Тверь"), &json!("6")));
    assert_eq!(desk.result("crm.address.delete", fields(json!({}))).await, true);
    assert_eq!(desk.result("crm.address.list", found).await, json!([]));
    let nobody = json!({"fields": {"TYPE_ID": 6, "ENTITY_TYPE_ID": 8, "ENTITY_ID": 999_999}});
    assert_eq!(desk.refusal("crm.address.add", nobody).await.0, 400);
}

#[tokio::test]
async fn people_and_their_department_are_found() {
    let desk = Desk::demo();
    let found = desk.result("user.search", json!({"FILTER": {"NAME": "анн"}})).await;
    assert_eq!(found[0]["LAST_NAME"], "Орлова");
    let firm = desk.body("department.get", json!({})).await;
    assert_eq!(
        (&firm["result"][0]["UF_HEAD"], &firm["total"]),
        (&json!("1"), &json!(1))
    );
    assert_eq!(desk.result("department.get", json!({"ID": 9})).await, json!([]));
}
