//! Asking the CRM only for what changed, and for everything where that cannot be trusted.

use std::sync::Arc;

use serde_json::{Value, json};
use store::PullReport;

use super::{amocrm::AmoDesk, firm::Firm};
use crate::{
    Pulled, Whole,
    wire::{InvoiceRow, InvoicesPageRequest},
};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn known(session: &crate::Session, number: &str) -> Option<InvoiceRow> {
    let request = InvoicesPageRequest {
        search: number.to_owned(),
        only_open: true,
        ..InvoicesPageRequest::default()
    };
    session.invoices_page(&request).unwrap().rows.pop()
}

impl Firm {
    async fn changes(&self) -> Pulled {
        self.session.pull_changes().await.unwrap()
    }

    /// The id of an invoice just made in the portal.
    async fn new_invoice(&self, number: &str) {
        let fields = json!({ "accountNumber": number, "title": number, "opportunity": "777.00", "currencyId": "RUB",
            "companyId": 11, "begindate": "2026-11-20T00:00:00+03:00", "stageId": "DT31_3:N" });
        let body = json!({ "entityTypeId": 31, "fields": fields });
        self.rest("crm.item.add", body).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_increment_costs_little_and_brings_what_a_whole_pull_would() {
    let firm = Firm::new().await;
    // Past the overlap.
    firm.wait_ms(10 * MINUTE_MS).await;
    firm.changes().await;
    firm.wait_ms(10 * MINUTE_MS).await;
    let before = firm.requests().await;
    let nothing = firm.changes().await;
    let PullReport {
        new,
        changed,
        unchanged,
        ..
    } = nothing.report;
    assert_eq!((nothing.whole, new, changed, unchanged), (None, 0, 0, 0));
    let spent = firm.requests().await - before;
    assert!(spent <= 4, "{spent} requests for nothing");

    firm.new_invoice("СЧ-777").await;
    firm.manager(1_012, json!({ "opportunity": "18301.00" })).await;
    firm.manager(1_013, json!({ "stageId": "DT31_3:P" })).await;
    let brought = firm.changes().await;
    assert_eq!(
        (brought.whole, brought.report.new, brought.report.changed),
        (None, 1, 2)
    );
    assert!(known(&firm.session, "777").is_some());
    assert_eq!(known(&firm.session, "СЧ-154").unwrap().amount.amount, "18301.00");
    assert!(known(&firm.session, "СЧ-155").is_none(), "it is paid");
    let whole = firm.session.pull_invoices().await.unwrap();
    assert_eq!(
        (whole.whole, whole.report.new, whole.report.changed),
        (Some(Whole::Asked), 0, 0)
    );
    assert_eq!(whole.report.gone, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_invoice_is_found_by_the_hourly_whole_pull() {
    let firm = Firm::new().await;
    firm.delete_invoice(1_012).await;
    assert_eq!(firm.changes().await.whole, None);
    assert!(
        known(&firm.session, "СЧ-154").is_some(),
        "no time of an invoice tells of it"
    );
    firm.host.skip_ms(HOUR_MS);
    assert_eq!(firm.changes().await.whole, Some(Whole::Due));
    assert!(known(&firm.session, "СЧ-154").is_none());
    assert_eq!(firm.changes().await.whole, None, "and from there on by changes again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_trusted_is_read_whole() {
    let firm = Firm::new().await;
    assert_eq!(firm.changes().await.whole, None);
    // Our clock goes back; then both go apart, by ours and by the portal's.
    firm.host.skip_ms(-HOUR_MS);
    assert_eq!(firm.changes().await.whole, Some(Whole::Clocks));
    assert_eq!(firm.changes().await.whole, None);
    firm.host.skip_ms(HOUR_MS / 2);
    assert_eq!(firm.changes().await.whole, Some(Whole::Clocks));
    for shift_ms in [HOUR_MS, -HOUR_MS] {
        firm.post("/clock", json!({ "shift_ms": shift_ms })).await;
        assert_eq!(firm.changes().await.whole, Some(Whole::Clocks), "{shift_ms}");
        assert_eq!(firm.changes().await.whole, None);
    }
    firm.post("/clock", json!({ "shift_ms": 0 })).await;
    firm.changes().await;
    // Another key may see other invoices.
    firm.connect().await.unwrap();
    assert_eq!(firm.changes().await.whole, Some(Whole::Begins));
    // The portal names no stages of a funnel: that list is a part, and so nothing is decided by it.
    let removed = ["NEW", "P", "UC_A1B2C3", "UC_D4E5F6"]
        .map(|id| json!({ "remove_stage": { "entity_type_id": 31, "category": 7, "id": format!("DT31_7:{id}") } }));
    firm.post("/change", json!(removed)).await;
    assert!(!firm.session.pull_invoices().await.unwrap().complete);
    assert_eq!(firm.changes().await.whole, Some(Whole::Incomplete));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crm_that_does_not_tell_what_changed_is_read_whole() {
    let firm = Firm::new().await;
    // Its stages are told otherwise than documented, once.
    firm.fault("crm.category.list", "status_500", 4).await;
    assert_eq!(firm.changes().await.whole, Some(Whole::Refused));
    assert_eq!(firm.changes().await.whole, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_that_breaks_off_moves_nothing_on() {
    let firm = Firm::new().await;
    let mark = |firm: &Firm| firm.session.ledger.pull_mark("b24").unwrap().unwrap();
    let before = mark(&firm);
    firm.manager(1_012, json!({ "opportunity": "18301.00" })).await;
    for method in ["crm.category.list", "crm.item.list", "batch"] {
        firm.fault(method, "cut_before", 9).await;
        let broken = firm.session.pull_changes().await;
        firm.mend().await;
        if let Err(failure) = broken {
            assert_eq!(failure.code, "crm/offline", "{method}");
            assert_eq!(mark(&firm), before, "{method}");
        } else {
            panic!("{method} is not asked");
        }
    }
    firm.post("/offline", json!({})).await;
    assert_eq!(firm.session.pull_changes().await.unwrap_err().code, "crm/offline");
    firm.post("/online", json!({})).await;
    let brought = firm.changes().await;
    assert_eq!((brought.whole, brought.report.changed), (None, 1));
    assert!(mark(&firm).at > before.at);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pulls_at_once_take_turns() {
    let firm = Firm::new().await;
    firm.new_invoice("СЧ-777").await;
    let (first, second) = (Arc::clone(&firm.session), Arc::clone(&firm.session));
    let (first, second) = tokio::join!(first.pull_changes(), second.pull_changes());
    let new = first.unwrap().report.new + second.unwrap().report.new;
    assert_eq!(new, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn amocrm_is_asked_for_changes_too_and_what_it_cannot_tell_is_found_by_a_whole_pull() {
    let desk = AmoDesk::connected().await;
    let updated = |id: u64, at: Value| {
        desk.fake.state().elements.get_mut(&id).unwrap()["updated_at"] = at;
    };
    let ids: Vec<u64> = desk.fake.state().elements.keys().copied().collect();
    for id in &ids {
        updated(*id, json!(1));
    }
    let pulled = desk.session.pull_changes().await.unwrap();
    assert_eq!(
        (pulled.whole, pulled.report.changed, pulled.report.unchanged),
        (None, 0, 0)
    );
    desk.fake
        .state()
        .put(9_001, "Счёт №А-1 от 20.11.2026", "500", "7813641821");
    let pulled = desk.session.pull_changes().await.unwrap();
    assert_eq!((pulled.whole, pulled.report.new), (None, 1));
    desk.fake.state().elements.remove(&ids[0]);
    assert_eq!(desk.session.pull_changes().await.unwrap().whole, None);
    desk.host.skip_ms(HOUR_MS);
    assert_eq!(desk.session.pull_changes().await.unwrap().whole, Some(Whole::Due));
    let open = desk.session.ledger.open_invoices().unwrap();
    assert!(open.iter().all(|invoice| !invoice.id.0.ends_with(&ids[0].to_string())));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_an_application_a_deletion_is_heard_at_once() {
    let firm = Firm::new().await;
    let keys = &firm.portal.announcement()["oauth"];
    let text = |key: &str| keys[key].as_str().unwrap().to_owned();
    let origin = firm.portal.bitrix24_url();
    let page = format!("{origin}/oauth/authorize/?client_id={}", text("id"));
    let page = reqwest::get(page).await.unwrap().text().await.unwrap();
    let code = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    let host = origin.split_once("://").unwrap().1;
    let connected = firm
        .session
        .connect_application(&crate::wire::ConnectApplicationRequest {
            client_id: text("id"),
            client_secret: text("secret"),
            code: format!("http://firm/?code={code}&server_domain={host}"),
            ..crate::wire::ConnectApplicationRequest::default()
        })
        .await
        .unwrap();
    assert!(
        connected.checks.iter().all(|check| !check.says.ru.contains("события")),
        "{:?}",
        connected.checks
    );
    assert_eq!(firm.changes().await.whole, Some(Whole::Begins));
    firm.delete_invoice(1_012).await;
    firm.manager(1_013, json!({ "opportunity": "97601.00" })).await;
    let brought = firm.changes().await;
    assert_eq!((brought.whole, brought.report.changed), (None, 1));
    assert!(known(&firm.session, "СЧ-154").is_none(), "no hour goes by");
    assert_eq!(firm.changes().await.whole, None);
}
