//! An import that is killed at any moment has happened whole or not at all.

use std::{process::Stdio, thread, time::Duration};

use domain::Lang;
use journeys::{bank, place::Place, story::order, wait};

const DOCUMENTS: u32 = 3_000;
const KILLS: u64 = 8;
const SEED: u64 = 7;
/// Longer than an import takes on a slow machine, so that some kills come after its end.
const LONGEST_LIFE_MS: u64 = 2_500;

/// Imports, and kills the import after a while.
fn import_and_kill(place: &Place, file: &str, after_ms: u64) {
    let mut command = place.command(&["import", file]).unwrap();
    let mut import = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(after_ms));
    import.kill().unwrap();
    import.wait().unwrap();
}

#[test]
fn a_large_import_that_is_killed_is_whole_or_nothing() {
    let mut random = fastrand::Rng::with_seed(SEED);
    let place = Place::new(Lang::En).unwrap();
    place.one(&["init"]).unwrap();
    let file = bank::drop_file(place.root(), "large.txt", &bank::large_statement(DOCUMENTS)).unwrap();
    let file = file.to_str().unwrap();
    let mut booked = false;
    for _ in 0..KILLS {
        import_and_kill(&place, file, random.u64(..LONGEST_LIFE_MS));
        let status = place.one(&["status"]).unwrap();
        let accounts = status["accounts"].as_array().unwrap();
        match accounts.as_slice() {
            [] => assert!(!booked, "what was booked is gone"),
            [account] => {
                booked = true;
                assert_eq!(account["proven"], true);
                assert_eq!(account["closing"]["amount"], format!("{}.00", 1000 + DOCUMENTS * 10));
            }
            more => panic!("accounts: {more:?}"),
        }
    }
    let first = place.one(&["import", file]).unwrap();
    let again = place.one(&["import", file]).unwrap();
    let (new, known) = (u64::from(!booked), u64::from(booked));
    assert_eq!(first["entries_new"], u64::from(DOCUMENTS) * new);
    assert_eq!(first["entries_known"], u64::from(DOCUMENTS) * known);
    assert_eq!(again["entries_new"], 0);
    assert_eq!(again["entries_known"], DOCUMENTS);
    // Also the matching, which a kill cut off, has been made up for.
    let status = place.one(&["status"]).unwrap();
    let states = status["inbox"].as_object().unwrap();
    let matched: u64 = states.values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(matched, u64::from(DOCUMENTS));
    assert_eq!(status["accounts"][0]["proven"], true);
    assert_eq!(place.one(&["audit", "verify"]).unwrap()["sound"], true);
}

/// About as long as the import of a small file takes.
const SHORT_LIFE_MS: u64 = 150;
const ORDERS: u64 = 5;

#[test]
fn an_executed_order_is_closed_though_the_import_was_killed() {
    thread::scope(|scope| {
        for seed in 0..ORDERS {
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed);
                let place = Place::new(Lang::En).unwrap();
                journeys::story::connect::found_firm(&place).unwrap();
                journeys::story::connect::add_people(&place).unwrap();
                let order = order::export_approved(&place).unwrap().order;
                let file = bank::drop_file(place.root(), bank::SECOND_NAME, bank::SECOND_DAY).unwrap();
                let file = file.to_str().unwrap();
                let booked = || {
                    !place.one(&["status"]).unwrap()["accounts"]
                        .as_array()
                        .unwrap()
                        .is_empty()
                };
                for _ in 0..KILLS {
                    import_and_kill(&place, file, random.u64(..SHORT_LIFE_MS));
                    if booked() {
                        break;
                    }
                }
                if !booked() {
                    place.one(&["import", file]).unwrap();
                }
                // The file is not in the watched folder: only the program's start can find what was left undone.
                let watch = place.watch().unwrap();
                wait::until("the order is executed", || {
                    let shown = place.one(&["orders", "show", &order])?;
                    Ok((shown["state"] == "executed").then_some(()))
                })
                .unwrap_or_else(|error| panic!("seed {seed}: {error:#}\n{}\n{}", watch.tail(), place.log_tail()));
            });
        }
    });
}
