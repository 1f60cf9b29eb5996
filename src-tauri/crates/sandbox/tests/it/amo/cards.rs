//! Leads, companies, contacts; their fields and links.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{AmoDesk, ids, values};

#[tokio::test]
async fn lists_are_walked_by_next_and_end_in_nothing() {
    let desk = AmoDesk::seeded();
    let rows: Vec<Value> = (0..130).map(|at| json!({"name": format!("Компания {at}")})).collect();
    let written = desk.ok(Method::POST, "companies", json!(rows)).await;
    assert_eq!(written["_embedded"]["companies"][129]["request_id"], "129");

    let all = desk.all("companies?limit=50", "companies").await;
    assert_eq!(all.len(), 140);
    let mut unique = ids(&all);
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), 140);
    assert_eq!(desk.all("companies?limit=250", "companies").await.len(), 140);
    assert_eq!(desk.all("companies", "companies").await.len(), 140);

    let second = desk.read("companies?page=2&limit=100").await;
    assert_eq!(second["_page"], 2);
    assert!(second["_links"]["next"].is_null());
    let self_link = second["_links"]["self"]["href"].as_str().unwrap();
    assert!(self_link.starts_with(&desk.url("companies?")), "{self_link}");
    for empty in ["companies?page=3&limit=100", "leads?filter[id]=1", "leads/1", "tasks"] {
        let said = desk.get(empty).await;
        assert_eq!((said.status, said.body), (204, Value::Null), "{empty}");
    }
}

#[tokio::test]
async fn filters_pick_by_id_time_stage_price_and_field() {
    let desk = AmoDesk::demo();
    let pipelines = desk.read("leads/pipelines").await["_embedded"]["pipelines"].clone();
    let pipeline = pipelines[0]["id"].as_i64().unwrap();
    let field = desk
        .write(
            Method::POST,
            "leads/custom_fields",
            "custom_fields",
            json!([{"name": "Платёж", "type": "text", "code": "PAYMENT"}]),
        )
        .await;
    let field = field["id"].as_i64().unwrap();
    desk.desk.control("/clock", json!({"advance_ms": 60_000})).await;
    let won = json!([{"id": 501, "status_id": 142, "price": 9_000_000, "custom_fields_values": [{"field_id": field, "values": [{"value": "p-1"}]}]}]);
    desk.ok(Method::PATCH, "leads", won).await;
    let lead = desk.read("leads/501").await;
    assert_eq!((&lead["status_id"], &lead["price"]), (&json!(142), &json!(9_000_000)));
    let updated = lead["updated_at"].as_i64().unwrap();
    assert_eq!(lead["closed_at"], updated);

    for (filter, found) in [
        ("filter[id][]=501&filter[id][]=502".to_owned(), vec![501, 502]),
        ("filter[id][0]=503".to_owned(), vec![503]),
        (format!("filter[updated_at][from]={updated}"), vec![501]),
        (format!("filter[updated_at][to]={}", updated - 1), vec![502, 503, 504]),
        (
            format!("filter[statuses][0][pipeline_id]={pipeline}&filter[statuses][0][status_id]=142"),
            vec![501],
        ),
        (
            "filter[statuses][0][pipeline_id]=1&filter[statuses][0][status_id]=142".to_owned(),
            vec![],
        ),
        ("filter[price][from]=9000000".to_owned(), vec![501]),
        (format!("filter[custom_fields_values][{field}][]=p-1"), vec![501]),
        (format!("filter[custom_fields_values][{field}][]=p-10"), vec![]),
        ("query=МЕТИЗОВ".to_owned(), vec![501]),
        ("query=p-1".to_owned(), vec![501]),
        (
            "order[id]=desc&filter[id][]=501&filter[id][]=504".to_owned(),
            vec![504, 501],
        ),
    ] {
        let rows = desk.all(&format!("leads?{filter}"), "leads").await;
        assert_eq!(ids(&rows), found, "{filter}");
    }
}

#[tokio::test]
async fn a_card_shows_who_it_is_linked_to() {
    let desk = AmoDesk::demo();
    let contact = desk
        .write(
            Method::POST,
            "contacts",
            "contacts",
            json!([{"first_name": "Пётр", "last_name": "Белов", "request_id": "mine"}]),
        )
        .await;
    assert_eq!(contact["request_id"], "mine");
    let contact = contact["id"].as_i64().unwrap();
    let element = desk.all("catalogs/5001/elements?limit=250", "elements").await[0]["id"].clone();
    let lead = desk
        .write(
            Method::POST,
            "leads",
            "leads",
            json!([{"name": "Новая", "price": 10, "_embedded": {"companies": [{"id": 11}], "contacts": [{"id": contact, "is_main": true}], "tags": [{"name": "банк"}]}}]),
        )
        .await;
    let lead = lead["id"].as_i64().unwrap();
    let link = json!([{"to_entity_id": element, "to_entity_type": "catalog_elements", "metadata": {"catalog_id": 5001, "quantity": 2}}]);
    let linked = desk.ok(Method::POST, &format!("leads/{lead}/link"), link.clone()).await;
    assert_eq!(linked["_total_items"], 1);
    assert_eq!(linked["_embedded"]["links"][0]["metadata"]["catalog_id"], 5001);
    // Again: still one link.
    desk.ok(Method::POST, "leads/link", json!([{"entity_id": lead, "to_entity_id": element, "to_entity_type": "catalog_elements", "metadata": {"catalog_id": 5001, "quantity": 2}}])).await;

    let plain = desk.read(&format!("leads/{lead}")).await["_embedded"].clone();
    assert_eq!(plain["companies"][0]["id"], 11);
    assert_eq!(plain["tags"][0]["name"], "банк");
    assert!(plain["contacts"].is_null() && plain["catalog_elements"].is_null());
    let whole = desk
        .read(&format!("leads?filter[id][]={lead}&with=contacts,catalog_elements"))
        .await;
    let whole = &whole["_embedded"]["leads"][0]["_embedded"];
    assert_eq!(whole["contacts"][0]["is_main"], true);
    assert_eq!(
        whole["catalog_elements"][0]["metadata"],
        json!({"catalog_id": 5001, "quantity": 2, "price_id": null})
    );

    let links = desk.read(&format!("leads/{lead}/links")).await["_embedded"]["links"].clone();
    assert_eq!(links.as_array().unwrap().len(), 3);
    let mass = desk
        .read(&format!(
            "leads/links?filter[entity_id][]={lead}&filter[entity_id][]=501&filter[to_entity_type]=companies"
        ))
        .await;
    assert_eq!(mass["_total_items"], 2);
    let back = desk.read("companies/11?with=leads").await;
    assert!(ids(back["_embedded"]["leads"].as_array().unwrap()).contains(&lead));
    let gone = desk.said(Method::POST, &format!("leads/{lead}/unlink"), link).await;
    assert_eq!(gone.status, 204);
    assert_eq!(desk.read(&format!("leads/{lead}/links")).await["_total_items"], 2);
}

#[tokio::test]
async fn requisites_are_a_field_of_their_own_kind() {
    let desk = AmoDesk::demo();
    let company = desk.read("companies/11").await;
    let entity = &values(&company, "legal_entity")[0]["value"];
    assert_eq!(entity["vat_id"].as_str().unwrap().len(), 10);
    assert!(entity["bank_account_number"].as_str().unwrap().starts_with("407"));

    let field = company["custom_fields_values"].as_array().unwrap();
    let field = field
        .iter()
        .find(|field| field["field_type"] == "legal_entity")
        .unwrap()["field_id"]
        .clone();
    let patch = json!({"custom_fields_values": [{"field_id": field, "values": [{"value": {"name": "ООО", "vat_id": "7707083893", "entity_type": 2}}]}]});
    desk.ok(Method::PATCH, "companies/11", patch).await;
    let entity = values(&desk.read("companies/11").await, "legal_entity")[0]["value"].clone();
    assert_eq!(
        (&entity["vat_id"], &entity["kpp"]),
        (&json!("7707083893"), &Value::Null)
    );
    assert_eq!(ids(&desk.all("companies?query=7707083893", "companies").await), [11]);
}

#[tokio::test]
async fn what_is_wrong_is_told_by_item_and_path_and_nothing_is_done() {
    let desk = AmoDesk::demo();
    for (method, path, body, refusal) in [
        (
            Method::PATCH,
            "leads",
            json!([{"id": 501, "price": 1}, {"id": 501, "status_id": 7}]),
            (400, "NotSupportedChoice", "status_id"),
        ),
        (
            Method::PATCH,
            "leads",
            json!([{"id": 501, "price": 1}, {"id": 9}]),
            (400, "NotSupportedChoice", "id"),
        ),
        (Method::PATCH, "leads", json!([{"price": 1}]), (400, "NotBlank", "id")),
        (
            Method::PATCH,
            "leads/501",
            json!({"price": "1"}),
            (400, "InvalidType", "price"),
        ),
        (
            Method::PATCH,
            "leads/501",
            json!({"custom_fields_values": [{"field_id": 1, "values": [{"value": "x"}]}]}),
            (400, "NotSupportedChoice", "custom_fields_values.0.field_id"),
        ),
        (Method::PATCH, "leads/9", json!({"price": 1}), (404, "", "")),
        (
            Method::POST,
            "leads/501/link",
            json!([{"to_entity_id": 5, "to_entity_type": "catalog_elements"}]),
            (400, "NotBlank", "metadata.catalog_id"),
        ),
        (
            Method::POST,
            "leads/501/link",
            json!([{"to_entity_id": 5, "to_entity_type": "companies"}]),
            (400, "NotSupportedChoice", "to_entity_id"),
        ),
        (Method::POST, "leads", json!([]), (400, "NotBlank", "")),
        (Method::POST, "leads", json!({"name": "x"}), (400, "InvalidType", "")),
        (Method::POST, "leads", json!(vec![json!({}); 251]), (400, "TooMany", "")),
        (Method::DELETE, "leads/501", Value::Null, (405, "", "")),
        (Method::GET, "nothing", Value::Null, (404, "", "")),
    ] {
        let told = desk.refusal(method, path, body.clone()).await;
        assert_eq!((told.0, told.1.as_str(), told.2.as_str()), refusal, "{path} {body}");
    }
    assert_ne!(
        desk.read("leads/501").await["price"],
        1,
        "a refused request does nothing"
    );
    let second = desk
        .said(
            Method::PATCH,
            "leads",
            json!([{"id": 501}, {"id": 9, "request_id": "my own"}]),
        )
        .await;
    assert_eq!(second.body["validation-errors"][0]["request_id"], "my own");
}

#[tokio::test]
async fn a_lead_comes_with_its_contact_and_company_at_once() {
    let desk = AmoDesk::demo();
    let rows = desk
        .ok(
            Method::POST,
            "leads/complex",
            json!([{"name": "Всё сразу", "_embedded": {"contacts": [{"first_name": "Анна"}], "companies": [{"name": "ООО «Новая»"}]}}]),
        )
        .await;
    let (lead, company) = (rows[0]["id"].as_i64().unwrap(), rows[0]["company_id"].clone());
    let shown = desk.read(&format!("leads/{lead}?with=contacts")).await;
    assert_eq!(shown["_embedded"]["companies"][0]["id"], company);
    assert_eq!(shown["_embedded"]["contacts"][0]["id"], rows[0]["contact_id"]);
}

#[tokio::test]
async fn what_an_account_has_none_of_is_empty() {
    let desk = AmoDesk::demo();
    let lead = ids(&desk.all("leads", "leads").await)[0];
    for path in [
        "widgets".to_owned(),
        "talks".to_owned(),
        "website_buttons".to_owned(),
        "chats/templates".to_owned(),
        "contacts/chats".to_owned(),
        format!("leads/{lead}/subscriptions"),
        format!("leads/{lead}/files"),
    ] {
        assert_eq!(desk.get(&path).await.status, 204, "{path}");
    }
    assert_eq!(desk.get("nonsense").await.status, 404);
}
