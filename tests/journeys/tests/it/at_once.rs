//! Several processes on one ledger: a watcher, and commands that do the same work beside it.

use std::thread;

use domain::Lang;
use journeys::{
    account::Account,
    bank,
    place::Place,
    portal::Portal,
    story::{
        connect,
        expected::{FIRST_DAY, SECOND_DAY},
        faults::paid_once,
    },
    wait,
};

const ROUNDS: usize = 3;

#[test]
fn a_watcher_and_commands_share_a_ledger() {
    let place = Place::new(Lang::En).unwrap();
    let portal = Portal::start(&place).unwrap();
    connect::found_firm(&place).unwrap();
    connect::connect(&place, &portal).unwrap();
    bank::drop_file(&place.statements(), bank::FIRST_NAME, bank::FIRST_DAY).unwrap();
    bank::drop_file(&place.statements(), bank::SECOND_NAME, bank::SECOND_DAY).unwrap();
    let watch = place.watch().unwrap();
    // A second watcher takes nothing twice, and leaves the delivery to the first.
    let _second = place.watch().unwrap();
    let paths = [bank::FIRST_NAME, bank::SECOND_NAME].map(|name| place.statements().join(name));
    let work: [Vec<&str>; 5] = [
        vec!["import", paths[0].to_str().unwrap()],
        vec!["import", paths[1].to_str().unwrap()],
        vec!["invoices", "pull"],
        vec!["rematch"],
        vec!["status"],
    ];
    thread::scope(|scope| {
        for arguments in &work {
            let place = &place;
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    place.one(arguments).unwrap();
                }
            });
        }
    });
    let must = FIRST_DAY.len() + SECOND_DAY.len();
    wait::until("everything is delivered", || {
        let status = place.one(&["status"])?;
        Ok((status["outbox"]["delivered"] == must && status["outbox"]["waiting"] == 0).then_some(()))
    })
    .unwrap_or_else(|error| panic!("{error:#}\n{}\n{}", watch.tail(), place.log_tail()));
    assert_eq!(place.lines(&["inbox"]).unwrap().len(), 12);
    let held = portal.snapshot().unwrap();
    let mut account = Account::new(Lang::En);
    for paid in FIRST_DAY.iter().chain(&SECOND_DAY) {
        paid_once(&place, &held, paid, &mut account).unwrap();
    }
    assert_eq!(account.differences(), 0);
    let status = place.one(&["status"]).unwrap();
    assert_eq!(status["accounts"][0]["proven"], true);
    assert_eq!(status["accounts"][0]["closing"]["amount"], "2793670.00");
    assert_eq!(place.one(&["audit", "verify"]).unwrap()["sound"], true);
}
