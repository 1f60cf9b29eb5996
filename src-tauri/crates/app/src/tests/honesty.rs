//! What the program does not know it says, and what it has not read it does not decide by.

use super::firm::{DAY_20, Firm, demo_file, unconnected};
use crate::wire::{AllocationRequest, AskedAnswer, AskedAnswerRequest, DecideRequest, EntryState, UndoRequest};

#[test]
fn without_invoices_a_customers_payment_is_not_found_and_somebody_is_told() {
    let (_place, session) = unconnected();
    session.import_file(&demo_file(DAY_20)).unwrap();
    let status = session.status().unwrap();
    assert_eq!((status.inbox.not_found, status.inbox.not_customers), (7, 3));
    assert!(
        status.headline.ru.contains("7 платежей без счёта"),
        "{}",
        status.headline.ru
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_not_read_to_its_end_decides_nothing() {
    let firm = Firm::new().await;
    let now = crate::Host::now(&*firm.host);
    firm.session.ledger.replace_invoices("b24", &[], false, now).unwrap();
    firm.import(DAY_20);
    let entry = firm.entry("146400.00");
    assert_eq!(entry.state, EntryState::Review);
    assert!(entry.against.iter().any(|why| why.ru.contains("прочитан не весь")));
    firm.session.pull_invoices().await.unwrap();
    assert_eq!(firm.entry("146400.00").state, EntryState::Decided);
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_without_a_name_takes_back_what_a_person_did_and_never_the_machines_decisions() {
    let firm = Firm::with_day_20().await;
    let last = || firm.session.undo(&UndoRequest { decision: None });
    assert_eq!(last().unwrap_err().code, "undo/nothing");
    firm.decide("36600.00").unwrap();
    last().unwrap();
    assert_eq!(firm.entry("36600.00").state, EntryState::Review);
    assert_eq!(last().unwrap_err().code, "undo/nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_is_named_by_its_number_where_that_is_enough() {
    let firm = Firm::with_day_20().await;
    let entry = firm.entry("36600.00").entry;
    let allocations = vec![AllocationRequest {
        invoice: "СЧ-150".to_owned(),
        amount: "36 600,00".to_owned(),
    }];
    firm.session
        .decide(&DecideRequest {
            entry,
            allocations,
            undoes: None,
        })
        .unwrap();
    let decided = firm.entry("36600.00").decision.unwrap();
    assert_eq!(decided.allocations[0].invoice, "b24:31:1008");
}

#[test]
fn a_line_under_question_is_answered_once() {
    let (_place, session) = unconnected();
    let file = demo_file("../onec/ok/neither_side_is_own.txt");
    let asked = session.import_file(&file).unwrap().report.entries_asked;
    let rows = session.asked_list().unwrap().rows;
    assert!(asked > 0 && rows.len() as u64 == asked);
    assert!(rows.iter().all(|row| !row.reason.ru.is_empty() && row.line > 0));
    let answer = |answer| {
        session.asked_answer(&AskedAnswerRequest {
            asked: rows[0].asked,
            answer,
        })
    };
    answer(AskedAnswer::Credit).unwrap();
    assert_eq!(session.status().unwrap().inbox.asked, asked - 1);
    assert_eq!(answer(AskedAnswer::Drop).unwrap_err().code, "ledger/not-found");
    let again = session.import_file(&file).unwrap().report;
    assert_eq!(
        (again.entries_new, again.entries_asked),
        (0, 0),
        "an answer is remembered"
    );
}
