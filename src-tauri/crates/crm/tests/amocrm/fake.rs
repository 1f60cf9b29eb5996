//! An account in memory: catalog of invoices, leads, companies, notes, and a fault at any call. Written from the API
//! reference, for tests.

use std::{
    collections::{BTreeMap, VecDeque},
    pin::pin,
    sync::{Mutex, MutexGuard},
    task::{Context, Poll, Waker},
};

use crm::{CallError, Transport};
use domain::{Text, Timestamp};
use serde_json::{Value, json};

pub const CATALOG: u64 = 4517;
pub const STATUS: u64 = 901;
pub const PAYER: u64 = 902;
pub const PRICE: u64 = 903;
pub const PAID_ON: u64 = 904;
pub const PAYMENT: u64 = 905;
pub const ITEMS: u64 = 906;
/// Rows of a page at most, smaller than the real 250 so that tests have several pages.
pub const PAGE: usize = 3;
pub const SERVER_TIME: Timestamp = Timestamp(1_795_165_200_000);

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
    /// As a server in between answers, or an account that moved.
    NotFound,
}

pub const FAULTS: [Fault; 8] = [
    Fault::NotSent,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::Limited,
    Fault::FailedBefore,
    Fault::FailedAfter,
    Fault::Unauthorised,
    Fault::NotFound,
];

/// How the account understands a filter by several numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Many {
    #[default]
    All,
    /// As a server that keeps one value of a name.
    LastOnly,
    /// As a list that has no such filter.
    Ignored,
    /// The list cannot be asked so.
    Refused,
}

#[derive(Default)]
pub struct State {
    pub currency: &'static str,
    pub catalogs: Vec<Value>,
    pub fields: Vec<Value>,
    pub elements: BTreeMap<u64, Value>,
    pub leads: BTreeMap<u64, Value>,
    pub companies: BTreeMap<u64, Value>,
    pub contacts: BTreeMap<u64, Value>,
    /// id, lead, type, text
    pub notes: Vec<(u64, u64, String, String)>,
    /// This account has no notes of the kind `bill_paid`.
    pub refuses_bill_paid: bool,
    /// Fields cannot be made.
    pub refuses_fields: bool,
    /// Every page of elements repeats the last row of the one before, as pages do that shift.
    pub pages_shift: bool,
    pub many: Many,
    /// The last page names itself as the next.
    pub circles: bool,
    pub calls: Vec<String>,
    /// Writes that took effect.
    pub writes: Vec<String>,
    /// One entry a coming call; `None` goes well.
    pub faults: VecDeque<Option<Fault>>,
    /// What stands before the account lets changes through one by one only.
    pub one_by_one: bool,
    /// So many pauses of the client pass before a look shows what was written; 0: at once.
    pub lag: usize,
    /// What looks show until then, and how many pauses are left.
    behind: Option<(Shown, usize)>,
    next: u64,
}

/// Elements and notes.
type Shown = (BTreeMap<u64, Value>, Vec<(u64, u64, String, String)>);

pub struct Fake(Mutex<State>);

impl Fake {
    pub fn new() -> Self {
        let field = |id: u64, code: &str, name: &str| json!({"id": id, "code": code, "name": name});
        let choice = |id: u64, code: &str, value: &str| json!({"id": id, "code": code, "value": value});
        let mut status = field(STATUS, "BILL_STATUS", "Статус");
        status["enums"] = json!([
            choice(11, "created", "Создан"),
            choice(12, "paid", "Оплачен"),
            choice(13, "partially_paid", "Частично оплачен"),
            choice(14, "paid_in_advance", "Оплачен в аванс"),
            {"id": 15, "code": null, "value": "Отменён"},
        ]);
        Self(Mutex::new(State {
            currency: "RUB",
            catalogs: vec![
                json!({"id": 1, "name": "Товары", "type": "products"}),
                json!({"id": CATALOG, "name": "Счета", "type": "invoices"}),
            ],
            fields: vec![
                status,
                field(PAYER, "PAYER", "Плательщик"),
                field(PRICE, "BILL_PRICE", "Сумма"),
                field(PAID_ON, "BILL_PAYMENT_DATE", "Дата оплаты"),
                field(PAYMENT, "BANK_PAYMENT_ID", "ID банковского платежа"),
                field(ITEMS, "ITEMS", "Товары"),
            ],
            next: 9_000,
            ..State::default()
        }))
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// An invoice with these values of fields, by the fields' numbers.
    pub fn put(&self, id: u64, name: &str, values: &[(u64, Value)]) {
        let mut state = self.state();
        let row =
            json!({"id": id, "name": name, "catalog_id": CATALOG, "created_at": 1_795_125_600, "is_deleted": null});
        state.elements.insert(id, row);
        for (field, value) in values {
            state.set(id, *field, value.clone());
        }
    }

    pub fn set(&self, id: u64, field: u64, values: Value) {
        self.state().set(id, field, values);
    }

    /// What kind of field it is.
    pub fn kind(&self, field: u64, kind: &str) {
        let mut state = self.state();
        let known = state.fields.iter_mut().find(|known| known["id"] == field).unwrap();
        known["type"] = json!(kind);
    }

    /// The values of a field; null where it has none.
    pub fn field(&self, id: u64, field: u64) -> Value {
        self.state().values(id, field)
    }

    pub fn status(&self, id: u64) -> u64 {
        self.field(id, STATUS)[0]["enum_id"].as_u64().unwrap_or(0)
    }

    pub fn payments(&self, id: u64) -> Vec<String> {
        let held = self.field(id, PAYMENT)[0]["value"].as_str().unwrap_or("").to_owned();
        held.split_whitespace().map(str::to_owned).collect()
    }

    pub fn notes_with(&self, words: &str) -> usize {
        self.state().notes.iter().filter(|note| note.3.contains(words)).count()
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
        let detail = Text::new("по сценарию", "scripted");
        match fault {
            Some(Fault::NotSent) => return Err(CallError::NotSent { detail }),
            Some(Fault::LostBefore) => return Err(CallError::NoAnswer { detail }),
            Some(Fault::FailedBefore) => return Err(CallError::ServerFailed { status: 500, detail }),
            Some(Fault::Limited) => {
                return Err(CallError::Limited {
                    detail,
                    retry_after_ms: Some(60_000),
                });
            }
            Some(Fault::Unauthorised) => {
                return Err(CallError::Unauthorised {
                    code: "401".to_owned(),
                    detail,
                });
            }
            Some(Fault::NotFound) => return Err(refused(404, "NOT_FOUND")),
            Some(Fault::LostAfter | Fault::FailedAfter) | None => {}
        }
        let answer = state.answer_or_lag(method, params);
        match fault {
            Some(Fault::LostAfter) => Err(CallError::NoAnswer { detail }),
            Some(Fault::FailedAfter) => Err(CallError::ServerFailed { status: 500, detail }),
            _ => answer,
        }
    }

    async fn pause(&self, _: u64) {
        let mut state = self.state();
        state.behind = match state.behind.take() {
            Some((shown, left)) if left > 1 => Some((shown, left - 1)),
            _ => None,
        };
    }

    fn server_time(&self) -> Option<Timestamp> {
        Some(SERVER_TIME)
    }
}

fn refused(status: u16, code: &str) -> CallError {
    CallError::Refused {
        status,
        code: code.to_owned(),
        detail: Text::new("отказ", "refused"),
    }
}

fn number(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_u64().unwrap_or(0),
    }
}

impl State {
    fn values(&self, id: u64, field: u64) -> Value {
        let fields = self.elements[&id]["custom_fields_values"].as_array();
        let field = fields.into_iter().flatten().find(|known| known["field_id"] == field);
        field.map_or(Value::Null, |field| field["values"].clone())
    }

    /// `values` as they are written; a choice gets its code and its name, as answers have them.
    fn set(&mut self, id: u64, field: u64, mut values: Value) {
        let known = self.fields.iter().find(|known| known["id"] == field).cloned();
        let known = known.unwrap_or_else(|| json!({"id": field, "code": null, "name": "?"}));
        if let Some(value) = values.get_mut(0)
            && let Some(number) = value.get("enum_id").cloned()
        {
            let choices = known["enums"].as_array().unwrap();
            let choice = choices.iter().find(|choice| choice["id"] == number).unwrap();
            *value = json!({"enum_id": number, "enum_code": choice["code"], "value": choice["value"]});
        }
        let element = self.elements.get_mut(&id).unwrap();
        let mut fields = element["custom_fields_values"].as_array().cloned().unwrap_or_default();
        fields.retain(|known| known["field_id"] != field);
        if !values.is_null() {
            fields.push(json!({"field_id": field, "field_code": known["code"], "values": values}));
        }
        element["custom_fields_values"] = if fields.is_empty() { Value::Null } else { json!(fields) };
    }

    /// As one of several servers answers, which hears of a write a little later.
    fn answer_or_lag(&mut self, method: &str, params: &Value) -> Result<Value, CallError> {
        if self.lag == 0 {
            return self.answer(method, params);
        }
        if !method.starts_with("GET ") {
            let shown = (self.elements.clone(), self.notes.clone());
            let (shown, _) = self.behind.take().unwrap_or((shown, 0));
            self.behind = Some((shown, self.lag));
            return self.answer(method, params);
        }
        let Some(((elements, notes), left)) = self.behind.take() else {
            return self.answer(method, params);
        };
        let now = (
            std::mem::replace(&mut self.elements, elements),
            std::mem::replace(&mut self.notes, notes),
        );
        let answer = self.answer(method, params);
        let shown = (
            std::mem::replace(&mut self.elements, now.0),
            std::mem::replace(&mut self.notes, now.1),
        );
        self.behind = Some((shown, left));
        answer
    }

    fn answer(&mut self, method: &str, params: &Value) -> Result<Value, CallError> {
        let (verb, path) = method.split_once(' ').unwrap();
        let parts: Vec<&str> = path.split('/').collect();
        let catalog = CATALOG.to_string();
        match (verb, parts.as_slice()) {
            ("GET", ["account"]) => Ok(json!({"id": 1, "name": "Фирма", "currency": self.currency,
                "_embedded": {"datetime_settings": {"timezone_offset": "+03:00"}}})),
            ("GET", ["catalogs"]) => Ok(self.page(self.catalogs.clone(), "catalogs", params)),
            ("GET", ["catalogs", of, "custom_fields"]) if *of == catalog => {
                Ok(self.page(self.fields.clone(), "custom_fields", params))
            }
            ("POST", ["catalogs", _, "custom_fields"]) if self.refuses_fields => Err(CallError::Unauthorised {
                code: "403".to_owned(),
                detail: Text::new("нет прав", "no rights"),
            }),
            ("POST", ["catalogs", _, "custom_fields"]) => {
                let told = &params[0];
                let field = json!({"id": PAYMENT, "code": told["code"], "name": told["name"], "type": told["type"]});
                self.fields.push(field.clone());
                self.writes.push("field".to_owned());
                Ok(json!({"_embedded": {"custom_fields": [field]}}))
            }
            ("GET", ["catalogs", of, "elements"]) if *of == catalog => {
                let rows = self.elements.values().cloned().collect();
                Ok(self.page(rows, "elements", params))
            }
            ("GET", ["catalogs", of, "elements", id]) if *of == catalog => {
                Ok(self.elements.get(&id.parse().unwrap()).cloned().unwrap_or(Value::Null))
            }
            ("PATCH", ["catalogs", _, "elements"]) if self.one_by_one => Err(refused(405, "")),
            ("PATCH", ["catalogs", of, "elements", _]) if *of == catalog => self.patch(params),
            ("PATCH", ["catalogs", of, "elements"]) if *of == catalog => self.patch(&params[0]),
            ("GET", ["leads", "pipelines"]) => Ok(json!({"_embedded": {"pipelines": [{"id": 7, "name": "Воронка",
            "_embedded": {"statuses": [
                {"id": 1, "name": "Неразобранное", "sort": 10, "type": 1},
                {"id": 142, "name": "Успешно", "sort": 10_000, "type": 0},
                {"id": 70, "name": "В работе", "sort": 20, "type": 0},
                {"id": 71, "name": "Закрываем", "sort": 30, "type": 0},
                {"id": 143, "name": "Не реализовано", "sort": 11_000, "type": 0},
            ]}}]}})),
            ("GET", ["leads"]) => {
                let rows = self.leads.values().rev().cloned().collect();
                Ok(self.page(rows, "leads", params))
            }
            ("GET", ["leads", "notes"]) => {
                let leads = params["filter"]["entity_id"].as_array().unwrap();
                let leads = match self.many {
                    Many::Refused => return Err(refused(400, "NotSupportedChoice")),
                    Many::Ignored => None,
                    Many::LastOnly => Some(&leads[leads.len() - 1..]),
                    Many::All => Some(leads.as_slice()),
                };
                let notes = self.notes.iter().filter(|note| {
                    let kinds = params["filter"]["note_type"].as_array().unwrap();
                    kinds.contains(&json!(note.2)) && leads.is_none_or(|leads| leads.contains(&json!(note.1)))
                });
                let rows = notes.map(|(id, lead, kind, text)| {
                    json!({"id": id, "entity_id": lead, "note_type": kind, "params": {"text": text}})
                });
                Ok(self.page(rows.collect(), "notes", params))
            }
            ("GET", ["leads", id]) => Ok(self.leads.get(&id.parse().unwrap()).cloned().unwrap_or(Value::Null)),
            ("PATCH", ["leads", id]) => {
                let lead = self
                    .leads
                    .get_mut(&id.parse().unwrap())
                    .ok_or_else(|| refused(404, "NOT_FOUND"))?;
                lead["status_id"] = params["status_id"].clone();
                self.writes.push(format!("lead {id}"));
                Ok(json!({"id": number(&lead["id"])}))
            }
            ("GET", ["leads", id, "notes"]) => {
                let lead = id.parse::<u64>().unwrap();
                let kinds: Vec<&str> = params["filter"]["note_type"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|kind| kind.as_str().unwrap())
                    .collect();
                let notes = self
                    .notes
                    .iter()
                    .filter(|note| note.1 == lead && kinds.contains(&note.2.as_str()));
                let rows =
                    notes.map(|(id, _, kind, text)| json!({"id": id, "note_type": kind, "params": {"text": text}}));
                Ok(self.page(rows.collect(), "notes", params))
            }
            ("PATCH", ["leads", lead, "notes", id]) => {
                let (lead, id) = (lead.parse::<u64>().unwrap(), id.parse::<u64>().unwrap());
                let note = self.notes.iter_mut().find(|note| (note.0, note.1) == (id, lead));
                note.ok_or_else(|| refused(404, "NOT_FOUND"))?.3 =
                    params["params"]["text"].as_str().unwrap().to_owned();
                self.writes.push(format!("note {lead}/{id}"));
                Ok(json!({"id": id, "updated_at": 1}))
            }
            ("POST", ["leads", id, "notes"]) => self.add_note(id.parse().unwrap(), &params[0]),
            ("GET", ["companies"]) => Ok(self.page(self.companies.values().cloned().collect(), "companies", params)),
            ("GET", ["contacts"]) => Ok(self.page(self.contacts.values().cloned().collect(), "contacts", params)),
            _ => panic!("{method} is not scripted"),
        }
    }

    fn page(&self, mut rows: Vec<Value>, key: &str, params: &Value) -> Value {
        if let Some(ids) = params["filter"]["id"].as_array() {
            let ids = match self.many {
                Many::All | Many::Refused => Some(ids.as_slice()),
                Many::LastOnly => Some(&ids[ids.len() - 1..]),
                Many::Ignored => None,
            };
            rows.retain(|row| ids.is_none_or(|ids| ids.contains(&row["id"])));
        }
        let page = usize::try_from(number(&params["page"])).unwrap();
        assert_eq!(params["limit"], json!(250));
        let from = (page - 1) * PAGE;
        let shift = usize::from(self.pages_shift && page > 1 && key == "elements");
        let shown: Vec<&Value> = rows.iter().skip(from - shift).take(PAGE + shift).collect();
        if shown.is_empty() {
            return Value::Null;
        }
        let mut links = json!({"self": {"href": "x"}});
        let more = from + PAGE < rows.len();
        if more || (self.circles && key == "elements") {
            let next = if more { page + 1 } else { page };
            links["next"] = json!({"href": format!("https://firm.amocrm.ru/api/v4/x?limit=250&page={next}")});
        }
        json!({"_page": page, "_links": links, "_embedded": {key: shown}})
    }

    fn patch(&mut self, change: &Value) -> Result<Value, CallError> {
        let id = number(&change["id"]);
        if !self.elements.contains_key(&id) {
            return Err(refused(404, "NOT_FOUND"));
        }
        for field in change["custom_fields_values"].as_array().unwrap() {
            let number = number(&field["field_id"]);
            if self.fields.iter().all(|known| known["id"] != number) {
                return Err(refused(400, "NotSupportedChoice"));
            }
            // The API's own limit, which the CRM's page does not know.
            let short = self
                .fields
                .iter()
                .any(|known| known["id"] == number && known["type"] == "text");
            let long = field["values"][0]["value"]
                .as_str()
                .is_some_and(|text| text.chars().count() > 256);
            if short && long {
                return Err(refused(400, "TooLong"));
            }
            self.set(id, number, field["values"].clone());
        }
        self.writes.push(format!("element {id}"));
        Ok(json!({"_embedded": {"elements": [{"id": id, "updated_at": 1}]}}))
    }

    fn add_note(&mut self, lead: u64, note: &Value) -> Result<Value, CallError> {
        let kind = note["note_type"].as_str().unwrap();
        if !self.leads.contains_key(&lead) {
            return Err(refused(404, "NOT_FOUND"));
        }
        if kind == "bill_paid" {
            assert!(note["params"]["service"].is_string() && note["params"]["icon_url"].is_string());
            if self.refuses_bill_paid {
                return Err(refused(400, "NotSupportedChoice"));
            }
        }
        self.next += 1;
        let text = note["params"]["text"].as_str().unwrap().to_owned();
        self.notes.push((self.next, lead, kind.to_owned(), text));
        self.writes.push(format!("note {lead}"));
        Ok(json!({"_embedded": {"notes": [{"id": self.next, "entity_id": lead, "request_id": "0"}]}}))
    }
}

/// Nothing in memory ever waits.
pub fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("an account in memory does not wait"),
    }
}
