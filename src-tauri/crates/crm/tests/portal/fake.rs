//! A portal in memory: items, comments, requisites, and a fault at any call. Written from the API reference, for tests.

mod batch;
mod extras;

use std::{
    collections::{BTreeMap, VecDeque},
    future::Future,
    pin::pin,
    sync::{Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};

use chrono::{DateTime, FixedOffset};
use crm::{CallError, Transport};
use domain::Text;
use serde_json::{Map, Value, json};

pub const DEAL: u64 = 2;
pub const COMPANY: u64 = 4;
pub const INVOICE: u64 = 31;
pub const INVOICE_FIELD: &str = "ufCrmSmartInvoiceBankPaymentId";
pub const DEAL_FIELD: &str = "ufCrmDealBankPaymentId";
const PAGE: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NotSent,
    /// The answer never comes; it was not done.
    LostBefore,
    /// The answer never comes; it was done.
    LostAfter,
    Limited,
    FailedBefore,
    FailedAfter,
    Unauthorised,
}

pub const FAULTS: [Fault; 7] = [
    Fault::NotSent,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::Limited,
    Fault::FailedBefore,
    Fault::FailedAfter,
    Fault::Unauthorised,
];

/// Which way this portal is odd.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Older lists answer with everything, whatever the filter.
    pub old_lists_ignore_filters: bool,
    /// `crm.item.list` answers with everything after the id, whatever else the filter says.
    pub items_ignore_filters: bool,
    pub no_previous_stage: bool,
    /// `crm.item.get` leaves empty custom fields out.
    pub hides_empty_fields: bool,
    /// Timelines come back wrapped in markup.
    pub marks_up_comments: bool,
    /// `userfieldconfig.add` is refused.
    pub refuses_field_config: bool,
    /// There is always one more page of comments, with nothing on it.
    pub endless_timeline: bool,
    /// Lists of items and comments are not taken in a batch.
    pub lists_want_to_be_alone: bool,
    /// `crm.deal.userfield.add` is refused.
    pub refuses_deal_fields: bool,
    pub knows_no_profile: bool,
    /// Answers carry no time.
    pub tells_no_time: bool,
}

#[derive(Default)]
pub struct State {
    pub items: BTreeMap<(u64, u64), Map<String, Value>>,
    /// id, entity type, entity id, text
    pub comments: Vec<(u64, String, u64, String)>,
    pub requisites: Vec<Value>,
    pub bank_details: Vec<Value>,
    pub links: Vec<Value>,
    /// By kind: name in items -> (full name, multiple)
    pub fields: BTreeMap<u64, BTreeMap<String, (String, bool)>>,
    pub scopes: Vec<&'static str>,
    pub oddities: Oddities,
    pub calls: Vec<String>,
    /// Writes that took effect.
    pub writes: Vec<String>,
    /// One entry a coming call; `None` goes well.
    pub faults: VecDeque<Option<Fault>>,
    /// What a limit asks to wait.
    pub retry_after_ms: u64,
    pub extras: Extras,
    /// Commands inside batches.
    pub commands: u64,
    next_comment: u64,
}

pub use extras::{DEAL_STAGES, Extras};

pub struct Fake(Mutex<State>);

/// The stages of category 3: two that succeed, to tell «first by SORT» from «first in the answer».
const STAGES: [(&str, &str, &str, &str); 6] = [
    ("DT31_3:UC_PAID2", "Оплачен и закрыт", "90", "S"),
    ("DT31_3:N", "Новый", "10", ""),
    ("DT31_3:S", "Выставлен", "20", ""),
    ("DT31_3:P", "Оплачен", "30", "S"),
    ("DT31_3:D", "Не оплачен", "40", "F"),
    ("DT31_3:UC_X", "На проверке", "25", ""),
];

impl Fake {
    pub fn new() -> Self {
        let mut state = State {
            scopes: vec!["crm", "userfieldconfig"],
            next_comment: 900,
            retry_after_ms: 1_000,
            ..State::default()
        };
        let invoice = (
            INVOICE_FIELD.to_owned(),
            ("UF_CRM_SMART_INVOICE_BANK_PAYMENT_ID".to_owned(), true),
        );
        let deal = (DEAL_FIELD.to_owned(), ("UF_CRM_DEAL_BANK_PAYMENT_ID".to_owned(), true));
        state.fields.insert(INVOICE, BTreeMap::from([invoice]));
        state.fields.insert(DEAL, BTreeMap::from([deal]));
        Self(Mutex::new(state))
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    pub fn put(&self, kind: u64, id: u64, fields: Value) {
        let Value::Object(mut fields) = fields else {
            panic!("an object")
        };
        fields.insert("id".to_owned(), json!(id));
        self.state().items.insert((kind, id), fields);
    }

    pub fn field(&self, kind: u64, id: u64, name: &str) -> Value {
        self.state().items[&(kind, id)]
            .get(name)
            .cloned()
            .unwrap_or(Value::Null)
    }

    pub fn stage(&self, id: u64) -> String {
        self.field(INVOICE, id, "stageId").as_str().unwrap().to_owned()
    }

    /// As a person would set it in the portal.
    pub fn move_by_hand(&self, id: u64, stage: &str) {
        let mut state = self.state();
        let item = state.items.get_mut(&(INVOICE, id)).unwrap();
        item.insert("stageId".to_owned(), json!(stage));
    }

    pub fn comments_with(&self, words: &str) -> usize {
        self.state()
            .comments
            .iter()
            .filter(|comment| comment.3.contains(words))
            .count()
    }

    /// From the next call on.
    pub fn plan(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.state().faults = faults.into_iter().collect();
    }

    pub fn fault_at(&self, call: usize, fault: Fault) {
        self.plan(std::iter::repeat_n(None, call).chain([Some(fault)]));
    }
}

impl Transport for &Fake {
    async fn call(&self, method: &str, params: &Value) -> Result<Value, CallError> {
        let mut state = self.state();
        state.calls.push(method.to_owned());
        let fault = state.faults.pop_front().flatten();
        let detail = Text::same("scripted");
        match fault {
            Some(Fault::NotSent) => return Err(CallError::NotSent { detail }),
            Some(Fault::LostBefore) => return Err(CallError::NoAnswer { detail }),
            Some(Fault::FailedBefore) => return Err(CallError::ServerFailed { status: 500, detail }),
            Some(Fault::Limited) => {
                return Err(CallError::Limited {
                    detail,
                    retry_after_ms: Some(state.retry_after_ms),
                });
            }
            Some(Fault::Unauthorised) => {
                return Err(CallError::Unauthorised {
                    code: "expired_token".to_owned(),
                    detail,
                });
            }
            Some(Fault::LostAfter | Fault::FailedAfter) | None => {}
        }
        let answer = state.answer(method, params);
        match fault {
            Some(Fault::LostAfter) => Err(CallError::NoAnswer { detail }),
            Some(Fault::FailedAfter) => Err(CallError::ServerFailed { status: 500, detail }),
            _ => answer,
        }
    }
}

fn refused(code: &str) -> CallError {
    CallError::Refused {
        status: 400,
        code: code.to_owned(),
        detail: Text::same(""),
    }
}

fn number(value: &Value) -> u64 {
    match value {
        // PHP makes nothing of a reference that leads nowhere.
        Value::String(text) => text.parse().unwrap_or(0),
        other => other.as_u64().unwrap_or(0),
    }
}

/// Numbers and their texts are the same to PHP.
fn among(list: &Value, value: &Value) -> bool {
    let same = |one: &Value| match (one, value) {
        (Value::String(one), Value::String(other)) => one == other,
        (Value::String(_), other) | (other, Value::String(_)) => {
            let text = if one.is_string() { one } else { value };
            text.as_str().and_then(|text| text.parse().ok()) == other.as_u64()
        }
        (one, other) => one == other,
    };
    list.as_array().unwrap().iter().any(same)
}

impl State {
    fn answer(&mut self, method: &str, params: &Value) -> Result<Value, CallError> {
        match method {
            "batch" => Ok(self.batch(params)),
            "profile" if self.oddities.knows_no_profile => Err(refused("ERROR_METHOD_NOT_FOUND")),
            "profile" => Ok(json!({"result": {"ID": "1", "NAME": "Анна", "LAST_NAME": "Сверкина"}})),
            "scope" => Ok(json!({"result": self.scopes})),
            "crm.category.list" if number(&params["entityTypeId"]) == DEAL => {
                Ok(json!({"result": {"categories": [{"id": 0, "name": "Продажи", "isDefault": "Y"}]}, "total": 1}))
            }
            "crm.category.list" if self.oddities.tells_no_time => {
                Ok(json!({"result": {"categories": [{"id": 3, "name": "Общая", "isDefault": "Y"}]}, "total": 1}))
            }
            "crm.category.list" => Ok(
                json!({"result": {"categories": [{"id": 3, "name": "Общая", "isDefault": "Y"}]}, "total": 1,
                          "time": {"start": 1_800_000_000.25}}),
            ),
            "crm.status.list" => Ok(self.statuses(params)),
            "crm.item.fields" => Ok(self.item_fields(params)),
            "crm.item.get" => self.get(params),
            "crm.item.list" => Ok(self.list(params)),
            "crm.item.update" => self.update(params),
            "crm.timeline.comment.list" => Ok(self.comment_list(params)),
            "crm.timeline.comment.add" => self.comment_add(params),
            "crm.requisite.list" => Ok(self.old_list(&self.requisites, params)),
            "crm.requisite.bankdetail.list" => Ok(self.old_list(&self.bank_details, params)),
            "crm.requisite.link.list" => Ok(self.old_list(&self.links, params)),
            "userfieldconfig.add" if self.oddities.refuses_field_config => Err(CallError::Unauthorised {
                code: "insufficient_scope".to_owned(),
                detail: Text::same(""),
            }),
            "userfieldconfig.add" => {
                let kind = match params["field"]["entityId"].as_str().unwrap() {
                    "CRM_SMART_INVOICE" => INVOICE,
                    _ => DEAL,
                };
                self.add_field(
                    kind,
                    params["field"]["fieldName"].as_str().unwrap(),
                    &params["field"]["multiple"],
                )
            }
            "crm.deal.userfield.add" if self.oddities.refuses_deal_fields => Err(refused("")),
            "crm.deal.userfield.add" => {
                let full = format!("UF_CRM_{}", params["fields"]["FIELD_NAME"].as_str().unwrap());
                self.add_field(DEAL, &full, &params["fields"]["MULTIPLE"])
            }
            other => self
                .extra(other, params)
                .unwrap_or_else(|| panic!("{other} is not scripted")),
        }
    }

    fn statuses(&self, params: &Value) -> Value {
        let mut rows: Vec<Value> = STAGES
            .iter()
            .map(|(id, name, sort, semantics)| {
                json!({"ENTITY_ID": "SMART_INVOICE_STAGE_3", "STATUS_ID": id, "NAME": name, "SORT": sort, "SEMANTICS": semantics})
            })
            .collect();
        // A reference of another kind, which a list that ignores filters shows as well.
        rows.extend(DEAL_STAGES.iter().map(|(id, name, semantics)| {
            json!({"ENTITY_ID": "DEAL_STAGE", "STATUS_ID": id, "NAME": name, "SORT": "1", "SEMANTICS": semantics})
        }));
        if !self.oddities.old_lists_ignore_filters {
            rows.retain(|row| row["ENTITY_ID"] == params["filter"]["ENTITY_ID"]);
        }
        json!({"result": rows})
    }

    fn item_fields(&self, params: &Value) -> Value {
        let mut fields = Map::new();
        fields.insert(
            "stageId".to_owned(),
            json!({"upperName": "STAGE_ID", "isMultiple": false}),
        );
        for (name, (upper, multiple)) in &self.fields[&number(&params["entityTypeId"])] {
            fields.insert(
                name.clone(),
                json!({"upperName": upper, "isMultiple": multiple, "isDynamic": true}),
            );
        }
        json!({"result": {"fields": fields}})
    }

    fn shown(&self, kind: u64, item: &Map<String, Value>) -> Value {
        let mut item = item.clone();
        if self.oddities.no_previous_stage {
            item.remove("previousStageId");
        }
        for (name, (_, multiple)) in self.fields.get(&kind).into_iter().flatten() {
            let empty = if *multiple { json!([]) } else { Value::Null };
            let held = item.get(name).cloned().unwrap_or_else(|| empty.clone());
            if self.oddities.hides_empty_fields && held == empty {
                item.remove(name);
            } else {
                item.insert(name.clone(), held);
            }
        }
        item.insert("entityTypeId".to_owned(), json!(kind));
        Value::Object(item)
    }

    fn get(&self, params: &Value) -> Result<Value, CallError> {
        let key = (number(&params["entityTypeId"]), number(&params["id"]));
        let item = self.items.get(&key).ok_or_else(|| refused("NOT_FOUND"))?;
        Ok(json!({"result": {"item": self.shown(key.0, item)}}))
    }

    fn list(&self, params: &Value) -> Value {
        let kind = number(&params["entityTypeId"]);
        let filter = &params["filter"];
        let after = number(&filter[">id"]);
        let start = &params["start"];
        let counts = *start == json!(0);
        assert!(counts || *start == json!(-1) || *start == json!("-1"), "{start}");
        assert_eq!(params["order"], json!({"id": "ASC"}));
        let matching = self.items.range((kind, after + 1)..(kind + 1, 0)).filter(|(_, item)| {
            self.oddities.items_ignore_filters
                || (filter
                    .get("@stageId")
                    .is_none_or(|stages| among(stages, &item["stageId"]))
                    && filter.get("@id").is_none_or(|ids| among(ids, &item["id"]))
                    && filter
                        .get(">=updatedTime")
                        .is_none_or(|from| moment(&item["updatedTime"]) >= moment(from)))
        });
        let total = if counts { matching.clone().count() } else { 0 };
        let page: Vec<Value> = matching.take(PAGE).map(|(_, item)| self.shown(kind, item)).collect();
        json!({"result": {"items": page}, "total": total})
    }

    fn update(&mut self, params: &Value) -> Result<Value, CallError> {
        let key = (number(&params["entityTypeId"]), number(&params["id"]));
        let known = self.fields[&key.0].clone();
        let item = self.items.get_mut(&key).ok_or_else(|| refused("NOT_FOUND"))?;
        for (name, value) in params["fields"].as_object().unwrap() {
            if name == "stageId" {
                let before = item["stageId"].clone();
                item.insert("previousStageId".to_owned(), before);
                item.insert(name.clone(), value.clone());
            } else if let Some((_, multiple)) = known.get(name) {
                assert_eq!(value.is_array(), *multiple, "{name} = {value}");
                item.insert(name.clone(), value.clone());
            }
        }
        self.writes.push(format!("update {} {}", key.0, key.1));
        let item = self.items[&key].clone();
        Ok(json!({"result": {"item": self.shown(key.0, &item)}}))
    }

    fn comment_list(&self, params: &Value) -> Value {
        let filter = &params["filter"];
        let start = usize::try_from(number(&params["start"])).unwrap();
        if self.oddities.endless_timeline {
            return json!({"result": [], "next": start + PAGE});
        }
        let rows = self.comments.iter().filter(|(_, kind, entity, _)| {
            self.oddities.old_lists_ignore_filters
                || (filter["ENTITY_TYPE"] == json!(kind) && number(&filter["ENTITY_ID"]) == *entity)
        });
        let rows: Vec<Value> = rows
            .map(|(id, _, entity, text)| {
                let text = if self.oddities.marks_up_comments {
                    format!("<p>{}</p>", text.replace('\n', "<br>"))
                } else {
                    text.clone()
                };
                json!({"ID": id.to_string(), "ENTITY_ID": entity.to_string(), "COMMENT": text})
            })
            .collect();
        paged(&rows, start)
    }

    fn comment_add(&mut self, params: &Value) -> Result<Value, CallError> {
        let fields = &params["fields"];
        let entity = number(&fields["ENTITY_ID"]);
        if fields["ENTITY_TYPE"] != json!("dynamic_31") || !self.items.contains_key(&(INVOICE, entity)) {
            return Err(refused("OWNER_NOT_FOUND"));
        }
        self.next_comment += 1;
        let text = fields["COMMENT"].as_str().unwrap().to_owned();
        self.comments
            .push((self.next_comment, "dynamic_31".to_owned(), entity, text));
        self.writes.push(format!("comment {entity}"));
        Ok(json!({"result": self.next_comment}))
    }

    /// Known filters only; an unknown one is ignored, as the real ones do.
    fn old_list(&self, rows: &[Value], params: &Value) -> Value {
        let filter = &params["filter"];
        let kept: Vec<Value> = rows
            .iter()
            .filter(|row| {
                self.oddities.old_lists_ignore_filters
                    || (filter.get(">ID").is_none_or(|id| number(&row["ID"]) > number(id))
                        && filter
                            .get("ENTITY_TYPE_ID")
                            .is_none_or(|kind| number(kind) == number(&row["ENTITY_TYPE_ID"]))
                        && filter
                            .get("ENTITY_ID")
                            .is_none_or(|id| number(id) == number(&row["ENTITY_ID"]))
                        && filter.get("@ENTITY_ID").is_none_or(|ids| among(ids, &row["ENTITY_ID"])))
            })
            .cloned()
            .collect();
        match params["start"]
            .as_i64()
            .or_else(|| params["start"].as_str()?.parse().ok())
        {
            Some(-1) => json!({"result": kept.into_iter().take(PAGE).collect::<Vec<_>>()}),
            start => paged(&kept, usize::try_from(start.unwrap_or(0)).unwrap()),
        }
    }

    fn add_field(&mut self, kind: u64, full: &str, multiple: &Value) -> Result<Value, CallError> {
        let fields = self.fields.get_mut(&kind).unwrap();
        if fields.values().any(|(known, _)| known == full) {
            return Err(refused(""));
        }
        let mut name = String::from("ufCrm");
        for word in full.trim_start_matches("UF_CRM_").split('_') {
            name.push_str(&word[..1]);
            name.push_str(&word[1..].to_lowercase());
        }
        fields.insert(name, (full.to_owned(), multiple == "Y"));
        self.writes.push(format!("field {full}"));
        Ok(json!({"result": {"field": {"fieldName": full}}}))
    }
}

fn moment(value: &Value) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap()
}

fn paged(rows: &[Value], start: usize) -> Value {
    let page: Vec<&Value> = rows.iter().skip(start).take(PAGE).collect();
    let mut body = json!({"result": page, "total": rows.len()});
    if start + PAGE < rows.len() {
        body["next"] = json!(start + PAGE);
    }
    body
}

/// Nothing in memory ever waits.
pub fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a portal in memory does not wait"),
    }
}
