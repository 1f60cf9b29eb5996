//! `kill -9` at moments drawn from a seed, several times in a run, with a CRM that has its own bad day.

use std::{thread, time::Duration};

use domain::Lang;
use journeys::{
    account::Account,
    bank,
    place::Place,
    portal::Portal,
    story::{connect, expected::FIRST_DAY, faults::paid_once},
    wait,
};

const SEEDS: [u64; 4] = [1, 2, 3, 4];
const KILLS: usize = 4;
/// A file is taken after two seconds of rest at the earliest, so that kills strike before, in and after the import.
const LIVES_MS: std::ops::Range<u64> = 300..3_500;
const FAULTS: [&str; 6] = [
    "timeout_after_commit",
    "cut_before",
    "cut_after",
    "status_503",
    "truncated",
    "html",
];
const FAULTY_METHODS: [&str; 4] = [
    "crm.item.update",
    "crm.timeline.comment.add",
    "crm.item.get",
    "crm.timeline.comment.list",
];
const FAULTS_IN_A_RUN: usize = 4;

#[test]
fn every_invoice_is_paid_once_however_often_the_watcher_dies() {
    thread::scope(|scope| {
        for seed in SEEDS {
            scope.spawn(move || one_life_after_another(seed));
        }
    });
}

fn one_life_after_another(seed: u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let place = Place::new(Lang::En).unwrap();
    let portal = Portal::start(&place).unwrap();
    connect::found_firm(&place).unwrap();
    connect::connect(&place, &portal).unwrap();
    for _ in 0..FAULTS_IN_A_RUN {
        let method = FAULTY_METHODS[random.usize(..FAULTY_METHODS.len())];
        portal.fault(method, FAULTS[random.usize(..FAULTS.len())]).unwrap();
    }
    bank::drop_file(&place.statements(), bank::FIRST_NAME, bank::FIRST_DAY).unwrap();
    for _ in 0..KILLS {
        let watch = place.watch().unwrap();
        thread::sleep(Duration::from_millis(random.u64(LIVES_MS)));
        watch.kill().unwrap();
    }
    let watch = place.watch().unwrap();
    wait::until("everything is delivered", || {
        let status = place.one(&["status"])?;
        Ok((status["outbox"]["delivered"] == FIRST_DAY.len() && status["outbox"]["waiting"] == 0).then_some(()))
    })
    .unwrap_or_else(|error| panic!("seed {seed}: {error:#}\n{}\n{}", watch.tail(), place.log_tail()));
    let held = portal.snapshot().unwrap();
    let mut account = Account::new(Lang::En);
    for paid in &FIRST_DAY {
        paid_once(&place, &held, paid, &mut account).unwrap();
    }
    assert_eq!(account.differences(), 0, "seed {seed}");
    let comments: usize = held.invoices.iter().map(|invoice| invoice.comments.len()).sum();
    assert_eq!(comments, FIRST_DAY.len(), "seed {seed}");
    let verdict = place.one(&["audit", "verify"]).unwrap();
    assert_eq!(verdict["sound"], true, "seed {seed}");
}
