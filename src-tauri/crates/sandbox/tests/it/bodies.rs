//! One call in every dress: JSON, forms, multipart, queries, chunks, suffixes.

use serde_json::{Value, json};

use crate::desk::Desk;

async fn ids(desk: &Desk, request: reqwest::RequestBuilder) -> Vec<i64> {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    drop(desk.state().await);
    crate::desk::ids(&body["result"]["items"])
}

#[tokio::test]
async fn every_dress_says_the_same() {
    let desk = Desk::demo();
    let url = desk.url("crm.item.list");
    let form = "entityTypeId=31&filter%5B%3Eid%5D=1002&filter%5B%3Cid%5D=1005&select%5B%5D=id&order%5Bid%5D=DESC";
    let fields = [
        ("entityTypeId", "31"),
        ("filter[>id]", "1002"),
        ("filter[<id]", "1005"),
        ("select[]", "id"),
        ("order[id]", "DESC"),
    ];
    let parts: String = fields
        .iter()
        .map(|(name, value)| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"))
        .collect();
    let body = json!({"entityTypeId": 31, "filter": {">id": 1002, "<id": 1005}, "select": {"0": "id"}, "order": {"id": "DESC"}});
    let post = |kind: &str, body: String| desk.http.post(&url).header("content-type", kind).body(body);
    let chunks = futures_util::stream::iter(
        body.to_string()
            .into_bytes()
            .chunks(7)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    let requests = [
        post("application/json", body.to_string()),
        post("application/json; charset=utf-8", body.to_string()),
        post("application/x-www-form-urlencoded", form.to_owned()),
        post("multipart/form-data; boundary=edge", format!("{parts}--edge--\r\n")),
        desk.http.get(format!("{url}?{form}")),
        desk.http.post(format!("{url}.json?{form}")),
        desk.http.post(format!("{}/?{form}", desk.url("CRM.Item.List"))),
        desk.http
            .post(&url)
            .header("content-type", "application/json")
            .body(reqwest::Body::wrap_stream(chunks)),
    ];
    for (at, request) in requests.into_iter().enumerate() {
        assert_eq!(ids(&desk, request).await, [1004, 1003], "dress {at}");
    }
}

#[tokio::test]
async fn what_is_no_body_is_refused() {
    let desk = Desk::demo();
    for (kind, body) in [
        ("application/json", "{"),
        ("multipart/form-data; boundary=x", "nothing"),
        ("multipart/form-data", "nothing"),
    ] {
        let request = desk
            .http
            .post(desk.url("profile"))
            .header("content-type", kind)
            .body(body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_client_error(), "{kind}");
    }
    // What PHP cannot read is as if nothing had been sent.
    let request = desk
        .http
        .post(desk.url("crm.item.get"))
        .header("content-type", "text/plain");
    let text = request
        .body("entityTypeId=31&id=1003")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["error"], "100");
}

#[tokio::test]
async fn xml_is_asked_for_by_the_name() {
    let desk = Desk::demo();
    let response = desk.http.get(desk.url("profile.xml")).send().await.unwrap();
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/xml")
    );
    let text = response.text().await.unwrap();
    assert!(
        text.contains("<result><ID>1</ID>") && text.ends_with("</response>"),
        "{text}"
    );
}

#[tokio::test]
async fn the_answer_tells_the_portals_own_time() {
    let desk = Desk::demo();
    desk.control("/clock", json!({"stopped": true, "shift_ms": 86_400_000}))
        .await;
    let response = desk.send("server.time", json!({})).await.unwrap();
    let date = response.headers()["date"].to_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let told = chrono::DateTime::parse_from_rfc2822(&date).unwrap();
    let text = body["result"].as_str().unwrap();
    assert_eq!(told, chrono::DateTime::parse_from_rfc3339(text).unwrap());
    assert_eq!(body["time"]["date_finish"], text);
}
