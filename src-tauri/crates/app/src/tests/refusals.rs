//! The refusals that an accountant may meet, of both CRMs, walked against a portal and an account that refuse: each has
//! its sentence in both languages, its state of Health, and loses nothing.

use std::sync::Arc;

use axum::{Router, http::StatusCode, response::Html};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::firm::{by_webhook, unconnected};
use crate::{
    Failure, Session,
    connect::Kind,
    wire::{CheckPart, CheckState, ConnectAmocrmRequest, Connected, ConnectionRequest, CrmState},
};

/// What goes wrong.
enum Wrong {
    /// The address that is given when connecting.
    Address(&'static str),
    /// The key that is given with the right address.
    Key(&'static str),
    /// A fault of the sandbox, from the moment when the CRM is connected on.
    Fault(&'static str),
    /// What the sandbox is loaded with before connecting.
    Load(Value),
    /// Another server answers, with this status, a page.
    Stranger(StatusCode),
    /// Nobody answers.
    Nobody,
}

struct Row {
    crm: Kind,
    wrong: Wrong,
    code: &'static str,
    state: CrmState,
    ru: &'static str,
    en: &'static str,
}

const fn row(crm: Kind, wrong: Wrong, code: &'static str, state: CrmState, ru: &'static str, en: &'static str) -> Row {
    Row {
        crm,
        wrong,
        code,
        state,
        ru,
        en,
    }
}

fn table() -> Vec<Row> {
    use CrmState::{Failing, NotConnected, Offline, Unauthorised};
    use Kind::{Amocrm, Bitrix24};
    use Wrong::{Address, Fault, Key, Load, Nobody, Stranger};
    const KEY: &str = "crm/unauthorised";
    let no_scope = Load(json!({"keep": true, "scopes": ["im"]}));
    vec![
        // Wrong address: nothing is sent.
        row(
            Bitrix24,
            Address("firm"),
            "crm/webhook",
            NotConnected,
            "вебхука",
            "webhook",
        ),
        row(
            Bitrix24,
            Address("http://firm.bitrix24.ru/rest/1/x/"),
            "crm/webhook",
            NotConnected,
            "https://",
            "https://",
        ),
        row(
            Bitrix24,
            Address("https://firm.bitrix24.ru/crm/"),
            "crm/webhook",
            NotConnected,
            "код",
            "code",
        ),
        row(
            Amocrm,
            Address("https://a b"),
            "crm/account",
            NotConnected,
            "не адрес",
            "not the address",
        ),
        row(
            Amocrm,
            Address("http://firm.amocrm.ru"),
            "crm/account",
            NotConnected,
            "https://",
            "https://",
        ),
        row(
            Amocrm,
            Address("https://example.org"),
            "crm/account",
            NotConnected,
            "нельзя",
            "must not",
        ),
        // Wrong host: nobody, or something else.
        row(
            Bitrix24,
            Nobody,
            "crm/offline",
            NotConnected,
            "Нет связи",
            "not reached",
        ),
        row(Amocrm, Nobody, "crm/offline", NotConnected, "Нет связи", "not reached"),
        row(
            Bitrix24,
            Stranger(StatusCode::NOT_FOUND),
            "crm/failed",
            NotConnected,
            "не Битрикс24",
            "other than Bitrix24",
        ),
        row(
            Bitrix24,
            Stranger(StatusCode::OK),
            "crm/offline",
            NotConnected,
            "не Битрикс24",
            "something else",
        ),
        row(
            Amocrm,
            Stranger(StatusCode::NOT_FOUND),
            KEY,
            NotConnected,
            "аккаунта amoCRM нет",
            "no account",
        ),
        row(
            Amocrm,
            Stranger(StatusCode::OK),
            "crm/offline",
            NotConnected,
            "не amoCRM",
            "something else",
        ),
        // The key and its rights.
        row(
            Bitrix24,
            Key("neverthiskey"),
            KEY,
            NotConnected,
            "не знает этого ключа",
            "does not know this key",
        ),
        row(
            Amocrm,
            Key("neverthistoken"),
            KEY,
            NotConnected,
            "не принимает токен",
            "does not accept the token",
        ),
        row(
            Bitrix24,
            Fault("expired"),
            KEY,
            Unauthorised,
            "Срок ключа истёк",
            "has expired",
        ),
        row(Amocrm, Fault("expired"), KEY, Unauthorised, "отозван", "revoked"),
        row(Bitrix24, no_scope, KEY, NotConnected, "права", "scope"),
        row(Amocrm, Fault("ban_403"), KEY, Unauthorised, "нет прав", "no right"),
        // The portal itself.
        row(
            Bitrix24,
            Fault("portal_deleted"),
            KEY,
            Unauthorised,
            "закрыт или удалён",
            "closed or deleted",
        ),
        row(Bitrix24, Fault("access_denied"), KEY, Unauthorised, "тариф", "plan"),
        row(
            Bitrix24,
            Fault("overload"),
            KEY,
            Unauthorised,
            "заблокировал",
            "blocked",
        ),
        row(Amocrm, Fault("unpaid_402"), KEY, Unauthorised, "не оплачен", "not paid"),
        row(
            Amocrm,
            Fault("moved_404"),
            KEY,
            Unauthorised,
            "аккаунта amoCRM нет",
            "no account",
        ),
        // Limits and failures of theirs.
        row(
            Bitrix24,
            Fault("status_503"),
            "crm/failed",
            Failing,
            "подождать",
            "asks to wait",
        ),
        row(
            Amocrm,
            Fault("limit_429"),
            "crm/failed",
            Failing,
            "подождать",
            "asks to wait",
        ),
        row(
            Bitrix24,
            Fault("gateway"),
            "crm/failed",
            Failing,
            "на своей стороне",
            "itself failed",
        ),
        row(
            Amocrm,
            Fault("status_502"),
            "crm/failed",
            Failing,
            "на своей стороне",
            "itself failed",
        ),
        row(
            Bitrix24,
            Fault("html"),
            "crm/offline",
            Offline,
            "не ответил",
            "no usable answer",
        ),
        row(
            Amocrm,
            Fault("html"),
            "crm/offline",
            Offline,
            "не ответила",
            "no usable answer",
        ),
    ]
}

/// A ledger, and a sandbox of both CRMs that nobody is connected to yet.
struct Desk {
    session: Arc<Session>,
    sandbox: sandbox::Running,
    http: reqwest::Client,
    _place: TempDir,
}

impl Desk {
    fn new() -> Self {
        let (place, session) = unconnected();
        let options = sandbox::Options {
            demo: true,
            ..sandbox::Options::default()
        };
        Self {
            session,
            sandbox: sandbox::start(options).unwrap(),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            _place: place,
        }
    }

    /// Sets the sandbox's clock so far ahead of the ledger's.
    async fn clock_ahead(&self, ms: i64) {
        let stopped = self.post("/clock", json!({"stopped": true})).await;
        let shift = self.session.host.now().0 + ms - stopped["now_ms"].as_i64().unwrap();
        self.post("/clock", json!({"shift_ms": shift})).await;
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.sandbox.control_url());
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path} {body}: {}", answer.status());
        answer.json().await.unwrap()
    }

    async fn fault(&self, crm: Kind, kind: &str) {
        let crm = match crm {
            Kind::Bitrix24 => "bitrix24",
            Kind::Amocrm => "amocrm",
        };
        self.post(
            "/faults",
            json!({"crm": crm, "method": "*", "kind": kind, "times": 1_000}),
        )
        .await;
    }

    async fn connect_to(&self, crm: Kind, origin: &str, key: Option<&str>) -> Result<Connected, Failure> {
        match crm {
            Kind::Bitrix24 => {
                let key = key.unwrap_or(sandbox::WEBHOOK_CODE);
                let webhook = format!("{origin}/rest/1/{key}/");
                self.session.connect(&by_webhook(webhook)).await
            }
            Kind::Amocrm => {
                let request = ConnectAmocrmRequest {
                    account: origin.to_owned(),
                    token: Some(key.unwrap_or(self.sandbox.amo_bearer()).to_owned()),
                    ..ConnectAmocrmRequest::default()
                };
                self.session.connect_amocrm(&request).await
            }
        }
    }

    async fn connect(&self, crm: Kind) -> Result<Connected, Failure> {
        self.connect_to(crm, &self.sandbox.bitrix24_url(), None).await
    }

    async fn refused(&self, crm: Kind, wrong: &Wrong) -> Failure {
        let refused = match wrong {
            Wrong::Address(address) if crm == Kind::Bitrix24 => {
                let webhook = (*address).to_owned();
                self.session.connect(&by_webhook(webhook)).await
            }
            Wrong::Address(address) => self.connect_to(crm, address, None).await,
            Wrong::Key(key) => self.connect_to(crm, &self.sandbox.bitrix24_url(), Some(key)).await,
            Wrong::Load(load) => {
                self.post("/load", load.clone()).await;
                self.connect(crm).await
            }
            Wrong::Stranger(status) => {
                let status = *status;
                let page = Router::new()
                    .fallback(move || async move { (status, Html("<html>Добро пожаловать</html>")) });
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let origin = format!("http://{}", listener.local_addr().unwrap());
                tokio::spawn(async move { axum::serve(listener, page).await });
                self.connect_to(crm, &origin, None).await
            }
            Wrong::Nobody => self.connect_to(crm, "http://127.0.0.1:1", None).await,
            Wrong::Fault(kind) => {
                self.connect(crm).await.unwrap();
                self.fault(crm, kind).await;
                return self.session.pull_invoices().await.unwrap_err();
            }
        };
        refused.unwrap_err()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_said_and_is_a_state_of_health() {
    // Side by side: a read that is refused for a while is repeated, and its pauses are real.
    let mut walked = tokio::task::JoinSet::new();
    for row in table() {
        walked.spawn(walk(row));
    }
    while let Some(row) = walked.join_next().await {
        row.unwrap();
    }
}

async fn walk(row: Row) {
    let desk = Desk::new();
    let failure = desk.refused(row.crm, &row.wrong).await;
    let what = format!("{:?}: {failure:?}", row.crm);
    assert_eq!(failure.code, row.code, "{what}");
    assert!(failure.message.ru.contains(row.ru), "{what}");
    assert!(failure.message.en.contains(row.en), "{what}");
    assert!(!failure.remedy.ru.is_empty() && !failure.remedy.en.is_empty(), "{what}");
    for secret in [sandbox::WEBHOOK_CODE, desk.sandbox.amo_bearer(), "neverthis"] {
        assert!(!what.contains(secret), "{what}");
    }
    assert_eq!(desk.session.status().unwrap().crm.state, row.state, "{what}");
    if !matches!(row.wrong, Wrong::Fault(_)) {
        return;
    }
    // Looked at line by line, exactly one is broken, and it says the same.
    let looked = desk
        .session
        .connection_check(&ConnectionRequest::default())
        .await
        .unwrap();
    assert_eq!(looked.state, row.state, "{what}");
    let failed: Vec<_> = looked
        .checks
        .iter()
        .filter(|line| line.state == CheckState::Failed)
        .collect();
    assert_eq!(failed.len(), 1, "{what}");
    assert!(failed[0].says.ru.contains(row.ru), "{:?}", failed[0]);
    assert_eq!(looked.checks.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_connection_has_a_good_line_for_each_thing() {
    for crm in [Kind::Bitrix24, Kind::Amocrm] {
        let desk = Desk::new();
        desk.clock_ahead(0).await;
        let connected = desk.connect(crm).await.unwrap();
        let parts: Vec<CheckPart> = connected.checks.iter().map(|line| line.check).collect();
        for part in [
            CheckPart::Address,
            CheckPart::Key,
            CheckPart::Rights,
            CheckPart::Stages,
            CheckPart::Field,
            CheckPart::Clock,
        ] {
            assert!(parts.contains(&part), "{crm:?} {part:?}");
        }
        let bad: Vec<_> = connected
            .checks
            .iter()
            .filter(|line| line.state != CheckState::Good)
            .collect();
        assert!(bad.is_empty(), "{crm:?} {bad:?}");
        assert_eq!(connected.state, CrmState::Ok);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_wrong_and_a_stage_that_is_gone_are_lines_of_their_own() {
    for crm in [Kind::Bitrix24, Kind::Amocrm] {
        let desk = Desk::new();
        desk.connect(crm).await.unwrap();
        desk.clock_ahead(3 * 3_600_000).await;
        let gone = match crm {
            Kind::Bitrix24 => json!([{"of": "invoices", "funnel": 3, "status": "paid", "stage": "DT31_3:GONE"}]),
            Kind::Amocrm => json!([{"of": "invoices", "funnel": 0, "status": "paid", "stage": "#99"}]),
        };
        let id = desk.session.the_connection(None).unwrap().id;
        desk.session
            .keep_mapping(&id, &serde_json::from_value(gone).unwrap())
            .unwrap();
        let connected = desk.connect(crm).await.unwrap();
        let lacking: Vec<CheckPart> = connected
            .checks
            .iter()
            .filter(|line| line.state == CheckState::Lacking)
            .map(|line| line.check)
            .collect();
        assert_eq!(
            lacking,
            [CheckPart::Stages, CheckPart::Clock],
            "{crm:?} {:?}",
            connected.checks
        );
        assert_eq!(connected.state, CrmState::Failing);
        let health = desk.session.status().unwrap().crm;
        assert_eq!(health.state, CrmState::Failing);
        assert!(health.message.ru.contains("больше нет"), "{:?}", health.message);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnecting_leaves_no_key_and_none_comes_back() {
    for crm in [Kind::Bitrix24, Kind::Amocrm] {
        let desk = Desk::new();
        desk.connect(crm).await.unwrap();
        let names = ["crm.webhook", "crm.amocrm"];
        let kept = |session: &Session| names.map(|name| session.ledger.secret(name).unwrap().is_some());
        assert_eq!(kept(&desk.session).iter().filter(|there| **there).count(), 1);
        desk.session.disconnect(&ConnectionRequest::default()).unwrap();
        assert_eq!(kept(&desk.session), [false, false]);
        // A renewal that was on its way when the person disconnected.
        for name in names {
            let late = secrecy::SecretString::from("late".to_owned());
            let refused = desk.session.renew_secret(name, &late).unwrap_err();
            assert_eq!(refused.code, "crm/not-connected");
        }
        assert_eq!(kept(&desk.session), [false, false]);
        assert_eq!(
            desk.session.pull_invoices().await.unwrap_err().code,
            "crm/not-connected"
        );
    }
}
