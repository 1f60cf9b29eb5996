//! The transport against a server that behaves badly: what is asked, how far a call got, and keys that are renewed.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crm::{
    CallError, Timeouts, Transport,
    amocrm::{AccountUrl, AmocrmHttp, Integration, Kept, Keys, Pace, Pair, Vault},
};
use domain::Text;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

const TIMEOUTS: Timeouts = Timeouts {
    connect_ms: 2_000,
    answer_ms: 2_000,
};

/// Answers these requests one after another, each on its own connection, and gives back what was asked. An empty answer
/// hangs up.
fn serve(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let served = std::thread::spawn(move || {
        answers
            .into_iter()
            .map(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let asked = request(&mut stream);
                // Whoever has heard enough hangs up.
                let _ = stream.write_all(answer.as_bytes());
                asked
            })
            .collect()
    });
    (origin, served)
}

fn request(stream: &mut TcpStream) -> String {
    let mut asked = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        asked.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&asked);
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.to_lowercase();
            let length = length
                .split("content-length: ")
                .nth(1)
                .and_then(|rest| rest.split("\r\n").next()?.parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if read == 0 || whole {
            return text.into_owned();
        }
    }
}

fn answer(status: &str, body: &Value) -> String {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    format!(
        "HTTP/1.1 {status}\r\nDate: Wed, 25 Nov 2026 16:22:01 GMT\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn refused() -> String {
    answer(
        "401 Unauthorized",
        &json!({"title": "Unauthorized", "status": 401, "detail": "expired"}),
    )
}

/// What is kept, and every state it was in.
struct Safe(Mutex<Vec<Kept>>, AtomicUsize);

impl Safe {
    fn new(kept: Kept) -> Arc<Self> {
        Arc::new(Self(Mutex::new(vec![kept]), AtomicUsize::new(0)))
    }

    fn last(&self) -> Kept {
        self.0.lock().unwrap().last().unwrap().clone()
    }

    /// Access token, refresh token, and whether a renewal is under way, of each state.
    fn states(&self) -> Vec<(String, bool)> {
        let states = self.0.lock().unwrap();
        states
            .iter()
            .map(|kept| match &kept.keys {
                Keys::OAuth { pair, .. } => (pair.access.expose_secret().to_owned(), pair.renewing),
                Keys::LongLived(_) => panic!("OAuth"),
            })
            .collect()
    }
}

impl Vault for Safe {
    fn load(&self) -> Result<Kept, Text> {
        Ok(self.last())
    }

    fn keep(&self, kept: &Kept) -> Result<(), Text> {
        self.0.lock().unwrap().push(kept.clone());
        Ok(())
    }

    /// So often another process has it, as the second part says; the last time it has renewed.
    fn lock(&self) -> Result<Box<dyn Send>, Text> {
        let busy = self.1.load(Ordering::Relaxed);
        if busy == 0 {
            return Ok(Box::new(()));
        }
        self.1.store(busy - 1, Ordering::Relaxed);
        if busy == 1 {
            let new = oauth(&self.last().account, "acc3ss-7");
            self.keep(&new)?;
        }
        Err(Text::new("занято", "busy"))
    }
}

fn long_lived(account: &str) -> Kept {
    Kept {
        account: account.to_owned(),
        keys: Keys::LongLived(SecretString::from("t0ken-t0ken")),
    }
}

fn integration() -> Integration {
    Integration {
        client_id: "id".to_owned(),
        client_secret: SecretString::from("s3cr3t"),
        redirect_uri: "https://example.org/".to_owned(),
    }
}

fn oauth(account: &str, access: &str) -> Kept {
    Kept {
        account: account.to_owned(),
        keys: Keys::OAuth {
            integration: integration(),
            pair: Pair {
                access: SecretString::from(access),
                refresh: SecretString::from("r3fresh-1"),
                renewing: false,
            },
        },
    }
}

fn http(vault: &Arc<Safe>) -> AmocrmHttp {
    AmocrmHttp::new(vault.last(), Arc::clone(vault) as Arc<dyn Vault>, TIMEOUTS).unwrap()
}

fn tokens(access: &str) -> String {
    answer(
        "200 OK",
        &json!({"token_type": "Bearer", "expires_in": 86_400, "access_token": access, "refresh_token": "r3fresh-2"}),
    )
}

#[tokio::test]
async fn a_call_is_a_verb_and_a_path_with_the_token_in_its_header() {
    let nothing = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned();
    let (origin, served) = serve(vec![nothing, answer("200 OK", &json!({"price": 1}))]);
    let http = http(&Safe::new(long_lived(&origin)));
    let params = json!({"filter": {"id": [1, 2]}, "with": "a,b"});
    assert_eq!(
        http.call("GET catalogs/1/elements", &params).await.unwrap(),
        Value::Null
    );
    let body = json!([{"id": 1}]);
    assert_eq!(http.call("PATCH catalogs/1/elements", &body).await.unwrap()["price"], 1);
    // 2026-11-25T16:22:01Z
    assert_eq!(http.server_time().map(|time| time.0), Some(1_795_623_721_000));
    let asked = served.join().unwrap();
    let first = "GET /api/v4/catalogs/1/elements?filter%5Bid%5D%5B%5D=1&filter%5Bid%5D%5B%5D=2&with=a%2Cb HTTP/1.1";
    assert!(asked[0].starts_with(first), "{}", asked[0]);
    assert!(
        asked[0].to_lowercase().contains("authorization: bearer t0ken-t0ken"),
        "{}",
        asked[0]
    );
    assert!(
        asked[1].starts_with("PATCH /api/v4/catalogs/1/elements HTTP/1.1"),
        "{}",
        asked[1]
    );
    assert!(asked[1].ends_with(r#"[{"id":1}]"#), "{}", asked[1]);
}

#[tokio::test]
async fn a_spoiled_answer_leaves_the_outcome_open_and_nobody_is_not_sent() {
    for spoiled in [
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id\":",
        "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
    ] {
        let (origin, served) = serve(vec![spoiled.to_owned()]);
        let error = http(&Safe::new(long_lived(&origin)))
            .call("GET account", &json!({}))
            .await
            .unwrap_err();
        served.join().unwrap();
        assert!(matches!(error, CallError::NoAnswer { .. }), "{error}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = http(&Safe::new(long_lived(&origin)))
        .call("GET account", &json!({}))
        .await
        .unwrap_err();
    assert!(matches!(error, CallError::NotSent { .. }), "{error}");
}

#[tokio::test]
async fn a_token_that_is_quoted_back_is_not_printed() {
    let quoted = json!({"detail": "no such token: t0ken-t0ken", "validation-errors": []});
    let (origin, served) = serve(vec![answer("400 Bad Request", &quoted)]);
    let error = http(&Safe::new(long_lived(&origin)))
        .call("GET account", &json!({}))
        .await
        .unwrap_err();
    served.join().unwrap();
    assert!(!format!("{error} {error:?}").contains("t0ken-t0ken"), "{error}");
}

#[tokio::test]
async fn an_expired_pair_is_renewed_kept_and_only_then_used() {
    let (origin, served) = serve(vec![refused(), tokens("acc3ss-2"), answer("200 OK", &json!({"id": 1}))]);
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    assert_eq!(http(&vault).call("GET account", &json!({})).await.unwrap()["id"], 1);
    let expected = [("acc3ss-1", false), ("acc3ss-1", true), ("acc3ss-2", false)];
    assert_eq!(
        vault.states(),
        expected.map(|(access, renewing)| (access.to_owned(), renewing))
    );
    let asked = served.join().unwrap();
    assert!(
        asked[1].starts_with("POST /oauth2/access_token HTTP/1.1"),
        "{}",
        asked[1]
    );
    for part in ["refresh_token", "r3fresh-1", "s3cr3t", "\"client_id\":\"id\""] {
        assert!(asked[1].contains(part), "{part}: {}", asked[1]);
    }
    assert!(asked[2].to_lowercase().contains("bearer acc3ss-2"), "{}", asked[2]);
}

#[tokio::test]
async fn a_renewal_whose_answer_was_lost_is_never_repeated() {
    for lost in [String::new(), answer("500 Internal Server Error", &json!({}))] {
        let (origin, served) = serve(vec![refused(), lost, refused()]);
        let vault = Safe::new(oauth(&origin, "acc3ss-1"));
        let http = http(&vault);
        for _ in 0..2 {
            let error = http.call("GET account", &json!({})).await.unwrap_err();
            assert!(
                matches!(&error, CallError::Unauthorised { code, .. } if code == "renewal"),
                "{error}"
            );
        }
        // Another process, or the same one after a restart, does not repeat it either; it only sees the mark.
        assert_eq!(vault.states().last().unwrap(), &("acc3ss-1".to_owned(), true));
        let asked = served.join().unwrap();
        let renewals = asked.iter().filter(|asked| asked.contains("/oauth2/")).count();
        assert_eq!(renewals, 1);
    }
}

#[tokio::test]
async fn a_renewal_that_was_surely_not_done_may_be_tried_again() {
    let busy = answer("429 Too Many Requests", &json!({}));
    let fine = answer("200 OK", &json!({"id": 1}));
    let (origin, served) = serve(vec![refused(), busy, refused(), tokens("acc3ss-2"), fine]);
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    let http = http(&vault);
    let error = http.call("GET account", &json!({})).await.unwrap_err();
    assert!(matches!(error, CallError::Limited { .. }), "{error}");
    http.call("GET account", &json!({})).await.unwrap();
    served.join().unwrap();
}

/// Counts the requests that nobody above has counted.
#[derive(Default)]
struct Turns(AtomicUsize);

impl Pace for Turns {
    fn turn(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        Box::pin(async move {
            if first {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        })
    }
}

#[tokio::test]
async fn what_a_renewal_asks_beyond_the_call_waits_for_its_turn() {
    let fine = answer("200 OK", &json!({"id": 1}));
    let (origin, served) = serve(vec![fine.clone(), refused(), tokens("acc3ss-2"), fine]);
    let turns = Arc::new(Turns::default());
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    let http = http(&vault).paced(Arc::clone(&turns) as Arc<dyn Pace>);
    http.call("GET account", &json!({})).await.unwrap();
    assert_eq!(turns.0.load(Ordering::Relaxed), 0);
    http.call("GET account", &json!({})).await.unwrap();
    assert_eq!(turns.0.load(Ordering::Relaxed), 2, "the renewal and the call once more");
    served.join().unwrap();
}

#[tokio::test]
async fn calls_that_waited_for_a_renewal_do_not_all_go_at_once_after_it() {
    let fine = || answer("200 OK", &json!({"id": 1}));
    let (origin, served) = serve(vec![refused(), tokens("acc3ss-2"), fine(), fine(), fine()]);
    let turns = Arc::new(Turns::default());
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    let http = http(&vault).paced(Arc::clone(&turns) as Arc<dyn Pace>);
    let nothing = json!({});
    let meanwhile = async {
        // The other's renewal has begun, and waits for its own turn.
        while turns.0.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        http.call("GET account", &nothing).await
    };
    let (renewing, waiting) = tokio::join!(http.call("GET account", &nothing), meanwhile);
    assert!(renewing.is_ok() && waiting.is_ok(), "{renewing:?} {waiting:?}");
    let asked = turns.0.load(Ordering::Relaxed);
    assert_eq!(asked, 3, "the renewal, its call once more, and the one that waited");
    http.call("GET account", &nothing).await.unwrap();
    assert_eq!(turns.0.load(Ordering::Relaxed), 3, "nothing is renewed, nothing waits");
    served.join().unwrap();
}

#[tokio::test]
async fn an_account_that_is_closed_or_blocked_has_not_looked_at_the_token_and_goes_on_once_it_opens() {
    for (status, code) in [("402 Payment Required", "402"), ("403 Forbidden", "403")] {
        let closed = answer(status, &json!({"title": "closed"}));
        let fine = answer("200 OK", &json!({"id": 1}));
        let (origin, served) = serve(vec![refused(), closed, refused(), tokens("acc3ss-2"), fine]);
        let vault = Safe::new(oauth(&origin, "acc3ss-1"));
        let http = http(&vault);
        let error = http.call("GET account", &json!({})).await.unwrap_err();
        assert!(
            matches!(&error, CallError::Unauthorised { code: told, .. } if told == code),
            "{error}"
        );
        assert_eq!(vault.states().last().unwrap(), &("acc3ss-1".to_owned(), false));
        http.call("GET account", &json!({})).await.unwrap();
        served.join().unwrap();
    }
}

#[tokio::test]
async fn a_pair_that_another_process_renewed_is_taken_from_the_vault() {
    let (origin, served) = serve(vec![refused(), answer("200 OK", &json!({"id": 1}))]);
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    let http = http(&vault);
    vault.keep(&oauth(&origin, "acc3ss-7")).unwrap();
    http.call("GET account", &json!({})).await.unwrap();
    let asked = served.join().unwrap();
    assert!(asked[1].to_lowercase().contains("bearer acc3ss-7"), "{}", asked[1]);
}

#[tokio::test]
async fn a_renewal_of_another_process_is_waited_for() {
    let (origin, served) = serve(vec![refused(), answer("200 OK", &json!({"id": 1}))]);
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    vault.1.store(2, Ordering::Relaxed);
    http(&vault).call("GET account", &json!({})).await.unwrap();
    let asked = served.join().unwrap();
    assert!(asked[1].to_lowercase().contains("bearer acc3ss-7"), "{}", asked[1]);
}

#[tokio::test]
async fn a_pair_that_is_refused_for_good_needs_a_person() {
    let hint = json!({"title": "Bad Request", "status": 400, "hint": "Token has been revoked"});
    let (origin, served) = serve(vec![refused(), answer("400 Bad Request", &hint), refused()]);
    let vault = Safe::new(oauth(&origin, "acc3ss-1"));
    let error = http(&vault).call("GET account", &json!({})).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unauthorised { detail, .. } if detail.en == "Token has been revoked"),
        "{error}"
    );
    // The next look, of another process too, says the same and not that a renewal broke off; the token is not sent again.
    let error = http(&vault).call("GET account", &json!({})).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unauthorised { code, .. } if code == "spent"),
        "{error}"
    );
    let asked = served.join().unwrap();
    assert_eq!(asked.iter().filter(|asked| asked.contains("/oauth2/")).count(), 1);
}

#[tokio::test]
async fn an_account_that_moved_is_found_by_the_domain_in_its_token() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let fine = answer("200 OK", &json!({"id": 1}));
    let (new, new_served) = serve(vec![tokens("acc3ss-2"), fine]);
    let domain = json!({"domain": new.trim_start_matches("http://")});
    let (server, server_served) = serve(vec![answer("200 OK", &domain)]);
    let (old, old_served) = serve(vec![refused(), refused()]);
    let claims = json!({"api_domain": server.trim_start_matches("http://")}).to_string();
    let access = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let vault = Safe::new(oauth(&old, &access));
    http(&vault).call("GET account", &json!({})).await.unwrap();
    old_served.join().unwrap();
    let asked = server_served.join().unwrap();
    assert!(
        asked[0].starts_with("GET /oauth2/account/current/subdomain"),
        "{}",
        asked[0]
    );
    assert!(
        asked[0].to_lowercase().contains("x-refresh-token: r3fresh-1"),
        "{}",
        asked[0]
    );
    let asked = new_served.join().unwrap();
    assert!(asked[0].contains("r3fresh-1") && asked[1].to_lowercase().contains("bearer acc3ss-2"));
    assert_eq!(vault.last().account, new);
}

#[tokio::test]
async fn a_code_gives_the_first_pair() {
    let (origin, served) = serve(vec![tokens("acc3ss-1")]);
    let account = AccountUrl::parse(&origin).unwrap();
    let vault: Arc<dyn Vault> = Safe::new(long_lived(&origin));
    let code = SecretString::from("c0de");
    let kept = AmocrmHttp::authorise(&account, integration(), &code, vault, TIMEOUTS)
        .await
        .unwrap();
    let asked = served.join().unwrap();
    assert!(
        asked[0].contains("authorization_code") && asked[0].contains("c0de"),
        "{}",
        asked[0]
    );
    assert!(matches!(kept.keys, Keys::OAuth { pair, .. } if pair.access.expose_secret() == "acc3ss-1"));
}

#[tokio::test]
async fn a_token_that_says_its_time_is_over_is_told_from_one_that_was_revoked() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    // The servers here say 2026-11-25T16:22:01Z.
    for (exp, expected) in [(1_795_623_721, "expired"), (1_795_623_722, "401")] {
        let claims = URL_SAFE_NO_PAD.encode(json!({"exp": exp}).to_string());
        let (origin, served) = serve(vec![refused()]);
        let kept = Kept {
            account: origin,
            keys: Keys::LongLived(SecretString::from(format!("e30.{claims}.c2ln"))),
        };
        let error = http(&Safe::new(kept))
            .call("GET account", &json!({}))
            .await
            .unwrap_err();
        served.join().unwrap();
        assert!(
            matches!(&error, CallError::Unauthorised { code, .. } if code == expected),
            "{error}"
        );
    }
}
