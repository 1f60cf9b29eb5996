//! What managers change in the CRM after our write is asked about, and each answer does what it says.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    amocrm::{AmoDesk, FULL},
    firm::{DAY_20, Firm, Told, demo_file},
};
use crate::{
    Failure, Session, Until,
    wire::{Condition, DriftAnswer, DriftAnswerRequest, DriftRow, EntryState, MessageRequest, OutboxPageRequest},
};

/// СЧ-145: 146 400 roubles, paid in full by the demo's first statement.
const ID: u64 = 1_003;
const SUM: &str = "146400.00";
const NUMBER: &str = "СЧ-145";
const FIELD: &str = "ufCrmSmartInvoiceBankPaymentId";
use DriftAnswer::{Ask, Later, LeaveIt, Undo, WriteAgain};

fn drifts(session: &Session) -> Vec<DriftRow> {
    session.drift_list().unwrap().rows
}

fn answer(session: &Session, answer: DriftAnswer) -> Result<(), Failure> {
    let drift = drifts(session).remove(0).drift;
    session.drift_answer(&DriftAnswerRequest { drift, answer }).map(|_| ())
}

/// Paid here and in the portal, and looked at once since.
async fn paid() -> Firm {
    let firm = Firm::with_day_20().await;
    firm.deliver(Until::Empty).await;
    let pulled = firm.session.pull_changes().await.unwrap();
    assert_eq!(pulled.report.drifted, 0, "our own writes are no drift");
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:P", 1, 1));
    firm
}

impl Firm {
    async fn look(&self) -> u64 {
        self.session.pull_changes().await.unwrap().report.drifted
    }

    /// What the portal holds of the invoice: its sum and its stage.
    async fn held(&self) -> (String, String) {
        let invoices = self.portal_invoices().await;
        let invoice = invoices.iter().find(|invoice| invoice["number"] == NUMBER).unwrap();
        let text = |key: &str| invoice[key].as_str().unwrap().to_owned();
        (text("amount"), text("stage"))
    }
}

fn moved_back() -> Value {
    json!({ "stageId": "DT31_3:N" })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_is_asked_about_once_with_what_may_be_done() {
    let cases: [(Value, &str, &[DriftAnswer]); 4] = [
        (
            moved_back(),
            "вернули в стадию",
            &[WriteAgain, LeaveIt, Ask, Undo, Later],
        ),
        (
            json!({ FIELD: [] }),
            "убрали коды",
            &[WriteAgain, LeaveIt, Ask, Undo, Later],
        ),
        (
            json!({ "opportunity": "150000" }),
            "изменена после записи",
            &[LeaveIt, Ask, Undo, Later],
        ),
        (
            json!({ "stageId": "DT31_3:D" }),
            "закрыт без оплаты",
            &[LeaveIt, Ask, Undo, Later],
        ),
    ];
    let firm = paid().await;
    for (change, words, answers) in cases {
        firm.manager(ID, change.clone()).await;
        assert_eq!(firm.look().await, 1, "{words}");
        let before = firm.portal_invoices().await;
        assert_eq!(firm.look().await, 0, "{words}: known");
        let row = drifts(&firm.session).remove(0);
        assert_eq!((row.invoice_number.as_str(), row.answers.as_slice()), (NUMBER, answers));
        assert!(
            row.says
                .iter()
                .any(|says| says.ru.contains(words) && !says.en.is_empty()),
            "{row:?}"
        );
        let status = firm.session.status().unwrap();
        assert_eq!((status.outbox.drifts, status.condition), (1, Condition::NeedsYou));
        assert!(status.headline.ru.contains("зменён в CRM"), "{}", status.headline.ru);
        firm.deliver(Until::Empty).await;
        assert_eq!(firm.portal_invoices().await, before, "nothing is overwritten by itself");
        // Put right by the manager: nobody is asked any more.
        firm.manager(ID, restored(&firm)).await;
        assert_eq!(firm.look().await, 0);
        assert!(drifts(&firm.session).is_empty());
    }
    firm.delete_invoice(ID).await;
    assert_eq!(firm.look().await, 0, "no time of an invoice tells of it");
    firm.host.skip_ms(3_600_000);
    assert_eq!(firm.look().await, 1);
    let row = drifts(&firm.session).remove(0);
    assert!(
        row.says[0].ru.contains("удалён в CRM") && row.answers == [LeaveIt, Ask, Undo, Later],
        "{row:?}"
    );
    assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
}

/// As our write left it.
fn restored(firm: &Firm) -> Value {
    let code = firm.entry(SUM).messages[0].message.clone();
    let view = firm.session.message_view(&MessageRequest { message: code }).unwrap();
    json!({ "stageId": "DT31_3:P", "opportunity": SUM, FIELD: [view.payment_id] })
}

#[tokio::test(flavor = "multi_thread")]
async fn to_write_again_goes_through_the_queue_and_is_as_it_was() {
    let firm = paid().await;
    let emptied = json!({ "stageId": "DT31_3:N", FIELD: [] });
    firm.manager(ID, emptied).await;
    firm.look().await;
    firm.post("/offline", json!({})).await;
    answer(&firm.session, WriteAgain).unwrap();
    assert!(drifts(&firm.session).is_empty());
    assert_eq!(firm.session.status().unwrap().outbox.waiting, 1);
    firm.deliver(Until::TriedOnce).await;
    firm.post("/online", json!({})).await;
    // What it is about is looked at only when nothing is on its way.
    assert_eq!(firm.look().await, 0);
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:P", 1, 2));
    assert_eq!(firm.look().await, 0);
    // The manager insists too: that is a new question.
    firm.manager(ID, moved_back()).await;
    assert_eq!(firm.look().await, 1);
    answer(&firm.session, LeaveIt).unwrap();

    // One undo takes both writes back, to what was there before the first.
    firm.manager(ID, json!({ "stageId": "DT31_3:P" })).await;
    firm.look().await;
    firm.undo(SUM).unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:S", 0, 3));
    assert_eq!(firm.entry(SUM).state, EntryState::Review);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_never_writes_again_twice() {
    let firm = paid().await;
    firm.manager(ID, json!({ "stageId": "DT31_3:N", FIELD: [] })).await;
    firm.look().await;
    answer(&firm.session, WriteAgain).unwrap();
    firm.fault("crm.timeline.comment.add", "cut_after", 1).await;
    firm.fault("crm.item.update", "cut_after", 1).await;
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:P", 1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_agrees_to_stays_as_it_is_until_it_changes_again() {
    let firm = paid().await;
    firm.manager(ID, json!({ "opportunity": "150000" })).await;
    firm.look().await;
    let refused = answer(&firm.session, WriteAgain).unwrap_err();
    assert_eq!(refused.code, "drift/answer");
    let told = firm.session.drift_list().unwrap().rows.remove(0).drift;
    answer(&firm.session, LeaveIt).unwrap();
    let request = DriftAnswerRequest {
        drift: told,
        answer: Undo,
    };
    assert_eq!(
        firm.session.drift_answer(&request).unwrap_err().code,
        "ledger/not-found",
        "settled"
    );
    assert_eq!(firm.session.pull_invoices().await.unwrap().report.drifted, 0);
    assert_eq!(firm.deliver(Until::Empty).await.delivered, 0);
    assert_eq!(firm.held().await, ("150000.00".to_owned(), "DT31_3:P".to_owned()));
    firm.manager(ID, json!({ "opportunity": "160000" })).await;
    assert_eq!(firm.look().await, 1);
    assert!(drifts(&firm.session)[0].says[0].ru.contains("160"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_off_stays_in_the_list_and_presses_nobody() {
    let firm = paid().await;
    firm.manager(ID, moved_back()).await;
    firm.look().await;
    let message = firm.session.outbox_page(&OutboxPageRequest::default()).unwrap().rows;
    let message = message
        .into_iter()
        .find(|row| row.invoice_number == NUMBER)
        .unwrap()
        .message;
    let view = || {
        let message = message.clone();
        firm.session.message_view(&MessageRequest { message }).unwrap()
    };
    assert!(!view().drift.unwrap().later);
    answer(&firm.session, Later).unwrap();
    assert!(view().drift.unwrap().later);
    assert_eq!(firm.session.status().unwrap().outbox.drifts, 0);
    assert_eq!(drifts(&firm.session).len(), 1);
    answer(&firm.session, LeaveIt).unwrap();
    assert!(view().drift.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_for_an_invoice_is_asked_once_and_it_stays_in_the_list() {
    let firm = paid().await;
    firm.manager(ID, json!({ "opportunity": "150000", "assignedById": 7 }))
        .await;
    firm.look().await;
    let before = firm.held().await;
    firm.post("/offline", json!({})).await;
    answer(&firm.session, Ask).unwrap();
    let row = drifts(&firm.session).remove(0);
    assert!(row.later && row.answers == [LeaveIt, Undo, Later], "{row:?}");
    assert_eq!(answer(&firm.session, Ask).unwrap_err().code, "drift/answer");
    firm.deliver(Until::TriedOnce).await;
    firm.post("/online", json!({})).await;
    firm.fault("crm.activity.todo.add", "cut_after", 1).await;
    firm.deliver(Until::Empty).await;
    let tasks = firm.portal_part("activities").await;
    let [task] = tasks.as_array().unwrap().as_slice() else {
        panic!("{tasks}");
    };
    assert_eq!((&task["RESPONSIBLE_ID"], &task["OWNER_ID"]), (&json!(7), &json!(ID)));
    assert!(
        task["DESCRIPTION"].as_str().unwrap().contains("изменена после записи"),
        "{task}"
    );
    assert_eq!(firm.held().await, before, "nothing else is touched");
    let rows = firm.session.outbox_page(&OutboxPageRequest::default()).unwrap().rows;
    let asked = rows.into_iter().find(|row| row.operation == "ask_responsible").unwrap();
    let view = firm
        .session
        .message_view(&MessageRequest { message: asked.message })
        .unwrap();
    assert!(view.receipt.unwrap().traces[0].ru.starts_with("задача №"));
    assert_eq!(firm.look().await, 0, "the question is no new one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_came_again_later_is_taken_away_in_the_next_hour_and_the_receipt_says_so() {
    let firm = paid().await;
    let comment = firm
        .portal_part("comments")
        .await
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["ENTITY_ID"] == ID)
        .unwrap()["COMMENT"]
        .clone();
    let fields = json!({ "ENTITY_ID": ID, "ENTITY_TYPE": "dynamic_31", "COMMENT": comment });
    firm.rest("crm.timeline.comment.add", json!({ "fields": fields })).await;
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:P", 1, 2));
    firm.look().await;
    assert_eq!(
        firm.deliver(Until::Empty).await.delivered,
        0,
        "what changed tells nothing of comments"
    );
    firm.host.skip_ms(3_600_000);
    firm.look().await;
    assert_eq!(firm.deliver(Until::Empty).await.delivered, 1);
    assert_eq!(firm.portal_invoice(NUMBER).await, Told::new("DT31_3:P", 1, 1));
    let rows = firm.session.outbox_page(&OutboxPageRequest::default()).unwrap().rows;
    let tidied = rows.into_iter().find(|row| row.operation == "remove_repeats").unwrap();
    let view = firm
        .session
        .message_view(&MessageRequest {
            message: tidied.message,
        })
        .unwrap();
    assert!(view.receipt.unwrap().notes[0].ru.contains("дважды"));
    firm.host.skip_ms(3_600_000);
    assert_eq!(firm.look().await, 0, "and it is no change of a manager's");
    assert_eq!(firm.deliver(Until::Empty).await.delivered, 0);
    assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undone_payment_waits_for_a_person_again() {
    for (change, after) in [
        (moved_back(), Some(Told::new("DT31_3:N", 0, 2))),
        (json!({ "stageId": "DT31_3:D" }), Some(Told::new("DT31_3:D", 0, 2))),
        (Value::Null, None),
    ] {
        let firm = paid().await;
        if change.is_null() {
            firm.delete_invoice(ID).await;
            firm.host.skip_ms(3_600_000);
        } else {
            firm.manager(ID, change).await;
        }
        assert_eq!(firm.look().await, 1);
        answer(&firm.session, Undo).unwrap();
        assert!(drifts(&firm.session).is_empty());
        let delivered = firm.deliver(Until::Empty).await;
        assert_eq!((delivered.delivered, delivered.parked), (1, 0));
        if let Some(after) = after {
            assert_eq!(firm.portal_invoice(NUMBER).await, after);
        }
        let entry = firm.entry(SUM);
        assert!(
            entry.decision.is_none() && entry.state != EntryState::Decided,
            "{:?}",
            entry.state
        );
        assert_eq!(firm.look().await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_paid_by_hand_when_a_part_has_come_is_asked_about() {
    let firm = Firm::with_day_20().await;
    // Half of СЧ-152.
    if firm.entry("122000.00").decision.is_none() {
        firm.decide("122000.00").unwrap();
    }
    firm.deliver(Until::Empty).await;
    firm.look().await;
    firm.manager(1_010, json!({ "stageId": "DT31_3:P" })).await;
    assert_eq!(firm.look().await, 1);
    let row = drifts(&firm.session).remove(0);
    assert!(
        row.says[0].ru.contains("вручную") && row.answers == [LeaveIt, Ask, Undo, Later],
        "{row:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn amocrm_is_looked_at_and_written_to_again_the_same() {
    let desk = AmoDesk::connected().await;
    desk.session.import_file(&demo_file(DAY_20)).unwrap();
    desk.deliver().await;
    assert_eq!(desk.session.pull_changes().await.unwrap().report.drifted, 0);
    desk.fake.state().by_hand(FULL, "created");
    assert_eq!(desk.session.pull_changes().await.unwrap().report.drifted, 1);
    answer(&desk.session, WriteAgain).unwrap();
    desk.deliver().await;
    assert_eq!(desk.fake.state().told(FULL), ("paid".to_owned(), 1));
    assert_eq!(desk.session.pull_changes().await.unwrap().report.drifted, 0);
    desk.fake.state().elements.remove(&FULL);
    assert_eq!(desk.session.pull_invoices().await.unwrap().report.drifted, 1);
    answer(&desk.session, Undo).unwrap();
    desk.deliver().await;
    assert!(desk.entry("146400.00").decision.is_none());
    assert!(drifts(&desk.session).is_empty());
}

/// What the portal holds of an invoice, as far as people or we change it.
#[derive(Debug, Clone, PartialEq)]
struct Held(Value, Value, Value);

impl Firm {
    async fn all_held(&self) -> BTreeMap<u64, Held> {
        let invoices = self.portal_invoices().await;
        let of = |one: &Value| Held(one["amount"].clone(), one["stage"].clone(), one["payment_ids"].clone());
        let ids = invoices.iter().map(|one| (one["id"].as_u64().unwrap(), of(one)));
        ids.filter(|(id, _)| PAID_IDS.contains(id)).collect()
    }
}

/// Paid by the demo's first statement, each with its own success and another open stage.
const PAID_IDS: [u64; 4] = [1_003, 1_004, 1_005, 1_006];
const STEPS: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_managers_do_nothing_is_overwritten_unasked_and_nothing_is_lost() {
    for seed in [1_u64, 2] {
        let firm = paid().await;
        let mut random = Dice(seed);
        for step in 0..STEPS {
            let context = format!("seed {seed}, step {step}");
            let before = firm.all_held().await;
            let id = PAID_IDS[random.below(PAID_IDS.len())];
            match random.below(8) {
                0 if before.contains_key(&id) => firm.manager(id, json!({ "stageId": "DT31_3:N" })).await,
                1 if before.contains_key(&id) => firm.manager(id, json!({ FIELD: [] })).await,
                2 if before.contains_key(&id) => {
                    let sum = 200_000 + random.below(9);
                    firm.manager(id, json!({ "opportunity": sum })).await;
                }
                3 if before.contains_key(&id) => firm.manager(id, json!({ "stageId": "DT31_3:P" })).await,
                4 if step % 9 == 8 => firm.delete_invoice(id).await,
                5 => {
                    let rows = drifts(&firm.session);
                    if let Some(row) = rows.get(random.below(rows.len().max(1))) {
                        let answer = row.answers[random.below(row.answers.len())];
                        let drift = row.drift.clone();
                        firm.session
                            .drift_answer(&DriftAnswerRequest { drift, answer })
                            .unwrap();
                        let told = firm.session.status().unwrap().outbox.waiting;
                        assert_eq!(
                            told > 0,
                            matches!(answer, WriteAgain | Ask | Undo),
                            "{context}: {answer:?}"
                        );
                        firm.deliver(Until::Empty).await;
                    }
                }
                6 => {
                    firm.session.pull_invoices().await.unwrap();
                    assert_eq!(firm.all_held().await, before, "{context}: a pull wrote");
                }
                _ => {
                    firm.session.pull_changes().await.unwrap();
                    firm.deliver(Until::Empty).await;
                    assert_eq!(firm.all_held().await, before, "{context}: written unasked");
                }
            }
        }
        firm.session.pull_invoices().await.unwrap();
        everything_is_as_we_left_it_or_asked_about(&firm, seed).await;
        assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
    }
}

/// By the ledger's own receipts, and by what people said.
async fn everything_is_as_we_left_it_or_asked_about(firm: &Firm, seed: u64) {
    let held = firm.all_held().await;
    let asked = drifts(&firm.session);
    let links = firm.session.audit_list(0, 100_000).unwrap();
    for one in firm.session.ledger.written(None).unwrap() {
        let invoice = &one.written.invoice;
        let id: u64 = invoice.0.rsplit(':').next().unwrap().parse().unwrap();
        if !PAID_IDS.contains(&id) {
            continue;
        }
        let as_left = held.get(&id).is_some_and(|Held(amount, stage, codes)| {
            let codes: Vec<&str> = codes.as_array().unwrap().iter().filter_map(Value::as_str).collect();
            let all = one
                .written
                .payments
                .iter()
                .all(|payment| codes.contains(&payment.as_str()));
            one.written.amount.map(domain::Money::decimal).as_deref() == amount.as_str()
                && one.written.stage.as_deref() == stage.as_str()
                && all
        });
        let is_asked = asked.iter().any(|row| row.invoice == invoice.0);
        let last = links
            .iter()
            .rfind(|link| link.event.action == "drift.ruled" && link.event.body.contains(invoice.as_str()));
        let agreed = last.is_some_and(|link| link.event.body.contains(r#""ruling":"left""#));
        assert!(
            as_left || is_asked || agreed,
            "seed {seed}: {invoice} is lost: {:?}",
            held.get(&id)
        );
        assert!(
            !(as_left && is_asked),
            "seed {seed}: {invoice} is asked about for nothing"
        );
    }
}

/// splitmix64
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }
}
