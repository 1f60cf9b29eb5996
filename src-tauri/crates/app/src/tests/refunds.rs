//! Money that goes back: found by the engine, confirmed by a person, undone; in the ledger and in the CRM.

use domain::{Direction, Operation};

use super::{
    desk::{Coming, Desk, day},
    firm::{DAY_21, DAY_23, Firm, Told},
};
use crate::{
    Until,
    wire::{AllocationRequest, DecideRequest, EntryRequest, EntryState, UndoRequest},
};

const INN: &str = "7813641821";
const OTHER: &str = "7805173961";

fn coming<'a>(on: &str, kopecks: i64, purpose: &'a str) -> Coming<'a> {
    Coming {
        day: day(on),
        inn: INN,
        kopecks,
        purpose,
    }
}

/// A desk with an invoice of 1 000,00 paid in full on the first day.
fn paid() -> (Desk, String) {
    let mut desk = Desk::new();
    desk.invoice("145", INN, day("2026-11-01"), 100_000);
    let payment = desk.pays(&coming("2026-11-03", 100_000, "Оплата по счёту № 145"));
    assert!(desk.is_automatic(&payment));
    (desk, payment)
}

fn open(desk: &Desk, number: &str) -> i64 {
    let invoice = desk.session.ledger.invoice(&format!("b24:31:{number}").as_str().into());
    invoice.unwrap().unwrap().open.minor()
}

/// Of the messages of an entry: whether it takes back, in part, and what.
fn told(desk: &Desk, entry: &str) -> Vec<String> {
    let record = desk.session.entry_record(entry).unwrap();
    let operations = record.messages.iter().map(|one| &one.stored.message.operation);
    let says = operations.map(|operation| match operation {
        Operation::RecordPayment { amount, .. } => format!("record {}", amount.decimal()),
        Operation::ReversePayment {
            amount,
            recalled: true,
            partly,
            ..
        } => format!("recalled {} partly {partly}", amount.decimal()),
        Operation::ReversePayment {
            amount, refund, partly, ..
        } => format!("reverse {} refund {refund} partly {partly}", amount.decimal()),
        Operation::RestorePayment { amount, status, .. } => format!("restore {} {status}", amount.decimal()),
        other => format!("{other:?}"),
    });
    says.collect()
}

#[test]
fn debits_are_told_apart_by_what_they_say_and_by_what_they_take_back() {
    // Purpose, kopecks, INN; is it listed, in what state, does it take the payment back whole.
    let cases = [
        (
            "Возврат по счёту № 145",
            100_000,
            INN,
            Some((EntryState::Review, Some(true))),
        ),
        ("Возврат по п/п 1", 40_000, INN, Some((EntryState::Review, Some(false)))),
        (
            "Возврат излишне уплаченного",
            100_001,
            INN,
            Some((EntryState::NotCustomers, None)),
        ),
        (
            "Возврат по счёту № 145",
            100_000,
            OTHER,
            Some((EntryState::NotCustomers, None)),
        ),
        ("Возврат займа по договору 3", 100_000, INN, None),
        ("Оплата за материалы по счёту № 145", 100_000, INN, None),
    ];
    for (purpose, kopecks, inn, expected) in cases {
        let (mut desk, payment) = paid();
        let back = desk.goes_back(&Coming {
            inn,
            ..coming("2026-11-05", kopecks, purpose)
        });
        let rows = desk.session.inbox_page(&Default::default()).unwrap().rows;
        let row = rows.into_iter().find(|row| row.entry == back);
        assert_eq!(
            row.as_ref().map(|row| row.state),
            expected.map(|one| one.0),
            "{purpose}"
        );
        let Some((state, full)) = expected else { continue };
        let row = row.unwrap();
        assert!(
            row.outgoing && !row.automatic,
            "nothing is decided by itself: {purpose}"
        );
        let view = desk.view(&back);
        assert_eq!((view.state, view.outgoing), (state, true));
        let undoes = view.candidates.first().and_then(|one| one.undoes.as_ref());
        assert_eq!(undoes.map(|one| one.full), full, "{purpose}");
        assert_eq!(undoes.map(|one| one.entry.as_str()), full.map(|_| payment.as_str()));
        assert_eq!(
            !view.marks.is_empty(),
            full.is_some(),
            "{purpose}: the words that prove it"
        );
        assert!(view.against.iter().all(|one| !one.ru.is_empty() && !one.en.is_empty()) && !view.against.is_empty());
        assert_eq!(open(&desk, "145"), 0);
        // And what is asked stays asked, whoever asks again.
        let desk = desk.restarted();
        assert_eq!(desk.view(&back).state, state, "{purpose}");
    }
}

#[test]
fn a_refund_is_confirmed_in_one_word_and_its_undo_restores_everything() {
    for (kopecks, purpose, invoice_open, partly) in [
        (100_000, "Возврат по счёту № 145", 100_000, false),
        (40_000, "Возврат части оплаты по счёту № 145", 40_000, true),
    ] {
        let (mut desk, payment) = paid();
        let back = desk.goes_back(&coming("2026-11-05", kopecks, purpose));
        desk.confirm(&back);
        assert_eq!(open(&desk, "145"), invoice_open);
        let view = desk.view(&back);
        let decision = view.decision.unwrap();
        assert_eq!(view.state, EntryState::Decided);
        assert_eq!(
            decision.undoes.map(|one| (one.entry, one.full)),
            Some((payment.clone(), !partly))
        );
        let sum = desk.view(&payment).refunds.remove(0).sum;
        assert_eq!(view.sum.amount, sum.amount);
        assert_eq!(
            told(&desk, &back),
            [format!("reverse {}.00 refund true partly {partly}", kopecks / 100)]
        );
        // The payment is not undone under it.
        let decision = desk.view(&payment).decision.map(|made| made.decision);
        let refused = desk.session.undo(&UndoRequest { decision }).unwrap_err();
        assert_eq!(refused.code, "decision/refund-stands");
        assert!(refused.remedy.ru.contains("отмените возврат"));
        let mut desk = desk.restarted();
        desk.undo(&back);
        assert_eq!((open(&desk, "145"), desk.view(&back).state), (0, EntryState::Review));
        assert!(desk.view(&payment).refunds.is_empty());
        // Unseen by the CRM, nothing has to be restored there.
        assert_eq!(told(&desk, &back).len(), 1);
        desk.confirm(&back);
        assert_eq!(open(&desk, "145"), invoice_open);
        // What is open again can be paid again.
        let again = desk.pays(&coming("2026-11-07", invoice_open, "Оплата по счёту № 145"));
        assert!(desk.is_automatic(&again));
        let decision = desk.view(&back).decision.map(|made| made.decision);
        let refused = desk.session.undo(&UndoRequest { decision }).unwrap_err();
        assert_eq!(refused.code, "decision/over-allocated");
        let audit = desk.session.audit_verify().unwrap();
        assert!(audit.broken_at.is_none());
    }
}

#[test]
fn the_order_of_import_changes_nothing() {
    let mut desk = Desk::new();
    desk.invoice("145", INN, day("2026-11-01"), 100_000);
    let back = desk.goes_back(&coming("2026-11-05", 100_000, "Возврат по счёту № 145"));
    assert_eq!(desk.view(&back).state, EntryState::NotCustomers);
    let payment = desk.pays(&coming("2026-11-03", 100_000, "Оплата по счёту № 145"));
    assert!(desk.is_automatic(&payment));
    assert_eq!(desk.view(&back).state, EntryState::Review);
    desk.confirm(&back);
    assert_eq!(open(&desk, "145"), 100_000);
}

#[test]
fn of_two_payments_that_may_have_gone_back_a_person_chooses_one() {
    let mut desk = Desk::new();
    for number in ["145", "146"] {
        desk.invoice(number, INN, day("2026-11-01"), 100_000);
    }
    let first = desk.pays(&coming("2026-11-03", 100_000, "Оплата по счёту № 145"));
    let second = desk.pays(&coming("2026-11-04", 100_000, "Оплата по счёту № 146"));
    let back = desk.goes_back(&coming("2026-11-05", 100_000, "Возврат денег по письму"));
    let view = desk.view(&back);
    let offered: Vec<String> = view
        .candidates
        .iter()
        .map(|one| one.undoes.as_ref().unwrap().entry.clone())
        .collect();
    assert_eq!(offered, [second, first.clone()], "the latest first");
    let decide = |undoes: &str, invoices: &[(&str, &str)]| {
        desk.session.decide(&DecideRequest {
            entry: back.clone(),
            allocations: invoices
                .iter()
                .map(|(number, amount)| AllocationRequest {
                    invoice: format!("b24:31:{number}"),
                    amount: (*amount).to_owned(),
                })
                .collect(),
            undoes: Some(undoes.to_owned()),
        })
    };
    let code = |undoes: &str, invoices: &[(&str, &str)]| decide(undoes, invoices).unwrap_err().code;
    assert_eq!(code(&first, &[("146", "1000")]), "decision/not-given");
    assert_eq!(code(&first, &[("145", "999.99")]), "decision/entry-exceeded");
    assert_eq!(code("e1-nothing", &[("145", "1000")]), "ledger/not-found");
    decide(&first, &[]).unwrap();
    assert_eq!((open(&desk, "145"), open(&desk, "146")), (100_000, 0));
}

#[test]
fn what_is_above_the_invoices_goes_back_before_what_they_were_given() {
    let mut desk = Desk::new();
    desk.invoice("145", INN, day("2026-11-01"), 100_000);
    let payment = desk.pays(&coming("2026-11-03", 130_000, "Оплата по счёту № 145"));
    desk.confirm(&payment);
    let back = desk.goes_back(&coming("2026-11-05", 30_000, "Возврат переплаты"));
    let view = desk.view(&back);
    assert_eq!(
        (
            view.candidates[0].allocations.len(),
            &*view.candidates[0].remainder.amount
        ),
        (0, "300.00")
    );
    desk.confirm(&back);
    assert_eq!((open(&desk, "145"), told(&desk, &back).len()), (0, 0));
    let rows = desk.session.inbox_page(&Default::default()).unwrap().rows;
    let row = rows.iter().find(|row| row.entry == payment).unwrap();
    assert!(row.advance.is_none() && row.went_back.as_ref().unwrap().amount == "300.00");
}

#[test]
fn a_payment_that_went_back_undecided_is_no_longer_asked_about_and_a_part_leaves_the_rest() {
    let mut desk = Desk::new();
    let payment = desk.pays(&coming("2026-11-03", 100_000, "Перечисление"));
    assert_eq!(desk.view(&payment).state, EntryState::NotFound);
    let part = desk.goes_back(&coming("2026-11-04", 40_000, "Возврат по п/п 1"));
    desk.confirm(&part);
    desk.invoice("145", INN, day("2026-11-01"), 60_000);
    let whole = desk.goes_back(&coming("2026-11-05", 60_000, "Возврат по п/п 1"));
    // The engine sees what is left, and so does whoever gives it to an invoice.
    assert_eq!(desk.offered(&payment), ["145"]);
    assert_eq!(
        desk.give(&payment, &[("145", "600.01")]).unwrap_err().code,
        "decision/over-allocated"
    );
    desk.confirm(&whole);
    let view = desk.view(&payment);
    assert_eq!((view.state, view.refunds.len()), (EntryState::Decided, 2));
    assert_eq!(open(&desk, "145"), 60_000);
}

#[test]
fn a_person_says_that_it_is_no_refund() {
    let (mut desk, _) = paid();
    let back = desk.goes_back(&coming("2026-11-05", 100_000, "Возврат по счёту № 145"));
    let entry = back.clone();
    let done = desk.session.dismiss(&EntryRequest { entry }).unwrap();
    assert!(done.message.ru.contains("не возврат"), "{}", done.message.ru);
    assert_eq!(
        (open(&desk, "145"), desk.view(&back).state),
        (0, EntryState::NotCustomers)
    );
    desk.undo(&back);
    assert_eq!(desk.view(&back).state, EntryState::Review);
}

#[test]
fn the_banks_reversal_and_a_returned_payment_of_our_own_are_found_too() {
    let (mut desk, payment) = paid();
    let reversal = desk.moves(&coming("2026-11-04", 100_000, ""), Direction::Debit, true);
    let undoes = desk.view(&reversal).candidates[0].undoes.clone().unwrap();
    assert_eq!((undoes.entry, undoes.full, undoes.outgoing), (payment, true, false));
    desk.confirm(&reversal);
    assert_eq!(told(&desk, &reversal), ["recalled 1000.00 partly false"]);
    assert_eq!(open(&desk, "145"), 100_000);
    let own = desk.goes_back(&coming("2026-11-05", 7_000, "Оплата поставщику"));
    let returned = desk.pays(&coming(
        "2026-11-06",
        7_000,
        "Возврат ошибочно перечисленных средств по п/п 3",
    ));
    let view = desk.view(&returned);
    assert_eq!(
        view.state,
        EntryState::NotCustomers,
        "it pays no invoice, and nobody is asked"
    );
    let undoes = view.candidates[0].undoes.clone().unwrap();
    assert_eq!((undoes.entry, undoes.outgoing), (own, true));
    desk.confirm(&returned);
    assert_eq!(
        (desk.view(&returned).state, told(&desk, &returned).len()),
        (EntryState::Decided, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_crm_is_told_of_whole_and_partial_refunds_and_of_their_undo() {
    let firm = Firm::with_day_20().await;
    firm.import(DAY_21);
    firm.deliver(Until::Empty).await;
    firm.session.pull_invoices().await.unwrap();
    let before = firm.session.status().unwrap().inbox;
    firm.import(DAY_23);
    let after = firm.session.status().unwrap().inbox;
    assert_eq!(after.review, before.review + 2, "two refunds, and no other debit");
    let refund = |sum: &str| {
        let rows = firm.rows(None);
        rows.into_iter()
            .find(|row| row.outgoing && row.sum.amount == sum)
            .unwrap()
            .entry
    };
    let (whole, part) = (refund("146400.00"), refund("20000.00"));
    for entry in [&whole, &part] {
        firm.session
            .decide(&DecideRequest {
                entry: entry.clone(),
                ..Default::default()
            })
            .unwrap();
    }
    let delivered = firm.deliver(Until::Empty).await;
    assert_eq!((delivered.delivered, delivered.parked), (2, 0));
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:S", 0, 2));
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:S", 1, 2));
    // Nothing of it is taken for somebody else's change.
    firm.session.pull_invoices().await.unwrap();
    assert_eq!(firm.session.status().unwrap().outbox.drifts, 0);
    for entry in [&whole, &part] {
        let view = firm.session.entry_view(&EntryRequest { entry: entry.clone() }).unwrap();
        let decision = view.decision.map(|made| made.decision);
        let done = firm.session.undo(&UndoRequest { decision }).unwrap();
        assert!(
            done.message.ru.contains("возврат") && done.message.ru.contains("отмена"),
            "{}",
            done.message.ru
        );
    }
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-145").await, Told::new("DT31_3:P", 1, 3));
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:P", 1, 3));
    firm.session.pull_invoices().await.unwrap();
    assert_eq!(firm.session.status().unwrap().outbox.drifts, 0);
    // The payments can be taken back by themselves again.
    firm.undo("87840.00").unwrap();
    firm.deliver(Until::Empty).await;
    assert_eq!(firm.portal_invoice("СЧ-146").await, Told::new("DT31_3:S", 0, 4));
    assert!(firm.session.audit_verify().unwrap().broken_at.is_none());
}
