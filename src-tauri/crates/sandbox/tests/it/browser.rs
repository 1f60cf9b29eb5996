//! The product's page over HTTP: the contract answers, foreign pages do not get in, files do not get out.

use std::{path::Path, sync::Arc};

use app::{OsHost, Session};
use reqwest::{Client, StatusCode, header};
use sandbox::{PageServer, serve_page};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Served {
    server: PageServer,
    client: Client,
    _folder: TempDir,
}

async fn served() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    std::fs::create_dir(&page).unwrap();
    std::fs::write(page.join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(folder.path().join("secret.txt"), "secret").unwrap();
    let session = Arc::new(Session::create(&folder.path().join("ledger"), Arc::new(OsHost)).unwrap());
    let server = serve_page(session, &page, 0).await.unwrap();
    Served {
        server,
        client: Client::builder().no_proxy().build().unwrap(),
        _folder: folder,
    }
}

impl Served {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    async fn rpc(&self, command: &str, request: &Value) -> (StatusCode, Value) {
        let answer = self
            .client
            .post(self.url(&format!("/rpc/{command}")))
            .json(request)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.json().await.unwrap())
    }
}

#[tokio::test]
async fn the_contract_answers() {
    let served = served().await;
    let (code, status) = served.rpc("status", &json!({})).await;
    assert_eq!(
        (code, &status["folder"]["state"]),
        (StatusCode::OK, &json!("not_chosen"))
    );
    let (code, failure) = served.rpc("nonsense", &json!({})).await;
    assert_eq!(
        (code, &failure["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("request/unknown-command"))
    );
    assert!(
        failure["remedy"]["ru"]
            .as_str()
            .is_some_and(|remedy| !remedy.is_empty())
    );
}

#[tokio::test]
async fn the_page_is_served_under_a_strict_policy_and_nothing_beside_it() {
    let served = served().await;
    let page = served.client.get(served.url("/")).send().await.unwrap();
    let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    assert_eq!(page.text().await.unwrap(), "<!doctype html>");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/none.js",
        "//etc/passwd",
    ] {
        let answer = served.client.get(served.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_foreign_page_gets_nothing() {
    let served = served().await;
    let plain = served
        .client
        .post(served.url("/rpc/status"))
        .body("{}")
        .send()
        .await
        .unwrap();
    assert_eq!(
        plain.status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "a form of another site cannot send JSON"
    );
    let rebound = served
        .client
        .post(served.url("/rpc/status"))
        .header(header::HOST, "evil.example")
        .json(&json!({}));
    assert_eq!(rebound.send().await.unwrap().status(), StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_folder_without_a_page_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let session = Arc::new(Session::create(&folder.path().join("ledger"), Arc::new(OsHost)).unwrap());
    let refused = serve_page(Arc::clone(&session), folder.path(), 0).await;
    assert!(refused.is_err());
    assert!(serve_page(session, Path::new("no/such/folder"), 0).await.is_err());
}
