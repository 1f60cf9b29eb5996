//! How invoices stand without money, in the CRM: overdue, and with a payment that waits for a person.

use domain::Timestamp;
use store::{PullScope, Pulled};

use super::firm::{DAY_20, Firm, Told};
use crate::{
    Until,
    wire::{EntryRequest, FunnelKind, MappingChoice, MappingSaveRequest, MessageState, OutboxPageRequest},
};

/// Any open stage will do.
const OVERDUE: &str = "DT31_3:UC_7K2QAB";
const WAITS: &str = "DT31_3:N";
const SENT: &str = "DT31_3:S";
/// Half of СЧ-152, which is the only invoice it may pay.
const HALF: &str = "122000.00";
const HALVED: &str = "СЧ-152";
const DAY_MS: i64 = 86_400_000;

impl Firm {
    async fn choose(&self, choices: &[(&str, &str)]) {
        let choices = choices.iter().map(|(status, stage)| MappingChoice {
            of: FunnelKind::Invoices,
            funnel: "3".to_owned(),
            status: (*status).to_owned(),
            stage: (*stage).to_owned(),
        });
        let request = MappingSaveRequest {
            connection: None,
            choices: choices.collect(),
            extras: None,
        };
        self.session.mapping_save(&request).await.unwrap();
    }

    /// A whole pull, and everything that follows from it.
    async fn settle(&self) -> u64 {
        self.session.pull_invoices().await.unwrap();
        let delivered = self.deliver(Until::Empty).await;
        assert_eq!(delivered.parked, 0);
        delivered.delivered
    }

    fn told_statuses(&self) -> usize {
        let request = OutboxPageRequest {
            state: None,
            offset: 0,
            limit: 500,
        };
        let rows = self.session.outbox_page(&request).unwrap().rows;
        rows.iter().filter(|row| row.operation == "mark_status").count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_where_no_stage_was_chosen_or_the_list_is_not_whole() {
    let firm = Firm::with_day_20().await;
    firm.choose(&[("paid", "DT31_3:P"), ("partly_paid", WAITS)]).await;
    firm.settle().await;
    assert_eq!(firm.told_statuses(), 0);
    let part = Pulled {
        connection: "b24",
        scope: PullScope::Part,
        invoices: &[],
        deleted: &[],
        until: Some(Timestamp(1)),
        looks: &[],
    };
    firm.session.ledger.store_pull(&part, Timestamp(2)).unwrap();
    firm.choose(&[("expired", OVERDUE), ("manual_review", WAITS)]).await;
    firm.session.match_new().unwrap();
    assert_eq!(firm.told_statuses(), 0);
    firm.settle().await;
    assert!(firm.told_statuses() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_invoice_is_told_once_and_money_and_managers_come_before_the_day() {
    let firm = Firm::new().await;
    firm.choose(&[("expired", OVERDUE)]).await;
    let told = firm.settle().await;
    assert!(told > 1, "{told}");
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new(OVERDUE, 0, 1));
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new(SENT, 0, 0), "due today");
    assert_eq!(firm.settle().await, 0, "once");

    // What a manager does about it stays, and a later day takes it back.
    firm.manager(2002, serde_json::json!({ "stageId": SENT })).await;
    firm.manager(2004, serde_json::json!({ "closedate": "2026-12-31" }))
        .await;
    assert_eq!(firm.settle().await, 1);
    assert_eq!(firm.portal_invoice("СЧ-202").await, Told::new(SENT, 0, 1));
    assert_eq!(firm.portal_invoice("СЧ-204").await, Told::new(SENT, 0, 2));
    assert_eq!(firm.settle().await, 0);

    // Money opens it from there; taken back, it stands as it stood.
    firm.import(DAY_20);
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 2));
    firm.settle().await;
    firm.undo("146400.00").unwrap();
    firm.settle().await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new(OVERDUE, 0, 3));
    assert_eq!(firm.settle().await, 1, "said again after money was told of");
    assert_eq!(
        firm.portal_invoice("СЧ-145").await,
        Told::new(OVERDUE, 0, 3),
        "and nothing to write"
    );
    assert_eq!(firm.settle().await, 0);

    // A day later another one is overdue.
    firm.undo("87840.00").unwrap();
    firm.settle().await;
    assert_eq!(firm.portal_invoice("СЧ-146").await.stage, SENT);
    firm.wait_ms(DAY_MS).await;
    firm.settle().await;
    assert_eq!(firm.portal_invoice("СЧ-146").await.stage, OVERDUE);
    assert_eq!(firm.session.status().unwrap().outbox.drifts, 0);
    assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_waits_for_a_person_shows_in_its_invoice_until_it_is_ruled() {
    let firm = Firm::with_day_20().await;
    firm.choose(&[("manual_review", WAITS)]).await;
    firm.settle().await;
    assert_eq!(firm.portal_invoice(HALVED).await, Told::new(WAITS, 0, 1));
    let tied = [firm.portal_invoice("СЧ-150").await, firm.portal_invoice("СЧ-151").await];
    assert_eq!(tied, [Told::new(SENT, 0, 0), Told::new(SENT, 0, 0)], "it may be either");
    let entry = firm.entry(HALF).entry;
    firm.session.dismiss(&EntryRequest { entry }).unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice(HALVED).await, Told::new(SENT, 0, 2));
    firm.undo(HALF).unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice(HALVED).await, Told::new(WAITS, 0, 3));
    // A part of the money has no stage of its own here: the one before the wait comes back.
    firm.decide(HALF).unwrap();
    firm.settle().await;
    firm.settle().await;
    assert_eq!(firm.portal_invoice(HALVED).await, Told::new(SENT, 1, 5));
    assert_eq!(firm.settle().await, 0);
    let request = OutboxPageRequest {
        state: Some(MessageState::Parked),
        offset: 0,
        limit: 10,
    };
    assert_eq!(firm.session.outbox_page(&request).unwrap().total, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_never_goes_beside_a_payment_that_waits() {
    let firm = Firm::with_day_20().await;
    firm.choose(&[("expired", OVERDUE)]).await;
    // Five payments wait, one of an invoice that is overdue as far as the CRM knows.
    firm.session.pull_invoices().await.unwrap();
    let others = firm.told_statuses();
    assert!(others > 0);
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
    // Taken back before anything is told of it: first the money, then the day.
    firm.undo("146400.00").unwrap();
    firm.session.pull_invoices().await.unwrap();
    assert_eq!(firm.told_statuses(), others);
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new(SENT, 0, 2));
    firm.settle().await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new(OVERDUE, 0, 3));
}
