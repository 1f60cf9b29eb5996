//! Notes, tasks, events, webhooks, users: what happens around cards.

use reqwest::Method;
use serde_json::{Value, json};

use super::desk::{AmoDesk, ids};

#[tokio::test]
async fn notes_of_every_kind_are_written_found_and_changed() {
    let desk = AmoDesk::demo();
    let paid = json!({"text": "Оплачен счёт СЧ-145", "service": "Sverka", "icon_url": "https://example.test/i.png"});
    for (kind, params) in [
        ("common", json!({"text": "Оплата"})),
        ("service_message", json!({"service": "Sverka", "text": "Оплата"})),
        (
            "extended_service_message",
            json!({"service": "Sverka", "text": "Оплата"}),
        ),
        ("invoice_paid", paid.clone()),
        ("bill_paid", paid),
        (
            "call_in",
            json!({"uniq": "u", "duration": 60, "source": "АТС", "phone": "+7"}),
        ),
        ("sms_in", json!({"text": "Да", "phone": "+7"})),
        (
            "geolocation",
            json!({"text": "Тут", "address": "СПб", "longitude": "1", "latitude": "2"}),
        ),
        ("message_cashier", json!({"status": "shown"})),
    ] {
        let note = json!([{"entity_id": 501, "note_type": kind, "params": params}]);
        let written = desk.write(Method::POST, "leads/notes", "notes", note).await;
        assert_eq!(
            (&written["entity_id"], &written["request_id"]),
            (&json!(501), &json!("0"))
        );
        let shown = desk.read(&format!("leads/501/notes/{}", written["id"])).await;
        assert_eq!((&shown["note_type"], &shown["params"]), (&json!(kind), &params));
    }
    let own = json!([{"note_type": "common", "params": {"text": "Для 502"}}]);
    let own = desk.write(Method::POST, "leads/502/notes", "notes", own).await["id"].clone();
    assert_eq!(
        desk.all("leads/notes?filter[note_type][]=bill_paid", "notes")
            .await
            .len(),
        1
    );
    assert_eq!(desk.all("leads/notes?filter[entity_id][]=502", "notes").await.len(), 1);
    assert_eq!(desk.all("leads/501/notes?limit=2", "notes").await.len(), 9);
    assert_eq!(desk.get("leads/503/notes").await.status, 204);
    desk.ok(
        Method::PATCH,
        &format!("leads/502/notes/{own}"),
        json!({"params": {"text": "Другое"}}),
    )
    .await;
    assert_eq!(
        desk.read(&format!("leads/502/notes/{own}")).await["params"]["text"],
        "Другое"
    );
    assert_eq!(desk.state().await["notes"].as_array().unwrap().len(), 10);

    for (body, refusal) in [
        (
            json!([{"entity_id": 501, "note_type": "common", "params": {}}]),
            ("NotBlank", "params.text"),
        ),
        (
            json!([{"entity_id": 501, "note_type": "bill_paid", "params": {"text": "x"}}]),
            ("NotBlank", "params.service"),
        ),
        (
            json!([{"entity_id": 501, "note_type": "cheque", "params": {"text": "x"}}]),
            ("NotSupportedChoice", "note_type"),
        ),
        (
            json!([{"entity_id": 9, "note_type": "common", "params": {"text": "x"}}]),
            ("NotSupportedChoice", "entity_id"),
        ),
    ] {
        let (status, code, path) = desk.refusal(Method::POST, "leads/notes", body.clone()).await;
        assert_eq!(
            (status, code.as_str(), path.as_str()),
            (400, refusal.0, refusal.1),
            "{body}"
        );
    }
}

#[tokio::test]
async fn tasks_are_given_and_done() {
    let desk = AmoDesk::demo();
    let task = json!([{"text": "Разобрать платёж", "complete_till": 1_795_600_000, "entity_type": "leads", "entity_id": 501, "task_type_id": 1, "responsible_user_id": 7002}]);
    let id = desk.write(Method::POST, "tasks", "tasks", task).await["id"].clone();
    let shown = desk.read(&format!("tasks/{id}")).await;
    assert_eq!((&shown["entity_id"], &shown["result"]), (&json!(501), &json!([])));
    desk.ok(
        Method::PATCH,
        &format!("tasks/{id}"),
        json!({"is_completed": true, "result": {"text": "Готово"}}),
    )
    .await;
    assert_eq!(desk.read(&format!("tasks/{id}")).await["result"]["text"], "Готово");
    assert_eq!(
        desk.all("tasks?filter[is_completed]=1&filter[entity_type]=leads", "tasks")
            .await
            .len(),
        1
    );
    assert_eq!(desk.get("tasks?filter[is_completed]=0").await.status, 204);
    for (body, refusal) in [
        (json!([{"text": "x"}]), ("NotBlank", "complete_till")),
        (
            json!([{"text": "x", "complete_till": 1, "entity_type": "catalog_elements", "entity_id": 1003}]),
            ("NotSupportedChoice", "entity_type"),
        ),
        (
            json!([{"text": "x", "complete_till": 1, "entity_type": "leads", "entity_id": 9}]),
            ("NotSupportedChoice", "entity_id"),
        ),
    ] {
        let (status, code, path) = desk.refusal(Method::POST, "tasks", body.clone()).await;
        assert_eq!(
            (status, code.as_str(), path.as_str()),
            (400, refusal.0, refusal.1),
            "{body}"
        );
    }
}

#[tokio::test]
async fn events_tell_what_changed() {
    let desk = AmoDesk::demo();
    desk.ok(Method::PATCH, "leads", json!([{"id": 501, "status_id": 142}]))
        .await;
    let changed = desk.all("events?filter[type][]=lead_status_changed", "events").await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0]["value_after"][0]["lead_status"]["id"], 142);
    assert_eq!(changed[0]["entity_id"], 501);
    let one = desk
        .read(&format!("events/{}", changed[0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(one["_embedded"]["entity"]["id"], 501);
    assert!(
        desk.all(
            "events?filter[entity][]=lead&filter[entity_id][]=501&limit=100",
            "events"
        )
        .await
        .len()
            > 1
    );
}

#[tokio::test]
async fn webhooks_are_subscribed_once_a_destination() {
    let desk = AmoDesk::demo();
    let hook = json!({"destination": "https://example.test/hook", "settings": ["update_lead", "status_lead"]});
    let made = desk.said(Method::POST, "webhooks", hook.clone()).await;
    assert_eq!((made.status, &made.body["disabled"]), (201, &json!(false)));
    let again = desk.said(Method::POST, "webhooks", hook).await;
    assert_eq!(again.body["id"], made.body["id"]);
    assert_eq!(desk.read("webhooks").await["_total_items"], 1);
    let bad = json!({"destination": "https://example.test/hook", "settings": ["explode_lead"]});
    assert_eq!(desk.refusal(Method::POST, "webhooks", bad).await.2, "settings.0");
    let gone = json!({"destination": "https://example.test/hook"});
    assert_eq!(desk.said(Method::DELETE, "webhooks", gone).await.status, 204);
    assert_eq!(desk.get("webhooks").await.status, 204);
}

#[tokio::test]
async fn users_have_names_and_rights() {
    let desk = AmoDesk::demo();
    assert_eq!(ids(&desk.all("users?limit=1", "users").await), [7001, 7002]);
    assert_eq!(
        desk.read("users/7001?with=role,group").await["rights"]["is_admin"],
        true
    );
    assert_eq!(desk.get("users/7").await.body, Value::Null);
}

#[tokio::test]
async fn stages_change_under_the_leads_that_are_in_them() {
    let desk = AmoDesk::demo();
    let pipelines = desk.read("leads/pipelines").await["_embedded"]["pipelines"].clone();
    let pipeline = pipelines[0]["id"].as_i64().unwrap();
    let statuses = format!("leads/pipelines/{pipeline}/statuses");
    let made = desk
        .write(
            Method::POST,
            &statuses,
            "statuses",
            json!([{"name": "Оплачено частично", "sort": 45}]),
        )
        .await;
    let id = made["id"].as_i64().unwrap();
    desk.ok(Method::PATCH, "leads/501", json!({"status_id": id})).await;
    desk.ok(
        Method::PATCH,
        &format!("{statuses}/{id}"),
        json!({"name": "Ждём остаток"}),
    )
    .await;
    assert_eq!(desk.read(&format!("{statuses}/{id}")).await["name"], "Ждём остаток");
    assert_eq!(
        desk.said(Method::DELETE, &format!("{statuses}/{id}"), Value::Null)
            .await
            .status,
        204
    );
    let lead = desk.read("leads/501").await;
    assert_ne!(lead["status_id"], id);
    assert_eq!(
        desk.read(&format!("{statuses}/{}", lead["status_id"])).await["type"],
        0,
        "an open stage"
    );
    for stays in ["142", "143"] {
        assert_eq!(
            desk.said(Method::DELETE, &format!("{statuses}/{stays}"), Value::Null)
                .await
                .status,
            403
        );
    }
    let own =
        json!([{"name": "Услуги", "_embedded": {"statuses": [{"name": "Заявка"}, {"id": 142, "name": "Оказано"}]}}]);
    let own = desk.write(Method::POST, "leads/pipelines", "pipelines", own).await;
    let names: Vec<&str> = own["_embedded"]["statuses"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["Неразобранное", "Заявка", "Оказано", "Закрыто и не реализовано"]
    );
    let path = format!("leads/pipelines/{}", own["id"]);
    assert_eq!(desk.said(Method::DELETE, &path, Value::Null).await.status, 204);
    assert_eq!(desk.get(&path).await.status, 204);
    assert_eq!(
        desk.said(Method::DELETE, &format!("leads/pipelines/{pipeline}"), Value::Null)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn tags_and_reasons_are_lists_too() {
    let desk = AmoDesk::demo();
    let tag = desk
        .write(Method::POST, "leads/tags", "tags", json!([{"name": "банк"}]))
        .await;
    desk.ok(
        Method::PATCH,
        "leads/501",
        json!({"tags_to_add": [{"name": "банк"}, {"name": "срочно"}], "loss_reason_id": 9102}),
    )
    .await;
    assert_eq!(desk.all("leads/tags", "tags").await.len(), 2);
    assert_eq!(
        desk.read("leads/tags?query=БАН").await["_embedded"]["tags"][0]["id"],
        tag["id"]
    );
    let lead = desk.read("leads/501?with=loss_reason").await["_embedded"].clone();
    assert_eq!(
        (&lead["tags"][0]["id"], &lead["loss_reason"][0]["id"]),
        (&tag["id"], &json!(9102))
    );
    desk.ok(
        Method::PATCH,
        "leads/501",
        json!({"tags_to_delete": [{"name": "банк"}]}),
    )
    .await;
    assert_eq!(
        desk.read("leads/501").await["_embedded"]["tags"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(desk.all("leads/loss_reasons", "loss_reasons").await.len(), 3);
    assert!(desk.read("events/types").await["_total_items"].as_i64() > Some(5));
    assert_eq!(desk.get("customers").await.status, 402);
}
