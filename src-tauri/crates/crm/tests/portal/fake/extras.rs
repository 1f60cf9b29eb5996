//! What else the portal in memory keeps: shop payments, documents, to-dos, notifications, funnels of deals.

use serde_json::{Map, Value, json};

use super::{CallError, State, Text, number, refused};

/// Beside invoices and deals.
#[derive(Default)]
pub struct Extras {
    /// Shop payments of any invoice: id, entity id, fields.
    pub payments: Vec<(u64, u64, Map<String, Value>)>,
    pub documents: Vec<Value>,
    pub activities: Vec<Value>,
    /// User and message by tag: the same tag replaces.
    pub notified: std::collections::BTreeMap<String, (u64, String)>,
    /// The queue of offline events: message and event; packs that were given out; events bound.
    pub events: Vec<(u64, Value)>,
    /// Of the events, how many are in a pack.
    pub reserved: usize,
    pub bound: Vec<String>,
    /// Methods that this portal does not let us call, and why.
    pub forbidden: Vec<(&'static str, &'static str)>,
}

pub const DEAL_STAGES: [(&str, &str, &str); 3] =
    [("NEW", "Новая", ""), ("WON", "Успешна", "S"), ("LOSE", "Провал", "F")];

impl State {
    /// `None`: the method is none of these.
    pub(super) fn extra(&mut self, method: &str, params: &Value) -> Option<Result<Value, CallError>> {
        if let Some((_, code)) = self.extras.forbidden.iter().find(|(forbidden, _)| *forbidden == method) {
            let code = (*code).to_owned();
            let detail = Text::same("");
            return Some(Err(if code == "insufficient_scope" {
                CallError::Unauthorised { code, detail }
            } else {
                refused(&code)
            }));
        }
        let at = json!({"date_finish": "2026-11-25T10:00:00+03:00"});
        let answer = match method {
            "im.notify.system.add" => {
                let tag = params["TAG"].as_str().unwrap().to_owned();
                assert!(params["CLIENT_ID"].is_string());
                let told = (
                    number(&params["USER_ID"]),
                    params["MESSAGE"].as_str().unwrap().to_owned(),
                );
                self.extras.notified.insert(tag, told);
                json!({"result": 12345})
            }
            "crm.item.payment.list" => {
                let entity = number(&params["entityId"]);
                let mine = self.extras.payments.iter().filter(|(_, of, _)| *of == entity);
                let rows: Vec<Value> = mine.map(|(id, _, fields)| with_id(*id, fields)).collect();
                json!({"result": rows})
            }
            "sale.payment.list" => {
                let id = number(&params["filter"]["id"]);
                let mine = self.extras.payments.iter().filter(|(of, _, _)| *of == id);
                let rows: Vec<Value> = mine.map(|(id, _, fields)| with_id(*id, fields)).collect();
                json!({"result": {"payments": rows}})
            }
            "sale.payment.update" => {
                let id = number(&params["id"]);
                let Some((_, _, fields)) = self.extras.payments.iter_mut().find(|(of, _, _)| *of == id) else {
                    return Some(Err(refused("200640400001")));
                };
                fields.extend(params["fields"].as_object().unwrap().clone());
                self.writes.push(format!("voucher {id}"));
                json!({"result": {"payment": {}}, "time": at})
            }
            "crm.documentgenerator.document.list" => json!({"result": {"documents": self.extras.documents}}),
            "crm.documentgenerator.document.add" => {
                let id = 700 + self.extras.documents.len();
                let document = json!({"id": id, "number": "17", "templateId": params["templateId"].to_string(),
                                      "entityTypeId": "31", "entityId": params["entityId"].to_string()});
                self.extras.documents.push(document.clone());
                self.writes.push(format!("act {}", params["entityId"]));
                json!({"result": {"document": document}, "time": at})
            }
            "events" => json!({"result": ["ONCRMDYNAMICITEMADD", "ONCRMDYNAMICITEMUPDATE_31"]}),
            "event.bind" => {
                assert_eq!(params["event_type"], "offline");
                let event = params["event"].as_str().unwrap().to_owned();
                if self.extras.bound.contains(&event) {
                    return Some(Err(refused("")));
                }
                self.extras.bound.push(event);
                json!({"result": true})
            }
            "event.offline.get" => {
                assert_eq!(params["clear"], 0);
                // A pack is one reader's: nobody is told the same twice.
                let fresh = self.extras.events.iter().skip(self.extras.reserved);
                let events: Vec<Value> = fresh.map(|(_, event)| event.clone()).collect();
                self.extras.reserved += events.len();
                let process = if events.is_empty() { Value::Null } else { json!("abc") };
                json!({"result": {"process_id": process, "events": events}})
            }
            "event.offline.clear" => {
                assert_eq!(params["process_id"], "abc");
                let done = params["message_id"].clone();
                self.extras
                    .events
                    .retain(|(message, _)| !super::among(&done, &json!(message)));
                self.extras.reserved = 0;
                json!({"result": true})
            }
            "crm.activity.list" => json!({"result": self.extras.activities}),
            "crm.activity.todo.add" => {
                let id = 800 + self.extras.activities.len();
                self.extras
                    .activities
                    .push(json!({"ID": id.to_string(), "DESCRIPTION": params["description"]}));
                self.writes.push(format!("todo {}", params["ownerId"]));
                json!({"result": {"id": id}})
            }
            _ => return None,
        };
        Some(Ok(answer))
    }
}

fn with_id(id: u64, fields: &Map<String, Value>) -> Value {
    let mut row = fields.clone();
    row.insert("id".to_owned(), json!(id));
    Value::Object(row)
}
