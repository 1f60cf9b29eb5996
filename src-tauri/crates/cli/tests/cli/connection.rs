//! How a connection stands, which stages were chosen, and certificates that cannot be trusted.

use serde_json::{Value, json};

use crate::harness::{Ledger, Sandbox};

fn connected(sandbox: &Sandbox) -> Ledger {
    let ledger = Ledger::new();
    let address = format!("{}\n", sandbox.address());
    ledger.typed("connect bitrix24 --webhook-stdin", &address).done();
    ledger
}

#[test]
fn the_connection_is_told_line_by_line() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    let health = ledger.run("health").done().line();
    let checks = health["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["state"] == "good"), "{health}");
    assert_eq!(
        [&checks[0]["check"], &health["state"]],
        [&json!("address"), &json!("ok")]
    );
    let shown = ledger.says("health", "ru").done().out;
    assert!(shown.contains("● поле для кода платежа в счёте"), "{shown}");
    drop(sandbox);
    let broken = ledger.run("health");
    assert_eq!(broken.code, Some(1));
    let line = broken.line();
    assert_eq!(
        [&line["checks"][0]["state"], &line["state"]],
        [&json!("failed"), &json!("offline")]
    );
    assert_eq!(line["checks"][5]["state"], "not_looked");
}

#[test]
fn stages_are_listed_chosen_and_left() {
    let sandbox = Sandbox::start();
    let ledger = connected(&sandbox);
    let of = |lines: &[Value], status: &str| {
        let same = |line: &&Value| line["pipeline"] == "invoices:3" && line["status"] == status;
        lines.iter().find(same).unwrap().clone()
    };
    let listed = ledger.run("stages").done().lines();
    assert_eq!(of(&listed, "paid")["chosen"], Value::Null);
    let set = "stages --set invoices:3:partly_paid=DT31_3:N --set invoices:3:paid=DT31_3:P";
    let set = ledger.run(set).done().lines();
    assert_eq!(of(&set, "partly_paid")["chosen"], "DT31_3:N");
    let unset = ledger.run("stages --unset invoices:3:paid").done().lines();
    let kept = [&of(&unset, "paid")["chosen"], &of(&unset, "partly_paid")["chosen"]];
    assert_eq!(kept, [&Value::Null, &json!("DT31_3:N")]);
    assert_eq!(
        ledger.run("stages --set invoices:3:paid=DT31_3:D").refusal(),
        "crm/mapping"
    );
    assert!(ledger.says("stages", "ru").done().out.contains("(«Оплачен»)"));
    assert_eq!(ledger.run("stages --set paid=DT31_3:P").code, Some(2));
    // What else is told changes alone, and the stages stay.
    ledger.run("stages --notify off --act 39").done();
    let shown = ledger.says("stages", "en").done().out;
    assert!(
        shown.contains("(--notify): off") && shown.contains("(--act): 39"),
        "{shown}"
    );
    assert!(
        ledger
            .says("stages --act none", "en")
            .done()
            .out
            .contains("(--act): none")
    );
    assert_eq!(
        of(&ledger.run("stages").done().lines(), "partly_paid")["chosen"],
        "DT31_3:N"
    );
}

/// Sends every byte from a port of `127.0.0.2`, a name that the certificate does not hold, to `to`, and back.
#[cfg(target_os = "linux")]
fn under_another_name(to: std::net::SocketAddr) -> std::net::SocketAddr {
    use std::net::{TcpListener, TcpStream};
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for near in listener.incoming() {
            let (near, far) = (near.unwrap(), TcpStream::connect(to).unwrap());
            for (mut from, mut into) in [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)] {
                // Whoever hangs up first ends both ways.
                std::thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut into);
                    let _ = into.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    address
}

/// The system's authorities come from a file only where its TLS is OpenSSL.
#[cfg(target_os = "linux")]
#[test]
fn a_certificate_is_trusted_by_its_authority_and_for_its_name_only() {
    let sandbox = Sandbox::start();
    let port: u16 = sandbox.https.rsplit(':').next().unwrap().parse().unwrap();
    let elsewhere = under_another_name(([127, 0, 0, 1], port).into());
    let elsewhere = format!("https://{elsewhere}");
    let cases = |origin: &str| {
        [
            (
                "connect bitrix24 --webhook-stdin".to_owned(),
                format!("{origin}/rest/{}/\n", sandbox.webhook),
            ),
            (
                format!("connect amocrm {origin} --token-stdin"),
                format!("{}\n", sandbox.amo_token),
            ),
        ]
    };
    for (command, typed) in cases(&sandbox.https) {
        let ledger = Ledger::new();
        // Nobody vouches for it.
        let untrusted = ledger.typed(&command, &typed).failure();
        is_about_the_certificate(&untrusted);
        assert_eq!(ledger.run("status").done().line()["crm"]["state"], "not_connected");
        ledger.trusting(&sandbox.authority, &command, &typed).done();
        // The same portal, once its authority is trusted no longer: a state of Health, and a line of its own.
        let health = ledger.run("health");
        assert_eq!(health.code, Some(1));
        let health = health.line();
        assert_eq!(health["state"], "failing", "{health}");
        assert_eq!(health["checks"][0]["state"], "failed");
        assert!(
            health["checks"][0]["says"]["ru"]
                .as_str()
                .unwrap()
                .contains("Сертификату")
        );
    }
    for (command, typed) in cases(&elsewhere) {
        let another_name = Ledger::new().trusting(&sandbox.authority, &command, &typed).failure();
        is_about_the_certificate(&another_name);
    }
}

#[cfg(target_os = "linux")]
#[track_caller]
fn is_about_the_certificate(failure: &Value) {
    assert_eq!(failure["code"], "crm/failed", "{failure}");
    let says = |lang: &str| failure["message"][lang].as_str().unwrap().to_owned();
    assert!(says("ru").contains("Сертификату сервера нельзя верить"), "{failure}");
    assert!(says("en").contains("certificate cannot be trusted"), "{failure}");
}
