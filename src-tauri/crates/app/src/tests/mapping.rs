//! Stages that the user chose, from the list that the CRM offers to the receipt; and what Health says once one is gone.

use super::firm::{Firm, Told};
use crate::{
    Until,
    mapping::mapping_of,
    wire::{
        ConnectionRequest, CrmState, ExtrasChoice, FunnelKind, FunnelView, MappingChoice, MappingSaveRequest,
        MessageState, OutboxPageRequest, UndoRequest,
    },
};

/// Half of an invoice is paid by this one, and a person says so.
const HALF: &str = "122000.00";

fn chosen(status: &str, stage: &str) -> MappingChoice {
    MappingChoice {
        of: FunnelKind::Invoices,
        funnel: "3".to_owned(),
        status: status.to_owned(),
        stage: stage.to_owned(),
    }
}

fn save(choices: &[MappingChoice]) -> MappingSaveRequest {
    MappingSaveRequest {
        choices: choices.to_vec(),
        ..MappingSaveRequest::default()
    }
}

fn funnel<'a>(funnels: &'a [FunnelView], of: FunnelKind, number: &str) -> &'a FunnelView {
    let same = |funnel: &&FunnelView| funnel.of == of && funnel.funnel == number;
    funnels.iter().find(same).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_portal_offers_is_chosen_from_and_written() {
    let firm = Firm::with_day_20().await;
    let offered = firm.session.mapping(&ConnectionRequest::default()).await.unwrap();
    let invoices = funnel(&offered.funnels, FunnelKind::Invoices, "3");
    let statuses: Vec<&str> = invoices.rows.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(
        statuses,
        [
            "awaiting",
            "manual_review",
            "expired",
            "partly_paid",
            "paid",
            "failed",
            "partial_refund",
            "full_refund"
        ]
    );
    let paid = &invoices.rows[4];
    assert_eq!((paid.chosen.as_deref(), paid.unchosen.ru.as_str()), (None, "«Оплачен»"));
    // A stage that closes an invoice unpaid is none for paid ones, and a paid one none for a part.
    let of = |row: usize| -> Vec<&str> {
        invoices.rows[row]
            .stages
            .iter()
            .map(|stage| stage.stage.as_str())
            .collect()
    };
    assert!(of(4).contains(&"DT31_3:P") && !of(4).contains(&"DT31_3:D"));
    assert!(!of(3).contains(&"DT31_3:P") && of(3).contains(&"DT31_3:N"));
    assert!(!funnel(&offered.funnels, FunnelKind::Deals, "0").rows.is_empty());

    let choices = [chosen("partly_paid", "DT31_3:N"), chosen("awaiting", "DT31_3:S")];
    let saved = firm.session.mapping_save(&save(&choices)).await.unwrap();
    assert!(saved.troubles.is_empty());
    assert_eq!(
        funnel(&saved.funnels, FunnelKind::Invoices, "3").rows[3]
            .chosen
            .as_deref(),
        Some("DT31_3:N")
    );
    firm.decide(HALF).unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-152").await, Told::new("DT31_3:N", 1, 1));
    // Without a choice it is as it was: by the portal's own meaning.
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
    firm.undo(HALF).unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-152").await, Told::new("DT31_3:S", 0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_that_does_not_fit_is_refused_and_changes_nothing() {
    let firm = Firm::new().await;
    for wrong in [
        chosen("paid", "DT31_3:D"),
        chosen("paid", "DT31_3:GONE"),
        chosen("void", "DT31_3:N"),
        chosen("manual_review", "DT31_3:P"),
        MappingChoice {
            funnel: "99".to_owned(),
            ..chosen("paid", "DT31_3:P")
        },
        MappingChoice {
            funnel: "x".to_owned(),
            ..chosen("paid", "DT31_3:P")
        },
    ] {
        let refused = firm.session.mapping_save(&save(std::slice::from_ref(&wrong))).await;
        assert_eq!(refused.unwrap_err().code, "crm/mapping", "{wrong:?}");
    }
    assert!(
        mapping_of(&firm.session.the_connection(None).unwrap())
            .unwrap()
            .is_empty()
    );
    firm.session.disconnect(&ConnectionRequest::default()).unwrap();
    assert_eq!(
        firm.session
            .mapping(&ConnectionRequest::default())
            .await
            .unwrap_err()
            .code,
        "crm/not-connected"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_is_gone_parks_the_message_and_is_a_state_of_health_until_another_is_chosen() {
    let firm = Firm::with_day_20().await;
    let gone = serde_json::json!([{"of": "invoices", "funnel": 3, "status": "paid", "stage": "DT31_3:GONE"}]);
    let gone = serde_json::from_value(gone).unwrap();
    firm.session.keep_mapping("b24", &gone).unwrap();
    let delivered = firm.deliver(Until::Empty).await;
    // Four invoices are of this funnel; the other funnel knows nothing of it.
    assert_eq!((delivered.delivered, delivered.parked), (1, 4));
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:S", 0, 0));
    firm.session.check_mapping().await.unwrap();
    let crm = firm.session.status().unwrap().crm;
    assert_eq!(crm.state, CrmState::Failing);
    assert!(crm.message.ru.contains("DT31_3:GONE"), "{:?}", crm.message);

    firm.session
        .mapping_save(&save(&[chosen("paid", "DT31_3:P")]))
        .await
        .unwrap();
    assert_eq!(firm.session.status().unwrap().crm.state, CrmState::Ok);
    let parked = OutboxPageRequest {
        state: Some(MessageState::Parked),
        ..OutboxPageRequest::default()
    };
    for row in firm.session.outbox_page(&parked).unwrap().rows {
        assert!(row.says.ru.contains("DT31_3:GONE"), "{:?}", row.says);
        let message = row.message;
        firm.session
            .message_retry(&crate::wire::MessageRequest { message })
            .unwrap();
    }
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_went_back_has_a_stage_of_its_own() {
    let firm = Firm::with_day_20().await;
    let choices = [chosen("full_refund", "DT31_3:D"), chosen("awaiting", "DT31_3:N")];
    firm.session.mapping_save(&save(&choices)).await.unwrap();
    firm.deliver(Until::Empty).await;
    for (sum, number, refunded, stage) in [
        ("146400.00", "СЧ-145", true, "DT31_3:D"),
        ("87840.00", "СЧ-146", false, "DT31_3:N"),
    ] {
        let decision = firm.entry(sum).decision.map(|made| made.decision);
        let request = UndoRequest { decision };
        let done = if refunded {
            firm.session.refund(&request)
        } else {
            firm.session.undo(&request)
        };
        assert_eq!(done.unwrap().message.ru.contains("возврат"), refunded);
        firm.deliver(Until::Empty).await;
        assert_eq!(firm.portal_invoice(number).await, Told::new(stage, 0, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_else_is_told_is_a_switch_and_stays_when_stages_change() {
    let firm = Firm::with_day_20().await;
    let offered = firm
        .session
        .mapping(&ConnectionRequest::default())
        .await
        .unwrap()
        .extras
        .unwrap();
    let template = offered.templates[0].stage.clone();
    let wanted = ExtrasChoice {
        notifies: false,
        vouchers: false,
        act_template: Some(template),
    };
    let request = MappingSaveRequest {
        extras: Some(wanted.clone()),
        ..MappingSaveRequest::default()
    };
    let saved = firm.session.mapping_save(&request).await.unwrap();
    assert_eq!(saved.extras.unwrap().chosen, wanted);
    let stages = save(&[chosen("paid", "DT31_3:P")]);
    let kept = firm.session.mapping_save(&stages).await.unwrap();
    assert_eq!(kept.extras.unwrap().chosen, wanted);
    firm.deliver(Until::Empty).await;
    let delivered = OutboxPageRequest {
        state: Some(MessageState::Delivered),
        ..OutboxPageRequest::default()
    };
    for row in firm.session.outbox_page(&delivered).unwrap().rows {
        let message = crate::wire::MessageRequest { message: row.message };
        let traces = firm.session.message_view(&message).unwrap().receipt.unwrap().traces;
        let told = |words: &str| traces.iter().filter(|trace| trace.ru.starts_with(words)).count();
        assert_eq!((told("акт"), told("уведомление")), (1, 0), "{traces:?}");
    }
}
