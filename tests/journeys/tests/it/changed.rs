//! Managers change invoices in the CRM after our write: the increment finds it, a person answers, the queue tells the CRM.

use std::{process::Stdio, thread, time::Duration};

use domain::Lang;
use journeys::{
    bank,
    place::Place,
    portal::{Portal, text},
    story::{
        connect,
        expected::{FIRST_DAY, Paid, SENT_STAGE},
    },
    wait,
};
use serde_json::{Value, json};

const SEED: u64 = 11;
const KILLS: usize = 10;
/// About as long as an increment takes.
const LIFE_MS: u64 = 400;
/// No other invoice has it.
const NEW_SUM: &str = "101.01";
/// Longer than the test waits for the kill.
const HELD_BACK_MS: u32 = 20_000;

/// A firm whose first day is paid here and in the CRM.
fn paid() -> (Place, Portal) {
    let place = Place::new(Lang::En).unwrap();
    let portal = Portal::start(&place).unwrap();
    connect::found_firm(&place).unwrap();
    connect::connect(&place, &portal).unwrap();
    let file = bank::drop_file(place.root(), bank::FIRST_NAME, bank::FIRST_DAY).unwrap();
    place.one(&["import", file.to_str().unwrap()]).unwrap();
    place.one(&["sync"]).unwrap();
    let seen = pull(&place);
    assert_eq!(
        (&seen["whole"], &seen["drifted"]),
        (&json!(false), &json!(0)),
        "our own writes are no drift"
    );
    (place, portal)
}

fn pull(place: &Place) -> Value {
    place.one(&["invoices", "pull", "--changes"]).unwrap()
}

fn changed(place: &Place) -> Vec<Value> {
    place.lines(&["outbox", "changed"]).unwrap()
}

/// The change about this invoice.
fn of(place: &Place, paid: &Paid) -> Value {
    let rows = changed(place);
    let row = rows.iter().find(|row| row["invoice_number"] == paid.number);
    row.unwrap_or_else(|| panic!("nothing about {}: {rows:?}", paid.number))
        .clone()
}

fn answer(place: &Place, paid: &Paid, word: &str) {
    let change = text(&of(place, paid), "drift");
    place.one(&["outbox", "changed", &change, word]).unwrap();
}

#[test]
fn each_change_of_a_manager_is_answered_and_the_crm_holds_what_was_said() {
    let (place, portal) = paid();
    let [back, emptied, dearer, undone, untouched] = &FIRST_DAY;
    portal.move_invoice(back.invoice, SENT_STAGE).unwrap();
    portal.empty_invoice(emptied.invoice).unwrap();
    portal.price_invoice(dearer.invoice, "400000.00").unwrap();
    portal.move_invoice(undone.invoice, "DT31_3:D").unwrap();
    let seen = pull(&place);
    assert_eq!((&seen["whole"], &seen["drifted"]), (&json!(false), &json!(4)));
    assert_eq!(pull(&place)["drifted"], 0, "asked once");
    assert_eq!(changed(&place).len(), 4);
    assert_eq!(place.one(&["status"]).unwrap()["outbox"]["drifts"], 4);
    assert_eq!(
        place.one(&["sync"]).unwrap()["attempts"],
        0,
        "nothing is written over by itself"
    );

    // Offline, all of it: what is to be written waits.
    portal.offline().unwrap();
    answer(&place, back, "write-again");
    answer(&place, emptied, "write-again");
    answer(&place, undone, "undo");
    let change = text(&of(&place, dearer), "drift");
    let refused = place
        .run(&["outbox", "changed", &change, "write-again", "--json"], "")
        .unwrap();
    assert_eq!(refused.failure_code().as_deref(), Some("drift/answer"));
    answer(&place, dearer, "later");
    assert_eq!(of(&place, dearer)["later"], true);
    answer(&place, dearer, "leave");
    assert!(changed(&place).is_empty());
    assert_eq!(place.one(&["sync", "--once"]).unwrap()["waiting"], 3);
    portal.online().unwrap();
    assert_eq!(place.one(&["sync"]).unwrap()["delivered"], 3);

    let held = portal.snapshot().unwrap();
    for (paid, stage, payments, comments) in [
        (back, back.stage, 1, 2),
        (emptied, emptied.stage, 1, 2),
        (dearer, dearer.stage, 1, 1),
        (undone, "DT31_3:D", 0, 2),
        (untouched, untouched.stage, 1, 1),
    ] {
        let item = held.invoice(paid.invoice).unwrap();
        let told = (item.stage.as_str(), item.payments.len(), item.comments.len());
        assert_eq!(told, (stage, payments, comments), "{}", paid.number);
    }
    assert_eq!(held.invoice(dearer.invoice).unwrap().amount, "400000.00");
    assert_eq!(pull(&place)["drifted"], 0);

    // A deletion moves no invoice's time: a whole pull tells of it.
    portal.delete_invoice(untouched.invoice).unwrap();
    assert_eq!(pull(&place)["drifted"], 0);
    let whole = place.one(&["invoices", "pull"]).unwrap();
    assert_eq!((&whole["whole"], &whole["drifted"]), (&json!(true), &json!(1)));
    answer(&place, untouched, "undo");
    assert_eq!(place.one(&["sync"]).unwrap()["parked"], 0);
    assert_eq!(place.one(&["audit", "verify"]).unwrap()["sound"], true);
}

#[test]
fn an_increment_that_is_killed_at_any_moment_loses_nothing_and_asks_nothing_twice() {
    let (place, portal) = paid();
    let mut random = fastrand::Rng::with_seed(SEED);
    for paid in &FIRST_DAY {
        portal.empty_invoice(paid.invoice).unwrap();
    }
    let fields = json!({ "title": "Новый счёт", "opportunity": NEW_SUM, "currencyId": "RUB", "companyId": 11,
        "begindate": "2026-11-20T00:00:00+03:00" });
    let new = json!({ "entityTypeId": 31, "fields": fields });
    portal.rest("crm.item.add", &new).unwrap();
    let start = || {
        let mut command = place.command(&["invoices", "pull", "--changes"]).unwrap();
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    // In the middle of each of its requests, and then at moments by chance.
    for method in ["crm.category.list", "crm.item.list", "batch"] {
        portal.delay(method, HELD_BACK_MS).unwrap();
        let mut pulling = start();
        let seen = wait::until_every(Duration::from_millis(5), "it is asked", || {
            let open = portal.in_progress()?;
            Ok(open.iter().any(|(asked, _)| asked == method).then_some(()))
        });
        pulling.kill().unwrap();
        pulling.wait().unwrap();
        seen.unwrap_or_else(|error| panic!("{method}: {error:#}"));
        assert!(changed(&place).is_empty(), "{method}: half an increment was stored");
    }
    for _ in 0..KILLS {
        let mut pulling = start();
        thread::sleep(Duration::from_millis(random.u64(..LIFE_MS)));
        pulling.kill().unwrap();
        pulling.wait().unwrap();
        let found = changed(&place).len();
        assert!(
            found == 0 || found == FIRST_DAY.len(),
            "{found}: half an increment was stored"
        );
    }
    pull(&place);
    assert_eq!(changed(&place).len(), FIRST_DAY.len());
    let asked = place.lines(&["audit", "list", "--limit", "10000"]).unwrap();
    let asked = asked.iter().filter(|event| event["action"] == "drift.found").count();
    assert_eq!(asked, FIRST_DAY.len(), "each was asked once");
    let known = place.lines(&["invoices", "list", "--limit", "500"]).unwrap();
    let new = known.iter().filter(|row| row["amount"]["amount"] == NEW_SUM).count();
    assert_eq!(new, 1, "what is new is known, once");
    assert_eq!(place.one(&["audit", "verify"]).unwrap()["sound"], true);
}

#[test]
fn the_watcher_finds_a_change_by_itself() {
    let (place, portal) = paid();
    portal.move_invoice(FIRST_DAY[0].invoice, SENT_STAGE).unwrap();
    let watch = place.watch().unwrap();
    wait::until("the change is asked about", || {
        Ok((place.one(&["status"])?["outbox"]["drifts"] == 1).then_some(()))
    })
    .unwrap_or_else(|error| panic!("{error:#}\n{}\n{}", watch.tail(), place.log_tail()));
    // Answered by another process, written by the watcher.
    answer(&place, &FIRST_DAY[0], "write-again");
    wait::until("it is written again", || {
        let held = portal.snapshot()?;
        Ok((held.invoice(FIRST_DAY[0].invoice)?.stage == FIRST_DAY[0].stage).then_some(()))
    })
    .unwrap_or_else(|error| panic!("{error:#}\n{}\n{}", watch.tail(), place.log_tail()));
}
