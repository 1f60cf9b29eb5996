//! What comes into the account from outside: sources, leads nobody has looked at, calls; and the groups of fields.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{AmoDesk, ids};

fn form(name: &str) -> Value {
    json!({
        "source_uid": "site", "source_name": "Сайт", "created_at": 1_700_000_000,
        "metadata": {"form_id": "f1", "form_name": "Обратная связь", "form_page": "https://example.test/form",
            "form_sent_at": 1_700_000_000, "ip": "192.0.2.1"},
        "_embedded": {"leads": [{"name": name, "price": 500}], "contacts": [{"name": "Пётр"}], "companies": [{}]},
    })
}

async fn add(desk: &AmoDesk, name: &str) -> (String, i64, i64) {
    let added = desk.ok(Method::POST, "leads/unsorted/forms", json!([form(name)])).await;
    let row = &added["_embedded"]["unsorted"][0];
    let id = |kind: &str| row["_embedded"][kind][0]["id"].as_i64().unwrap();
    (row["uid"].as_str().unwrap().to_owned(), id("leads"), id("contacts"))
}

#[tokio::test]
async fn a_lead_from_a_form_waits_until_somebody_decides() {
    let desk = AmoDesk::demo();
    let pipelines = desk.read("leads/pipelines?with=descriptions").await["_embedded"]["pipelines"].clone();
    let statuses = &pipelines[0]["_embedded"]["statuses"];
    assert_eq!(
        (&statuses[0]["type"], &statuses[0]["descriptions"]),
        (&json!(1), &json!([]))
    );

    let (uid, lead, contact) = add(&desk, "Заявка").await;
    let (other, lost, _) = add(&desk, "Спам").await;
    assert_eq!(
        desk.read(&format!("leads/{lead}")).await["status_id"],
        statuses[0]["id"]
    );
    assert_eq!(desk.read(&format!("contacts/{contact}")).await["is_unsorted"], true);
    let waiting = desk
        .all(
            &format!("leads/unsorted?filter[uid][]={uid}&filter[category][]=forms"),
            "unsorted",
        )
        .await;
    assert_eq!((waiting.len(), &waiting[0]["metadata"]["form_id"]), (1, &json!("f1")));
    assert!(waiting[0]["lead"].is_null() && waiting[0]["_embedded"]["companies"] == json!([]));

    let accepted = desk
        .ok(
            Method::POST,
            &format!("leads/unsorted/{uid}/accept"),
            json!({"user_id": 7002}),
        )
        .await;
    assert_eq!(accepted["_embedded"]["leads"][0]["id"], lead);
    let held = desk.read(&format!("leads/{lead}")).await;
    assert_eq!(
        (&held["status_id"], &held["responsible_user_id"]),
        (&statuses[1]["id"], &json!(7002))
    );
    assert_eq!(desk.read(&format!("contacts/{contact}")).await["is_unsorted"], false);
    desk.ok(Method::DELETE, &format!("leads/unsorted/{other}/decline"), Value::Null)
        .await;
    assert_eq!(desk.read(&format!("leads/{lost}")).await["status_id"], 143);

    assert_eq!(desk.get("leads/unsorted").await.status, 204);
    let summary = desk.read("leads/unsorted/summary").await;
    assert_eq!(
        [
            &summary["total"],
            &summary["accepted"],
            &summary["declined"],
            &summary["categories"]["forms"]["total"]
        ],
        [2, 1, 1, 2]
    );
    // Decided once.
    let again = desk
        .said(Method::POST, &format!("leads/unsorted/{uid}/accept"), json!({}))
        .await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn what_comes_from_outside_says_where_it_came_from() {
    let desk = AmoDesk::demo();
    let mut wrong = form("Без формы");
    wrong["metadata"]["form_id"] = json!("");
    let refusal = desk
        .refusal(Method::POST, "leads/unsorted/forms", json!([form("Целая"), wrong]))
        .await;
    assert_eq!(refusal, (400, "NotBlank".to_owned(), "metadata.form_id".to_owned()));
    assert_eq!(desk.get("leads/unsorted").await.status, 204, "all or none");
    let refusal = desk
        .refusal(Method::POST, "leads/unsorted/sip", json!([form("Звонок")]))
        .await;
    assert_eq!((refusal.0, refusal.2.as_str()), (400, "metadata.from"));
    assert_eq!(
        desk.said(Method::POST, "leads/unsorted/mail", json!([form("Письмо")]))
            .await
            .status,
        404
    );
    let (uid, ..) = add(&desk, "Заявка").await;
    let body = json!({"status_id": 1});
    let refusal = desk
        .refusal(Method::POST, &format!("leads/unsorted/{uid}/accept"), body)
        .await;
    assert_eq!(refusal.2, "status_id");
    let link = json!({"link": {"entity_id": 501, "entity_type": "leads"}});
    assert_eq!(
        desk.said(Method::POST, &format!("leads/unsorted/{uid}/link"), link)
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn sources_are_known_by_their_outer_ids() {
    let desk = AmoDesk::demo();
    let source = |external: &str, default: bool| json!({"name": "Сайт", "external_id": external, "default": default});
    let rows = json!([source("a", true), source("b", true)]);
    let added = desk.ok(Method::POST, "sources", rows).await["_embedded"]["sources"].clone();
    let all = desk.all("sources", "sources").await;
    assert_eq!(
        [&all[0]["default"], &all[1]["default"]],
        [false, true],
        "one default of a pipeline"
    );
    assert_eq!(
        ids(&desk.all("sources?filter[external_id][]=b", "sources").await),
        [added[1]["id"].as_i64().unwrap()]
    );
    let refusal = desk.refusal(Method::POST, "sources", json!([source("a", false)])).await;
    assert_eq!(
        (refusal.1.as_str(), refusal.2.as_str()),
        ("FieldValueNotUnique", "external_id")
    );
    let own = format!("sources/{}", added[0]["id"]);
    let changed = desk.ok(Method::PATCH, &own, json!({"name": "Лендинг"})).await;
    assert_eq!(
        (&changed["name"], &changed["external_id"]),
        (&json!("Лендинг"), &json!("a"))
    );

    let lead = json!([{"name": "С сайта", "source_id": added[0]["id"]}]);
    let lead = desk.write(Method::POST, "leads", "leads", lead).await["id"].clone();
    let shown = desk.read(&format!("leads/{lead}?with=source")).await;
    assert_eq!(shown["_embedded"]["source"]["name"], "Лендинг");
    assert!(desk.read(&format!("leads/{lead}")).await["_embedded"]["source"].is_null());
    assert_eq!(desk.said(Method::DELETE, &own, Value::Null).await.status, 204);
    assert_eq!(desk.get(&own).await.status, 204);
    assert_eq!(desk.read(&format!("leads/{lead}")).await["source_id"], Value::Null);
}

#[tokio::test]
async fn a_call_finds_its_card_by_the_last_digits_of_the_number() {
    let desk = AmoDesk::demo();
    let phone = json!([{"field_code": "PHONE", "values": [{"value": "8 (912) 345-67-89", "enum_code": "WORK"}]}]);
    let contact = json!([{"name": "Пётр", "custom_fields_values": phone}]);
    let contact = desk.write(Method::POST, "contacts", "contacts", contact).await["id"].clone();
    let call = |phone: &str| json!({"direction": "inbound", "duration": 60, "source": "АТС", "phone": phone, "call_status": 4, "uniq": "u1"});
    let said = desk
        .ok(
            Method::POST,
            "calls",
            json!([call("+79123456789"), call("+70000000000")]),
        )
        .await;
    assert_eq!(
        (&said["_total_items"], &said["errors"][0]["status"]),
        (&json!(1), &json!(263))
    );
    assert_eq!(said["_embedded"]["calls"][0]["entity_id"], contact);
    let notes = desk
        .all(
            &format!("contacts/{contact}/notes?filter[note_type][]=call_in"),
            "notes",
        )
        .await;
    assert_eq!((notes.len(), &notes[0]["params"]["duration"]), (1, &json!(60)));
    // Some clients count seconds in fractions.
    let mut long = call("+79123456789");
    long["duration"] = serde_json::from_str("90.0").unwrap();
    desk.ok(Method::POST, "calls", json!([long])).await;
    let notes = desk
        .all(&format!("contacts/{contact}/notes?order[id]=desc"), "notes")
        .await;
    assert_eq!(notes[0]["params"]["duration"], 90);
    let mut wrong = call("+79123456789");
    wrong["direction"] = json!("sideways");
    let refusal = desk.refusal(Method::POST, "calls", json!([wrong])).await;
    assert_eq!(
        (refusal.1.as_str(), refusal.2.as_str()),
        ("NotSupportedChoice", "direction")
    );
    assert_eq!(desk.get("calls").await.status, 405);
}

#[tokio::test]
async fn groups_hold_the_fields_that_are_put_into_them() {
    let desk = AmoDesk::demo();
    for place in ["companies", "catalogs/5001"] {
        let field = json!([{"name": "Платёж", "type": "text", "code": "PAYMENT"}]);
        let field = desk
            .write(Method::POST, &format!("{place}/custom_fields"), "custom_fields", field)
            .await["id"]
            .clone();
        let path = format!("{place}/custom_fields/groups");
        let group = desk
            .write(
                Method::POST,
                &path,
                "custom_field_groups",
                json!([{"name": "Банк", "sort": 15, "fields": [field]}]),
            )
            .await;
        assert_eq!(group["fields"], json!([field]));
        let id = group["id"].as_str().unwrap();
        assert_eq!(
            desk.read(&format!("{place}/custom_fields/{field}")).await["group_id"],
            id
        );
        let all = desk.all(&path, "custom_field_groups").await;
        assert_eq!(
            (&all[0]["id"], &all[0]["is_predefined"]),
            (&json!("default"), &json!(true))
        );
        assert!(!all[0]["fields"].as_array().unwrap().contains(&field));
        let renamed = desk
            .ok(Method::PATCH, &format!("{path}/{id}"), json!({"name": "Деньги"}))
            .await;
        assert_eq!(
            (&renamed["name"], &renamed["fields"]),
            (&json!("Деньги"), &json!([field]))
        );
        assert_eq!(
            desk.said(Method::DELETE, &format!("{path}/default"), Value::Null)
                .await
                .status,
            403
        );
        assert_eq!(
            desk.said(Method::DELETE, &format!("{path}/{id}"), Value::Null)
                .await
                .status,
            204
        );
        assert_eq!(
            desk.read(&format!("{place}/custom_fields/{field}")).await["group_id"],
            Value::Null
        );
        let refusal = desk
            .refusal(Method::POST, &path, json!([{"name": "Чужие", "fields": [1]}]))
            .await;
        assert_eq!(refusal.2, "fields.0");
    }
}

#[tokio::test]
async fn leads_in_the_bin_are_listed_apart() {
    let desk = AmoDesk::demo();
    desk.desk.control("/amocrm/delete", json!({"leads": [501]})).await;
    assert_eq!(ids(&desk.all("leads", "leads").await), [502, 503, 504]);
    let bin = desk.all("leads?with=only_deleted", "leads").await;
    assert_eq!((ids(&bin), &bin[0]["is_deleted"]), (vec![501], &json!(true)));
    assert!(bin[0]["name"].is_null());
}

#[tokio::test]
async fn events_are_picked_by_several_types_in_one_text() {
    let desk = AmoDesk::demo();
    desk.ok(
        Method::PATCH,
        "leads",
        json!([{"id": 501, "price": 1, "name": "Иначе"}]),
    )
    .await;
    let found = desk
        .all(
            "events?filter[type]=sale_field_changed,name_field_changed&filter[entity]=lead,contact",
            "events",
        )
        .await;
    let mut kinds: Vec<&str> = found.iter().map(|event| event["type"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["name_field_changed", "sale_field_changed"]);
}
