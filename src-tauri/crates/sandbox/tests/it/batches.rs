//! `batch`: references, halt, limits, shapes.

use serde_json::{Map, Value, json};

use crate::desk::Desk;

#[tokio::test]
async fn commands_run_in_their_order_and_refer_to_each_other() {
    let desk = Desk::demo();
    // By the alphabet the user would come before what it refers to.
    let text = r#"{"halt":0,"cmd":{
        "z_invoice":"crm.item.list?entityTypeId=31&filter[accountNumber]=%D0%A1%D0%A7-145&select[]=id&select[]=companyId",
        "a_requisite":"crm.requisite.list?filter[ENTITY_TYPE_ID]=4&filter[ENTITY_ID]=$result[z_invoice][items][0][companyId]"}}"#;
    let response = desk
        .http
        .post(desk.url("batch"))
        .header("content-type", "application/json")
        .body(text)
        .send()
        .await
        .unwrap();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let result = &body["result"];
    assert_eq!(result["result"]["a_requisite"][0]["RQ_INN"], "7813641821");
    assert_eq!(result["result_total"], json!({"z_invoice": 1, "a_requisite": 1}));
    assert_eq!(
        (&result["result_error"], &result["result_next"]),
        (&json!([]), &json!([]))
    );
    assert!(result["result_time"]["z_invoice"]["operating"].is_number());
    let requests = desk.state().await["requests"].clone();
    assert_eq!(requests["by_method"], json!({"batch": 1}));
    assert_eq!(
        requests["by_command"],
        json!({"crm.item.list": 1, "crm.requisite.list": 1})
    );
}

#[tokio::test]
async fn lists_of_commands_answer_with_arrays_and_holes_make_objects() {
    let desk = Desk::demo();
    let whole = desk.result("batch", json!({"cmd": ["profile", "scope"]})).await;
    assert!(whole["result"].is_array());
    let holed = desk
        .result(
            "batch",
            json!({"cmd": ["profile", "crm.item.get?entityTypeId=31&id=9", "scope"]}),
        )
        .await;
    assert_eq!(
        holed["result"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["0", "2"]
    );
    assert_eq!(holed["result_error"]["1"]["error"], "NOT_FOUND");
}

#[tokio::test]
async fn halt_stops_at_the_first_failure() {
    let desk = Desk::demo();
    let cmd = json!({"a": "crm.nothing", "b": "profile", "c": "batch?cmd[]=profile"});
    let halted = desk.result("batch", json!({"halt": 1, "cmd": cmd})).await;
    assert_eq!(halted["result"], json!([]));
    assert_eq!(halted["result_error"].as_object().unwrap().len(), 1);
    let through = desk.result("batch", json!({"halt": 0, "cmd": cmd})).await;
    assert_eq!(through["result"].as_object().unwrap().len(), 1);
    assert_eq!(through["result_error"]["c"]["error"], "ERROR_BATCH_METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn fifty_commands_run_and_the_next_does_not() {
    let desk = Desk::demo();
    let cmd: Map<String, Value> = (0..51).map(|at| (format!("c{at:02}"), json!("profile"))).collect();
    let result = desk.result("batch", json!({"cmd": cmd})).await;
    assert_eq!(result["result"].as_object().unwrap().len(), 50);
    assert_eq!(result["result_error"]["c50"]["error"], "ERROR_BATCH_LENGTH_EXCEEDED");
}

#[tokio::test]
async fn a_fault_can_strike_one_command_of_a_batch() {
    let desk = Desk::demo();
    desk.control(
        "/faults",
        json!({"method": "crm.item.get", "kind": "expired", "skip": 1}),
    )
    .await;
    let get = "crm.item.get?entityTypeId=31&id=1003";
    let result = desk
        .result("batch", json!({"cmd": {"a": get, "b": get, "c": get}}))
        .await;
    assert_eq!(result["result"].as_object().unwrap().len(), 2);
    assert_eq!(result["result_error"]["b"]["error"], "expired_token");
}
