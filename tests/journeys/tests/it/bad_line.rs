//! The program and the sandbox as processes, over HTTP, with a line between them that spoils every fifth request.

use std::{collections::BTreeSet, thread, time::Duration};

use domain::Lang;
use journeys::{
    account::Account,
    bank,
    place::Place,
    portal::Portal,
    proxy::{Proxy, Spoil},
    story::{connect, expected::FIRST_DAY, faults::paid_once},
    wait,
};

const SEEDS: [u64; 3] = [1, 2, 3];
const PERCENT: u8 = 20;
/// Each look starts a process, and there are several at once.
const LOOK_EVERY: Duration = Duration::from_secs(1);

#[test]
fn bitrix24_holds_every_payment_once_behind_a_bad_line() {
    let spoiled = on_each_line(|seed| {
        let (place, portal) = founded();
        let proxy = Proxy::start(portal.address(), seed, PERCENT).unwrap();
        let webhook = portal.webhook().replace(portal.address(), &proxy.address());
        place
            .one_with(&["connect", "bitrix24", "--webhook-stdin"], &format!("{webhook}\n"))
            .unwrap();
        place.one(&["invoices", "pull"]).unwrap();
        delivered(&place, &proxy, seed);
        let held = portal.snapshot().unwrap();
        let mut account = Account::new(Lang::En);
        for paid in &FIRST_DAY {
            paid_once(&place, &held, paid, &mut account).unwrap();
        }
        assert_eq!(account.differences(), 0, "seed {seed}");
        let comments: usize = held.invoices.iter().map(|invoice| invoice.comments.len()).sum();
        assert_eq!(comments, FIRST_DAY.len(), "seed {seed}");
        proxy.spoiled()
    });
    assert!(spoiled.len() >= 4, "hardly anything was spoiled: {spoiled:?}");
}

#[test]
fn amocrm_holds_every_payment_once_behind_a_bad_line() {
    let spoiled = on_each_line(|seed| {
        let (place, portal) = founded();
        let proxy = Proxy::start(portal.address(), seed, PERCENT).unwrap();
        let words = ["connect", "amocrm", &proxy.address(), "--token-stdin"];
        place.one_with(&words, &format!("{}\n", portal.amo_bearer())).unwrap();
        place.one(&["invoices", "pull"]).unwrap();
        delivered(&place, &proxy, seed);
        let held = portal.amocrm().unwrap();
        for paid in &FIRST_DAY {
            let invoice = held.invoice(paid.invoice).unwrap();
            assert_eq!(invoice["status"], "paid", "seed {seed}: {invoice}");
            let codes = invoice["added"]["BANK_PAYMENT_ID"].as_str().unwrap();
            assert!(
                codes.starts_with("sv1-") && !codes.contains([' ', ',']),
                "seed {seed}: {invoice}"
            );
            let notes = usize::from(paid.deal.is_some());
            assert_eq!(held.notes_with(codes), notes, "seed {seed}: {invoice}");
        }
        proxy.spoiled()
    });
    assert!(spoiled.len() >= 4, "hardly anything was spoiled: {spoiled:?}");
}

/// The kinds of spoiling that were seen on all lines together.
fn on_each_line(run: impl Fn(u64) -> Vec<Spoil> + Sync) -> BTreeSet<Spoil> {
    thread::scope(|scope| {
        let runs: Vec<_> = SEEDS.iter().map(|seed| scope.spawn(|| run(*seed))).collect();
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    })
}

fn founded() -> (Place, Portal) {
    let place = Place::new(Lang::En).unwrap();
    let portal = Portal::start(&place).unwrap();
    connect::found_firm(&place).unwrap();
    (place, portal)
}

/// The bank's file comes on a bad day; in the end nothing waits.
fn delivered(place: &Place, proxy: &Proxy, seed: u64) {
    proxy.bad_weather(true);
    bank::drop_file(&place.statements(), bank::FIRST_NAME, bank::FIRST_DAY).unwrap();
    let watch = place.watch().unwrap();
    wait::until_every(LOOK_EVERY, "everything is delivered", || {
        let status = place.one(&["status"])?;
        Ok((status["outbox"]["delivered"] == FIRST_DAY.len() && status["outbox"]["waiting"] == 0).then_some(()))
    })
    .unwrap_or_else(|error| panic!("seed {seed}: {error:#}\n{}\n{}", watch.tail(), place.log_tail()));
    proxy.bad_weather(false);
}
