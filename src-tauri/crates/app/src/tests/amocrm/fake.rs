//! A small amoCRM over HTTP, written from the API reference: one catalog of invoices, leads, notes, tokens that expire.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::Bytes,
    extract::State as Shared,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

const CATALOG: u64 = 4517;
const STATUS: u64 = 901;
const PAYMENT: u64 = 905;

#[derive(Default)]
pub struct State {
    pub elements: BTreeMap<u64, Value>,
    /// By lead: the invoice it names.
    pub leads: BTreeMap<u64, u64>,
    /// The status of leads that were moved.
    pub moved: BTreeMap<u64, u64>,
    /// lead, type, text
    pub notes: Vec<(u64, String, String)>,
    pub fields: Vec<Value>,
    pub bearer: String,
    pub refresh: String,
    /// How often tokens were renewed.
    pub renewals: u64,
    /// The next answer to a write that is done is never sent.
    pub lose_next_write: bool,
    pub requests: u64,
}

impl State {
    fn value(&self, id: u64, field: u64) -> Option<&Value> {
        let fields = self.elements[&id]["custom_fields_values"].as_array()?;
        Some(&fields.iter().find(|known| known["field_id"] == field)?["values"][0])
    }

    /// The code of an invoice's status, and how many payments it holds.
    pub fn told(&self, id: u64) -> (String, usize) {
        let status = self
            .value(id, STATUS)
            .map(|value| value["enum_code"].as_str().unwrap().to_owned());
        let held = self
            .value(id, PAYMENT)
            .map_or("", |value| value["value"].as_str().unwrap());
        (status.unwrap_or_default(), held.split_whitespace().count())
    }

    /// A manager chooses the status with this code.
    pub fn by_hand(&mut self, id: u64, code: &str) {
        let numbers = [("created", 11), ("paid", 12), ("partially_paid", 13)];
        let number = numbers.into_iter().find(|(known, _)| *known == code).unwrap().1;
        let values = json!([{"field_id": STATUS, "values": [{"enum_id": number}]}]);
        self.patch(&json!({"id": id, "custom_fields_values": values}));
    }

    pub fn put(&mut self, id: u64, name: &str, price: &str, inn: &str) {
        let field = |code: &str, value: Value| json!({"field_id": 1, "field_code": code, "values": [{"value": value}]});
        let values = json!([
            field("BILL_PRICE", json!(price)),
            field("PAYER", json!({"name": "Покупатель", "vat_id": inn})),
        ]);
        let row = json!({"id": id, "name": name, "created_at": 1_795_125_600, "custom_fields_values": values});
        self.elements.insert(id, row);
        self.leads.insert(id + 100, id);
    }
}

pub struct Fake {
    pub origin: String,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub async fn start() -> Self {
        let choice = |id: u64, code: &str| json!({"id": id, "code": code, "value": code});
        let choices = json!([choice(11, "created"), choice(12, "paid"), choice(13, "partially_paid")]);
        let field = |id: u64, code: &str| json!({"id": id, "code": code, "name": code, "enums": choices});
        let fields = [
            (STATUS, "BILL_STATUS"),
            (902, "PAYER"),
            (903, "BILL_PRICE"),
            (904, "BILL_PAYMENT_DATE"),
        ];
        let state = Arc::new(Mutex::new(State {
            fields: fields.map(|(id, code)| field(id, code)).to_vec(),
            bearer: "t0ken-1".to_owned(),
            refresh: "r3fresh-1".to_owned(),
            ..State::default()
        }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

async fn answer(
    Shared(state): Shared<Arc<Mutex<State>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lost = {
        let mut state = state.lock().unwrap();
        state.requests += 1;
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let answer = state.route(&method, &uri, &headers, &body);
        if method == Method::GET || !std::mem::take(&mut state.lose_next_write) {
            return answer;
        }
        answer
    };
    // Longer than anybody waits on loopback.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    lost
}

fn problem(status: StatusCode, detail: &str) -> Response {
    let body = json!({"title": status.canonical_reason(), "status": status.as_u16(), "detail": detail});
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}

fn found(body: &Value) -> Response {
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "application/hal+json")],
        body.to_string(),
    )
        .into_response()
}

fn listed(key: &str, rows: Vec<Value>) -> Response {
    if rows.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    found(&json!({"_page": 1, "_links": {"self": {"href": "x"}}, "_embedded": {key: rows}}))
}

impl State {
    fn route(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Value) -> Response {
        if uri.path() == "/oauth2/access_token" {
            return self.token(body);
        }
        let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if bearer != Some(format!("Bearer {}", self.bearer).as_str()) {
            return problem(StatusCode::UNAUTHORIZED, "Token has expired");
        }
        let path = uri.path().trim_start_matches("/api/v4/");
        let parts: Vec<&str> = path.split('/').collect();
        let asked: HashMap<String, String> = uri
            .query()
            .map(|query| {
                query
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect()
            })
            .unwrap_or_default();
        match (method.as_str(), parts.as_slice()) {
            ("GET", ["account"]) => found(&json!({"id": 1, "name": "Северный ветер", "currency": "RUB"})),
            ("GET", ["catalogs"]) => listed(
                "catalogs",
                vec![json!({"id": CATALOG, "name": "Счета", "type": "invoices"})],
            ),
            ("GET", ["catalogs", _, "custom_fields"]) => listed("custom_fields", self.fields.clone()),
            ("POST", ["catalogs", _, "custom_fields"]) => {
                let field = json!({"id": PAYMENT, "code": body[0]["code"], "name": body[0]["name"]});
                self.fields.push(field.clone());
                listed("custom_fields", vec![field])
            }
            ("GET", ["catalogs", _, "elements"]) => {
                assert_eq!(asked["limit"], "250");
                listed("elements", self.elements.values().cloned().collect())
            }
            ("GET", ["catalogs", _, "elements", id]) => match self.elements.get(&id.parse().unwrap()) {
                Some(row) => found(row),
                None => StatusCode::NO_CONTENT.into_response(),
            },
            ("PATCH", ["catalogs", _, "elements"]) => self.patch(&body[0]),
            ("GET", ["leads", "pipelines"]) => listed(
                "pipelines",
                vec![json!({"id": 3, "name": "Продажи", "_embedded": {"statuses": [
                    {"id": 7, "name": "Новая", "sort": 10}, {"id": 142, "name": "Успешно", "sort": 20}]}})],
            ),
            ("GET", ["leads", "notes"]) => {
                let rows = (1..).zip(&self.notes);
                listed(
                    "notes",
                    rows.map(|(id, note)| json!({"id": id, "entity_id": note.0, "params": {"text": note.2}}))
                        .collect::<Vec<Value>>(),
                )
            }
            ("GET", ["leads", lead]) => {
                let lead: u64 = lead.parse().unwrap();
                found(&json!({"id": lead, "pipeline_id": 3, "status_id": self.moved.get(&lead).copied().unwrap_or(7)}))
            }
            ("PATCH", ["leads", lead]) => {
                self.moved
                    .insert(lead.parse().unwrap(), body["status_id"].as_u64().unwrap());
                found(&json!({"id": 1}))
            }
            ("GET", ["leads"]) => {
                let rows = self.leads.iter().map(|(lead, invoice)| {
                    json!({"id": lead, "status_id": 7, "_embedded": {"catalog_elements": [{"id": invoice}]}})
                });
                listed("leads", rows.collect())
            }
            ("GET", ["leads", lead, "notes"]) => {
                let lead: u64 = lead.parse().unwrap();
                let notes = self.notes.iter().enumerate().filter(|(_, note)| note.0 == lead);
                listed(
                    "notes",
                    notes
                        .map(|(at, note)| json!({"id": at + 1, "params": {"text": note.2}}))
                        .collect(),
                )
            }
            ("POST", ["leads", lead, "notes"]) => {
                let note = &body[0];
                let words = |value: &Value| value.as_str().unwrap().to_owned();
                self.notes.push((
                    lead.parse().unwrap(),
                    words(&note["note_type"]),
                    words(&note["params"]["text"]),
                ));
                listed("notes", vec![json!({"id": self.notes.len()})])
            }
            _ => problem(StatusCode::NOT_FOUND, "no such method"),
        }
    }

    fn patch(&mut self, change: &Value) -> Response {
        let id = change["id"].as_u64().unwrap();
        let Some(element) = self.elements.get_mut(&id) else {
            return problem(StatusCode::NOT_FOUND, "no such element");
        };
        let kept = element["custom_fields_values"].as_array_mut().unwrap();
        for field in change["custom_fields_values"].as_array().unwrap() {
            let known = self
                .fields
                .iter()
                .find(|known| known["id"] == field["field_id"])
                .unwrap();
            kept.retain(|old| old["field_id"] != field["field_id"]);
            let mut field = field.clone();
            field["field_code"] = known["code"].clone();
            if let Some(number) = field["values"][0].get("enum_id").cloned() {
                let choices = known["enums"].as_array().unwrap();
                let choice = choices.iter().find(|choice| choice["id"] == number).unwrap();
                field["values"] = json!([{"enum_id": number, "enum_code": choice["code"], "value": choice["value"]}]);
            }
            if !field["values"].is_null() {
                kept.push(field);
            }
        }
        listed("elements", vec![json!({"id": id})])
    }

    fn token(&mut self, body: &Value) -> Response {
        let spent = body["grant_type"] == "refresh_token" && body["refresh_token"] != json!(self.refresh);
        if spent || body["client_secret"] != "s3cr3t" {
            return problem(StatusCode::BAD_REQUEST, "Token has been revoked");
        }
        self.renewals += 1;
        self.bearer = format!("t0ken-{}", self.renewals + 1);
        self.refresh = format!("r3fresh-{}", self.renewals + 1);
        found(
            &json!({"token_type": "Bearer", "expires_in": 86_400, "access_token": self.bearer, "refresh_token": self.refresh}),
        )
    }
}
