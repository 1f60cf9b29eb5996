//! The third generation of the API: tasks once a key, its own batch, lists, filters and refusals.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::desk::Desk;

/// What came back: status, whether it is an answer of before, body.
async fn said(request: RequestBuilder) -> (u16, bool, Value) {
    let response = request.send().await.unwrap();
    let replayed = response.headers().contains_key("idempotent-replayed");
    let status = response.status().as_u16();
    let body = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    (status, replayed, body)
}

fn url(desk: &Desk, method: &str) -> String {
    desk.url(method).replace("/rest/", "/rest/api/")
}

fn posted(desk: &Desk, method: &str, body: &Value) -> RequestBuilder {
    desk.http
        .post(url(desk, method))
        .header("content-type", "application/json")
        .body(body.to_string())
}

async fn ask(desk: &Desk, method: &str, body: Value) -> Value {
    let (status, _, body) = said(posted(desk, method, &body)).await;
    assert_eq!(status, 200, "{method}: {body}");
    body["result"].clone()
}

/// Status and the end of the code.
async fn refused(desk: &Desk, method: &str, body: Value) -> (u16, String) {
    let (status, _, body) = said(posted(desk, method, &body)).await;
    let code = body["error"]["code"].as_str().unwrap();
    let end = code.strip_prefix("BITRIX_REST_V3_EXCEPTION_").unwrap_or(code);
    (status, end.to_owned())
}

fn task(title: &str) -> Value {
    json!({"fields": {"title": title, "creatorId": 1, "responsibleId": 7, "crmItemIds": ["SI_1003"]}})
}

async fn tasks(desk: &Desk, number: usize) -> Vec<i64> {
    let mut ids = Vec::new();
    for at in 0..number {
        let made = ask(desk, "tasks.task.add", task(&format!("Задача {at}"))).await;
        ids.push(made["item"]["id"].as_i64().unwrap());
    }
    ids
}

fn items(listed: &Value) -> Vec<i64> {
    crate::desk::ids(&listed["items"])
}

#[tokio::test]
async fn a_task_is_made_once_a_key() {
    let desk = Desk::demo();
    let send = async |method: &str, key: &str, body: Value| {
        said(posted(&desk, method, &body).header("idempotency-key", key)).await
    };
    let (status, replayed, first) = send("tasks.task.add", "bank-17", task("Платёж")).await;
    assert_eq!((status, replayed), (200, false), "{first}");
    let (_, replayed, again) = send("tasks.task.add", "bank-17", task("Платёж")).await;
    assert!(replayed);
    assert_eq!(first["result"]["item"], again["result"]["item"]);
    let (status, _, other) = send("tasks.task.add", "bank-17", task("Другой")).await;
    let code = other["error"]["code"].as_str().unwrap();
    assert_eq!((status, code.ends_with("IDEMPOTENCYKEYREUSEDEXCEPTION")), (422, true));
    let id = first["result"]["item"]["id"].as_i64().unwrap();
    // Another method's key is another key, and a refused call is not remembered.
    let (status, _, _) = send(
        "tasks.task.update",
        "bank-17",
        json!({"id": id, "fields": {"name": "x"}}),
    )
    .await;
    assert_eq!(status, 400);
    let renamed = json!({"id": id, "fields": {"title": "Платёж 2", "status": "completed"}});
    let (_, replayed, done) = send("tasks.task.update", "bank-17", renamed).await;
    assert_eq!((replayed, &done["result"]), (false, &json!({"result": true})));
    let told = send("tasks.task.get", "look", json!({"id": id})).await;
    assert_eq!(told.2["result"]["item"]["status"], "completed");
    desk.control("/clock", json!({"advance_ms": 24 * 3_600_000})).await;
    let forgotten = send("tasks.task.add", "bank-17", task("Другой")).await;
    assert!(!forgotten.1, "the key is forgotten");
    assert_eq!(desk.state().await["bitrix24"]["tasks"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_key_comes_back() {
    let desk = Desk::demo();
    let request = posted(&desk, "tasks.task.add", &task("Платёж")).header("idempotency-key", "bank-1");
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["idempotency-key"], "bank-1");
}

#[tokio::test]
async fn a_batch_takes_what_earlier_calls_answered() {
    let desk = Desk::demo();
    let ids = tasks(&desk, 2).await;
    let calls = json!([
        {"method": "tasks.task.get", "query": {"id": ids[0], "select": ["id", "title"]}, "as": "first"},
        {"method": "tasks.task.get", "query": {"id": ids[1], "select": ["id", "responsible.name"]}},
        {"method": "tasks.task.update", "query": {"id": {"$ref": "first.id"}, "fields": {"title": "Новая"}}},
        {"method": "tasks.task.list", "query": {"select": ["id", "title"], "filter": [["id", "in", [{"$ref": "first.id"}, {"$ref": "1.id"}]]]}, "as": "both"},
        {"method": "tasks.task.list", "query": {"filter": [["id", "in", {"$refArray": "both.id"}]]}},
    ]);
    let results = ask(&desk, "batch", calls.clone()).await;
    let results = results.as_array().unwrap();
    assert_eq!(results[0], json!({"item": {"id": ids[0], "title": "Задача 0"}}));
    assert_eq!(results[1]["item"]["responsible"]["name"], "Анна Орлова");
    assert_eq!(results[2], json!({"result": true}));
    assert_eq!(
        (&results[3]["items"][0]["title"], items(&results[3])),
        (&json!("Новая"), ids.clone())
    );
    assert_eq!(results[4], json!({"items": [{"id": ids[0]}, {"id": ids[1]}]}));
    // A client in JavaScript spreads the array into an object.
    let spread: serde_json::Map<String, Value> = (0..)
        .map(|at: i32| at.to_string())
        .zip(calls.as_array().unwrap().clone())
        .collect();
    assert_eq!(
        ask(&desk, "batch", Value::Object(spread))
            .await
            .as_array()
            .unwrap()
            .len(),
        5
    );
}

#[tokio::test]
async fn one_call_that_fails_fails_the_batch() {
    let desk = Desk::demo();
    let ids = tasks(&desk, 1).await;
    for (calls, code) in [
        (
            json!([{"method": "tasks.task.get", "query": {"id": 999_999}}]),
            "ENTITYNOTFOUNDEXCEPTION",
        ),
        (
            json!([{"method": "crm.item.list", "query": {}}]),
            "METHODNOTFOUNDEXCEPTION",
        ),
        (json!([{"method": "batch", "query": {}}]), "METHODNOTFOUNDEXCEPTION"),
        (json!({"cmd": {"a": "tasks.task.list"}}), "INVALIDSELECTEXCEPTION"),
        (json!([]), "INVALIDSELECTEXCEPTION"),
        (
            json!([{"method": "tasks.task.get", "query": {"id": ids[0]}, "as": "a"}, {"method": "tasks.task.list", "query": {}, "as": "a"}]),
            "INVALIDSELECTEXCEPTION",
        ),
        (
            json!([{"method": "tasks.task.get", "query": {"id": {"$ref": "gone.id"}}}]),
            "INVALIDSELECTEXCEPTION",
        ),
    ] {
        assert_eq!(
            refused(&desk, "batch", calls.clone()).await,
            (400, code.to_owned()),
            "{calls}"
        );
    }
}

#[tokio::test]
async fn half_of_a_batch_may_be_all_that_is_done() {
    let desk = Desk::demo();
    let calls = json!([{"method": "tasks.task.add", "query": task("Один")}, {"method": "tasks.task.add", "query": task("Два")}]);
    desk.control("/faults", json!({"method": "batch", "kind": "partial_batch"}))
        .await;
    assert_eq!(ask(&desk, "batch", calls.clone()).await.as_array().unwrap().len(), 1);
    desk.control("/faults", json!({"method": "batch", "kind": "expired_mid_batch"}))
        .await;
    let (status, code) = refused(&desk, "batch", calls).await;
    assert_eq!((status, code.as_str()), (401, "expired_token"));
    assert_eq!(desk.state().await["bitrix24"]["tasks"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_has_pages_of_any_length_and_filters_with_groups() {
    let desk = Desk::demo();
    let ids = tasks(&desk, 55).await;
    let list = async |more: Value| items(&ask(&desk, "tasks.task.list", more).await);
    assert_eq!(list(json!({})).await, ids[..50]);
    assert_eq!(list(json!({"pagination": {"limit": 1000}})).await, ids);
    assert_eq!(list(json!({"pagination": {"page": 2, "limit": 20}})).await, ids[20..40]);
    assert_eq!(
        list(json!({"pagination": {"offset": 53}, "order": {"id": "ASC"}})).await,
        ids[53..]
    );
    assert_eq!(
        list(json!({"order": {"id": "DESC"}, "pagination": {"limit": 1}})).await,
        ids[54..]
    );
    for (filter, expected) in [
        (json!([["id", ids[3]]]), vec![ids[3]]),
        (json!([["id", ">", ids[3]], ["id", "<=", ids[5]]]), vec![ids[4], ids[5]]),
        (json!([["id", "between", [ids[3], ids[4]]]]), vec![ids[3], ids[4]]),
        (
            json!([{"logic": "or", "conditions": [["id", [ids[1], ids[2]]], ["id", "=", ids[9]]]}]),
            vec![ids[1], ids[2], ids[9]],
        ),
        (
            json!([["id", "<", ids[4]], {"logic": "or", "negative": true, "conditions": [["id", ids[0]], ["id", "in", [ids[1]]]]}]),
            vec![ids[2], ids[3]],
        ),
    ] {
        assert_eq!(list(json!({"filter": filter})).await, expected, "{filter}");
    }
    for (asked, code) in [
        (json!({"filter": [["nothing", 1]]}), "UNKNOWNDTOPROPERTYEXCEPTION"),
        (
            json!({"filter": [["title", "x"]]}),
            "VALIDATION_REQUESTVALIDATIONEXCEPTION",
        ),
        (json!({"filter": [["id", "like", 1]]}), "UNKNOWNFILTEROPERATOREXCEPTION"),
        (json!({"filter": {">id": 1}}), "INVALIDFILTEREXCEPTION"),
        (json!({"pagination": {"limit": "abc"}}), "INVALIDPAGINATIONEXCEPTION"),
        (json!({"pagination": {"limit": 0}}), "INVALIDPAGINATIONEXCEPTION"),
        (json!({"order": {"id": "UP"}}), "INVALIDORDEREXCEPTION"),
        (json!({"select": ["responsible.shoes"]}), "UNKNOWNDTOPROPERTYEXCEPTION"),
    ] {
        assert_eq!(
            refused(&desk, "tasks.task.list", asked.clone()).await,
            (400, code.to_owned()),
            "{asked}"
        );
    }
}

#[tokio::test]
async fn it_takes_json_and_says_what_is_wrong_with_it() {
    let desk = Desk::demo();
    let validation = "VALIDATION_REQUESTVALIDATIONEXCEPTION".to_owned();
    for (method, asked) in [
        ("tasks.task.get", json!({})),
        ("tasks.task.get", json!({"id": "1"})),
        ("tasks.task.add", json!({"fields": {"title": "x", "creatorId": 1}})),
    ] {
        assert_eq!(refused(&desk, method, asked).await, (400, validation.clone()));
    }
    let (_, _, body) = said(posted(&desk, "tasks.task.get", &json!({}))).await;
    assert_eq!(body["error"]["validation"][0]["field"], "id");
    // A query is not read, and a form is no body.
    let by_query = desk.http.get(format!("{}?id=1", url(&desk, "tasks.task.get")));
    assert_eq!(said(by_query).await.0, 400);
    let form = desk
        .http
        .post(url(&desk, "tasks.task.list"))
        .header("content-type", "application/x-www-form-urlencoded");
    let (status, _, body) = said(form.body("select%5B%5D=id")).await;
    assert_eq!(
        (status, body["error"]["code"].as_str().unwrap()),
        (400, "BITRIX_REST_V3_EXCEPTION_INVALIDJSONEXCEPTION")
    );
    desk.control("/load", json!({"keep": true, "scopes": ["crm"]})).await;
    for method in ["tasks.task.list", "tasks.task.add"] {
        let refusal = refused(&desk, method, task("x")).await;
        assert_eq!(refusal, (403, "INSUFFICIENTSCOPEEXCEPTION".to_owned()), "{method}");
    }
}

#[tokio::test]
async fn it_describes_itself() {
    let desk = Desk::demo();
    let (status, _, document) = said(desk.http.get(url(&desk, "rest.documentation.openapi"))).await;
    assert_eq!((status, &document["openapi"]), (200, &json!("3.0.0")));
    assert!(document["paths"]["/tasks.task.get"].is_object());
    assert_eq!(
        ask(&desk, "scopes", json!({})).await["tasks"]["tasks.task.add"],
        json!(["tasks"])
    );
}
