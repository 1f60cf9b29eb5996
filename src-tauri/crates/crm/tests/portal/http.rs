//! The transport against servers that behave badly: how far a call got decides what may be repeated.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread::JoinHandle,
};

use crm::{CallError, HttpTransport, Timeouts, Transport, WebhookUrl, bitrix24::Cause};
use serde_json::{Value, json};

const SECRET: &str = "s3cr3ts3cr3t";

/// Answers one request with these bytes and closes; gives back what was asked.
fn serve(answer: impl AsRef<[u8]> + Send + 'static) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let asked = request(&mut stream);
        // Whoever has heard enough hangs up.
        let _ = stream.write_all(answer.as_ref());
        asked
    });
    (port, served)
}

fn request(stream: &mut TcpStream) -> String {
    let mut asked = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let read = stream.read(&mut chunk).unwrap();
        asked.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&asked);
        // The body is JSON, the last thing in it a brace.
        if read == 0 || (text.contains("\r\n\r\n") && text.ends_with('}')) {
            return text.into_owned();
        }
    }
}

async fn call(port: u16) -> Result<Value, CallError> {
    let webhook = WebhookUrl::parse(&format!("http://127.0.0.1:{port}/rest/1/{SECRET}/")).unwrap();
    let timeouts = Timeouts {
        connect_ms: 2_000,
        answer_ms: 2_000,
    };
    let transport = HttpTransport::new(webhook, timeouts).unwrap();
    transport
        .call("crm.item.get", &json!({"entityTypeId": 31, "id": 315}))
        .await
}

#[tokio::test]
async fn the_servers_clock_is_heard_in_every_answer() {
    let (port, served) =
        serve(b"HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026 16:22:01 GMT\r\nContent-Length: 13\r\n\r\n{\"result\":{}}");
    let webhook = WebhookUrl::parse(&format!("http://127.0.0.1:{port}/rest/1/{SECRET}/")).unwrap();
    let transport = HttpTransport::new(webhook, Timeouts::default()).unwrap();
    assert_eq!(transport.server_time(), None);
    transport.call("scope", &json!({})).await.unwrap();
    served.join().unwrap();
    assert_eq!(transport.server_time().unwrap().iso(), "2026-11-25T16:22:01.000Z");
}

#[tokio::test]
async fn a_call_is_json_posted_to_the_method() {
    let (port, served) = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n{\"result\":{\"sum\":1500.50}}\n");
    let body = call(port).await.unwrap();
    assert_eq!(body["result"]["sum"].to_string(), "1500.50");
    let asked = served.join().unwrap();
    assert!(
        asked.starts_with(&format!("POST /rest/1/{SECRET}/crm.item.get.json HTTP/1.1")),
        "{asked}"
    );
    assert!(asked.ends_with(r#"{"entityTypeId":31,"id":315}"#), "{asked}");
}

#[tokio::test]
async fn nobody_listening_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = call(port).await.unwrap_err();
    assert!(matches!(error, CallError::NotSent { .. }), "{error}");
    assert!(!error.to_string().contains(SECRET), "{error}");
}

#[tokio::test]
async fn a_spoiled_answer_leaves_the_outcome_open() {
    for answer in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"result\":",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"result\":",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    ] {
        let (port, served) = serve(answer);
        let error = call(port).await.unwrap_err();
        served.join().unwrap();
        assert!(matches!(error, CallError::NoAnswer { .. }), "{error}");
        assert!(!error.to_string().contains(SECRET), "{error}");
    }
}

#[tokio::test]
async fn no_answer_in_time_leaves_the_outcome_open() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = {
        let webhook = WebhookUrl::parse(&format!("http://127.0.0.1:{port}/rest/1/{SECRET}/")).unwrap();
        let timeouts = Timeouts {
            connect_ms: 2_000,
            answer_ms: 50,
        };
        let transport = HttpTransport::new(webhook, timeouts).unwrap();
        transport.call("profile", &json!({})).await.unwrap_err()
    };
    assert!(matches!(error, CallError::NoAnswer { .. }), "{error}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_address_keeps_the_secret() {
    let (port, served) = serve(
        b"HTTP/1.1 302 Found\r\nLocation: https://new.bitrix24.ru/rest/1/s3cr3ts3cr3t/crm.item.get.json\r\nContent-Length: 0\r\n\r\n",
    );
    let error = call(port).await.unwrap_err();
    served.join().unwrap();
    assert_eq!(
        error,
        CallError::Moved {
            to: "https://new.bitrix24.ru".to_owned()
        }
    );
}

#[tokio::test]
async fn the_wait_of_a_work_limit_is_remembered_from_the_answer_before() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = std::thread::spawn(move || {
        for answer in [
            &br#"{"result":[],"time":{"finish":100.5,"operating_reset_at":400}}"#[..],
            br#"{"error":"OPERATION_TIME_LIMIT","error_description":"blocked"}"#,
        ] {
            let status = if answer.starts_with(b"{\"result") {
                "200 OK"
            } else {
                "429 Too Many Requests"
            };
            let (mut stream, _) = listener.accept().unwrap();
            request(&mut stream);
            let head = format!(
                "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(answer).unwrap();
        }
    });
    let webhook = WebhookUrl::parse(&format!("http://127.0.0.1:{port}/rest/1/{SECRET}/")).unwrap();
    let transport = HttpTransport::new(webhook, Timeouts::default()).unwrap();
    transport.call("profile", &json!({})).await.unwrap();
    let error = transport.call("profile", &json!({})).await.unwrap_err();
    served.join().unwrap();
    assert!(
        matches!(
            error,
            CallError::Limited {
                retry_after_ms: Some(300_000),
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_portal_that_quotes_the_address_does_not_print_the_secret() {
    let body = format!(r#"{{"error":"{SECRET}","error_description":"no method at /rest/1/{SECRET}/x"}}"#);
    let head = format!("HTTP/1.1 400 Bad Request\r\nContent-Length: {}\r\n\r\n", body.len());
    let (port, served) = serve(head + &body);
    let error = call(port).await.unwrap_err();
    served.join().unwrap();
    assert!(matches!(error, CallError::Refused { status: 400, .. }), "{error}");
    assert!(
        !format!("{error} {error:?} {:?}", error.text()).contains(SECRET),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_is_read_up_to_its_limit_and_not_a_byte_longer() {
    const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
    for (bytes, read) in [(ANSWER_BYTES_MAX, true), (ANSWER_BYTES_MAX + 1, false)] {
        let body = format!("{}{}", " ".repeat(bytes - 12), r#"{"result":1}"#);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n");
        let (port, served) = serve(head + &body);
        let answer = call(port).await;
        served.join().unwrap();
        assert_eq!(answer.is_ok(), read, "{bytes}");
    }
}

#[tokio::test]
async fn a_portal_that_was_renamed_is_posted_to_under_its_new_name() {
    let (new, told) = serve(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"result\":true}");
    let there = format!("http://127.0.0.1:{new}/rest/1/{SECRET}/crm.item.get.json");
    let moved = format!("HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n");
    let (old, turned_away) = serve(moved);
    assert_eq!(call(old).await.unwrap()["result"], true);
    let (told, turned_away) = (told.join().unwrap(), turned_away.join().unwrap());
    assert!(
        told.starts_with(&format!("POST /rest/1/{SECRET}/crm.item.get.json ")),
        "{told}"
    );
    let body = |asked: &str| asked.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&told), body(&turned_away));
}

/// The handshake fails where a plain server answers, as it does where a certificate cannot be trusted.
#[tokio::test]
async fn a_line_that_cannot_be_secured_is_told_from_a_line_that_is_not_there() {
    async fn cause(port: u16) -> Cause {
        let webhook = WebhookUrl::parse(&format!("https://127.0.0.1:{port}/rest/1/{SECRET}/")).unwrap();
        let transport = HttpTransport::new(webhook, Timeouts::default()).unwrap();
        let error = transport.call("profile", &json!({})).await.unwrap_err();
        assert!(matches!(error, CallError::NotSent { .. }), "{error}");
        Cause::of_call(&error)
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut hello = [0; 64];
        stream.read_exact(&mut hello).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    assert_eq!(cause(port).await, Cause::Certificate);
    served.join().unwrap();
    assert_eq!(cause(port).await, Cause::NoNetwork);
}
