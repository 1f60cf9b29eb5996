//! HTTPS by an authority made on the spot.

use std::fs;

use reqwest::{Certificate, Client};
use sandbox::Options;
use serde_json::{Value, json};

use super::desk::said;
use crate::desk::Desk;

fn desk() -> Desk {
    Desk::open(Options {
        demo: true,
        https_port: Some(0),
        ..Options::default()
    })
}

fn trusting(desk: &Desk) -> reqwest::ClientBuilder {
    let pem = fs::read(desk.sandbox.authority().unwrap()).unwrap();
    let authority = Certificate::from_pem(&pem).unwrap();
    Client::builder().no_proxy().add_root_certificate(authority)
}

#[tokio::test]
async fn both_crms_answer_over_https_to_who_trusts_the_authority() {
    let desk = desk();
    let line = desk.sandbox.announcement();
    assert_eq!(line["bitrix24_https"], line["amocrm_https"]);
    let base = line["amocrm_https"].as_str().unwrap().to_owned();
    assert!(base.starts_with("https://localhost:"));
    let client = trusting(&desk).build().unwrap();
    let account = client
        .get(format!("{base}/api/v4/account"))
        .bearer_auth(desk.sandbox.amo_bearer());
    let account = said(account.send().await.unwrap()).await;
    assert_eq!(
        account.body["_links"]["self"]["href"],
        json!(format!("{base}/api/v4/account"))
    );
    let profile = client.get(format!("{base}/rest/{}/profile", line["webhook"].as_str().unwrap()));
    assert_eq!(profile.send().await.unwrap().status(), 200);
    assert!(
        desk.http.get(&base).send().await.is_err(),
        "who does not trust it gets nothing"
    );
}

#[tokio::test]
async fn the_certificate_is_good_for_the_official_names_and_no_others() {
    let desk = desk();
    let address = desk.sandbox.addresses.https.unwrap();
    for (host, good) in [
        ("127.0.0.1", true),
        ("sverka.amocrm.ru", true),
        ("sverka.kommo.com", true),
        ("portal.bitrix24.ru", true),
        ("oauth.bitrix24.tech", true),
        ("oauth.bitrix.info", true),
        ("bank.example.test", false),
    ] {
        let client = trusting(&desk).resolve(host, address).build().unwrap();
        let url = format!("https://{host}:{}/api/v4/account", address.port());
        let answer = client.get(url).bearer_auth(desk.sandbox.amo_bearer()).send().await;
        assert_eq!(answer.is_ok(), good, "{host}: {answer:?}");
        if let Ok(answer) = answer {
            let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
            let own = body["_links"]["self"]["href"].as_str().unwrap();
            assert!(own.starts_with(&format!("https://{host}:")), "{own}");
        }
    }
}

#[tokio::test]
async fn the_keys_are_never_written_and_the_certificate_goes_with_the_run() {
    let place = tempfile::tempdir().unwrap();
    let desk = Desk::open(Options {
        https_port: Some(0),
        state_dir: Some(place.path().to_owned()),
        ..Options::default()
    });
    assert_eq!(desk.sandbox.authority(), Some(place.path().join("ca.pem").as_path()));
    for entry in fs::read_dir(place.path()).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("PRIVATE KEY"));
    }
    let other = self::desk();
    let file = other.sandbox.authority().unwrap().to_owned();
    assert!(file.exists());
    drop(other);
    assert!(!file.exists());
}
