//! The demo firm: a portal that serves it, a ledger connected to it, and what is asked of both.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Delivered, Delivery, Failure, Imported, Session, Until,
    testing::TestHost,
    wire::{
        ConnectRequest, Credentials, DecideRequest, Done, EntryRequest, EntryState, EntryView, InboxPageRequest,
        InboxRow, PersonAddRequest, RoleName, UndoRequest,
    },
};

pub const DAY_20: &str = "kl_to_1c-2026-11-20.txt";
pub const DAY_21: &str = "kl_to_1c-2026-11-21.txt";
pub const DAY_23: &str = "kl_to_1c-2026-11-23.txt";

pub fn demo_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../fixtures/demo")
        .join(name)
}

pub struct Firm {
    pub session: Arc<Session>,
    pub host: Arc<TestHost>,
    pub portal: sandbox::Running,
    pub place: TempDir,
    http: reqwest::Client,
}

/// A ledger that no portal is connected to.
pub fn unconnected() -> (TempDir, Arc<Session>) {
    let (place, session, _) = unconnected_by(7);
    (place, session)
}

/// The same, with the host to steer its clock.
pub fn unconnected_by(seed: u64) -> (TempDir, Arc<Session>, Arc<TestHost>) {
    let place = tempfile::tempdir().unwrap();
    let host = Arc::new(TestHost::hurrying(seed));
    let session = Session::create(&place.path().join("ledger"), Arc::clone(&host) as _).unwrap();
    (place, Arc::new(session), host)
}

impl Firm {
    /// Connected, its invoices pulled, nothing imported.
    pub async fn new() -> Self {
        let (place, session, host) = unconnected_by(7);
        let portal = sandbox::start(sandbox::Options {
            demo: true,
            ..sandbox::Options::default()
        })
        .unwrap();
        let firm = Self {
            session,
            host,
            portal,
            place,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        firm.connect().await.unwrap();
        firm.session.pull_invoices().await.unwrap();
        firm
    }

    /// With the demo's first statement imported.
    pub async fn with_day_20() -> Self {
        let firm = Self::new().await;
        firm.import(DAY_20);
        firm
    }

    pub async fn connect(&self) -> Result<(), Failure> {
        let webhook = self.portal.webhook_url();
        self.session.connect(&by_webhook(webhook)).await.map(|_| ())
    }

    pub fn import(&self, name: &str) -> Imported {
        self.session.import_file(&demo_file(name)).unwrap()
    }

    pub async fn deliver(&self, until: Until) -> Delivered {
        Delivery::open(&self.session).unwrap().run(until).await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) {
        let url = format!("{}{path}", self.portal.control_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
    }

    /// A call as any other program with the webhook could make it.
    pub async fn rest(&self, method: &str, body: Value) {
        let url = format!("{}{method}", self.portal.webhook_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{method}: {:?}", answer.text().await);
    }

    /// What a manager does to an invoice.
    pub async fn manager(&self, id: u64, fields: Value) {
        let body = json!({ "entityTypeId": 31, "id": id, "fields": fields });
        self.rest("crm.item.update", body).await;
    }

    /// Time goes on, here and in the portal.
    pub async fn wait_ms(&self, ms: i64) {
        self.post("/clock", json!({ "advance_ms": ms })).await;
        self.host.skip_ms(ms);
    }

    pub async fn delete_invoice(&self, id: u64) {
        self.post("/change", json!({ "delete": { "entity_type_id": 31, "id": id } }))
            .await;
    }

    /// Requests that the portal has answered so far.
    pub async fn requests(&self) -> u64 {
        let url = format!("{}/state", self.portal.control_url());
        let state: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        let by_method = state["requests"]["by_method"].as_object().unwrap();
        by_method.values().filter_map(Value::as_u64).sum()
    }

    pub async fn fault(&self, method: &str, kind: &str, times: u64) {
        self.post("/faults", json!({ "method": method, "kind": kind, "times": times }))
            .await;
    }

    pub async fn mend(&self) {
        let url = format!("{}/faults", self.portal.control_url());
        self.http.delete(url).send().await.unwrap();
    }

    /// Every invoice as the portal holds it.
    pub async fn portal_invoices(&self) -> Vec<Value> {
        self.portal_part("invoices").await.as_array().unwrap().clone()
    }

    /// A part of what the portal holds.
    pub async fn portal_part(&self, part: &str) -> Value {
        let url = format!("{}/state", self.portal.control_url());
        let state: Value = self.http.get(url).send().await.unwrap().json().await.unwrap();
        state["bitrix24"][part].clone()
    }

    pub async fn portal_invoice(&self, number: &str) -> Told {
        let invoices = self.portal_invoices().await;
        let invoice = invoices.iter().find(|invoice| invoice["number"] == number).unwrap();
        Told {
            stage: invoice["stage"].as_str().unwrap().to_owned(),
            payments: invoice["payment_ids"].as_array().unwrap().len(),
            comments: invoice["comments"].as_array().unwrap().len(),
        }
    }

    pub fn rows(&self, state: Option<EntryState>) -> Vec<InboxRow> {
        let request = InboxPageRequest {
            state,
            ..InboxPageRequest::default()
        };
        self.session.inbox_page(&request).unwrap().rows
    }

    /// The entry of this sum.
    pub fn entry(&self, amount: &str) -> EntryView {
        let row = self
            .rows(None)
            .into_iter()
            .find(|row| row.sum.amount == amount)
            .unwrap();
        self.session.entry_view(&EntryRequest { entry: row.entry }).unwrap()
    }

    pub fn decide(&self, amount: &str) -> Result<Done, Failure> {
        let entry = self.entry(amount).entry;
        let allocations = Vec::new();
        self.session.decide(&DecideRequest {
            entry,
            allocations,
            undoes: None,
        })
    }

    pub fn undo(&self, amount: &str) -> Result<Done, Failure> {
        let decision = self.entry(amount).decision.map(|made| made.decision);
        self.session.undo(&UndoRequest { decision })
    }
}

/// A webhook without further wishes.
pub fn by_webhook(webhook: impl Into<String>) -> ConnectRequest {
    ConnectRequest {
        webhook: webhook.into(),
        ..ConnectRequest::default()
    }
}

/// What the portal was told of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub stage: String,
    pub payments: usize,
    pub comments: usize,
}

impl Told {
    pub fn new(stage: &str, payments: usize, comments: usize) -> Self {
        Self {
            stage: stage.to_owned(),
            payments,
            comments,
        }
    }
}

pub fn who(name: &str) -> Credentials {
    Credentials {
        name: name.to_owned(),
        passphrase: format!("{name}: длинная фраза"),
    }
}

pub fn add_person(session: &Session, name: &str, role: RoleName, owner: Option<&str>) -> Result<(), Failure> {
    let request = PersonAddRequest {
        person: who(name),
        role,
        owner: owner.map(who),
    };
    session.person_add(&request).map(|_| ())
}
