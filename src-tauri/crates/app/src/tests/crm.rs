//! A CRM that is away, refuses the key, or is another one.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::firm::{DAY_21, Firm, Told, by_webhook};
use crate::{
    Delivery, Until,
    wire::{Condition, ConnectRequest, ConnectionRequest, CrmState, MessageRequest, OutboxPageRequest},
};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_the_queue_waits_and_then_goes() {
    let firm = Firm::with_day_20().await;
    firm.post("/offline", json!({})).await;
    let tried = firm.deliver(Until::TriedOnce).await;
    assert_eq!(tried.delivered, 0);
    let status = firm.session.status().unwrap();
    assert_eq!((status.crm.state, status.outbox.waiting), (CrmState::Offline, 5));
    assert_eq!(firm.session.pull_invoices().await.unwrap_err().code, "crm/offline");
    firm.post("/online", json!({})).await;
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
    assert_eq!(firm.session.status().unwrap().crm.state, CrmState::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_wakes_the_delivery_that_is_running() {
    let firm = Firm::with_day_20().await;
    firm.fault("*", "expired", 1_000).await;
    let session = Arc::clone(&firm.session);
    let running = tokio::spawn(async move { Delivery::open(&session)?.run(Until::Stopped).await });
    until(|| firm.session.status().unwrap().crm.state == CrmState::Unauthorised).await;
    assert_eq!(firm.session.status().unwrap().condition, Condition::Error);
    assert_eq!(firm.connect().await.unwrap_err().code, "crm/unauthorised");
    firm.mend().await;
    firm.connect().await.unwrap();
    until(|| firm.session.status().unwrap().outbox.delivered == 5).await;
    // Nothing is sent with a key that a person took away.
    firm.session.disconnect(&ConnectionRequest::default()).unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), running)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ended.unwrap_err().code, "crm/not-connected");
    assert_eq!(firm.session.status().unwrap().crm.state, CrmState::NotConnected);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_delivers_at_a_time() {
    let firm = Firm::with_day_20().await;
    let held = Delivery::open(&firm.session).unwrap();
    assert_eq!(Delivery::open(&firm.session).err().unwrap().code, "outbox/elsewhere");
    drop(held);
    assert!(Delivery::open(&firm.session).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_undone_or_parked_while_a_delivery_holds_the_queue_is_not_sent() {
    let firm = Firm::with_day_20().await;
    let mut delivery = Delivery::open(&firm.session).unwrap();
    firm.post("/offline", json!({})).await;
    delivery.run(Until::TriedOnce).await.unwrap();
    firm.post("/online", json!({})).await;
    firm.undo("146400.00").unwrap();
    let waiting = firm.session.outbox_page(&OutboxPageRequest::default()).unwrap().rows;
    let parked = waiting.iter().find(|row| row.invoice_number == "СЧ-146").unwrap();
    let message = parked.message.clone();
    firm.session
        .message_park(&MessageRequest {
            message: message.clone(),
        })
        .unwrap();
    // A new decision of the meantime goes with the rest.
    firm.import(DAY_21);
    delivery.run(Until::Empty).await.unwrap();
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:S", 0, 0));
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:S", 0, 0));
    assert_eq!(firm.portal_invoice("СЧ-153").await.payments, 1);
    firm.session.message_retry(&MessageRequest { message }).unwrap();
    delivery.run(Until::Empty).await.unwrap();
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:P", 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_portal_does_not_take_a_connections_place() {
    let firm = Firm::new().await;
    firm.session
        .change_connection("b24", store::ConnectionPart::Portal, "https://other.bitrix24.ru")
        .unwrap();
    let request = ConnectRequest {
        connection: Some("b24".to_owned()),
        ..by_webhook(firm.portal.webhook_url())
    };
    let failure = firm.session.connect(&request).await.unwrap_err();
    assert_eq!(failure.code, "crm/another-portal");
    assert!(!format!("{failure}").contains(sandbox::WEBHOOK_CODE));
    // Without the wish it is connected beside it.
    firm.connect().await.unwrap();
    let ids: Vec<String> = firm
        .session
        .connected()
        .unwrap()
        .into_iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(ids, ["b24", "b24-2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_nowhere_in_what_is_shown_or_kept() {
    let firm = Firm::new().await;
    let webhook = "https://x.bitrix24.ru/rest/1/";
    let request = by_webhook(format!("{webhook}{}", sandbox::WEBHOOK_CODE));
    assert!(!format!("{request:?}").contains(sandbox::WEBHOOK_CODE));
    let folder = firm.session.folder();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let code = sandbox::WEBHOOK_CODE.as_bytes();
        assert!(!bytes.windows(code.len()).any(|window| window == code));
    }
}

async fn until(done: impl Fn() -> bool) {
    for _ in 0..400 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came");
}
