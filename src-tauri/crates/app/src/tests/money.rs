//! From a statement to a paid invoice in the CRM, and back.

use domain::Operation;

use super::firm::{DAY_20, DAY_21, Firm, Told, demo_file};
use crate::{
    Until,
    wire::{AllocationRequest, DecideRequest, EntryRequest, EntryState, UndoRequest},
};

/// The demo's certain payments of the first day: sum, invoice, stages before and after.
const CERTAIN: [(&str, &str, &str, &str); 5] = [
    ("146400.00", "СЧ-145", "DT31_3:S", "DT31_3:P"),
    ("87840.00", "СЧ-146", "DT31_3:S", "DT31_3:P"),
    ("312320.00", "СЧ-147", "DT31_3:N", "DT31_3:P"),
    ("24400.00", "СЧ-148", "DT31_3:S", "DT31_3:P"),
    ("59780.00", "СЧ-149", "DT31_7:NEW", "DT31_7:UC_A1B2C3"),
];
/// Between two invoices of one customer.
const TIED: &str = "36600.00";

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_becomes_paid_invoices() {
    let firm = Firm::new().await;
    let imported = firm.import(DAY_20);
    assert_eq!((imported.report.entries_new, imported.report.new_credits), (12, 10));
    for (sum, number, before, _) in CERTAIN {
        let entry = firm.entry(sum);
        assert!(entry.automatic && entry.state == EntryState::Decided, "{number}");
        assert!(
            !entry.marks.is_empty() && !entry.reasons.is_empty(),
            "{number} shows why"
        );
        assert_eq!(firm.portal_invoice(number).await, Told::new(before, 0, 0));
    }
    let delivered = firm.deliver(Until::Empty).await;
    assert_eq!((delivered.delivered, delivered.parked), (5, 0));
    for (_, number, _, after) in CERTAIN {
        assert_eq!(firm.portal_invoice(number).await, Told::new(after, 1, 1));
    }
    assert_eq!(firm.session.status().unwrap().outbox.waiting, 0);
    assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_adds_nothing() {
    let firm = Firm::with_day_20().await;
    let before = firm.session.status().unwrap();
    let again = firm.import(DAY_20).report;
    assert_eq!((again.entries_new, again.entries_known, again.new_credits), (0, 12, 0));
    let after = firm.session.status().unwrap();
    assert_eq!((after.inbox, after.outbox), (before.inbox, before.outbox));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_reaches_the_crm_and_the_payment_can_be_decided_again() {
    let firm = Firm::with_day_20().await;
    firm.deliver(Until::Empty).await;
    // The mirror learns that our own push closed it.
    firm.session.pull_invoices().await.unwrap();
    firm.undo("146400.00").unwrap();
    let entry = firm.entry("146400.00");
    assert_eq!(entry.state, EntryState::Review, "what a person undid, a person decides");
    assert_eq!(entry.candidates[0].allocations[0].number, "СЧ-145");
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:S", 0, 2));
    firm.session.pull_invoices().await.unwrap();
    firm.decide("146400.00").unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 3));
    // And without ever asking the CRM in between.
    firm.undo("146400.00").unwrap();
    firm.decide("146400.00").unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_before_the_first_attempt_tells_the_crm_nothing() {
    let firm = Firm::with_day_20().await;
    let decision = firm.entry("87840.00").decision.map(|made| made.decision);
    let done = firm.undo("87840.00").unwrap();
    assert!(
        done.message.ru.contains("CRM о нём ещё не знает"),
        "{}",
        done.message.ru
    );
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:S", 0, 0));
    let twice = firm.session.undo(&UndoRequest { decision }).unwrap_err();
    assert_eq!(twice.code, "decision/already-undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_of_a_write_that_broke_off_takes_back_what_was_written() {
    let firm = Firm::with_day_20().await;
    // The field and the stage are written, then the network goes before the comment.
    firm.fault("crm.timeline.comment.add", "cut_before", 1).await;
    firm.deliver(Until::TriedOnce).await;
    firm.mend().await;
    for (sum, ..) in CERTAIN {
        firm.undo(sum).unwrap();
    }
    firm.deliver(Until::Empty).await;
    for (_, number, before, _) in CERTAIN {
        let told = firm.portal_invoice(number).await;
        assert_eq!((told.stage.as_str(), told.payments), (before, 0), "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_a_tie_in_parts_and_not_beyond() {
    let firm = Firm::with_day_20().await;
    let entry = firm.entry(TIED);
    assert_eq!((entry.state, entry.candidates.len() > 1), (EntryState::Review, true));
    let invoice = |at: usize| entry.candidates[at].allocations[0].invoice.clone();
    let decide = |lines: &[(String, &str)]| {
        firm.session.decide(&DecideRequest {
            entry: entry.entry.clone(),
            allocations: lines
                .iter()
                .map(|(invoice, amount)| AllocationRequest {
                    invoice: invoice.clone(),
                    amount: (*amount).to_owned(),
                })
                .collect(),
            undoes: None,
        })
    };
    let refused = |lines: &[(String, &str)]| {
        let failure = decide(lines).unwrap_err();
        assert!(!failure.message.ru.is_empty() && !failure.remedy.ru.is_empty());
        failure.code
    };
    assert_eq!(refused(&[(invoice(0), "36600.01")]), "decision/over-allocated");
    assert_eq!(
        refused(&[(invoice(0), "36600"), (invoice(1), "0,01")]),
        "decision/entry-exceeded"
    );
    assert_eq!(refused(&[(invoice(0), "сто")]), "decide/amount");
    assert_eq!(refused(&[("b24:31:999".to_owned(), "1")]), "decide/no-such-invoice");
    decide(&[(invoice(0), "30 000,00"), (invoice(1), "6600")]).unwrap();
    assert_eq!(firm.settles(&entry.entry), [false, false]);
    assert_eq!(refused(&[(invoice(0), "1")]), "decision/already-decided");
    firm.deliver(Until::Empty).await;
    let told = [firm.portal_invoice("СЧ-150").await, firm.portal_invoice("СЧ-151").await];
    assert_eq!(
        told,
        [Told::new("DT31_3:S", 1, 1), Told::new("DT31_3:S", 1, 1)],
        "parts leave the stage alone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_payment_that_leaves_nothing_open_settles_the_invoice() {
    let firm = Firm::with_day_20().await;
    assert_eq!(firm.settles(&firm.entry("24400.00").entry), [true]);
    firm.import(DAY_21);
    let (first, second) = (firm.entry(TIED), firm.entry("18300.00"));
    firm.undo("18300.00").unwrap();
    let invoice = first.candidates[0].allocations[0].invoice.clone();
    for (entry, amount) in [(&first.entry, "18300.00"), (&second.entry, "18300.00")] {
        let allocations = vec![AllocationRequest {
            invoice: invoice.clone(),
            amount: amount.to_owned(),
        }];
        let entry = entry.clone();
        firm.session
            .decide(&DecideRequest {
                entry,
                allocations,
                undoes: None,
            })
            .unwrap();
    }
    assert_eq!(firm.settles(&first.entry), [false]);
    assert_eq!(firm.settles(&second.entry).last(), Some(&true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissed_payment_can_be_taken_up_again() {
    let firm = Firm::with_day_20().await;
    let entry = firm.entry(TIED).entry;
    firm.session.dismiss(&EntryRequest { entry }).unwrap();
    assert_eq!(firm.entry(TIED).state, EntryState::NotCustomers);
    let done = firm.undo(TIED).unwrap();
    assert!(done.message.ru.contains("ещё не знает"));
    assert_eq!(firm.entry(TIED).state, EntryState::Review);
}

#[tokio::test(flavor = "multi_thread")]
async fn balances_that_do_not_add_up_stop_the_machine_until_a_person_says_go() {
    let firm = Firm::new().await;
    let bytes = std::fs::read(demo_file(DAY_20)).unwrap();
    let place = bytes.windows(10).position(|window| window == b"2750670.00").unwrap();
    let mut broken = bytes.clone();
    broken[place..place + 10].copy_from_slice(b"2750670.50");
    let file = firm.place.path().join("broken.txt");
    std::fs::write(&file, broken).unwrap();
    firm.session.import_file(&file).unwrap();
    let status = firm.session.status().unwrap();
    assert_eq!((status.inbox.decided, status.outbox.waiting), (0, 0));
    let notice = &status.notices[0].ru;
    assert!(
        notice.contains("20.11.2026") && notice.contains("0,50\u{a0}₽"),
        "{notice}"
    );
    assert_eq!(&status.headline.ru, notice);
    assert_eq!(status.accounts[0].proven, Some(false));
    let day = "2026-11-20".parse().unwrap();
    firm.session.release_account("40702810500032000017", day).unwrap();
    let status = firm.session.status().unwrap();
    assert_eq!((status.inbox.decided, status.outbox.waiting), (5, 5));
    assert!(status.notices.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_imported_before_the_program_was_killed_is_matched_at_the_next_start() {
    let firm = Firm::new().await;
    // As far as the import's own transaction.
    let imported = firm.session.book_only(&demo_file(DAY_21));
    assert_eq!(imported.report.new_credits, 2);
    assert_eq!(firm.session.status().unwrap().inbox.decided, 0);
    firm.session.catch_up().unwrap();
    assert_eq!(firm.session.status().unwrap().inbox.decided, 2);
}

impl Firm {
    /// Of every payment the CRM is told of this entry, whether it settles its invoice.
    fn settles(&self, entry: &str) -> Vec<bool> {
        let record = self.session.entry_record(entry).unwrap();
        let operations = record
            .messages
            .into_iter()
            .map(|message| message.stored.message.operation);
        let settles = operations.filter_map(|operation| match operation {
            Operation::RecordPayment { settles, .. } => Some(settles),
            _ => None,
        });
        settles.collect()
    }
}
