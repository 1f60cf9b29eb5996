//! Several CRMs at once: each with its invoices, its queue, its key and its troubles.

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, Uri, header::LOCATION},
};
use serde_json::json;

use super::{
    amocrm::fake::Fake,
    firm::{DAY_20, Firm, Told, by_webhook, unconnected},
};
use crate::{
    Delivery, Until,
    wire::{
        AllocationRequest, Condition, ConnectAmocrmRequest, ConnectRequest, ConnectionRequest, CrmKind, CrmState,
        CrmStatus, DecideRequest, EntryState, InvoicesPageRequest, MappingChoice, MappingSaveRequest, Status,
    },
};

const FIRST: &str = "b24";
const SECOND: &str = "b24-2";

/// The demo firm's ledger with a second portal beside the first, of the same invoices.
struct Two {
    firm: Firm,
    second: Firm,
}

impl Two {
    async fn new() -> Self {
        let (firm, second) = (Firm::new().await, Firm::new().await);
        let request = ConnectRequest {
            name: Some("Вторая".to_owned()),
            ..by_webhook(second.portal.webhook_url())
        };
        let connected = firm.session.connect(&request).await.unwrap();
        assert_eq!(
            (connected.connection.as_str(), connected.name.as_str()),
            (SECOND, "Вторая")
        );
        firm.session.pull_invoices().await.unwrap();
        Self { firm, second }
    }

    /// A person says which of the two portals this payment's invoice is of.
    fn decide(&self, sum: &str, invoice: &str) {
        let entry = self.firm.entry(sum).entry;
        let allocations = vec![AllocationRequest {
            invoice: invoice.to_owned(),
            amount: sum.to_owned(),
        }];
        self.firm
            .session
            .decide(&DecideRequest {
                entry,
                allocations,
                undoes: None,
            })
            .unwrap();
    }

    fn status(&self) -> Status {
        self.firm.session.status().unwrap()
    }

    fn crm(&self, id: &str) -> CrmStatus {
        let crms = self.status().crms;
        crms.into_iter()
            .find(|crm| crm.connection.as_deref() == Some(id))
            .unwrap()
    }
}

fn of(id: &str) -> ConnectionRequest {
    ConnectionRequest {
        connection: Some(id.to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_invoice_in_two_portals_is_asked_about_and_goes_to_the_one_that_is_named() {
    let two = Two::new().await;
    two.firm.import(DAY_20);
    let entry = two.firm.entry("146400.00");
    assert_eq!(entry.state, EntryState::Review, "either portal's invoice fits");
    let crms: Vec<Option<String>> = entry
        .candidates
        .iter()
        .map(|one| one.allocations[0].crm.clone())
        .collect();
    assert!(crms.contains(&Some("Вторая".to_owned())), "{crms:?}");
    two.decide("146400.00", "b24-2:31:1003");
    two.decide("87840.00", "b24:31:1004");
    two.firm.deliver(Until::Empty).await;
    let told = Told::new("DT31_3:P", 1, 1);
    let untouched = Told::new("DT31_3:S", 0, 0);
    assert_eq!(two.second.portal_invoice("СЧ-145").await, told);
    assert_eq!(two.firm.portal_invoice("СЧ-145").await, untouched);
    assert_eq!(two.firm.portal_invoice("СЧ-146").await, told);
    assert_eq!(two.second.portal_invoice("СЧ-146").await, untouched);
    let rows = two
        .firm
        .session
        .outbox_page(&crate::wire::OutboxPageRequest::default())
        .unwrap()
        .rows;
    assert!(rows.iter().all(|row| row.crm.is_some()), "each line says whose it is");
}

/// Sends every call on to this origin, and gives back its own.
async fn under_its_old_name(new: String) -> String {
    let on = Router::new().fallback(move |uri: Uri| {
        let to = format!("{new}{}", uri.path());
        async move { (StatusCode::FOUND, [(LOCATION, to)]) }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, on).await });
    origin
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_was_renamed_stays_the_same_connection() {
    let firm = Firm::new().await;
    let webhook = firm.portal.webhook_url();
    let (new, path) = webhook.split_at(webhook.find("/rest/").unwrap());
    let old = under_its_old_name(new.to_owned()).await;
    let (_folder, session) = unconnected();
    let before = session.connect(&by_webhook(format!("{old}{path}"))).await.unwrap();
    session.pull_invoices().await.unwrap();
    let other = Firm::new().await;
    let second = session.connect(&by_webhook(other.portal.webhook_url())).await.unwrap();
    let after = session.connect(&by_webhook(webhook.as_str())).await.unwrap();
    assert_eq!((before.portal, after.portal.as_str()), (old, new));
    assert_eq!((before.connection.as_str(), after.connection.as_str()), (FIRST, FIRST));
    assert_eq!(second.connection, SECOND, "another portal is another");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_portal_that_is_down_stops_neither_the_others_queue_nor_its_pull() {
    let two = Two::new().await;
    two.firm.import(DAY_20);
    two.decide("146400.00", "b24:31:1003");
    two.decide("87840.00", "b24-2:31:1004");
    two.second.post("/offline", json!({})).await;
    let delivered = two.firm.deliver(Until::TriedOnce).await;
    let by: Vec<(&str, u64)> = delivered
        .by
        .iter()
        .map(|one| (one.connection.as_str(), one.counts.delivered))
        .collect();
    assert_eq!(by, [(FIRST, 1), (SECOND, 0)]);
    assert_eq!(
        (two.crm(FIRST).state, two.crm(SECOND).state),
        (CrmState::Ok, CrmState::Offline)
    );
    assert_eq!((two.crm(FIRST).waiting, two.crm(SECOND).waiting), (0, 1));
    let status = two.status();
    assert_eq!(status.crm.connection.as_deref(), Some(SECOND));
    assert!(status.crm.message.ru.starts_with("«Вторая»: "), "{:?}", status.crm);
    let pulls = two.firm.session.pulls(true).await.unwrap();
    let pulled: Vec<bool> = pulls.iter().map(|one| one.pulled.is_ok()).collect();
    assert_eq!(pulled, [true, false]);
    assert_eq!(
        two.firm.session.pull_invoices().await.unwrap_err().code,
        "crm/offline",
        "it is not passed over in silence"
    );
    two.second.post("/online", json!({})).await;
    two.firm.deliver(Until::Empty).await;
    assert_eq!(two.second.portal_invoice("СЧ-146").await, Told::new("DT31_3:P", 1, 1));
    assert_eq!(two.firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:S", 0, 0));
    assert_eq!(two.crm(SECOND).state, CrmState::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_one_portal_refuses_is_told_of_it_alone_and_a_new_one_wakes_its_lanes() {
    let two = Two::new().await;
    two.firm.import(DAY_20);
    two.decide("146400.00", "b24:31:1003");
    two.decide("87840.00", "b24-2:31:1004");
    two.second.fault("*", "expired", 1_000).await;
    let delivered = two.firm.deliver(Until::Empty).await;
    let refused: Vec<Option<&str>> = delivered
        .by
        .iter()
        .map(|one| one.refused.as_ref().map(|failure| failure.code))
        .collect();
    assert_eq!(refused, [None, Some("crm/unauthorised")]);
    assert_eq!(delivered.delivered, 1);
    assert_eq!(
        (two.crm(FIRST).state, two.crm(SECOND).state),
        (CrmState::Ok, CrmState::Unauthorised)
    );
    let looked = two.firm.session.connections_check().await.unwrap();
    let states: Vec<CrmState> = looked.iter().map(|one| one.state).collect();
    assert_eq!(states, [CrmState::Ok, CrmState::Unauthorised]);
    two.second.mend().await;
    let renewed = two
        .firm
        .session
        .connect(&by_webhook(two.second.portal.webhook_url()))
        .await
        .unwrap();
    assert_eq!(
        (renewed.connection.as_str(), renewed.name.as_str()),
        (SECOND, "Вторая"),
        "the same portal"
    );
    two.firm.deliver(Until::Empty).await;
    assert_eq!(two.second.portal_invoice("СЧ-146").await.payments, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_taken_away_keeps_its_queue_and_its_id_and_stops_no_other() {
    let two = Two::new().await;
    let session = &two.firm.session;
    two.firm.import(DAY_20);
    two.decide("146400.00", "b24:31:1003");
    assert_eq!(
        session.disconnect(&ConnectionRequest::default()).unwrap_err().code,
        "crm/which"
    );
    assert_eq!(
        session.disconnect(&of("b24-3")).unwrap_err().code,
        "crm/unknown-connection"
    );
    let mut delivery = Delivery::open(session).unwrap();
    session.disconnect(&of(FIRST)).unwrap();
    two.decide("87840.00", "b24-2:31:1004");
    let delivered = delivery.run(Until::Empty).await.unwrap();
    assert_eq!(delivered.delivered, 1);
    assert_eq!(two.second.portal_invoice("СЧ-146").await.payments, 1);
    assert_eq!(two.firm.portal_invoice("СЧ-145").await.payments, 0);
    let status = two.status();
    assert_eq!(status.outbox.waiting, 1, "it waits for its own portal");
    assert_eq!(status.condition, Condition::NeedsYou);
    assert_eq!(two.status().crms.len(), 1);
    assert_eq!(
        session.connection_check(&of(FIRST)).await.unwrap_err().code,
        "crm/not-connected"
    );
    // With one left nobody has to be named, and a third portal does not get the free id.
    let third = Firm::new().await;
    let connected = session.connect(&by_webhook(third.portal.webhook_url())).await.unwrap();
    assert_eq!(connected.connection, "b24-3");
    // While the delivery runs, the first one comes back.
    let back = two.firm.connect().await;
    back.unwrap();
    delivery.run(Until::Empty).await.unwrap();
    assert_eq!(two.firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_connection_has_its_own_stages() {
    let two = Two::new().await;
    let session = &two.firm.session;
    assert_eq!(
        session.mapping(&ConnectionRequest::default()).await.unwrap_err().code,
        "crm/which"
    );
    let choices = vec![MappingChoice {
        of: crate::wire::FunnelKind::Invoices,
        funnel: "3".to_owned(),
        status: "paid".to_owned(),
        stage: "DT31_3:P".to_owned(),
    }];
    let saved = session
        .mapping_save(&MappingSaveRequest {
            connection: Some(SECOND.to_owned()),
            choices,
            ..MappingSaveRequest::default()
        })
        .await
        .unwrap();
    assert_eq!((saved.connection.as_str(), saved.name.as_str()), (SECOND, "Вторая"));
    let chosen = |view: &crate::wire::MappingView| {
        let rows = view.funnels.iter().flat_map(|funnel| &funnel.rows);
        rows.filter(|row| row.chosen.is_some()).count()
    };
    assert_eq!(chosen(&saved), 1);
    // By its name too.
    assert_eq!(chosen(&session.mapping(&of("Вторая")).await.unwrap()), 1);
    assert_eq!(chosen(&session.mapping(&of(FIRST)).await.unwrap()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn bitrix24_and_amocrm_stand_side_by_side() {
    let firm = Firm::new().await;
    let fake = Fake::start().await;
    fake.state()
        .put(77, "Счёт №А-77 от 05.11.2026", "146400.00", "7813641821");
    let request = ConnectAmocrmRequest {
        account: fake.origin.clone(),
        token: Some("t0ken-1".to_owned()),
        ..ConnectAmocrmRequest::default()
    };
    firm.session.connect_amocrm(&request).await.unwrap();
    // Its list was not read yet: the invoice of it may be the one that is paid.
    firm.import(DAY_20);
    assert_eq!(firm.entry("146400.00").state, EntryState::Review);
    firm.session.pull_invoices().await.unwrap();
    assert_eq!(
        firm.entry("146400.00").state,
        EntryState::Decided,
        "it names the portal's number"
    );
    let kinds: Vec<Option<CrmKind>> = firm.session.status().unwrap().crms.iter().map(|crm| crm.kind).collect();
    assert_eq!(kinds, [Some(CrmKind::Bitrix24), Some(CrmKind::Amocrm)]);
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
    assert_eq!(fake.state().told(77).1, 0);
    assert!(fake.state().notes.is_empty());
    let page = firm.session.invoices_page(&InvoicesPageRequest::default()).unwrap();
    assert!(page.rows.iter().all(|row| row.crm.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_was_started_anew_is_the_same_connection_at_another_port() {
    let mut firm = Firm::new().await;
    let options = sandbox::Options {
        demo: true,
        ..sandbox::Options::default()
    };
    let before = firm.portal.webhook_url();
    firm.portal = sandbox::start(options).unwrap();
    assert_ne!(firm.portal.webhook_url(), before);
    firm.connect().await.unwrap();
    let rows = firm.session.connected().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].id.as_str(), rows[0].portal.as_str()),
        (FIRST, firm.portal.bitrix24_url().as_str())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_delivery_takes_up_a_crm_that_is_connected_meanwhile() {
    let firm = Firm::new().await;
    let session = Arc::clone(&firm.session);
    let running = tokio::spawn(async move { Delivery::open(&session)?.run(Until::Stopped).await });
    let second = Firm::new().await;
    firm.session
        .connect(&by_webhook(second.portal.webhook_url()))
        .await
        .unwrap();
    firm.session.pull_invoices().await.unwrap();
    firm.import(DAY_20);
    let entry = firm.entry("146400.00").entry;
    let allocations = vec![AllocationRequest {
        invoice: "b24-2:31:1003".to_owned(),
        amount: "146400.00".to_owned(),
    }];
    firm.session
        .decide(&DecideRequest {
            entry,
            allocations,
            undoes: None,
        })
        .unwrap();
    for _ in 0..400 {
        if firm.session.status().unwrap().outbox.delivered == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    running.abort();
    assert_eq!(second.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
    assert_eq!(firm.portal_invoice("СЧ-145").await.payments, 0);
}
