//! A local application: renewed on `expired_token` alone, once for everybody, and kept before it is used.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use crm::{
    CallError, Timeouts, Transport,
    bitrix24::{AppKeys, AppTransport, AppVault, Application, Grant, authorise_address},
};
use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const TIMEOUTS: Timeouts = Timeouts {
    connect_ms: 2_000,
    answer_ms: 2_000,
};

/// A vault in memory.
struct Kept {
    keys: Mutex<AppKeys>,
    full: bool,
}

impl AppVault for Kept {
    fn load(&self) -> Result<AppKeys, Text> {
        Ok(self.keys.lock().unwrap().clone())
    }

    fn keep(&self, keys: &AppKeys) -> Result<(), Text> {
        if self.full {
            return Err(Text::new("диск полон", "the disk is full"));
        }
        *self.keys.lock().unwrap() = keys.clone();
        Ok(())
    }

    fn lock(&self) -> Result<Box<dyn Send>, Text> {
        Ok(Box::new(()))
    }
}

/// Portal and authorisation server on one port. The portal takes tokens of the present number only.
struct Bitrix {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    present: Arc<Mutex<u32>>,
}

impl Bitrix {
    fn start(vault: Option<Arc<Kept>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let present = Arc::new(Mutex::new(2));
        let (log, number) = (Arc::clone(&heard), Arc::clone(&present));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let asked = request(&mut stream);
                let number = *number.lock().unwrap();
                let (status, body) = if asked.contains("/oauth/token/") {
                    log.lock().unwrap().push("token".to_owned());
                    tokens(&asked, number, port)
                } else {
                    let good = asked.contains(&format!("\"auth\":\"access-{number}\""));
                    log.lock()
                        .unwrap()
                        .push(if good { "good" } else { "expired" }.to_owned());
                    if let (true, Some(vault)) = (good, &vault) {
                        let kept = vault.load().unwrap();
                        assert_eq!(
                            kept.access.expose_secret(),
                            format!("access-{number}"),
                            "used before kept"
                        );
                    }
                    if good {
                        (200, json!({"result": "done"}))
                    } else {
                        (
                            401,
                            json!({"error": "expired_token", "error_description": "The access token provided has expired."}),
                        )
                    }
                };
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                stream.write_all((head + &body).as_bytes()).unwrap();
            }
        });
        Self { port, heard, present }
    }

    fn heard(&self, what: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|heard| *heard == what).count()
    }
}

fn tokens(asked: &str, number: u32, port: u16) -> (u16, Value) {
    let wanted = [format!("refresh_token=refresh-{}", number - 1), "code=c0de".to_owned()];
    let known = asked.contains("client_id=local.1") && asked.contains("client_secret=s3cr3t");
    if !known || wanted.iter().all(|wanted| !asked.contains(wanted)) {
        return (
            400,
            json!({"error": "invalid_grant", "error_description": "Invalid grant refresh-1"}),
        );
    }
    (
        200,
        json!({"access_token": format!("access-{number}"), "refresh_token": format!("refresh-{number}"),
                 "expires_in": 3600, "scope": "crm,im", "member_id": "a223",
                 "server_endpoint": format!("http://127.0.0.1:{port}/rest/"),
                 "client_endpoint": format!("http://127.0.0.1:{port}/rest/")}),
    )
}

fn request(stream: &mut TcpStream) -> String {
    let mut asked = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        asked.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&asked).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next());
        if body.len() >= length.map_or(0, |length| length.trim().parse().unwrap()) {
            return String::from_utf8_lossy(&asked).into_owned();
        }
    }
}

fn keys(port: u16, number: u32) -> AppKeys {
    AppKeys {
        application: Application {
            client_id: "local.1".to_owned(),
            client_secret: SecretString::from("s3cr3t"),
        },
        access: SecretString::from(format!("access-{number}")),
        refresh: SecretString::from(format!("refresh-{number}")),
        client_endpoint: format!("http://127.0.0.1:{port}/rest/"),
        server_endpoint: format!("http://127.0.0.1:{port}/rest/"),
        member_id: String::new(),
        scopes: vec![],
    }
}

fn vault(port: u16, number: u32, full: bool) -> Arc<Kept> {
    Arc::new(Kept {
        keys: Mutex::new(keys(port, number)),
        full,
    })
}

#[tokio::test]
async fn an_expired_pair_is_renewed_once_for_everybody_and_kept_first() {
    let vault = vault(1, 1, false);
    let bitrix = Bitrix::start(Some(Arc::clone(&vault)));
    let stale = keys(bitrix.port, 1);
    vault.keep(&stale).unwrap();
    let line = AppTransport::new(stale, Arc::<Kept>::clone(&vault), TIMEOUTS).unwrap();
    let nothing = json!({});
    let ask = || line.call("profile", &nothing);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    for answer in [a, b, c, d] {
        assert_eq!(answer.unwrap()["result"], "done");
    }
    assert_eq!((bitrix.heard("token"), bitrix.heard("good")), (1, 4));
    ask().await.unwrap();
    assert_eq!(bitrix.heard("token"), 1, "no renewal without need");
    assert_eq!(vault.load().unwrap().scopes, ["crm", "im"]);
}

#[tokio::test]
async fn a_pair_that_another_process_renewed_is_taken_over() {
    let bitrix = Bitrix::start(None);
    let vault = vault(bitrix.port, 2, false);
    let line = AppTransport::new(keys(bitrix.port, 1), vault, TIMEOUTS).unwrap();
    line.call("profile", &json!({})).await.unwrap();
    assert_eq!(bitrix.heard("token"), 0);
}

#[tokio::test]
async fn a_pair_that_cannot_be_kept_is_not_used() {
    let bitrix = Bitrix::start(None);
    let vault = vault(bitrix.port, 1, true);
    let line = AppTransport::new(keys(bitrix.port, 1), vault, TIMEOUTS).unwrap();
    let error = line.call("crm.item.update", &json!({})).await.unwrap_err();
    assert!(matches!(error, CallError::NotSent { .. }), "{error}");
    assert!(error.text().ru.contains("диск полон"), "{error}");
    assert_eq!(bitrix.heard("good"), 0);
}

#[tokio::test]
async fn a_spent_pair_asks_for_a_person_and_prints_no_secret() {
    let bitrix = Bitrix::start(None);
    *bitrix.present.lock().unwrap() = 7;
    let vault = vault(bitrix.port, 1, false);
    let line = AppTransport::new(keys(bitrix.port, 1), vault, TIMEOUTS).unwrap();
    let error = line.call("profile", &json!({})).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unauthorised { code, .. } if code == "invalid_grant"),
        "{error}"
    );
    assert!(
        !format!("{error:?} {:?}", error.text()).contains("refresh-1"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_code_gives_the_first_pair() {
    let bitrix = Bitrix::start(None);
    let pasted = format!(
        "https://app.example/?code=c0de&state=s&server_domain=127.0.0.1:{}",
        bitrix.port
    );
    let grant = Grant::parse(&pasted).unwrap();
    let application = keys(1, 1).application;
    let given = AppTransport::authorise(application, &grant, TIMEOUTS).await.unwrap();
    assert_eq!(given.access.expose_secret(), "access-2");
    assert_eq!(given.client_endpoint, format!("http://127.0.0.1:{}/rest/", bitrix.port));
    assert!(given.is_loopback());
}

#[test]
fn a_grant_is_a_code_or_an_address_and_sends_no_secret_to_strangers() {
    assert_eq!(Grant::parse(" c0de.1 ").unwrap().code.expose_secret(), "c0de.1");
    for good in ["oauth.bitrix.info", "oauth.bitrix24.tech"] {
        Grant::parse(&format!("https://x/?code=a&server_domain={good}")).unwrap();
    }
    for bad in [
        "",
        "two words",
        "https://x/?state=1",
        "https://x/?code=a&server_domain=oauth.bitrix.info.evil.example",
        "https://x/?code=a&server_domain=evilbitrix.info",
        "https://x/?code=a&server_domain=oauth.bitrix.info%2F@evil.example",
    ] {
        let why = Grant::parse(bad).unwrap_err();
        assert!(!why.ru.is_empty() && !why.en.is_empty(), "{bad}");
    }
    assert!(!format!("{:?}", Grant::parse("c0de").unwrap()).contains("c0de"));
    assert_eq!(
        authorise_address("https://firm.bitrix24.ru", "local.1", "a b").unwrap(),
        "https://firm.bitrix24.ru/oauth/authorize/?client_id=local.1&state=a%20b"
    );
    assert!(authorise_address("http://firm.bitrix24.ru", "local.1", "s").is_err());
}
