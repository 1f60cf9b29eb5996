//! amoCRM behind the same use cases: connect, pull, decide, deliver, undo.

pub mod fake;

use std::sync::Arc;

use tempfile::TempDir;

use super::firm::{DAY_20, by_webhook, demo_file, unconnected_by};
use crate::{
    Delivered, Delivery, Session, Until,
    mapping::mapping_of,
    testing::TestHost,
    wire::{
        ConnectAmocrmRequest, ConnectRequest, ConnectionRequest, CrmState, DecideRequest, EntryRequest, FunnelKind,
        InboxPageRequest, IntegrationCode, LeadStatusChoice, MappingChoice, MappingSaveRequest, UndoRequest,
    },
};
use fake::Fake;

/// СЧ-145, paid in full by the demo's statement; СЧ-152, of which half is paid.
pub const FULL: u64 = 1_003;
const HALF: u64 = 1_010;

pub struct AmoDesk {
    pub session: Arc<Session>,
    pub host: Arc<TestHost>,
    pub fake: Fake,
    place: TempDir,
}

fn by_token(origin: &str, token: &str) -> ConnectAmocrmRequest {
    ConnectAmocrmRequest {
        account: origin.to_owned(),
        token: Some(token.to_owned()),
        ..ConnectAmocrmRequest::default()
    }
}

impl AmoDesk {
    async fn new() -> Self {
        let (place, session, host) = unconnected_by(7);
        let fake = Fake::start().await;
        fake.state()
            .put(FULL, "Счёт №СЧ-145 от 05.11.2026", "146400.00", "7813641821");
        fake.state()
            .put(HALF, "Счёт №СЧ-152 от 10.11.2026", "244000", "7816715302");
        Self {
            session,
            host,
            fake,
            place,
        }
    }

    pub async fn connected() -> Self {
        let desk = Self::new().await;
        let connected = desk
            .session
            .connect_amocrm(&by_token(&desk.fake.origin, "t0ken-1"))
            .await
            .unwrap();
        assert_eq!(connected.portal, desk.fake.origin);
        desk.session.pull_invoices().await.unwrap();
        desk
    }

    pub async fn deliver(&self) -> Delivered {
        Delivery::open(&self.session).unwrap().run(Until::Empty).await.unwrap()
    }

    pub fn entry(&self, amount: &str) -> crate::wire::EntryView {
        let rows = self.session.inbox_page(&InboxPageRequest::default()).unwrap().rows;
        let entry = rows.into_iter().find(|row| row.sum.amount == amount).unwrap().entry;
        self.session.entry_view(&EntryRequest { entry }).unwrap()
    }

    fn state_of_crm(&self) -> CrmState {
        self.session.status().unwrap().crm.state
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_pays_invoices_in_amocrm_and_an_undo_takes_it_back() {
    let desk = AmoDesk::connected().await;
    desk.session.import_file(&demo_file(DAY_20)).unwrap();
    desk.deliver().await;
    assert_eq!(desk.fake.state().told(FULL), ("paid".to_owned(), 1));
    let notes = desk.fake.state().notes.clone();
    let of_full: Vec<_> = notes.iter().filter(|note| note.0 == FULL + 100).collect();
    assert_eq!(of_full.len(), 1);
    assert!(
        of_full[0].1 == "bill_paid" && of_full[0].2.contains("146\u{a0}400,00"),
        "{of_full:?}"
    );
    let entry = desk.entry("122000.00");
    if entry.decision.is_none() {
        let allocations = Vec::new();
        desk.session
            .decide(&DecideRequest {
                entry: entry.entry,
                allocations,
                undoes: None,
            })
            .unwrap();
        desk.deliver().await;
    }
    assert_eq!(desk.fake.state().told(HALF), ("partially_paid".to_owned(), 1));
    let kinds: Vec<String> = {
        let state = desk.fake.state();
        let of_half = state.notes.iter().filter(|note| note.0 == HALF + 100);
        of_half.map(|note| note.1.clone()).collect()
    };
    assert_eq!(kinds, ["common"]);
    // What is paid there is open no longer here.
    desk.session.pull_invoices().await.unwrap();
    let decision = desk.entry("146400.00").decision.map(|made| made.decision);
    desk.session.undo(&UndoRequest { decision }).unwrap();
    desk.deliver().await;
    assert_eq!(desk.fake.state().told(FULL), ("created".to_owned(), 0));
    assert_eq!(
        desk.fake
            .state()
            .notes
            .iter()
            .filter(|note| note.0 == FULL + 100)
            .count(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_never_makes_a_second_note() {
    let desk = AmoDesk::connected().await;
    desk.session.import_file(&demo_file(DAY_20)).unwrap();
    desk.fake.state().lose_next_write = true;
    desk.deliver().await;
    let told = desk.fake.state().told(FULL);
    let notes = desk.fake.state().notes.clone();
    assert_eq!(told, ("paid".to_owned(), 1));
    assert_eq!(notes.iter().filter(|note| note.0 == FULL + 100).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_integrations_tokens_are_renewed_and_kept() {
    let desk = AmoDesk::new().await;
    let request = ConnectAmocrmRequest {
        account: desk.fake.origin.clone(),
        token: None,
        integration: Some(IntegrationCode {
            client_id: "id".to_owned(),
            client_secret: "s3cr3t".to_owned(),
            redirect_uri: "https://example.org".to_owned(),
            code: "c0de".to_owned(),
        }),
        ..ConnectAmocrmRequest::default()
    };
    desk.session.connect_amocrm(&request).await.unwrap();
    // The day is over: the next call renews, and the one after it knows the new pair.
    desk.fake.state().bearer = "expired".to_owned();
    desk.session.pull_invoices().await.unwrap();
    desk.session.pull_invoices().await.unwrap();
    assert_eq!(desk.fake.state().renewals, 2);
    // Nothing of it is readable in the ledger's folder.
    for file in std::fs::read_dir(desk.place.path().join("ledger")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in ["s3cr3t", "t0ken-", "r3fresh-"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret}"
            );
        }
    }
    assert!(!format!("{request:?}").contains("s3cr3t"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_and_a_wrong_address_are_said() {
    let desk = AmoDesk::new().await;
    let refused = desk
        .session
        .connect_amocrm(&by_token(&desk.fake.origin, "wrong"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "crm/unauthorised");
    assert!(refused.remedy.ru.contains("долгосрочный токен"), "{:?}", refused.remedy);
    for (account, token, code) in [
        ("https://example.org", "t", "crm/account"),
        ("http://firm.amocrm.ru", "t", "crm/account"),
        (desk.fake.origin.as_str(), " ", "crm/token"),
        (desk.fake.origin.as_str(), "т", "crm/token"),
        ("http://127.0.0.1:1", "t", "crm/offline"),
    ] {
        let failure = desk
            .session
            .connect_amocrm(&by_token(account, token))
            .await
            .unwrap_err();
        assert_eq!(failure.code, code, "{account} {token}");
    }
    assert_eq!(desk.state_of_crm(), CrmState::NotConnected);
    // A token that is taken away later is a state of Health.
    desk.session
        .connect_amocrm(&by_token(&desk.fake.origin, "t0ken-1"))
        .await
        .unwrap();
    desk.fake.state().bearer = "another".to_owned();
    assert_eq!(desk.session.pull_invoices().await.unwrap_err().code, "crm/unauthorised");
    assert_eq!(desk.state_of_crm(), CrmState::Unauthorised);
    desk.session.disconnect(&ConnectionRequest::default()).unwrap();
    assert_eq!(desk.state_of_crm(), CrmState::NotConnected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_one_crm_does_not_become_anothers() {
    let desk = AmoDesk::connected().await;
    let request = ConnectRequest {
        connection: Some("amo".to_owned()),
        ..by_webhook("http://127.0.0.1:1/rest/1/x/")
    };
    let failure = desk.session.connect(&request).await.unwrap_err();
    assert_eq!(failure.code, "crm/another-portal");
}

#[tokio::test(flavor = "multi_thread")]
async fn leads_follow_where_the_user_says_so() {
    let desk = AmoDesk::connected().await;
    // Named when connecting, it is a choice like any other.
    let request = ConnectAmocrmRequest {
        lead_paid: Some(LeadStatusChoice {
            pipeline: 3,
            status: 142,
        }),
        ..by_token(&desk.fake.origin, "t0ken-1")
    };
    desk.session.connect_amocrm(&request).await.unwrap();
    let choices = vec![
        MappingChoice {
            of: FunnelKind::Invoices,
            funnel: "0".to_owned(),
            status: "paid".to_owned(),
            stage: "paid".to_owned(),
        },
        MappingChoice {
            of: FunnelKind::Deals,
            funnel: "3".to_owned(),
            status: "paid".to_owned(),
            stage: "142".to_owned(),
        },
    ];
    let known = mapping_of(&desk.session.the_connection(None).unwrap()).unwrap();
    assert_eq!(known.choices[0].stage, "142");
    desk.session
        .mapping_save(&MappingSaveRequest {
            choices,
            ..MappingSaveRequest::default()
        })
        .await
        .unwrap();
    desk.session.import_file(&demo_file(DAY_20)).unwrap();
    desk.deliver().await;
    assert_eq!(desk.fake.state().told(FULL), ("paid".to_owned(), 1));
    assert_eq!(desk.fake.state().moved.get(&(FULL + 100)), Some(&142));
}
